"""A network whose layers are blocks in invariant subspaces follows the smaller network of these blocks.

The engine rests on it (theorycheck/flow/reductions.py); the paper says it of rotated inclusions, the case E = 0 (line 93).
With frames U_l, n_l x m_l, orthogonal for l = 0 and L,

    W_l = U_l B_l U_(l-1)^T + E_l,   E_l U_(l-1) = 0,   U_l^T E_l = 0

for any depth, widths, cost and ridge: A_W = U_L A_B U_0^T, and the right side of the flow at W is that at B in the frames,
plus -2 lambda E_l. So W(t) = U B(t) U^T + e^(-2 lambda t) E solves the flow of W where B(t) solves that of B, and it is the
only solution. Such blocks exist exactly where the ranges of U_l are carried into each other by W_l and W_l^T (`closed`): for
L = 2 where the range of U_1 holds that of [W_1 | W_2^T].
"""

from proofs.preliminaries import frames_of_layers as framed
from proofs.preliminaries.frames_of_layers import FRAME, LAYERS, C, L, indices, j, l, m, n
from theorycheck.cli import run_module
from theorycheck.domain import Domain, depth, derived, drawn, real, widths
from theorycheck.exact import rules as by
from theorycheck.models import included
from theorycheck.models.frame_checks import along_reduced_runs
from theorycheck.models.included import each
from theorycheck.models.included_broken import rest_from_inside
from theorycheck.statement import Statement
from theorycheck.tree import All, Dt, Eq, Family, exp, eye, gradient_of, layers, norm, sym, zero
from theorycheck.tree.build import Layers

W, B = layers("W", n), Layers("B", m)  # B is differentiated in one layer at a time
U, E = Family("U", lambda at: (n[at], m[at])), Family("E", lambda at: (n[at], n[at - 1]))
lam, t = sym("lambda"), sym("t")
RIGHT, LEFT = "the rest vanishes inside", "the rest has no part inside"
net = framed.Carried(W, B, U, (RIGHT, LEFT))

domain = Domain(
    "networks of any depth L >= 2 and widths, blocks in frames and a rest outside, any cost, ridge lambda >= 0",
    (
        depth("L"),
        widths("n"),
        drawn("m", included.inner_widths, positive=True),
        drawn("U", included.turned_frames),
        drawn("B", included.blocks),
        drawn("E", included.outside),
        derived("W", included.placed(rest="E")),
        drawn("C", included.matrix_cost),
        real("lambda", at_least=0),
        real("t", at_least=0),
        *indices,
    ),
    (
        *net.hypotheses(93, rest=E[j]),
        each(RIGHT, Eq(E[j] @ U[j - 1], zero(n[j], m[j - 1])), 93, 1, L, rest_from_inside),
        each(LEFT, Eq(U[j].T @ E[j], zero(m[j], n[j - 1])), 93, 1, L),
    ),
)
statement = Statement("hidden-compression", "Layers that are blocks in invariant subspaces", "2.3", domain)


def with_rest(source, env):
    """Hidden layers of width 2 with blocks of width 1: in the middle a rest is left."""
    n = {0: env["n"][0], 1: 2, 2: 2, 3: env["n"][env["L"]]}
    made = {**env, "L": 3, "n": n, "m": {**n, 1: 1, 2: 1}, "l": 2, "start": 1, "end": 3}
    for name, draw in (("U", included.turned_frames), ("B", included.blocks), ("E", included.outside)):
        made[name] = draw(source, made)
    return {**made, "W": included.placed(rest="E")(made)}


@statement.claim("matrix", line=93, main=True, expects="proved")
def matrix():
    """The network computes the matrix of the smaller one, in the outer frames"""
    goal = yield Eq(net.matrix, net.image)
    line = yield from framed.whole_matrix(net)
    yield goal, by.linear(line)


@statement.claim("gradient", line=93, main=True, expects="proved")
def gradient():
    """The gradient in W_l is that in B_l in the frames: nothing of it lies outside, nothing joins inside and outside"""
    goal = yield Eq(gradient_of(C(net.matrix), W[l]), U[l] @ gradient_of(C(net.image), B[l]) @ U[l - 1].T)
    line = yield from framed.whole_gradient(net)
    yield goal, by.linear(line)


@statement.claim("field", line=93, main=True, expects="proved", near=with_rest, ridge=2)
def field(ridge):
    """The right side of the flow with its ridge: that of the blocks in the frames, and 2 lambda E_l by itself"""
    small = gradient_of(C(net.image), B[l]) + 2 * lam * B[l]
    goal = yield Eq(gradient_of(C(net.matrix), W[l]) + 2 * lam * W[l], U[l] @ small @ U[l - 1].T + ridge * lam * E[l])
    line = yield from framed.whole_gradient(net)
    layer = yield Eq(W[l], U[l] @ B[l] @ U[l - 1].T + E[l]), by.given(LAYERS, j=l)
    yield goal, by.linear(line, (layer, 2 * lam))


@statement.claim("rest", line=93, expects="proved", rate=2)
def rest(rate):
    """The rest e^(-2 lambda t) E_l moves by -2 lambda times itself"""
    now = exp(-rate * lam * t) * E[l]
    goal = yield Eq(Dt(now), -2 * lam * now)
    yield goal, by.identity()


@statement.claim("norm", line=93, expects="proved", near=with_rest)
def norm_():
    """The squared norms add up"""
    goal = yield Eq(norm(W[l]) ** 2, norm(B[l]) ** 2 + norm(E[l]) ** 2)
    yield goal, by.identity(LAYERS, RIGHT, LEFT, FRAME)


# --- which frames do -----------------------------------------------------------------------------------------------------
INTO, ONTO = "W carries the ranges into each other", "W^T carries them back"
closed = Domain(
    "networks of any depth L >= 2 and widths, frames of subspaces that the layers and their transposes respect",
    (*domain.variables[:7], indices[0]),
    (
        each(FRAME, Eq(U[j].T @ U[j], eye(m[j])), 93, 0, L),
        each(INTO, Eq(W[j] @ U[j - 1], U[j] @ U[j].T @ W[j] @ U[j - 1]), 93, 1, L),
        each(ONTO, Eq(U[j].T @ W[j], U[j].T @ W[j] @ U[j - 1] @ U[j - 1].T), 93, 1, L),
    ),
)


@statement.claim("closed", line=93, domain=closed, expects="proved")
def closed_():
    """What remains of W_l besides its block U_l^T W_l U_(l-1) has no part inside, from either side"""
    rest = W[l] - U[l] @ (U[l].T @ W[l] @ U[l - 1]) @ U[l - 1].T
    goal = yield All(Eq(rest @ U[l - 1], zero(n[l], m[l - 1])), Eq(U[l].T @ rest, zero(m[l], n[l - 1])))
    into = yield Eq(W[l] @ U[l - 1], U[l] @ U[l].T @ W[l] @ U[l - 1]), by.given(INTO, j=l)
    onto = yield Eq(U[l].T @ W[l], U[l].T @ W[l] @ U[l - 1] @ U[l - 1].T), by.given(ONTO, j=l)
    right = yield goal.nodes[0], by.linear(into, using=[FRAME])
    left = yield goal.nodes[1], by.linear(onto, using=[FRAME])
    yield goal, by.both(right, left)


for claim in (matrix, gradient, field, norm_):
    claim.leg("flow")(along_reduced_runs)

if __name__ == "__main__":
    raise SystemExit(run_module(statement))
