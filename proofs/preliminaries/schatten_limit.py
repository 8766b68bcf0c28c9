"""The L_p Schatten (quasi)norm |A|_p = (sum_i s_i^p)^(1/p) and its limit p -> 0 (paper lines 73 and 75).

The sum runs over the nonzero singular values s_1 .. s_r, since 0^p = 0 for p > 0; each s_i^p tends to 1, so |A|_p^p tends to
the rank. The norm itself, without the p-th power, does not: at rank one it is s_1 for every p (and it diverges from rank two
on). Two rank-one matrices a u v^T with orthogonal u's and v's show that for p < 1 neither the triangle inequality nor
convexity holds as soon as min(n_0, n_L) >= 2; for vectors |.|_p is the Euclidean norm. With Rotfel'd's inequality the best
constant of the quasi-triangle inequality is 2^(1/p - 1).
"""

import operator
from fractions import Fraction
from itertools import pairwise

from flint import arb, fmpq

from theorycheck.cli import run_module
from theorycheck.domain import Domain, derived, drawn, hypothesis, matrix, real, size
from theorycheck.enclose.precision import working
from theorycheck.evaluate import Undefined, evaluate
from theorycheck.exact import limit_rules as limits, rules as by
from theorycheck.exact.cited import POWER_MEANS, ROTFELD, TRIANGLE
from theorycheck.instances import describe
from theorycheck.models.costs import orthogonal
from theorycheck.models.spectral import decomposed
from theorycheck.statement import Statement
from theorycheck.tree import (
    Converges,
    Eq,
    Ge,
    Gt,
    Le,
    Lt,
    Not,
    mat,
    norm,
    num,
    rank,
    scalars,
    schatten,
    sym,
    total,
    vec,
)
from theorycheck.verdict import Erratum, Evidence, Outcome, Witness

n_0, n_L, r, p, q, i = (sym(name) for name in ("n_0", "n_L", "r", "p", "q", "i"))
A, B = mat("A", n_L, n_0), mat("B", n_L, n_0)
s = scalars("s")
TWO, HALF = num(2), Fraction(1, 2)


NUMBER = mat("A", 1, 1)


def fraction_below_one(source, env):
    """An exponent 0 < p < 1, where powers of small numbers stay exact or fast."""
    return fmpq(source.integer(1, 5), 6)


def nonzero_values(env):
    return {k: v for k, v in enumerate(env["svd"].values, 1) if v}


domain = Domain(
    "any matrix A of rank r >= 0 with nonzero singular values s_1 .. s_r, any p > 0",
    (
        size("n_0"),
        size("n_L"),
        drawn("svd", lambda source, env: decomposed(source, env["n_L"], env["n_0"])),
        derived("A", lambda env: env["svd"].rows),
        derived("r", lambda env: env["svd"].rank),
        drawn("s", lambda source, env: nonzero_values(env), positive=True),
        real("p", above=0, line=75),
    ),
    (
        hypothesis("r >= 0", Ge(r, 0)),
        hypothesis("the rank is the number of nonzero singular values", Eq(rank(A), r), 75),
        hypothesis(
            "definition of |A|_p",
            Eq(schatten(A, q) ** q, total(i, 1, r, s[i] ** q)),
            75,
            given=(Gt(q, 0),),
            variables=("q",),
            test=lambda env: env["A"] == env["svd"].rows and env["s"] == nonzero_values(env),
        ),
    ),
)

statement = Statement("schatten-limit", "The Schatten quasinorm and its limit p -> 0", "2.2", domain)


# --- limits ---------------------------------------------------------------------------------------------------------------
@statement.claim("rank-limit", line=75, main=True, expects="proved", corrects="norm-limit")
def rank_limit():
    """The p-th power of the L_p Schatten norm tends to the rank as p decreases to 0"""
    goal = yield Converges(schatten(A, p) ** p, p, 0, rank(A))
    one = yield Converges(s[i] ** p, p, 0, 1), limits.power_to_one()
    count = yield Converges(total(i, 1, r, s[i] ** p), p, 0, total(i, 1, r, num(1))), limits.summed(one, i)
    powers = yield Eq(schatten(A, p) ** p, total(i, 1, r, s[i] ** p)), by.given("definition of |A|_p", q=p)
    yield goal, limits.rewritten(count, powers, "the rank is the number of nonzero singular values")


