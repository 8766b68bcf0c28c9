"""Numbers: roots of squares, odd roots, 0^0, division by zero, logarithms, signs, and orders that need a sign."""

from fractions import Fraction

from tests.corpus.entering import pair, tempting, theme
from theorycheck.domain import Domain, hypothesis, real, size
from theorycheck.exact import basic_rules as basic, matrix_rules as products, rules as by
from theorycheck.tree import Eq, Ge, Gt, Le, Lt, absolute, exp, log, num, sign, sqrt, sym

x, y, k = sym("x"), sym("y"), sym("k")
HALF = Fraction(1, 2)

anything = Domain("any numbers x, y", (real("x"), real("y")))
nonneg = Domain("x, y >= 0", (real("x", at_least=0), real("y", at_least=0)))
positive = Domain("x, y > 0", (real("x", above=0), real("y", above=0)))
nonzero = anything.extended("x != 0, y != 0", hypothesis("x != 0", Gt(x**2, 0)), hypothesis("y != 0", Gt(y**2, 0)))
one_sign = anything.extended("x y >= 0", hypothesis("x y >= 0", Ge(x * y, 0)))
from_one = Domain("x >= 1", (real("x", at_least=1),))
above_one = Domain("x > 1", (real("x", above=1),))
whole, natural = (Domain(f"an integer k >= {least}", (size("k", least, 5),)) for least in (1, 0))


def ordered(domain):
    return domain.extended(f"{domain.name}, x <= y", hypothesis("x <= y", Le(x, y)))


def equal(source, env):
    """The equality case of a mean: both numbers the same."""
    return {**env, "y": env["x"]}


statement = theme("scalars", "Numbers", anything)


# --- powers, roots, logarithms -------------------------------------------------------------------------------------------
@pair(statement, "root-of-square", domain=(nonneg, anything))
def root_of_square():
    """sqrt(x^2) = x where x >= 0"""
    goal = yield Eq(sqrt(x**2), x)
    yield goal, by.identity()


@pair(statement, "root-of-squares", right=(absolute(x) * absolute(y), x * y))
def root_of_squares(right):
    """sqrt(x^2 y^2) = |x| |y|"""
    goal = yield Eq(sqrt(x**2 * y**2), right)
    yield goal, by.identity()


@pair(statement, "root-of-product", domain=(nonneg, one_sign))
def root_of_product():
    """sqrt(x y) = sqrt(x) sqrt(y) where both roots exist"""
    goal = yield Eq(sqrt(x * y), sqrt(x) * sqrt(y))
    yield goal, by.identity()


@pair(statement, "odd-root", domain=(nonneg, anything))
def odd_root():
    """(x^3)^(1/3) = x where x >= 0; a power 1/3 of a negative number has no value here"""
    goal = yield Eq((x**3) ** (num(1) / 3), x)
    yield goal, by.identity()


@pair(statement, "power-of-power", domain=(nonneg, anything))
def power_of_power():
    """(x^2)^(3/2) = x^3 where x >= 0"""
    goal = yield Eq((x**2) ** (num(3) / 2), x**3)
    yield goal, by.identity()


@pair(statement, "zero-power", domain=(whole, natural))
def zero_power():
    """0^k = 0 for k >= 1; 0^0 = 1"""
    goal = yield Eq(num(0) ** k, 0)
    yield goal, by.identity()


@pair(statement, "zero-to-the-zero", value=(1, 0))
def zero_to_the_zero(value):
    """x^0 = 1, also at x = 0"""
    goal = yield Eq(x ** num(0), value)
    yield goal, by.identity()


@pair(statement, "log-of-square", domain=(positive, nonzero))
def log_of_square():
    """log(x^2) = 2 log(x) where x > 0"""
    goal = yield Eq(log(x**2), 2 * log(x))
    yield goal, by.identity()


@pair(statement, "log-of-product", domain=positive, of=(x * y, x + y))
def log_of_product(of):
    """log(x y) = log(x) + log(y)"""
    goal = yield Eq(log(of), log(x) + log(y))
    yield goal, by.identity()


@pair(statement, "exp-of-sum", of=(x + y, x * y))
def exp_of_sum(of):
    """exp(x + y) = exp(x) exp(y)"""
    goal = yield Eq(exp(of), exp(x) * exp(y))
    yield goal, by.identity()


# --- divisions -----------------------------------------------------------------------------------------------------------
@pair(statement, "cancelled", domain=(nonzero, anything))
def cancelled():
    """x y / x = y where x != 0"""
    goal = yield Eq(x * y / x, y)
    yield goal, by.identity()


