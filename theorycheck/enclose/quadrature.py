"""Rigorous integrals of real integrands over [a, b], with branch cuts handled.

`acb.integral` evaluates the integrand on complex balls around the path and asks, by a flag, for a non-finite value
where the integrand is not analytic (Johansson, "Numerical integration in arbitrary-precision ball arithmetic", 2018).
An integrand with a branch cut that ignores the flag gives a wrong ball without a warning. So an integrand here takes
(z, analytic) and passes the flag on to `sqrt`, `log`, `power`, `absolute` of this module; entire and meromorphic
functions (polynomials, exp, sin, quotients) need no care.
"""

from collections.abc import Callable

from flint import acb, arb

from theorycheck.enclose.precision import Real, ball, finite, power as real_power

Integrand = Callable[[acb, bool], acb]
HALVINGS, LOOKS = 40, 400  # how closely, and how often, the path is searched for a place that no piece can cover


def integral(f: Integrand, a: Real, b: Real, evaluations: int = 100_000) -> arb:
    """An enclosure of the integral of f from a to b, at the current precision; a > b changes the sign.

    `f` must be real on the real segment and honour its flag (see above). Balls as end points are allowed: the strip
    between two possible end points is added, bounded by the range of f there. The result is not finite (undecided:
    ask `finite`) when `evaluations` are spent or f is unbounded; a pole on the way is found before anything is integrated.
    Raises ValueError for a certainly non-real integral.
    """
    left, right = ball(a), ball(b)
    if not (finite(left) and finite(right)):
        return arb.nan()
    if _is_unbounded(f, left.mid(), right.mid()):
        return arb.nan()
    try:
        found = acb.integral(f, acb(left.mid()), acb(right.mid()), eval_limit=evaluations)
    except SystemError as error:  # python-flint's wrapping of what the integrand raised
        raise error.__cause__ or error from None
    if not found.is_finite():
        return arb.nan()
    if not found.imag.contains(0):
        raise ValueError(f"the integrand is not real: its integral is {found}")
    return found.real + _end_error(f, left) + _end_error(f, right)


def sqrt(z: acb, analytic: bool) -> acb:
    """Principal square root; not finite when it must be analytic and z meets (-inf, 0]."""
    return z.sqrt(analytic=analytic)


def log(z: acb, analytic: bool) -> acb:
    """Principal logarithm; not finite when it must be analytic and z meets (-inf, 0]."""
    return z.log(analytic=analytic)


def power(z: acb, p: Real, analytic: bool) -> acb:
    """Principal power z^p; not finite when it must be analytic, p is not an integer and z meets (-inf, 0]."""
    exponent = ball(p)
    if exponent.is_integer():
        return z ** acb(exponent)
    if analytic and touches_cut(z):
        return acb(arb.nan(), arb.nan())
    value = z ** acb(exponent)
    if value.is_finite() or not exponent > 0:
        return value
    size = real_power(z.abs_upper(), exponent).upper()  # a ball around zero, where the logarithm fails
    return acb(arb(0, size), arb(0, size)) if finite(size) else value


def absolute(z: acb, analytic: bool) -> acb:
    """z or -z by the sign of Re z, so |x| on the line; not finite when it must be analytic and Re z may be 0."""
    return z.real_abs(analytic=analytic)


def touches_cut(z: acb) -> bool:
    """Whether z may meet (-inf, 0], the cut of the principal branches. True for anything not finite."""
    return not (z.is_finite() and (z.real > 0 or not z.imag.contains(0)))


def _is_unbounded(f: Integrand, a: arb, b: arb) -> bool:
    """Whether the range of f is not known to be bounded on some piece of [a, b] that is 2^-40 of its length, so that no sum
    over pieces is finite. The pieces are halved until f is bounded on them; a long search says no."""
    pieces, looks = [(a, b, 0)], 0
    while pieces and looks < LOOKS:
        low, high, depth = pieces.pop()
        looks += 1
        try:
            if f(acb(low.union(high)), False).is_finite():
                continue
        except Exception:  # what the integrand raises is reported where it is integrated
            return False
        if depth == HALVINGS:
            return True
        middle = ((low + high) / 2).mid()
        pieces += [(low, middle, depth + 1), (middle, high, depth + 1)]
    return False


def _end_error(f: Integrand, end: arb) -> arb:
    """What the integral may change when the end point moves inside its ball: within +- radius * sup |f|."""
    if end.is_exact():
        return arb(0)
    bound = (end.rad() * f(acb(end), False).abs_upper()).upper()
    return arb(0, bound) if finite(bound) else arb.nan()
