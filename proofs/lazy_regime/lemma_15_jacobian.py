"""The Jacobian of theta -> A_theta where all layers have norms of at most b (Lemma 15, bound 1; paper lines 452 and 454).

J[V] = sum_l P_l V_l R_l with P_l = W_L .. W_(l+1), R_l = W_(l-1) .. W_1. A term is at most b^(L-1) |V_l|, by induction on the
layers above and below. For every M, <M, J[V]> <= L b^(L-1) |M| |V|, which is the bound on |J[V]| (take M = J[V]); b = 4 rho
gives c_1 = L 4^(L-1). As sum_l |V_l| <= sqrt(L) |V|, the constant sqrt(L) 4^(L-1) is enough.
"""

from fractions import Fraction

from flint import fmpq

from proofs.lazy_regime.exemptions import bounded_layers, fewer
from proofs.lazy_regime.gaussian_norms import L, W, j, l, n
from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, index, layers_of, rational_matrix, widths
from theorycheck.evaluate import numbers as nb
from theorycheck.evaluate.values import inner as inner_of
from theorycheck.exact import induction_rules as induction, rules as by
from theorycheck.exact.cited import CAUCHY_SCHWARZ
from theorycheck.exact.cited_norms import FROM_THE_LEFT, FROM_THE_RIGHT
from theorycheck.exact.matrix_rules import scaled
from theorycheck.models.included import each
from theorycheck.statement import Part
from theorycheck.tree import Eq, Ge, Gt, Le, inner, layers, mat, norm, num, singular, sym, total

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


def term(at):
    return W.chain(L, at + 1) @ V[at] @ W.chain(at - 1, 1)


def equal_layers(source, env):
    """Layers of one neuron with norms b, large or small, and equal parts of the direction; T stays where it is not its norm."""
    b_ = fmpq(2) ** (12 * source.integer(0, 1) - 6)
    one = {m: ((b_,),) for m in env["W"]}
    moved = {**env, "n": {m: 1 for m in env["n"]}, "W": one, "b": b_, "V": {m: ((fmpq(1),),) for m in one}}
    own = nb.to_arb(env["T"] - length(env)).contains(0)
    return {**moved, "T": length(moved) if own else env["T"], "M": ((fmpq(1),),), "l": 1, "x": 1, "i": 0}


def above():
    """|W_x .. W_(l+1) V_l| <= b^(x-l) |V_l|, by induction on x from l to L."""
    here_ = lambda at: W.chain(at, l + 1) @ V[l]  # noqa: E731
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
    here_ = lambda at: Z @ W.chain(l - 1, l - at)  # noqa: E731
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


part = Part(line=454, where="proof", expects="proved", domain=domain, near=equal_layers)
LEFT = fewer("sum(l=1..L, W[L:l + 1] @ V[l] @ W[l - 1:1])", 1, "L") | bounded_layers("L >= 2", "l in range (upper)")


@part.claim("term", line=452, domain=inductive, exempt=bounded_layers(), power=1)
def one_term(power):
    """A term of the Jacobian is at most b^(L-1) |V_l|"""
    goal = yield Le(norm(term(l)), b ** (L - power) * norm(V[l]))
    left = yield from above()
    right = yield from below()
    yield goal, by.linear(right, (left, b ** (l - 1)))


def against(factor):
    return Le(inner(M, total(l, 1, L, term(l))), factor * b ** (L - 1) * norm(M) * T)


def terms():
    """<M, J[V]> <= b^(L-1) |M| sum_l |V_l|."""
    each_ = yield Le(norm(term(l)), b ** (L - 1) * norm(V[l])), by.uses("lemma-15.term", x=l, i=num(0))
    turned = Le(inner(M, term(l)), norm(M) * norm(term(l)))
    turned = yield turned, by.cite(CAUCHY_SCHWARZ, X=M, Z=term(l), a=n[L], b=n[0])
    size = yield Ge(norm(M), 0), by.sign()
    scaled_ = yield Le(norm(M) * norm(term(l)), norm(M) * b ** (L - 1) * norm(V[l])), scaled(each_, size)
    one = yield Le(inner(M, term(l)), norm(M) * b ** (L - 1) * norm(V[l])), by.linear(turned, scaled_)
    whole = Le(inner(M, total(l, 1, L, term(l))), norm(M) * b ** (L - 1) * total(l, 1, L, norm(V[l])))
    return (yield whole, by.termwise(one, l))


@part.claim("first", exempt=LEFT, factor=1)
def first(factor):
    """Bound 1 as printed, for |W_l| <= b: the factor L, of which 5/7 is enough as sqrt(L) >= 7/5"""
    goal = yield against(factor * L)
    sharp = yield against(L ** Fraction(1, 2)), by.uses("lemma-15.first-sharp")
    two = yield Le(Fraction(49, 25), L), by.sign()
    root = yield Le(Fraction(7, 5), L ** Fraction(1, 2)), by.raised(two, Fraction(1, 2))
    longer = yield Le(L ** Fraction(1, 2), Fraction(5, 7) * L), by.linear((root, Fraction(5, 7) * L ** Fraction(1, 2)))
    yield goal, by.linear(sharp, (longer, b ** (L - 1) * norm(M) * T))


@part.claim("first-sharp", exempt=LEFT, power=Fraction(1, 2))
def first_sharp(power):
    """Bound 1 with the factor sqrt(L), which is the best: equality for equal layers of one neuron"""
    goal = yield against(L**power)
    whole = yield from terms()
    off = norm(V[l]) - T / L ** Fraction(1, 2)
    square = yield Ge(off**2, 0), by.linear(squares=[(1, off)])
    summed = Ge(total(l, 1, L, off**2), 0)
    summed = yield summed, by.termwise(square, l)
    some = Le(total(l, 1, L, norm(V[l])), L ** Fraction(1, 2) * T)
    whole_length = yield Eq(total(l, 1, L, norm(V[l]) ** 2), T**2), by.given(LENGTH)
    factor = L ** Fraction(1, 2) / (2 * T)
    some = yield some, by.linear((summed, factor), (whole_length, factor))
    yield goal, by.linear(whole, (some, norm(M) * b ** (L - 1)))
