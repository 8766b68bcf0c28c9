"""Words: products of matrix letters with transposes, for all sizes at once.

A letter is (base, transposed, rows, cols). Bases are matrix symbols and members of vector families (tree nodes),
("chain", W, hi, lo) for W_hi .. W_lo, ("mpow", S, exponent) for powers of a symmetric positive definite symbol,
("grad", f, x) and ("at", path, f, t). Neighbouring chains and powers merge; where an inner size is 1 the product splits into
scalars; the trace of a word is taken in a fixed rotation, transposed or not.
"""

from __future__ import annotations

import itertools
from functools import lru_cache
from typing import Any

from flint import fmpq

from theorycheck.tree import Node, free_names, num, substitute
from theorycheck.tree.node import affine, from_affine, same_size

Letter = tuple[Any, bool, Node, Node]
Word = tuple[Letter, ...]

UNIT = num(1)


class NotInForm(Exception):
    """The expression has no normal form here; the text names the part and what would license it."""


@lru_cache(maxsize=200_000, typed=True)  # True == fmpq(1): which of them came first must not matter
def key(x: Any) -> tuple[Any, ...]:
    """A total order on everything that a normal form is made of, the same on every machine."""
    if isinstance(x, frozenset):
        return ("f", *sorted(key(y) for y in x))
    if isinstance(x, tuple):
        return ("t", *(key(y) for y in x))
    if isinstance(x, Node):
        return ("n", repr(x))
    if isinstance(x, fmpq):
        return ("q", str(x))
    return (type(x).__name__, str(x))


def bound_names(x: Any) -> tuple[str, ...]:
    """The names that a part of a form binds in itself: a term of a form inside an atom, a product or an integral."""
    if not isinstance(x, tuple) or not x:
        return ()
    if len(x) == 2 and isinstance(x[1], fmpq) and isinstance(x[0], tuple):
        return tuple(f"#{k}" for k in range(len(x[0][0])))
    if x[0] == "prod":
        return ("#p",)
    return (str(x[1]),) if x[0] == "integral" else ()


@lru_cache(maxsize=100_000)
def free_symbols(x: Any) -> frozenset[str]:
    """The names that occur free in a part of a form."""
    if isinstance(x, Node):
        return free_names(x)
    if isinstance(x, tuple | frozenset):
        return frozenset().union(*(free_symbols(y) for y in x)) - frozenset(bound_names(x))
    return frozenset()


def rename(x: Any, names: dict[str, Node]) -> Any:
    """Replace symbols by index trees everywhere below x (indices and sizes are brought back to affine form).

    Names that are bound further inside are left alone, and an index that would be captured there is refused.
    """
    own = bound_names(x)
    if own:
        names = {k: v for k, v in names.items() if k not in own and k in free_symbols(x)}
        if any(free_names(v) & set(own) for v in names.values()):
            raise NotInForm("an index inside a sum, product or integral that stands in a function; rename or expand it")
    if not names or (isinstance(x, Node | frozenset) and not names.keys() & free_symbols(x)):  # their hashes are kept
        return x
    if isinstance(x, Node):
        new = substitute(x, names)
        if new is x or new == x:
            return x
        return from_affine(affine(new)) if new.shape == () else _normal_item(new)
    if isinstance(x, tuple):
        return tuple(rename(y, names) for y in x)
    if isinstance(x, frozenset):
        return frozenset(rename(y, names) for y in x)
    return x


def _normal_item(x: Node) -> Node:
    if x.head != "item":
        return x
    sizes = x.shape and tuple(from_affine(affine(size)) for size in x.shape)
    return Node("item", (x.args[0], from_affine(affine(x.nodes[0]))), sizes)


def transpose_word(word: Word) -> Word:
    """The transposed word; powers of a symmetric symbol are their own transposes."""
    return tuple((b, not t and not _is_power(b), cols, rows) for b, t, rows, cols in reversed(word))


def _is_power(base: Any) -> bool:
    return not isinstance(base, Node) and base[0] == "mpow"


def difference(a: Node, b: Node) -> int | None:
    """a - b where it is a known integer, else None."""
    form = affine(a - b)
    if not form:
        return 0
    if set(form) == {None} and form[None].denominator == 1:
        return int(form[None])
    return None


def merge(x: Letter, y: Letter) -> Letter | None:
    """The product of two neighbours as one letter, where they merge."""
    (a, s, rows, _), (b, t, _, cols) = x, y
    if isinstance(a, Node) or isinstance(b, Node) or a[0] != b[0] or s != t or a[1] != b[1]:
        return None
    if a[0] == "chain":
        upper, lower = (b, a) if s else (a, b)
        if difference(upper[3], lower[2]) == 1:
            return (("chain", a[1], upper[2], lower[3]), s, rows, cols)
    if a[0] == "mpow":
        return (("mpow", a[1], _add_exponents(a[2], b[2])), False, rows, cols)
    return None


def _add_exponents(a: Any, b: Any) -> Any:
    total: dict[Any, fmpq] = dict(a)
    for term, c in b:
        total[term] = total.get(term, fmpq(0)) + c
    return frozenset((t, c) for t, c in total.items() if c)


def is_identity(letter: Letter) -> bool:
    base = letter[0]
    if isinstance(base, Node):
        return False
    return (base[0] == "chain" and difference(base[2], base[3]) == -1) or (base[0] == "mpow" and not base[2])


def reduce_word(letters: list[Letter]) -> Word:
    """Merge neighbours until nothing merges; identities are dropped."""
    out: list[Letter] = []
    for letter in letters:
        current: Letter | None = letter
        while current is not None and out and not is_identity(current):
            merged = merge(out[-1], current)
            if merged is None:
                break
            out.pop()
            current = merged
        if current is not None and not is_identity(current):
            out.append(current)
    return tuple(out)


def join(left: Word, right: Word) -> tuple[list[Word], Word]:
    """The product of two words: the scalars that split off at joints of size 1, each as a trace word, and the rest."""
    if not left or not right:
        return [], left + right
    return split(reduce_word([*left, *right]))


def split(word: Word) -> tuple[list[Word], Word]:
    starts = [0] if len(word) > 1 and same_size(word[0][2], UNIT) else []
    cuts = starts + [i + 1 for i in range(len(word)) if same_size(word[i][3], UNIT)]
    if len(cuts) < 2 or len(word) == 1:
        return [], word
    pieces = [word[i:j] for i, j in itertools.pairwise(cuts)]
    return [cyclic(p)[0] for p in pieces], word[: cuts[0]] + word[cuts[-1] :]


def cyclic(word: Word) -> list[Word]:
    """The trace of a word as a product of canonical trace words (more than one where an inner size is 1)."""
    word = reduce_cyclic(word)
    ones = [i for i, letter in enumerate(word) if same_size(letter[2], UNIT)]
    if ones:
        turned = word[ones[0] :] + word[: ones[0]]
        starts = [i for i, letter in enumerate(turned) if same_size(letter[2], UNIT)] + [len(turned)]
        pieces = [turned[i:j] for i, j in itertools.pairwise(starts)]
        return [min(p, transpose_word(p), key=key) for p in pieces]
    turns = [w[i:] + w[:i] for w in (word, transpose_word(word)) for i in range(len(word))]
    return [min(turns, key=key)] if turns else [()]


def reduce_cyclic(word: Word) -> Word:
    """Merge around the end of a trace as well."""
    word = reduce_word(list(word))
    while len(word) > 1:
        merged = merge(word[-1], word[0])
        if merged is None or same_size(merged[2], UNIT):
            return word
        word = reduce_word([merged, *word[1:-1]])
    return word
