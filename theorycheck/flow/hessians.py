"""The Hessian of theta -> C(W_L ... W_1) + ridge ||theta||^2, the negative Jacobian of the gradient flow, for batches.

With R_l = W_l ... W_1, S_l = W_L ... W_(l+1), G = grad C(A) and directions V_1, ..., V_L, the second derivative is
  < dA, C''(A) dA > + 2 sum_(i<j) < S_j^T G R_(i-1)^T, V_j W_(j-1) ... W_(i+1) V_i > + 2 ridge ||V||^2
with dA = sum_l S_l V_l R_(l-1). The first term has rank n_L n_0 at most and holds the fast rates of the flow;
`hessian_product` applies the whole without forming it (two gradients' work, Pearlmutter 1994), `hessian_matrix` writes
it out.
"""

from dataclasses import dataclass

import numpy as np

from theorycheck.flow.checks import Array
from theorycheck.flow.costs import Cost
from theorycheck.flow.networks import Buffers, Network


def _t(M: Array) -> Array:
    return M.swapaxes(-1, -2)


@dataclass(frozen=True, eq=False)
class BasePoint:
    """What all second derivatives at b states share; index l of a list is the layer, index 0 the input.

    W: (b, n_l, n_(l-1)), W[0] unused; R[l]: (b, n_l, n_0) = W_l ... W_1, R[0] unused (the identity);
    D[l]: (b, n_l, n_0) = S_l^T G, so D[L] is the gradient of the cost at A = R[L].
    """

    network: Network
    cost: Cost
    ridge: float
    W: tuple[Array, ...]
    R: tuple[Array, ...]
    D: tuple[Array, ...]

    @property
    def A(self) -> Array:
        return self.R[-1]


def base_point(network: Network, cost: Cost, ridge: float, y: Array) -> BasePoint:
    """The products at states y of shape (b, P)."""
    W = network.split(y)
    R = [W[0]]
    for V in W[1:]:
        R.append(V @ R[-1])
    D = [cost.gradient(R[-1])]
    for V in W[:0:-1]:
        D.insert(0, _t(V) @ D[0])
    return BasePoint(network, cost, ridge, (W[0], *W), (W[0], *R), (D[0], *D))


def gradient_at(base: BasePoint) -> Array:
    """Gradient of the loss, (b, P)."""
    out = np.empty((len(base.A), base.network.size))
    for l, g in enumerate(base.network.split(out), start=1):
        g[...] = base.D[l] @ _t(base.R[l - 1]) if l > 1 else base.D[1]
        if base.ridge:
            g += (2.0 * base.ridge) * base.W[l]
    return out


def hessian_product(base: BasePoint, v: Array, out: Array) -> None:
    """Writes the Hessian at `base` times v into out, both of shape (b, P).

    The derivative of backpropagation along V: dR_l = V_l R_(l-1) + W_l dR_(l-1) upwards, then with dD_L = C''(A) dR_L
    the gradient's own derivative dD_l R_(l-1)^T + D_l dR_(l-1)^T and dD_(l-1) = W_l^T dD_l + V_l^T D_l downwards.
    """
    L, W, R, D = base.network.depth, base.W, base.R, base.D
    V, H = (v, *base.network.split(v)), base.network.split(out)
    dR: list[Array] = [v, V[1]]
    for l in range(2, L + 1):
        dR.append(V[l] @ R[l - 1] + W[l] @ dR[l - 1])
    dD = base.cost.hessian_action(base.A, dR[L])
    for l in range(L, 1, -1):  # both parts in one product of twice the inner length, straight to their place
        both = np.concatenate([dD, D[l]], axis=2), np.concatenate([R[l - 1], dR[l - 1]], axis=2)
        np.matmul(both[0], _t(both[1]), out=H[l - 1])
        dD = _t(W[l]) @ dD + _t(V[l]) @ D[l]
    H[0][...] = dD
    if base.ridge:
        for part, direction in zip(H, V[1:], strict=True):
            part += (2.0 * base.ridge) * direction


def curvature(base: BasePoint) -> Array:
    """C''(A) as matrices (b, n, n) on rows-first vectors, n = n_L n_0: n actions of the Hessian of the cost."""
    b, *shape = base.A.shape
    n = shape[0] * shape[1]
    E = np.broadcast_to(np.eye(n).reshape(n, 1, *shape), (n, b, *shape)).reshape(n * b, *shape)
    A = np.broadcast_to(base.A, (n, b, *shape)).reshape(n * b, *shape)
    out: Array = base.cost.hessian_action(A, E).reshape(n, b, n).swapaxes(0, 1)
    return out


