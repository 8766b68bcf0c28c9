"""Instances about balanced networks: layers Q_l diag(t) Q_(l-1)^T with frames Q_l, their matrix, their motions, their
singular value decompositions. `env` holds the depth L, the widths n_0 .. n_L, the layers W and, where they are used, Q."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import arb, fmpq

from theorycheck.domain import Env, Source, rational_matrix
from theorycheck.enclose.linear import exact_rank, schatten_power
from theorycheck.enclose.spectrum import singular_values
from theorycheck.evaluate.values import Rows, add, evaluate, flint_matrix, identity, inner, matmul, scale
from theorycheck.models.costs import diagonal, orthogonal
from theorycheck.models.networks import Layers, positive, transpose
from theorycheck.tree import Node

Decompositions = dict[int, tuple[Rows, Rows, Rows]]


# --- draws ---------------------------------------------------------------------------------------------------------------
def wide(source: Source, env: Env) -> dict[int, int]:
    """Widths n_0 .. n_L with every hidden one at least min(n_0, n_L)."""
    ends = {0: source.integer(1, 3), env["L"]: source.integer(1, 3)}
    hidden = {place: source.integer(min(ends.values()), 3) for place in range(1, env["L"])}
    return dict(sorted({**hidden, **ends}.items()))


def rank(source: Source, env: Env) -> int:
    """A rank 1 .. min n_l."""
    return source.integer(1, min(env["n"].values()))


def power_of_a_root(source: Source, env: Env) -> Any:
    """A positive number with a rational L-th root."""
    return positive(source) ** env["L"]


def any_root(source: Source, env: Env) -> Any:
    """As `power_of_a_root`, or zero."""
    return source.integer(0, 2) ** env["L"] * power_of_a_root(source, env)


def positive_definite(source: Source, env: Env) -> Rows:
    """I + B^T B of the size n_(l-1)."""
    b = rational_matrix(source, env["n"][env["l"] - 1], env["n"][env["l"] - 1])
    found: Rows = add(matmul(transpose(b), b), identity(len(b)))
    return found


def first_order_motion(source: Source, env: Env, layers: Layers) -> Layers:
    """dW_l = W_l M_(l-1) - M_l W_l, with M_0 = M_L = 0, and any motion off the frames on both sides: it keeps the matrix."""
    n, q, found = env["n"], env["Q"], {}
    free = {a: rational_matrix(source, n[a], n[a]) if 0 < a < env["L"] else scale(fmpq(0), identity(n[a])) for a in n}
    for a, x in layers.items():
        turning = add(matmul(x, free[a - 1]), scale(fmpq(-1), matmul(free[a], x)))
        found[a] = add(turning, matmul(matmul(_off(q[a]), rational_matrix(source, n[a], n[a - 1])), _off(q[a - 1])))
    return found


def _off(frame: Rows) -> Rows:
    """The projection I - Q Q^T."""
    found: Rows = add(identity(len(frame)), scale(fmpq(-1), matmul(frame, transpose(frame))))
    return found


def decompositions(source: Source, env: Env) -> Decompositions:
    """U_l, S_l, V_l of balanced layers of the largest rank: orthogonal O_l, O_(l-1) with signs, roots in decreasing order."""
    n, depth = env["n"], env["L"]
    bases = {place: orthogonal(source, size) for place, size in n.items()}
    roots = sorted((positive(source) for _ in range(min(n.values()))), reverse=True)
    found = {}
    for place in range(1, depth + 1):
        signs = [fmpq(source.integer(0, 1) * -2 + 1) for _ in range(3)]
        middle = tuple(
            tuple(roots[a] if a == b < len(roots) else fmpq(0) for b in range(n[place - 1])) for a in range(n[place])
        )
        u, v = (matmul(bases[at], diagonal(signs[: n[at]])) for at in (place, place - 1))
        found[place] = u, middle, v
    return found


# --- derived values ------------------------------------------------------------------------------------------------------
def layers_by(layer: Node, index: str = "l") -> Callable[[Env], Layers]:
    """The layers 1 .. L that a tree in the index gives."""
    return lambda env: {place: evaluate(layer, {**env, index: place}) for place in range(1, env["L"] + 1)}


def turned(env: Env, name: str = "Psi") -> Layers:
    """The layers with their hidden spaces rotated: the same matrix, the same norm."""
    turns = {place: identity(size) for place, size in env["n"].items()}
    turns |= {place: tuple(reversed(turns[place])) for place in range(1, env["L"])}
    return {place: matmul(matmul(turns[place], x), transpose(turns[place - 1])) for place, x in env[name].items()}


def stretched(env: Env) -> Layers:
    """The same matrix by other parameters: hidden spaces rotated, the first layer doubled and the last one halved."""
    layers = turned(env)
    layers[1] = scale(fmpq(2), layers[1])
    return {**layers, env["L"]: scale(fmpq(1, 2), layers[env["L"]])}


def recomposed(env: Env) -> Layers:
    """W_l = U_l S_l V_l^T of the drawn decompositions `svd`."""
    return {place: matmul(matmul(u, d), transpose(v)) for place, (u, d, v) in env["svd"].items()}


def composed(env: Env) -> Layers:
    """U_l S_l V_l^T of the instance's own factors."""
    return {place: matmul(matmul(env["U"][place], s), transpose(env["V"][place])) for place, s in env["S"].items()}


