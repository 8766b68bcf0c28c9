"""Where Theta >= eta/2, the loss of the network satisfies the beta'-PL inequality (Proposition 2, paper line 482)."""

from flint import fmpq

from proofs.lazy_regime.aligned_kernel import LEAST, A, C, domain as kernels, lam, slopes
from proofs.lazy_regime.gaussian_norms import L, w
from proofs.lazy_regime.pl_paths import C_min, beta
from proofs.lazy_regime.prop_2_numbers import RATE, S
from proofs.lazy_regime.thm_20_gaussian_singular_values import sigma
from theorycheck.domain import drawn, hypothesis
from theorycheck.exact import matrix_rules as matrices, rules as by
from theorycheck.models.aligned_networks import along_the_least
from theorycheck.tree import Ge, Gt

KERNEL = "Theta >= eta/2"


def small_scale(source, env):
    """sigma = q^L with L/2 q^(2 (L - 1)) <= lambda_min, where that is positive."""
    q = fmpq(1, source.integer(1, 3))
    while q > fmpq(1, 500) and env["L"] * q ** (2 * env["L"] - 2) > 2 * env["lambda_min"]:
        q = q / 2
    return q ** env["L"]


networks = kernels.extended(
    "networks of any depth and widths, costs that are beta-PL, at parameters where Theta >= eta/2 = L/2 S",
    drawn("w", lambda source, env: 1, hypothesis("w >= 1", Ge(w, 1)), integer=True),
    drawn("sigma", small_scale, hypothesis("sigma > 0", Gt(sigma, 0))),
    hypothesis(KERNEL, Ge(lam, L * S / 2), 442),
)


def pl(factor):
    """C^NN satisfies the beta'-PL inequality where Theta >= eta/2"""
    goal = yield Ge(slopes(C(A)) / 2, factor * RATE * (C(A) - C_min))
    line = yield Ge(slopes(C(A)) / 2, lam * beta * (C(A) - C_min)), by.uses("pl-transfer.pl")
    low = yield Ge(C(A), C_min), by.given(LEAST, M=A)
    above = yield Ge(C(A) - C_min, 0), by.linear(low)
    kernel = yield Ge(lam, L * S / 2), by.given(KERNEL)
    scaled = yield Ge(lam * (C(A) - C_min), L * S / 2 * (C(A) - C_min)), matrices.scaled(kernel, above)
    yield goal, by.linear(line, (scaled, beta), slack=[above])


def least_kernel(source, env):
    """Two layers of one neuron, both d, and sigma sqrt(w) = lambda_min = 2 d^2 = L/2 S; A - T is an eigenvector."""
    d, w_ = (fmpq(1), fmpq(1, 2))[source.integer(0, 1)], (1, 10**40)[source.integer(0, 1)]
    one, layer, small = ((fmpq(1),),), ((d,),), 2 * d * d
    shapes = {"L": 2, "n": {0: 1, 1: 1, 2: 1}, "Q": {0: one, 1: one, 2: one}, "d": {1: (d,), 2: (d,)}, "l": 1, "w": w_}
    moved = {**env, **shapes, "W": {1: layer, 2: layer}, "lambda_min": small, "E": ((fmpq(2),),)}
    moved["sigma"] = small if w_ == 1 else small / 10**20
    cost = along_the_least(moved, ((d * d,),))
    return {**moved, "C": cost, "C_min": cost.least}


def enter(statement):
    """Add the claim."""
    own = {"line": 482, "where": "proof", "domain": networks, "near": least_kernel, "expects": "proved"}
    statement.claim("pl", **own, factor=1)(pl)
