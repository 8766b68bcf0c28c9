"""Claims that hold for n_0 = n_L only, for L = 2 only, for large w only, beside the same claim for all sizes."""

from fractions import Fraction

from tests.corpus.drawing import frame
from tests.corpus.entering import pair, tempting, theme
from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, index, matrix, real, size, widths
from theorycheck.exact import function_rules as functions, induction_rules as induction, matrix_rules as products, rules as by
from theorycheck.models.included import each
from theorycheck.models.networks import balanced_network
from theorycheck.tree import Eq, Ge, Gt, Le, eye, layers, mat, norm, num, scalars, sqrt, sym, trace, vec

n_0, n_L, L, w, N, h, l, j, c = (sym(name) for name in ("n_0", "n_L", "L", "w", "N", "h", "l", "j", "c"))
Q = mat("Q", n_L, n_0)
x, y = vec("x", n_0), vec("y", n_L)
n = scalars("n")
W = layers("W", n)
HALF = Fraction(1, 2)
WIDER = hypothesis("n_L >= n_0", Ge(n_L, n_0))
FRAME = hypothesis("Q is a frame", Eq(Q.T @ Q, eye(n_0)))


def with_frame(name, out, *facts):
    """A frame Q of n_L x n_0, and vectors."""
    vectors = (matrix("x", n_0, 1), matrix("y", n_L, 1))
    return Domain(name, (size("n_0", most=2), out, frame("Q", "n_L", "n_0"), *vectors), (FRAME, *facts))


tall = with_frame("frames Q of any n_L >= n_0", drawn("n_L", lambda s, env: s.integer(env["n_0"], 3), WIDER))
square = with_frame(
    "frames Q with n_0 = n_L", derived("n_L", lambda env: env["n_0"], WIDER), hypothesis("n_L is n_0", Eq(n_L, n_0))
)


def depths(name, most, *facts):
    """A depth L >= 2 and a number c > 0."""
    return Domain(name, (size("L", 2, most), real("c", above=0)), facts)


any_depth, two_layers = depths("L >= 2", 5), depths("L = 2", 2, hypothesis("L is 2", Eq(L, 2)))
balanced = Domain(
    "balanced layers W_1 .. W_L, an inner index l",
    (
        depth("L"),
        widths("n"),
        drawn("W", lambda source, env: balanced_network(source, env["n"])),
        index("l", 1, L - 1),
    ),
    (each("balanced", Eq(W[j + 1].T @ W[j + 1], W[j] @ W[j].T), 1, 1, L - 1),),
)


def wide(least, most=16):
    """Widths from `least` on."""
    return Domain(f"w >= {least}", (size("w", least, most),))


def long(least):
    """N >= least, and an index h from there to N."""
    return Domain(f"N >= {least}, an index h", (size("N", least, 8), index("h", least, N)))


statement = theme("widths", "Sizes, depths and widths", tall)


# --- n_0 = n_L only ------------------------------------------------------------------------------------------------------
@pair(statement, "orthonormal-rows", domain=(square, tall))
def orthonormal_rows():
    """Q^T Q = I gives Q Q^T = I for square Q only"""
    goal = yield Eq(Q @ Q.T, eye(n_L))
    none = yield Eq(norm(Q @ Q.T - eye(n_L)) ** 2, 0), by.identity("Q is a frame", "n_L is n_0")
    yield goal, products.vanishes(none)


@pair(statement, "isometry", sides=((Q @ x, x), (Q.T @ y, y)))
def isometry(sides):
    """|Q x| = |x|; the transpose of a tall frame shortens"""
    goal = yield Eq(norm(sides[0]) ** 2, norm(sides[1]) ** 2)
    yield goal, by.identity("Q is a frame")


@pair(statement, "trace-of-frame", count=(n_0, n_L))
def trace_of_frame(count):
    """Tr Q Q^T = n_0"""
    goal = yield Eq(trace(Q @ Q.T), count)
    yield goal, by.identity("Q is a frame")


@pair(statement, "transposed-isometry", domain=(square, tall))
def transposed_isometry():
    """|Q^T| = |I| on the side of n_L, for square Q only"""
    goal = yield Eq(norm(Q.T) ** 2, norm(eye(n_L)) ** 2)
    yield goal, by.identity("Q is a frame", "n_L is n_0")


