"""The last layer of the NTK integrated out, and the product of the means (for the covariance of Corollary 19, line 571)."""

from proofs.lazy_regime.cor_19_bounds import FORMS, a, b, explicit, l, products
from proofs.lazy_regime.gaussian_layers import L, mean
from proofs.lazy_regime.kernel import every_width
from proofs.lazy_regime.random_networks import sigma, w
from theorycheck.exact import chance_rules as chance, rules as by
from theorycheck.exact.session import substitute_all
from theorycheck.tree import Eq, inner, num, total


def split_off(k):
    """Theta(b_k a_k^T, ..) with its last layer apart."""
    whole = explicit(*FORMS[k - 1 : k + 1])
    term = whole.nodes[2]
    return (yield Eq(whole, total(l, 1, L - 1, term) + substitute_all(term, {"l": L})), by.last_one())


def product_of_means():
    """E[Theta] E[Theta]."""
    lines = []
    for k in (1, 3):
        X, Y = FORMS[k - 1 : k + 1]
        theta = mean(explicit(X, Y), sigma**2)
        value = L * sigma ** (2 * L - 2) * every_width() * inner(a[k], a[k + 1]) * inner(b[k], b[k + 1])
        line = yield Eq(theta, value), by.uses("ntk-mean.any-widths", s=sigma**2, X=X, Y=Y, l=num(1))
        lines.append(line)
    (f, u), (g, v) = (line.shows.nodes for line in lines)
    return (yield Eq(f * g, u * v), by.linear((lines[0], g), (lines[1], u)))


def for_equal_widths(squares):
    """E[Theta] E[Theta] with w^(L - 1) for the product of the widths."""
    widths = yield Eq(every_width(), w ** (L - 1)), by.uses("layer-moments.widths", m=num(0), h=L - 1)
    one = L**2 * sigma ** (4 * L - 4) * products(a)[0] * products(b)[0]
    rule = by.linear(squares, (widths, one * (every_width() + w ** (L - 1))))
    return (yield Eq(squares.shows.nodes[0], one * w ** (2 * L - 2)), rule)


def last_layer_apart():
    """E[Theta Theta] with the last layer apart."""
    one = yield from split_off(1)
    other = yield from split_off(3)
    (f, cut), (g, cut_2) = one.shows.nodes, other.shows.nodes
    whole = yield Eq(f * g, cut * cut_2), by.linear((one, g), (other, cut))
    return (yield Eq(mean(f * g, sigma**2), mean(cut * cut_2, sigma**2)), chance.averaged(whole))
