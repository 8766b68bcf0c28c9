"""At a rank-one escape direction that is not optimal the Hessian of H goes below the speed in some direction (Lemma 24).

Paper lines 670 to 674: v = (-u_1 w_(L-1)^T, 0, .., 0, w_1 v_1^T) gives v^T Hess v = -2 s_1 / L^((L-2)/2), v^T v = 2, for every
depth L >= 2 and all widths; v is orthogonal to rho, as Proposition 23 (line 639) asks, also for i = 1 with the plus sign.
Proposition 23 asks for less than the *optimal* speed, and of all escape directions. With v this is an equality (line 668 is
refuted); for L = 2 no v does better (`lemma_24_shallow`). Its proof (line 658) needs the bound by the own speed only.
"""

from proofs.saddle_to_saddle import lemma_24_shallow, network_directions as net, network_lines as lines
from proofs.saddle_to_saddle.network_directions import FIRST, LAST, LAYERS, UNIT, H, L, W, i, s, sign, u, v, w
from theorycheck.domain import hypothesis
from theorycheck.exact import rules as by
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Ge, Gt, Le, Lt, inner, norm, num, second_derivative
from theorycheck.verdict import Erratum

FACTOR = L ** ((L - 2) / 2)
own = sign * s[i] / FACTOR
not_optimal = hypothesis("the speed is not optimal", Gt(sign * s[i], -s[1]), 670)
domain = net.paths.extended("rank-one escape directions that are not optimal, any depth L >= 2 and widths", not_optimal)
others = domain.extended("the same with i >= 2", hypothesis("i >= 2", Ge(i, 2)))
first = net.first_mode.extended("the same with i = 1", hypothesis("the speed is not optimal", Gt(sign * s[1], -s[1]), 670))
UNITS = (UNIT, "u is a unit vector", "v is a unit vector")
KNOWN = (*UNITS, "G v = s u")

statement = Statement(
    "lemma-24", "A Hessian direction at escape directions that are not optimal", "C.1.1", domain,
    depends_on=("escape-directions",),
)  # fmt: skip

top, bottom = -u[1] @ w[L - 1].T, w[1] @ v[1].T
length = norm(top) ** 2 + norm(bottom) ** 2


def hessian_form():
    return second_derivative(H, [(W[L], top), (W[1], bottom)])


RANGES = [Ge(net.start, 1), Le(net.start, L), Ge(net.end, net.start - 1), Le(net.end, L)]


def curvature_value():
    """v^T Hess v, from W_(L-1) .. W_2 w_1 = L^(-(L-2)/2) w_(L-1) (for L = 2 the empty product)."""
    path = yield from lines.along_the_chain()
    inner_layers = yield (
        Eq(W.chain(L - 1, 2) @ w[1], L ** (-(L - 2) / 2) * w[L - 1]),
        by.cite(by.generic(path, RANGES, net.start, net.end), start=num(2), end=L - 1),
    )
    return (yield Eq(hessian_form(), -2 * s[1] / FACTOR), by.identity(inner_layers, *KNOWN))


@statement.claim("curvature", line=674, where="proof", expects="proved", factor=2)
def curvature(factor):
    """v^T Hess v = -2 s_1 / L^((L-2)/2)"""
    goal = yield Eq(hessian_form(), -factor * s[1] / FACTOR)
    value = yield from curvature_value()
    yield goal, by.linear(value)


@statement.claim("own-value", line=674, where="proof", expects="proved", factor=2)
def own_value(factor):
    """+-s_i / L^((L-2)/2) v^T v = +-2 s_i / L^((L-2)/2)"""
    goal = yield Eq(own * length, sign * factor * s[i] / FACTOR)
    yield goal, by.identity(*UNITS)


@statement.claim("below-own-speed", line=672, main=True, expects="proved", near=net.almost_optimal, factor=1)
def below_own_speed(factor):
    """v^T Hess v < +-s_i / L^((L-2)/2) v^T v at every rank-one escape direction that is not optimal"""
    goal = yield Lt(hessian_form(), factor * own * length)
    value = yield from curvature_value()
    speeds = yield Gt(sign * s[i], -s[1]), by.given("the speed is not optimal")
    yield goal, by.linear(value, using=KNOWN, slack=[speeds])


@statement.claim("orthogonal", line=639, expects="proved", domain=others)
def orthogonal():
    """v is orthogonal to rho, for i >= 2"""
    goal = yield Eq(inner(W[L], top) + inner(W[1], bottom), 0)
    known = [LAYERS, FIRST, LAST, "u_1 is orthogonal to the other u", "v_1 is orthogonal to the other v"]
    yield goal, by.identity(*known)


@statement.claim("orthogonal-first", line=639, expects="proved", domain=first)
def orthogonal_first():
    """v is orthogonal to rho for i = 1 too: the sign must be +, since the direction is not optimal"""
    goal = yield Eq(inner(W[L], top) + inner(W[1], bottom), 0)
    product = yield Eq((1 - sign) * (sign * s[1] + s[1]), 0), by.identity("the sign")
    plus = yield Eq(sign, 1), by.linear((product, -1 / (sign * s[1] + s[1])))
    yield goal, by.identity(*UNITS, LAYERS, FIRST, LAST, plus)


@statement.claim(
    "property-printed",
    line=668,
    expects="refuted",
    erratum=Erratum(
        "false",
        "v of Lemma 24 in the hypothesis of Proposition 23 (line 639), with the optimal speed",
        "v gives equality with the optimal speed, never less; for L = 2 no v gives less (`no-better`)",
        falls=("line 668: Proposition 23 as printed does not apply to any linear network with L = 2",),
        stands=("Proposition 23 with the direction's own speed, which is what line 658 uses",),
    ),
    factor=1,
)
def property_printed(factor):
    """v^T Hess v is less than the optimal speed times v^T v"""
    yield Lt(hessian_form(), -factor * s[1] / FACTOR * length)


@statement.claim("property", line=668, expects="proved", corrects="property-printed", factor=1)
def property_equal(factor):
    """v^T Hess v is the optimal speed times v^T v"""
    goal = yield Eq(hessian_form(), -factor * s[1] / FACTOR * length)
    value = yield from curvature_value()
    yield goal, by.linear(value, using=KNOWN)


lemma_24_shallow.enter(statement)


if __name__ == "__main__":
    from theorycheck.cli import run_module

    raise SystemExit(run_module(statement))
