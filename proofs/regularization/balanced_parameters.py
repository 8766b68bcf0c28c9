"""Parameters of least norm in Lemma 39: what is known of them, their neighbours and motions (paper lines 1043 to 1060)."""

from flint import fmpq

from proofs.regularization.minimal_parameters import D, L, Q, W, c, domain, j, k, l, n, n_k_is_least, narrowest, r, some_rank
from theorycheck.domain import Domain, Var, depth, derived, drawn, hypothesis, index, layers_of, matrix, real, widths
from theorycheck.models.balanced import first_order_motion, is_balanced, layers_by, not_balanced, orthonormal, positive_definite
from theorycheck.models.costs import diagonal
from theorycheck.models.networks import balanced_network, frames, positive
from theorycheck.tree import Eq, Ge, Le, eye, mat, norm, sym, total, zero

M, K, G = mat("M", n[l - 1], n[l - 1]), mat("K", n[l - 1], n[l - 1]), mat("G", n[L], n[0])
upper, lower = mat("Y", n[l], n[l - 1]), mat("Z", n[l - 1], n[l - 2])
pair_norm = norm(W[l]) ** 2 + norm(W[l - 1]) ** 2
GRAM, COGRAM = W[l].T @ W[l], W[l - 1] @ W[l - 1].T
is_minimizer = hypothesis(
    "minimizer",  # compared with parameters that differ in two neighbouring layers, whose product is kept
    Le(pair_norm, norm(upper) ** 2 + norm(lower) ** 2),
    1043,
    given=(Ge(l, 2), Le(l, L), Eq(upper @ lower, W[l] @ W[l - 1])),
    variables=("l", "Y", "Z"),
    test=is_balanced,
    breaks=not_balanced,
)
minimizers = Domain(
    "parameters of least norm among those with the same matrix, L >= 2",
    (
        depth(least=2),
        widths("n"),
        drawn("W", lambda source, env: balanced_network(source, env["n"])),
        index("l", 2, L),
        matrix("M", n[l - 1], n[l - 1]),
        drawn("K", positive_definite, symmetric=True),
    ),
    (is_minimizer,),
)

# --- the first layer as c F T V^T, with T positive definite and frames F, V: any matrix is one ----------------------------
T, F, V = mat("T", r, r), mat("F", n[1], r), mat("V", n[0], r)
FIRST_LAYER = "decomposition of W_1", "F is a frame", "V is a frame"


def at_least_zero(source, env):
    return fmpq(source.integer(0, 2), source.integer(1, 2))


decomposed_below = Domain(
    "minimizers, and a singular value decomposition of their first layer",
    (
        depth(least=1),
        widths("n"),
        *(index(name, 1, L) for name in ("l", "m", "j")),
        index("h", j, L),
        some_rank,
        Var("c", at_least_zero, (hypothesis("c >= 0", Ge(c, 0)),), continuous=True),
        drawn("T", lambda source, env: diagonal([positive(source) for _ in range(env["r"])]), symmetric=True),
        drawn("Q", lambda source, env: frames(source, env["n"], env["r"])),
        derived("F", lambda env: env["Q"][1]),
        derived("V", lambda env: env["Q"][0]),
        derived("W", layers_by(c * Q[l] @ T @ Q[l - 1].T)),
    ),
    (
        is_minimizer,
        hypothesis(FIRST_LAYER[0], Eq(W[1], c * F @ T @ V.T), 1056),
        hypothesis(FIRST_LAYER[1], Eq(F.T @ F, eye(r)), 1056, test=orthonormal("F")),
        hypothesis(FIRST_LAYER[2], Eq(V.T @ V, eye(r)), 1056, test=orthonormal("V")),
    ),
)
EQUATION_2 = total(l, 1, L, W.chain(L, l + 1) @ D[l] @ W.chain(l - 1, 1))
motions = decomposed_below.extended(
    "minimizers, and motions of their layers that keep the matrix to first order",
    drawn("D", lambda source, env: first_order_motion(source, env, env["W"])),
    hypothesis("Equation 2", Eq(EQUATION_2, zero(n[L], n[0])), 1045),
)
numbered = decomposed_below.extended(
    "minimizers, and a number of a singular value", narrowest, n_k_is_least, index("i", 1, n[k])
)

# --- the first order of any network --------------------------------------------------------------------------------------
two_layers = Domain(
    "two layers",
    (
        drawn("L", lambda source, env: 2, hypothesis("L = 2", Eq(L, 2))),
        widths("n"),
        layers_of("W"),
        layers_of("D"),
        real("epsilon"),
    ),
)
moved_layers = [W[place] + sym("epsilon") * D[place] for place in (1, 2)]
with_g = domain.extended("networks, and a matrix G", matrix("G", n[L], n[0]))
