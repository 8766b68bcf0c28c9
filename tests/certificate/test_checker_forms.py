"""Normal forms of the checker: true identities and signs are shown, their nearest false neighbours refused."""

import pytest
from flint import fmpq

from tests.certificate.checking import network, refused, session, show, tree
from theorycheck.certificate.checker import core
from theorycheck.certificate.checker.core import Form, Refused, add, atom, const, letter, node, size, symbol, trace
from theorycheck.domain import drawn
from theorycheck.tree import (
    Dt,
    Eq,
    Flow,
    Function,
    Ge,
    Gt,
    Le,
    Lt,
    Node,
    absolute,
    exp,
    eye,
    gradient_of,
    inner,
    integral,
    layers,
    log,
    mat,
    norm,
    num,
    product,
    scalars,
    second_derivative,
    sqrt,
    sym,
    total,
    trace as tr,
    vec,
    vectors,
)

IDENTITY, SIGN = "algebra_rules.identity", "algebra_rules.sign"
a, b, c, n, N, i, j, k, l, L, t = (sym(s) for s in ["a", "b", "c", "n", "N", "i", "j", "k", "l", "L", "t"])
lo, hi = sym("lo"), sym("hi")
A, B, C, S, X = mat("A", n, n), mat("B", n, n), mat("C", n, n), mat("S", n, n), mat("X", n, k)
u, v, w = vec("u", n), vectors("v", n), vec("w", n)
x, y, m = scalars("x"), scalars("y"), scalars("n")
f, W = Function("f"), layers("W", m)
path = Flow("p", "f", (n, num(1)))
DEFINITE = drawn("S", lambda source, env: None, symmetric=True)
HALF = num(1) / 2

EQUAL = {
    "distributivity": ((b + c) ** 2, [b**2 + 2 * b * c + c**2], [b**2 + c**2, b**2 + b * c + c**2, b**2 - 2 * b * c + c**2]),
    "fractions": ((a + b) / a, [1 + b / a], [1 + a / b * 0, 1 - b / a, 1 + b]),
    "powers of a positive number": (a**b * a**c, [a ** (b + c)], [a ** (b * c), a ** (b - c), (2 * a) ** (b + c)]),
    "roots of squares": (sqrt(b**2), [absolute(b)], [b, -b, absolute(b) ** 2]),
    "roots of numbers": (sqrt(num(8)), [2 * sqrt(num(2))], [sqrt(num(2)), 4 * sqrt(num(2)), num(3)]),
    "absolute values": (absolute(a * b), [a * absolute(b), absolute(-1 * a * b)], [a * b, absolute(b), absolute(a + b)]),
    "even powers of absolute values": (absolute(b) ** 2, [b**2], [absolute(b), b**3, -1 * b**2]),
    "logarithms": (log(a**2), [2 * log(a)], [log(a) ** 2, log(a) / 2, log(2 * a)]),
    "exponentials": (exp(b + log(a)), [a * exp(b)], [exp(b) + a, exp(a * b), a + exp(b)]),
    "traces turn": (tr(A @ B @ C), [tr(B @ C @ A), tr(C.T @ B.T @ A.T)], [tr(A @ C @ B), tr(A @ B) * tr(C), tr(A @ B @ C.T)]),
    "transposes": ((A @ B).T, [B.T @ A.T], [A.T @ B.T, B @ A, A @ B]),
    "traces of identities": (tr(eye(n)), [n], [n + 1, num(1), n**2]),
    "norms": (norm(A + B) ** 2, [norm(A) ** 2 + 2 * inner(A, B) + norm(B) ** 2], [norm(A) ** 2 + norm(B) ** 2]),
    "scalars that split off": (u @ w.T @ u, [inner(w, u) * u], [inner(u, u) * w, inner(w, u) * w]),
    "norms of rank one": (norm(u @ w.T), [norm(u) * norm(w)], [norm(u) + norm(w), norm(u) ** 2 * norm(w)]),
    "sums of constants": (total(i, 1, N, b), [N * b], [b, (N - 1) * b, (N + 1) * b]),
    "sums change order": (
        total(i, 1, N, total(j, 1, N, x[i] * y[j])),
        [total(j, 1, N, total(i, 1, N, x[i] * y[j])), total(i, 1, N, x[i]) * total(j, 1, N, y[j])],
        [total(i, 1, N, x[i] * y[i]), N * total(i, 1, N, x[i] * y[i])],
    ),
    "sums keep their range": (total(i, 1, N, x[i]), [total(j, 1, N, x[j])], [total(i, 0, N, x[i]), total(i, 1, N + 1, x[i])]),
    "traces under sums": (
        tr(total(i, 1, N, v[i] @ v[i].T)),
        [total(i, 1, N, norm(v[i]) ** 2)],
        [norm(total(i, 1, N, v[i])) ** 2, total(i, 1, N, norm(v[i]))],
    ),
    "products": (product(i, 1, N, a), [a**N], [N * a, a ** (N - 1), product(i, 0, N, a)]),
    "integrals rename": (integral(i, 0, 1, exp(i)), [integral(j, 0, 1, exp(j))], [integral(i, 0, 2, exp(i))]),
}


