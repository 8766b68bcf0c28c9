"""Inequalities between traces and norms: Cauchy-Schwarz, Young, products, the Loewner order, Schur complements."""

from fractions import Fraction

from tests.corpus.entering import pair, tempting, theme
from tests.corpus.matrix_domains import (
    NINE,
    A,
    B,
    D,
    M,
    P,
    R,
    b,
    blocks,
    bounded,
    c,
    eps,
    l,
    loewner,
    n,
    parallel,
    squares,
    u,
    v,
)
from theorycheck.exact import basic_rules as basic, matrix_rules as products, rules as by
from theorycheck.exact.cited import SUBMULTIPLICATIVE, TRIANGLE
from theorycheck.tree import Eq, Ge, Le, Psd, eye, inner, norm, num, trace

statement = theme("matrices", "Traces and norms in order", squares)


@pair(statement, "trace-of-square", near=parallel, factor=(n, 1))
def trace_of_square(factor):
    """(Tr A)^2 <= n |A|^2"""
    goal = yield Le(trace(A) ** 2, factor * norm(A) ** 2)
    yield goal, by.linear(squares=[(factor, A - trace(A) / n * eye(n))])


@pair(statement, "cauchy-schwarz", near=parallel, times=(1, NINE))
def cauchy_schwarz(times):
    """<u, v>^2 <= |u|^2 |v|^2"""
    goal = yield Le(inner(u, v) ** 2, times * norm(u) ** 2 * norm(v) ** 2)
    yield goal, by.linear(squares=[(Fraction(1, 2), u @ v.T - v @ u.T)])


@pair(statement, "trace-of-product", near=parallel, times=(1, NINE))
def trace_of_product(times):
    """Tr A^2 <= |A|^2"""
    goal = yield Le(trace(A @ A), times * norm(A) ** 2)
    yield goal, by.linear(squares=[(Fraction(1, 2), A - A.T)])


@pair(statement, "trace-of-gram", of=(A.T @ A, A @ A))
def trace_of_gram(of):
    """Tr A^T A >= 0"""
    goal = yield Ge(trace(of), 0)
    yield goal, by.sign()


@pair(statement, "young", four=(4, 5))
def young(four):
    """Young's inequality with a weight"""
    goal = yield Le(inner(u, v), eps * norm(u) ** 2 + norm(v) ** 2 / (four * eps))
    yield goal, by.linear(squares=[(eps, u - v / (2 * eps))])


@pair(statement, "commutator-bound", times=(4, 1))
def commutator_bound(times):
    """|AB - BA|^2 <= 4 |A|^2 |B|^2 (2 is the best constant)"""
    goal = yield Le(norm(A @ B - B @ A) ** 2, times * norm(A) ** 2 * norm(B) ** 2)
    one = yield Le(norm(A @ B) ** 2, norm(A) ** 2 * norm(B) ** 2), by.cite(SUBMULTIPLICATIVE, X=A, Y=B, a=n, b=n, c=n)
    two = yield Le(norm(B @ A) ** 2, norm(B) ** 2 * norm(A) ** 2), by.cite(SUBMULTIPLICATIVE, X=B, Y=A, a=n, b=n, c=n)
    yield goal, by.linear((one, 2), (two, 2), squares=[(1, A @ B + B @ A)])


@pair(statement, "three-factors", times=(1, NINE))
def three_factors(times):
    """|ABD|^2 <= |A|^2 |B|^2 |D|^2"""
    goal = yield Le(norm(A @ B @ D) ** 2, times * norm(A) ** 2 * norm(B) ** 2 * norm(D) ** 2)
    one = yield (
        Le(norm(A @ B @ D) ** 2, norm(A) ** 2 * norm(B @ D) ** 2),
        by.cite(SUBMULTIPLICATIVE, X=A, Y=B @ D, a=n, b=n, c=n),
    )
    two = yield Le(norm(B @ D) ** 2, norm(B) ** 2 * norm(D) ** 2), by.cite(SUBMULTIPLICATIVE, X=B, Y=D, a=n, b=n, c=n)
    yield goal, by.linear(one, (two, norm(A) ** 2))


