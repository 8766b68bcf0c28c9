"""Products of layers in the ball against those at the start (Lemma 15, bound 2; paper line 462).

With layers of norms at most b = 4 rho and theta at a distance of at most r from the start, a product of m layers applied to
X differs from that at the start applied to X_0 by at most b^m |X - X_0| + m b^(m-1) r |X_0|: a layer more multiplies what
there is by b and adds its own change. The same from the other side.
"""

from flint import fmpq

from proofs.lazy_regime.gaussian_norms import L, W, n
from proofs.lazy_regime.lemma_15_constants import RHO, WIDE_ENOUGH
from proofs.lazy_regime.lemma_15_layers import DISTANCE, START, W0, ball, one_layer_moved
from theorycheck.domain import drawn, hypothesis, index, rational_matrix
from theorycheck.evaluate.values import add, scale
from theorycheck.exact import basic_rules as basic, induction_rules as induction, rules as by
from theorycheck.exact.cited import TRIANGLE
from theorycheck.exact.cited_norms import FROM_THE_LEFT, FROM_THE_RIGHT, OPERATOR_FROBENIUS
from theorycheck.exact.matrix_rules import scaled
from theorycheck.statement import Part
from theorycheck.tree import Ge, Le, mat, norm, singular, sym

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
    hypothesis(NEAR, Le(DISTANCE, r**2), 444),
)


def on_the_border(moved):
    """Two layers, 16 neurons with one in use, at 3 rho; layer `moved` at 4 rho, X and Y twice X_0 and Y_0; one layer counts."""

    def near(source, env):
        found = one_layer_moved(source, env, moved)
        one, two = ((fmpq(1),),), ((fmpq(2),),)
        return {**found, "r": found["rho"], "m": 1, "p": 1, "X_0": one, "Y_0": one, "X": two, "Y": two}

    return near


part = Part(line=462, where="proof", domain=domain, expects="proved", exempt=WIDE_ENOUGH)


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
    (rows, inner_), cols = layer.shape if side is below else body.shape, whole.shape[1]
    left, right, fact = (layer, body, FROM_THE_LEFT) if side is below else (body, layer, FROM_THE_RIGHT)
    one = Le(norm(whole), singular(layer, 1) * norm(body))
    one = yield one, by.under([Le(m + 1, L)], by.cite(fact, X=left, Y=right, a=rows, b=inner_, c=cols))
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
    rows, cols = off.shape
    operator = yield Le(singular(off, 1), norm(off)), by.under(inside, by.cite(OPERATOR_FROBENIUS, X=off, a=rows, b=cols))
    return (yield Le(singular(off, 1), r), by.linear(operator, whole))


# --- products ----------------------------------------------------------------------------------------------------------------
def grows(side, X, b):
    """|W0_m .. W0_1 X| <= b^m |X| for b >= 3 rho, by induction."""
    goal = yield Le(norm(side(W0, m, X)), b**m * norm(X))
    at, here = layer_after(side, m), side(W0, m, X)
    base = yield Le(norm(side(W0, 0 * m, X)), b ** (0 * m) * norm(X)), by.sign()
    known = yield Le(norm(here), b**m * norm(X)), induction.assumed()
    start = yield Le(singular(W0[at], 1), 3 * RHO), by.under([Le(m + 1, L)], by.given(START, j=at))
    top = yield Le(singular(W0[at], 1), b), by.linear(start)
    one = yield from multiplied(side, W0[at], here, top, b)
    step = Le(norm(side(W0, m + 1, X)), b ** (m + 1) * norm(X))
    step = yield step, by.under([Le(m + 1, L)], by.linear(one, (known, b)))
    yield goal, induction.over(m, base, step)


def drifts(side, X, X_0, grown, factor):
    """The difference of the products, by induction."""

    def bound(at):
        return b**at * norm(X - X_0) + factor * at * b ** (at - 1) * r * norm(X_0)

    def difference(at):
        return side(W, at, X) - side(W0, at, X_0)

    goal = yield Le(norm(difference(m)), bound(m))
    at, here, old = layer_after(side, m), difference(m), side(W0, m, X_0)
    base = yield Le(norm(difference(0 * m)), bound(0 * m)), by.sign()
    known = yield Le(norm(here), bound(m)), induction.assumed()
    top = yield Le(singular(W[at], 1), b), by.under([Le(m + 1, L)], by.uses("lemma-15.layer-in-ball", l=at))
    one = yield from multiplied(side, W[at], here, top, b)
    off = yield from change(at)
    two = yield from multiplied(side, W[at] - W0[at], old, off, r)
    size = yield Le(norm(old), b**m * norm(X_0)), by.uses(f"lemma-15.{grown}")
    parts = joined(side, W[at], here), joined(side, W[at] - W0[at], old)
    rows, cols = parts[0].shape
    both = Le(norm(parts[0] + parts[1]), norm(parts[0]) + norm(parts[1]))
    both = yield both, by.under([Le(m + 1, L)], by.cite(TRIANGLE, A=parts[0], B=parts[1], a=rows, b=cols))
    step = yield (
        Le(norm(difference(m + 1)), bound(m + 1)),
        by.under([Le(m + 1, L)], by.linear(both, one, two, (known, b), (size, r))),
    )
    line = yield known.shows, induction.over(m, base, step)
    yield goal, by.linear(line)


@part.claim("grown-below", four=4)
def grown_below(four):
    """Layers at the start, applied to X_0"""
    yield from grows(below, X_0, four * RHO)


@part.claim("grown-above", four=4)
def grown_above(four):
    """Layers at the start, after Y_0"""
    yield from grows(above, Y_0, four * RHO)


@part.claim("drift-below", near=on_the_border(1), factor=1)
def drift_below(factor):
    """Layers in the ball, applied to X, against those at the start, applied to X_0"""
    yield from drifts(below, X, X_0, "grown-below", factor)


@part.claim("drift-above", near=on_the_border(2), factor=1)
def drift_above(factor):
    """Layers in the ball, after Y, against those at the start, after Y_0"""
    yield from drifts(above, Y, Y_0, "grown-above", factor)
