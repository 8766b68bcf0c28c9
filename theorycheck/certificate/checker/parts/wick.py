"""Expectations of polynomials in Gaussian layers, one layer at a time.

E is linear, and what does not mention a random layer stands outside. Of a product of traces, a layer W_k is integrated out of
which it is known in which products W_hi .. W_lo it occurs: E[<W, B> f] = sum of the covariance with each other occurrence of
the layer, in f and in B, which leaves its place to the other factors (integration by parts; Wick's theorem). So an odd number
of occurrences gives 0, a product of no layers is the identity, and widths may be anything. Where no layer is known to occur,
the expectation stays an atom, with independent parts apart: parts that are known to have no layer in common.
"""

from __future__ import annotations

from typing import Any

from flint import fmpq

from ..core import (
    LETTERS,
    ONE,
    OPERATIONS,
    ZERO,
    Context,
    Form,
    Letters,
    add,
    assemble,
    atom,
    closed,
    closed_law,
    key,
    letter,
    names_in,
    need,
    opened,
    read_off,
    trace,
    transposed,
    word_form,
)  # fmt: skip

MEAN = ("mat", "~mean")
MOST = 12  # occurrences of one layer
Law = tuple[tuple[str, ...], tuple[Form, ...]]
Cycle = tuple[Any, Form]  # a word under a trace, and its size, which an empty one has too


def average(x: Form, names: tuple[str, ...], covariances: tuple[Form, ...], ctx: Context) -> Form:
    """E over random layers of these names, which occur nowhere else; of a matrix M read off E<M, D> for any D."""
    law = names, covariances
    if x.shape:
        linear = average(trace(x * letter(MEAN, *x.shape).T), *law, ctx)
        return read_off(linear, MEAN, x.shape)
    parts = []
    for term, c in x.terms.items():
        binders, body = opened(term)
        (((_, factors, _), k),) = body.terms.items()
        moving = [(a, e) for a, e in factors if random((a, e), law)]
        outer = assemble([f for f in factors if f not in moving], (), c * k, ())
        need(not random(tuple(binders), law), "the range of a sum is random")
        inner = mean([w for a, e in moving for w in powers(a, e, law)], law, ctx.within(binders) if binders else ctx)
        parts.append(closed(binders, outer * inner))
    return add(parts)


def random(x: Any, law: Law) -> bool:
    return bool(names_in(x) & set(law[0]))


def powers(a: Any, e: Form, law: Law) -> list[Any]:
    """A natural power of the trace of a product as so many words, in which nothing is random but layers."""
    n = e.whole()
    need(a[0] == "tr" and n is not None and 0 < n <= MOST, "the expectation of what is no polynomial in the random layers")
    need(not any(random((w[0][2:] if layers(w, law) else w[0], w[2:]), law) for w in a[1]), "a random layer inside a function")
    return [a[1]] * int(n or 0)


def layers(w: Any, law: Law) -> bool:
    """Whether a letter is a product of random layers."""
    return w[0][0] == "chain" and w[0][1] in law[0]


def mean(words: list[Any], law: Law, ctx: Context) -> Form:
    chains = [w for word in words for w in word if layers(w, law)]
    k = known_layer(chains, ctx)
    if k is None:
        return independent(words, law, ctx)
    cut = [tuple(x for w in word for x in (split(w, k) if layers(w, law) and within(k, w, ctx) else [w])) for word in words]
    count = sum(x[0][0] == "layer" for word in cut for x in word)
    need(count <= MOST, f"{count} occurrences of one random layer")
    return average(paired([(word, word[0][2]) for word in cut], law), *law, ctx)


# --- which layer ------------------------------------------------------------------------------------------------------------
def known_layer(chains: list[Any], ctx: Context) -> Form | None:
    """A layer of which it is known in which products it occurs, and that it occurs: the last of one, or beside one."""
    tops, above, below = [[f(w[0]) for w in chains] for f in (lambda b: b[2], lambda b: b[2] + ONE, lambda b: b[3] - ONE)]
    for k in (x for ends in (tops, above, below) for x in sorted(set(ends), key=key)):
        found = [within(k, w, ctx) for w in chains]
        if None not in found and True in found and all(split(w, k) for w, here in zip(chains, found, strict=True) if here):
            return k
    return None


def within(k: Form, w: Any, ctx: Context) -> bool | None:
    """Whether W_hi .. W_lo has the layer k; None where that is not known."""
    hi, lo = w[0][2:]
    if at_least(hi - k, ctx) and at_least(k - lo, ctx):
        return True
    return False if at_least(k - hi - ONE, ctx) or at_least(lo - k - ONE, ctx) else None


def at_least(x: Form, ctx: Context, steps: int = 4) -> bool:
    """Whether x >= 0 by multiples of linear relations, one for each symbol to be removed."""
    c = x.constant()
    if c is not None or not steps:
        return c is not None and c >= 0
    if "linear" not in ctx.known:
        ctx.known["linear"] = [g for g, _ in ctx.gaps if all(not t[0] and len(t[1]) < 2 and not t[2] for t in g.terms)]
    t = min((t for t in x.terms if t[1]), key=key)
    ratios = [(x.terms[t] / g.terms[t], g) for g in ctx.known["linear"] if t in g.terms]
    return any(at_least(x - g.scale(r), ctx, steps - 1) for r, g in ratios if r > 0)


