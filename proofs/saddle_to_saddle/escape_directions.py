"""Escape directions of a k-homogeneous cost (paper lines 629 to 635) and of a deep linear network (C.1.1, lines 660 to 668).

An escape direction is a unit vector rho with grad H(rho) = s rho; s is its speed. Euler's relation gives H(rho) = s/k, gradient
flow from c rho stays on its ray (in closed form), and the minimizer of H on the sphere is the direction of least speed.
For H = Tr[G^T A] of depth L >= 2 and any widths: the directions of line 664 are escape directions of the printed speeds and no
direction is faster than -s_1/L^((L-2)/2). But for L >= 3 they are not all: several modes may move together. Those of nonzero
speed are balanced, and of the printed form as soon as one layer has rank one. Line 666 ends in an unfinished sentence (scan).
"""

import math
from fractions import Fraction

import numpy as np
from flint import fmpq

from proofs.saddle_to_saddle import network_directions as net, network_lines as lines
from theorycheck.domain import Domain, derived, drawn, hypothesis, matrix, rational, real, size
from theorycheck.evaluate.numbers import to_arb
from theorycheck.evaluate.values import evaluate, inner as dot, scale
from theorycheck.exact import homogeneous_rules as hom, rules as by
from theorycheck.exact.cited import CAUCHY_SCHWARZ
from theorycheck.exact.matrix_rules import defined
from theorycheck.models.costs import column_of, orthogonal
from theorycheck.models.homogeneous import PowerSum, least_on_sphere, power_sum, time_before_blow_up, with_escape_direction
from theorycheck.models.homogeneous_checks import aligned, growth_rate, minimum_at_width_one
from theorycheck.statement import Statement
from theorycheck.tree import (
    All,
    Defined,
    Dt,
    Eq,
    Flow,
    Function,
    Ge,
    Gt,
    Le,
    Lt,
    Node,
    Psd,
    exp,
    eye,
    gradient_of,
    inner,
    mat,
    norm,
    num,
    product,
    sqrt,
    sym,
    total,
    trace,
    vec,
)
from theorycheck.verdict import Erratum, Evidence, Outcome

n, k, a, s, c, t, m = (sym(name) for name in ("n", "k", "a", "s", "c", "t", "m"))
z, y, rho, best = vec("z", n), vec("y", n), vec("rho", n), vec("rho_best", n)
H = Function("H")
x = Flow("x", "H", (n, num(1)))
L, l, j, W = net.L, net.l, net.j, net.W


def first_axis(env):
    return tuple((row[0],) for row in env["frame"])


def degree(k):
    """Line 607, for the degree k."""
    return hypothesis(
        "homogeneous", Eq(H(a * z), a**k * H(z)), 607, variables=("a", "z"), given=(Gt(a, 0),),
        test=lambda env: env["H"].degree == env["k"],
    )  # fmt: skip


def directions(name, k, *how_k):
    """Costs of degree k with an escape direction rho of speed s."""
    return Domain(
        name,
        (
            size("n"),
            *how_k,
            real("a", above=0),
            column_of("z"),
            drawn("frame", lambda source, env: orthogonal(source, env["n"])),
            derived("rho", first_axis),
            drawn("H", with_escape_direction),
            derived("s", lambda env: dot(env["rho"], env["H"].gradient(env["rho"]))),
        ),
        (
            degree(k),
            hypothesis("rho is a unit vector", Eq(norm(rho) ** 2, 1), 629),
            hypothesis("rho is an escape direction", Eq(H.grad(rho), s * rho), 629),
        ),
    )


domain = directions("k-homogeneous costs, k >= 2, with an escape direction", k, size("k", least=2, most=5))
quadratic = directions("2-homogeneous costs with an escape direction", num(2), derived("k", lambda env: 2))
deep = directions(  # exponents are written with m = k - 2, so that (k-1)/(k-2) = 1 + 1/m is decided by expansion
    "k-homogeneous costs with an escape direction, before k = m + 2 is said",
    m + 2,
    size("m"),
    derived("k", lambda env: env["m"] + 2),
).extended("k-homogeneous costs, k = m + 2 >= 3, with an escape direction", hypothesis("k is m + 2", Eq(k, m + 2), 607))
quadratic_anytime = quadratic.extended(f"{quadratic.name}, at any time", real("t"))
deep_signed_time = deep.extended(
    f"{deep.name}, where the printed base is positive",
    real("t"),
    hypothesis("the base is positive", Gt((k - 2) * s * (-t), 0), 629),
)
deep_backward_time = deep.extended(
    f"{deep.name}, where the base is positive",
    real("t"),
    hypothesis("the base is positive", Gt((k - 2) * s * t, 0), 629),
    hypothesis("the base is positive, in m", Gt(m * s * t, 0), 629),
)

