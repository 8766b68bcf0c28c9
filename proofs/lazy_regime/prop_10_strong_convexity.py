"""A beta-strongly convex cost satisfies the beta-PL inequality (Proposition 10, paper lines 351 to 359).

The definition of strong convexity (line 355) at y = x_min, and one square: minimizing the right side over y is completing
|grad C(x) + beta (y - x)|^2.
"""

from fractions import Fraction

from theorycheck.cli import run_module
from theorycheck.domain import Domain, derived, drawn, hypothesis, real, size
from theorycheck.evaluate.values import add, scale
from theorycheck.exact import rules as by
from theorycheck.models.costs import Quadratic, column_of, diagonal, quadratic
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Function, Ge, Le, inner, norm, sym, vec

n, beta, C_min = sym("n"), sym("beta"), sym("C_min")
x, y, x_min = vec("x", n), vec("y", n), vec("x_min", n)
C = Function("C")
g = C.grad(x)

domain = Domain(
    "costs that are beta-strongly convex on R^n, beta > 0, with minimum C_min",
    (
        size("n"),
        real("beta", above=0, line=351),
        drawn("C", lambda source, env: quadratic(source, env["n"], env["beta"], strongly=True)),
        column_of("x"),
        column_of("y"),
        derived("x_min", lambda env: env["C"].centre),
        derived("C_min", lambda env: env["C"].least),
    ),
    (
        hypothesis(
            "strong convexity",
            Ge(C(y), C(x) + inner(y - x, g) + beta / 2 * norm(x - y) ** 2),
            355,
            variables=("x", "y"),
            test=lambda env: env["C"].strongly_convex(env["beta"]),
        ),
        hypothesis("C_min is attained", Eq(C(x_min), C_min), 345),
        hypothesis(
            "C_min is the minimum",
            Ge(C(x), C_min),
            345,
            variables=("x",),
            test=lambda env: env["C"].least >= env["C_min"],
        ),
    ),
)

statement = Statement("prop-10", "Strong convexity implies the PL inequality", "B.1", domain, depends_on=("def-1",))


def all_curvatures_equal(source, env):
    """The equality case: every curvature is beta."""
    cost = Quadratic(diagonal([env["beta"]] * env["n"]), env["C"].centre, env["C"].least)
    return {**env, "C": cost}


def at_the_minimum():
    """Strong convexity between x and the minimizer; line 359 and the proposition follow from it."""
    return Ge(C(x_min), C(x) + inner(x_min - x, g) + beta / 2 * norm(x - x_min) ** 2)


@statement.claim("pl", line=351, main=True, expects="proved", near=all_curvatures_equal, half=Fraction(1, 2), factor=1)
def pl(half, factor):
    """The beta-PL inequality"""
    goal = yield Ge(half * norm(g) ** 2, factor * beta * (C(x) - C_min))
    tight = yield at_the_minimum(), by.given("strong convexity", x=x, y=x_min)
    least = yield Ge(C(x), C_min), by.given("C_min is the minimum", x=x)
    square = (Fraction(1, 2), g + beta * (x_min - x))
    yield goal, by.linear((tight, beta), squares=[square], using=["C_min is attained"], slack=[least])


@statement.claim("minimized", line=359, where="proof", expects="proved", near=all_curvatures_equal, factor=2)
def minimized(factor):
    """The minimum over y of both sides of the strong convexity inequality"""
    goal = yield Ge(C_min, C(x) - 1 / (factor * beta) * norm(g) ** 2)
    tight = yield at_the_minimum(), by.given("strong convexity", x=x, y=x_min)
    square = (1 / (2 * beta), g + beta * (x_min - x))
    yield goal, by.linear(tight, squares=[square], using=["C_min is attained"])


def y_at_the_minimizer(source, env):
    """Equality: y is the minimizer of the right side."""
    step = scale(-1 / env["beta"], env["C"].gradient(env["x"]))
    return {**env, "y": add(env["x"], step)}


@statement.claim("minimizer", line=357, where="proof", expects="proved", near=y_at_the_minimizer, step=1)
def minimizer(step):
    """The right side is least at y = x - grad C(x) / beta: its value there, and that no y does better"""
    right = inner(y - x, g) + beta / 2 * norm(x - y) ** 2
    best = x - step / beta * g
    goal = yield Le(inner(best - x, g) + beta / 2 * norm(x - best) ** 2, right)
    yield goal, by.linear(squares=[(beta / 2, y - x + 1 / beta * g)])


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
