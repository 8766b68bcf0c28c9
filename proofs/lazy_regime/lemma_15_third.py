"""Bound 3 of Lemma 15 with the constant as printed (paper, line 438).

c_3 = L / (32 c_1 c_2) is the constant of the radius R. For L = 2 and n_0 = n_L = 1 Theta is |theta|^2, and along a ray from any
start it changes faster.
"""

from fractions import Fraction

from proofs.lazy_regime.gaussian_norms import w
from proofs.lazy_regime.lemma_15_constants import far_scales
from proofs.lazy_regime.thm_20_gaussian_singular_values import sigma
from theorycheck.domain import Domain, drawn, hypothesis, matrix, rational_matrix, real, size
from theorycheck.exact import rules as by
from theorycheck.statement import Part
from theorycheck.tree import Gt, Le, mat, norm, sym
from theorycheck.verdict import Erratum

start, here, there = (mat(name, w, 2) for name in ("theta_0", "theta", "theta_1"))
two_layers = Domain(
    "L = 2, n_0 = n_L = 1: theta = (W_2^T, W_1) as a w x 2 matrix, Theta = |theta|^2; two points of the ball, sigma > 0",
    (
        size("w"),
        real("sigma", above=0),
        matrix("theta_0", w, 2),
        drawn("theta", lambda source, env: rational_matrix(source, env["w"], 2)),
        drawn("theta_1", lambda source, env: rational_matrix(source, env["w"], 2)),
    ),
    (
        hypothesis("theta is in the ball", Le(norm(here - start), sigma ** Fraction(1, 2) * w ** Fraction(1, 4)), 436),
        hypothesis("theta_1 is in the ball", Le(norm(there - start), sigma ** Fraction(1, 2) * w ** Fraction(1, 4)), 436),
    ),
)
ray = Domain(
    "L = 2, n_0 = n_L = 1: any start theta_0, sigma > 0, r = |theta_0| > 0, rho = sigma^(1/2) w^(1/4)",
    (size("w"), real("sigma", above=0), real("r", above=0)),
)
part = Part(line=438, expects="proved")
CONFUSED = Erratum(
    "constant",
    "c_3 = L / (32 c_1 c_2), as printed",
    "the proof gives 2 c_1 c_2; the printed c_3 belongs to the radius R, and is wrong here at every start (see third-fails)",
    stands=("lemma-15.difference",),
)


@part.claim("third", expects="refuted", main=True, domain=two_layers, erratum=CONFUSED, c=Fraction(1, 256))
def third_printed(c):
    """Bound 3 with c_3 = L / (32 c_1 c_2) = 1/256 for L = 2, at two points of the ball around any start"""
    slope = c * sigma ** Fraction(1, 2) * w ** Fraction(1, 4)
    yield Le(norm(there) ** 2 - norm(here) ** 2, slope * norm(there - here))


@part.claim("third-fails", where="proof", domain=ray, near=far_scales)
def along_the_ray():
    """It fails for every start: from theta_0 outwards by rho |theta|^2 grows by (2 r + rho) rho"""
    r, rho = sym("r"), sigma ** Fraction(1, 2) * w ** Fraction(1, 4)
    goal = yield Gt((r + rho) ** 2 - r**2, Fraction(1, 256) * rho * rho)
    yield goal, by.sign()
