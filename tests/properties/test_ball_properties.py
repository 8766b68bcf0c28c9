"""Balls contain the value: every function of numbers and matrices in `enclose`, against mpmath at 60 digits."""

from fractions import Fraction

import pytest
from flint import arb, arb_mat, fmpq, fmpq_mat
from hypothesis import assume, given, settings, strategies as st
from mpmath import mp, mpf

from theorycheck.enclose import linear, precision, quadrature, roots, spectrum, subdivide
from theorycheck.enclose.precision import working
from theorycheck.evaluate import evaluate, numbers as nb
from theorycheck.tree import Node, absolute, exp, log, num, sqrt, sym
from theorycheck.tree.node import add, div, mul, neg, power

DIGITS = 60
fractions = st.fractions(-20, 20, max_denominator=12)
positive = st.fractions(Fraction(1, 12), 20, max_denominator=12)
BITS = st.sampled_from([24, 53, 120])


def matrices():
    shape = st.tuples(st.integers(1, 4), st.integers(1, 4))
    return shape.flatmap(lambda s: st.lists(st.lists(fractions, min_size=s[1], max_size=s[1]), min_size=s[0], max_size=s[0]))


def high(x):
    return mpf(x.numerator) / mpf(x.denominator)


def contains(ball: arb, value) -> bool:
    """Whether the ball reaches the 60-digit value, up to the error of that value."""
    slack = Fraction(1, 10 ** (DIGITS - 15))
    with working(400):
        exact = arb(mp.nstr(value, DIGITS))
        wide = exact + arb(0, float(slack)) * (1 + abs(exact))
        return bool(ball.is_finite()) and bool(ball.overlaps(wide))


@pytest.fixture(autouse=True)
def _digits():
    before = mp.prec
    mp.dps = DIGITS
    yield
    mp.prec = before


def exact(rows):
    return fmpq_mat([[fmpq(x.numerator, x.denominator) for x in row] for row in rows])


def true_singular_values(rows):
    from mpmath import svd_r

    return sorted(svd_r(mp.matrix([[high(x) for x in row] for row in rows]), compute_uv=False), reverse=True)


@settings(max_examples=60)
@given(matrices(), BITS, st.booleans())
def test_singular_values_and_norms(rows, bits, as_balls):
    values = true_singular_values(rows)
    with working(bits):
        a = arb_mat(exact(rows)) if as_balls else exact(rows)
        found = spectrum.singular_values(a)
        assert len(found) == len(values)
        assert all(contains(s, v) for s, v in zip(found, values, strict=True))
        assert contains(linear.operator_norm(a), values[0])
        assert contains(linear.nuclear_norm(a), sum(values))
        assert contains(linear.frobenius_norm(a), mp.sqrt(sum(high(x) ** 2 for row in rows for x in row)))
        assert linear.rank_at_least(a) <= linear.exact_rank(exact(rows))


@settings(max_examples=40)
@given(matrices(), positive, BITS)
def test_schatten_powers(rows, p, bits):
    values = [v for v in true_singular_values(rows) if v > mpf(10) ** -40]
    with working(bits):
        assert contains(linear.schatten_power(exact(rows), fmpq(p.numerator, p.denominator)), sum(v ** high(p) for v in values))


@settings(max_examples=60)
@given(matrices(), fractions, BITS)
def test_eigenvalues_and_definiteness(rows, above, bits):
    a = exact(rows)
    s = a * a.transpose()
    values = sorted((v**2 for v in true_singular_values(rows)), reverse=True)
    values += [mpf(0)] * (s.nrows() - len(values))
    with working(bits):
        assert all(contains(x, v) for x, v in zip(spectrum.symmetric_eigenvalues(s), values, strict=True))
        assert all(contains(x, v) for x, v in zip(spectrum.symmetric_eigenvalues(arb_mat(s)), values, strict=True))
        assert linear.is_positive_semidefinite(s) is True
        shift = fmpq(above.numerator, above.denominator)
        gap = values[-1] - high(above)
        if abs(gap) > mpf(10) ** -30:
            assert linear.is_positive_definite(s, shift) is bool(gap > 0)
            assert linear.is_positive_definite(arb_mat(s), shift) in {None, bool(gap > 0)}


