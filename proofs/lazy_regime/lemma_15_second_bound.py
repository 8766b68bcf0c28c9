"""Bound 2 of Lemma 15: the second derivative of theta -> A_theta (paper lines 458 and 462).

The second derivative along V and U is the sum over l > k of the terms of `lemma_15_hessian` with (V, U) and with (U, V). With
|V_l| <= T and |U_l| <= S for all l, as for T = |V| and S = |U|, its scalar product with any M is at most
L (L - 1) b^(L-2) |M| T S. Integrated from theta to theta~, where b = 4 rho throughout (a ball is convex), this is bound 2 with
c_2 = L (L - 1) 4^(L-2).
"""

from flint import fmpq

from proofs.lazy_regime.exemptions import bounded_layers, fewer
from proofs.lazy_regime.gaussian_norms import L, W, j, n
from proofs.lazy_regime.lemma_15_chains import NORMS, bound_of
from proofs.lazy_regime.lemma_15_hessian import U, V, b, domain as pairs, k, l, one_neuron, second_term
from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, index, layers_of, rational_matrix, widths
from theorycheck.exact import induction_rules as induction, rules as by
from theorycheck.exact.cited import CAUCHY_SCHWARZ
from theorycheck.exact.matrix_rules import scaled
from theorycheck.models.included import each
from theorycheck.statement import Part
from theorycheck.tree import Eq, Ge, Gt, Le, inner, mat, norm, num, singular, sym, total

T, S, h = sym("T"), sym("S"), sym("h")
M = mat("M", n[L], n[0])
PARTS_V, PARTS_U = "parts of V", "parts of U"


def longest(name):
    """A number that no part of the direction exceeds."""
    return lambda env: max(sum((abs(v) for r in rows for v in r), fmpq(0)) for rows in env[name].values())


base = (
    depth("L"),
    widths("n"),
    layers_of("W"),
    layers_of("V"),
    layers_of("U"),
    derived("b", bound_of),
    derived("T", longest("V")),
    derived("S", longest("U")),
    drawn("M", lambda source, env: rational_matrix(source, env["n"][env["L"]], env["n"][0])),
    index("l", 2, L),
)
facts = (
    hypothesis("b > 0", Gt(b, 0)),
    each(NORMS, Le(singular(W[j], 1), b), 448, 1, L),
    each(PARTS_V, Le(norm(V[j]), T), 458, 1, L),
    each(PARTS_U, Le(norm(U[j]), S), 458, 1, L),
)
whole = Domain("layers of norms at most b, directions with parts of at most T and S, any M", base, facts)
row = whole.extended(f"{whole.name}, a layer k < l", index("k", 1, l - 1))
counted = Domain("numbers of pairs of layers", (depth("L"), index("h", 2, L)))


BELOW = fewer("sum(k=1..l - 1, W[L:l + 1] @ V[l] @ W[l - 1:k + 1] @ U[k]...", 1, "l - 1")
ABOVE = fewer("sum(l=2..L, sum(k=1..l - 1, W[L:l + 1] @ V[l] @ W[l - 1:k...", 2, "L")
EMPTY = {
    "the lower bound 2 of sum(l=2..L, sum(k=1..l - 1, W[L:l + 1] @ V[l] @ W[l - 1:k...: minus1": "an empty sum is added",
}
LEFT = bounded_layers("l in range (lower)", "l in range (upper)") | EMPTY
NOTHING = {"the lower bound 2 of sum(l=2..L, l - 1): minus1": "the term that it adds is 0"}
part = Part(line=458, where="proof", expects="proved")
part.claim("second-term", domain=pairs, near=one_neuron, exempt=bounded_layers(), power=2)(second_term)


def both(at, below):
    """The two terms of a pair of layers."""

    def term(A, B):
        return W.chain(L, at + 1) @ A[at] @ W.chain(at - 1, below + 1) @ B[below] @ W.chain(below - 1, 1)

    return term(V, U), term(U, V)


def equal_parts(source, env):
    """One neuron in each layer, all parts 1, M = 1."""
    return {**one_neuron(source, env), "T": fmpq(1), "S": fmpq(1), "M": ((fmpq(1),),), "h": 2}


