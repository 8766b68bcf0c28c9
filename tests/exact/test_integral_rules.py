"""Rules for integrals, separated equations and leading terms: each accepts a true line and rejects its false variants."""

import pytest

from theorycheck.derivation import context_of
from theorycheck.domain import Domain, hypothesis, real
from theorycheck.exact import integral_rules as area, leading_rules as leading, rules as by
from theorycheck.exact.separation_rules import separated
from theorycheck.exact.session import Session, Stuck
from theorycheck.tree import (
    Converges,
    Dt,
    Eq,
    Flow,
    Function,
    Ge,
    Gt,
    Le,
    Lt,
    Not,
    exp,
    integral,
    log,
    mat,
    num,
    sqrt,
    sym,
    trace,
)

a, b, k, u, x, z = (sym(n) for n in ("a", "b", "k", "u", "x", "z"))
INTERVAL = Domain("0 < a <= b", (real("a", above=0), real("b"), real("k", above=0)), (hypothesis("order", Le(a, b)),))
SMALL = Domain("small x > 0", (real("x", above=0), real("k", above=0), real("z")), (hypothesis("x < k", Lt(x, k)),))


def session_of(domain):
    return Session(domain.hypotheses, context_of(domain))


def refuses(session, goal, rule, why=None):
    with pytest.raises(Stuck, match=why):
        session.show(goal, rule)


# --- integrals -----------------------------------------------------------------------------------------------------------
def test_fundamental_theorem():
    s = session_of(INTERVAL)
    s.show(Eq(integral(u, a, b, 1 / u), log(b) - log(a)), area.antiderivative(log(u)))
    s.show(Eq(integral(u, a, b, exp(k * u)), (exp(k * b) - exp(k * a)) / k), area.antiderivative(exp(k * u) / k))
    refuses(s, Eq(integral(u, a, b, 1 / u), log(a) - log(b)), area.antiderivative(log(u)), "right - ")
    refuses(s, Eq(integral(u, a, b, 1 / u), 2 * (log(b) - log(a))), area.antiderivative(2 * log(u)), "F' - f")
    refuses(s, Eq(integral(u, b, a, 1 / u), log(a) - log(b)), area.antiderivative(log(u)), "not known that")


def test_fundamental_theorem_needs_an_integrand_without_a_pole():
    s = session_of(Domain("a <= 0 <= b", (real("a"), real("b", above=0)), (hypothesis("below", Lt(a, 0)),)))
    refuses(s, Eq(integral(u, a, b, u ** (-2)), 1 / a - 1 / b), area.antiderivative(-1 / u), "nonzero")
    refuses(s, Eq(integral(u, 0, b, 1 / sqrt(u)), 2 * sqrt(b)), area.antiderivative(2 * sqrt(u)), "nonzero")


def test_a_bound_variable_is_not_a_symbol_of_the_domain():
    s = session_of(INTERVAL)
    refuses(s, Eq(integral(k, a, b, 1 / k), log(b) - log(a)), area.antiderivative(log(k)), "rename")
    refuses(s, Eq(integral(u, a, u, num(1)), u - a), area.antiderivative(u))


def test_linearity_and_monotonicity():
    s = session_of(INTERVAL)
    whole = integral(u, a, b, (u + k) / u)
    s.show(Eq(whole, integral(u, a, b, num(1)) + k * integral(u, a, b, 1 / u)), area.integrands())
    s.show(Ge(whole, integral(u, a, b, num(1))), area.integrands())
    refuses(s, Eq(whole, integral(u, a, b, num(1)) + integral(u, a, b, 1 / u)), area.integrands(), "does not vanish")
    refuses(s, Le(whole, integral(u, a, b, num(1))), area.integrands(), "not known to be >= 0")
    refuses(s, Eq(whole, integral(u, a, b, num(1)) + u * integral(u, a, b, 1 / u)), area.integrands(), "coefficient")
    refuses(s, Ge(whole**2, integral(u, a, b, num(1))), area.integrands(), "product or a power")
    refuses(s, Ge(k, 0), area.integrands(), "no integral")


