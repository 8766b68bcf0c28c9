"""Balanced parameters of minimal norm (Lemma 39, paper lines 1035 to 1064).

|theta|^2 >= L |A|_p^p with p = 2/L, whatever the widths: by Horn's inequality the sum of s_i(W_L .. W_1)^(2/L) is at most the sum of
the products of the s_i(W_l)^(2/L), and each product is at most the mean of the s_i(W_l)^2. Equality at Psi(A), whose layers are
W_l = Q_l S^(1/L) Q_(l-1)^T with frames Q_l, Q_0 = V and Q_L = U. The paper's own proof takes a minimizer and finds it
balanced; its displays are entered too.

A matrix is written c U S V^T with c >= 0 and S positive definite, so that the zero matrix is included (c = 0).
"""


from dataclasses import replace

from flint import arb, fmpq

from theorycheck.costs import diagonal, orthogonal
from theorycheck.domain import Domain, depth, derived, drawn, family, hypothesis, index, layers_of, matrix, rational_matrix, real, widths
from theorycheck.enclose.linear import exact_rank, schatten_power
from theorycheck.enclose.spectrum import singular_values
from theorycheck.evaluate.values import add, evaluate, flint_matrix, identity, inner, matmul
from theorycheck.exact import cited
from theorycheck.exact import extremum_rules as least
from theorycheck.exact import rules as by
from theorycheck.networks import balanced_network, frames, positive, transpose
from theorycheck.statement import Statement
from theorycheck.tree import (
    All,
    Defined,
    Eq,
    Family,
    Ge,
    Gt,
    Le,
    Node,
    as_node,
    eye,
    gradient_of,
    layers,
    mat,
    minimum,
    norm,
    product,
    scalars,
    schatten,
    singular,
    sym,
    total,
    trace,
    zero,
)
from theorycheck.verdict import Erratum

L, k, i, j, l, m, h, r, c, q, e = map(sym, ("L", "k", "i", "j", "l", "m", "h", "r", "c", "q", "e"))
n, s = scalars("n"), scalars("s")
W = layers("W", n)
A_theta = W.chain(L, 1)
p = 2 / L



def adds_up(env):
    """At an instance: the singular values that the balls hold square to the Frobenius norm, and there are `rank` positive ones."""
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

statement = Statement("lemma-39", "Parameters of minimal norm", "D", domain)


def balanced_layers(source, env):
    """The equality case: balanced layers."""
    return {**env, "W": balanced_network(source, env["n"])}


def at_most_the_widths(*places):
    lines = []
    for end in places:
        line = yield Le(n[k], n[end]), by.given("n_k is the smallest width", j=as_node(end))
        lines.append(line)
    return lines


@statement.claim("inequality", line=1035, main=True, expects="proved", near=balanced_layers, power=2, factor=1)
def inequality(power, factor):
    """The squared norm of parameters is at least L times the p-th power of the Schatten quasinorm of their matrix"""
    goal = yield Ge(total(l, 1, L, norm(W[l]) ** 2), factor * L * schatten(A_theta, power / L) ** (power / L))
    ends = yield from at_most_the_widths(L, 0, l, l - 1)
    low = yield Le(Node("rank", (A_theta,), ()), n[k]), by.cite(cited.RANK_OF_PRODUCT, F="W", m=L, j=k)
    values, name = total(i, 1, n[k], singular(A_theta, i) ** p), "definition of the Schatten quasinorm"
    sides = {"X": A_theta, "a": n[L], "b": n[0], "e": p, "q": n[k]}
    meant = yield Eq(schatten(A_theta, p) ** p, values), by.given_with([low, *ends], name, **sides)
    products = total(i, 1, n[k], product(l, 1, L, singular(W[l], i) ** p))
    horn = yield Le(values, products), by.cite(cited.HORN, F="W", m=L, p=p, q=n[k])
    squares = singular(W[l], i) ** 2
    one = yield Le(product(l, 1, L, squares ** (1 / L)), 1 / L * total(l, 1, L, squares)), least.cite_terms(cited.MEANS, "x", l, squares, m=L)
    means = yield Le(products, total(i, 1, n[k], 1 / L * total(l, 1, L, squares))), by.termwise(one, i)
    layer = yield Le(total(i, 1, n[k], squares), norm(W[l]) ** 2), by.cite(cited.FROBENIUS, *ends, X=W[l], a=n[l], b=n[l - 1], q=n[k])
    norms = yield Le(total(l, 1, L, total(i, 1, n[k], squares)), total(l, 1, L, norm(W[l]) ** 2)), by.termwise(layer, l)
    yield goal, by.linear((meant, factor * L), (horn, L), (means, L), norms)


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


