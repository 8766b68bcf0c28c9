"""Refutations by a witness: instances that satisfy the hypotheses and violate the claim, and others that do not."""

from __future__ import annotations

import json

import pytest

from tests.certificate.granted import fact, tree
from theorycheck.certificate.checker import parts  # noqa: F401
from theorycheck.certificate.checker.core import NotCovered, Refused
from theorycheck.certificate.checker.witness.instance import refuted
from theorycheck.domain import hypothesis
from theorycheck.tree import (
    INFINITY,
    Converges,
    Defined,
    Dt,
    Eq,
    Flow,
    Function,
    Ge,
    Gt,
    Le,
    Lt,
    Member,
    Node,
    Not,
    Psd,
    absolute,
    exp,
    gradient_of,
    inner,
    integral,
    layers,
    limit,
    log,
    mat,
    norm,
    num,
    rank,
    scalars,
    schatten,
    second_derivative,
    singular,
    sqrt,
    sym,
    total,
    trace,
    vec,
)  # fmt: skip

FLAGS = {"integer": frozenset(), "positive": frozenset(), "symmetric": frozenset()}
a, b, n, m, t, d, k, i, j, e, beta = (sym(name) for name in ("a", "b", "n", "m", "t", "d", "k", "i", "j", "e", "beta"))
s, x = scalars("s"), Flow("x", "C", (n, num(1)))
C, y, z = Function("C"), vec("y", n), vec("z", n)


def judged(claim, *hypotheses, flags=FLAGS, **data):
    """None where the claim is refuted; "refused" or "not covered" else."""
    facts = tuple(fact(h if hasattr(h, "shows") else hypothesis(f"{place}", h)) for place, h in enumerate(hypotheses))
    names = tree(claim).free.union(*(h.shows.free.union(*(g.free for g in h.given)) for h in facts))
    try:
        return refuted(tree(claim), facts, {**FLAGS, **flags}, {name: v for name, v in data.items() if name in names})
    except Refused:
        return "refused"
    except NotCovered:
        return "not covered"


def rows(*values):
    return ["matrix", [list(map(str, row)) for row in values]]


# --- numbers --------------------------------------------------------------------------------------------------------------
def test_a_violation_is_found():
    assert judged(Le(a, b), a="2", b="1") is None
    assert judged(Le(a, b), a="1", b="1") == "refused"
    assert judged(Lt(a, b), a="1", b="1") is None
    assert judged(Eq(a, b), a="1/3", b="1/2") is None
    assert judged(Le(sqrt(a) + exp(b), 2), a="2", b="1") is None
    assert judged(Ge(sqrt(a) + exp(b), 2), a="2", b="1") == "refused"


def test_hypotheses_must_hold():
    assert judged(Le(a, b), Gt(a, 1), a="2", b="1") is None
    assert judged(Le(a, b), Gt(a, 2), a="2", b="1") == "refused"
    assert judged(Le(a, b), Eq(a, 2 * b), a="2", b="1") is None
    assert judged(Le(a, b), Eq(a, 3 * b), a="2", b="1") == "refused"
    assert judged(Le(a, b), Gt(log(b - 1), 0), a="2", b="1") == "refused"  # it has no value


def test_equations_in_balls_are_not_decided():
    assert judged(Eq(sqrt(a) ** 2, a), a="2") == "not covered"
    assert judged(Le(a, 0), Eq(sqrt(a) ** 2, a), a="2") == "refused"  # not known to be admissible
    assert judged(Le(a, 0), a=["ball", ["1", "2"]]) == "not covered"
    assert judged(Le(a, 0), a=["ball", ["3", "2"]]) is None


def test_a_ball_that_a_hypothesis_defines():
    root = Eq(b, sqrt(a))
    near = ["ball", ["14142135623730951/10000000000000000", "1/100000000"]]
    assert judged(Le(b, 1), root, a="2", b=near) is None
    assert judged(Ge(b, 1), root, a="2", b=near) == "refused"
    assert judged(Le(b, 1), root, a="2", b=["ball", ["3/2", "1/100"]]) == "refused"
    assert judged(Le(b, 1), root, a="-2", b=near) == "refused"  # the definition has no value
    members = hypothesis("all", Eq(s[j], sqrt(j)), variables=("j",), given=(Ge(j, 1), Le(j, 2)))
    family = ["family", {"1": "1", "2": near}]
    assert judged(Le(s[2], 1), members, s=family) is None
    assert judged(Le(s[2], 1), members, s=["family", {"1": "1", "2": near, "3": "1"}]) == "refused"


