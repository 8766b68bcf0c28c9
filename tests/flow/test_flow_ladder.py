"""The precision ladder against closed forms, against itself with more digits, and against rungs that were corrupted."""

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from flint import arb, arb_mat, fmpq, fmpq_mat

from theorycheck.enclose.network import gradient_flow, linear_gradient, pack, product, unpack
from theorycheck.enclose.precision import inside, working
from theorycheck.enclose.taylor import integrate
from theorycheck.errors import InputError
from theorycheck.flow import MatrixCompletion, MeanSquaredError, Quadratic, SquaredDistance, UserCost, gaussian, rectangular
from theorycheck.flow.ladder import ladder
from theorycheck.flow.networks import Network
from theorycheck.flow.taylor import taylor_flow

ONE = np.ones((1, 1))


def entries(rung, k=0, sample=0):
    return rung.answers[sample][k].entries()


def off(found, truth):
    """log10 of the relative error."""
    with working(400):
        return float((abs(found - truth) / abs(truth) + arb(10) ** -99).log() / arb(10).log())


def logistic(w, a, t):
    """A(t) for A = w2 w1, w1 = w2 = w, C = |A - a|^2 / 2: A' = 2 A (a - A)."""
    with working(400):
        return a / (1 + (arb(a) / (w * w) - 1) * (-2 * arb(a) * t).exp())


@pytest.mark.parametrize(("w", "t"), [("1/10", 1), ("1/1000000000000", 20)])
def test_fifty_digits_of_a_logistic_mode_also_after_a_long_plateau(w, t):
    done = ladder(Network((1, 1, 1)), SquaredDistance(3 * ONE, 0.5), [[[w]], [[w]]], [t], precision=("float64", 50, "ball"))
    assert done.agrees
    q = Fraction(w)
    truth = logistic(fmpq(q.numerator, q.denominator), fmpq(3), fmpq(t))
    assert off(entries(done.rung("50 digits"))[0], truth) < -45
    assert off(entries(done.rung("float64"))[0], truth) < -7
    ball = done.rung("ball")
    assert inside(truth, entries(ball)[0] + arb(0, ball.errors[0][0]))


def test_forty_five_digits_of_a_deep_mode():
    """d' = d^2 (1 - d^3), all three weights d: F(d(t)) - F(d(0)) = t for F' = 1 / (d^2 (1 - d^3)), by partial fractions."""
    done = ladder(Network((1, 1, 1, 1)), SquaredDistance(ONE, 0.5), [[["1/2"]]] * 3, ["3/2"], precision=(50, "ball"))
    assert done.agrees

    def antiderivative(d):
        turn = ((2 * d + 1) / arb(3).sqrt()).atan() / arb(3).sqrt()
        return -1 / d - (1 - d).log() / 3 + (d * d + d + 1).log() / 6 - turn

    with working(400):
        d = entries(done.rung("50 digits"))[0].root(3)
        passed = antiderivative(d) - antiderivative(arb(1) / 2)
        assert abs(passed - arb(3) / 2) < arb(10) ** -45


def test_depth_one_is_the_matrix_exponential_with_ridge():
    x, y = np.array([[1.0, 0.5, 0.0], [0.0, 1.0, -1.0]]), np.array([[1.0, 0.25, 0.5], [2.0, -1.0, 0.0]])
    done = ladder(
        Network((2, 2)), MeanSquaredError(x, y), [[[1, "1/3"], [0, "1e-3"]]], ["0.7"], ridge="1/10", precision=(50, "ball")
    )
    assert done.agrees
    x, y = (fmpq_mat([[fmpq(int(4 * v), 4) for v in row] for row in m]) for m in (x, y))
    s, b = x * x.transpose() * fmpq(2, 3) + fmpq_mat([[1, 0], [0, 1]]) * fmpq(1, 5), y * x.transpose() * fmpq(2, 3)
    with working(400):
        start = fmpq_mat([[1, fmpq(1, 3)], [0, fmpq(1, 1000)]])
        truth = arb_mat(b * s.inv()) + arb_mat(start - b * s.inv()) * (arb_mat(s) * fmpq(-7, 10)).exp()
    for rung in done.rungs:
        assert all(off(v, w) < -45 for v, w in zip(entries(rung), truth.entries(), strict=True))


