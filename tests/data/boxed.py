"""Claims between numbers that are to be certified on a box."""

from fractions import Fraction

from theorycheck.domain import Domain, hypothesis, real, size
from theorycheck.statement import Statement
from theorycheck.tree import Le, Lt, exp, log, minimum, sym

a, b, n = sym("a"), sym("b"), sym("n")
reals = Domain("a >= 0, b > 0", (real("a", at_least=0), real("b", above=0)))
order_and_top = (hypothesis("a < b", Lt(a, b)), hypothesis("b <= 1", Le(b, 1)))
ordered = Domain("a < b <= 1", (real("a"), real("b"), size("n")), order_and_top)
SQUARE = {"a": (0, 2), "b": (Fraction(1, 10), 2)}
statement = Statement("boxed", title="On boxes", section="1", domain=reals)


@statement.claim("young", line=1, main=True, expects="certified", box=SQUARE, least=Fraction(1, 10))
def young(least):
    """Young's inequality with the exponents 3 and 3/2, and a bit more"""
    yield Lt(a * b, a**3 / 3 + Fraction(2, 3) * b ** Fraction(3, 2) + least)


@statement.claim("young-equal", line=1, expects="supported", box=SQUARE)
def young_equal():
    """Young's inequality itself is an equality on a curve, which no box shows"""
    yield Le(a * b, a**3 / 3 + Fraction(2, 3) * b ** Fraction(3, 2))


@statement.claim("logarithm", line=1, expects="certified", box={"a": (Fraction(1, 2), 10), "b": (1, 3)})
def logarithm():
    """log(1 + a) <= a, certified away from 0 only, where the two are equal"""
    yield Le(b * log(1 + a), b * a)


@statement.claim("order", line=1, expects="certified", domain=ordered, box={"a": (-1, 2), "b": (-1, 2), "n": 3})
def order():
    """Outside of the hypotheses it fails: at a = 2, b = -1, and at a = 2, b = 2 it is not asked"""
    yield Lt(exp(n * a), exp(n * b) + Fraction(1, 2))


@statement.claim("least", line=1, expects="certified", box=SQUARE)
def least():
    """The minimum is at most the mean, and a bit more, also where the two are equal"""
    yield Lt(minimum(a, b), (a + b) / 2 + Fraction(1, 100))
