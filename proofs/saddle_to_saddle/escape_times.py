"""Escape times of diagonal networks (paper, Section 3.2.1, line 152; erratum, line 316; appendix C.6, lines 989 to 1007).

One coordinate of a diagonal network is c (v_L .. v_1 X - Y)^2 with all |v_l| = d(t): d' = 2 c a d^(L-1) (1 - q d^L), a = |X Y|,
q = |X / Y|. Started with weights h alpha it reaches the level d_0 = r / sqrt(L) (line 1001) after

    L = 2:   c' - log(alpha) / (2 c a),        L >= 3:   c' + (h alpha)^-(L-2) / ((L-2) 2 c a),        up to O(alpha^2),

exactly as `time`, `shallow` and `deep` say. The paper prints three formulas and uses several conventions: for the cost c = 1 (line
999), 1/N (line 68), 1/2 (common); for the start h = 1 (line 1001: rho = (+-1, .., +-1)) and h = L^(-1/2) (lines 134, 629: rho on
the unit sphere). `TABLE` is, for each formula and convention, the true leading constant over the printed one: 1 where it is right.
"""

from fractions import Fraction
from itertools import product

from theorycheck.derivation import context_of
from theorycheck.domain import Domain, derived, hypothesis, real, size
from theorycheck.evaluate import evaluate
from theorycheck.exact import integral_rules as area
from theorycheck.exact import leading_rules as leading
from theorycheck.exact import rules as by
from theorycheck.exact.form import show
from theorycheck.exact.session import Session
from theorycheck.mode_checks import attach_limit_checks
from theorycheck.mode_times import (
    POSITIVE,
    L,
    X,
    Y,
    a,
    alpha,
    c,
    constant,
    d_0,
    escape_time,
    expanded,
    h,
    q,
    saturation,
    scalar_modes,
    shallow_constant,
    speed,
    tail,
    timed_modes,
    u,
    unsaturated,
)
from theorycheck.statement import Statement
from theorycheck.tree import All, Converges, Defined, Dt, Eq, Flow, Function, Ge, Gt, Le, Lt, Not, log, num, sqrt, sym, trace
from theorycheck.verdict import Erratum

TWO = num(2)
deep_modes = scalar_modes("modes of depth L >= 3, any cost factor c, any start h alpha, X and Y of any sign")
shallow_modes = scalar_modes("modes of depth 2, any cost factor c, any start h alpha, X and Y of any sign", TWO)
statement = Statement("escape-times", "Escape times of diagonal networks", "3.2.1 and C.6", deep_modes)


# --- the exact time function -------------------------------------------------------------------------------------------------
@statement.claim("time", line=1001, main=True, expects="proved", domain=timed_modes("paths of modes of depth L >= 3"))
def time():
    """The time from h alpha to the level d_0 is the integral of dv / d'(v)"""
    v, F = Flow("v", "F", (num(1), num(1))), Function("F")
    d, T = trace(v(sym("t"))), sym("T")
    goal = yield Eq(T, escape_time())
    gradient = yield Eq(trace(F.grad(v(sym("t")))), -speed(d, L)), by.under([Gt(d, 0)], by.given("the reduced gradient", U=v(sym("t"))))
    law = yield Eq(Dt(d), speed(d, L)), by.under([Gt(d, 0)], by.linear((gradient, -1)))
    licence, _ = yield from unsaturated(L, d_0)
    yield goal, area.separated(law, "the start", "the level is reached", licence)


@statement.claim("expansion", line=1007, where="proof", main=True, expects="proved", rate=2)
def expansion(rate):
    """Depth L >= 3: leading term, constant c', and a rest that vanishes with alpha, exactly"""
    first = (h * alpha) ** (-(L - 2)) / ((L - 2) * rate * c * a)
    goal = yield Eq(escape_time(), first + constant() - q / (2 * c * a) * tail(L, h * alpha))
    terms = yield from expanded()
    yield goal, by.linear(*terms)


