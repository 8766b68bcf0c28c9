"""Gradient flow on a k-homogeneous cost commutes with scaling, up to a change of time (Lemma 22, paper lines 607 to 627).

With g(t, x0) the flow from x0: g(t, lambda x0) = lambda g(lambda^(k-2) t, x0). The gradient is (k-1)-homogeneous (line 625:
differentiate the definition, line 607), so the right side solves the same initial value problem; flow lines are unique. Both
sides exist for the same times, up to a blow-up included. The lemma does not say that lambda > 0. For lambda < 0 it is false:
H(x) = |x|^3/3 is 3-homogeneous as line 607 defines it. For homogeneous polynomials it holds for lambda < 0 too (`polynomial`).
Line 627, which states once more that line 625 follows from the definition, is unreadable in the scan and is not entered.
"""

from theorycheck.domain import Domain, derived, drawn, hypothesis, real, size
from theorycheck.evaluate.values import scale
from theorycheck.exact import homogeneous_rules as hom, rules as by
from theorycheck.models.costs import column_of
from theorycheck.models.homogeneous import power_sum
from theorycheck.models.scaling_checks import reflected, sides_by_flow, sides_in_balls, time_for_both
from theorycheck.statement import Statement
from theorycheck.tree import All, Dt, Eq, Flow, Function, Ge, Gt, num, sym, vec
from theorycheck.verdict import Erratum

n, k, a, lam, t = sym("n"), sym("k"), sym("a"), sym("lambda"), sym("t")
z, x0 = vec("z", n), vec("x_0", n)
H = Function("H")
x, y = Flow("x", "H", (n, num(1))), Flow("y", "H", (n, num(1)))


def costs_on(name, polynomial, homogeneity, factor, sign=1):
    """k-homogeneous costs, their flow lines x from x_0 and y from lambda x_0 (-lambda x_0 for `sign` -1)."""
    return Domain(
        name,
        (
            size("n"),
            size("k", least=2, most=5),
            drawn("H", lambda source, env: power_sum(source, env, polynomial)),
            column_of("z"),
            column_of("x_0"),
            real("a", above=0),
            factor,
            derived("x", lambda env: env["H"].flow(env["x_0"])),
            derived("y", lambda env: env["H"].flow(scale(sign * env["lambda"], env["x_0"]))),
            drawn("t", time_for_both),
        ),
        (
            homogeneity,
            hypothesis("x starts at x_0", Eq(x(0), x0), 613),
            hypothesis("y starts at lambda x_0", Eq(y(0), sign * lam * x0), 613),
            hypothesis("t >= 0", Ge(t, 0), 615),  # the paper says t > 0: one time more
        ),
    )


of_degree_k = hypothesis(
    "homogeneous",
    Eq(H(a * z), a**k * H(z)),
    607,
    variables=("a", "z"),
    given=(Gt(a, 0),),
    test=lambda env: env["H"].degree == env["k"],
)
parity = hypothesis(
    "degree k for the factor -1", Eq(H(-z), num(-1) ** k * H(z)), 607, variables=("z",), test=lambda env: env["H"].polynomial
)
domain = costs_on("k-homogeneous costs, k >= 2, lambda > 0", None, of_degree_k, real("lambda", above=0))
printed = costs_on("k-homogeneous costs, k >= 2, lambda not 0", None, of_degree_k, real("lambda"))
printed = printed.extended(printed.name, hypothesis("lambda is not 0", Gt(lam**2, 0), 613))
polynomials = costs_on("homogeneous polynomials, lambda > 0", True, of_degree_k, real("lambda", above=0), sign=-1)
polynomials = polynomials.extended(polynomials.name, parity)

statement = Statement("lemma-22", "Gradient flow on a homogeneous cost: scaling of space and time", "C.1", domain)


def homogeneous_gradient(factor, point):
    """grad H(factor point) = factor^(k-1) grad H(point) for a factor > 0: the definition, differentiated."""
    slope = yield Eq(a * H.grad(a * z), a**k * H.grad(z)), hom.differentiated("homogeneous", z)
    generic = by.generic(slope, [Gt(a, 0)], a, z)
    there = yield Eq(factor * H.grad(factor * point), factor**k * H.grad(point)), by.cite(generic, a=factor, z=point)
    return (yield Eq(H.grad(factor * point), factor ** (k - 1) * H.grad(point)), by.linear((there, 1 / factor)))


@statement.claim(
    "scaling-printed",
    line=613,
    expects="refuted",
    domain=printed,
    near=reflected,
    power=2,
    erratum=Erratum(
        "hypothesis",
        "lambda is any number but 0",
        "lambda > 0 is missing: line 607 scales by factors > 0 only, and |x|^3/3 breaks the lemma for lambda < 0",
        stands=("lemma-22 for homogeneous polynomials, the only costs it is used for",),
    ),
)
def scaling_printed(power):
    """The flow from lambda x_0 is lambda times the flow from x_0 at lambda^(k-2) t, lambda without a sign"""
    yield Eq(y(t), lam * x(lam ** (k - power) * t))