def split(w: Any, k: Form) -> Any:
    """W_hi .. W_(k+1), W_k, W_(k-1) .. W_lo, without empty products; None where the widths between them are not known."""
    (_, name, hi, lo), turned, *ends = w
    rows, cols = ends[::-1] if turned else ends
    if hi == lo:
        found = [(("layer", name, k), False, rows, cols)]
    else:
        items = [a[1] for _, factors, _ in rows.terms for a, _ in factors if a[0] == "item"]
        if not items or (rows, cols) != tuple(atom(("item", items[0], i)) for i in (hi, lo - ONE)):
            return None
        upper, lower = (atom(("item", items[0], i)) for i in (k, k - ONE))
        found = [(("layer", name, k), False, upper, lower)]
        found = [(("chain", name, hi, k + ONE), False, rows, upper), *found] if (hi - k).terms else found
        found = [*found, (("chain", name, k - ONE, lo), False, lower, cols)] if (k - lo).terms else found
    return transposed(found) if turned else found


# --- pairs ------------------------------------------------------------------------------------------------------------------
def paired(cycles: list[Cycle], law: Law) -> Form:
    """E over the one layer that was cut out of a product of traces: its first occurrence joined to each other one."""
    i = next((i for i, (word, _) in enumerate(cycles) if places(word)), None)
    if i is None:
        result = ONE
        for word, size in cycles:
            result = result * trace(word_form(word, (size, size)))
        return result
    (first, *rest), others = turned_to(cycles[i][0], places(cycles[i][0])[0]), cycles[:i] + cycles[i + 1 :]
    own, parts = tuple(rest), []
    for p in places(own):  # Tr[W P W Q] -> Tr[P Q^T], Tr[W P W^T Q] -> Tr[P] Tr[Q]
        (_, turned, *_), before, after = own[p], own[:p], own[p + 1 :]
        joined = [(before, first[3]), (after, first[2])] if turned else [(before + transposed(after), first[3])]
        parts.append(covariance(first, own[p], law) * paired(joined + others, law))
    for j, (word, _) in enumerate(others):
        for p in places(word):  # Tr[W B] Tr[W C] -> Tr[B^T C]
            second, *more = turned_to(word, p)
            joined = [(transposed(own) + tuple(more), first[2])]
            parts.append(covariance(first, second, law) * paired(joined + others[:j] + others[j + 1 :], law))
    return add(parts)


def places(word: Any) -> list[int]:
    return [p for p, w in enumerate(word) if w[0][0] == "layer"]


def turned_to(word: Any, p: int) -> Any:
    """The word under a trace, turned so that the layer at this place comes first, not transposed."""
    word = word[p:] + word[:p]
    return word if not word[0][1] else (transposed(word[:1]) + transposed(word[1:]))


def covariance(v: Any, w: Any, law: Law) -> Form:
    sizes = [x[:1:-1] if x[1] else x[2:] for x in (v, w)]
    need(v[0][2] == w[0][2] and sizes[0] == sizes[1], "one layer with two indices or sizes")
    i, j = sorted(law[0].index(x[0][1]) for x in (v, w))
    return law[1][i * len(law[0]) - i * (i - 1) // 2 + j - i]


# --- what stays -------------------------------------------------------------------------------------------------------------
def independent(words: list[Any], law: Law, ctx: Context) -> Form:
    """E of each group of words that may have layers in common; of that with a matrix D, a mean of the matrix beside it."""
    groups: list[list[Any]] = []
    for word in sorted(words, key=key):
        linked = [g for g in groups if any(common(word, v, law, ctx) for v in g)]
        groups = [g for g in groups if g not in linked] + [[word, *(v for g in linked for v in g)]]
    result = ONE
    for group in groups:
        result = result * remaining(group, law)
    return result


def common(v: Any, w: Any, law: Law, ctx: Context) -> bool:
    """Whether two words may have a layer in common."""
    pairs = [(x[0], y[0]) for x in v if layers(x, law) for y in w if layers(y, law)]
    return not all(at_least(y[3] - x[2] - ONE, ctx) or at_least(x[3] - y[2] - ONE, ctx) for x, y in pairs)


def remaining(words: list[Any], law: Law) -> Form:
    content = assemble([(("tr", w), ONE) for w in words if MEAN not in [x[0] for x in w]], (), fmpq(1), ())
    for word in words:
        if MEAN in (bases := [x[0] for x in word]):
            i = bases.index(MEAN)
            rest = word[i + 1 :] + word[:i]
            start, *_, end = [p for p, x in enumerate(rest) if layers(x, law)] * 2
            middle = rest[start : end + 1]
            matrix = content * word_form(middle, (middle[0][2], middle[-1][3]))
            upright = min(matrix, matrix.T, key=key)
            base = closed_law("symmetric" if matrix == matrix.T else "mean", *law, upright)
            own = (base, matrix != upright, *matrix.shape)
            return trace(word_form((*rest[:start], own, *rest[end + 1 :], word[i]), (word[i][3],) * 2))
    return atom(closed_law("expect", *law, content))


LETTERS["symmetric"] = Letters(lambda x, y: None, lambda x: False, symmetric=True)  # the mean of a symmetric matrix
OPERATIONS["average"] = average
