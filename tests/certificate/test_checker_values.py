"""Normal forms have the value of their tree, and signs are right, at random instances of a domain.

Trees are random; many are refused, which is no failure. Where a form is read, the tree has a value at every instance (also
where a range is empty or a matrix is 1 x 1), and the form has the same one.
"""

from __future__ import annotations

import math
import random
from typing import Any

import numpy as np
import pytest

from tests.certificate.checking import checker, tree
from theorycheck.certificate.checker.core import ONE, Form, Refused, opened, replaced, symbol
from theorycheck.domain import Domain, drawn, hypothesis, matrix, real, size
from theorycheck.tree import (
    Ge,
    Gt,
    Le,
    Node,
    absolute,
    exp,
    inner,
    log,
    mat,
    norm,
    num,
    product,
    scalars,
    sqrt,
    sym,
    total,
    trace as tr,
    vectors,
)

n, N, a, b, c, d, q, i, j = (sym(s) for s in ["n", "N", "a", "b", "c", "d", "q", "i", "j"])
A, B, S, v, x, y = mat("A", n, n), mat("B", n, n), mat("S", n, n), vectors("v", n), scalars("x"), scalars("y")
OWN = (
    size("n"),
    size("N"),
    real("a", above=0),
    real("b"),
    real("c"),
    real("d"),
    matrix("A", n, n),
    matrix("B", n, n),
    drawn("S", lambda s, e: None, symmetric=True),
    drawn("y", lambda s, e: None, positive=True),
    drawn("q", lambda s, e: None, integer=True),
)
GIVEN = (Ge(q, 0), Ge(c, 1), Le(b, c), Gt(d, b))
DOMAIN = Domain("values", OWN, tuple(hypothesis(f"h{k}", e) for k, e in enumerate(GIVEN)))
RANGES = [(num(1), q), (num(1), N), (num(1), N - 1), (q, N + q), (num(2), N + 1), (num(1), N + 1)]

MOVED = {"q": symbol("N"), "N": symbol("N") + symbol("q"), "c": symbol("c") + ONE}


# --- random trees -----------------------------------------------------------------------------------------------------------
def scalar(r: random.Random, depth: int, names: tuple[Node, ...] = ()) -> Node:
    if depth == 0:
        index = r.choice([num(0), num(1), q, N, *names])
        return r.choice([num(r.randint(-2, 3)), a, b, c, d, q, N, x[index], y[index], *names])
    inside = [scalar(r, depth - 1, names) for _ in range(2)]
    one, two = inside
    match r.randrange(16):
        case 0 | 1:
            return one + two
        case 2 | 3:
            return one * two
        case 4:
            return one / two
        case 5:
            return one ** r.choice([2, 3, -1, -2, num(1) / 2, num(1) / 3, num(-1) / 2])
        case 6:
            return r.choice([a, c, y[N]]) ** one
        case 7:
            return r.choice([absolute, sqrt, exp, log])(one)
        case 8:
            return -1 * one
        case 9 | 10:
            k = r.choice([s for s in (i, j) if s not in names] or [i])
            return total(k, *r.choice(RANGES), scalar(r, depth - 1, (*names, k)))
        case 11:
            k = r.choice([s for s in (i, j) if s not in names] or [i])
            return product(k, *r.choice(RANGES), scalar(r, depth - 1, (*names, k)))
        case 12:
            return tr(square(r, depth - 1, names))
        case 13:
            return inner(square(r, depth - 1, names), square(r, depth - 1, names))
        case 14:
            return norm(square(r, depth - 1, names)) ** r.choice([1, 2, 3, -1])
    return one - two


def square(r: random.Random, depth: int, names: tuple[Node, ...]) -> Node:
    if depth <= 0:
        return r.choice([A, B, S, A.T, S ** (num(1) / 2), v[1] @ v[q].T, *(v[k] @ v[k].T for k in names)])
    one, two = (square(r, depth - 1, names) for _ in range(2))
    match r.randrange(7):
        case 0 | 1:
            return one @ two
        case 2:
            return one + two
        case 3:
            return one.T
        case 4:
            return scalar(r, depth - 1, names) * one
        case 5:
            k = r.choice([s for s in (i, j) if s not in names] or [i])
            return total(k, *r.choice(RANGES), square(r, depth - 1, (*names, k)))
    return S ** r.choice([num(-1), num(1) / 2, num(2), b])


