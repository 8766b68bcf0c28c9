"""E over one Gaussian layer of a product of traces: Wick's theorem, by integration by parts.

E[Tr[W B] f] is the sum, over each other occurrence of W in B and f, of its covariance with the first one, times what is left
when both are taken out and the indices of one are those of the other. So an odd number of occurrences gives 0.
"""

from __future__ import annotations

from typing import Any

from ..core import ONE, OPERATIONS, Form, add, need, trace, transposed, word_form

Law = tuple[tuple[str, ...], tuple[Form, ...]]
Cycle = tuple[Any, Form]  # a word under a trace, and its size, which an empty one has too


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


OPERATIONS["paired"] = paired
