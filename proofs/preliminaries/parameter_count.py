"""The number of parameters of a rectangular network (paper lines 42 and 51): n_0 w + (L - 2) w^2 + w n_L for depth L >= 2."""

from theorycheck.cli import run_module
from theorycheck.domain import Domain, depth, drawn, hypothesis, index, size
from theorycheck.exact import induction_rules as induction, rules as by
from theorycheck.models.included import each
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Ge, Le, scalars, sym, total

L, w, l, j, h = (sym(name) for name in ("L", "w", "l", "j", "h"))
n = scalars("n")
HIDDEN = "hidden widths"


def rectangle(source, env):
    return {m: env["w"] if 0 < m < env["L"] else source.integer(1, 3) for m in range(env["L"] + 1)}


domain = Domain(
    "networks of any depth L >= 2 with hidden widths w",
    (depth("L", most=5), size("w"), drawn("n", rectangle, positive=True, integer=True), index("h", 1, L - 1)),
    (each(HIDDEN, Eq(n[j], w), 44, 1, L - 1), hypothesis("L - 1 >= 1", Ge(L - 1, 1))),
)
statement = Statement("parameter-count", "Number of parameters", "2", domain)


def parameters(at):
    """Of the layers 1 .. at."""
    return total(l, 1, at, n[l - 1] * n[l])


@statement.claim("rectangular", line=51, main=True, expects="proved", two=2)
def rectangular(two):
    """A layer has n_(l-1) n_l parameters; those of a rectangular network are n_0 w + (L - 2) w^2 + w n_L"""
    goal = yield Eq(parameters(L), n[0] * w + (L - two) * w**2 + w * n[L])

    def line(at):
        return Eq(parameters(at), n[0] * w + (at - 1) * w**2)

    first = yield Eq(parameters(1), n[0] * n[1]), by.last_one()
    base = yield line(1), by.linear(first, using=[HIDDEN])
    known = yield line(h), induction.assumed()
    inside = [Le(h + 1, L - 1)]
    last = yield Eq(parameters(h + 1), parameters(h) + n[h] * n[h + 1]), by.under(inside, by.last_one())
    step = yield line(h + 1), by.under(inside, by.linear(known, last, using=[HIDDEN]))
    shown = yield line(h), induction.over(h, base, step)
    below = yield line(L - 1), by.cite(by.generic(shown, [Ge(h, 1), Le(h, L - 1)], h), h=L - 1)
    top = yield Eq(parameters(L), parameters(L - 1) + n[L - 1] * n[L]), by.last_one()
    yield goal, by.linear(below, top, using=[HIDDEN])


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
