"""Least nuclear norm and least rank are not always found together (paper, line 73).

The smallest example of matrix completion: of a 2 x 2 matrix the entries 1, 1/2, 1 are known, and its completions are
M(x) = [[1, 1/2], [x, 1]]. |M(x)|_*^2 >= 4 + (x - 1/2)^2, with equality at x = 1/2, where the rank is 2; the only completion of
rank 1 is M(2), with the norm 5/2. M is written in any two frames; the standard bases give the example. That a solution of least
rank is hard to find [15] is no formula.
"""

from fractions import Fraction

from flint import fmpq

from proofs.preliminaries.nuclear_norm import HALF, PRODUCTS, frames, in_frames, nuclear_square
from proofs.preliminaries.schatten_pairs import u_1, u_2, v_1, v_2
from theorycheck.domain import Domain, derived, hypothesis, real
from theorycheck.exact import basic_rules as basic, rules as by
from theorycheck.statement import Part
from theorycheck.tree import All, Eq, Ge, Le, absolute, norm, num, schatten, sym

a, b, c, d, x = (sym(name) for name in ("a", "b", "c", "d", "x"))
part = Part(line=73, expects="proved")
completions = frames.extended(f"{frames.name}; M(x), any x", real("x"))


def M(x):
    """Its entries are known but for x."""
    return in_frames(1, HALF, x, 1)


def at_the_minimum(source, env):
    return {**env, "x": fmpq(1, 2)}


@part.claim("least-nuclear", domain=completions, near=at_the_minimum, least=4)
def least_nuclear(least):
    """The completion of least nuclear norm is M(1/2), and no other: |M(x)|_*^2 >= 4 + (x - 1/2)^2"""
    goal = yield Ge(schatten(M(x), 1) ** 2, least + (x - HALF) ** 2)
    square = yield from nuclear_square(1, HALF, x, 1)
    below = yield Le(1 - x / 2, absolute(1 - x / 2)), basic.within_absolute()
    yield goal, by.linear((square, -1), (below, 2))


@part.claim("least-value", domain=frames, two=2)
def least_value(two):
    """That least norm is 2; with the squared Frobenius norm 5/2 < 2^2, M(1/2) has two singular values > 0"""
    goal = yield All(Eq(schatten(M(HALF), 1), two), Eq(norm(M(HALF)) ** 2, Fraction(5, 2)))
    square = yield from nuclear_square(1, HALF, HALF, 1)
    root = yield Eq(schatten(M(HALF), 1), 2), by.raised(square, HALF)
    nuclear = yield goal.nodes[0], by.linear(root)
    frobenius = yield goal.nodes[1], by.identity(*PRODUCTS)
    yield goal, by.both(nuclear, frobenius)


@part.claim("rank-one", domain=frames, factor=2)
def rank_one(factor):
    """M(2) has rank one"""
    goal = yield Eq(M(factor), (u_1 + 2 * u_2) @ (v_1 + HALF * v_2).T)
    yield goal, by.identity()


rank_ones = Domain(
    "columns (a, b) and (c, d) whose product (a, b)^T (c, d) has the known entries",
    (
        real("a", above=0),
        derived("b", lambda env: 2 * env["a"]),
        derived("c", lambda env: 1 / env["a"]),
        derived("d", lambda env: 1 / (2 * env["a"])),
    ),
    tuple(hypothesis(f"{y.args[0]} {z.args[0]}", Eq(y * z, v)) for y, z, v in ((a, c, 1), (a, d, HALF), (b, d, 1))),
)


@part.claim("rank-one-only", domain=rank_ones, two=2)
def rank_one_only(two):
    """No other completion of rank one: the unknown entry is b c = 2"""
    goal = yield Eq(b * c, two)
    known = []
    for y, z, v in ((a, c, 1), (a, d, HALF), (b, d, 1)):
        known.append((yield Eq(y * z, v), by.given(f"{y.args[0]} {z.args[0]}")))
    first, second, third = known
    yield goal, by.linear((second, -2 * b * c), (first, 2 * b * d), (third, 2))


EVERY_NORM = "a matrix of rank one has the same norm for every p"
ONE_VALUE = {"the number 1 in ||1 * u_1 @ v_1^T + 1/2*u_1 @ v_2^T + 2*u_2 @ v_1^T + 1 *...": EVERY_NORM}


@part.claim("rank-apart", domain=frames, main=True, exempt=ONE_VALUE, half=HALF)
def apart(half):
    """The completion of rank one is not that of least nuclear norm: its norm is 5/2"""
    goal = yield Eq(schatten(M(num(2)), 1), schatten(M(HALF), 1) + half)
    square = yield from nuclear_square(1, HALF, 2, 1)
    one = yield Eq(schatten(M(num(2)), 1), Fraction(5, 2)), by.raised(square, HALF)
    both = yield from nuclear_square(1, HALF, HALF, 1)
    least = yield Eq(schatten(M(HALF), 1), 2), by.raised(both, HALF)
    yield goal, by.linear(one, (least, -1))
