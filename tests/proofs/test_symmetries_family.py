"""The symmetries of Section 2.3, conservation laws and exact solutions that the engine rests on: every main claim a second time
in NumPy, its machine mutants, and legs along the engine that contradict a wrong claim."""

from fractions import Fraction
from functools import reduce

import numpy as np
import pytest

from proofs.preliminaries import (
    aligned_modes,
    balancedness,
    hidden_compression,
    inclusion_symmetry,
    linear_flow,
    rotation_symmetry,
)
from theorycheck.derivation import Library
from theorycheck.evaluate import evaluate
from theorycheck.evaluate.numbers import to_arb
from theorycheck.run import check_claim
from theorycheck.search.mutants import strengthenings
from theorycheck.statement import Check
from theorycheck.tree import Eq, num
from theorycheck.verdict import Outcome, Verdict

MODULES = (rotation_symmetry, inclusion_symmetry, hidden_compression, balancedness, aligned_modes, linear_flow)
LIBRARY = Library(tuple(m.statement for m in MODULES))
CLAIMS = {c.id: c for m in MODULES for c in m.statement.claims}
MAIN = [c for c in CLAIMS.values() if c.main]


# --- the second entry --------------------------------------------------------------------------------------------------------
def number(x):
    return float(to_arb(x).mid())


def array(rows):
    rows = rows if isinstance(rows, tuple) else ((rows,),)
    return np.array([[number(x) for x in row] for row in rows])


def family(env, name):
    return {k: array(v) for k, v in env[name].items()}


def chain(W, hi, lo, size):
    return reduce(lambda P, k: W[k] @ P, range(lo, hi + 1), np.eye(size))


def slopes(env, W, first=None, last=None):
    """A and the gradients of C(last A first^T) in every layer, by the chain rule written out: S^T G R^T."""
    L, n = env["L"], {0: W[1].shape[1], **{k: len(V) for k, V in W.items()}}
    first, last = np.eye(n[0]) if first is None else first, np.eye(n[L]) if last is None else last
    A = last @ chain(W, L, 1, n[0]) @ first.T
    T, M, weight = array(env["C"].target), array(env["C"].form), number(env["C"].weight)
    along = float(np.sum(M * A))
    G = last.T @ (A - T + weight * 2 * (along**2 - 1) * 2 * along * M) @ first
    return A, {k: chain(W, L, k + 1, n[k]).T @ G @ chain(W, k - 1, 1, n[0]).T for k in W}


def embedded(env, outer, inner, frames):
    """A and the gradient of the outer network, and those of the inner one carried out."""
    V, W, F, l = family(env, outer), family(env, inner), family(env, frames), env["l"]
    A, slope = slopes(env, V)
    image, small_slope = slopes(env, W, F[0], F[env["L"]])
    return A, slope[l], image, F[l] @ small_slope[l] @ F[l - 1].T


def field(env, outer, inner, frames, rest=None):
    lam, l = number(env["lambda"]), env["l"]
    V, W, F = family(env, outer), family(env, inner), family(env, frames)
    _, left, _, right = embedded(env, outer, inner, frames)
    outside = family(env, rest)[l] if rest else 0.0
    return left + 2 * lam * V[l], right + 2 * lam * (F[l] @ W[l] @ F[l - 1].T + outside)


def gap_speed(env, ridge):
    W, l = family(env, "W"), env["l"]
    _, g = slopes(env, W)
    speed = {k: -g[k] - 2 * ridge * W[k] for k in W}
    upper = speed[l].T @ W[l] + W[l].T @ speed[l]
    lower = speed[l - 1] @ W[l - 1].T + W[l - 1] @ speed[l - 1].T
    return upper - lower, -4 * ridge * (W[l].T @ W[l] - W[l - 1] @ W[l - 1].T)


def mode(env, back):
    W, u, l, L = family(env, "W"), family(env, "u"), env["l"], env["L"]
    A, g = slopes(env, W)
    G = A - array(env["C"].target)
    gamma, d = (u[L].T @ G @ u[0])[0, 0], (u[L].T @ A @ u[0])[0, 0] ** (1 / L)
    left = g[l].T @ u[l] if back else g[l] @ u[l - 1]
    return left, gamma * d ** (L - 1) * (u[l - 1] if back else u[l])


def mode_matrix(env):
    W, u, L = family(env, "W"), family(env, "u"), env["L"]
    return slopes(env, W)[0] @ u[0], np.linalg.norm(W[1] @ u[0]) ** L * u[L]


