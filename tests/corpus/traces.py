"""Traces, transposes and norms of products: identities that hold for all sizes, beside those that need matrices to commute."""

from fractions import Fraction

from tests.corpus.drawing import projector
from tests.corpus.entering import pair, tempting, theme
from theorycheck.domain import Domain, hypothesis, matrix, real, size
from theorycheck.exact import matrix_rules as matrices, rules as by
from theorycheck.tree import Eq, eye, inner, mat, norm, sym, trace, vec, zero

n, m, k, c = (sym(name) for name in ("n", "m", "k", "c"))
A, B, D = (mat(name, n, n) for name in "ABD")
X, Y, Z = mat("X", m, k), mat("Y", k, m), mat("Z", m, k)
u, v = vec("u", n), vec("v", n)

squares = Domain(
    "square matrices A, B, D and vectors u, v of one size, a number c",
    (size("n"), real("c"), *(matrix(name, n, n) for name in "ABD"), matrix("u", n, 1), matrix("v", n, 1)),
)
rectangles = Domain(
    "matrices X, Z (m x k) and Y (k x m)",
    (size("m"), size("k"), matrix("X", m, k), matrix("Y", k, m), matrix("Z", m, k)),
)
projectors = Domain("a projector A", (size("n"), projector("A")), (hypothesis("A is a projector", Eq(A @ A, A)),))

statement = theme("traces", "Traces of products", squares)


@pair(statement, "cyclic", order=((B, D, A), (B, A, D)))
def cyclic(order):
    """The trace of a product of three does not change when it is turned"""
    x, y, z = order
    goal = yield Eq(trace(A @ B @ D), trace(x @ y @ z))
    yield goal, by.identity()


@pair(statement, "two-sizes", domain=rectangles, right=(trace(Y @ X), trace(Y @ Z)))
def two_sizes(right):
    """Tr XY = Tr YX for rectangles"""
    goal = yield Eq(trace(X @ Y), right)
    yield goal, by.identity()


@pair(statement, "transposed-product", order=((B, A), (A, B)))
def transposed_product(order):
    """(AB)^T = B^T A^T"""
    goal = yield Eq((A @ B).T, order[0].T @ order[1].T)
    yield goal, by.identity()


@pair(statement, "commutator", outer=((trace, 0), (lambda x: x, zero(n, n))))
def commutator(outer):
    """A commutator has trace 0"""
    take, nothing = outer
    goal = yield Eq(take(A @ B - B @ A), nothing)
    yield goal, by.identity()


@pair(statement, "square-of-a-sum", take=(trace, lambda x: x))
def square_of_a_sum(take):
    """Tr (A+B)^2 = Tr (A^2 + 2AB + B^2)"""
    goal = yield Eq(take((A + B) @ (A + B)), take(A @ A + 2 * (A @ B) + B @ B))
    yield goal, by.identity()


@pair(statement, "cube-of-a-sum", last=(3, 2))
def cube_of_a_sum(last):
    """Tr (A+B)^3 = Tr A^3 + 3 Tr A^2 B + 3 Tr A B^2 + Tr B^3"""
    goal = yield Eq(
        trace((A + B) @ (A + B) @ (A + B)),
        trace(A @ A @ A) + 3 * trace(A @ A @ B) + last * trace(A @ B @ B) + trace(B @ B @ B),
    )
    yield goal, by.identity()


@pair(statement, "outer-product", right=(norm(u) ** 2 * norm(v) ** 2, inner(u, v) ** 2))
def outer_product(right):
    """|u v^T|^2 = |u|^2 |v|^2"""
    goal = yield Eq(norm(u @ v.T) ** 2, right)
    yield goal, by.identity()


@pair(statement, "parallelogram", domain=rectangles, two=(2, Fraction(19, 10)))
def parallelogram(two):
    """The parallelogram law"""
    goal = yield Eq(norm(X + Z) ** 2 + norm(X - Z) ** 2, two * (norm(X) ** 2 + norm(Z) ** 2))
    yield goal, by.identity()


@pair(statement, "polarization", domain=rectangles, quarter=(Fraction(1, 4), Fraction(1, 2)))
def polarization(quarter):
    """The scalar product from norms"""
    goal = yield Eq(inner(X, Z), quarter * (norm(X + Z) ** 2 - norm(X - Z) ** 2))
    yield goal, by.identity()


@pair(statement, "norm-of-product", left=(A.T @ A, A @ A.T))
def norm_of_product(left):
    """|AB|^2 = <A^T A, B B^T>"""
    goal = yield Eq(norm(A @ B) ** 2, inner(left, B @ B.T))
    yield goal, by.identity()


@pair(statement, "skew-form", right=(u, v))
def skew_form(right):
    """A skew form vanishes on equal vectors"""
    goal = yield Eq(inner(u, (A - A.T) @ right), 0)
    yield goal, by.identity()


@pair(statement, "complement", domain=projectors, times=(1, 2))
def complement(times):
    """I - A is a projector when A is"""
    goal = yield Eq((eye(n) - times * A) @ (eye(n) - times * A), eye(n) - times * A)
    yield goal, by.identity("A is a projector")


@pair(statement, "weighted-trace", left=(A + A.T, A))
def weighted_trace(left):
    """Against a symmetric matrix only the symmetric part counts"""
    goal = yield Eq(trace(left @ (B - B.T)), 0)
    yield goal, by.identity()


@tempting("traces.commutator-near")
def commutes():
    """From the trace back to the matrix"""
    goal = yield Eq(A @ B - B @ A, zero(n, n))
    none = yield Eq(trace(A @ B - B @ A), 0), by.identity()
    yield goal, matrices.vanishes(none)


@tempting("traces.cyclic-near")
def turned_twice():
    """A turn of two factors inside the product"""
    goal = yield Eq(trace(A @ B @ D), trace(B @ A @ D))
    turned = yield Eq(trace(A @ B), trace(B @ A)), by.identity()
    yield goal, matrices.multiplied(turned, right=D)