statement = Statement("escape-directions", "Escape directions, their speeds, and those of a linear network", "C.1", domain)


def gradient_at(factor, degree):
    """grad H(factor rho) = factor^(k-1) s rho for a factor > 0."""
    slope = yield Eq(a * H.grad(a * z), a**degree * H.grad(z)), hom.differentiated("homogeneous", z)
    there = (
        yield Eq(factor * H.grad(factor * rho), factor**degree * H.grad(rho)),
        by.cite(by.generic(slope, [Gt(a, 0)], a, z), a=factor, z=rho),
    )
    escape = "rho is an escape direction"
    return (
        yield Eq(H.grad(factor * rho), factor ** (degree - 1) * s * rho),
        by.linear((there, 1 / factor), using=[escape]),
    )


@statement.claim("value", line=635, main=True, expects="proved", degree=1)
def value(degree):
    """H(rho) = s / k at every escape direction"""
    goal = yield Eq(H(rho), degree * s / k)
    euler = yield Eq(inner(H.grad(a * z), z), k * a ** (k - 1) * H(z)), hom.differentiated("homogeneous", a)
    at = yield Eq(inner(H.grad(rho), rho), k * H(rho)), by.cite(by.generic(euler, [Gt(a, 0)], a, z), a=num(1), z=rho)
    yield goal, by.linear((at, -1 / k), using=["rho is an escape direction", "rho is a unit vector"])


@statement.claim("ray-quadratic", line=629, expects="proved", domain=quadratic_anytime)
def ray_quadratic():
    """For k = 2 the path rho e^(-st) is a gradient-flow line"""
    path = exp(-s * t) * rho
    goal = yield Eq(Dt(path), -H.grad(path))
    slope = yield from gradient_at(exp(-s * t), num(2))
    yield goal, by.identity(slope)


SIGN = Erratum(
    "constant",
    "s is the speed of line 629 (negative where rho escapes) and the base is positive, as a power asks",
    "the base has the wrong sign: it must be (k-2) s t; with the printed one the path runs against the flow",
    stands=("the path with (k-2) s t; line 152 and Theorem 4, which measure the speed by s_1 > 0",),
)


@statement.claim(
    "ray-printed", line=629, expects="refuted", erratum=SIGN, domain=deep_signed_time, power=1
)
def ray_printed(power):
    """For k > 2 the path rho ((k-2) s (-t))^(-1/(k-2)) as printed"""
    path = ((k - 2) * s * (-t)) ** (-power / m) * rho
    yield Eq(Dt(path), -H.grad(path))


@statement.claim(
    "ray", line=629, expects="proved", corrects="ray-printed", domain=deep_backward_time, power=1
)
def ray(power):
    """For k > 2 the path rho ((k-2) s t)^(-1/(k-2)) is a gradient-flow line"""
    length = ((k - 2) * s * t) ** (-power / m)
    goal = yield Eq(Dt(length * rho), -H.grad(length * rho))
    slope = yield from gradient_at(((k - 2) * s * t) ** (-1 / m), m + 2)
    yield goal, by.identity(slope, "k is m + 2")


def from_the_ray(base, inside):
    """The base domain with the flow line x from c rho, c > 0, at times t >= 0 before it ends."""

    def time(source, env):
        return time_before_blow_up(source, env["H"].rates(scale(env["c"], env["rho"])))

    return base.extended(
        f"{base.name}, and the flow line from a point of its ray",
        real("c", above=0),
        derived("x", lambda env: env["H"].flow(scale(env["c"], env["rho"]))),
        drawn("t", time),
        hypothesis("x starts at c rho", Eq(x(0), c * rho), 629),
        hypothesis("t >= 0", Ge(t, 0), 629),
        *inside,
    )


alive = hypothesis("t lies in the maximal interval", Gt(1 + m * s * c**m * t, 0))


@statement.claim("stays-quadratic", line=629, main=True, expects="proved", domain=from_the_ray(quadratic, ()))
def stays_quadratic():
    """For k = 2 the flow from c rho stays on the ray: x(t) = c e^(-st) rho"""
    goal = yield Eq(x(t), c * exp(-s * t) * rho)
    slope = yield from gradient_at(c * exp(-s * t), num(2))
    start = yield Eq(c * exp(-s * 0) * rho, x(0)), by.identity("x starts at c rho")
    rate = yield Eq(Dt(c * exp(-s * t) * rho), -H.grad(c * exp(-s * t) * rho)), by.identity(slope)
    yield goal, hom.unique_flow(start, rate)


