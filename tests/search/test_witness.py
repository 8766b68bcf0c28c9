"""The search for witnesses: claims false by little are refuted, true ones are not, and the witness is a simple one."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from theorycheck import tree as tc
from theorycheck.domain import Domain, ReplaySource, derived, drawn, hypothesis, matrix, real, size
from theorycheck.evaluate import Undefined, judge
from theorycheck.evaluate.numbers import Missing
from theorycheck.instances import judge_instances
from theorycheck.models.costs import column_of, quadratic
from theorycheck.search.draws import samples, simplified
from theorycheck.search.witness import find_witness, search
from theorycheck.statement import Claim, Statement
from theorycheck.tree import Node, num, sym
from theorycheck.verdict import Outcome

n, m, a, b, c, beta, C_min = map(sym, ["n", "m", "a", "b", "c", "beta", "C_min"])
A, B = tc.mat("A", m, n), tc.mat("B", n, m)
x, y, z = tc.vec("x", n), tc.vec("y", n), tc.vec("z", n)
C = tc.Function("C")

VECTORS = Domain("vectors", (size("n"), column_of("x"), column_of("y")))
TRIPLES = Domain("three vectors", (size("n"), column_of("x"), column_of("y"), column_of("z")))
POSITIVE = Domain("a, b, c > 0", (real("a", above=0), real("b", above=0), real("c", above=0)))
MATRICES = Domain("matrices", (size("m"), size("n"), matrix("A", m, n), matrix("B", n, m)))
STRONGLY_CONVEX = Domain(
    "strongly convex quadratics in three dimensions",
    (
        size("n", least=3),
        real("beta", above=0),
        drawn("C", lambda source, env: quadratic(source, env["n"], env["beta"], strongly=True)),
        column_of("x"),
        derived("C_min", lambda env: env["C"].least),
    ),
)


def number(top: int, bottom: int = 1) -> Node:
    return num(Fraction(top, bottom))


def claim(domain: Domain, goal: Node) -> Claim:
    statement = Statement("test", "A test", "0", domain)

    @statement.claim("it", line=1)
    def it() -> Any:
        """A claim"""
        yield goal

    return it


SQUARES = tc.norm(x) ** 2 + tc.norm(y) ** 2 + tc.norm(z) ** 2
# false by little, each with the instances that an attack may read
FALSE = {
    "1% too strong where x = y = z": (
        TRIPLES,
        tc.Le(tc.inner(x, y) + tc.inner(y, z) + tc.inner(z, x), number(99, 100) * SQUARES),
        384,
    ),
    "1% too strong, a little weaker elsewhere": (
        POSITIVE,
        tc.Ge(a**3 + b**3 + c**3, number(297, 100) * a * b * c + number(1, 100) * a),
        384,
    ),
    "Young, an exponent 10% wrong": (POSITIVE, tc.Le(a * b, a ** number(22, 10) / 2 + b**2 / 2 + number(1, 60)), 384),
    "submultiplicative, 10% too strong": (
        MATRICES,
        tc.Le(tc.norm(A @ B), number(9, 10) * tc.norm(A) * tc.norm(B) + number(1, 2)),
        384,
    ),
    "false on a thin shell": (VECTORS, tc.Ge((tc.norm(x) ** 2 - 7) ** 2 + tc.norm(x - y) ** 2, number(1, 20)), 960),
    "false between the small rationals": (
        POSITIVE,
        tc.Ge((a - number(31, 13)) ** 2 + (b - a) ** 2, number(1, 1000)),
        960,
    ),
}
TRUE = {
    "Cauchy-Schwarz": (VECTORS, tc.Le(tc.inner(x, y), tc.norm(x) * tc.norm(y))),
    "means": (POSITIVE, tc.Ge(a**3 + b**3 + c**3, 3 * a * b * c)),
    "Young": (POSITIVE, tc.Le(a * b, a**2 / 2 + b**2 / 2)),
    "PL": (STRONGLY_CONVEX, tc.Ge(tc.norm(C.grad(x)) ** 2, 2 * beta * (C(x) - C_min))),
    "submultiplicative": (MATRICES, tc.Le(tc.norm(A @ B), tc.norm(A) * tc.norm(B))),
    "singular values": (MATRICES, tc.Le(tc.singular(A @ B, 1), tc.singular(A, 1) * tc.singular(B, 1))),
}
SEEDS = [str(k) for k in range(12)]


@pytest.mark.parametrize("name", FALSE)
def test_an_attack_finds_what_sampling_misses(name: str) -> None:
    domain, goal, budget = FALSE[name]
    sampled = [search(claim(domain, goal), goal, seed, 24, 0).witness for seed in SEEDS]
    attacked = [search(claim(domain, goal), goal, seed, 24, budget).witness for seed in SEEDS]
    assert sum(w is not None for w in sampled) <= 3
    assert sum(w is not None for w in attacked) >= 9


@pytest.mark.parametrize("name", TRUE)
def test_nothing_is_found_against_a_true_claim(name: str) -> None:
    domain, goal = TRUE[name]
    for seed in SEEDS[:4]:
        found = search(claim(domain, goal), goal, seed, 24, 960)
        assert found.witness is None
        assert found.judged == 24
        assert found.read > 0


def test_the_same_seed_gives_the_same_witness_and_another_seed_is_another_search() -> None:
    domain, goal, _ = FALSE["1% too strong where x = y = z"]
    assert find_witness(claim(domain, goal), goal, "1", 24) == find_witness(claim(domain, goal), goal, "1", 24)
    started = [[d.choices for d in samples(claim(domain, goal), seed, 5)] for seed in "12"]
    assert started[0] != started[1]


def test_the_witness_is_simple() -> None:
    goal = tc.Le(tc.norm(A @ B), number(9, 10) * tc.norm(A) * tc.norm(B))
    found = find_witness(claim(MATRICES, goal), goal, "0", 24)
    assert found is not None
    assert (found.values["m"], found.values["n"]) == ("1", "1")
    assert {found.values["A"], found.values["B"]} <= {"[1]", "[-1]"}
    assert found.exact


def test_a_witness_satisfies_the_hypotheses() -> None:
    """x <= y is false, but not where the hypothesis x <= y - 1 holds; beyond it nothing counts."""
    domain = Domain("apart", (real("a"), real("b")), (hypothesis("apart", tc.Le(a, b - 1)),))
    assert find_witness(claim(domain, tc.Le(a, b)), tc.Le(a, b), "0", 24) is None
    violated = find_witness(claim(domain, tc.Le(a, b - 1 - a**2)), tc.Le(a, b - 1 - a**2), "0", 24)
    assert violated is not None
    assert Fraction(violated.values["a"]) <= Fraction(violated.values["b"]) - 1


def test_parts_of_a_conjunction_are_attacked_past_its_equations() -> None:
    domain, goal, _ = FALSE["1% too strong, a little weaker elsewhere"]
    both = tc.All(tc.Eq(a + b, b + a), goal)
    assert any(find_witness(claim(domain, both), both, seed, 24) for seed in SEEDS[:4])


def test_the_exact_leg_counts_a_violation_found_by_attack_as_any_other() -> None:
    domain, goal, _ = FALSE["submultiplicative, 10% too strong"]
    found = judge_instances(claim(domain, goal), goal, "0", 24)
    assert found.outcome is Outcome.REFUTES
    assert found.witness is not None
    domain, goal = TRUE["Young"]
    found = judge_instances(claim(domain, goal), goal, "0", 24)
    assert found.outcome is Outcome.SUPPORTS
    assert found.margin == "0"


def test_a_claim_without_a_value_at_an_admissible_instance_is_false_there() -> None:
    goal = tc.Ge(1 / tc.norm(x), 0)
    found = search(claim(VECTORS, goal), goal, "0", 24, 0)
    assert found.witness is not None
    assert "division by zero" in found.witness.violation


def test_a_symbol_without_a_value_is_a_fault_of_the_module() -> None:
    goal = tc.Ge(tc.sym("unheard_of"), 0)
    with pytest.raises(Missing, match="unheard_of"):
        search(claim(VECTORS, goal), goal, "0", 24, 0)


def test_equality_cases_are_searched_and_simplified_with_the_equality_kept() -> None:
    def tie(source: Any, env: Any) -> Any:
        return {**env, "b": env["a"] * source.integer(1, 1)}

    goal = tc.Le(2 * a * b, number(99, 100) * (a**2 + b**2))
    tied = replace(claim(POSITIVE, goal), near=tie)
    found = search(tied, goal, "0", 24, 0)
    assert found.judged == 48
    assert found.witness is not None
    assert found.witness.values == {"a": "1", "b": "1"}


# --- replaying --------------------------------------------------------------------------------------------------------
@given(st.lists(st.integers(-300, 300), max_size=40))
@settings(max_examples=50)
def test_any_integers_can_be_replayed_and_then_replay_to_the_same(numbers: list[int]) -> None:
    env, sources = MATRICES.replayed({"m": tuple(numbers[:1]), "A": tuple(numbers[1:20]), "B": tuple(numbers[20:])})
    again, _ = MATRICES.replayed({name: tuple(s.made) for name, s in sources.items()})
    assert again == env
    assert MATRICES.broken(env) is None


def test_replaying_gives_the_recorded_instance_at_any_stretch() -> None:
    for env, choices in STRONGLY_CONVEX.recorded("0", 5):
        for stretch in (1, 16):
            assert STRONGLY_CONVEX.replayed(choices, stretch=stretch)[0] == env


def test_a_source_that_ran_out_gives_the_simplest_integers() -> None:
    source = ReplaySource((7,))
    assert [source.integer(-9, 9), source.integer(-9, 9), source.integer(2, 5), source.integer(-5, -2)] == [7, 0, 2, -2]
    with pytest.raises(Undefined):
        source.integer(2, 1)


def test_simplified_stops_at_its_budget_and_never_leaves_the_violation() -> None:
    goal = tc.Le(a + b + c, 4)
    own = claim(POSITIVE, goal)
    start = next(d for d in samples(own, "0", 60) if judge(goal, d.env).holds is False)
    for budget in (0, 5, 500):
        simple = simplified(own, goal, start, budget)
        assert judge(goal, simple.env).holds is False
    assert sum(v.denom() for v in simple.env.values()) == 3
