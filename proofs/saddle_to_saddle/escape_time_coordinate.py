"""One coordinate c (v_L .. v_1 X - Y)^2 of a diagonal network (paper, lines 999 to 1007): directions, signs and speeds.

All v_l = h sigma_l with signs sigma_l; pi is the product of the signs, P that of the weights other than V = v_l. The claims
belong to `escape_times.py`, which enters them.
"""

from flint import fmpq

from theorycheck.domain import Domain, derived, hypothesis, real, size
from theorycheck.exact import rules as by
from theorycheck.models.mode_coordinates import coordinate
from theorycheck.models.mode_times import L, X, Y, a, alpha, c, h, q
from theorycheck.tree import (
    All,
    Dt,
    Eq,
    Ge,
    Gt,
    Le,
    Lt,
    exp,
    eye,
    gradient_of,
    mat,
    norm,
    num,
    sqrt,
    substitute,
    sym,
    total,
    trace,
)
from theorycheck.verdict import Erratum

TWO, half, HALF, k = num(2), (L - 2) / 2, num(1) / 2, sym("k")
sigma, pi, P, V, s = sym("sigma"), sym("pi"), sym("P"), mat("V", 1, 1), sym("s")
any_coordinate = coordinate("coordinates with X Y of any sign, v = h sigma, prod sigma = sign(X Y)")
unscaled = coordinate("coordinates with v = sigma", entry=num(1))
shallow = coordinate("depth 2, cost factor 1", depth=TWO, cost=num(1))
sphere = coordinate("rho on the unit sphere, cost factor 1", least=3, cost=num(1), entry=1 / sqrt(L))
backward = Domain(
    "negative speeds and times, L >= 3",
    (
        size("L", least=3),
        real("k", above=0),
        real("tau", above=0),
        derived("s", lambda env: -env["k"]),
        derived("t", lambda env: -env["tau"]),
    ),
    (hypothesis("s* is negative", Eq(s, -sym("k")), 631), hypothesis("t is negative", Eq(sym("t"), -sym("tau")), 1007)),
)
logistic_modes = Domain(
    "modes of depth 2",
    (real("c", above=0), real("a", above=0), real("q", above=0), real("k", above=0), real("t")),
)
positive_product = Domain(
    "coordinates with X Y > 0", (size("L", least=3), real("X", above=0), real("Y", above=0), real("alpha", above=0))
)


def signs(times, weight):
    """What X Y = pi a and pi^2 = 1 add to a linear combination in which `times` * pi X Y is to become `times` * a."""
    product_is = yield Eq(X * Y, pi * a), by.trivially()
    square = yield Eq(pi**2, 1), by.trivially()
    return (product_is, times * pi), (square, times * a + weight)


def invariant_line(rate):
    """At v = h sigma each partial derivative is -sigma_l times the mode's speed at h: the line of sigma is invariant"""
    gradient = trace(gradient_of(c * norm(P * X * V - Y * eye(1)) ** 2, V))
    goal = yield Eq(gradient, -rate * c * a * h ** (L - 1) * (1 - q * h**L) * sigma)
    terms = yield from signs(-2 * c * h ** (L - 1) * sigma, 2 * c * h ** (2 * L - 1) * sigma * X**2)
    ratio_is = yield Eq(X**2, q * a), by.trivially()
    unit = yield Eq(sigma**2, 1), by.trivially()
    more = (ratio_is, 2 * c * h ** (2 * L - 1) * sigma), (unit, 2 * c * h ** (2 * L - 1) * sigma * X**2 * pi**2)
    yield goal, by.linear(*terms, *more, using=["the other weights", "the weight"])


def descends(product_sign):
    """The homogeneous part -2 X Y v_1 .. v_L of the cost is negative along rho"""
    goal = yield Lt(-2 * c * X * Y * (product_sign * pi), 0)
    product_is, square = (line for line, _ in (yield from signs(num(1), num(0))))
    positive = yield Lt(-X * Y * pi, 0), by.linear((product_is, -pi), (square, -a))
    multiple = substitute(-goal.nodes[0], {"X": num(1), "Y": num(1), "pi": num(1)})
    yield goal, by.linear((positive, multiple))


def of_norm_one(entry):
    """rho has norm 1"""
    goal = yield Eq(total(sym("l"), 1, L, entry**2), 1)
    yield goal, by.identity()


def level():
    """d(0) = r / sqrt(L) makes the norm of theta(0) equal to r"""
    goal = yield Eq(sqrt(total(sym("l"), 1, L, (h / sqrt(L)) ** 2)), h)
    yield goal, by.identity()


def speed(factor, product_is, depth, domain):
    """grad H(rho) = s* rho for H(v) = -2 c X Y v_1 .. v_L, with s* = -rate * product_is * factor"""

    def body(rate):
        gradient = trace(gradient_of(-2 * c * X * Y * P * trace(V), V))
        goal = yield Eq(gradient, -rate * product_is * factor * h * sigma)
        terms = yield from signs(-2 * h ** (depth - 1) * sigma, num(0))
        wanted = {"the other weights", "the cost factor", "the size of the entries"}
        yield goal, by.linear(*terms, using=[f.name for f in domain.hypotheses if f.name in wanted])

    return body


