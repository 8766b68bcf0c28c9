"""Rules of the checker: each shows what it is for, and refuses the nearest things that do not follow."""

import pytest

from tests.certificate.checking import network, refused, session, show, tree
from tests.outer_products import DO_NOT, EIGENVECTOR, FOLLOW
from theorycheck.certificate.checker.core import Call, NotCovered
from theorycheck.domain import drawn, index
from theorycheck.fact import Fact
from theorycheck.tree import (
    Converges,
    Eq,
    Function,
    Ge,
    Gt,
    Le,
    Lt,
    Member,
    Node,
    absolute,
    exp,
    inner,
    layers,
    mat,
    norm,
    num,
    scalars,
    sqrt,
    sym,
    total,
    trace,
    vec,
    vectors,
)

a, b, c, n, N, i, j, k, l, t, v, q = (sym(s) for s in ["a", "b", "c", "n", "N", "i", "j", "k", "l", "t", "v", "q"])
lo, hi, L = sym("lo"), sym("hi"), sym("L")
A, B, S, X, Y = mat("A", n, n), mat("B", n, n), mat("S", n, n), mat("X", n, k), mat("Y", n, k)
u, w, p = vec("u", n), vec("w", n), vec("p", n)
x, y, m = scalars("x"), scalars("y"), scalars("n")
f, W = Function("f"), layers("W", m)
GENERIC, OTHER = index("i", 1, N), index("j", 1, N)
DEFINITE = drawn("S", lambda source, env: None, symmetric=True)
IDENTITY, LINEAR, SIGN, RAISED = ("algebra_rules." + r for r in ("identity", "linear", "sign", "raised"))
GIVEN, KNOWN = "fact_rules.trivially", "fact_rules.given"


def for_all(name, shows, *variables, given=()):
    return Fact(name, shows, given, variables)


def no(proposition):
    return Node("not", (proposition,), None)


def assumed(ck, *goals):
    return [show(ck, g, "induction_rules.assumed") for g in goals]


# --- algebra ----------------------------------------------------------------------------------------------------------------
def test_powers_of_a_sum_with_symbolic_exponents():
    ck, power = session(), (1 + a) ** b
    show(ck, Eq((1 + a) ** (b + 1), power + a * power), IDENTITY)
    show(ck, Eq((1 + a) ** (b + 2), power * (1 + 2 * a + a**2)), IDENTITY)
    refused(ck, Eq((1 + a) ** (b + 1), power + 2 * a * power), IDENTITY)
    refused(ck, Eq((1 + a) ** (b + num(1) / 2), power + a * power), IDENTITY)
    refused(ck, Eq((1 + a) ** (b + 1), power + a * (1 + a) ** c), IDENTITY)


def test_linear_combinations():
    ck = session()
    le, lt, eq = assumed(ck, Le(b, c), Lt(b, c), Eq(b, c))
    good = [
        (Le(a * b, a * c), {"terms": [[le, a]]}),
        (Lt(a * b, a * c), {"terms": [[lt, a]]}),
        (Eq(-2 * b, -2 * c), {"terms": [[eq, num(-2)]]}),
        (Le(2 * a * c, a**2 + c**2), {"squares": [[num(1), a - c]]}),
        (Le(b, c + a), {"terms": [le]}),
    ]
    bad = [
        (Le(-1 * b, -1 * c), {"terms": [[le, num(-1)]]}),
        (Le(b * b, b * c), {"terms": [[le, b]]}),
        (Lt(a * b, a * c), {"terms": [[le, a]]}),
        (Eq(b, c), {"terms": [le]}),
        (Eq(b, c), {"terms": [], "squares": [[num(1), b - c]]}),
        (Le(c, b), {"terms": [le]}),
        (Le(0, num(-1)), {"squares": [[num(-1), num(1)]]}),
        (Le(b, c - a), {"terms": [le]}),
        (Lt(b, c), {"slack": [le]}),
    ]
    for goal, args in good:
        show(ck, goal, LINEAR, **args)
    for goal, args in bad:
        refused(ck, goal, LINEAR, **args)