def test_what_has_no_value():
    assert judged(Defined(1 / a), a="0") is None
    assert judged(Defined(1 / a), a="1") == "refused"
    assert judged(Defined(sqrt(a)), a="-1") is None
    assert judged(Defined(log(a)), a="0") is None
    assert judged(Defined(a ** (-b)), a="0", b="1/2") is None
    assert judged(Le(1 / a, 1), a="0") is None
    assert judged(Defined(1 / (a - sqrt(b) ** 2)), a="2", b="2") == "not covered"


@pytest.mark.parametrize(
    "data",
    [
        {"a": "2"},
        {"a": "2", "b": "1", "c": "3"},
        {"a": "2", "b": 1},
        {"a": "2", "b": True},
        {"a": "2", "b": "2/2"},
        {"a": "2", "b": "1.0"},
        {"a": "2", "b": rows([1])},
        {"a": "2", "b": ["ball", ["1", "-1"]]},
        {"a": "2", "b": ["family", {"1": "1"}]},
        {"a": "2", "b": None},
        [],
    ],
)
def test_values_that_are_missing_or_malformed(data):
    with pytest.raises((Refused, NotCovered)):
        refuted(tree(Le(a, b)), (), FLAGS, data)


def test_what_is_declared():
    assert judged(Le(a, b), flags={"integer": frozenset("a")}, a="3/2", b="1") == "refused"
    assert judged(Le(s[1], 0), flags={"positive": frozenset("s")}, s=["family", {"1": "1", "2": "-1"}]) == "refused"
    K = mat("K", 2, 2)
    definite = {"symmetric": frozenset("K")}
    assert judged(Ge(trace(K), 4), flags=definite, K=rows([1, 0], [0, 1])) is None
    assert judged(Ge(trace(K), 4), flags=definite, K=rows([1, 1], [1, 1])) == "refused"
    assert judged(Ge(trace(K), 4), flags=definite, K=rows([1, 1], [0, 1])) == "refused"


# --- matrices -------------------------------------------------------------------------------------------------------------
A, B = mat("A", n, m), mat("B", m, n)


def test_matrices():
    data = {"n": "1", "m": "2", "A": rows([1, 2]), "B": rows([1], [1])}
    assert judged(Le(trace(A @ B), 2), **data) is None
    assert judged(Ge(trace(A @ B), 2), **data) == "refused"
    assert judged(Eq(A, B.T), **data) is None
    assert judged(Eq(A.T @ A, B @ B.T), **data) is None
    assert judged(Le(norm(A) ** 2, 4), **data) is None
    assert judged(Psd(-A @ A.T), **data) is None
    assert judged(Psd(A.T @ A), **data) == "refused"
    assert judged(Lt(singular(B @ A, 1) ** 2, 9), **data) is None
    assert judged(Le(singular(B @ A, 2), 0), **data) == "refused"
    assert judged(Le(rank(A), 0), **data) is None
    assert judged(Lt(schatten(B @ A, 2) ** 2, 9), **data) is None
    assert judged(Member(A, B.T, num(1) / 2), **data) is None


CHANGES = [{"A": rows([1], [2])}, {"A": rows([1, 2, 3])}, {"n": "2"}, {"n": "0"}, {"A": "1"}, {"m": "3/2"}]


@pytest.mark.parametrize("change", CHANGES)
def test_matrices_have_the_sizes_of_the_tree(change):
    data = {"n": "1", "m": "2", "A": rows([1, 2]), "B": rows([1], [1])}
    assert judged(Le(norm(A) ** 2, 4), Ge(norm(B), 0), **data) is None
    assert judged(Le(norm(A) ** 2, 4), Ge(norm(B), 0), flags={"integer": frozenset("mn")}, **{**data, **change}) == "refused"


