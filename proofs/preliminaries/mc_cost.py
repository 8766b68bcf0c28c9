"""The matrix completion cost C(A) = sum_i (A_{k_i m_i} - A*_{k_i m_i})^2 / N: symbols, instances, and shared lines.

With e_k and f_m the standard basis vectors, r_i = e_{k_i}^T (A - A*) f_{m_i} are the residuals.
"""

from flint import fmpq

from theorycheck.domain import Domain, derived, drawn, hypothesis, index, matrix, size
from theorycheck.exact import matrix_rules as matrices, rules as by
from theorycheck.models.completion import are_apart, are_units, basis, minimizer, not_apart, observed_number, of_another_length
from theorycheck.tree import Eq, Ge, gradient_of, inner, mat, norm, scalars, sym, total, vectors

n_0, n_L, N, C_min = sym("n_0"), sym("n_L"), sym("N"), sym("C_min")
i, j, a, b = sym("i"), sym("j"), sym("a"), sym("b")
k, m = scalars("k"), scalars("m")
e, f = vectors("e", n_L), vectors("f", n_0)
A, B, A_true, A_min = (mat(name, n_L, n_0) for name in ("A", "B", "A_true", "A_min"))


def entry(M, x, y):
    return inner(e[x], M @ f[y])


def C(M):
    """The cost."""
    return total(i, 1, N, entry(M - A_true, k[i], m[i]) ** 2) / N


gradient = gradient_of(C(A), A)


def r(x):
    """The residual of observation x."""
    return entry(A - A_true, k[x], m[x])


def same_row(x, y):
    return inner(e[k[x]], e[k[y]])


def same_column(x, y):
    return inner(f[m[x]], f[m[y]])


def standard(name, x):
    """The standard basis: unit vectors, two of them equal or orthogonal."""
    p, q = x[a], x[b]
    return (
        hypothesis(
            f"{name}: unit vectors",
            Eq(inner(p, p), 1),
            variables=("a",),
            test=lambda env: are_units(env[name]),
            breaks=of_another_length(name),
        ),
        hypothesis(
            f"{name}: equal or orthogonal",
            Eq(inner(p, q) * p, inner(p, q) * q),
            variables=("a", "b"),
            test=lambda env: are_apart(env[name]),
            breaks=not_apart(name),
        ),
    )


domain = Domain(
    "any N observed entries of a matrix, repeated ones included",
    (
        size("n_0"),
        size("n_L"),
        size("N", most=4),
        observed_number("k", "n_L"),
        observed_number("m", "n_0"),
        basis("e", "n_L"),
        basis("f", "n_0"),
        index("i", 1, N),
        index("j", 1, N),
        matrix("A_true", n_L, n_0),
        matrix("A", n_L, n_0),
        matrix("B", n_L, n_0),
        drawn("A_min", minimizer),
        derived("C_min", lambda env: fmpq(0)),
    ),
    (
        *standard("e", e),
        *standard("f", f),
        hypothesis("C_min is attained", Eq(C_min, C(A_min)), 59),
        hypothesis("C_min is the minimum", Ge(C(B), C_min), 59, variables=("B",), test=lambda env: env["C_min"] <= 0),
    ),
)


def overlap():
    """d_ij r_i r_j = d_ij r_i^2, as observations of one entry err alike; and d_ij^2 = d_ij, row and column apart."""
    p, q = same_row(i, j), same_column(i, j)
    D = A - A_true
    rows = yield Eq(p * e[k[i]], p * e[k[j]]), by.given("e: equal or orthogonal", a=k[i], b=k[j])
    cols = yield Eq(q * f[m[i]], q * f[m[j]]), by.given("f: equal or orthogonal", a=m[i], b=m[j])
    left = yield Eq(p * entry(D, k[i], m[i]), p * entry(D, k[j], m[i])), matrices.multiplied(rows, right=(D @ f[m[i]]).T)
    right = yield Eq(q * entry(D, k[j], m[i]), q * r(j)), matrices.multiplied(cols, left=e[k[j]].T @ D)
    same = yield Eq(p * q * r(i) * r(j), p * q * r(i) ** 2), by.linear((left, -q * r(i)), (right, -p * r(i)))
    p_twice = yield Eq(p**2, p * inner(e[k[j]], e[k[j]])), matrices.multiplied(rows, left=e[k[j]].T)
    p_once = yield Eq(p**2, p), by.linear(p_twice, using=["e: unit vectors"])
    q_twice = yield Eq(q**2, q * inner(f[m[j]], f[m[j]])), matrices.multiplied(cols, left=f[m[j]].T)
    q_once = yield Eq(q**2, q), by.linear(q_twice, using=["f: unit vectors"])
    return same, p_once, q_once


def least_value():
    """C_min >= 0."""
    wrong = entry(A_min - A_true, k[i], m[i])
    one = yield Ge(wrong**2, 0), by.linear(squares=[(1, wrong)])
    every = yield Ge(total(i, 1, N, wrong**2), 0), by.termwise(one, i)
    return (yield Ge(C_min, 0), by.linear((every, 1 / N), using=["C_min is attained"]))


def slack():
    """Lines that keep a weaker claim proved: C >= C_min and |grad C|^2 >= 0."""
    above = yield Ge(C(A), C_min), by.given("C_min is the minimum", B=A)
    square = yield Ge(norm(gradient) ** 2, 0), by.linear(squares=[(1, gradient)])
    return [above, square]
