"""Starts with layers of norms at most 3 rho and Theta >= 3/4 eta, points within r of them: the domain of `lemma_15_ball`."""

from fractions import Fraction

from flint import fmpq

from proofs.lazy_regime.ball_instances import far_off, not_so_near, not_so_small, on_the_other_side, steep_start
from proofs.lazy_regime.ball_layers import NEAR, moved_by
from proofs.lazy_regime.gaussian_norms import L, h, j, n
from proofs.lazy_regime.lemma_15_constants import C_1, C_2, RHO, narrow
from proofs.lazy_regime.lemma_15_layers import BALL, DISTANCE, START, W0
from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, index, rational_matrix, size
from theorycheck.evaluate import judge
from theorycheck.evaluate.values import add, scale
from theorycheck.models import aligned_networks as aligned
from theorycheck.models.included import each
from theorycheck.tree import Ge, Gt, Le, mat, norm, num, singular, sym, total

r, sigma, Z = sym("r"), sym("sigma"), mat("Z", n[L], n[0])
ETA = L * RHO ** (2 * (L - 1))  # L sigma^(2 (L-1)/L) w^((L-1)/L)
INNER = RHO / num(4) ** (L - 2)
LOWEST, CLOSE, SMALL = "Theta at the start", "r is small enough", "r is at most R"
HALF, QUARTER = Fraction(1, 2), Fraction(1, 4)


def slope(layers, at):
    """The transposed gradient of <Z, A> in layer at."""
    return layers.chain(at - 1, 1) @ Z.T @ layers.chain(L, at + 1)


def theta(layers):
    return total(h, 1, L, norm(slope(layers, h)) ** 2)


# --- starts of a network whose spectrum is known --------------------------------------------------------------------------
def near_one(source, env):
    n_ = env["n"]
    return {k: tuple(1 + fmpq(source.integer(0, 1), 20) for _ in range(min(n_[k], n_[k - 1]))) for k in range(1, env["L"] + 1)}


def near_one_over_width(source, env):
    return fmpq(source.integer(3, 4), 4 * env["w"])


def is_low_enough(env):
    """Whether 3/4 eta is at most the least eigenvalue of Theta at the start."""
    if env["n"][0] == env["n"][env["L"]] == 1:  # any Z is a multiple of this one
        return judge(Ge(theta(W0), (1 - QUARTER) * ETA * norm(Z) ** 2), {**env, "Z": ((fmpq(1),),)}).holds is True
    same = env["W0"] == aligned.layers(env)
    return same and judge(Le((1 - QUARTER) * ETA, num_of(aligned.least_eigenvalue(env))), env).holds is True


def num_of(x):
    return num(Fraction(int(x.numer()), int(x.denom())))


def slightly_moved(source, env):
    tiny = fmpq(source.integer(0, 3), 10 ** (4 + 5 * source.integer(0, 1)))
    return {k: add(x, scale(tiny, rational_matrix(source, len(x), len(x[0])))) for k, x in env["W0"].items()}


domain = Domain(
    "a start with |W0_l| <= 3 rho for all l and Theta >= 3/4 eta, theta within r of it; rectangular networks, n_0, n_L <= w",
    (
        depth("L"),
        size("w"),
        drawn("n", narrow, positive=True, integer=True),
        drawn("sigma", near_one_over_width, hypothesis("sigma > 0", Gt(sigma, 0))),
        index("l", 1, L),
        index("h", 1, L),
        index("k", 1, L - 1),
        drawn("Q", aligned.rotations),
        drawn("d", near_one),
        derived("W0", aligned.layers),
        drawn("W", slightly_moved),
        drawn("r", lambda source, env: moved_by(env), hypothesis("r >= 0", Ge(r, 0), breaks=on_the_other_side)),
        drawn("Z", lambda source, env: rational_matrix(source, env["n"][env["L"]], env["n"][0])),
    ),
    (
        each(START, Le(singular(W0[j], 1), 3 * RHO), 448, 1, L, steep_start),
        hypothesis(BALL, Le(DISTANCE, RHO**2), 444, breaks=far_off),
        hypothesis(NEAR, Le(DISTANCE, r**2), 442, breaks=not_so_near),
        hypothesis(LOWEST, Ge(theta(W0), (1 - QUARTER) * ETA * norm(Z) ** 2), 423, variables=("Z",), test=is_low_enough),
    ),
)
wide = domain.extended(
    f"{domain.name}; r <= rho / (16 (L - 1) 4^(L-2))",
    hypothesis(CLOSE, Le(16 * (L - 1) * r, INNER), breaks=not_so_small),
)
printed = domain.extended(
    f"{domain.name}; r <= R = c_3 rho",
    hypothesis(SMALL, Le(r, L / (32 * C_1 * C_2) * RHO), 442, breaks=not_so_small),
)