@statement.claim("stays", line=629, main=True, expects="proved", domain=from_the_ray(deep, (alive,)), power=1)
def stays(power):
    """For k > 2 the flow from c rho stays on the ray: x(t) = c (1 + (k-2) s c^(k-2) t)^(-1/(k-2)) rho"""
    length = lambda time, power=1: c * (1 + m * s * c**m * time) ** (-power / m)  # noqa: E731
    goal = yield Eq(x(t), length(t, power) * rho)
    slope = yield from gradient_at(length(t), m + 2)
    start = yield Eq(length(0) * rho, x(0)), by.identity("x starts at c rho")
    rate = yield Eq(Dt(length(t) * rho), -H.grad(length(t) * rho)), by.identity(slope)
    yield goal, hom.unique_flow(start, rate)


# --- the optimal direction (lines 631 to 635) and quadratic forms (line 629) ----------------------------------------------
def lowest_first(source, env):
    """A cost whose minimum on the sphere is at the first axis of the frame."""
    cost = power_sum(source, env)
    lowest = -max(abs(w) for w in cost.weights) - abs(rational(source))
    return PowerSum(cost.degree, (lowest, *cost.weights[1:]), env["frame"], cost.polynomial)


def at_the_minimum(source, env):
    """rho is the minimizer; half of the time for a positive quadratic form."""
    moved = {**env, "rho": env["rho_best"]}
    if source.integer(0, 1):
        weights = tuple(fmpq(k + 1) for k in range(env["n"]))
        moved |= {"k": 2, "H": PowerSum(2, weights, env["frame"]), "m": fmpq(1, 2)}
    return {**moved, "s": moved["k"] * moved["m"]}


MINIMUM = hypothesis(
    "m is the minimum on the sphere", Ge(H(z), m), 633, variables=("z",), given=(Eq(norm(z) ** 2, 1),),
    test=lambda env: least_on_sphere(env["H"]) == env["m"],
)  # fmt: skip
lowest = Domain(
    "k-homogeneous costs with a minimizer on the unit sphere, and any escape direction",
    (
        size("n"),
        size("k", least=2, most=5),
        real("a", above=0),
        column_of("z"),
        column_of("y"),
        drawn("frame", lambda source, env: orthogonal(source, env["n"])),
        derived("rho_best", first_axis),
        drawn("H", lowest_first),
        derived("m", lambda env: env["H"].value(env["rho_best"])),
        drawn("rho", lambda source, env: net.column(env["frame"], source.integer(0, env["n"] - 1))),
        derived("s", lambda env: dot(env["rho"], env["H"].gradient(env["rho"]))),
    ),
    (
        *domain.conditions,
        MINIMUM,
        hypothesis("the minimizer is a unit vector", Eq(norm(best) ** 2, 1), 633),
        hypothesis("the minimizer is not 0", Gt(norm(best), 0), 633),
        hypothesis("the minimum is attained", Eq(H(best), m), 633),
        hypothesis("y is not 0", Gt(norm(y), 0)),
    ),
)


@statement.claim("minimizer-escapes", line=631, main=True, expects="proved", domain=lowest, factor=1)
def minimizer_escapes(factor):
    """A minimizer of H on the sphere is an escape direction, of speed k times the minimum"""
    goal = yield Eq(H.grad(best), factor * k * m * best)
    unit = 1 / norm(y) * y
    on_sphere = yield Eq(norm(unit) ** 2, 1), by.identity()
    low = yield Ge(H(unit), m), by.given_with([on_sphere], "m is the minimum on the sphere", z=unit)
    back = yield Eq(H(norm(y) * unit), norm(y) ** k * H(unit)), by.given("homogeneous", a=norm(y), z=unit)
    bound = yield Ge(H(y), m * norm(y) ** k), by.linear((low, norm(y) ** k), (back, -1))
    known = ["the minimum is attained", "the minimizer is a unit vector"]
    contact = yield Eq(m * norm(best) ** k, H(best)), by.identity(*known)
    slope = yield Eq(H.grad(best), m * k * norm(best) ** (k - 2) * best), hom.touching(bound, contact, y)
    yield goal, by.linear(slope, using=known[1:])


@statement.claim(
    "least-speed", line=631, main=True, expects="proved", domain=lowest, factor=1,
    near=at_the_minimum,
)  # fmt: skip
def least_speed(factor):
    """No escape direction is faster: every speed is at least k times the minimum of H on the sphere"""
    goal = yield Ge(s, factor * k * m)
    euler = yield Eq(H(rho), s / k), by.uses("escape-directions.value")
    low = yield Ge(H(rho), m), by.given("m is the minimum on the sphere", z=rho)
    yield goal, by.linear((low, k), (euler, k))


