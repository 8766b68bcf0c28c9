"""Layers in a ball around the start, and products of them: symbols, the domain and shared lines of `lemma_15_drift`."""

from flint import fmpq

from proofs.lazy_regime.ball_instances import far_away
from proofs.lazy_regime.gaussian_norms import L, W, n
from proofs.lazy_regime.lemma_15_constants import RHO
from proofs.lazy_regime.lemma_15_layers import DISTANCE, W0, ball
from theorycheck.domain import drawn, hypothesis, index, rational_matrix
from theorycheck.evaluate.values import add, scale
from theorycheck.exact import basic_rules as basic, rules as by
from theorycheck.exact.cited_norms import FROM_THE_LEFT, FROM_THE_RIGHT, OPERATOR_FROBENIUS
from theorycheck.exact.matrix_rules import scaled
from theorycheck.tree import Ge, Le, mat, norm, singular, sym
from theorycheck.tree.node import matrix_shape

b, r, m, p = 4 * RHO, sym("r"), sym("m"), sym("p")
X, X_0 = mat("X", n[0], p), mat("X_0", n[0], p)
Y, Y_0 = mat("Y", p, n[L]), mat("Y_0", p, n[L])
NEAR = "theta is within r of the start"


def moved_by(env):
    """A number that the distance from the start does not exceed."""
    rows = [add(x, scale(fmpq(-1), env["W0"][k])) for k, x in env["W"].items()]
    return sum((abs(v) for x in rows for row in x for v in row), fmpq(0))


def any_matrix(name, rows, cols):
    return drawn(name, lambda source, env: rational_matrix(source, rows(env), cols(env)))


def inputs(env):
    return env["n"][0]


def outputs(env):
    return env["n"][env["L"]]


def columns(env):
    return env["p"]


domain = ball.extended(
    f"{ball.name}, at a distance of at most r",
    drawn("r", lambda source, env: moved_by(env), hypothesis("r >= 0", Ge(r, 0))),
    drawn("p", lambda source, _: source.integer(1, 2), integer=True),
    *(any_matrix(name, inputs, columns) for name in ("X", "X_0")),
    *(any_matrix(name, columns, outputs) for name in ("Y", "Y_0")),
    index("m", 0, L),
    hypothesis(NEAR, Le(DISTANCE, r**2), 444, breaks=far_away(3, 4, 0)),
)


# --- one layer more --------------------------------------------------------------------------------------------------------
def below(layers, at, X):
    """Layers at, .., 1 applied to X."""
    return layers.chain(at, 1) @ X


def above(layers, at, Y):
    """Y and the layers L, .., L - at + 1 after it."""
    return Y @ layers.chain(L, L - at + 1)


def layer_after(side, at):
    return at + 1 if side is below else L - at


def joined(side, layer, body):
    return layer @ body if side is below else body @ layer


def multiplied(side, layer, body, top, bound):
    """|layer body| <= bound |body|, where |layer| <= bound is the line `top`."""
    whole = joined(side, layer, body)
    left, right, fact = (layer, body, FROM_THE_LEFT) if side is below else (body, layer, FROM_THE_RIGHT)
    (a, b), (_, c) = matrix_shape(left), matrix_shape(right)
    one = Le(norm(whole), singular(layer, 1) * norm(body))
    one = yield one, by.under([Le(m + 1, L)], by.cite(fact, X=left, Y=right, a=a, b=b, c=c))
    size = yield Ge(norm(body), 0), by.sign()
    two = yield Le(singular(layer, 1) * norm(body), bound * norm(body)), scaled(top, size)
    return (yield Le(norm(whole), bound * norm(body)), by.linear(one, two))


def change(at):
    """|W_at - W0_at| <= r, as an operator."""
    inside, off = [Le(m + 1, L)], W[at] - W0[at]
    one = yield Le(norm(off) ** 2, DISTANCE), by.under(inside, by.uses("lemma-15.part-corrected", l=at))
    near = yield Le(DISTANCE, r**2), by.given(NEAR)
    squares = yield Le(norm(off) ** 2, r**2), by.linear(one, near)
    whole = yield Le(norm(off), r), basic.by_squares(squares)
    rows, cols = matrix_shape(off)
    operator = yield Le(singular(off, 1), norm(off)), by.under(inside, by.cite(OPERATOR_FROBENIUS, X=off, a=rows, b=cols))
    return (yield Le(singular(off, 1), r), by.linear(operator, whole))
