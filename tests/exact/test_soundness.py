"""False or unlicensed lines that the kernel once accepted, and neighbours of them: each must be refused.

Every entry is a false statement (or one without a meaning) and the rule that used to show it.
"""

import ast
from pathlib import Path

import pytest

from theorycheck import collect
from theorycheck.derivation import Library, context_of, derive
from theorycheck.domain import Domain, Var, drawn, hypothesis, index, matrix, real, size
from theorycheck.exact import rules as by
from theorycheck.exact.session import Session, Stuck
from theorycheck.fact import Fact, Proven
from theorycheck.statement import Statement
from theorycheck.tree import (
    Converges,
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
    mat,
    norm,
    num,
    product,
    rank,
    scalars,
    schatten,
    second_derivative,
    sqrt,
    sym,
    total,
    trace,
    vec,
    vectors,
)
from theorycheck.verdict import Outcome

a, b, c, n, N, i, j, k, l, t, hi, lo = (sym(s) for s in ["a", "b", "c", "n", "N", "i", "j", "k", "l", "t", "hi", "lo"])
A, B, S, X, Y = mat("A", n, n), mat("B", n, n), mat("S", n, n), mat("X", n, k), mat("Y", n, k)
x, y, z, m = scalars("x"), scalars("y"), scalars("z"), scalars("n")
v, w, W = vectors("v", n), vec("w", n), layers("W", m)
p, q = vec("p", n), vec("q", n)
VARIABLES = (size("n"), size("N"), size("k"), real("a", above=0), real("b"), real("c"), matrix("A", n, n), matrix("B", n, n))
GENERIC = index("i", 1, N)
DEFINITE = drawn("S", lambda source, env: None, symmetric=True)
POSITIVE = drawn("x", lambda source, env: None, positive=True)


def session(*extra):
    """A derivation over n, N, k >= 1, a > 0, b and c real, A and B square, with more variables, relations or facts."""
    facts = [e if isinstance(e, Fact) else hypothesis(f"h{i}", e) for i, e in enumerate(extra) if not isinstance(e, Var)]
    domain = Domain("toy", (*VARIABLES, *(e for e in extra if isinstance(e, Var))), tuple(facts))
    return Session(domain.hypotheses, context_of(domain))


def for_all(relation, *names, given=()):
    return Fact("rule", relation, given, names)


