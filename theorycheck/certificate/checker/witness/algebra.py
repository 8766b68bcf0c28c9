"""Matrices at an instance: products of layers, powers, traces, norms, ranks and singular values."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from ..core import Node, NotCovered, need
from .evaluate import READERS, Env, given, value, values, whole
from .matrices import Rows, identity, inner, plus, product, rank, singular_values, transposed
from .numbers import NoValue, divide, known_sign, power


def _chain(t: Node, env: Env) -> Rows:
    """The product of the layers lo to hi. Each is n_k x n_(k-1), as the sizes n_hi x n_(lo-1) of the product say."""
    layers, (hi, lo) = given(env, t.args[0]), (whole(x, env) for x in t.trees)
    need(isinstance(layers, dict) and hi >= lo - 1, f"a product of the layers {hi} to {lo}")
    need(all(k in layers for k in range(lo, hi + 1)), f"the witness has no layers {hi} to {lo} of {t.args[0]}")
    sizes = dict(zip((hi, lo - 1), _sizes(t, env), strict=True))
    if hi > lo:
        (rows, first), (cols, last) = ((s.args[0], s.trees[:1]) for s in t.shape or ())
        places = [whole(x, env) for x in first + last]
        if rows != cols or places != [hi, lo - 1] or any(s.head != "item" for s in t.shape or ()):
            raise NotCovered(f"layers of {t.args[0]} whose sizes are not known")
        sizes = {k: int(n) for k, n in given(env, rows).items()}
    result = identity(sizes[hi])
    for k in range(hi, lo - 1, -1):
        fits = isinstance(layers[k], tuple) and len(layers[k]) == sizes[k] and len(layers[k][0]) == sizes[k - 1]
        need(fits, f"the layer {k} of {t.args[0]} does not have its size")
        result = product(result, layers[k])
    return result


def _matmul(t: Node, env: Env) -> Any:
    first, *rest = values(t, env)
    for x in rest:
        first = product(first, x)
    return first


def _pow(t: Node, env: Env) -> Any:
    base, e = t.trees[0], value(t.trees[1], env)
    if base.head == "norm" and isinstance(e, fmpq) and e > 0 and (e / 2).denom() == 1:
        x = value(base.trees[0], env)
        return power(inner(x, x), e / 2)
    if base.head == "schatten" and t.trees[1] is base.trees[1]:
        return _power_sum(base, env)
    return power(value(base, env), e)


def _mpow(t: Node, env: Env) -> Rows:
    """A power of a diagonal matrix with entries >= 0, or a natural one."""
    x, e = values(t, env)
    n = len(x)
    if all(known_sign(x[i][j]) == 0 for i in range(n) for j in range(n) if i != j):
        return tuple(tuple(power(x[i][i], e) if i == j else fmpq(0) for j in range(n)) for i in range(n))
    need(isinstance(e, fmpq) and e.denom() == 1 and e >= 0, "a power of a matrix that is not diagonal")
    result = identity(n)
    for _ in range(int(e.numer())):
        result = product(result, x)
    return result


def _power_sum(t: Node, env: Env) -> Any:
    x, p = values(t, env)
    need(known_sign(p) == 1, "a Schatten norm needs p > 0")
    return plus([power(s, p) for s in singular_values(x)])


def _singular(t: Node, env: Env) -> Any:
    found, k = singular_values(value(t.trees[0], env)), whole(t.trees[1], env)
    need(1 <= k <= len(found), f"there is no singular value number {k}")
    return found[k - 1]


def _trace(t: Node, env: Env) -> Any:
    (x,) = values(t, env)
    if len(x) != len(x[0]):
        raise NoValue(f"the trace of a {len(x)} x {len(x[0])} matrix")
    return plus([x[i][i] for i in range(len(x))])


def _norm(t: Node, env: Env) -> Any:
    (x,) = values(t, env)
    return power(inner(x, x), fmpq(1, 2))


def _sizes(t: Node, env: Env) -> list[int]:
    return [whole(s, env) for s in t.shape or ()]


def _zero(t: Node, env: Env) -> Rows:
    rows, cols = _sizes(t, env)
    return tuple((fmpq(0),) * cols for _ in range(rows))


READERS.update(
    {
        "chain": _chain,
        "pow": _pow,
        "mpow": _mpow,
        "matmul": _matmul,
        "transpose": lambda t, env: transposed(value(t.trees[0], env)),
        "trace": _trace,
        "inner": lambda t, env: inner(*values(t, env)),
        "norm": _norm,
        "eye": lambda t, env: identity(_sizes(t, env)[0]),
        "zero": _zero,
        "schatten": lambda t, env: power(_power_sum(t, env), divide(fmpq(1), value(t.trees[1], env))),
        "singular": _singular,
        "rank": lambda t, env: rank(value(t.trees[0], env)),
    }
)
