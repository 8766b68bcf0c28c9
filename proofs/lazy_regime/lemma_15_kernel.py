"""The NTK in the ball (Lemma 15, bounds 3 and 4; paper lines 438, 466 and 468).

With |J| <= x for both Jacobians and |J_0 - J| <= y, |J_0 J_0^T - J J^T| <= 2 x y: the constant of bound 3 is 2 c_1 c_2. The
printed c_3 = L / (32 c_1 c_2) is that of the radius R, and wrong in bound 3: for L = 2 and n_0 = n_L = 1 Theta is |theta|^2,
and along a ray from any start it changes faster. With R = c_3 rho the last step holds, with 11/16 for the printed 1/2.
"""

from fractions import Fraction

from flint import fmpq

from proofs.lazy_regime.gaussian_norms import L, w
from proofs.lazy_regime.lemma_15_constants import C_1, C_2, RHO, WIDE_ENOUGH, far_scales
from proofs.lazy_regime.thm_20_gaussian_singular_values import sigma
from theorycheck.domain import Domain, drawn, hypothesis, matrix, size
from theorycheck.evaluate import evaluate
from theorycheck.exact import rules as by
from theorycheck.exact.cited import SAME_GRAM
from theorycheck.exact.cited_norms import OPERATOR_NORM, OPERATOR_SUM
from theorycheck.exact.matrix_rules import scaled
from theorycheck.statement import Part
from theorycheck.tree import Eq, Ge, Le, mat, num, singular, sym

a, P, x, y = (sym(name) for name in ("a", "P", "x", "y"))
J0, J = mat("J0", a, P), mat("J", a, P)


def norm_of(name):
    def found(env):
        rows = env[name] if isinstance(name, str) else name(env)
        return sum((abs(v) for r in rows for v in r), fmpq(0))

    return found


jacobians = Domain(
    "two matrices J_0, J of one shape with norms at most x, their difference at most y",
    (
        size("a"),
        size("P"),
        matrix("J0", a, P),
        matrix("J", a, P),
        drawn("x", lambda source, env: max(norm_of("J0")(env), norm_of("J")(env)) + abs(fmpq(source.integer(0, 3), 2))),
        drawn("y", lambda source, env: norm_of("J0")(env) + norm_of("J")(env)),
    ),
    (
        hypothesis("|J_0| <= x", Le(singular(J0, 1), x), 466),
        hypothesis("|J| <= x", Le(singular(J, 1), x), 466),
        hypothesis("|J_0 - J| <= y", Le(singular(J0 - J, 1), y), 466),
    ),
)


def numbers(source, env):
    """Almost equal numbers, J just below J_0; the bounds a little larger than the norms, which are known in balls."""
    one = lambda v: ((v,),)  # noqa: E731
    tiny = fmpq(1, 1000)
    bounds = {"x": 1 + tiny**2, "y": tiny + tiny**3}
    return {**env, "a": 1, "P": 1, "J0": one(fmpq(1)), "J": one(1 - tiny), **bounds}


part = Part(where="proof", expects="proved")


@part.claim("difference", line=466, corrects="third", domain=jacobians, near=numbers, two=2)
def difference(two):
    """Bound 3 from bounds 1 and 2: the norms of J_0 J_0^T and J J^T differ by at most 2 x y"""
    D = J0 - J
    goal = yield Le(singular(J0 @ J0.T - J @ J.T, 1), two * x * y)
    square = {"a": a, "b": a}
    parts = Le(singular(J0 @ D.T + D @ J.T, 1), singular(J0 @ D.T, 1) + singular(D @ J.T, 1))
    parts = yield parts, by.cite(OPERATOR_SUM, A=J0 @ D.T, B=D @ J.T, **square)
    one = Le(singular(J0 @ D.T, 1), singular(J0, 1) * singular(D.T, 1))
    one = yield one, by.cite(OPERATOR_NORM, X=J0, Y=D.T, a=a, b=P, c=a)
    other = Le(singular(D @ J.T, 1), singular(D, 1) * singular(J.T, 1))
    other = yield other, by.cite(OPERATOR_NORM, X=D, Y=J.T, a=a, b=P, c=a)
    first = yield from below(singular(J0, 1), D, "|J_0| <= x")
    second = yield from below(singular(D, 1), J, "|J_0 - J| <= y")
    yield goal, by.linear(parts, one, other, *first, *second)


def below(left, right, name):
    """s_1(left) s_1(right^T) <= x y, from the bound of the name for the left and the bound of the right factor."""
    turned = Eq(singular(right, 1), singular(right.T, 1))
    turned = yield turned, by.cite(SAME_GRAM, X=right, Z=right.T, a=a, b=P, d=a, i=num(1))
    high, other = (x, "|J_0 - J| <= y") if name == "|J_0| <= x" else (y, "|J| <= x")
    top = y if high is x else x
    size_ = yield Ge(singular(right.T, 1), 0), by.sign()
    big = yield Le(left, high), by.given(name)
    one = yield Le(left * singular(right.T, 1), high * singular(right.T, 1)), scaled(big, size_)
    start_ = yield Ge(singular(J0, 1) if high is x else singular(J0 - J, 1), 0), by.sign()
    least_ = yield Ge(high, 0), by.linear(start_, big)
    small_ = yield Le(singular(right, 1), top), by.given(other)
    two = yield Le(high * singular(right, 1), high * top), scaled(small_, least_)
    return one, (turned, -high), two


# --- the last step --------------------------------------------------------------------------------------------------------
SCALE = sigma ** (2 * (L - 1) / L) * w ** ((L - 1) / L)
SLOPE = 2 * C_1 * C_2 * sigma ** ((2 * L - 3) / L) * w ** ((2 * L - 3) / (2 * L))


def times_as_much(left):
    """How many times 1/16 L S is taken off 3/4 L S, whichever numbers stand there: read off two layers of one neuron."""
    value = evaluate(left, {"L": 2, "w": 1, "sigma": fmpq(1)})
    times = 8 * (fmpq(3, 2) - value) if isinstance(value, fmpq) else fmpq(1)
    return Fraction(int(times.numer()), int(times.denom()))


@part.claim("least", line=468, near=far_scales, exempt=WIDE_ENOUGH, half=Fraction(1, 2))
def least(half):
    """Bound 4: what is left of 3/4 L .. in the ball of radius R = c_3 rho"""
    lost = SLOPE * (L / (32 * C_1 * C_2)) * RHO
    goal = yield Ge((1 - Fraction(1, 4)) * L * SCALE - lost, L * half * SCALE)
    exact = yield Eq(lost, L * SCALE / 16), by.identity()
    yield goal, by.linear((exact, times_as_much(goal.nodes[0])))


@part.claim("least-sharp", line=468, exempt=WIDE_ENOUGH, part=Fraction(1, 2), c=8)
def least_sharp(part, c):
    """With R = L / (8 c_1 c_2) rho half of it is left: the largest radius of this argument"""
    goal = yield Eq((1 - Fraction(1, 4)) * L * SCALE - SLOPE * (L / (c * C_1 * C_2)) * RHO, L * part * SCALE)
    yield goal, by.identity()
