"""Small rules about products: an equation times matrices, an order times a factor >= 0; norm 0; equations that are linear in
matrices, from those of rank one; and being defined at all."""

from __future__ import annotations

from theorycheck.errors import InputError
from theorycheck.exact.call import recorded
from theorycheck.exact.letters import trace
from theorycheck.exact.session import (
    Checked,
    Rule,
    Session,
    Stuck,
    free_of,
    head_of,
    remainder,
    restrictions,
    same_relation,
    sides,
    substitute_all,
)
from theorycheck.fact import Proven
from theorycheck.tree import Node, Number, as_node, free_names, num
from theorycheck.tree.heads import validate
from theorycheck.tree.node import matmul, matrix_shape, same_size


@recorded
def multiplied(premise: Proven, left: Node | None = None, right: Node | None = None) -> Rule:
    """From the matrix equation P = Q to L P R = L Q R, or to Tr[L P R] = Tr[L Q R]; L or R may be left out."""

    def check(session: Session, goal: Node) -> Checked:
        if premise.shows.head != "eq" or goal.head != "eq" or premise.shows.nodes[0].shape == ():
            raise Stuck("the goal must be an equation, and the premise one between matrices")
        p, q = (_product(left, side, right) for side in sides(premise.shows))
        gap = session.read(p) - session.read(q)
        u, v = sides(goal)
        if u.shape == ():
            if not same_size(*matrix_shape(p)):
                raise Stuck("the trace of a product that is not square")
            gap = trace(gap)
        rest = session.read(u) - session.read(v) - gap
        if rest.terms:
            raise Stuck(f"left over: {remainder(rest)}")
        return Checked("both sides multiplied by the same matrices")

    return Rule("multiplied by matrices", check, (premise,))


def _product(left: Node | None, middle: Node, right: Node | None) -> Node:
    parts = [x for x in (left, middle, right) if x is not None]
    return matmul(*parts) if len(parts) > 1 else middle


@recorded
def scaled(premise: Proven, factor: Proven) -> Rule:
    """From u <= v and 0 <= w (a line of its own, such as a square) to u w <= v w."""

    def check(session: Session, goal: Node) -> Checked:
        if head_of(goal) != "le" or any(head_of(p.shows) not in {"le", "lt"} for p in (premise, factor)):
            raise Stuck("the goal must be of the form <=, and both premises inequalities")
        zero, w = sides(factor.shows)
        if not session.read(zero).is_zero:
            raise Stuck(f"{factor.label} is not of the form 0 <= w")
        u, v = sides(premise.shows)
        low, high = sides(goal)
        rest = session.read(high) - session.read(low) - session.read(w) * (session.read(v) - session.read(u))
        if not rest.is_zero:
            raise Stuck(f"left over: {remainder(rest)}")
        return Checked("both sides multiplied by the same number >= 0")

    return Rule("multiplied by a number >= 0", check, (premise, factor))


@recorded
def vanishes(premise: Proven) -> Rule:
    """From |P - Q|^2 = 0, in any normal form, to the equation P = Q between matrices."""

    def check(session: Session, goal: Node) -> Checked:
        if premise.shows.head != "eq" or goal.head != "eq" or goal.nodes[0].shape == ():
            raise Stuck("the goal must be an equation between matrices, and the premise one between numbers")
        (p, q), (u, v) = sides(goal), sides(premise.shows)
        if u.shape != ():
            raise Stuck("the premise must be an equation between numbers")
        gap = session.read(p) - session.read(q)
        size, shown = trace(gap.T @ gap), session.read(u) - session.read(v)
        if (shown - size).terms and (shown + size).terms:
            raise Stuck(f"the squared norm of the difference is {remainder(size)}")
        return Checked("a matrix of norm 0 is 0")

    return Rule("a matrix of norm 0", check, (premise,))


