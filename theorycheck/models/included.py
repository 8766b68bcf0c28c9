"""Instances about networks inside wider ones: frames, blocks inside them, a rest outside; matrix costs that are not quadratic.

`env` holds the depth L, the widths n of the outer and m of the inner network, m_0 = n_0, m_L = n_L.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flint import fmpq

from theorycheck.domain import Env, Source, rational, rational_matrix
from theorycheck.evaluate import judge
from theorycheck.evaluate.values import Rows, add, evaluate, identity, inner, matmul, scale
from theorycheck.fact import Fact
from theorycheck.models.costs import diagonal, orthogonal
from theorycheck.models.networks import Layers, balanced, frame, frames, positive, transpose
from theorycheck.statement import Near
from theorycheck.tree import Ge, Le, Node, as_node, sym


@dataclass(frozen=True)
class MatrixCost:
    """C(A) = 1/2 |A - target|^2 + weight (<form, A>^2 - 1)^2: smooth, bounded below, not convex, and no entry is alone."""

    target: Rows
    form: Rows
    weight: Any

    def __str__(self) -> str:
        return "1/2 |A - target|^2 + weight (<form, A>^2 - 1)^2"

    def value(self, x: Rows) -> Any:
        off, well = add(x, scale(fmpq(-1), self.target)), self._well(x)
        return fmpq(1, 2) * inner(off, off) + self.weight * (well * well)

    def gradient(self, x: Rows) -> Rows:
        push = 4 * self.weight * (self._well(x) * inner(self.form, x))
        found: Rows = add(add(x, scale(fmpq(-1), self.target)), scale(push, self.form))
        return found

    def _well(self, x: Rows) -> Any:
        along = inner(self.form, x)
        return along * along - 1


def matrix_cost(source: Source, env: Env) -> MatrixCost:
    """A cost of n_L x n_0 matrices; often quadratic."""
    rows, cols = env["n"][env["L"]], env["n"][0]
    return MatrixCost(rational_matrix(source, rows, cols), rational_matrix(source, rows, cols), fmpq(source.integer(0, 2), 3))


@dataclass(frozen=True)
class AlignedMode:
    """Layers, a cost, singular vectors u_0 .. u_L of the layers to one value d, which the gradient carries into each other."""

    layers: Layers
    cost: MatrixCost
    vectors: Layers
    d: Any


def inner_widths(source: Source, env: Env) -> dict[int, int]:
    """Widths m_l <= n_l of the hidden layers, the same ends."""
    n, L = env["n"], env["L"]
    return {l: n[l] if l in (0, L) else source.integer(1, n[l]) for l in n}


def turned_frames(source: Source, env: Env) -> Layers:
    """The first m_l columns of an orthogonal matrix of size n_l."""
    return {l: frame(source, env["n"][l], env["m"][l]) for l in env["n"]}


def first_neurons(env: Env) -> Layers:
    """The first m_l columns of the identity: the inner network's neurons come first."""
    return {l: tuple(row[: env["m"][l]] for row in identity(env["n"][l])) for l in env["n"]}


def rotations(source: Source, env: Env) -> Layers:
    """Orthogonal matrices of the hidden layers, the identity at both ends."""
    n, L = env["n"], env["L"]
    return {l: identity(n[l]) if l in (0, L) else orthogonal(source, n[l]) for l in n}


def blocks(source: Source, env: Env) -> Layers:
    """The inner network: layers of shape m_l x m_(l-1), zero ones likely."""
    m = env["m"]
    return {
        l: scale(fmpq(0 if source.integer(0, 5) == 5 else 1), rational_matrix(source, m[l], m[l - 1]))
        for l in range(1, env["L"] + 1)
    }


def outside(source: Source, env: Env) -> Layers:
    """E_l = (1 - U_l U_l^T) M (1 - U_(l-1) U_(l-1)^T), M any matrix."""
    n, U = env["n"], env["U"]
    off = {l: add(identity(n[l]), scale(fmpq(-1), matmul(U[l], transpose(U[l])))) for l in n}
    return {l: matmul(matmul(off[l], rational_matrix(source, n[l], n[l - 1])), off[l - 1]) for l in range(1, env["L"] + 1)}


def placed(inner_name: str = "B", frames: str = "U", rest: str | None = None) -> Callable[[Env], Layers]:
    """W_l = U_l B_l U_(l-1)^T, and E_l."""

    def found(env: Env) -> Layers:
        U, B = env[frames], env[inner_name]
        inside = {l: matmul(matmul(U[l], B[l]), transpose(U[l - 1])) for l in B}
        return inside if rest is None else {l: add(x, env[rest][l]) for l, x in inside.items()}

    return found


def each(name: str, shows: Node, line: int, low: Node | int, high: Node | int, breaks: Near | None = None) -> Fact:
    """A hypothesis for all j from low to high, tested at every j; `breaks`: see `Fact`."""
    j, first, last = sym("j"), as_node(low), as_node(high)

    def test(env: Env) -> bool:
        ends = [int(evaluate(end, env).numer()) for end in (first, last)]
        return all((f := judge(shows, {**env, "j": k})).holds or f.agrees for k in range(ends[0], ends[1] + 1))

    return Fact(name, shows, (Ge(j, first), Le(j, last)), ("j",), source=f"line {line}", test=test, breaks=breaks)


# --- aligned modes ---------------------------------------------------------------------------------------------------------
def aligned_mode(source: Source, env: Env) -> AlignedMode:
    """Layers Q_l diag(d) Q_(l-1)^T, a quadratic cost whose target is Q_L diag(s) Q_0^T, and one of the modes."""
    n, L = env["n"], env["L"]
    r = source.integer(1, min(n.values()))
    Q, d = frames(source, n, r), [positive(source) for _ in range(r)]
    target = matmul(matmul(Q[L], diagonal([rational(source) for _ in range(r)])), transpose(Q[0]))
    cost = MatrixCost(target, scale(fmpq(0), target), fmpq(0))
    return AlignedMode(balanced(Q, d), cost, {l: tuple((row[0],) for row in q) for l, q in Q.items()}, d[0])
