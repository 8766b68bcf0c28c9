"""Two layers: a mode of a quadratic cost is a logistic function of the time (behind line 150, for `aligned-modes`)."""

from theorycheck.domain import Domain, hypothesis, real
from theorycheck.exact import rules as by
from theorycheck.statement import Part
from theorycheck.tree import Dt, Eq, Gt, exp, sym

a, q, d_0, t = (sym(name) for name in ("a", "q", "d_0", "t"))
part = Part(line=150, expects="proved")
shallow = Domain(
    "modes of depth 2: a of any sign but 0, q >= 0, a start d_0 > 0, times t >= 0",
    (real("a"), real("q", at_least=0), real("d_0", above=0), real("t", at_least=0)),
    (hypothesis("a is not 0", Gt(a**2, 0)),),
)


@part.claim("logistic", domain=shallow, rate=2)
def logistic(rate):
    """1/d^2 = e^(-2 a t) / d_0^2 + (1 - e^(-2 a t)) q / a solves its equation (1/d^2)' = -2 (a/d^2 - q)"""
    inverse_square = exp(-2 * a * t) / d_0**2 + (1 - exp(-2 * a * t)) * q / a
    goal = yield Eq(Dt(inverse_square), -rate * (a * inverse_square - q))
    yield goal, by.identity()