def test_monotone_powers():
    ck = session(Ge(b, 0))
    le, lt, loose = assumed(ck, Le(b, c), Lt(b, c), Le(c, b))
    show(ck, Le(b**2, c**2), RAISED, premise=le, exponent=num(2))
    show(ck, Lt(b**3, c**3), RAISED, premise=lt, exponent=num(3))
    for goal, premise, exponent in (
        (Lt(b**2, c**2), le, num(2)),
        (Le(c**2, b**2), le, num(2)),
        (Le(c**2, b**2), loose, num(2)),
        (Le(c**-1, b**-1), le, num(-1)),
        (Le(b**3, c**3), le, num(2)),
        (Le(num(1), num(1)), le, num(0)),
    ):
        refused(ck, goal, RAISED, premise=premise, exponent=exponent)


def test_exponentials_and_squares():
    ck = session()
    le, squares = assumed(ck, Le(b, c), Le(b**2, c**2))
    show(ck, Le(exp(b), exp(c)), "algebra_rules.exponentiated", premise=le)
    refused(ck, Lt(exp(b), exp(c)), "algebra_rules.exponentiated", premise=le)
    refused(ck, Le(exp(c), exp(b)), "algebra_rules.exponentiated", premise=le)
    refused(ck, Le(b, c), "basic_rules.by_squares", match="bound", premise=squares)
    show(ck, Le(b, absolute(c)), "basic_rules.by_squares", premise=squares)
    refused(ck, Lt(b, absolute(c)), "basic_rules.by_squares", premise=squares)


def test_rewriting_by_lines():
    ck = session()
    eq, square, vanishing = assumed(ck, Eq(b, 2 * c), Eq(b**2, c), Eq(X.T @ Y, 0 * (X.T @ Y)))
    show(ck, Eq(b**2, 4 * c**2), IDENTITY, using=[eq])
    show(ck, Eq(b**5, b * c**2), IDENTITY, using=[square])
    show(ck, Eq(Y.T @ X, 0 * (Y.T @ X)), IDENTITY, using=[vanishing])
    refused(ck, Eq(b, sqrt(c)), IDENTITY, using=[square])
    refused(ck, Eq(X @ Y.T, 0 * (X @ Y.T)), IDENTITY, using=[vanishing])
    assert show(ck, Eq(b, 2 * c), IDENTITY, using=[eq]).assumes == {tree(Eq(b, 2 * c))}


# --- logic ------------------------------------------------------------------------------------------------------------------
def test_cases_discharge_their_own_condition_only():
    ck = session()
    call = Call(LINEAR, {"squares": [[tree(num(1)), tree(b - c)]]})
    below = show(ck, Le(0, (b - c) ** 2), "fact_rules.under", conditions=[Lt(b, c)], rule=call)
    above = show(ck, Le(0, (b - c) ** 2), "fact_rules.under", conditions=[Le(c, b)], rule=call)
    assert below.assumes == {tree(Lt(b, c))}
    done = show(ck, Le(0, (b - c) ** 2), "homogeneous_rules.cases", below=below, above=above, a=b, b=c)
    assert not done.assumes
    refused(ck, Le(0, (b - c) ** 2), "homogeneous_rules.cases", below=above, above=below, a=b, b=c)


def test_a_cut_does_not_rest_on_itself():
    ck = session()
    (one,) = assumed(ck, Le(b, c))
    again = show(ck, Le(b - c, 0), LINEAR, terms=[one])
    (back,) = assumed(ck, Le(b - c, 0))
    forth = show(ck, Le(b, c), LINEAR, terms=[back])
    line = show(ck, Le(b, c), LINEAR, terms=[forth])
    refused(ck, Le(b, c), "basic_rules.cut", match="rests on itself", line=line, shown=[back])
    assert show(ck, Le(b, c), "basic_rules.cut", line=line, shown=[again]).assumes == {tree(Le(b, c))}


