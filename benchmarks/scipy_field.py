"""The gradient flow of one network in NumPy, without waste: right-hand side and analytic Jacobian on flat states.

What SciPy's solvers are given. The products W_l ... W_1 are shared by all layers, results go straight to their place.
"""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Any

import numpy as np

from benchmarks.works import Form
from theorycheck.flow.checks import Array


class Field:
    """Callable as rhs(t, y); `jacobian` is minus the Hessian of the loss. Layers W_1 first, of the given shapes."""

    def __init__(self, shapes: Sequence[tuple[int, int]], form: Form) -> None:
        ends = list(accumulate((n * m for n, m in shapes), initial=0))
        self.places = list(zip(pairwise(ends), shapes, strict=True))
        self.size, self.depth, self.form = ends[-1], len(shapes), form
        self.hessian = form.hessian()

    def split(self, y: Array) -> list[Array]:
        return [y[a:b].reshape(shape) for (a, b), shape in self.places]

    def __call__(self, t: float, y: Array) -> Array:
        out = np.empty(self.size)
        W, dW = self.split(y), self.split(out)
        R = [W[0]]
        for V in W[1:]:
            R.append(V.dot(R[-1]))
        D = self.form.downhill(R[-1])
        for l in range(self.depth - 1, 0, -1):
            D.dot(R[l - 1].T, out=dW[l])
            D = W[l].T.dot(D, out=dW[0] if l == 1 else None)
        if self.depth == 1:
            dW[0][...] = D
        return out

    def product(self, y: Array) -> Array:
        W = self.split(y)
        A = W[0]
        for V in W[1:]:
            A = V.dot(A)
        return A

    def jacobian(self, y: Array, t: Any = None) -> Array:
        """-(K^T H K) - the terms of G = grad C(A) with two layers moved; K = dA / dtheta, H the Hessian of C.

        Moving W_m by E and W_l, l < m, by F changes <G, A> by <F, (W_m-1 .. W_l+1)^T E^T (W_L .. W_m+1)^T G (W_l-1 .. W_1)^T>.
        """
        W, L = self.split(y), self.depth
        between: dict[tuple[int, int], Array] = {}  # (m, l) -> W_(m-1) ... W_(l+1), layers counted from 0
        for l in range(-1, L):
            chain = np.eye(W[l + 1].shape[1]) if l + 1 < L else np.eye(W[-1].shape[0])
            between[l + 1, l] = chain
            for m in range(l + 2, L + 1):
                chain = W[m - 1].dot(chain) if m > l + 2 else W[m - 1]
                between[m, l] = chain
        G = self.form.gradient(between[L, -1])
        n = G.size
        K = np.empty((n, self.size))
        for l, ((a, b), _) in enumerate(self.places):
            K[:, a:b] = np.multiply.outer(between[L, l], between[l, -1]).transpose(0, 3, 1, 2).reshape(n, b - a)
        J = -(K.T @ (self.hessian @ K))
        for m in range(1, L):
            up = between[L, m].T @ G
            for l in range(m):
                (a, b), (c, d) = self.places[l][0], self.places[m][0]
                block = np.multiply.outer(between[m, l], up @ between[l, -1].T)  # (m_in, l_out, m_out, l_in)
                block = block.transpose(1, 3, 2, 0).reshape(b - a, d - c)
                J[a:b, c:d] -= block
                J[c:d, a:b] -= block.T
        return J