@settings(max_examples=60)
@given(fractions, fractions, positive, BITS)
def test_numbers(x, y, p, bits):
    with working(bits):
        a, b, e = (precision.ball(v) for v in (x, y, p))
        assert contains(a, high(x))
        assert contains(precision.square(a), high(x) ** 2)
        assert contains(precision.root(abs(a)), mp.sqrt(abs(high(x))))
        assert contains(precision.power(abs(a), e), abs(high(x)) ** high(p))
        assert contains(precision.norm([a, b]), mp.hypot(high(x), high(y)))
        both = precision.hull(min(x, y), max(x, y))
        assert contains(both, high(x))
        assert contains(both, (high(x) + high(y)) / 2)
        assert precision.decide_sign(a - b) in {None, (x > y) - (x < y)}
        assert not precision.definitely_less(a, b) or x < y
        assert precision.inside(x, a)


@settings(max_examples=40)
@given(positive, positive, fractions, BITS)
def test_integrals(a, b, c, bits):
    with working(bits):
        found = quadrature.integral(
            lambda z, analytic: quadrature.power(z, fmpq(1, 2), analytic) * (c.numerator * z).exp(),
            *(fmpq(x.numerator, x.denominator) for x in (a / 10, b / 10)),
        )
        assume(precision.finite(found))
    assert contains(found, mp.quad(lambda z: mp.sqrt(z) * mp.exp(c.numerator * z), [high(a) / 10, high(b) / 10]))


@settings(max_examples=30)
@given(positive, BITS)
def test_zeros(a, bits):
    with working(max(bits, 53)):
        c = fmpq(a.numerator, a.denominator)
        square = lambda x: arb_mat([[x[0, 0] ** 2 - c]])  # noqa: E731
        found = roots.certify_zero(square, lambda x: arb_mat([[2 * x[0, 0]]]), [fmpq(a.numerator, a.denominator) / 2 + 1])
        assert found is None or contains(found.box[0, 0], mp.sqrt(high(a)))


@settings(max_examples=30)
@given(fractions, fractions, positive)
def test_positivity_on_boxes(a, b, width):
    f = lambda x: x[0] ** 2 + fmpq(a.numerator, a.denominator) * x[0] + fmpq(b.numerator, b.denominator)  # noqa: E731
    box = [(fmpq(-width.numerator, width.denominator), fmpq(width.numerator, width.denominator))]
    found = subdivide.certify(f, box, budget=300)
    least = min(x * x + a * x + b for x in (-width, width, max(-width, min(width, -a / 2))))
    assert found.holds is None or found.holds is (least > 0)


# --- trees evaluated in balls -----------------------------------------------------------------------------------------------
leaves = st.one_of(fractions.map(num), st.sampled_from([sym("x"), sym("y")]))


def _grown(below):
    unary = st.sampled_from([sqrt, exp, log, absolute, neg])
    binary = st.sampled_from([add, mul, div, power])
    return st.one_of(st.builds(lambda f, a: f(a), unary, below), st.builds(lambda f, a, b: f(a, b), binary, below, below))


TREES = st.recursive(leaves, _grown, max_leaves=6)


def in_mpmath(t: Node, env):
    """An independent reading of scalar trees; None where there is no real value, or one too large to compare."""
    parts = [in_mpmath(n, env) for n in t.nodes]
    if any(p is None for p in parts):
        return None
    match t.head:
        case "num":
            return high(t.args[0])
        case "sym":
            return high(env[t.args[0]])
        case "add" | "mul":
            out = parts[0]
            for p in parts[1:]:
                out = out + p if t.head == "add" else out * p
        case "neg":
            out = -parts[0]
        case "abs":
            out = abs(parts[0])
        case "div":
            out = parts[0] / parts[1] if parts[1] != 0 else None
        case "sqrt":
            out = mp.sqrt(parts[0]) if parts[0] >= 0 else None
        case "log":
            out = mp.log(parts[0]) if parts[0] > 0 else None
        case "exp":
            out = mp.exp(parts[0]) if abs(parts[0]) < 50 else None
        case "pow":
            out = parts[0] ** parts[1] if parts[0] > 0 and abs(parts[1]) < 20 else None
    return out if out is not None and abs(out) < mpf(10) ** 30 else None


@settings(max_examples=150)
@given(TREES, fractions, fractions, BITS)
def test_trees(tree, x, y, bits):
    env = {"x": x, "y": y}
    value = in_mpmath(tree, env)
    assume(value is not None)
    with working(bits):
        try:
            found = evaluate(tree, {k: fmpq(v.numerator, v.denominator) for k, v in env.items()})
        except (nb.Unclear, nb.Undefined):
            return  # a ball too wide to divide by, or to take a root of
        found = nb.to_arb(found)
        assert not found.is_finite() or contains(found, value)