def quasinorm_by_s(env):
    scaled = [env["c"] * v for v in env["s"].values()]
    a = flint_matrix(env["A"])
    return all(schatten_power(a, x).overlaps(schatten_power([[v] for v in scaled], x)) for x in (fmpq(2),)) and exact_rank(a) in {0, env["r"]}


def psi_domain(least_depth=1):
    """Matrices A = c U S V^T (line 1037) with widths as in line 1033, and Psi(A); a generic network W besides."""
    return Domain(
        "matrices A and networks with n_l >= min(n_0, n_L)",
        (
            depth(least=least_depth),
            drawn("n", wide, positive=True),
            *domain.variables[2:],
            index("m", 1, L),
            drawn("r", lambda source, env: source.integer(1, min(env["n"].values())), hypothesis("r >= 1", Ge(r, 1))),
            drawn("c", lambda source, env: source.integer(0, 2) ** env["L"] * power_of_a_root(source, env), hypothesis("c >= 0", Ge(c, 0))),
            family("s", lambda env: range(1, env["r"] + 1), lambda source, env, _: power_of_a_root(source, env), positive=True),
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


@statement.claim("product", line=1035, main=True, expects="proved", domain=matrices)
def encodes(**_):
    """Psi(A) is a right inverse: its product is A"""
    goal = yield Eq(Psi.chain(L, 1), A)
    part = yield (
        Eq(Psi.chain(m, 1), c ** (m / L) * Q[m] @ S ** (m / L) @ V.T),
        by.telescope("Psi", m, "definition of Psi", "frames"),
    )
    yield goal, by.identity(by.generic(part, [Ge(m, 1), Le(m, L)], m), "A = U S V^T")


@statement.claim("norm", line=1035, main=True, expects="proved", domain=matrices, power=2, factor=1)
def norm_of_psi(power, factor):
    """The squared norm of Psi(A) is L times the p-th power of the Schatten quasinorm"""
    goal = yield Eq(total(l, 1, L, norm(Psi[l]) ** 2), factor * L * schatten(A, power / L) ** (power / L))
    one = yield from trace_of_a_layer(norm(Psi[l]) ** 2)
    layered = yield Eq(total(l, 1, L, norm(Psi[l]) ** 2), total(l, 1, L, schatten(A, p) ** p)), by.termwise(one, l)
    yield goal, by.linear(layered)


def trace_of_a_layer(square):
    """|Psi_l|^2 = |A|_p^p, written as norm or trace."""
    meant = yield Eq(schatten(A, p) ** p, total(h, 1, r, (c * s[h]) ** p)), by.given("quasinorm of A", e=p)
    powers = yield Eq(trace(S**p), total(h, 1, r, s[h] ** p)), by.given("S is the diagonal of the s_i", e=p)
    layer = yield Eq(square, c**p * trace(S**p)), by.identity("definition of Psi", "frames")
    line = yield Eq(square, schatten(A, p) ** p), by.linear(layer, (powers, c**p), (meant, -1))
    return line


@statement.claim("trace", line=1041, where="proof", expects="proved", domain=matrices, power=2)
def layer_trace(power):
    """The squared norm of each layer of Psi(A) is the sum of the s_i^(2/L), which is the p-th power of the quasinorm"""
    square, values = trace(Psi[l] @ Psi[l].T), total(h, 1, r, (c * s[h]) ** (power / L))
    goal = yield All(Eq(square, values), Eq(values, schatten(A, power / L) ** (power / L)))
    line = yield from trace_of_a_layer(square)
    meant = yield Eq(schatten(A, p) ** p, total(h, 1, r, (c * s[h]) ** p)), by.given("quasinorm of A", e=p)
    one = yield goal.nodes[0], by.linear(line, meant)
    other = yield goal.nodes[1], by.linear((meant, -1))
    yield goal, by.both(one, other)


@statement.claim("traces", line=1041, where="proof", expects="proved")
def sum_of_traces():
    """The squared norm of the parameters is the sum of the traces of W_i W_i^T (lines 1041 and 1043)"""
    goal = yield Eq(total(l, 1, L, norm(W[l]) ** 2), total(l, 1, L, trace(W[l] @ W[l].T)))
    yield goal, by.identity()


# the entries of the printed Psi(A), first to last; the middle ones are multiplied together
FIRST, MIDDLE, LAST = S ** (1 / L) @ V.T, S ** ((L - 2) / L), U @ S ** (1 / L)


@statement.claim(
    "order",
    line=1039,
    where="proof",
    expects="refuted",
    domain=deep_matrices,
    erratum=Erratum(
        "notation",
        "theta lists the layers from W_L to W_1, as lines 42 and 1033 define it",
        "Psi(A) lists W_1 first, as line 1041 says; read in the order of line 1033 the product of its entries is not defined.",
        stands=("lemma-39",),
    ),
)
def printed_order():
    """The entries of Psi(A) in the order of theta = (W_L, .., W_1) can be multiplied"""
    yield Defined(Node("matmul", (FIRST, MIDDLE, LAST), (r, r)))


@statement.claim("order-of-the-trace", line=1039, where="proof", expects="proved", domain=deep_matrices, corrects="order")
def other_order():
    """In the order (W_1, .., W_L) of line 1041 the product of the entries is U S V^T"""
    goal = yield Eq(LAST @ MIDDLE @ FIRST, U @ S @ V.T)
    yield goal, by.identity()


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


@statement.claim("perturbation", line=1052, where="proof", expects="proved", domain=minimizers)
def perturbation():
    """dW_l = W_l M and dW_(l-1) = -M W_(l-1) keep the matrix to first order (Equation 2)"""
    up, down = W.chain(L, l + 1) @ (W[l] @ M) @ W.chain(l - 1, 1), W.chain(L, l) @ (-M @ W[l - 1]) @ W.chain(l - 2, 1)
    goal = yield Eq(up + down, zero(n[L], n[0]))
    yield goal, by.identity()


@statement.claim("balanced", line=1056, where="proof", expects="proved", domain=minimizers)
def balanced():
    """A minimizer is balanced: W_l^T W_l = W_(l-1) W_(l-1)^T"""
    goal = yield Eq(GRAM, COGRAM)
    same = yield Eq((W[l] @ K) @ (K ** (-1) @ W[l - 1]), W[l] @ W[l - 1]), by.identity()
    moved = norm(W[l] @ K) ** 2 + norm(K ** (-1) @ W[l - 1]) ** 2
    least_pair = yield Le(pair_norm, moved), by.given_with([same], "minimizer", Y=W[l] @ K, Z=K ** (-1) @ W[l - 1])
    yield goal, least.stationary_at_identity(least_pair, "K")


@statement.claim("traces-with-m", line=1054, where="proof", expects="proved", domain=minimizers)
def traces_with_m():
    """Tr[W_l^T W_l M] = Tr[W_(l-1) W_(l-1)^T M] at a minimizer"""
    goal = yield Eq(trace(GRAM @ M), trace(COGRAM @ M))
    line = yield Eq(GRAM, COGRAM), by.uses("lemma-39.balanced")
    yield goal, by.identity(line)


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


@statement.claim(
    "first-order",
    line=1047,
    where="proof",
    expects="refuted",
    domain=two_layers,
    erratum=Erratum(
        "notation",
        "the factors are multiplied from layer 1 to layer L",
        "The product must be taken from W_L to W_1, as in A = W_L .. W_1; the printed one is not defined for L = 2 and n_0 != n_2.",
        stands=("lemma-39",),
    ),
)
def first_order_printed():
    """The perturbed layers, multiplied in the printed order"""
    yield Defined(Node("matmul", tuple(moved_layers), (n[1], n[1])))


G = mat("G", n[L], n[0])


@statement.claim(
    "first-order-corrected",
    line=1047,
    where="proof",
    expects="proved",
    corrects="first-order",
    domain=domain.extended("networks, and a matrix G", matrix("G", n[L], n[0])),
)
def first_order():
    """The derivative of W_L .. W_1 in the layer l: <G, dA> = <W_(L:l+1)^T G W_(l-1:1)^T, dW_l> for every G (Equation 2)"""
    goal = yield Eq(gradient_of(trace(G.T @ A_theta), W[l]), W.chain(L, l + 1).T @ G @ W.chain(l - 1, 1).T)
    yield goal, by.identity()


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
        diagonal_ = tuple(tuple(roots[a] if a == b < len(roots) else fmpq(0) for b in range(n_[place - 1])) for a in range(n_[place]))
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
        hypothesis("V is orthogonal", Eq(right[j].T @ right[j], eye(n[j - 1])), 1056, test=orthogonal_family("V"), **of_a_layer),
    ),
)
SQUARE, BELOW = middle[l].T @ middle[l], middle[l - 1] @ middle[l - 1].T


