"""Theta on the whole ball around the start (Lemma 15, bound 4; paper lines 442 and 468).

Theta(Z, Z) is the sum over the layers of |G_l|^2, G_l = W_(l-1) .. W_1 Z^T W_L .. W_(l+1). Within r of the start, where all
layers have norms of at most 3 rho, G_l has changed by at most (L - 1) (4 rho)^(L-2) r |Z| (`lemma_15_drift`), and with
|x + y|^2 >= 7/8 |x|^2 - 7 |y|^2 more than half of eta is left of 3/4 eta, also in a ball at least 16 times as large as the
printed one: the radius rho / (16 (L - 1) 4^(L-2)) for c_3 rho.
"""

from fractions import Fraction

from proofs.lazy_regime.ball_instances import as_low_as_it_may_be, on_the_border
from proofs.lazy_regime.ball_starts import (
    CLOSE,
    ETA,
    HALF,
    INNER,
    LOWEST,
    QUARTER,
    SMALL,
    Z,
    domain,
    printed,
    r,
    slope,
    theta,
    wide,
)
from proofs.lazy_regime.gaussian_norms import L, W, h, n
from proofs.lazy_regime.lemma_15_constants import C_1, C_2, RHO, WIDE_ENOUGH
from proofs.lazy_regime.lemma_15_layers import W0
from theorycheck.exact import rules as by
from theorycheck.exact.matrix_rules import scaled
from theorycheck.statement import Part
from theorycheck.tree import Eq, Ge, Le, norm, num, total

part = Part(line=468, where="proof", domain=domain, expects="proved", exempt=WIDE_ENOUGH)


@part.claim("slope-drift", near=on_the_border, factor=1)
def slope_drift(factor):
    """Within r of the start a gradient of <Z, A> has changed by at most (L - 1) (4 rho)^(L-2) r |Z|"""
    goal = yield Le(norm(slope(W, h) - slope(W0, h)), factor * (L - 1) * (4 * RHO) ** (L - 2) * r * norm(Z))
    below, start = W.chain(h - 1, 1) @ Z.T, W0.chain(h - 1, 1) @ Z.T
    at = {"X": Z.T, "X_0": Z.T, "p": n[L], "m": h - 1}
    grown = yield Le(norm(start), (4 * RHO) ** (h - 1) * norm(Z)), by.uses("lemma-15.grown-below", **at)
    one = Le(norm(below - start), (h - 1) * (4 * RHO) ** (h - 2) * r * norm(Z))
    one = yield one, by.uses("lemma-15.drift-below", **at)
    other = (4 * RHO) ** (L - h) * norm(below - start) + (L - h) * (4 * RHO) ** (L - h - 1) * r * norm(start)
    other = Le(norm(slope(W, h) - slope(W0, h)), other)
    other = yield other, by.uses("lemma-15.drift-above", Y=below, Y_0=start, p=n[h - 1], m=L - h)
    rest = yield Ge(L - h, 0), by.sign()
    more = yield Le((L - h) * norm(start), (L - h) * (4 * RHO) ** (h - 1) * norm(Z)), scaled(grown, rest)
    yield goal, by.linear(other, (one, (4 * RHO) ** (L - h)), (more, (4 * RHO) ** (L - h - 1) * r))


def kept(close):
    """Theta >= 161/256 eta, where 16 (L - 1) r <= rho / 4^(L-2) is the line `close`."""
    drift = Le(norm(slope(W, h) - slope(W0, h)), (L - 1) * (4 * RHO) ** (L - 2) * r * norm(Z))
    drift = yield drift, by.uses("lemma-15.slope-drift")
    small = Le(norm(slope(W, h) - slope(W0, h)), RHO ** (L - 1) / 16 * norm(Z))
    small = yield small, by.linear(drift, (close, (4 * RHO) ** (L - 2) * norm(Z) / 16))
    square = Le(norm(slope(W, h) - slope(W0, h)) ** 2, RHO ** (2 * (L - 1)) / 256 * norm(Z) ** 2)
    square = yield square, by.raised(small, 2)
    off = slope(W, h) - slope(W0, h) + slope(W0, h) / 8
    left = Fraction(7, 8) * norm(slope(W0, h)) ** 2 - Fraction(7, 256) * RHO ** (2 * (L - 1)) * norm(Z) ** 2
    one = yield Ge(norm(slope(W, h)) ** 2, left), by.linear((square, 7), squares=[(8, off)])
    every = yield Ge(theta(W), total(h, 1, L, left)), by.termwise(one, h)
    low = yield Ge(theta(W0), (1 - QUARTER) * ETA * norm(Z) ** 2), by.given(LOWEST)
    return (yield Ge(theta(W), Fraction(161, 256) * ETA * norm(Z) ** 2), by.linear(every, (low, Fraction(7, 8))))


@part.claim("left-on-the-ball", domain=printed, near=as_low_as_it_may_be, part=Fraction(9, 16))
def left_on_the_ball(part):
    """Theta >= 9/16 eta on the whole ball of the printed radius R = c_3 rho"""
    goal = yield Ge(theta(W), part * ETA * norm(Z) ** 2)
    small = yield Le(r, L / (32 * C_1 * C_2) * RHO), by.given(SMALL)
    two = yield Le(2, L), by.sign()
    some = yield Ge(num(4) ** (L - 1), 0), by.sign()
    grown = yield Le(2 * num(4) ** (L - 1), L * num(4) ** (L - 1)), scaled(two, some)
    power = yield Le(4, num(4) ** (L - 1)), by.sign()
    whole = yield Le(16, 32 * L * num(4) ** (L - 1)), by.linear((grown, 32), (power, 64))
    inverse = yield Le(1 / (32 * L * num(4) ** (L - 1)), Fraction(1, 16)), by.raised(whole, -1)
    apart = yield Eq((L - 1) * L / (32 * C_1 * C_2) * RHO, INNER / (32 * L * num(4) ** (L - 1))), by.identity()
    terms = (small, 16 * (L - 1)), (apart, 16), (inverse, 16 * INNER)
    close = yield Le(16 * (L - 1) * r, INNER), by.linear(*terms)
    line = yield from kept(close)
    yield goal, by.linear(line, slack=[(yield Ge(norm(Z) ** 2, 0), by.sign())])


@part.claim("on-the-ball", line=442, where="statement", main=True, domain=printed, near=as_low_as_it_may_be, half=HALF)
def on_the_ball(half):
    """Theta >= eta/2 on the whole ball of radius R"""
    goal = yield Ge(theta(W), half * ETA * norm(Z) ** 2)
    line = yield Ge(theta(W), Fraction(9, 16) * ETA * norm(Z) ** 2), by.uses("lemma-15.left-on-the-ball")
    yield goal, by.linear(line, slack=[(yield Ge(norm(Z) ** 2, 0), by.sign())])


@part.claim("on-a-larger-ball", domain=wide, near=as_low_as_it_may_be, half=HALF)
def on_a_larger_ball(half):
    """The same on the ball of radius rho / (16 (L - 1) 4^(L-2)), at least 16 times as large"""
    goal = yield Ge(theta(W), half * ETA * norm(Z) ** 2)
    close = yield Le(16 * (L - 1) * r, INNER), by.given(CLOSE)
    line = yield from kept(close)
    yield goal, by.linear(line, slack=[(yield Ge(norm(Z) ** 2, 0), by.sign())])
