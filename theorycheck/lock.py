"""`claims.lock`: what every claim says, in a committed, readable file: a quietly weakened claim shows up as a diff.

`python -m theorycheck.lock [FILE]` writes it again.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from theorycheck.domain import Domain
from theorycheck.errors import InputError
from theorycheck.fact import Fact
from theorycheck.present.records import in_text, printed, value
from theorycheck.statement import Claim, Statement
from theorycheck.tree import Node

NAME = "claims.lock"


def render(statements: Sequence[Statement]) -> str:
    """The lock: per claim its tree as text and as a hash, its domain, line, parameters and expected verdict."""
    return json.dumps({"lock": 1, "statements": [_statement(s) for s in statements]}, indent=1, ensure_ascii=False) + "\n"


def _statement(s: Statement) -> dict[str, Any]:
    return {
        "id": s.id,
        "aliases": list(s.aliases),
        "title": s.title,
        "section": s.section,
        "depends_on": list(s.depends_on),
        "domains": _domains(s),
        "claims": [_claim(c) for c in s.claims],
    }


def _domains(s: Statement) -> dict[str, Any]:
    """The domains by name; one name for two of them would hide one, and raises InputError."""
    found: dict[str, Any] = {}
    for d in (s.domain, *(c.domain for c in s.claims)):
        written = _domain(d)
        if found.setdefault(d.name, written) != written:
            raise InputError(f"{s.id}: two domains are named {d.name!r} and differ; rename one")
    return found


def _domain(domain: Domain) -> dict[str, Any]:
    return {"conventions": list(domain.conventions), "hypotheses": [_fact(h) for h in domain.hypotheses]}


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "name": fact.name,
        "source": fact.source,
        "given": [in_text(g) for g in fact.given],
        "shows": in_text(fact.shows),
        "variables": list(fact.variables),
        "needs": [n.name for n in fact.needs],
        "hash": digest(fact.shows, *fact.given, *(n.shows for n in fact.needs)),
    }


def _claim(c: Claim) -> dict[str, Any]:
    tree = c.tree()
    return {
        "id": c.id,
        "where": c.where,
        "line": c.line,
        "main": c.main,
        "domain": c.domain.name,
        "parameters": {name: in_text(value) for name, value in c.parameters.items()},
        "printed": printed(c),
        "tree": in_text(tree),
        "hash": digest(tree),
        "expected": value(c.expects),
        "erratum": c.erratum.kind if c.erratum else None,
        "corrects": c.corrects,
        "reads": c.reads,
    }


def digest(*trees: Node) -> str:
    """A hash over the whole trees, shapes included, which the text does not show."""
    from theorycheck.tree.serial import to_json

    text = json.dumps([to_json(t) for t in trees], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def main(args: Sequence[str]) -> int:
    """Write the paper's lock, by default beside pyproject.toml; returns the exit code."""
    from theorycheck.collect import HOME, paper
    from theorycheck.present.output import write_whole

    try:
        if not args and not (HOME / "pyproject.toml").is_file():
            raise InputError(f"{HOME} is not a checkout; name the file to write: python -m theorycheck.lock {NAME}")
        write_whole(Path(args[0]) if args else HOME / NAME, render(paper()), "lock")
    except InputError as problem:
        print(f"theorycheck: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