IDENTITIES = {
    "traces of sums over different members": (Eq(trace(total(i, 1, 2, v[i] @ w.T)), trace(total(i, 2, 3, v[i] @ w.T))), ()),
    "a scalar that splits off under a sum": (
        Eq(total(i, 1, 2, w @ v[i].T) @ (w @ w.T), total(i, 2, 3, w @ v[i].T) @ (w @ w.T)),
        (),
    ),
    "a sum inside a function inside a sum": (
        Eq(total(i, 1, N, exp(x[i] * total(j, 1, N, y[j]))), total(i, 1, N, exp(total(j, 1, N, x[j] * y[j])))),
        (),
    ),
    "a sum of products of sums in a root": (
        Eq(total(i, 1, N, x[i]) * total(j, 1, N, exp(total(l, 1, N, z[l])) * y[j]), N * total(i, 1, N, x[i]) * y[1]),
        (),
    ),
    "a product over a reversed range": (Eq(product(i, 3, 1, a), 1 / a), ()),
    "an index in an exponent of a product": (Eq(product(i, 1, N, a**i), (a**i) ** N), (Ge(i, 1),)),
    "a product inside a product": (
        Eq(
            product(i, 1, N, product(j, 1, N, x[i] * y[j]) * x[i]),
            product(i, 1, N, product(j, 1, N, x[j] * y[j]) * x[i]),
        ),
        (),
    ),
    "an integral with the name of the index": (
        Eq(total(i, 1, N, integral(i, 0, 1, i)), total(j, 1, N, integral(i, 0, 1, j))),
        (),
    ),
    "what is known of a name outside a sum": (Eq(total(i, 1, N, (i - 1) / (i - 1)), N), (Ge(i, 2),)),
    "a root of an equation between squares": (Eq(b, 2), (Eq(b**2, 4),)),
    "a root of an inverse square": (Eq(b, num(1) / 2), (Eq(b**-2, 4), Node("ne", (b, num(0)), None))),
    "ranks of identities": (Eq(rank(eye(2)), rank(eye(3))), ()),
    "norms of identities": (Eq(schatten(eye(2), 1), schatten(eye(3), 1)), ()),
    "a function at two identities": (Eq(Function("C")(eye(2)), Function("C")(eye(3))), ()),
    "a direction that moves": (Eq(second_derivative(norm(A) ** 2, [(A, A)]), 4 * norm(A) ** 2), ()),
    "the gradient of a norm at 0": (Eq(inner(gradient_of(norm(A), A), A), norm(A)), ()),
    "the gradient of a square of a symmetric symbol": (Eq(gradient_of(trace(S @ S), S), 0 * S), (DEFINITE,)),
    "the gradient of a transposed symmetric symbol": (Eq(gradient_of(trace(S.T @ B), S), B.T), (DEFINITE,)),
    "a gradient in a member under a sum": (Eq(gradient_of(total(i, 1, N, norm(v[i]) ** 2), v[l]), 0 * v[l]), (Ge(l, 1),)),
    "a gradient in a member that may be the same": (Eq(gradient_of(norm(v[k]) ** 2, v[l]), 0 * v[l]), ()),
    "a gradient in a product": (Eq(gradient_of(trace(A @ B), A @ B), B.T), ()),
    "a path at a moving time": (
        Eq(gradient_of(norm(Flow("x", "C", (n, num(1)))(norm(A) ** 2)) ** 2, A), 0 * A),
        (),
    ),
    "an unequality with 1": (Eq(b / b, 1), (Node("ne", (b, num(1)), None),)),
    "an even multiple of a real power of -1": (Eq(num(-1) ** (2 * b), 1), ()),
    "an odd multiple of a power of -1": (Eq(num(-1) ** (3 * k), 1), ()),
    "an odd constant in a power of -1": (Eq(num(-1) ** (2 * k + 1), 1), ()),
    "a product of two powers of -1": (Eq(num(-1) ** k * num(-1) ** N, 1), ()),
    "a power of a sum, multiplied out wrongly": (Eq((1 + a) ** (k + 1), (2 + a) * (1 + a) ** k), ()),
    "a real power of -1": (Eq(num(-1) ** b * num(-1) ** (-b), 1), ()),
    "half a power of -1": (Eq(num(-1) ** (b + num(1) / 2) * num(-1) ** (-b), -1), ()),
    "a sum that ends at a real number": (Eq(total(i, 1, a, num(1)), a), ()),
    "a sum that ends at a fraction": (Eq(total(i, 1, num(11) / 10, num(1)), num(11) / 10), ()),
    "the derivative of an integral": (Eq(Dt(integral(k, 0, 1, t * k)), num(0)), (Ge(t, 0),)),
    "a derivative at the edge of a condition": (Eq(Dt(absolute(t - 1)), 1), (Ge(t, 1), Le(t, 1))),
    "the derivative of a root that may vanish": (Eq(Dt(sqrt(t)), sqrt(t) / (2 * t)), (Ge(t, 0),)),
    "a name of the kernel": (Eq(total(i, 1, N, sym("#0") * y[i]), total(i, 1, N, i * y[i])), ()),
}


@pytest.mark.parametrize("name", IDENTITIES)
def test_false_identities_are_refused(name):
    goal, hypotheses = IDENTITIES[name]
    here = session(*hypotheses)
    equations = [f.name for f in here.hypotheses if f.shows.head == "eq"]
    with pytest.raises(Stuck):
        here.show(goal, by.identity(*equations))


REWRITTEN = {
    "licensed by the domain's symbol of the same name": (Eq(x[-1], -1), for_all(Eq(x[b], absolute(b)), "b"), (Ge(b, 0),)),
    "an index of a sum on the right": (
        Eq(total(i, 1, N, x[i] * y[i]), N * N),
        for_all(Eq(y[l], total(j, 1, N, 1 / x[j])), "l"),
        (POSITIVE,),
    ),
    "a sum in a function on the right": (
        Eq(total(i, 1, N, y[i]), total(i, 1, N, exp(total(j, 1, N, x[j] * z[j])))),
        for_all(Eq(y[l], exp(total(j, 1, N, x[j] * z[l]))), "l"),
        (),
    ),
    "outside its range": (Eq(y[0], x[0]), for_all(Eq(y[l], x[l]), "l", given=(Ge(l, 1),)), ()),
    "a multiple of the identity": (Eq(a, trace(B)), for_all(Eq(a * eye(n), B)), ()),
}


