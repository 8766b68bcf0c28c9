"""Corrupted certificates are rejected, unless they still are proofs of the same claim; `benchmarks.corruptions` tries more."""

from __future__ import annotations

import json

import pytest

from benchmarks.corruptions import Corruption, accepted_too, canonical, corruptions, examined, fates, judged
from benchmarks.edits import EDITS, packed
from theorycheck.derivation import Library


@pytest.fixture(scope="module")
def run(written, lock):
    return examined(written.path, lock)


@pytest.fixture(scope="module")
def texts(run):
    return {name: run.files[name].read_bytes() for name, r in run.done.items() if r.outcome == "confirmed"}


def test_each_is_rejected_or_still_a_proof(run, texts, written, tmp_path):
    library = Library(tuple(written.statements))
    made = list(corruptions(texts, 105, 1))
    found = fates(made, run, tmp_path, 1, lambda c: accepted_too(c, written.claims, library))
    wrong = [f for f in found if f.outcome not in ("rejected", "counted") and f.objection != ""]
    assert not wrong
    assert all(f.reason for f in found if f.outcome == "rejected")
    assert sum(f.outcome == "rejected" for f in found) > 90


def test_every_kind_of_corruption_is_made(texts):
    found = {c.kind for c in corruptions(texts, 300, 1)}
    assert {"bytes", "exchanged", *EDITS} - found <= {"index in a line"}  # which few claims have


def test_the_prover_confirms_every_certificate(texts, written):
    library = Library(tuple(written.statements))
    for name, text in texts.items():
        assert accepted_too(Corruption(name, "none", text), written.claims, library) == ""


def test_packing_changes_nothing_but_the_order(texts, run, tmp_path):
    for name, text in texts.items():
        again = Corruption(name, "none", canonical(packed(json.loads(text))))
        assert judged(again, run, tmp_path).outcome == "confirmed"
