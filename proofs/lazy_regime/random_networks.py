"""Networks at random: A = W_L .. W_1 with hidden widths w and independent N(0, s) entries; symbols, domains, shared lines."""

from flint import fmpq

from proofs.lazy_regime.gaussian_layers import DEPTH, SEGMENT, L, W, h, j, m, mean, n, through
from theorycheck.domain import Domain, drawn, hypothesis, matrix, real, size
from theorycheck.exact import induction_rules as induction, rules as by
from theorycheck.models.included import each
from theorycheck.tree import Eq, Ge, Le, inner, num, product, sym, vec

w, sigma, sigma_tilde = (sym(name) for name in ("w", "sigma", "sigma_tilde"))
a, b = vec("a", n[0]), vec("b", n[L])
A = W.chain(L, 1)
HIDDEN, UNIT_A, UNIT_B = "hidden widths", "a is a unit vector", "b is a unit vector"
NORMALIZED = sigma ** (2 / L) * w ** (-(L - 1) / L)  # sigma_tilde^2 of line 99


NETWORK = {
    "the hypothesis L >= 2": "a network of one layer has no hidden width",
    "the hypothesis w >= 1": "sizes are at least 1: a convention of every domain",
}
SCALED = {
    **NETWORK,
    "the hypothesis sigma > 0": "roots of it are taken, which have no value otherwise; for L = 1 and 2 the powers are even",
}

EVEN = {"the hypothesis sigma_tilde > 0": "a standard deviation; the powers of it are even"}


def rectangle(source, env):
    """Widths of which the hidden ones are w."""
    return {l: env["w"] if 0 < l < env["L"] else source.integer(1, 2) for l in range(env["L"] + 1)}


def drawn_matrix(x):
    """The variable of a domain for a matrix symbol."""
    rows, cols = x.shape
    return matrix(str(x.args[0]), rows, cols)


def standard(name, place):
    """A vector of the standard basis of R^n_l, with l = place(env)."""

    def draw(source, env):
        rows = env["n"][place(env)]
        one = source.integer(1, rows)
        return tuple((fmpq(int(k == one)),) for k in range(1, rows + 1))

    return drawn(name, draw)


WIDTHS = (DEPTH, size("w", most=2), drawn("n", rectangle, positive=True, integer=True))
EQUAL = each(HIDDEN, Eq(n[j], w), 44, 1, L - 1)
AT_LEAST_ONE = tuple(hypothesis(f"{name} >= 1", Ge(size_, 1), 38) for name, size_ in (("n_0", n[0]), ("n_L", n[L])))
SCALES = (real("sigma", above=0), real("sigma_tilde", above=0))
segments = Domain("hidden widths w, products of hidden layers", (*WIDTHS, *SEGMENT), (EQUAL,))
entries = Domain(
    "networks of any depth L >= 2 with hidden widths w, independent N(0, sigma_tilde^2) parameters, entries of A",
    (*WIDTHS, *SCALES, standard("a", lambda env: 0), standard("b", lambda env: env["L"])),
    (EQUAL, hypothesis(UNIT_A, Eq(inner(a, a), 1), 99), hypothesis(UNIT_B, Eq(inner(b, b), 1), 99)),
)


def equal_widths():
    """n_(m+1) .. n_h = w^(h - m): induction on h."""

    def line(at):
        return Eq(through(lambda n: n, at), w ** (at - m))

    base = yield line(m), by.identity()
    known = yield line(h), induction.assumed()
    last = yield Eq(through(lambda n: n, h + 1), through(lambda n: n) * n[h + 1]), by.last_one()
    step = yield line(h + 1), by.under([Le(h + 1, L - 1)], by.linear((known, w), last, using=[HIDDEN]))
    return (yield line(h), induction.over(h, base, step))


def hidden_part(u, v, variance):
    """E<C u, C v> = (s w)^(L-1) <u, v> for the hidden layers C = W_(L-1) .. W_1."""
    C = W.chain(L - 1, 1)
    moment = Eq(mean(inner(C @ u, C @ v), variance), variance ** (L - 1) * product(j, 1, L - 1, n[j]) * inner(u, v))
    moment = yield moment, by.uses("layer-moments.second", m=num(0), h=L - 1, s=variance, X_1=u, X_2=v, p=u.shape[1])
    widths = yield Eq(product(j, 1, L - 1, n[j]), w ** (L - 1)), by.uses("layer-moments.widths", m=num(0), h=L - 1)
    return moment, widths