@pytest.mark.parametrize("name", REWRITTEN)
def test_false_rewriting_is_refused(name):
    goal, rule, hypotheses = REWRITTEN[name]
    with pytest.raises(Stuck):
        session(rule, *hypotheses).show(goal, by.identity("rule"))


def test_an_instance_of_a_sum_keeps_its_index():
    """Replacing l in sum_i b x_i must not count the factors that do not depend on i."""
    here = session(for_all(Eq(y[l], total(i, 1, N, b * x[i])), "l"))
    with pytest.raises(Stuck):
        here.show(Eq(y[3], N * b * x[1]), by.identity("rule"))
    here.show(Eq(y[3], b * total(j, 1, N, x[j])), by.identity("rule"))


SIGNS = {
    "strictness of another bound": (Lt(2, a), (Ge(a, 2),)),
    "x^2 <= x for x <= 1": (Le(b**2, b), (Le(b, 1),)),
    "unlike propositions": (Node("ne", (a, a), None), ()),
    "a conditional hypothesis": (Le(0, b), (Fact("if", Ge(b, 0), given=(Ge(a, 1),)),)),
    "a square that may vanish": (Lt(0, b**2), ()),
    "even powers of a nonzero number": (Lt(0, b), (Gt(b**2, 0),)),
    "an empty sum is not positive": (Lt(0, total(i, 1, N - 1, a)), ()),
}


@pytest.mark.parametrize("name", SIGNS)
def test_false_signs_are_refused(name):
    goal, hypotheses = SIGNS[name]
    with pytest.raises(Stuck):
        session(*hypotheses).show(goal, by.sign())


def test_an_equation_does_not_follow_from_inequalities_or_squares():
    here = session(GENERIC)
    line = here.show(Le(a, 2 * a), by.sign())
    rules = [by.linear(line), by.linear(slack=[line])]
    for rule in rules:
        with pytest.raises(Stuck):
            here.show(Eq(a, 2 * a), rule)
    with pytest.raises(Stuck):
        here.show(Eq(0 * b, b**2), by.linear(squares=[(1, b)]))
    longer = here.show(Le(i, 2 * i), by.sign())
    with pytest.raises(Stuck):
        here.show(Eq(total(i, 1, N, i), total(i, 1, N, 2 * i)), by.termwise(longer, i))


def test_slack_does_not_divide_by_zero():
    here = session(Le(c**2 * b, 0))
    with pytest.raises(Stuck):
        here.show(Le(a * b, 0), by.linear(slack=[here.show(Le(c**2 * b, 0), by.trivially())]))


def test_strict_slack_needs_a_positive_multiplier():
    here = session(Ge(c, 0))
    strict = here.show(Lt(0, a), by.sign())
    weak = here.show(Le(0, a), by.sign())
    wrong = [(Lt(0, a * c), strict), (Lt(b, b), strict), (Lt(2 * b, b * 1), strict), (Lt(0, b * c), weak)]
    for goal, slack in wrong:
        with pytest.raises(Stuck):
            here.show(goal, by.linear(slack=[slack]))
    here = session(Gt(b + c, 0), Ge(c, 0), Gt(N, 1))
    moved = here.show(Gt(b + c, 0), by.trivially())
    here.show(Gt(b / N + c, 0), by.linear(slack=[moved]))
    with pytest.raises(Stuck):
        here.show(Gt(b * N + c, 0), by.linear(slack=[moved]))
    closed = session(Ge(b + c, 0), Ge(c, 0))
    with pytest.raises(Stuck):
        closed.show(Gt(b + c, 0), by.linear(slack=[closed.show(Ge(b + c, 0), by.trivially())]))


def test_powers_grow_with_the_exponent_above_one_only():
    for least, found in ((2, "nonneg"), (1, "nonneg"), (num(1) / 2, None), (0, None)):
        here = session(Ge(c, least), Ge(c, a))  # of the two bounds `Context.bounds` keeps a
        gap = here.read(c ** (num(5) / 2) - c ** (num(7) / 3))
        assert (here.context.sign(gap), here.context.sign(gap.scale(-1))) == (found, None)


