"""The gradient of a convex cost is monotone (Proposition 2, paper line 514)."""

from flint import fmpq

from proofs.lazy_regime.prop_2_difference import X, Y, a
from theorycheck.domain import Domain, drawn, hypothesis, rational, size
from theorycheck.exact import rules as by
from theorycheck.models.costs import Quadratic, column, column_of, conjugate, orthogonal
from theorycheck.statement import Part
from theorycheck.tree import Function, Ge, Gt, inner, vec
from theorycheck.verdict import Erratum

CONVEX = "C is convex"
f = Function("C")
u, v = vec("u", a), vec("v", a)


def convex_cost(source, env):
    """A quadratic cost with curvatures >= 0, zeros among them."""
    n = env["a"]
    curvatures = [abs(rational(source)) for _ in range(n)]
    return Quadratic(conjugate(orthogonal(source, n), curvatures), column(source, n), rational(source))


convex = Domain(
    "convex costs on R^a, two points",
    (size("a"), drawn("C", convex_cost), column_of("X", "a"), column_of("Y", "a")),
    (
        hypothesis(
            CONVEX,
            Ge(f(v), f(u) + inner(f.grad(u), v - u)),
            118,
            variables=("u", "v"),
            test=lambda env: env["C"].strongly_convex(fmpq(0)),
        ),
    ),
)


def flat(source, env):
    """Curvature 0: the gradient is constant."""
    zero = tuple((fmpq(0),) * env["a"] for _ in range(env["a"]))
    return {**env, "C": Quadratic(zero, env["C"].centre, env["C"].least)}


part = Part(where="proof", expects="proved")


@part.claim("monotone", line=514, domain=convex, corrects="negative", near=flat, zero=0)
def monotone(zero):
    """The gradient of a convex cost is monotone"""
    goal = yield Ge(inner(X - Y, f.grad(X) - f.grad(Y)), zero)
    one = yield Ge(f(Y), f(X) + inner(f.grad(X), Y - X)), by.given(CONVEX, u=X, v=Y)
    other = yield Ge(f(X), f(Y) + inner(f.grad(Y), X - Y)), by.given(CONVEX, u=Y, v=X)
    yield goal, by.linear(one, other)


NOT_NEGATIVE = Erratum(
    "notation",
    "negative in the strict sense",
    "A convex cost gives a term that is at most 0; no more is used.",
    stands=("prop-2.monotone", "prop-2.closeness"),
)


@part.claim("negative", line=514, domain=convex, expects="refuted", near=flat, erratum=NOT_NEGATIVE)
def strictly():
    """The second term is negative, as the text has it"""
    yield Gt(inner(X - Y, f.grad(X) - f.grad(Y)), 0)
