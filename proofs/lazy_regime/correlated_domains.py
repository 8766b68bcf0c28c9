"""Domains and instances of networks with correlated parameters (Proposition 17, Corollary 18)."""
from flint import fmpq

from proofs.lazy_regime.correlated_networks import DEFINED, FOUR, NAMES, PAIRINGS, K, a, b, of_pairing
from proofs.lazy_regime.gaussian_layers import L
from proofs.lazy_regime.random_networks import EQUAL, drawn_matrix
from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, index, size
from theorycheck.evaluate.values import inner as dot
from theorycheck.tree import Eq


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
LAWS = (
    drawn("S", root),
    *(derived(str(x.args[0]), entry(i, j)) for (i, j), x in K.items()),
    *(drawn_matrix(x) for x in (*a.values(), *b.values())),
    derived("k", lambda env: {q: of_pairing(q, lambda i, j: env[f"K_{i}{j}"]) for q in PAIRINGS}),
    derived("alpha", products("a")),
    derived("beta", products("b")),
    index("h", 1, L - 1),
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


def from_below(domain):
    """For products of hidden layers that may be empty; without the pairings."""
    kept = tuple(v for v in domain.variables if v.name not in {"h", "k", "alpha", "beta"})
    facts = tuple(f for f in domain.conditions if f not in DEFINITIONS)
    return Domain(f"{domain.name}, products that may be empty", (*kept, index("h", 0, L - 1)), facts)


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