def test_sizes_that_do_not_fit_have_no_value():
    ill = Node("add", (A, B), (n, m))
    assert judged(Defined(norm(ill)), n="1", m="2", A=rows([1, 2]), B=rows([1], [1])) is None
    assert judged(Defined(norm(ill)), n="1", m="1", A=rows([1]), B=rows([1])) == "refused"


W, L = layers("W", scalars("n")), sym("L")


def test_products_of_layers():
    family = {"1": rows([1, 0], [0, 1]), "2": rows([1, 1])}
    sizes = ["family", {"0": "2", "1": "2", "2": "1"}]
    claim = Le(norm(W.chain(L, 1)) ** 2, 1)
    assert judged(claim, L="2", W=["family", family], n=sizes) is None
    assert judged(Le(norm(W.chain(L, L + 1)), 0), Ge(L, 0), L="2", W=["family", family], n=sizes) is None
    wide = {"1": rows([1, 0], [0, 1], [1, 1]), "2": rows([1, 1, 1])}  # its middle is not n_1
    assert judged(claim, L="2", W=["family", wide], n=sizes) == "refused"
    broken = {"1": rows([1, 0], [0, 1]), "2": rows([1, 1, 1])}  # no product: a fault of the witness
    assert judged(claim, L="2", W=["family", broken], n=sizes) == "refused"
    assert judged(Defined(norm(W.chain(L, 1))), L="2", W=["family", broken], n=sizes) == "refused"
    assert judged(claim, L="3", W=["family", family], n=sizes) == "refused"


# --- derivatives ----------------------------------------------------------------------------------------------------------
def test_derivatives():
    Z = mat("Z", 2, 1)
    data = {"Z": rows([1], [2])}
    assert judged(Eq(gradient_of(norm(Z) ** 2, Z), Z), **data) is None
    assert judged(Eq(gradient_of(norm(Z) ** 2, Z), 2 * Z), **data) == "refused"
    assert judged(Eq(second_derivative(norm(Z) ** 2, [(Z, Z)]), 5), **data) is None
    assert judged(Eq(second_derivative(norm(Z) ** 2, [(Z, Z)]), 10), **data) == "refused"
    assert judged(Eq(Dt(t**3), 3 * t), t="2") is None
    assert judged(Eq(Dt(t**3), 3 * t**2), t="2") == "refused"
    inside = norm(gradient_of(norm(Z) ** 2, Z))
    assert judged(Eq(gradient_of(inside, Z), Z), **data) == "refused"  # one inside another


# --- functions and paths --------------------------------------------------------------------------------------------------
BOWL = {
    "axes": rows([1, 0], [0, 1]),
    "curvatures": ["1", "2"],
    "hessian": rows([1, 0], [0, 2]),
    "centre": rows([0], [0]),
    "least": "0",
}
PATH = {"cost": ["Bowl", BOWL], "start": rows([1], [1]), "coordinates": rows([1], [1])}
PLANE = {"C": ["Bowl", BOWL], "x": ["BowlPath", PATH], "n": "2", "t": "1"}
MINIMUM = hypothesis("minimum", Ge(C(y), m), variables=("y",))


