"""Hypotheses for all values of their variables, known for a kind of function or matrix: each returns whether it holds so.

What is matched is the tree itself; what the instance must satisfy is decided in rationals.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flint import fmpq, fmpq_mat

from ..core import Fact, Node, node
from .evaluate import Env, value, whole
from .matrices import Rows, difference, entries, exact, product, transposed
from .models import Bowl, PowerSum
from .ranges import places

TWO, ONE, ZERO = (node("num", fmpq(n)) for n in (2, 1, 0))


def _sym(t: Node, h: Fact) -> str | None:
    """The name of a variable of the hypothesis."""
    return t.args[0] if t.head == "sym" and t.args[0] in h.variables else None


def homogeneous(h: Fact, env: Env) -> bool:
    """f(a z) = a^k f(z) for all z and a > 0: a sum of k-th powers."""
    if len(h.variables) != 2 or h.shows.head != "eq" or len(h.given) != 1 or h.shows.trees[0].head != "app":
        return False
    left, right = h.shows.trees
    f = env.get(left.args[0])
    scaled = left.trees[0]
    a, z = scaled.trees if scaled.head == "mul" and len(scaled.trees) == 2 else (left, left)
    wanted = node("mul", node("pow", a, right.trees[0].trees[1]), node("app", left.args[0], z)) if _power(right, a) else None
    plain = {_sym(a, h), _sym(z, h)} == set(h.variables) and a.shape == () and bool(z.shape)
    fine = plain and right is wanted and h.given[0] is node("gt", a, ZERO)
    exponent = right.trees[0].trees[1] if fine else ONE
    return fine and isinstance(f, PowerSum) and not set(h.variables) & exponent.free and value(exponent, env) == f.degree


def _power(t: Node, a: Node) -> bool:
    return t.head == "mul" and len(t.trees) == 2 and t.trees[0].head == "pow" and t.trees[0].trees[0] is a


def no_nearer_minimum(h: Fact, env: Env) -> bool:
    """d <= |x - y| for all y with C(y) = m: for the least value m of a bowl, the part of x - centre along curved axes."""
    if len(h.variables) != 1 or h.shows.head != "le" or len(h.given) != 1 or h.given[0].head != "eq":
        return False
    (d, far), (at, m) = h.shows.trees, h.given[0].trees
    cost = env.get(at.args[0]) if at.head == "app" else None
    if not isinstance(cost, Bowl) or _sym(at.trees[0], h) is None or far.head != "norm" or h.variables[0] in d.free | m.free:
        return False
    y = at.trees[0]
    gap = far.trees[0]
    if gap.head != "add" or len(gap.trees) != 2 or gap.trees[1] is not node("neg", y) or y.args[0] in gap.trees[0].free:
        return False
    x, distance, least = value(gap.trees[0], env), value(d, env), value(m, env)
    arms = entries(product(transposed(cost.axes), difference(x, cost.centre)))
    square = sum((a * a for a, c in zip(arms, cost.curvatures, strict=True) if c), fmpq(0))
    rational = all(isinstance(v, fmpq) for v in (square, distance, least))
    curved = all(c >= 0 for c in cost.curvatures)
    return rational and curved and least == cost.least and (distance <= 0 or distance * distance <= square)


def schatten_quasinorm(h: Fact, env: Env) -> bool:
    """|X|_e^e = sum_(i=1..q) sigma_i(X)^e for all X, e > 0 and rank(X) <= q <= rows, columns: the definition."""
    if h.shows.head != "eq" or h.shows.trees[1].head != "sum":
        return False
    left, right = h.shows.trees
    x, e = left.trees[0].trees if left.head == "pow" and left.trees[0].head == "schatten" else (ZERO, ZERO)
    i, (low, q, body) = right.args[0], right.trees
    if {_sym(t, h) for t in (x, e, q)} == {None} or not x.shape or i in h.variables:
        return False
    wanted = node("pow", node("singular", x, node("sym", i)), e)
    given = {node("gt", e, ZERO), node("le", node("rank", x), q), node("le", q, x.shape[0]), node("le", q, x.shape[1])}
    whole_sum = low is ONE and body is wanted and left.trees[1] is e
    return whole_sum and given <= set(h.given) and len({_sym(t, h) for t in (x, e, q)} - {None}) == 3


def equal_power_sums(h: Fact, env: Env) -> bool:
    """Tr[S^e] or |A|_e^e = b^e or sum_h b_h^e for all e > 0: both sides have the same numbers >= 0, apart from zeros."""
    if len(h.variables) != 1 or h.shows.head != "eq" or len(h.given) != 1:
        return False
    e = node("sym", h.variables[0])
    left, right = h.shows.trees
    lo, hi, body = right.trees if right.head == "sum" else (ONE, ONE, right)
    if h.given[0] is not node("gt", e, ZERO) or body.head != "pow" or body.trees[1] is not e or right.args[0] == e.args[0]:
        return False
    if e.args[0] in lo.free | hi.free | body.trees[0].free:
        return False
    index = right.args[:1] if right.head == "sum" else ()
    span = range(whole(lo, env), whole(hi, env) + 1)
    bases = [value(body.trees[0], {**env, **dict.fromkeys(index, fmpq(k))}) for k in span]
    squares = _squares(left, e, env)
    if squares is None or not all(isinstance(b, fmpq) and b >= 0 for b in bases):
        return False
    return _polynomial(b * b for b in bases) == squares


def _squares(t: Node, e: Node, env: Env) -> list[Any] | None:
    """The polynomial whose roots are the squares of the numbers whose e-th powers are summed, without its roots 0."""
    inside = t.trees[0]
    powers = (t.head, inside.head) == ("trace", "mpow") or ((t.head, inside.head) == ("pow", "schatten") and t.trees[1] is e)
    if not powers or inside.trees[1] is not e or e.args[0] in inside.trees[0].free:
        return None
    x = value(inside.trees[0], env)
    if not exact(x):
        return None
    if inside.head == "schatten":
        gram = product(transposed(x), x)
        return _stripped(list(fmpq_mat(len(gram), len(gram), entries(gram)).charpoly()))
    diagonal = all(v == 0 if i != j else v >= 0 for i, row in enumerate(x) for j, v in enumerate(row))
    return _polynomial(x[i][i] ** 2 for i in range(len(x))) if diagonal else None


def _polynomial(roots: Any) -> list[Any]:
    found = [fmpq(1)]
    for r in roots:
        found = [a - r * b for a, b in zip([fmpq(0), *found], [*found, fmpq(0)], strict=True)]
    return _stripped(found)


def _stripped(coefficients: list[Any]) -> list[Any]:
    """From the lowest coefficient that is not 0 on."""
    return coefficients[next(i for i, c in enumerate(coefficients) if c) :]


def least_factors(h: Fact, env: Env) -> bool:
    """|P|^2 + |Q|^2 <= |Y|^2 + |Z|^2 for all Y Z = P Q, at every index of a range: so if P^T P = Q Q^T, since the left is then
    twice the sum of the singular values of P Q, and no factors have less."""
    if h.shows.head != "le" or not h.given or h.given[-1].head != "eq" or h.given[-1].trees[0].head != "matmul":
        return False
    (left, right), (free, fixed) = h.shows.trees, h.given[-1].trees
    if len(free.trees) != 2 or fixed.head != "matmul" or len(fixed.trees) != 2 or None in {_sym(y, h) for y in free.trees}:
        return False
    pairs = [node("add", *(node("pow", node("norm", x), TWO) for x in product_of.trees)) for product_of in (fixed, free)]
    own = {_sym(y, h) for y in free.trees}
    if left is not pairs[0] or right is not pairs[1] or len(own) != 2 or own & fixed.free:
        return False
    names = sorted(set(h.variables) - own)
    return all(_balanced(*(value(x, {**env, **place}) for x in fixed.trees)) for place in places(h, names, env))


def _balanced(p: Rows, q: Rows) -> bool:
    return exact(p) and exact(q) and product(transposed(p), p) == product(q, transposed(q))


Kind = Callable[[Fact, Env], bool]
KINDS: tuple[Kind, ...] = (homogeneous, no_nearer_minimum, schatten_quasinorm, equal_power_sums, least_factors)