@pytest.mark.parametrize("name", EQUAL)
def test_identities(name):
    left, same, other = EQUAL[name]
    for right in same:
        show(session(), Eq(left, right), IDENTITY)
    for right in other:
        refused(session(), Eq(left, right), IDENTITY)


def test_products_of_layers():
    inside = network(Ge(k, lo), Ge(hi, k + 1))
    show(inside, Eq(W.chain(hi, k + 1) @ W.chain(k, lo), W.chain(hi, lo)), IDENTITY)
    show(inside, Eq(W.chain(3, 2).T, W[2].T @ W[3].T), IDENTITY)
    show(inside, Eq(W.chain(L, L + 1), eye(m[L])), IDENTITY)
    refused(inside, Eq(tr(W.chain(hi, k + 1).T @ W.chain(hi, k + 1)), tr(W.chain(hi, k).T @ W.chain(hi, k))), IDENTITY)
    refused(network(), Eq(W.chain(hi, k + 1) @ W.chain(k, lo), W.chain(hi, lo)), IDENTITY, match="in order")
    refused(network(), Eq(W.chain(lo, hi), W.chain(lo, hi)), "fact_rules.trivially", match="no hypothesis")


def test_definite_symbols():
    ck = session(DEFINITE)
    show(ck, Eq(S**HALF @ S**HALF, S), IDENTITY)
    show(ck, Eq((S @ A).T, A.T @ S), IDENTITY)
    for wrong in (Eq(S**HALF @ A @ S**HALF, S @ A), Eq(S**HALF, S), Eq((A @ S).T, A @ S), Eq(A.T, A)):
        refused(ck, wrong, IDENTITY)
    refused(ck, Eq(A**HALF @ A**HALF, A), IDENTITY, match="not declared")


UNDEFINED = {
    "a quotient": b / b,
    "a quotient of what may vanish": (a + b) / (a + b),
    "a root of unknown sign": sqrt(b),
    "a root of a difference": sqrt(a - 1),
    "a real power": b**a,
    "an inverse norm": norm(u) ** -1,
    "a logarithm": log(b),
    "a logarithm of a square": log(b**2),
    "a sum down": total(i, 2, N - 1, a),
    "a sum to a real number": total(i, 1, b, a),
    "a product down": product(i, N, 1, a),
    "an index as its own range": Node("sum", ("i", num(1), i, a), ()),
}


def test_a_power_of_a_sum_has_few_sums_inside_each_other():
    """Every order of them is tried, so that ten would take hours."""
    one = total(i, 1, N, x[i])
    show(session(), Eq(one**5, one**3 * one**2), IDENTITY)
    refused(session(), Eq(one**10, one**5 * one**5), IDENTITY, match="sums inside each other")


@pytest.mark.parametrize("name", UNDEFINED)
def test_what_may_have_no_value_is_refused(name):
    refused(session(), Eq(UNDEFINED[name], UNDEFINED[name]), IDENTITY)


LICENSED = [
    ((Gt(b**2, 0),), b / b, 1),
    ((Gt(b, 0),), sqrt(b) ** 2, b),
    ((Ge(b, 0),), sqrt(b) ** 2, b),
    ((Ge(a, 1),), sqrt(a - 1) ** 2, a - 1),
    ((Ge(N, 2),), total(i, 2, N - 1, a), (N - 2) * a),
    ((Lt(b, c),), (c - b) / (b - c), -1),
]


@pytest.mark.parametrize("case", LICENSED, ids=str)
def test_what_a_hypothesis_licenses(case):
    hypotheses, left, right = case
    show(session(*hypotheses), Eq(left, right), IDENTITY)
    refused(session(), Eq(left, right), IDENTITY)