def test_functions_and_paths():
    for claim in (Ge(C(x(0)), 2), Eq(Dt(C(x(t))), -norm(C.grad(x(t)))), Lt(C(limit(t, INFINITY, x(t))), 0)):
        assert judged(claim, **PLANE) is None
    flow = Eq(Dt(inner(z, x(num(0) * t))), 0)
    assert judged(flow, z=rows([1], [0]), **PLANE) == "refused"
    assert judged(Le(inner(z, Dt(x(t)) + C.grad(x(t))) ** 2, num(-1)), z=rows([1], [1]), **PLANE) is None
    assert judged(Ge(absolute(inner(z, Dt(x(t)) + C.grad(x(t)))), num(1)), z=rows([1], [1]), **PLANE) is None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("C", 1, "axes"), rows([1, 1], [0, 1])),
        (("C", 1, "hessian"), rows([1, 0], [0, 3])),
        (("C", 1, "hessian"), rows([1, 1], [0, 2])),
        (("C", 1, "curvatures"), ["1", "3"]),
        (("C", 1, "centre"), rows([0], [0], [0])),
        (("C", 1, "least"), "1"),  # the path is of the flow of another cost then
        (("C", 1, "least"), ["ball", ["0", "1"]]),
        (("C", 0), "Valley"),
        (("x", 1, "start"), rows([2], [1])),
        (("x", 1, "coordinates"), rows([1], [0])),
        (("x", 0), "Bowl"),
        (("x",), rows([1], [1])),
        (("n",), "1"),
    ],
)
def test_data_of_functions_and_paths_are_checked(path, value):
    data = json.loads(json.dumps({**PLANE, "m": "0"}))
    place = data
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = value
    claim = Ge(C(x(t)), m + 5)
    assert judged(claim, MINIMUM, **{**PLANE, "m": "0"}) is None
    assert judged(claim, MINIMUM, **data) in {"refused", "not covered"}


def test_a_function_without_a_value_refutes_nothing():
    odd = {"C": ["Distance", {"weight": "1", "centre": rows([0], [0]), "least": "0"}], "y": rows([1]), "n": "1"}
    assert judged(Ge(C(y), 5), **odd) == "refused"


# --- hypotheses for all values --------------------------------------------------------------------------------------------
BALL = Member(y, x(0), sqrt(2 / beta * (C(x(0)) - m)))
PL = hypothesis("PL", Ge(norm(C.grad(y)) ** 2 / 2, beta * (C(y) - m)), variables=("y",), given=(BALL,))
NEAREST = hypothesis("nearest", Le(d, norm(x(0) - y)), variables=("y",), given=(Eq(C(y), m),))


def test_minimum_and_pl_of_a_bowl():
    for least, constant, outcome in (("0", "1", None), ("1", "1", "refused"), ("0", "2", "refused"), ("-1", "1", "refused")):
        assert judged(Ge(C(x(0)), 5), MINIMUM, PL, m=least, beta=constant, **PLANE) == outcome
    assert judged(Ge(C(x(0)), 5), MINIMUM, m="-1", **PLANE) is None


def test_the_nearest_minimum():
    data = PLANE
    for value, outcome in (("1", None), ("141/100", None), ("142/100", "refused")):
        assert judged(Le(d, 0), NEAREST, d=value, m="0", **data) == outcome
    assert judged(Le(d, 0), NEAREST, d="1", m="1", **data) in {"refused", "not covered"}
    flat = json.loads(json.dumps(data))
    for bowl in (flat["C"][1], flat["x"][1]["cost"][1]):
        bowl.update(curvatures=["1", "0"], hessian=rows([1, 0], [0, 0]))
    assert judged(Le(d, 0), NEAREST, d="1", m="0", **flat) is None
    assert judged(Le(d, 0), NEAREST, d="11/10", m="0", **flat) in {"refused", "not covered"}


def test_least_squares():
    X, Y, G, H = mat("X", 2, 2), mat("Y", 1, 2), mat("G", 1, 2), mat("H", 1, 2)
    everywhere = hypothesis("least", Ge(norm(H @ X - Y) ** 2 / 2, m), variables=("H",))
    data = {"X": rows([1, 0], [0, 0]), "Y": rows([1, 2]), "G": rows([5, 0])}
    assert judged(Ge(norm(G), 6), everywhere, m="2", **data) is None
    assert judged(Ge(norm(G), 6), everywhere, m="21/10", **data) == "refused"
    quartic = hypothesis("quartic", Ge(norm(H @ X) ** 4, 0), variables=("H",))
    assert judged(Ge(norm(G), 6), quartic, X=data["X"], G=data["G"]) == "not covered"