# --- values -----------------------------------------------------------------------------------------------------------------
class NoValue(Exception):
    pass


def instance(r: random.Random) -> dict[str, Any]:
    g = np.random.default_rng(r.randrange(2**30))
    rows, cc = r.randint(1, 3), r.choice([1.0, 1.5, 3.0])
    bb = r.choice([-2.0, 0.0, 0.5, cc])
    root = g.standard_normal((rows, rows)) + 2 * np.eye(rows)
    families = {k: {s: g.standard_normal() for s in range(-9, 25)} for k in "xy"}
    families["y"] = {s: abs(u) + 0.1 for s, u in families["y"].items()}
    vectors_ = {s: g.standard_normal((rows, 1)) for s in range(-9, 25)}
    numbers = {"n": rows, "N": r.randint(1, 3), "q": r.randint(0, 2), "a": r.choice([0.3, 1.0, 2.0])}
    first, second = (g.standard_normal((rows, rows)) for _ in range(2))
    matrices = {"A": r.choice([0, 1]) * first, "B": second, "S": root @ root.T, "v": vectors_}
    return {**numbers, **matrices, **families, "b": bb, "c": cc, "d": bb + 0.5}


def powered(base: float, e: float) -> float:
    if float(e).is_integer():
        if base == 0 and e < 0:
            raise NoValue
        return nonzero(float(base) ** int(e), base)
    if base < -1e-9 or (abs(base) <= 1e-12 and e <= 0):
        raise NoValue
    return nonzero(float(max(base, 0.0) ** e), base)


def nonzero(x: float, base: float) -> float:
    """x, unless it is 0 by rounding only."""
    if x == 0 and base > 0:
        raise OverflowError
    return x


def spd(m: Any, e: float) -> Any:
    values, frame = np.linalg.eigh(m)
    return frame @ np.diag(values**e) @ frame.T


def value(t: Node, env: dict[str, Any]) -> Any:
    """Of the prover's tree."""
    parts = [value(p, env) for p in t.nodes] if t.head not in {"sum", "prod"} else []
    match t.head, parts:
        case "num", _:
            return float(t.args[0])
        case "sym", _:
            return env[str(t.args[0])]
        case "item", [k]:
            return env[str(t.args[0])][round(k)]
        case "add", _:
            return sum(parts[1:], parts[0])
        case "mul", _:
            return math.prod(parts[1:], start=parts[0])
        case "neg", [p]:
            return -p
        case "div", [p, s]:
            return p * powered(s, -1)
        case "pow", [p, e]:
            return powered(p, e)
        case "mpow", [p, e]:
            return spd(p, e)
        case "matmul", _:
            return np.linalg.multi_dot(parts) if len(parts) > 1 else parts[0]
        case "transpose", [p]:
            return p.T
        case "trace", [p]:
            return float(np.trace(p))
        case "inner", [p, s]:
            return float(np.sum(p * s))
        case "norm", [p]:
            return float(np.sqrt(np.sum(p * p)))
        case "abs", [p]:
            return abs(p)
        case "sqrt", [p]:
            return powered(p, 0.5)
        case "exp", [p]:
            return nonzero(math.exp(p), 1.0)
        case "log", [p]:
            return logarithm(p)
    lo, hi = (round(value(p, env)) for p in t.nodes[:2])
    terms = [value(t.nodes[2], {**env, str(t.args[0]): float(k)}) for k in range(lo, hi + 1)]
    if t.head == "prod":
        return math.prod(terms)
    zero = np.zeros((env["n"], env["n"])) if t.shape else 0.0
    return sum(terms, zero)


def logarithm(p: float) -> float:
    if p <= 0:
        raise NoValue
    return math.log(p)


