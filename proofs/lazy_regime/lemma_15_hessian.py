"""The second derivative of theta -> A_theta where all layers have norms of at most b (Lemma 15, bound 2; paper line 458).

Its terms are W_L .. V_l .. U_k .. W_1 for l > k, and with U and V exchanged: L (L - 1) of them, each at most
b^(L-2) |V_l| |U_k|, by induction on the layers above l, between l and k, and below k. The printed V~_l is V~_k (a slip).
"""

from flint import fmpq

from proofs.lazy_regime.gaussian_norms import L, W, j, n
from proofs.lazy_regime.lemma_15_chains import NORMS, bound_of
from theorycheck.domain import Domain, depth, derived, hypothesis, index, layers_of, widths
from theorycheck.exact import basic_rules as basic, induction_rules as induction, rules as by
from theorycheck.exact.cited import SUBMULTIPLICATIVE
from theorycheck.exact.cited_norms import FROM_THE_LEFT, FROM_THE_RIGHT
from theorycheck.exact.matrix_rules import scaled
from theorycheck.models.included import each
from theorycheck.tree import Ge, Gt, Le, layers, norm, num, singular, sym

V, U = layers("V", n), layers("U", n)
b, l, k, x, y, i = (sym(name) for name in ("b", "l", "k", "x", "y", "i"))

domain = Domain(
    "layers of norms at most b, two directions V and U, two layers l > k; any depth and widths",
    (
        depth("L"),
        widths("n"),
        layers_of("W"),
        layers_of("V"),
        layers_of("U"),
        derived("b", bound_of),
        index("l", 2, L),
        index("k", 1, l - 1),
        index("x", l, L),
        index("y", k, l - 1),
        index("i", 0, k - 1),
    ),
    (hypothesis("b > 0", Gt(b, 0)), each(NORMS, Le(singular(W[j], 1), b), 448, 1, L)),
)
FIRST = U[k] @ W.chain(k - 1, 1)  # U_k and what is below it
INNER = W.chain(l - 1, k + 1) @ FIRST  # .. and what is between it and V_l


def one_neuron(source, env):
    """Layers of one neuron with norms b, large or small."""
    b_ = fmpq(2) ** (2 * source.integer(0, 1) - 1)
    one = {m: ((b_,),) for m in env["W"]}
    unit = {m: ((fmpq(1),),) for m in one}
    moved = {**env, "n": {m: 1 for m in env["n"]}, "W": one, "V": unit, "U": unit, "b": b_}
    return {**moved, "l": 2, "k": 1, "x": 2, "y": 1, "i": 0}


def from_above(Z, low, h, high):
    """|W_high .. W_(low+1) Z| <= b^(high-low) |Z|, by induction on h from low to high."""
    at_ = lambda m: W.chain(m, low + 1) @ Z  # noqa: E731
    inside, next_ = [Le(h + 1, high)], W[h + 1]
    base = yield Le(norm(at_(low)), b ** (low - low) * norm(Z)), by.sign()
    here = yield Le(norm(at_(h)), b ** (h - low) * norm(Z)), induction.assumed()
    sizes = {"a": n[h + 1], "b": n[h], "c": n[0]}
    one = Le(norm(next_ @ at_(h)), singular(next_, 1) * norm(at_(h)))
    one = yield one, by.under(inside, by.cite(FROM_THE_LEFT, X=next_, Y=at_(h), **sizes))
    small = yield Le(singular(next_, 1), b), by.under(inside, by.given(NORMS, j=h + 1))
    size = yield Ge(norm(at_(h)), 0), by.sign()
    two = yield Le(singular(next_, 1) * norm(at_(h)), b * norm(at_(h))), scaled(small, size)
    step = Le(norm(at_(h + 1)), b ** (h + 1 - low) * norm(Z))
    step = yield step, by.under(inside, by.linear(one, two, (here, b)))
    line = yield here.shows, induction.over(h, base, step)
    whole = Le(norm(at_(high)), b ** (high - low) * norm(Z))
    return (yield whole, by.cite(by.generic(line, [Ge(h, low), Le(h, high)], h), **{str(h.args[0]): high}))


def from_below():
    """|U_k W_(k-1) .. W_(k-i)| <= b^i |U_k|, by induction on i from 0 to k - 1."""
    at_ = lambda m: U[k] @ W.chain(k - 1, k - m)  # noqa: E731
    inside, next_ = [Le(i + 1, k - 1)], W[k - i - 1]
    base = yield Le(norm(at_(num(0))), b ** num(0) * norm(U[k])), by.sign()
    here = yield Le(norm(at_(i)), b**i * norm(U[k])), induction.assumed()
    sizes = {"a": n[k], "b": n[k - i - 1], "c": n[k - i - 2]}
    one = Le(norm(at_(i) @ next_), norm(at_(i)) * singular(next_, 1))
    one = yield one, by.under(inside, by.cite(FROM_THE_RIGHT, X=at_(i), Y=next_, **sizes))
    small = yield Le(singular(next_, 1), b), by.under(inside, by.given(NORMS, j=k - i - 1))
    size = yield Ge(norm(at_(i)), 0), by.sign()
    two = yield Le(singular(next_, 1) * norm(at_(i)), b * norm(at_(i))), scaled(small, size)
    step = Le(norm(at_(i + 1)), b ** (i + 1) * norm(U[k]))
    step = yield step, by.under(inside, by.linear(one, two, (here, b)))
    line = yield here.shows, induction.over(i, base, step)
    whole = Le(norm(FIRST), b ** (k - 1) * norm(U[k]))
    return (yield whole, by.cite(by.generic(line, [Ge(i, 0), Le(i, k - 1)], i), i=k - 1))


def second_term(power):
    """A term of the second derivative is at most b^(L-2) |V_l| |U_k|"""
    goal = yield Le(norm(W.chain(L, l + 1) @ V[l] @ INNER), b ** (L - power) * norm(V[l]) * norm(U[k]))
    low = yield from from_below()
    middle = yield from from_above(FIRST, k, y, l - 1)
    top = yield from from_above(V[l] @ INNER, l, x, L)
    squares = Le(norm(V[l] @ INNER) ** 2, norm(V[l]) ** 2 * norm(INNER) ** 2)
    squares = yield squares, by.cite(SUBMULTIPLICATIVE, X=V[l], Y=INNER, a=n[l], b=n[l - 1], c=n[0])
    joint = yield Le(norm(V[l] @ INNER), norm(V[l]) * norm(INNER)), basic.by_squares(squares)
    size = yield Ge(norm(V[l]), 0), by.sign()
    inner_ = yield Le(norm(INNER), b ** (l - 2) * norm(U[k])), by.linear(middle, (low, b ** (l - 1 - k)))
    product = yield Le(norm(V[l]) * norm(INNER), norm(V[l]) * b ** (l - 2) * norm(U[k])), scaled(inner_, size)
    yield goal, by.linear(top, (joint, b ** (L - l)), (product, b ** (L - l)))