def test_polynomials_in_one_variable():
    ring = {"C": ["Ring", {"centre": rows([1]), "radius": "1", "steepness": "4", "least": "0"}], "n": "1"}
    for least, outcome in (("0", None), ("-1", None), ("1/100", "refused")):
        assert judged(Le(norm(z), 0), MINIMUM, Ge(C(z), m), z=rows([1]), m=least, **ring) == outcome
    for value, outcome in (("0", None), ("-1", None), ("1/8", "refused")):
        pl = hypothesis("PL", Ge(norm(C.grad(y)) ** 2 / 2, beta * C(y)), variables=("y",))
        assert judged(Le(norm(z), 0), pl, z=rows([1]), beta=value, **ring) == outcome
    one = mat("Y", 1, 1)
    cubic = hypothesis("cubic", Ge(trace(one) ** 3 + a, 0), variables=("Y",))
    assert judged(Le(a, 0), cubic, a="1") == "refused"


def power_sum(degree, polynomial=False):
    return ["PowerSum", {"degree": str(degree), "weights": ["1"], "frame": rows([1]), "polynomial": polynomial}]


def test_homogeneous_functions():
    f = Function("C")
    degree = hypothesis("homogeneous", Eq(f(a * z), a**k * f(z)), variables=("a", "z"), given=(Gt(a, 0),))
    data = {"k": "3", "n": "1", "y": rows([1])}
    assert judged(Ge(f(y), 1), degree, C=power_sum(3), **data) is None
    assert judged(Ge(f(y), 1), degree, C=power_sum(4), **data) in {"refused", "not covered"}
    anywhere = hypothesis("homogeneous", Eq(f(a * z), a**k * f(z)), variables=("a", "z"))
    assert judged(Ge(f(y), 1), anywhere, C=power_sum(3), **data) in {"refused", "not covered"}
    assert judged(Ge(f(y), 1), degree, C=["Bowl", BOWL], **{**data, "n": "2", "y": rows([0], [0])}) == "not covered"
    skew = ["PowerSum", {"degree": "3", "weights": ["1"], "frame": rows([2]), "polynomial": False}]
    assert judged(Ge(f(y), 1), degree, C=skew, **data) == "refused"


def test_indices_run_through_their_range():
    units = hypothesis("units", Eq(s[j] ** 2, 1), variables=("j",), given=(Ge(j, 1), Le(j, k)))
    assert judged(Ge(s[1], 0), units, s=["family", {"1": "-1", "2": "1"}], k="2") is None
    assert judged(Ge(s[1], 0), units, s=["family", {"1": "-1", "2": "2"}], k="2") == "refused"
    assert judged(Ge(s[1], 0), units, s=["family", {"1": "-1"}], k="2") == "refused"
    assert judged(Ge(s[1], 0), units, s=["family", {"1": "-1"}], k="0") is None
    unbounded = hypothesis("units", Eq(s[j] ** 2, 1), variables=("j",))
    assert judged(Ge(s[1], 0), unbounded, s=["family", {"1": "-1", "2": "1"}]) is None
    assert judged(Ge(s[1], 0), unbounded, s=["family", {"1": "-1", "2": "3"}]) == "refused"
    growing = hypothesis("growing", Ge(s[j + 1], s[j]), variables=("j",))
    assert judged(Ge(s[1], 0), growing, s=["family", {"1": "-1", "2": "1"}]) == "not covered"
    counted = hypothesis("counted", Le(s[j], j), variables=("j",))
    assert judged(Ge(s[1], 0), counted, s=["family", {"1": "-1", "2": "1"}]) == "not covered"


def test_power_sums():
    S = mat("S", 2, 2)
    sums = hypothesis("traces", Eq(trace(S**e), total(i, 1, k, s[i] ** e)), variables=("e",), given=(Gt(e, 0),))
    norms = hypothesis("norms", Eq(schatten(S, e) ** e, total(i, 1, k, s[i] ** e)), variables=("e",), given=(Gt(e, 0),))
    family = ["family", {"1": "2", "2": "3"}]
    for h in (sums, norms):
        assert judged(Ge(s[1], 5), h, S=rows([3, 0], [0, 2]), s=family, k="2") is None
        assert judged(Ge(s[1], 5), h, S=rows([3, 0], [0, 1]), s=family, k="2") in {"refused", "not covered"}
        assert judged(Ge(s[1], 5), h, S=rows([2, 0], [0, 0]), s=family, k="1") is None
    assert judged(Ge(s[1], 5), norms, S=rows([0, -3], [2, 0]), s=family, k="2") is None
    assert judged(Ge(s[1], 5), sums, S=rows([-3, 0], [0, 2]), s=family, k="2") in {"refused", "not covered"}


