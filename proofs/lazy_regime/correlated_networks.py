"""Networks with correlated parameters, E[theta_k,i theta_m,j] = delta_ij K_km: moments by induction (Proposition 17).

For r = 2 the three pairings of {1, 2, 3, 4} are numbered as on line 557: k[p] is the product of K over the pairing p, alpha[p]
and beta[p] those of the scalar products of inputs and outputs, and |rho_p u rho_q| = 1 + delta_pq.
"""

from proofs.lazy_regime.gaussian_layers import L, n
from proofs.lazy_regime.random_networks import w
from theorycheck.tree import Eq, absolute, expect_joint, inner, minimum, num, over_sequences, product, scalars, sym, vec
from theorycheck.tree.build import Layers

l, h = sym("l"), sym("h")
k, p, alpha, beta = (scalars(name) for name in ("k", "p", "alpha", "beta"))
FOUR = (1, 2, 3, 4)
PAIRINGS = {1: ((1, 2), (3, 4)), 2: ((1, 3), (2, 4)), 3: ((1, 4), (2, 3))}
COPIES = tuple(Layers(f"W_{i}", n) for i in FOUR)
K = {(i, j): sym(f"K_{i}{j}") for i in FOUR for j in FOUR if i <= j}
a = {i: vec(f"a_{i}", n[0]) for i in FOUR}
b = {i: vec(f"b_{i}", n[L]) for i in FOUR}


def of_pairing(q, table):
    """The product of table(i, j) over the pairs of a pairing."""
    (i, j), (m, o) = PAIRINGS[q]
    return table(i, j) * table(m, o)


NAMES = {"k": (k, lambda q: of_pairing(q, lambda i, j: K[i, j]))}
NAMES |= {"alpha": (alpha, lambda q: of_pairing(q, lambda i, j: inner(a[i], a[j])))}
NAMES |= {"beta": (beta, lambda q: of_pairing(q, lambda i, j: inner(b[i], b[j])))}
DEFINED = {(name, q): f"{name} of the pairing {q}" for name in NAMES for q in PAIRINGS}


def mean(body):
    return expect_joint(body, COPIES, list(K.values()))


def delta(x, y):
    """Kronecker's delta of integers, as one term."""
    return -minimum(absolute(x - y) - 1, 0)


def equal(layer):
    return w


def layer_steps(to, width):
    """The powers of the widths between neighbouring layers up to `to`."""
    return product(l, 1, to - 1, width(l) ** (1 + delta(p[l], p[l + 1])))


def factors(to):
    return product(l, 1, to, k[p[l]])


def images(q, to):
    """The scalar products of W_i,to .. W_i,1 a_i over a pairing."""
    u = {i: COPIES[i - 1].chain(to, 1) @ a[i] for i in FOUR}
    return of_pairing(q, lambda i, j: inner(u[i], u[j]))


def towards(q, to, width):
    """The sum over pairings of the layers 1 .. to, with the indices after the last one paired as in q."""
    last = width(to) ** (1 + delta(p[to], num(q)))
    return over_sequences(p, to, 3, factors(to) * layer_steps(to, width) * alpha[p[1]] * last)


def state(q, to, width):
    return Eq(mean(images(q, to)), towards(q, to, width))


def outputs():
    """The product of the scalars <b_i, A_i a_i>."""
    one, two, three, four = (inner(b[i], COPIES[i - 1].chain(L, 1) @ a[i]) for i in FOUR)
    return one * two * three * four


def total_sum(place, width=equal):
    """The sum of line 541 for r = 2, with the outputs paired as the layer `place`; there all hidden widths are w."""
    return over_sequences(p, L, 3, factors(L) * layer_steps(L, width) * alpha[p[1]] * beta[p[place]])