@recorded
def multilinear(premise: Proven, **places: Node) -> Rule:
    """From an equation for outer products u v^T of arbitrary vectors to one for all matrices, as both sides are linear in each.

    `places` says which outer product stands in the premise for a matrix of the goal: every matrix is a sum of such products.
    """

    def check(session: Session, goal: Node) -> Checked:
        if premise.shows.head != "eq" or goal.head != "eq":
            raise Stuck("the goal and the premise must be equations")
        for name in places:
            if any(degree(side, name) != 1 for side in goal.nodes):
                raise Stuck(f"a side is not linear in {name}")
        vectors = [v for name, outer in places.items() for v in _outer(name, outer)]
        if len(set(vectors)) < len(vectors) or free_names(goal) & set(vectors):
            raise Stuck("the vectors must be different ones, which the goal does not mention")
        for v in vectors:
            free_of(v, [premise])
            if restrictions(session, {v}) or v in session.context.symmetric | session.context.positive_families:
                raise Stuck(f"{v} is restricted in the domain; the vectors must be arbitrary")
        if not same_relation(session, premise.shows, substitute_all(goal, places)):
            raise Stuck("the premise is not the goal with these outer products")
        return Checked("linear in matrices that are sums of outer products")

    return Rule("linear in matrices", check, (premise,))


def _outer(name: str, outer: Node) -> tuple[str, str]:
    """The two vectors of an outer product u v^T."""
    u, v = (outer.nodes[0], outer.nodes[-1]) if outer.head == "matmul" and len(outer.nodes) == 2 else (outer, outer)
    v = v.nodes[0] if v.head == "transpose" else outer
    if {u.head, v.head} != {"sym"} or any(not same_size(matrix_shape(x)[1], num(1)) for x in (u, v)):
        raise Stuck(f"{name} must be an outer product u v^T of two vectors")
    return str(u.args[0]), str(v.args[0])


def degree(t: Node, name: str) -> int:
    """The degree in a matrix in which a tree is homogeneous as it stands; Stuck where the tree does not show one."""
    if name not in free_names(t):
        return 0
    match t.head:
        case "sym":
            return 1
        case "add":
            of_terms = {degree(x, name) for x in t.nodes}
            if len(of_terms) == 1:
                return of_terms.pop()
        case "mul" | "matmul" | "inner" | "neg" | "transpose" | "trace":
            return sum(degree(x, name) for x in t.nodes)
        case "sum" | "sequences" | "expect":
            body = t.nodes[0 if t.head == "expect" else -1]
            if all(name not in free_names(x) for x in t.nodes if x is not body):
                return degree(body, name)
    raise Stuck(f"{t.head} is not known to be homogeneous in {name}")


@recorded
def gram(*parts: tuple[Node | Number, Node]) -> Rule:
    """goal `P positive semidefinite`: P = sum of c M^T M over the parts (c, M) with c >= 0, in normal form."""

    def check(session: Session, goal: Node) -> Checked:
        if goal.head != "psd":
            raise Stuck(f"the goal is {goal.head}, not that a matrix is positive semidefinite")
        rest = session.read(goal.nodes[0])
        for c, m in ((session.read(as_node(factor)), session.read(matrix)) for factor, matrix in parts):
            if session.context.sign(c) is None:
                raise Stuck(f"the coefficient {remainder(c)} is not known to be >= 0")
            rest = rest - c * (m.T @ m)
        if rest.terms:
            raise Stuck(f"left over: {remainder(rest)}")
        return Checked("a sum of Gram matrices")

    return Rule("Gram matrices", check)


@recorded
def defined() -> Rule:
    """goal `Defined(x)`: the shapes of x agree for all sizes, and each division and root in it is licensed by the domain.

    Shapes are checked for symbolic sizes (below `defined` a tree may be built without that); the normal form of x exists only
    where the rest holds.
    """

    def check(session: Session, goal: Node) -> Checked:
        if goal.head != "defined":
            raise Stuck(f"the goal is {goal.head}, not defined")
        try:
            validate(goal.nodes[0])
        except InputError as e:
            raise Stuck(str(e)) from e
        return Checked("its normal form: " + remainder(session.read(goal.nodes[0])))

    return Rule("defined for all sizes", check)
