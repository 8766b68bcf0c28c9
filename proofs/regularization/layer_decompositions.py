"""Minimizers with singular value decompositions of their layers (Lemma 39, paper lines 1056 to 1062)."""

from flint import fmpq

from proofs.regularization.minimal_parameters import (
    L,
    W,
    j,
    l,
    minimizers,
    n,
)
from theorycheck.domain import Domain, derived, drawn, hypothesis
from theorycheck.evaluate.values import identity, matmul
from theorycheck.models.costs import diagonal, orthogonal
from theorycheck.models.networks import positive, transpose
from theorycheck.tree import (
    Eq,
    Family,
    Ge,
    Le,
    eye,
)

# --- singular value decompositions of a balanced network (lines 1056 to 1062) ---------------------------------------------
left, right = Family("U", lambda place: (n[place], n[place])), Family("V", lambda place: (n[place - 1], n[place - 1]))
middle = Family("S", lambda place: (n[place], n[place - 1]))


def decompositions(source, env):
    """Orthogonal frames O_l and roots t; U_l and V_l are O_l and O_(l-1) with signs that cancel on the nonzero values."""
    n_, depth_ = env["n"], env["L"]
    frames_ = {place: orthogonal(source, size) for place, size in n_.items()}
    roots = sorted((positive(source) for _ in range(min(n_.values()))), reverse=True)
    found = {}
    for place in range(1, depth_ + 1):
        signs = [fmpq(source.integer(0, 1) * -2 + 1) for _ in range(3)]
        diagonal_ = tuple(
            tuple(roots[a] if a == b < len(roots) else fmpq(0) for b in range(n_[place - 1])) for a in range(n_[place])
        )
        u, v = (matmul(frames_[at], diagonal(signs[: n_[at]])) for at in (place, place - 1))
        found[place] = u, diagonal_, v
    return found


def part(which):
    return lambda source, env: {place: found[which] for place, found in env["svd"].items()}


def recomposed(env):
    return {place: matmul(matmul(u, d), transpose(v)) for place, (u, d, v) in env["svd"].items()}


def orthogonal_family(name):
    return lambda env: all(matmul(transpose(x), x) == identity(len(x)) for x in env[name].values())


of_a_layer = {"given": (Ge(j, 1), Le(j, L)), "variables": ("j",)}
decomposed = Domain(
    "minimizers with singular value decompositions of their layers, values in decreasing order",
    (
        *minimizers.variables[:2],
        drawn("svd", decompositions),
        derived("W", recomposed),
        *minimizers.variables[3:],
        drawn("U", part(0)),
        drawn("S", part(1)),
        drawn("V", part(2)),
    ),
    (
        *minimizers.conditions,
        hypothesis(
            "decomposition",
            Eq(W[j], left[j] @ middle[j] @ right[j].T),
            1056,
            test=lambda env: env["W"] == recomposed(env),
            **of_a_layer,
        ),
        hypothesis("U is orthogonal", Eq(left[j].T @ left[j], eye(n[j])), 1056, test=orthogonal_family("U"), **of_a_layer),
        hypothesis(
            "V is orthogonal", Eq(right[j].T @ right[j], eye(n[j - 1])), 1056, test=orthogonal_family("V"), **of_a_layer
        ),
    ),
)
SQUARE, BELOW = middle[l].T @ middle[l], middle[l - 1] @ middle[l - 1].T
ordered = hypothesis("same values in the same order", Eq(SQUARE, BELOW), 1060)
chosen = decomposed.extended(
    "minimizers with the decompositions chosen so that V_l = U_(l-1)",
    hypothesis("V_l = U_(l-1)", Eq(right[l], left[l - 1]), 1060),
)
