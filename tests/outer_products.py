"""Equations for outer products, and those for all matrices that follow from them or do not, for both engines."""

from theorycheck.tree import Eq, absolute, inner, mat, norm, sym, trace, vec

n, k, b = sym("n"), sym("k"), sym("b")
A, B = mat("A", n, n), mat("B", n, n)
X, Y, Z = mat("X", n, k), mat("Y", n, k), mat("Z", n, k)
u, w, p, q = (vec(name, n) for name in ("u", "w", "p", "q"))
r, z = vec("r", k), vec("z", k)
EIGENVECTOR = Eq(A @ p, b * p)


def with_outer(goal, **places):
    """The goal with outer products for its matrices, as a function from matrices to an equation gives it."""
    return goal(*places.values()), goal(*(mat(name, n, k) for name in places)), places


FOLLOW = {
    "linear": with_outer(lambda X: Eq(inner(X, A @ Z), trace(A.T @ X @ Z.T)), X=u @ r.T),
    "sum": with_outer(lambda X: Eq(inner(X + b * X, Z), inner(Z, X) * (1 + b)), X=u @ r.T),
    "bilinear": with_outer(lambda X, Y: Eq(inner(X, Y) * norm(Z), trace(Y @ X.T) * norm(Z)), X=u @ r.T, Y=w @ z.T),
}
DO_NOT = {  # all premises hold; the goals are false, but for the last three
    "quartic": with_outer(lambda X: Eq(trace(X.T @ X @ X.T @ X), norm(X) ** 4), X=u @ r.T),
    "sizes": with_outer(lambda X: Eq(absolute(inner(X, Z)) + 0 * b, absolute(inner(u, Z @ r))), X=u @ r.T),
    "one vector twice": with_outer(
        lambda X, Y: Eq(inner(p, X @ r) * inner(q, Y @ r), inner(q, X @ r) * inner(p, Y @ r)), X=u @ z.T, Y=u @ vec("y", k).T
    ),
    "one of a kind": with_outer(lambda X: Eq(trace(A @ X @ Z.T), b * inner(X, Z)), X=p @ r.T),
    "known in the goal": with_outer(
        lambda X: Eq(inner(w, u) * inner(q, X @ z), inner(q, u) * inner(w, X @ z)), X=u @ r.T
    ),
    "no outer product": with_outer(lambda X: Eq(inner(X, Y), inner(Y, X)), X=Z),
    "square": with_outer(lambda X: Eq(inner(X, Z) ** 2, inner(X, Z) * inner(Z, X)), X=u @ r.T),
    "constant": with_outer(lambda X: Eq(b + inner(X, Z), inner(Z, X) + b), X=u @ r.T),
}
