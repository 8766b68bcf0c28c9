"""Matrices of the theme `matrices`: ordered ones, blocks, bounded ones; an equality case."""

from fractions import Fraction

from flint import fmpq

from theorycheck.domain import Domain, derived, drawn, hypothesis, matrix, real, size
from theorycheck.enclose.linear import is_positive_semidefinite
from theorycheck.evaluate.values import evaluate, flint_matrix, identity, scale
from theorycheck.tree import Ge, Gt, Psd, eye, inner, mat, norm, sym, vec

n, m, eps, s, c, l = (sym(name) for name in ("n", "m", "eps", "s", "c", "l"))
A, B, D, M = (mat(name, n, n) for name in "ABDM")
P, R = mat("P", m, n), mat("R", m, n)
u, v, b = vec("u", n), vec("v", n), vec("b", n)
NINE = Fraction(9, 10)

squares = Domain(
    "square matrices A, B, D, vectors u, v, a number eps > 0",
    (
        size("n"),
        *(matrix(name, n, n) for name in "ABD"),
        matrix("u", n, 1),
        matrix("v", n, 1),
        real("eps", above=0),
    ),
)
loewner = Domain(
    "symmetric A <= B, matrices M, P, R, a vector u",
    (
        size("n"),
        size("m", most=2),
        matrix("P", m, n),
        matrix("R", m, n),
        matrix("M", n, n),
        matrix("u", n, 1),
        derived("A", lambda env: evaluate(M + M.T, env)),
        derived("B", lambda env: evaluate(M + M.T + R.T @ R, env)),
    ),
    (hypothesis("A <= B", Psd(B - A)),),
)
bounded = Domain(
    "a symmetric A <= l I, a vector u",
    (
        size("n"),
        size("m", most=2),
        matrix("R", m, n),
        real("l"),
        matrix("u", n, 1),
        derived("A", lambda env: evaluate(l * eye(n) - R.T @ R, env)),
    ),
    (hypothesis("A <= l I", Psd(l * eye(n) - A)),),
)


def block_is_psd(env):
    """Whether [[A, b], [b^T, c]] is positive semidefinite."""
    rows = [(*row, *end) for row, end in zip(env["A"], env["b"], strict=True)]
    return is_positive_semidefinite(flint_matrix((*rows, (*(x for (x,) in env["b"]), env["c"])))) is True


blocks = Domain(
    "a positive semidefinite block matrix [[A, b], [b^T, c]] with c > 0, a vector u",
    (
        size("n"),
        size("m", most=2),
        matrix("R", m, n),
        drawn("w", lambda source, env: tuple((fmpq(source.integer(-3, 3)),) for _ in range(env["m"]))),
        derived("A", lambda env: evaluate(R.T @ R, env)),
        derived("b", lambda env: evaluate(R.T @ vec("w", m), env)),
        derived("c", lambda env: evaluate(norm(vec("w", m)) ** 2, env)),
        matrix("u", n, 1),
    ),
    (
        hypothesis(
            "the block matrix is positive semidefinite",
            Ge(inner(v, A @ v) + 2 * s * inner(b, v) + s**2 * c, 0),
            variables=("v", "s"),
            test=block_is_psd,
        ),
        hypothesis("c > 0", Gt(c, 0)),
    ),
)


def parallel(source, env):
    """v a multiple of u, A of the identity and B = A."""
    value = fmpq(source.integer(1, 3))
    same = scale(value, identity(env["n"]))
    return {**env, "v": scale(value, env["u"]), "A": same, "B": same}
