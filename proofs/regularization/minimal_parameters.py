"""The networks and matrices of Lemma 39: symbols, and the domains of its claims (paper lines 1033 to 1056).

A matrix is written c U S V^T with c >= 0 and S positive definite, so that the zero matrix is included (c = 0).
"""

from dataclasses import replace

from flint import arb, fmpq

from theorycheck.domain import (
    Domain,
    Var,
    depth,
    derived,
    drawn,
    family,
    hypothesis,
    index,
    layers_of,
    matrix,
    rational_matrix,
    real,
    widths,
)
from theorycheck.enclose.linear import exact_rank, schatten_power
from theorycheck.enclose.spectrum import singular_values
from theorycheck.evaluate.values import add, evaluate, flint_matrix, identity, inner, matmul, scale
from theorycheck.models.costs import diagonal
from theorycheck.models.networks import balanced_network, frames, positive, transpose
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
    zero,
)

L, k, i, j, l, m, h, r, c, q, e = map(sym, ("L", "k", "i", "j", "l", "m", "h", "r", "c", "q", "e"))
n, s = scalars("n"), scalars("s")
W = layers("W", n)
A_theta = W.chain(L, 1)
p = 2 / L


def adds_up(env):
    """At an instance: the squares of the singular values add up to the squared norm, and `rank` of them are positive."""
    x = evaluate(A_theta, env)
    values = singular_values(flint_matrix(x))
    squares = sum((v * v for v in values), arb(0))
    return squares.contains(inner(x, x)) and sum(v > 0 for v in values) == exact_rank(flint_matrix(x))


X = mat("X", sym("a"), sym("b"))
schatten_by_singular_values = hypothesis(
    "definition of the Schatten quasinorm",  # the sum may end anywhere between the rank and the number of singular values
    Eq(schatten(X, e) ** e, total(i, 1, q, singular(X, i) ** e)),
    75,
    variables=("X", "a", "b", "e", "q"),
    given=(Gt(e, 0), Le(Node("rank", (X,), ()), q), Ge(q, 1), Le(q, sym("a")), Le(q, sym("b"))),
    test=adds_up,
)
narrowest = (
    derived(
        "k",
        lambda env: min(env["n"], key=env["n"].get),
        hypothesis("k >= 0", Ge(k, 0)),
        hypothesis("k <= L", Le(k, L)),
    ),
    hypothesis(
        "n_k is the smallest width",
        Le(n[k], n[j]),
        given=(Ge(j, 0), Le(j, L)),
        variables=("j",),
        test=lambda env: all(env["n"][env["k"]] <= w for w in env["n"].values()),
    ),
)
domain = Domain(
    "all networks of depth L >= 1 and any widths",
    (depth(least=1), widths("n"), layers_of("W"), narrowest[0], index("i", 1, n[k]), index("l", 1, L)),
    (narrowest[1], schatten_by_singular_values),
)
# --- the minimal parameters Psi(A) ---------------------------------------------------------------------------------------
Psi = layers("Psi", n)
Q = Family("Q", lambda place: (n[place], r))
S, A = mat("S", r, r), mat("A", n[L], n[0])
U, V = Q[L], Q[0]
psi_layer = c ** (1 / L) * Q[l] @ S ** (1 / L) @ Q[l - 1].T


def wide(source, env):
    """Widths n_0 .. n_L with every hidden one at least min(n_0, n_L)."""
    ends = {0: source.integer(1, 3), env["L"]: source.integer(1, 3)}
    hidden = {place: source.integer(min(ends.values()), 3) for place in range(1, env["L"])}
    return dict(sorted({**hidden, **ends}.items()))


def orthonormal(env):
    return all(matmul(transpose(q), q) == identity(env["r"]) for q in env["Q"].values())


def power_of_a_root(source, env):
    return positive(source) ** env["L"]


def any_root(source, env):
    return source.integer(0, 2) ** env["L"] * power_of_a_root(source, env)


