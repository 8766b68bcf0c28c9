"""The L_p Schatten (quasi)norm |A|_p = (sum_i s_i^p)^(1/p) and its limit p -> 0 (paper lines 73 and 75).

The sum runs over the nonzero singular values s_1 .. s_r, since 0^p = 0 for p > 0; each s_i^p tends to 1, so |A|_p^p tends to
the rank. The norm itself, without the p-th power, does not: at rank one it is s_1 for every p (and it diverges from rank two
on). Whether it is a norm is the question of `schatten_triangle`; line 73, about p = 1, is that of `nuclear_norm` and
`nuclear_completion`.
"""

from flint import fmpq

from proofs.preliminaries import nuclear_completion, nuclear_norm, schatten_triangle
from theorycheck.cli import run_module
from theorycheck.domain import Domain, derived, drawn, hypothesis, real, size
from theorycheck.exact import limit_rules as limits, rules as by
from theorycheck.models.limit_checks import towards_the_point
from theorycheck.models.spectral import decomposed
from theorycheck.statement import Statement
from theorycheck.tree import Converges, Eq, Ge, Gt, Not, mat, num, rank, scalars, schatten, sym, total
from theorycheck.verdict import Erratum

n_0, n_L, r, p, q, i = (sym(name) for name in ("n_0", "n_L", "r", "p", "q", "i"))
A, s = mat("A", n_L, n_0), scalars("s")
BY_RANK = "the rank is the number of nonzero singular values"


def nonzero_values(env):
    return {k: v for k, v in enumerate(env["svd"].values, 1) if v}


domain = Domain(
    "any matrix A of rank r >= 0 with nonzero singular values s_1 .. s_r, any p > 0",
    (
        size("n_0"),
        size("n_L"),
        drawn("svd", lambda source, env: decomposed(source, env["n_L"], env["n_0"])),
        derived("A", lambda env: env["svd"].rows),
        derived("r", lambda env: env["svd"].rank),
        drawn("s", lambda source, env: nonzero_values(env), positive=True),
        real("p", above=0, line=75),
    ),
    (
        hypothesis("r >= 0", Ge(r, 0)),
        hypothesis(BY_RANK, Eq(rank(A), r), 75),
        hypothesis(
            "definition of |A|_p",
            Eq(schatten(A, q) ** q, total(i, 1, r, s[i] ** q)),
            75,
            given=(Gt(q, 0),),
            variables=("q",),
            test=lambda env: env["A"] == env["svd"].rows and env["s"] == nonzero_values(env),
        ),
    ),
)

statement = Statement("schatten-limit", "The Schatten quasinorm and its limit p -> 0", "2.2", domain)


@statement.claim("rank-limit", line=75, main=True, expects="proved", corrects="norm-limit")
def rank_limit():
    """The p-th power of the L_p Schatten norm tends to the rank as p decreases to 0"""
    goal = yield Converges(schatten(A, p) ** p, p, 0, rank(A))
    one = yield Converges(s[i] ** p, p, 0, 1), limits.power_to_one()
    count = yield Converges(total(i, 1, r, s[i] ** p), p, 0, total(i, 1, r, num(1))), limits.summed(one, i)
    powers = yield Eq(schatten(A, p) ** p, total(i, 1, r, s[i] ** p)), by.given("definition of |A|_p", q=p)
    yield goal, limits.rewritten(count, powers, BY_RANK)


rank_limit.leg("ball")(towards_the_point)

NUMBER = mat("A", 1, 1)
rank_one = Domain(
    "a number A = (s_1) > 0 as a 1 x 1 matrix",
    (
        real("s_1", above=0),
        derived("A", lambda env: ((env["s_1"],),)),
        real("p", above=0, line=75),
    ),
    (
        hypothesis(
            "definition of |A|_p",
            Eq(schatten(NUMBER, q) ** q, sym("s_1") ** q),
            75,
            given=(Gt(q, 0),),
            variables=("q",),
            test=lambda env: env["A"] == ((env["s_1"],),),
        ),
        hypothesis(BY_RANK, Eq(rank(NUMBER), 1), 75),
    ),
)


@statement.claim(
    "norm-limit",
    line=75,
    expects="refuted",
    domain=rank_one,
    erratum=Erratum(
        "notation",
        "the sentence speaks of the norm; its display, of the p-th power of the norm",
        "|A|_p is s_1 for every p at rank one, and diverges from rank two on; the p-th power in the display is needed",
        stands=("schatten-limit.rank-limit",),
    ),
)
def norm_limit():
    """The norm itself, as in the words, tends to the rank (1 x 1 matrices are enough to see that it does not)"""
    goal = yield Converges(schatten(NUMBER, p), p, 0, rank(NUMBER))
    powers = yield Eq(schatten(NUMBER, p) ** p, sym("s_1") ** p), by.given("definition of |A|_p", q=p)
    constant = yield Converges(sym("s_1"), p, 0, sym("s_1")), limits.stays()
    known = yield Converges(schatten(NUMBER, p), p, 0, sym("s_1")), limits.rewritten(constant, powers)
    yield Not(goal), limits.differs(known, {"s_1": fmpq(2), "A": ((fmpq(2),),), "p": fmpq(1)})


@statement.claim("nuclear", line=75, expects="proved", exponent=1)
def nuclear(exponent):
    """The nuclear norm, the sum of the singular values, is the case p = 1"""
    goal = yield Eq(schatten(A, exponent), total(i, 1, r, s[i]))
    yield goal, by.given("definition of |A|_p", q=exponent)


schatten_triangle.enter(statement)
statement.add(nuclear_norm.part, nuclear_completion.part)


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