def test_conjunctions_balls_and_functions():
    ck = session()
    le, lt, near, eq, apart = assumed(ck, Le(b, c), Lt(b, c), Le(norm(u - w), a), Eq(u, w), Lt(f(u), f(w)))
    both = Node("and", (Le(b, c), Lt(b, c)), None)
    whole = show(ck, both, "fact_rules.both", parts=[le, lt])
    refused(ck, both, "fact_rules.both", parts=[lt, le])
    show(ck, Lt(b, c), "basic_rules.part", whole=whole)
    refused(ck, Lt(c, b), "basic_rules.part", whole=whole)
    member = show(ck, Member(u, w, a), "basic_rules.in_ball", premise=near)
    refused(ck, Member(u, w, a / 2), "basic_rules.in_ball", premise=near)
    show(ck, Le(norm(u - w), a), "basic_rules.of_ball", member=member)
    refused(ck, Le(norm(u - w), a / 2), "basic_rules.of_ball", member=member)
    show(ck, Eq(f(u), f(w)), "function_rules.applied", premise=eq)
    refused(ck, Eq(f(w), f(w + u)), "function_rules.applied", premise=eq)
    show(ck, Lt(0, norm(w - u) ** 2), "basic_rules.distinct", premise=apart)
    refused(ck, Lt(1, norm(w - u) ** 2), "basic_rules.distinct", premise=apart)


def test_orders_both_ways_and_negations():
    ck = session()
    le, ge, lt = assumed(ck, Le(b, c), Le(c, b), Lt(b, c))
    show(ck, Eq(b, c), "extremum_rules.antisymmetric", one=le, other=ge)
    refused(ck, Eq(b, c), "extremum_rules.antisymmetric", one=le, other=le)
    show(ck, no(Le(c, b)), "extremum_rules.negated", premise=lt)
    refused(ck, no(Le(c, b)), "extremum_rules.negated", premise=le)
    refused(ck, no(Le(b, c)), "extremum_rules.negated", premise=lt)


# --- facts ------------------------------------------------------------------------------------------------------------------
def test_instances_of_hypotheses():
    rule = for_all("rule", Le(x[l], 1), "l", given=(Ge(l, 1), Le(l, N)))
    ck = session(rule, GENERIC)
    show(ck, Le(x[i], 1), KNOWN, name="rule", binding={"l": i})
    show(ck, Le(x[1], 1), KNOWN, name="rule", binding={"l": num(1)})
    for goal, binding in (
        (Le(x[0], 1), {"l": num(0)}),
        (Le(x[N + 1], 1), {"l": N + 1}),
        (Le(x[i + 1], 1), {"l": i + 1}),
        (Le(x[i], 0), {"l": i}),
        (Lt(x[i], 1), {"l": i}),
        (Le(x[num(3) / 2], 1), {"l": num(3) / 2}),
        (Le(x[i], 1), {"i": i}),
    ):
        refused(ck, goal, KNOWN, name="rule", binding=binding)
    refused(ck, Le(x[i], 1), GIVEN)


def test_generic_lines():
    ck = session(GENERIC, for_all("rule", Le(x[l], 1), "l", given=(Ge(l, 1), Le(l, N))))
    line = show(ck, Le(x[i], 1), KNOWN, name="rule", binding={"l": i})
    listed = ck.generic(line, (tree(Ge(i, 1)), tree(Le(i, N))), ("i",))
    show(ck, Le(x[1], 1), "fact_rules.cite", fact=listed, binding={"i": num(1)})
    refused(ck, Le(x[0], 1), "fact_rules.cite", match="not shown", fact=listed, binding={"i": num(0)})
    unlisted = ck.generic(line, (tree(Ge(i, 1)),), ("i",))
    refused(ck, Le(x[N + 1], 1), "fact_rules.cite", match="does not list", fact=unlisted, binding={"i": N + 1})
    (assumption,) = assumed(ck, Le(b, 0))
    refused(ck, Le(c, 0), "fact_rules.cite", match="assumptions", fact=ck.generic(assumption, (), ("b",)), binding={"b": c})