@statement.claim("expansion-shallow", line=1003, where="proof", main=True, expects="proved", domain=shallow_modes, rate=2)
def expansion_shallow(rate):
    """Depth 2: the logistic time in closed form"""
    first = -log(alpha) / (rate * c * a)
    goal = yield Eq(escape_time(TWO), first + shallow_constant() + log(1 - q * (h * alpha) ** 2) / (4 * c * a))
    licence, _ = yield from unsaturated(TWO, d_0)
    primitive = 1 / (2 * c * a) * (log(u) - log(1 - q * u**2) / 2)
    yield goal, area.antiderivative(primitive, licence)


@statement.claim("rest", line=1007, where="proof", expects="proved", order=2)
def rest(order):
    """The rest of the expansion lies between 0 and an explicit multiple of alpha^2"""
    gap = (h * alpha) ** (-(L - 2)) / ((L - 2) * 2 * c * a) + constant() - escape_time()
    goal = yield All(Ge(gap, 0), Le(gap, q * (h * alpha) ** 2 / (2 * order * c * a) / (1 - q * (h * alpha) ** L)))
    terms = yield from expanded()
    low, high, value = yield from saturation()
    share = q / (2 * c * a)
    above = yield goal.nodes[0], by.linear(*terms, (low, share))
    below = yield goal.nodes[1], by.linear(*((line, -m) for line, m in terms), (high, share), (value, share))
    yield goal, by.both(above, below)


# --- limits alpha -> 0, for every cost factor and start ----------------------------------------------------------------------
def concluded(goal, line, domain, *using, apart=None):
    """The goal from a limit that is known, or its negation where that is what follows (a wrong constant)."""
    found = leading.settled(goal, line, Session(domain.hypotheses, context_of(domain)), *using, apart=apart)
    yield found, leading.moved(line, *using) if found is goal else leading.diverges(line, *using, apart=apart)


@statement.claim("deep", line=1007, main=True, expects="proved", rate=2)
def deep(rate):
    """Depth L >= 3: time - (h alpha)^-(L-2) / ((L-2) 2 c a) tends to c'"""
    first = (h * alpha) ** (-(L - 2)) / ((L - 2) * 2 * c * a)
    goal = yield Converges(escape_time() - (h * alpha) ** (-(L - 2)) / ((L - 2) * rate * c * a), alpha, 0, constant())
    terms = yield from expanded()
    low, high, value = yield from saturation()
    gap, share = first + constant() - escape_time(), q / (2 * c * a)
    above = yield Ge(gap, 0), by.linear(*terms, (low, share))
    bound = q * (h * alpha) ** 2 / (4 * c * a) / (1 - q * (h * alpha) ** L)
    below = yield Le(gap, bound), by.linear(*((line, -m) for line, m in terms), (high, share), (value, share))
    line = yield Converges(escape_time() - first, alpha, 0, constant()), leading.squeezed(below, above)
    yield from concluded(goal, line, deep_modes)


@statement.claim("shallow", line=1003, main=True, expects="proved", domain=shallow_modes, rate=2)
def shallow(rate):
    """Depth 2: time + log(alpha) / (2 c a) tends to c'"""
    goal = yield Converges(escape_time(TWO) + log(alpha) / (rate * c * a), alpha, 0, shallow_constant())
    rest = -log(1 - q * (h * alpha) ** 2) / (4 * c * a)
    licence, _ = yield from unsaturated(TWO, d_0)
    primitive = 1 / (2 * c * a) * (log(u) - log(1 - q * u**2) / 2)
    whole = Eq(escape_time(TWO), -log(alpha) / (2 * c * a) + shallow_constant() - rest)
    exact = yield whole, area.antiderivative(primitive, licence)
    true = Converges(escape_time(TWO) + log(alpha) / (2 * c * a), alpha, 0, shallow_constant())
    line = yield true, leading.equal(exact)
    yield from concluded(goal, line, shallow_modes)


