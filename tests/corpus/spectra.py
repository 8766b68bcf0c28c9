"""Singular values: Horn, Weyl and Hoelder with right and wrong exponents, von Neumann, ranks, frames, Schatten quasinorms."""

from fractions import Fraction

from tests.corpus.entering import pair, tempting, theme
from tests.corpus.spectra_domains import (
    HALF,
    SCHATTEN,
    A,
    B,
    D,
    F,
    Q,
    X,
    Z,
    a,
    b,
    frames,
    h,
    i,
    in_order,
    j,
    k,
    n,
    nuclear,
    of_one_shape,
    operators,
    p,
    q,
    s,
    square_factors,
    two_factors,
    u_of,
    v_of,
    z,
)
from theorycheck.exact import basic_rules as basic, rules as by, sum_rules as sums
from theorycheck.exact.cited import FROBENIUS, HORN, RANK_OF_PRODUCT, ROTFELD, TRIANGLE
from theorycheck.exact.session import substitute_all
from theorycheck.tree import (
    Eq,
    Ge,
    Le,
    inner,
    norm,
    num,
    product,
    rank,
    schatten,
    singular,
    total,
    vec,
)

statement = theme("spectra", "Singular values", two_factors)


def two(body):
    """The product over j = 1, 2 of body(j) is body(1) body(2)."""
    whole = product(j, 1, 2, body(j))
    cut = yield Eq(whole, product(j, 1, 1, body(j)) * product(j, 2, 2, body(j))), sums.split()
    first = yield Eq(product(j, 1, 1, body(j)), body(num(1))), sums.one()
    last = yield Eq(product(j, 2, 2, body(j)), body(num(2))), sums.one()
    return cut, first, last


def squares_of(layer):
    """The sum of the q largest squares is at most the squared norm."""
    fits = []
    for size_of in (layer, layer - 1):
        fits.append((yield Le(q, n[size_of]), by.given("q is at most every size", j=num(size_of))))
    return (
        yield (
            Le(total(i, 1, q, singular(F[layer], i) ** 2), norm(F[layer]) ** 2),
            by.cite(FROBENIUS, *fits, X=F[layer], a=n[layer], b=n[layer - 1]),
        )
    )


@pair(statement, "horn-and-means", half=(HALF, Fraction(2, 5)))
def horn_and_means(half):
    """The sum of the singular values of a product, by Horn, means and the Frobenius norm"""
    goal = yield Le(total(i, 1, q, singular(F.chain(2, 1), i)), half * (norm(F[1]) ** 2 + norm(F[2]) ** 2))
    terms = total(i, 1, q, product(j, 1, 2, singular(F[j], i) ** num(1)))
    horn = yield Le(total(i, 1, q, singular(F.chain(2, 1), i) ** num(1)), terms), by.cite(HORN, m=num(2), p=num(1))
    parts = yield from two(lambda place: singular(F[place], h) ** num(1))
    means = Le(product(j, 1, 2, singular(F[j], h) ** num(1)), HALF * (singular(F[1], h) ** 2 + singular(F[2], h) ** 2))
    line = yield means, by.linear(squares=[(HALF, singular(F[1], h) - singular(F[2], h))], using=parts)
    squares = HALF * total(i, 1, q, singular(F[1], i) ** 2) + HALF * total(i, 1, q, singular(F[2], i) ** 2)
    summed = yield Le(terms, squares), by.termwise(line, h)
    one, two_ = (yield from squares_of(1)), (yield from squares_of(2))
    yield goal, by.linear(horn, summed, (one, half), (two_, half))


@pair(statement, "rank-of-product", domain=two_factors, extra=(0, 1))
def rank_of_product(extra):
    """Twice the rank of a product is at most the sum of its sizes"""
    goal = yield Le(2 * rank(F.chain(2, 1)) + extra, n[0] + n[2])
    low = yield Le(rank(F.chain(2, 1)), n[0]), by.cite(RANK_OF_PRODUCT, m=num(2), j=num(0))
    high = yield Le(rank(F.chain(2, 1)), n[2]), by.cite(RANK_OF_PRODUCT, m=num(2), j=num(2))
    yield goal, by.linear(low, high)


@pair(statement, "rotfeld-of-three", domain=(of_one_shape(1), of_one_shape(2)))
def rotfeld_of_three():
    """Rotfel'd's inequality for three matrices, p <= 1"""
    goal = yield Le(schatten(A + B + D, p) ** p, schatten(A, p) ** p + schatten(B, p) ** p + schatten(D, p) ** p)
    one = yield (
        Le(schatten(A + B + D, p) ** p, schatten(A + B, p) ** p + schatten(D, p) ** p),
        by.cite(ROTFELD, A=A + B, B=D),
    )
    two_ = yield Le(schatten(A + B, p) ** p, schatten(A, p) ** p + schatten(B, p) ** p), by.cite(ROTFELD)
    yield goal, by.linear(one, two_)