GOAL = np.array([[0.1, 1.0], [0.5, -1.0]])
COSTS = {
    "squares": MeanSquaredError(np.array([[1.0, 0.5, 0.3], [0.1, 1.0, -1.0]]), np.array([[1.0, 0.2, 0.5], [2.0, -1.0, 0.1]])),
    "completion": MatrixCompletion((0, 1, 1, 1), (0, 1, 1, 0), (1.0, 0.5, 0.25, -0.3), (2, 2)),
    "quadratic": Quadratic(np.array([[2.0, 1, 0, 0], [1, 3, 0, 1], [0, 0, 1, 0], [0, 1, 0, 1]]), GOAL),
    "distance": SquaredDistance(GOAL, 0.7),
}


@pytest.mark.parametrize("cost", COSTS.values(), ids=COSTS.keys())
@pytest.mark.parametrize("depth", [1, 2, 4])
def test_every_cost_agrees_on_every_rung(cost, depth):
    network = Network((2, *[2, 3, 2][: depth - 1], 2))
    start = gaussian(network, 2, std=0.5, seed=depth)
    times, rungs = [0, Fraction(1, 7), 0.25], ("float64", 20, 30, ("ball", 25))
    done = ladder(network, cost, start.layers, times, ridge="1/20", precision=rungs)
    assert done.agrees, str(done)
    assert len(done.comparisons) == 2 * 3 * 6
    between = [c for c in done.comparisons if (c.first, c.second) == ("20 digits", "30 digits")]
    assert all(c.difference < arb(10) ** -18 for c in between)


def test_the_enclosure_holds_a_run_with_twenty_digits_more():
    field = gradient_flow((2, 3, 3, 2), linear_gradient([[2, 1], [1, 1]], [[1, 2], [-1, 1]]), fmpq(1, 7))
    w = fmpq_mat([[1, 2, -1], [0, 3, 1], [2, -2, 1]]) * fmpq(1, 5)
    first, last = fmpq_mat(w.tolist()) * fmpq_mat([[1, 0], [0, 1], [1, 1]]), fmpq_mat([[1, 1, 0], [0, 1, 1]])
    with working(400):
        start = [v.mid() for v in pack([first, w, last])]
    plain = taylor_flow(field, start, [fmpq(1, 4), fmpq(1)], 60)
    with working(133):
        rigorous = integrate(field, start, [fmpq(1, 4), fmpq(1)])
    for state, box in zip(plain.states, rigorous.states, strict=True):
        for v, b in zip(state, box, strict=True):
            assert b.contains(v)
            assert b.rad() < 1e-33


def test_both_ways_of_expanding_enclose_the_same():
    """The packed expansion against the one entry by entry, forward and backward, from a ball of starts."""
    field = gradient_flow((2, 2, 2), linear_gradient([[2, 1], [0, 1]], [[1, 2], [-1, 1]]), fmpq(1, 7))
    w = [[fmpq(1, 2), fmpq(1, 3)], [fmpq(-1, 4), fmpq(1)]]
    with working(90):
        for radius in (fmpq(0), fmpq(1, 10**4)):
            start = [v + arb(0, radius) for v in pack([w, w])]
            for t in (fmpq(1, 3), fmpq(-1, 5)):
                fast, slow = integrate(field, start, [t]), integrate(lambda y: field(y), start, [t])
                assert fast.complete
                assert all(a.overlaps(b) for a, b in zip(fast.states[0], slow.states[0], strict=True))
                corner = integrate(field, [v.upper() for v in start], [t])
                assert all(a.overlaps(b) for a, b in zip(fast.states[0], corner.states[0], strict=True))
                widest = [max(float(v.rad()) for v in run.states[0]) for run in (fast, slow)]
                assert widest[0] < 1.1 * widest[1] + 1e-23


def test_a_corrupted_rung_is_reported_in_words():
    network = rectangular(2, 3, 2, 3)
    start = gaussian(network, 1, std=0.5, seed=3)
    done = ladder(network, COSTS["squares"], start.layers, [1], precision=("float64", 30, "ball"))
    assert done.agrees
    assert "All precisions agree" in str(done)
    for name, shift in (("float64", 1e-6), ("30 digits", 1e-25), ("ball", 1e-25)):
        rung = done.rung(name)
        wrong = rung.answers[0][0] * (1 + arb(shift))
        bad = done.with_rung(replace(rung, answers=((wrong.mid(),),)))
        assert not bad.agrees
        assert bad.disagreements
        assert all(name in f"{c.first} {c.second}" for c in bad.disagreements)
        assert "DISAGREE" in str(bad)


def test_a_rung_that_does_not_arrive_says_so():
    network = rectangular(2, 3, 2, 3)
    start = gaussian(network, 1, std=0.5, seed=3)
    done = ladder(network, COSTS["squares"], start.layers, [0, 1], precision=(20, "ball"), max_steps=1)
    assert not done.agrees
    assert not done.disagreements
    assert "budget of 1 steps" in str(done)
    assert "answers are missing" in str(done)