def left_products(base: BasePoint) -> list[Array]:
    """S_l = W_L ... W_(l+1) of shape (b, n_L, n_l) for l = 1..L at index l, the identity for l = L; index 0 unused."""
    n_L = base.network.widths[-1]
    S = [np.broadcast_to(np.eye(n_L), (len(base.A), n_L, n_L))]
    for l in range(base.network.depth, 1, -1):
        S.insert(0, S[0] @ base.W[l] if l < base.network.depth else base.W[l])
    return [S[0], *S]


def output_jacobian(base: BasePoint, out: Array) -> None:
    """Writes J of shape (b, P, n_L n_0): dA_xy = sum_p J[p, xy] v_p. Layer l has the rows S_l[x, i] R_(l-1)[k, y]."""
    (b, n_L, n_0), S = base.A.shape, left_products(base)
    start = 0
    for l, (n, m) in enumerate(base.network.shapes, start=1):
        block = out[:, start : start + n * m].reshape(b, n, m, n_L, n_0)
        right = base.R[l - 1] if l > 1 else np.broadcast_to(np.eye(n_0), (b, n_0, n_0))
        np.multiply(_t(S[l])[:, :, None, :, None], right[:, None, :, None, :], out=block)
        start += n * m


def hessian_matrix(base: BasePoint, out: Array, spare: Buffers) -> None:
    """Writes the upper triangle, by layers, of the Hessian into out of shape (b, P, P): blocks (i, j) with i <= j.

    What lies below is unspecified: `symmetric_hessian` is for readers that want it.
    """
    b, shapes = len(out), base.network.shapes
    J, JC = (spare.empty(key, (b, base.network.size, base.A[0].size)) for key in (1, 2))
    output_jacobian(base, J)
    np.matmul(np.matmul(J, curvature(base), out=JC), _t(J), out=out)
    starts = np.cumsum([0, *(n * m for n, m in shapes)])
    for i, (n_i, m_i) in enumerate(shapes, start=1):
        middle = None  # W_(j-1) ... W_(i+1), the identity for j = i + 1
        for j in range(i + 1, base.network.depth + 1):
            n_j, m_j = shapes[j - 1]
            block = out[:, starts[i - 1] : starts[i], starts[j - 1] : starts[j]].reshape(b, n_i, m_i, n_j, m_j)
            pull = base.D[j] @ _t(base.R[i - 1]) if i > 1 else base.D[j]  # (b, n_j, m_i)
            if middle is None:
                np.einsum("bkmnk->bkmn", block)[...] += _t(pull)[:, None]
                middle = base.W[j]
            else:
                part = spare.empty(3, block.shape)
                block += np.multiply(_t(pull)[:, None, :, :, None], _t(middle)[:, :, None, None, :], out=part)
                middle = base.W[j] @ middle
    if base.ridge:
        np.einsum("bpp->bp", out)[...] += 2.0 * base.ridge


def symmetric_hessian(base: BasePoint) -> Array:
    """The whole Hessian, (b, P, P)."""
    H = np.empty((len(base.A), base.network.size, base.network.size))
    hessian_matrix(base, H, Buffers())
    upper: Array = np.triu(H)
    upper += _t(np.triu(H, 1))
    return upper


def output_change(base: BasePoint, v: Array) -> Array:
    """J^T v = sum_l S_l V_l R_(l-1), the change of A along v of shape (b, P)."""
    V = base.network.split(v)
    dR = V[0]
    for l in range(2, base.network.depth + 1):
        dR = V[l - 1] @ base.R[l - 1] + base.W[l] @ dR
    return dR


def pull_back(base: BasePoint, E: Array, out: Array) -> None:
    """Writes J E, with parts S_l^T E R_(l-1)^T: the gradient in theta of <E, A>, (b, P)."""
    parts = base.network.split(out)
    for l in range(base.network.depth, 1, -1):
        np.matmul(E, _t(base.R[l - 1]), out=parts[l - 1])
        E = _t(base.W[l]) @ E
    parts[0][...] = E
