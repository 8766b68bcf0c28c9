"""Balanced parameters of minimal norm (Lemma 39, paper lines 1035 to 1064).

|theta|^2 >= L |A|_p^p with p = 2/L, whatever the widths: by Horn's inequality the sum of s_i(W_L .. W_1)^(2/L) is at most the sum of
the products of the s_i(W_l)^(2/L), and each product is at most the mean of the s_i(W_l)^2. Equality at Psi(A), whose layers are
W_l = Q_l S^(1/L) Q_(l-1)^T with frames Q_l, Q_0 = V and Q_L = U. The paper's own proof takes a minimizer and finds it
balanced; its displays are entered too.

A matrix is written c U S V^T with c >= 0 and S positive definite, so that the zero matrix is included (c = 0).
"""


from flint import arb, fmpq

from theorycheck.costs import diagonal, orthogonal
from theorycheck.domain import Domain, depth, derived, drawn, family, hypothesis, index, layers_of, matrix, widths
from theorycheck.enclose.linear import exact_rank, schatten_power
from theorycheck.enclose.spectrum import singular_values
from theorycheck.evaluate.values import evaluate, flint_matrix, identity, inner, matmul
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
            drawn("c", lambda source, env: source.integer(0, 2) * power_of_a_root(source, env), hypothesis("c >= 0", Ge(c, 0))),
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
