"""Constants and radii of Proposition 2 (= 16): symbols, domains and instances.

S = sigma^(2 (L-1)/L) w^((L-1)/L), eta = L S, beta' = beta/2 L S; r = sqrt(2/beta' gap) with gap = C(A_0) - C_min <= C_1, and
R = c_3 rho, the radius of Lemma 15.
"""

from fractions import Fraction

from flint import fmpq

from proofs.lazy_regime.gaussian_norms import L, w
from proofs.lazy_regime.lemma_15_constants import C_1 as JACOBIAN, C_2 as HESSIAN, RHO
from proofs.lazy_regime.thm_20_gaussian_singular_values import sigma
from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, real, size
from theorycheck.evaluate import evaluate, numbers as nb
from theorycheck.tree import Eq, Ge, Gt, Le, sqrt, sym

beta, gap, C_1, c_3, d = (sym(name) for name in ("beta", "gap", "C_1", "c_3", "d"))
S = sigma ** (2 * (L - 1) / L) * w ** ((L - 1) / L)
ETA = L * S
RATE = beta / 2 * L * S  # beta' of lines 112 and 470
R, r = c_3 * RHO, sqrt(2 / RATE * gap)
HALF = Fraction(1, 2)


def jacobian_constant(depth):
    """c_3 = L / (32 c_1 c_2)."""
    return fmpq(1, 32 * (depth - 1) * depth * 4 ** (2 * depth - 3))


def most_loss(source, env):
    """C_1, up to the largest one for which the width is large enough."""
    part = fmpq(source.integer(1, 4), 4)
    return part * env["w"] * jacobian_constant(env["L"]) ** 2 * env["beta"] * env["sigma"] ** 2 / 4


def some_loss(source, env):
    return fmpq(source.integer(0, 3), 3) * env["C_1"]


WIDE = "w is large enough"
sizes = (depth("L"), size("w"), real("sigma", above=0), real("beta", above=0, line=112))
numbers = Domain("networks of any depth L >= 2 and width, sigma > 0, beta > 0", sizes)
starts = numbers.extended(
    "any depth, width, sigma, beta > 0, losses at the start between C_min and C_min + C_1, w >= 4 C_1/(c_3^2 beta sigma^2)",
    derived("c_3", lambda env: jacobian_constant(env["L"]), hypothesis("c_3 > 0", Gt(c_3, 0), 468)),
    drawn("C_1", most_loss, hypothesis("C_1 > 0", Gt(C_1, 0), 482)),
    drawn("gap", some_loss, hypothesis("C(A_0) >= C_min", Ge(gap, 0), 345)),
    hypothesis("c_3", Eq(c_3, L / (32 * JACOBIAN * HESSIAN)), 468),
    hypothesis("the loss at the start", Le(gap, C_1), 482),
    hypothesis(WIDE, Ge(w, 4 * C_1 / (c_3**2 * beta * sigma**2)), 482),
)
distances = starts.extended(
    f"{starts.name}, a distance d <= r",
    drawn("d", lambda source, env: fmpq(0), hypothesis("d <= r", Le(d, r), 492)),
)


def unit(env, gap, C_1, beta):
    fixed = {"L": 2, "w": 1, "sigma": fmpq(1), "c_3": jacobian_constant(2)}
    return {**env, **fixed, "beta": fmpq(beta), "gap": fmpq(gap), "C_1": fmpq(C_1)}


def as_wide_as_needed(source, env):
    """gap = C_1, and w is the threshold itself."""
    least = env["w"] * jacobian_constant(env["L"]) ** 2 * env["beta"] * env["sigma"] ** 2 / 4
    return {**env, "gap": least, "C_1": least}


def far_scales(source, env):
    """The same for two layers, tiny or huge: where a wrong power shows."""
    near, far = fmpq(1, 10**60), fmpq(10**60)
    moved = {**env, "L": 2, "c_3": jacobian_constant(2)}
    moved |= {"w": (1, 10**60)[source.integer(0, 1)], "sigma": (near, far)[source.integer(0, 1)]}
    return as_wide_as_needed(source, moved)


def small_loss(source, env):
    return unit(env, fmpq(1, 65536), fmpq(1, 65536), 4)


def large_loss(source, env):
    return unit(env, 2, 2, 2**19)


def at_the_distance(source, env):
    """gap = C_1 is the largest that the width admits, and d nearly r: a rational just below it."""
    wide = as_wide_as_needed(source, env)
    return {**wide, "d": fmpq(int(float(nb.to_arb(evaluate(r, wide)).mid()) * (1 - 1e-9) * 10**15), 10**15)}
