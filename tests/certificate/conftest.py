"""Certificates of a few real claims, written once."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from theorycheck.certificate.folder import Folder
from theorycheck.collect import resolve
from theorycheck.derivation import Library, derive
from theorycheck.instances import judge_instances
from theorycheck.lock import record
from theorycheck.run import claim_report
from theorycheck.session import library
from theorycheck.verdict import Outcome

TARGETS = ["balancedness.ridge", "cor-12", "schatten-limit.norm-on-vectors", "prop-11.rate"]


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    """The certificates of TARGETS and of what they rest on, from their derivations; from instances where there is none."""
    selections = resolve(TARGETS)
    statements = library([s.statement for s in selections])
    folder, known = Folder(tmp_path_factory.mktemp("certificates"), statements), Library(tuple(statements))
    names = [c for s in selections for c in s.claims]
    while names:
        for claim in (folder.claims[name] for name in names):
            found = derive(claim, {}, known, claim.tree())
            if found.outcome is Outcome.NOTHING:
                found = judge_instances(claim, claim.tree(), f"0:{claim.id}", 24)
            folder.keep(claim_report(claim, claim.tree(), [found], {}))
        names = folder.missing()
    return folder


@pytest.fixture(scope="session")
def lock(written: Folder) -> dict[str, Any]:
    return record(written.statements)


@pytest.fixture
def edited(written: Folder, tmp_path: Path) -> Callable[[str, Callable[[Any], None]], Path]:
    """A folder in which one certificate was edited; its bytes stay canonical."""

    def edit(name: str, change: Callable[[Any], None]) -> Path:
        for file in written.path.iterdir():
            data = json.loads(file.read_bytes())
            if file.stem == name:
                change(data)
            text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
            (tmp_path / file.name).write_text(text + "\n")
        return tmp_path

    return edit
