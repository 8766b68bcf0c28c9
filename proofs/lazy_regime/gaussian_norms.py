"""Norms of products of Gaussian layers: symbols, domains and inductions of `cor-21`.

The product over the layers is taken apart layer by layer; norms are largest singular values.
"""

from fractions import Fraction

from proofs.lazy_regime.thm_20_gaussian_singular_values import sigma, t
from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, index, layers_of, real, size
from theorycheck.exact import induction_rules as induction, rules as by
from theorycheck.exact.cited_norms import OPERATOR_NORM
from theorycheck.exact.matrix_rules import scaled
from theorycheck.models.included import each
from theorycheck.tree import Eq, Ge, Gt, Le, layers, product, scalars, singular, sqrt, sym

L, w, l, j, h, k, q = (sym(name) for name in ("L", "w", "l", "j", "h", "k", "q"))
n = scalars("n")
W = layers("W", n)
HIDDEN, SIZES, EVENT = "hidden widths", "sizes", "the norms of the layers"


def rectangle(source, env):
    return {m: env["w"] if 0 < m < env["L"] else source.integer(1, 3) for m in range(env["L"] + 1)}


def around(i):
    """sqrt(n_(i-1)) + sqrt(n_i)."""
    return sqrt(n[i - 1]) + sqrt(n[i])


def bound(i):
    return sigma * (around(i) + t)


sizes = (
    depth("L"),
    size("w"),
    drawn("n", rectangle, positive=True, integer=True),
    real("sigma", above=0),
    real("t", at_least=0, line=589),
    index("l", 1, L),
    index("h", 1, L),
    index("k", 1, L - 1),
)
hidden = (each(HIDDEN, Eq(n[j], w), 597, 1, L - 1), each(SIZES, Ge(n[j], 1), 38, 0, L))
domain = Domain("rectangular networks of any depth L >= 2 with independent N(0, sigma^2) entries, t >= 0", sizes, hidden)
on_the_event = Domain(
    "layers with |W_l| <= sigma (sqrt(n_(l-1)) + sqrt(n_l) + t) for all l",
    (*sizes, layers_of("W")),
    (*hidden, each(EVENT, Le(singular(W[j], 1), bound(j)), 595, 1, L)),
)
HALVED = "q is 1 + t/2"
halved = domain.extended(
    f"{domain.name}; {HALVED}",
    derived("q", lambda env: 1 + env["t"] / 2, hypothesis("q > 0", Gt(q, 0))),
    hypothesis(HALVED, Eq(q, 1 + t / 2)),
)
WIDE = (sqrt(n[0]) + sqrt(w)) * (4 * w) ** ((L - 2) / 2) * (sqrt(w) + sqrt(n[L]))


# --- products over the layers ---------------------------------------------------------------------------------------------
def along(body, at):
    """The product of body(j) over the layers j = 1 .. at."""
    return product(j, 1, at, body(j))


def peeled(body, i=h, end=L):
    """The products over 1 .. 1 and over 1 .. i + 1."""
    none = yield Eq(along(body, 1), body(1)), by.last_one()
    more = yield Eq(along(body, i + 1), along(body, i) * body(i + 1)), by.under([Le(i + 1, end)], by.last_one())
    return none, more


def largest(k):
    return singular(W[k], 1)


def chained(goal, value, base, more, factor=None):
    """|W_h .. W_1| <= value(h) by induction, with value(h) >= 0: a further layer multiplies it by |W_(h+1)|, or `factor`."""
    inside, chain, top = [Le(h + 1, L)], W.chain(h, 1), largest(h + 1)
    first = yield Le(singular(W.chain(1, 1), 1), value(1)), base
    here = yield Le(singular(chain, 1), value(h)), induction.assumed()
    both = Le(singular(W[h + 1] @ chain, 1), top * singular(chain, 1))
    both = yield both, by.under(inside, by.cite(OPERATOR_NORM, X=W[h + 1], Y=chain, a=n[h + 1], b=n[h], c=n[0]))
    above = yield Ge(top, 0), by.under(inside, by.sign())
    lines = [both, (yield Le(top * singular(chain, 1), top * value(h)), scaled(here, above))]
    if factor is not None:
        above = yield Ge(value(h), 0), by.sign()
        lines.append((yield Le(top * value(h), factor.shows.nodes[1] * value(h)), scaled(factor, above)))
    step = yield Le(singular(W.chain(h + 1, 1), 1), value(h + 1)), by.under(inside, by.linear(*lines, *more))
    line = yield Le(singular(chain, 1), value(h)), induction.over(h, first, step)
    yield goal, by.cite(by.generic(line, [Ge(h, 1), Le(h, L)], h), h=L)


def wide(k):
    return around(k) + t


def one_layer(i, conditions):
    """sqrt(n_(i-1)) + sqrt(n_i) + t <= q (sqrt(n_(i-1)) + sqrt(n_i)) with q = 1 + t/2, as both roots are at least 1."""
    roots = []
    for m in (i - 1, i):
        whole = yield Le(1, n[m]), by.under(conditions, by.given(SIZES, j=m))
        roots.append((yield Le(1, sqrt(n[m])), by.raised(whole, Fraction(1, 2))))
    two = yield Le(2, around(i)), by.linear(*roots)
    far = yield Ge(t, 0), by.sign()
    twice = yield Le(2 * t, around(i) * t), scaled(two, far)
    return (yield Le(wide(i), q * around(i)), by.linear((twice, Fraction(1, 2)), using=[HALVED]))
