"""Linear equations A X B = R between matrices over F_p, by generalized inverses."""

from __future__ import annotations

from collections.abc import Sequence

from flint import nmod_mat

from theorycheck.modular.field import P, identity, zeros

Linear = tuple[nmod_mat | None, nmod_mat | None, nmod_mat]


def solve(equations: Sequence[Linear], free: nmod_mat) -> nmod_mat:
    """A random matrix with A X B = R for all (A, B, R), made from `free`; where there is none, some matrix."""
    x = free
    for k, (a, b, r) in enumerate(equations):
        x = _corrected(x, a, b, r, equations[:k])
    return x


def _corrected(x: nmod_mat, a: nmod_mat | None, b: nmod_mat | None, r: nmod_mat, earlier: Sequence[Linear]) -> nmod_mat:
    """x + D with A (x + D) B = R, where C D = 0 and D E = 0 for the one-sided equations among the earlier ones."""
    left = [c for c, e, _ in earlier if c is not None and e is None]
    right = [e for c, e, _ in earlier if e is not None and c is None]
    onto = _kernel_projection(_stack(left), x.nrows())
    before = _kernel_projection(_stack([e.transpose() for e in right]), x.ncols()).transpose()
    front = onto if a is None else a * onto
    behind = before if b is None else before * b
    gap = r - _times(a, x, b)
    return x + onto * inverse_of(front) * gap * inverse_of(behind) * before


def _times(a: nmod_mat | None, x: nmod_mat, b: nmod_mat | None) -> nmod_mat:
    y = x if a is None else a * x
    return y if b is None else y * b


def _stack(parts: Sequence[nmod_mat]) -> nmod_mat | None:
    rows = [row for m in parts for row in m.tolist()]
    return nmod_mat(len(rows), len(rows[0]), [int(v) for row in rows for v in row], P) if rows else None


def _kernel_projection(a: nmod_mat | None, n: int) -> nmod_mat:
    """I - A^- A, whose columns span the kernel of A."""
    return identity(n) if a is None else identity(n) - inverse_of(a) * a


def inverse_of(a: nmod_mat) -> nmod_mat:
    """A generalized inverse: A A^- A = A."""
    m, n = a.nrows(), a.ncols()
    wide = nmod_mat(m, n + m, [int(v) for i, row in enumerate(a.tolist()) for v in [*row, *(int(i == j) for j in range(m))]], P)
    reduced, _ = wide.rref()
    out = zeros(n, m)
    for i in range(m):
        pivot = next((j for j in range(n) if reduced[i, j] != 0), None)
        if pivot is None:
            break
        for j in range(m):
            out[pivot, j] = reduced[i, n + j]
    return out