def form_value(f: Form, env: dict[str, Any]) -> Any:
    """Of a normal form."""
    total_ = np.zeros((env["n"], env["n"])) if f.shape else 0.0
    for term, coefficient in f.terms.items():
        binders, body = opened(term, f.shape)
        total_ = total_ + float(coefficient) * summed(binders, body, env)
    return total_


def summed(binders: Any, body: Form, env: dict[str, Any]) -> Any:
    if binders:
        (name, lo, hi, _), *rest = binders
        span = range(round(form_value(lo, env)), round(form_value(hi, env)) + 1)
        return sum((summed(rest, body, {**env, name: float(k)}) for k in span), 0.0)
    ((_, factors, word),) = body.terms
    result: Any = 1.0
    for base, e in factors:
        result = result * powered(atom_value(base, env), form_value(e, env))
    return result * word_value(word, env) if body.shape else result


def word_value(word: Any, env: dict[str, Any]) -> Any:
    result = np.eye(env["n"])
    for k, (base, turned, _, _) in enumerate(word):
        kind, name = base[:2]
        m = env[name][round(form_value(base[2], env))] if kind == "item" else env[name]
        m = spd(m, form_value(base[2], env)) if kind == "spd" else m
        m = m.T if turned else m
        result = result @ m if k else m
    return result


def atom_value(base: Any, env: dict[str, Any]) -> float:
    match base[0]:
        case "sym":
            return float(env[base[1]])
        case "item":
            return float(env[base[1]][round(form_value(base[2], env))])
        case "prime":
            return float(base[1])
        case "e":
            return math.e
        case "-1":
            return -1.0
        case "sum":
            return float(form_value(base[1], env))
        case "abs":
            return abs(float(form_value(base[1], env)))
        case "log":
            return logarithm(atom_value(base[1], env))
        case "tr":
            return float(np.trace(word_value(base[1], env)))
    head, name, lo, hi, body = base
    assert head == "prod"
    span = range(round(form_value(lo, env)), round(form_value(hi, env)) + 1)
    return float(math.prod(form_value(body, {**env, name: float(k)}) for k in span))


# --- the test ---------------------------------------------------------------------------------------------------------------
def agree(p: Any, s: Any) -> bool:
    return bool(np.all(np.abs(np.asarray(p) - np.asarray(s)) <= 1e-6 * (1 + np.abs(np.asarray(p)))))


def compare_moved(form: Form, env: dict[str, Any]) -> None:
    """Forms put for symbols, against the values of these forms put for them."""
    moved = {**env, **{name: form_value(f, env) for name, f in MOVED.items()}}
    try:
        new, old = form_value(replaced(form, MOVED), env), form_value(form, moved)
    except (Refused, OverflowError):
        return
    assert agree(new, old), f"{form} at {MOVED} is not {new} at {env}"


def checked(seed: int, tries: int) -> int:
    """How many random trees were read; all of them were compared at three instances."""
    r, ck, read = random.Random(seed), checker(DOMAIN), 0
    for _ in range(tries):
        t = scalar(r, r.randint(1, 4)) if r.random() < 0.8 else square(r, r.randint(1, 3), ())
        try:
            form = ck.read(tree(t))
        except Refused:
            continue
        read += 1
        sign = ck.sign(form) if t.shape == () else 0
        for _ in range(3):
            env = instance(r)
            try:
                left = value(t, env)
            except OverflowError:
                continue
            except NoValue:
                raise AssertionError(f"{t} was read, and has no value at {env}") from None
            if np.any(np.abs(left) > 1e6):
                continue
            right = form_value(form, env)
            assert agree(left, right), f"{t} is {left}, its form {form} is {right} at {env}"
            compare_moved(form, env)
            assert sign < 1 or left >= -1e-6 * (1 + abs(left)), f"{t} is {left}, but read as >= 0"
            assert sign < 2 or left > 0, f"{t} is {left}, but read as > 0"
    return read


@pytest.mark.parametrize("seed", range(4))
def test_forms_have_the_value_of_their_tree(seed):
    assert checked(seed, 250) > 60
