"""An independent reader of normal forms, for tests: the value of a form at a point, in balls."""

from flint import arb, fmpq

from theorycheck.evaluate import numbers as nb, random_layers
from theorycheck.evaluate.random_layers import RandomLayers
from theorycheck.evaluate.values import add, evaluate, identity, matmul, scale
from theorycheck.exact.form import MINUS, E, Form, thaw
from theorycheck.tree import Node, sym


def value(form, env):
    """Scalar: a number; matrix: rows. Binders are summed by brute force."""
    total = None
    for (binders, factors, word), c in form.terms.items():
        for inner in _assignments(binders, env, 0):
            part = c
            for a, e in factors:
                part = part * nb.power(atom_value(a, inner), value(thaw(e), inner))
            if form.shape:
                rows = int(evaluate(form.shape[0], inner).numer())
                matrix = identity(rows)
                for letter in word:
                    matrix = matmul(matrix, letter_value(letter, inner))
                part = scale(part, matrix)
            total = part if total is None else add(total, part)
    if total is None:
        return fmpq(0) if not form.shape else None
    return total


def _assignments(binders, env, k):
    if k == len(binders):
        yield env
        return
    lo, hi = (int(value(thaw(end), env).numer()) for end in binders[k])
    for i in range(lo, hi + 1):
        yield from _assignments(binders, {**env, f"#{k}": i}, k + 1)


def atom_value(a, env):
    if isinstance(a, Node):
        return evaluate(a, env)
    if isinstance(a, int):
        return fmpq(a)
    if a == MINUS:
        return fmpq(-1)
    if a == E:
        return arb(1).exp()
    match a[0]:
        case "poly":
            return value(thaw(a[1]), env)
        case "abs":
            return abs(value(thaw(a[1]), env))
        case "log":
            return nb.log(atom_value(a[1], env))
        case "prod":
            lo, hi = (int(value(thaw(end), env).numer()) for end in a[1:3])
            result = fmpq(1)
            for i in range(lo, hi + 1):
                result = result * value(thaw(a[3]), {**env, "#p": i})
            return result
        case "tr":
            product = letter_value(a[1][0], env)
            for letter in a[1][1:]:
                product = matmul(product, letter_value(letter, env))
            result = fmpq(0)
            for i in range(len(product)):
                result = result + product[i][i]
            return result
        case "expect":
            return mean(a, env)
    raise AssertionError(f"no value for the atom {a}")


def mean(a, env):
    """E of a form over one random family, "~1.0"."""
    _, variance, body = a
    variables = {}
    random = {**env, "~1.0": RandomLayers(0, env["n"], variables)}
    return random_layers._mean(value(thaw(body), random), list(variables), {(0, 0): value(thaw(variance), env)})


def letter_value(letter, env):
    base, transposed, _, _ = letter
    if isinstance(base, Node):
        rows = evaluate(base, env)
    elif base[0] == "chain":
        rows = evaluate(Node("chain", base[1:], letter[2:] if not transposed else (letter[3], letter[2])), env)
    elif base[0] == "mpow":
        m = env[base[1].args[0]]
        e = value(thaw(base[2]), env)
        n = len(m)
        rows = tuple(tuple(nb.power(m[i][i], e) if i == j else fmpq(0) for j in range(n)) for i in range(n))
    else:
        raise AssertionError(f"no value for the letter {base}")
    return tuple(zip(*rows, strict=True)) if transposed else rows


__all__ = ["Form", "sym", "value"]
