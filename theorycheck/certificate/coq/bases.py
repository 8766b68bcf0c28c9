"""The bases of real powers: `power` is 0 below 0, so that a lemma says what its claim does only where no base is negative.

That is seen by lower bounds alone: numbers, what a relation says of a symbol or of the base itself, the first value of an
index, sizes, families of positive numbers; sums, products and quotients of such; even powers, norms and roots.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from math import prod

from theorycheck.certificate.coq.statement import ORDERS, Certificate, Universal
from theorycheck.certificate.coq.trees import BINDERS, NotTranslated, Tree, number, walk

BINDING = BINDERS | {"each"}
NEVER_NEGATIVE = {"sqrt", "exp", "abs", "norm", "schatten", "singular", "rank", "prob"}
Least = Mapping[str, Fraction]  # of a symbol or of all members of a family, by name


def check_powers(cert: Certificate, facts: Iterable[Universal]) -> None:
    """Raise NotTranslated where the lemma's claim or something that it assumes takes a real power of what may be negative."""
    own = [u.shows for u in cert.hypotheses if not u.variables and not u.given]
    last = [cert.trees[line["shows"]] for line in cert.lines[-1:]]
    check_bases([cert.tree, *last], own, cert.positive)
    for u in cert.hypotheses:
        check_universal(u, own, cert.positive)
    for u in facts:  # without variables it is about the claim's own symbols
        check_universal(u, [] if u.variables else own, u.positive or cert.positive)


def check_universal(u: Universal, said: Sequence[Tree], positive: Iterable[str]) -> None:
    said = [*said, *u.given]
    orders = [ends(need.shows) for need in u.needs if need.shows.head in ORDERS]  # for the members that the fact speaks of
    needed = {high.name for high, low in orders if high.head == "item" and least(low, {}) is not None}
    check_bases([u.shows, *u.given], said, {*positive, *needed})
    for need in u.needs:
        check_universal(need, said, positive)


def check_bases(trees: Sequence[Tree], said: Iterable[Tree], positive: Iterable[str]) -> None:
    """Raise NotTranslated where the trees take a real power of what may be negative, `said` being the relations that hold."""
    known = dict.fromkeys(positive, Fraction(0))
    known |= {s.name: Fraction(0) for t in trees for x in walk(t) for s in x.shape or () if s.head in {"sym", "item"}}
    gaps = []
    for high, low in (ends(r) for r in said if r.head in ORDERS):
        gaps.append(linear(Tree("add", (high, Tree("neg", (low,))))))
        if high.head == "sym" and (value := number(low)) is not None:
            known[high.name] = max(value, known.get(high.name, value))
    for base in (b for t in trees for b in bases(t, known)):
        if linear(base) not in gaps:
            raise NotTranslated(f"a real power of what may be negative ({base.head})")


def ends(order: Tree) -> tuple[Tree, ...]:
    """The larger side of an order relation, then the smaller one."""
    return order.parts if order.head in {"ge", "gt"} else order.parts[::-1]


def bases(x: Tree, known: Least) -> Iterator[Tree]:
    """The bases of real powers in a tree of which it is not seen that they are at least 0."""
    n = number(x.parts[1]) if x.head == "pow" else Fraction(1)
    if (n is None or n.denominator != 1) and least(x.parts[0], known) is None:
        yield x.parts[0]
    inside = within(x, known)
    for part in x.parts:
        yield from bases(part, inside)


def linear(x: Tree) -> dict[Tree | None, Fraction]:
    """A number as {term: coefficient}, the constant under None."""
    if (value := number(x)) is not None:
        return {None: value} if value else {}
    if x.head == "neg":
        return {t: -c for t, c in linear(x.parts[0]).items()}
    if x.head != "add":
        return {x: Fraction(1)}
    found: dict[Tree | None, Fraction] = {}
    for part in x.parts:
        for t, c in linear(part).items():
            found[t] = found.get(t, Fraction(0)) + c
    return {t: c for t, c in found.items() if c}


def within(x: Tree, known: Least) -> Least:
    """What is known in the last argument, where x binds an index from a first value on, or a variable that falls or grows."""
    if x.head == "converges":  # to 0 from above, or to infinity
        return {**known, x.parts[1].name: Fraction(0)}
    if x.head not in BINDING:
        return known
    name, first = str(x.args[0]), least(x.parts[0], known)
    return {k: v for k, v in known.items() if k != name} | ({} if first is None else {name: first})


def least(x: Tree, known: Least) -> Fraction | None:
    """A number >= 0 that x is at least, as far as it is seen."""
    low = _least(x, known)
    return low if low is not None and low >= 0 else None


def _least(x: Tree, known: Least) -> Fraction | None:
    if x.head in {"num", "neg"}:
        return number(x)
    if x.head in {"sym", "item"}:
        return known.get(x.name)
    if x.head in NEVER_NEGATIVE or (x.head == "inner" and x.parts[0] == x.parts[1]):
        return Fraction(0)
    if x.head == "pow":
        n = number(x.parts[1])
        return Fraction(0) if (n is not None and (n / 2).denominator == 1) or least(x.parts[0], known) is not None else None
    if x.head in {"sum", "prod"}:
        return Fraction(0) if least(x.parts[2], within(x, known)) is not None else None
    parts = [_least(p, known) for p in x.parts] if x.head in {"add", "min", "mul", "div"} else [None]
    lows = [p for p in parts if p is not None]
    if len(lows) < len(parts):
        return None
    if x.head in {"add", "min"}:
        return sum(lows, Fraction(0)) if x.head == "add" else min(lows)
    if min(lows) < 0:
        return None
    return prod(lows, start=Fraction(1)) if x.head == "mul" else Fraction(0)