def singular_places(env):
    return range(1, env["r"] + 1)


def singular_value(source, env, place):
    return power_of_a_root(source, env)


def quasinorm_by_s(env):
    scaled = [env["c"] * v for v in env["s"].values()]
    a = flint_matrix(env["A"])
    return all(schatten_power(a, x).overlaps(schatten_power([[v] for v in scaled], x)) for x in (fmpq(2),)) and exact_rank(
        a
    ) in {0, env["r"]}


def psi_domain(least_depth=1):
    """Matrices A = c U S V^T (line 1037) with widths as in line 1033, and Psi(A); a generic network W besides."""
    return Domain(
        f"matrices A and networks of depth >= {least_depth} with n_l >= min(n_0, n_L)",
        (
            depth(least=least_depth),
            drawn("n", wide, positive=True),
            *domain.variables[2:],
            index("m", 1, L),
            drawn("r", lambda source, env: source.integer(1, min(env["n"].values())), hypothesis("r >= 1", Ge(r, 1))),
            Var("c", any_root, (hypothesis("c >= 0", Ge(c, 0)),), continuous=True),
            replace(family("s", singular_places, singular_value, positive=True), continuous=True),
            drawn("S", lambda source, env: diagonal(list(env["s"].values())), symmetric=True),
            drawn("Q", lambda source, env: frames(source, env["n"], env["r"])),
            derived("A", lambda env: evaluate(c * U @ S @ V.T, env)),
            derived("Psi", lambda env: {place: evaluate(psi_layer, {**env, "l": place}) for place in range(1, env["L"] + 1)}),
        ),
        (
            *domain.conditions,
            hypothesis(
                "widths are large enough",
                Ge(n[j], minimum(n[0], n[L])),
                1033,
                given=(Ge(j, 0), Le(j, L)),
                variables=("j",),
                test=lambda env: min(env["n"].values()) == min(env["n"][0], env["n"][env["L"]]),
            ),
            hypothesis("A = U S V^T", Eq(A, c * U @ S @ V.T), 1037),
            hypothesis(
                "frames", Eq(Q[j].T @ Q[j], eye(r)), 1037, given=(Ge(j, 0), Le(j, L)), variables=("j",), test=orthonormal
            ),
            hypothesis(
                "S is the diagonal of the s_i",
                Eq(trace(S**e), total(h, 1, r, s[h] ** e)),
                1037,
                given=(Gt(e, 0),),
                variables=("e",),
                test=lambda env: env["S"] == diagonal(list(env["s"].values())),
            ),
            hypothesis(
                "quasinorm of A",
                Eq(schatten(A, e) ** e, total(h, 1, r, (c * s[h]) ** e)),
                75,
                given=(Gt(e, 0),),
                variables=("e",),
                test=quasinorm_by_s,
            ),
            hypothesis(
                "definition of Psi",
                Eq(Psi[l], psi_layer),
                1039,
                given=(Ge(l, 1), Le(l, L)),
                variables=("l",),
                test=lambda env: all(x == evaluate(psi_layer, {**env, "l": place}) for place, x in env["Psi"].items()),
            ),
        ),
    )


matrices, deep_matrices = psi_domain(), psi_domain(least_depth=2)
# --- a minimizer is balanced (lines 1043 to 1056) ------------------------------------------------------------------------
M, K = mat("M", n[l - 1], n[l - 1]), mat("K", n[l - 1], n[l - 1])
upper, lower = mat("Y", n[l], n[l - 1]), mat("Z", n[l - 1], n[l - 2])
pair_norm = norm(W[l]) ** 2 + norm(W[l - 1]) ** 2
GRAM, COGRAM = W[l].T @ W[l], W[l - 1] @ W[l - 1].T


def is_balanced(env):
    w = env["W"]
    return all(matmul(transpose(w[a + 1]), w[a + 1]) == matmul(w[a], transpose(w[a])) for a in range(1, env["L"]))


