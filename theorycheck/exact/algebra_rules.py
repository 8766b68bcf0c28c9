"""Rules of algebra: identities, linear combinations with multipliers >= 0, signs, monotone powers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flint import fmpq

from theorycheck.exact.call import recorded
from theorycheck.exact.context import Context
from theorycheck.exact.fact_rules import Equation, facts_of, premises_of
from theorycheck.exact.form import (
    Atom,
    Form,
    Frozen,
    Term,
    atom,
    combine,
    const,
    integer_power,
    logarithm,
    mentions,
    power,
    thaw,
)
from theorycheck.exact.session import Checked, Rule, Session, Stuck, head_of, remainder, sides
from theorycheck.fact import Fact, Proven
from theorycheck.tree import Node, Number, as_node


@recorded
def identity(*using: Equation) -> Rule:
    """Both sides have the same normal form, after the equations of `using` (left to right)."""

    def check(session: Session, goal: Node) -> Checked:
        if goal.head != "eq":
            raise Stuck(f"an identity is an equation, not {goal.head}")
        facts, names = facts_of(session, using)
        left, right = (session.read(side, facts) for side in goal.nodes)
        rest = clear(left - right, session)
        if not rest.is_zero:
            raise Stuck(f"left - right = {remainder(rest)}")
        return Checked("both sides have the normal form " + remainder(left), uses=names)

    return Rule("identity", check, premises_of(using))


def clear(x: Form, session: Session) -> Form:
    """x times the powers of its sum-denominators, so that a rational identity is decided by expansion."""
    x = _aligned(x)
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


def _aligned(x: Form) -> Form:
    """x with p^(e + n) multiplied out to p^e p^n where p^e, e the same symbolic exponent, occurs as well (p a sum, n whole)."""
    least: dict[tuple[Atom, Frozen], fmpq] = {}
    for a, e in (factor for term in x.terms for factor in term[1]):
        for moving, n in _symbolic(a, e):
            least[a, moving] = min(n, least.get((a, moving), n))
    return combine((_lowered(t, c, least, x.shape) for t, c in x.terms.items()), x.shape) if least else x


def _lowered(term: Term, c: fmpq, least: Mapping[tuple[Atom, Frozen], fmpq], shape: tuple[Node, ...]) -> Form:
    binders, factors, word = term
    over = {(a, e): int(n - least[a, moving]) for a, e in factors for moving, n in _symbolic(a, e)}
    result = Form({(binders, frozenset(f for f in factors if not over.get(f)), word): c}, shape)
    for (a, e), n in over.items():
        if n:
            result = result * atom(a, thaw(e) - const(n)) * integer_power(thaw(a[1]), n)
    return result


def _symbolic(a: Atom, e: Frozen) -> Iterator[tuple[Frozen, fmpq]]:
    """(e - n, n), n the whole part of the constant of e, for a power of a sum with a symbolic exponent; else nothing."""
    exponent = thaw(e)
    if isinstance(a, tuple) and a[0] == "poly" and not mentions((a, e), "#") and exponent.constant() is None:
        n = exponent.terms.get(((), frozenset(), ()), fmpq(0)).floor()
        yield (exponent - const(n)).frozen(), fmpq(n)


@recorded
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
        facts, names = facts_of(session, using)
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
            rest, taken = take_up(rest, gaps, session)
            strict |= taken is not None and head_of(slack[taken].shows) == "lt"
        return _conclude(session, goal, rest, strict, names, exact)

    return Rule("linear combination", check, (*(p for p, _ in pairs), *premises_of(using), *slack))


def take_up(rest: Form, gaps: list[Form], session: Session) -> tuple[Form, int | None]:
    """rest minus a multiple of one of the gaps (each >= 0), if that leaves something known to be >= 0.

    Also returned: the place of that gap where the multiplier is known to be positive, so that a strict one makes rest > 0.
    """
    ctx = session.context
    if ctx.sign(rest) is not None:
        return rest, None
    for k, gap in enumerate(gaps):
        for t, c in gap.terms.items():
            unit = power(Form({t: c}), const(-1), ctx.sign, lambda _: True, "positive")
            for u, d in rest.terms.items():
                multiplier = Form({u: d}) * unit
                left = rest - multiplier * gap
                sign = ctx.sign(multiplier)
                if sign and ctx.sign(left) and _finite(multiplier, ctx):
                    return left, k if sign == "positive" else None
    return rest, None


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


@recorded
def sign(*using: Equation) -> Rule:
    """goal `a <= b` or `a < b` from known signs alone."""
    return linear(using=using)


@recorded
def raised(premise: Proven, exponent: Node | Number, using: Sequence[Equation] = ()) -> Rule:
    """From `u <= v` (0 <= u) to u^e <= v^e for e > 0, and to v^e <= u^e for e < 0 and u > 0."""

    def check(session: Session, goal: Node) -> Checked:
        facts, names = facts_of(session, using)
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

    return Rule("monotone power", check, (premise, *premises_of(using)))


def _pow(session: Session, x: Form, e: Form, known: str) -> Form:
    return power(x, e, session.context.sign, session.context.nonzero, known)


@recorded
def logarithms(premise: Proven) -> Rule:
    """From u <= v with u > 0 to log u <= log v."""

    def check(session: Session, goal: Node) -> Checked:
        low, high = sides(premise.shows)
        u, v = session.read(low), session.read(high)
        if session.context.sign(u) != "positive":
            raise Stuck(f"{remainder(u)} is not known to be positive")
        logs = [logarithm(x, session.context.sign, "positive") for x in (u, v)]  # v >= u > 0
        rest = [session.read(side) - x for side, x in zip(sides(goal), logs, strict=True)]
        if all(r.is_zero for r in rest) and head_of(goal) == head_of(premise.shows):
            return Checked("log is increasing")
        raise Stuck(f"the logarithms of the premise are {remainder(logs[0])} <= {remainder(logs[1])}")

    return Rule("monotone logarithm", check, (premise,))


@recorded
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