def test_an_inequality_is_integrated_over_its_own_interval_only():
    s = session_of(INTERVAL)
    span = [Le(a, u), Le(u, b)]
    line = s.show(Le(u, b), by.under(span, by.trivially()))
    s.show(Le(integral(u, a, b, u), integral(u, a, b, b)), area.integrated(line))
    assert s.lines[-1].assumes == frozenset()
    refuses(s, Le(integral(u, 0, b, u), integral(u, 0, b, b)), area.integrated(line), "cover")
    refuses(s, Le(integral(u, a, b, u), integral(u, a, b, a)), area.integrated(line), "not that of the premise")
    refuses(s, Le(integral(u, a, b, u), integral(u, 0, b, b)), area.integrated(line), "different intervals")
    narrow = s.show(Le(u, k), by.under([*span, Le(u, k)], by.trivially()))
    refuses(s, Le(integral(u, a, b, u), integral(u, a, b, k)), area.integrated(narrow), "cover")


def test_additivity():
    middle = Domain("0 <= k <= b", (real("k", at_least=0), real("b")), (hypothesis("order", Le(k, b)),))
    s = session_of(middle)
    s.show(Eq(integral(u, 0, b, u), integral(u, 0, k, u) + integral(u, k, b, u)), area.split())
    refuses(s, Eq(integral(u, 0, b, u), integral(u, 0, k, u) + integral(u, 0, b, u)), area.split(), "make up")
    refuses(s, Eq(integral(u, 0, b, u), integral(u, 0, k, u) + integral(u, k, b, 2 * u)), area.split(), "differ")
    refuses(s, Eq(integral(u, 0, b, 1 / u), integral(u, 0, k, 1 / u) + integral(u, k, b, 1 / u)), area.split(), "nonzero")


# --- separation of variables ---------------------------------------------------------------------------------------------
T, t = sym("T"), sym("t")
path, F, U = Flow("y", "F", (num(1), num(1))), Function("F"), mat("U", 1, 1)


def growing(*more, time=None):
    """y' = k y from a to b at the time T."""
    time = time or real("t", at_least=0)
    law = hypothesis("law", Eq(trace(F.grad(U)), -k * trace(U)), variables=("U",), test=lambda env: True)
    ends = (hypothesis("start", Eq(trace(path(0)), a)), hypothesis("end", Eq(trace(path(T)), b)))
    s = session_of(INTERVAL.extended("growth", real("T", at_least=0), time, law, *ends, *more))
    gradient = s.show(Eq(trace(F.grad(path(t))), -k * trace(path(t))), by.given("law", U=path(t)))
    return s, s.show(Eq(Dt(trace(path(t))), k * trace(path(t))), by.linear((gradient, -1)))


def test_separation_of_variables():
    s, ode = growing()
    s.show(Eq(T, integral(u, a, b, 1 / (k * u))), separated(ode, "start", "end"))
    refuses(s, Eq(T, integral(u, a, b, 1 / u)), separated(ode, "start", "end"), "not 1/f")
    refuses(s, Eq(T, integral(u, a, b, 1 / (k * u))), separated(ode, "end", "start"), "end of the interval")
    refuses(s, Eq(T, integral(u, k, b, 1 / (k * u))), separated(ode, "start", "end"))
    refuses(s, Eq(z, integral(u, a, b, 1 / (k * u))), separated(ode, "start", "end"), ">= 0")


