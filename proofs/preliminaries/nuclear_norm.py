"""The nuclear norm is convex, and not differentiable (paper, line 73).

That the sum of line 73 is the case p = 1 of line 75 is claimed there (`schatten-limit.nuclear`).
"""

from fractions import Fraction

from flint import fmpq

from proofs.preliminaries.schatten_pairs import E, F, n_0, n_L, u_1, u_2, v_1, v_2
from theorycheck.domain import Domain, derived, drawn, hypothesis, matrix, real, size
from theorycheck.exact import basic_rules as basic, matrix_rules as matrices, rules as by
from theorycheck.exact.cited import ROTFELD
from theorycheck.exact.cited_norms import MULTIPLE, TWO_DIRECTIONS
from theorycheck.models.costs import orthogonal
from theorycheck.models.linear_form import column
from theorycheck.statement import Part
from theorycheck.tree import Eq, Ge, Le, absolute, as_node, inner, mat, num, schatten, sym

a, b, c, d, t, x = (sym(name) for name in ("a", "b", "c", "d", "t", "x"))
A, B = mat("A", n_L, n_0), mat("B", n_L, n_0)
HALF = Fraction(1, 2)
part = Part(line=73, expects="proved")
shapes = size("n_0"), size("n_L")


# --- convex, and not differentiable ------------------------------------------------------------------------------------------
unit_interval = drawn(
    "t", lambda source, env: fmpq(source.integer(0, 4), 4), hypothesis("t >= 0", Ge(t, 0)), hypothesis("t <= 1", Le(t, 1))
)
segments = Domain(
    "any two matrices of one shape, 0 <= t <= 1",
    (*shapes, matrix("A", n_L, n_0), matrix("B", n_L, n_0), unit_interval),
)


def parallel(source, env):
    """Equality: B is a multiple of A, and A is not 0."""
    rows = tuple(tuple(fmpq(int(k == j == 0)) for j in range(env["n_0"])) for k in range(env["n_L"]))
    return {**env, "A": rows, "B": tuple(tuple(3 * v for v in row) for row in rows)}


@part.claim("nuclear-convex", domain=segments, near=parallel, factor=1)
def convex(factor):
    """The nuclear norm is convex"""
    goal = yield Le(schatten(t * A + (1 - t) * B, 1), factor * (t * schatten(A, 1) + (1 - t) * schatten(B, 1)))
    one, other, sizes = t * A, (1 - t) * B, {"a": n_L, "b": n_0, "p": num(1)}
    both = Le(schatten(one + other, 1), schatten(one, 1) + schatten(other, 1))
    both = yield both, by.cite(ROTFELD, A=one, B=other, **sizes)
    first = yield Eq(schatten(one, 1), t * schatten(A, 1)), by.cite(MULTIPLE, A=A, t=t, **sizes)
    below = yield Le(t, 1), by.given("t <= 1")
    left = yield Ge(1 - t, 0), by.linear(below)
    second = Eq(schatten(other, 1), (1 - t) * schatten(B, 1))
    second = yield second, by.cite(MULTIPLE, left, A=B, t=1 - t, **sizes)
    size_ = yield Ge(schatten(B, 1), 0), by.sign()
    part_ = yield Ge((1 - t) * schatten(B, 1), 0), matrices.scaled(left, size_)
    some = yield Ge(t * schatten(A, 1) + (1 - t) * schatten(B, 1), 0), by.linear(part_)
    yield goal, by.linear(both, first, second, slack=[some])


def column_of_frame(side, k):
    return derived(f"{side}_{k}", lambda env: column(env[side], k - 1))


PAIRS = (u_1, u_1), (u_2, u_2), (u_1, u_2), (v_1, v_1), (v_2, v_2), (v_1, v_2)
PRODUCTS = {f"the product of {y.args[0]} and {z.args[0]}": (y, z) for y, z in PAIRS}
frames = Domain(
    "orthonormal columns u_1, u_2 and v_1, v_2, min(n_0, n_L) >= 2",
    (
        size("n_0", 2),
        size("n_L", 2),
        drawn("u", lambda source, env: orthogonal(source, env["n_L"])),
        drawn("v", lambda source, env: orthogonal(source, env["n_0"])),
        *(column_of_frame(side, k) for side in "uv" for k in (1, 2)),
    ),
    tuple(hypothesis(name, Eq(inner(y, z), int(y is z))) for name, (y, z) in PRODUCTS.items()),
)


def in_frames(a, b, c, d):
    """a u_1 v_1^T + b u_1 v_2^T + c u_2 v_1^T + d u_2 v_2^T."""
    return a * E + b * u_1 @ v_2.T + c * u_2 @ v_1.T + d * F


def nuclear_square(*entries):
    """The square of its nuclear norm."""
    a, b, c, d = map(as_node, entries)
    square = a**2 + b**2 + c**2 + d**2 + 2 * absolute(a * d - b * c)
    vectors = {"u": u_1, "v": u_2, "y": v_1, "z": v_2, "a": n_L, "b": n_0}
    line = Eq(schatten(in_frames(a, b, c, d), 1) ** 2, square)
    return (yield line, by.cite(TWO_DIRECTIONS, **vectors, c=a, d=b, e=c, h=d))


kinks = frames.extended(f"{frames.name}, any t", real("t"))


@part.claim("nuclear-kink", domain=kinks, two=2)
def kink(two):
    """It is not differentiable at a matrix of rank one: for a differentiable function the left side would be o(t)"""
    goal = yield Ge(schatten(E + t * F, 1) + schatten(E - t * F, 1) - 2 * schatten(E, 1), two * absolute(t))
    sides = []
    for last in (t, -t):
        square = yield from nuclear_square(1, 0, 0, last)
        above = yield Ge(schatten(E + last * F, 1) ** 2, (1 + absolute(t)) ** 2), by.linear((square, -1))
        sides.append((yield Ge(schatten(E + last * F, 1), 1 + absolute(t)), basic.by_squares(above)))
    here = yield from nuclear_square(1, 0, 0, 0)
    one = yield Eq(schatten(E, 1), 1), by.raised(here, HALF)
    yield goal, by.linear(*sides, (one, 2))