# --- L = 2 only, and products of layers ----------------------------------------------------------------------------------
@pair(statement, "power-of-depth", domain=(two_layers, any_depth))
def power_of_depth():
    """c^(L-2) = 1 for L = 2 only"""
    goal = yield Eq(c ** (L - 2), 1)
    at_two = yield Eq(c ** (num(2) - 2), 1), by.identity()
    yield goal, functions.replaced(at_two, "L is 2")


@pair(statement, "root-of-depth", domain=(two_layers, any_depth))
def root_of_depth():
    """(c^2)^(1/L) = c for L = 2 only"""
    goal = yield Eq((c**2) ** (1 / L), c)
    at_two = yield Eq((c**2) ** (1 / num(2)), c), by.identity()
    yield goal, functions.replaced(at_two, "L is 2")


@pair(statement, "balanced-norms", domain=balanced, power=(1, 2))
def balanced_norms(power):
    """Balanced layers have equal norms"""
    goal = yield Eq(norm(W[l + 1]) ** 2, (norm(W[l]) ** 2) ** power)
    line = yield Eq(W[l + 1].T @ W[l + 1], W[l] @ W[l].T), by.given("balanced", j=l)
    yield goal, products.multiplied(line)


@pair(statement, "balanced-products", domain=balanced, right=(norm(W[l] @ W[l].T) ** 2, norm(W[l]) ** 4))
def balanced_products(right):
    """|W_(l+1) W_l|^2 = |W_l W_l^T|^2 for balanced layers"""
    goal = yield Eq(norm(W[l + 1] @ W[l]) ** 2, right)
    line = yield Eq(W[l + 1].T @ W[l + 1], W[l] @ W[l].T), by.given("balanced", j=l)
    yield goal, products.multiplied(line, right=W[l] @ W[l].T)


# --- large w only --------------------------------------------------------------------------------------------------------
@pair(statement, "ten-times", domain=(wide(10), wide(9)))
def ten_times():
    """10 w <= w^2 from w = 10 on"""
    goal = yield Le(10 * w, w**2)
    yield goal, by.sign()


@pair(statement, "squared-correction", domain=(wide(4), wide(3)))
def squared_correction():
    """(1 + 1/w)^2 <= 1 + 9/(4 w) from w = 4 on"""
    goal = yield Le((1 + 1 / w) ** 2, 1 + Fraction(9, 4) / w)
    line = yield Le(4, w), by.sign()
    yield goal, by.linear((line, 1 / (4 * w**2)))


@pair(statement, "root-of-width", domain=(wide(4), wide(3)))
def root_of_width():
    """2/w <= 1/sqrt(w) from w = 4 on"""
    goal = yield Le(2 / w, 1 / sqrt(w))
    line = yield Le(4, w), by.sign()
    root = yield Le(2, sqrt(w)), by.raised(line, HALF)
    yield goal, by.linear((root, 1 / w))


@pair(statement, "positive-probability", domain=(wide(2), wide(1)))
def positive_probability():
    """1 - 1/w > 0 from w = 2 on"""
    goal = yield Gt(1 - 1 / w, 0)
    line = yield Gt(w, 1), by.sign()
    yield goal, by.linear((line, 1 / w))


@pair(statement, "exponential-and-square", domain=(long(4), long(2)), least=(4, 2))
def exponential_and_square(least):
    """N^2 <= 2^N from N = 4 on (and at 2, but not at 3)"""

    def at(end):
        return Le(end**2, num(2) ** end)

    goal = yield at(N)
    base = yield at(num(least)), by.sign()
    here = yield at(h), induction.assumed()
    step = yield at(h + 1), by.under([Le(h + 1, N)], by.linear((here, 2)))
    line = yield at(h), induction.over(h, base, step)
    yield goal, by.cite(by.generic(line, [Ge(h, least), Le(h, N)], h), h=N)


@tempting("widths.orthonormal-rows-near")
def from_the_left():
    """Q (Q^T Q) = Q, with the last factor cancelled"""
    goal = yield Eq(Q @ Q.T, eye(n_L))
    line = yield Eq(Q @ Q.T @ Q, Q), by.identity("Q is a frame")
    yield goal, products.multiplied(line, right=Q.T)


@tempting("widths.isometry-near")
def both_ways():
    """As if Q Q^T were the identity on y"""
    goal = yield Eq(norm(Q.T @ y) ** 2, norm(y) ** 2)
    line = yield Eq(norm(Q @ Q.T @ y) ** 2, norm(Q.T @ y) ** 2), by.identity("Q is a frame")
    yield goal, by.linear(using=[line])