@rank_limit.leg("ball")
def towards_the_point(check):
    """50 digits at p = point + 1e-3 .. 1e-6; where the point is positive, balls for all p close to it decide."""
    body, v, point, value = check.tree.nodes
    count = 6 if check.level == "quick" else 60
    with working(200):
        found = [_near(body, v, point, value, env) for env in domain.instances(f"{check.seed}:limit", count)]
    worst = max(found, key=lambda e: (e.outcome is Outcome.REFUTES, e.outcome is Outcome.CONTRADICTS))
    return worst


def _near(body, v, point, value, env):
    """One instance: the gap at 1e-6 from the point, and whether it shrinks tenfold with each decade."""
    end, start = evaluate(value, env), evaluate(point, env)
    if start < 0:
        return _no_value(body, v, start, env)
    if start > 0:
        around = arb(start).union(arb(start + fmpq(1, 10**6)))
        gap = evaluate(body, {**env, str(v.args[0]): around}) - end
        if gap > 0 or gap < 0:
            witness = Witness(describe(body, env), f"close to the point the body is off by {gap.str(12)}", False)
            return Evidence("ball", Outcome.REFUTES, "the body stays away from the value near the point", witness=witness)
        return Evidence("ball", Outcome.NOTHING, "the body may reach the value at the point")
    gaps = [evaluate(body, {**env, str(v.args[0]): fmpq(1, 10**k)}) - end for k in (3, 4, 5, 6)]
    small = all(abs(b) < abs(a) / 9 or abs(a) < fmpq(1, 10**40) for a, b in pairwise(gaps))
    summary = f"at 50 digits the gap is {gaps[-1].str(5)} at 1e-6, and shrinks tenfold per decade"
    if small:
        return Evidence("ball", Outcome.SUPPORTS, summary, margin=gaps[-1].str(3))
    return Evidence("ball", Outcome.CONTRADICTS, f"the gap is {gaps[0].str(5)} at 1e-3 and {gaps[-1].str(5)} at 1e-6")


def _no_value(body, v, start, env):
    """Below 0: a body that has no value just above the point has no limit there."""
    try:
        evaluate(body, {**env, str(v.args[0]): start + fmpq(1, 10**6)})
    except Undefined as e:
        witness = Witness(describe(body, env), f"just above {start}: {e}", True)
        return Evidence("ball", Outcome.REFUTES, "the body has no value near the point", witness=witness)
    return Evidence("ball", Outcome.NOTHING, "the point is below 0")


rank_one = Domain(
    "a number A = (s_1) > 0 as a 1 x 1 matrix",
    (
        real("s_1", above=0),
        derived("A", lambda env: ((env["s_1"],),)),
        real("p", above=0, line=75),
    ),
    (
        hypothesis(
            "definition of |A|_p",
            Eq(schatten(NUMBER, q) ** q, sym("s_1") ** q),
            75,
            given=(Gt(q, 0),),
            variables=("q",),
            test=lambda env: env["A"] == ((env["s_1"],),),
        ),
        hypothesis("the rank is the number of nonzero singular values", Eq(rank(NUMBER), 1), 75),
    ),
)


@statement.claim(
    "norm-limit",
    line=75,
    expects="refuted",
    domain=rank_one,
    erratum=Erratum(
        "notation",
        "the sentence speaks of the norm; its display, of the p-th power of the norm",
        "|A|_p is s_1 for every p at rank one, and diverges from rank two on; the p-th power in the display is needed",
        stands=("schatten-limit.rank-limit",),
    ),
)
def norm_limit():
    """The norm itself, as in the words, tends to the rank (1 x 1 matrices are enough to see that it does not)"""
    goal = yield Converges(schatten(NUMBER, p), p, 0, rank(NUMBER))
    powers = yield Eq(schatten(NUMBER, p) ** p, sym("s_1") ** p), by.given("definition of |A|_p", q=p)
    constant = yield Converges(sym("s_1"), p, 0, sym("s_1")), limits.stays()
    known = yield Converges(schatten(NUMBER, p), p, 0, sym("s_1")), limits.rewritten(constant, powers)
    yield Not(goal), limits.differs(known, {"s_1": fmpq(2), "A": ((fmpq(2),),), "p": fmpq(1)})


@statement.claim("nuclear", line=75, expects="proved", exponent=1)
def nuclear(exponent):
    """The nuclear norm, the sum of the singular values, is the case p = 1"""
    goal = yield Eq(schatten(A, exponent), total(i, 1, r, s[i]))
    yield goal, by.given("definition of |A|_p", q=exponent)


