"""Powers, roots and exponentials of a line as products of integer powers of a few positive numbers.

b^(x - 1) sqrt(b) with b > 0 is g^x h^-1 for numbers g and h with log g = log b and log h = log(b) / 2, and so on: for each base
and each monomial of an exponent one such number. What is proposed here as an equation [peq] is shown by Coq, by logarithms.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from math import lcm
from typing import Any

from theorycheck.certificate.coq.derive import from_index
from theorycheck.certificate.coq.terms import Terms
from theorycheck.certificate.coq.trees import Tree, affine, free, has_symbol, num, number, walk

Monomial = frozenset[tuple[Tree, int]]
Laurent = dict[Monomial, Fraction]
Logarithm = dict[tuple[Tree, Monomial], Fraction]  # sum of coefficient * monomial * log(base); for the base e the log is 1
ONE: Monomial = frozenset()
E = Tree("exp", (num(1),))


# --- exponents --------------------------------------------------------------------------------------------------------------
def plus(a: Mapping[Any, Fraction], b: Mapping[Any, Fraction], factor: Fraction | int = 1) -> dict[Any, Fraction]:
    out = dict(a)
    for m, c in b.items():
        out[m] = out.get(m, Fraction(0)) + factor * c
    return {m: c for m, c in out.items() if c}


def times(a: Laurent, b: Laurent) -> Laurent:
    out: Laurent = {}
    for m, c in a.items():
        for n, d in b.items():
            powers = dict(m)
            for x, k in n:
                powers[x] = powers.get(x, 0) + k
            out = plus(out, {frozenset((x, k) for x, k in powers.items() if k): c * d})
    return out


def _inverse(x: Tree, form: Laurent) -> Laurent:
    if len(form) == 1:
        ((m, c),) = form.items()
        return {frozenset((a, -k) for a, k in m): 1 / c}
    return {frozenset({(x, -1)}): Fraction(1)}


def laurent(x: Tree) -> Laurent:
    """An exponent as a sum of coefficient * product of powers of what it is made from."""
    match x.head:
        case "num":
            return {ONE: Fraction(x.name)} if Fraction(x.name) else {}
        case "neg":
            return plus({}, laurent(x.parts[0]), -1)
        case "add":
            total: Laurent = {}
            for p in x.parts:
                total = plus(total, laurent(p))
            return total
        case "mul":
            product: Laurent = {ONE: Fraction(1)}
            for p in x.parts:
                product = times(product, laurent(p))
            return product
        case "div":
            return times(laurent(x.parts[0]), _inverse(x.parts[1], laurent(x.parts[1])))
        case "pow" if (n := number(x.parts[1])) is not None and n.denominator == 1 and 0 < n < 5:
            return laurent(Tree("mul", (x.parts[0],) * int(n)))
    return {frozenset({(x, 1)}): Fraction(1)}


# --- logarithms -------------------------------------------------------------------------------------------------------------
def logarithm(x: Tree, equal: Mapping[Tree, Tree] | None = None, bases: frozenset[Tree] = frozenset()) -> Logarithm:
    """The logarithm of a tree that is positive, in those of what it is a product of powers of, after known equations.

    What is among `bases` stays one base.
    """
    if x in bases:
        return {(x, ONE): Fraction(1)}
    if equal and x in equal:
        return logarithm(equal[x], None, bases)
    match x.head:
        case "num" if Fraction(x.name) > 0:
            return {(num(p), ONE): Fraction(k) for p, k in _primes(Fraction(x.name)).items()}
        case "mul":
            return _sum((logarithm(p, equal, bases), {ONE: Fraction(1)}) for p in x.parts)
        case "div":
            above, below = (logarithm(p, equal, bases) for p in x.parts)
            return _sum([(above, {ONE: Fraction(1)}), (below, {ONE: Fraction(-1)})])
        case "pow":
            return _sum([(logarithm(x.parts[0], equal, bases), laurent(x.parts[1]))])
        case "sqrt":
            return _sum([(logarithm(x.parts[0], equal, bases), {ONE: Fraction(1, 2)})])
        case "sum" if (flat := constant(x)) is not None:
            return logarithm(flat, equal, bases)
        case "exp":
            return {(E, m): c for m, c in laurent(x.parts[0]).items()}
    return {(x, ONE): Fraction(1)}


def constant(x: Tree) -> Tree | None:
    """A sum of equal members, as a product."""
    lo, hi, body = x.parts
    if has_symbol(body, x.name):
        return None
    count = from_index(plus(plus(affine(hi), affine(lo), -1), {None: Fraction(1)}))
    return Tree("mul", (count, body), body.shape)


def _sum(parts: Iterable[tuple[Logarithm, Laurent]]) -> Logarithm:
    out: Logarithm = {}
    for log, factor in parts:
        for (base, m), c in log.items():
            for n, d in times({m: c}, factor).items():
                out[base, n] = out.get((base, n), Fraction(0)) + d
    return {k: c for k, c in out.items() if c}


def _primes(x: Fraction) -> dict[int, int]:
    found: dict[int, int] = {}
    for value, sign in ((x.numerator, 1), (x.denominator, -1)):
        p = 2
        while value > 1:
            if p * p > value:
                p = value
            while value % p == 0:
                found[p] = found.get(p, 0) + sign
                value //= p
            p += 1
    return found


# --- the script -------------------------------------------------------------------------------------------------------------
def prepared(trees: Iterable[Tree], terms: Terms, equal: Mapping[Tree, Tree]) -> str:
    """The numbers, and an equation for each power, root and exponential of the trees; "" where there is none."""
    nodes = list({terms.real(n): n for t in trees for n in _powers(t)}.values())
    logs = {n: logarithm(n, equal, terms.bases) for n in nodes}
    steps: dict[tuple[Tree, Monomial], int] = {}
    for log in logs.values():
        for key, c in log.items():
            steps[key] = lcm(steps.get(key, 1), c.denominator)
    names, script = {}, "".join(_numeral(n, k) for k, n in enumerate(sorted(_composite(logs)), start=1))
    for k, ((base, m), step) in enumerate(steps.items(), start=1):
        if m == ONE and step == 1 and base != E:
            names[base, m] = terms.real(base)
            continue
        names[base, m] = g = f"g{k}'"
        factor = f"{_monomial(m, terms)} / {step}" if step > 1 else _monomial(m, terms)
        script += f"destruct (power_atom ({factor}{'' if base == E else f' * ln {terms.real(base)}'})) as [{g} [{g}p {g}l]]. "
        if m == ONE and base != E:
            kind = "numeral" if base.head == "num" else "plain"
            sides = f"({g} ^ {step}) {terms.real(base)}" if kind == "numeral" else f"{terms.real(base)} ({g} ^ {step})"
            script += f"try assert ({g}q : {kind} {sides}) by by_logarithms. "
    for k, (node, log) in enumerate(logs.items(), start=1):
        product = " * ".join(_factor(names[key], c * steps[key]) for key, c in log.items()) or "1"
        if product != (text := terms.real(node)):
            script += f"try assert (p{k}' : peq {text} ({product})) by by_logarithms. "
    return script


def _composite(logs: Mapping[Tree, object]) -> set[int]:
    """Numbers below powers and roots that are no primes."""
    found = {abs(v) for x in logs for y in walk(x) if y.head == "num" for v in Fraction(y.name).as_integer_ratio()}
    return {n for n in found if n > 1 and list(_primes(Fraction(n)).values()) != [1]}


def _numeral(n: int, k: int) -> str:
    """The logarithm of a number by those of its primes."""
    primes = _primes(Fraction(n))
    total = " + ".join(f"{e} * ln {p}" for p, e in primes.items())
    product = " * ".join(f"{p} ^ {e}" for p, e in primes.items())
    return f"try assert (n{k}' : ln {n} = {total}) by (replace {n} with ({product}) by lra; logs; simpl INR; ring). "


def _powers(x: Tree) -> Iterator[Tree]:
    """Powers with another exponent than an integer, roots, exponentials, innermost first; not those that a sum binds."""
    for y in reversed(list(free(x))):
        if y.head in {"sqrt", "exp"} or (y.head == "pow" and ((n := number(y.parts[1])) is None or n.denominator != 1)):
            yield y


def _monomial(m: Monomial, terms: Terms) -> str:
    parts = [f"{terms.real(a)}{f' ^ {k}' if k > 1 else ''}" for a, k in sorted(m, key=repr) if k > 0]
    below = "".join(f" / {terms.real(a)}{f' ^ {-k}' if k < -1 else ''}" for a, k in sorted(m, key=repr) if k < 0)
    return (" * ".join(parts) or "1") + below


def _factor(g: str, k: Fraction) -> str:
    n = int(k)
    power = g if abs(n) == 1 else f"{g} ^ {abs(n)}"
    return power if n > 0 else f"/ {power}" if abs(n) == 1 else f"/ ({power})"
