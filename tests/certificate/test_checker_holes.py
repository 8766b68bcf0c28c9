"""False lines that the checker once accepted, and the lines that the prover once did: each must be refused."""

import pytest

from tests.certificate.checking import network, refused, session, show, tree
from tests.exact import test_soundness as prover
from theorycheck.certificate.checker.core import Call
from theorycheck.domain import drawn
from theorycheck.fact import Fact
from theorycheck.tree import (
    Converges,
    Eq,
    Ge,
    Gt,
    Le,
    Lt,
    Node,
    absolute,
    eye,
    gradient_of,
    layers,
    log,
    mat,
    norm,
    num,
    product,
    rank,
    scalars,
    sym,
    total,
    trace,
)

a, b, c, n, N, i, j, k, l, q, v, t = (sym(s) for s in ["a", "b", "c", "n", "N", "i", "j", "k", "l", "q", "v", "t"])
A, B, S = mat("A", n, n), mat("B", n, n), mat("S", n, n)
x, y, z, m = scalars("x"), scalars("y"), scalars("z"), scalars("n")
IDENTITY, LINEAR, SIGN = ("algebra_rules." + r for r in ("identity", "linear", "sign"))
DEFINITE = drawn("S", lambda source, env: None, symmetric=True)
COUNT = (drawn("q", lambda source, env: None, integer=True), Ge(q, 0))


def for_all(name, shows, *variables, given=()):
    return Fact(name, shows, given, variables)


def no(proposition):
    return Node("not", (proposition,), None)


# --- the prover's holes -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", prover.IDENTITIES)
def test_identities(name):
    goal, hypotheses = prover.IDENTITIES[name]
    if any(h.head == "ne" for h in hypotheses if isinstance(h, Node)):
        pytest.skip("the language has no such head")
    ck = session(*hypotheses)
    refused(ck, goal, IDENTITY, using=[f.name for f in ck.hypotheses if f.shows.head == "eq"])


@pytest.mark.parametrize("name", prover.REWRITTEN)
def test_rewriting(name):
    goal, rule, hypotheses = prover.REWRITTEN[name]
    refused(session(rule, *hypotheses), goal, IDENTITY, using=["rule"])


@pytest.mark.parametrize("name", [name for name in prover.SIGNS if name != "unlike propositions"])
def test_signs(name):
    goal, hypotheses = prover.SIGNS[name]
    refused(session(*hypotheses), goal, SIGN)


@pytest.mark.parametrize("name", prover.INSTANCES)
def test_instances(name):
    goal, rule, binding = prover.INSTANCES[name]
    refused(session(rule, Ge(t, 0)), goal, "fact_rules.given", name="rule", binding=binding)


# --- assumptions ------------------------------------------------------------------------------------------------------------
def test_a_rule_inside_a_rule_does_not_discharge_what_it_is_given():
    """b >= 5, because it is known under the assumption b >= 5."""
    ck = session()
    line = show(ck, Ge(b, 5), "induction_rules.assumed")
    known = Call("homogeneous_rules.known", {"premise": line, "conditions": [tree(Ge(b, 5))]})
    again = show(ck, Ge(b, 5), "fact_rules.under", conditions=[Ge(b, 5)], rule=known)
    assert again.assumes == {tree(Ge(b, 5))}


def test_what_is_shown_under_an_assumption_does_not_discharge_it():
    ck = session()
    line = show(ck, Ge(b, 5), "induction_rules.assumed")
    moved = show(ck, Ge(b - 5, 0), LINEAR, terms=[line])
    known = Call("homogeneous_rules.known", {"premise": line, "conditions": [tree(Ge(b, 5))]})
    assert show(ck, Ge(b, 5), "basic_rules.knowing", rule=known, shown=[moved]).assumes == {tree(Ge(b, 5))}
    hypothetical = session(Ge(b, 5))
    line = show(hypothetical, Ge(b, 5), "induction_rules.assumed")
    assert not show(hypothetical, Ge(b, 5), "homogeneous_rules.known", premise=line, conditions=[Ge(b, 5)]).assumes


