"""Names exchanged for names that occur nowhere: a normal form stays one, but for what is chosen by its text.

That is how a trace is turned, which of M and M^T the mean of a matrix holds, and in which order sums stand.
"""

from __future__ import annotations

from typing import Any

from ..core import ONE, OPERATIONS, Form, add, closed, key, names_in, need, opened, transposed

Table = dict[tuple[str, str], str]  # (kind, name): other name, of symbols ("sym"), families ("item"), layers ("chain") ..


def renamed(x: Any, table: Table) -> Any:
    """A form, or a part of one, with other names, which occur nowhere in it."""
    return part(x, table, frozenset(name for _, name in table))


def part(x: Any, table: Table, names: frozenset[str]) -> Any:
    if isinstance(x, Form):
        return form(x, table, names) if names & names_in(x) else x
    if isinstance(x, frozenset):
        return whole(x, frozenset([part(y, table, names) for y in x]))
    if not isinstance(x, tuple):
        return x
    x = tuple([part(y, table, names) for y in ((x[0], table[x[:2]], *x[2:]) if x[:2] in table else x)])
    if x[:1] == ("tr",):
        return ("tr", turned(x[1]))
    return upright(x) if len(x) == 4 and isinstance(x[1], bool) and x[0][0] == "mean" else x


def form(x: Form, table: Table, names: frozenset[str]) -> Form:
    terms = whole(x.terms, {part(t, table, names): c for t, c in x.terms.items()})
    new = Form(terms, part(x.shape, table, names))
    if all(len(t[0]) < 2 for t in terms):
        return new
    return add([closed(*opened(t, new.shape)).scale(c) for t, c in terms.items()], new.shape)


def whole(old: Any, new: Any) -> Any:
    need(len(old) == len(new), "names that are exchanged make two parts of a form one")
    return new


def turned(word: Any) -> Any:
    """A closed word from where its text is least, or from a size 1; or its transpose."""
    turns = [w[i:] + w[:i] for w in (word, transposed(word)) for i in range(len(word))]
    return min([w for w in turns if w[0][2] == ONE] or turns, key=key)


def upright(x: Any) -> Any:
    """The letter of a mean, of M or of M^T transposed, whose text is less."""
    (kind, names, covariances, content), flip, rows, cols = x
    least = min(content, content.T, key=key)
    return x if least == content else ((kind, names, covariances, least), not flip, rows, cols)


OPERATIONS.update({"renamed": renamed, "turned": turned})