@statement.claim(
    "squares",
    line=1058,
    where="proof",
    expects="refuted",
    domain=decomposed,
    erratum=Erratum(
        "notation",
        "S_l has the shape of W_l",
        "S_l^2 is not defined for n_l != n_(l-1); meant are S_l^T S_l on the left and S_(l-1) S_(l-1)^T on the right.",
        stands=("lemma-39",),
    ),
)
def squares_printed():
    """V_l S_l^2 V_l^T is defined"""
    yield Defined(Node("matmul", (right[l], middle[l], middle[l], right[l].T), (n[l - 1], n[l - 1])))


@statement.claim("squares-corrected", line=1058, where="proof", expects="proved", domain=decomposed, corrects="squares")
def squares():
    """V_l S_l^T S_l V_l^T = U_(l-1) S_(l-1) S_(l-1)^T U_(l-1)^T"""
    goal = yield Eq(right[l] @ SQUARE @ right[l].T, left[l - 1] @ BELOW @ left[l - 1].T)
    gram = yield Eq(GRAM, right[l] @ SQUARE @ right[l].T), by.identity("decomposition", "U is orthogonal")
    cogram = yield Eq(COGRAM, left[l - 1] @ BELOW @ left[l - 1].T), by.identity("decomposition", "V is orthogonal")
    line = yield Eq(GRAM, COGRAM), by.uses("lemma-39.balanced")
    yield goal, by.linear(line, (gram, -1), cogram)