def test_a_users_polynomial_cost_runs_on_balls_and_any_other_is_refused():
    network = Network((1, 2, 1))
    start = [[[["1/2"], ["1/3"]]], [[["1/4", 1]]]]
    quartic = UserCost(lambda A: ((A - 1) ** 4).sum((-1, -2)), lambda A: 4 * (A - 1) * (A - 1) * (A - 1))
    done = ladder(network, quartic, start, ["1/2"], precision=("float64", "ball"))
    assert done.agrees, str(done)
    other = UserCost(lambda A: np.cosh(A).sum((-1, -2)), lambda A: np.sinh(A))
    with pytest.raises(InputError, match="does not work on balls"):
        ladder(network, other, start, ["1/2"], precision=("ball", 30))


def test_exact_numbers_are_not_rounded():
    cost = SquaredDistance(np.array([[Fraction(1, 3)]], dtype=object))
    done = ladder(Network((1, 1)), cost, [[["1/7"]]], [1], precision=("float64", 50))
    assert done.agrees
    with working(400):
        truth = fmpq(1, 3) + (fmpq(1, 7) - fmpq(1, 3)) * arb(-2).exp()
    assert off(entries(done.rung("50 digits"))[0], truth) < -48


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"precision": 0}, "precision: 0 is unknown"),
        ({"precision": -5}, "precision: -5 is unknown"),
        ({"precision": ("float64", "double")}, "precision: 'double' is unknown"),
        ({"precision": ("ball", -1)}, "precision: -1 is unknown"),
        ({"precision": (50.0,)}, "precision: 50.0 is unknown"),
        ({"precision": True}, "precision: True is unknown"),
        ({"precision": ()}, "no rung given"),
        ({"times": [1, 0.5]}, "not increasing"),
        ({"times": [-1]}, "not increasing"),
        ({"times": []}, "none given"),
        ({"times": [float("nan")]}, "times: nan is not a finite number"),
        ({"ridge": -1}, "ridge: -1 is negative"),
        ({"rtol": 0}, "rtol"),
        ({"layers": [[[float("nan")]], [[1]]]}, "W_1: nan is not a finite number"),
        ({"layers": [[["a third"]], [[1]]]}, "'a third' is not a finite number"),
        ({"layers": [[["1/0"]], [[1]]]}, "'1/0' is not a finite number"),
        ({"layers": [[[1]]]}, "1 layers for a network of depth 2"),
        ({"layers": [[[1, 2]], [[1]]]}, "the network needs"),
        ({"layers": [[[[1]], [[2]]], [[1]]]}, "same number"),
        ({"cost": SquaredDistance(np.ones((2, 2)))}, "change one"),
    ],
)
def test_bad_input_is_one_clear_error(changed, message):
    good = {"network": Network((1, 1, 1)), "cost": SquaredDistance(ONE), "layers": [[[1]], [[1]]], "times": [1]}
    with pytest.raises(InputError, match=message) as caught:
        ladder(**{**good, **changed})
    assert "\n" not in str(caught.value)
    assert ";" in str(caught.value)


def test_plain_runs_refuse_what_they_cannot_do():
    field = gradient_flow((1, 1), lambda a: [[a[0][0] * a[0][0]]])
    with pytest.raises(InputError, match="not affine"):
        taylor_flow(field, [arb(1)], [fmpq(1)], 20)
    linear = gradient_flow((1, 1), linear_gradient([[1]], [[1]]))
    with pytest.raises(InputError, match="increasing"):
        taylor_flow(linear, [arb(1)], [fmpq(2), fmpq(1)], 20)


def test_a_plain_run_keeps_what_is_conserved():
    """W_2^T W_2 - W_1 W_1^T, at 100 digits, from a start of scale 1e-30."""
    field = gradient_flow((2, 2, 2), linear_gradient([[1, 0], [0, 2]], [[1, 2], [-1, 1]]))
    w = [[fmpq(3), fmpq(1)], [fmpq(-1), fmpq(2)]]
    small = fmpq(1, 10**30)
    with working(500):
        start = [(v * small).mid() for v in pack([w, [[fmpq(2), 1], [0, 1]]])]
        end = taylor_flow(field, start, [fmpq(1)], 100).states[0]
        before, after = ([arb_mat(m) for m in unpack(y, (2, 2, 2))] for y in (start, end))
        kept, old = (b.transpose() * b - a * a.transpose() for a, b in (after, before))
        assert all(abs(u - v) < arb(10) ** -150 for u, v in zip(kept.entries(), old.entries(), strict=True))
        assert product(after)[0, 0] != 0