# --- quasinorm, not norm --------------------------------------------------------------------------------------------------
a, b = sym("a"), sym("b")
u_1, u_2, v_1, v_2 = vec("u_1", n_L), vec("u_2", n_L), vec("v_1", n_0), vec("v_2", n_0)
E, F = u_1 @ v_1.T, u_2 @ v_2.T


def column(m, k):
    return tuple((row[k],) for row in m)


def other(name, source, env):
    """A second column orthogonal to the first of u and v; where one of the sizes is 1 there is none, and u_2 = -u_1."""
    if min(env["n_0"], env["n_L"]) >= 2:
        return column(env[name], 1)
    sign = fmpq(-1 if name == "u" else 1)
    return tuple((sign * x,) for (x,) in column(env[name], 0))


def pair(name, least, *more):
    """Two rank-one matrices u_1 v_1^T and u_2 v_2^T with orthonormal u's and v's, 0 < p < 1."""
    return Domain(
        name,
        (
            size("n_0", least, 3),
            size("n_L", least, 3),
            drawn("u", lambda source, env: orthogonal(source, env["n_L"])),
            drawn("v", lambda source, env: orthogonal(source, env["n_0"])),
            derived("u_1", lambda env: column(env["u"], 0)),
            derived("v_1", lambda env: column(env["v"], 0)),
            drawn("u_2", lambda source, env: other("u", source, env)),
            drawn("v_2", lambda source, env: other("v", source, env)),
            drawn("p", fraction_below_one, hypothesis("p > 0", Gt(p, 0), 75), hypothesis("p < 1", Lt(p, 1), 75)),
        ),
        more,
    )


def orthonormal(env):
    rows = [tuple(x for (x,) in env[name]) for name in ("u_1", "u_2", "v_1", "v_2")]
    dot = lambda x, y: sum(map(operator.mul, x, y), fmpq(0))  # noqa: E731
    units = all(dot(x, x) == 1 for x in rows)
    return units and dot(rows[0], rows[1]) == 0 and dot(rows[2], rows[3]) == 0


every_size = pair("any sizes, 0 < p < 1", 1)
two_sided = pair(
    "min(n_0, n_L) >= 2, 0 < p < 1",
    2,
    hypothesis(
        "a u_1 v_1^T + b u_2 v_2^T has the singular values a and b",
        Eq(schatten(a * E + b * F, q) ** q, a**q + b**q),
        75,
        given=(Ge(a, 0), Ge(b, 0), Gt(q, 0)),
        variables=("a", "b", "q"),
        test=orthonormal,
    ),
)


def values(scale):
    """|E|_p^p = |F|_p^p = 1, and the p-th power of |scale E + scale F|_p."""
    name = "a u_1 v_1^T + b u_2 v_2^T has the singular values a and b"
    first = yield Eq(schatten(E, p) ** p, 1), by.given(name, a=num(1), b=num(0), q=p)
    second = yield Eq(schatten(F, p) ** p, 1), by.given(name, a=num(0), b=num(1), q=p)
    both = yield Eq(schatten(scale * E + scale * F, p) ** p, 2 * scale**p), by.given(name, a=scale, b=scale, q=p)
    return first, second, both


def two_below():
    """2 < 2^(1/p), from 1 < 2^(1-p)."""
    one = yield Lt(1, 2), by.sign()
    above = yield Lt(1, TWO ** (1 - p)), by.raised(one, 1 - p)
    powers = yield Lt(TWO**p, 2), by.linear((above, TWO**p))
    root = yield Lt(2, TWO ** (1 / p)), by.raised(powers, 1 / p)
    return root


@statement.claim(
    "not-a-norm",
    line=75,
    expects="refuted",
    domain=every_size,
    erratum=Erratum(
        "hypothesis",
        "for p < 1 it is not a norm, whatever n_0 and n_L",
        "for n_0 = 1 or n_L = 1 it is the Euclidean norm for every p (see norm-on-vectors); it takes min(n_0, n_L) >= 2",
        stands=("schatten-limit.triangle-fails",),
    ),
)
def not_a_norm():
    """For p < 1 the triangle inequality fails for some matrices of every shape"""
    yield Gt(schatten(E + F, p), schatten(E, p) + schatten(F, p))


@statement.claim("triangle-fails", line=75, expects="proved", corrects="not-a-norm", domain=two_sided)
def triangle_fails():
    """For p < 1 and min(n_0, n_L) >= 2 the triangle inequality fails"""
    goal = yield Gt(schatten(E + F, p), schatten(E, p) + schatten(F, p))
    norms = yield from values(num(1))
    root = yield from two_below()
    yield goal, by.linear(root, using=norms)


