"""Instances of H = Tr[G^T A] and its directions that break one hypothesis and keep the others (see `Fact.breaks`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flint import fmpq

from theorycheck.domain import Env, Source, Var, depth, index
from theorycheck.evaluate.values import Rows, scale
from theorycheck.models.costs import diagonal
from theorycheck.models.linear_form import rank_one_layers, unit_vectors, with_modes
from theorycheck.models.networks import Layers, transpose
from theorycheck.tree import Node


def unit_vector(size: int, k: int) -> Rows:
    return tuple((fmpq(int(q == k)),) for q in range(size))


def rebuilt(env: Env, **moved: Any) -> Env:
    """The instance with these values, and the layers made of them."""
    found = {**env, **moved}
    return {**found, "W": rank_one_layers(found)}


# --- the decomposition of G ------------------------------------------------------------------------------------------------
WIDE = ((fmpq(1), fmpq(0), fmpq(0)), (fmpq(0), fmpq(1, 2), fmpq(1, 2)))  # G^T has a part at v_2 (or u_2) that is not there


def _of(source: Source, env: Env, G: Rows) -> Env:
    """Two layers, s = (1, 1/2), with i = 2."""
    rows, cols = len(G), len(G[0])
    u, v = ({k: unit_vector(size, k - 1) for k in (1, 2)} for size in (rows, cols))
    one: dict[str, Any] = {"L": 2, "n": {0: cols, 1: 1, 2: rows}, "r": 2, "u": u, "v": v, "s": {1: fmpq(1), 2: fmpq(1, 2)}}
    one |= {"G": G, "l": source.integer(1, 2), "i": 2, "epsilon": 2 * source.integer(0, 1) - 1}
    one |= {"lo": 1, "hi": 2, "start": 1, "end": source.integer(0, 2), "h": 1, "j": 1}
    return _with_layers(source, {**env, **{k: x for k, x in one.items() if k in env}})


def _with_layers(source: Source, env: Env) -> Env:
    """The directions of line 664, the direction of the second mode, or any layers: what the domain has."""
    if "w" in env and "i" in env:
        return rebuilt(env, w=unit_vectors(source, env))
    if "modes" in env:
        plain = {k: diagonal([fmpq(1)] * size) for k, size in env["n"].items()}
        return with_modes({**env, "frames": plain}, (2,), env["epsilon"])
    n = env["n"]
    return {**env, "W": {k: ((fmpq(1),) * n[k - 1],) * n[k] for k in range(1, env["L"] + 1)}} if "W" in env else env


def one_row_too_many(source: Source, env: Env) -> Env:
    """G v_2 = s_2 u_2 + x with x orthogonal to all u."""
    return _of(source, env, transpose(WIDE))


def one_column_too_many(source: Source, env: Env) -> Env:
    return _of(source, env, WIDE)


# --- the directions of line 664 --------------------------------------------------------------------------------------------
def longer_inside(source: Source, env: Env) -> Env:
    """One of the vectors inside twice as long."""
    k = source.integer(1, int(env["L"]) - 1)
    return rebuilt(env, w={**env["w"], k: scale(fmpq(2), env["w"][k])})


def _other(vectors: Mapping[int, Rows], mode: int, sign: int) -> Rows:
    """The first singular vector for another one, minus the first one for itself."""
    return vectors[1] if mode != 1 else scale(fmpq(-sign), vectors[1])


def another_first_vector(source: Source, env: Env) -> Env:
    return rebuilt(env, w={**env["w"], 0: _other(env["v"], env["i"], 1)})


def another_last_vector(source: Source, env: Env) -> Env:
    return rebuilt(env, w={**env["w"], int(env["L"]): _other(env["u"], env["i"], env["epsilon"])})


def index_of_a_mode(i: Node, r: Node) -> Var:
    """The number of a mode; one beyond the last names vectors of which nothing is known."""
    own = index(str(i.args[0]), 1, r)
    low, high = own.facts
    return replace(own, facts=(low, replace(high, breaks=_one_more)))


def deep() -> Var:
    """The depth; with one layer H is linear."""
    own = depth("L")
    return replace(own, facts=(replace(own.facts[0], breaks=_one_layer),))


def _one_layer(source: Source, env: Env) -> Env:
    """G = diag(1, 1/2), a direction with i = 1 or 2."""
    u = {k: unit_vector(2, k - 1) for k in (1, 2)}
    i = source.integer(1, 2)
    one: dict[str, Any] = {"L": 1, "n": {0: 2, 1: 2}, "r": 2, "u": u, "v": u, "s": {1: fmpq(1), 2: fmpq(1, 2)}, "l": 1, "i": i}
    one |= {"epsilon": 1 if i == 1 else -1}
    one |= {"G": diagonal([fmpq(1), fmpq(1, 2)]), "lo": 1, "hi": 1, "start": 1, "end": source.integer(0, 1), "j": 1, "h": 1}
    return _with_layers(source, {**env, **{k: x for k, x in one.items() if k in env}})


def _one_more(source: Source, env: Env) -> Env:
    """u_(r+1), v_(r+1) are other vectors of the first mode, or of the plane."""
    last = int(env["r"]) + 1
    u, v = env["u"], env["v"]
    further: dict[str, Layers] = {"u": {**u, last: scale(fmpq(-1), u[1])}, "v": {**v, last: v[1]}}
    found = {**env, **further, "s": {**env["s"], last: fmpq(2) + env["s"][1]}, "i": last}
    return rebuilt(found, w=unit_vectors(source, found))
