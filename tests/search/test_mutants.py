"""Mutants: all constants of a claim are found, names and sizes are not, and every mutant is a valid, different tree."""

from __future__ import annotations

from fractions import Fraction

import pytest

from theorycheck import tree as tc
from theorycheck.errors import InputError
from theorycheck.search.mutants import Site, mutants, mutate, sites, strengthenings
from theorycheck.tree import Node, num, sym
from theorycheck.tree.heads import validate
from theorycheck.tree.text import text

n, s = tc.scalars("n"), tc.scalars("s")
W = tc.layers("W", n)
C = tc.Function("C")
d, L, l, i, p, a, b, t, beta, C_min = map(sym, ["d", "L", "l", "i", "p", "a", "b", "t", "beta", "C_min"])
A = tc.mat("A", d, d)
x0, theta = tc.vec("x0", d), tc.vec("theta", d)
gamma = tc.Flow("gamma", "C", (d, num(1)))

RATE = tc.Le(C(gamma(t)) - C_min, (C(x0) - C_min) * tc.exp(-2 * beta * t))
CLAIMS = {
    "rate": RATE,
    "PL": tc.Ge(tc.norm(C.grad(x0)) ** 2, 2 * beta * (C(x0) - C_min)),
    "zero": tc.Lt(0, tc.exp(a)),
    "half power": tc.Eq(tc.schatten(A, 2 / L) ** (2 / L), tc.total(i, 1, tc.minimum(n[0], n[L]), s[i] ** (2 / L))),
    "layers": tc.Le(tc.norm(W.chain(L, 2) @ W[1]), tc.product(l, 1, L, tc.norm(W[l]))),
    "norm of a chain": tc.Gt(tc.norm(W.chain(L - 1, l + 1)), 0),
    "matrices": tc.Eq(tc.Dt(W[l + 1].T @ W[l + 1]), -4 * beta * (W[l + 1].T @ W[l + 1])),
    "singular": tc.Ge(tc.singular(A, 1), tc.singular(A, i + 1)),
    "matrix power": tc.Eq(tc.trace(A**2), tc.inner(A, A.T)),
    "limit": tc.Eq(tc.limit(p, 0, tc.schatten(A, p) ** p), tc.rank(A)),
    "tends": tc.Converges(gamma(t), t, tc.INFINITY, x0),
    "both": tc.All(tc.Lt(0, a), tc.Le(a, 1)),
    "series": tc.Le(tc.total(i, 0, tc.INFINITY, a**i), 2),
    "exponent in an exponent": tc.Le(a ** (L - 2) + b ** (num(1) / 2), 3),
    "defined": tc.Defined(Node("matmul", (tc.mat("U", 2, 3), 2 * tc.mat("V", 2, 3)), (num(2), num(3)))),
}


def kinds(tree: Node) -> dict[str, tuple[str, ...]]:
    return {site.label: site.kinds for site in sites(tree)}


@pytest.mark.parametrize("name", CLAIMS)
def test_every_mutant_is_another_valid_tree_of_the_same_shape(name: str) -> None:
    tree = CLAIMS[name]
    made = [mutant for _, _, mutant in mutants(validate(tree))]
    assert all(validate(m).shape == tree.shape for m in made)
    for site in sites(tree):
        assert len({tree, *(mutate(tree, site, k) for k in site.kinds)}) == 1 + len(site.kinds)
    assert bool(made) == (name != "tends")


def test_the_sites_of_a_rate() -> None:
    assert kinds(RATE) == {
        "the relation C(gamma(t)) - C_min <= (C(x0) - C_min) * exp(-2*beta*t)": ("reverse",),
        "the minus of -C_min": ("flip",),
        "the number -2 in -2*beta*t": ("up10", "down10", "up1", "down1", "flip"),
    }


def test_what_the_mutations_do() -> None:
    tree = tc.Lt(3 * a ** num(2), b - 0)
    made = [text(m) for _, _, m in mutants(tree)]
    assert made == [
        *("3*a^2 > b - 0", "3*a^2 <= b - 0"),
        *("33/10*a^2 < b - 0", "27/10*a^2 < b - 0", "303/100*a^2 < b - 0", "297/100*a^2 < b - 0", "-3*a^2 < b - 0"),
        *(f"3*a^{e} < b - 0" for e in ("(11/5)", "(9/5)", "(-2)", "3", "1", "(21/10)", "(19/10)")),
        *(f"3*a^2 < b - {e}" for e in ("1/10", "(-1/10)", "1/100", "(-1/100)")),
    ]


