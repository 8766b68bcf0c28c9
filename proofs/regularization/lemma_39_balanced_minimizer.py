"""Balanced parameters of minimal norm (Lemma 39, paper lines 1035 to 1064).

|theta|^2 >= L |A|_p^p with p = 2/L, whatever the widths: by Horn's inequality the sum of s_i(W_L .. W_1)^(2/L) is at most
the sum of the products of the s_i(W_l)^(2/L), and each product is at most the mean of the s_i(W_l)^2. Equality at Psi(A),
whose layers are W_l = Q_l S^(1/L) Q_(l-1)^T with frames Q_l, Q_0 = V and Q_L = U. The paper's own proof takes a minimizer
and finds it balanced; its displays are entered too.

A matrix is written c U S V^T with c >= 0 and S positive definite, so that the zero matrix is included (c = 0).
"""

from fractions import Fraction

from proofs.regularization import continuity as path
from proofs.regularization.continuity import (
    FACTOR,
    GROWING,
    ORTHONORMAL,
    SHRINKING,
    SIGN,
    TURNED,
    close,
    epsilon,
    pairs,
    two_paths,
)
from proofs.regularization.layer_decompositions import (
    BELOW,
    SQUARE,
    chosen,
    decomposed,
    left,
    middle,
    ordered,
    right,
)
from proofs.regularization.minimal_parameters import (
    COGRAM,
    GRAM,
    SIZE,
    A,
    A_theta,
    D,
    G,
    K,
    L,
    M,
    Psi,
    Q,
    S,
    U,
    V,
    W,
    all_encodings,
    c,
    deep_matrices,
    domain,
    encoding,
    h,
    i,
    k,
    l,
    m,
    matrices,
    minimizers,
    motions,
    moved_layers,
    n,
    narrowest,
    p,
    pair_norm,
    r,
    s,
    turned,
    two_layers,
    two_values,
)
from theorycheck.cli import run_module
from theorycheck.domain import index, matrix
from theorycheck.exact import cited, extremum_rules as least, rules as by
from theorycheck.models.networks import balanced_network
from theorycheck.statement import Statement
from theorycheck.tree import (
    All,
    Converges,
    Defined,
    Eq,
    Ge,
    Le,
    Node,
    Not,
    as_node,
    gradient_of,
    norm,
    product,
    schatten,
    singular,
    total,
    trace,
    zero,
)
from theorycheck.verdict import Erratum, Evidence, Outcome

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
    one = yield (
        Le(product(l, 1, L, squares ** (1 / L)), 1 / L * total(l, 1, L, squares)),
        least.cite_terms(cited.MEANS, "x", l, squares, m=L),
    )
    means = yield Le(products, total(i, 1, n[k], 1 / L * total(l, 1, L, squares))), by.termwise(one, i)
    layer = yield (
        Le(total(i, 1, n[k], squares), norm(W[l]) ** 2),
        by.cite(cited.FROBENIUS, *ends, X=W[l], a=n[l], b=n[l - 1], q=n[k]),
    )
    norms = yield Le(total(l, 1, L, total(i, 1, n[k], squares)), total(l, 1, L, norm(W[l]) ** 2)), by.termwise(layer, l)
    yield goal, by.linear((meant, factor * L), (horn, L), (means, L), norms)


@statement.claim("product", line=1035, main=True, expects="proved", domain=matrices)
def encodes(**_):
    """Psi(A) is a right inverse: its product is A"""
    goal = yield Eq(Psi.chain(L, 1), A)
    part = yield (
        Eq(Psi.chain(m, 1), c ** (m / L) * Q[m] @ S ** (m / L) @ V.T),
        by.telescope("Psi", m, "definition of Psi", "frames"),
    )
    yield goal, by.identity(by.generic(part, [Ge(m, 1), Le(m, L)], m), "A = U S V^T")


@statement.claim("norm", line=1035, main=True, expects="proved", domain=matrices, near=two_values(matrices), power=2, factor=1)
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


@statement.claim("trace", line=1041, where="proof", expects="proved", domain=matrices, near=two_values(matrices), power=2)
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