@statement.claim(
    "frames-agree",
    line=1060,
    where="proof",
    expects="refuted",
    domain=decomposed,
    erratum=Erratum(
        "false",
        "for every singular value decomposition of the layers",
        "V_l = U_(l-1) holds for a suitable choice only: signs, and rotations where singular values repeat or vanish, are free.",
        stands=("lemma-39",),
    ),
)
def frames_agree():
    """The frames of neighbouring layers agree"""
    yield Eq(right[l], left[l - 1])


ordered = hypothesis("same values in the same order", Eq(SQUARE, BELOW), 1060)


@statement.claim(
    "frames-commute",
    line=1060,
    where="proof",
    expects="proved",
    corrects="frames-agree",
    domain=decomposed.extended("minimizers with ordered singular value decompositions", ordered),
)
def frames_commute():
    """U_(l-1)^T V_l commutes with S_l^T S_l, so that U_(l-1) may take the place of V_l"""
    goal = yield Eq(right[l] @ SQUARE @ right[l].T, left[l - 1] @ SQUARE @ left[l - 1].T)
    line = yield Eq(right[l] @ SQUARE @ right[l].T, left[l - 1] @ BELOW @ left[l - 1].T), by.uses("lemma-39.squares-corrected")
    same = yield Eq(SQUARE, BELOW), by.given("same values in the same order")
    turned = yield Eq(left[l - 1] @ SQUARE @ left[l - 1].T, left[l - 1] @ BELOW @ left[l - 1].T), by.identity(same)
    yield goal, by.linear(line, (turned, -1))




