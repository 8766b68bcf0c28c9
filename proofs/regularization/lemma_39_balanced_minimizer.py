"""Balanced parameters of minimal norm (Lemma 39, paper lines 1035 to 1064).

|theta|^2 >= L |A|_p^p with p = 2/L, whatever the widths: by Horn's inequality the sum of s_i(W_L .. W_1)^(2/L) is at most
the sum of the products of the s_i(W_l)^(2/L), and each product is at most the mean of the s_i(W_l)^2. Equality at Psi(A).
The paper's own proof takes a minimizer and finds it balanced. Its parts, each in a module of its own:

lemma_39_right_inverse.py   Psi: its matrix, its norm               lemma_39_minimizers.py    Equations 2 and 3, balancedness
lemma_39_layer_values.py    the singular values of the layers       lemma_39_continuity.py    the continuity of Psi
lemma_39_multiplier.py      inductions that they share
"""

from proofs.regularization import lemma_39_continuity, lemma_39_layer_values, lemma_39_minimizers, lemma_39_right_inverse
from proofs.regularization.minimal_parameters import (
    SIZE,
    A,
    A_theta,
    L,
    Psi,
    W,
    all_encodings,
    domain,
    encoding,
    i,
    k,
    l,
    n,
    p,
    two_values,
)
from theorycheck.cli import run_module
from theorycheck.exact import cited, extremum_rules as least, rules as by
from theorycheck.models.balanced import turned
from theorycheck.models.balanced_checks import ridge_flow_balances
from theorycheck.models.networks import balanced_network
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Ge, Le, Node, as_node, norm, product, schatten, singular, total

statement = Statement("lemma-39", "Parameters of minimal norm", "D", domain)


def balanced_layers(source, env):
    """The equality case: balanced layers."""
    return {**env, "W": balanced_network(source, env["n"])}


def at_most_the_widths(*places):
    lines = []
    for end in places:
        line = yield Le(n[k], n[end]), by.given("n_k is the smallest width", j=as_node(end))
        lines.append(line)
    return lines


@statement.claim("inequality", line=1035, main=True, expects="proved", near=balanced_layers, power=2, factor=1)
def inequality(power, factor):
    """The squared norm of parameters is at least L times the p-th power of the Schatten quasinorm of their matrix"""
    goal = yield Ge(total(l, 1, L, norm(W[l]) ** 2), factor * L * schatten(A_theta, power / L) ** (power / L))
    ends = yield from at_most_the_widths(L, 0, l, l - 1)
    low = yield Le(Node("rank", (A_theta,), ()), n[k]), by.cite(cited.RANK_OF_PRODUCT, F="W", m=L, j=k)
    values, name = total(i, 1, n[k], singular(A_theta, i) ** p), "definition of the Schatten quasinorm"
    sides = {"X": A_theta, "a": n[L], "b": n[0], "e": p, "q": n[k]}
    meant = yield Eq(schatten(A_theta, p) ** p, values), by.given_with([low, *ends], name, **sides)
    products = total(i, 1, n[k], product(l, 1, L, singular(W[l], i) ** p))
    horn = yield Le(values, products), by.cite(cited.HORN, F="W", m=L, p=p, q=n[k])
    squares = singular(W[l], i) ** 2
    one = yield (
        Le(product(l, 1, L, squares ** (1 / L)), 1 / L * total(l, 1, L, squares)),
        least.cite_terms(cited.MEANS, "x", l, squares, m=L),
    )
    means = yield Le(products, total(i, 1, n[k], 1 / L * total(l, 1, L, squares))), by.termwise(one, i)
    layer = yield (
        Le(total(i, 1, n[k], squares), norm(W[l]) ** 2),
        by.cite(cited.FROBENIUS, *ends, X=W[l], a=n[l], b=n[l - 1], q=n[k]),
    )
    norms = yield Le(total(l, 1, L, total(i, 1, n[k], squares)), total(l, 1, L, norm(W[l]) ** 2)), by.termwise(layer, l)
    yield goal, by.linear((meant, factor * L), (horn, L), (means, L), norms)


lemma_39_right_inverse.enter(statement)
lemma_39_minimizers.enter(statement)
lemma_39_layer_values.enter(statement)


# --- all minimizers have the same norm (lines 1043, 1062 and 1064) --------------------------------------------------------
def rotated_psi(source, env):
    """The equality case: Psi(A) with its hidden layers rotated."""
    return {**env, "W": turned(env)}


@statement.claim("attained", line=1043, where="proof", expects="proved", domain=all_encodings, near=rotated_psi, factor=1)
def attained(factor):
    """A minimizer exists: Psi(A) has the least norm among the parameters of A"""
    goal = yield Ge(SIZE, factor * total(l, 1, L, norm(Psi[l]) ** 2))
    below = yield Ge(SIZE, L * schatten(A_theta, p) ** p), by.uses("lemma-39.inequality")
    at_a = yield Ge(SIZE, L * schatten(A, p) ** p), by.linear(below, using=["W encodes A"])
    value = yield Eq(total(l, 1, L, norm(Psi[l]) ** 2), L * schatten(A, p) ** p), by.uses("lemma-39.norm")
    yield goal, by.linear(at_a, (value, factor))


@statement.claim(
    "least-norm", line=1062, where="proof", expects="proved", domain=encoding, near=two_values(encoding), power=2, factor=1
)
def least_norm(power, factor):
    """The squared norm of a minimizer is L times the p-th power of the Schatten quasinorm"""
    goal = yield Eq(SIZE, factor * L * schatten(A, power / L) ** (power / L))
    same = yield Eq(Psi.chain(L, 1), A), by.uses("lemma-39.product")
    above = yield Le(SIZE, total(l, 1, L, norm(Psi[l]) ** 2)), by.given_with([same], "minimizer of the norm", Z="Psi")
    value = yield Eq(total(l, 1, L, norm(Psi[l]) ** 2), L * schatten(A, p) ** p), by.uses("lemma-39.norm")
    upper_bound = yield Le(SIZE, L * schatten(A, p) ** p), by.linear(above, value)
    below = yield Ge(SIZE, L * schatten(A_theta, p) ** p), by.uses("lemma-39.inequality")
    lower_bound = yield Ge(SIZE, L * schatten(A, p) ** p), by.linear(below, using=["W encodes A"])
    yield goal, least.antisymmetric(upper_bound, lower_bound)


@statement.claim("conclusion", line=1064, where="proof", expects="proved", near=balanced_layers, power=2, factor=1)
def conclusion(power, factor):
    """Hence the norm of all parameters is at least L times the p-th power of the Schatten quasinorm"""
    goal = yield Ge(SIZE, factor * L * schatten(A_theta, power / L) ** (power / L))
    line = yield Ge(SIZE, L * schatten(A_theta, p) ** p), by.uses("lemma-39.inequality")
    yield goal, by.linear(line)


lemma_39_continuity.enter(statement)
inequality.leg("flow")(ridge_flow_balances)

if __name__ == "__main__":
    raise SystemExit(run_module(statement))
