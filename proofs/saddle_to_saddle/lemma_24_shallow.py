"""For depth 2 no direction does better than the one of Lemma 24 (paper, line 668), at any point of any linear network."""

from fractions import Fraction

from proofs.saddle_to_saddle.network_directions import n, s
from theorycheck.domain import Domain, derived, drawn, hypothesis, layers_of, matrix, widths
from theorycheck.exact import rules as by
from theorycheck.exact.cited import CAUCHY_SCHWARZ
from theorycheck.models.linear_form import assembled, column, indexed, least_curved, svd
from theorycheck.tree import Ge, Le, Psd, eye, inner, layers, mat, norm, second_derivative, trace

U, V = mat("V_2", n[2], n[1]), mat("V_1", n[1], n[0])
G, X = mat("G", n[2], n[0]), layers("W", n)
bounded = Psd(s[1] ** 2 * eye(n[2]) - G @ G.T)
shallow = Domain(
    "linear networks of depth 2, any widths, any point and direction",
    (
        derived("L", lambda env: 2),
        widths("n"),
        layers_of("W"),
        matrix("V_1", n[1], n[0]),
        matrix("V_2", n[2], n[1]),
        derived("r", lambda env: min(env["n"][0], env["n"][2])),
        drawn("svd", svd),
        derived("u", indexed(lambda d, k: column(d.left, k))),
        derived("v", indexed(lambda d, k: column(d.right, k))),
        derived("s", indexed(lambda d, k: d.values[k])),
        derived("G", assembled),
    ),
    (hypothesis("s_1 bounds G", bounded, 666), hypothesis("s_1 >= 0", Ge(s[1], 0), 666)),
)


def no_better(factor):
    """For L = 2 every V has V^T Hess V >= -s_1 V^T V: the hypothesis of Proposition 23 holds at no escape direction"""
    curved = second_derivative(trace(G.T @ X.chain(2, 1)), [(X[2], U), (X[1], V)])
    goal = yield Ge(curved, -factor * s[1] * (norm(U) ** 2 + norm(V) ** 2))
    Y, Z = -G.T @ U, V.T
    cauchy = yield Le(inner(Y, Z), norm(Y) * norm(Z)), by.cite(CAUCHY_SCHWARZ, X=Y, Z=Z, a=n[0], b=n[1])
    bound = yield bounded, by.given("s_1 bounds G")
    square = yield Le(norm(Y) ** 2, s[1] ** 2 * norm(U) ** 2), by.congruence(bound, U)
    root = yield Le(norm(Y), s[1] * norm(U)), by.raised(square, Fraction(1, 2))
    yield goal, by.linear((cauchy, 2), (root, 2 * norm(Z)), squares=[(s[1], norm(U) - norm(V))])


def enter(statement):
    """Add the claim about depth 2."""
    statement.claim("no-better", line=668, expects="proved", domain=shallow, near=least_curved, factor=1)(no_better)