chosen = decomposed.extended(
    "minimizers with the decompositions chosen so that V_l = U_(l-1)", hypothesis("V_l = U_(l-1)", Eq(right[l], left[l - 1]), 1060)
)


@statement.claim("values-agree", line=1060, where="proof", expects="proved", domain=chosen)
def values_agree():
    """S_l^T S_l = S_(l-1) S_(l-1)^T, where the decompositions are chosen with V_l = U_(l-1)"""
    goal = yield Eq(SQUARE, BELOW)
    line = yield Eq(right[l] @ SQUARE @ right[l].T, left[l - 1] @ BELOW @ left[l - 1].T), by.uses("lemma-39.squares-corrected")
    inside = yield Eq(SQUARE, right[l].T @ right[l] @ SQUARE @ right[l].T @ right[l]), by.identity("V is orthogonal")
    outside = yield (
        Eq(right[l].T @ (left[l - 1] @ BELOW @ left[l - 1].T) @ right[l], BELOW),
        by.identity("V_l = U_(l-1)", "U is orthogonal"),
    )
    between = yield (
        Eq(right[l].T @ (right[l] @ SQUARE @ right[l].T) @ right[l], right[l].T @ (left[l - 1] @ BELOW @ left[l - 1].T) @ right[l]),
        by.identity(line),
    )
    yield goal, by.linear(inside, between, outside)


@statement.claim(
    "roots",
    line=1060,
    where="proof",
    expects="supported",
    domain=minimizers.extended(
        "minimizers, and a number of a singular value", *narrowest, index("i", 1, n[k])
    ),
    root=1,
)
def roots(root):
    """The diagonal terms of S_l are those of S^(1/L), up to null terms: s_i(W_l) = s_i(A)^(1/L)"""
    yield Eq(singular(W[l], i), singular(A_theta, i) ** (root / L))


# --- all minimizers have the same norm (lines 1062 and 1064) --------------------------------------------------------------
Other = layers("Z", n)
SIZE = total(l, 1, L, norm(W[l]) ** 2)


def turned(env):
    """Psi(A) with its hidden layers rotated: another minimizer for the same A."""
    turns = {place: identity(size) for place, size in env["n"].items()}
    turns |= {place: tuple(reversed(turns[place])) for place in range(1, env["L"])}
    return {place: matmul(matmul(turns[place], x), transpose(turns[place - 1])) for place, x in env["Psi"].items()}


base = psi_domain()
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


@statement.claim("least-norm", line=1062, where="proof", expects="proved", domain=encoding, power=2, factor=1)
def least_norm(power, factor):
    """The squared norm of a minimizer is L times the p-th power of the Schatten quasinorm"""
    goal = yield Eq(SIZE, factor * L * schatten(A, power / L) ** (power / L))
    same = yield Eq(Psi.chain(L, 1), A), by.uses("lemma-39.product")
    above = yield Le(SIZE, total(l, 1, L, norm(Psi[l]) ** 2)), by.given_with([same], "minimizer of the norm", Z="Psi")
    value = yield Eq(total(l, 1, L, norm(Psi[l]) ** 2), L * schatten(A, p) ** p), by.uses("lemma-39.norm")
    upper_bound = yield Le(SIZE, L * schatten(A, p) ** p), by.linear(above, value)
    below = yield Ge(SIZE, L * schatten(A_theta, p) ** p), by.uses("lemma-39.inequality")
    lower_bound = yield Ge(SIZE, L * schatten(A, p) ** p), by.linear(below, using=["W encodes A"])
    yield goal, least.antisymmetric(upper_bound, lower_bound)


@statement.claim("conclusion", line=1064, where="proof", expects="proved", near=balanced_layers, power=2, factor=1)
def conclusion(power, factor):
    """Hence the norm of all parameters is at least L times the p-th power of the Schatten quasinorm"""
    goal = yield Ge(SIZE, factor * L * schatten(A_theta, power / L) ** (power / L))
    line = yield Ge(SIZE, L * schatten(A_theta, p) ** p), by.uses("lemma-39.inequality")
    yield goal, by.linear(line)
