"""Along the segment between two points of the ball (Lemma 15, bound 2; paper line 462).

The segment stays in the ball, so that the second derivative is at most c_2 .. |theta - theta~| |V| there (`second`), and so is
its mean over the segment, which bounds the change of the Jacobian. The right side of the display has V~ where V is meant.
"""

from flint import fmpq

from theorycheck.domain import Domain, drawn, hypothesis, real, size
from theorycheck.exact import basic_rules as basic, integral_rules as area, matrix_rules as matrices, rules as by
from theorycheck.models.costs import column_of
from theorycheck.models.slopes import Slope
from theorycheck.statement import Part
from theorycheck.tree import Eq, Function, Ge, Le, integral, norm, num, sym, vec
from theorycheck.verdict import Erratum

P, rho, alpha, v, c, D, T, T_other = (sym(name) for name in ("P", "rho", "alpha", "v", "c", "D", "T", "U"))
start, here, there = (vec(name, P) for name in ("theta_0", "theta", "theta_1"))
h = Function("h")
HERE, THERE, POINTWISE = "theta is in the ball", "theta_1 is in the ball", "the second derivative on the segment"


def radius(source, env):
    """As large as the distances need."""
    sums = [sum((abs(x - y) for (x,), (y,) in zip(env[name], env["theta_0"], strict=True)), fmpq(0)) for name in LATER]
    return max(sums)


LATER = ("theta", "theta_1")
ball = Domain(
    "two points of a ball, a number alpha between 0 and 1",
    (
        size("P"),
        *(column_of(name, "P") for name in ("theta_0", *LATER)),
        drawn("rho", radius),
        drawn("alpha", lambda source, env: fmpq(source.integer(0, 4), 4)),
    ),
    (
        hypothesis("alpha >= 0", Ge(alpha, 0)),
        hypothesis("alpha <= 1", Le(alpha, 1)),
        hypothesis(HERE, Le(norm(here - start), rho), 436),
        hypothesis(THERE, Le(norm(there - start), rho), 436),
    ),
)
numbers = Domain(
    "bounds h(v) <= c D T for 0 <= v <= 1 of the second derivative, D = |theta - theta_1|, T = |V|, U = |V~|",
    (
        real("c", above=0),
        real("D", at_least=0),
        real("T", at_least=0),
        real("U", at_least=0),
        drawn("h", lambda source, env: Slope(env["c"] * env["D"] * env["T"], fmpq(source.integer(0, 2), 2))),
    ),
    (
        hypothesis(
            POINTWISE,
            Le(h(v), c * D * T),
            458,
            variables=("v",),
            given=(Ge(v, 0), Le(v, 1)),
            test=lambda env: env["h"].most <= env["c"] * env["D"] * env["T"],
        ),
    ),
)


def on_the_border(source, env):
    """Numbers: both points are rho away, on the same side."""
    one = lambda x: ((fmpq(x),),)  # noqa: E731
    return {**env, "P": 1, "theta_0": one(0), "theta": one(1), "theta_1": one(1), "rho": fmpq(1), "alpha": fmpq(1, 2)}


part = Part(line=462, where="proof", expects="proved")


@part.claim("segment", domain=ball, near=on_the_border, one=1)
def stays(one):
    """The segment between two points of the ball is in the ball"""
    point = alpha * here + (1 - alpha) * there
    goal = yield Le(norm(point - start), one * rho)
    first = yield Le(norm(here - start), rho), by.given(HERE)
    second = yield Le(norm(there - start), rho), by.given(THERE)
    size_ = yield Ge(norm(here - start), 0), by.sign()
    above = yield Ge(rho, 0), by.linear(size_, first)
    squares = []
    for line in (first, second):
        squares.append((yield Le(line.shows.nodes[0] ** 2, rho**2), by.raised(line, 2)))
    gap = alpha * norm(here - there) ** 2
    apart = yield Ge(gap, 0), by.linear(squares=[(alpha, here - there)])
    share = yield Le(alpha, 1), by.given("alpha <= 1")
    product = yield Le(alpha * gap, gap), matrices.scaled(share, apart)
    terms = (squares[0], alpha), (squares[1], 1 - alpha), product
    square = yield Le(norm(point - start) ** 2, rho**2), by.linear(*terms)
    inside = yield Le(norm(point - start), rho), basic.knowing(basic.by_squares(square), above)
    yield goal, by.linear(inside, slack=[above])


def constant_slope(source, env):
    """h = c D T, and another direction that is 0."""
    moved = {**env, "c": fmpq(1), "D": fmpq(1), "T": fmpq(1), "U": fmpq(0)}
    return {**moved, "h": Slope(fmpq(1), fmpq(0))}


OTHER = Erratum(
    "notation",
    "the norm of V~ on the right, as it stands",
    "The direction of this line is V; V~ was the second direction of the line before.",
    stands=("lemma-15.second", "lemma-15.mean"),
)


@part.claim("mean-printed", domain=numbers, expects="refuted", near=constant_slope, erratum=OTHER)
def mean_printed():
    """The mean of the second derivative, against |V~|"""
    yield Le(integral(v, 0, num(1), h(v)), c * D * T_other)


@part.claim("mean", domain=numbers, corrects="mean-printed", near=constant_slope, one=1)
def mean(one):
    """The mean of the second derivative over the segment, against |V|"""
    goal = yield Le(integral(v, 0, num(1), h(v)), one * c * D * T)
    line = Le(h(v), c * D * T)
    line = yield line, by.under([Ge(v, 0), Le(v, 1)], by.given(POINTWISE, v=v))
    whole = yield Le(integral(v, 0, num(1), h(v)), integral(v, 0, num(1), c * D * T)), area.integrated(line)
    value = yield Eq(integral(v, 0, num(1), c * D * T), c * D * T), area.antiderivative(c * D * T * v)
    yield goal, by.linear(whole, value)
