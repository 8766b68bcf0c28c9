"""From |Theta - eta I| <= r to the eigenvalues of Theta, and from its mean square to a probability (Lemma 14, lines 423 on).

For independent standard Gaussian g, h in R^n_L and X = sum_l <g, P_l h> Q_l - eta <g, h> I, E|X|^2 = |Theta - eta I|^2:
Frobenius norms of forms are means of squares. With Y = |Z|^2 X +- r Z^T g h^T Z, 0 <= E|Y|^2 is the Cauchy-Schwarz inequality
that bounds Theta(Z, Z) - eta |Z|^2 by r |Z|^2 from both sides.
"""

from proofs.lazy_regime.gaussian_layers import L, W, mean, n
from proofs.lazy_regime.lemma_14_moments import l
from proofs.lazy_regime.lemma_14_overlaps import P, Q
from proofs.lazy_regime.lemma_14_variance_sum import constant, deviation
from proofs.lazy_regime.random_networks import NORMALIZED, sigma, w
from theorycheck.exact import chance_rules as chance, induction_rules as induction, matrix_rules as matrices, rules as by
from theorycheck.tree import (
    Eq,
    Every,
    Ge,
    Gt,
    Le,
    Lt,
    Node,
    expect,
    eye,
    inner,
    layers,
    mat,
    norm,
    num,
    probability,
    total,
    zero,
)

Z = mat("Z", n[L], n[0])
ETA = L * sigma ** (2 * (L - 1) / L) * w ** ((L - 1) / L)
G = layers("G", W.widths)
g, h = (Node("chain", ("G", num(k), num(k)), (n[L], num(1))) for k in (1, 2))


def over_vectors(body):
    return expect(body, G, 1)


def form(Z):
    """Theta(Z, Z)."""
    return total(l, 1, L, inner(P(l) @ Z @ Q(l), Z))


def combined(eta, factor, shift):
    """Y = factor X + shift Z^T g h^T Z."""
    X = total(l, 1, L, inner(g, P(l) @ h) * Q(l)) - eta * inner(g, h) * eye(n[0])
    return factor * X + shift * Z.T @ g @ h.T @ Z


def square(body):
    """0 <= E|Y|^2."""
    one = yield Le(num(0), inner(body, body)), by.linear(squares=[(1, body)])
    return (yield Le(over_vectors(num(0)), over_vectors(inner(body, body))), chance.averaged(one))


def not_negative(eta):
    """|Theta - eta I|^2 >= 0, for all layers."""
    mean_square = yield from square(combined(eta, num(1), num(0)))
    return (yield Ge(deviation(eta), 0), by.linear(mean_square))


def near_multiple(eta, r, sign):
    """sign (Theta(Z, Z) - eta |Z|^2) >= -r |Z|^2 where |Theta - eta I|^2 <= r^2, for all layers and all Z."""
    size = norm(Z) ** 2
    goal = Ge(sign * (form(Z) - eta * size), -r * size)
    close = yield Le(deviation(eta), r**2), induction.assumed()
    mean_square = yield from square(combined(eta, size, sign * r))
    known = Le(num(0), 2 * r * size * (sign * (form(Z) - eta * size) + r * size))
    known = yield known, by.linear(mean_square, (close, size**2))
    strict = yield goal, by.under([Lt(0, size)], by.linear((known, 1 / (2 * r * size))))
    no_size = yield Eq(0, size), induction.assumed()
    nothing = yield Eq(Z, zero(n[L], n[0])), matrices.vanishes(no_size)
    equal = yield goal, by.linear(using=[nothing])
    return (yield goal, by.either(strict, equal, num(0), size))


# --- probabilities ------------------------------------------------------------------------------------------------------------
def kappa(sixteen=16):
    """kappa = 16 c / L^2."""
    return sixteen / L**2 * constant()


def chance_of(event):
    return probability(event, W, NORMALIZED)


def closeness(bound):
    """P[|Theta - eta I|^2 <= bound] >= 1 - kappa/w for bound = (eta/4)^2: Markov's inequality for the mean square."""
    f = deviation(ETA)
    least = yield from not_negative(ETA)
    far = yield Le(chance_of(Gt(f, bound)), mean(f, NORMALIZED) / bound), chance.markov(least)
    square = Le(mean(f, NORMALIZED), constant() * sigma ** (4 * (L - 1) / L) * w ** ((L - 2) / L))
    square = yield square, by.uses("lemma-14.variance")
    near = yield Eq(chance_of(Le(f, bound)), 1 - chance_of(Gt(f, bound))), chance.complement()
    return (yield Ge(chance_of(Le(f, bound)), 1 - kappa() / w), by.linear((near, -1), far, (square, 1 / bound)))


def extreme(goal, sign):
    """An eigenvalue bound for all Z at once, with the probability of closeness."""
    close = yield from closeness((ETA / 4) ** 2)
    one_sided = yield from near_multiple(ETA, ETA / 4, num(sign))
    event = goal.nodes[0].nodes[0]
    same = yield event.nodes[1], by.linear(one_sided)
    implied = yield Le(close.shows.nodes[0], chance_of(event)), chance.implied(same)
    yield goal, by.linear(close, implied)


def close_enough(quarter, sixteen):
    """Theta is within eta/4 of its mean, in the Frobenius norm"""
    goal = yield Ge(chance_of(Le(deviation(ETA), (quarter * ETA) ** 2)), 1 - kappa(sixteen) / w)
    line = yield from closeness((quarter * ETA) ** 2)
    yield goal, by.linear(line)


def smallest(quarter, sixteen):
    """The smallest eigenvalue of Theta is at least 3/4 eta"""
    event = Every(Z, Ge(form(Z), (1 - quarter) * ETA * norm(Z) ** 2))
    goal = yield Ge(chance_of(event), 1 - kappa(sixteen) / w)
    yield from extreme(goal, 1)


def largest(quarter, sixteen):
    """The largest eigenvalue of Theta is at most 5/4 eta (printed for the smallest one, which is weaker)"""
    event = Every(Z, Le(form(Z), (1 + quarter) * ETA * norm(Z) ** 2))
    goal = yield Ge(chance_of(event), 1 - kappa(sixteen) / w)
    yield from extreme(goal, -1)