def test_convexity_of_a_quadratic_cost():
    """C(z) >= C(y) + <grad C(y), z - y> for all y, z is a polynomial of degree 2 in both."""
    y_, z_ = vec("y", 2), vec("z", 2)
    tangent = Ge(C(z_), C(y_) + inner(C.grad(y_), z_ - y_))
    h = hypothesis("convex", tangent, variables=("y", "z"))
    cost = {"centre": ["matrix", [["0"], ["0"]]], "least": "1"}
    for second, fine in (
        (([2, 0], [0, 0]), True),
        (([2, 0], [0, -1]), False),
        (([1, 1], [1, 1]), True),
        (([1, 2], [2, 1]), False),
    ):
        data = {"C": ["Quadratic", {**cost, "hessian": rows(*second)}], "a": "0"}
        assert (judged(Ge(a, 1), h, **data) is None) is fine
    h = hypothesis("convex", tangent, variables=("y", "z"), given=(Ge(norm(y_), 1),))
    assert judged(Ge(a, 1), h, C=["Quadratic", {**cost, "hessian": rows([1, 0], [0, 1])}], a="0") == "not covered"


def test_the_integral_of_a_function_of_a_number():
    """h(v) = 3 - 2 v has the integral 2 over [0, 1]."""
    h, v = Function("h"), sym("v")
    area = integral(v, 0, 1, h(v))
    data = {"h": ["Slope", {"most": "3", "fall": "2"}]}
    assert judged(Lt(area, 2), **data) is None
    assert judged(Le(area, 2), **data) == "refused"
    assert judged(Le(integral(v, a, 3, 2 + 0 * v), 3), a="1", **{}) is None
    assert judged(Lt(integral(v, 0, 1, absolute(h(v))), 2), **data) == "not covered"
    high = hypothesis("high", Le(h(v), a), variables=("v",), given=(Ge(v, 0), Le(v, 1)))
    assert judged(Lt(area, a), high, a="3", h=["Slope", {"most": "3", "fall": "0"}]) is None
    assert judged(Lt(area, a), high, a="2", h=["Slope", {"most": "3", "fall": "0"}]) == "refused"


def test_minimal_factors():
    P, Q, Y, Z = (mat(name, 2, 2) for name in "PQYZ")
    least = Le(norm(P) ** 2 + norm(Q) ** 2, norm(Y) ** 2 + norm(Z) ** 2)
    h = hypothesis("minimal", least, variables=("Y", "Z"), given=(Eq(Y @ Z, P @ Q),))
    balanced = {"P": rows([1, 0], [0, 2]), "Q": rows([0, 1], [2, 0])}
    assert judged(Eq(P, Q), h, **balanced) is None
    assert judged(Eq(P, Q), h, P=rows([1, 0], [0, 2]), Q=rows([1, 0], [0, 1])) in {"refused", "not covered"}
    more = Le(2 * norm(P) ** 2 + norm(Q) ** 2, norm(Y) ** 2 + norm(Z) ** 2)
    other = hypothesis("other", more, variables=h.variables, given=h.given)
    assert judged(Eq(P, Q), other, **balanced) == "not covered"


def test_the_definition_of_the_quasinorm():
    p, q = sym("p"), sym("q")
    X = mat("X", p, q)
    conditions = (Gt(e, 0), Le(rank(X), k), Ge(k, 1), Le(k, p), Le(k, q))
    shows = Eq(schatten(X, e) ** e, total(i, 1, k, singular(X, i) ** e))
    names = ("X", "p", "q", "e", "k")
    assert judged(Le(a, 0), hypothesis("definition", shows, variables=names, given=conditions), a="1") is None
    for left_out in range(5):
        fewer = conditions[:left_out] + conditions[left_out + 1 :]
        outcome = judged(Le(a, 0), hypothesis("definition", shows, variables=names, given=fewer), a="1")
        assert outcome == (None if left_out == 2 else "not covered")
    wrong = Eq(schatten(X, e) ** e, total(i, 1, k, singular(X, i) ** (2 * e)))
    assert judged(Le(a, 0), hypothesis("definition", wrong, variables=names, given=conditions), a="1") == "not covered"


