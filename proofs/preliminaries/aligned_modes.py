"""Layers that share singular vectors with the gradient move mode by mode: d' = -gamma d^(L-1).

The engine rests on it (theorycheck/flow/solved.py); the paper's diagonal networks (line 150) are such, their vectors are
those of the standard basis. Unit vectors u_0 .. u_L with W_l u_(l-1) = d u_l and W_l^T u_l = d u_(l-1), and G = grad C(A) with
G u_0 = gamma u_L and G^T u_L = gamma u_0, for any depth L >= 2 and widths: A u_0 = d^L u_L, and the gradient in W_l carries
u_(l-1) to gamma d^(L-1) u_l, and back. So where all modes are of this kind, the singular vectors stay and every layer's value
d moves by -gamma d^(L-1). For a quadratic cost gamma = q d^L - a: `logistic` solves L = 2 (with a ridge, a - 2 lambda is the
new a); for L >= 3 time is the integral of dv / (v^(L-1) (a - q v^L)), as `escape-times` shows.
"""

from proofs.preliminaries import logistic_mode
from theorycheck.cli import run_module
from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, index, widths
from theorycheck.evaluate.values import inner as dot, matmul
from theorycheck.exact import induction_rules as induction, matrix_rules as matrices, rules as by
from theorycheck.fact import Fact
from theorycheck.models import included
from theorycheck.models.included import each
from theorycheck.models.included_broken import off_the_mode
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Function, Ge, Gt, Le, gradient_of, layers, norm, num, scalars, sym, vectors

L, l, j, start, end, d, gamma = (sym(name) for name in ("L", "l", "j", "start", "end", "d", "gamma"))
n = scalars("n")
W, u, C = layers("W", n), vectors("u", lambda at: n[at]), Function("C")
A = W.chain(L, 1)
G = C.grad(A)
FORTH, BACK, PULL, PULL_BACK = "a mode", "a mode, back", "a mode of the gradient", "a mode of the gradient, back"


def strength(env):
    """gamma = u_L^T G u_0."""
    product = env["W"][1]
    for k in range(2, env["L"] + 1):
        product = matmul(env["W"][k], product)
    return dot(env["u"][env["L"]], matmul(env["C"].gradient(product), env["u"][0]))


domain = Domain(
    "deep linear networks of any depth L >= 2 and widths, any cost, a mode that layers and gradient share",
    (
        depth("L"),
        widths("n"),
        drawn("mode", included.aligned_mode),
        derived("W", lambda env: env["mode"].layers),
        derived("C", lambda env: env["mode"].cost),
        derived("u", lambda env: env["mode"].vectors),
        derived("d", lambda env: env["mode"].d, Fact("d > 0", Gt(d, 0))),
        derived("gamma", strength),
        index("l", 1, L),
        index("start", 1, L + 1),
        index("end", start - 1, L),
    ),
    (
        each("unit vectors", Eq(norm(u[j]) ** 2, 1), 150, 0, L),
        each(FORTH, Eq(W[j] @ u[j - 1], d * u[j]), 150, 1, L, off_the_mode("layers")),
        each(BACK, Eq(W[j].T @ u[j], d * u[j - 1]), 150, 1, L, off_the_mode("layers, back")),
        hypothesis(PULL, Eq(G @ u[0], gamma * u[L]), 150, breaks=off_the_mode("gradient")),
        hypothesis(PULL_BACK, Eq(G.T @ u[L], gamma * u[0]), 150, breaks=off_the_mode("gradient, back")),
    ),
)
statement = Statement("aligned-modes", "Shared singular vectors stay", "3.2.1", domain, depends_on=("escape-times",))


def forth():
    """W_end .. W_start u_(start-1) = d^(end-start+1) u_end, the empty product included: induction on `end`."""

    def along(to):
        return Eq(W.chain(to, start) @ u[start - 1], d ** (to - start + 1) * u[to])

    inside, above = [Le(end + 1, L)], W[end + 1]
    base = yield along(start - 1), by.identity()
    here = yield along(end), induction.assumed()
    longer = Eq(above @ W.chain(end, start) @ u[start - 1], d ** (end - start + 1) * (above @ u[end]))
    longer = yield longer, by.under(inside, matrices.multiplied(here, left=above))
    step = yield along(end + 1), by.under(inside, by.linear(longer, using=[FORTH]))
    return (yield along(end), induction.over(end, base, step))