def test_rules_that_nobody_knows():
    ck = session()
    with pytest.raises(NotCovered):
        show(ck, Le(0, a), "algebra_rules.nothing")
    refused(ck, Le(0, a), SIGN, match="arguments", premise=num(1))
    refused(ck, Le(0, a), RAISED, match="arguments")
    refused(ck, Le(0, a), RAISED, match="premise", premise=num(1), exponent=num(1))


# --- indices ----------------------------------------------------------------------------------------------------------------
def test_sums_term_by_term():
    ck = session(GENERIC, for_all("rule", Le(x[l], y[l]), "l"))
    line = show(ck, Le(x[i], y[i]), KNOWN, name="rule", binding={"l": i})
    sums = [total(i, 1, N, s) for s in (x[i], y[i])]
    show(ck, Le(*sums), "index_rules.termwise", premise=line, i=i)
    for goal in (Le(*sums[::-1]), Lt(*sums), Eq(*sums), Le(sums[0], total(i, 1, N - 1, y[i])), Le(2 * sums[0], sums[1])):
        refused(ck, goal, "index_rules.termwise", premise=line, i=i)
    confined = session(GENERIC, Le(i, 1))
    line = show(confined, Le(i, 1), GIVEN)
    refused(confined, Le(total(i, 1, N, i), N), "index_rules.termwise", match="more is known", premise=line, i=i)
    free = session(GENERIC)
    (line,) = assumed(free, Le(i, 1))
    refused(free, Le(total(i, 1, N, i), N), "index_rules.termwise", match="assumption about", premise=line, i=i)


def test_diagonals():
    square = for_all("rule", Le(0, x[l] * y[k]), "l", "k")
    ck = session(GENERIC, OTHER, square)
    line = show(ck, Le(0, x[i] * y[j]), KNOWN, name="rule", binding={"l": i, "k": j})
    single, double = total(i, 1, N, x[i] * y[i]), total(i, 1, N, total(j, 1, N, x[i] * y[j]))
    show(ck, Le(single, double), "index_rules.diagonal", premise=line, i=i, j=j)
    refused(ck, Le(double, single), "index_rules.diagonal", premise=line, i=i, j=j)
    refused(ck, Le(single, double), "index_rules.diagonal", premise=line, i=i, j=i)


def induction(ck, goal, first, step_goal, name="h"):
    h = sym(name)
    base = show(ck, first, SIGN)
    under = Call(LINEAR, {"terms": [show(ck, goal, "induction_rules.assumed")]})
    step = show(ck, step_goal, "fact_rules.under", conditions=[Le(h + 1, N)], rule=under)
    return {"h": h, "base": base, "step": step}


def test_induction():
    h = sym("h")
    ck = session(index("h", 1, N))
    parts = induction(ck, Le(h, 2 * h - 1), Le(1, 1), Le(h + 1, 2 * (h + 1) - 1))
    assert not show(ck, Le(h, 2 * h - 1), "induction_rules.over", **parts).assumes
    refused(ck, Le(h, 2 * h - 2), "induction_rules.over", **parts)
    refused(ck, Le(b, 2 * b), "induction_rules.over", match="does not mention", **parts)
    wrong = {**parts, "base": parts["step"]}
    refused(ck, Le(h, 2 * h - 1), "induction_rules.over", **wrong)
    confined = session(index("h", 1, N), Le(h, 3))
    line = show(confined, Le(h, 3), GIVEN)
    refused(confined, Le(h, 3), "induction_rules.over", match="more is known", h=h, base=line, step=line)


