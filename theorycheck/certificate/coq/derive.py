"""Derivatives of explicit trees: gradients by the adjoint method, derivatives in the time forwards.

The results are proposals: the generated lemma shows that they are the derivatives (see `coq.py`).
"""

from __future__ import annotations

from fractions import Fraction

from theorycheck.certificate.coq.trees import NotTranslated, Tree, affine, has_free, num, number, shifted, walk

ONE = num(1)


def add(*parts: Tree) -> Tree:
    return parts[0] if len(parts) == 1 else Tree("add", parts, parts[0].shape)


def times(c: Tree, x: Tree) -> Tree:
    return Tree("mul", (c, x), x.shape)


def transpose(x: Tree) -> Tree:
    if x.head == "transpose":
        return x.parts[0]
    rows, cols = x.shape or ()
    return Tree("transpose", (x,), (cols, rows))


def matmul(*parts: Tree) -> Tree:
    flat = [q for p in parts for q in (p.parts if p.head == "matmul" else (p,))]
    if len(flat) == 1:
        return flat[0]
    return Tree("matmul", tuple(flat), ((flat[0].shape or ())[0], (flat[-1].shape or ())[1]))


def mentions(tree: Tree, x: Tree) -> bool:
    """Whether a tree contains x; a product of layers contains those between its ends, which is left open where unknown."""
    if x.head == "chain":
        return any(n.head == "chain" and n.name == x.name for n in walk(tree))
    return x in set(walk(tree))


def from_index(form: dict[object, Fraction]) -> Tree:
    """The tree of an affine form."""
    parts = [a if c == 1 else Tree("mul", (num(c), a)) for a, c in form.items() if isinstance(a, Tree)]
    if None in form or not parts:
        parts.append(num(form.get(None, Fraction(0))))
    return add(*parts)


def split_at(chain: Tree, layer: Tree) -> tuple[Tree, Tree]:
    """W_hi .. W_(l+1) and W_(l-1) .. W_lo, for the layer l of W_hi .. W_lo."""
    hi, lo = chain.parts
    l = affine(layer.parts[0])
    above = Tree("chain", (chain.name, hi, from_index(shifted(l, 1))), ((chain.shape or ())[0], (layer.shape or ())[0]))
    below = Tree("chain", (chain.name, from_index(shifted(l, -1)), lo), ((layer.shape or ())[1], (chain.shape or ())[1]))
    return above, below


# --- gradients --------------------------------------------------------------------------------------------------------------
def gradient(body: Tree, x: Tree) -> Tree:
    """The gradient of a scalar tree in x, as a tree."""
    found = [g for g in _adjoint(body, ONE, x) if g is not None]
    return add(*found) if found else Tree("zero", (), x.shape)


def _adjoint(tree: Tree, weight: Tree, x: Tree) -> list[Tree]:
    """The parts of the gradient of <weight, tree>, or of weight * tree where tree is a number."""
    if tree == x:
        return [weight]
    if not mentions(tree, x):
        return []
    made = _ADJOINTS.get(tree.head)
    if made is None:
        raise NotTranslated(f"the gradient of the head {tree.head}")
    return made(tree, weight, x)


def _of_add(t: Tree, w: Tree, x: Tree) -> list[Tree]:
    return [g for p in t.parts for g in _adjoint(p, w, x)]


def _of_neg(t: Tree, w: Tree, x: Tree) -> list[Tree]:
    return _adjoint(t.parts[0], Tree("neg", (w,), w.shape), x)


def _of_mul(t: Tree, w: Tree, x: Tree) -> list[Tree]:
    moving = [p for p in t.parts if mentions(p, x)]
    if len(moving) > 1:
        raise NotTranslated("the gradient of a product of two moving numbers")
    rest = [p for p in t.parts if p is not moving[0]]
    if any(p.shape != () for p in rest):
        raise NotTranslated("the gradient of a moving number times a matrix")
    for p in rest:
        w = times(p, w)
    return _adjoint(moving[0], w, x)


def _of_div(t: Tree, w: Tree, x: Tree) -> list[Tree]:
    if mentions(t.parts[1], x):
        raise NotTranslated("the gradient of a quotient")
    return _adjoint(t.parts[0], Tree("div", (w, t.parts[1]), w.shape), x)


def _of_pow(t: Tree, w: Tree, x: Tree) -> list[Tree]:
    base, exponent = t.parts
    if (n := number(exponent)) not in {2, 3, 4} or (base.head == "norm" and n != 2):
        raise NotTranslated("the gradient of a power other than 2, 3 and 4")
    if base.head == "norm":
        return _adjoint(base.parts[0], times(times(num(2), w), base.parts[0]), x)
    lower = base if n == 2 else Tree("pow", (base, num(n - 1)))
    return _adjoint(base, times(times(num(n), w), lower), x)


