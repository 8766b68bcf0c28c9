"""The loss of the network satisfies the beta'-PL inequality on the whole ball around the start (Proposition 2, paper line 482).

For a start of `lemma-15.start` (layers of norms at most 3 rho, Theta >= 3/4 eta) and theta within R = c_3 rho of it.
"""

from proofs.lazy_regime.aligned_kernel import LEAST, PL, PL_COST, C, C_min, beta
from proofs.lazy_regime.ball_starts import ETA, printed
from proofs.lazy_regime.gaussian_norms import L, W, l
from proofs.lazy_regime.prop_2_numbers import HALF, RATE
from theorycheck.exact import rules as by
from theorycheck.statement import Part
from theorycheck.tree import Ge, gradient_of, norm, total

A = W.chain(L, 1)
domain = printed.extended(f"{printed.name}; costs that are beta-PL", *PL_COST)
part = Part(line=482, where="proof", domain=domain, expects="proved")


@part.claim("pl-on-the-ball", factor=1)
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
