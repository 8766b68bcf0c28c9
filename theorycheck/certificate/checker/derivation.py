"""The proof of a certificate: lines by their rules, a witness evaluated, a box covered, an interval recomputed from counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .boxes import covered
from .core import (
    Call,
    Checker,
    Context,
    Fact,
    Line,
    Node,
    NotCovered,
    Refused,
    bound_names,
    need,
    node,
    size,
    walk,
    with_relations,
)
from .reading import Certificate, integers, keys, listed, proposition, read_domain, texts
from .rules import TABLE
from .sample import counted
from .witness.instance import refuted


def verify(cert: Certificate, facts: dict[str, Fact]) -> str:
    """Show every line; the last one is the claim, or its negation, and rests on no assumption. Returns what a sample says."""
    claim = proposition(cert.tree(cert.record["tree"]))
    proof, verdict = cert.record["proof"], cert.record["verdict"]
    need(isinstance(proof, dict), "a proof is needed")
    if proof.get("kind") == "sample":
        need(verdict == "supported" and not facts, "counts support a claim, and need no facts")
        return counted(proof)
    hypotheses, flags, variables = read_domain(cert, cert.record["domain"])
    if proof.get("kind") == "witness":
        keys(proof, {"kind", "values"})
        need(verdict == "refuted" and not facts, "a witness refutes, and needs no facts")
        refuted(claim, hypotheses, {**flags, "integer": integers(flags, claim, hypotheses)}, proof["values"])
        return ""
    if proof.get("kind") == "boxes":
        need(verdict == "certified" and not facts, "a box certifies, and needs no facts")
        covered(claim, hypotheses, flags, variables, proof)
        return ""
    if proof.get("kind") != "derivation":
        raise NotCovered(f"the proof is a {proof.get('kind')}")
    keys(proof, {"kind", "lines"})
    context = Context((), integers(flags, claim, hypotheses), flags["symmetric"], flags["positive"])
    context = with_relations(context, [h.shows for h in hypotheses if not h.variables and not h.given])
    context = context.adding((size(s), False) for s in sizes_of_symbols(claim))
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


def sizes_of_symbols(claim: Node) -> list[Node]:
    """The sizes of the matrices that the claim is about: there are such matrices, so these are >= 0."""
    trees = list(walk(claim))
    free = claim.free - frozenset().union(*(bound_names(t.head, t.args) for t in trees))
    return [s for t in trees if t.head == "sym" and t.args[0] in free for s in t.shape or ()]


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
