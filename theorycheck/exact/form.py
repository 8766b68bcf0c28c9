"""Operations on normal forms (`terms.py`): symbols replaced, powers, logarithms, and a short text for messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import gcd, lcm
from typing import Any

from flint import fmpq

from theorycheck.exact.terms import (
    MINUS,
    ONE,
    ONE_F,
    Atom,
    Binders,
    E,
    Factors,
    Form,
    Frozen,
    Term,
    assemble,
    atom,
    bind,
    closed,
    combine,
    const,
    integer_power,
    mentions,
    opened,
    shape_of,
    thaw,
    times,
)
from theorycheck.exact.words import NotInForm, key, rename
from theorycheck.tree import Node

__all__ = [
    "MINUS",
    "ONE",
    "ONE_F",
    "Atom",
    "Binders",
    "E",
    "Factors",
    "Form",
    "Frozen",
    "NotInForm",
    "Term",
    "assemble",
    "atom",
    "bind",
    "closed",
    "combine",
    "const",
    "exponential",
    "instantiate",
    "integer_power",
    "logarithm",
    "mentions",
    "opened",
    "power",
    "shape_of",
    "show",
    "thaw",
    "times",
]


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
        case "expect":
            return f"E[{show(a[-1])}]"
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
    elif base[0] == "expect":
        name = f"E[{show(base[-1])}]"
    elif base[0] == "at":
        name = f"{base[1]}({show(base[3])})"
    else:
        name = f"{plain(base[1])}^({show(base[2])})"
    return name + ("'" if transposed else "")
