"""Rigorous eigenvalues of symmetric matrices and singular values, repeated and zero ones included.

An exact matrix goes through its characteristic polynomial over the rationals: multiplicities and zeros are exact.
A matrix of balls goes through approximate eigenvectors X, which need no proof, and two theorems about X^T S X:
Ostrowski's lambda_k(X^T S X) = theta lambda_k(S) with theta between the extreme eigenvalues of X^T X, and Weyl's
|lambda_k(D + E) - lambda_k(D)| <= |E| (Horn and Johnson, Matrix Analysis, 2nd ed., Theorems 4.5.9 and 4.3.1).
The k-th value returned encloses the k-th largest value of every matrix in the ball, so ties do no harm.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from flint import arb, arb_mat, ctx, fmpq_mat

from theorycheck.enclose.precision import Matrix, balls, exact_matrix, finite, hull, norm, root

SWEEPS = 40  # Jacobi converges quadratically; from a float start, three sweeps reach 100 digits


def symmetric_eigenvalues(s: Matrix) -> tuple[arb, ...]:
    """Enclosures of the eigenvalues of a symmetric (n, n) matrix, largest first, each as often as it occurs.

    For balls: of every symmetric matrix with entries in the upper triangle; absolute error about 2^-bits |S| plus the
    radii. All NaN when an entry is not finite. Raises ValueError when the matrix is not square or cannot be symmetric.
    """
    exact = exact_matrix(s)
    if exact is not None:
        return _roots_in_order(_check_symmetric(exact))
    return ball_eigenvalues(symmetrized(s))


def singular_values(a: Matrix) -> tuple[arb, ...]:
    """Enclosures of the min(m, n) singular values of an (m, n) matrix, largest first, each as often as it occurs.

    For an exact matrix the zero ones are exactly zero. For balls they are eigenvalues of [[0, A], [A^T, 0]] (Horn and
    Johnson, Theorem 7.3.3): absolute error 2^-bits |A| plus radii, where the Gram matrix would lose half the digits.
    All NaN when an entry is not finite.
    """
    exact = exact_matrix(a)
    if exact is not None:
        return tuple(root(x) for x in _roots_in_order(_small_gram(exact)))
    found = ball_eigenvalues(_jordan_wielandt(balls(a)))
    count = min(balls(a).nrows(), balls(a).ncols())
    return tuple(x.nonnegative_part() if finite(x) else x for x in found[:count])


def distinct_singular_values(a: fmpq_mat) -> tuple[tuple[arb, int], ...]:
    """(singular value, multiplicity) for an exact (m, n) matrix, unordered; multiplicities and zeros are exact.

    Multiplicities add up to min(m, n); this is where ranks and ties are decided, never in balls.
    """
    roots = _small_gram(a).charpoly().numer().complex_roots() if min(a.nrows(), a.ncols()) else []
    return tuple((root(z.real), int(multiplicity)) for z, multiplicity in roots)


def ball_eigenvalues(s: arb_mat) -> tuple[arb, ...]:
    """As `symmetric_eigenvalues`, for an (n, n) matrix known to be symmetric: Ostrowski and Weyl, no exact detour."""
    n = s.nrows()
    if not all(finite(x) for x in s.entries()):
        return tuple(arb.nan() for _ in range(n))
    x = _eigenvectors(s.mid())
    d = x.transpose() * s * x
    skew = _spectral_bound(x.transpose() * x - _identity(n))
    off = _spectral_bound(_off_diagonal(d))
    if not skew < 1:
        return tuple(arb.nan() for _ in range(n))
    slack, theta = hull(-off, off), hull(1 - skew, 1 + skew)
    return tuple((v + slack) / theta for v in _in_order(d[k, k] for k in range(n)))


def symmetrized(s: Matrix) -> arb_mat:
    """The balls of the upper triangle, mirrored. Raises ValueError when no symmetric matrix lies in the (n, n) ball."""
    m = balls(s)
    if m.nrows() != m.ncols():
        raise ValueError(f"expected a square matrix, got shape ({m.nrows()}, {m.ncols()})")
    n = m.nrows()
    for i in range(n):
        for j in range(i):
            if finite(m[i, j]) and finite(m[j, i]) and not m[i, j].overlaps(m[j, i]):
                raise ValueError(f"the matrix is not symmetric: entries ({i}, {j}) and ({j}, {i}) differ")
    return arb_mat(n, n, [m[min(i, j), max(i, j)] for i in range(n) for j in range(n)])


def _check_symmetric(s: fmpq_mat) -> fmpq_mat:
    if s.nrows() != s.ncols() or s != s.transpose():
        raise ValueError(f"expected a symmetric matrix, got\n{s}")
    return s


def _small_gram(a: fmpq_mat) -> fmpq_mat:
    """A^T A or A A^T, whichever is smaller."""
    return a * a.transpose() if a.nrows() <= a.ncols() else a.transpose() * a


def _roots_in_order(s: fmpq_mat) -> tuple[arb, ...]:
    """Eigenvalues of an exact symmetric matrix; all roots are real, so the real parts enclose them."""
    if s.nrows() == 0:
        return ()
    roots = s.charpoly().numer().complex_roots()
    return _in_order([z.real for z, multiplicity in roots for _ in range(multiplicity)])


def _in_order(values: Iterable[arb]) -> tuple[arb, ...]:
    """Enclosures of the k-th largest value, from enclosures in any order that may overlap.

    The k-th largest number is monotone in each number, so it lies between the k-th largest lower and upper ends.
    """
    known = list(values)
    lows = sorted((x.lower() for x in known), reverse=True)
    highs = sorted((x.upper() for x in known), reverse=True)
    return tuple(lo.union(hi) for lo, hi in zip(lows, highs, strict=True))


def _jordan_wielandt(a: arb_mat) -> arb_mat:
    m, n = a.nrows(), a.ncols()
    rows = [[arb(0)] * m + row for row in a.tolist()]
    rows += [row + [arb(0)] * n for row in a.transpose().tolist()]
    return arb_mat(rows) if rows else arb_mat(0, 0)


def _spectral_bound(e: arb_mat) -> arb:
    """Upper bound of the operator norm of a symmetric matrix: its Frobenius norm or its largest row sum."""
    rows = [sum((abs(v) for v in row), arb(0)).upper() for row in e.tolist()]
    return min([norm(e.entries()).upper(), max(rows, default=arb(0))])


def _eigenvectors(s: arb_mat) -> arb_mat:
    """Nearly orthogonal columns that nearly diagonalize an exact symmetric matrix; nothing is claimed about them."""
    x = _float_eigenvectors(s)
    for _ in range(2):  # Newton's iteration for the polar factor
        x = (x * (3 * _identity(s.nrows()) - x.transpose() * x) / 2).mid()
    small = norm(s.entries()).upper() * arb(2) ** (2 - ctx.prec)
    for _ in range(SWEEPS):
        d = (x.transpose() * s * x).mid()
        if norm(_off_diagonal(d).entries()).upper() <= small * s.nrows():
            break
        x = (x * _jacobi_sweep(d.tolist())).mid()
    return x


def _float_eigenvectors(s: arb_mat) -> arb_mat:
    """A first guess from NumPy, after scaling by a power of two so that nothing overflows."""
    top: arb = max((abs(v) for v in s.entries() if not v.is_zero()), default=arb(1))
    man, exp = (int(k) for k in top.man_exp())
    scaled = s * arb(2) ** -(exp + man.bit_length())
    floats = np.array([[float(v) for v in row] for row in scaled.tolist()]).reshape(s.nrows(), s.ncols())
    return arb_mat([[arb(v) for v in row] for row in np.linalg.eigh(floats)[1].tolist()])


def _jacobi_sweep(d: list[list[arb]]) -> arb_mat:
    """The product of one cyclic sweep of rotations that diagonalize `d`, which is overwritten."""
    n = len(d)
    x = _identity(n).tolist()
    for p in range(n):
        for q in range(p + 1, n):
            if not d[p][q].is_zero():
                c, s = _rotation(d[p][p], d[q][q], d[p][q])
                _turn_columns(d, p, q, c, s)
                d[p], d[q] = _turn(d[p], d[q], c, s)
                _turn_columns(x, p, q, c, s)
    return arb_mat(x)


def _rotation(a: arb, b: arb, off: arb) -> tuple[arb, arb]:
    """Cosine and sine that annihilate `off` in [[a, off], [off, b]] (Golub and Van Loan, section 8.5.2)."""
    theta = ((b - a) / (2 * off)).mid()
    t = (1 / (abs(theta) + (theta * theta + 1).sqrt())).mid()
    t = -t if theta < 0 else t
    c = (1 / (t * t + 1).sqrt()).mid()
    return c, (t * c).mid()


def _turn(u: Sequence[arb], v: Sequence[arb], c: arb, s: arb) -> tuple[list[arb], list[arb]]:
    pairs = [((c * x - s * y).mid(), (s * x + c * y).mid()) for x, y in zip(u, v, strict=True)]
    return [x for x, _ in pairs], [y for _, y in pairs]


def _turn_columns(m: list[list[arb]], p: int, q: int, c: arb, s: arb) -> None:
    for row in m:
        row[p], row[q] = (c * row[p] - s * row[q]).mid(), (s * row[p] + c * row[q]).mid()


def _identity(n: int) -> arb_mat:
    return arb_mat(n, n, [arb(int(i == j)) for i in range(n) for j in range(n)])


def _off_diagonal(d: arb_mat) -> arb_mat:
    """D without its diagonal; a ball minus itself would leave twice its radius there."""
    n = d.nrows()
    return arb_mat(n, n, [arb(0) if i == j else d[i, j] for i in range(n) for j in range(n)])