SIGNS = [
    ((), Le(0, b**2), [Lt(0, b**2), Le(b**2, 0), Le(0, b), Le(0, b**3)]),
    ((), Lt(0, a), [Lt(1, a), Lt(a, 0), Le(1, a)]),
    ((), Le(0, norm(A)), [Lt(0, norm(A)), Le(0, tr(A))]),
    ((), Le(0, tr(A.T @ B @ B.T @ A)), [Le(0, tr(A.T @ B @ A)), Lt(0, tr(A.T @ A))]),
    ((), Lt(0, exp(b)), [Lt(1, exp(b)), Le(exp(b), 1)]),
    ((), Le(0, total(i, 1, N, x[i] ** 2)), [Lt(0, total(i, 1, N, x[i] ** 2)), Le(0, total(i, 1, N, x[i]))]),
    ((Ge(c, 2),), Le(c, c**2), [Le(c**2, c), Lt(c**2, 2 * c), Le(c**2, 2 * c)]),
    ((Ge(c, 2),), Lt(0, c - 1), [Lt(0, c - 2), Le(0, c - 3)]),
    ((Ge(c, 1),), Le(c**b, c ** (b + 1)), [Le(c ** (b + 1), c**b), Lt(c**b, c ** (b + 1))]),
    ((Le(b, c),), Le(a * b, a * c), [Lt(a * b, a * c), Le(a * c, a * b), Le(c * b, c * c)]),
    ((Ge(b, -1), Le(b, 1)), Le(0, 1 - b), [Le(b**2, b), Lt(0, 1 - b)]),
]


@pytest.mark.parametrize("case", SIGNS, ids=lambda case: str(case[1]))
def test_signs(case):
    hypotheses, true, false = case
    show(session(*hypotheses), true, SIGN)
    for goal in false:
        refused(session(*hypotheses), goal, SIGN)


MOVING = norm(path(t)) ** 2
DERIVATIVES = [
    (gradient_of(norm(A) ** 2, A), 2 * A, [A, 2 * A.T, -2 * A]),
    (gradient_of(tr(B.T @ A), A), B, [B.T, 2 * B, A]),
    (gradient_of(tr(A @ B @ A.T), A), A @ B.T + A @ B, [2 * A @ B, A @ B]),
    (gradient_of(f(A @ B), A), f.grad(A @ B) @ B.T, [f.grad(A @ B), f.grad(A @ B) @ B]),
    (second_derivative(norm(A) ** 2, [(A, B)]), 2 * norm(B) ** 2, [norm(B) ** 2, 2 * norm(A) ** 2, 0 * a]),
    (Dt(f(path(t))), -1 * norm(f.grad(path(t))) ** 2, [norm(f.grad(path(t))) ** 2, -1 * norm(f.grad(path(t)))]),
    (
        Dt(MOVING),
        -2 * inner(path(t), f.grad(path(t))),
        [2 * inner(path(t), f.grad(path(t))), -1 * inner(path(t), f.grad(path(t)))],
    ),
    (Dt(exp(2 * t)), 2 * exp(2 * t), [exp(2 * t), 2 * t * exp(2 * t)]),
    (Dt(path(num(0))), 0 * u, [u]),
]


@pytest.mark.parametrize("case", DERIVATIVES, ids=lambda case: str(case[0]))
def test_derivatives(case):
    left, right, wrong = case
    show(session(Ge(t, 0)), Eq(left, right), IDENTITY)
    for other in wrong:
        refused(session(Ge(t, 0)), Eq(left, other), IDENTITY)


def test_gradients_in_a_layer():
    """Of |W_L .. W_1|^2: the layers above and below, transposed, around the product."""
    ck = network(Le(l, L))
    square, whole = norm(W.chain(L, 1)) ** 2, W.chain(L, 1)
    show(ck, Eq(gradient_of(square, W[l]), 2 * W.chain(L, l + 1).T @ whole @ W.chain(l - 1, 1).T), IDENTITY)
    refused(ck, Eq(gradient_of(square, W[l]), W.chain(L, l + 1).T @ whole @ W.chain(l - 1, 1).T), IDENTITY)
    refused(network(), Eq(gradient_of(square, W[l]), gradient_of(square, W[l])), "algebra_rules.identity", match="not known")


# --- trees and forms on their own ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [fmpq(1, 2), fmpq(-1), fmpq(10) ** 9])
def test_a_size_is_a_number_of_rows(count):
    rows = node("num", count)
    assert "the size" in node("sym", "X", shape=(rows, rows)).ill  # at once: 1/2 was once looked for among all integers


def test_sizes_are_compared_as_polynomials():
    assert size(tree(n + n)) == size(tree(2 * n))
    assert size(tree(n + 1)) != size(tree(n))


