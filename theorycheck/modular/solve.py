"""Points that satisfy equations: what an equation demands of the symbol that is asked for, and the final check of all of them.

Definitions (the left side is a symbol, a member, a layer or a function value) give the value. Other equations are kept by
constructing the one symbol that each is solved for: frames and Gram matrices (X^T X = I, X^T X = Z Z^T), unit vectors,
squares of numbers, and equations A X B = R by generalized inverses. That is a best effort: whatever it makes, `check`
evaluates every equation at the point, and a point where one fails is given up.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from flint import nmod_mat

from theorycheck.modular.equations import Equation, gram, gram_of_rows, instances, is_layer, leaf_keys, leaves, unit
from theorycheck.modular.evaluate import Reader, layer
from theorycheck.modular.field import (
    Matrix,
    NoPoint,
    Number,
    P,
    Value,
    constant,
    equal,
    identity,
    inner,
    inverse,
    is_square,
    mul,
    root_power,
    transpose,
)
from theorycheck.modular.functions import opaque_key
from theorycheck.modular.linear import Linear, solve
from theorycheck.modular.point import Key, Point
from theorycheck.tree import Node, num

BROKEN = "an equation that does not hold at the point"
OPAQUE = {"app", "grad", "at", "schatten", "singular", "rank"}
Factor = tuple[Key | None, Matrix | None, bool]


# --- what is demanded of one symbol ---------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Solver:
    """The equations in force; it is asked by a point for the value of a symbol (see `Point.determine`)."""

    equations: tuple[Equation, ...]

    def __call__(self, point: Point, key: Key, shape: tuple[int, int] | None) -> Value | None:
        if key[0] not in {"sym", "item"}:
            return None
        named = [e for e in self.equations if e.target == key[1] or e.left.head == "inner"]
        about = [(e, i.read) for e in named for i in instances(e, point) if key in i.keys]
        for e, r in about:
            if e.left.head in {"sym", "item", "chain"} and not _longer(e, r):
                return r(e.right)
        if shape is None:
            return _square_root(point, about)
        made = [m for e, r in about if (m := _from_gram(e, r, shape)) is not None]
        return made[0] if made else _solved(about, key, shape, point)


def _longer(e: Equation, read: Reader) -> bool:
    return e.left.head == "chain" and read.integer(e.left.nodes[0]) != read.integer(e.left.nodes[1])


def _square_root(point: Point, about: Sequence[tuple[Equation, Reader]]) -> Value | None:
    for e, r in about:
        if e.left.head == "pow" and e.left.nodes[1] == num(2):
            x = r.number(e.right)
            root = root_power(x, constant(Fraction(1, 2))) if x.exact != 1 else constant(1)
            sign = 1 if e.target in point.kinds.positive or point.random.random() < 0.5 else -1
            return mul(constant(sign), root)  # type: ignore[no-any-return]
    return None


def _from_gram(e: Equation, read: Reader, shape: tuple[int, int]) -> Matrix | None:
    """X from X^T X = I, X^T X = Z Z^T (X = O Z^T with orthonormal columns in O), or X X^T = I."""
    rows, cols = shape
    if gram(e.left):
        z = _rows_of_gram(e.right)
        if e.right.head != "eye" and z is None:
            return None
        inside = Matrix((identity(cols),)) if z is None else transpose(read.matrix(z))
        return mul(frame(read.point, rows, inside.p[0].nrows()), inside)  # type: ignore[no-any-return]
    if gram_of_rows(e.left) and e.right.head == "eye":
        return transpose(frame(read.point, cols, rows))
    return None


def _rows_of_gram(x: Node) -> Node | None:
    """Z, where a tree is Z Z^T."""
    same = x.head == "matmul" and len(x.nodes) == 2 and x.nodes[1].head == "transpose" and x.nodes[1].nodes[0] == x.nodes[0]
    return x.nodes[0] if same else None


def frame(point: Point, rows: int, cols: int) -> Matrix:
    """Orthonormal columns."""
    if rows < cols:
        raise NoPoint("more orthonormal columns than rows")
    whole = point.orthogonal(rows).tolist()
    return Matrix((nmod_mat(rows, cols, [int(x) for row in whole for x in row[:cols]], P),))


def _solved(about: Sequence[tuple[Equation, Reader]], key: Key, shape: tuple[int, int], point: Point) -> Value | None:
    """X from linear equations A X B = R, then scaled to its length where an equation gives that."""
    linear = [found for e, r in about if (found := _linear(e, r, key)) is not None]
    lengths = [r.number(e.right) for e, r in about if unit(e.left)]
    if not linear and not lengths:
        return None
    for _ in range(20):
        x = Matrix((solve(linear, point.matrix(*shape)),))
        if not lengths:
            return x
        scale = mul(lengths[0], inverse(inner(x, x)))
        if is_square(scale.p[0]):
            return mul(root_power(scale, constant(Fraction(1, 2))), x)  # type: ignore[no-any-return]
    raise NoPoint("a vector that cannot be scaled to its length")


def _linear(e: Equation, read: Reader, key: Key) -> Linear | None:
    """(A, B, R) of A X B = R, where all else on the left side is known or can be had."""
    if e.left.head not in {"matmul", "chain", "inner"} or gram(e.left) or gram_of_rows(e.left) or unit(e.left):
        return None
    word = list(e.left.nodes) if e.left.head == "matmul" else [e.left]
    if e.left.head == "inner":
        a, b = e.left.nodes
        here = leaf_keys(read, b) == [key]
        word = [Node("transpose", (a if here else b,), (a.shape or ())[::-1]), b if here else a]
        if not all(k in read.point.table for k in leaf_keys(read, a if here else b)):
            return None  # the other vector is drawn later, and then with regard to this one
    if e.variables and any(n.shape and n.shape[1] == num(1) and not _known(read, n) for n in leaves(e.left)):
        return None  # vectors at other indices are left as they are
    factors = [f for n in word for f in _factors(read, n, key)]
    places = [i for i, f in enumerate(factors) if f[0] == key]
    unknown = any(f[1] is None and i not in places for i, f in enumerate(factors))
    if len(places) != 1 or unknown:
        return None
    i = places[0]
    left, right = _joined(factors[:i]), _joined(factors[i + 1 :])
    value = read(e.right)
    r = value.p[0] if isinstance(value, Matrix) else nmod_mat(1, 1, [value.p[0]], P)
    if factors[i][2]:
        left, right, r = right and right.transpose(), left and left.transpose(), r.transpose()
    return left, right, r


def _known(read: Reader, n: Node) -> bool:
    return all(k in read.point.table or k in read.point.busy for k in leaf_keys(read, n))


def _factors(read: Reader, n: Node, key: Key, flipped: bool = False) -> list[Factor]:
    """The factors of a word, layers one by one: (key, value or None where it is not known yet, transposed)."""
    if n.head == "transpose":
        return _factors(read, n.nodes[0], key, not flipped)
    keys = leaf_keys(read, n)
    if n.head in {"sym", "item"}:
        known = None if keys == [key] else _transposed(read.matrix(n), flipped)
        return [(keys[0], known, flipped)]
    if n.head == "chain":
        out: list[Factor] = []
        for k in sorted(keys, key=lambda k: -int(k[2])):
            if key[1] == k[1] and int(k[2]) < int(key[2]):  # the highest layer is the one that is solved for
                layer(read, str(k[1]), int(k[2]), n)
            x = read.point.table.get(k)
            out.append((k, _transposed(x, flipped) if isinstance(x, Matrix) and k != key else None, flipped))
        return out[::-1] if flipped else out
    return [(None, _transposed(read.matrix(n), flipped), flipped)]


def _transposed(x: Matrix, flipped: bool) -> Matrix:
    return transpose(x) if flipped else x


def _joined(factors: Sequence[Factor]) -> nmod_mat | None:
    out: nmod_mat | None = None
    for _, x, _ in factors:
        assert x is not None
        out = x.p[0] if out is None else out * x.p[0]
    return out


# --- function values, and the check ---------------------------------------------------------------------------------------
def enter(equations: Sequence[Equation], point: Point) -> None:
    """Enter the function values that equations give into the tables, until nothing changes."""
    about = [e for e in equations if opaque_part(e.left) is not None]
    for _ in range(4):
        before = dict(point.table)
        for e in reversed(about):
            for i in instances(e, point):
                _enter(e, i.read)
        if all(k in before and equal(before[k], point.table[k]) for k in point.table):
            return


def define(equations: Sequence[Equation], point: Point) -> None:
    """Draw the symbols that have definitions without variables: others are solved for with regard to them."""
    for e in equations:
        if not e.variables and (e.left.head in {"sym", "item"} or is_layer(e.left)):
            Reader(point)(e.left)


def opaque_part(x: Node) -> Node | None:
    """The function value f(x) in a left side f(x) or f(x)^e."""
    if x.head in OPAQUE:
        return x
    return x.nodes[0] if x.head == "pow" and x.nodes[0].head in {"schatten", "singular"} else None


def _enter(e: Equation, read: Reader) -> None:
    part = opaque_part(e.left)
    assert part is not None
    value = read(e.right)
    if part is not e.left:
        assert isinstance(value, Number)
        value = root_power(value, inverse(read.number(e.left.nodes[1])))
    if part.head == "at":
        key: Key = ("at", *(a for a in part.args if isinstance(a, str)), (read.number(part.nodes[0]).p[0],))
    else:
        key = opaque_key(read, part)
    read.point.table[key] = type(value)(value.p[:1]) if len(value.p) > 1 else value


def check(equations: Sequence[Equation], point: Point) -> None:
    """NoPoint unless each equation holds at the point, at all indices whose symbols have been drawn."""
    for e in equations:
        for i in instances(e, point):
            if e.variables and not all(k in point.table for k in i.keys if k[1] not in point.whole):
                continue
            if not equal(i.read(e.left), i.read(e.right)):
                raise NoPoint(BROKEN)
