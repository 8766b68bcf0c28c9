"""The loss of the network satisfies the beta'-PL inequality on the whole ball around the start (Proposition 2, paper line 482).

For a start of `lemma-15.start` (layers of norms at most 3 rho, Theta >= 3/4 eta) and theta within R = c_3 rho of it.
"""

from proofs.lazy_regime.aligned_kernel import LEAST, PL, C_min, beta
from proofs.lazy_regime.ball_starts import ETA, printed
from proofs.lazy_regime.gaussian_norms import L, W, l, n
from proofs.lazy_regime.prop_2_numbers import HALF, RATE
from theorycheck.domain import derived, drawn, hypothesis, real
from theorycheck.exact import rules as by
from theorycheck.models import aligned_networks as aligned
from theorycheck.statement import Part
from theorycheck.tree import Function, Ge, gradient_of, mat, norm, total

C, M, A = Function("C"), mat("M", n[L], n[0]), W.chain(L, 1)
domain = printed.extended(
    f"{printed.name}; costs that are beta-PL",
    real("beta", above=0, line=112),
    drawn("C", aligned.pl_cost),
    derived("C_min", lambda env: env["C"].least),
    hypothesis(
        PL,
        Ge(norm(C.grad(M)) ** 2 / 2, beta * (C(M) - C_min)),
        345,
        variables=("M",),
        test=lambda env: env["C_min"] >= env["C"].least and env["C"].has_pl(env["beta"]),
    ),
    hypothesis(LEAST, Ge(C(M), C_min), 345, variables=("M",), test=lambda env: env["C"].least >= env["C_min"]),
)
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
