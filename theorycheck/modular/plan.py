"""Lines, and random points for them: which names are sizes and which are indices, and how large they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace
from fractions import Fraction
from random import Random
from typing import Any

from theorycheck.domain import Domain
from theorycheck.modular.equations import Equation, assigned, gram, gram_of_rows, holds
from theorycheck.modular.evaluate import Reader
from theorycheck.modular.field import NoPoint
from theorycheck.modular.point import Kinds, Point
from theorycheck.modular.solve import Solver
from theorycheck.tree import Node, free_names, num, walk
from theorycheck.tree.node import affine

LONGEST_WORD = 24  # sizes are larger than the longest word, up to this
PLACES = {"sum": slice(0, 2), "prod": slice(0, 2), "chain": slice(0, 2), "item": slice(0, 1), "singular": slice(1, 2)}
SENSITIVE = {"sqrt", "abs", "sign", "norm", "pow", "log", "schatten"}


@dataclass(frozen=True)
class Product:
    """multiplier * (left - right) of an equation, or its product with matrices, or the trace of that (`traced`)."""

    relation: Node
    multiplier: Node | None = None
    before: Node | None = None
    after: Node | None = None
    traced: bool = False


@dataclass(frozen=True)
class Line:
    """`shows` (an equation) follows from the equations `using` and is, up to these, the sum of the products `terms`."""

    shows: Node
    using: tuple[Equation, ...] = ()
    terms: tuple[Product, ...] = ()
    conditions: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Problem:
    """A line with what a point needs to know of its domain: the kinds of names, and the conditions on what is free."""

    line: Line
    declared: Kinds
    conditions: tuple[Node, ...]


def problem_of(line: Line, domain: Domain) -> Problem:
    """A line in its domain."""
    conditions = (*(h.shows for h in domain.hypotheses if not h.variables and not h.given), *line.conditions)
    ordered = tuple(c for c in conditions if c.head in {"lt", "le", "gt", "ge", "eq"})
    return Problem(replace(line, using=assigned(line.using)), _kinds(domain, line.conditions), ordered)


@dataclass(frozen=True)
class Plan:
    """What is the same at all points of a line: the kinds of names, which of them are sizes (`narrow` ones below the others) or
    indices, the conditions on these, vectors to be drawn first, whether signs matter."""

    line: Line
    kinds: Kinds
    sizes: frozenset[str]
    narrow: frozenset[str]
    indices: tuple[str, ...]
    conditions: tuple[Node, ...]
    vectors: tuple[Node, ...]
    sensitive: bool
    names: frozenset[str]


def make_plan(problem: Problem) -> Plan:
    line, parts = problem.line, trees(problem.line)
    sizes = _size_names(parts)
    places = [n for tree in parts for _, n in walk(tree) if n.head in PLACES]
    integers = sizes | {name for n in places for x in n.nodes[PLACES[n.head]] for name in free_names(x)}
    kinds = replace(problem.declared, integers=problem.declared.integers | integers)
    names = frozenset(n for tree in parts for n in free_names(tree))
    indices = _indices(line, names, problem.conditions, kinds.integers) - sizes
    sensitive = any(n.head in SENSITIVE for tree in parts for _, n in walk(tree))
    vectors = tuple(_vectors(line)) if line.using else ()
    narrow = frozenset(_narrow(line.using))
    return Plan(line, kinds, sizes, narrow, tuple(sorted(indices)), problem.conditions, vectors, sensitive, names)


def trees(line: Line) -> list[Node]:
    """All trees that a line speaks of."""
    out = [line.shows]
    for e in line.using:
        out += [e.left, e.right]
    for t in line.terms:
        out += [x for x in (t.relation, t.multiplier, t.before, t.after) if x is not None]
    return out


def make_point(plan: Plan, random: Random) -> Point:
    """Integers that satisfy the conditions on them, sizes above the longest word, everything else when it is asked for."""
    line = plan.line
    whole = _integers(plan, random)
    words = Reader(Point(plan.kinds, dict(whole), random, lambda point, key: 2))
    least = 1 + min(LONGEST_WORD, max(length(words, tree) for tree in trees(line)))

    def size(point: Point, key: Any) -> int:
        name = key[0] if isinstance(key, tuple) else key
        if name not in plan.sizes:
            return point.random.randint(1, 3)
        return least + point.random.randint(0, 3) + (0 if name in plan.narrow else 4)

    point = Point(plan.kinds, whole, random, size, Solver(line.using))
    _square_frames(line.using, point)
    return point


def _kinds(domain: Domain, conditions: Sequence[Node]) -> Kinds:
    """What the domain and the conditions declare of names."""
    integers = frozenset(v.name for v in domain.variables if v.integer)
    positive = {v.name for v in domain.variables if v.positive and not v.integer}
    for relation in (*(h.shows for h in domain.hypotheses), *conditions):
        if relation.head not in {"lt", "le", "gt", "ge"}:
            continue
        low, high = relation.nodes if relation.head in {"lt", "le"} else relation.nodes[::-1]
        if high.head in {"sym", "item"} and low.head == "num" and Fraction(str(low.args[0])) >= 0:
            positive.add(str(high.args[0]))
    return Kinds(integers, frozenset(positive), frozenset(v.name for v in domain.variables if v.symmetric))


def _size_names(parts: Sequence[Node]) -> frozenset[str]:
    """Symbols and families that are sizes of a matrix of the line (rather than indices in them)."""
    shapes = {s for tree in parts for _, n in walk(tree) for s in n.shape or ()}
    return frozenset(str(a.args[0]) for s in shapes for a in affine(s) if a is not None and a.head in {"sym", "item"})


def _narrow(equations: Sequence[Equation]) -> set[str]:
    """Names of sizes that count orthonormal columns, so that they are drawn below the others."""
    found = set()
    for e in equations:
        x = gram(e.left)
        if x is not None and x.shape and e.right.head == "eye":
            rows, cols = ({str(a.args[0]) for a in affine(s) if a is not None} for s in x.shape)
            found |= cols - rows
    return found


def _square_frames(equations: Sequence[Equation], point: Point) -> None:
    """X X^T = I beside X^T X = I: X is square, so its sizes are the same."""
    for e in equations:
        x = gram_of_rows(e.left)
        if x is not None and not e.variables and e.right.head == "eye" and x.shape:
            rows, cols = x.shape
            read = Reader(point)
            if rows.head in {"sym", "item"} and cols.head in {"sym", "item"}:
                point.whole[_size_key(read, rows)] = read.integer(cols)


def _size_key(read: Reader, s: Node) -> Any:
    return str(s.args[0]) if s.head == "sym" else (s.args[0], read.integer(s.nodes[0]))


def _indices(line: Line, names: Set[str], conditions: Sequence[Node], integers: Set[str]) -> frozenset[str]:
    """The integer symbols of the line, and those that conditions connect with them."""
    found = (names | {n for e in line.using for g in e.given for n in free_names(g)}) & integers
    linked = [free_names(c) & integers for c in conditions]
    for _ in linked:
        found |= {n for some in linked if some & found for n in some}
    return frozenset(found)


def _integers(plan: Plan, random: Random) -> dict[Any, int]:
    """Values 0 .. 5 of index symbols that satisfy the conditions on them."""
    about = [c for c in plan.conditions if free_names(c) and free_names(c) <= set(plan.indices)]
    kinds = Kinds(frozenset(plan.indices), frozenset(), frozenset())
    for _ in range(2000):
        whole: dict[Any, int] = {name: random.randint(0, 5) for name in plan.indices}
        read = Reader(Point(kinds, dict(whole), random, lambda point, key: 1))
        if all(holds(read, c) for c in about):
            return whole
    raise NoPoint("no integers that satisfy the conditions on them")


def length(read: Reader, t: Node) -> int:
    """The number of letters of the longest word that a tree multiplies out to, at the point's integers."""
    parts = [n for n in t.nodes if n.shape is not None]
    match t.head:
        case "num" | "eye" | "zero" | "infinity":
            return 0
        case "sym" | "item":
            return int(bool(t.shape))
        case "chain":
            hi, lo = (read.integer(n) for n in t.nodes)
            return max(0, hi - lo + 1)
        case "mul" | "matmul" | "inner" | "div":
            return sum(length(read, n) for n in parts)
        case "norm":
            return 2 * length(read, parts[0])
        case "sum" | "prod":
            inside = replace(read, bound={**read.bound, str(t.args[0]): read.integer(t.nodes[0])})
            return length(inside, t.nodes[2])
        case "app" | "grad" | "at":
            return 1
    return max((length(read, n) for n in parts), default=0)


def _vectors(line: Line) -> Iterator[Node]:
    """The vectors that the line names, drawn first: the matrices that act on them are solved for with regard to them."""
    for tree in (line.shows, *(x for e in line.using if not e.variables for x in (e.left, e.right))):
        for n in _leaves(tree):
            if n.shape and n.shape[1] == num(1) and n.head in {"sym", "item"}:
                yield n


def _leaves(tree: Node) -> Iterator[Node]:
    """The nodes of a tree outside sums and the like, whose bound indices have no value here."""
    if tree.head in {"sum", "prod", "integral", "limit"}:
        return
    yield tree
    for n in tree.nodes:
        yield from _leaves(n)
