"""The NTK as a form on n_L x n_0 matrices, Theta(X, Y) = sum_l <grad_l <X, A>, grad_l <Y, A>>: symbols, domains, its mean.

The layer l contributes <U^T X V^T, U^T Y V^T> with U = W_L .. W_(l+1) and V = W_(l-1) .. W_1. The last layer is integrated
out, and what is left of U is independent of V.
"""

from proofs.lazy_regime.gaussian_layers import DEPTH, VARIANCE, L, W, j, mean, n
from proofs.lazy_regime.random_networks import EQUAL, SCALES, WIDTHS, A
from theorycheck.domain import Domain, index, layers_of, matrix, widths
from theorycheck.exact import rules as by
from theorycheck.tree import Eq, gradient_of, inner, mat, num, product, sym, total

l = sym("l")
X, Y = mat("X", n[L], n[0]), mat("Y", n[L], n[0])
FORMS = (matrix("X", n[L], n[0]), matrix("Y", n[L], n[0]), index("l", 1, L - 1))
LOST = "the layers are those from 1 to L, and the last one is treated by itself"
INDEX = {f"the hypothesis l in range ({end})": LOST for end in ("lower", "upper")}
any_kernel = Domain(
    "networks of any depth L >= 2 and widths, independent N(0, s) parameters, any two n_L x n_0 matrices",
    (DEPTH, widths("n", most=2), VARIANCE, *FORMS),
)
rectangular_kernel = Domain(
    "networks of any depth L >= 2 with hidden widths w, independent Gaussian parameters, any two n_L x n_0 matrices",
    (*WIDTHS, SCALES[0], *FORMS),
    (EQUAL,),
)
given_layers = Domain(
    "networks of any depth and widths, any two n_L x n_0 matrices", (*any_kernel.variables[:2], layers_of("W"), *FORMS[:2])
)


def slope(Z, at):
    """The gradient of <Z, A> in W_at."""
    return gradient_of(inner(Z, A), W[at])


def term(at):
    return inner(slope(X, at), slope(Y, at))


def kernel():
    """Theta(X, Y)."""
    return total(l, 1, L, term(l))


def every_width():
    return product(j, 1, L - 1, n[j])


def mean_of_kernel(variance):
    """E[Theta(X, Y)] = L s^(L-1) n_1 .. n_(L-1) <X, Y>."""
    value = variance ** (L - 1) * every_width() * inner(X, Y)
    one = yield from mean_of_layer(variance, value)
    last = yield from mean_of_last(variance, value)
    inner_terms = yield Eq(total(l, 1, L - 1, mean(term(l), variance)), total(l, 1, L - 1, value)), by.termwise(one, l)
    split = Eq(total(l, 1, L, mean(term(l), variance)), total(l, 1, L - 1, mean(term(l), variance)) + mean(term(L), variance))
    split = yield split, by.last_one()
    return (yield Eq(mean(kernel(), variance), L * value), by.linear(split, inner_terms, last))


def mean_of_layer(variance, value):
    """The layer l < L: the widths above, at and below it."""
    above, below = W.chain(L - 1, l + 1), W.chain(l - 1, 1)
    upper = Eq(mean(inner(above, above), variance), variance ** (L - 1 - l) * product(j, l + 1, L - 1, n[j]) * n[l])
    upper = yield upper, by.uses("layer-moments.mass", m=l, h=L - 1, s=variance)
    lower = Eq(mean(inner(below @ X.T, below @ Y.T), variance), variance ** (l - 1) * product(j, 1, l - 1, n[j]) * inner(X, Y))
    sizes = {"m": num(0), "h": l - 1, "p": n[L]}
    lower = yield lower, by.uses("layer-moments.second", s=variance, X_1=X.T, X_2=Y.T, **sizes)
    whole = Eq(every_width(), product(j, 1, l, n[j]) * product(j, l + 1, L - 1, n[j]))
    whole = yield whole, by.uses("layer-moments.joined", m=l, h=L - 1, s=variance)
    here = yield Eq(product(j, 1, l, n[j]), product(j, 1, l - 1, n[j]) * n[l]), by.last_one()
    return (yield Eq(mean(term(l), variance), value), by.identity(upper, lower, whole, here))


def mean_of_last(variance, value):
    """The layer L: nothing above."""
    below = W.chain(L - 1, 1)
    lower = Eq(mean(inner(below @ X.T, below @ Y.T), variance), variance ** (L - 1) * every_width() * inner(X, Y))
    lower = yield lower, by.uses("layer-moments.second", m=num(0), h=L - 1, s=variance, X_1=X.T, X_2=Y.T, p=n[L])
    return (yield Eq(mean(term(L), variance), value), by.linear(lower))