def positive_definite(source, env):
    b = rational_matrix(source, env["n"][env["l"] - 1], env["n"][env["l"] - 1])
    return add(matmul(transpose(b), b), identity(len(b)))


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
    (
        hypothesis(
            "minimizer",  # compared with parameters that differ in two neighbouring layers, whose product is kept
            Le(pair_norm, norm(upper) ** 2 + norm(lower) ** 2),
            1043,
            given=(Eq(upper @ lower, W[l] @ W[l - 1]),),
            variables=("Y", "Z"),
            test=is_balanced,
        ),
    ),
)
first, second = layers("W", n), layers("D", n)
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
moved_layers = [W[place] + sym("epsilon") * second[place] for place in (1, 2)]
G = mat("G", n[L], n[0])
# --- all minimizers have the same norm (lines 1062 and 1064) --------------------------------------------------------------
Other = layers("Z", n)
SIZE = total(l, 1, L, norm(W[l]) ** 2)


def turned(env):
    """Psi(A) with its hidden layers rotated: another minimizer for the same A."""
    turns = {place: identity(size) for place, size in env["n"].items()}
    turns |= {place: tuple(reversed(turns[place])) for place in range(1, env["L"])}
    return {place: matmul(matmul(turns[place], x), transpose(turns[place - 1])) for place, x in env["Psi"].items()}


base = psi_domain()


def stretched(env):
    """The same matrix by other parameters: hidden layers rotated, the first layer doubled and the last one halved."""
    layers_ = turned(env)
    layers_[1] = scale(fmpq(2), layers_[1])
    return {**layers_, env["L"]: scale(fmpq(1, 2), layers_[env["L"]])}


all_encodings = replace(base, variables=(*(v for v in base.variables if v.name != "W"), derived("W", stretched))).extended(
    "any parameters of A, widths n_l >= min(n_0, n_L)", hypothesis("W encodes A", Eq(A_theta, A), 1043)
)
encoding = replace(
    base,
    name="minimizers for A, with widths n_l >= min(n_0, n_L)",
    variables=(*(v for v in base.variables if v.name != "W"), derived("W", turned)),
).extended(
    "minimizers for A, with widths n_l >= min(n_0, n_L)",
    hypothesis("W encodes A", Eq(A_theta, A), 1043),
    hypothesis(
        "minimizer of the norm",
        Le(SIZE, total(l, 1, L, norm(Other[l]) ** 2)),
        1043,
        given=(Eq(Other.chain(L, 1), A),),
        variables=("Z",),
        test=is_balanced,
    ),
)


D = layers("D", n)


def off(frame):
    """The projection I - Q Q^T."""
    return add(identity(len(frame)), scale(fmpq(-1), matmul(frame, transpose(frame))))


def first_order_motion(source, env):
    """dW_l = Psi_l M_(l-1) - M_l Psi_l, with M_0 = M_L = 0, and any motion off the frames on both sides."""
    n_, q, found = env["n"], env["Q"], {}
    free = {a: rational_matrix(source, n_[a], n_[a]) if 0 < a < env["L"] else scale(fmpq(0), identity(n_[a])) for a in n_}
    for a, x in env["Psi"].items():
        turned_ = add(matmul(x, free[a - 1]), scale(fmpq(-1), matmul(free[a], x)))
        found[a] = add(turned_, matmul(matmul(off(q[a]), rational_matrix(source, n_[a], n_[a - 1])), off(q[a - 1])))
    return found


EQUATION_2 = total(l, 1, L, Psi.chain(L, l + 1) @ D[l] @ Psi.chain(l - 1, 1))
motions = deep_matrices.extended(
    "minimizers Psi(A), and motions of their layers that keep A to first order, L >= 2",
    drawn("D", first_order_motion),
    hypothesis("Equation 2", Eq(EQUATION_2, zero(n[L], n[0])), 1045),
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