def test_a_sum_term_by_term_needs_a_generic_index():
    for extra in (Eq(i, 1), Le(2 * i, 2), for_all(Le(i * b**2, b**2), "b")):
        here = session(GENERIC, extra)
        line = here.show(Le(i, 1), by.under([Le(i, 1)], by.sign()))
        with pytest.raises(Stuck):
            here.show(Le(total(i, 1, N, i), total(i, 1, N, num(1))), by.termwise(line, i))
    here = session(GENERIC)
    line = here.show(Le(i, 1), by.under([Le(i, 1)], by.sign()))
    with pytest.raises(Stuck, match="assumption about i"):
        here.show(Le(total(i, 1, N, i), total(i, 1, N, num(1))), by.termwise(line, i))


def test_an_induction_on_layers_starts_where_its_domain_does():
    """W_l = u_l u_(l-1)^T for l >= lo + 2 says nothing of the layer lo + 1, and so not W_hi .. W_lo = u_hi w^T."""
    u, right = vectors("u", lambda r: m[r]), vec("r", m[lo - 1])
    goal = Eq(W.chain(hi, lo), u[hi] @ right.T)
    for start, good in ((0, True), (1, False), (2, False)):
        facts = (
            Fact("layers", Eq(W[l], u[l] @ u[l - 1].T), (Ge(l, lo + 1 + start),), ("l",)),
            Fact("unit", Eq(norm(u[l]) ** 2, 1), (), ("l",)),
            Fact("first", Eq(W[lo], u[lo] @ right.T)),
        )
        here = session(index("lo", 1, N), Ge(hi, lo + start), *facts)
        rule = by.telescope("W", hi, "layers", "unit", "first")
        if good:
            here.show(goal, rule)
        else:
            with pytest.raises(Stuck, match="lower end"):
                here.show(goal, rule)


INSTANCES = {
    "a matrix for a vector": (
        Eq(trace(X @ Y.T @ X @ Y.T), trace(X @ Y.T) ** 2),
        for_all(Eq(trace(p @ q.T @ p @ q.T), trace(p @ q.T) ** 2), "p", "q"),
        {"p": X, "q": Y},
    ),
    "a constant that moves in time": (Eq(Dt(t * t), t), for_all(Eq(Dt(b * t), b), "b"), {"b": t}),
    "a time that stands still": (Eq(Dt(num(3) ** 2), 6), for_all(Eq(Dt(t**2), 2 * t), "t"), {"t": num(3)}),
    "a constant that is the variable": (
        Eq(gradient_of(trace(A.T @ A), A), A),
        for_all(Eq(gradient_of(trace(B.T @ A), A), B), "B"),
        {"B": A},
    ),
    "a variable that is the constant": (
        Eq(gradient_of(trace(B.T @ B), B), B),
        for_all(Eq(gradient_of(trace(B.T @ A), A), B), "A"),
        {"A": B},
    ),
    "a bound name that is captured": (
        Eq(total(i, 1, N, i * x[i]), total(i, 1, N, b * x[i])),
        for_all(Eq(total(i, 1, N, c * x[i]), total(i, 1, N, b * x[i])), "c"),
        {"c": i},
    ),
}


@pytest.mark.parametrize("name", INSTANCES)
def test_false_instances_of_hypotheses_are_refused(name):
    goal, rule, binding = INSTANCES[name]
    with pytest.raises(Stuck):
        session(rule, Ge(t, 0)).show(goal, by.given("rule", **binding))


@pytest.mark.parametrize("kind", ["cited", "claim", "hypothesis", "line", "anything"])
def test_facts_made_by_hand_are_refused(kind):
    forged = Fact("mine", Eq(b, c), kind=kind)
    for rule in (by.identity(forged), by.cite(forged)):
        with pytest.raises(Stuck):
            session().show(Eq(b, c), rule)


def test_lines_made_by_hand_are_refused():
    with pytest.raises(Stuck, match="not a line of this derivation"):
        session().show(Eq(b, c), by.linear(Proven(Eq(b, c), frozenset(), "(1)", "mine")))


def test_equations_that_a_rule_uses_are_lines_and_hand_on_their_assumptions():
    """Also where the rule forgets to name them as premises."""
    from theorycheck.exact.session import Checked, Rule

    def careless(*using):
        def check(here, goal):
            by.identity(*using).check(here, goal)
            return Checked()

        return Rule("careless", check)

    here = session()
    line = here.show(Eq(absolute(b), b), by.under([Ge(b, 0)], by.identity()))
    assert here.show(Eq(absolute(b) + 1, b + 1), careless(line)).assumes == {Ge(b, 0)}
    with pytest.raises(Stuck, match="not a line of this derivation"):
        here.show(Eq(b, c), careless(Proven(Eq(b, c), frozenset(), "(1)", "mine")))


