"""A certificate's lines shown again by the prover's own rules: a second opinion on what the checker accepts.

The checker and the prover share no code; a derivation that both accept is a proof unless both are wrong in the same way.
"""

from __future__ import annotations

import inspect
from fractions import Fraction
from importlib import import_module
from typing import Any

from theorycheck.derivation import Library, context_of
from theorycheck.exact.cited import CITED
from theorycheck.exact.fact_rules import generic
from theorycheck.exact.session import Rule, Session
from theorycheck.statement import Claim
from theorycheck.tree import Node, sym


def replay(record: dict[str, Any], claim: Claim, library: Library) -> str:
    """ "" where the prover shows every line, ending at the claim or its negation; else what it objects to."""
    trees = _trees(record["nodes"])
    session = Session(claim.domain.hypotheses, context_of(claim.domain))
    session.resolve = lambda name: library.fact(name, claim.domain)
    try:
        for line in record["proof"]["lines"]:
            session.show(trees[line["shows"]], _rule(line, session, trees))
    except Exception as problem:  # an objection, of whatever kind: the caller reports it
        return f"{type(problem).__name__}: {problem}"
    last, goal = session.lines[-1], claim.tree()
    wanted = goal if record["verdict"] == "proved" else Node("not", (goal,), None)
    return "" if last.shows == wanted and not last.assumes else "it does not end at the claim"


def _trees(rows: list[Any]) -> list[Node]:
    made: list[Node] = []
    for head, args, shape in rows:
        own = tuple((Fraction(a) if head == "num" else a) if isinstance(a, str) else made[a] for a in args)
        made.append(Node(head, own, None if shape is None else tuple(made[s] for s in shape)))
    return made


def _rule(call: dict[str, Any], session: Session, trees: list[Node]) -> Rule:
    module, _, name = call["rule"].rpartition(".")
    make = getattr(import_module(f"theorycheck.exact.{module}"), name)
    args = {k: _argument(v, session, trees) for k, v in call["args"].items()}
    before: list[Any] = []
    after: dict[str, Any] = {}
    skipped = False
    for p in inspect.signature(make).parameters.values():
        if p.name not in args:
            skipped = True
            continue
        value = args.pop(p.name)
        if p.kind is p.VAR_POSITIONAL:
            before += value
        elif p.kind is p.VAR_KEYWORD:
            after |= value
        elif p.kind is p.KEYWORD_ONLY or skipped:
            after[p.name] = value
        else:
            before.append(value)
    if args:
        raise TypeError(f"{name} has no argument {', '.join(args)}")
    rule: Rule = make(*before, **after)
    return rule


def _argument(x: Any, session: Session, trees: list[Node]) -> Any:
    match x:
        case ["tree", int(k)]:
            return trees[k]
        case ["line", int(k)]:
            return session.lines[k]
        case ["hypothesis", str(name)]:
            return session.hypothesis(name)
        case ["fact", str(name)]:
            return CITED[name].fact
        case ["generic", {"line": k, "given": given, "variables": names}]:
            return generic(session.lines[k], [trees[g] for g in given], *map(sym, names))
        case ["rule", {"rule": _, "args": _} as call]:
            return _rule(call, session, trees)
        case list():
            return [_argument(v, session, trees) for v in x]
        case dict():
            return {k: _argument(v, session, trees) for k, v in x.items()}
    return x
