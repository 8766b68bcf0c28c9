"""The two speeds: of A_theta along the flow of the network, of A(eta t) (Proposition 2, paper lines 504 and 505)."""

from proofs.lazy_regime.aligned_kernel import A, C, L, W, l
from proofs.lazy_regime.pl_paths import C as cost, domain as flows_of, t, x
from theorycheck.domain import Domain, depth, drawn, layers_of, real, widths
from theorycheck.exact import rules as by
from theorycheck.models.included import matrix_cost
from theorycheck.statement import Part
from theorycheck.tree import (
    Dt,
    Eq,
    gradient_of,
    sym,
    total,
)  # fmt: skip

eta = sym("eta")
networks = Domain(
    "networks of any depth and widths, any cost",
    (depth("L", 1), widths("n"), layers_of("W"), drawn("C", matrix_cost)),
)
rescaled_flows = flows_of.extended("gradient flows of costs, eta > 0", real("eta", above=0))
part = Part(where="proof", expects="proved")


@part.claim("speed", line=504, domain=networks, one=1)
def speed(one):
    """A_theta moves by -Theta[grad C(A_theta)] along the flow of C^NN"""
    above, below, G = W.chain(L, l + 1), W.chain(l - 1, 1), C.grad(A)
    moved = total(l, 1, L, above @ (-one * gradient_of(C(A), W[l])) @ below)
    goal = yield Eq(moved, -total(l, 1, L, above @ above.T @ G @ below.T @ below))
    yield goal, by.identity()


@part.claim("rescaled", line=505, domain=rescaled_flows, one=1)
def rescaled(one):
    """A(eta t) moves by -eta grad C(A(eta t))"""
    goal = yield Eq(Dt(x(eta * t)), -one * eta * cost.grad(x(eta * t)))
    yield goal, by.identity()
