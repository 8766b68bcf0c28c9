"""Instances of H = Tr[G^T A] on a deep linear network: G with a known rational SVD, and escape directions of H by its modes.

A direction uses some singular triples (u_i, s_i, v_i) of G: W_l = sum_i c_i w_l^i (w_(l-1)^i)^T with orthonormal w_l^i for
each l, w_0^i = v_i and w_L^i = +-u_i. Roots of L make its layers balls.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import Any

from flint import fmpq

from theorycheck.domain import Env, Source, rational
from theorycheck.enclose.precision import working
from theorycheck.evaluate import numbers as nb
from theorycheck.evaluate.values import Rows, add, matmul, scale
from theorycheck.models.costs import diagonal, orthogonal
from theorycheck.models.networks import Layers, transpose

BITS = 200


def column(matrix: Rows, k: int) -> Rows:
    return tuple((row[k],) for row in matrix)


def outer(a: Rows, b: Rows) -> Rows:
    return matmul(a, transpose(b))


# --- the matrix G --------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Decomposition:
    """Orthogonal U, V (rows) and singular values s_1 >= .. >= s_r >= 0."""

    left: Rows
    right: Rows
    values: tuple[Any, ...]


def svd(source: Source, env: Env) -> Decomposition:
    """Equal singular values and zeros are likely."""
    count = min(env["n"][0], env["n"][env["L"]])
    values = sorted((abs(rational(source)) for _ in range(count)), reverse=True)
    return Decomposition(orthogonal(source, env["n"][env["L"]]), orthogonal(source, env["n"][0]), tuple(values))


def indexed(part: Callable[[Decomposition, int], Any]) -> Callable[[Env], dict[int, Any]]:
    """A part of the decomposition `svd`, numbered from 1."""
    return lambda env: {k + 1: part(env["svd"], k) for k in range(len(env["svd"].values))}


def assembled(env: Env) -> Rows:
    """sum_k s_k u_k v_k^T."""
    return reduce(add, (scale(env["s"][k], outer(env["u"][k], env["v"][k])) for k in env["s"]))


# --- directions of one mode, as line 664 lists them ------------------------------------------------------------------------
def unit_vectors(source: Source, env: Env) -> Layers:
    """w_0 = v_i, w_L = +-u_i, between them the first columns of orthogonal matrices."""
    middle = {k: column(orthogonal(source, env["n"][k]), 0) for k in range(1, env["L"])}
    return {0: env["v"][env["i"]], **middle, env["L"]: scale(fmpq(env["epsilon"]), env["u"][env["i"]])}


def one_over_root_of_depth(env: Env) -> Any:
    with working(BITS):
        return nb.power(fmpq(env["L"]), fmpq(-1, 2))


def rank_one_layers(env: Env) -> Layers:
    """W_l = w_l w_(l-1)^T / sqrt(L)."""
    c = one_over_root_of_depth(env)
    with working(BITS):
        return {k: scale(c, outer(env["w"][k], env["w"][k - 1])) for k in range(1, env["L"] + 1)}


def almost_optimal(source: Source, env: Env) -> Env:
    """The second singular value 0.1% below the first, and the minus sign; the plus sign where there is only one."""
    values = {k: fmpq(1) if k == 1 else fmpq(999, 1000) for k in env["s"]}
    moved = {**env, "s": values, "i": min(2, env["r"]), "epsilon": -1 if env["r"] > 1 else 1}
    moved["G"] = assembled(moved)
    moved["w"] = unit_vectors(source, moved)
    return {**moved, "W": rank_one_layers(moved)}


# --- directions of any number of modes -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Modes:
    """The numbers of the singular values that a direction uses."""

    chosen: tuple[int, ...]


def modes(source: Source, env: Env) -> Modes:
    """Positive singular values (equal ones for L = 2), as many as fit into the network; none for a direction of speed 0."""
    room = min(env["n"].values())
    positive = [k for k in env["s"] if env["s"][k] > 0]
    if env["L"] == 2 and positive:
        value = env["s"][positive[source.integer(0, len(positive) - 1)]]
        positive = [k for k in positive if env["s"][k] == value]
    count = min(source.integer(0, 3) or 1, room, len(positive))
    zero = env["L"] > 2 and source.integer(0, 4) == 0
    return Modes(() if zero else tuple(positive[:count]))


def one_mode(source: Source, env: Env) -> Modes:
    """The modes of a direction whose layers have rank one."""
    return Modes(modes(source, env).chosen[:1])


def speed_of(env: Env) -> Any:
    """+-(L sum over the modes of s_i^(-2/(L-2)))^(-(L-2)/2); for L = 2 the common singular value; 0 without modes."""
    if not env["modes"].chosen:
        return fmpq(0)
    depth, values = env["L"], [env["s"][k] for k in env["modes"].chosen]
    with working(BITS):
        if depth == 2:
            return env["epsilon"] * values[0]
        weight = sum((nb.power(x, fmpq(-2, depth - 2)) for x in values), fmpq(0))
        return env["epsilon"] * nb.power(depth * weight, fmpq(2 - depth, 2))


def layers_of_direction(env: Env) -> Layers:
    """W_l = sum over the modes of c_i w_l^i (w_(l-1)^i)^T, c_i = (|speed|/s_i)^(1/(L-2)); without modes one entry of W_1."""
    sizes, last = env["n"], env["L"]
    if not env["modes"].chosen:
        blank = {k: tuple((fmpq(0),) * sizes[k - 1] for _ in range(sizes[k])) for k in range(1, last + 1)}
        return {**blank, 1: outer(column(env["frames"][1], 0), column(env["frames"][0], 0))}
    with working(BITS):
        parts = [_layers_of_mode(env, place, k) for place, k in enumerate(env["modes"].chosen)]
        return {q: reduce(add, (p[q] for p in parts)) for q in range(1, last + 1)}


def _layers_of_mode(env: Env, place: int, k: int) -> Layers:
    at, c = _vectors_of_mode(env, place, k), _size_of_mode(env, k)
    return {q: scale(c, outer(at[q], at[q - 1])) for q in range(1, env["L"] + 1)}


def _vectors_of_mode(env: Env, place: int, k: int) -> Layers:
    ends = {0: env["v"][k], env["L"]: scale(fmpq(env["epsilon"]), env["u"][k])}
    return {q: ends.get(q) or column(env["frames"][q], place) for q in range(env["L"] + 1)}


def _size_of_mode(env: Env, k: int) -> Any:
    if env["L"] == 2:
        return nb.power(fmpq(2 * len(env["modes"].chosen)), fmpq(-1, 2))
    return nb.power(nb.divide(abs(env["sigma"]), env["s"][k]), fmpq(1, env["L"] - 2))


def number_of_modes(env: Env) -> int:
    return max(1, len(env["modes"].chosen))


def frames_of_modes(env: Env) -> Layers:
    """Q_l with the columns w_l^i, one for each mode; without modes the first column of a frame."""
    parts = [_vectors_of_mode(env, place, k) for place, k in enumerate(env["modes"].chosen)]
    if not parts:
        return {q: column(env["frames"][q], 0) for q in range(env["L"] + 1)}
    return {q: transpose(tuple(transpose(p[q])[0] for p in parts)) for q in range(env["L"] + 1)}


def sizes_of_modes(env: Env) -> Rows:
    """The diagonal matrix S of the c_i, so that W_l = Q_l S Q_(l-1)^T."""
    with working(BITS):
        return diagonal([_size_of_mode(env, k) for k in env["modes"].chosen] or [fmpq(1)])


def with_modes(env: Env, chosen: tuple[int, ...], sign: int) -> Env:
    """The instance moved to the direction with the given modes and sign."""
    moved = {**env, "modes": Modes(chosen), "epsilon": sign}
    moved["sigma"] = speed_of(moved)
    return {**moved, "W": layers_of_direction(moved)}


def optimal_instance(source: Source, env: Env) -> Env:
    """The optimal direction, where the speed is -s_1 / L^((L-2)/2)."""
    return with_modes(env, (1,) if env["s"][1] > 0 else (), -1)


def three_modes(source: Source, env: Env) -> Env:
    """L = 3, G = diag(1, 1/5, 1/7), W_l = diag(1, 5, 7)/15: an escape direction of speed 1/15, exact."""
    unit = {k: tuple((fmpq(int(q == k)),) for q in range(1, 4)) for k in range(1, 4)}
    values = {1: fmpq(1), 2: fmpq(1, 5), 3: fmpq(1, 7)}
    plain = tuple(tuple(fmpq(int(p == q)) for q in range(3)) for p in range(3))
    moved = {**env, "L": 3, "n": dict.fromkeys(range(4), 3), "r": 3, "u": unit, "v": unit, "s": values, "l": 2, "h": 1}
    moved |= {"frames": dict.fromkeys(range(4), plain), "G": assembled(moved)}
    return with_modes(moved, (1, 2, 3), 1)


def three_modes_in_frames(source: Source, env: Env) -> Env:
    moved = three_modes(source, env)
    return {**moved, "m": 3, "Q": frames_of_modes(moved), "S": sizes_of_modes(moved), "lo": 1, "hi": 2}


def layer_vectors(env: Env) -> Layers:
    """w_l = W_l w_(l-1) / c with c = |W_1|, from the unit vector w_0 of the mode."""
    chosen = env["modes"].chosen
    found = {0: env["v"][chosen[0]] if chosen else column(env["frames"][0], 0)}
    with working(BITS):
        for k in range(1, env["L"] + 1):
            found[k] = scale(nb.divide(fmpq(1), env["c"]), matmul(env["W"][k], found[k - 1]))
    return found


def least_curved(source: Source, env: Env) -> dict[str, Any]:
    """Depth 2, V_2 = -q u_1 e_1^T and V_1 = q e_1 v_1^T: the direction of least curvature, for small and large q."""
    q = (fmpq(1, 2), fmpq(2))[source.integer(0, 1)]
    first = tuple((q * int(k == 0),) for k in range(env["n"][1]))
    return {**env, "V_2": scale(fmpq(-1), outer(env["u"][1], first)), "V_1": outer(first, env["v"][1])}
