"""Norms, ranks and definiteness of matrices of rationals or balls.

Every function takes an (m, n) `fmpq_mat`, `arb_mat` or list of rows of integers, rationals and balls. With sigma the
min(m, n) singular values: the Frobenius norm is |sigma|_2, the operator norm sigma_1, the nuclear norm sum sigma.
Non-finite entries give non-finite results, or None, never an exception and never a verdict.
"""

from flint import arb, arb_mat, fmpq, fmpq_mat

from theorycheck.enclose.precision import Matrix, Real, ball, balls, decide_sign, exact_matrix, norm, power, rational
from theorycheck.enclose.spectrum import singular_values, symmetric_eigenvalues, symmetrized


def frobenius_norm(a: Matrix) -> arb:
    """Square root of the sum of squared entries."""
    return norm(balls(a).entries())


def operator_norm(a: Matrix) -> arb:
    """Largest singular value; 0 for an empty matrix."""
    return next(iter(singular_values(a)), arb(0))


def nuclear_norm(a: Matrix) -> arb:
    """Sum of the singular values."""
    return sum(singular_values(a), arb(0))


def schatten_power(a: Matrix, p: Real) -> arb:
    """sum_i sigma_i^p, the p-th power of the Schatten quasi-norm, with 0^p = 0. Raises ValueError unless p > 0."""
    exponent = ball(p)
    return sum((power(s, exponent) for s in singular_values(a)), power(arb(0), exponent))


def exact_rank(a: Matrix) -> int:
    """Rank of an exact matrix. Raises ValueError for balls of positive radius: their rank is undecidable."""
    exact = exact_matrix(a)
    if exact is None:
        raise ValueError("the rank of a matrix of balls is undecidable; use rank_at_least or an exact matrix")
    return int(exact.rank())


def rank_at_least(a: Matrix) -> int:
    """A rank that every matrix in the ball reaches: the number of singular values that are certainly positive."""
    return sum(s > 0 for s in singular_values(a))


def is_positive_definite(s: Matrix, above: Real = 0) -> bool | None:
    """Whether the smallest eigenvalue of a symmetric (n, n) matrix is > `above`; always decided for exact input.

    None = undecided. True and False for balls speak of every symmetric matrix in them.
    Raises ValueError when the matrix is not square or cannot be symmetric.
    """
    exact = _exact_shift(s, above)
    if exact is not None:
        return all(x > 0 for x in _alternating_signs(exact))
    shifted = _ball_shift(s, above)
    found = _positive_pivots(shifted)
    if found is not None:
        return found
    sign = decide_sign(symmetric_eigenvalues(shifted)[-1])
    return None if sign is None else sign == 1


def is_positive_semidefinite(s: Matrix, above: Real = 0) -> bool | None:
    """Whether the smallest eigenvalue of a symmetric (n, n) matrix is >= `above`; else as `is_positive_definite`."""
    exact = _exact_shift(s, above)
    if exact is not None:
        return all(x >= 0 for x in _alternating_signs(exact))
    shifted = _ball_shift(s, above)
    if _positive_pivots(shifted):
        return True
    smallest = symmetric_eigenvalues(shifted)[-1]
    return True if smallest >= 0 else False if smallest < 0 else None


def _exact_shift(s: Matrix, above: Real) -> fmpq_mat | None:
    """S - above I when both are exact; ValueError when that matrix is not symmetric."""
    exact = exact_matrix(s)
    if exact is None or (isinstance(above, arb) and not (above.is_finite() and above.is_exact())):
        return None
    if exact.nrows() != exact.ncols() or exact != exact.transpose():
        raise ValueError(f"expected a symmetric matrix, got\n{exact}")
    n, bound = exact.nrows(), rational(above)
    return exact - fmpq_mat(n, n, [bound * int(i == j) for i in range(n) for j in range(n)])


def _ball_shift(s: Matrix, above: Real) -> arb_mat:
    m, bound = symmetrized(s), ball(above)
    for k in range(m.nrows()):
        m[k, k] = m[k, k] - bound
    return m


def _alternating_signs(s: fmpq_mat) -> list[fmpq]:
    """(-1)^(n-k) c_k, for the coefficients c_k of the characteristic polynomial.

    A polynomial with real roots only has all roots >= 0 (> 0) exactly when all these are >= 0 (> 0): they are the
    elementary symmetric functions of the roots, and for x < 0 the polynomial is then a sum of terms of one sign.
    """
    coefficients = s.charpoly().coeffs()
    n = len(coefficients) - 1
    return [c if (n - k) % 2 == 0 else -c for k, c in enumerate(coefficients)]


def _positive_pivots(s: arb_mat) -> bool | None:
    """Interval LDL^T: True when all pivots are positive, False when the first one that is not is certainly <= 0."""
    rows = s.tolist()
    n = len(rows)
    for k in range(n):
        pivot = rows[k][k]
        if not pivot > 0:
            return False if pivot <= 0 else None
        for i in range(k + 1, n):
            for j in range(k + 1, i + 1):  # lower triangle only; the balls stay symmetric
                rows[i][j] = rows[i][j] - rows[i][k] * rows[j][k] / pivot
    return True
