"""Networks included in wider ones by zero weights: same matrix, included gradients, an invariant image (paper lines 89 to 93).

I(theta)_l = J_l W_l J_(l-1)^T, where J_l is the first m_l columns of the identity of size n_l: the display of line 91. At the
ends m = n, so that J_0 and J_L are identities. Any widths m_l <= n_l do, not only m_l = w, n_l = w'. Rotations of the image
and a rest outside it: `hidden-compression`.
"""

from functools import partial

from proofs.preliminaries import frames_of_layers as framed
from proofs.preliminaries.frames_of_layers import FRAME, LAYERS, C, indices, l, m, n
from theorycheck.cli import run_module
from theorycheck.domain import Domain, depth, derived, drawn, real, widths
from theorycheck.exact import matrix_rules as matrices, rules as by
from theorycheck.models import included
from theorycheck.models.frame_checks import along_reduced_runs
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Family, gradient_of, layers, sym
from theorycheck.tree.build import Layers

V, W = layers("V", n), Layers("W", m)  # I(theta) and theta; W is differentiated in one layer at a time
J, lam = Family("J", lambda at: (n[at], m[at])), sym("lambda")
net = framed.Carried(V, W, J)

domain = Domain(
    "deep linear networks of any depth L >= 2 included in wider ones of the same ends, any cost, ridge lambda >= 0",
    (
        depth("L"),
        widths("n"),
        drawn("m", included.inner_widths, positive=True),
        derived("J", included.first_neurons),
        drawn("W", included.blocks),
        derived("V", included.placed("W", "J")),
        drawn("C", included.matrix_cost),
        real("lambda", at_least=0),
        *indices,
    ),
    net.hypotheses(91),
)
statement = Statement("inclusion-symmetry", "Inclusions into wider networks are a symmetry", "2.3", domain)


@statement.claim("matrix", line=93, main=True, expects="proved")
def matrix():
    """A of the included parameters is A"""
    goal = yield Eq(net.matrix, net.image)
    line = yield from framed.whole_matrix(net)
    yield goal, by.linear(line)


@statement.claim("gradient", line=93, main=True, expects="proved")
def gradient():
    """The gradient at the included parameters is the included gradient"""
    goal = yield Eq(gradient_of(C(net.matrix), V[l]), J[l] @ gradient_of(C(net.image), W[l]) @ J[l - 1].T)
    line = yield from framed.whole_gradient(net)
    yield goal, by.linear(line)


@statement.claim("invariant", line=93, main=True, expects="proved", ridge=2)
def invariant(ridge):
    """The image of the inclusion is invariant: the right side of the flow there is the included one, with a ridge too"""
    field = gradient_of(C(net.image), W[l]) + 2 * lam * W[l]
    goal = yield Eq(gradient_of(C(net.matrix), V[l]) + ridge * lam * V[l], J[l] @ field @ J[l - 1].T)
    line = yield from framed.whole_gradient(net)
    layer = yield Eq(V[l], J[l] @ W[l] @ J[l - 1].T), by.given(LAYERS, j=l)
    yield goal, by.linear(line, (layer, 2 * lam))


@statement.claim("inside", line=93, where="proof", expects="proved")
def inside():
    """The gradient at an included point lies in the image: new neurons keep zero weights"""
    slope = gradient_of(C(net.matrix), V[l])
    goal = yield Eq(slope, J[l] @ J[l].T @ slope @ J[l - 1] @ J[l - 1].T)
    image = J[l] @ gradient_of(C(net.image), W[l]) @ J[l - 1].T
    line = yield from framed.whole_gradient(net)
    there = yield Eq(image, J[l] @ J[l].T @ image @ J[l - 1] @ J[l - 1].T), by.identity(FRAME)
    again = yield (
        Eq(J[l] @ J[l].T @ slope @ J[l - 1] @ J[l - 1].T, there.shows.nodes[1]),
        matrices.multiplied(line, J[l] @ J[l].T, J[l - 1] @ J[l - 1].T),
    )
    yield goal, by.linear(line, there, (again, -1))


NAMES = ("V", "W", "J", "rest")
for claim in (matrix, gradient, invariant, inside):
    claim.leg("flow")(partial(along_reduced_runs, names=NAMES, kind="inclusion"))

if __name__ == "__main__":
    raise SystemExit(run_module(statement))
