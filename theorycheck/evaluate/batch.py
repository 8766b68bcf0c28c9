"""A tree at many instances of equal shapes at once, in float64: the same formulas as `values`, on stacks of arrays.

`env` maps names to: int (sizes and indices, the same for all samples); arrays of shape (B,) or (B, m, n), or numbers and
(m, n) arrays with a leading axis of 1 (the same for all samples); {index: any of these}; for functions and paths a list
with one object per sample, which is asked in exact numbers or balls, or one object whose methods take stacks.

What has no value at a sample (a root of a negative number, division by zero) is NaN there. Nothing here decides a claim;
`judge` does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from flint import fmpq
from numpy.typing import NDArray

from theorycheck.enclose.precision import working
from theorycheck.evaluate.numbers import Undefined
from theorycheck.evaluate.stacks import Batch, sample, size_of, stack
from theorycheck.evaluate.values import evaluate, lookup
from theorycheck.tree import Node
from theorycheck.tree.node import matrix_shape

Array = NDArray[np.float64]
EPS = float(np.finfo(np.float64).eps)


# --- values ---------------------------------------------------------------------------------------------------------------
def evaluate_batch(tree: Node, env: Batch) -> Array:
    """The values of a scalar tree, (B,), or of a matrix tree, (B, m, n)."""
    with np.errstate(all="ignore"):
        found = value(tree, env)
    return np.array(np.broadcast_to(found, (size_of(env), *np.shape(found)[1:])))


def value(t: Node, env: Batch) -> Any:
    """The values with a leading axis of B, or of 1 where all samples share them."""
    if t.head in PER_SAMPLE:
        return each(lambda e: evaluate(t, e), env)
    reader = READERS.get(t.head)
    if reader is None:
        raise Undefined(f"{t.head!r} has no numerical value")
    return reader(t, env)


def each(f: Callable[[dict[str, Any]], Any], env: Batch) -> Any:
    """A value sample by sample; NaN where it is undefined."""
    found = []
    with working(128):
        for b in range(size_of(env)):
            try:
                found.append(f(sample(env, b)))
            except Undefined:
                found.append(None)
    blank = next((stack([v]) * np.nan for v in found if v is not None), np.full(1, np.nan))
    return np.concatenate([blank if v is None else stack([v]) for v in found])


def _whole(t: Node, env: Batch) -> int:
    """An index, a size, a bound: a whole number that all samples share."""
    k = evaluate(t, {name: v for name, v in env.items() if isinstance(v, int | Mapping)})
    if not isinstance(k, fmpq) or k.denom() != 1:
        raise Undefined(f"the index {k} is not a whole number")
    return int(k.numer())


def _array(value: Any) -> Any:
    return np.full(1, float(value)) if isinstance(value, int | float) else value


def matching(c: Any, x: Any) -> Any:
    """Scalars (B,) shaped so that they multiply matrices (B, m, n)."""
    return c[:, None, None] if np.ndim(x) == 3 and np.ndim(c) == 1 else c


def _item(t: Node, env: Batch) -> Any:
    family, k = lookup(env, str(t.args[0])), _whole(t.nodes[0], env)
    if k not in family:
        raise Undefined(f"{t.args[0]} has no member {k}")
    return _array(family[k])


def _chain(t: Node, env: Batch) -> Any:
    layers = lookup(env, str(t.args[0]))
    hi, lo = (_whole(n, env) for n in t.nodes)
    if hi < lo - 1 or any(k not in layers for k in range(lo, hi + 1)):
        raise Undefined(f"the layers {hi} to {lo} of {t.args[0]} do not all exist")
    if hi == lo - 1:
        return np.eye(_whole(matrix_shape(t)[0], env))[None]
    return _product([layers[k] for k in range(hi, lo - 1, -1)])


def _product(factors: Sequence[Any]) -> Any:
    result = factors[0]
    for x in factors[1:]:
        if result.shape[-1] != x.shape[-2]:
            raise Undefined(f"the product of {result.shape[1:]} by {x.shape[1:]} is not defined")
        result = result @ x
    return result


def _add(t: Node, env: Batch) -> Any:
    return _total([value(n, env) for n in t.nodes])


def _total(values: Sequence[Any]) -> Any:
    result = values[0]
    for v in values[1:]:
        if result.shape[1:] != v.shape[1:]:
            raise Undefined(f"the sum of {result.shape[1:]} and {v.shape[1:]} is not defined")
        result = result + v
    return result


def _mul(t: Node, env: Batch) -> Any:
    result = np.ones(1)
    for n in t.nodes:
        v = value(n, env)
        result = matching(result, v) * matching(v, result)
    return result


def _div(t: Node, env: Batch) -> Any:
    top, bottom = (value(n, env) for n in t.nodes)
    return top / matching(np.where(bottom == 0, np.nan, bottom), top)


def _pow(t: Node, env: Batch) -> Any:
    base, e = t.nodes
    exponent = value(e, env)
    if base.head == "norm" and np.all(exponent == 2):
        x = value(base.nodes[0], env)
        return _inner(x, x)
    if base.head == "schatten" and e == base.nodes[1]:
        return _schatten_power(base, env)
    return _power(value(base, env), exponent)


def _power(x: Any, e: Any) -> Any:
    return np.where((x == 0) & (e < 0), np.nan, np.power(x, e))


def _mpow(t: Node, env: Batch) -> Any:
    base, e = value(t.nodes[0], env), value(t.nodes[1], env)
    k = float(e[0])
    if np.all(e == k) and k.is_integer() and k >= 0:
        return np.linalg.matrix_power(base, int(k))
    eye = np.eye(base.shape[-1])
    diagonal = _power(np.einsum("bii->bi", base), e[:, None])[:, :, None] * eye
    return np.where(np.any(base * (1 - eye) != 0, axis=(1, 2), keepdims=True), np.nan, diagonal)


def _over(t: Node, env: Batch) -> list[Any]:
    lo, hi = (_whole(n, env) for n in t.nodes[:2])
    return [value(t.nodes[2], {**env, str(t.args[0]): k}) for k in range(lo, hi + 1)]


def _sum(t: Node, env: Batch) -> Any:
    terms = _over(t, env)
    if terms:
        return _total(terms)
    inside = {**env, str(t.args[0]): _whole(t.nodes[0], env)}
    return np.zeros((1, *(_whole(n, inside) for n in t.nodes[2].shape or ())))


def _prod(t: Node, env: Batch) -> Any:
    result = np.ones(1)
    for x in _over(t, env):
        result = result * x
    return result


def _inner(a: Any, b: Any) -> Any:
    if a.shape[1:] != b.shape[1:]:
        raise Undefined(f"the scalar product of {a.shape[1:]} and {b.shape[1:]} is not defined")
    return (a * b).sum(axis=(1, 2))


def _singular_values(x: Any) -> Any:
    """Largest first; those below the rounding of the largest count as 0 (a small power would make them large)."""
    finite = np.isfinite(x).all(axis=(1, 2))
    values = np.linalg.svd(np.where(finite[:, None, None], x, 0.0), compute_uv=False)
    values = np.where(values <= 32 * EPS * max(x.shape[1:]) * values[:, :1], 0.0, values)
    return np.where(finite[:, None], values, np.nan)


def _schatten_power(t: Node, env: Batch) -> Any:
    values, p = _singular_values(value(t.nodes[0], env)), value(t.nodes[1], env)
    return np.where(p > 0, _power(values, p[:, None]).sum(axis=1), np.nan)


def _schatten(t: Node, env: Batch) -> Any:
    return _power(_schatten_power(t, env), 1 / value(t.nodes[1], env))


def _singular(t: Node, env: Batch) -> Any:
    """The number may differ between samples (the rank of a matrix)."""
    values = _singular_values(value(t.nodes[0], env))
    number = np.broadcast_to(value(t.nodes[1], env), len(values))
    exists = (number >= 1) & (number <= values.shape[1])
    chosen = np.take_along_axis(values, np.where(exists, number - 1, 0).astype(int)[:, None], axis=1)
    return np.where(exists, chosen[:, 0], np.nan)


def _call(t: Node, env: Batch, method: str) -> Any:
    f, x = lookup(env, str(t.args[0])), value(t.nodes[0], env)
    if t.nodes[0].shape != () and np.ndim(x) == 1:  # a point that is undefined in every sample
        return np.full(len(x), np.nan)
    if isinstance(f, list):
        inside = {"f": f, "x": x if len(x) == len(f) else np.repeat(x, len(f), axis=0)}
        return each(lambda e: getattr(e["f"], method)(e["x"]), inside)
    return getattr(f, method)(x)


def _zeros(t: Node, env: Batch) -> Any:
    return np.zeros((1, *(_whole(n, env) for n in matrix_shape(t))))


PER_SAMPLE = frozenset({"Dt", "gradient", "second", "integral", "limit", "expect", "prob", "sequences"})
READERS: dict[str, Callable[[Node, Batch], Any]] = {
    "num": lambda t, _: np.full(1, float(t.args[0])),  # type: ignore[arg-type]
    "sym": lambda t, env: _array(lookup(env, str(t.args[0]))),
    "item": _item,
    "chain": _chain,
    "add": _add,
    "neg": lambda t, env: -value(t.nodes[0], env),
    "mul": _mul,
    "div": _div,
    "pow": _pow,
    "mpow": _mpow,
    "sqrt": lambda t, env: np.sqrt(value(t.nodes[0], env)),
    "exp": lambda t, env: np.exp(value(t.nodes[0], env)),
    "log": lambda t, env: _log(value(t.nodes[0], env)),
    "abs": lambda t, env: np.abs(value(t.nodes[0], env)),
    "sign": lambda t, env: np.sign(value(t.nodes[0], env)),
    "min": lambda t, env: np.minimum(*(value(n, env) for n in t.nodes)),
    "sum": _sum,
    "prod": _prod,
    "matmul": lambda t, env: _product([value(n, env) for n in t.nodes]),
    "transpose": lambda t, env: np.swapaxes(value(t.nodes[0], env), 1, 2),
    "trace": lambda t, env: np.trace(value(t.nodes[0], env), axis1=1, axis2=2),
    "inner": lambda t, env: _inner(*(value(n, env) for n in t.nodes)),
    "norm": lambda t, env: norm(value(t.nodes[0], env)),
    "eye": lambda t, env: np.eye(_whole(matrix_shape(t)[0], env))[None],
    "zero": _zeros,
    "schatten": _schatten,
    "rank": lambda t, env: (_singular_values(value(t.nodes[0], env)) > 0).sum(axis=1).astype(float),
    "singular": _singular,
    "app": lambda t, env: _call(t, env, "value"),
    "grad": lambda t, env: _call(t, env, "gradient"),
    "at": lambda t, env: _call(t, env, "__call__"),
}


def _log(x: Any) -> Any:
    return np.log(np.where(x > 0, x, np.nan))


def norm(x: Any) -> Any:
    return np.sqrt(_inner(x, x))