def test_a_cited_fact_about_definite_symbols_is_not_cited_for_others():
    """The roots of S and T are taken in frames: S = -1 and T = 1 would make 4 <= 0."""
    from theorycheck.exact.cited import ROOTS

    with pytest.raises(Stuck, match="definite"):
        session().show(ROOTS.shows, by.cite(ROOTS))


@pytest.mark.parametrize("end", [a, num(3) / 2, N / 2])
def test_the_end_of_a_sum_is_instantiated_by_integers_only(end):
    rule = for_all(Eq(total(i, 1, l, num(1)), l), "l")
    with pytest.raises(Stuck, match="integer"):
        session(rule).show(Eq(total(i, 1, end, num(1)), end), by.given("rule", l=end))


@pytest.mark.parametrize("count", [a + 1, num(3) / 2])
def test_means_are_taken_of_whole_numbers_of_terms(count):
    """The sum and the product of w_i^2 for i <= 3/2 have no meaning."""
    from theorycheck.exact.cited import MEANS
    from theorycheck.exact.extremum_rules import cite_terms

    term = x[i] ** 2
    goal = Le(product(i, 1, count, term ** (1 / count)), 1 / count * total(i, 1, count, term))
    with pytest.raises(Stuck, match="integer"):
        session().show(goal, cite_terms(MEANS, "x", i, term, m=count))


def test_a_derivative_is_not_taken_under_conditions_that_hold_at_the_point_only():
    """|b - 1| has no derivative at b = 1; where b >= 1 is known, it must not be read as b - 1."""
    from theorycheck.exact.homogeneous_rules import differentiated

    rule = for_all(Eq(absolute(b - 1), absolute(b - 1)), "b")
    with pytest.raises(Stuck):
        session(rule, Ge(b, 1), Le(b, 1)).show(Eq(num(1), num(1)), differentiated("rule", b))


u = sym("u")
CONFINED = Fact("rule", Eq(a * b, c), (Ge(b, u), Le(b, u)), ("b",))
LINE = Eq(a * u, c)


def test_the_symbol_of_a_limit_is_not_confined_by_the_conditions_of_a_hypothesis():
    """Where a b = c for all b with u <= b <= u, the limit of a u as u -> 0 is not c."""
    from theorycheck.exact import leading_rules, limit_rules

    here = session(real("u", above=0), CONFINED)
    line = here.show(LINE, by.given("rule", b=u))
    goal = Converges(a * u, u, 0, c)
    with pytest.raises(Stuck, match="need not hold for small"):
        here.show(goal, leading_rules.equal(line))
    with pytest.raises(Stuck, match="need not hold for small"):
        here.show(Converges(c, u, 0, c), limit_rules.stays())


def test_an_integration_variable_is_not_confined_by_the_conditions_of_a_hypothesis():
    """Where a b = c for all b with u <= b <= u, the integral of a u over [0, 1] is not c."""
    from theorycheck.exact import integral_rules

    here = session(CONFINED)
    line = here.show(LINE, by.given("rule", b=u))
    with pytest.raises(Stuck, match="rename it"):
        here.show(Eq(integral(u, 0, 1, a * u), integral(u, 0, 1, c)), integral_rules.integrands(line))


def test_a_line_of_a_hypothesis_has_a_meaning():
    """b / b = 1 wherever that is defined, and b^2 > 0 wherever b / b = 1: an instance at 0 would give 0 > 0."""
    quotient = for_all(Eq(b / b, 1), "b")
    positive = Fact("positive", Gt(b**2, 0), (Eq(b / b, 1),), ("b",))
    for rule in (by.given("rule", b=c), by.given("rule", b=num(0))):
        with pytest.raises(Stuck):
            session(quotient, positive).show(Eq(c / c, 1), rule)
    with pytest.raises(Stuck):
        session(quotient, positive).show(Eq(b / b, 1), by.trivially())


def test_a_generic_line_keeps_its_assumptions():
    here = session()
    line = here.show(Eq(absolute(b), b), by.under([Ge(b, 0)], by.identity()))
    with pytest.raises(Stuck, match="rests on assumptions"):
        here.show(Eq(absolute(b), b), by.identity(by.generic(line, [])))


def test_a_line_about_a_definite_symbol_is_not_one_about_any_matrix():
    here = session(DEFINITE)
    line = here.show(Eq(S.T, S), by.identity())
    with pytest.raises(Stuck, match="declares"):
        here.show(Eq(B.T, B), by.cite(by.generic(line, [], S), S=B))


