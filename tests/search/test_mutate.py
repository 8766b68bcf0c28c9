"""`mutate`: fates of small claims, dropped hypotheses, exemptions, the page and its JSON; a share of the paper's mutants."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from theorycheck import cli, collect
from theorycheck.derivation import Library, derive
from theorycheck.domain import Domain, hypothesis, real
from theorycheck.errors import InputError
from theorycheck.search.campaign import settled, share, trials
from theorycheck.search.counterexample import counterexample
from theorycheck.search.dropped import droppable, implied, library_without, unconcerned, without
from theorycheck.search.fates import Fate, is_weaker, killed_at_sight
from theorycheck.search.free_draws import fails_somewhere
from theorycheck.tree import Eq, Family, Ge, Gt, Le, Lt, layers, norm, probability, scalars, sym

FILE = Path(__file__).parent / "squares.py"
(SQUARES,) = collect.load_file(FILE)
CLAIMS = {c.id.removeprefix("squares."): c for c in SQUARES.claims}
a, b = sym("a"), sym("b")


def fates(name, **changes):
    claim = replace(CLAIMS[name], **changes)
    statement = replace(SQUARES, claims=[claim])
    return {(m.label, m.change): m for m in settled(trials([claim]), [statement], 0)}


def test_of_a_sharp_constant_no_stronger_one_survives():
    found = fates("sharp")
    number = {change: m.fate for (label, change), m in found.items() if label.startswith("the number 2 in")}
    assert number["up10"] is number["up1"] is Fate.KILLED
    assert found["the relation a^2 + b^2 >= 2*a*b", "reverse"].witness is not None


def test_of_a_loose_constant_the_stronger_ones_are_proved():
    number = {change: m.fate for (label, change), m in fates("loose").items() if label.startswith("the number 3 in")}
    assert number == {
        **dict.fromkeys(("down10", "down1"), Fate.LOOSE),
        **dict.fromkeys(("up10", "up1"), Fate.WEAKER),
        "flip": Fate.KILLED,
    }


def test_a_claim_without_a_value_at_any_instance_has_no_weaker_mutant():
    """As nothing is smaller where nothing is compared; such is a bound of the probability of an event that is not enclosed."""
    W = layers("W", scalars("n"))
    chance = probability(Eq(norm(W[1]) ** 2, 1), W, 1)

    def body():
        yield Ge(chance, a)

    claim = replace(CLAIMS["sharp"], body=body, parameters={}, near=None)
    assert not is_weaker(claim, Ge(chance, a - 1), 0)
    assert is_weaker(CLAIMS["sharp"], Ge(a**2 + b**2 + 1, 2 * a * b), 0)


def test_each_number_of_an_equation_dies_both_ways():
    found = {m.fate for (label, _), m in fates("equation").items() if "number" in label}
    assert found == {Fate.KILLED}


def test_a_hypothesis_that_is_needed_is_killed_and_one_that_is_not_is_loose():
    found = fates("product")
    needed, idle = found["the hypothesis a > 0", "dropped"], found["the hypothesis c > 0", "dropped"]
    assert (needed.fate, idle.fate) == (Fate.KILLED, Fate.LOOSE)
    assert needed.witness.exact


def test_an_instance_of_a_universal_hypothesis_goes_with_it():
    claim = collect.claims_of(collect.paper())["prop-11.rate"]
    names = [f.name for f in droppable(claim.domain)]
    assert "C_min is the minimum" in names
    assert "C_min is the minimum, at x0" not in names
    (least,) = (f for f in droppable(claim.domain) if f.name == "C_min is the minimum")
    assert not any("C_min" in f.name for f in without(claim.domain, least).hypotheses)
    used = library_without(collect.paper(), least).claim("prop-11.slope")
    assert not any("C_min" in f.name for f in used.domain.hypotheses)


def test_a_hypothesis_that_follows_from_another_has_no_counterexample():
    above = hypothesis("a is above 0", Gt(a, 0))
    domain = Domain("a > 0, twice", (real("a"), real("b")), (above, hypothesis("a is above -1", Gt(a, -1))))
    claim = replace(CLAIMS["product"], domain=domain)
    assert counterexample(claim, domain.conditions[1], "0", 24) is None
    assert counterexample(claim, above, "0", 24) is not None  # -1 < a <= 0


def test_a_test_that_is_blind_to_a_moved_symbol_is_corrected_at_values():
    fact = hypothesis("b is a square at most", Ge(a**2, b), variables=("a",), test=lambda env: True)
    assert fails_somewhere(fact, {"b": 1})
    assert not fails_somewhere(fact, {"b": -1})


def test_a_symbol_that_numbers_the_members_of_a_family_stays_an_integer():
    j = sym("j")
    member = Family("s", lambda _: ())[j]
    fact = hypothesis("members are 1", Eq(member, 1), variables=("j",), given=(Ge(j, 1), Le(j, 3)), test=lambda env: True)
    assert not fails_somewhere(fact, {"s": {1: 1, 2: 1, 3: 1}})
    assert fails_somewhere(fact, {"s": {1: 1, 2: 2, 3: 1}})


def test_an_exempt_place_is_counted_and_needs_a_reason():
    place = "the number 2 in 2*a*b"
    found = fates("equation", exempt={f"{place}: up10": "for the test"})
    assert found[place, "up10"].fate is Fate.EXEMPT
    assert found[place, "up10"].reason == "for the test"
    assert found[place, "down10"].fate is Fate.KILLED
    with pytest.raises(InputError, match="gives no reason"):
        trials([replace(CLAIMS["equation"], exempt={place: " "})])
    with pytest.raises(InputError, match="which is no mutant of it"):
        trials([replace(CLAIMS["equation"], exempt={"the number 7": "gone"})])


def test_the_table_the_json_and_the_exit_code(tmp_path, capsys):
    file = tmp_path / "m.json"
    assert cli.main(["mutate", str(FILE), "--jobs", "2", "--json", str(file)]) in {0, 1}
    out = capsys.readouterr().out
    record = json.loads(file.read_text(encoding="utf-8"))
    assert record["counts"]["all"] == len(record["mutants"]) == len(trials(SQUARES.claims))
    assert sum(record["counts"][f.value] for f in Fate) == record["counts"]["all"]
    assert f"{record['counts']['all']} mutants: " in out
    assert [line.split()[0] for line in out.splitlines()[1:2]] == ["squares.sharp"]
    order = {c.id: k for k, c in enumerate(SQUARES.claims)}
    assert [order[m["claim"]] for m in record["mutants"]] == sorted(order[m["claim"]] for m in record["mutants"])


def test_a_survivor_makes_the_exit_code_1(tmp_path, capsys):
    file = tmp_path / "stuck.py"
    file.write_text(
        FILE.read_text(encoding="utf-8").split("@statement.claim")[0].replace('"squares"', '"stuck"')
        + 'ordered = Domain("a <= b", (real("a"), real("b")), ())\n'
        + '@statement.claim("far", line=1, expects="proved")\n'
        + 'def far():\n    """a^2 + 10^12 >= 0 follows from a square; that it would be > 0 is not shown"""\n'
        + "    goal = yield Ge(a**2 + 10**12, 0)\n    square = yield Ge(a**2, 0), by.sign()\n"
        + "    yield goal, by.linear(square)\n",
        encoding="utf-8",
    )
    code = cli.main(["mutate", str(file), "--jobs", "1"])
    out = capsys.readouterr().out
    assert code == int(" survived: " in out)


def test_a_tenth_of_the_papers_mutants_is_settled_and_few_survive():
    """By a seed (270 s of a core, so in two processes). `python -m benchmarks.mutants` settles all of them."""
    statements = collect.paper()
    listed = trials(c for s in statements for c in s.claims)
    found = list(settled(share(listed, 10, seed=1), statements, 0, jobs=2))
    counts = Counter(m.fate for m in found)
    strict = len(found) - counts[Fate.WEAKER] - counts[Fate.EXEMPT]
    assert [m for m in found if m.fate is Fate.ERROR] == []
    assert counts[Fate.SURVIVED] <= strict / 20, [(m.claim, m.label, m.change) for m in found if m.fate is Fate.SURVIVED]
    assert counts[Fate.KILLED] > len(found) / 2


def test_a_hypothesis_about_what_a_claim_does_not_mention_is_idle():
    claim = CLAIMS["product"]
    by_name = {f.name: f for f in claim.domain.hypotheses}
    assert unconcerned(claim, by_name["c > 0"])  # c = 1 will do
    assert not unconcerned(claim, by_name["a > 0"])
    tied = hypothesis("c below a", Lt(sym("c"), a))  # 0 < c < a: no end of the range of c follows, but a/2 does
    assert unconcerned(replace(claim, domain=replace(claim.domain, conditions=(tied,))), by_name["c > 0"])
    tied = hypothesis("c below -a", Lt(sym("c"), -a))  # 0 < c < -a, never
    assert not unconcerned(replace(claim, domain=replace(claim.domain, conditions=(tied,))), by_name["c > 0"])
    apart = (hypothesis("d above c", Gt(sym("d"), sym("c"))), hypothesis("d below 0", Lt(sym("d"), 0)))
    variables = (*CLAIMS["product"].domain.variables, real("d", at_least=-5))
    claim = replace(claim, domain=replace(claim.domain, variables=variables, conditions=apart))
    assert not unconcerned(claim, by_name["c > 0"])  # c < d < 0 once c > 0 is dropped, and never before


def test_a_hypothesis_that_the_others_imply_is_idle():
    half = hypothesis("a >= -1", Ge(a, -1))
    equal, squares = hypothesis("a is b", Eq(a, b)), hypothesis("their squares agree", Eq(a**2, b**2))
    claim = replace(CLAIMS["product"], domain=replace(CLAIMS["product"].domain, conditions=(half, equal, squares)))
    assert implied(claim.domain, half)
    assert implied(claim.domain, squares)
    assert not implied(claim.domain, equal)
    assert not implied(claim.domain, next(f for f in claim.domain.hypotheses if f.name == "a > 0"))


def test_a_refuted_claim_is_never_killed_at_sight_where_it_is_proved(monkeypatch):
    wrong = Ge(a**2, 1)
    assert killed_at_sight(CLAIMS["sharp"], wrong, Library((SQUARES,)), 0) is not None
    proved = derive(CLAIMS["sharp"], {}, Library((SQUARES,)), CLAIMS["sharp"].tree())
    monkeypatch.setattr("theorycheck.search.fates.derive", lambda *_: proved)
    assert killed_at_sight(CLAIMS["sharp"], wrong, Library((SQUARES,)), 0) is None  # left to the whole check, which says error
