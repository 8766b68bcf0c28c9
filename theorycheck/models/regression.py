"""Instances of |A X - Y|^2 / N: data X with a known decomposition `svd`, its pseudo-inverse P, and cases of equality."""

from __future__ import annotations

from typing import Any

import numpy as np
from flint import fmpq

from theorycheck.domain import Env, Source, rational_matrix
from theorycheck.evaluate.numbers import to_arb
from theorycheck.evaluate.values import Rows, add, inner, matmul, scale
from theorycheck.flow import MeanSquaredError
from theorycheck.models.networks import transpose
from theorycheck.models.spectral import Decomposed, columns


def residual(env: Env) -> Rows:
    found: Rows = add(matmul(env["A"], env["X"]), scale(fmpq(-1), env["Y"]))
    return found


def some_minimizer(source: Source, env: Env) -> Rows:
    """Y P plus any matrix whose rows are orthogonal to the columns of X."""
    loose = rational_matrix(source, env["n_L"], env["n_0"])
    onto = matmul(matmul(loose, env["X"]), env["P"])
    found: Rows = add(matmul(env["Y"], env["P"]), add(loose, scale(fmpq(-1), onto)))
    return found


def singular_value(svd: Decomposed, k: int) -> Any:
    """The k-th one; those beyond min(n_0, N) count as 0."""
    return svd.values[k - 1] if k <= len(svd.values) else fmpq(0)


def slow_direction(source: Source, env: Env) -> dict[str, Any]:
    """The equality case: A and B differ from a minimizer along the left singular vector of s_0 alone."""
    number = env["svd"].values.index(env["s_0"]) + 1
    shift = matmul(columns(source, env["n_L"]), transpose(env["svd"].left_vector(number)))
    centre = matmul(env["Y"], env["P"])
    return {**env, "A": add(centre, shift), "B": centre}


def almost_fitted(source: Source, env: Env) -> dict[str, Any]:
    """A residual below 1 and a small beta: the costs at A and A + v u^T are almost equal, and wrong exponents show."""
    shrink = 1 / (1 + inner(residual(env), residual(env)))
    scaled = {name: scale(shrink, env[name]) for name in ("A", "B", "Y", "A_min")}
    beta = shrink**4 / (100 * env["N"] * (1 + inner(env["v"], env["v"])))
    return {**env, **scaled, "C_min": shrink**2 * env["C_min"], "beta": beta}


def engine_cost(env: Env) -> MeanSquaredError:
    """The same cost, as the engine has it."""
    return MeanSquaredError(_floats(env["X"]), _floats(env["Y"]))


def _floats(rows: Rows) -> Any:
    return np.array([[float(to_arb(x).mid()) for x in row] for row in rows])
