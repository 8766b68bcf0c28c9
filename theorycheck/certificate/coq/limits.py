"""Scripts about limits v -> 0+: a body that equals one whose limit is known, and one that grows away from it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from theorycheck.certificate.coq.algebra import closing, identity, in_traces, rewriting
from theorycheck.certificate.coq.derive import add, times
from theorycheck.certificate.coq.instances import substituted
from theorycheck.certificate.coq.powers import ONE, Logarithm, logarithm
from theorycheck.certificate.coq.trees import NotTranslated, Tree, free, has_free, identifier, num, number
from theorycheck.certificate.coq.writer import Writer, sides


def moved(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    """The limit of a body that is the premise's body, with the equations that are used."""
    label, shows = w.line(args["premise"])
    v, bodies = _bodies(goal, shows)
    using = {"using": args.get("using", [])}
    here = identity(w, _equal(bodies[1], bodies[0]), using)
    value = identity(w, _equal(shows.parts[3], goal.parts[3]), using)
    return f"apply (tends_same _ _ _ _ {label}).\n  {{ intros {v} Hv. {here} }}\n  {{ {value} }}"


def diverges(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    """The difference of both bodies is k h(v) with k != 0 and h that grows beyond all bounds as v -> 0+."""
    label, shows = w.line(args["premise"])
    v, bodies = _bodies(goal.parts[0], shows)
    symbol = goal.parts[0].parts[1]
    h, at_one = _gauge(bodies[0], symbol)
    difference = add(bodies[0], Tree("neg", (bodies[1],)))
    using = {"using": args.get("using", [])}
    if args.get("at"):
        raise NotTranslated("a limit that fails at some values only")
    k = _factor(substituted(at_one(difference), {symbol.name: num(1)}), _values(w, using["using"]))
    here = identity(w, _equal(difference, times(k, h)), using)
    grows = "apply ln_grows" if h.head == "neg" else "apply power_grows; sign"
    limit = f"{w.terms.real(shows.parts[3])} {w.terms.real(goal.parts[0].parts[3])}"
    functions = " ".join(f"(fun {v} => {w.terms.real(b)})" for b in (bodies[1], bodies[0], h))
    return (
        f"apply (parts_from {functions} {w.terms.real(k)} {limit} {label}).\n  {{ {grows}. }}\n"
        f"  {{ intros {v} Hv. {here} }}\n  {{ {_apart(w, k, args)} }}"
    )


def _apart(w: Writer, k: Tree, args: dict[str, Any]) -> str:
    """k is not 0: by its sign, or as a positive number times the difference of two sides that are apart."""
    if k.head != "add":
        return "apart."
    script, numbers, _ = rewriting(w, _equal(k, num(0)), args.get("using", []), [])
    known = "".join(f"rewrite ?{n}; " for n in numbers)
    if not args.get("apart"):
        return f"{script}{known}apart_by_sign."
    label, shows = w.line(args["apart"])
    low, high = sides(shows)
    gap = add(high, Tree("neg", (low,)))
    by = f"by ({in_traces(numbers)}{closing(numbers)})"
    ways = " | ".join(
        f"(assert (Z0 : {_over(high, t, w)} * {w.terms.real(k)} {s} {w.terms.real(gap)} = 0) {by})"
        for t in k.parts
        for s in "-+"
    )
    more = rewriting(w, _equal(k, gap), args.get("using", []), [*k.parts])[0]
    return (
        f"{more}intros K. first [{ways}]; "
        f"rewrite K, Rmult_0_r in Z0; generalize {label}; lra."
    )


def _over(high: Tree, part: Tree, w: Writer) -> str:
    return f"({w.terms.real(high)} / {w.terms.real(part)})"


def _bodies(goal: Tree, premise: Tree) -> tuple[str, tuple[Tree, Tree]]:
    """The name of the variable, the body of the goal and that of the premise."""
    if goal.head != "converges" or premise.head != "converges" or goal.parts[1] != premise.parts[1]:
        raise NotTranslated("limits in different variables")
    return identifier(goal.parts[1].name), (goal.parts[0], premise.parts[0])


def _equal(a: Tree, b: Tree) -> Tree:
    return Tree("eq", (a, b), None)


def _gauge(body: Tree, v: Tree) -> tuple[Tree, Any]:
    """What grows in the body, a power of v or -log(v), and a function that puts 1 for it."""
    log = Tree("log", (v,))
    if log in set(free(body)):
        return Tree("neg", (log,)), lambda x: _put(x, log, num(-1))
    for x in free(body):
        if x.head == "pow" and number(x.parts[1]) is None and has_free(x.parts[0], v.name):
            return Tree("pow", (v, x.parts[1])), lambda x: x
    raise NotTranslated("what grows in a limit")


def _put(x: Tree, old: Tree, new: Tree) -> Tree:
    if x == old:
        return new
    return Tree(x.head, tuple(_put(a, old, new) if isinstance(a, Tree) else a for a in x.args), x.shape)


def _values(w: Writer, using: list[Any]) -> dict[Tree, Tree]:
    """Numbers by the equations that are used."""
    return {u.shows.parts[0]: u.shows.parts[1] for u in w.equations(using) if u.shows.parts[0].head == "sym"}


def _factor(x: Tree, equal: Mapping[Tree, Tree]) -> Tree:
    """A sum with one term of each kind: ratio * the first of it."""
    total: dict[frozenset[Any], Fraction] = {}
    first: dict[frozenset[Any], tuple[Tree, Fraction]] = {}
    for sign, term in _terms(x, 1):
        rest, c = _rational(logarithm(term, equal))
        total[rest] = total.get(rest, Fraction(0)) + sign * c
        first.setdefault(rest, (term, c))
    kept = [key for key, c in total.items() if c]
    if not kept:
        raise NotTranslated("a difference without parts that grow")
    return add(*(times(num(total[key] / first[key][1]), first[key][0]) for key in kept))


def _terms(x: Tree, sign: int) -> list[tuple[int, Tree]]:
    match x.head:
        case "add":
            return [t for p in x.parts for t in _terms(p, sign)]
        case "neg":
            return _terms(x.parts[0], -sign)
        case "mul":
            inner = [p for p in x.parts if p.head == "neg" or (number(p) or 0) < 0]
            if inner:
                p = inner[0]
                positive = p.parts[0] if p.head == "neg" else num(-(number(p) or 0))
                return _terms(Tree("mul", tuple(positive if q is p else q for q in x.parts), x.shape), -sign)
        case "div" if x.parts[0].head in {"neg", "add"}:
            return [(s, Tree("div", (t, x.parts[1]))) for s, t in _terms(x.parts[0], sign)]
    return [(sign, x)]


def _rational(log: Logarithm) -> tuple[frozenset[Any], Fraction]:
    """A product without its rational factor, and that factor."""
    c, rest = Fraction(1), {}
    for (base, m), e in log.items():
        if base.head == "num" and m == ONE and e.denominator == 1:
            c *= Fraction(base.name) ** int(e)
        else:
            rest[base, m] = e
    return frozenset(rest.items()), c
