"""Second and fourth moments of products of Gaussian layers, for any depth and any widths (behind lines 541 to 581).

Not printed; what Proposition 17 sums over pairings is here in closed form, with the hidden widths different from each other.
"""

from proofs.lazy_regime.gaussian_layers import any_widths, four, grown, h, images, j, m, mean, n, pairs, s, squares, through
from theorycheck.cli import run_module
from theorycheck.exact import rules as by
from theorycheck.statement import Statement
from theorycheck.tree import Eq, inner, norm

statement = Statement("layer-moments", "Moments of products of Gaussian layers", "B.3", any_widths)


@statement.claim("second", line=551, main=True, expects="proved", one=1)
def second(one):
    """E<C x, C y> = s^(h - m) <x, y> times the widths of the layers"""
    u, v = four[:2]
    goal = yield Eq(mean(inner(images(h)[0], images(h)[1])), s ** (h - m) * through(lambda n: one * n) * inner(u, v))
    line = yield from grown(lambda at: inner(images(at)[0], images(at)[1]), inner(u, v), lambda n: n, 1)
    yield goal, by.linear(line)


@statement.claim("fourth", line=553, main=True, expects="proved", two=2)
def fourth(two):
    """The sum over the three pairings grows by n (n + 2) with every layer"""
    start = sum(pairs(four)[1:], pairs(four)[0])
    goal = yield Eq(mean(sum(pairs(images(h))[1:], pairs(images(h))[0])), s ** (2 * (h - m)) * through(lambda n: n * (n + two)) * start)
    line = yield from grown(lambda at: sum(pairs(images(at))[1:], pairs(images(at))[0]), start, lambda n: n * (n + 2), 2)
    yield goal, by.linear(line)


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
