"""The bound of the covariance of the NTK for matrices, for any depth (paper, Corollary 19, line 577), with absolute values.

The covariance is the sum over pairings of `cor_19_matrices`, with coefficients >= 0 (less the sequence 12|34) that
`cor_19_orders` bounds. The orders are those of the print; the constants in the place of c are sharp for w = 1 and for L = 2.
"""

from functools import reduce
from operator import add

from flint import fmpq

from proofs.lazy_regime.cor_19_bounds import M, covariance
from proofs.lazy_regime.cor_19_matrices import contracted, of_matrices
from proofs.lazy_regime.cor_19_orders import LOWER, S, most, orders
from proofs.lazy_regime.cor_19_pairings_deep import covariance_sum
from proofs.lazy_regime.cor_19_sequences import ended
from proofs.lazy_regime.correlated_networks import PAIRINGS
from proofs.lazy_regime.exemptions import ranges
from proofs.lazy_regime.gaussian_layers import L
from proofs.lazy_regime.kernel import every_width
from proofs.lazy_regime.random_networks import EQUAL, SCALES, WIDTHS, drawn_matrix, sigma, w
from theorycheck.domain import Domain, depth, index
from theorycheck.exact import basic_rules as basic, rules as by
from theorycheck.exact.matrix_rules import scaled
from theorycheck.statement import Part
from theorycheck.tree import Eq, Le, absolute, num

any_matrices = Domain(
    "networks of any depth L >= 2 with hidden widths w, N(0, sigma^2) parameters, any n_0 x n_L matrices",
    (depth("L", most=3), *WIDTHS[1:], SCALES[0], index("h", 1, L - 1), *(drawn_matrix(x) for x in M.values())),
    (EQUAL,),
)
part = Part(line=577, domain=any_matrices, expects="proved", exempts=ranges)
ENDS = [(u, v) for u in PAIRINGS for v in PAIRINGS]
T = {(u, v): contracted(u, v, M) for u, v in ENDS}
COVARIANCE = covariance(*(x.T for x in M.values()))


def constants(base):
    """What stands for c: for one end 12|34, for both, for none."""
    third = (L - 2) / num(3)
    one, both, none = ((a + third) ** 2 + 2 * third / 3 for a in (1, 2, 0))
    return base ** (L - 2) * one, base ** (L - 2) * both - L**2, base ** (L - 2) * none


def bound(base):
    one, both, none = constants(base)
    first = reduce(add, (absolute(T[u, v]) for u, v in ENDS if (u == 1) != (v == 1)))
    second = reduce(add, (absolute(T[u, v]) for u, v in ENDS if u != 1 and v != 1))
    scale = sigma ** (4 * L - 4)
    return scale * (w ** (2 * L - 3) * one * first + w ** (2 * L - 4) * (both * absolute(T[1, 1]) + none * second))


def attained(source, env):
    """One neuron in each layer, all matrices 1; or three layers, with the product of <M_1, M_2> and <M_3, M_4> alone."""
    if source.integer(0, 1):
        units = {f"M_{k}": ((fmpq(int(k < 3)), fmpq(0)), (fmpq(0), fmpq(int(k > 2)))) for k in M}
        return {**env, "L": 3, "w": 2, "h": 1, "n": dict.fromkeys(range(4), 2), **units}
    depth_ = source.integer(2, 4)
    sizes = {"L": depth_, "w": 1, "h": 1, "n": dict.fromkeys(range(depth_ + 1), 1)}
    return {**env, **sizes, **{f"M_{k}": ((fmpq(1),),) for k in M}}


def coefficients(u):
    """Of T(u, v), for each v, as lines C <= its bound and 0 <= C, with C a sum over the first L - 1 layers."""
    found = yield from orders(u)
    lines = {}
    for v in PAIRINGS:
        weights = ((2, 1), *LOWER[2]) if v == 1 else ((2, 1),)
        C = reduce(add, (f * S(k, u, v, L - 1) for k, f in weights))
        U = reduce(add, (f * most(k, u, v, L - 1) for k, f in weights))
        alone = L**2 * w ** (2 * L - 2) if u == v == 1 else num(0) * w
        high = yield Le(C - alone, U - alone), by.linear(*((found[k][v - 1], f) for k, f in weights))
        low = yield Le(0 * w, C - alone), by.linear(*((found[k][v + 2], f) for k, f in weights))
        lines[v] = high, low
    return lines


def times(high, low, T):
    """C T <= U |T|."""
    (C, U), size = high.shows.nodes, absolute(T)
    line = yield Le(T, size), basic.within_absolute()
    positive = yield Le(0 * w, size), by.sign()
    one = yield Le(T * C, size * C), scaled(line, low)
    two = yield Le(C * size, U * size), scaled(high, positive)
    return one, two


@part.claim("bound-matrices-corrected", corrects="bound-matrices", near=attained, base=3)
def corrected(base):
    """The bound of the covariance, for matrices, with absolute values and explicit constants in the place of c"""
    goal = yield Le(COVARIANCE, bound(base))
    lines = []
    for u in PAIRINGS:
        found = yield from coefficients(u)
        for v in PAIRINGS:
            high, low = found[v]
            one, two = yield from times(high, low, T[u, v])
            lines += [one, two]
    exact = yield Eq(COVARIANCE, covariance_sum(num(2), of_matrices, T[1, 1])), by.uses("cor-19.matrices-any-depth")
    end = yield from ended(2, of_matrices, L - 1, L)
    widths = yield Eq(every_width(), w ** (L - 1)), by.uses("layer-moments.widths", m=num(0), h=L - 1)
    scale = sigma ** (4 * L - 4)
    squares = -(L**2) * scale * (every_width() + w ** (L - 1)) * T[1, 1]
    yield goal, by.linear(exact, (end, scale), (widths, squares), *((line, scale) for line in lines))
