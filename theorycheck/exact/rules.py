"""The ways to show a line of a derivation; in proofs: `from theorycheck.exact import rules as by`.

Each rule has typed premises (earlier lines) and looks at nothing else than them, the hypotheses of the domain and the facts
it names. This file has the algebraic rules; rules about flows, limits and integrals are in `analysis.py`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from flint import fmpq

from theorycheck.exact.context import Context
from theorycheck.exact.form import Atom, Form, atom, const, mentions, power, thaw
from theorycheck.exact.session import (
    DECLARED,
    Checked,
    Rule,
    Session,
    Stuck,
    conditions_on,
    declared,
    free_of,
    head_of,
    remainder,
    restrictions,
    same_relation,
    sides,
    substitute_all,
)
from theorycheck.fact import Fact, Proven
from theorycheck.tree import Node, Number, as_node, free_names, sym

Equation = Fact | Proven | str


def _facts(session: Session, using: Sequence[Equation]) -> tuple[list[Fact | Proven], tuple[str, ...]]:
    """Resolve names of hypotheses; returns the facts and the names to record."""
    facts = [session.hypothesis(u) if isinstance(u, str) else u for u in using]
    for f in facts:
        if isinstance(f, Fact):
            _record(session, f)
        else:
            session.touched.append(f)
    return facts, tuple(f.name if isinstance(f, Fact) else f.label for f in facts)


def _record(session: Session, fact: Fact) -> None:
    """Note what a derivation rests on; a fact must be one of the list of cited facts, the domain, or this derivation."""
    from theorycheck.exact.cited import CITED

    if fact.kind not in {"cited", "hypothesis", "line", "claim"}:
        raise Stuck(f"{fact.name} is of the unknown kind {fact.kind!r}")
    if fact.kind == "cited" and (fact.name not in CITED or CITED[fact.name].fact != fact):
        raise Stuck(f"{fact.name} is not in the list of cited facts; enter it in cited.py")
    if fact.kind == "claim" and (session.resolve is None or session.resolve(fact.name) != fact):
        raise Stuck(f"{fact.name} is not a claim as the library knows it")
    if fact.kind == "cited" and fact not in session.cited:
        session.cited.append(fact)
    if fact.kind == "hypothesis" and fact not in session.hypotheses:
        raise Stuck(f"{fact.name} is a hypothesis of another domain")
    if fact.kind == "line":
        _check_generic(session, fact)
    if fact.kind == "claim" and fact.name not in session.used:
        session.used.append(fact.name)


def _premises(using: Sequence[Equation]) -> tuple[Proven, ...]:
    return tuple(u for u in using if isinstance(u, Proven))


def identity(*using: Equation) -> Rule:
    """Both sides have the same normal form, after the equations of `using` (left to right)."""

    def check(session: Session, goal: Node) -> Checked:
        if goal.head != "eq":
            raise Stuck(f"an identity is an equation, not {goal.head}")
        facts, names = _facts(session, using)
        left, right = (session.read(side, facts) for side in goal.nodes)
        rest = clear(left - right, session)
        if not rest.is_zero:
            raise Stuck(f"left - right = {remainder(rest)}")
        return Checked("both sides have the normal form " + remainder(left), uses=names)

    return Rule("identity", check, _premises(using))


def clear(x: Form, session: Session) -> Form:
    """x times the powers of its sum-denominators, so that a rational identity is decided by expansion."""
    for _ in range(8):
        worst: dict[Atom, fmpq] = {}
        for a, e in (factor for term in x.terms for factor in term[1]):
            n = thaw(e).constant() if isinstance(a, tuple) and a[0] == "poly" and not mentions(a, "#") else None
            if n is not None and n < 0:
                worst[a] = min(n, worst.get(a, n))
        if not worst or x.is_zero:
            return x
        for a, n in worst.items():
            x = x * atom(a, const(-n))
    return x


def linear(
    *terms: Proven | tuple[Proven, Node | Number],
    squares: Sequence[tuple[Node | Number, Node]] = (),
    using: Sequence[Equation] = (),
    slack: Sequence[Proven] = (),
) -> Rule:
    """goal `a <= b`: b - a is a sum of multiplier * (premise) + coefficient * expression^2 + terms known to be >= 0.

    A premise `u <= v` counts as v - u with a multiplier >= 0, an equation with any multiplier. For `a < b` one part must be
    strict. A square of a matrix or vector expression is its squared norm. With no premise it is a sign argument. The lines of
    `slack` may be used with any multiplier >= 0, which is found: they keep a weaker claim proved.
    """
    pairs = [(t, as_node(1)) if isinstance(t, Proven) else (t[0], as_node(t[1])) for t in terms]

    def check(session: Session, goal: Node) -> Checked:
        facts, names = _facts(session, using)
        low, high = sides(goal)
        rest = session.read(high, facts) - session.read(low, facts)
        strict, exact = False, not squares and all(p.shows.head == "eq" for p, _ in pairs)
        for premise, factor in pairs:
            m = session.read(factor, facts)
            u, v = sides(premise.shows)
            gap = session.read(v, facts) - session.read(u, facts)
            if premise.shows.head != "eq":
                sign = session.context.sign(m)
                if sign is None:
                    raise Stuck(f"the multiplier {remainder(m)} of {premise.label} is not known to be >= 0")
                strict |= head_of(premise.shows) == "lt" and sign == "positive"
            rest = rest - m * gap
        for coefficient, body in squares:
            c = session.read(as_node(coefficient), facts)
            if session.context.sign(c) is None:
                raise Stuck(f"the coefficient {remainder(c)} of a square is not known to be >= 0")
            rest = rest - c * _square(session, body, facts)
        gaps = [session.read(sides(p.shows)[1], facts) - session.read(sides(p.shows)[0], facts) for p in slack]
        if goal.head != "eq":
            rest = take_up(rest, gaps, session)
        return _conclude(session, goal, rest, strict, names, exact)

    return Rule("linear combination", check, (*(p for p, _ in pairs), *_premises(using), *slack))


def take_up(rest: Form, gaps: list[Form], session: Session) -> Form:
    """rest minus a multiple >= 0 of one of the gaps (each >= 0), if that leaves something known to be >= 0."""
    ctx = session.context
    if ctx.sign(rest) is not None:
        return rest
    for gap in gaps:
        for t, c in gap.terms.items():
            unit = power(Form({t: c}), const(-1), ctx.sign, lambda _: True, "positive")
            for u, d in rest.terms.items():
                multiplier = Form({u: d}) * unit
                left = rest - multiplier * gap
                if ctx.sign(multiplier) and ctx.sign(left) and _finite(multiplier, ctx):
                    return left
    return rest


def _finite(x: Form, ctx: Context) -> bool:
    """Whether no factor of x can be a division by zero."""
    factors = [factor for t in x.terms for factor in t[1]]
    return all(ctx.sign(thaw(e)) is not None or ctx.nonzero(atom(a)) for a, e in factors)


def _square(session: Session, body: Node, facts: list[Fact | Proven]) -> Form:
    from theorycheck.exact.read import trace

    x = session.read(body, facts)
    return x * x if body.shape == () else trace(x.T @ x)


def _conclude(
    session: Session, goal: Node, rest: Form, strict: bool = False, names: tuple[str, ...] = (), exact: bool = False
) -> Checked:
    """Whether rest >= 0 (> 0) for an order; for an equation, rest = 0 and nothing but equations were used (`exact`)."""
    if goal.head == "eq":
        if not exact:
            raise Stuck("an equation does not follow from inequalities and squares")
        if not clear(rest, session).is_zero:
            raise Stuck(f"left over: {remainder(rest)}")
        return Checked("nothing is left over", uses=names)
    sign = session.context.sign(rest)
    if sign is None or (head_of(goal) == "lt" and not strict and sign != "positive"):
        wanted = "> 0" if head_of(goal) == "lt" and not strict else ">= 0"
        raise Stuck(f"not known to be {wanted}: {remainder(rest)}")
    return Checked(f"left over and {'positive' if sign == 'positive' else '>= 0'}: {remainder(rest)}", uses=names)


def sign(*using: Equation) -> Rule:
    """goal `a <= b` or `a < b` from known signs alone."""
    return linear(using=using)


def raised(premise: Proven, exponent: Node | Number, using: Sequence[Equation] = ()) -> Rule:
    """From `u <= v` (0 <= u) to u^e <= v^e for e > 0, and to v^e <= u^e for e < 0 and u > 0."""

    def check(session: Session, goal: Node) -> Checked:
        facts, names = _facts(session, using)
        u, v = (session.read(s, facts) for s in sides(premise.shows))
        e = session.read(as_node(exponent), facts)
        ctx = session.context
        up, down = ctx.sign(e), ctx.sign(e.scale(-1))
        state = ctx.sign(u)
        if up == "positive":
            if state is None:
                raise Stuck(f"{remainder(u)} is not known to be >= 0")
            pair = (_pow(session, u, e, state), _pow(session, v, e, "nonneg"))
        elif down == "positive":
            if state != "positive":
                raise Stuck(f"{remainder(u)} is not known to be positive")
            pair = (_pow(session, v, e, "positive"), _pow(session, u, e, "positive"))
        else:
            raise Stuck(f"the exponent {remainder(e)} has no known sign")
        low, high = (session.read(s, facts) for s in sides(goal))
        if (low - pair[0]).is_zero and (high - pair[1]).is_zero and head_of(goal) in {"le", head_of(premise.shows)}:
            return Checked("both sides raised to the same power", uses=names)
        raise Stuck(f"the power of the premise is {remainder(pair[0])} <= {remainder(pair[1])}")

    return Rule("monotone power", check, (premise, *_premises(using)))


def _pow(session: Session, x: Form, e: Form, known: str) -> Form:
    return power(x, e, session.context.sign, session.context.nonzero, known)


def exponentiated(premise: Proven) -> Rule:
    """From u <= v to exp(u) <= exp(v)."""
    from theorycheck.exact.form import exponential

    def check(session: Session, goal: Node) -> Checked:
        u, v = (exponential(session.read(s)) for s in sides(premise.shows))
        low, high = (session.read(s) for s in sides(goal))
        if (low - u).is_zero and (high - v).is_zero and head_of(goal) == head_of(premise.shows):
            return Checked("exp is increasing")
        raise Stuck(f"the exponential of the premise is {remainder(u)} <= {remainder(v)}")

    return Rule("monotone exponential", check, (premise,))


def given(name: str, **binding: Node | str) -> Rule:
    """A hypothesis of the domain, at the given instance; its own conditions must hold there."""

    def check(session: Session, goal: Node) -> Checked:
        return _instance(session, session.hypothesis(name), binding, goal, ())

    return Rule(f"hypothesis {name}", check)


def given_with(premises: Sequence[Proven], name: str, **binding: Node | str) -> Rule:
    """As `given`, with earlier lines that show its conditions."""

    def check(session: Session, goal: Node) -> Checked:
        return _instance(session, session.hypothesis(name), binding, goal, premises)

    return Rule(f"hypothesis {name}", check, tuple(premises))


def cite(fact: Fact, *premises: Proven, **binding: Node | str) -> Rule:
    """A cited fact at the given instance; its hypotheses must be premises, hypotheses of the domain, or known signs."""

    def check(session: Session, goal: Node) -> Checked:
        from theorycheck.exact.cited import CITED

        _record(session, fact)
        if fact.kind == "cited":
            _check_declared(session, fact, declared(CITED[fact.name].domain, [fact.shows, *fact.given]), binding)
        return _instance(session, fact, binding, goal, premises)

    return Rule(f"cite {fact.name}", check, premises)


def uses(claim: str, *premises: Proven, **binding: Node | str) -> Rule:
    """A claim proved elsewhere (`statement.name`), at the given instance of its symbols; the driver checks its proof."""

    def check(session: Session, goal: Node) -> Checked:
        if session.resolve is None:
            raise Stuck("no other claims are at hand here")
        fact = session.resolve(claim)
        _record(session, fact)
        return _instance(session, fact, binding, goal, premises)

    return Rule(f"uses {claim}", check, premises)


def _instance(
    session: Session, fact: Fact, binding: Mapping[str, Node | str], goal: Node, premises: Sequence[Proven]
) -> Checked:
    strange = sorted(set(binding) - set(fact.variables))
    if strange:
        raise Stuck(f"{fact.name} has no variable {strange[0]!r}; it has {', '.join(fact.variables) or 'none'}")
    for condition in fact.given:
        instance = substitute_all(condition, binding)
        if condition.head in DECLARED:
            _check_declared(session, fact, [condition], binding)
        elif not session.holds(instance, premises):
            raise Stuck(f"a hypothesis of {fact.name} is not shown: {_text(instance)}")
    for need in fact.needs:
        if not any(_same_universal(need, h, binding) for h in session.hypotheses):
            raise Stuck(f"{fact.name} rests on the hypothesis {need.name!r}, which this domain does not have")
    conclusion = substitute_all(fact.shows, binding)
    if not same_relation(session, goal, conclusion):
        raise Stuck(f"{fact.name} gives {_text(conclusion)}")
    if fact.kind == "hypothesis":
        return Checked(uses=(fact.name,))
    return Checked(detail=fact.source, uses=(fact.name,))


def _check_declared(
    session: Session, fact: Fact, conditions: Sequence[Node], binding: Mapping[str, Node | str]
) -> None:
    for condition in conditions:
        if not session.holds(substitute_all(condition, binding)):
            raise Stuck(f"{fact.name} takes {condition.args[0]} as {condition.head}, which this domain does not declare")


def _same_universal(need: Fact, h: Fact, binding: Mapping[str, Node | str]) -> bool:
    outer = {k: v for k, v in binding.items() if k not in need.variables}
    if any(free_names(v) & set(need.variables) for v in outer.values() if isinstance(v, Node)):
        return False  # a bound variable of the hypothesis would be captured
    given = tuple(substitute_all(g, outer) for g in need.given)
    return h.variables == need.variables and h.shows == substitute_all(need.shows, outer) and h.given == given


def _text(tree: Node) -> str:
    from theorycheck.tree.text import text

    return text(tree)


def under(conditions: Sequence[Node], rule: Rule) -> Rule:
    """Apply a rule under assumptions; the line carries them until a rule discharges them (`either`, a continuation)."""

    def check(session: Session, goal: Node) -> Checked:
        with session.assuming(tuple(conditions)):
            checked = rule.check(session, goal)
        return replace(checked, assumes=checked.assumes | frozenset(conditions))

    return Rule(rule.name, check, rule.premises)


def either(strict: Proven, equal: Proven, low: Node, high: Node) -> Rule:
    """Cases low < high and low = high, where the domain has low <= high: the same line shown under both."""

    def check(session: Session, goal: Node) -> Checked:
        from theorycheck.tree import Eq, Le, Lt

        if strict.shows != goal or equal.shows != goal:
            raise Stuck("both cases must show the goal itself")
        if not session.holds(Le(low, high)):
            raise Stuck("the domain does not say that low <= high")
        cases = frozenset({Lt(low, high), Eq(low, high)})
        if Lt(low, high) not in strict.assumes or Eq(low, high) not in equal.assumes:
            raise Stuck("the cases do not carry the assumptions low < high and low = high")
        if Lt(low, high) in equal.assumes or Eq(low, high) in strict.assumes:
            raise Stuck("a case rests on the other one")
        return Checked("by cases", discharges=cases)

    return Rule("cases", check, (strict, equal))


def generic(line: Proven, given: Sequence[Node], *variables: Node) -> Fact:
    """A line about arbitrary indices as a fact for other indices; `given` must list all that is assumed of them."""
    names = tuple(str(v.args[0]) for v in variables)
    return Fact(f"line {line.label}", line.shows, tuple(given), names, "line", line.label)


def _check_generic(session: Session, fact: Fact) -> None:
    line = next((p for p in session.lines if p.label == fact.source and p.shows == fact.shows), None)
    if line is None:
        raise Stuck(f"{fact.name} is not a line of this derivation")
    if any(free_names(a) & set(fact.variables) for a in line.assumes):
        raise Stuck(f"{fact.name} rests on an assumption about its own variables")
    if not line.assumes <= {f.shows for f in session.hypotheses}:
        raise Stuck(f"{fact.name} rests on assumptions; use it under them")
    for f in restrictions(session, set(fact.variables)):
        if f.variables or f.given or f.shows not in fact.given:
            raise Stuck(f"{fact.name} was shown under {_text(f.shows)}, which `given` does not list")


def trivially() -> Rule:
    """The line is a hypothesis of the domain as it stands."""

    def check(session: Session, goal: Node) -> Checked:
        for f in session.hypotheses:
            if not f.given and same_relation(session, goal, f.shows):
                return Checked(uses=(f.name,))
        raise Stuck("no hypothesis says this")

    return Rule("hypothesis", check)


def both(*parts: Proven) -> Rule:
    """A conjunction from its parts, in order."""

    def check(session: Session, goal: Node) -> Checked:
        if goal.head != "and" or [p.shows for p in parts] != list(goal.nodes):
            raise Stuck("the parts are not those of the conjunction, in order")
        return Checked()

    return Rule("conjunction", check, parts)


def telescope(family: str, factor: Node, *using: Equation) -> Rule:
    """Induction on the number of factors: a product W_hi .. W_lo from one layer and the joint between two.

    goal: `W[hi:lo] = P(hi, lo)` for generic indices hi >= lo (hypotheses of the domain). Checked: P(lo, lo) is the layer W_lo
    as `using` gives it, and W_(hi+1) P(hi, lo) = P(hi+1, lo), both in normal form after the equations of `using`. `factor` is
    the symbol hi.
    """

    def check(session: Session, goal: Node) -> Checked:
        facts, names = _facts(session, using)
        left, right = goal.nodes
        if goal.head != "eq" or left.head != "chain" or left.args[0] != family or left.args[1] != factor:
            raise Stuck(f"the goal is not an equation for the chain of {family} from {factor}")
        hi, lo = str(factor.args[0]), left.nodes[1]
        _downward(session, hi, lo, _premises(using))
        if session.context.sign(session.read(factor) - session.read(lo)) is None:
            raise Stuck(f"the domain does not say that {hi} is at least the lower end: the empty product is not covered")
        next_one = [substitute_all(c, {hi: factor + 1}) for c in conditions_on(session, hi)]

        def at(tree: Node, value: Node) -> Node:
            return substitute_all(tree, {hi: value})

        base = session.read(at(left, lo), facts) - session.read(at(right, lo), facts)
        if not base.is_zero:
            raise Stuck(f"one factor: left - right = {remainder(base)}")
        from theorycheck.tree.node import matrix_shape

        above = Node("chain", (family, factor + 1, factor + 1), (matrix_shape(at(left, factor + 1))[0], matrix_shape(left)[0]))
        product = session.read(above @ right, facts, next_one)
        step = product - session.read(at(right, factor + 1), facts, next_one)
        if not step.is_zero:
            raise Stuck(f"one factor more: left - right = {remainder(step)}")
        return Checked("base case and step agree", uses=names)

    return Rule("induction on the number of layers", check, _premises(using))


def _downward(session: Session, hi: str, lo: Node, premises: Sequence[Proven]) -> None:
    """The domain's conditions on hi, where they hold, hold for every smaller hi >= lo: each bounds it above, or holds at lo."""
    free_of(hi, premises)
    if hi in free_names(lo):
        raise Stuck(f"the lower end {lo} depends on {hi}")
    index = atom(sym(hi))
    for f in restrictions(session, {hi}):
        if f.variables or f.given:
            raise Stuck(f"{hi} is restricted by {f.name!r}")
        low, high = sides(f.shows)
        gap = session.read(high) - session.read(low)
        slope = gap.terms.get(next(iter(index.terms)), fmpq(0))
        if f.shows.head == "eq" or mentions((gap - index.scale(slope)).frozen(), hi):
            raise Stuck(f"{f.name!r} is not a bound of {hi}")
        if slope > 0 and not session.follows(substitute_all(f.shows, {hi: lo})):
            raise Stuck(f"{f.name!r} is not known to hold from the lower end on")


