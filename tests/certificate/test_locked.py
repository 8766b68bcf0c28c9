"""What is compared with the lock: a certificate for another claim than the committed one is rejected, with the reason."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from theorycheck.certificate.checker import driver, locked
from theorycheck.certificate.checker.core import Refused
from theorycheck.certificate.checker.driver import recheck
from theorycheck.certificate.write import certificate
from theorycheck.derivation import Library
from theorycheck.exact.cited import CITED
from theorycheck.lock import digest
from theorycheck.run import check_claim
from theorycheck.tree import Gt, num, sym


def result(folder, lock, name):
    return next(r for r in recheck(folder, lock) if r.claim == name)


def test_what_was_written_is_confirmed(written, lock):
    found = {r.claim: r for r in recheck(written.path, lock)}
    assert "rejected" not in {r.outcome for r in found.values()}
    assert found["balancedness.ridge"].outcome == "confirmed"
    assert found["schatten-limit.norm-on-vectors"].outcome == "confirmed"


def forged(written, name, **changes):
    """The certificate of a changed claim under the name of the printed one; its derivation is a good one."""
    claim = replace(written.claims[name], **changes)
    report = check_claim(claim, "quick", {}, 0, Library(tuple(written.statements)))
    return certificate(report, claim, written.claims.__getitem__, "quick", 0)


@pytest.fixture
def swap(written, tmp_path):
    def put(name, text):
        for file in written.path.iterdir():
            (tmp_path / file.name).write_bytes(text if file.stem == name else file.read_bytes())
        return tmp_path

    return put


def test_an_easier_claim(written, lock, swap):
    name = "prop-11.rate"
    folder = swap(name, forged(written, name, parameters={**written.claims[name].parameters, "rate": num(1)}))
    found = result(folder, lock, name)
    assert (found.outcome, found.reason) == ("rejected", "its relation is not the one in the lock")


def test_a_smaller_domain(written, lock, swap):
    from theorycheck.fact import Fact

    name = "balancedness.ridge"
    domain = written.claims[name].domain
    smaller = domain.extended(domain.name, Fact("lambda > 0", Gt(sym("lambda"), 0)))
    found = result(swap(name, forged(written, name, domain=smaller)), lock, name)
    assert (found.outcome, found.reason) == ("rejected", "its domain is not the one in the lock")


def test_flags_of_a_variable(lock, edited):
    name = "balancedness.ridge"

    def change(data):
        data["domain"]["variables"][0]["integer"] ^= True

    assert result(edited(name, change), lock, name).reason == "its domain is not the one in the lock"


def test_a_parameter(written, lock, edited):
    name = "prop-11.rate"

    def change(data):
        data["parameters"] = {key: data["tree"] for key in data["parameters"]}

    assert result(edited(name, change), lock, name).reason == "its parameter rate is not 2"


def test_a_verdict_that_nobody_expects(lock, edited):
    name = "balancedness.ridge"
    found = result(edited(name, lambda data: data.update(verdict="refuted")), lock, name)
    assert found.reason == "it says refuted, but proved is expected"


def test_a_used_claim(lock, edited):
    name = "cor-12.value"

    def change(data):
        used = next(f for f in data["facts"].values() if f["kind"] == "claim")
        used["tree"] = data["tree"]

    assert "is not the one in the lock" in result(edited(name, change), lock, name).reason


def test_a_cited_fact(lock, edited):
    def change(data):
        fact = next(f for f in data["facts"].values() if f["kind"] == "cited")
        fact["variables"].reverse()

    found = result(edited("schatten-limit.norm-on-vectors", change), lock, "schatten-limit.norm-on-vectors")
    assert re.fullmatch("the cited fact '.*' is not the one in the lock", found.reason)


def test_a_claim_that_is_not_locked(written, lock):
    others = {**lock, "statements": [s for s in lock["statements"] if s["id"] != "balancedness"]}
    assert result(written.path, others, "balancedness.ridge").reason == "the lock has no claim balancedness.ridge"


@pytest.mark.parametrize("lock", [{}, [], {"lock": 1}, {"lock": 2, "statements": [{}], "cited": {}}, None])
def test_no_lock(written, lock):
    with pytest.raises(Refused, match="no lock of version 2"):
        recheck(written.path, lock)


def test_both_sides_make_the_same_digests(written):
    for file in written.path.iterdir():
        cert = driver.read_certificate(file.read_bytes())
        assert locked.digest(cert.tree(cert.record["tree"])) == digest(written.claims[file.stem].tree())


def test_every_cited_fact_is_locked(lock):
    assert set(lock["cited"]) == set(CITED)
    assert json.loads(json.dumps(lock)) == lock
