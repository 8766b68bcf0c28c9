"""Random trees: scalars, matrices (of symbolic sizes) and propositions, over every head of the table."""

from __future__ import annotations

from hypothesis import strategies as st

from theorycheck import tree as tc
from theorycheck.tree.node import Node, add, div, matmul, mul, neg, num, power

n = tc.scalars("n")
W = tc.layers("W", n)
C = tc.Function("C")
x = tc.Flow("x", "C", (tc.sym("d"), num(1)))
t, i, L = tc.sym("t"), tc.sym("i"), tc.sym("L")

numbers = st.fractions(max_denominator=50).map(num)
names = st.sampled_from(["beta", "s_1", "C_min", "x0", "lambda", "t", "i"]).map(tc.sym)
sizes = st.one_of(st.integers(0, 5).map(num), st.sampled_from([L, n[0], n[L], L + 1, n[L - 1]]))
relations = st.sampled_from([tc.Le, tc.Lt, tc.Ge, tc.Gt, tc.Eq])


def square(scalars: st.SearchStrategy[Node], depth: int) -> st.SearchStrategy[Node]:
    """Matrices of shape d x d."""
    d = tc.sym("d")
    leaves = st.sampled_from([tc.mat("A", d, d), tc.mat("B", d, d), tc.eye(d), tc.zero(d, d)])
    if depth == 0:
        return leaves
    below = square(scalars, depth - 1)
    return st.one_of(
        leaves,
        st.builds(add, below, below),
        st.builds(matmul, below, below),
        st.builds(neg, below),
        st.builds(mul, scalars, below),
        st.builds(div, below, scalars),
        st.builds(power, below, scalars),
        below.map(lambda m: m.T),
        st.builds(lambda m, a: tc.total(i, 1, a, m), below, scalars),
    )


def scalar(depth: int) -> st.SearchStrategy[Node]:
    others = st.sampled_from([tc.INFINITY, C(x(t)), tc.norm(W.chain(L, 1)), tc.norm(W[2])])
    leaves = st.one_of(numbers, names, sizes, others)
    if depth == 0:
        return leaves
    below, matrices = scalar(depth - 1), square(scalar(0), depth - 1)
    unary = st.sampled_from([tc.sqrt, tc.exp, tc.log, tc.absolute, tc.sign, neg, tc.Dt])
    binary = st.sampled_from([add, mul, div, power, tc.minimum])
    bounds = st.sampled_from([tc.total, tc.product, tc.integral])
    measures = st.sampled_from([tc.norm, tc.trace, tc.rank, C, lambda m: tc.norm(C.grad(m))])
    return st.one_of(
        leaves,
        st.builds(lambda f, a: f(a), unary, below),
        st.builds(lambda f, a, b: f(a, b), binary, below, below),
        st.builds(lambda f, m: f(m), measures, matrices),
        st.builds(tc.inner, matrices, matrices),
        st.builds(tc.schatten, matrices, below),
        st.builds(tc.singular, matrices, below),
        st.builds(lambda f, a, b, c: f(i, a, b, c), bounds, below, below, below),
        st.builds(lambda a, b: tc.limit(t, a, b), below, below),
        st.builds(lambda a, m: tc.second_derivative(a, [(tc.mat("A", tc.sym("d"), tc.sym("d")), m)]), below, matrices),
        st.builds(lambda a: tc.norm(tc.gradient_of(a, W[2])), below),
        st.builds(lambda a, b: tc.expect(a, W, b), below, below),
        st.builds(lambda a, b: tc.probability(tc.Le(a, b), W, 1), below, below),
    )


scalar_trees = scalar(3)
square_trees = square(scalar(1), 3)
simple = st.builds(lambda f, a, b: f(a, b), relations, scalar_trees, scalar_trees)
propositions = st.one_of(
    simple,
    st.builds(tc.Eq, square_trees, square_trees),
    st.builds(lambda a, b: tc.All(a, b), simple, simple),
    st.builds(lambda a, b, c: tc.Converges(a, t, b, c), scalar_trees, scalar_trees, scalar_trees),
    st.builds(tc.Member, square_trees, square_trees, scalar_trees),
    st.builds(tc.Psd, square_trees),
    st.builds(tc.Defined, square_trees),
)
trees = st.one_of(scalar_trees, square_trees, propositions)
