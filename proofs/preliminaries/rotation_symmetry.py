"""Rotations of the hidden layers leave the matrix alone and carry gradients along (paper lines 83 to 87).

V_l = O_l W_l O_(l-1)^T with orthogonal O_l, O_0 = O_L = 1: A_V = A_W, the gradient at V is the rotated one, and the norms
are the same. So the right side of the gradient flow, with a ridge or without, at the rotated point is the rotated one: the
rotated path of a flow is the flow from the rotated start. The paper takes hidden layers of one width; any widths do.
"""

from dataclasses import replace
from functools import partial

from proofs.preliminaries import frames_of_layers as framed
from proofs.preliminaries.frames_of_layers import FRAME, LAYERS, C, L, indices, l, n
from theorycheck.cli import run_module
from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, layers_of, real, widths
from theorycheck.exact import function_rules as functions, rules as by
from theorycheck.models import included
from theorycheck.models.frame_checks import along_reduced_runs
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Family, eye, gradient_of, layers, norm, sym
from theorycheck.verdict import Erratum

W, V = layers("W", n), layers("V", n)  # theta and R theta
O, lam = Family("O", lambda at: (n[at], n[at])), sym("lambda")
A_W, A_V = W.chain(L, 1), V.chain(L, 1)
net = framed.Carried(V, W, O)
ENDS = ("no rotation of the inputs", "no rotation of the outputs")

domain = Domain(
    "deep linear networks of any depth L >= 2 and widths, any rotation of their hidden layers, any cost, ridge lambda >= 0",
    (
        depth("L"),
        widths("n"),
        drawn("O", included.rotations),
        layers_of("W"),
        derived("V", included.placed("W", "O")),
        drawn("C", included.matrix_cost),
        real("lambda", at_least=0),
        *indices,
    ),
    (*net.hypotheses(83), hypothesis(ENDS[0], Eq(O[0], eye(n[0])), 83), hypothesis(ENDS[1], Eq(O[L], eye(n[L])), 83)),
)
statement = Statement("rotation-symmetry", "Rotations of hidden layers are a symmetry", "2.3", domain)


def rotated_gradient():
    """The gradient at the rotated point, and the equation of the two matrices, both without the frames of the ends."""
    line = yield from framed.whole_gradient(net)
    plain = yield Eq(net.image, A_W), by.identity(*ENDS)
    slope = yield Eq(C.grad(net.image), C.grad(A_W)), functions.applied(plain)
    turned = O[l] @ gradient_of(C(A_W), W[l]) @ O[l - 1].T
    same = yield Eq(O[l] @ gradient_of(C(net.image), W[l]) @ O[l - 1].T, turned), by.identity(slope, *ENDS)
    return (yield Eq(gradient_of(C(A_V), V[l]), turned), by.linear(line, same))


@statement.claim("matrix", line=85, main=True, expects="proved")
def matrix():
    """A of the rotated parameters is A"""
    goal = yield Eq(A_V, A_W)
    line = yield from framed.whole_matrix(net)
    yield goal, by.linear(line, using=ENDS)


shallow = replace(
    domain,
    name="deep linear networks of depth 2, the shortest, and any rotation of their hidden layer",
    variables=(depth("L", 2, 2), *domain.variables[1:]),
    conditions=(*domain.conditions, hypothesis("two layers", Eq(L, 2))),
)


@statement.claim(
    "gradient-literal",
    line=85,
    expects="refuted",
    domain=shallow,
    erratum=Erratum(
        "notation",
        "the gradient in theta of the function theta -> C(A_(R theta)), as the subscript has it",
        "that function is theta -> C(A_theta) itself, whose gradient is not rotated; meant is the gradient of C(A) at R theta",
        stands=("rotation-symmetry.gradient", "rotation-symmetry.flow"),
    ),
)
def gradient_literal():
    """The gradient in theta of the cost at R theta is the rotated gradient, read as it stands"""
    turned = W[2] @ O[1].T @ O[1] @ W[1]
    yield Eq(gradient_of(C(turned), W[1]), O[1] @ gradient_of(C(W[2] @ W[1]), W[1]) @ O[0].T)


@statement.claim("gradient", line=85, main=True, expects="proved", corrects="gradient-literal")
def gradient():
    """The gradient at the rotated parameters is the rotated gradient"""
    goal = yield Eq(gradient_of(C(A_V), V[l]), O[l] @ gradient_of(C(A_W), W[l]) @ O[l - 1].T)
    line = yield from rotated_gradient()
    yield goal, by.linear(line)


@statement.claim("flow", line=87, expects="proved", ridge=2)
def flow(ridge):
    """The right side of the flow with its ridge at R theta is R times that at theta: R theta(t) flows where theta(t) does"""
    field = gradient_of(C(A_W), W[l]) + 2 * lam * W[l]
    goal = yield Eq(gradient_of(C(A_V), V[l]) + ridge * lam * V[l], O[l] @ field @ O[l - 1].T)
    line = yield from rotated_gradient()
    layer = yield Eq(V[l], O[l] @ W[l] @ O[l - 1].T), by.given(LAYERS, j=l)
    yield goal, by.linear(line, (layer, 2 * lam))


@statement.claim("norm", line=87, where="proof", expects="proved")
def norm_():
    """A rotation keeps the norms of the layers, hence the ridge"""
    goal = yield Eq(norm(V[l]) ** 2, norm(W[l]) ** 2)
    yield goal, by.identity(LAYERS, FRAME)


NAMES = ("V", "W", "O", "rest")
for claim in (matrix, gradient, flow, norm_):
    claim.leg("flow")(partial(along_reduced_runs, names=NAMES, kind="rotation"))

if __name__ == "__main__":
    raise SystemExit(run_module(statement))
