"""Instances of matrix completion: observed entries (k_i, m_i) of a matrix, with the standard bases as families of vectors."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from theorycheck.domain import Env, Source, Var, family, rational
from theorycheck.evaluate.values import Rows, add, identity, inner, matmul, scale
from theorycheck.flow import MatrixCompletion
from theorycheck.models.networks import transpose

Entry = tuple[int, int]


def basis(name: str, size_name: str) -> Var:
    """The standard basis as a family of columns."""

    def member(source: Source, env: Env, x: int) -> Rows:
        return tuple((row[x - 1],) for row in identity(env[size_name]))

    return family(name, lambda env: range(1, env[size_name] + 1), member)


def observed_number(name: str, size_name: str) -> Var:
    """For each of the N observations the number of its row or column."""
    return family(
        name, lambda env: range(1, env["N"] + 1), lambda source, env, _: source.integer(1, env[size_name])
    )


def orthonormal(vectors: dict[int, Rows]) -> bool:
    return all(inner(x, y) == int(p == q) for p, x in vectors.items() for q, y in vectors.items())


def entries(env: Env) -> list[Entry]:
    """The observed entries, in order, with repetitions."""
    return list(zip(env["k"].values(), env["m"].values(), strict=True))


def least_multiplicity(env: Env) -> int:
    seen = entries(env)
    return min(map(seen.count, seen))


def every_entry(env: Env) -> list[Entry]:
    return [(x, y) for x in range(1, env["n_L"] + 1) for y in range(1, env["n_0"] + 1)]


def least_observed(env: Env) -> Entry:
    """One of all entries, observed or not, that is observed least often."""
    return min(every_entry(env), key=entries(env).count)


def all_observed(env: Env) -> bool:
    return set(entries(env)) == set(every_entry(env))


def minimizer(source: Source, env: Env) -> Rows:
    """The true matrix with other values at the entries that are not observed."""
    seen = set(entries(env))
    return tuple(
        tuple(v if (x, y) in seen else rational(source) for y, v in enumerate(row, 1))
        for x, row in enumerate(env["A_true"], 1)
    )


# --- equality cases ------------------------------------------------------------------------------------------------------
def _unit(env: Env, entry: Entry) -> Rows:
    return matmul(env["e"][entry[0]], transpose(env["f"][entry[1]]))


def one_entry_wrong(source: Source, env: Env) -> dict[str, Any]:
    """A errs at a least observed entry alone, by 1; B is the true matrix."""
    seen = entries(env)
    wrong = _unit(env, min(seen, key=seen.count))
    return {**env, "A": add(env["A_true"], wrong), "B": env["A_true"]}


def one_entry_off(source: Source, env: Env) -> dict[str, Any]:
    """A and B differ by 1/2 at a least observed entry of all."""
    return {**env, "B": add(env["A"], scale(fmpq(1, 2), _unit(env, least_observed(env))))}


def engine_cost(env: Env) -> MatrixCompletion:
    """The same cost, as the engine has it."""
    rows, cols = ([place[axis] - 1 for place in entries(env)] for axis in (0, 1))
    values = tuple(float(env["A_true"][x][y]) for x, y in zip(rows, cols, strict=True))
    return MatrixCompletion(tuple(rows), tuple(cols), values, (env["n_L"], env["n_0"]))
