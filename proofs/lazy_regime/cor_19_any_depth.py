"""The bound of the covariance of the NTK for vectors, for any depth (paper, Corollary 19, line 575), with absolute values.

The last layer is integrated out of the means of `cor_19_carried` after L - 1 layers; the product of the means of Theta cancels
what is exact in the pairing 12|34. As those are bounds from above alone, they are taken for a_1 and for -a_1. The explicit
bound is an equality for L = 2, and for all depths where w = 1 and no alpha or beta is negative.
"""

from flint import fmpq

from proofs.lazy_regime.cor_19_bounds import FORMS, a, b, covariance, products
from proofs.lazy_regime.cor_19_carried import most, sizes, state
from proofs.lazy_regime.cor_19_last_layer import for_equal_widths, last_layer_apart, product_of_means
from proofs.lazy_regime.cor_19_layers import SWAPPED, alike, h, known_states, means, ones
from proofs.lazy_regime.exemptions import ranges
from proofs.lazy_regime.gaussian_layers import L, mean
from proofs.lazy_regime.random_networks import EQUAL, HIDDEN, SCALES, WIDTHS, drawn_matrix, sigma, w
from theorycheck.domain import Domain
from theorycheck.exact import basic_rules as basic, rules as by
from theorycheck.exact.matrix_rules import scaled
from theorycheck.exact.session import substitute_all
from theorycheck.statement import Part
from theorycheck.tree import Le, absolute, num

any_vectors = Domain(
    "networks of any depth L >= 2 with hidden widths w, N(0, sigma^2) parameters, any eight vectors",
    (*WIDTHS, SCALES[0], *(drawn_matrix(x) for x in (*a.values(), *b.values()))),
    (EQUAL,),
)
part = Part(line=575, domain=any_vectors, expects="proved", exempts=ranges)
PLAIN = {f"a_{k}": x for k, x in a.items()}
LAST = {"h": L - 1, "s": sigma**2}
SCALE = sigma ** (4 * L - 4) * w ** (2 * L - 3)


def attained(source, env):
    """Two layers, with one pairing of the inputs and another of the outputs; or one neuron in each layer, all vectors 1."""
    depth, scale = source.integer(2, 4), fmpq(1, 2) if source.integer(0, 1) else fmpq(2)
    if source.integer(0, 1):
        return {**env, **ones("a"), **ones("b"), "L": depth, "w": 1, "n": dict.fromkeys(range(depth + 1), 1), "sigma": scale}
    one, other, w_ = source.integer(0, 1), source.integer(2, 3), source.integer(2, 3)
    inputs, outputs = (1, other) if one else (other, 1)
    vectors = {**alike("a", inputs), **alike("b", outputs)}
    return {**env, **vectors, "L": 2, "w": w_, "n": {0: 2, 1: w_, 2: 2}, "sigma": scale}


def factors():
    """What |beta_1| stands by, F_0 + 2 F_1 + F_2 - L^2 |alpha_1|, and what |beta_2| + |beta_3| does, F_2."""
    one, _ = sizes(a)
    first, second, third = (substitute_all(most(p, h), LAST) for p in range(3))
    return first + 2 * second + third - L**2 * one, third


def bound():
    u, v = factors()
    first, g = sizes(b)
    return Le(covariance(*FORMS), SCALE * (u * first + v * (g - first)))


# --- the means after L - 1 layers --------------------------------------------------------------------------------------------
def states(turned):
    """Their bounds, with other vectors in the places that are `turned`."""
    uses = ("vectors", 0, PLAIN), ("one-kernel", 1, PLAIN), ("one-kernel", 1, SWAPPED), ("two-kernels", 2, PLAIN)
    lines = []
    for name, p, names in uses:
        places = {k: substitute_all(x, turned) for k, x in names.items()} | LAST
        lines.append((substitute_all(state(p, h), places), by.uses(f"cor-19.{name}", **places)))
    return (yield from known_states(*lines))


def left_over():
    """What E[Theta Theta] - E[Theta] E[Theta] has by beta_1, and what it has by beta_2 and by beta_3."""
    s = sigma**2
    [x, *_], [A, _], [Y, other] = ([mean(substitute_all(f, LAST), s) for f in means(p, h)] for p in range(3))
    B = substitute_all(A, SWAPPED)
    return x + s * (A + B) + s**2 * Y - L**2 * (s * w) ** (2 * L - 2) * products(a)[0], s**2 * other


def bounds():
    """f <= u, then -f <= u, for both of these."""
    lines, s = [], sigma**2
    for sign, turned in ((1, {}), (-1, {"a_1": -a[1]})):
        x, A, B, Y = yield from states(turned)
        terms = (x[3], (A[2], s), (B[2], s), (Y[2], s**2)), ((Y[1], s**2),)
        for f, u, some in zip(left_over(), factors(), terms, strict=True):
            line = yield Le(sign * f, SCALE * u), by.linear(*some)
            lines.append(line)
    return lines


def weighted(high, low, beta):
    """From f <= u and -f <= u to f beta <= u |beta|."""
    size, (f, u) = absolute(beta), high.shows.nodes
    one = yield Le(-beta, size), basic.within_absolute()
    two = yield Le(beta, size), basic.within_absolute()
    plus = yield Le(0, size + beta), by.linear(one)
    minus = yield Le(0, size - beta), by.linear(two)
    above = yield Le(f * (size + beta), u * (size + beta)), scaled(high, plus)
    below = yield Le(-1 * f * (size - beta), u * (size - beta)), scaled(low, minus)
    half = num(1) / 2
    return (yield Le(f * beta, u * size), by.linear((above, half), (below, half)))


@part.claim("bound-corrected", corrects="bound", near=attained)
def any_depth():
    """The bound of the covariance, for vectors, with absolute values and, in the place of c, what they stand by for w = 1"""
    goal = yield bound()
    high, high_2, low, low_2 = yield from bounds()
    lines = []
    for pair, beta in zip(((high, low), (high_2, low_2), (high_2, low_2)), products(b), strict=True):
        line = yield from weighted(*pair, beta)
        lines.append(line)
    whole = yield from last_layer_apart()
    squares = yield from product_of_means()
    squares = yield from for_equal_widths(squares)
    yield goal, by.linear(whole, *lines, (squares, -1), using=[HIDDEN])
