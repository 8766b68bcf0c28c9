"""The Jacobian of theta -> A_theta where all layers have norms of at most b (Lemma 15, bound 1; paper lines 452 and 454).

J[V] = sum_l P_l V_l R_l with P_l = W_L .. W_(l+1), R_l = W_(l-1) .. W_1. A term is at most b^(L-1) |V_l|, by induction on the
layers above and below (`lemma_15_chains`). For every M, <M, J[V]> <= L b^(L-1) |M| |V|, which is the bound on |J[V]| (take
M = J[V]); b = 4 rho gives c_1 = L 4^(L-1). As sum_l |V_l| <= sqrt(L) |V|, the constant sqrt(L) 4^(L-1) is enough.
"""

from fractions import Fraction

from flint import fmpq

from proofs.lazy_regime.exemptions import bounded_layers, fewer
from proofs.lazy_regime.gaussian_norms import L, W, l, n
from proofs.lazy_regime.lemma_15_chains import LENGTH, M, T, V, above, b, below, domain, inductive, length
from theorycheck.evaluate import numbers as nb
from theorycheck.exact import rules as by
from theorycheck.exact.cited import CAUCHY_SCHWARZ
from theorycheck.exact.matrix_rules import scaled
from theorycheck.statement import Part
from theorycheck.tree import Eq, Ge, Le, inner, norm, num, total


def term(at):
    return W.chain(L, at + 1) @ V[at] @ W.chain(at - 1, 1)


def equal_layers(source, env):
    """Layers of one neuron with norms b, large or small, and equal parts of the direction; T stays where it is not its norm."""
    b_ = fmpq(2) ** (12 * source.integer(0, 1) - 6)
    one = {m: ((b_,),) for m in env["W"]}
    moved = {**env, "n": {m: 1 for m in env["n"]}, "W": one, "b": b_, "V": {m: ((fmpq(1),),) for m in one}}
    own = nb.to_arb(env["T"] - length(env)).contains(0)
    return {**moved, "T": length(moved) if own else env["T"], "M": ((fmpq(1),),), "l": 1, "x": 1, "i": 0}


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