# --- one hypothesis broken (see `Fact.breaks`) -----------------------------------------------------------------------------
def longer_frames(name: str) -> Callable[[Source, Env], Env]:
    """The frames of one layer twice as long, and its values half as large; or of all layers."""

    def breaks(source: Source, env: Env) -> Env:
        one, every = source.integer(1, env["L"]), source.integer(0, 1)
        chosen = [k for k in env["S"] if every or k == one]
        twice = {**env[name], **{k: scale(fmpq(2), env[name][k]) for k in chosen}}
        return {**env, name: twice, "S": {**env["S"], **{k: scale(fmpq(1, 2), env["S"][k]) for k in chosen}}}

    return breaks


def not_balanced(source: Source, env: Env) -> Env:
    """One layer twice as large, with its values; or diag(2, 1) and the same with its right frame turned."""
    if source.integer(0, 1):
        one = source.integer(1, env["L"])
        return {**env, **{name: {**env[name], one: scale(fmpq(2), env[name][one])} for name in ("W", "S")}}
    plain, values = identity(2), ((fmpq(2), fmpq(0)), (fmpq(0), fmpq(1)))
    turned_ = ((fmpq(3, 5), fmpq(-4, 5)), (fmpq(4, 5), fmpq(3, 5)))
    moved = {**env, "L": 2, "n": {0: 2, 1: 2, 2: 2}, "l": 2, "U": {1: plain, 2: plain}, "V": {1: plain, 2: turned_}}
    moved["S"] = {1: values, 2: values}
    return {**moved, "W": composed(moved)}


# --- tests of hypotheses -------------------------------------------------------------------------------------------------
def is_balanced(env: Env) -> bool:
    """W_(l+1)^T W_(l+1) = W_l W_l^T for all l."""
    w = env["W"]
    return all(matmul(transpose(w[a + 1]), w[a + 1]) == matmul(w[a], transpose(w[a])) for a in range(1, env["L"]))


def orthonormal(name: str) -> Callable[[Env], bool]:
    """Whether a matrix, or each member of a family, has orthonormal columns."""

    def test(env: Env) -> bool:
        found = env[name].values() if isinstance(env[name], dict) else [env[name]]
        return all(matmul(transpose(x), x) == identity(len(x[0])) for x in found)

    return test


def adds_up(matrix: Node) -> Callable[[Env], bool]:
    """Whether the squared singular values of a matrix add up to its squared norm, and `rank` of them are positive."""

    def test(env: Env) -> bool:
        x = evaluate(matrix, env)
        values = singular_values(flint_matrix(x))
        squares = sum((v * v for v in values), arb(0))
        return bool(squares.contains(inner(x, x))) and sum(v > 0 for v in values) == exact_rank(flint_matrix(x))

    return test


def quasinorm_by_s(env: Env) -> bool:
    """Whether A has the singular values c s_i: three of their power sums, and the rank."""
    a, scaled = flint_matrix(env["A"]), [env["c"] * v for v in env["s"].values()]
    same = all(schatten_power(a, fmpq(p)).contains(sum((v**p for v in scaled), fmpq(0))) for p in (1, 2, 3))
    return same and exact_rank(a) in {0, env["r"]}
