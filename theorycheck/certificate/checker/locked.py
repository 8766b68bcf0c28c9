"""The comparison with the committed lock: the claim's tree, domain, parameters and facts are those that stand there.

Everything is compared by digests, which the lock's writer makes by the same rules (`theorycheck/lock.py`, which states them).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

from .core import Node, Refused, need

FLAGS = ("continuous", "integer", "positive", "symmetric")
FOR, AGAINST = {"proved", "certified", "supported"}, {"refuted", "contradicted"}
Lock = dict[str, dict[str, Any]]


def locked(lock: Any) -> Lock:
    """The claims of a lock by id, each with the digest of its domain, and its cited facts by name; Refused for another file."""
    try:
        need(lock["lock"] == 2, "")
        claims = {}
        for s in lock["statements"]:
            for c in s["claims"]:
                values = {name: (v["value"], v["hash"]) for name, v in c["parameters"].items()}
                here = {"tree": c["hash"], "domain": s["domains"][c["domain"]]["hash"], "parameters": values}
                claims[c["id"]] = {**here, "expected": c["expected"], "box": c.get("box")}
        return {"claims": claims, "cited": {name: f["hash"] for name, f in lock["cited"].items()}}
    except (KeyError, TypeError, AttributeError, Refused):
        raise Refused("it is no lock of version 2; write it again with `python -m theorycheck.lock`") from None


def compare(record: dict[str, Any], tree: Callable[[Any], Node], lock: Lock) -> None:
    """Refused unless a certificate (whose form was checked) is for the claim as it stands in the lock."""
    mine = lock["claims"].get(record["claim"])
    if mine is None:
        raise Refused(f"the lock has no claim {record['claim']}")
    need(digest(tree(record["tree"])) == mine["tree"], "its relation is not the one in the lock")
    parameters = {name: digest(tree(value)) for name, value in record["parameters"].items()}
    need(set(parameters) == set(mine["parameters"]), "its parameters are not those in the lock")
    for name, value in parameters.items():
        text, locked_value = mine["parameters"][name]
        need(value == locked_value, f"its parameter {name} is not {text}")
    need(domain(record["domain"], tree) == mine["domain"], "its domain is not the one in the lock")
    for name, fact in record["facts"].items():
        _compare_fact(name, fact, tree, lock)
    if record["verdict"] == "certified":
        ranges = record["proof"].get("ranges") if isinstance(record["proof"], dict) else None
        need(ranges is not None and ranges == mine["box"], "its box is not the one in the lock")
    sides = [side for side in (FOR, AGAINST) if record["verdict"] in side]
    need(sides, f"{record['verdict']!r} is no verdict that a certificate has")
    expected = mine["expected"]
    need(expected not in FOR | AGAINST or expected in sides[0], f"it says {record['verdict']}, but {expected} is expected")


def _compare_fact(name: str, fact: dict[str, Any], tree: Callable[[Any], Node], lock: Lock) -> None:
    if fact["kind"] == "cited":
        need(name in lock["cited"], f"the lock has no cited fact {name!r}")
        need(cited(fact, tree) == lock["cited"][name], f"the cited fact {name!r} is not the one in the lock")
        return
    need(name in lock["claims"], f"the lock has no claim {name}, which it uses")
    theirs = lock["claims"][name]
    need(digest(tree(fact["tree"])) == theirs["tree"], f"the relation of {name} is not the one in the lock")
    need(domain(fact["domain"], tree) == theirs["domain"], f"the domain of {name} is not the one in the lock")


# --- digests ----------------------------------------------------------------------------------------------------------------
def of(value: Any) -> str:
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:32]


DIGESTS: dict[int, str] = {}  # by identity: equal trees are one object, which is never freed


def digest(x: Node) -> str:
    if id(x) not in DIGESTS:
        args = [[digest(a)] if isinstance(a, Node) else str(a) for a in x.args]
        DIGESTS[id(x)] = of([x.head, args, None if x.shape is None else [digest(s) for s in x.shape]])
    return DIGESTS[id(x)]


def hypothesis(h: dict[str, Any], tree: Callable[[Any], Node]) -> str:
    given, needs = [digest(tree(g)) for g in h["given"]], [hypothesis(n, tree) for n in h["needs"]]
    return of([h["name"], h["variables"], digest(tree(h["shows"])), given, needs])


def domain(d: dict[str, Any], tree: Callable[[Any], Node]) -> str:
    variables = [[v["name"], [f for f in FLAGS if v[f]]] for v in d["variables"]]
    return of([d["name"], d["conventions"], variables, [hypothesis(h, tree) for h in d["hypotheses"]]])


def cited(f: dict[str, Any], tree: Callable[[Any], Node]) -> str:
    declared = [f["definite"], f["positive"], f["integers"]]
    given, needs = [digest(tree(g)) for g in f["given"]], [hypothesis(n, tree) for n in f["needs"]]
    return of([f["variables"], digest(tree(f["shows"])), given, needs, declared])
