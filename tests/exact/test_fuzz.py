"""Random trees, hypotheses and equations: what the kernel claims of them against their values in balls.

`THEORYCHECK_FUZZ=5000 pytest tests/exact/test_fuzz.py` runs each test on that many cases.
"""

import os
from random import Random

import pytest
from flint import fmpq

from tests.exact.form_values import value
from theorycheck.domain import RandomSource, rational_matrix
from theorycheck.enclose.precision import working
from theorycheck.evaluate import Undefined, evaluate, numbers as nb
from theorycheck.evaluate.numbers import Unclear
from theorycheck.exact.context import Context
from theorycheck.exact.form import NotInForm
from theorycheck.exact.read import read
from theorycheck.exact.rewrite import rewrite
from theorycheck.exact.session import with_conditions
from theorycheck.fact import Fact
from theorycheck.tree import (
    Dt,
    Eq,
    Ge,
    Gt,
    Le,
    absolute,
    exp,
    gradient_of,
    inner,
    layers,
    log,
    mat,
    norm,
    num,
    product,
    scalars,
    second_derivative,
    sqrt,
    sym,
    total,
    trace,
    vec,
    vectors,
)

CASES = int(os.environ.get("THEORYCHECK_FUZZ", "25"))
a, b, x, y, t, N, L, l = (sym(s) for s in ["a", "b", "x", "y", "t", "N", "L", "l"])
INDICES = [sym(s) for s in ["i", "j", "k"]]
n = scalars("n")
f, g = scalars("f"), scalars("g")
W = layers("W", n)
A, B, V = mat("A", n[1], n[0]), mat("B", n[0], n[1]), mat("V", n[1], n[0])
u, v = vectors("u", n[1]), vec("v", n[1])
BASE = Context(positive_families=frozenset({"n", "f"}), reals=frozenset({"a", "b", "x", "y", "t"}))
CONTEXT = with_conditions(BASE, [Gt(a, 0), Gt(b, 0), Ge(t, 0), Ge(N, 1), Ge(L, 3), Ge(l, 1), Le(l, N)])


def point(random):
    """a, b > 0, t >= 0, x, y real, 1 <= l <= N <= 3, L = 3, 4; f > 0, g real on -2 .. 9; matrices with widths 1 to 3."""
    source, q = RandomSource(random, 4), lambda low: fmpq(random.randint(low, 6), random.randint(1, 3))
    widths = {k: random.randint(1, 3) for k in range(6)}
    top = random.randint(1, 3)
    return {
        **{"a": q(1), "b": q(1), "t": q(1), "x": q(-5), "y": q(-5)},
        **{"N": top, "L": random.randint(3, 4), "l": random.randint(1, top), "n": widths},
        "f": {k: q(1) for k in range(-2, 10)},
        "g": {k: q(-5) for k in range(-2, 10)},
        **{name: rational_matrix(source, widths[1], widths[0]) for name in "AV"},
        "B": rational_matrix(source, widths[0], widths[1]),
        "v": rational_matrix(source, widths[1], 1),
        "u": {k: rational_matrix(source, widths[1], 1) for k in range(-2, 10)},
        "W": {k: rational_matrix(source, widths[k], widths[k - 1]) for k in range(1, 6)},
    }


class Trees:
    """Random trees; `open_indices` are the bound indices in scope, which the leaves mention."""

    def __init__(self, random, moving=False):
        self.random, self.scope, self.moving = random, [], moving

    def pick(self, *options):
        return self.random.choice(options)

    def index(self):
        return self.pick(*self.scope, l, num(1), num(2)) + self.random.randint(0, 1)

    def summed(self, make, depth, head=total):
        free = [i for i in INDICES if i not in self.scope]
        if not free:
            return make(0)
        i = self.random.choice(free)
        low, high = self.random.choice([(1, N), (2, N), (1, l), *((1, s) for s in self.scope), *((s, N) for s in self.scope)])
        self.scope.append(i)
        body = make(depth - 1)
        self.scope.pop()
        return head(i, low, high, body)

    def positive(self, depth):
        if depth <= 0:
            return self.pick(a, b, N, num(2), num(1) / 3, f[self.index()], *([t] if self.moving else []))
        match self.random.randrange(9):
            case 0:
                return self.positive(depth - 1) + self.positive(depth - 1)
            case 1:
                return self.positive(depth - 1) * self.positive(depth - 1)
            case 2:
                return self.positive(depth - 1) / self.positive(depth - 1)
            case 3:
                return sqrt(self.positive(depth - 1))
            case 4:
                return self.positive(depth - 1) ** self.pick(num(2), num(-1), num(1) / 2, l, 1 - l, a, L - 2)
            case 5:
                return exp(self.scalar(depth - 1) / 9)
            case 6:
                return self.summed(self.positive, depth, product)
            case 7:
                return 1 + self.summed(self.positive, depth)
            case _:
                return self.positive(depth - 1) + self.scalar(depth - 1) ** 2

    def scalar(self, depth):
        if depth <= 0:
            i = self.index()
            return self.pick(x, y, num(-2), g[i], i, inner(u[i], v), trace(A @ B), *([t, t] if self.moving else []))
        match self.random.randrange(9):
            case 0:
                return self.scalar(depth - 1) + self.scalar(depth - 1)
            case 1:
                return self.scalar(depth - 1) * self.scalar(depth - 1)
            case 2:
                return self.scalar(depth - 1) - self.scalar(depth - 1) / self.positive(depth - 1)
            case 3:
                return log(self.positive(depth - 1))
            case 4 | 5:
                return self.summed(self.scalar, depth)
            case 6:
                return absolute(self.scalar(depth - 1))
            case 7:
                return norm(self.matrix(depth - 1)) ** self.pick(1, 2, 4)
            case _:
                return trace(self.matrix(depth - 1) @ self.matrix(depth - 1).T)

    def matrix(self, depth):
        """An n_1 x n_0 tree."""
        if depth <= 0:
            i = self.index()
            return self.pick(A, B.T, W[1], u[i] @ v.T @ A, u[i] @ u[self.index()].T @ W[1], W.chain(2, 2).T @ W.chain(2, 1))
        match self.random.randrange(5):
            case 0:
                return self.matrix(depth - 1) + self.matrix(depth - 1)
            case 1:
                return self.scalar(depth - 1) * self.matrix(depth - 1)
            case 2:
                return self.matrix(depth - 1) @ self.matrix(depth - 1).T @ self.matrix(depth - 1)
            case 3:
                return self.summed(self.matrix, depth)
            case _:
                return u[self.index()] @ (v.T @ self.matrix(depth - 1))


