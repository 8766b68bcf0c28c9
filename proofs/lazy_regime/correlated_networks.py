"""Networks with correlated parameters, E[theta_k,i theta_m,j] = delta_ij K_km: moments by induction (Proposition 17).

For r = 2 the three pairings of {1, 2, 3, 4} are numbered as on line 557: k[p] is the product of K over the pairing p, alpha[p]
and beta[p] those of the scalar products of inputs and outputs, and |rho_p u rho_q| = 1 + delta_pq.
"""

from flint import fmpq

from proofs.lazy_regime.gaussian_layers import L, n
from proofs.lazy_regime.random_networks import EQUAL, drawn_matrix, w
from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, index, size
from theorycheck.evaluate.values import inner as dot
from theorycheck.tree import (
    Eq,
    absolute,
    expect_joint,
    inner,
    minimum,
    num,
    over_sequences,
    product,
    scalars,
    sym,
    vec,
)
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


def root(source, _):
    return tuple(tuple(fmpq(source.integer(-1, 1)) for _ in FOUR) for _ in FOUR)


def entry(i, j):
    return lambda env: sum((x * y for x, y in zip(env["S"][i - 1], env["S"][j - 1], strict=True)), fmpq(0))


def products(name):
    """The values of a family over the pairings, from the vectors `name`_1 .. `name`_4."""
    return lambda env: {q: of_pairing(q, lambda i, j: dot(env[f"{name}_{i}"], env[f"{name}_{j}"])) for q in PAIRINGS}


def few(source, env):
    """Widths of which the hidden ones are w; only 1 for three layers, where there are many terms."""
    most = 2 if env["L"] == 2 else 1
    return {m: min(env["w"], most) if 0 < m < env["L"] else source.integer(1, most) for m in range(env["L"] + 1)}


def few_unequal(source, env):
    """Widths 1 or 2; for three layers, where there are many terms, 2 and 1 of the hidden ones."""
    return {m: source.integer(1, 2) if env["L"] == 2 else 1 + (m == 1) for m in range(env["L"] + 1)}


SIZES = (depth("L", most=3), size("w", most=2), drawn("n", few, positive=True, integer=True))
NAMES = {"k": (k, lambda q: of_pairing(q, lambda i, j: K[i, j]))}
NAMES |= {"alpha": (alpha, lambda q: of_pairing(q, lambda i, j: inner(a[i], a[j])))}
NAMES |= {"beta": (beta, lambda q: of_pairing(q, lambda i, j: inner(b[i], b[j])))}
DEFINED = {(name, q): f"{name} of the pairing {q}" for name in NAMES for q in PAIRINGS}
FROM_ONE = index("h", 1, L - 1)
LAWS = (
    drawn("S", root),
    *(derived(str(x.args[0]), entry(i, j)) for (i, j), x in K.items()),
    *(drawn_matrix(x) for x in (*a.values(), *b.values())),
    derived("k", lambda env: {q: of_pairing(q, lambda i, j: env[f"K_{i}{j}"]) for q in PAIRINGS}),
    derived("alpha", products("a")),
    derived("beta", products("b")),
    FROM_ONE,
)
DEFINITIONS = tuple(hypothesis(name, Eq(NAMES[f][0][q], NAMES[f][1](q)), 532) for (f, q), name in DEFINED.items())
domain = Domain(
    "networks of any depth L >= 2 with hidden widths w, four correlated parameter vectors, any covariances K, any vectors",
    (*SIZES, *LAWS),
    (EQUAL, *DEFINITIONS),
)
any_widths = Domain(
    "networks of any depth L >= 2 and widths, four correlated parameter vectors, any covariances K, any vectors",
    (SIZES[0], drawn("n", few_unequal, positive=True, integer=True), *LAWS),
    DEFINITIONS,
)

_without = tuple(v for v in domain.variables if v.name not in {"h", "k", "alpha", "beta"})
from_below = Domain(f"{domain.name}, products that may be empty", (*_without, index("h", 0, L - 1)), (EQUAL,))


def all_alike(source, env):
    """Two layers of width 2, one input and one output, all covariances and scalar products 1: every pairing counts."""
    ones = {str(x.args[0]): fmpq(1) for x in K.values()} | dict.fromkeys(NAMES, dict.fromkeys(PAIRINGS, fmpq(1)))
    vectors = dict.fromkeys((str(x.args[0]) for x in (*a.values(), *b.values())), ((fmpq(1),),))
    root_of_ones = ((fmpq(1), fmpq(0), fmpq(0), fmpq(0)),) * 4
    return {**env, **ones, **vectors, "S": root_of_ones, "L": 2, "w": 2, "n": {0: 1, 1: 2, 2: 1}, "h": 1}


def paired_apart(source, env):
    """The inputs are alike in the pairing 12|34 alone, the outputs in 13|24 alone; width 1, all covariances 1."""
    first, second = ((fmpq(1),), (fmpq(0),)), ((fmpq(0),), (fmpq(1),))
    inputs = {"a_1": first, "a_2": first, "a_3": second, "a_4": second, "alpha": {1: fmpq(1), 2: fmpq(0), 3: fmpq(0)}}
    ends = {"b_1": first, "b_2": second, "b_3": first, "b_4": second, "beta": {1: fmpq(0), 2: fmpq(1), 3: fmpq(0)}}
    return {**all_alike(source, env), **inputs, **ends, "w": 1, "n": {0: 2, 1: 1, 2: 2}}


def mean(body):
    return expect_joint(body, COPIES, list(K.values()))


def delta(x, y):
    return 1 - minimum(absolute(x - y), 1)


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