def congruence(premise: Proven, outer: Node) -> Rule:
    """From P positive semidefinite to Tr[M^T P M] >= 0; the goal says so in any normal form."""

    def check(session: Session, goal: Node) -> Checked:
        from theorycheck.exact.read import trace

        if premise.shows.head != "psd":
            raise Stuck("the premise does not say that a matrix is positive semidefinite")
        p, m = session.read(premise.shows.nodes[0]), session.read(outer)
        low, high = sides(goal)
        rest = session.read(high) - session.read(low) - trace(m.T @ p @ m)
        return _conclude(session, goal, rest)

    return Rule("congruence with a positive semidefinite matrix", check, (premise,))


def diagonal(premise: Proven, i: Node, j: Node) -> Rule:
    """From f(i, j) >= 0 for all i, j: the double sum of f is at least the sum of f(i, i).

    The premise is `0 <= f` with both indices generic and of the same range; the goal is `sum_i f(i,i) <= sum_ij f`.
    """

    def check(session: Session, goal: Node) -> Checked:
        zero, f = sides(premise.shows)
        if not session.read(zero).is_zero:
            raise Stuck("the premise is not of the form 0 <= f")
        ranges = [index_range(session, x) for x in (i, j)]
        if ranges[0] != ranges[1] or ranges[0] is None or i == j:
            raise Stuck(f"{i} and {j} have no common range in the domain")
        lo, hi = ranges[0]
        free_of(str(i.args[0]), [premise])
        free_of(str(j.args[0]), [premise])
        from theorycheck.tree import total

        double = total(i, lo, hi, total(j, lo, hi, f))
        single = total(i, lo, hi, substitute_all(f, {str(j.args[0]): i}))
        low, high = sides(goal)
        rest = session.read(high) - session.read(low) - (session.read(double) - session.read(single))
        return _conclude(session, goal, rest)

    return Rule("a sum of terms >= 0 is at least its diagonal", check, (premise,))