@pair(statement, "hoelder", domain=square_factors, power=(2, 4))
def hoelder(power):
    """|F_2 F_1|_1 <= |F_2|_2 |F_1|_2; with |F_1|_4 the exponents do not add up"""
    goal = yield Le(schatten(F.chain(2, 1), 1), schatten(F[2], 2) * schatten(F[1], power))
    sizes = []
    for place in range(3):
        sizes.append((yield Eq(n[place], q), by.given("all sizes are q", j=num(place))))
    defined = []
    for x, e in ((F.chain(2, 1), 1), (F[2], 2), (F[1], power)):
        line = Eq(schatten(x, e) ** num(e), total(i, 1, q, singular(x, i) ** num(e)))
        shape = dict(zip("ab", x.shape, strict=True))
        defined.append((yield line, by.given_with(sizes, SCHATTEN.name, X=x, p=num(e), **shape)))
    terms = total(i, 1, q, product(j, 1, 2, singular(F[j], i) ** num(1)))
    horn = yield Le(total(i, 1, q, singular(F.chain(2, 1), i) ** num(1)), terms), by.cite(HORN, m=num(2), p=num(1))
    parts = yield from two(lambda place: singular(F[place], h) ** num(1))
    pairs = total(i, 1, q, singular(F[1], i) * singular(F[2], i))
    same = Eq(product(j, 1, 2, singular(F[j], h) ** num(1)), singular(F[1], h) * singular(F[2], h))
    one = yield same, by.identity(*parts)
    summed = yield Eq(terms, pairs), by.termwise(one, h)
    below = yield Le(schatten(F.chain(2, 1), 1), pairs), by.linear(horn, summed, defined[0])
    cross = singular(F[1], h) * singular(F[2], k) - singular(F[1], k) * singular(F[2], h)
    square = yield Le(0, cross**2), by.linear(squares=[(1, cross)])
    inner_sum = yield Le(0, total(i, 1, q, substitute_all(cross**2, {"h": i}))), by.termwise(square, h)
    norms = total(i, 1, q, singular(F[1], i) ** 2) * total(i, 1, q, singular(F[2], i) ** 2)
    cauchy = yield Le(2 * pairs**2, 2 * norms), by.termwise(inner_sum, k)
    first = yield Le(schatten(F.chain(2, 1), 1) ** 2, pairs**2), by.raised(below, 2)
    squared = Le(schatten(F.chain(2, 1), 1) ** 2, (schatten(F[2], 2) * schatten(F[1], power)) ** 2)
    last = yield squared, by.linear(first, (cauchy, HALF), using=defined[1:])
    yield goal, basic.by_squares(last)


@pair(statement, "weyl", domain=operators, times=(1, HALF))
def weyl(times):
    """|(X + Z) y| <= (k + z) |y|"""
    y = vec("y", b)
    goal = yield Le(norm((X + Z) @ y), times * (k + z) * norm(y))
    both = yield Le(norm(X @ y + Z @ y), norm(X @ y) + norm(Z @ y)), by.cite(TRIANGLE, A=X @ y, B=Z @ y, a=a, b=num(1))
    one = yield Le(norm(X @ y), k * norm(y)), by.given("X is bounded", x=y)
    two_ = yield Le(norm(Z @ y), z * norm(y)), by.given("Z is bounded", x=y)
    yield goal, by.linear(both, one, two_)


@pair(statement, "nuclear-and-spectral", domain=nuclear, weight=(total(i, 1, q, s[i]), s[1]))
def nuclear_and_spectral(weight):
    """<sum_i s_i u_i v_i^T, B> <= z sum_i s_i"""
    goal = yield Le(inner(total(i, 1, q, s[i] * u_of[i] @ v_of[i].T), B), z * weight)
    form = yield Le(inner(u_of[h], B @ v_of[h]), z), by.given("B is bounded on the pairs", j=h)
    line = yield Le(s[h] * inner(u_of[h], B @ v_of[h]), s[h] * z), by.linear((form, s[h]))
    yield goal, by.termwise(line, h)


@pair(statement, "rearrangement", domain=in_order, swapped=(False, True))
def rearrangement(swapped):
    """Von Neumann's inequality for commuting 2 x 2 matrices: a z + b k <= a k + b z where a >= b and k >= z"""
    low, high = a * z + b * k, a * k + b * z
    goal = yield Le(high, low) if swapped else Le(low, high)
    first = yield Ge(a, b), by.trivially()
    yield goal, by.linear((first, k - z))


@pair(statement, "contraction", domain=frames, times=(1, Fraction(9, 10)))
def contraction(times):
    """|Q^T y| <= |y| for a frame Q"""
    y = vec("y", a)
    goal = yield Le(norm(Q.T @ y) ** 2, times * norm(y) ** 2)
    same = yield Eq(norm(Q @ Q.T @ y) ** 2, norm(Q.T @ y) ** 2), by.identity("Q is a frame")
    yield goal, by.linear(same, squares=[(1, y - Q @ Q.T @ y)])


@tempting("spectra.horn-and-means-near")
def by_hoelder():
    """As if the smaller weight left room for the means"""
    goal = yield Le(total(i, 1, q, singular(F.chain(2, 1), i)), Fraction(2, 5) * (norm(F[1]) ** 2 + norm(F[2]) ** 2))
    one, two_ = (yield from squares_of(1)), (yield from squares_of(2))
    yield goal, by.linear((one, Fraction(2, 5)), (two_, Fraction(2, 5)))