def back():
    """(W_end .. W_start)^T u_end = d^(end-start+1) u_(start-1), in the same way."""

    def along(to):
        return Eq(W.chain(to, start).T @ u[to], d ** (to - start + 1) * u[start - 1])

    inside, below = [Le(end + 1, L)], W.chain(end, start).T
    base = yield along(start - 1), by.identity()
    here = yield along(end), induction.assumed()
    one = yield Eq(W[end + 1].T @ u[end + 1], d * u[end]), by.under(inside, by.identity(BACK))
    longer = yield (
        Eq(below @ W[end + 1].T @ u[end + 1], d * below @ u[end]),
        by.under(inside, matrices.multiplied(one, left=below)),
    )
    step = yield along(end + 1), by.under(inside, by.linear(longer, (here, d)))
    return (yield along(end), induction.over(end, base, step))


def anywhere(line):
    return by.generic(line, [Ge(start, 1), Le(start, L + 1), Ge(end, start - 1), Le(end, L)], end, start)


@statement.claim("matrix", line=150, main=True, expects="proved", power=0)
def matrix(power):
    """A carries u_0 to d^L u_L"""
    goal = yield Eq(A @ u[0], d ** (L + power) * u[L])
    line = yield from forth()
    yield goal, by.cite(anywhere(line), end=L, start=num(1))


@statement.claim("gradient", line=150, main=True, expects="proved", power=1)
def gradient(power):
    """The gradient in W_l carries u_(l-1) to gamma d^(L-1) u_l"""
    goal = yield Eq(gradient_of(C(A), W[l]) @ u[l - 1], gamma * d ** (L - power) * u[l])
    lines = yield from back()
    below, above = W.chain(l - 1, 1).T, W.chain(L, l + 1).T
    first = yield Eq(below @ u[l - 1], d ** (l - 1) * u[0]), by.cite(anywhere(lines), end=l - 1, start=num(1))
    last = yield Eq(above @ u[L], d ** (L - l) * u[l]), by.cite(anywhere(lines), end=L, start=l + 1)
    pulled = yield Eq(above @ G @ below @ u[l - 1], d ** (l - 1) * above @ G @ u[0]), matrices.multiplied(first, left=above @ G)
    there = yield Eq(G @ u[0], gamma * u[L]), by.given(PULL)
    carried = yield Eq(above @ G @ u[0], gamma * above @ u[L]), matrices.multiplied(there, left=above)
    yield goal, by.linear(pulled, (carried, d ** (l - 1)), (last, gamma * d ** (l - 1)))


@statement.claim("gradient-back", line=150, main=True, expects="proved", power=1)
def gradient_back(power):
    """Its transpose carries u_l to gamma d^(L-1) u_(l-1)"""
    goal = yield Eq(gradient_of(C(A), W[l]).T @ u[l], gamma * d ** (L - power) * u[l - 1])
    lines = yield from forth()
    below, above = W.chain(l - 1, 1), W.chain(L, l + 1)
    first = yield Eq(below @ u[0], d ** (l - 1) * u[l - 1]), by.cite(anywhere(lines), end=l - 1, start=num(1))
    last = yield Eq(above @ u[l], d ** (L - l) * u[L]), by.cite(anywhere(lines), end=L, start=l + 1)
    pulled = yield (
        Eq(below @ G.T @ above @ u[l], d ** (L - l) * below @ G.T @ u[L]),
        matrices.multiplied(last, left=below @ G.T),
    )
    there = yield Eq(G.T @ u[L], gamma * u[0]), by.given(PULL_BACK)
    carried = yield Eq(below @ G.T @ u[L], gamma * below @ u[0]), matrices.multiplied(there, left=below)
    yield goal, by.linear(pulled, (carried, d ** (L - l)), (first, gamma * d ** (L - l)))


statement.add(logistic_mode.part)


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
