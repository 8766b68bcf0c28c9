"""Words to write claims with: symbols, functions, layers, norms, sums, flows, relations.

Each function checks shapes and returns a `Node`; none of them simplifies anything. The heads are listed in `heads.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from theorycheck.tree.node import (
    Node,
    Number,
    _same_shape,
    affine,
    as_node,
    from_affine,
    is_scalar,
    matrix_shape,
    num,
    same_size,
    show_shape,
)

ONE = num(1)


def sym(name: str) -> Node:
    """A scalar symbol: a real number, a size or an index; its range is a hypothesis of the domain."""
    return Node("sym", (name,))


def mat(name: str, rows: Node | int, cols: Node | int) -> Node:
    """A matrix symbol of shape (rows, cols)."""
    return Node("sym", (name,), (as_node(rows), as_node(cols)))


def vec(name: str, size: Node | int) -> Node:
    """A vector symbol: a matrix of shape (size, 1)."""
    return mat(name, size, 1)


@dataclass(frozen=True)
class Family:
    """A family of scalars, vectors or matrices over an index: `w[l]`. `shape(index)` gives the shape of a member."""

    name: str
    shape: Callable[[Node], tuple[Node, ...]]

    def __getitem__(self, index: Node | int) -> Node:
        i = from_affine(affine(as_node(index)))
        return Node("item", (self.name, i), self.shape(i))


def scalars(name: str) -> Family:
    """A family of scalars, such as the widths n_l or the singular values s_i."""
    return Family(name, lambda _: ())


def vectors(name: str, size: Callable[[Node], Node] | Node) -> Family:
    """A family of vectors; `size` may depend on the index."""
    return Family(name, lambda i: (size(i) if callable(size) else size, ONE))


@dataclass(frozen=True)
class Layers:
    """The weight matrices W_l of shape n_l x n_(l-1), and their products W_hi .. W_lo (empty for hi = lo - 1: the identity)."""

    name: str
    widths: Family

    def __getitem__(self, index: Node | int) -> Node:
        """The layer W_l: the chain of one factor."""
        return self.chain(index, index)

    def chain(self, hi: Node | int, lo: Node | int) -> Node:
        h, m = from_affine(affine(as_node(hi))), from_affine(affine(as_node(lo)))
        return Node("chain", (self.name, h, m), (self.widths[h], self.widths[m - 1]))


def layers(name: str, widths: Family) -> Layers:
    """The layers of a network; their widths are the family `n` (products over layers are differentiated with its sizes)."""
    if widths.name != "n":
        raise TypeError(f"the widths of a network are the family n, not {widths.name}")
    return Layers(name, widths)


@dataclass(frozen=True)
class Function:
    """A real function of a vector, a matrix or a number, known only through hypotheses: `C(x)`, `C.grad(x)` (no number)."""

    name: str

    def __call__(self, x: Node) -> Node:
        if not is_scalar(x):
            matrix_shape(x)
        return Node("app", (self.name, x))

    def grad(self, x: Node) -> Node:
        return Node("grad", (self.name, x), matrix_shape(x))


@dataclass(frozen=True)
class Flow:
    """A gradient-flow path x(t) of a function: Dt x = -grad f(x), x(0) given. `f` is the name of the function."""

    name: str
    f: str
    shape: tuple[Node, Node]

    def __call__(self, t: Node | Number) -> Node:
        return Node("at", (self.name, self.f, as_node(t)), self.shape)


# --- scalars -------------------------------------------------------------------------------------------------------------
def _scalar(head: str, x: Node | Number) -> Node:
    n = as_node(x)
    if not is_scalar(n):
        raise TypeError(f"{head} of {show_shape(n)}; it takes a scalar")
    return Node(head, (n,))


def sqrt(x: Node | Number) -> Node:
    return _scalar("sqrt", x)


def exp(x: Node | Number) -> Node:
    return _scalar("exp", x)


def log(x: Node | Number) -> Node:
    return _scalar("log", x)


def absolute(x: Node | Number) -> Node:
    return _scalar("abs", x)


def sign(x: Node | Number) -> Node:
    return _scalar("sign", x)


def minimum(a: Node | Number, b: Node | Number) -> Node:
    return Node("min", (as_node(a), as_node(b)))


def _bound(head: str, index: Node, lo: Node | Number, hi: Node | Number, body: Node) -> Node:
    if index.head != "sym" or not is_scalar(index):
        raise TypeError(f"the index of a {head} is a scalar symbol, not {index}")
    return Node(head, (str(index.args[0]), as_node(lo), as_node(hi), body), body.shape)


def total(index: Node, lo: Node | Number, hi: Node | Number, body: Node) -> Node:
    """The sum of `body` over index = lo .. hi, of scalars or of matrices."""
    return _bound("sum", index, lo, hi, body)


def product(index: Node, lo: Node | Number, hi: Node | Number, body: Node) -> Node:
    """The product of scalars over index = lo .. hi."""
    return _bound("prod", index, lo, hi, body)


def integral(v: Node, lo: Node | Number, hi: Node | Number, body: Node) -> Node:
    """The integral of `body` in the variable v from lo to hi."""
    return _bound("integral", v, lo, hi, body)


def limit(v: Node, point: Node | Number, body: Node) -> Node:
    """The limit of `body` as v decreases to `point` (the one-sided limit from above)."""
    return Node("limit", (str(v.args[0]), as_node(point), body), body.shape)


# --- matrices ------------------------------------------------------------------------------------------------------------
def eye(n: Node | int) -> Node:
    return Node("eye", (), (as_node(n), as_node(n)))


def zero(rows: Node | int, cols: Node | int) -> Node:
    return Node("zero", (), (as_node(rows), as_node(cols)))


def trace(x: Node) -> Node:
    rows, cols = matrix_shape(x)
    if not same_size(rows, cols):
        raise TypeError(f"trace of {show_shape(x)}; it takes a square matrix")
    return Node("trace", (x,))


def inner(a: Node, b: Node) -> Node:
    """The Frobenius (Euclidean) scalar product."""
    _same_shape("scalar product", (a, b))
    matrix_shape(a)
    return Node("inner", (a, b))


def norm(x: Node) -> Node:
    """The Frobenius (Euclidean) norm."""
    matrix_shape(x)
    return Node("norm", (x,))


def schatten(x: Node, p: Node | Number) -> Node:
    """The L_p Schatten (quasi)norm (sum of sigma_i^p)^(1/p), paper line 75."""
    matrix_shape(x)
    return Node("schatten", (x, as_node(p)))


def rank(x: Node) -> Node:
    matrix_shape(x)
    return Node("rank", (x,))


def singular(x: Node, i: Node | int) -> Node:
    """The i-th largest singular value of x, 1 <= i <= min(rows, cols)."""
    matrix_shape(x)
    return Node("singular", (x, as_node(i)))


def gradient_of(body: Node, wrt: Node) -> Node:
    """The gradient of a scalar tree in a matrix symbol (or one member of a family of layers)."""
    return Node("gradient", (body, wrt), matrix_shape(wrt))


def second_derivative(body: Node, directions: list[tuple[Node, Node]]) -> Node:
    """d^2/d eps^2 of a scalar tree at eps = 0, each symbol X replaced by X + eps V: the Hessian form V^T H V."""
    args: list[Node] = [body]
    for x, v in directions:
        _same_shape("direction", (x, v))
        args += [x, v]
    return Node("second", tuple(args))


def Dt(x: Node) -> Node:
    """The derivative in the time t; along a flow x(t) it uses Dt x = -grad."""
    return Node("Dt", (x,), x.shape)


# --- propositions --------------------------------------------------------------------------------------------------------
def _relation(head: str, a: Node | Number, b: Node | Number) -> Node:
    left, right = as_node(a), as_node(b)
    _same_shape("relation", (left, right))
    if head != "eq" and left.shape != ():
        raise TypeError(f"{head} orders scalars only, not {show_shape(left)}")
    return Node(head, (left, right), None)


def Eq(a: Node | Number, b: Node | Number) -> Node:
    return _relation("eq", a, b)


def Le(a: Node | Number, b: Node | Number) -> Node:
    return _relation("le", a, b)


def Lt(a: Node | Number, b: Node | Number) -> Node:
    return _relation("lt", a, b)


def Ge(a: Node | Number, b: Node | Number) -> Node:
    return _relation("ge", a, b)


def Gt(a: Node | Number, b: Node | Number) -> Node:
    return _relation("gt", a, b)


def All(*parts: Node) -> Node:
    """The conjunction of propositions."""
    return Node("and", parts, None)


def Not(claim: Node) -> Node:
    """The negation of a proposition: a derivation that ends at it refutes the claim."""
    return Node("not", (claim,), None)


def Converges(body: Node, v: Node, point: Node | Number, value: Node | Number) -> Node:
    """`body` tends to `value` as the symbol v tends to `point` (use INFINITY for +oo)."""
    end = as_node(value)
    _same_shape("limit", (body, end))
    return Node("converges", (body, v, as_node(point), end), None)


def Member(x: Node, centre: Node, radius: Node) -> Node:
    """x lies in the closed ball of the given centre and radius (Euclidean norm)."""
    _same_shape("ball", (x, centre))
    return Node("member", (x, centre, radius), None)


def Psd(x: Node) -> Node:
    """The symmetric matrix x is positive semidefinite."""
    matrix_shape(x)
    return Node("psd", (x,), None)


def Defined(x: Node) -> Node:
    """The expression makes sense for all admissible sizes and values (shapes agree, no division by zero)."""
    return Node("defined", (x,), None)


INFINITY = Node("infinity", ())