def test_a_rule_under_an_assumption_does_not_discharge_it():
    """b >= 5, because it is known under the assumption b >= 5, or under b - 5 >= 0, which was shown from it."""
    from theorycheck.exact.basic_rules import knowing
    from theorycheck.exact.homogeneous_rules import assumed, known

    here = session()
    line = here.show(Ge(b, 5), assumed())
    assert here.show(Ge(b, 5), by.under([Ge(b, 5)], known(line, Ge(b, 5)))).assumes == {Ge(b, 5)}
    moved = here.show(Ge(b - 5, 0), by.linear(line))
    assert here.show(Ge(b, 5), knowing(known(line, Ge(b, 5)), moved)).assumes == {Ge(b, 5)}


def test_the_size_of_an_identity_is_not_negative():
    """|I| >= 0 for an identity of size n - 5 would show that n >= 5."""
    with pytest.raises(Stuck, match="size"):
        session().show(Le(0, norm(eye(n - 5))), by.sign())
    session(Ge(n, 7)).show(Le(0, norm(eye(n - 5))), by.sign())


def test_a_division_is_not_brought_out_of_an_empty_sum():
    """The sum of 1/(N-1) over i < N is 0 for N = 1."""
    with pytest.raises(Stuck, match="empty"):
        session().show(Eq(total(i, 1, N - 1, 1 / (N - 1)), 1), by.identity())
    session(Ge(N, 2)).show(Eq(total(i, 1, N - 1, 1 / (N - 1)), 1), by.identity())


def test_a_generic_line_lists_universal_hypotheses_about_its_variables():
    here = session(for_all(Ge(l * b**2, 0), "b"))
    line = here.show(Ge(l * a**2, 0), by.given("rule", b=a))
    with pytest.raises(Stuck, match="does not list"):
        here.show(Ge(-1 * a**2, 0), by.cite(by.generic(line, [], l), l=num(-1)))


def test_the_symbol_of_a_limit_is_not_that_of_the_domain():
    here = session(real("v", at_least=2), for_all(Converges(absolute(sym("v") - 1), sym("v"), 0, 1)))
    with pytest.raises(Stuck):
        here.show(Converges(sym("v") - 1, sym("v"), 0, 1), by.given("rule"))


def test_what_a_domain_declares_is_asked_of_the_instance():
    """trace(S) > 0 for positive definite S, used for a matrix that is not, where another S is."""
    definite = Domain("definite", (size("n"), DEFINITE))
    both = Domain("both", (size("n"), DEFINITE, matrix("B", n, n)))
    s = Statement("toy", "A toy", "0", definite)
    root = mat("S", n, n)

    @s.claim("root", line=1)
    def squared():
        goal = yield Eq(root ** (num(1) / 2) @ root ** (num(1) / 2), root)
        yield goal, by.identity()

    @s.claim("transposed", line=2)
    def transposed():
        goal = yield Eq(root.T, root)
        yield goal, by.identity()

    @s.claim("other", line=3, domain=both)
    def other():
        goal = yield Eq(B.T, B)
        yield goal, by.uses("toy.transposed", S=B)

    library = Library((s,))
    assert derive(transposed, {}, library, transposed.tree()).outcome is Outcome.PROVES
    assert derive(other, {}, library, other.tree()).outcome is Outcome.NOTHING


FORBIDDEN = {"Rule", "Proven", "Checked", "CITED"}


@pytest.mark.parametrize("path", sorted(Path(collect.HOME, "proofs").rglob("*.py")), ids=lambda p: p.stem)
def test_modules_of_proofs_make_no_rules_and_no_proven_lines(path):
    """A derivation may only use what the library's rule modules return."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        named = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else None
        assert named not in FORBIDDEN, f"{path}:{node.lineno} uses {named}"


def test_every_rule_that_a_proof_uses_is_the_library_s_own(monkeypatch):
    seen = []
    shown = Session.show

    def show(self, goal, rule):
        seen.append(rule.check.__module__)
        return shown(self, goal, rule)

    monkeypatch.setattr(Session, "show", show)
    statements = collect.paper()
    library = Library(statements)
    for claim in (c for s in statements for c in s.claims):
        derive(claim, {}, library, claim.tree())
    assert seen
    assert [name for name in seen if not name.startswith("theorycheck.exact.")] == []