@statement.claim(
    "stationary",
    line=1049,
    where="proof",
    expects="supported",
    domain=motions,
    short="by hand the multiplier U S^(2/L-1) V^T does it; no rule splits off l = 1 and l = L, where its chains are empty",
)
def stationary():
    """Motions that keep A to first order (Equation 2) keep the norm of a minimizer to first order (Equation 3)"""
    yield Eq(total(l, 1, L, trace(Psi[l].T @ D[l])), 0)


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


@statement.claim(
    "first-order",
    line=1047,
    where="proof",
    expects="refuted",
    domain=two_layers,
    erratum=Erratum(
        "notation",
        "the factors are multiplied from layer 1 to layer L",
        "The product goes from W_L to W_1, as in A = W_L .. W_1; the printed one is not defined for L = 2 and n_0 != n_2.",
        stands=("lemma-39",),
    ),
)
def first_order_printed():
    """The perturbed layers, multiplied in the printed order"""
    yield Defined(Node("matmul", tuple(moved_layers), (n[1], n[1])))


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
        "V_l = U_(l-1) holds for a suitable choice only: signs, and rotations where values repeat or vanish, are free.",
        stands=("lemma-39",),
    ),
)
def frames_agree():
    """The frames of neighbouring layers agree"""
    yield Eq(right[l], left[l - 1])


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
        Eq(
            right[l].T @ (right[l] @ SQUARE @ right[l].T) @ right[l],
            right[l].T @ (left[l - 1] @ BELOW @ left[l - 1].T) @ right[l],
        ),
        by.identity(line),
    )
    yield goal, by.linear(inside, between, outside)


@statement.claim(
    "roots",
    line=1060,
    where="proof",
    expects="supported",
    domain=minimizers.extended("minimizers, and a number of a singular value", *narrowest, index("i", 1, n[k])),
    short="by hand an induction with (W_h .. W_1)(W_h .. W_1)^T = (W_h W_h^T)^h; the normal form merges the chain it needs",
    root=1,
)
def roots(root):
    """The diagonal terms of S_l are those of S^(1/L), up to null terms: s_i(W_l) = s_i(A)^(1/L)"""
    yield Eq(singular(W[l], i), singular(A_theta, i) ** (root / L))


def rotated_psi(source, env):
    """The equality case: Psi(A) with its hidden layers rotated."""
    return {**env, "W": turned(env)}


@statement.claim("attained", line=1043, where="proof", expects="proved", domain=all_encodings, near=rotated_psi, factor=1)
def attained(factor):
    """A minimizer exists: Psi(A) has the least norm among the parameters of A"""
    goal = yield Ge(SIZE, factor * total(l, 1, L, norm(Psi[l]) ** 2))
    below = yield Ge(SIZE, L * schatten(A_theta, p) ** p), by.uses("lemma-39.inequality")
    at_a = yield Ge(SIZE, L * schatten(A, p) ** p), by.linear(below, using=["W encodes A"])
    value = yield Eq(total(l, 1, L, norm(Psi[l]) ** 2), L * schatten(A, p) ** p), by.uses("lemma-39.norm")
    yield goal, by.linear(at_a, (value, factor))


@statement.claim(
    "least-norm", line=1062, where="proof", expects="proved", domain=encoding, near=two_values(encoding), power=2, factor=1
)
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


# --- continuity (lines 1035 and 1041) ------------------------------------------------------------------------------------
@statement.claim(
    "continuous",
    line=1041,
    where="proof",
    expects="refuted",
    domain=two_paths,
    erratum=Erratum(
        "false",
        "Psi(A) is the printed one, for any choice of the singular value decompositions",
        "At repeated singular values no choice of the factor S^(1/L) V^T is continuous: along I + e diag(1, -1) and the same "
        "matrices turned by a rotation it has different limits, while both tend to I. Another Psi is continuous.",
        stands=("lemma-39", "prop-5"),
    ),
)
def continuous():
    """The factors S^(1/L) V^T of Psi at two families of matrices that tend to I come together"""
    goal = yield Converges(norm(FACTOR - TURNED) ** 2, epsilon, 0, 0)
    first, second = (yield from at_most_one(0)), (yield from at_most_one(1))
    distance = yield (
        Eq(norm(FACTOR - TURNED) ** 2, GROWING * apart_by(SIGN[0]) + SHRINKING * apart_by(SIGN[1])),
        by.identity(*ORTHONORMAL),
    )
    grows = yield Le(1, 1 + epsilon), by.sign()
    large = yield Le(1, GROWING), by.raised(grows, 2 / L)
    away = yield (
        Ge(norm(FACTOR - TURNED) ** 2, Fraction(2, 5)),
        by.linear(
            (distance, -1),
            (first[0], -GROWING),
            (second[0], -SHRINKING),
            (first[1], Fraction(8, 5) * GROWING),
            (second[1], Fraction(8, 5) * SHRINKING),
            (large, Fraction(2, 5)),
        ),
    )
    yield Not(goal), least.apart(away, 1)