def test_separation_needs_the_equation_at_all_times_and_values():
    s, ode = growing(hypothesis("early", Le(t, 1)))
    refuses(s, Eq(T, integral(u, a, b, 1 / (k * u))), separated(ode, "start", "end"), "narrows")
    s, ode = growing(time=real("t", above=1))
    refuses(s, Eq(T, integral(u, a, b, 1 / (k * u))), separated(ode, "start", "end"), "narrows")
    s, ode = growing()
    kept = s.show(ode.shows, by.under([Lt(trace(path(t)), k)], by.linear(ode)))
    refuses(s, Eq(T, integral(u, a, b, 1 / (k * u))), separated(kept, "start", "end"), "values in between")
    positive = s.show(ode.shows, by.under([Gt(trace(path(t)), 0)], by.linear(ode)))
    s.show(Eq(T, integral(u, a, b, 1 / (k * u))), separated(positive, "start", "end"))
    assert s.lines[-1].assumes == frozenset()


# --- limits --------------------------------------------------------------------------------------------------------------
def test_squeeze():
    s = session_of(SMALL)
    gap = k * x**2 / (1 + x)
    low = s.show(Le(0, gap), by.sign())
    high = s.show(Le(gap, gap), by.sign())
    s.show(Converges(z + gap, x, 0, z), leading.squeezed(low, high))
    refuses(s, Converges(z + gap, x, 0, z + 1), leading.squeezed(low, high), "tends to")
    refuses(s, Converges(z + gap, x, 0, z + x), leading.squeezed(low, high), "mentions")
    refuses(s, Converges(z + gap, x, 1, z), leading.squeezed(low, high), "about limits")


def test_moved_and_diverges():
    s = session_of(SMALL)
    start = s.show(Eq(z + k, k + z), by.identity())
    base = s.show(Converges(z + x, x, 0, z), leading.equal(start))
    s.show(Converges(z + 2 * x - x * log(x), x, 0, z), leading.moved(base))
    s.show(Converges(z + k / (k + x), x, 0, z + 1), leading.moved(base))
    refuses(s, Converges(z + 1 / x, x, 0, z), leading.moved(base), "not known to have a limit")
    refuses(s, Converges(z + log(x), x, 0, z), leading.moved(base), "not known to have a limit")
    refuses(s, Converges(z + x, x, 0, z + 1), leading.moved(base), "differ")
    s.show(Not(Converges(z + k / x, x, 0, z)), leading.diverges(base))
    s.show(Not(Converges(z - log(x), x, 0, z)), leading.diverges(base))
    s.show(Not(Converges(z, x, 0, z + 1)), leading.diverges(base))
    refuses(s, Not(Converges(z + x, x, 0, z)), leading.diverges(base), "nonzero")
    refuses(s, Not(Converges(z + z / x, x, 0, z)), leading.diverges(base), "nonzero")  # z may be 0
    s.show(Not(Converges(z + 1 / x - 1 / x**2, x, 0, z)), leading.diverges(base))  # 1/x^2 outgrows 1/x
    refuses(s, Not(Converges(z + 1 / x - z / x**2, x, 0, z)), leading.diverges(base), "nonzero")  # z may be 0
    refuses(s, Not(Converges(z + x**-k - 1 / x**2, x, 0, z)), leading.diverges(base), "several")  # k may be 2
    refuses(s, Converges(z + 1 / x, x, 0, z), leading.diverges(base), "does not hold")


def test_a_power_with_an_exponent_of_unknown_sign_has_no_known_limit():
    s = session_of(SMALL)
    base = s.show(Converges(z + x, x, 0, z), leading.equal(s.show(Eq(z, z), by.identity())))
    refuses(s, Converges(z + x**z, x, 0, z), leading.moved(base), "no known sign")
    s.show(Converges(z + x**k, x, 0, z), leading.moved(base))


def test_hypotheses_on_the_way_must_hold_near_zero():
    away = SMALL.extended("away from 0", hypothesis("x > 1", Gt(x, 1)))
    closed = SMALL.extended("a closed condition", hypothesis("x <= z", Le(x, z)))
    for domain in (away, closed):
        s = session_of(domain)
        line = s.show(Eq(z, z), by.identity())
        refuses(s, Converges(z + x, x, 0, z), leading.equal(line), "small")
