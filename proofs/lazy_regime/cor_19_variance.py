"""The variance of the NTK exactly, at any depth and for any widths (paper, Corollary 19, line 581; Lemma 14, line 419).

With Theta = sum_l P_l (x) Q_l the mean of <b_1, P_l b_2> <a_1, Q_l a_2> <b_3, P_k b_4> <a_3, Q_k a_4>, summed over l and k, is
linear in the outer products of a_1 and a_3, a_2 and a_4, b_1 and b_3, b_2 and b_4. So matrices may stand in their places, and
with identities the left side is E|Theta|^2. The pairings of the inputs become n_0, n_0^2 and n_0.
"""

from proofs.lazy_regime.cor_19_bounds import a, b
from proofs.lazy_regime.cor_19_pairings_deep import MIXED, any_depth, moment, of_rank_one, sum_of, three_layers
from proofs.lazy_regime.cor_19_sequences import valued
from proofs.lazy_regime.exemptions import ranges
from proofs.lazy_regime.gaussian_layers import L, mean, n
from proofs.lazy_regime.kernel import every_width
from proofs.lazy_regime.lemma_14_moments import k, l
from proofs.lazy_regime.lemma_14_overlaps import P, Q, overlap
from proofs.lazy_regime.lemma_14_variance_sum import deviation, traces
from proofs.lazy_regime.random_networks import drawn_matrix, sigma
from theorycheck.domain import Domain
from theorycheck.exact import matrix_rules as matrices, rules as by
from theorycheck.statement import Part
from theorycheck.tree import Eq, eye, inner, mat, num, total, trace

X, Y = mat("X", n[0], n[0]), mat("Y", n[0], n[0])
Z, T = mat("Z", n[L], n[L]), mat("T", n[L], n[L])
FORMS = {"X": (a[1], a[3]), "Y": (a[2], a[4]), "Z": (b[1], b[3]), "T": (b[2], b[4])}
forms = Domain(
    "networks of any depth L >= 2 and widths, N(0, sigma^2) parameters, any matrices of the sizes of inputs and of outputs",
    (*any_depth.variables[:3], *(drawn_matrix(x) for x in (X, Y, Z, T))),
)
networks = Domain("networks of any depth L >= 2 and widths, N(0, sigma^2) parameters", any_depth.variables[:3])
part = Part(line=581, expects="proved", exempts=ranges)


def contracted(X, Y):
    """What the three pairings leave of X = u_1 u_3^T and Y = u_2 u_4^T."""
    return inner(X, Y), trace(X) * trace(Y), trace(X @ Y)


def of_forms(first, last):
    return valued(first, contracted(X, Y)) * valued(last, contracted(Z, T))


def squares(power):
    terms = trace(Q(l) @ Y @ Q(k) @ X.T) * trace(P(l) @ T @ P(k) @ Z.T)
    return Eq(mean(total(l, 1, L, total(k, 1, L, terms)), sigma**2), sum_of(power, of_forms))


@part.claim("forms", domain=forms, where="proof", near=of_rank_one(FORMS), exempt=MIXED, power=2)
def forms_(power):
    """The mean of the product of two values of Theta, with matrices for pairs of vectors"""
    goal = yield squares(power)
    line = yield moment(2), by.uses("cor-19.moment-any-depth")
    yield goal, matrices.multilinear(line, **{name: u @ v.T for name, (u, v) in FORMS.items()})


def traced(one):
    """tr Q_l X tr P_l Z summed over the layers."""
    terms = trace(Q(l) @ X.T) * trace(P(l) @ Z.T)
    return Eq(mean(total(l, 1, L, terms), sigma**2), one * L * sigma ** (2 * L - 2) * every_width() * trace(X) * trace(Z))


@part.claim("traces", domain=forms, where="proof", near=of_rank_one(FORMS), one=1)
def traces_(one):
    """The mean of Theta, with matrices for pairs of vectors"""
    goal = yield traced(one)
    value = L * sigma ** (2 * L - 2) * every_width() * inner(a[1], a[3]) * inner(b[1], b[3])
    terms = inner(a[1], Q(l) @ a[3]) * inner(b[1], P(l) @ b[3])
    line = Eq(mean(total(l, 1, L, terms), sigma**2), value)
    line = yield line, by.uses("ntk-mean.any-widths", s=sigma**2, X=b[1] @ a[1].T, Y=b[3] @ a[3].T, l=num(1))
    yield goal, matrices.multilinear(line, X=a[1] @ a[3].T, Z=b[1] @ b[3].T)


def of_sizes(first, last):
    return valued(first, (n[0], n[0] ** 2, n[0])) * valued(last, (n[L], n[L] ** 2, n[L]))


@part.claim("variance", domain=networks, near=three_layers, main=True, exempt=MIXED, power=2)
def variance(power):
    """E|Theta - E Theta|^2 exactly, as a sum over one pairing for each layer"""
    eta = L * sigma ** (2 * L - 2) * every_width()
    goal = yield Eq(mean(deviation(eta), sigma**2), sum_of(power, of_sizes) - eta**2 * n[0] * n[L])
    ones = {"X": eye(n[0]), "Z": eye(n[L])}
    square = Eq(mean(total(l, 1, L, total(k, 1, L, overlap(l, k))), sigma**2), sum_of(2, of_sizes))
    square = yield square, by.uses("cor-19.forms", Y=eye(n[0]), T=eye(n[L]), **ones)
    mass = Eq(mean(total(l, 1, L, traces(l)), sigma**2), eta * n[0] * n[L])
    mass = yield mass, by.uses("cor-19.traces", **ones)
    yield goal, by.linear(square, (mass, -2 * eta))
