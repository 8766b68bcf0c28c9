"""Products C = W_h .. W_(m+1) of layers with independent N(0, s) entries: symbols, domains, shared inductions.

Integrating out the top layer of W_(h+1) C turns its moments into moments of C (the exact layer does that), and two combinations
of the fourth moments are carried into multiples of themselves: with the three ways to pair four vectors,

    u_1.u_2 u_3.u_4 + u_1.u_3 u_2.u_4 + u_1.u_4 u_2.u_3   by n (n + 2) s^2,   each difference of two of them by n (n - 1) s^2

for a layer of width n. These are the eigenvalues of the transfer matrix w^(1 + delta) of line 553.
"""

from theorycheck.domain import Domain, depth, drawn, index, matrix, real, widths
from theorycheck.exact import induction_rules as induction, rules as by
from theorycheck.tree import Eq, Le, expect, inner, layers, mat, product, scalars, sym, vec

L, s, m, h, j = (sym(name) for name in ("L", "s", "m", "h", "j"))
n = scalars("n")
W = layers("W", n)
four = tuple(vec(f"x_{k}", n[m]) for k in (1, 2, 3, 4))
VECTORS = tuple(matrix(f"x_{k}", n[m], 1) for k in (1, 2, 3, 4))
DEPTH, VARIANCE = depth("L", most=3), real("s", above=0)
SEGMENT = (index("m", 0, L - 1), index("h", m, L - 1))
p, COLUMNS = sym("p"), drawn("p", lambda source, _: source.integer(1, 2), integer=True)
X_1, X_2 = mat("X_1", n[m], p), mat("X_2", n[m], p)
matrices = Domain(
    "products of layers with independent N(0, s) entries, of any depth and widths, any two matrices",
    (DEPTH, widths("n", most=2), VARIANCE, *SEGMENT, COLUMNS, matrix("X_1", n[m], p), matrix("X_2", n[m], p)),
)
any_widths = Domain(
    "products of layers with independent N(0, s) entries, of any depth and widths, any vectors",
    (DEPTH, widths("n", most=2), VARIANCE, *SEGMENT, *VECTORS),
)

BEYOND = "the layers are those from 1 to L; of indices beyond them nothing is claimed, and nothing has a value"
ANY_SIGN = "a variance; as an identity of polynomials it holds for negative numbers as well"
RANGES = {f"the hypothesis {i} in range ({end})": BEYOND for i in ("m", "h") for end in ("lower", "upper")}
VARIANCE_ONLY = {"the hypothesis s > 0": ANY_SIGN}
EXEMPT = {**RANGES, **VARIANCE_ONLY, "the hypothesis L >= 2": BEYOND}


def mean(body, variance=s):
    return expect(body, W, variance)


def through(g, at=h):
    """The product of g(n_j) over the layers j = m+1 .. at."""
    return product(j, m + 1, at, g(n[j]))


def pairs(u):
    """The three products of scalar products of four vectors."""
    a, b, c, d = u
    return inner(a, b) * inner(c, d), inner(a, c) * inner(b, d), inner(a, d) * inner(b, c)


def images(at):
    return tuple(W.chain(at, m + 1) @ x for x in four)


def squares(at, start=m):
    """|C|^4 and |C C^T|^2: a matrix in the place of vectors, paired in all ways."""
    c = W.chain(at, start + 1)
    return inner(c, c) * inner(c, c), inner(c @ c.T, c @ c.T)


def grown(moment, start, g, power):
    """E[moment(h)] = start s^(power (h - m)) prod g(n_j), where a layer of width n multiplies the moment by g(n) s^power."""

    def line(at):
        return Eq(mean(moment(at)), s ** (power * (at - m)) * through(g, at) * start)

    base = yield line(m), by.identity()
    known = yield line(h), induction.assumed()
    last = yield Eq(through(g, h + 1), through(g) * g(n[h + 1])), by.last_one()
    terms = (known, s**power * g(n[h + 1])), (last, -(s ** (power * (h + 1 - m)) * start))
    step = yield line(h + 1), by.under([Le(h + 1, L - 1)], by.linear(*terms))
    return (yield line(h), induction.over(h, base, step))
