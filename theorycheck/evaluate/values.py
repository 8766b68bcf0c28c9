"""A tree at an instance. `env` maps names to values:

sizes and indices: int; reals: fmpq or arb; matrices: rows as tuples of numbers; families and layers: {index: value};
functions: objects with `value(x)` and `gradient(x)` over rows of numbers; paths: callables of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import product
from typing import Any

from flint import acb, arb, arb_mat, ctx as flint_context, fmpq, fmpq_mat

from theorycheck.enclose.precision import working
from theorycheck.evaluate import numbers as nb
from theorycheck.evaluate.numbers import Absent, Jet, Missing, Num, Unclear, Undefined
from theorycheck.evaluate.remembering import Remembering, inside
from theorycheck.tree import Node
from theorycheck.tree.node import matrix_shape

Rows = tuple[tuple[Num, ...], ...]
Env = Mapping[str, Any]
INTEGRAL_BITS = 256
MOST_SEQUENCES = 10_000


def evaluate(tree: Node, env: Env) -> Any:
    """The value of a scalar tree (a number) or of a matrix tree (rows); Undefined where it has none."""
    reader = READERS.get(tree.head)
    if reader is None:
        raise Missing(f"{tree.head!r} has no numerical value")
    return env.value(tree, reader) if isinstance(env, Remembering) else reader(tree, env)


def number(x: Any) -> Num:
    return fmpq(x) if isinstance(x, int) else x


def lookup(env: Env, name: str) -> Any:
    if name not in env:
        raise Missing(f"the instance gives no value to {name}")
    return env[name]


def _integer(x: Num) -> int:
    if not isinstance(x, fmpq) or x.denom() != 1:
        raise Undefined(f"the index {x} is not an integer")
    return int(x.numer())


def _item(t: Node, env: Env) -> Any:
    family, k = lookup(env, str(t.args[0])), _integer(evaluate(t.nodes[0], env))
    if k not in family:
        raise Absent(f"{t.args[0]} has no member {k}")
    return number(family[k])


def _chain(t: Node, env: Env) -> Rows:
    layers = lookup(env, str(t.args[0]))
    hi, lo = (_integer(evaluate(n, env)) for n in t.nodes)
    if hi < lo - 1 or any(k not in layers for k in range(lo, hi + 1)):
        raise Absent(f"the layers {hi} to {lo} of {t.args[0]} do not all exist")
    if hi == lo - 1:
        return identity(_integer(evaluate(matrix_shape(t)[0], env)))
    result = layers[hi]
    for k in range(hi - 1, lo - 1, -1):
        result = matmul(result, layers[k])
    return result  # type: ignore[no-any-return]


def identity(n: int) -> Rows:
    return tuple(tuple(fmpq(int(i == j)) for j in range(n)) for i in range(n))


def matmul(a: Rows, b: Rows) -> Rows:
    """The product of rows by rows; the sizes are checked again, since an instance may have any; none may be 0."""
    if not a or not b or len(a[0]) != len(b):
        sizes = (f"{len(x)} x {len(x[0]) if x else '?'}" for x in (a, b))
        raise Undefined(f"the product of {' by '.join(sizes)} is not defined")
    columns = list(zip(*b, strict=True))
    return tuple(tuple(_dot(row, col) for col in columns) for row in a)


def _dot(u: Any, v: Any) -> Num:
    total: Num = fmpq(0)
    for x, y in zip(u, v, strict=True):
        total = total + x * y
    return total


def _add(t: Node, env: Env) -> Any:
    values = [evaluate(n, env) for n in t.nodes]
    result = values[0]
    for v in values[1:]:
        result = add(result, v)
    return result


def add(a: Any, b: Any) -> Any:
    if isinstance(a, tuple):
        if len(a) != len(b) or (a and len(a[0]) != len(b[0])):
            raise Undefined(f"the sum of {len(a)} x {len(a[0])} and {len(b)} x {len(b[0])} is not defined")
        return tuple(tuple(x + y for x, y in zip(r, s, strict=True)) for r, s in zip(a, b, strict=True))
    return a + b


def scale(c: Num, a: Any) -> Any:
    return tuple(tuple(c * x for x in r) for r in a) if isinstance(a, tuple) else c * a


def _mul(t: Node, env: Env) -> Any:
    result: Any = fmpq(1)
    for n in t.nodes:
        v = evaluate(n, env)
        result = scale(v, result) if isinstance(result, tuple) else scale(result, v)
    return result


def _matmul(t: Node, env: Env) -> Rows:
    result = evaluate(t.nodes[0], env)
    for n in t.nodes[1:]:
        result = matmul(result, evaluate(n, env))
    return result  # type: ignore[no-any-return]


def _div(t: Node, env: Env) -> Any:
    top, bottom = (evaluate(n, env) for n in t.nodes)
    if isinstance(top, tuple):
        return tuple(tuple(nb.divide(x, bottom) for x in r) for r in top)
    return nb.divide(top, bottom)


def _pow(t: Node, env: Env) -> Num:
    base, e = t.nodes
    exponent = evaluate(e, env)
    if base.head == "norm" and isinstance(exponent, fmpq) and exponent > 0 and (exponent / 2).denom() == 1:
        x = evaluate(base.nodes[0], env)
        return nb.power(inner(x, x), exponent / 2)
    if base.head == "schatten" and e == base.nodes[1]:
        return _schatten_power(base, env)
    return nb.power(evaluate(base, env), exponent)


def _mpow(t: Node, env: Env) -> Rows:
    """A power of a square matrix; a fractional one is computed of diagonal matrices only, and unknown of others."""
    base, e = evaluate(t.nodes[0], env), evaluate(t.nodes[1], env)
    n = len(base)
    if any(nb.sign_of(base[i][j]) != 0 for i in range(n) for j in range(n) if i != j):
        if not isinstance(e, fmpq) or e.denom() != 1:
            raise Unclear(f"the power {e} of a matrix that is not diagonal is not computed")
        factor = base if e >= 0 else _inverse(base)
        result = identity(n)
        for _ in range(abs(int(e.numer()))):
            result = matmul(result, factor)
        return result
    return tuple(tuple(nb.power(base[i][i], e) if i == j else fmpq(0) for j in range(n)) for i in range(n))


def _inverse(x: Rows) -> Rows:
    m, n = flint_matrix(x), len(x)
    exact = isinstance(m, fmpq_mat)
    if exact and m.det() == 0:
        raise Undefined("the inverse of a singular matrix")
    try:
        inverse = m.inv()
    except ZeroDivisionError:
        raise Unclear("the inverse of a matrix that is perhaps singular") from None
    return tuple(tuple(inverse[i, j] for j in range(n)) for i in range(n))


def inner(a: Rows, b: Rows) -> Num:
    total: Num = fmpq(0)
    for r, s in zip(a, b, strict=True):
        total = total + _dot(r, s)
    return total


def _sum(t: Node, env: Env) -> Any:
    name, body = str(t.args[0]), t.nodes[2]
    lo, hi = (_integer(evaluate(n, env)) for n in t.nodes[:2])
    terms = [evaluate(body, _at_index(env, name, k)) for k in range(lo, hi + 1)]
    if not terms:
        return fmpq(0) if body.shape == () else zeros(body, {**env, name: lo})
    result = terms[0]
    for x in terms[1:]:
        result = add(result, x)
    return result


def zeros(t: Node, env: Env) -> Rows:
    rows, cols = (_integer(evaluate(n, env)) for n in matrix_shape(t))
    return tuple(tuple(fmpq(0) for _ in range(cols)) for _ in range(rows))


def _prod(t: Node, env: Env) -> Num:
    name, body = str(t.args[0]), t.nodes[2]
    lo, hi = (_integer(evaluate(n, env)) for n in t.nodes[:2])
    result: Num = fmpq(1)
    for k in range(lo, hi + 1):
        result = result * evaluate(body, _at_index(env, name, k))
    return result


def _at_index(env: Env, name: str, k: int) -> Env:
    return inside(env, (name, k), lambda: {name: k})


def _sequences(t: Node, env: Env) -> Num:
    length, count = (_integer(evaluate(n, env)) for n in t.nodes[:2])
    if min(length, count) < 0 or count**length > MOST_SEQUENCES:
        raise Unclear(f"{count}^{length} sequences are too many to add up")
    total: Num = fmpq(0)
    for values in product(range(1, count + 1), repeat=length):
        total = total + evaluate(t.nodes[2], {**env, str(t.args[0]): dict(enumerate(values, 1))})
    return total


def _expectation(t: Node, env: Env) -> Any:
    from theorycheck.evaluate.random_layers import expectation

    return expectation(t, env)


def _integral(t: Node, env: Env) -> arb:
    from theorycheck.enclose.quadrature import integral

    name, body = str(t.args[0]), t.nodes[2]
    lo, hi = (evaluate(n, env) for n in t.nodes[:2])

    def integrand(z: acb, analytic: bool) -> acb:
        value = evaluate(body, {**env, name: z})
        return acb(value)

    with working(min(flint_context.prec, INTEGRAL_BITS)):  # a wider ball is as rigorous, and more bits take seconds
        return integral(integrand, nb.to_arb(lo), nb.to_arb(hi))


def _probability(t: Node, env: Env) -> Num:
    from theorycheck.evaluate.chance import probability

    return probability(t, env)


def _trace(t: Node, env: Env) -> Num:
    x = evaluate(t.nodes[0], env)
    if x and len(x) != len(x[0]):
        raise Undefined(f"the trace of a {len(x)} x {len(x[0])} matrix")
    total: Num = fmpq(0)
    for i in range(len(x)):
        total = total + x[i][i]
    return total


def flint_matrix(x: Rows) -> fmpq_mat | arb_mat:
    """The rows as a flint matrix, exact where every entry is."""
    flat = [v for r in x for v in r]
    if any(isinstance(v, Jet) for v in flat):
        raise Missing("no derivative of singular values")
    kind = fmpq_mat if all(isinstance(v, fmpq) for v in flat) else arb_mat
    return kind(len(x), len(x[0]), flat if kind is fmpq_mat else [nb.to_arb(v) for v in flat])


def _schatten_power(t: Node, env: Env) -> arb:
    from theorycheck.enclose import linear

    x, p = evaluate(t.nodes[0], env), evaluate(t.nodes[1], env)
    if nb.sign_of(p) != 1:
        raise Undefined("a Schatten norm needs p > 0")
    return linear.schatten_power(flint_matrix(x), p)


def _schatten(t: Node, env: Env) -> arb:
    p = evaluate(t.nodes[1], env)
    return nb.power(_schatten_power(t, env), nb.divide(fmpq(1), p))


def _rank(t: Node, env: Env) -> fmpq:
    from theorycheck.enclose import linear, precision

    found = precision.exact_matrix(flint_matrix(evaluate(t.nodes[0], env)))
    if found is None:
        raise Unclear("the rank of a matrix of balls")
    return fmpq(linear.exact_rank(found))


def _singular(t: Node, env: Env) -> arb:
    from theorycheck.enclose import spectrum

    values = spectrum.singular_values(flint_matrix(evaluate(t.nodes[0], env)))
    k = _integer(evaluate(t.nodes[1], env))
    if not 1 <= k <= len(values):
        raise Absent(f"there is no singular value number {k}")
    return values[k - 1]


def _apply(t: Node, env: Env) -> Num:
    return lookup(env, str(t.args[0])).value(evaluate(t.nodes[0], env))


def _grad(t: Node, env: Env) -> Rows:
    return lookup(env, str(t.args[0])).gradient(evaluate(t.nodes[0], env))  # type: ignore[no-any-return]


def _at(t: Node, env: Env) -> Rows:
    return lookup(env, str(t.args[0]))(evaluate(t.nodes[0], env))  # type: ignore[no-any-return]


def _limit(t: Node, env: Env) -> Rows:
    """The end of a path at infinity, where the instance knows it."""
    point, body = t.nodes
    if body.head != "at" or body.nodes[0] != Node("sym", t.args[:1]) or point.head != "infinity":
        raise Missing("of limits, only that of a path at infinity has a value at an instance")
    path = lookup(env, str(body.args[0]))
    if not hasattr(path, "limit"):
        raise Missing(f"the end of the path {body.args[0]} is not known")
    return path.limit()  # type: ignore[no-any-return]


def slope(x: Any) -> Any:
    return tuple(slope(v) for v in x) if isinstance(x, tuple) else nb.jet(x).slope


def _time_derivative(t: Node, env: Env) -> Any:
    now = number(lookup(env, "t"))
    return slope(evaluate(t.nodes[0], {**env, "t": Jet(now, fmpq(1))}))


def _moved(env: Env, wrt: Node, change: Callable[[Rows], Rows]) -> Env:
    name = str(wrt.args[0])
    if wrt.head == "sym":
        return {**env, name: change(env[name])}
    k = _integer(evaluate(wrt.nodes[0], env))
    if k not in env[name]:
        raise Absent(f"{name} has no member {k} to move")
    return {**env, name: {**env[name], k: change(env[name][k])}}


def _gradient(t: Node, env: Env) -> Rows:
    body, wrt = t.nodes
    rows, cols = (_integer(evaluate(n, env)) for n in matrix_shape(wrt))

    def partial(i: int, j: int) -> Num:
        def bump(x: Rows) -> Rows:
            return tuple(tuple(Jet(v, fmpq(int((a, b) == (i, j)))) for b, v in enumerate(r)) for a, r in enumerate(x))

        return slope(evaluate(body, _moved(env, wrt, bump)))

    return tuple(tuple(partial(i, j) for j in range(cols)) for i in range(rows))


def _second(t: Node, env: Env) -> Num:
    body, *rest = t.nodes
    outer = inner_env = env
    for x, v in zip(rest[::2], rest[1::2], strict=True):
        direction = evaluate(v, env)
        moved = evaluate(x, env)
        if (len(direction), len(direction[0])) != (len(moved), len(moved[0])):
            raise Undefined(f"a direction of another size than {x.args[0]}")

        def along(rows: Rows, d: Rows = direction) -> Rows:
            return tuple(tuple(Jet(a, b) for a, b in zip(r, s, strict=True)) for r, s in zip(rows, d, strict=True))

        def along_twice(rows: Rows, d: Rows = direction) -> Rows:
            return tuple(
                tuple(Jet(Jet(a, b), Jet(b, fmpq(0))) for a, b in zip(r, s, strict=True)) for r, s in zip(rows, d, strict=True)
            )

        outer = _moved(outer, x, along)
        inner_env = _moved(inner_env, x, along_twice)
    return slope(slope(evaluate(body, inner_env)))


READERS: dict[str, Callable[[Node, Env], Any]] = {
    "num": lambda t, _: fmpq(t.args[0].numerator, t.args[0].denominator),  # type: ignore[union-attr]
    "sym": lambda t, env: number(lookup(env, str(t.args[0]))),
    "item": _item,
    "chain": _chain,
    "add": _add,
    "neg": lambda t, env: scale(fmpq(-1), evaluate(t.nodes[0], env)),
    "mul": _mul,
    "div": _div,
    "pow": _pow,
    "mpow": _mpow,
    "sqrt": lambda t, env: nb.sqrt(evaluate(t.nodes[0], env)),
    "exp": lambda t, env: nb.exp(evaluate(t.nodes[0], env)),
    "log": lambda t, env: nb.log(evaluate(t.nodes[0], env)),
    "abs": lambda t, env: nb.absolute(evaluate(t.nodes[0], env)),
    "sign": lambda t, env: fmpq(_sign(evaluate(t.nodes[0], env))),
    "min": lambda t, env: _min(*(evaluate(n, env) for n in t.nodes)),
    "sum": _sum,
    "prod": _prod,
    "sequences": _sequences,
    "expect": _expectation,
    "prob": _probability,
    "integral": _integral,
    "matmul": _matmul,
    "transpose": lambda t, env: tuple(zip(*evaluate(t.nodes[0], env), strict=True)),
    "trace": _trace,
    "inner": lambda t, env: inner(*(evaluate(n, env) for n in t.nodes)),
    "norm": lambda t, env: _norm(evaluate(t.nodes[0], env)),
    "eye": lambda t, env: identity(_integer(evaluate(matrix_shape(t)[0], env))),
    "zero": zeros,
    "schatten": _schatten,
    "rank": _rank,
    "singular": _singular,
    "app": _apply,
    "grad": _grad,
    "at": _at,
    "limit": _limit,
    "Dt": _time_derivative,
    "gradient": _gradient,
    "second": _second,
}


def _sign(x: Num) -> int:
    s = nb.sign_of(x)
    if s is None:
        raise Unclear("the sign of a ball that contains zero")
    return s


def _min(a: Num, b: Num) -> Num:
    sign = nb.sign_of(b - a)
    if sign is None:  # of two balls the least of both holds either; of jets the slope is not known
        if isinstance(a, Jet | acb) or isinstance(b, Jet | acb):
            raise Unclear("a minimum where both may be the least has no derivative")
        return nb.to_arb(a).min(nb.to_arb(b))
    return a if sign >= 0 else b


def _norm(x: Rows) -> Num:
    square = inner(x, x)
    return nb.sqrt(square.nonnegative_part() if isinstance(square, arb) else square)
