"""The last display of Corollary 19 (paper, line 581): means over Gaussian n_0 x n_L matrices A and B.

The Frobenius norm of a form T is E[T(A, B)^2] for independent standard Gaussian A, B; it is entered for two terms of the form
<A Q B^T P>, from which it follows for sums. Of the two means over A, B, the second one lacks a term. As n_0 x n_L matrices
serve the transposed single layers of widths n_0 and n_L (here n_1).
"""

from proofs.lazy_regime.random_networks import drawn_matrix
from theorycheck.domain import Domain, derived, widths
from theorycheck.exact import rules as by
from theorycheck.tree import Eq, expect_joint, inner, layers, mat, scalars, trace
from theorycheck.verdict import Erratum

n = scalars("n")
FAMILIES = (layers("A", n), layers("B", n))
A, B = (family[1].T for family in FAMILIES)
P, P_2 = mat("P", n[1], n[1]), mat("P_2", n[1], n[1])
Q, Q_2 = mat("Q", n[0], n[0]), mat("Q_2", n[0], n[0])
SIZES = (derived("L", lambda _: 1), widths("n", most=3))
sizes = Domain("all sizes n_0 and n_1 = n_L, independent standard Gaussian n_0 x n_L matrices A, B", SIZES)
forms = Domain(
    "all sizes n_0 and n_1 = n_L, independent standard Gaussian n_0 x n_L matrices A, B, any two products of forms",
    (derived("L", lambda _: 1), widths("n", most=2), *(drawn_matrix(x) for x in (P, P_2, Q, Q_2))),
)


def over_both(body):
    return expect_joint(body, FAMILIES, [1, 0, 1])


def frobenius():
    """The squared Frobenius norm of a form is the mean of T(A, B)^2 (for products of forms; the rest is bilinear)"""
    one, other = trace(A @ P @ B.T @ Q), trace(A @ P_2 @ B.T @ Q_2)
    goal = yield Eq(over_both(one * other), inner(P, P_2) * inner(Q, Q_2))
    yield goal, by.identity()


def first(two):
    """The mean of the terms of order w^(2 L - 3)"""
    twice = trace(A @ B.T @ A @ B.T)
    body = twice + trace(A @ B.T @ B @ A.T) + trace(A @ A.T @ B @ B.T) + twice
    goal = yield Eq(over_both(body), two * n[0] * n[1] + n[0] * n[1] * n[1] + n[0] * n[0] * n[1])
    yield goal, by.identity()


def rest():
    """The terms of order w^(2 L - 4)."""
    squares = 2 * trace(A @ B.T) * trace(A @ B.T) + trace(A @ A.T) * trace(B @ B.T)
    return squares + trace(A @ B.T @ B @ A.T) + trace(A @ A.T @ B @ B.T)


def second():
    """The mean of the terms of order w^(2 L - 4)"""
    yield Eq(over_both(rest()), 2 * n[0] * n[1] + n[0] ** 2 * n[1] ** 2 + n[0] ** 2 * n[1])


def second_corrected(two):
    """The mean of the terms of order w^(2 L - 4), with the mean n_0 n_L^2 of Tr[A A^T B B^T]"""
    value = two * n[0] * n[1] + n[0] * n[0] * n[1] * n[1] + n[0] * n[0] * n[1] + n[0] * n[1] * n[1]
    goal = yield Eq(over_both(rest()), value)
    yield goal, by.identity()


MISSING = Erratum(
    "constant",
    "for all sizes",
    "The mean n_0 n_L^2 of Tr[A A^T B B^T] is missing in the second bracket (it is there in the first one).",
    stands=("lemma-14",),
)


def enter(statement):
    """Add the claims of line 581."""
    own = {"line": 581, "where": "proof"}
    statement.claim("frobenius", domain=forms, expects="proved", **own)(frobenius)
    statement.claim("first-mean", domain=sizes, expects="proved", two=2, **own)(first)
    statement.claim("second-mean", domain=sizes, expects="refuted", erratum=MISSING, **own)(second)
    statement.claim("second-mean-corrected", domain=sizes, expects="proved", corrects="second-mean", two=2, **own)(
        second_corrected
    )
