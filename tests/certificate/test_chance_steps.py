"""Rules about expectations and probabilities in the checker: each accepts what its theorem gives, no false variant."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.certificate.checking import checker, fact, refused, show, tree
from tests.certificate.granted import line
from theorycheck.certificate.checker.core import Fact
from theorycheck.certificate.checker.derivation import sizes_of_symbols
from theorycheck.domain import Domain, hypothesis, index, layers_of, real, size, widths
from theorycheck.fact import Fact as Known
from theorycheck.tree import (
    All,
    Each,
    Eq,
    Every,
    Ge,
    Gt,
    Layers,
    Le,
    Lt,
    Not,
    exp,
    expect,
    expect_joint,
    inner,
    layers,
    mat,
    minimum,
    norm,
    num,
    probability,
    product,
    scalars,
    singular,
    sqrt,
    sym,
    total,
)

n, m = scalars("n"), scalars("m")
s, r, L, l, j, t = (sym(x) for x in ("s", "r", "L", "l", "j", "t"))
W, V = layers("W", n), layers("V", n)
Z = mat("Z", n[1], n[0])
mass, other = norm(W[1]) ** 2, inner(W[1], Z)
LINEAR, SIGN = "algebra_rules.linear", "algebra_rules.sign"
AVERAGED, MARKOV, COMPLEMENT, IMPLIED = ("chance_rules." + x for x in ("averaged", "markov", "complement", "implied"))
PALEY, CONTRARY = "chance_rules.paley_zygmund", "basic_rules.contrary"
TAIL, JOINTLY, FROM_CLAIM, THROUGHOUT = ("tail_rules." + x for x in ("tail", "jointly", "implied", "throughout"))
OWN = (size("L"), widths("n"), real("s", above=0), real("r", above=0), real("t", at_least=0), index("l", 1, L))


def session(*conditions, variables=(), facts=None):
    extra = tuple(c if hasattr(c, "shows") else hypothesis(f"h{k}", c) for k, c in enumerate(conditions))
    return checker(Domain("layers", (*OWN, *variables), extra), facts)


def E(body, law=s):
    return expect(body, W, law)


def P(event, law=s):
    return probability(event, W, law)


# --- expectations -----------------------------------------------------------------------------------------------------------
def test_averaged():
    ck = session()
    known = show(ck, Le(2 * other, mass + norm(Z) ** 2), LINEAR, squares=[[num(1), W[1] - Z]])
    show(ck, Le(E(2 * other), E(mass + norm(Z) ** 2)), AVERAGED, line=known)
    high = mass + norm(Z) ** 2
    for wrong in (
        Le(E(3 * other), E(high)),
        Ge(E(2 * other), E(high)),
        Lt(E(2 * other), E(high)),
        Eq(E(2 * other), E(high)),
        Le(E(2 * other), E(high, r)),
        Le(E(2 * other, s - r), E(high, s - r)),
        Le(E(2 * other), high),
        Le(expect_joint(2 * other, [W, V], [s, r, s]), expect_joint(high, [W, V], [s, r, s])),
    ):
        refused(ck, wrong, AVERAGED, line=known)
    equal = show(ck, Eq(2 * mass, mass + mass), "algebra_rules.identity")
    show(ck, Eq(E(2 * mass), E(mass + mass)), AVERAGED, line=equal)
    show(ck, Le(E(2 * mass), E(mass + mass)), AVERAGED, line=equal)


def test_only_polynomials_are_averaged():
    ck = session()
    roots = line(ck, Le(singular(W[1], 1), norm(W[1])))
    refused(ck, Le(E(singular(W[1], 1)), E(norm(W[1]))), AVERAGED, line=roots, match="polynomial")


def test_averaged_needs_arbitrary_layers():
    ck = session(hypothesis("small", Le(mass, 1)), variables=(layers_of("W"),))
    small = show(ck, Le(mass, num(1)), "fact_rules.trivially")
    refused(ck, Le(E(mass), E(num(1) + 0 * mass)), AVERAGED, line=small, match="arbitrary")
    ck = session()
    small = show(ck, Le(mass, num(1)), "induction_rules.assumed")
    refused(ck, Le(E(mass), E(num(1) + 0 * mass)), AVERAGED, line=small, match="assumption")


# --- probabilities ----------------------------------------------------------------------------------------------------------
def test_markov():
    ck = session()
    show(ck, Le(P(Ge(mass, r)), E(mass) / r), MARKOV)
    show(ck, Le(P(Gt(mass, r)), n[1] * n[0] * s / r), MARKOV)
    show(ck, Le(P(Le(r, mass)), 2 * E(mass) / r), MARKOV)
    for wrong in (
        Le(P(Ge(mass, r)), E(mass) / (2 * r)),
        Le(P(Le(mass, r)), E(mass) / r),
        Le(P(Ge(other, r)), E(other) / r),
        Le(P(Ge(mass, s - r)), E(mass) / (s - r)),
        Ge(P(Ge(mass, r)), E(mass) / r),
        Lt(P(Ge(mass, r)), E(mass) / r),
        Le(P(Ge(mass, mass + r)), E(mass) / r),
        Le(P(Ge(mass, r), s - r), E(mass, s - r) / r),
        Le(P(Ge(norm(W[1]), r)), E(mass) / r),
    ):
        refused(ck, wrong, MARKOV)


def test_markov_with_a_line():
    ck, f = session(), mass - 2 * other + norm(Z) ** 2
    goal = Le(P(Ge(f, r)), E(f) / r)
    refused(ck, goal, MARKOV, match="f >= 0")
    least = show(ck, Ge(f, 0), LINEAR, squares=[[num(1), W[1] - Z]])
    show(ck, goal, MARKOV, least=least)
    refused(ck, Le(P(Ge(2 * f - mass, r)), E(2 * f - mass) / r), MARKOV, least=least, match="f >= 0")
    granted = show(ck, Ge(other, 0), "induction_rules.assumed")
    refused(ck, Le(P(Ge(other, r)), E(other) / r), MARKOV, least=granted, match="assumption")


def test_complement():
    ck = session()
    show(ck, Eq(P(Le(mass, r)), 1 - P(Gt(mass, r))), COMPLEMENT)
    show(ck, Eq(P(Ge(mass, r)), 1 - P(Lt(mass, r))), COMPLEMENT)
    for wrong in (Ge(mass, r), Lt(mass, r), Gt(mass, s)):
        refused(ck, Eq(P(Le(mass, r)), 1 - P(wrong)), COMPLEMENT)
    refused(ck, Eq(P(Le(mass, r)), 2 - P(Gt(mass, r))), COMPLEMENT)
    refused(ck, Eq(P(Le(mass, r), s - r), 1 - P(Gt(mass, r), s - r)), COMPLEMENT, match="variance")
    refused(ck, Le(P(Le(mass, r)), 1 - P(Gt(mass, r))), COMPLEMENT)


def test_implied():
    ck = session()
    A, B = Le(mass, r), Le(2 * other, r + norm(Z) ** 2)
    small = show(ck, A, "induction_rules.assumed")
    known = show(ck, B, LINEAR, terms=[small], squares=[[num(1), W[1] - Z]])
    assert not show(ck, Le(P(A), P(B)), IMPLIED, line=known).assumes
    assert not show(ck, Le(P(A), P(Every(Z, B))), IMPLIED, line=known).assumes
    for wrong in (Le(P(B), P(A)), Ge(P(A), P(B)), Eq(P(A), P(B)), Le(P(A), P(B, r)), Le(P(A, r), P(B)), Le(P(A), P(All(A, B)))):
        refused(ck, wrong, IMPLIED, line=known)
    refused(ck, Le(P(Lt(mass, r)), P(B)), IMPLIED, line=known, match="assumption")
    refused(ck, Le(P(A, s - r), P(B, s - r)), IMPLIED, line=known, match="variance")


def test_implied_needs_all_values():
    ck, A = session(), Le(other, r)
    small = show(ck, A, "induction_rules.assumed")
    known = show(ck, Le(other, 2 * r), LINEAR, terms=[small])
    refused(ck, Le(P(A), P(Every(Z, known_event(known)))), IMPLIED, line=known, match="about the matrix")
    ck = session(hypothesis("Z is 0", Le(norm(Z) ** 2, 0)), variables=())
    free = line(ck, Le(other, r))
    refused(ck, Le(P(Le(mass, r)), P(Every(Z, Le(other, r)))), IMPLIED, line=free, match="arbitrary")


def known_event(shown):
    assert shown.shows is tree(Le(other, 2 * r))
    return Le(other, 2 * r)


def paley(a, b, c, *more):
    """E|W_1|^2 >= a, E|W_1|^4 <= b and s <= c taken for granted."""
    ck = session(*more)
    lines = [line(ck, x) for x in (Ge(E(mass), a), Le(E(mass * mass), b), Le(s, c))]
    return ck, dict(zip(("mean", "square", "level"), lines, strict=True))


def test_paley_zygmund():
    ck, lines = paley(4 * r, 9 * r**2, r)
    show(ck, Ge(P(Gt(mass, s)), num(1)), PALEY, **lines)
    show(ck, Ge(P(Gt(mass, s)), num(1) / 2), PALEY, **lines)
    for wrong in (
        Ge(P(Gt(mass, s)), num(2)),
        Ge(P(Ge(mass, s)), num(1)),
        Le(P(Gt(mass, s)), num(1)),
        Ge(P(Gt(mass, r)), num(1)),
        Ge(P(Gt(2 * mass, s)), num(1)),
        Ge(P(Gt(mass, s), r), num(1)),
        Ge(P(Lt(mass, s)), num(1)),
    ):
        refused(ck, wrong, PALEY, **lines)
    goal = Ge(P(Gt(mass, s)), num(0))
    refused(ck, goal, PALEY, **{**lines, "mean": lines["square"], "square": lines["mean"]})
    refused(ck, goal, PALEY, **{**lines, "mean": line(ck, Le(E(mass), 4 * r))})
    refused(ck, goal, PALEY, **{**lines, "square": line(ck, Ge(E(mass * mass), 9 * r**2))})
    refused(ck, goal, PALEY, **{**lines, "level": line(ck, Le(r, s))})
    refused(ck, goal, PALEY, **{**lines, "mean": line(ck, Ge(E(mass), 4 * mass))})
    refused(ck, goal, PALEY, **{**lines, "level": line(ck, Le(s, r), Le(mass, r))})


@pytest.mark.parametrize(("a", "b", "c"), [(r, 9 * r**2, 2 * r), (r, 9 * r**2, -r), (4 * r, -9 * r**2, r)])
def test_paley_zygmund_needs_its_conditions(a, b, c):
    ck, lines = paley(a, b, c)
    refused(ck, Ge(P(Gt(mass, s)), num(0)), PALEY, **lines, match="not known")


def test_the_opposite_of_an_inequality():
    ck = session()
    strict, weak = (show(ck, x, SIGN) for x in (Lt(-r, s), Le(-r, s)))
    show(ck, Not(Le(s, -r)), CONTRARY, premise=strict)
    show(ck, Not(Lt(s, -r)), CONTRARY, premise=weak)
    show(ck, Not(Gt(-2 * r, 2 * s)), CONTRARY, premise=line(ck, Lt(-2 * r, 2 * s)))
    for goal, known in ((Not(Le(s, -r)), weak), (Not(Le(-r, s)), strict), (Le(s, -r), strict), (Not(Le(s, r)), strict)):
        refused(ck, goal, CONTRARY, premise=known)
    refused(ck, Not(Le(s, r)), CONTRARY, premise=line(ck, Eq(r, s)))


# --- tails ------------------------------------------------------------------------------------------------------------------
Q = exp(-(t**2) / 2)
G, v, i = Layers("G", m), sym("v"), sym("i")
LARGEST = Fact(
    "largest",
    tree(Le(probability(Gt(singular(G[i], 1), v * (sqrt(m[i]) + sqrt(m[i - 1]) + t)), G, v**2), Q)),
    tuple(map(tree, (Gt(v, 0), Ge(t, 0), Ge(i, 1)))),
    ("m", "i", "t", "v"),
    "cited",
    positive=frozenset({"m"}),
    integers=frozenset({"i", "m"}),
)
BINDING = {"m": "n", "i": l, "v": s}


def small(k, more=0):
    return Le(singular(W[k], 1), s * (sqrt(n[k]) + sqrt(n[k - 1]) + t + more))


def test_a_cited_tail():
    ck = session(facts={"largest": LARGEST})
    show(ck, Ge(P(small(l), s**2), 1 - Q), TAIL, fact=LARGEST, binding=BINDING)
    show(ck, Ge(P(small(l), s**2), 1 - 2 * Q), TAIL, fact=LARGEST, binding=BINDING)
    for wrong in (
        Ge(P(small(l), s**2), 1 - Q / 2),
        Ge(P(small(l, -num(1) / 10), s**2), 1 - Q),
        Ge(P(small(l), s), 1 - Q),
        Ge(P(small(l), 4 * s**2), 1 - Q),
        Le(P(small(l), s**2), 1 - Q),
        Ge(P(Ge(*small(l).nodes), s**2), 1 - Q),
        Ge(P(small(1), s**2), 1 - Q),
    ):
        refused(ck, wrong, TAIL, fact=LARGEST, binding=BINDING)
    goal = Ge(P(small(l), s**2), 1 - Q)
    for other_one in ({"i": l + 1}, {"v": -s}, {"t": t - 1}, {"m": "W"}, {"i": l / 2}):
        refused(ck, goal, TAIL, fact=LARGEST, binding={**BINDING, **other_one})
    refused(session(), goal, TAIL, fact=LARGEST, binding=BINDING, match="no fact")


def test_two_events():
    ck = session()
    A, B = small(l), Le(mass, r)
    one, two = line(ck, Ge(P(A), 1 - Q)), line(ck, Ge(P(B), 1 - r))
    show(ck, Ge(P(All(A, B)), 1 - Q - r), JOINTLY, one=one, other=two)
    show(ck, Ge(P(All(A, B)), 1 - 2 * Q - r), JOINTLY, one=one, other=two)
    for wrong in (
        Ge(P(All(A, B)), 1 - Q - r / 2),
        Ge(P(All(B, A)), 1 - Q - r),
        Ge(P(All(A, B), r), 1 - Q - r),
        Ge(P(All(A, B, B)), 1 - Q - r),
        Ge(P(A), 1 - Q - r),
        Le(P(All(A, B)), 1 - Q - r),
    ):
        refused(ck, wrong, JOINTLY, one=one, other=two)


def test_an_event_about_every_index_costs_their_number():
    ck, index_one = session(), Each(j, 1, L, small(j))
    one = line(ck, Ge(P(small(l), s**2), 1 - Q))
    show(ck, Ge(P(index_one, s**2), 1 - L * Q), THROUGHOUT, line=one, index=l)
    show(ck, Ge(P(index_one, s**2), 1 - 2 * L * Q), THROUGHOUT, line=one, index=l)
    for wrong in (
        Ge(P(index_one, s**2), 1 - L * Q / 2),
        Ge(P(Each(j, 0, L, small(j)), s**2), 1 - L * Q),
        Ge(P(Each(j, 1, L + 1, small(j)), s**2), 1 - L * Q),
        Ge(P(Each(j, 1, L, small(j, -1)), s**2), 1 - L * Q),
        Ge(P(Each(j, 1, L, small(l)), s**2), 1 - L * Q),
        Ge(P(index_one, s), 1 - L * Q),
        Ge(P(small(l), s**2), 1 - L * Q),
    ):
        refused(ck, wrong, THROUGHOUT, line=one, index=l)
    moving = line(ck, Ge(P(small(l), s**2 * l), 1 - Q))
    refused(ck, Ge(P(index_one, s**2 * l), 1 - L * Q), THROUGHOUT, line=moving, index=l)
    rarer = line(ck, Ge(P(small(l), s**2), 1 - Q / l))
    refused(ck, Ge(P(index_one, s**2), 1 - L * Q / l), THROUGHOUT, line=rarer, index=l)
    assumed = line(ck, Ge(P(small(l), s**2), 1 - Q), Le(s, r))
    refused(ck, Ge(P(index_one, s**2), 1 - L * Q), THROUGHOUT, line=assumed, index=l)


# --- what holds for all layers on an event ----------------------------------------------------------------------------------
EVENT = "small layers"


def claim(shows=None, low=1, high=L, conclusion=None, given=(), needs=()):
    """A claim about layers on the event, as a certificate records it: for all symbols of its domain."""
    own = fact(Known(EVENT, shows if shows is not None else small(j), (Ge(j, low), Le(j, high)), ("j",)))
    conditions = tuple(h.shows for h in session().hypotheses if not h.variables)
    names = ("L", "n", "s", "r", "t", "l", "W")
    shown = tree(conclusion if conclusion is not None else Le(singular(W[l], 1), r))
    found = Fact("within", shown, (*conditions, *map(tree, given)), names, "claim", (own, *needs))
    return replace(found, positive=frozenset({"n"}), integers=frozenset({"L", "l", "n"}))


def outside(ck_claim, goal=None, law=s**2, each_event=None, least=1 - Q, more=(), assumes=(), **args):
    ck = session(*more, facts={"within": ck_claim})
    one = line(ck, Ge(P(each_event or small(l), law), least), *assumes)
    goal = goal if goal is not None else Ge(P(Le(singular(W[l], 1), r), law), 1 - L * Q)
    return ck, goal, {"claim": "within", "event": EVENT, "each": one, "index": l, **args}


def test_an_event_for_all_layers_costs_their_number():
    ck, goal, args = outside(claim())
    show(ck, goal, FROM_CLAIM, **args)
    show(ck, Ge(goal.nodes[0], 1 - 2 * L * Q), FROM_CLAIM, **args)
    refused(ck, Ge(goal.nodes[0], 1 - L * Q / 2), FROM_CLAIM, **args)
    refused(ck, Ge(goal.nodes[0], 1 - Q), FROM_CLAIM, **args)
    refused(ck, Ge(P(Le(singular(W[l], 1), 2 * r), s**2), 1 - L * Q), FROM_CLAIM, **args)
    refused(ck, Ge(P(Le(singular(W[l], 1), r), s), 1 - L * Q), FROM_CLAIM, **args)
    refused(ck, goal, FROM_CLAIM, **{**args, "index": num(1)})
    refused(ck, goal, FROM_CLAIM, **{**args, "event": "another"})


@pytest.mark.parametrize(
    ("a_claim", "others"),
    [
        (claim(low=0), {}),
        (claim(high=L + 1), {}),
        (claim(shows=small(j, -1)), {}),
        (claim(given=(Le(norm(W[1]), s),)), {}),
        (claim(given=(Le(s, r),)), {}),
        (claim(), {"assumes": (Le(s, r),)}),
        (claim(), {"least": 1 - Q / l, "goal": Ge(P(Le(singular(W[l], 1), r), s**2), 1 - L * Q)}),
        (replace(claim(), positive=frozenset({"n", "W"})), {}),
    ],
    ids=[
        "more layers below",
        "more above",
        "another event",
        "more of the layers",
        "a condition",
        "assumptions",
        "index",
        "flags",
    ],
)
def test_a_claim_that_asks_for_more_is_refused(a_claim, others):
    ck, goal, args = outside(a_claim, **others)
    refused(ck, goal, FROM_CLAIM, **args)


def test_layers_that_the_domain_fixes_are_not_random():
    known = hypothesis("known", Le(norm(W[1]), s))
    ck, goal, args = outside(claim(), more=(known,))
    refused(ck, goal, FROM_CLAIM, **args, match="arbitrary")


def test_the_index_occurs_in_the_event_alone():
    """P[event at l] is known for the law at l, and for the event that mentions l: of other indices that says nothing."""
    law = s**2 * l
    event = Le(singular(W[l], 1), s * (sqrt(n[l]) + sqrt(n[l - 1]) + t) * l / l)
    ck, goal, args = outside(claim(), goal=Ge(P(Le(singular(W[l], 1), r), law), 1 - L * Q), law=law)
    refused(ck, goal, FROM_CLAIM, **args, match="otherwise")
    both = Le(singular(W[j], 1), s * (sqrt(n[l]) + sqrt(n[l - 1]) + t))
    ck, goal, args = outside(claim(shows=both), each_event=event)
    refused(ck, goal, FROM_CLAIM, **args, match="otherwise")


# --- one of a sum, a symmetric double sum -------------------------------------------------------------------------------------
def test_a_term_is_at_most_the_sum_of_terms_that_are_not_negative():
    ck = session()
    least = show(ck, Ge(n[l], 0), SIGN)
    show(ck, Le(n[l], total(l, 1, L, n[l])), "index_rules.member", premise=least, i=l)
    refused(ck, Le(2 * n[l], total(l, 1, L, n[l])), "index_rules.member", premise=least, i=l)
    refused(ck, Le(n[l], total(l, 1, L - 1, n[l])), "index_rules.member", premise=least, i=l)
    refused(ck, Le(n[l] - s, total(l, 1, L, n[l] - s)), "index_rules.member", premise=least, i=l)
    refused(
        ck, Le(n[l] - s, total(l, 1, L, n[l] - s)), "index_rules.member", premise=line(ck, Ge(n[l] - s, 0), Le(s, n[l])), i=l
    )
    refused(ck, Le(n[1], total(l, 1, L, n[l])), "index_rules.member", premise=least, i=num(1))


def test_a_symmetric_double_sum():
    ck, x, k = session(), scalars("x"), sym("k")
    f = x[j] * x[k] * (x[j] + x[k])
    below = total(k, num(2), L, total(j, 1, k - 1, f))
    diagonal = total(j, 1, L, 2 * x[j] ** 3)
    show(ck, Eq(total(j, 1, L, total(k, 1, L, f)), diagonal + 2 * below), "sum_rules.triangle")
    for wrong in (diagonal + below, 2 * below, diagonal + 2 * total(k, 1, L, total(j, 1, k, f))):
        refused(ck, Eq(total(j, 1, L, total(k, 1, L, f)), wrong), "sum_rules.triangle")
    skew = x[j] * x[k] ** 2
    wrong = total(j, 1, L, x[j] ** 3) + 2 * total(k, num(2), L, total(j, 1, k - 1, skew))
    refused(ck, Eq(total(j, 1, L, total(k, 1, L, skew)), wrong), "sum_rules.triangle")
    refused(ck, Eq(total(j, 1, L, total(k, 1, L + 1, f)), diagonal + 2 * below), "sum_rules.triangle")


# --- what these certificates need besides -----------------------------------------------------------------------------------
def test_a_factor_is_compared_with_powers_of_the_same_prime():
    ck = session()
    show(ck, Le(3, num(3) ** L), SIGN)
    show(ck, Le(num(1) / 8, num(2) ** (L - 4)), SIGN)
    refused(ck, Le(num(1) / 4, num(2) ** (L - 4)), SIGN)
    refused(ck, Le(9, num(3) ** L), SIGN)


def test_minima_of_known_order():
    ck = session()
    show(ck, Eq(minimum(L, 1), num(1)), "algebra_rules.identity")
    show(ck, Eq(minimum(L - 1, L), L - 1), "algebra_rules.identity")
    refused(ck, Eq(minimum(s, r), s), "algebra_rules.identity")


def test_a_product_of_equal_numbers_of_unknown_sign():
    ck, y = session(variables=(real("x"),)), sym("x")
    show(ck, Eq(product(l, 1, L, y), product(j, 1, L, y)), "algebra_rules.identity")
    show(ck, Eq(product(l, 1, L, s), s**L), "algebra_rules.identity")
    show(ck, Eq(product(l, 1, L + 1, y), product(l, 1, L, y) * y), "index_rules.last_one")
    refused(ck, Eq(product(l, 1, L, y), product(l, 1, L, -y)), "algebra_rules.identity")
    refused(ck, Ge(product(l, 1, L, y), 0), SIGN)


def test_sizes_of_free_matrices_are_not_negative():
    """The claim is about a matrix X with p columns, so p >= 0; of one that is bound that says nothing."""
    p, q_ = sym("p"), sym("q")
    X, Y = mat("X", 2, p), mat("Y", 2, q_)
    known = sizes_of_symbols(tree(Ge(norm(X) ** 2, probability(Every(Y, Le(norm(Y), r)), W, s))))
    assert tree(p) in known
    assert tree(q_) not in known
    assert sizes_of_symbols(tree(Every(X, Le(norm(X) ** 2, norm(X))))) == []
