"""Instances of matrix completion: observed entries (k_i, m_i) of a matrix, with the standard bases as families of vectors."""

from __future__ import annotations

from collections.abc import Callable
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


def are_units(vectors: dict[int, Rows]) -> bool:
    return all(inner(x, x) == 1 for x in vectors.values())


def are_apart(vectors: dict[int, Rows]) -> bool:
    """Whether any two of them are equal or orthogonal."""
    return all(not inner(x, y) or x == y for x in vectors.values() for y in vectors.values())


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


# --- one hypothesis broken (see `Fact.breaks`) ---------------------------------------------------------------------------
def _few(env: Env, e: dict[int, Rows], f: dict[int, Rows], wrong: Rows, **more: Any) -> Env:
    """Observations (1, 1), (2, 1) of a 2 x 1 matrix, or (1, 1), (1, 2) of one of 1 x 2; all that is true is 0."""
    rows, cols = len(wrong), len(wrong[0])
    zero = tuple((fmpq(0),) * cols for _ in range(rows))
    numbers = {"k": {1: 1, 2: rows}, "m": {1: 1, 2: cols}}
    shapes = {"n_L": rows, "n_0": cols, "N": 2, **numbers, "i": 1, "j": 1, "e": e, "f": f}
    matrices = {"A": wrong, "B": zero, "A_true": zero, "A_min": zero}
    own = {"a_0": 1, "b_0": 1, "beta": fmpq(1), "c": fmpq(1), "C_min": fmpq(0), **more}
    return {**env, **shapes, **matrices, **{name: x for name, x in own.items() if name in env}}


def _vectors(*rows: tuple[int, ...]) -> dict[int, Rows]:
    return {k: tuple((fmpq(x, 5),) for x in row) for k, row in enumerate(rows, 1)}


ONE = _vectors((5,))


def of_another_length(name: str) -> Callable[[Source, Env], Env]:
    """The vectors of one side half as long, or twice."""

    def breaks(source: Source, env: Env) -> Env:
        factor = (fmpq(1, 2), fmpq(2))[source.integer(0, 1)]
        return {**env, name: {k: scale(factor, x) for k, x in env[name].items()}}

    return breaks


def not_apart(name: str) -> Callable[[Source, Env], Env]:
    """Two unit vectors at an angle, and a matrix whose two residuals are 4 and -4."""

    def breaks(source: Source, env: Env) -> Env:
        askew, column = _vectors((5, 0), (3, 4)), ((fmpq(4),), (fmpq(-8),))
        return _few(env, askew, ONE, column) if name == "e" else _few(env, ONE, askew, transpose(column))

    return breaks


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
