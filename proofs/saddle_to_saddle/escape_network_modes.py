"""All escape directions of nonzero speed of H = Tr[G^T A], several modes at once (paper, C.1.1; line 664 has one mode only).

They are W_l = Q_l S Q_(l-1)^T with one positive definite S and frames Q_l (orthonormal columns, one for each mode) such that
G^T Q_L S^(L-2) = sigma Q_0 and G Q_0 S^(L-2) = sigma Q_L, |S|^2 = 1/L: for L >= 3 the ends are singular vectors of G, with the
singular value |sigma| / s_i^(L-2) for the eigenvector i of S; for L = 2 with the one singular value |sigma|. Conversely every
such product is an escape direction of speed sigma. S and Q are no restriction: S and the first two frames decompose W_1, and
Q_l = W_l Q_(l-1) S^(-1) defines the others.
"""

from proofs.saddle_to_saddle import network_lines as lines
from proofs.saddle_to_saddle.network_directions import A, G, H, L, W, hi, l, lo, speed
from proofs.saddle_to_saddle.network_frames import (
    Q,
    S,
    along_the_frames,
    ends,
    framed,
    is_frame,
    layer,
    modes_everywhere,
    products,
)
from theorycheck.exact import homogeneous_rules as hom, matrix_rules as matrices, rules as by
from theorycheck.models.linear_form import three_modes_in_frames
from theorycheck.tree import All, Eq, Ge, Le, gradient_of, norm, num


def modes(count):
    """Every escape direction of nonzero speed is W_l = Q_l S Q_(l-1)^T with frames Q_l and one S, |S|^2 = 1/L"""
    goal = yield All(layer(l), is_frame(l), Eq(norm(S) ** 2, count / L))
    found = yield from modes_everywhere()
    _, norms = yield from lines.equal_norms()
    first = yield Eq(norm(W[1]) ** 2, 1 / L), by.cite(by.generic(norms, [Ge(l, 1), Le(l, L)], l), l=num(1))
    square = yield Eq(norm(S) ** 2, 1 / L), by.linear(first, using=["W_1 is decomposed", "Q_1 is a frame", "Q_0 is a frame"])
    size = yield goal.nodes[2], by.linear(square)
    yield goal, by.both(found[0], found[1], size)


def modes_ends(power):
    """The ends of these directions are singular vectors of G: G^T Q_L S^(L-2) = sigma Q_0 and G Q_0 S^(L-2) = sigma Q_L"""
    goal = yield All(*ends(power))
    top, bottom, known = yield from along_the_frames()
    first = yield Eq(gradient_of(H, W[1]), speed * W[1]), by.given("an escape direction", j=num(1))
    row = yield Eq(Q[0].T @ A.T @ G, speed * Q[0].T @ W[1].T @ W[1]), matrices.multiplied(first, left=(W[1] @ Q[0]).T)
    low = yield Eq(G.T @ A @ Q[0], speed * W[1].T @ W[1] @ Q[0]), hom.transposed(row)
    last = yield Eq(gradient_of(H, W[L]), speed * W[L]), by.given("an escape direction", j=L)
    high = yield Eq(G @ A.T @ Q[L], speed * W[L] @ W[L].T @ Q[L]), matrices.multiplied(last, right=W[L].T @ Q[L])
    names = ("W_1 is decomposed", "Q_0 is a frame", "Q_1 is a frame")
    left = yield Eq(G.T @ Q[L] @ S**L, speed * Q[0] @ S**2), by.linear(low, using=[top, *names])
    right = yield Eq(G @ Q[0] @ S**L, speed * Q[L] @ S**2), by.linear(high, using=[bottom, *known])
    divided = [matrices.multiplied(line, right=S ** (-2)) for line in (left, right)]
    yield goal, by.both(*(yield from lines.each_line(goal.nodes, divided)))


def modes_escape(factor):
    """Conversely: frames and one definite S with such ends make an escape direction of speed sigma"""

    def at(k):
        return Eq(gradient_of(H, W[k]), factor * speed * W[k])

    goal = yield at(l)
    chain = yield (
        Eq(W.chain(hi, lo), Q[hi] @ S ** (hi - lo + 1) @ Q[lo - 1].T),
        by.telescope("W", hi, "the layers", "the frames"),
    )
    between = by.generic(chain, [Ge(lo, 1), Le(lo, L), Ge(hi, lo), Le(hi, L)], hi, lo)
    left, right = yield from lines.each_line(ends(2), map(by.given, ("the last frame", "the first frame")))
    column = yield Eq(G.T @ Q[L], speed * Q[0] @ S ** (2 - L)), matrices.multiplied(left, right=S ** (2 - L))
    row = yield Eq(Q[L].T @ G, speed * S ** (2 - L) @ Q[0].T), hom.transposed(column)
    start = yield Eq(G @ Q[0], speed * Q[L] @ S ** (2 - L)), matrices.multiplied(right, right=S ** (2 - L))
    names = (between, row, start, "the layers", "the frames")
    first = yield at(num(1)), by.identity(*names)
    last = yield at(L), by.identity(*names)
    inside = yield goal, by.under([Le(num(1) + 1, l), Le(l + 1, L)], by.identity(*names))
    yield goal, hom.ends(first, inside, last, l)


def enter(statement):
    """Add the claims that classify the escape directions of nonzero speed."""
    near = {"near": three_modes_in_frames, "expects": "proved"}
    statement.claim("modes", line=664, main=True, domain=framed, count=1, **near)(modes)
    statement.claim("modes-ends", line=666, main=True, domain=framed, power=2, **near)(modes_ends)
    statement.claim("modes-escape", line=664, main=True, expects="proved", domain=products, factor=1)(modes_escape)
