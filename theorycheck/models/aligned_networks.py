"""Networks whose layers share their singular vectors, so that the spectrum of the neural tangent kernel is known.

W_l = Q_l D_l Q_(l-1)^T with orthogonal Q_l and rectangular diagonal D_l. Theta[M] = sum_l P_l P_l^T M R_l^T R_l with the
products P_l = W_L .. W_(l+1), R_l = W_(l-1) .. W_1 then has the eigenvectors q_i q_j^T of columns of Q_L and Q_0.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import Any

from flint import fmpq

from theorycheck.domain import Env, Source, rational, rational_matrix
from theorycheck.evaluate.values import Rows, add, inner, matmul, scale
from theorycheck.models.costs import conjugate, orthogonal
from theorycheck.models.dented import PL_CONSTANT, Dented
from theorycheck.models.networks import Layers, positive, transpose

Values = dict[int, tuple[Any, ...]]


def rotations(source: Source, env: Env) -> Layers:
    """An orthogonal matrix for every layer boundary."""
    return {l: orthogonal(source, n) for l, n in env["n"].items()}


def values(source: Source, env: Env) -> Values:
    """The min(n_l, n_(l-1)) diagonal entries of every layer, zeros and ties among them."""
    n = env["n"]

    def entry() -> Any:
        return fmpq(0) if source.integer(0, 5) == 5 else positive(source)

    return {l: tuple(entry() for _ in range(min(n[l], n[l - 1]))) for l in range(1, env["L"] + 1)}


def layers(env: Env) -> Layers:
    """W_l = Q_l D_l Q_(l-1)^T."""
    return {l: matmul(matmul(env["Q"][l], _wide(d, env, l)), transpose(env["Q"][l - 1])) for l, d in env["d"].items()}


def _wide(d: tuple[Any, ...], env: Env, l: int) -> Rows:
    rows, cols = env["n"][l], env["n"][l - 1]
    return tuple(tuple(d[i] if i == j else fmpq(0) for j in range(cols)) for i in range(rows))


def eigenvalue(env: Env, i: int, j: int) -> Any:
    """Of the eigenvector q_i q_j^T: the sum over l of the squares of the i-th entries above l and the j-th ones below."""
    d, L = env["d"], env["L"]

    def along(k: int, layers: range) -> Any:
        return reduce(lambda a, l: a * (d[l][k] if k < len(d[l]) else fmpq(0)), layers, fmpq(1)) ** 2

    return sum((along(i, range(l + 1, L + 1)) * along(j, range(1, l)) for l in range(1, L + 1)), fmpq(0))


def lowest(env: Env) -> tuple[int, int]:
    n, L = env["n"], env["L"]
    return min(((i, j) for i in range(n[L]) for j in range(n[0])), key=lambda k: eigenvalue(env, *k))


def least_eigenvalue(env: Env) -> Any:
    return eigenvalue(env, *lowest(env))


def least_eigenvector(env: Env) -> Rows:
    """Of norm 2."""
    i, j = lowest(env)
    Q, L = env["Q"], env["L"]
    return tuple(tuple(2 * row[i] * other[j] for other in Q[0]) for row in Q[L])


# --- costs ----------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class RowQuadratic:
    """C(A) = 1/2 Tr[(A - T) H (A - T)^T] + least; `curvatures` are the eigenvalues of H, zeros among them."""

    hessian: Rows
    target: Rows
    curvatures: tuple[Any, ...]
    least: Any

    def __str__(self) -> str:
        return f"1/2 Tr[(A-T) H (A-T)^T] + {self.least}"

    def value(self, x: Rows) -> Any:
        d = add(x, scale(fmpq(-1), self.target))
        return fmpq(1, 2) * inner(d, matmul(d, self.hessian)) + self.least

    def gradient(self, x: Rows) -> Rows:
        found: Rows = matmul(add(x, scale(fmpq(-1), self.target)), self.hessian)
        return found

    def has_pl(self, beta: Any) -> bool:
        return all(c == 0 or c >= beta for c in self.curvatures)


def pl_cost(source: Source, env: Env) -> RowQuadratic | Dented:
    """A cost of n_L x n_0 matrices that is beta-PL: one in three not convex, the others quadratic."""
    n, L, beta = env["n"], env["L"], env["beta"]
    target, least = rational_matrix(source, n[L], n[0]), rational(source)
    if source.integer(0, 2) == 2:
        p, q = orthogonal(source, n[L]), orthogonal(source, n[0])
        axis = tuple(tuple(a[0] * b[0] for b in q) for a in p)
        return Dented(axis, target, beta / PL_CONSTANT + abs(rational(source)), least)
    kinds = [source.integer(0, 3) for _ in range(n[0])]
    curvatures = [fmpq(0) if k == 0 else beta if k == 1 else beta + rational(source, positive=True) for k in kinds]
    return RowQuadratic(conjugate(orthogonal(source, n[0]), curvatures), target, tuple(curvatures), least)


def along_the_least(env: Env, A: Rows) -> RowQuadratic:
    """The cost beta/2 |A - T|^2 with A - T the least eigenvector: the equality case."""
    size, beta = env["n"][0], env["beta"]
    equal = tuple(tuple(beta if i == j else fmpq(0) for j in range(size)) for i in range(size))
    return RowQuadratic(equal, add(A, scale(fmpq(-1), least_eigenvector(env))), (beta,) * size, fmpq(0))