def coordinate(env):
    H, x, c, e = (array(env[name]) for name in ("H", "x", "c", "e"))
    m, lam = (e.T @ H @ e)[0, 0], number(env["lambda"])
    slope = H @ x - H @ c + 2 * lam * x
    return e.T @ slope, (m + 2 * lam) * e.T @ x - m * e.T @ c


def solution(env):
    """The path by its series of powers of t, and its derivative by theirs."""
    y, p, k, t = array(env["y"]), array(env["p"]), number(env["k"]), number(env["t"])
    powers, moved = [y], []
    for i in range(1, 200):
        step = -(k * powers[-1] + (p if i == 1 else 0)) * t / i
        moved.append(step * i / t if t else (-(k * y + p) if i == 1 else 0 * y))
        powers.append(step)
    return sum(moved), -(k * sum(powers) + p)


ROTATED, INCLUDED, BLOCKS = ("V", "W", "O"), ("V", "W", "J"), ("W", "B", "U")
SECOND = {
    "rotation-symmetry.matrix": lambda env: embedded(env, *ROTATED)[0::2],
    "rotation-symmetry.gradient": lambda env: embedded(env, *ROTATED)[1::2],
    "inclusion-symmetry.matrix": lambda env: embedded(env, *INCLUDED)[0::2],
    "inclusion-symmetry.gradient": lambda env: embedded(env, *INCLUDED)[1::2],
    "inclusion-symmetry.invariant": lambda env: field(env, *INCLUDED),
    "hidden-compression.matrix": lambda env: embedded(env, *BLOCKS)[0::2],
    "hidden-compression.gradient": lambda env: embedded(env, *BLOCKS)[1::2],
    "hidden-compression.field": lambda env: field(env, *BLOCKS, "E"),
    "balancedness.conserved": lambda env: gap_speed(env, 0.0),
    "balancedness.ridge": lambda env: gap_speed(env, number(env["lambda"])),
    "aligned-modes.matrix": mode_matrix,
    "aligned-modes.gradient": lambda env: mode(env, back=False),
    "linear-flow.coordinate": coordinate,
    "linear-flow.solution": solution,
    "aligned-modes.gradient-back": lambda env: mode(env, back=True),
}


def test_every_main_claim_has_a_second_entry():
    assert set(SECOND) == {c.id for c in MAIN}


@pytest.mark.parametrize("claim", MAIN, ids=lambda c: c.id)
def test_the_second_entry_agrees(claim):
    tree = claim.tree().nodes[0] if claim.tree().head == "and" else claim.tree()
    for env in claim.domain.instances(f"second:{claim.id}", 12):
        for side, other in zip(tree.nodes, SECOND[claim.id](env), strict=True):
            np.testing.assert_allclose(array(evaluate(side, env)), other, rtol=1e-9, atol=1e-9 * max(1, np.abs(other).max()))


# --- mutants -----------------------------------------------------------------------------------------------------------------
STILL_TRUE = {"linear-flow.solution": 6}  # below Dt a constant may be another one, and at t = 0 the rate does not count


@pytest.mark.parametrize("claim", MAIN, ids=lambda c: c.id)
def test_mutants_of_the_main_claims_die(claim):
    found = [
        check_claim(claim, "quick", {}, 0, LIBRARY, tree=tree).verdict
        for _, *pair in strengthenings(claim.tree())
        for tree in pair
    ]
    assert set(found) <= {Verdict.REFUTED, Verdict.PROVED}
    assert found.count(Verdict.PROVED) == STILL_TRUE.get(claim.id, 0)


# --- legs along the engine ---------------------------------------------------------------------------------------------------
WITH_RUNS = [c for c in CLAIMS.values() if any(leg.kind == "flow" for leg in c.legs)]


@pytest.mark.parametrize("claim", WITH_RUNS, ids=lambda c: c.id)
def test_runs_of_the_engine_support_the_claim_and_contradict_a_wrong_one(claim):
    (leg,) = (leg for leg in claim.legs if leg.kind == "flow")
    assert leg.run(Check(claim, claim.tree(), claim.parameters, "quick", 3)).outcome is Outcome.SUPPORTS
    left, right = claim.tree().nodes
    wrong = balancedness.gap if claim.id == "balancedness.conserved" else num(Fraction(101, 100)) * right
    assert leg.run(Check(claim, Eq(left, wrong), claim.parameters, "quick", 3)).outcome is Outcome.CONTRADICTS
