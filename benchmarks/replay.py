"""A certificate judged by the prover: its lines shown by the prover's rules, its witness evaluated by the prover's evaluator.

A second opinion on what the checker accepts: the two share no code, so that both must be wrong in the same way to be wrong.
"""

from __future__ import annotations

import inspect
import pkgutil
from dataclasses import fields
from fractions import Fraction
from importlib import import_module
from typing import Any

from flint import arb, fmpq

from theorycheck import models
from theorycheck.derivation import Library, context_of
from theorycheck.evaluate.judge import judge_or_no_value
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


def judged_again(record: dict[str, Any], claim: Claim) -> str:
    """ "" where the prover finds that the values of a witness satisfy every hypothesis and that the claim fails there."""
    whole = {v.name for v in claim.domain.variables if v.integer}
    try:
        env = {name: _value(v, name in whole) for name, v in record["proof"]["values"].items()}
        broken = claim.domain.broken(env)
        found = judge_or_no_value(claim.tree(), env)
    except Exception as problem:  # an objection, of whatever kind: the caller reports it
        return f"{type(problem).__name__}: {problem}"
    return f"the hypothesis {broken}" if broken else "" if found.holds is False else "the claim does not fail there"


def _value(x: Any, whole: bool = False) -> Any:
    """A value of an instance, as `exact.call.value_as_data` wrote it."""
    match x:
        case bool():
            return x
        case str():
            value = fmpq(*map(int, x.split("/")))
            return int(value.numer()) if whole and value.denom() == 1 else value
        case ["matrix", list(rows)]:
            return tuple(tuple(map(_value, row)) for row in rows)
        case ["ball", [str(middle), str(radius)]]:
            return arb(_value(middle), _value(radius))
        case ["family", dict(members)]:
            return {int(k): _value(v, whole) for k, v in members.items()}
        case [str(kind), dict(parts)]:
            made = _class(kind)
            return made(**{f.name: _value(parts[f.name], f.type == "int") for f in fields(made) if f.name in parts})
        case list():
            return tuple(_value(v, whole) for v in x)
    raise TypeError(f"no value: {x}")


def _class(kind: str) -> Any:
    """The class of this name among the models."""
    for info in pkgutil.iter_modules(models.__path__):
        found = getattr(import_module(f"theorycheck.models.{info.name}"), kind, None)
        if found is not None:
            return found
    raise TypeError(f"no model is called {kind}")


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
