"""Expectations of polynomials in Gaussian layers, one layer at a time.

E is linear, and what does not mention a random layer stands outside. Of a product of traces, a layer W_k is integrated out
of which it is known in which products W_hi .. W_lo it occurs (`pairings`). Where there is none, the expectation stays as it
is (`remaining`). A product of no layers is the identity, and widths may be anything.
"""

from __future__ import annotations

from typing import Any

from ..core import (
    ONE,
    OPERATIONS,
    Context,
    Form,
    add,
    assemble,
    at_least,
    atom,
    closed,
    independent,
    key,
    letter,
    names_in,
    need,
    opened,
    paired,
    read_off,
    trace,
    transposed,
)  # fmt: skip

MEAN = ("mat", "~mean")
MOST = 12  # occurrences of one layer
Law = tuple[tuple[str, ...], tuple[Form, ...]]


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
    return w[0][0] in {"chain", "alone"} and w[0][1] in law[0]


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
    ends: list[set[Form]] = [{w[0][2] for w in chains}, {w[0][2] + ONE for w in chains}, {w[0][3] - ONE for w in chains}]
    for k in (x for group in ends for x in sorted(group, key=key)):
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


def split(w: Any, k: Form) -> Any:
    """W_hi .. W_(k+1), W_k, W_(k-1) .. W_lo, without empty products; None where the widths between them are not known."""
    (_, name, hi, lo), turned, *ends = w
    rows, cols = ends[::-1] if turned else ends
    if hi == lo:
        found: list[Any] = [(("layer", name, k), False, rows, cols)]
    else:
        items = [a[1] for _, factors, _ in rows.terms for a, _ in factors if a[0] == "item"]
        if not items or (rows, cols) != tuple(atom(("item", items[0], i)) for i in (hi, lo - ONE)):
            return None
        upper, lower = (atom(("item", items[0], i)) for i in (k, k - ONE))
        found = [(("layer", name, k), False, upper, lower)]
        found = [(("chain", name, hi, k + ONE), False, rows, upper), *found] if (hi - k).terms else found
        found = [*found, (("chain", name, k - ONE, lo), False, lower, cols)] if (k - lo).terms else found
    return transposed(found) if turned else found


OPERATIONS["average"] = average