def termwise(premise: Proven, i: Node) -> Rule:
    """From f(i) <= g(i) for a generic index to sum_i f <= sum_i g (or with =)."""

    def check(session: Session, goal: Node) -> Checked:
        found = index_range(session, i)
        if found is None:
            raise Stuck(f"{i} has no range in the domain, or more is known of it")
        free_of(str(i.args[0]), [premise])
        from theorycheck.tree import total

        u, v = (total(i, *found, side) for side in sides(premise.shows))
        low, high = sides(goal)
        rest = session.read(high) - session.read(low) - (session.read(v) - session.read(u))
        return _conclude(session, goal, rest, exact=premise.shows.head == "eq")

    return Rule("summed term by term", check, (premise,))


def index_range(session: Session, i: Node) -> tuple[Node, Node] | None:
    """The range lo <= i <= hi that the domain declares for a generic index, if that is all it says of it."""
    name = str(i.args[0])
    about = restrictions(session, {name})
    lo = [f.shows.nodes[1] for f in about if f.shows.head == "ge" and f.shows.nodes[0] == i and not f.given]
    hi = [f.shows.nodes[1] for f in about if f.shows.head == "le" and f.shows.nodes[0] == i and not f.given]
    plain = len(about) == 2 and len(lo) == len(hi) == 1 and name not in free_names(lo[0]) | free_names(hi[0])
    return (lo[0], hi[0]) if plain and name not in session.context.reals else None

