"""Hypotheses for all values of their variables, at an instance.

Indices run through their range. An order relation that is a polynomial of degree <= 2 in the entries of a matrix is decided by
the matrix of its coefficients, one in a single number by its roots. Each further kind is a fact about one kind of function or
matrix; what none covers is said.
"""

from __future__ import annotations

from typing import Any

from flint import Ordering, fmpq, fmpq_mpoly, fmpq_mpoly_ctx, fmpq_poly

from ..core import Fact, NotCovered, indices, node, sides, walk
from .decide import holds
from .evaluate import Env, value, whole
from .kinds import KINDS
from .matrices import semidefinite
from .numbers import Unclear
from .ranges import places

ONE = node("num", fmpq(1))


def satisfied(h: Fact, env: Env) -> bool:
    """Whether the hypothesis certainly holds at the instance."""
    own = indices([h.shows, *h.given]) & set(h.variables)
    others = [v for v in h.variables if v not in own]
    if not others:
        return all(_at(h, {**env, **place}) for place in places(h, sorted(own), env))
    if any(kind(h, env) for kind in KINDS):
        return True
    if not own and (len(others) == 1 or not h.given):
        return _quadratic(h, others, env)
    raise NotCovered(f"the hypothesis {h.name!r} for all {', '.join(h.variables)}")


def _at(h: Fact, env: Env) -> bool:
    conditions = [holds(g, env) for g in h.given]
    return False in conditions or (None not in conditions and holds(h.shows, env) is True)


# --- polynomials of degree 2 ------------------------------------------------------------------------------------------------
def _quadratic(h: Fact, names: list[str], env: Env) -> bool:
    """low <= high for all matrices, given or not: high - low = z^T M z with z = (1, entries), M positive semidefinite."""
    said = f"the hypothesis {h.name!r} for all {', '.join(names)}"
    own = [t for tree in (h.shows, *h.given) for t in walk(tree) if t.head == "sym" and t.args[0] in names]
    shapes = {t.args[0]: {x.shape for x in own if x.args == t.args} for t in own}
    if any(len(s) != 1 for s in shapes.values()) or h.shows.head not in {"le", "ge"}:
        raise NotCovered(said)
    sizes = {n: [whole(s, env) for s in shape or (ONE, ONE)] for n, (shape,) in shapes.items()}
    places = [(n, i, j) for n, (rows, cols) in sizes.items() for i in range(rows) for j in range(cols)]
    z = fmpq_mpoly_ctx.get([f"z{k}" for k in range(len(places))], Ordering.lex).gens()
    entry = dict(zip(places, z, strict=True))
    symbolic = {n: tuple(tuple(entry[n, i, j] for j in range(cols)) for i in range(rows)) for n, (rows, cols) in sizes.items()}
    symbolic |= {n: entry[n, 0, 0] for n, (shape,) in shapes.items() if shape == ()}
    try:
        low, high = (value(x, {**env, **symbolic}) for x in sides(h.shows))
    except Unclear as e:
        raise NotCovered(f"{said}: {e}") from e
    gap = high - low
    if not isinstance(gap, fmpq | fmpq_mpoly):
        raise NotCovered(f"{said} is not exact")
    terms = {tuple(map(int, m)): c for m, c in (gap.to_dict() if isinstance(gap, fmpq_mpoly) else {(0,) * len(z): gap}).items()}
    if len(z) == 1:
        return nonnegative([terms.get((k,), fmpq(0)) for k in range(max(sum(m) for m in [*terms, (0,)]) + 1)])
    if any(sum(m) > 2 for m in terms):
        raise NotCovered(f"the hypothesis {h.name!r} is no polynomial of degree 2")
    return semidefinite(coefficients(terms, len(z)))


def nonnegative(coefficients: list[Any]) -> bool:
    """Whether a polynomial in one variable is >= 0 everywhere: its leading coefficient is, and no real root has odd order."""
    p = fmpq_poly(coefficients)
    odd = [f for f, times in p.factor()[1] if times % 2] if p else []
    return not p or (p[p.degree()] > 0 and not any(map(_has_real_root, odd)))


def _has_real_root(f: fmpq_poly) -> bool:
    """Of an irreducible polynomial: whether the balls of its roots, which are simple, may meet the real line."""
    return f.degree() == 1 or any(root.imag.contains(0) for root, _ in f.numer().complex_roots())


def coefficients(terms: dict[Any, Any], n: int) -> Any:
    """The symmetric matrix M with sum = z^T M z, z_0 = 1."""

    def entry(i: int, j: int) -> Any:
        power = [0] * (n + 1)
        power[i] += 1
        power[j] += 1
        return terms.get(tuple(power[1:]), fmpq(0)) * (fmpq(1) if i == j else fmpq(1, 2))

    return tuple(tuple(entry(i, j) for j in range(n + 1)) for i in range(n + 1))
