"""Numbers in a bounded domain, certified in ball arithmetic on all of it: constants just above and just below the best one."""

from fractions import Fraction

from tests.corpus.entering import pair, theme
from theorycheck.domain import Domain, hypothesis, real, size
from theorycheck.tree import Gt, Le, Lt, exp, log, sym

x, y, n = sym("x"), sym("y"), sym("n")
ENDS = (Fraction(1, 2), 2)


def between(*names):
    """1/2 <= x <= 2 for each of the names."""
    top = tuple(hypothesis(f"{name} <= 2", Le(sym(name), 2)) for name in names)
    return Domain(f"1/2 <= {', '.join(names)} <= 2", tuple(real(name, at_least=Fraction(1, 2)) for name in names), top)


one, two = between("x"), between("x", "y")
counted = one.extended("1/2 <= x <= 2, n >= 1", size("n"))
statement = theme("boxes", "Numbers on a box", one)


def percent(true, false):
    """Two constants in hundredths."""
    return Fraction(true, 100), Fraction(false, 100)


def on_box(name, domain=one, **values):
    box = {v.name: 3 if v.integer else ENDS for v in domain.variables}
    return pair(statement, name, domain=domain, box=box, **values)


@on_box("logarithm", c=percent(1, -1))
def logarithm(c):
    """log x < x - 1 + c"""
    yield Lt(log(x), x - 1 + c)


@on_box("exponential", c=percent(50, 60))
def exponential(c):
    """e^x > 1 + x + c x^2"""
    yield Gt(exp(x), 1 + x + c * x**2)


@on_box("bernoulli", c=percent(210, 209))
def bernoulli(c):
    """(1 + x)^(3/2) < 1 + c x"""
    yield Lt((1 + x) ** Fraction(3, 2), 1 + c * x)


@on_box("bump", c=percent(37, 36))
def bump(c):
    """x e^-x < c"""
    yield Lt(x * exp(-x), c)


@on_box("entropy", c=percent(35, 34))
def entropy(c):
    """-x log x < c"""
    yield Lt(-x * log(x), c)


@on_box("softplus", c=percent(48, 47))
def softplus(c):
    """log(1 + e^x) < x + c"""
    yield Lt(log(1 + exp(x)), x + c)


@on_box("power", two, c=percent(24, 26))
def power(c):
    """x^y > c"""
    yield Gt(x**y, c)


@on_box("means", two, c=percent(190, 201))
def means(c):
    """x y + 1 / (x y) > c"""
    yield Gt(x * y + 1 / (x * y), c)


@on_box("compound", counted, c=percent(0, 10))
def compound(c):
    """(1 + x/n)^n < e^x - c, certified for n = 3"""
    yield Lt((1 + x / n) ** n, exp(x) - c)
