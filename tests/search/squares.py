"""Small claims about two numbers: one as sharp as can be, one with room to spare, an equation, and one with two hypotheses."""

from theorycheck.domain import Domain, real
from theorycheck.exact import rules as by
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Ge, Gt, sym

a, b, c = sym("a"), sym("b"), sym("c")
statement = Statement("squares", "Squares", "1", Domain("two numbers", (real("a"), real("b"))))


def equal(source, env):
    return {**env, "b": env["a"]}


@statement.claim("sharp", line=1, main=True, expects="proved", near=equal, factor=2)
def sharp(factor):
    """a^2 + b^2 >= 2 a b"""
    goal = yield Ge(a**2 + b**2, factor * a * b)
    yield goal, by.linear(squares=[(1, a - b)])


@statement.claim("loose", line=2, expects="proved", near=equal, factor=3)
def loose(factor):
    """3 (a^2 + b^2) >= (a + b)^2, true with 2"""
    goal = yield Ge(factor * (a**2 + b**2), (a + b) ** 2)
    first = yield Ge(a**2, 0), by.sign()
    second = yield Ge(b**2, 0), by.sign()
    yield goal, by.linear(squares=[(1, a - b)], slack=[first, second])


@statement.claim("equation", line=3, expects="proved", two=2)
def equation(two):
    """(a + b)^2 = a^2 + 2 a b + b^2"""
    goal = yield Eq((a + b) ** 2, a**2 + two * a * b + b**2)
    yield goal, by.identity()


@statement.claim(
    "product", line=4, expects="proved", domain=Domain("a > 0", (real("a", above=0), real("b"), real("c", above=0)))
)
def product():
    """a (b^2 + 1) > 0; that c > 0 is not needed"""
    goal = yield Gt(a * (b**2 + 1), 0)
    yield goal, by.sign()