square = Domain("square matrices", (size("n"), matrix("A", n, n), column_of("z")))
A = mat("A", n, n)


@statement.claim(
    "hessian-printed",
    line=629,
    expects="refuted",
    domain=square,
    factor=2,
    erratum=Erratum(
        "hypothesis",
        "the gradient of theta^T A theta is the Hessian 2A times theta",
        "A must be symmetric: the Hessian of theta^T A theta is A + A^T",
        stands=("the sentence for symmetric A",),
    ),
)
def hessian_printed(factor):
    """The escape directions of theta^T A theta are the eigenvectors of 2A"""
    yield Eq(gradient_of(trace(z.T @ A @ z), z), factor * A @ z)


@statement.claim("hessian", line=629, expects="proved", domain=square, corrects="hessian-printed")
def hessian():
    """The escape directions of theta^T A theta are the eigenvectors of A + A^T (of 2A for symmetric A)"""
    goal = yield Eq(gradient_of(trace(z.T @ A @ z), z), (A + A.T) @ z)
    yield goal, by.identity()


# --- C.1.1: H = Tr[G^T A] on a deep linear network -----------------------------------------------------------------------
@statement.claim(
    "cost-printed",
    line=607,
    expects="refuted",
    domain=net.any_point,
    erratum=Erratum(
        "notation",
        "G is n_L x n_0, as line 607 says",
        "Tr[G A] needs n_L = n_0; it is Tr[G^T A], as line 662 has it (lines 607, 676, 678 and 692 do not)",
        stands=("everything about Tr[G^T A]",),
    ),
)
def cost_printed():
    """The cost Tr[G A] for G of the shape of A"""
    product_ = Node("matmul", (net.G, net.A), (net.n[L], net.n[0]))
    yield Defined(Node("trace", (product_,), ()))


@statement.claim("cost", line=662, expects="proved", domain=net.any_point, corrects="cost-printed")
def cost():
    """The cost Tr[G^T A] is defined for all sizes"""
    goal = yield Defined(net.H)
    yield goal, defined()


@statement.claim("unit", line=664, expects="proved", domain=net.rank_one)
def unit():
    """The directions of line 664 have norm 1"""
    goal = yield Eq(total(j, 1, L, norm(W[j]) ** 2), 1)
    yield goal, by.identity(net.LAYERS, net.UNIT)


@statement.claim("speed", line=666, main=True, expects="proved", domain=net.rank_one, power=2)
def speed(power):
    """The directions of line 664 are escape directions of speed +-s_i / L^((L-2)/2), for every depth and all widths"""
    at = lambda l: Eq(gradient_of(net.H, W[l]), net.sign * net.s[net.i] / L ** ((L - power) / 2) * W[l])  # noqa: E731
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


@statement.claim("layer-norms", line=664, expects="proved", domain=net.moving, count=1)
def layer_norms(count):
    """All layers of an escape direction of nonzero speed have the squared norm 1/L"""
    goal = yield Eq(norm(W[l]) ** 2, count / L)
    _, norms = yield from lines.equal_norms()
    yield goal, by.linear(norms)


@statement.claim(
    "optimal-speed", line=666, main=True, expects="proved", domain=net.any_direction, near=net.optimal_instance, power=2
)
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


@optimal_speed.leg("flow")
def runs_align(check):
    """Runs of H from random starts align with a direction of the stated speed; for L = 2 the norm grows at that rate"""
    found = []
    for sizes, batch in RUNS[check.level]:
        G = np.zeros((sizes[-1], sizes[0]))
        G[0, 0], G[1, 1] = 2, 1
        bound = bound_of(check, len(sizes) - 1, 2)
        ends = aligned(sizes, G, batch, check.seed)[1]
        found.append((max(bound - ends.min(), ends.max() - bound), float(np.mean(ends - bound < 1e-4))))
    rate = growth_rate((2, 3, 2), np.diag([2.0, 1.0]), check.seed, 20, 40)
    worst = max([gap for gap, _ in found] + [abs(rate + bound_of(check, 2, 2))])
    share = min(part for _, part in found)
    summary = f"{share:.0%} of the runs align with the bound; largest gap {worst:.1e}; growth rate {rate:.6f} for L = 2"
    outcome = Outcome.SUPPORTS if worst < 1e-4 else Outcome.CONTRADICTS
    return Evidence("flow", outcome, summary, margin=f"{worst:.1e}", coverage="random starts on the unit sphere")