# --- lines about generic symbols --------------------------------------------------------------------------------------------
def test_a_line_about_a_definite_symbol_holds_for_definite_symbols():
    ck = session(DEFINITE)
    generic = ck.generic(show(ck, Eq(S.T, S), IDENTITY), (), ("S",))
    refused(ck, Eq(B.T, B), "fact_rules.cite", match="definite", fact=generic, binding={"S": B})
    refused(ck, Eq(B.T, B), IDENTITY, using=[generic])


def test_a_line_about_an_integer_holds_for_integers():
    ck = session(*COUNT)
    generic = ck.generic(show(ck, Eq(num(-1) ** (2 * q), 1), IDENTITY), (tree(Ge(q, 0)),), ("q",))
    show(ck, Eq(num(-1) ** (2 * (q + 1)), 1), "fact_rules.cite", fact=generic, binding={"q": q + 1})
    for other in (a, num(1) / 2):
        refused(ck, Eq(num(-1) ** (2 * other), 1), "fact_rules.cite", fact=generic, binding={"q": other})


def test_an_equation_for_all_members_is_used_at_whole_indices():
    """x_l = l and y_l = l^2 agree at l = 0 and l = 1, and nowhere between."""
    rule = for_all("rule", Eq(x[l], l), "l", given=(Ge(l, 0), Le(l, 1)))
    show(session(rule), Eq(x[1], 1), IDENTITY, using=["rule"])
    refused(session(rule), Eq(x[num(1) / 2], num(1) / 2), IDENTITY, using=["rule"])
    refused(session(rule), Eq(x[2], 2), IDENTITY, using=["rule"])


# --- bound names ------------------------------------------------------------------------------------------------------------
def test_rewriting_inside_a_product_captures_no_index():
    rules = (
        for_all("x", Eq(x[l], product(j, 1, N, y[j] + l)), "l"),
        for_all("z", Eq(z[l], product(j, 1, N, y[j] + j)), "l"),
    )
    refused(session(*rules), Eq(product(i, 1, N, x[i]), product(i, 1, N, z[i])), IDENTITY, using=["x", "z"])
    show(session(*rules), Eq(product(i, 1, N, x[i]), product(i, 1, N, product(j, 1, N, y[j] + i))), IDENTITY, using=["x"])


def test_a_logarithm_keeps_its_index():
    """Found by comparing forms with values: the sum of log(i) was read as N log(i)."""
    for index in (i, j):
        refused(session(Ge(index, 1)), Eq(total(j, 1, N, log(j)), N * log(index)), IDENTITY)
    show(session(), Eq(total(j, 1, N, log(j)), total(i, 1, N, log(i))), IDENTITY)


def test_a_product_for_all_values_is_not_one_of_its_own_index():
    rule = for_all("rule", Eq(product(j, 1, N, y[j] * x[l]), x[l]), "l")
    refused(session(rule), Eq(product(j, 1, N, y[j] * x[j]), x[0]), IDENTITY, using=["rule"])
    show(session(rule), Eq(product(j, 1, N, y[j] * x[3]), x[3]), IDENTITY, using=["rule"])


def test_a_size_does_not_depend_on_a_bound_name():
    varying = Node("sum", ("i", num(1), N, Node("eye", (), (i, i))), (i, i))
    refused(session(), Eq(trace(varying), trace(varying)), IDENTITY, match="do not fit")


