"""Expectations over Gaussian layers as normal forms: Wick's theorem, one layer at a time.

E[sum of terms] is taken term by term, and what does not mention the random layers stands outside. Of a monomial in traces of
products of layers, the topmost layer of some product is integrated out if it is known of every other product whether it has
that layer: its occurrences are paired in all ways, each pair joins the indices of its two factors, and what is left are traces
of shorter products. Where nothing is known to be a layer, E of the rest is an atom (a letter for a matrix), with independent
parts apart; so E[|W_(h+1) .. W_1 x|^2] becomes n_(h+1) s E[|W_h .. W_1 x|^2], for symbolic h and any widths.

Only polynomials in the layers are read: their moments exist.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

from flint import fmpq

from theorycheck.exact.context import Context
from theorycheck.exact.form import (
    ONE_F,
    Form,
    Frozen,
    NotInForm,
    assemble,
    atom,
    closed,
    combine,
    const,
    opened,
    show_atom,
    thaw,
)
from theorycheck.exact.letters import letter, size, trace
from theorycheck.exact.words import Letter, Word, key, transpose_word
from theorycheck.tree import Node
from theorycheck.tree.node import RANDOM, affine, bound_names, free_names, from_affine

MOST_PAIRED = 10  # occurrences of one layer: 945 pairings


@dataclass(frozen=True)
class Law:
    """The random families by their names in normal forms, and the covariances K_11, K_12, .., K_22, .. of their entries."""

    names: tuple[str, ...]
    covariances: tuple[Frozen, ...]

    def covariance(self, a: str, b: str) -> Form:
        i, j = sorted((self.names.index(a), self.names.index(b)))
        return thaw(self.covariances[i * len(self.names) - i * (i - 1) // 2 + j - i])


Linear = dict[Any, fmpq]  # coefficients of atoms; the constant under None


@dataclass(frozen=True)
class Order:
    """Which of two indices is smaller, as far as it follows from the linear forms that the context knows to be >= 0."""

    ctx: Context
    known: dict[tuple[Node, Node], bool] = field(default_factory=dict)

    @cached_property
    def bounds(self) -> list[Linear]:
        return [x for f in (*self.ctx.lower, *self.ctx.strict) if (x := _linear(f)) is not None]

    def at_most(self, a: Node, b: Node) -> bool:
        if (a, b) not in self.known:
            gap = _linear(size(b) - size(a))
            self.known[a, b] = gap is not None and self._nonnegative(gap, 4)
        return self.known[a, b]

    def _nonnegative(self, x: Linear, steps: int) -> bool:
        """Whether x is a number >= 0 after multiples >= 0 of the bounds are taken off, one for each symbol to be removed."""
        a = min((a for a in x if a is not None), key=key, default=None)
        if a is None or not steps:
            return a is None and x.get(None, fmpq(0)) >= 0
        return any(self._nonnegative(_less(x, x[a] / f[a], f), steps - 1) for f in self.bounds if f.get(a, fmpq(0)) * x[a] > 0)


def _linear(x: Form) -> Linear | None:
    """A form as a linear combination of atoms, None where it is not one."""
    found: Linear = {}
    for (binders, factors, word), c in x.terms.items():
        if binders or word or len(factors) > 1 or any(e != ONE_F for _, e in factors):
            return None
        found[next((a for a, _ in factors), None)] = c
    return found


def _less(x: Linear, factor: fmpq, f: Linear) -> Linear:
    left = {a: x.get(a, fmpq(0)) - factor * f.get(a, fmpq(0)) for a in {*x, *f}}
    return {a: c for a, c in left.items() if c}


def expectation(t: Node, ctx: Context) -> Form:
    """The normal form of E[body]; NotInForm where the body is no polynomial in the random layers."""
    from theorycheck.exact.read import read

    body = t.nodes[0]
    level = height(body) + 1
    hidden = {name: f"~{level}.{k}" for k, name in enumerate(str(t.args[0]).split())}
    law = Law(tuple(hidden.values()), _covariances(t, ctx))
    return average(read(renamed(body, hidden), ctx), law, Order(ctx))


def probability(t: Node, ctx: Context) -> Form:
    """P[event] as an atom: equal events are equal trees, up to the names of the layers."""
    event = t.nodes[0]
    hidden = {name: f"~{height(event) + 1}.{k}" for k, name in enumerate(str(t.args[0]).split())}
    return atom(("prob", *_covariances(t, ctx), renamed(event, hidden)))


def _covariances(t: Node, ctx: Context) -> tuple[Frozen, ...]:
    """Numbers that do not depend on the layers whose law they give."""
    from theorycheck.exact.read import read

    for c in t.nodes[1:]:
        if own := bound_names(t) & free_names(c):
            raise NotInForm(f"the variance of {min(own)} depends on {min(own)}")
    return tuple(read(c, ctx).frozen() for c in t.nodes[1:])


def height(t: Node) -> int:
    """How many expectations stand inside each other: their bound layers are named by it."""
    return max((height(n) for n in t.nodes), default=0) + (t.head in RANDOM)


def renamed(t: Node, names: Mapping[str, str]) -> Node:
    """The tree with families of layers renamed, where they are not bound further inside."""
    names = {k: v for k, v in names.items() if k not in bound_names(t)} if t.head in RANDOM else names
    if not names:
        return t
    args = tuple(renamed(a, names) if isinstance(a, Node) else a for a in t.args)
    if t.head == "chain":
        args = (names.get(str(args[0]), args[0]), *args[1:])
    return Node(t.head, args, t.shape)


def average(x: Form, law: Law, order: Order) -> Form:
    """E of a form, term by term."""
    parts = []
    for (binders, old, letters), c in x.terms.items():
        names, (ends, factors, word) = opened(binders, (old, letters))
        inside = Order(order.ctx.within(names, ends)) if names else order
        plain = [(a, e) for a, e in factors if not mentions(a, law.names) and not mentions(e, law.names)]
        traces = [w for a, e in factors if (a, e) not in plain for w in _traces(a, e)]
        outer = assemble((), plain, (), c, ())
        parts.append(closed(names, ends, outer * _moment(traces, word, x.shape, law, inside)))
    return combine(parts, x.shape)


@lru_cache(maxsize=100_000)
def mentions(x: Any, names: tuple[str, ...]) -> bool:
    """Whether a chain of one of these families occurs in a part of a form."""
    if isinstance(x, tuple) and len(x) == 4 and x[0] == "chain":
        return x[1] in names
    return isinstance(x, tuple | frozenset) and any(mentions(y, names) for y in x)


def _traces(a: Any, e: Frozen) -> list[Word]:
    """A power of a trace as that many traces."""
    n = thaw(e).constant()
    if not isinstance(a, tuple) or a[0] != "tr" or n is None or n.denom() != 1 or not 0 < n < 40:
        raise NotInForm(f"the expectation of {show_atom(a)} to a power: it is no polynomial in the random layers")
    return [a[1]] * int(n)


def _random(x: Letter, law: Law) -> bool:
    return isinstance(x[0], tuple) and x[0][0] == "chain" and x[0][1] in law.names


def _moment(traces: Sequence[Word], word: Word, shape: tuple[Node, ...], law: Law, order: Order) -> Form:
    """E of a product of traces and of one open word."""
    if any(mentions(x[0], law.names) and not _random(x, law) for w in (*traces, word) for x in w):
        raise NotInForm("a random layer inside a function has no moments that are known here")
    chains = [x for w in (*traces, word) for x in w if _random(x, law)]
    k = _known_layer(chains, order)
    if k is None:
        return _rest(traces, word, shape, law, order)
    split = [_split(w, k, law, order) for w in (*traces, word)]
    return average(combine(_contracted(split[:-1], split[-1], shape, k, law), shape), law, order)


# --- which layer -------------------------------------------------------------------------------------------------------------
def _known_layer(chains: Sequence[Letter], order: Order) -> Node | None:
    """A layer at the top of some product, or else just above one or just below one, of which it is known where it occurs, and
    that it occurs at all."""
    tops: list[Node] = sorted({x[0][2] for x in chains}, key=key)
    above = sorted({from_affine(affine(x[0][2] + 1)) for x in chains}, key=key)
    below = sorted({from_affine(affine(x[0][3] - 1)) for x in chains}, key=key)
    for k in (*tops, *above, *below):
        found = [_has(x, k, order) for x in chains]
        if None not in found and True in found:
            return k
    return None


def _has(x: Letter, k: Node, order: Order) -> bool | None:
    """Whether W_hi .. W_lo has the layer k; None where that is not known."""
    _, _, hi, lo = x[0]
    if order.at_most(k, hi) and order.at_most(lo, k):
        return True
    return False if order.at_most(hi + 1, k) or order.at_most(k + 1, lo) else None


def _split(word: Word, k: Node, law: Law, order: Order) -> list[Letter]:
    """The letters with the layer k of each product on its own; empty products are left out."""
    out: list[Letter] = []
    for x in word:
        if not (_random(x, law) and _has(x, k, order)):
            out.append(x)
            continue
        (_, name, hi, lo), transposed, rows, cols = x
        top, bottom = (cols, rows) if transposed else (rows, cols)
        pieces = _pieces(name, hi, lo, k, top, bottom)
        out += [(b, True, c, r) for b, r, c in reversed(pieces)] if transposed else [(b, False, r, c) for b, r, c in pieces]
    return out


def _pieces(name: str, hi: Node, lo: Node, k: Node, top: Node, bottom: Node) -> list[tuple[Any, Node, Node]]:
    """W_hi .. W_(k+1), W_k, W_(k-1) .. W_lo with their sizes, without the empty ones."""
    above, below = from_affine(affine(k + 1)), from_affine(affine(k - 1))
    is_top, is_bottom = affine(hi - k) == {}, affine(k - lo) == {}
    n_k, n_below = top if is_top else _width(top, k), bottom if is_bottom else _width(bottom, below)
    upper, lower = (("chain", name, hi, above), top, n_k), (("chain", name, below, lo), n_below, bottom)
    return [*([] if is_top else [upper]), (("chain", name, k, k), n_k, n_below), *([] if is_bottom else [lower])]


def _width(end: Node, k: Node) -> Node:
    """The width n_k, of the family that an end of the product is taken from."""
    return Node("item", (str(end.args[0]) if end.head == "item" else "n", k))


# --- pairings ----------------------------------------------------------------------------------------------------------------
Port = tuple[int, str]  # the row or the column index of one occurrence of the layer
Segment = tuple[Port | None, Port | None, Form]  # what stands between two occurrences; None is an end of the open word


def pairings(items: Sequence[int]) -> Iterator[list[tuple[int, int]]]:
    """All ways to put an even number of things into pairs."""
    if not items:
        yield []
        return
    first, *others = items
    for i, second in enumerate(others):
        for rest in pairings(others[:i] + others[i + 1 :]):
            yield [(first, second), *rest]


def _contracted(
    cycles: Sequence[list[Letter]], path: list[Letter], shape: tuple[Node, ...], k: Node, law: Law
) -> Iterator[Form]:
    """The product of traces and of the open word, with all pairings of the layer k."""
    names: list[str] = []
    segments: list[Segment] = []
    outside: list[Form] = []
    for letters in cycles:
        found = _segments(letters, True, k, names, law)
        segments += found
        outside += [] if found else [trace(_word(letters, shape))]
    opened_path = _segments(path, False, k, names, law)
    fixed = const(1)
    for x in outside:
        fixed = fixed * x
    if not opened_path:
        fixed = fixed * _word(path, shape)
    if len(names) > MOST_PAIRED:
        raise NotInForm(f"{len(names)} occurrences of one random layer have too many pairings; at most {MOST_PAIRED}")
    for pairs in pairings(range(len(names))) if len(names) % 2 == 0 else ():
        result = fixed
        for i, j in pairs:
            result = result * law.covariance(names[i], names[j])
        joined = {(a, side): (b, side) for i, j in pairs for a, b in ((i, j), (j, i)) for side in ("row", "col")}
        yield _closed_up(result, [*segments, *opened_path], joined)


def _segments(letters: list[Letter], cyclic: bool, k: Node, names: list[str], law: Law) -> list[Segment]:
    """What stands between the occurrences of the layer k (`names` grows by their families); none for a word without it."""
    here = [i for i, x in enumerate(letters) if _random(x, law) and affine(x[0][2] - k) == {} and affine(x[0][3] - k) == {}]
    if not here:
        return []
    first = len(names)
    names += [letters[i][0][1] for i in here]
    right: list[Port] = [(first + m, "row" if letters[i][1] else "col") for m, i in enumerate(here)]
    left: list[Port] = [(first + m, "col" if letters[i][1] else "row") for m, i in enumerate(here)]
    inner: list[Segment] = [
        (right[m], left[m + 1], _word(letters[i + 1 : j], (letters[i][3], letters[j][2])))
        for m, (i, j) in enumerate(pairwise(here))
    ]
    before, after = letters[: here[0]], letters[here[-1] + 1 :]
    start, end = letters[here[0]][2], letters[here[-1]][3]
    if cyclic:
        return [*inner, (right[-1], left[0], _word(after + before, (end, start)))]
    outer = (before[0][2] if before else start), (after[-1][3] if after else end)
    return [(None, left[0], _word(before, (outer[0], start))), *inner, (right[-1], None, _word(after, (end, outer[1])))]


def _word(letters: Sequence[Letter], shape: tuple[Node, ...]) -> Form:
    """The product of letters; the identity (of the given size) where there are none."""
    if not letters:
        return const(1, shape)
    result = letter(letters[0][0], letters[0][2], letters[0][3], letters[0][1])
    for base, transposed, rows, cols in letters[1:]:
        result = result @ letter(base, rows, cols, transposed)
    return result


def _closed_up(factor: Form, segments: Sequence[Segment], joined: Mapping[Port, Port]) -> Form:
    """The segments joined at paired ports: traces, and the open word from end to end."""
    at = {port: (i, forward) for i, (a, b, _) in enumerate(segments) for port, forward in ((a, True), (b, False)) if port}
    left = dict(enumerate(segments))
    result = factor
    starts = [i for i, s in left.items() if s[0] is None] + [i for i, s in left.items() if s[0] is not None]
    for i in starts:
        if i not in left:
            continue
        first, port, x = left.pop(i)
        while port is not None and joined[port] != first:
            i, forward = at[joined[port]]
            a, b, more = left.pop(i)
            x, port = x @ (more if forward else more.T), b if forward else a
        result = result * (x if first is None else trace(x))
    return result


# --- what is left -------------------------------------------------------------------------------------------------------------
def _rest(traces: Sequence[Word], word: Word, shape: tuple[Node, ...], law: Law, order: Order) -> Form:
    """Independent parts as atoms E[..], and the open word as a letter of its own."""
    parts: list[list[Word]] = []
    for w in sorted(traces, key=key):
        linked = [p for p in parts if any(_dependent(w, v, law, order) for v in p)]
        parts = [p for p in parts if p not in linked] + [[w, *(v for p in linked for v in p)]]
    with_word = [p for p in parts if any(_dependent(word, v, law, order) for v in p)]
    result = const(1)
    for p in parts:
        if p not in with_word:
            result = result * atom(("expect", *law.covariances, _of_traces(p, (), ()).frozen()))
    if not any(_random(x, law) for x in word):
        return result * Form({((), frozenset(), word): fmpq(1)}, shape)
    inside = [v for p in with_word for v in p]
    turned = min(word, transpose_word(word), key=key)
    rows, cols = shape if turned == word else shape[::-1]
    base = ("expect", *law.covariances, _of_traces(inside, turned, (rows, cols)).frozen())
    return result * letter(base, shape[0], shape[1], turned != word)


def _dependent(v: Word, w: Word, law: Law, order: Order) -> bool:
    """Whether two words may have a layer in common."""
    pairs = [(x[0], y[0]) for x in v if _random(x, law) for y in w if _random(y, law)]
    return any(not (order.at_most(x[2] + 1, y[3]) or order.at_most(y[2] + 1, x[3])) for x, y in pairs)


def _of_traces(traces: Sequence[Word], word: Word, shape: tuple[Node, ...]) -> Form:
    return assemble((), [(("tr", w), ONE_F) for w in traces], word, fmpq(1), shape)
