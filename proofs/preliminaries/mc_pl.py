"""The matrix completion cost C(A) = sum_i (A_{k_i m_i} - A*_{k_i m_i})^2 / N is 2/N-PL (paper line 69).

With e_k and f_m the standard basis vectors, r_i = e_{k_i}^T (A - A*) f_{m_i} are the residuals, and

    |grad C|^2 = 4/N^2 sum_ij r_i r_j d_ij,   d_ij = (e_{k_i}.e_{k_j}) (f_{m_i}.f_{m_j}),   d_ij r_i r_j = d_ij r_i^2 >= 0,

so that the double sum is at least its diagonal, N C(A). Entries may be observed repeatedly: with least multiplicity c the
constant is 2 c/N. The cost is flat in the direction of an entry that is not observed; when all are observed it is strongly
convex, against the printed sentence (`mc_convexity`). The paper refers to an appendix, which has no proof of this. The minus
sign was lost by the scan.
"""

from fractions import Fraction

from flint import fmpq

from proofs.preliminaries import mc_convexity
from proofs.preliminaries.mc_cost import (
    A,
    C,
    C_min,
    N,
    domain,
    gradient,
    i,
    j,
    least_value,
    overlap,
    r,
    same_column,
    same_row,
    slack,
)
from theorycheck.cli import run_module
from theorycheck.domain import derived, hypothesis
from theorycheck.exact import matrix_rules as matrices, rules as by
from theorycheck.models.completion import engine_cost, least_multiplicity, one_entry_wrong
from theorycheck.models.matrix_flow import decay
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Ge, Gt, Le, norm, sym, total

HALF = Fraction(1, 2)
statement = Statement("mc-pl", "The matrix completion cost is a PL cost", "2.1", domain, depends_on=("def-1",))


@statement.claim("pl", line=69, main=True, expects="proved", near=one_entry_wrong, half=HALF, factor=2)
def pl(half, factor):
    """The PL inequality with constant 2 / N"""
    goal = yield Ge(half * norm(gradient) ** 2, factor / N * (C(A) - C_min))
    p, q = same_row(i, j), same_column(i, j)
    same, p_once, q_once = yield from overlap()
    meet = yield (
        Ge(p * q * r(i) * r(j), 0),
        by.linear((same, -1), (p_once, q * r(i) ** 2), (q_once, p**2 * r(i) ** 2), squares=[(1, p * q * r(i))]),
    )
    diagonal = total(i, 1, N, same_row(i, i) * same_column(i, i) * r(i) ** 2)
    double = yield Ge(N**2 / 4 * norm(gradient) ** 2, diagonal), by.diagonal(meet, i, j)
    single = yield Eq(diagonal, N * C(A)), by.identity("e: unit vectors", "f: unit vectors")
    low = yield from least_value()
    tight = yield (
        Ge(norm(gradient) ** 2 / 2, 2 / N * (C(A) - C_min)),
        by.linear((double, 2 / N**2), (single, -2 / N**2), (low, 2 / N)),
    )
    rest = yield from slack()
    yield goal, by.linear(tight, slack=rest)


@pl.leg("flow")
def matrix_flow(check):
    """The flow of C itself decays at least like e^(-2 beta t), and at exactly that rate for one wrong entry seen once."""
    return decay(check, engine_cost)


# --- the best constant ----------------------------------------------------------------------------------------------------
def count(x, y):
    """The multiplicity of the entry of observation x."""
    return total(y, 1, N, same_row(x, y) * same_column(x, y))


c = sym("c")
repeated = domain.extended(
    "any N observed entries, each at least c times",
    derived("c", lambda env: fmpq(least_multiplicity(env))),
    hypothesis("c > 0", Gt(c, 0)),
    hypothesis(
        "each entry is observed at least c times",
        Ge(count(i, j), c),
        given=(Ge(i, 1), Le(i, N)),
        variables=("i",),
        test=lambda env: env["c"] <= least_multiplicity(env),
    ),
)


@statement.claim("pl-repeated", line=69, expects="proved", domain=repeated, near=one_entry_wrong, half=HALF, factor=2)
def pl_repeated(half, factor):
    """With every entry seen at least c times the constant is 2 c / N, and no better one holds: the printed one is for c = 1"""
    goal = yield Ge(half * norm(gradient) ** 2, factor * c / N * (C(A) - C_min))
    crossed = total(j, 1, N, same_row(i, j) * same_column(i, j) * r(i) * r(j))
    same, _, _ = yield from overlap()
    within = yield Eq(crossed, count(i, j) * r(i) ** 2), by.termwise(same, j)
    often = yield Ge(count(i, j), c), by.given("each entry is observed at least c times", i=i)
    square = yield Ge(r(i) ** 2, 0), by.linear(squares=[(1, r(i))])
    enough = yield Ge(count(i, j) * r(i) ** 2, c * r(i) ** 2), matrices.scaled(often, square)
    one = yield Ge(crossed, c * r(i) ** 2), by.linear((within, -1), enough)
    every = yield Ge(N**2 / 4 * norm(gradient) ** 2, c * N * C(A)), by.termwise(one, i)
    low = yield from least_value()
    tight = yield Ge(norm(gradient) ** 2 / 2, 2 * c / N * (C(A) - C_min)), by.linear((every, 2 / N**2), (low, 2 * c / N))
    rest = yield from slack()
    yield goal, by.linear(tight, slack=rest)


statement.add(mc_convexity.part)


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