for limit_claim in (deep, shallow):
    attach_limit_checks(limit_claim, flow=True)


# --- the printed formulas under each convention ------------------------------------------------------------------------------
COSTS = {"1": num(1), "1/2": num(Fraction(1, 2)), "1/N": 1 / sym("N")}  # the factor c of the squared error
STARTS = {"signs": lambda depth: num(1), "sphere": lambda depth: depth ** Fraction(-1, 2)}  # the size h of each entry of rho
half = (L - 2) / 2
GAUGE = {TWO: -log(alpha), L: alpha ** (-(L - 2)) / (L - 2)}
TRUE = {TWO: 1 / (2 * c * a), L: h ** (-(L - 2)) / (2 * c * a)}  # what `shallow` and `deep` prove to stand before the gauge
FORMULAS = {  # depth, what the paper prints before the gauge, line
    "shallow": (TWO, 1 / (X * Y), 1003),
    "deep-main-text": (L, 1 / (X * Y), 152),
    "deep-appendix": (L, L**half / (X * Y), 1007),
}
USING = ("the cost factor", "the start of a weight", "Y is a/X")


WORDS = {"signs": "of entries +-1", "sphere": "on the unit sphere"}


def convention(formula, cost, start):
    """The modes with X Y > 0 under one convention; where the sign of the difference varies with L and N, a part of them."""
    depth, N = FORMULAS[formula][0], sym("N")
    factor, entry = COSTS[cost], STARTS[start](depth)
    more = (*POSITIVE, *((size("N", least=3, most=6),) if cost == "1/N" else ()))
    part = PARTS.get((formula, cost, start), ())
    words = f"modes of depth {'2' if depth == TWO else 'L >= 3'} with X Y > 0, cost factor {cost}, rho {WORDS[start]}"
    return scalar_modes(
        ", ".join([words, *(f.name for f in part)]),
        depth,
        (*more, *part),
        derived("c", valued(factor), hypothesis("c > 0", Gt(c, 0)), hypothesis("the cost factor", Eq(c, factor), 999)),
        derived("h", valued(entry), hypothesis("h > 0", Gt(h, 0)), hypothesis("the start of a weight", Eq(h, entry), 1001)),
        deepest=6,
    )


def valued(tree):
    return lambda env: evaluate(tree, env)


PARTS = {  # a part of the domain suffices to refute
    ("deep-appendix", "1/N", "signs"): (hypothesis("N is 3", Eq(sym("N"), 3)),),
    ("deep-main-text", "1", "sphere"): (hypothesis("L >= 5", Ge(L, 5)),),
}


def ratio(formula, domain):
    """The true leading constant over the printed one, as a normal form."""
    depth, printed, _ = FORMULAS[formula]
    session = Session(domain.hypotheses, context_of(domain))
    return session.read(TRUE[depth] / printed, [session.hypothesis(name) for name in USING])


def beyond(bound):
    """bound < L^((L-2)/2), from bound^2 < L and L^(1/2) <= L^((L-2)/2)."""
    square = yield Lt(bound**2, L), by.sign()
    root = yield Lt(bound, L ** Fraction(1, 2)), by.raised(square, Fraction(1, 2))
    more = yield Le(L ** Fraction(1, 2), L**half), by.sign()
    return (yield Lt(bound, L**half), by.linear(root, more))


def limit_of(formula, factor=1):
    """The claim `time - factor * printed -> c'`, and the limit that is known."""
    depth, printed, _ = FORMULAS[formula]
    value = shallow_constant() if depth == TWO else constant()
    goal = yield Converges(escape_time(depth) - factor * printed * GAUGE[depth], alpha, 0, value)
    known = Converges(escape_time(depth) - TRUE[depth] * GAUGE[depth], alpha, 0, value)
    return goal, (yield known, by.uses(f"escape-times.{'shallow' if depth == TWO else 'deep'}"))


