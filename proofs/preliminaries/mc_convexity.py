"""Is the matrix completion cost strongly convex? (paper, line 69: it is not.)

It is flat in the direction of an entry that is not observed. When all entries are observed it is 2/N-strongly convex.
"""

from proofs.preliminaries.mc_cost import A, A_true, B, C, N, domain, e, entry, f, gradient, i, k, m, r
from theorycheck.domain import derived, hypothesis, real
from theorycheck.exact import rules as by
from theorycheck.models.completion import all_observed, entries, least_observed, one_entry_off
from theorycheck.statement import Part
from theorycheck.tree import Eq, Ge, Le, Lt, inner, norm, sym, total
from theorycheck.verdict import Erratum

a_0, b_0, beta = sym("a_0"), sym("b_0"), sym("beta")
shift = e[a_0] @ f[b_0].T
moved = A + shift  # A moved by one in the entry (a_0, b_0) alone
any_rate = domain.extended(
    "any N observed entries, (a_0, b_0) a least observed one of all entries, any rate beta > 0",
    derived("a_0", lambda env: least_observed(env)[0]),
    derived("b_0", lambda env: least_observed(env)[1]),
    real("beta", above=0),
)
unobserved = any_rate.extended(
    "some entry (a_0, b_0) is not observed, any rate beta > 0",
    hypothesis(
        "(a_0, b_0) is not observed",
        Eq(inner(e[a_0], e[k[i]]) * inner(f[b_0], f[m[i]]), 0),
        given=(Ge(i, 1), Le(i, N)),
        variables=("i",),
        test=lambda env: (env["a_0"], env["b_0"]) not in entries(env),
    ),
)
observed = domain.extended(
    "every entry is observed",
    hypothesis(
        "every entry is observed",
        Le(norm(B) ** 2, total(i, 1, N, entry(B, k[i], m[i]) ** 2)),
        variables=("B",),
        test=all_observed,
    ),
)


def above_tangent(M, constant):
    return C(A) + inner(M - A, gradient) + constant / 2 * norm(M - A) ** 2


part = Part(line=69)


ALL_OBSERVED = Erratum(
    "hypothesis",
    "for no beta > 0 is C beta-strongly convex; the convexity fails, if at all, in the direction of a least observed entry",
    "false when every entry is observed, such as for 1 x 1 matrices: then C is 2/N-strongly convex (see strongly-convex)",
    stands=("mc-pl.pl",),
)
PRINTED = {"printed": r"C \text{ is not strongly convex}", "erratum": ALL_OBSERVED}


@part.claim("not-strongly-convex", expects="refuted", domain=any_rate, **PRINTED)
def not_strongly_convex():
    """The cost lies below a tangent parabola of every curvature beta > 0, whatever is observed"""
    yield Lt(C(moved), above_tangent(moved, beta))


RIGHT = {"expects": "proved", "corrects": "not-strongly-convex", "domain": unobserved}


@part.claim("not-strongly-convex-unobserved", **RIGHT)
def not_strongly_convex_unobserved():
    """Where some entry is not observed the cost is not strongly convex: it is flat in its direction"""
    goal = yield Lt(C(moved), above_tangent(moved, beta))
    step = entry(shift, k[i], m[i])
    unseen = yield Eq(step, 0), by.given("(a_0, b_0) is not observed", i=i)
    same = yield Eq(entry(moved - A_true, k[i], m[i]) ** 2, r(i) ** 2), by.linear((unseen, 2 * r(i) + step))
    flat = yield Eq(N * C(moved), N * C(A)), by.termwise(same, i)
    level = yield Eq(r(i) * step, 0), by.linear((unseen, r(i)))
    slope = yield Eq(N / 2 * inner(shift, gradient), 0), by.termwise(level, i)
    yield goal, by.linear((flat, 1 / N), (slope, -2 / N), using=["e: unit vectors", "f: unit vectors"])


@part.claim("strongly-convex", expects="proved", domain=observed, near=one_entry_off, factor=2)
def strongly_convex(factor):
    """Where every entry is observed the cost is 2/N-strongly convex"""
    goal = yield Ge(C(B), above_tangent(B, factor / N))
    every = yield (
        Le(norm(B - A) ** 2, total(i, 1, N, entry(B - A, k[i], m[i]) ** 2)),
        by.given("every entry is observed", B=B - A),
    )
    square = yield Ge(norm(B - A) ** 2, 0), by.linear(squares=[(1, B - A)])
    yield goal, by.linear((every, 1 / N), slack=[square])
