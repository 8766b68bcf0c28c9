"""Shared by the claims on several modes: layers W_l = Q_l S Q_(l-1)^T with frames Q_l (orthonormal columns) and a definite S.

Domains, and derivations: such a decomposition of the first layer of an escape direction is one of all layers, and of A.
"""

from proofs.saddle_to_saddle import network_lines as lines
from proofs.saddle_to_saddle.network_directions import G, L, W, each, h, j, l, moving, n, network, speed
from theorycheck.domain import derived, drawn, hypothesis, index
from theorycheck.exact import basic_rules as basic, homogeneous_rules as hom, matrix_rules as matrices, rules as by
from theorycheck.fact import Fact
from theorycheck.models import linear_form as draw
from theorycheck.models.costs import orthogonal
from theorycheck.tree import All, Eq, Family, Ge, Le, eye, mat, norm, num, sym

m = sym("m")
Q, S = Family("Q", lambda place: (n[place], m)), mat("S", m, m)
DECOMPOSED = (
    derived("m", draw.number_of_modes, Fact("m >= 1", Ge(m, 1))),
    derived("Q", draw.frames_of_modes),
    drawn("S", lambda source, env: draw.sizes_of_modes(env), symmetric=True),
)


def is_frame(k):
    return Eq(Q[k].T @ Q[k], eye(m))


def layer(k):
    return Eq(W[k], Q[k] @ S @ Q[k - 1].T)


framed = moving.extended(
    "escape directions of nonzero speed of a deep linear network, their first layer decomposed",
    *DECOMPOSED,
    hypothesis("W_1 is decomposed", layer(num(1)), 664),
    hypothesis("Q_0 is a frame", is_frame(num(0)), 664),
    hypothesis("Q_1 is a frame", is_frame(num(1)), 664),
    each("the next frame", Eq(W[j] @ Q[j - 1], Q[j] @ S), 664, 1, L),
)


def ends(power):
    """The ends of the direction are singular vectors of G."""
    weight = S ** (L - power)
    return Eq(G.T @ Q[L] @ weight, speed * Q[0]), Eq(G @ Q[0] @ weight, speed * Q[L])


products = network.extended(
    "products of frames with one definite matrix, the ends singular vectors of G, any depth L >= 2 and widths",
    drawn("modes", draw.modes),
    drawn("epsilon", lambda source, env: 2 * source.integer(0, 1) - 1),
    drawn("frames", lambda source, env: {k: orthogonal(source, env["n"][k]) for k in env["n"]}),
    derived("sigma", draw.speed_of),
    derived("W", draw.layers_of_direction),
    *DECOMPOSED,
    index("lo", 1, L),
    index("hi", sym("lo"), L),
    each("the layers", layer(j), 664, 1, L),
    each("the frames", is_frame(j), 664, 0, L),
    hypothesis("the last frame", ends(2)[0], 664),
    hypothesis("the first frame", ends(2)[1], 664),
)


def modes_everywhere():
    """The lines W_l = Q_l S Q_(l-1)^T and Q_l^T Q_l = I, by induction: W_(l+1) (I - Q_l Q_l^T) vanishes by balancedness."""

    def claim(k):
        return All(layer(k), is_frame(k), is_frame(k - 1))

    balance = yield from lines.balanced()
    given = ("W_1 is decomposed", "Q_1 is a frame", "Q_0 is a frame")
    base = yield claim(num(1)), by.both(*(yield from lines.each_line(claim(num(1)).nodes, map(by.given, given))))
    here, inside = (yield claim(l), hom.assumed()), [Le(l + 1, L)]
    known = [balance, *(yield from lines.each_line(claim(l).nodes, 3 * [basic.part(here)]))]
    image = W[l + 1] @ Q[l]
    small = yield Eq(norm(W[l + 1] - image @ Q[l].T) ** 2, 0), by.under(inside, by.identity(*known))
    gone = yield Eq(W[l + 1], image @ Q[l].T), by.under(inside, hom.vanishes(small))
    next_frame = yield Eq(image, Q[l + 1] @ S), by.under(inside, by.given("the next frame", j=l + 1))
    next_layer = yield layer(l + 1), by.under(inside, by.linear(gone, using=[next_frame]))
    long = yield Eq(image.T @ image, S @ S), by.under(inside, by.identity(*known))
    same = yield Eq(S @ Q[l + 1].T @ Q[l + 1] @ S, S @ S), by.under(inside, by.linear(long, using=[next_frame]))
    unit = yield is_frame(l + 1), by.under(inside, matrices.multiplied(same, left=S ** (-1), right=S ** (-1)))
    step = yield claim(l + 1), by.both(next_layer, unit, known[2])
    whole = yield claim(l), hom.induction(base, step, l)
    return (yield from lines.each_line(claim(l).nodes, 3 * [basic.part(whole)]))


def along_the_frames():
    """A Q_0 = Q_L S^L and A^T Q_L = Q_0 S^L, by induction on the number of layers."""
    found = yield from modes_everywhere()
    layers_, frames = (by.generic(line, [Ge(l, 1), Le(l, L)], l) for line in found[:2])
    inside, after = [Le(h + 1, L)], W[h + 1]
    vector = yield Eq(after @ Q[h], Q[h + 1] @ S), by.under(inside, by.given("the next frame", j=h + 1))
    there = yield layer(h + 1), by.under(inside, by.cite(layers_, l=h + 1))
    unit = yield is_frame(h + 1), by.under(inside, by.cite(frames, l=h + 1))
    back = yield Eq(after.T @ Q[h + 1], Q[h] @ S), by.under(inside, by.identity(there, unit))

    def forward(k):
        return Eq(W.chain(k, 1) @ Q[0], Q[k] @ S**k)

    def backward(k):
        return Eq(W.chain(k, 1).T @ Q[k], Q[0] @ S**k)

    base = yield forward(num(1)), by.given("the next frame", j=num(1))
    here = yield forward(h), hom.assumed()
    longer = Eq(W.chain(h + 1, 1) @ Q[0], after @ Q[h] @ S**h)
    long = yield longer, by.under(inside, matrices.multiplied(here, left=after))
    step = yield forward(h + 1), by.under(inside, by.linear(long, using=[vector]))
    up = yield forward(h), hom.induction(base, step, h)
    base = yield backward(num(1)), by.identity("W_1 is decomposed", "Q_1 is a frame")
    here = yield backward(h), hom.assumed()
    longer = Eq(W.chain(h + 1, 1).T @ Q[h + 1], W.chain(h, 1).T @ Q[h] @ S)
    long = yield longer, by.under(inside, matrices.multiplied(back, left=W.chain(h, 1).T))
    step = yield backward(h + 1), by.under(inside, by.linear(long, using=[here]))
    down = yield backward(h), hom.induction(base, step, h)
    top = yield forward(L), by.cite(by.generic(up, [Ge(h, 1), Le(h, L)], h), h=L)
    bottom = yield backward(L), by.cite(by.generic(down, [Ge(h, 1), Le(h, L)], h), h=L)
    last = yield layer(L), by.cite(layers_, l=L)
    units = yield from lines.each_line(map(is_frame, (L, L - 1)), [by.cite(frames, l=k) for k in (L, L - 1)])
    return top, bottom, [last, *units]
