"""PL costs need not be convex (paper, Section 2.1, line 66): one on R^n for every n, with its constant.

C(x) = 1/2 |x|^2 - 3/5 u^3 + 1/4 u^4 with u = <e, x> for a unit vector e. In u alone it is f = u^2/2 - 3/5 u^3 + u^4/4 with
f' = u q, q = u^2 - 9/5 u + 1 > 0, so that 0 is the only critical point; f'' = -2/25 at u = 3/5. The inequality

    f'^2 / 2 - beta f = u^2 (q^2 / 2 - beta (u^2/4 - 3/5 u + 1/2)) >= 0

is a sum of squares for beta = 217/2000; at u = 17/20 it fails for 1087/10000. Gradient flow on C decays at that rate, through
the dent.
"""

from fractions import Fraction

from flint import fmpq

from proofs.preliminaries import dented_cost
from proofs.preliminaries.dented_cost import BETA, HALF, REST, UNIT, C, domain, e, off_axis, push, squares, u, x
from theorycheck.cli import run_module
from theorycheck.domain import Domain, derived, hypothesis
from theorycheck.exact import rules as by
from theorycheck.models.dented import NARROWEST
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Ge, Gt, Lt, gradient_of, norm, second_derivative

gradient = gradient_of(C(x), x)
statement = Statement("pl-not-convex", "A PL cost that is not convex", "2.1", domain, depends_on=("def-1",))


def at_the_narrowest(source, env):
    """Where the ratio of both sides is the least."""
    return {**env, "x": tuple((NARROWEST * v,) for (v,) in env["e"])}


@statement.claim("pl", line=66, main=True, expects="proved", near=at_the_narrowest, half=HALF, beta=BETA)
def pl(half, beta):
    """It satisfies the PL inequality, with the minimum 0"""
    goal = yield Ge(half * norm(gradient) ** 2, beta * (C(x) - 0))
    rest = yield from off_axis(x)
    steep = Ge(norm(gradient) ** 2 / 2, BETA * C(x))
    tight = yield steep, by.linear((rest, REST), squares=squares(), using=[UNIT])
    low = yield (
        Ge(C(x), 0),
        by.linear((rest, HALF), squares=[(1, u * (u / 2 - Fraction(3, 5))), (Fraction(7, 50), u)], using=[UNIT]),
    )
    square = yield Ge(norm(gradient) ** 2, 0), by.linear(squares=[(1, gradient)])
    yield goal, by.linear(tight, slack=[low, square])


@statement.claim("minimum", line=59, expects="proved")
def minimum():
    """0 is the global minimum, at x = 0 only: C is a sum of squares"""
    off = norm(x) ** 2 - u**2  # >= 0, as e is a unit vector
    goal = yield Eq(C(x), off / 2 + (u * (u / 2 - Fraction(3, 5))) ** 2 + Fraction(7, 50) * u**2)
    yield goal, by.identity()


@statement.claim("not-convex", line=66, main=True, expects="proved", a=Fraction(2, 5), b=Fraction(4, 5))
def not_convex(a, b):
    """It is not convex: between a e and b e it lies above the chord in the middle"""
    goal = yield Gt(C((a + b) / 2 * e), (C(a * e) + C(b * e)) / 2)
    yield goal, by.sign(UNIT)


@statement.claim("slope", line=66, where="proof", expects="proved", a=Fraction(9, 5))
def slope(a):
    """Its gradient"""
    goal = yield Eq(gradient, push(x, a))
    yield goal, by.identity()


on_the_dent = Domain(
    "x = 3/5 e",
    (*domain.variables[:2], derived("x", lambda env: tuple((fmpq(3, 5) * v,) for (v,) in env["e"]))),
    (*domain.conditions, hypothesis("x in the dent", Eq(x, Fraction(3, 5) * e))),
)


@statement.claim("hessian", line=66, expects="proved", domain=on_the_dent, value=Fraction(-2, 25))
def hessian(value):
    """Its second derivative along e is negative at 3/5 e"""
    goal = yield Eq(second_derivative(C(x), [(x, e)]), value)
    yield goal, by.identity("x in the dent", UNIT)


@statement.claim("best", line=66, expects="proved", beta=Fraction(1087, 10000), a=Fraction(17, 20))
def best(beta, a):
    """No constant of 1087/10000 or more will do: at 17/20 e"""
    slope = a - Fraction(9, 5) * a**2 + a**3
    goal = yield Lt(HALF * slope**2, beta * C(a * e))
    yield goal, by.sign(UNIT)


statement.claim(
    "rate",
    line=64,
    main=True,
    expects="proved",
    domain=dented_cost.along,
    near=dented_cost.slow_start,
    exempt=dented_cost.NAMED,
    rate=2 * BETA,
)(dented_cost.rate)


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