@statement.claim("scaling", line=613, main=True, expects="proved", corrects="scaling-printed", power=2)
def scaling(power):
    """The flow from lambda x_0 is lambda times the flow from x_0 at lambda^(k-2) t, lambda > 0"""
    goal = yield Eq(y(t), lam * x(lam ** (k - power) * t))
    slope = yield from homogeneous_gradient(lam, x(lam ** (k - 2) * t))
    start = yield Eq(lam * x(lam ** (k - 2) * 0), y(0)), by.identity("x starts at x_0", "y starts at lambda x_0")
    image = lam * x(lam ** (k - 2) * t)
    rate = yield Eq(Dt(image), -H.grad(image)), by.identity(slope)
    yield goal, hom.unique_flow(start, rate)


@statement.claim("polynomial", line=613, expects="proved", domain=polynomials, reads="scaling-printed", power=2)
def polynomial(power):
    """For homogeneous polynomials also with a factor -lambda < 0: (-lambda)^(k-2) = (-1)^k lambda^(k-2)"""
    goal = yield Eq(y(t), -lam * x(num(-1) ** k * lam ** (k - power) * t))
    point = x(num(-1) ** k * lam ** (k - 2) * t)
    flipped = yield Eq(-H.grad(-z), num(-1) ** k * H.grad(z)), hom.differentiated("degree k for the factor -1", z)
    every = by.generic(flipped, [], z)
    there = yield Eq(-H.grad(-lam * point), num(-1) ** k * H.grad(lam * point)), by.cite(every, z=lam * point)
    slope = yield from homogeneous_gradient(lam, point)
    image, begin = -lam * point, -lam * x(num(-1) ** k * lam ** (k - 2) * 0)
    start = yield Eq(begin, y(0)), by.identity("x starts at x_0", "y starts at lambda x_0")
    gradient = yield Eq(H.grad(image), -(num(-1) ** k) * lam ** (k - 1) * H.grad(point)), by.linear((there, -1), using=[slope])
    rate = yield Eq(Dt(image), -H.grad(image)), by.identity(gradient)
    yield goal, hom.unique_flow(start, rate)


def back(t):
    """(1/lambda) times the flow from lambda x_0 at lambda^(2-k) t."""
    return 1 / lam * y(lam ** (2 - k) * t)


@statement.claim("value-at-0", line=621, where="proof", expects="proved")
def value_at_zero():
    """The rescaled path starts at x_0"""
    goal = yield All(Eq(back(0), lam / lam * x0), Eq(lam / lam * x0, x0))
    first = yield goal.nodes[0], by.identity("y starts at lambda x_0")
    second = yield goal.nodes[1], by.identity()
    yield goal, by.both(first, second)


@statement.claim("derivative", line=623, where="proof", expects="proved", power=1)
def derivative(power):
    """The rescaled path moves by minus the gradient of H at it"""
    point = y(lam ** (2 - k) * t)
    between = -(lam ** (power - k)) * H.grad(point)
    goal = yield All(Eq(Dt(back(t)), between), Eq(between, -H.grad(back(t))))
    slope = yield from homogeneous_gradient(1 / lam, point)
    first = yield goal.nodes[0], by.identity()
    second = yield goal.nodes[1], by.identity(slope)
    yield goal, by.both(first, second)


@statement.claim("gradient", line=625, where="proof", expects="proved")
def gradient():
    """lambda grad H(lambda x) = lambda^k grad H(x)"""
    goal = yield Eq(lam * H.grad(lam * z), lam**k * H.grad(z))
    slope = yield Eq(a * H.grad(a * z), a**k * H.grad(z)), hom.differentiated("homogeneous", z)
    yield goal, by.cite(by.generic(slope, [Gt(a, 0)], a, z), a=lam, z=z)


@statement.claim("rescaled", line=617, where="proof", expects="proved", power=2)
def rescaled(power):
    """(1/lambda) times the flow from lambda x_0 at lambda^(2-k) t is the flow from x_0"""
    goal = yield Eq(1 / lam * y(lam ** (power - k) * t), x(t))
    slope = yield from homogeneous_gradient(1 / lam, y(lam ** (2 - k) * t))
    start = yield Eq(1 / lam * y(lam ** (2 - k) * 0), x(0)), by.identity("x starts at x_0", "y starts at lambda x_0")
    rate = yield Eq(Dt(back(t)), -H.grad(back(t))), by.identity(slope)
    same = yield Eq(x(t), back(t)), hom.unique_flow(start, rate)
    yield goal, by.linear((same, -1))


scaling.leg("ball")(sides_in_balls)
scaling.leg("flow")(sides_by_flow)


if __name__ == "__main__":
    from theorycheck.cli import run_module

    raise SystemExit(run_module(statement))