def apart_by(d):
    """|d v_i - u_i|^2 for the turned vector u_i, at the angle of cosine 4/5 with v_i."""
    return 1 + d**2 - Fraction(8, 5) * d


def at_most_one(which):
    """d^2 = 1 and d <= 1 for a sign d."""
    d = SIGN[which]
    square = yield Eq(d**2, 1), by.given(f"d_{which + 1} is a sign")
    bound = yield Le(d, 1), by.linear((square, Fraction(1, 2)), squares=[(Fraction(1, 2), d - 1)])
    return square, bound


@statement.claim(
    "continuous-corrected", line=1035, expects="proved", domain=pairs, near=path.opposite, corrects="continuous", root=1, top=1
)
def continuous_corrected(root, top):
    """With W_L = U S^(1/L) V^T, and W_l = V S^(1/L) V^T = (A^T A)^(1/2L) below it, Psi is Hoelder continuous"""
    upper, lower = close(path.U, path.X, 1, root, top), close(path.V, path.Y, 2, root, top)
    goal = yield All(upper, lower)
    one = yield upper, by.cite(cited.ROOTS, m=L, e=as_node(1))
    squared = {"c": path.c**2, "d": path.d**2, "U": path.V, "X": path.Y, "a": path.b}
    other = yield lower, by.cite(cited.ROOTS, m=2 * L, e=as_node(2), **squared)
    yield goal, by.both(one, other)


# --- measured ------------------------------------------------------------------------------------------------------------
@inequality.leg("flow")
def ridge_flow_balances(check):
    """Ridge flows: the inequality holds along the way, and at the end the network is balanced, with equality"""
    import numpy as np

    from theorycheck import flow

    power, factor = (float(check.parameters[name].args[0]) for name in ("power", "factor"))
    batch, gap, ratio = (4 if check.level == "quick" else 32), 0.0, []
    for sizes in ((2, 3, 2), (3, 2, 4, 2), (2, 2, 3, 2, 2)):
        network, depth_ = flow.Network(sizes), len(sizes) - 1
        target = np.random.default_rng(check.seed).standard_normal((sizes[-1], sizes[0])) * 3
        start = flow.gaussian(network, batch, std=0.8, seed=check.seed)
        done = flow.run(network, flow.SquaredDistance(target), start, T=80.0, ridge=0.05, record_at=[0.1, 1.0, 10.0, 80.0])
        if not done.solution.good.all():
            return Evidence("flow", Outcome.NOTHING, done.solution.summary(), reason="a flow did not reach its end")
        theta = done.solution.recorded
        matrices_ = flow.product(network.split(theta.reshape(-1, network.size)))
        values = np.linalg.svd(matrices_, compute_uv=False).reshape(*theta.shape[:2], -1)
        schatten_ = factor * depth_ * (values ** (power / depth_)).sum(axis=-1)
        ratio.append(schatten_ / np.square(theta).sum(axis=-1))
        gap = max(gap, max(float(np.abs(g).max()) for g in flow.gaps(done.layers)))
    most, last = max(r.max() for r in ratio), min(r[:, -1].min() for r in ratio)
    summary = (
        f"ridge flows, L = 2, 3, 4: L |A|_p^p / |theta|^2 at most {most:.10f}, at the end at least {last:.10f}, gap {gap:.0e}"
    )
    if most > 1 + 1e-9:
        return Evidence("flow", Outcome.CONTRADICTS, summary)
    return Evidence("flow", Outcome.SUPPORTS if last > 1 - 1e-4 and gap < 1e-4 else Outcome.NOTHING, summary)


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
