"""The normal form: sums of terms `rational * (product of atom^exponent) * word`, under sums over bound indices.

A scalar has the empty word; a matrix term carries a word of letters (see `words.py`). An exponent is again a (frozen) scalar
form, so alpha^(-(L-2)), e^(2 beta t), sqrt(2 beta g) and S^(1/L) merge by adding exponents for symbolic L. Atoms are
symbols and indexed scalars (tree nodes), primes, `E` (Euler's number) and tuples such as ("tr", word) or ("log", form).

Sums over a bound index are distributed: a term carries its binders (lo, hi), outermost first, and the k-th bound index is
the symbol `#k`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, permutations
from math import gcd, lcm
from typing import Any

from flint import fmpq

from theorycheck.exact.words import NotInForm as NotInForm
from theorycheck.exact.words import Word, cyclic, free_symbols, join, key, rename, transpose_word
from theorycheck.tree import Node, sym

Atom = Any  # Node | int (a prime) | tuple[str, ...]
Frozen = frozenset[Any]
Factors = frozenset[tuple[Atom, Frozen]]
Binders = tuple[tuple[Frozen, Frozen], ...]
Term = tuple[Binders, Factors, Word]

E = ("e",)
MINUS = ("minus one",)


@dataclass(frozen=True)
class Form:
    """A normal form: terms with rational coefficients (never zero); `shape` is () or (rows, cols)."""

    terms: Mapping[Term, fmpq]
    shape: tuple[Node, ...] = ()

    def frozen(self) -> Frozen:
        return frozenset(self.terms.items())

    def __add__(self, other: Form) -> Form:
        return combine([self, other], self.shape)

    def __sub__(self, other: Form) -> Form:
        return self + other.scale(-1)

    def __mul__(self, other: Form) -> Form:
        """Product of two forms of which at least one is a scalar."""
        shape = self.shape or other.shape
        return combine((times(s, c, t, d, shape) for s, c in self.terms.items() for t, d in other.terms.items()), shape)

    def __matmul__(self, other: Form) -> Form:
        shape = (self.shape[0], other.shape[1])
        return combine((times(s, c, t, d, shape) for s, c in self.terms.items() for t, d in other.terms.items()), shape)

    def scale(self, c: Any) -> Form:
        q = fmpq(c) if not isinstance(c, fmpq) else c
        return Form({t: k * q for t, k in self.terms.items()} if q else {}, self.shape)

    @property
    def T(self) -> Form:
        terms = {(b, f, transpose_word(w)): c for (b, f, w), c in self.terms.items()}
        return Form(terms, (self.shape[1], self.shape[0]))

    @property
    def is_zero(self) -> bool:
        return not self.terms

    def constant(self) -> fmpq | None:
        """The value of a form that is a rational number, else None."""
        if not self.terms:
            return fmpq(0)
        if len(self.terms) == 1:
            (((b, f, w), c),) = self.terms.items()
            if not b and not f and not w and not self.shape:
                return c
        return None

    def single(self) -> tuple[fmpq, dict[Atom, Form]] | None:
        """(coefficient, {atom: exponent}) of a scalar with one term and no binder, else None."""
        if len(self.terms) != 1:
            return None
        (((b, f, w), c),) = self.terms.items()
        return None if b or w else (c, {a: thaw(e) for a, e in f})


def thaw(frozen: Frozen, shape: tuple[Node, ...] = ()) -> Form:
    return Form(dict(frozen), shape)


def const(c: Any, shape: tuple[Node, ...] = ()) -> Form:
    """A rational number (or, with a shape, that multiple of the identity)."""
    q = fmpq(c.numerator, c.denominator) if hasattr(c, "numerator") and not isinstance(c, fmpq) else fmpq(c)
    return Form({((), frozenset(), ()): q} if q else {}, shape)


ONE = const(1)
ONE_F = ONE.frozen()


def atom(a: Atom, exponent: Form | None = None) -> Form:
    return Form({((), frozenset({(a, exponent.frozen() if exponent else ONE_F)}), ()): fmpq(1)})


def combine(parts: Iterable[Form], shape: tuple[Node, ...]) -> Form:
    total: dict[Term, fmpq] = {}
    for part in parts:
        for term, c in part.terms.items():
            total[term] = total.get(term, fmpq(0)) + c
    return Form({t: c for t, c in total.items() if c}, shape)


# --- products ------------------------------------------------------------------------------------------------------------
def times(s: Term, c: fmpq, t: Term, d: fmpq, shape: tuple[Node, ...]) -> Form:
    """Product of two terms: binders side by side, exponents added, words joined."""
    if s[0] and t[0]:
        shift = {f"#{k}": sym(f"#{k + len(s[0])}") for k in range(len(t[0]))}
        t = rename(t, shift)
    scalars, word = join(s[2], t[2])
    traces = [(("tr", piece), ONE_F) for piece in scalars]
    return assemble(s[0] + t[0], [*s[1], *t[1], *traces], word, c * d, shape)


def assemble(binders: Binders, factors: Iterable[tuple[Atom, Frozen]], word: Word, c: fmpq, shape: tuple[Node, ...]) -> Form:
    """One term in normal form: exponents merged, integer powers of sums and of numbers multiplied out."""
    merged: dict[Atom, Form] = {}
    for a, e in factors:
        merged[a] = merged[a] + thaw(e) if a in merged else thaw(e)
    kept: list[tuple[Atom, Frozen]] = []
    extra: list[Form] = []
    for a, exponent in merged.items():
        n = exponent.constant()
        if n is None:
            if isinstance(a, int):  # 2^(x - 1) is 1/2 * 2^x
                whole = exponent.terms.get(((), frozenset(), ()), fmpq(0)).floor()
                c, exponent = c * fmpq(a) ** int(whole), exponent - const(whole)
            kept.append((a, exponent.frozen()))
        elif n != 0:
            c, stays, more = _numeric_power(a, n, c)
            kept += stays
            extra += more
    if not extra:
        return canonical(binders, frozenset(kept), word, c, shape)
    names, (ends, inner, power_of, middle) = opened(binders, (frozenset(kept), tuple(x.frozen() for x in extra), word))
    result = canonical((), inner, middle, c, shape)
    for x in power_of:
        result = result * thaw(x)
    return closed(names, ends, result)


FRESH = count()


def opened(binders: Binders, parts: Any) -> tuple[tuple[str, ...], tuple[Any, ...]]:
    """Fresh names for the bound indices of a term, and (its ends, *parts) with them: nothing can be captured any more."""
    names = tuple(f"#open{next(FRESH)}" for _ in binders)
    own = {f"#{k}": sym(name) for k, name in enumerate(names)}
    return names, rename((binders, *parts), own)


def closed(names: tuple[str, ...], ends: Binders, x: Form) -> Form:
    """The sum of an opened term over its indices again."""
    for name, (lo, hi) in zip(reversed(names), reversed(ends), strict=True):
        x = bind(x, name, thaw(lo), thaw(hi))
    return x


def _numeric_power(a: Atom, n: fmpq, c: fmpq) -> tuple[fmpq, list[tuple[Atom, Frozen]], list[Form]]:
    """a^n for a number n != 0: what it multiplies the coefficient by, the factor that stays, what has to be multiplied out."""
    whole = n.denom() == 1
    if isinstance(a, int):
        floor = n.floor()
        return c * fmpq(a) ** int(floor), [] if whole else [(a, const(n - floor).frozen())], []
    if a == MINUS:
        return (-c if n.numer() % 2 else c), [], []
    if whole and n > 0 and isinstance(a, tuple) and a[0] == "poly":
        return c, [], [integer_power(thaw(a[1]), int(n))]
    if whole and n > 1 and isinstance(a, tuple) and a[0] == "abs":
        odd = int(n) % 2
        return c, [(a, ONE_F)] if odd else [], [integer_power(thaw(a[1]), int(n) - odd)]
    return c, [(a, const(n).frozen())], []


def integer_power(x: Form, n: int) -> Form:
    if n > 40:
        raise NotInForm(f"the power {n} of a sum is too large to expand")
    result = ONE
    for _ in range(n):
        result = result * x
    return result


def canonical(binders: Binders, factors: Factors, word: Word, c: fmpq, shape: tuple[Node, ...]) -> Form:
    """A binder over which nothing depends becomes its number of terms; independent binders stand in a fixed order."""
    factors = settled(factors)
    if not binders:
        return Form({((), factors, word): c}, shape)
    for k in reversed(range(len(binders))):
        name = f"#{k}"
        if not mentions((factors, word, binders[k + 1 :]), name):
            lo, hi = binders[k]
            down = {f"#{j}": sym(f"#{j - 1}") for j in range(k + 1, len(binders))}
            others, *parts = rename((binders[:k] + binders[k + 1 :], factors, word, lo, hi), down)
            names, (ends, factors, word, lo, hi) = opened(others, parts)
            return closed(names, ends, (thaw(hi) - thaw(lo) + ONE) * canonical((), factors, word, c, shape))
    if len(binders) > 1 and not any(mentions(b, "#") for b in binders):
        binders, factors, word = min(reorderings(binders, factors, word), key=key)
    return Form({(binders, factors, word): c}, shape)


def reorderings(binders: Binders, factors: Factors, word: Word) -> Iterable[tuple[Binders, Factors, Word]]:
    for order in permutations(range(len(binders))):
        place = {f"#{old}": sym(f"#{new}") for new, old in enumerate(order)}
        yield (tuple(binders[k] for k in order), settled(rename(factors, place)), rename(word, place))


@lru_cache(maxsize=100_000)
def settled(factors: Factors) -> Factors:
    """The factors with each trace in its fixed rotation again, which a renaming of indices may have changed."""
    merged: dict[Atom, Form] = {}
    for a, e in factors:
        pieces = cyclic(a[1]) if isinstance(a, tuple) and a[0] == "tr" else [()]
        for b in [("tr", piece) for piece in pieces] if all(pieces) else [a]:  # the trace of the identity keeps its size
            merged[b] = merged[b] + thaw(e) if b in merged else thaw(e)
    return frozenset((a, e.frozen()) for a, e in merged.items() if e.terms)


def mentions(x: Any, prefix: str) -> bool:
    """Whether a symbol (any bound index, for prefix '#') occurs free in x."""
    names = free_symbols(x)
    return prefix in names or (prefix == "#" and any(name.startswith("#") for name in names))


def bind(body: Form, name: str, lo: Form, hi: Form) -> Form:
    """The sum of `body` over the symbol `name` = lo .. hi (an empty range lo = hi + 1 gives zero)."""
    parts = []
    for (b, f, w), c in body.terms.items():
        shift = {f"#{k}": sym(f"#{k + 1}") for k in range(len(b))}
        b2, f2, w2 = rename(rename((b, f, w), shift), {name: sym("#0")})
        parts.append(assemble(((lo.frozen(), hi.frozen()), *b2), f2, w2, c, body.shape))
    return combine(parts, body.shape)


def instantiate(x: Form, names: Mapping[str, Form], trees: dict[str, Node]) -> Form:
    """Replace symbols by forms in scalars, and by the matching index trees inside letters."""
    shape = tuple(rename(s, trees) for s in x.shape)
    parts = []
    for (binders, old, letters), c in x.terms.items():
        if binders and any(mentions((lo, hi), n) for lo, hi in binders for n in names):
            raise NotInForm("an index that bounds a sum is replaced")
        indices, (ends, factors, word) = opened(binders, (old, letters))
        part = Form({((), frozenset(), tuple(_in_letter(w, names, trees) for w in word)): c}, shape)
        for a, e in factors:
            exponent = instantiate(thaw(e), names, trees)
            n = exponent.constant()
            if isinstance(a, Node) and a.head == "sym" and a.args[0] in names:
                new = names[str(a.args[0])]
                if n is not None and n.denom() == 1 and n >= 0:
                    part = part * integer_power(new, int(n))
                    continue
                one = new.single()
                if one is None or one[0] != 1 or len(one[1]) != 1:
                    raise NotInForm(f"{show(new)} put into a power that is not a natural number")
                a = next(iter(one[1]))
            part = part * assemble((), [(_in_atom(a, names, trees), exponent.frozen())], (), fmpq(1), ())
        parts.append(closed(indices, ends, part))
    return combine(parts, shape)


def _in_letter(letter: Any, names: Mapping[str, Form], trees: dict[str, Node]) -> Any:
    base, transposed, rows, cols = letter
    new = rename(base, trees) if isinstance(base, Node) else _in_atom(base, names, trees)
    return (new, transposed, rename(rows, trees), rename(cols, trees))


def _in_atom(a: Any, names: Mapping[str, Form], trees: dict[str, Node]) -> Any:
    if isinstance(a, Node):
        return rename(a, trees)
    if not isinstance(a, tuple):
        return a
    if a[0] == "tr":
        return ("tr", tuple(_in_letter(w, names, trees) for w in a[1]))
    if a[0] in {"prod", "integral"}:
        return rename(a, trees)
    return tuple(
        instantiate(thaw(p, shape_of(p)), names, trees).frozen() if isinstance(p, frozenset) else rename(p, trees) for p in a
    )


def shape_of(frozen: Frozen) -> tuple[Node, ...]:
    """The shape of a frozen form (a multiple of the identity counts as a scalar)."""
    return next(((w[0][2], w[-1][3]) for (_, _, w), _ in frozen if w), ())


# --- powers, logarithms --------------------------------------------------------------------------------------------------
Sign = Callable[[Form], str | None]  # "positive", "nonneg" or None


def power(x: Form, e: Form, sign: Sign, nonzero: Callable[[Form], bool], known: str | None = None) -> Form:
    """x^e. Integer e >= 0 always; e < 0 needs x != 0; any other e needs x > 0, or x >= 0 and e > 0 (`known` may say so)."""
    n = e.constant()
    if n is not None and n.denom() == 1 and n >= 0:
        return integer_power(x, int(n))
    if x.is_zero:
        if sign(e) == "positive":
            return x
        raise NotInForm("0 to a power that is not known to be positive")
    if n is not None and n.denom() == 1:
        if not (known == "positive" or sign(x) == "positive" or nonzero(x)):
            raise NotInForm(f"division by {show(x)}: it is not known to be nonzero")
    else:
        state = known if known == "positive" else (sign(x) or known)
        if state != "positive" and not (state == "nonneg" and sign(e) == "positive"):
            raise NotInForm(f"a power of {show(x)}: it is not known to be positive")
    one = x.single()
    return _power_of_term(one, e, sign) if one else _power_of_sum(x, e, sign, known)


def _power_of_term(one: tuple[fmpq, dict[Atom, Form]], e: Form, sign: Sign) -> Form:
    c, factors = one
    n = e.constant()
    integer = n is not None and n.denom() == 1
    result = const(1)
    if c < 0:
        if integer and n is not None:
            result, c = const(-1 if n.numer() % 2 else 1), -c
        else:
            c = -c  # the term is >= 0, so a negative factor meets c; it is taken in absolute value below
    for p, times_p in factor(c):
        result = result * assemble((), [(p, e.scale(times_p).frozen())], (), fmpq(1), ())
    for a, k in factors.items():
        base = a
        if not integer and sign(atom(a)) is None and not _licensed(a, k):
            base = ("abs", atom(a).frozen())
        result = result * assemble((), [(base, (k * e).frozen())], (), fmpq(1), ())
    return result


def _licensed(a: Atom, k: Form) -> bool:
    """Whether a^k was admitted only for a >= 0, since k is not an integer."""
    n = k.constant()
    return a != MINUS and (n is None or n.denom() != 1)


def _power_of_sum(x: Form, e: Form, sign: Sign, known: str | None) -> Form:
    common, rest = extract(x, sign)
    content = fmpq(gcd(*(int(c.numer()) for c in rest.terms.values())), lcm(*(int(c.denom()) for c in rest.terms.values())))
    n = e.constant()
    flip = n is not None and n.denom() == 1 and sign(rest) is None and not known and _leading(rest) < 0
    primitive = rest.scale(fmpq(-1 if flip else 1) / content)
    result = power(common, e, sign, lambda _: True) if common.terms != ONE.terms else ONE
    if flip and n is not None and n.numer() % 2:
        result = result.scale(-1)
    for p, k in factor(content):
        result = result * assemble((), [(p, e.scale(k).frozen())], (), fmpq(1), ())
    if primitive.single():
        return result * power(primitive, e, sign, lambda _: True)
    return result * assemble((), [(("poly", primitive.frozen()), e.frozen())], (), fmpq(1), ())


def _leading(x: Form) -> fmpq:
    return x.terms[min(x.terms, key=key)]


def extract(x: Form, sign: Sign) -> tuple[Form, Form]:
    """x = common * rest, common a product of positive atoms with their least constant exponents."""
    shared: dict[Atom, fmpq] | None = None
    for b, f, _ in x.terms:
        if b:
            return ONE, x
        mine = {a: n for a, e in f if (n := thaw(e).constant()) is not None}
        shared = mine if shared is None else {a: min(n, mine[a]) for a, n in shared.items() if a in mine}
    common = ONE
    for a, n in (shared or {}).items():
        if sign(atom(a)) == "positive":
            common = common * atom(a, const(n))
    if common.terms == ONE.terms:
        return ONE, x
    inverse = ONE
    for a, k in (common.single() or (fmpq(1), {}))[1].items():
        inverse = inverse * atom(a, k.scale(-1))
    return common, x * inverse


def factor(c: fmpq) -> list[tuple[int, int]]:
    """The prime factorization of a positive rational, exponents negative for the denominator."""
    top = [(int(p), int(k)) for p, k in c.numer().factor()]
    return top + [(int(p), -int(k)) for p, k in c.denom().factor()]


def exponential(x: Form) -> Form:
    """e^x; terms c log(a) of the exponent become powers a^c."""
    result, rest = ONE, []
    for (b, f, w), c in x.terms.items():
        logs = [a for a, e in f if isinstance(a, tuple) and a[0] == "log" and e == ONE_F]
        if not b and len(logs) == 1:
            k = Form({((), frozenset(p for p in f if p[0] != logs[0]), ()): c})
            result = result * assemble((), [(logs[0][1], k.frozen())], (), fmpq(1), ())
        else:
            rest.append(Form({(b, f, w): c}))
    if rest:
        result = result * assemble((), [(E, combine(rest, ()).frozen())], (), fmpq(1), ())
    return result


def logarithm(x: Form, sign: Sign, known: str | None = None) -> Form:
    """log x for x > 0; the logarithm of a product of positive atoms is a sum."""
    if sign(x) != "positive" and known != "positive":
        raise NotInForm(f"log of {show(x)}: it is not known to be positive")
    single = power(x, atom(("exponent",)), sign, lambda _: True, "positive").single()
    if single is None:
        raise NotInForm(f"log of {show(x)}")
    parts = []
    for a, e in single[1].items():
        k = e * atom(("exponent",), const(-1))
        parts.append(k if a == E else k * atom(("log", a)))
    return combine(parts, ())


def show(x: Form | Frozen) -> str:
    """A short text of a form, for remainders and messages."""
    terms = x.terms if isinstance(x, Form) else dict(x)
    if not terms:
        return "0"
    texts = []
    for (b, f, w), c in sorted(terms.items(), key=lambda tc: key(tc[0])):
        names = [show_atom(a) + ("" if e == ONE_F else f"^({show(e)})") for a, e in sorted(f, key=key)]
        names += [show_letter(letter) for letter in w]
        head = [] if c == 1 and names else [str(c)]
        texts.append("".join(f"sum[#{k}={show(lo)}..{show(hi)}] " for k, (lo, hi) in enumerate(b)) + "*".join(head + names))
    return " + ".join(texts).replace("+ -", "- ")


def show_atom(a: Atom) -> str:
    from theorycheck.tree.node import plain

    if isinstance(a, Node):
        return plain(a)
    if isinstance(a, int):
        return str(a)
    match a[0]:
        case "e":
            return "e"
        case "tr":
            return f"Tr[{' '.join(show_letter(x) for x in a[1])}]"
        case "poly":
            return f"({show(a[1])})"
        case "log":
            return f"log({show_atom(a[1])})"
        case "app":
            return f"{a[1]}({show(a[2])})"
        case _:
            return f"{a[0]}({', '.join(show(x) if isinstance(x, frozenset) else str(x) for x in a[1:])})"


def show_letter(letter: Any) -> str:
    from theorycheck.tree.node import plain

    base, transposed = letter[0], letter[1]
    if isinstance(base, Node):
        name = plain(base)
    elif base[0] == "chain":
        name = f"{base[1]}[{plain(base[2])}:{plain(base[3])}]"
    elif base[0] == "grad":
        name = f"grad {base[1]}({show(base[2])})"
    elif base[0] == "at":
        name = f"{base[1]}({show(base[3])})"
    else:
        name = f"{plain(base[1])}^({show(base[2])})"
    return name + ("'" if transposed else "")
