"""Certificates as they are read: the form of every part is checked; what a domain and a fact say."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from . import parts  # noqa: F401 (they enter what they read and offer in the core's tables)
from .core import Fact, Node, Refused, indices, need
from .table import read_table

KEYS = {"certificate", "claim", "verdict", "nodes", "tree", "parameters", "domain", "facts", "proof"}
CITED = {"kind", "shows", "given", "variables", "needs", "definite", "positive", "integers"}
FLAGS = {"symmetric", "positive", "continuous", "integer"}


@dataclass(frozen=True)
class Certificate:
    """A certificate as it was read: its record, and its trees."""

    record: dict[str, Any]
    nodes: list[Node]
    seen: set[int]

    def tree(self, i: Any) -> Node:
        need(type(i) is int and 0 <= i < len(self.nodes), "a reference to a node that is not there")
        self.seen.add(i)
        return self.nodes[i]  # type: ignore[no-any-return]

    @property
    def claim(self) -> str:
        return str(self.record["claim"])


def read_certificate(text: bytes) -> Certificate:
    """The certificate in these bytes, if they are the canonical ones of what they hold."""
    try:
        record = json.loads(text)
        canonical = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False) + "\n"
    except (ValueError, RecursionError):
        raise Refused("it is no JSON") from None
    need(canonical.encode() == text, "its bytes are not the canonical ones")
    keys(record, KEYS)
    need(record["certificate"] == 1 and isinstance(record["claim"], str), "another kind of file")
    need(isinstance(record["verdict"], str), "the verdict is no text")
    need(isinstance(record["facts"], dict) and isinstance(record["parameters"], dict), "facts or parameters are no table")
    return Certificate(record, read_table(record["nodes"]), set())


def keys(record: Any, expected: set[str]) -> None:
    need(isinstance(record, dict), "a record is needed")
    need(set(record) == expected, f"unknown or missing keys: {', '.join(sorted(set(record) ^ expected))}")


def texts(value: Any) -> tuple[str, ...]:
    need(isinstance(value, list) and all(isinstance(v, str) for v in value), "a list of texts is needed")
    return tuple(value)


def listed(value: Any) -> list[Any]:
    need(isinstance(value, list), "a list is needed")
    return value  # type: ignore[no-any-return]


def read_hypothesis(cert: Certificate, record: Any) -> Fact:
    keys(record, {"name", "given", "shows", "variables", "needs"})
    need(isinstance(record["name"], str), "the name of a hypothesis")
    given = tuple(proposition(cert.tree(g)) for g in listed(record["given"]))
    needs = tuple(read_hypothesis(cert, n) for n in listed(record["needs"]))
    return Fact(record["name"], proposition(cert.tree(record["shows"])), given, texts(record["variables"]), needs=needs)


def proposition(x: Node) -> Node:
    need(x.shape is None and not x.ill, "a proposition is needed")
    return x


def read_domain(cert: Certificate, record: Any) -> tuple[tuple[Fact, ...], dict[str, frozenset[str]], tuple[str, ...]]:
    """Hypotheses, names with each flag, and names of the variables of a domain."""
    keys(record, {"name", "conventions", "variables", "hypotheses"})
    for v in listed(record["variables"]):
        keys(v, {"name"} | FLAGS)
        need(isinstance(v["name"], str) and all(type(v[f]) is bool for f in FLAGS), "a variable of a domain")
    flags = {f: frozenset(v["name"] for v in record["variables"] if v[f]) for f in FLAGS}
    hypotheses = tuple(read_hypothesis(cert, h) for h in listed(record["hypotheses"]))
    return hypotheses, flags, tuple(v["name"] for v in record["variables"])


def read_fact(cert: Certificate, name: str, record: Any) -> Fact:
    """A cited fact, or a claim proved elsewhere: for all symbols of its domain with its hypotheses, its tree."""
    need(isinstance(record, dict) and record.get("kind") in ("cited", "claim"), "a fact of another kind")
    if record["kind"] == "cited":
        keys(record, CITED)
        shows = proposition(cert.tree(record["shows"]))
        given = tuple(proposition(cert.tree(g)) for g in listed(record["given"]))
        needs = tuple(read_hypothesis(cert, n) for n in listed(record["needs"]))
        definite, positive = frozenset(texts(record["definite"])), frozenset(texts(record["positive"]))
        whole = frozenset(texts(record["integers"]))
        return Fact(name, shows, given, texts(record["variables"]), "cited", needs, definite, positive, whole)
    keys(record, {"kind", "tree", "domain"})
    tree = proposition(cert.tree(record["tree"]))
    if record["domain"] == cert.record["domain"]:
        return Fact(name, tree, kind="claim")
    hypotheses, flags, variables = read_domain(cert, record["domain"])
    given = tuple(h.shows for h in hypotheses if not h.variables)
    needs = tuple(h for h in hypotheses if h.variables)
    whole = integers(flags, tree, hypotheses)
    occurs = tree.free.union(*(h.shows.free.union(*(g.free for g in h.given)) for h in hypotheses))
    return Fact(name, tree, given, variables, "claim", needs, flags["symmetric"] & occurs, flags["positive"] & occurs, whole)


def integers(flags: dict[str, frozenset[str]], tree: Node, hypotheses: tuple[Fact, ...]) -> frozenset[str]:
    """What is declared as an integer, and what stands where the claim and its hypotheses have no meaning for another number."""
    spoken = [((tree,), frozenset()), *(((h.shows, *h.given), frozenset(h.variables)) for h in hypotheses)]
    found = frozenset().union(*(indices(trees) & frozenset().union(*(x.free for x in trees)) - own for trees, own in spoken))
    return flags["integer"] | (found - flags["continuous"])