def _of_inner(t: Tree, w: Tree, x: Tree) -> list[Tree]:
    a, b = t.parts
    return [*_adjoint(a, times(w, b), x), *_adjoint(b, times(w, a), x)]


def _of_trace(t: Tree, w: Tree, x: Tree) -> list[Tree]:
    inside = t.parts[0]
    return _adjoint(inside, times(w, Tree("eye", (), inside.shape)), x)


def _of_transpose(t: Tree, w: Tree, x: Tree) -> list[Tree]:
    return _adjoint(t.parts[0], transpose(w), x)


def _of_matmul(t: Tree, w: Tree, x: Tree) -> list[Tree]:
    found: list[Tree] = []
    for k, p in enumerate(t.parts):
        if mentions(p, x):
            left = [transpose(q) for q in reversed(t.parts[:k])]
            right = [transpose(q) for q in reversed(t.parts[k + 1 :])]
            found += _adjoint(p, matmul(*left, w, *right), x)
    return found


def _of_chain(t: Tree, w: Tree, x: Tree) -> list[Tree]:
    above, below = split_at(t, x)
    return [matmul(transpose(above), w, transpose(below))]


def _of_app(t: Tree, w: Tree, x: Tree) -> list[Tree]:
    inside = t.parts[0]
    return _adjoint(inside, times(w, Tree("grad", (t.name, inside), inside.shape)), x)


_ADJOINTS = {
    "add": _of_add,
    "neg": _of_neg,
    "mul": _of_mul,
    "div": _of_div,
    "pow": _of_pow,
    "inner": _of_inner,
    "trace": _of_trace,
    "transpose": _of_transpose,
    "matmul": _of_matmul,
    "chain": _of_chain,
    "app": _of_app,
}


# --- in a number ------------------------------------------------------------------------------------------------------------
def moves(tree: Tree, name: str) -> bool:
    return has_free(tree, name)


def in_symbol(tree: Tree, name: str = "t") -> Tree:
    """The derivative of a tree in a number, as a tree."""

    def in_it(x: Tree) -> Tree:
        return in_symbol(x, name)

    if not moves(tree, name):
        return num(0) if tree.shape == () else Tree("zero", (), tree.shape)
    match tree.head:
        case "sym":
            return ONE
        case "add" | "neg" | "transpose":
            return Tree(tree.head, tuple(in_it(p) for p in tree.parts), tree.shape)
        case "mul" | "matmul":
            return add(*(_with(tree, k, in_it(p)) for k, p in enumerate(tree.parts) if moves(p, name)))
        case "div":
            top, bottom = tree.parts
            first = Tree("div", (in_it(top), bottom), tree.shape)
            if not moves(bottom, name):
                return first
            square = Tree("pow", (bottom, num(2)))
            return add(first, Tree("neg", (times(Tree("div", (in_it(bottom), square)), top),), tree.shape))
        case "exp":
            return times(in_it(tree.parts[0]), tree)
        case "sqrt":
            return Tree("div", (in_it(tree.parts[0]), times(num(2), tree)))
        case "pow" if tree.parts[0].head == "norm" and number(tree.parts[1]) == 2:
            inside = tree.parts[0].parts[0]
            return times(num(2), Tree("inner", (inside, in_it(inside))))
        case "norm":
            inside = tree.parts[0]
            return Tree("div", (Tree("inner", (inside, in_it(inside))), tree))
        case "pow" if (n := number(tree.parts[1])) is not None:
            return Tree("mul", (num(n), Tree("pow", (tree.parts[0], num(n - 1))), in_it(tree.parts[0])))
        case "pow" if not moves(tree.parts[1], name):
            base, e = tree.parts
            return Tree("mul", (e, Tree("pow", (base, add(e, num(-1)))), in_it(base)))
        case "at":
            speed = Tree("neg", (Tree("grad", (str(tree.args[1]), tree), tree.shape),), tree.shape)
            return speed if tree.parts[0].head == "sym" else times(in_it(tree.parts[0]), speed)
        case "app":
            inside = tree.parts[0]
            return Tree("inner", (Tree("grad", (tree.name, inside), inside.shape), in_it(inside)))
        case "inner":
            a, b = tree.parts
            return add(Tree("inner", (in_it(a), b)), Tree("inner", (a, in_it(b))))
    raise NotTranslated(f"the derivative of the head {tree.head}")


def _with(tree: Tree, k: int, new: Tree) -> Tree:
    return Tree(tree.head, (*tree.args[:k], new, *tree.args[k + 1 :]), tree.shape)
