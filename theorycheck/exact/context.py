"""What a checker may use: the hypotheses it was given, and the signs that follow from them. Nothing else.

`Context.sign` is the sign prover: a sum of terms that are each known to be >= 0, after every symbol with a known lower bound
is written as bound + slack ("L >= 3 as L = k + 2"), and after common positive factors are taken out. It answers "positive",
"nonneg" or None, and None means unknown, never false.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any

from flint import fmpq

from theorycheck.exact.form import (
    MINUS,
    ONE,
    Atom,
    E,
    Form,
    NotInForm,
    Term,
    atom,
    closed,
    combine,
    const,
    factor,
    opened,
    thaw,
    times,
)
from theorycheck.exact.words import Word, free_symbols, key, transpose_word
from theorycheck.tree import Node, sym

CONSTANT: Term = ((), frozenset(), ())


@dataclass(frozen=True)
class Context:
    """Signs and ranges read off hypotheses (see `make`), and the rewriting equations in force.

    `positive`, `nonneg`, `nonzeros`: atoms; `reals`: names of symbols that need not be integers; `lower`: forms known to be
    >= 0; `strict`: forms known to be > 0; `symmetric`: names of symmetric positive definite matrix symbols;
    `positive_families`: families of positive scalars; `bounds`: a lower bound of an atom; `floors`: a number below it, where
    its bound is none (of L >= 2 and L >= k the second is used first; from L >= k + 1 and k >= 1 follows L >= 2). `found` keeps
    what was worked out here before: forms of trees, signs of forms, contexts inside of this one; it follows from the rest.
    """

    positive: frozenset[Atom] = frozenset()
    nonneg: frozenset[Atom] = frozenset()
    nonzeros: frozenset[Atom] = frozenset()
    reals: frozenset[str] = frozenset()
    lower: tuple[Form, ...] = ()
    strict: tuple[Form, ...] = ()
    symmetric: frozenset[str] = frozenset()
    positive_families: frozenset[str] = frozenset()
    bounds: dict[Atom, Form] = field(default_factory=dict)
    floors: dict[Atom, Form] = field(default_factory=dict)
    found: dict[Any, Any] = field(init=False, default_factory=dict, compare=False, repr=False)

    # --- signs -----------------------------------------------------------------------------------------------------------
    def sign(self, x: Form, depth: int = 3) -> str | None:
        """"positive", "nonneg" or None (unknown)."""
        question = "sign", x.frozen(), depth
        if question not in self.found:
            self.found[question] = self._sign(x, depth)
        return self.found[question]  # type: ignore[no-any-return]

    def _sign(self, x: Form, depth: int) -> str | None:
        best = self._sign_of_terms(x)
        if best == "positive" or depth == 0:
            return best
        found = [best, self._sign_of_difference(x)]
        shifted = self._shifted(x)
        if shifted is not None:
            found.append(self.sign(shifted, depth - 1))
        if self.floors and "positive" not in found:
            shifted = self._shifted(x, self.floors, "floor")
            if shifted is not None:
                found.append(self.sign(shifted, depth - 1))
        if not any(found):
            found.append(self._sign_as_known(x) or self._sign_by_known(x, depth))
        return "positive" if "positive" in found else "nonneg" if "nonneg" in found else None

    def nonzero(self, x: Form) -> bool:
        """Whether x is known not to vanish."""
        one = x.single()
        if one and all(a in self.nonzeros or self._atom_sign(a) == "positive" for a in one[1]):
            return True
        return self.sign(x) == "positive" or self.sign(x.scale(-1)) == "positive"

    def _plainly_nonzero(self, x: Form) -> bool:
        """As `nonzero`, without the known forms, which may contain |x| themselves."""
        one = x.single()
        if one and all(a in self.nonzeros or self._atom_sign(a) == "positive" for a in one[1]):
            return True
        return "positive" in (self._simple_sign(x), self._simple_sign(x.scale(-1)))

    def _sign_of_terms(self, x: Form) -> str | None:
        signs = [self._term_sign(t, c) for t, c in x.terms.items()]
        if any(s is None for s in signs):
            return None
        return "positive" if "positive" in signs else "nonneg"

    def _term_sign(self, term: Term, c: fmpq) -> str | None:
        binders, factors, word = term
        if c < 0 or word:
            return None
        inner = self.under(binders)
        signs = [inner._factor_sign(a, thaw(e)) for a, e in factors]
        if any(s is None for s in signs):
            return None
        return "nonneg" if binders or "nonneg" in signs else "positive"

    def under(self, binders: Iterable[tuple[frozenset, frozenset]]) -> Context:  # type: ignore[type-arg]
        """The context inside sums: each bound index lies between its ends."""
        place = "under", tuple(binders)
        if not place[1]:
            return self
        if place not in self.found:
            extra: list[Form] = []
            for k, (lo, hi) in enumerate(place[1]):
                index = atom(sym(f"#{k}"))
                extra += [index - thaw(lo), thaw(hi) - index]
            self.found[place] = self.without({f"#{k}" for k in range(len(place[1]))}).adding(extra)
        return self.found[place]  # type: ignore[no-any-return]

    def within(self, names: Sequence[str], ends: Sequence[tuple[frozenset, frozenset]]) -> Context:  # type: ignore[type-arg]
        """The context in which each of these (fresh) indices lies between its ends."""
        indices = [atom(sym(name)) for name in names]
        return self.adding(g for i, (lo, hi) in zip(indices, ends, strict=True) for g in (i - thaw(lo), thaw(hi) - i))

    def without(self, names: Set[str]) -> Context:
        """The context that knows nothing of these symbols: they are bound, or stand for other values."""

        def free(x: Any) -> bool:
            return not free_symbols(x) & names

        lower, strict = (tuple(f for f in forms if free(f.frozen())) for forms in (self.lower, self.strict))
        signs = (frozenset(a for a in atoms if free(a)) for atoms in (self.positive, self.nonneg, self.nonzeros))
        positive, nonneg, nonzeros = signs
        bounds = {a: b for a, b in self.bounds.items() if free(a) and free(b.frozen())}
        floors = {a: b for a, b in self.floors.items() if free(a)}
        symmetric, families = self.symmetric - names, self.positive_families - names
        return Context(positive, nonneg, nonzeros, self.reals - names, lower, strict, symmetric, families, bounds, floors)

    def adding(self, lower: Iterable[Form] = (), strict: Iterable[Form] = ()) -> Context:
        """The context with more forms known to be >= 0 or > 0."""
        return from_forms([*self.lower, *lower], [*self.strict, *strict], self)

    def _factor_sign(self, a: Atom, e: Form) -> str | None:
        n = e.constant()
        if a == MINUS:
            return None  # (-1)^k: even powers are gone from a normal form
        base = self._atom_sign(a)
        if base == "positive":
            return "positive"
        if n is not None and n.denom() == 1 and n.numer() % 2 == 0:
            return "positive" if a in self.nonzeros else "nonneg"
        if n is not None and n.denom() == 1:
            return base
        return "nonneg"  # a power that is not an integer was licensed by base >= 0 when it was read

    def _atom_sign(self, a: Atom) -> str | None:
        if a in self.positive or isinstance(a, int) or a == E:
            return "positive"
        if a in self.nonneg:
            return "positive" if a in self.nonzeros else "nonneg"
        if isinstance(a, Node):
            return "positive" if a.head == "item" and a.args[0] in self.positive_families else None
        if a == MINUS:
            return None
        match a[0]:
            case "abs":
                return "positive" if self._plainly_nonzero(thaw(a[1])) else "nonneg"
            case "tr":
                return self._trace_sign(a[1])
            case "schatten" | "rank" | "singular" | "prob":
                return "nonneg"
            case "exponent":
                return "positive"
            case "poly":
                return self.sign(thaw(a[1]), 2)
            case "prod":
                index = atom(sym("#p"))
                inside = self.without({"#p"}).adding([index - thaw(a[1]), thaw(a[2]) - index])
                return inside.sign(thaw(a[3]), 1)
            case "expect":
                return "nonneg" if self._sign_of_terms(thaw(a[-1])) else None
            case _:
                return None

    def _trace_sign(self, word: Word) -> str | None:
        """Tr[S^e] > 0 for a positive definite S of size >= 1; Tr[M^T M] >= 0."""
        base, _, rows, _ = word[0] if len(word) == 1 else (None, False, None, None)
        if isinstance(base, tuple) and base[0] == "mpow" and isinstance(rows, Node) and self._atom_sign(rows) == "positive":
            return "positive"
        return "nonneg" if is_square(word) else None

    def _shifted(self, x: Form, bounds: dict[Atom, Form] | None = None, rest: str = "slack") -> Form | None:
        """x with every lower-bounded symbol written as bound + slack, or None where that changes nothing."""
        bounds = self.bounds if bounds is None else bounds
        if not any(a in bounds for t in x.terms for a, _ in t[1]):
            return None
        return combine((_shift_term(t, c, bounds, rest) for t, c in x.terms.items()), ())

    def _sign_as_known(self, x: Form) -> str | None:
        """The sign of a positive multiple of a known form."""
        for known in (*self.strict, *self.lower):
            if len(known.terms) == len(x.terms) and x.terms:
                term, c = next(iter(x.terms.items()))
                ratio = c / known.terms[term] if term in known.terms else fmpq(0)
                if ratio > 0 and known.scale(ratio).terms == x.terms:
                    return "positive" if known in self.strict else "nonneg"
        return None

    def _sign_by_known(self, x: Form, depth: int) -> str | None:
        """Subtract a known form >= 0 that shares a negative term of x, or has its constant, and look at what is left."""
        if len(x.terms) > 8:
            return None
        if len(x.terms) == 2 and (c := x.terms.get(CONSTANT)) is not None and c > 0:
            for known in (k for k in (*self.strict, *self.lower) if len(k.terms) == 2 and k.terms.get(CONSTANT) == c):
                if rest := self._sign_of_difference(x - known):
                    return "positive" if known in self.strict else rest
        found = None  # the best of all, so that the order of terms, which is another in another process, does not matter
        for known in (*self.strict, *self.lower):
            for t in (t for t, c in known.terms.items() if c < 0 and x.terms.get(t, c) < 0 and t in x.terms):
                rest = self.sign(x - known.scale(x.terms[t] / known.terms[t]), depth - 1)
                if rest == "positive" or (rest and known in self.strict):
                    return "positive"
                found = found or rest
        return found

    def _sign_of_difference(self, x: Form) -> str | None:
        """"nonneg" for c m1 - d m2 with c/d >= 1 and m1/m2 a product of powers of things >= 1 (powers of primes joined)."""
        if len(x.terms) != 2 or any(t[0] or t[2] for t in x.terms):
            return None
        (s, c), (t, d) = sorted(x.terms.items(), key=lambda tc: tc[1] < 0)
        if not c > 0 > d:
            return None
        ratio = times(((), s[1], ()), fmpq(1), ((), _inverse(t[1]), ()), fmpq(1), ()).single()
        known = all(self._factor_sign(a, thaw(e)) for a, e in t[1])
        if ratio is None or not known:
            return None
        q, powers = _primes_joined(c * ratio[0] / -d, ratio[1])
        return "nonneg" if q >= 1 and all(self._at_least_one(a, e) for a, e in powers.items()) else None

    def _simple_sign(self, x: Form) -> str | None:
        shifted = self._shifted(x)
        return self._sign_of_terms(x) or (self._sign_of_terms(shifted) if shifted is not None else None)

    def _at_least_one(self, a: Atom, e: Form) -> bool:
        big = a == E or isinstance(a, int) or self._simple_sign(atom(a) - ONE) is not None or self._declared_large(a)
        small = not isinstance(a, int) and a != E and self._simple_sign(ONE - atom(a)) is not None
        small = small and self._simple_sign(atom(a)) is not None
        return (big and self.sign(e, 1) is not None) or (small and self.sign(e.scale(-1), 1) is not None)

    def _declared_large(self, a: Atom) -> bool:
        """Whether a - c >= 0 with a number c >= 1 is among the known forms (`bounds` keeps one bound of each atom only)."""
        least = [(atom(a) - known).constant() for known in (*self.lower, *self.strict)]
        return any(c is not None and c >= 1 for c in least)


def _shift_term(term: Term, c: fmpq, bounds: dict[Atom, Form], rest: str) -> Form:
    names, (ends, factors, word) = opened(term[0], term[1:])
    result = Form({((), frozenset(), word): c})
    for a, e in factors:
        n = thaw(e).constant()
        bound = bounds.get(a) if n is not None and n.denom() == 1 and 0 < n <= 6 else None
        part = ONE
        for _ in range(int(n) if bound is not None and n is not None else 0):
            part = part * (bound + atom((rest, a))) if bound is not None else part
        result = result * (atom(a, thaw(e)) if bound is None else part)
    return closed(names, ends, result)


def _primes_joined(q: fmpq, powers: dict[Atom, Form]) -> tuple[fmpq, dict[Atom, Form]]:
    """q times powers, the powers of a prime in q moved to where that prime has an exponent: 1/4 * 2^(2 i) is 2^(2 i - 2)."""
    joined = dict(powers)
    for p in [a for a in powers if isinstance(a, int)]:
        k = sum(e for base, e in factor(q) if base == p)
        joined[p], q = powers[p] + const(k), q / fmpq(p) ** k
    return q, joined


def _inverse(factors: frozenset) -> frozenset:  # type: ignore[type-arg]
    return frozenset((a, thaw(e).scale(-1).frozen()) for a, e in factors)


def is_square(word: Word) -> bool:
    """Whether Tr[word] is Tr[M^T M] for some word M."""
    n = len(word)
    if n == 0:
        return True
    if n % 2:
        return False
    turns = [word[i:] + word[:i] for i in range(n)]
    return any(w[: n // 2] == transpose_word(w[n // 2 :]) for w in turns)


def from_forms(lower: Iterable[Form], strict: Iterable[Form], base: Context) -> Context:
    """The context whose signs follow from forms >= 0 and forms > 0 (single atoms give signs, `atom - c` a lower bound)."""
    low, high = list(lower), list(strict)
    positive, nonneg, bounds, nonzeros = set(base.positive), set(base.nonneg), dict(base.bounds), set(base.nonzeros)
    floors = dict(base.floors)
    tight = {a for a in bounds if ("slack", a) in positive}  # atoms that are known to be larger than their bound
    for forms, is_strict in ((low, False), (high, True)):
        for f in forms:
            one = f.single()
            nonzeros.update(one[1] if one and is_strict else ())
            if one and one[0] > 0 and len(one[1]) == 1:
                ((a, e),) = one[1].items()
                n = e.constant()
                even = n is not None and n.denom() == 1 and n.numer() % 2 == 0
                if not even and a != MINUS:  # a^2 > 0 says nothing about the sign of a
                    (positive if is_strict else nonneg).add(a)
            bound = _lower_bound(f)
            if bound:
                a, value = bound
                c = value.constant()
                if c is not None and (c > 0 or (c == 0 and is_strict)):
                    positive.add(a)
                elif c is not None and c == 0:
                    nonneg.add(a)
                old = bounds[a].constant() if a in bounds else None
                for least in (x for x in (_number_below(value, bounds, floors), old) if x is not None and x != 0):
                    known = floors[a].constant() if a in floors else None
                    floors[a] = const(least) if known is None or least > known else floors[a]
                if a not in bounds or c is None or old is None or c > old or (c == old and is_strict):
                    bounds[a] = value
                    (tight.add if is_strict else tight.discard)(a)
    bounds = {a: value for a, value in bounds.items() if not value.is_zero}
    floors = {a: least for a, least in floors.items() if a in bounds and bounds[a].constant() is None}
    positive |= {a for a, least in floors.items() if (least.constant() or 0) > 0}
    positive = {a for a in positive if not _is_slack(a)} | {("slack", a) for a in bounds if a in tight}
    nonneg = {a for a in nonneg if not _is_slack(a)} | {("slack", a) for a in bounds} | {("floor", a) for a in floors}
    found = replace(base, positive=frozenset(positive), nonneg=frozenset(nonneg), lower=tuple(low), strict=tuple(high))
    return replace(found, bounds=bounds, floors=floors, nonzeros=frozenset(nonzeros))


def _number_below(x: Form, bounds: dict[Atom, Form], floors: dict[Atom, Form]) -> fmpq | None:
    """A number that a sum of multiples >= 0 of atoms with numbers below them does not fall below."""
    total = fmpq(0)
    for (binders, factors, word), c in x.terms.items():
        if binders or word or len(factors) > 1:
            return None
        for a, e in factors:
            least = floors.get(a) or bounds.get(a)
            if c < 0 or thaw(e).terms != ONE.terms or least is None or least.constant() is None:
                return None
            c = c * least.constant()
        total += c
    return total


def _is_slack(a: Atom) -> bool:
    return isinstance(a, tuple) and a[0] in {"slack", "floor"}


def _lower_bound(f: Form) -> tuple[Atom, Form] | None:
    """(atom, bound) where f is atom - bound with a symbol that does not occur in the bound."""
    best = None
    for (b, factors, w), c in sorted(f.terms.items(), key=lambda tc: key(tc[0])):
        if b or w or c <= 0 or len(factors) != 1:
            continue
        ((a, e),) = factors
        if thaw(e).terms != ONE.terms or isinstance(a, int):
            continue
        rest = Form({t: -k / c for t, k in f.terms.items() if t != (b, factors, w)})
        if not any(a == other for t in rest.terms for other, _ in t[1]):
            best = (a, rest)
            if rest.constant() is not None:
                return best
    return best


__all__ = ["Context", "NotInForm", "const", "from_forms", "is_square"]
