"""The Polyak-Lojasiewicz inequality (Definition 1, paper lines 59 to 66; Definition 9, lines 343 to 347).

|grad C(x)|^2 / 2 >= beta (C(x) - C_min) for all x, with the global minimum C_min. Every critical point is then a global
minimum: C is invex, with eta(x, y) = -grad C(x) / (2 beta) in C(y) >= C(x) + <eta, grad C(x)>. That takes beta > 0, which
neither definition prints (Proposition 2 does, line 112): for beta <= 0 every cost satisfies the inequality. A cost that is not
convex: `pl-not-convex`; strongly convex ones: `prop-10`; the rate and the distance of lines 64 and 65: `prop-11`.
"""

from fractions import Fraction

from flint import fmpq

from theorycheck.cli import run_module
from theorycheck.domain import Domain, drawn, hypothesis, real, size
from theorycheck.evaluate.values import identity
from theorycheck.exact import rules as by
from theorycheck.exact.extremum_rules import antisymmetric
from theorycheck.models.costs import column_of
from theorycheck.models.dented import any_pl, critical_point, flat, satisfies_pl, some_least, some_point
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Function, Ge, Le, norm, sym, vec, zero
from theorycheck.verdict import Erratum

n, beta, C_min = sym("n"), sym("beta"), sym("C_min")
x, y, z = vec("x", n), vec("y", n), vec("z", n)
C = Function("C")
g = C.grad(x)
HALF, PL, LEAST, CRITICAL = Fraction(1, 2), "PL", "C_min is the minimum", "x is critical"


def costs(name, rate):
    """Costs that satisfy the definition, with two points."""
    return Domain(
        name,
        (
            size("n"),
            rate,
            drawn("C", lambda source, env: any_pl(source, env["n"], env["beta"])),
            drawn("x", some_point),
            column_of("y"),
            drawn("C_min", some_least),
        ),
        (
            hypothesis(PL, Ge(norm(C.grad(z)) ** 2 / 2, beta * (C(z) - C_min)), 59, variables=("z",), test=satisfies_pl),
            hypothesis(LEAST, Ge(C(z), C_min), 59, variables=("z",), test=lambda env: env["C"].least >= env["C_min"]),
        ),
    )


def at_critical(domain):
    """The same, where x is a critical point."""
    moved = tuple(drawn("x", critical_point) if v.name == "x" else v for v in domain.variables if v.name != "y")
    return Domain(
        f"{domain.name}, and a critical point",
        moved,
        (*domain.conditions, hypothesis(CRITICAL, Eq(g, zero(n, 1)), 66)),
    )


positive = costs("costs on R^n that are beta-PL, beta > 0", real("beta", above=0, line=112))
printed = costs("costs on R^n that satisfy Definition 1, or 9, for a beta of any sign", real("beta"))
statement = Statement("def-1", "The PL inequality", "2.1", positive, aliases=("def-9",))


@statement.claim(
    "critical-printed",
    line=66,
    expects="refuted",
    domain=at_critical(printed),
    erratum=Erratum(
        "hypothesis",
        "Definitions 1 and 9 as they stand, which ask nothing of beta",
        "for beta <= 0 every cost satisfies the inequality, and critical points may be saddles or maxima: it takes beta > 0",
        stands=("def-1.critical", "def-1.invex"),
    ),
)
def critical_printed():
    """All critical points are global minima, with no sign of beta asked for"""
    yield Eq(C(x), C_min)


@statement.claim("critical", line=66, main=True, expects="proved", domain=at_critical(positive), corrects="critical-printed")
def critical():
    """All critical points are global minima"""
    goal = yield Eq(C(x), C_min)
    pl = yield Ge(norm(g) ** 2 / 2, beta * (C(x) - C_min)), by.given(PL, z=x)
    low = yield Le(C(x), C_min), by.linear((pl, 1 / beta), using=[CRITICAL])
    high = yield Ge(C(x), C_min), by.given(LEAST, z=x)
    yield goal, antisymmetric(low, high)


def one_curvature(source, env):
    """The equality case: every curvature is beta, and y is the minimum."""
    size = env["n"]
    centre = tuple((fmpq(0),) for _ in range(size))
    return {**env, "C": flat(identity(size), [env["beta"]] * size, centre, env["C_min"]), "y": centre}


@statement.claim("invex", line=66, main=True, expects="proved", near=one_curvature, factor=2)
def invex(factor):
    """PL costs are invex: eta = -grad C(x) / (2 beta) for every y"""
    goal = yield Ge(C(y), C(x) - norm(g) ** 2 / (factor * beta))
    pl = yield Ge(norm(g) ** 2 / 2, beta * (C(x) - C_min)), by.given(PL, z=x)
    least = yield Ge(C(y), C_min), by.given(LEAST, z=y)
    square = yield Ge(norm(g) ** 2, 0), by.linear(squares=[(1, g)])
    yield goal, by.linear((pl, 1 / beta), least, slack=[square])


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