def one_pair(term, first, second, bounds, names):
    """<M, term> <= |M| b^(L-2) T S."""
    norms = yield Le(norm(term), b ** (L - 2) * norm(first[l]) * norm(second[k])), by.uses("lemma-15.second-term", **names)
    turned = yield Le(inner(M, term), norm(M) * norm(term)), by.cite(CAUCHY_SCHWARZ, X=M, Z=term, a=n[L], b=n[0])
    high, low = bounds
    left = yield Le(norm(first[l]), high[0]), by.given(high[1], j=l)
    right = yield Le(norm(second[k]), low[0]), by.given(low[1], j=k)
    size = yield Ge(norm(second[k]), 0), by.sign()
    start = yield Ge(norm(first[l]), 0), by.sign()
    above = yield Ge(high[0], 0), by.linear(start, left)
    one = yield Le(norm(first[l]) * norm(second[k]), high[0] * norm(second[k])), scaled(left, size)
    two = yield Le(high[0] * norm(second[k]), high[0] * low[0]), scaled(right, above)
    b_power = b ** (L - 2)
    length = yield Le(norm(term), b_power * T * S), by.linear(norms, (one, b_power), (two, b_power))
    weight = yield Ge(norm(M), 0), by.sign()
    big = yield Le(norm(M) * norm(term), norm(M) * b_power * T * S), scaled(length, weight)
    return (yield Le(inner(M, term), norm(M) * b_power * T * S), by.linear(turned, big))


@part.claim("second-row", domain=row, near=equal_parts, exempt=bounded_layers("k in range (upper)") | BELOW, two=2)
def one_row(two):
    """The terms of one layer l with those below it"""
    first, second = both(l, k)
    goal = yield Le(inner(M, total(k, 1, l - 1, first + second)), two * (l - 1) * norm(M) * b ** (L - 2) * T * S)
    at = {"x": l, "y": k, "i": num(0)}
    a = yield from one_pair(first, V, U, ((T, PARTS_V), (S, PARTS_U)), at)
    c = yield from one_pair(second, U, V, ((S, PARTS_U), (T, PARTS_V)), {**at, "V": "U", "U": "V"})
    pair = yield Le(inner(M, first + second), 2 * norm(M) * b ** (L - 2) * T * S), by.linear(a, c)
    yield goal, by.termwise(pair, k)


@part.claim("pairs", domain=counted, exempt=NOTHING, half=1 / num(2))
def number(half):
    """There are L (L - 1) / 2 pairs of layers"""
    goal = yield Eq(total(l, 2, L, l - 1), L * (L - 1) * half)
    inside = [Le(h + 1, L)]
    first = yield Eq(total(l, 2, num(2), l - 1), num(1)), by.last_one()
    base_ = yield Eq(total(l, 2, num(2), l - 1), num(2) * (num(2) - 1) / 2), by.linear(first)
    here = yield Eq(total(l, 2, h, l - 1), h * (h - 1) / 2), induction.assumed()
    more = yield Eq(total(l, 2, h + 1, l - 1), total(l, 2, h, l - 1) + h), by.under(inside, by.last_one())
    step = yield Eq(total(l, 2, h + 1, l - 1), (h + 1) * (h + 1 - 1) / 2), by.under(inside, by.linear(more, here))
    line = yield here.shows, induction.over(h, base_, step)
    all_ = yield Eq(total(l, 2, L, l - 1), L * (L - 1) / 2), by.cite(by.generic(line, [Ge(h, 2), Le(h, L)], h), h=L)
    yield goal, by.linear(all_)


@part.claim("second", domain=whole, near=equal_parts, exempt=LEFT | BELOW | ABOVE, factor=1)
def second(factor):
    """Bound 2 as printed, for |W_l| <= b: L (L - 1) b^(L-2)"""
    sums = total(l, 2, L, total(k, 1, l - 1, both(l, k)[0] + both(l, k)[1]))
    weight = norm(M) * b ** (L - 2) * T * S
    goal = yield Le(inner(M, sums), factor * L * (L - 1) * weight)
    inside = inner(M, total(k, 1, l - 1, both(l, k)[0] + both(l, k)[1]))
    one = yield Le(inside, 2 * (l - 1) * weight), by.uses("lemma-15.second-row", k=num(1))
    rows = yield Le(inner(M, sums), 2 * weight * total(l, 2, L, l - 1)), by.termwise(one, l)
    count = yield Eq(total(l, 2, L, l - 1), L * (L - 1) / 2), by.uses("lemma-15.pairs", h=L)
    yield goal, by.linear(rows, (count, 2 * weight))
