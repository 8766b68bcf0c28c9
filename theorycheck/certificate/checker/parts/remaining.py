"""What stays of an expectation in which no layer is known to occur: an atom, or the mean of a matrix as a letter.

Parts that are known to have no layer in common are independent, so that each has an expectation of its own. A word that ends at
the matrix D of `wick` gives a mean of what stands between its first and its last random layer, beside D.
"""

from __future__ import annotations

from typing import Any

from flint import fmpq

from ..core import (
    LETTERS,
    ONE,
    OPERATIONS,
    Context,
    Form,
    Letters,
    assemble,
    at_least,
    atom,
    closed_law,
    key,
    trace,
    word_form,
)

MEAN = ("mat", "~mean")
Law = tuple[tuple[str, ...], tuple[Form, ...]]


def independent(words: list[Any], law: Law, ctx: Context) -> Form:
    """E of a product of traces as a product over groups that may have layers in common."""
    groups: list[list[Any]] = []
    for word in sorted(words, key=key):
        linked = [g for g in groups if any(common(word, v, law, ctx) for v in g)]
        groups = [g for g in groups if g not in linked] + [[word, *(v for g in linked for v in g)]]
    result = ONE
    for group in groups:
        result = result * mean(group, law)
    return result


def layers(word: Any, law: Law) -> list[int]:
    """The places of random layers in a word."""
    return [p for p, w in enumerate(word) if w[0][0] in {"chain", "alone"} and w[0][1] in law[0]]


def common(v: Any, w: Any, law: Law, ctx: Context) -> bool:
    """Whether two words may have a layer in common."""
    pairs = [(v[p][0], w[q][0]) for p in layers(v, law) for q in layers(w, law)]
    return not all(at_least(y[3] - x[2] - ONE, ctx) or at_least(x[3] - y[2] - ONE, ctx) for x, y in pairs)


def mean(words: list[Any], law: Law) -> Form:
    with_d = [w for w in words if MEAN in [x[0] for x in w]]
    content = assemble([(("tr", w), ONE) for w in words if w not in with_d], (), fmpq(1), ())
    if not with_d:
        return atom(closed_law("expect", *law, content))
    (word,) = with_d
    i = next(i for i, w in enumerate(word) if w[0] == MEAN)
    rest, places = word[i + 1 :] + word[:i], layers(word[i + 1 :] + word[:i], law)
    middle = rest[places[0] : places[-1] + 1]
    matrix = content * word_form(middle, (middle[0][2], middle[-1][3]))
    upright = min(matrix, matrix.T, key=key)
    own = closed_law("symmetric" if matrix == matrix.T else "mean", *law, upright), matrix != upright, *matrix.shape
    return trace(word_form((*rest[: places[0]], own, *rest[places[-1] + 1 :], word[i]), (word[i][3],) * 2))


LETTERS["symmetric"] = Letters(lambda x, y: None, lambda x: False, symmetric=True)  # the mean of a symmetric matrix
OPERATIONS["independent"] = independent
