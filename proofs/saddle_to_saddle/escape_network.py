"""The escape directions that C.1.1 lists for H = Tr[G^T A] (paper, lines 660 to 668), their speeds and the optimal one.

W_l = w_l w_(l-1)^T / sqrt(L) with unit vectors, w_0 = v_i and w_L = +-u_i singular vectors of G, is an escape direction of
speed +-s_i / L^((L-2)/2), for every depth L >= 2 and all widths; and no escape direction is faster than -s_1 / L^((L-2)/2).
"""

import math
from fractions import Fraction

import numpy as np
from flint import fmpq

from proofs.saddle_to_saddle import network_directions as net, network_lines as lines
from proofs.saddle_to_saddle.network_directions import L, W, j, l
from theorycheck.evaluate.numbers import to_arb
from theorycheck.evaluate.values import evaluate
from theorycheck.exact import homogeneous_rules as hom, rules as by
from theorycheck.exact.cited import CAUCHY_SCHWARZ
from theorycheck.exact.matrix_rules import defined
from theorycheck.models.homogeneous_checks import aligned, growth_rate, minimum_at_width_one
from theorycheck.models.linear_form import optimal_instance
from theorycheck.tree import Defined, Eq, Ge, Le, Lt, Node, Psd, eye, gradient_of, inner, norm, num, total
from theorycheck.verdict import Erratum, Evidence, Outcome


def cost_printed():
    """The cost Tr[G A] for G of the shape of A"""
    product_ = Node("matmul", (net.G, net.A), (net.n[L], net.n[0]))
    yield Defined(Node("trace", (product_,), ()))


def cost():
    """The cost Tr[G^T A] is defined for all sizes"""
    goal = yield Defined(net.H)
    yield goal, defined()


def unit():
    """The directions of line 664 have norm 1"""
    goal = yield Eq(total(j, 1, L, norm(W[j]) ** 2), 1)
    yield goal, by.identity(net.LAYERS, net.UNIT)


def speed(power):
    """The directions of line 664 are escape directions of speed +-s_i / L^((L-2)/2), for every depth and all widths"""

    def at(l):
        return Eq(gradient_of(net.H, W[l]), net.sign * net.s[net.i] / L ** ((L - power) / 2) * W[l])

    goal = yield at(l)
    chain = yield (
        Eq(W.chain(net.hi, net.lo), L ** (-(net.hi - net.lo + 1) / 2) * net.w[net.hi] @ net.w[net.lo - 1].T),
        by.telescope("W", net.hi, net.LAYERS, net.UNIT),
    )
    products = by.generic(chain, [Ge(net.lo, 1), Le(net.lo, L), Ge(net.hi, net.lo), Le(net.hi, L)], net.hi, net.lo)
    names = (net.UNIT, net.FIRST, net.LAST, "the sign", "G^T u = s v", "G v = s u", "v is a unit vector")
    first = yield at(num(1)), by.identity(products, *names)
    last = yield at(L), by.identity(products, *names)
    inside = yield goal, by.under([Le(num(1) + 1, l), Le(l + 1, L)], by.identity(products, *names))
    yield goal, hom.ends(first, inside, last, l)


def layer_norms(count):
    """All layers of an escape direction of nonzero speed have the squared norm 1/L"""
    goal = yield Eq(norm(W[l]) ** 2, count / L)
    _, norms = yield from lines.equal_norms()
    yield goal, by.linear(norms)


def optimal_speed(power):
    """No escape direction is faster than -s_1 / L^((L-2)/2), for every depth and all widths"""
    goal = yield Ge(net.speed, -net.s[1] / L ** ((L - power) / 2))
    backward = yield goal, by.under([Le(0, net.speed)], by.sign())
    value, rest, last = yield from lines.inner_norm()
    X, Y = -net.G.T @ W[L], W.chain(L - 1, 1).T
    cauchy = yield Le(inner(X, Y), norm(X) * norm(Y)), by.cite(CAUCHY_SCHWARZ, X=X, Z=Y, a=net.n[0], b=net.n[L - 1])
    psd = yield Psd(net.s[1] ** 2 * eye(net.n[L]) - net.G @ net.G.T), by.given("s_1 bounds G")
    square = yield Le(norm(X) ** 2, net.s[1] ** 2 * norm(W[L]) ** 2), by.congruence(psd, W[L])
    x_norm = yield Le(norm(X), net.s[1] * norm(W[L])), by.raised(square, Fraction(1, 2))
    y_norm = yield Le(norm(Y), L ** ((1 - L) / 2)), by.raised(rest, Fraction(1, 2))
    last_norm = yield Le(norm(W[L]), L ** (-num(1) / 2)), by.raised(last, Fraction(1, 2))
    s_1 = net.s[1]
    bounds = [(cauchy, L), (x_norm, L * norm(Y)), (y_norm, L * s_1 * norm(W[L])), (last_norm, L * s_1 * L ** ((1 - L) / 2))]
    forward = yield goal, by.under([Lt(net.speed, 0)], by.linear(*bounds, value))
    yield goal, hom.cases(forward, backward, net.speed, num(0))