# --- in a derivation ------------------------------------------------------------------------------------------------------
def test_a_limit_is_refuted_at_an_instance():
    from tests.certificate.granted import checker, handed, line
    from theorycheck.domain import real

    v, f = sym("v"), Function("f")

    def differs(goal, instance, *more, premise=None):
        ck = checker(real("v", above=0), real("a", above=0), real("b"), *more)
        known = line(ck, premise or Converges(f(v), v, 0, a))
        return ck, goal, "limit_refutations.differs", {"premise": known, "instance": ["instance", instance]}

    def run(ck, goal, rule, args):
        premise = args.pop("premise")
        return ck.show(tree(goal), rule, {"premise": premise, **handed(args)})

    goal, values = Not(Converges(f(v), v, 0, b)), {"a": "1", "b": "2", "v": "1"}
    found = run(*differs(goal, values))
    run(*differs(Not(Converges(f(v), v, 0, 1 / b)), {**values, "b": "0"}))
    wrong = [
        (goal, {**values, "b": "1"}),  # they agree there
        (goal, {**values, "a": "-1"}),  # not in the domain
        (goal, {"a": "1", "b": "2"}),
        (Converges(f(v), v, 0, b), values),
        (Not(Converges(f(2 * v), v, 0, b)), values),
        (Not(Converges(f(v), v, 1, b)), values),
    ]
    for other, data in wrong:
        with pytest.raises(Refused):
            run(*differs(other, data))
    with pytest.raises(Refused):
        run(*differs(goal, values, hypothesis("v is not small", Gt(v, num(1) / 2))))
    ck, *_ = differs(goal, values)
    ck.lines.append(found)
    with pytest.raises(Refused, match="negation"):  # it was shown at one instance only
        ck.show(tree(goal), "basic_rules.cut", {"line": found, "shown": []})


DISTANCE = {"weight": "1", "centre": rows([0]), "least": "0"}
POWERS = {"degree": "2", "weights": ["1"], "frame": rows([1]), "polynomial": True}


@pytest.mark.parametrize(
    "cost",
    [
        ["Distance", {**DISTANCE, "weight": rows([1])}],
        ["Distance", {**DISTANCE, "weight": ["1"]}],
        ["Distance", {**DISTANCE, "centre": "0"}],
        ["Distance", {**DISTANCE, "least": True}],
        ["Quadratic", {"hessian": ["1"], "centre": rows([0]), "least": "0"}],
        ["PowerSum", {**POWERS, "degree": rows([2])}],
        ["PowerSum", {**POWERS, "weights": "1"}],
        ["PowerSum", {**POWERS, "polynomial": "1"}],
        ["PowerFlow", {"cost": ["Distance", DISTANCE], "start": rows([1])}],
    ],
)
def test_fields_of_another_kind(cost):
    claim = Le(C(vec("y", n)) + norm(z) ** 2, 0)
    assert judged(claim, C=cost, y=rows([1]), z=rows([1]), n="1") == "refused"


@pytest.mark.parametrize("entry", [["1", "2"], ["1"], ["matrix", [["1"]]], ["family", {"1": "1"}], True, 1, None, {}])
def test_entries_of_another_kind(entry):
    assert judged(Le(norm(y) ** 2, 0), y=["matrix", [["1"], [entry]]], n="2") == "refused"
    assert judged(Le(norm(y) ** 2, 0), y=["matrix", [["1"], ["1"]]], n="2") is None


def test_a_list_is_no_value():
    assert judged(Le(norm(y) ** 2, 0), y=["1", "1"], n="2") == "not covered"
    assert judged(Le(a, 0), a=["1", "1"]) == "not covered"


def test_fields_of_the_right_kind():
    claim = Le(C(vec("y", n)), 0)
    for cost in (["Distance", DISTANCE], ["PowerSum", POWERS]):
        assert judged(claim, C=cost, y=rows([1]), n="1") is None