@pair(statement, "reverse-triangle", power=(1, 2))
def reverse_triangle(power):
    """|A| - |B| <= |A - B|"""
    goal = yield Le(norm(A) - norm(B), norm(A - B) ** power)
    line = yield Le(norm(A), norm(A - B) + norm(B)), by.cite(TRIANGLE, A=A - B, B=B, a=n, b=n)
    yield goal, by.linear(line)


# --- the Loewner order ---------------------------------------------------------------------------------------------------
@pair(statement, "trace-is-monotone", domain=loewner, power=(1, 2))
def trace_is_monotone(power):
    """A <= B gives Tr A <= Tr B"""
    goal = yield Le(trace(A**power), trace(B**power))
    order = yield Psd(B - A), by.given("A <= B")
    yield goal, by.congruence(order, eye(n))


@pair(statement, "sandwich", domain=loewner, left=(M.T, eye(n)))
def sandwich(left):
    """A <= B gives Tr M^T A M <= Tr M^T B M"""
    goal = yield Le(trace(left @ A @ M), trace(left @ B @ M))
    order = yield Psd(B - A), by.given("A <= B")
    yield goal, by.congruence(order, M)


@pair(statement, "square-is-not-monotone", domain=loewner, form=(trace, lambda x: inner(u, x @ u)))
def square_is_not_monotone(form):
    """0 <= A <= B gives Tr A^2 <= Tr B^2, but not A^2 <= B^2"""
    low, high = R.T @ R, R.T @ R + P.T @ P
    goal = yield Le(form(low @ low), form(high @ high))
    yield goal, by.linear(squares=[(2, P @ R.T), (1, P.T @ P)])


@pair(statement, "rayleigh", domain=bounded, power=(2, 1))
def rayleigh(power):
    """A <= l I gives <u, A u> <= l |u|^2"""
    goal = yield Le(inner(u, A @ u), l * norm(u) ** power)
    order = yield Psd(l * eye(n) - A), by.given("A <= l I")
    yield goal, by.congruence(order, u)


@pair(statement, "schur-complement", domain=blocks, times=(1, 2))
def schur_complement(times):
    """A >= b b^T / c where the block matrix is positive semidefinite"""
    goal = yield Ge(inner(u, A @ u), times * inner(b, u) ** 2 / c)
    place = -inner(b, u) / c
    line = yield (
        Ge(inner(u, A @ u) + 2 * place * inner(b, u) + place**2 * c, 0),
        by.given("the block matrix is positive semidefinite", v=u, s=place),
    )
    yield goal, by.linear(line)


@pair(statement, "norms-by-squares", domain=squares, relation=(Le, Eq))
def norms_by_squares(relation):
    """|A u| <= |A| |u|"""
    goal = yield relation(norm(A @ u), norm(A) * norm(u))
    squared = Le(norm(A @ u) ** 2, norm(A) ** 2 * norm(u) ** 2)
    line = yield squared, by.cite(SUBMULTIPLICATIVE, X=A, Y=u, a=n, b=n, c=num(1))
    yield goal, basic.by_squares(line)


@tempting("matrices.square-is-not-monotone-near")
def times_itself():
    """B^2 - A^2 = (B - A)(B + A), a product of two positive semidefinite matrices"""
    low, high = R.T @ R, R.T @ R + P.T @ P
    goal = yield Le(inner(u, low @ low @ u), inner(u, high @ high @ u))
    yield goal, by.linear(squares=[(1, P.T @ P @ u), (2, R @ P.T @ P @ u)])


@tempting("matrices.sandwich-near")
def one_sided():
    """The order multiplied by M from the right"""
    goal = yield Le(trace(eye(n) @ A @ M), trace(eye(n) @ B @ M))
    order = yield Psd(B - A), by.given("A <= B")
    plain = yield Le(trace(A), trace(B)), by.congruence(order, eye(n))
    yield goal, by.linear((plain, trace(M)))


@tempting("matrices.trace-of-product-near")
def symmetric_part():
    """As if A were symmetric"""
    goal = yield Le(trace(A @ A), NINE * norm(A) ** 2)
    same = yield Eq(trace(A @ A), trace(A.T @ A.T)), by.identity()
    yield goal, products.scaled(same, same)