def test_names_and_sizes_are_no_sites() -> None:
    tree = tc.Le(a + tc.norm(theta), tc.norm(tc.mat("B", 3, 4)))
    assert [site.kind for site in sites(tree)] == ["relation"]


def test_a_subscript_is_off_by_one_and_the_shape_follows() -> None:
    tree = tc.Le(tc.norm(W[L]) + s[i], n[0])
    made = [text(m) for site, _, m in mutants(tree) if site.kind == "index"]
    assert made == [
        *("||W[L + 1]|| + s[i] <= n[0]", "||W[L - 1]|| + s[i] <= n[0]"),
        *("||W[L]|| + s[i + 1] <= n[0]", "||W[L]|| + s[i - 1] <= n[0]"),
        *("||W[L]|| + s[i] <= n[1]", "||W[L]|| + s[i] <= n[-1]"),
    ]
    moved = next(m for _, _, m in mutants(tree) if "W[L + 1]" in text(m)).nodes[0].nodes[0].nodes[0]
    assert moved.shape == W[L + 1].shape


def test_an_index_stays_whole_and_moves_both_ways() -> None:
    tree = tc.Ge(tc.total(i, 1, L, s[i]), 0)
    index = [site for site in sites(tree) if "bound" in site.label]
    assert [site.kinds for site in index] == [("plus1", "minus1")] * 2
    upper, lower = (tc.total(i, 1, L + 1, s[i]), tc.total(i, 2, L, s[i]))
    assert [mutate(tree, site, "plus1") for site in index] == [tc.Ge(lower, 0), tc.Ge(upper, 0)]
    for claim in CLAIMS.values():
        for site, kind, mutant in mutants(claim):
            if site.kind == "index":
                assert kind in {"plus1", "minus1"}
                assert Fraction(11, 10) not in _numbers(mutant)


def _numbers(tree: Node) -> set[object]:
    return {node.args[0] for _, node in tc.walk(tree) if node.head == "num"}


def test_a_moved_chain_has_its_own_shape_and_no_mutant_where_that_does_not_fit() -> None:
    free = tc.Gt(tc.norm(W.chain(L, 2)), a)
    made = {mutant for site, _, mutant in mutants(free) if "layer" in site.label}
    assert made == {tc.Gt(tc.norm(W.chain(h, m)), a) for h, m in [(L + 1, 2), (L - 1, 2), (L, 3), (L, 1)]}
    bound = tc.Gt(tc.norm(W.chain(L, 2) @ W[1]), a)
    assert [s.label.split(" of ")[0] for s in sites(bound) if "layer" in s.label] == ["the first layer L"]


def test_singular_values_are_counted_from_one() -> None:
    tree = tc.Le(tc.singular(A, 1), tc.singular(A, 2))
    assert [site.kinds for site in sites(tree) if "number" in site.label] == [("plus1",), ("plus1", "minus1")]


def test_a_matrix_power_stays_whole() -> None:
    assert kinds(tc.Eq(A**2, A))["the exponent's 2 in A^2"] == ("plus1", "minus1")


def test_strictness_and_equality() -> None:
    assert [mutate(tc.Gt(a, b), sites(tc.Gt(a, b))[0], k) for k in ("reverse", "weaken")] == [tc.Lt(a, b), tc.Ge(a, b)]
    assert [m for _, _, m in mutants(tc.Eq(a, b))] == [tc.Lt(a, b), tc.Gt(a, b)]
    assert list(mutants(tc.Eq(A, A))) == []


def test_numbers_get_both_directions() -> None:
    pairs = strengthenings(RATE)
    assert [(up, down) for _, up, down in pairs] == [
        (_rate(Fraction(11, 5)), _rate(Fraction(9, 5))),
    ]
    assert len(strengthenings(tc.Le(a**2, 3))) == 2


def _rate(value: Fraction) -> Node:
    return tc.Le(C(gamma(t)) - C_min, (C(x0) - C_min) * tc.exp(num(-value) * beta * t))


def test_a_kind_that_a_site_does_not_admit_is_refused() -> None:
    site = sites(RATE)[0]
    for wrong in (site, Site(site.path, "relation", "the relation", ("reverse", "weaken"))):
        with pytest.raises(InputError, match="no mutation"):
            mutate(RATE, wrong, "up10")
    with pytest.raises(InputError, match="no mutation"):
        mutate(RATE, Site((0, 7), "number", "nowhere", ("up10",)), "up10")
