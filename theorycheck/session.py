"""One call of the driver from outside: selections and `--set` texts in, a report out, for CLI, pytest and Python."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from theorycheck.collect import Selection, paper
from theorycheck.errors import InputError
from theorycheck.run import run, statement_report
from theorycheck.statement import Claim, Statement
from theorycheck.tree import Node, sym
from theorycheck.tree.node import BINDERS
from theorycheck.verdict import ClaimReport, Report
from theorycheck.versions import versions


def examine(
    selections: Sequence[Selection],
    *,
    level: str = "quick",
    values: Mapping[str, str | Node] | None = None,
    seed: int = 0,
    jobs: int = 1,
    progress: Callable[[ClaimReport], None] | None = None,
) -> Report:
    """Check the selected claims.

    With `values` (parameter name -> formula as text) only the claims that have one of those parameters are checked, and
    nothing is expected of them. Raises InputError for an unknown name or a wrong formula.
    """
    selections = affected(selections, values) if values else tuple(selections)
    admitted = frozenset(c for s in selections for c in s.claims)
    report = run(
        [s.statement for s in selections],
        level=level,
        overrides=read_values(selections, values) if values else None,
        seed=seed,
        jobs=jobs,
        only=lambda claim: claim.id in admitted,
        progress=progress,
        library=library([s.statement for s in selections]),
    )
    return _expecting_nothing(report) if values else report


def library(chosen: Sequence[Statement]) -> list[Statement]:
    """What derivations may use: the paper and the statements at hand, which come before others of the same id."""
    ids = {s.id for s in chosen}
    return [*(s for s in paper() if s.id not in ids), *chosen]


def partial(selections: Sequence[Selection], finished: Sequence[ClaimReport], level: str, seed: int) -> Report:
    """The report of a run that was interrupted after the `finished` claims."""
    done = {c.id: c for c in finished}
    statements = []
    for s in (s.statement for s in selections):
        claims = [done[c.id] for c in s.claims if c.id in done]
        if claims:
            statements.append(statement_report(s, claims))
    return Report(seed, level, versions(), tuple(statements))


def without(selections: Sequence[Selection], claims: frozenset[str]) -> tuple[Selection, ...]:
    """The same statements with some claims left out."""
    return tuple(Selection(s.statement, s.claims - claims) for s in selections)


def affected(selections: Sequence[Selection], values: Mapping[str, str | Node]) -> tuple[Selection, ...]:
    """The selected claims that have one of the parameters in `values`; a name that none has raises InputError."""
    known = sorted({name for c in _claims(selections) for name in c.parameters})
    for name in values:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
            mend = f"did you mean {', '.join(near)}?" if near else f"parameters: {', '.join(known) or 'none'}"
            raise InputError(f"--set {name}: no targeted claim has a parameter of that name; {mend}")
    chosen = {c.id for c in _claims(selections) if values.keys() & c.parameters.keys()}
    return tuple(Selection(s.statement, s.claims & chosen) for s in selections if s.claims & chosen)


def read_values(selections: Sequence[Selection], values: Mapping[str, str | Node]) -> dict[str, Node]:
    """Parse each text over the free scalar symbols that all the claims with that parameter share; each claim must take them."""
    claims = _claims(selections)
    read = {name: _read(name, text, [c for c in claims if name in c.parameters]) for name, text in values.items()}
    for claim in claims:
        _check_fit(claim, {name: value for name, value in read.items() if name in claim.parameters})
    return read


def _check_fit(claim: Claim, values: Mapping[str, Node]) -> None:
    """The claim can be written with these values (a size or an index may refuse one)."""
    try:
        claim.tree(values)
    except (TypeError, ValueError, ArithmeticError) as problem:
        names = ", ".join(f"--set {name}" for name in values)
        raise InputError(f"{names}: does not fit {claim.id} ({problem}); choose another value") from None


def _read(name: str, text: str | Node, claims: Sequence[Claim]) -> Node:
    if isinstance(text, Node):
        return text
    from theorycheck.formula import parse

    shared = frozenset.intersection(*(scalar_names(c.tree()) for c in claims))
    try:
        return parse(text, {s: sym(s) for s in sorted(shared)})
    except InputError as problem:
        raise InputError(f"--set {name}: {problem}") from None


def scalar_names(tree: Node) -> frozenset[str]:
    """The free scalar symbols of a tree, those in the sizes of its matrices included."""
    own = {str(tree.args[0])} if tree.head == "sym" and tree.shape == () else set()
    for part in (*tree.nodes, *(tree.shape or ())):
        own |= scalar_names(part)
    return frozenset(own - {str(tree.args[0])} if tree.head in BINDERS else own)


def _claims(selections: Sequence[Selection]) -> list[Claim]:
    return [c for s in selections for c in s.statement.claims if c.id in s.claims]


def _expecting_nothing(report: Report) -> Report:
    """What a module expects, it expects of the printed constants only."""
    statements = tuple(
        replace(s, claims=tuple(replace(c, expected=None, corrected=None) for c in s.claims)) for s in report.statements
    )
    return replace(report, statements=statements)
