"""Words closed to numbers: traces, up to turning and transposing a word; a product cut at sizes 1 is a product of traces."""

from __future__ import annotations

import itertools
from typing import Any

from ..core import ONE, OPERATIONS, READERS, Form, add, assemble, closed, merged, need, opened, parts, reduced, turned


def split(word: Any) -> tuple[list[Any], Any]:
    """The scalars between sizes 1 of a product, as traces, and the rest of the word."""
    cuts = [i for i, w in enumerate(word) if w[2] == ONE] + ([len(word)] if word and word[-1][3] == ONE else [])
    if len(word) < 2 or len(cuts) < 2:
        return [], word
    return traces(word, cuts), word[: cuts[0]] + word[cuts[-1] :]


def traces(word: Any, cuts: list[int]) -> list[Any]:
    pieces = [word[i:j] for i, j in itertools.pairwise(cuts)]
    return [(("tr", turned(p)), ONE) for p in pieces]


def trace(x: Form) -> Form:
    need(x.shape and x.shape[0] == x.shape[1], "the trace of a matrix that is not square")
    parts = []
    for term, c in x.terms.items():
        binders, body = opened(term, x.shape)
        (((_, factors, word), k),) = body.terms.items()
        while len(word) > 1 and (m := merged(word[-1], word[0])):
            word = reduced([m, *word[1:-1]])
        ones = [i for i, w in enumerate(word) if w[2] == ONE]
        if ones:
            scalars = traces(word[ones[0] :] + word[: ones[0]], [i - ones[0] for i in ones] + [len(word)])
        else:
            scalars = [(("tr", turned(word)), ONE)] if word else []
        inner = assemble([*factors, *scalars], (), k, ())
        parts.append(closed(binders, inner if word else inner * x.shape[0]).scale(c))
    return add(parts)


READERS["trace"] = lambda t, ctx: trace(parts(t, ctx)[0])
READERS["inner"] = lambda t, ctx: trace(parts(t, ctx)[0].T * parts(t, ctx)[1])
OPERATIONS.update({"split": split, "trace": trace})
