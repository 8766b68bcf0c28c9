"""Products of layers in the ball against those at the start (Lemma 15, bound 2; paper line 462).

With layers of norms at most b = 4 rho and theta at a distance of at most r from the start, a product of m layers applied to
X differs from that at the start applied to X_0 by at most b^m |X - X_0| + m b^(m-1) r |X_0|: a layer more multiplies what
there is by b and adds its own change. The same from the other side.
"""

from flint import fmpq

from proofs.lazy_regime.ball_layers import (
    X_0,
    Y_0,
    X,
    Y,
    above,
    b,
    below,
    change,
    domain,
    joined,
    layer_after,
    m,
    multiplied,
    r,
)
from proofs.lazy_regime.gaussian_norms import L, W
from proofs.lazy_regime.lemma_15_constants import RHO, WIDE_ENOUGH
from proofs.lazy_regime.lemma_15_layers import START, W0, layers_moved
from theorycheck.exact import induction_rules as induction, rules as by
from theorycheck.exact.cited import TRIANGLE
from theorycheck.statement import Part
from theorycheck.tree import Le, norm, singular
from theorycheck.tree.node import matrix_shape


def on_the_border(side):
    """Two layers, one neuron of many in use, at 3 rho. One of them at 4 rho, X and Y twice X_0 and Y_0, and one layer counts;
    or both moved, X = X_0 and Y = Y_0, and both count."""

    def near(source, env):
        count = source.integer(1, 2)
        shares = {1: {1 if side is below else 2: 1}, 2: {1: fmpq(3, 5), 2: fmpq(4, 5)}}
        found = layers_moved(source, env, shares[count])
        one, other = ((fmpq(1),),), ((fmpq(3 - count),),)
        return {**found, "r": found["rho"], "m": count, "p": 1, "X_0": one, "Y_0": one, "X": other, "Y": other}

    return near


part = Part(line=462, where="proof", domain=domain, expects="proved", exempt=WIDE_ENOUGH)


# --- products ----------------------------------------------------------------------------------------------------------------
def base_of(goal, b):
    """The base of the power in the goal, in place of b: any other that is at least 3 rho will do."""
    power = next((x for x in goal.nodes[1].nodes if x.head == "pow" and x.nodes[1] == m), None)
    return b if power is None else power.nodes[0]


def grows(side, X, b):
    """|W0_m .. W0_1 X| <= b^m |X| for b >= 3 rho, by induction."""
    goal = yield Le(norm(side(W0, m, X)), b**m * norm(X))
    b = base_of(goal, b)
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
    rows, cols = matrix_shape(parts[0])
    both = Le(norm(parts[0] + parts[1]), norm(parts[0]) + norm(parts[1]))
    both = yield both, by.under([Le(m + 1, L)], by.cite(TRIANGLE, A=parts[0], B=parts[1], a=rows, b=cols))
    step = yield (
        Le(norm(difference(m + 1)), bound(m + 1)),
        by.under([Le(m + 1, L)], by.linear(both, one, two, (known, b), (size, r))),
    )
    line = yield known.shows, induction.over(m, base, step)
    yield goal, by.linear(line)


@part.claim("grown-below", near=on_the_border(below), four=4)
def grown_below(four):
    """Layers at the start, applied to X_0"""
    yield from grows(below, X_0, four * RHO)


@part.claim("grown-above", near=on_the_border(above), four=4)
def grown_above(four):
    """Layers at the start, after Y_0"""
    yield from grows(above, Y_0, four * RHO)


@part.claim("drift-below", near=on_the_border(below), factor=1)
def drift_below(factor):
    """Layers in the ball, applied to X, against those at the start, applied to X_0"""
    yield from drifts(below, X, X_0, "grown-below", factor)


@part.claim("drift-above", near=on_the_border(above), factor=1)
def drift_above(factor):
    """Layers in the ball, after Y, against those at the start, after Y_0"""
    yield from drifts(above, Y, Y_0, "grown-above", factor)