# --- ranges that may be empty -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("goal", "true"),
    [
        (Eq(total(i, 1, q, 1 / q), 1), False),
        (Eq(total(i, 1, N, 1 / N), 1), True),
        (Eq(total(i, 1, N - 1, 1 / (N - 1)), 1), False),
        (Eq(total(i, 1, q, a / q), a), False),
        (Eq(total(i, 1, q, 2 * a), 2 * a * q), True),
        (Eq(total(i, 2, 1, a), 0), True),
        (Eq(total(i, 3, 1, a), -a), False),
        (Eq(total(i, 1, q + 1, 1 / (q + 1)), 1), True),
    ],
)
def test_a_division_inside_an_empty_sum(goal, true):
    for rule in (IDENTITY, LINEAR):
        show(session(*COUNT), goal, rule) if true else refused(session(*COUNT), goal, rule)


def test_a_division_inside_an_empty_sum_is_not_brought_out_by_rewriting():
    f = for_all("f", Eq(x[l], 1), "l")
    refused(session(*COUNT, f), Eq(total(i, 1, q, x[i] / q), 1), IDENTITY, using=["f"])


# --- sizes ------------------------------------------------------------------------------------------------------------------
def test_a_definite_symbol_is_square():
    refused(session(DEFINITE), Eq(mat("S", n, k) @ mat("S", n, k).T, S @ S), IDENTITY, match="not square")


def test_a_chain_has_the_sizes_of_its_layers():
    W = layers("W", m)
    show(network(), Eq(W[2] @ W[1], W.chain(2, 1)), IDENTITY)
    thin = Node("chain", ("W", num(2), num(2)), (m[2], num(1))) @ Node("chain", ("W", num(1), num(1)), (num(1), m[0]))
    refused(network(), Eq(thin, W.chain(2, 1)), IDENTITY, match="right - left")
    long = Node("chain", ("W", num(2), num(1)), (m[2], m[1]))
    refused(network(), Eq(long, long + 0 * long), IDENTITY, match="sizes of a chain")


def test_what_is_bound_is_of_one_kind():
    """The sum over i of Tr[i] is n Tr[i], for a matrix i, and mentions no matrix: so n Tr[B] would be the same for all B."""
    own, other = trace(mat("i", n, n)), total(i, 1, n, trace(mat("i", n, n)))
    assert "i" not in tree(other).free
    refused(session(), Eq(other, n * own), IDENTITY, match="only a sym")
    refused(session(), Eq(product(i, 1, n, own), product(j, 1, n, own)), IDENTITY, match="only a sym")
    refused(session(), Eq(total(i, 1, n, scalars("i")[1]), n * scalars("i")[1]), IDENTITY, match="only a sym")


def test_a_size_is_not_negative():
    """|I| of an identity of size n - 5 would show that n >= 5."""
    refused(session(), Le(0, norm(eye(n - 5))), SIGN, match="size")
    ck = session(Ge(n, 7))
    line = show(ck, Le(0, norm(eye(n - 5))), SIGN)
    show(ck, Le(0, n - 5), "algebra_rules.raised", premise=line, exponent=num(2))


# --- what holds at a point only ---------------------------------------------------------------------------------------------
def test_a_limit_is_not_taken_over_integers():
    whole = drawn("v", lambda source, env: None, integer=True)
    ck = session(whole, Gt(v, 0))
    line = show(ck, Le(1, num(-1) ** (2 * v)), SIGN)
    refused(ck, no(Converges(num(-1) ** (2 * v), v, 0, 0)), "extremum_rules.apart", match="integer", premise=line, end=num(1))


def test_an_equation_for_integers_is_not_differentiated():
    rule = for_all("rule", Eq((l - 1) * (l - 2) * trace(eye(l)), 0), "l", given=(Gt(l, 0), Lt(l, 3)))
    ck = session(rule, Gt(l, 0), Lt(l, 3))
    refused(ck, Eq(3 * l**2 - 6 * l + 2, 0), "homogeneous_rules.differentiated", match="integers only", name="rule", symbol=l)


def test_a_rank_below_a_bound_may_jump_nearby():
    ck = session(Lt(rank(A), 2))
    refused(ck, Eq(gradient_of(absolute(2 - rank(A)) + rank(A) + trace(B.T @ A), A), B), IDENTITY)