RUNS = {"quick": (((3, 2, 2, 2), 8),), "full": (((2, 3, 2), 32), ((3, 2, 2, 2), 32), ((2, 3, 3, 3, 2), 32))}


def bound_of(check, depth, largest):
    """The bound that the claim states, for s_1 = largest."""
    return float(to_arb(evaluate(check.tree.nodes[1], {"L": depth, "s": {1: fmpq(largest)}})).mid())


def runs_align(check):
    """Runs of H from random starts end at no faster direction; how many at the bound; for L = 2 the norm grows at that rate"""
    found = []
    for sizes, batch in RUNS[check.level]:
        G = np.zeros((sizes[-1], sizes[0]))
        G[0, 0], G[1, 1] = 2, 1
        bound = bound_of(check, len(sizes) - 1, 2)
        ends = aligned(sizes, G, batch, check.seed)[1]
        found.append((bound - ends.min(), float(np.mean(ends - bound < 1e-4))))
    rate = growth_rate((2, 3, 2), np.diag([2.0, 1.0]), check.seed, 20, 40)
    worst = max([beyond for beyond, _ in found] + [rate + bound_of(check, 2, 2)])
    share = min(part for _, part in found)
    summary = f"{share:.0%} of the runs align with the bound; at most {worst:.1e} beyond it; growth rate {rate:.6f} for L = 2"
    outcome = Outcome.SUPPORTS if worst < 1e-4 else Outcome.CONTRADICTS
    return Evidence("flow", outcome, summary, margin=f"{worst:.1e}", coverage="random starts on the unit sphere")


def least_value_enclosed(check):
    """At width 1 and L = 3 the minimum of x y z on the sphere is enclosed by bisection; 3 times it meets the bound"""
    lower, certified = minimum_at_width_one(3, fmpq(1, 1000))
    attained, bound = -1 / math.sqrt(27), bound_of(check, 3, 1)
    summary = f"minimum between {lower.str(6)} and {attained:.6f}; the claim says {bound / 3:.6f}"
    if certified is not True:
        return Evidence("ball", Outcome.NOTHING, summary, reason="the bisection did not finish")
    inside = float(lower.mid()) <= bound / 3 <= attained + 1e-12
    return Evidence("ball", Outcome.SUPPORTS if inside or bound / 3 < attained else Outcome.CONTRADICTS, summary)


TRANSPOSED = Erratum(
    "notation",
    "G is n_L x n_0, as line 607 says",
    "Tr[G A] needs n_L = n_0; it is Tr[G^T A], as line 662 has it (lines 607, 676, 678 and 692 do not)",
    stands=("everything about Tr[G^T A]",),
)


def enter(statement):
    """Add the claims of lines 662 to 666 about the cost, the directions listed, and the optimal speed."""
    statement.claim("cost-printed", line=607, expects="refuted", domain=net.any_point, erratum=TRANSPOSED)(cost_printed)
    statement.claim("cost", line=662, expects="proved", domain=net.any_point, corrects="cost-printed")(cost)
    statement.claim("unit", line=664, expects="proved", domain=net.rank_one)(unit)
    statement.claim("speed", line=666, main=True, expects="proved", domain=net.rank_one, power=2)(speed)
    statement.claim("layer-norms", line=664, expects="proved", domain=net.moving, count=1)(layer_norms)
    options = {"line": 666, "main": True, "expects": "proved", "domain": net.any_direction, "near": optimal_instance}
    fastest = statement.claim("optimal-speed", power=2, **options)(optimal_speed)
    fastest.leg("flow")(runs_align)
    fastest.leg("ball")(least_value_enclosed)
