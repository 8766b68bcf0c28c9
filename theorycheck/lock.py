"""`claims.lock`: what every claim says, in a committed, readable file: a quietly weakened claim shows up as a diff.

`python -m theorycheck.lock [FILE [TARGET...]]` writes it again, or that of one's own statements. Texts are for the reader,
digests for `recheck`, which compares certificates with them. A digest is the first half of the SHA-256 of canonical JSON
(sorted keys, no spaces, ASCII):

    tree        [head, [name or number as text, or [digest of the tree]..], null or [digest of each size]]
    hypothesis  [name, variables, tree, [given..], [needs..]]
    domain      [name, conventions, [[variable, flags by name]..], [hypotheses..]]
    cited fact  [variables, tree, [given..], [needs..], [definite, positive, integers]]
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from theorycheck.boxes import ranges
from theorycheck.domain import Domain
from theorycheck.errors import InputError
from theorycheck.exact.cited import CITED, Cited
from theorycheck.fact import Fact
from theorycheck.present.records import in_text, printed, value
from theorycheck.statement import Claim, Statement
from theorycheck.tree import Node, free_names

NAME, VERSION = "claims.lock", 2
FLAGS = ("continuous", "integer", "positive", "symmetric")


def render(statements: Sequence[Statement]) -> str:
    """The lock: claims, domains and cited facts, each as text and with its digest."""
    return json.dumps(record(statements), indent=1, ensure_ascii=False) + "\n"


def record(statements: Sequence[Statement]) -> dict[str, Any]:
    """The lock as data."""
    cited = {name: _cited(c) for name, c in sorted(CITED.items())}
    return {"lock": VERSION, "statements": [_statement(s) for s in statements], "cited": cited}


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


def _domain(d: Domain) -> dict[str, Any]:
    variables = [[v.name, [f for f in FLAGS if getattr(v, f)]] for v in d.variables]
    hypotheses = [_hypothesis(h) for h in d.hypotheses]
    return {
        "conventions": list(d.conventions),
        "variables": {name: ", ".join(flags) for name, flags in variables},
        "hypotheses": hypotheses,
        "hash": _of([d.name, list(d.conventions), variables, [h["hash"] for h in hypotheses]]),
    }


def _hypothesis(h: Fact) -> dict[str, Any]:
    needs = [_hypothesis(n)["hash"] for n in h.needs]
    return {
        "name": h.name,
        "source": h.source,
        "given": [in_text(g) for g in h.given],
        "shows": in_text(h.shows),
        "variables": list(h.variables),
        "needs": [n.name for n in h.needs],
        "hash": _of([h.name, list(h.variables), digest(h.shows), [digest(g) for g in h.given], needs]),
    }


def _claim(c: Claim) -> dict[str, Any]:
    tree = c.tree()
    return {
        "id": c.id,
        "where": c.where,
        "line": c.line,
        "main": c.main,
        "domain": c.domain.name,
        "parameters": {name: {"value": in_text(v), "hash": digest(v)} for name, v in c.parameters.items()},
        "printed": printed(c),
        "tree": in_text(tree),
        "hash": digest(tree),
        "expected": value(c.expects),
        "erratum": c.erratum.kind if c.erratum else None,
        "corrects": c.corrects,
        "reads": c.reads,
        **({"box": {name: list(ends) for name, ends in ranges(c.box).items()}} if c.box is not None else {}),
    }


def _cited(c: Cited) -> dict[str, Any]:
    """A cited fact, with what its domain declares of its variables."""
    f, kinds = c.fact, declarations(c)
    declared = [kinds["definite"], kinds["positive"], kinds["integers"]]
    given, needs = [digest(g) for g in f.given], [_hypothesis(n)["hash"] for n in f.needs]
    return {
        **_hypothesis(f),
        **kinds,
        "hash": _of([list(f.variables), digest(f.shows), given, needs, declared]),
    }


def declarations(c: Cited) -> dict[str, list[str]]:
    """Which variables of a cited fact stand for definite matrices, for families of positive numbers, for integers."""
    f, declared = c.fact, c.domain.variables
    occurs = free_names(f.shows).union(*(free_names(g) for g in f.given))
    return {
        "definite": sorted(v.name for v in declared if v.symmetric and v.name in occurs),
        "positive": sorted(v.name for v in declared if v.positive and v.name in occurs),
        "integers": sorted(v.name for v in declared if v.integer and v.name in f.variables),
    }


@cache
def digest(tree: Node) -> str:
    """A digest of the whole tree, shapes included, which the text does not show."""
    args = [[digest(a)] if isinstance(a, Node) else str(a) for a in tree.args]
    return _of([tree.head, args, None if tree.shape is None else [digest(s) for s in tree.shape]])


def _of(data: Any) -> str:
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:32]


def main(args: Sequence[str]) -> int:
    """Write the lock of the paper, by default beside pyproject.toml, or of other targets; returns the exit code."""
    from theorycheck.collect import HOME, resolve
    from theorycheck.present.output import write_whole

    try:
        if not args and not (HOME / "pyproject.toml").is_file():
            raise InputError(f"{HOME} is not a checkout; name the file to write: python -m theorycheck.lock {NAME}")
        statements = [s.statement for s in resolve(args[1:])]
        write_whole(Path(args[0]) if args else HOME / NAME, render(statements), "lock")
    except InputError as problem:
        print(f"theorycheck: {problem}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
