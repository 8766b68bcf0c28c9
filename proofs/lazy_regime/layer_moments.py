"""Second and fourth moments of products of Gaussian layers, for any depth and any widths (behind lines 541 to 581).

What Proposition 17 sums over pairings, in closed form and with hidden widths that may differ from each other. Not printed: the
lines are those of the sums.
"""

from flint import fmpq

from proofs.lazy_regime.gaussian_layers import (
    EXEMPT,
    RANGES,
    X_1,
    X_2,
    L,
    W,
    any_widths,
    four,
    grown,
    h,
    images,
    j,
    m,
    matrices,
    mean,
    n,
    pairs,
    s,
    squares,
    through,
)
from proofs.lazy_regime.random_networks import equal_widths, segments, w
from theorycheck.cli import run_module
from theorycheck.exact import induction_rules as induction, rules as by
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Le, inner, product

statement = Statement("layer-moments", "Moments of products of Gaussian layers", "B.3", any_widths)


def parallel(source, env):
    """All vectors are equal, so that the pairings agree."""
    return {**env, **{f"x_{k}": env["x_1"] for k in (2, 3, 4)}}


def equal_matrices(source, env):
    """X_2 = X_1: the moment does not vanish."""
    return {**env, "X_2": env["X_1"]}


@statement.claim("second", line=551, domain=matrices, main=True, expects="proved", exempt=EXEMPT, near=equal_matrices, power=1)
def second(power):
    """E<C X, C Y> is <X, Y> times s and the width for each layer"""

    def moment(at):
        return inner(W.chain(at, m + 1) @ X_1, W.chain(at, m + 1) @ X_2)

    goal = yield Eq(mean(moment(h)), s ** (power * (h - m)) * through(lambda n: n) * inner(X_1, X_2))
    line = yield from grown(moment, inner(X_1, X_2), lambda n: n, 1)
    yield goal, by.linear(line)


@statement.claim("mass", line=551, expects="proved", exempt=EXEMPT, power=1)
def mass(power):
    """E|C|^2, with the width n_m of the input"""
    goal = yield Eq(mean(inner(W.chain(h, m + 1), W.chain(h, m + 1))), s ** (power * (h - m)) * through(lambda n: n) * n[m])
    line = yield from grown(lambda at: inner(W.chain(at, m + 1), W.chain(at, m + 1)), n[m], lambda n: n, 1)
    yield goal, by.linear(line)


def all_pairs(u):
    p, q, r = pairs(u)
    return p + q + r


@statement.claim("fourth", line=553, main=True, expects="proved", exempt=EXEMPT, near=parallel, two=2)
def fourth(two):
    """The sum over the three pairings is multiplied by n (n + 2) s^2 in each layer"""
    goal = yield Eq(mean(all_pairs(images(h))), s ** (2 * (h - m)) * through(lambda n: n * (n + two)) * all_pairs(four))
    line = yield from grown(lambda at: all_pairs(images(at)), all_pairs(four), lambda n: n * (n + 2), 2)
    yield goal, by.linear(line)


def orthogonal_pair(source, env):
    """One layer of width 2, x_1 = x_2 and x_3 = x_4 orthogonal: two pairings differ."""
    e, f = ((fmpq(1),), (fmpq(0),)), ((fmpq(0),), (fmpq(1),))
    two = {"n": dict.fromkeys(env["n"], 2), "m": 0, "h": 1, "s": fmpq(source.integer(2, 3))}
    return {**env, **two, "x_1": e, "x_2": e, "x_3": f, "x_4": f}


@statement.claim("difference", line=553, main=True, expects="proved", exempt=EXEMPT, near=orthogonal_pair, one=1)
def difference(one):
    """The difference of two pairings is multiplied by n (n - 1) s^2 in each layer"""
    goal = yield Eq(mean(gap(images(h))), s ** (2 * (h - m)) * through(lambda n: n * (n - one)) * gap(four))
    line = yield from grown(lambda at: gap(images(at)), gap(four), lambda n: n * (n - 1), 2)
    yield goal, by.linear(line)


def gap(u):
    p, q, _ = pairs(u)
    return p - q


@statement.claim("matrix-sum", line=581, expects="proved", exempt=EXEMPT, two=2)
def matrix_sum(two):
    """E[|C|^4 + 2 |C C^T|^2]"""
    start = n[m] * (n[m] + 2)
    goal = yield Eq(mean(weighted(h, 2)), s ** (2 * (h - m)) * through(lambda n: n * (n + two)) * start)
    line = yield from grown(lambda at: weighted(at, 2), start, lambda n: n * (n + 2), 2)
    yield goal, by.linear(line)


@statement.claim("matrix-difference", line=581, expects="proved", exempt=EXEMPT, one=1)
def matrix_difference(one):
    """E[|C|^4 - |C C^T|^2]"""
    start = n[m] * (n[m] - 1)
    goal = yield Eq(mean(weighted(h, -1)), s ** (2 * (h - m)) * through(lambda n: n * (n - one)) * start)
    line = yield from grown(lambda at: weighted(at, -1), start, lambda n: n * (n - 1), 2)
    yield goal, by.linear(line)


def weighted(at, factor, start=m):
    one, other = squares(at, start)
    return one + factor * other


@statement.claim("joined", line=565, expects="proved", exempt=RANGES)
def joined():
    """The widths up to m and those above"""

    def line(at):
        return Eq(product(j, 1, at, n[j]), product(j, 1, m, n[j]) * through(lambda n: n, at))

    goal = yield line(h)
    base = yield line(m), by.identity()
    known = yield line(h), induction.assumed()
    whole = yield Eq(product(j, 1, h + 1, n[j]), product(j, 1, h, n[j]) * n[h + 1]), by.last_one()
    part = yield Eq(through(lambda n: n, h + 1), through(lambda n: n) * n[h + 1]), by.last_one()
    terms = (known, n[h + 1]), whole, (part, -product(j, 1, m, n[j]))
    step = yield line(h + 1), by.under([Le(h + 1, L - 1)], by.linear(*terms))
    found = yield line(h), induction.over(h, base, step)
    yield goal, by.linear(found)


@statement.claim("widths", line=44, domain=segments, expects="proved", exempt=RANGES)
def widths_():
    """Where the hidden widths are equal, their product is a power"""
    goal = yield Eq(through(lambda n: n), w ** (h - m))
    line = yield from equal_widths()
    yield goal, by.linear(line)


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