@optimal_speed.leg("ball")
def least_value_enclosed(check):
    """At width 1 and L = 3 the minimum of x y z on the sphere is enclosed by bisection; 3 times it meets the bound"""
    lower, certified = minimum_at_width_one(3, fmpq(1, 1000))
    attained, bound = -1 / math.sqrt(27), bound_of(check, 3, 1)
    summary = f"minimum between {lower.str(6)} and {attained:.6f}; the claim says {bound / 3:.6f}"
    if certified is not True:
        return Evidence("ball", Outcome.NOTHING, summary, reason="the bisection did not finish")
    inside = float(lower.mid()) <= bound / 3 <= attained + 1e-12
    return Evidence("ball", Outcome.SUPPORTS if inside or bound / 3 < attained else Outcome.CONTRADICTS, summary)


RANK_ONE_ONLY = Erratum(
    "false",
    "the directions of nonzero speed (line 676 itself names those of speed 0)",
    "for L >= 3 the list lacks the directions with several modes: W_l = diag(1, 5, 7)/15 for L = 3, G = diag(1, 1/5, 1/7)",
    falls=("line 668 with Lemma 24 as printed, which looks at the rank-one directions only",),
    stands=("the optimal speed (`optimal-speed`) and the directions listed (`speed`)",),
)


@statement.claim(
    "form-printed", line=664, expects="refuted", erratum=RANK_ONE_ONLY, domain=net.moving, near=net.three_modes, power=2
)
def form_printed(power):
    """Every escape direction has the form of line 664: all layers have rank one, |W_l|^2 = |W_l^T W_l|"""
    yield Eq((norm(W[l]) ** 2) ** power, norm(W[l].T @ W[l]) ** 2)


@statement.claim(
    "speeds-printed", line=666, expects="refuted", erratum=RANK_ONE_ONLY, domain=net.moving, near=net.three_modes, power=2
)
def speeds_printed(power):
    """Every speed is +-s_i / L^((L-2)/2) for some i"""
    yield Eq(product(net.i, 1, net.r, net.speed**2 - net.s[net.i] ** 2 / L ** (L - power)), 0)


@statement.claim("balanced", line=664, expects="proved", domain=net.inner_layer)
def balanced():
    """Escape directions of nonzero speed are balanced: W_(l+1)^T W_(l+1) = W_l W_l^T for l < L"""
    goal = yield Eq(W[l + 1].T @ W[l + 1], W[l] @ W[l].T)
    line = yield from lines.balanced()
    yield goal, hom.known(line, Le(l + 1, L))


@statement.claim("form", line=664, main=True, expects="proved", domain=net.rank_one_layer, corrects="form-printed")
def form():
    """An escape direction of nonzero speed with a layer of rank one has the form of line 664: W_l = w_l w_(l-1)^T / sqrt(L)"""
    goal = yield All(Eq(W[l], 1 / sqrt(L) * net.w[l] @ net.w[l - 1].T), Eq(norm(net.w[l]) ** 2, 1))
    square, (layer, unit, _) = yield from lines.rank_one_everywhere()
    first = yield goal.nodes[0], by.identity(layer, square)
    second = yield goal.nodes[1], by.identity(unit)
    yield goal, by.both(first, second)


@statement.claim(
    "form-speed", line=666, expects="proved", domain=net.rank_one_layer, corrects="speeds-printed", power=2
)
def form_speed(power):
    """The ends of such a direction are singular vectors of G, with singular value |speed| L^((L-2)/2)"""
    value = net.speed * L ** ((L - power) / 2)
    goal = yield All(Eq(net.G.T @ net.w[L], value * net.w[0]), Eq(net.G @ net.w[0], value * net.w[L]))
    square, low, high, known = yield from lines.singular_vectors()
    first = yield from divided(goal.nodes[0], low, square, known)
    second = yield from divided(goal.nodes[1], high, square, known)
    yield goal, by.both(first, second)


def divided(goal, pair, square, known):
    """From M (A x) = speed c^2 y and A x = c^L z to M z = speed c^(2-L) y, with c^2 = 1/L."""
    image, product = pair
    line = yield Eq(goal.nodes[0], net.speed * net.c ** (2 - L) * goal.nodes[1].nodes[-1]), by.linear(
        (product, net.c ** (-L)), using=[image, *known]
    )
    return (yield goal, by.linear(line, using=[square]))


if __name__ == "__main__":
    from theorycheck.cli import run_module

    raise SystemExit(run_module(statement))
