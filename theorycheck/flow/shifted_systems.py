"""Linear systems (I + tau H) u = r of an implicit step, H the Hessian of the loss at its start, tau > 0 for each sample.

Two ways: a Cholesky factorization of the matrix written out, for small networks; conjugate gradients on Hessian products
otherwise. A sample whose matrix is not positive definite (its step is longer than the growth time of an unstable
direction, and no error estimate could be trusted there) is reported as failed, so that its step is cut.
"""

from collections.abc import Callable

import numpy as np

from theorycheck.flow.checks import Array
from theorycheck.flow.events import Mask
from theorycheck.flow.hessians import (
    BasePoint,
    curvature,
    hessian_matrix,
    hessian_product,
    left_products,
    output_change,
    pull_back,
)
from theorycheck.flow.networks import Buffers

Solve = Callable[[Array, Array, Array], None]
"""solve(r, scale, u): writes u, all (b, P); an iteration stops when the error of u over `scale` is small enough."""
Systems = Callable[[BasePoint, Array], tuple[Solve, Mask, Array]]
"""(base, tau) -> solve; which samples have failed; how many Hessian products each took, a matrix written out being one.

solve updates both; u of a failed sample is NaN."""


MOST_ITERATIONS = 200  # beyond that the step is cut: a shorter one has an easier system


def cholesky() -> Systems:
    """Direct: P^3 / 3 multiplications a sample, 2 P^2 for each right-hand side."""
    from scipy.linalg.lapack import dpotrf, dpotrs  # here, because SciPy takes 0.2 s

    spare = Buffers()

    def factorized(base: BasePoint, tau: Array) -> tuple[Solve, Mask, Array]:
        b, P = len(tau), base.network.size
        M = spare.empty(0, (b, P, P))
        hessian_matrix(base, M, spare)
        np.einsum("bpp->bp", M)[...] += (1.0 / tau)[:, None]
        failed = np.zeros(b, dtype=bool)
        for k in range(b):  # in place; Fortran's lower triangle of M[k].T is the upper one of M[k]
            failed[k] = dpotrf(M[k].T, lower=1, clean=0, overwrite_a=1)[1] != 0

        def solve(r: Array, scale: Array, u: Array) -> None:
            np.divide(r, tau[:, None], out=u)
            for factor, x in zip(M, u, strict=True):
                dpotrs(factor.T, x, lower=1, overwrite_b=1)
            u[failed] = np.nan

        return solve, failed, np.ones(b)

    return factorized


def conjugate_gradients(accuracy: float = 1e-2, preconditioned: bool = True) -> Systems:
    """Matrix-free: preconditioned conjugate gradients until the root mean square of error / scale is below `accuracy`.

    The preconditioner is I + tau (J C'' J^T + 2 ridge), J the derivative of A: what is fast in the flow. Its inverse is
    cheap by the Woodbury identity, (r - J E J^T r) / c with E = (c / tau + C'' J^T J)^-1 C'' of side n_L n_0. Its
    residual is therefore close to the error itself, which is what the iteration is stopped by.
    """
    spare = Buffers()

    def iterated(base: BasePoint, tau: Array) -> tuple[Solve, Mask, Array]:
        failed, products, step = np.zeros(len(tau), dtype=bool), np.zeros(len(tau)), tau[:, None]
        precondition = _fast_part(base, tau) if preconditioned else _identity

        def solve(force: Array, scale: Array, u: Array) -> None:
            r, p, q, z, w = (spare.empty(key, u.shape) for key in range(5))
            u[...] = 0.0
            np.copyto(r, force)
            precondition(r, z)
            np.copyto(p, z)
            rz, active = _dot(r, z), ~failed
            for _ in range(MOST_ITERATIONS):
                hessian_product(base, p, q)
                products[...] += active
                q *= step
                q += p
                pq = _dot(p, q)
                failed[...] |= active & ~((pq > 0) & (rz > 0)) & (rz != 0)
                active &= (pq > 0) & (rz > 0)
                length = np.where(active, rz / np.where(active, pq, 1.0), 0.0)[:, None]
                u += np.multiply(p, length, out=w)
                r -= np.multiply(q, length, out=w)
                precondition(r, z)
                np.divide(z, scale, out=w)
                active &= _dot(w, w) > accuracy**2 * w.shape[1]
                if not active.any():
                    break
                before, rz = rz, _dot(r, z)
                p *= (rz / np.where(before == 0, 1.0, before))[:, None]
                p += z
            failed[...] |= active
            u[failed] = np.nan

        return solve, failed, products

    return iterated


def _dot(a: Array, b: Array) -> Array:
    out: Array = np.einsum("bp,bp->b", a, b)
    return out


def _identity(r: Array, out: Array) -> None:
    np.copyto(out, r)


def _fast_part(base: BasePoint, tau: Array) -> Callable[[Array, Array], None]:
    """(r, out): writes (I + tau (J C'' J^T + 2 ridge))^-1 r into out."""
    b, n_L, n_0 = base.A.shape
    c = 1.0 + 2.0 * base.ridge * tau
    K = np.zeros((b, n_L, n_0, n_L, n_0))  # J^T J, the tangent kernel: sum of S_l S_l^T (x) R_(l-1)^T R_(l-1)
    for l, S in enumerate(left_products(base)[1:], start=1):
        left = S @ S.swapaxes(1, 2)
        R = base.R[l - 1] if l > 1 else np.broadcast_to(np.eye(n_0), (b, n_0, n_0))
        right = R.swapaxes(1, 2) @ R
        K += left[:, :, None, :, None] * right[:, None, :, None, :]
    C, n = curvature(base), n_L * n_0
    M = C @ K.reshape(b, n, n)
    np.einsum("bnn->bn", M)[...] += (c / tau)[:, None]
    try:
        E = np.linalg.solve(M, C)
    except np.linalg.LinAlgError:  # exactly singular, for a cost that is not convex: go without
        E = np.zeros_like(M)

    def apply(r: Array, out: Array) -> None:
        e = E @ output_change(base, r).reshape(b, n, 1)
        pull_back(base, e.reshape(b, n_L, n_0), out)
        np.subtract(r, out, out=out)
        out /= c[:, None]

    return apply