def decided(formula, cost, start, domain):
    """Proved where the constants agree; otherwise time - printed tends to infinity, because the difference is not 0."""
    goal, line = yield from limit_of(formula)
    names = [*USING, *(f.name for f in PARTS.get((formula, cost, start), ()) if f.shows.head == "eq")]
    apart = None
    if formula == "deep-appendix" and start == "signs":  # the difference is a multiple of 1/(2c) - L^((L-2)/2)
        apart = yield from beyond(num({"1": Fraction(1, 2), "1/2": 1, "1/N": Fraction(3, 2)}[cost]))
    if formula == "deep-main-text" and start == "sphere":  # of L^((L-2)/2)/(2c) - 1
        apart = yield from beyond(num({"1": 2, "1/2": 1, "1/N": 1}[cost]))
        if cost == "1/N":
            apart = yield Lt(1, sym("N") / 2 * L**half), by.linear((apart, sym("N") / 2))
    yield from concluded(goal, line, domain, *names, apart=apart)


# What the paper says under its own conventions: the main text's are those of lines 68 and 134, the appendix's of 999 and 1001.
PRINTED = {
    ("shallow", "1/N", "sphere"): ("main-text-shallow", 152),
    ("deep-main-text", "1/N", "sphere"): ("main-text-deep", 152),
    ("shallow", "1", "signs"): ("appendix-shallow", 1003),
    ("deep-appendix", "1", "signs"): ("appendix-deep", 1007),
}
READ_OF = {"shallow": "main-text-shallow", "deep-main-text": "main-text-deep", "deep-appendix": "appendix-deep"}
COLUMN = {"1": "c1", "1/2": "chalf", "1/N": "cmean"}
TABLE = {}


def entered(formula, cost, start):
    """The claim of one cell of the table."""
    domain = convention(formula, cost, start)
    true_over_printed = ratio(formula, domain)
    TABLE[formula, cost, start] = show(true_over_printed)
    right = true_over_printed.constant() == 1
    name, line = PRINTED.get((formula, cost, start), (f"{formula}-{COLUMN[cost]}-{start}", FORMULAS[formula][2]))
    words = f"cost factor {cost}, rho {WORDS[start]}: the true leading constant is {show(true_over_printed)} times the printed one"
    printed = (formula, cost, start) in PRINTED
    note = "right for the cost factor 1/2, with every weight started at " + ("alpha/sqrt(L)" if "app" in formula else "alpha")
    claim = statement.claim(
        name,
        line=line,
        title=words,
        where="proof" if line > 1000 else "statement",
        expects="proved" if right else "refuted",
        erratum=None if right else Erratum("constant", words, note if "deep" in formula else "right for the cost factor 1/2"),
        reads=None if printed else READ_OF[formula],
        domain=domain,
    )(lambda: decided(formula, cost, start, domain))
    attach_limit_checks(claim, level="quick" if printed else "full")


for cell in product(FORMULAS, COSTS, STARTS):
    entered(*cell)


def corrected(formula, cost, start, factor):
    """The printed formula with the factor that makes it right under its own conventions."""
    name, line = PRINTED[formula, cost, start]
    domain = convention(formula, cost, start)

    def body(rate):
        goal, known = yield from limit_of(formula, factor / rate)
        yield from concluded(goal, known, domain, *USING)

    words = f"cost factor {cost}, rho {WORDS[start]}: the constant that is right there"
    claim = statement.claim(
        f"{name}-corrected", line=line, title=words, expects="proved", corrects=name, domain=domain, rate=2
    )(body)
    attach_limit_checks(claim)


corrected("shallow", "1/N", "sphere", sym("N"))
corrected("deep-main-text", "1/N", "sphere", sym("N") * L**half)
corrected("shallow", "1", "signs", num(1))
corrected("deep-appendix", "1", "signs", L ** (-half))