@pytest.mark.parametrize("start", [0, 1, 2])
def test_products_of_layers_by_induction(start):
    """W_l = v_l v_(l-1)^T for l >= lo + 1 + start: from lo on the product telescopes only if start is 0."""
    units, right = vectors("v", lambda r: m[r]), vec("r", m[lo - 1])
    layer = for_all("layers", Eq(W[l], units[l] @ units[l - 1].T), "l", given=(Ge(l, lo + 1 + start),))
    unit = for_all("unit", Eq(norm(units[l]) ** 2, 1), "l")
    first = Fact("first", Eq(W[lo], units[lo] @ right.T))
    ck = network(layer, unit, first, above=start)
    args = {"family": "W", "factor": hi, "using": ["layers", "unit", "first"]}
    goal = Eq(W.chain(hi, lo), units[hi] @ right.T)
    if start:
        refused(ck, goal, "index_rules.telescope", match="lower end", **args)
    else:
        show(ck, goal, "index_rules.telescope", **args)
        refused(ck, Eq(W.chain(hi, lo), 2 * units[hi] @ right.T), "index_rules.telescope", **args)


# --- matrices ---------------------------------------------------------------------------------------------------------------
def test_equations_of_matrices():
    ck = session()
    eq, zero, psd = assumed(ck, Eq(X, Y), Eq(norm(X - Y) ** 2, 0), Node("psd", (A,), None))
    show(ck, Eq(A @ X, A @ Y), "matrix_rules.multiplied", premise=eq, left=A)
    show(ck, Eq(trace(X @ X.T), trace(Y @ X.T)), "matrix_rules.multiplied", premise=eq, right=X.T)
    refused(ck, Eq(A @ X, B @ Y), "matrix_rules.multiplied", premise=eq, left=A)
    refused(ck, Eq(X @ X.T, X @ Y.T), "matrix_rules.multiplied", premise=eq, right=X.T)
    show(ck, Eq(X, Y), "matrix_rules.vanishes", premise=zero)
    refused(ck, Eq(X, 2 * Y), "matrix_rules.vanishes", premise=zero)
    show(ck, Le(0, trace(X.T @ A @ X)), "index_rules.congruence", premise=psd, outer=X)
    refused(ck, Le(0, trace(X.T @ B @ X)), "index_rules.congruence", premise=psd, outer=X)
    refused(ck, Lt(0, trace(X.T @ A @ X)), "index_rules.congruence", premise=psd, outer=X)
    refused(ck, Le(0, trace(A.T @ A @ B)), "index_rules.congruence", premise=psd, outer=A)


@pytest.mark.parametrize("name", FOLLOW | DO_NOT)
def test_equations_that_are_linear_in_matrices(name):
    premise, goal, places = (FOLLOW | DO_NOT)[name]
    ck = session(EIGENVECTOR)
    line = show(ck, premise, IDENTITY, using=["h0"])
    if name in FOLLOW:
        show(ck, goal, "matrix_rules.multilinear", premise=line, places=places)
    else:
        refused(ck, goal, "matrix_rules.multilinear", premise=line, places=places)


def test_what_is_assumed_of_the_vectors_of_an_outer_product():
    premise, goal, places = FOLLOW["linear"]
    ck = session()
    (line,) = assumed(ck, premise)
    refused(ck, goal, "matrix_rules.multilinear", match="assumption about", premise=line, places=places)


def test_factors_of_inequalities():
    ck = session()
    le, positive = assumed(ck, Le(b, c), Le(0, q))
    show(ck, Le(q * b, q * c), "matrix_rules.scaled", premise=le, factor=positive)
    refused(ck, Le(q * c, q * b), "matrix_rules.scaled", premise=le, factor=positive)
    refused(ck, Le(a * b, a * c), "matrix_rules.scaled", premise=le, factor=positive)