def almost_convex(source, env):
    """The violation is small for p just below 1."""
    return {**env, "p": fmpq(99, 100)}


@statement.claim("not-convex", line=75, expects="proved", domain=two_sided, near=almost_convex, half=HALF)
def not_convex(half):
    """The reason given, that it is not convex: the middle of two matrices lies above the mean"""
    goal = yield Gt(schatten(half * E + half * F, p), half * schatten(E, p) + half * schatten(F, p))
    norms = yield from values(half)
    root = yield from two_below()
    yield goal, by.linear((root, half), using=norms)


row_A, row_B, M = mat("A", 1, n_0), mat("B", 1, n_0), mat("M", 1, n_0)
rows = Domain(
    "rows: n_L = 1",
    (
        size("n_0"),
        matrix("A", 1, n_0),
        matrix("B", 1, n_0),
        matrix("M", 1, n_0),
        real("p", above=0, line=75),
    ),
    (
        hypothesis(
            "the only singular value of a row is its length",
            Eq(schatten(M, q) ** q, norm(M) ** q),
            75,
            given=(Gt(q, 0),),
            variables=("M", "q"),
            test=lambda env: len(env["A"]) == len(env["B"]) == 1,
        ),
    ),
)


@statement.claim("norm-on-vectors", line=75, expects="proved", domain=rows)
def norm_on_vectors():
    """For n_L = 1 the triangle inequality holds for every p > 0"""
    goal = yield Le(schatten(row_A + row_B, p), schatten(row_A, p) + schatten(row_B, p))
    name = "the only singular value of a row is its length"
    lengths = []
    for x in (row_A, row_B, row_A + row_B):
        length = yield Eq(schatten(x, p) ** p, norm(x) ** p), by.given(name, M=x, q=p)
        lengths.append(length)
    triangle = yield Le(norm(row_A + row_B), norm(row_A) + norm(row_B)), by.cite(TRIANGLE, A=row_A, B=row_B, a=num(1), b=n_0)
    yield goal, by.linear(triangle, using=lengths)


# --- the quasi-triangle inequality ----------------------------------------------------------------------------------------
matrices = Domain(
    "any two matrices of one shape, 0 < p < 1",
    (
        size("n_0"),
        size("n_L"),
        matrix("A", n_L, n_0),
        matrix("B", n_L, n_0),
        drawn("p", fraction_below_one, hypothesis("p > 0", Gt(p, 0), 75), hypothesis("p < 1", Lt(p, 1), 75)),
    ),
)


def apart(source, env):
    """The equality case: A and B have one entry each, in different rows and columns."""
    if min(env["n_0"], env["n_L"]) < 2:
        return env
    entry = lambda k: tuple(tuple(fmpq(int(x == y == k)) for y in range(env["n_0"])) for x in range(env["n_L"]))  # noqa: E731
    return {**env, "A": entry(0), "B": entry(1)}


@statement.claim("quasi-triangle", line=75, expects="proved", domain=matrices, near=apart, base=2)
def quasi_triangle(base):
    """It is a quasinorm: the triangle inequality holds up to the factor 2^(1/p - 1)"""
    x, y = schatten(A, p), schatten(B, p)
    goal = yield Le(schatten(A + B, p), base ** (1 / p - 1) * (x + y))
    powers = yield Le(schatten(A + B, p) ** p, x**p + y**p), by.cite(ROTFELD, A=A, B=B, a=n_L, b=n_0, p=p)
    roots = yield Le(schatten(A + B, p), (x**p + y**p) ** (1 / p)), by.raised(powers, 1 / p)
    means = yield Le((x**p + y**p) ** (1 / p), TWO ** (1 / p - 1) * (x + y)), by.cite(POWER_MEANS, x=x, y=y, p=p)
    yield goal, by.linear(roots, means)


@statement.claim("quasi-triangle-sharp", line=75, expects="proved", domain=two_sided, base=2)
def quasi_triangle_sharp(base):
    """No smaller factor will do when min(n_0, n_L) >= 2: equality for u_1 v_1^T and u_2 v_2^T"""
    goal = yield Eq(schatten(E + F, p), base ** (1 / p - 1) * (schatten(E, p) + schatten(F, p)))
    norms = yield from values(num(1))
    yield goal, by.identity(*norms)


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
