"""Exact instances by equal shapes, and the comparison of the batched reader with the exact one at them."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from theorycheck.domain import Domain
from theorycheck.enclose.precision import working
from theorycheck.evaluate import Undefined, evaluate
from theorycheck.evaluate.batch import evaluate_batch
from theorycheck.evaluate.judge import flat
from theorycheck.evaluate.numbers import to_arb
from theorycheck.evaluate.stacks import signature, stack
from theorycheck.tree import Node


def groups(domain: Domain, count: int) -> list[list[dict[str, Any]]]:
    found = defaultdict(list)
    for env in domain.instances("batch", count):
        found[signature(env)].append(env)
    return list(found.values())


def exact(tree: Node, env: dict[str, Any]) -> Any:
    """The value as floats, or None where there is none."""
    try:
        with working(256):
            return np.array([float(to_arb(q).mid()) for q in flat(evaluate(tree, env))])
    except Undefined:
        return None


def agree(tree: Node, envs: list[dict[str, Any]]) -> int:
    """Check the batched values at instances of equal shapes; how many were compared."""
    values = evaluate_batch(tree, stack(envs))
    compared = 0
    if len(values) == 1:  # instances of whole numbers only are equal
        values = np.broadcast_to(values, (len(envs), *values.shape[1:]))
    for env, value in zip(envs, values, strict=True):
        expected = exact(tree, env)
        if expected is not None and np.all(np.abs(expected) < 1e12):
            scale = 1 + np.linalg.norm(expected)
            assert np.allclose(value.ravel(), expected, rtol=1e-9, atol=1e-9 * scale), (tree, env)
            compared += 1
    return compared
