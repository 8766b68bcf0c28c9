"""Moments of networks with correlated parameters as sums over pairings (paper, Proposition 17, lines 541 and 545), r = 2.

In print the outputs b are paired as in the layer L - 1, and stand where the inputs have to. The sum over one pairing for each
layer is entered as such (`over_sequences`) and proved by induction on the depth (`pairing_sums`); r = 1 is the first
part of Corollary 18, and r = 3 is checked in tests/exact/test_moments.py.
"""

from proofs.lazy_regime.correlated_domains import all_alike, any_widths, domain, entry, paired_apart, root
from proofs.lazy_regime.correlated_networks import COPIES, FOUR, PAIRINGS, K, equal, mean, of_pairing, outputs, total_sum
from proofs.lazy_regime.exemptions import ranges
from proofs.lazy_regime.gaussian_layers import L, n
from proofs.lazy_regime.pairing_sums import whole_moment
from proofs.lazy_regime.random_networks import HIDDEN, A, drawn_matrix
from theorycheck.cli import run_module
from theorycheck.domain import Domain, depth, derived, drawn, layers_of, widths
from theorycheck.exact import matrix_rules as matrices, rules as by
from theorycheck.statement import Statement
from theorycheck.tree import Defined, Eq, Node, inner, num, vec
from theorycheck.verdict import Erratum

statement = Statement("prop-17", "Moments as sums over pairings", "B.3", domain, depends_on=("layer-moments",))
EXEMPT = ranges(domain)
LAST = Erratum(
    "notation",
    "the outputs paired as in the layer L - 1",
    "rho^(L-1) stands for rho^(L) in the last product: the outputs are contracted with the last layer.",
    stands=("cor-18", "cor-19", "lemma-14"),
)


@statement.claim("sum", line=541, main=True, expects="refuted", erratum=LAST, near=paired_apart)
def sum_():
    """The moment of four outputs, with b paired as in the layer L - 1"""
    yield Eq(mean(outputs()), total_sum(L - 1))


@statement.claim("sum-corrected", line=541, corrects="sum", expects="proved", near=all_alike, exempt=EXEMPT)
def sum_corrected():
    """The moment of four outputs, with b paired as in the layer L"""
    goal = yield Eq(mean(outputs()), total_sum(L))
    line = yield from whole_moment(equal, HIDDEN)
    yield goal, by.linear(line)


OTHERS = {"expects": "proved", "near": all_alike, "exempt": ranges(any_widths)}


@statement.claim("any-widths", line=541, domain=any_widths, reads="sum", **OTHERS)
def any_widths_():
    """The same for hidden widths that differ"""
    goal = yield Eq(mean(outputs()), total_sum(L, n.__getitem__))
    line = yield from whole_moment(n.__getitem__)
    yield goal, by.linear(line)


# --- Wick's formula, for one layer --------------------------------------------------------------------------------------------
c = {i: vec(f"c_{i}", n[1]) for i in FOUR}
d = {i: vec(f"d_{i}", n[0]) for i in FOUR}
one_layer = Domain(
    "one layer of any sizes, four correlated matrices, any covariances and vectors (the standard basis among them)",
    (
        derived("L", lambda _: 1),
        widths("n", most=2),
        drawn("S", root),
        *(derived(str(x.args[0]), entry(i, j)) for (i, j), x in K.items()),
        *(drawn_matrix(x) for x in (*c.values(), *d.values())),
    ),
)


@statement.claim("wick", line=545, where="proof", domain=one_layer, expects="proved")
def wick():
    """Wick's formula for the entries of one layer"""
    one, two, three, four = (inner(c[i], COPIES[i - 1][1] @ d[i]) for i in FOUR)
    pairs = [of_pairing(q, lambda i, j: K[i, j] * inner(c[i], c[j]) * inner(d[i], d[j])) for q in PAIRINGS]
    goal = yield Eq(mean(one * two * three * four), pairs[0] + pairs[1] + pairs[2])
    yield goal, by.identity()


# --- shapes ------------------------------------------------------------------------------------------------------------------
SIDES = Erratum(
    "notation",
    "a of size n_0 on the left of the n_L x n_0 matrix A, b of size n_L on its right",
    "The vectors have changed places; b^T A a is meant.",
    stands=("cor-18", "cor-19"),
)
ONE = num(1)
a_0, b_0 = vec("a", n[0]), vec("b", n[L])
vectors = Domain(
    "networks of any depth and widths, any two vectors",
    (depth("L", most=3), widths("n"), layers_of("W"), drawn_matrix(a_0), drawn_matrix(b_0)),
)


@statement.claim("shapes", line=541, domain=vectors, expects="refuted", erratum=SIDES)
def shapes():
    """a^T A b"""
    left = Node("matmul", (a_0.T, A), (ONE, n[0]))
    yield Defined(Node("matmul", (left, b_0), (ONE, ONE)))


@statement.claim("shapes-corrected", line=541, domain=vectors, corrects="shapes", expects="proved")
def shapes_corrected():
    """b^T A a"""
    goal = yield Defined(b_0.T @ A @ a_0)
    yield goal, matrices.defined()


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
