"""The continuity of Psi in Lemma 39 (lines 1035 and 1041): false for the printed map, true for another one.

The printed one is tried along I + e diag(1, -1) and the same matrices turned by a rotation. The corrected one has the layers
(A^T A)^(1/2L) below the last. The claims belong to `lemma_39_balanced_minimizer.py`, which enters them.
"""

from fractions import Fraction

from proofs.regularization.continuity import (
    FACTOR,
    GROWING,
    ORTHONORMAL,
    SHRINKING,
    SIGN,
    TURNED,
    L,
    U,
    V,
    X,
    Y,
    b,
    c,
    close,
    d,
    epsilon,
    opposite,
    pairs,
    two_paths,
)
from theorycheck.exact import cited, extremum_rules as least, rules as by
from theorycheck.tree import All, Converges, Eq, Ge, Le, Not, as_node, norm
from theorycheck.verdict import Erratum


def continuous():
    """The factors S^(1/L) V^T of Psi at two families of matrices that tend to I come together"""
    goal = yield Converges(norm(FACTOR - TURNED) ** 2, epsilon, 0, 0)
    first, second = (yield from at_most_one(0)), (yield from at_most_one(1))
    distance = yield (
        Eq(norm(FACTOR - TURNED) ** 2, GROWING * apart_by(SIGN[0]) + SHRINKING * apart_by(SIGN[1])),
        by.identity(*ORTHONORMAL),
    )
    grows = yield Le(1, 1 + epsilon), by.sign()
    large = yield Le(1, GROWING), by.raised(grows, 2 / L)
    away = yield (
        Ge(norm(FACTOR - TURNED) ** 2, Fraction(2, 5)),
        by.linear(
            (distance, -1),
            (first[0], -GROWING),
            (second[0], -SHRINKING),
            (first[1], Fraction(8, 5) * GROWING),
            (second[1], Fraction(8, 5) * SHRINKING),
            (large, Fraction(2, 5)),
        ),
    )
    yield Not(goal), least.apart(away, 1)


def apart_by(d):
    """|d v_i - u_i|^2 for the turned vector u_i, at the angle of cosine 4/5 with v_i."""
    return 1 + d**2 - Fraction(8, 5) * d


def at_most_one(which):
    """d^2 = 1 and d <= 1 for a sign d."""
    d = SIGN[which]
    square = yield Eq(d**2, 1), by.given(f"d_{which + 1} is a sign")
    bound = yield Le(d, 1), by.linear((square, Fraction(1, 2)), squares=[(Fraction(1, 2), d - 1)])
    return square, bound


def continuous_corrected(root, top):
    """With W_L = U S^(1/L) V^T, and W_l = V S^(1/L) V^T = (A^T A)^(1/2L) below it, Psi is Hoelder continuous"""
    upper, lower = close(U, X, 1, root, top), close(V, Y, 2, root, top)
    goal = yield All(upper, lower)
    one = yield upper, by.cite(cited.ROOTS, m=L, e=as_node(1))
    squared = {"c": c**2, "d": d**2, "U": V, "X": Y, "a": b}
    other = yield lower, by.cite(cited.ROOTS, m=2 * L, e=as_node(2), **squared)
    yield goal, by.both(one, other)


def enter(statement):
    """Add the claims to the statement: as printed, and corrected."""
    choice = Erratum(
        "false",
        "Psi(A) is the printed one, for any choice of the singular value decompositions",
        "At repeated singular values no choice of the factor S^(1/L) V^T is continuous: along I + e diag(1, -1) and the same "
        "matrices turned by a rotation it has different limits, while both tend to I. Another Psi is continuous.",
        stands=("lemma-39", "prop-5"),
    )
    statement.claim(
        "continuous", line=1041, where="proof", expects="refuted", domain=two_paths, erratum=choice
    )(continuous)
    corrected = {"expects": "proved", "domain": pairs, "near": opposite, "corrects": "continuous"}
    statement.claim("continuous-corrected", line=1035, root=1, top=1, **corrected)(continuous_corrected)
