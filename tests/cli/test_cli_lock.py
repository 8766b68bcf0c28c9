"""claims.lock: what changes in a claim shows up as a changed line."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from theorycheck import lock
from theorycheck.errors import InputError
from theorycheck.tree import num


def changed(before: str, after: str) -> list[str]:
    return [b for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b]


def test_render_is_readable_and_stable(world):
    from theorycheck.collect import paper

    text = lock.render(paper())
    assert text == lock.render(paper())
    claim = json.loads(text)["statements"][1]["claims"][0]
    assert claim["id"] == "growth.rate"
    assert claim["line"] == 12
    assert claim["parameters"]["rate"]["value"] == "3"
    assert claim["expected"] == "refuted"


def test_a_weakened_claim_is_a_diff(world):
    from theorycheck.collect import paper

    before = lock.render(paper())
    claims = paper()[1].claims
    claims[0] = replace(claims[0], parameters={"rate": num(4)})
    lines = changed(before, lock.render(paper()))
    assert [line.split('"')[1] for line in lines] == ["value", "hash", "printed", "tree", "hash"]


def test_two_domains_with_one_name(world):
    from theorycheck.collect import paper

    claims = paper()[1].claims
    claims[0] = replace(claims[0], domain=replace(claims[0].domain, variables=()))
    with pytest.raises(InputError, match="rename one"):
        lock.render(paper())


def test_of_ones_own_statements(world, lemma, tmp_path):
    assert lock.main([str(tmp_path / "claims.lock"), str(lemma)]) == 0
    assert [s["id"] for s in json.loads((tmp_path / "claims.lock").read_text())["statements"]] == ["my-lemma"]


def test_writing_it(world, tmp_path, capsys):
    assert lock.main([str(tmp_path / "claims.lock")]) == 0
    assert json.loads((tmp_path / "claims.lock").read_text())["lock"] == 2
    assert lock.main([str(tmp_path / "no" / "claims.lock")]) == 2
    assert "cannot write there" in capsys.readouterr().err
