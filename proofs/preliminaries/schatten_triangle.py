"""The Schatten quasinorm is no norm for p < 1, but a quasinorm (paper, line 75).

Two rank-one matrices u v^T with orthogonal u's and v's show that for p < 1 neither the triangle inequality nor convexity holds
as soon as min(n_0, n_L) >= 2; for vectors |.|_p is the Euclidean norm. With Rotfel'd's inequality the best constant of the
quasi-triangle inequality is 2^(1/p - 1).
"""

from flint import fmpq

from proofs.preliminaries.schatten_pairs import (
    HALF,
    ONE_VALUE,
    TWO,
    TWO_VALUES,
    A,
    B,
    E,
    F,
    every_size,
    matrices,
    n_0,
    n_L,
    p,
    row_A,
    row_B,
    rows,
    two_sided,
)
from theorycheck.exact import rules as by
from theorycheck.exact.cited import POWER_MEANS, ROTFELD, TRIANGLE
from theorycheck.tree import Eq, Gt, Le, Lt, norm, num, schatten
from theorycheck.verdict import Erratum


# --- no norm for p < 1 ---------------------------------------------------------------------------------------------------
def values(scale):
    """|E|_p^p = |F|_p^p = 1, and the p-th power of |scale E + scale F|_p."""
    first = yield Eq(schatten(E, p) ** p, 1), by.given(TWO_VALUES, a=num(1), b=num(0), q=p)
    second = yield Eq(schatten(F, p) ** p, 1), by.given(TWO_VALUES, a=num(0), b=num(1), q=p)
    both = yield Eq(schatten(scale * E + scale * F, p) ** p, 2 * scale**p), by.given(TWO_VALUES, a=scale, b=scale, q=p)
    return first, second, both


def two_below():
    """2 < 2^(1/p), from 1 < 2^(1-p)."""
    one = yield Lt(1, 2), by.sign()
    above = yield Lt(1, TWO ** (1 - p)), by.raised(one, 1 - p)
    powers = yield Lt(TWO**p, 2), by.linear((above, TWO**p))
    return (yield Lt(2, TWO ** (1 / p)), by.raised(powers, 1 / p))


def not_a_norm():
    """For p < 1 the triangle inequality fails for some matrices of every shape"""
    yield Gt(schatten(E + F, p), schatten(E, p) + schatten(F, p))


def triangle_fails():
    """For p < 1 and min(n_0, n_L) >= 2 the triangle inequality fails"""
    goal = yield Gt(schatten(E + F, p), schatten(E, p) + schatten(F, p))
    norms = yield from values(num(1))
    root = yield from two_below()
    yield goal, by.linear(root, using=norms)


def almost_convex(source, env):
    """The violation is small for p just below 1."""
    return {**env, "p": fmpq(999, 1000)}


def not_convex(half):
    """The reason given, that it is not convex: the middle of two matrices lies above the mean"""
    goal = yield Gt(schatten(half * E + half * F, p), half * schatten(E, p) + half * schatten(F, p))
    norms = yield from values(half)
    root = yield from two_below()
    yield goal, by.linear((root, half), using=norms)


def norm_on_vectors():
    """For n_L = 1 the triangle inequality holds for every p > 0"""
    goal = yield Le(schatten(row_A + row_B, p), schatten(row_A, p) + schatten(row_B, p))
    lengths = []
    for x in (row_A, row_B, row_A + row_B):
        length = yield Eq(schatten(x, p) ** p, norm(x) ** p), by.given(ONE_VALUE, M=x, q=p)
        lengths.append(length)
    triangle = yield Le(norm(row_A + row_B), norm(row_A) + norm(row_B)), by.cite(TRIANGLE, A=row_A, B=row_B, a=num(1), b=n_0)
    yield goal, by.linear(triangle, using=lengths)


# --- the quasi-triangle inequality ----------------------------------------------------------------------------------------
def apart(source, env):
    """The equality case: A and B have one entry each, in different rows and columns."""
    if min(env["n_0"], env["n_L"]) < 2:
        return env
    entry = lambda k: tuple(tuple(fmpq(int(x == y == k)) for y in range(env["n_0"])) for x in range(env["n_L"]))  # noqa: E731
    return {**env, "A": entry(0), "B": entry(1)}


def quasi_triangle(base):
    """It is a quasinorm: the triangle inequality holds up to the factor 2^(1/p - 1)"""
    x, y = schatten(A, p), schatten(B, p)
    goal = yield Le(schatten(A + B, p), base ** (1 / p - 1) * (x + y))
    powers = yield Le(schatten(A + B, p) ** p, x**p + y**p), by.cite(ROTFELD, A=A, B=B, a=n_L, b=n_0, p=p)
    roots = yield Le(schatten(A + B, p), (x**p + y**p) ** (1 / p)), by.raised(powers, 1 / p)
    means = yield Le((x**p + y**p) ** (1 / p), TWO ** (1 / p - 1) * (x + y)), by.cite(POWER_MEANS, x=x, y=y, p=p)
    yield goal, by.linear(roots, means)


def quasi_triangle_sharp(base):
    """No smaller factor will do when min(n_0, n_L) >= 2: equality for u_1 v_1^T and u_2 v_2^T"""
    goal = yield Eq(schatten(E + F, p), base ** (1 / p - 1) * (schatten(E, p) + schatten(F, p)))
    norms = yield from values(num(1))
    yield goal, by.identity(*norms)


VECTORS = Erratum(
    "hypothesis",
    "for p < 1 it is not a norm, whatever n_0 and n_L",
    "for n_0 = 1 or n_L = 1 it is the Euclidean norm for every p (see norm-on-vectors); it takes min(n_0, n_L) >= 2",
    stands=("schatten-limit.triangle-fails",),
)


def enter(statement):
    """Add the claims of line 75 about norms and quasinorms."""
    claim, proved = statement.claim, {"line": 75, "expects": "proved"}
    claim("not-a-norm", line=75, expects="refuted", domain=every_size, erratum=VECTORS)(not_a_norm)
    claim("triangle-fails", corrects="not-a-norm", domain=two_sided, **proved)(triangle_fails)
    claim("not-convex", domain=two_sided, near=almost_convex, half=HALF, **proved)(not_convex)
    claim("norm-on-vectors", domain=rows, **proved)(norm_on_vectors)
    claim("quasi-triangle", domain=matrices, near=apart, base=2, **proved)(quasi_triangle)
    claim("quasi-triangle-sharp", domain=two_sided, base=2, **proved)(quasi_triangle_sharp)