# --- derivatives of equations -------------------------------------------------------------------------------------------------
def test_equations_on_open_sets_are_differentiated():
    rule = for_all("rule", Eq(f(p), inner(p, w)), "p")
    ck = session(rule)
    show(ck, Eq(f.grad(p), w), "homogeneous_rules.differentiated", name="rule", symbol=p)
    refused(ck, Eq(f.grad(p), 2 * w), "homogeneous_rules.differentiated", name="rule", symbol=p)
    refused(ck, Eq(f.grad(p), p), "homogeneous_rules.differentiated", name="rule", symbol=w)
    closed = session(for_all("rule", Eq(f(p), inner(p, w)), "p", given=(Le(norm(p), 1),)), Le(norm(p), 1))
    refused(closed, Eq(f.grad(p), w), "homogeneous_rules.differentiated", match="not open", name="rule", symbol=p)


def test_touching_from_above():
    ck = session(for_all("rule", Le(f(p), norm(p) ** 2), "p"))
    line = show(ck, Le(f(p), norm(p) ** 2), KNOWN, name="rule", binding={"p": p})
    (contact,) = assumed(ck, Eq(f(u), norm(u) ** 2))
    show(ck, Eq(f.grad(u), 2 * u), "homogeneous_rules.touching", line=line, contact=contact, y=p)
    refused(ck, Eq(f.grad(u), u), "homogeneous_rules.touching", line=line, contact=contact, y=p)
    (elsewhere,) = assumed(ck, Eq(f(u), norm(w) ** 2))
    refused(ck, Eq(f.grad(u), 2 * u), "homogeneous_rules.touching", line=line, contact=elsewhere, y=p)
    closed = session(for_all("rule", Le(f(p), norm(p) ** 2), "p"), Le(norm(p), 1))
    line = show(closed, Le(f(p), norm(p) ** 2), KNOWN, name="rule", binding={"p": p})
    (contact,) = assumed(closed, Eq(f(u), norm(u) ** 2))
    refused(closed, Eq(f.grad(u), 2 * u), "homogeneous_rules.touching", match="open", line=line, contact=contact, y=p)


def test_minima_over_definite_matrices():
    half = num(1) / 2
    rule = for_all("rule", Le(trace(A) + trace(B), trace(S @ A) + trace(S**-1 @ B)), "S")
    ck = session(DEFINITE, rule)
    line = show(ck, rule.shows, KNOWN, name="rule", binding={"S": S})
    name = "extremum_rules.stationary_at_identity"
    show(ck, Eq(A + A.T, B + B.T), name, premise=line, k="S")
    refused(ck, Eq(A, B), name, premise=line, k="S")
    refused(ck, Eq(half * (A + A.T), B + B.T), name, premise=line, k="S")
    for k_name in ("A", "spd", "n"):
        refused(ck, Eq(A + A.T, B + B.T), name, premise=line, k=k_name)
    confined = session(DEFINITE, rule, Gt(trace(S), 1))
    line = show(confined, rule.shows, KNOWN, name="rule", binding={"S": S})
    refused(confined, Eq(A + A.T, B + B.T), name, match="generic", premise=line, k="S")


def test_limits_that_cannot_be():
    ck = session(Gt(v, 0))
    line = show(ck, Le(1, 1 + v), SIGN)
    away = no(Converges(1 + v, v, 0, 0))
    show(ck, away, "extremum_rules.apart", premise=line, end=num(1))
    refused(ck, no(Converges(v, v, 0, 0)), "extremum_rules.apart", premise=line, end=num(1))
    refused(ck, no(Converges(1 + v, v, 0, 1)), "extremum_rules.apart", premise=line, end=num(1))
    confined = session(Gt(v, 0), Ge(v, 1))
    line = show(confined, Le(1, v), SIGN)
    refused(confined, no(Converges(v, v, 0, 0)), "extremum_rules.apart", match="restricts", premise=line, end=num(2))


def test_what_is_used_to_rewrite_is_a_line_or_a_fact():
    """A certificate may hand over anything."""
    for using in ([[]], [{}], [1], [None], [["line", 0, 0]]):
        refused(session(), Eq(a, a), IDENTITY, using=using)
    line = show(session(), Eq(a, a), IDENTITY)
    for equation in ([], {}, 0, None, [line]):
        refused(session(), Eq(a, a), "function_rules.replaced", premise=line, equation=equation)
