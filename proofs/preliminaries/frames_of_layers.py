"""Shared by the symmetries of Section 2.3: an inner network carried into an outer one by frames of its layers.

V_l F_(l-1) = F_l W_l and F_l^T V_l = W_l F_(l-1)^T for the layers V_l of the outer and W_l of the inner network, with frames
F_l (F_l^T F_l = 1, orthogonal at both ends l = 0, L). By induction the same holds for products of neighbouring layers, so

    A_V = F_L A_W F_0^T   and   gradient of C(A_V) in V_l = F_l (gradient of C(F_L A_W F_0^T) in W_l) F_(l-1)^T.
"""

from dataclasses import dataclass

from theorycheck.domain import hypothesis, index
from theorycheck.exact import function_rules as functions, induction_rules as induction, matrix_rules as matrices, rules as by
from theorycheck.models.included import each
from theorycheck.models.included_broken import one_more_input
from theorycheck.tree import Eq, Family, Function, Ge, Le, Node, eye, gradient_of, num, scalars, sym
from theorycheck.tree.build import Layers

L, l, j, start, end = (sym(name) for name in ("L", "l", "j", "start", "end"))
n, m = scalars("n"), scalars("m")
C = Function("C")
FRAME, FIRST, LAST, LAYERS = "the frames", "the first frame is orthogonal", "the last frame is orthogonal", "the layers"
indices = (index("l", 1, L), index("start", 1, L + 1), index("end", start - 1, L))


@dataclass(frozen=True)
class Carried:
    """The two networks and the frames; `rest`: what the outer network has outside them, and the hypotheses that say so."""

    outer: Layers
    inner: Layers
    frames: Family
    rest: tuple[str, ...] = ()

    @property
    def matrix(self) -> Node:
        return self.outer.chain(L, 1)

    @property
    def image(self) -> Node:
        """A of the inner network in the outer coordinates."""
        return self.frames[L] @ self.inner.chain(L, 1) @ self.frames[0].T

    def hypotheses(self, line, rest=None):
        """The frames and the layers, each with the line that prints them."""
        F, rows = self.frames, lambda at: self.frames[at].shape or ()
        inside = F[j] @ self.inner[j] @ F[j - 1].T
        return (
            each(FRAME, Eq(F[j].T @ F[j], eye(rows(j)[1])), line, 0, L),
            hypothesis(FIRST, Eq(F[0] @ F[0].T, eye(n[0])), line, breaks=one_more_input),
            hypothesis(LAST, Eq(F[L] @ F[L].T, eye(n[L])), line),
            each(LAYERS, Eq(self.outer[j], inside if rest is None else inside + rest), line, 1, L),
        )


def forth(net):
    """V_end .. V_start F_(start-1) = F_end W_end .. W_start, the empty product included: induction on `end`."""
    V, W, F = net.outer, net.inner, net.frames

    def along(to):
        return Eq(V.chain(to, start) @ F[start - 1], F[to] @ W.chain(to, start))

    inside, above = [Le(end + 1, L)], V[end + 1]
    base = yield along(start - 1), by.identity()
    here = yield along(end), induction.assumed()
    longer = Eq(above @ V.chain(end, start) @ F[start - 1], above @ F[end] @ W.chain(end, start))
    longer = yield longer, by.under(inside, matrices.multiplied(here, left=above))
    joint = yield Eq(above @ F[end], F[end + 1] @ W[end + 1]), by.under(inside, by.identity(LAYERS, *net.rest, FRAME))
    step = yield along(end + 1), by.under(inside, by.linear(longer, using=[joint]))
    return (yield along(end), induction.over(end, base, step))


def back(net):
    """F_end^T V_end .. V_start = W_end .. W_start F_(start-1)^T, in the same way."""
    V, W, F = net.outer, net.inner, net.frames

    def along(to):
        return Eq(F[to].T @ V.chain(to, start), W.chain(to, start) @ F[start - 1].T)

    inside, above, below = [Le(end + 1, L)], W[end + 1], V.chain(end, start)
    base = yield along(start - 1), by.identity()
    here = yield along(end), induction.assumed()
    longer = Eq(above @ F[end].T @ below, above @ W.chain(end, start) @ F[start - 1].T)
    longer = yield longer, by.under(inside, matrices.multiplied(here, left=above))
    joint = yield Eq(F[end + 1].T @ V[end + 1], above @ F[end].T), by.under(inside, by.identity(LAYERS, *net.rest, FRAME))
    moved = Eq(F[end + 1].T @ V[end + 1] @ below, above @ F[end].T @ below)
    moved = yield moved, by.under(inside, matrices.multiplied(joint, right=below))
    step = yield along(end + 1), by.under(inside, by.linear(longer, moved))
    return (yield along(end), induction.over(end, base, step))


def anywhere(line):
    return by.generic(line, [Ge(start, 1), Le(start, L + 1), Ge(end, start - 1), Le(end, L)], end, start)


def whole_matrix(net, carried=None):
    """A_V = F_L A_W F_0^T."""
    carried = carried or (yield from forth(net))
    F0, inner = net.frames[0], net.inner.chain(L, 1)
    whole = yield Eq(net.matrix @ F0, net.frames[L] @ inner), by.cite(anywhere(carried), end=L, start=num(1))
    turned = yield Eq(net.matrix @ F0 @ F0.T, net.image), matrices.multiplied(whole, right=F0.T)
    return (yield Eq(net.matrix, net.image), by.linear(turned, using=[FIRST]))


def whole_gradient(net):
    """The gradient in V_l is V_L..V_(l+1)^T grad C(A_V) V_(l-1)..V_1^T; each factor is that of W in the frames."""
    V, W, F = net.outer, net.inner, net.frames
    carried = yield from forth(net)
    same = yield from whole_matrix(net, carried)
    reverse = yield from back(net)
    slope = yield Eq(C.grad(net.matrix), C.grad(net.image)), functions.applied(same)
    below, above, first, last = V.chain(l - 1, 1), V.chain(L, l + 1), F[0], F[L]
    right = yield Eq(below @ first, F[l - 1] @ W.chain(l - 1, 1)), by.cite(anywhere(carried), end=l - 1, start=num(1))
    turned = Eq(below @ first @ first.T, F[l - 1] @ W.chain(l - 1, 1) @ first.T)
    turned = yield turned, matrices.multiplied(right, right=first.T)
    right = yield Eq(below, F[l - 1] @ W.chain(l - 1, 1) @ first.T), by.linear(turned, using=[FIRST])
    left = yield Eq(last.T @ above, W.chain(L, l + 1) @ F[l].T), by.cite(anywhere(reverse), end=L, start=l + 1)
    turned = Eq(last @ last.T @ above, last @ W.chain(L, l + 1) @ F[l].T)
    turned = yield turned, matrices.multiplied(left, left=last)
    left = yield Eq(above, last @ W.chain(L, l + 1) @ F[l].T), by.linear(turned, using=[LAST])
    goal = Eq(gradient_of(C(net.matrix), V[l]), F[l] @ gradient_of(C(net.image), W[l]) @ F[l - 1].T)
    return (yield goal, by.identity(left, right, slope))