def flat(z):
    return [w for r in z for w in r] if isinstance(z, tuple) else [z]


def agree(left, right):
    right = flat(right) if right is not None else [fmpq(0)] * len(flat(left))
    return all(nb.sign_of(p - q) in {0, None} for p, q in zip(flat(left), right, strict=True))


def compared(make, seed, expected=lambda tree, env: evaluate(tree, env), facts=lambda random: ((), lambda env: env)):
    """How many random trees had a normal form and a value; each must agree."""
    count = 0
    for case in range(CASES):
        random = Random(f"{seed}:{case}")
        tree, (equations, complete) = make(random), facts(random)
        env = complete(point(random))
        try:
            form = read(tree, CONTEXT)
            form = rewrite(form, equations, CONTEXT) if equations else form
        except NotInForm:
            continue
        with working(256):
            try:
                there = expected(tree, env)
            except (Undefined, ZeroDivisionError):
                continue
            try:
                here = value(form, env)
            except Unclear:  # the root of a ball around zero
                continue
            assert agree(there, here), f"case {case}: {tree} at {env}"
        count += 1
    assert count > CASES / 5, f"{count} of {CASES} cases have a normal form"
    print(f"{seed}: {count} of {CASES} compared")


@pytest.mark.parametrize("kind", ["positive", "scalar", "matrix"])
def test_nested_sums_products_and_functions(kind):
    compared(lambda random: getattr(Trees(random), kind)(random.randint(1, 4)), f"tree {kind}")


def test_derivatives_in_time():
    compared(lambda random: Dt(Trees(random, moving=True).scalar(random.randint(1, 3))), "time")


def test_gradients():
    def make(random):
        wrt = random.choice([A, W[1], W[2], u[l]])
        return gradient_of(Trees(random).scalar(random.randint(1, 3)), wrt)

    compared(make, "gradient")


def test_second_derivatives():
    def make(random):
        return second_derivative(Trees(random).scalar(random.randint(1, 2)), [(A, V)])

    compared(make, "second")


def test_rewriting_by_equations_that_hold():
    """g_l and f_l are given by expressions in other symbols, for every l; so is A."""

    def facts(random):
        trees = Trees(random)
        series = total(INDICES[1], 1, N, f[INDICES[1] + l])
        right = trees.pick(x * l, exp(total(INDICES[0], 1, N, l * INDICES[0]) / 9), series, y)
        equations = [Fact("g", Eq(g[l], right), variables=("l",)), Fact("A", Eq(A, x * B.T + u[1] @ u[2].T @ W[1]))]

        def complete(env):
            env = {**env, "g": {k: evaluate(right, {**env, "l": k}) for k in range(-2, 7)}}
            return {**env, "A": evaluate(equations[1].shows.nodes[1], env)}

        return equations, complete

    compared(lambda random: Trees(random).scalar(random.randint(1, 3)), "rewriting", facts=facts)


def conditions(random):
    """A few random relations between x, y, a and numbers, strict and not."""
    terms = [x, y, a, x + y, x - y, x * a, x**2, 2 * x - a, a - 1, y + 2, x * y, absolute(x) - 1, y - x**2]
    relations = [Ge, Gt, Le]
    return [random.choice(relations)(random.choice(terms), random.choice([num(0), num(1), num(-2), a])) for _ in range(3)]


def holds(relation, env):
    low, high = (evaluate(m, env) for m in relation.nodes)
    return {"ge": low >= high, "gt": low > high, "le": low <= high}[relation.head]


def test_signs_under_random_hypotheses():
    """What is called positive is so at every drawn point that satisfies the hypotheses."""
    claimed = judged = 0
    for case in range(CASES):
        random = Random(f"signs:{case}")
        known = conditions(random)
        terms = [x, y, a, x * y, x**2, a**2, num(1), absolute(x), x * a, y**3, a**-1, x**2 * y**2]
        tree = sum((random.choice([-2, -1, 1, 1, 2]) * random.choice(terms) for _ in range(random.randint(1, 3))), num(0))
        try:
            ctx = with_conditions(CONTEXT, known)
            sign = ctx.sign(read(tree, ctx))
        except NotInForm:
            continue
        if sign is None:
            continue
        claimed += 1
        for x0, y0, a0 in points(random):
            env = {"x": x0, "y": y0, "a": a0}
            if all(holds(k, env) for k in known):
                judged += 1
                found = evaluate(tree, env)
                assert found > 0 or (found == 0 and sign == "nonneg"), f"{tree} is called {sign} under {known}; at {env}"
    assert claimed > CASES / 10
    print(f"signs: {claimed} of {CASES} claimed, {judged} points")


def points(random):
    numbers = [fmpq(p, q) for p in range(-3, 4) for q in (1, 2)]
    for _ in range(60):
        yield random.choice(numbers), random.choice(numbers), random.choice([q for q in numbers if q > 0])
