"""Minimizers with singular value decompositions W_l = U_l S_l V_l^T of their layers (Lemma 39, paper lines 1056 to 1060)."""

from proofs.regularization.balanced_parameters import minimizers
from proofs.regularization.minimal_parameters import L, W, j, l, n
from theorycheck.domain import Domain, derived, drawn, hypothesis
from theorycheck.models.balanced import composed, decompositions, longer_frames, orthonormal, recomposed
from theorycheck.tree import Eq, Family, Ge, Le, eye

U, V = Family("U", lambda place: (n[place], n[place])), Family("V", lambda place: (n[place - 1], n[place - 1]))
S = Family("S", lambda place: (n[place], n[place - 1]))
SQUARE, BELOW = S[l].T @ S[l], S[l - 1] @ S[l - 1].T
of_a_layer = {"given": (Ge(j, 1), Le(j, L)), "variables": ("j",)}


def part(which):
    return lambda source, env: {place: found[which] for place, found in env["svd"].items()}


decomposed = Domain(
    "minimizers with singular value decompositions of their layers, values in decreasing order",
    (
        *minimizers.variables[:2],
        drawn("svd", decompositions),
        derived("W", recomposed),
        *minimizers.variables[3:],
        *(drawn(name, part(which)) for which, name in enumerate("USV")),
    ),
    (
        *minimizers.conditions,
        hypothesis(
            "decomposition", Eq(W[j], U[j] @ S[j] @ V[j].T), 1056, test=lambda env: env["W"] == composed(env), **of_a_layer
        ),
        *(
            hypothesis(
                f"{name} is orthogonal",
                Eq(frame[j].T @ frame[j], eye(n[place])),
                1056,
                test=orthonormal(name),
                breaks=longer_frames(name),
                **of_a_layer,
            )
            for name, frame, place in (("U", U, j), ("V", V, j - 1))
        ),
    ),
)
ordered = decomposed.extended(
    "minimizers with ordered singular value decompositions",
    hypothesis("same values in the same order", Eq(SQUARE, BELOW), 1060),
)
chosen = decomposed.extended(
    "minimizers with the decompositions chosen so that V_l = U_(l-1)",
    hypothesis("V_l = U_(l-1)", Eq(V[l], U[l - 1]), 1060),
)
