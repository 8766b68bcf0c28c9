"""Products of layers of norms at most b with a direction V (for Lemma 15, bound 1, line 452): the inductions on the layers."""


from flint import fmpq

from proofs.lazy_regime.gaussian_norms import L, W, j, l, n
from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, index, layers_of, rational_matrix, widths
from theorycheck.evaluate import numbers as nb
from theorycheck.evaluate.values import inner as inner_of
from theorycheck.exact import induction_rules as induction, rules as by
from theorycheck.exact.cited_norms import FROM_THE_LEFT, FROM_THE_RIGHT
from theorycheck.exact.matrix_rules import scaled
from theorycheck.models.included import each
from theorycheck.tree import Eq, Ge, Gt, Le, layers, mat, norm, num, singular, sym, total

V, b, T, x, i = layers("V", n), sym("b"), sym("T"), sym("x"), sym("i")
M = mat("M", n[L], n[0])
NORMS, LENGTH = "the norms of the layers", "T is the norm of the direction"


def bound_of(env):
    """A rational number that no layer's norm exceeds: the largest sum of the sizes of its entries."""
    return max(sum((abs(v) for row in rows for v in row), fmpq(0)) for rows in env["W"].values()) + fmpq(1, 10)


def length(env):
    return nb.sqrt(sum((inner_of(v, v) for v in env["V"].values()), fmpq(0)))


domain = Domain(
    "layers of norms at most b, a direction V of norm T > 0, any M; any depth and widths",
    (
        depth("L"),
        widths("n"),
        layers_of("W"),
        layers_of("V"),
        derived("b", bound_of),
        derived("T", length),
        drawn("M", lambda source, env: rational_matrix(source, env["n"][env["L"]], env["n"][0])),
        index("l", 1, L),
    ),
    (
        hypothesis("b > 0", Gt(b, 0)),
        hypothesis("T > 0", Gt(T, 0)),
        each(NORMS, Le(singular(W[j], 1), b), 448, 1, L),
        hypothesis(LENGTH, Eq(total(j, 1, L, norm(V[j]) ** 2), T**2)),
    ),
)

inductive = domain.extended(f"{domain.name}; the inductions", index("x", l, L), index("i", 0, l - 1))


def above():
    """|W_x .. W_(l+1) V_l| <= b^(x-l) |V_l|, by induction on x from l to L."""

    def here_(at):
        return W.chain(at, l + 1) @ V[l]

    inside, next_ = [Le(x + 1, L)], W[x + 1]
    base = yield Le(norm(here_(l)), b ** (l - l) * norm(V[l])), by.sign()
    here = yield Le(norm(here_(x)), b ** (x - l) * norm(V[l])), induction.assumed()
    sizes = {"a": n[x + 1], "b": n[x], "c": n[l - 1]}
    one = Le(norm(next_ @ here_(x)), singular(next_, 1) * norm(here_(x)))
    one = yield one, by.under(inside, by.cite(FROM_THE_LEFT, X=next_, Y=here_(x), **sizes))
    small = yield Le(singular(next_, 1), b), by.under(inside, by.given(NORMS, j=x + 1))
    size = yield Ge(norm(here_(x)), 0), by.sign()
    two = yield Le(singular(next_, 1) * norm(here_(x)), b * norm(here_(x))), scaled(small, size)
    step = Le(norm(here_(x + 1)), b ** (x + 1 - l) * norm(V[l]))
    step = yield step, by.under(inside, by.linear(one, two, (here, b)))
    line = yield here.shows, induction.over(x, base, step)
    whole = Le(norm(here_(L)), b ** (L - l) * norm(V[l]))
    return (yield whole, by.cite(by.generic(line, [Ge(x, l), Le(x, L)], x), x=L))


def below():
    """|Z W_(l-1) .. W_(l-i)| <= b^i |Z| for Z = P_l V_l, by induction on i from 0 to l - 1."""
    Z = W.chain(L, l + 1) @ V[l]

    def here_(at):
        return Z @ W.chain(l - 1, l - at)

    inside, next_ = [Le(i + 1, l - 1)], W[l - i - 1]
    base = yield Le(norm(here_(num(0))), b ** num(0) * norm(Z)), by.sign()
    here = yield Le(norm(here_(i)), b**i * norm(Z)), induction.assumed()
    sizes = {"a": n[L], "b": n[l - i - 1], "c": n[l - i - 2]}
    one = Le(norm(here_(i) @ next_), norm(here_(i)) * singular(next_, 1))
    one = yield one, by.under(inside, by.cite(FROM_THE_RIGHT, X=here_(i), Y=next_, **sizes))
    small = yield Le(singular(next_, 1), b), by.under(inside, by.given(NORMS, j=l - i - 1))
    size = yield Ge(norm(here_(i)), 0), by.sign()
    two = yield Le(singular(next_, 1) * norm(here_(i)), b * norm(here_(i))), scaled(small, size)
    step = Le(norm(here_(i + 1)), b ** (i + 1) * norm(Z))
    step = yield step, by.under(inside, by.linear(one, two, (here, b)))
    line = yield here.shows, induction.over(i, base, step)
    whole = Le(norm(here_(l - 1)), b ** (l - 1) * norm(Z))
    return (yield whole, by.cite(by.generic(line, [Ge(i, 0), Le(i, l - 1)], i), i=l - 1))
