"""The networks and matrices of Lemma 39: symbols, and the domains of its claims (paper lines 1033 to 1064).

A matrix is written c U S V^T with c >= 0 and S positive definite, so that the zero matrix is included (c = 0).
"""

from dataclasses import replace
from typing import Any

from flint import fmpq

from theorycheck.domain import Domain, Var, depth, derived, drawn, family, hypothesis, index, layers_of, widths
from theorycheck.evaluate.values import evaluate
from theorycheck.models.balanced import (
    adds_up,
    any_root,
    is_balanced,
    layers_by,
    orthonormal,
    power_of_a_root,
    quasinorm_by_s,
    rank,
    stretched,
    turned,
    wide,
)
from theorycheck.models.costs import diagonal
from theorycheck.models.networks import frames
from theorycheck.tree import (
    Eq,
    Family,
    Ge,
    Gt,
    Le,
    Node,
    eye,
    layers,
    mat,
    minimum,
    norm,
    scalars,
    schatten,
    singular,
    sym,
    total,
    trace,
)

L, k, i, j, l, m, h, r, c, q, e = map(sym, ("L", "k", "i", "j", "l", "m", "h", "r", "c", "q", "e"))
n, s = scalars("n"), scalars("s")
W, D = layers("W", n), layers("D", n)
A_theta = W.chain(L, 1)
p = 2 / L
SIZE = total(l, 1, L, norm(W[l]) ** 2)

X = mat("X", sym("a"), sym("b"))
schatten_by_singular_values = hypothesis(
    "definition of the Schatten quasinorm",  # the sum may end anywhere between the rank and the number of singular values
    Eq(schatten(X, e) ** e, total(i, 1, q, singular(X, i) ** e)),
    75,
    variables=("X", "a", "b", "e", "q"),
    given=(Gt(e, 0), Le(Node("rank", (X,), ()), q), Ge(q, 1), Le(q, sym("a")), Le(q, sym("b"))),
    test=adds_up(A_theta),
)
narrowest = derived(
    "k",
    lambda env: min(env["n"], key=env["n"].get),
    hypothesis("k >= 0", Ge(k, 0)),
    hypothesis("k <= L", Le(k, L)),
)
of_a_boundary: dict[str, Any] = {"given": (Ge(j, 0), Le(j, L)), "variables": ("j",)}
n_k_is_least = hypothesis(
    "n_k is the smallest width", Le(n[k], n[j]), test=lambda env: env["n"][env["k"]] == min(env["n"].values()), **of_a_boundary
)
domain = Domain(
    "all networks of depth L >= 1 and any widths",
    (depth(least=1), widths("n"), layers_of("W"), narrowest, index("i", 1, n[k]), index("l", 1, L)),
    (n_k_is_least, schatten_by_singular_values),
)

# --- the minimal parameters Psi(A) ---------------------------------------------------------------------------------------
Psi = layers("Psi", n)
Q = Family("Q", lambda place: (n[place], r))
S, A = mat("S", r, r), mat("A", n[L], n[0])
U, V = Q[L], Q[0]
psi_layer = c ** (1 / L) * Q[l] @ S ** (1 / L) @ Q[l - 1].T
of_any_exponent = {"given": (Gt(e, 0),), "variables": ("e",)}
some_rank = drawn("r", rank, hypothesis("r >= 1", Ge(r, 1)), integer=True)


def singular_value(source, env, place):
    return power_of_a_root(source, env)


def psi_domain(name, *more, least_depth=1, network=domain.variables[2]):
    """Matrices A = c U S V^T (line 1037) with widths as in line 1033, and Psi(A); a network W besides."""
    values = family("s", lambda env: range(1, env["r"] + 1), singular_value, positive=True)
    given = Domain(
        name,
        (
            depth(least=least_depth),
            drawn("n", wide, positive=True, integer=True),
            *domain.variables[3:],
            index("m", 1, L),
            some_rank,
            Var("c", any_root, (hypothesis("c >= 0", Ge(c, 0)),), continuous=True),
            replace(values, continuous=True),
            drawn("S", lambda source, env: diagonal(list(env["s"].values())), symmetric=True),
            drawn("Q", lambda source, env: frames(source, env["n"], env["r"])),
            derived("A", lambda env: evaluate(c * U @ S @ V.T, env)),
            derived("Psi", layers_by(psi_layer)),
            network,
        ),
        (
            *domain.conditions,
            hypothesis(
                "widths are large enough",
                Ge(n[j], minimum(n[0], n[L])),
                1033,
                test=lambda env: min(env["n"].values()) == min(env["n"][0], env["n"][env["L"]]),
                **of_a_boundary,
            ),
            hypothesis("A = U S V^T", Eq(A, c * U @ S @ V.T), 1037),
            hypothesis("frames", Eq(Q[j].T @ Q[j], eye(r)), 1037, test=orthonormal("Q"), **of_a_boundary),
            hypothesis(
                "S is the diagonal of the s_i",
                Eq(trace(S**e), total(h, 1, r, s[h] ** e)),
                1037,
                test=lambda env: env["S"] == diagonal(list(env["s"].values())),
                **of_any_exponent,
            ),
            hypothesis(
                "quasinorm of A",
                Eq(schatten(A, e) ** e, total(h, 1, r, (c * s[h]) ** e)),
                75,
                test=quasinorm_by_s,
                **of_any_exponent,
            ),
            hypothesis(
                "definition of Psi",
                Eq(Psi[l], psi_layer),
                1039,
                given=(Ge(l, 1), Le(l, L)),
                variables=("l",),
                test=lambda env: env["Psi"] == layers_by(psi_layer)(env),
            ),
        ),
    )
    return given.extended(name, *more)


matrices = psi_domain("matrices A and networks of depth >= 1 with n_l >= min(n_0, n_L)")
deep_matrices = psi_domain("matrices A and networks of depth >= 2 with n_l >= min(n_0, n_L)", least_depth=2)
W_encodes_A = hypothesis("W encodes A", Eq(A_theta, A), 1043)
all_encodings = psi_domain(
    "any parameters of A, widths n_l >= min(n_0, n_L)", W_encodes_A, network=derived("W", stretched)
)
Other = layers("Z", n)
encoding = psi_domain(
    "minimizers for A, with widths n_l >= min(n_0, n_L)",
    W_encodes_A,
    hypothesis(
        "minimizer of the norm",
        Le(SIZE, total(l, 1, L, norm(Other[l]) ** 2)),
        1043,
        given=(Eq(Other.chain(L, 1), A),),
        variables=("Z",),
        test=is_balanced,
    ),
    network=derived("W", turned),
)


def two_values(where):
    """For a domain with A = c U S V^T: an instance of rank two with distinct singular values, where wrong exponents show."""

    def near(source, env):
        fixed = {"L": env["L"], "n": {place: 2 for place in range(env["L"] + 1)}, "r": 2, "c": fmpq(1), "lambda": fmpq(1)}
        fixed["s"] = {1: fmpq(2) ** env["L"], 2: fmpq(1)}
        made: dict[str, object] = {}
        for v in where.variables:
            made[v.name] = fixed[v.name] if v.name in fixed else v.draw(source, made)
        return made

    return near
