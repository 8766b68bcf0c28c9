"""A derivation line by line, and again for a mutant: lines that were checked before, after the same lines, need no new check.

A line is the same where its tree is, and its rule was made by the same call (`exact/call.py`) with the same arguments. A rule
that does not know its call, or was given a function made anew, is checked again, and so is every line after it.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any

from theorycheck.exact.call import Call
from theorycheck.exact.session import Rule, Session, Stuck
from theorycheck.fact import Proven
from theorycheck.tree import Node


@dataclass
class Played:
    """The lines of a derivation that were shown, how many facts were cited and claims used after each, and why it got stuck."""

    session: Session
    counts: list[tuple[int, int]] = field(default_factory=list)
    stuck: str | None = None


def play(lines: Generator[Any, Any, None], goal: Node, session: Session, before: Played | None = None) -> Played:
    """Run a claim's generator on the goal; `before`, a derivation from the same hypotheses, saves what it has in common."""
    played = Played(session)
    next(lines)
    try:
        item = lines.send(goal)
        while True:
            before = before and _as_far_as(before, len(session.lines), *item)
            item = lines.send(_again(session, before) if before else session.show(*item))
            played.counts.append((len(session.cited), len(session.used)))
    except StopIteration:
        pass
    except Stuck as e:
        played.stuck = f"line ({len(session.lines) + 1}): {e}"
    return played


def _as_far_as(before: Played, k: int, tree: Node, rule: Rule) -> Played | None:
    """The derivation before, if its line k is the one that is asked for."""
    if k == len(before.session.lines):
        return None
    line = before.session.lines[k]
    return before if line.shows == tree and rule.call is not None and same(rule.call, line.call) else None


def _again(session: Session, before: Played) -> Proven:
    """Take the next line over, with the facts that it cited and the claims that it used."""
    k = len(session.lines)
    cited, used = before.counts[k]
    session.cited[:], session.used[:] = before.session.cited[:cited], before.session.used[:used]
    session.lines.append(before.session.lines[k])
    return session.lines[k]


def same(a: Any, b: Any) -> bool:
    """Whether two calls, or arguments of calls, certainly say the same; a rule is known by its call."""
    if isinstance(a, Rule) and isinstance(b, Rule):
        return a.call is not None and same(a.call, b.call)
    if isinstance(a, Call) and isinstance(b, Call):
        return a.rule == b.rule and same(a.args, b.args)
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return type(a) is type(b) and bool(a == b)