def logistic(t):
    """The path of depth 2 that behaves as k e^(2 c a t) for t -> -infinity."""
    grown = k * exp(2 * c * a * t)
    return grown, grown / sqrt(1 + q * grown**2)


def mode(rate):
    """Depth 2: the logistic path follows d' = 2 c a d (1 - q d^2)"""
    _, d = logistic(sym("t"))
    goal = yield Eq(Dt(d), rate * c * a * d * (1 - q * d**2))
    yield goal, by.identity()


def path(order):
    """Depth 2: d(t) = k e^(|s*| t) up to an explicit multiple of e^(beta t), beta = 3 |s*| (s* = -2 c a)"""
    grown, d = logistic(sym("t"))
    z, w = q * grown**2, 1 / sqrt(1 + q * grown**2)
    goal = yield All(Le(d, grown), Ge(d, grown - q / 2 * k**3 * exp(order * 2 * c * a * sym("t"))))
    stated = goal.nodes[0].nodes[0].nodes[1]  # the root that the claim has: the upper bound asks only that it is >= 1
    least = yield Le(1, stated**2), by.sign()
    inverse = yield Le(1 / stated, 1), by.raised(least, -HALF)
    one = yield Le(1, 1 + z), by.sign()
    less = yield Le(w, 1), by.raised(one, -HALF)
    root = yield Le(sqrt(1 + z), 1 + z / 2), by.linear(squares=[(HALF, sqrt(1 + z) - 1)])
    above = yield goal.nodes[0], by.linear((inverse, grown))
    below = yield goal.nodes[1], by.linear((root, w * grown), (less, z / 2 * grown))
    yield goal, by.both(above, below)


def base(sign):
    """The base of the power law d(t) = ((L-2) s* (-t))^(-1/(L-2)) is positive"""
    goal = yield Gt((L - 2) * (sign * s) * (-sym("t")), 0)
    yield goal, by.sign("s* is negative", "t is negative")


def time_in_speed(sign):
    """The escape time in terms of s* = -X Y / L^((L-2)/2) and in terms of X Y"""
    first = alpha ** (-(L - 2)) / (L - 2)
    goal = yield Eq(first / (sign * (-X * Y / L**half)), L**half / (L - 2) * (alpha ** (-(L - 2)) / (X * Y)))
    yield goal, by.identity()


def attained(source, env):
    """A time at which a bound is nearly attained: the lower one early on, the upper one for small k also later."""
    step = fmpq(source.integer(1, 4)) / (env["c"] * env["a"])
    early = source.integer(0, 1)
    return {**env, "t": -step, "k": fmpq(1, 2)} if early else {**env, "t": step / 4, "k": fmpq(1, 16)}


def enter(statement):
    """Add the claims of lines 1001 to 1007 to the statement: as printed, and corrected."""

    def both(name, line, domain, printed, corrected, erratum, before, after):
        options = {"line": line, "where": "proof", "domain": domain}
        statement.claim(name, expects="refuted", erratum=erratum, **options, **before)(printed)
        statement.claim(f"{name}-corrected", expects="proved", corrects=name, **options, **after)(corrected)

    def slip(note, kind="constant", **more):
        return Erratum(kind, "literally", note, **more)

    options = {"line": 1001, "where": "proof", "expects": "proved", "domain": any_coordinate}
    statement.claim("invariant-line", rate=2, **options)(invariant_line)
    statement.claim("norm-at-zero", **options)(level)
    options = {"line": 1003, "where": "proof", "expects": "proved", "domain": logistic_modes}
    statement.claim("mode-shallow", rate=2, **options)(mode)
    statement.claim("path-shallow", order=3, near=attained, **options)(path)
    wrong = slip("sign: with that product the cost grows along rho, and the mode shrinks to 0")
    both("direction-sign", 1001, any_coordinate, descends, descends, wrong, {"product_sign": -1}, {"product_sign": 1})
    off = slip("escape directions lie on the unit sphere (line 629); this rho has norm sqrt(L)", "notation")
    both("direction-norm", 1001, unscaled, of_norm_one, of_norm_one, off, {"entry": num(1)}, {"entry": 1 / sqrt(L)})
    for name, line, domain, depth, factor in (("shallow", 1003, shallow, TWO, num(1)), ("deep", 1006, sphere, L, L ** (-half))):
        twice = slip("the factor 2 of the squared error of line 999, and |X Y|", falls=(f"escape-times.appendix-{name}",))
        printed, right = (speed(factor, product_is, depth, domain) for product_is in (X * Y, a))
        both(f"speed-{name}", line, domain, printed, right, twice, {"rate": 1}, {"rate": 2})
    negative = slip("sign: a negative base for s* < 0 and t < 0; the same in line 629", stands=("escape-times.deep",))
    both("path-deep", 1007, backward, base, base, negative, {"sign": 1}, {"sign": -1})
    same = slip("sign: the left side is negative", inherits="escape-times.path-deep")
    both("time-in-speed", 1007, positive_product, time_in_speed, time_in_speed, same, {"sign": 1}, {"sign": -1})