def test_forms_refuse_what_does_not_fit():
    rows, cols = symbol("n"), symbol("k")
    square, wide = letter(("mat", "A"), rows, rows), letter(("mat", "X"), rows, cols)
    for wrong in (lambda: wide * square, lambda: square + wide, lambda: trace(wide), lambda: const(1, (rows, cols))):
        with pytest.raises(Refused):
            wrong()
    assert wide.T * square == (square.T * wide).T
    assert add([wide, wide], wide.shape) == wide.scale(2)
    assert Form({}, (rows, cols)) != Form({}, (cols, rows))


@pytest.mark.parametrize(
    ("head", "args", "shape"),
    [
        ("matmul", (X, X), None),
        ("trace", (X,), ()),
        ("add", (A, X), None),
        ("eq", (A, b), None),
        ("mul", (A, B), None),
        ("inner", (A, X), ()),
        ("mpow", (X, num(2)), None),
        ("gradient", (b, A @ B), None),
        ("pow", (A, num(2)), ()),
        ("le", (A, B), None),
        ("nothing", (), ()),
        ("sym", ("#0",), ()),
        ("sum", ("i", num(1), N), ()),
        ("eye", (), (n, k)),
        ("sym", ("A",), (HALF, n)),
        ("sym", ("A",), (num(-1), n)),
        ("converges", (b, i, num(0), i), None),
    ],
)
def test_trees_that_do_not_fit(head, args, shape):
    parts = [tree(x) if isinstance(x, Node) else x for x in args]
    try:
        made = node(head, *parts, shape=None if shape is None else tuple(tree(s) for s in shape))
    except Refused:
        return
    assert made.ill


def test_a_constant_is_exact():
    assert (atom(("sym", "b")) * const(fmpq(1, 3)) * const(3)) == symbol("b")


def test_a_tree_of_many_equal_parts_is_read_and_told():
    """Written in full it would have 2^200 parts; equal ones are one object."""
    x = tree(n)
    for _ in range(200):
        x = node("add", x, x)
    made = node("eye", shape=(x, x))
    wide = node("add", *[node("add", *[x] * 1000)] * 1000)
    assert all(len(repr(t)) < 1000 for t in (made, x, wide))
    assert repr(tree(Eq(a + 1, n))) == "eq(add(sym(a), num(1)), sym(n))"
    assert len(list(core.walk(x))) == 201
    assert size(x) == symbol("n").scale(fmpq(2) ** 200)


# --- names ------------------------------------------------------------------------------------------------------------------
NAMED = {
    "a term": a * b**2,
    "an exponent": a**k,
    "a sum": total(i, 1, n, x[i] * y[k]),
    "two sums": total(i, 1, n, total(j, 1, N, x[i] * y[j] * y[k])) ** 2,
    "a product": product(i, 1, n, x[i] + b),
    "an absolute value": absolute(b - c),
    "a trace": tr(A @ X @ X.T @ B) * b,
    "a trace of indexed letters": tr(v[k] @ v[j].T @ A @ v[i] @ w.T),
    "scalar products": inner(v[i], w) * inner(v[k], w) ** 2,
    "an integral": integral(t, 0, 1, exp(t * b)),
    "a word": A @ v[k],
}


@pytest.mark.parametrize("name", NAMED)
@pytest.mark.parametrize("old", ["b", "k", "i", "j"])
def test_a_name_that_is_exchanged_gives_the_form_that_is_read_with_the_other_one(name, old):
    """Not only a form that is equal after it is read anew: the same one, with its traces and sums in their fixed order."""
    ck = session(N - 1)
    form = ck.read(tree(NAMED[name]))
    for new in ("aa", "zz"):
        exchanged = core.renamed(form, {("sym", old): new})
        assert exchanged == core.replaced(form, {old: symbol(new)})
        assert core.renamed(exchanged, {("sym", new): old}) == form


def test_layers_are_exchanged_by_their_kind():
    ck = network()
    form = ck.read(tree(tr(W[2] @ W[1] @ W[1].T @ W[2].T)))
    exchanged = core.renamed(form, {("chain", "W"): "A_0"})
    assert "W" not in core.names_in(exchanged)
    assert core.renamed(exchanged, {("chain", "A_0"): "W"}) == form
    assert core.renamed(form, {("sym", "W"): "A_0"}) == form


def test_names_that_make_two_parts_one_are_refused():
    """As that would lose a term or a factor: here a + b would become b."""
    for form in (symbol("a") + symbol("b"), symbol("a") * symbol("b")):
        with pytest.raises(Refused, match="two parts of a form one"):
            core.renamed(form, {("sym", "a"): "b"})
