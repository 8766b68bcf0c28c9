"""The covariance of the NTK of two layers, exactly, for vectors and for matrices (paper, Corollary 19, lines 575 and 577)."""

from proofs.lazy_regime.cor_19_bounds import POSITIVE, M, a, b, orders, products
from proofs.lazy_regime.gaussian_layers import W, mean, n
from proofs.lazy_regime.random_networks import SCALES, drawn_matrix, sigma
from theorycheck.domain import Domain, derived, widths
from theorycheck.exact import rules as by
from theorycheck.tree import Eq, inner, mat, vec

shallow_outputs = {k: vec(f"b_{k}", n[2]) for k in b}
shallow_M = {k: mat(f"M_{k}", n[0], n[2]) for k in M}
TWO_LAYERS = (derived("L", lambda _: 2), widths("n", most=2), SCALES[0])
shallow_vectors_domain = Domain(
    "networks of two layers of any widths, N(0, sigma^2) parameters, any vectors",
    (*TWO_LAYERS, *(drawn_matrix(x) for x in (*a.values(), *shallow_outputs.values()))),
)
shallow_matrices_domain = Domain(
    "networks of two layers of any widths, N(0, sigma^2) parameters, any n_0 x n_2 matrices",
    (*TWO_LAYERS, *(drawn_matrix(x) for x in shallow_M.values())),
)


def shallow_kernel(X, Y):
    """Theta(X, Y) for two layers."""
    return inner(X @ W[1].T, Y @ W[1].T) + inner(W[2].T @ X, W[2].T @ Y)


def shallow_covariance(forms):
    one, other = shallow_kernel(*forms[:2]), shallow_kernel(*forms[2:])
    return mean(one * other, sigma**2) - mean(one, sigma**2) * mean(other, sigma**2)


def shallow_vectors(one):
    """For L = 2: the covariance itself, for vectors"""
    first, second = products(a), products(shallow_outputs)
    terms = first[0] * (second[1] + second[2]) + (first[1] + first[2]) * second[0]
    forms = [shallow_outputs[k] @ a[k].T for k in a]
    goal = yield Eq(shallow_covariance(forms), sigma ** (4 * one) * n[1] * terms)
    yield goal, by.identity()


def shallow_matrices(one):
    """For L = 2: the covariance itself, for matrices; the terms of the second order are absent"""
    first, _ = orders(*shallow_M.values())
    goal = yield Eq(shallow_covariance([x.T for x in shallow_M.values()]), sigma ** (4 * one) * n[1] * first)
    yield goal, by.identity()


def enter(statement):
    """Add the claims about two layers."""
    fixed = {"expects": "proved", "exempt": POSITIVE, "one": 1}
    own = {"line": 575, "domain": shallow_vectors_domain, "reads": "bound"}
    statement.claim("shallow", **own, **fixed)(shallow_vectors)
    own = {"line": 577, "domain": shallow_matrices_domain, "reads": "bound-matrices"}
    statement.claim("shallow-matrices", **own, **fixed)(shallow_matrices)
