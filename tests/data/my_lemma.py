"""Young's inequality with a weight: <u, v> <= eps |u|^2 + |v|^2 / (4 eps)."""

from theorycheck.domain import Domain, real, size
from theorycheck.exact import rules as by
from theorycheck.models.costs import column_of
from theorycheck.statement import Statement
from theorycheck.tree import Le, inner, norm, sym, vec

n, eps = sym("n"), sym("eps")
u, v = vec("u", n), vec("v", n)

domain = Domain("vectors u, v of R^n, eps > 0", (size("n"), real("eps", above=0), column_of("u"), column_of("v")))
statement = Statement("young", "Young's inequality with a weight", "1", domain)


def parallel(source, env):
    """The equality case: v = 2 eps u."""
    return {**env, "v": tuple((2 * env["eps"] * x,) for (x,) in env["u"])}


@statement.claim("bound", line=1, main=True, expects="proved", near=parallel, constant=4)
def bound(constant):
    """A scalar product against two squares"""
    goal = yield Le(inner(u, v), eps * norm(u) ** 2 + norm(v) ** 2 / (constant * eps))
    yield goal, by.linear(squares=[(eps, u - v / (2 * eps))])