@pair(statement, "cancelled-factor", domain=(above_one, from_one))
def cancelled_factor():
    """(x^2 - 1) / (x - 1) = x + 1 where x != 1"""
    goal = yield Eq((x**2 - 1) / (x - 1), x + 1)
    yield goal, by.identity()


@pair(statement, "sign-of-positive", domain=(positive, nonneg))
def sign_of_positive():
    """The sign of a positive number is 1; that of 0 is 0"""
    goal = yield Eq(sign(x), 1)
    yield goal, by.identity()


@pair(statement, "order-of-inverses", domain=(ordered(positive), ordered(nonzero)))
def order_of_inverses():
    """1/y <= 1/x where 0 < x <= y"""
    goal = yield Le(1 / y, 1 / x)
    line = yield Le(x, y), by.trivially()
    yield goal, by.linear((line, 1 / (x * y)))


@pair(statement, "inverse-sum", domain=(positive, nonzero))
def inverse_sum():
    """x + 1/x >= 2 where x > 0"""
    goal = yield Ge(x + 1 / x, 2)
    yield goal, by.linear(squares=[(1 / x, x - 1)])


@pair(statement, "below-one", domain=nonneg, top=(1, Fraction(9, 10)))
def below_one(top):
    """x/(1 + x) < 1"""
    goal = yield Lt(x / (1 + x), top)
    gap = yield Eq(1 - x / (1 + x), 1 / (1 + x)), by.identity()
    yield goal, by.linear((gap, -1))


# --- orders --------------------------------------------------------------------------------------------------------------
@pair(statement, "order-of-squares", domain=(ordered(nonneg), ordered(anything)))
def order_of_squares():
    """x^2 <= y^2 where 0 <= x <= y"""
    goal = yield Le(x**2, y**2)
    line = yield Le(x, y), by.trivially()
    yield goal, by.raised(line, 2)


@pair(statement, "order-of-cubes", domain=ordered(anything), power=(3, 4))
def order_of_cubes(power):
    """x^3 <= y^3 where x <= y, of any sign"""
    goal = yield Le(x**power, y**power)
    line = yield Le(x, y), by.trivially()
    factor = yield Le(0, x**2 + x * y + y**2), by.linear(squares=[(1, x + y / 2), (Fraction(3, 4), y)])
    yield goal, products.scaled(line, factor)


@pair(statement, "two-means", domain=nonneg, near=equal, half=(HALF, Fraction(9, 20)))
def two_means(half):
    """The geometric mean is at most the arithmetic one"""
    goal = yield Le(sqrt(x * y), half * (x + y))
    yield goal, by.linear(squares=[(half, sqrt(x) - sqrt(y))])


@pair(statement, "roots-of-sums", domain=nonneg, relation=(Le, Ge))
def roots_of_sums(relation):
    """sqrt(x + y) <= sqrt(x) + sqrt(y)"""
    goal = yield relation(sqrt(x + y), sqrt(x) + sqrt(y))
    squared = yield relation(sqrt(x + y) ** 2, (sqrt(x) + sqrt(y)) ** 2), by.sign()
    yield goal, basic.by_squares(squared)


@pair(statement, "root-below", domain=(from_one, nonneg))
def root_below():
    """sqrt(x) <= x where x >= 1"""
    goal = yield Le(sqrt(x), x)
    one = yield Le(1, x), by.sign()
    root = yield Le(1, sqrt(x)), by.raised(one, HALF)
    yield goal, by.linear((root, sqrt(x)))


@pair(statement, "cubes-and-squares", domain=(nonneg, anything))
def cubes_and_squares():
    """x^3 + y^3 >= x^2 y + x y^2 where x, y >= 0"""
    goal = yield Ge(x**3 + y**3, x**2 * y + x * y**2)
    yield goal, by.linear(squares=[(x + y, x - y)])


@tempting("scalars.root-of-square-near")
def squared_back():
    """Both sides have the same square"""
    goal = yield Eq(sqrt(x**2), x)
    squares = yield Eq(sqrt(x**2) ** 2, x**2), by.identity()
    yield goal, by.linear(using=[squares])


@tempting("scalars.cancelled-near")
def divided():
    """The equation x y = x y, divided by x"""
    goal = yield Eq(x * y / x, y)
    same = yield Eq(x * y, x * y), by.identity()
    yield goal, by.linear((same, 1 / x))


@tempting("scalars.order-of-squares-near")
def by_the_difference():
    """y^2 - x^2 = (y - x)(y + x), and y - x >= 0"""
    goal = yield Le(x**2, y**2)
    line = yield Le(x, y), by.trivially()
    yield goal, by.linear((line, x + y))
