"""The loss of the network satisfies the beta'-PL inequality on the whole ball around the start (Proposition 2, paper line 482).

For a start of `lemma-15.start` (layers of norms at most 3 rho, Theta >= 3/4 eta) and theta within R = c_3 rho of it.
"""

from flint import fmpq

from proofs.lazy_regime.aligned_kernel import LEAST, PL, PL_COST, C, C_min, beta
from proofs.lazy_regime.ball_instances import SCALES, as_low_as_it_may_be
from proofs.lazy_regime.ball_starts import ETA, printed
from proofs.lazy_regime.gaussian_norms import L, W, l
from proofs.lazy_regime.prop_2_numbers import HALF, RATE
from theorycheck.exact import rules as by
from theorycheck.models.aligned_networks import RowQuadratic
from theorycheck.statement import Part
from theorycheck.tree import Ge, gradient_of, norm, total

A = W.chain(L, 1)
domain = printed.extended(f"{printed.name}; costs that are beta-PL", *PL_COST)
part = Part(line=482, where="proof", domain=domain, expects="proved")


def in_one_dimension(source, env):
    """Theta as low as it may be and the cost beta/2 (A - T)^2, at any scale of the start, of its width and of the cost."""
    found, scale = as_low_as_it_may_be(source, env, 64), SCALES[source.integer(0, 2)]
    entries = [rows[0][0] for _, rows in sorted(found["W"].items())]
    at = entries[0] * entries[1] * (entries[2] if len(entries) == 3 else 1)
    cost = RowQuadratic(((scale,),), ((at - SCALES[source.integer(0, 2)],),), (scale,), fmpq(0))
    return {**found, "beta": scale, "C": cost, "C_min": fmpq(0)}


@part.claim("pl-on-the-ball", near=in_one_dimension, factor=1)
def pl_on_the_ball(factor):
    """C^NN satisfies the beta'-PL inequality within R of the start"""
    slopes = total(l, 1, L, norm(gradient_of(C(A), W[l])) ** 2)
    goal = yield Ge(slopes / 2, factor * RATE * (C(A) - C_min))
    G = C.grad(A)
    kernel = total(l, 1, L, norm(W.chain(l - 1, 1) @ G.T @ W.chain(L, l + 1)) ** 2)
    whole = yield Ge(kernel, ETA * 9 / 16 * norm(G) ** 2), by.uses("lemma-15.left-on-the-ball", Z=G)
    pl = yield Ge(norm(G) ** 2 / 2, beta * (C(A) - C_min)), by.given(PL, M=A)
    low = yield Ge(C(A), C_min), by.given(LEAST, M=A)
    yield goal, by.linear((whole, HALF), (pl, ETA * 9 / 16), slack=[low])
