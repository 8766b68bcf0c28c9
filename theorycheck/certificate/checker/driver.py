"""Re-verification of a folder of certificates: `recheck(DIR, lock)`. Imports: stdlib, python-flint, and the checker itself.

A certificate is first compared with the committed lock: a tree, a domain, a parameter or a cited fact that is not the locked
one is rejected before anything else is looked at. Then each line is shown again. A claim that is used must have an accepted
certificate in the same folder.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import parts  # noqa: F401 (they enter what they read and offer in the core's tables)
from .core import EMPTY, Call, Checker, Context, Fact, Line, Node, NotCovered, Refused, indices, need, node, with_relations
from .locked import Lock, compare, locked
from .rules import TABLE
from .sample import counted
from .table import read_table
from .witness.instance import refuted

KEYS = {"certificate", "claim", "verdict", "nodes", "tree", "parameters", "domain", "facts", "proof"}
CITED = {"kind", "shows", "given", "variables", "needs", "definite", "positive", "integers", "introduces", "such_that"}
ACCEPTED = "recheck.json"
FLAGS = {"symmetric", "positive", "continuous", "integer"}


@dataclass(frozen=True)
class Result:
    """What came out for one certificate: confirmed, rejected, "not covered", or "counted" (an interval from counts, no proof);
    `reason` says why, or what was done."""

    claim: str
    outcome: str
    reason: str = ""
    verdict: str = ""


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


def certificates(folder: Path) -> dict[str, Path]:
    """The files of a folder by claim; what an earlier run accepted is no certificate."""
    return {p.stem: p for p in sorted(folder.glob("*.json")) if p.name != ACCEPTED and not p.name.startswith(".")}


def recheck(folder: Path, lock: Any, told: Callable[[Result], None] | None = None) -> list[Result]:
    """One result for each certificate of the folder, by name; `told` is called with each. Refused for what is no lock."""
    run = Run(certificates(folder), locked(lock), {}, [])
    results = []
    for name in sorted(run.files):
        results.append(run.result(name))
        if told:
            told(results[-1])
    return results


@dataclass
class Run:
    files: dict[str, Path]
    lock: Lock
    done: dict[str, Result]
    open: list[str]

    def result(self, name: str) -> Result:
        if name not in self.done:
            self.open.append(name)
            self.done[name] = self._judged(name)
            self.open.pop()
        return self.done[name]

    def _judged(self, name: str) -> Result:
        verdict = ""
        try:
            cert = read_certificate(self.files[name].read_bytes())
            verdict = cert.record["verdict"]
            said = self._check(cert, name)
        except Refused as e:
            return Result(name, "rejected", str(e), verdict)
        except NotCovered as e:
            return Result(name, "not covered", str(e), verdict)
        except RecursionError:
            return Result(name, "rejected", "it is nested too deeply", verdict)
        return Result(name, "counted" if said else "confirmed", said, verdict)

    def _check(self, cert: Certificate, name: str) -> str:
        """What the counts of a sample say; nothing for a proof."""
        need(cert.claim == name, f"the file {name}.json holds a certificate for {cert.claim}")
        read_domain(cert, cert.record["domain"])
        facts = {n: read_fact(cert, n, f) for n, f in cert.record["facts"].items()}
        compare(cert.record, cert.tree, self.lock)
        for n, f in cert.record["facts"].items():
            if f.get("introduces"):  # its conclusion is about symbols that the fact introduces: to cite it is no proof
                raise NotCovered(f"{n} says that something exists")
        for used in (n for n, f in facts.items() if f.kind == "claim"):
            need(used not in self.open, f"circular: {' uses '.join([*self.open, used])}")
            if used not in self.files or self.result(used).outcome != "confirmed":
                raise NotCovered(f"it rests on {used}, which was not confirmed")
            need(self.done[used].verdict == "proved", f"it uses {used}, which is {self.done[used].verdict}")
        said = verify(cert, facts)
        nothing_else(cert)
        return said


# --- reading --------------------------------------------------------------------------------------------------------------
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
        for h in listed(record["such_that"]):
            read_hypothesis(cert, h)
        texts(record["introduces"])
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
    found = indices([tree]).union(*(indices([h.shows, *h.given]) - set(h.variables) for h in hypotheses))
    return flags["integer"] | (found - flags["continuous"])


# --- the lines ------------------------------------------------------------------------------------------------------------
def verify(cert: Certificate, facts: dict[str, Fact]) -> str:
    """Show every line; the last one is the claim, or its negation, and rests on no assumption. Returns what a sample says."""
    claim = proposition(cert.tree(cert.record["tree"]))
    proof, verdict = cert.record["proof"], cert.record["verdict"]
    need(isinstance(proof, dict), "a proof is needed")
    if proof.get("kind") == "sample":
        need(verdict == "supported" and not facts, "counts support a claim, and need no facts")
        return counted(proof)
    hypotheses, flags, _ = read_domain(cert, cert.record["domain"])
    if proof.get("kind") == "witness":
        keys(proof, {"kind", "values"})
        need(verdict == "refuted" and not facts, "a witness refutes, and needs no facts")
        refuted(claim, hypotheses, {**flags, "integer": integers(flags, claim, hypotheses)}, proof["values"])
        return ""
    if proof.get("kind") != "derivation":
        raise NotCovered(f"the proof is a {proof.get('kind')}")
    keys(proof, {"kind", "lines"})
    context = Context((), integers(flags, claim, hypotheses), flags["symmetric"], flags["positive"])
    context = with_relations(context, [h.shows for h in hypotheses if not h.variables and not h.given])
    ck = Checker(hypotheses, context, facts, TABLE)
    for k, line in enumerate(listed(proof["lines"])):
        keys(line, {"shows", "rule", "args"})
        need(isinstance(line["args"], dict), "the arguments of a rule are no table")
        try:
            ck.show(cert.tree(line["shows"]), line["rule"], {n: argument(cert, ck, v) for n, v in line["args"].items()})
        except Refused as e:
            raise Refused(f"line {k}, {line['rule']}: {e}") from e
        except NotCovered as e:
            raise NotCovered(f"line {k}: {e}") from e
    need(ck.lines, "a derivation without lines")
    last = ck.lines[-1]
    wanted = {"proved": claim, "refuted": node("not", claim, shape=None)}.get(verdict)
    need(last.shows is wanted, f"the last line is not what {verdict!r} needs")
    need(not last.assumes, "assumptions are left open")
    return ""


def nothing_else(cert: Certificate) -> None:
    """Whether all trees and facts of a certificate are used."""
    inner = {i for _, args, shape in cert.record["nodes"] for i in (*args, *(shape or ())) if type(i) is int}
    need(inner | cert.seen == set(range(len(cert.nodes))), "a tree that nothing refers to")
    need(set(cert.record["facts"]) <= set(strings(cert.record["proof"])), "a fact that nothing refers to")


def strings(x: Any) -> list[str]:
    if isinstance(x, str):
        return [x]
    values = x.values() if isinstance(x, dict) else x if isinstance(x, list) else ()
    return [s for v in values for s in strings(v)]


def argument(cert: Certificate, ck: Checker, value: Any) -> Any:
    """An argument of a rule, with what its tags refer to."""
    if isinstance(value, dict):
        return {k: argument(cert, ck, v) for k, v in value.items()}
    if not isinstance(value, list):
        return value
    if len(value) == 2 and isinstance(value[0], str) and value[0] in TAGS:
        return TAGS[value[0]](cert, ck, value[1])
    return [argument(cert, ck, v) for v in value]


def _line(cert: Certificate, ck: Checker, k: Any) -> Line:
    need(type(k) is int and 0 <= k < len(ck.lines), "a reference to a line that is not before this one")
    return ck.lines[k]  # type: ignore[no-any-return]


def _fact(cert: Certificate, ck: Checker, name: Any) -> Fact:
    need(isinstance(name, str) and name in ck.facts, "a reference to a fact that is not there")
    return ck.facts[name]


def _rule(cert: Certificate, ck: Checker, value: Any) -> Call:
    keys(value, {"rule", "args"})
    need(isinstance(value["rule"], str) and isinstance(value["args"], dict), "a rule inside a rule")
    return Call(value["rule"], {n: argument(cert, ck, v) for n, v in value["args"].items()})


def _generic(cert: Certificate, ck: Checker, value: Any) -> Fact:
    keys(value, {"line", "given", "variables"})
    line = _line(cert, ck, value["line"])
    given = tuple(proposition(cert.tree(g)) for g in listed(value["given"]))
    return ck.generic(line, given, texts(value["variables"]))


TAGS: dict[str, Callable[[Certificate, Checker, Any], Any]] = {
    "tree": lambda cert, ck, i: cert.tree(i),
    "line": _line,
    "fact": _fact,
    "hypothesis": lambda cert, ck, name: ck.hypothesis(name),
    "rule": _rule,
    "generic": _generic,
}
__all__ = ["EMPTY", "Certificate", "Result", "read_certificate", "recheck"]
