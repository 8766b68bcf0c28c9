"""The right inverse Psi of Lemma 39 (lines 1035 to 1041): its layers are Psi_l = Q_l S^(1/L) Q_(l-1)^T, Q_0 = V and Q_L = U.

The frames Q_l between are any; the printed ones are those of unit vectors. The claims belong to
`lemma_39_balanced_minimizer.py`, which enters them.
"""

from proofs.regularization.minimal_parameters import (
    A,
    L,
    Psi,
    Q,
    S,
    U,
    V,
    W,
    c,
    deep_matrices,
    h,
    l,
    m,
    matrices,
    p,
    r,
    s,
    two_values,
)
from theorycheck.exact import rules as by
from theorycheck.tree import All, Defined, Eq, Ge, Le, Node, norm, schatten, total, trace
from theorycheck.verdict import Erratum


def encodes():
    """Psi(A) is a right inverse: its product is A"""
    goal = yield Eq(Psi.chain(L, 1), A)
    part = yield (
        Eq(Psi.chain(m, 1), c ** (m / L) * Q[m] @ S ** (m / L) @ V.T),
        by.telescope("Psi", m, "definition of Psi", "frames"),
    )
    yield goal, by.identity(by.generic(part, [Ge(m, 1), Le(m, L)], m), "A = U S V^T")


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


def layer_trace(power):
    """The squared norm of each layer of Psi(A) is the sum of the s_i^(2/L), which is the p-th power of the quasinorm"""
    square, values = trace(Psi[l] @ Psi[l].T), total(h, 1, r, (c * s[h]) ** (power / L))
    goal = yield All(Eq(square, values), Eq(values, schatten(A, power / L) ** (power / L)))
    line = yield from trace_of_a_layer(square)
    meant = yield Eq(schatten(A, p) ** p, total(h, 1, r, (c * s[h]) ** p)), by.given("quasinorm of A", e=p)
    one = yield goal.nodes[0], by.linear(line, meant)
    other = yield goal.nodes[1], by.linear((meant, -1))
    yield goal, by.both(one, other)


def sum_of_traces():
    """The squared norm of the parameters is the sum of the traces of W_i W_i^T (lines 1041 and 1043)"""
    goal = yield Eq(total(l, 1, L, norm(W[l]) ** 2), total(l, 1, L, trace(W[l] @ W[l].T)))
    yield goal, by.identity()


# the entries of the printed Psi(A), first to last; the middle ones are multiplied together
FIRST, MIDDLE, LAST = S ** (1 / L) @ V.T, S ** ((L - 2) / L), U @ S ** (1 / L)


def printed_order():
    """The entries of Psi(A) in the order of theta = (W_L, .., W_1) can be multiplied"""
    yield Defined(Node("matmul", (FIRST, MIDDLE, LAST), (r, r)))


def other_order():
    """In the order (W_1, .., W_L) of line 1041 the product of the entries is U S V^T"""
    goal = yield Eq(LAST @ MIDDLE @ FIRST, U @ S @ V.T)
    yield goal, by.identity()


def enter(statement):
    """Add the claims of lines 1035 to 1041 about Psi to the statement."""
    order = Erratum(
        "notation",
        "theta lists the layers from W_L to W_1, as lines 42 and 1033 define it",
        "Psi(A) lists W_1 first, as line 1041 says; read in the order of line 1033 the product of its entries is not defined.",
        stands=("lemma-39",),
    )

    def add(name, line, body, domain, expects="proved", **more):
        statement.claim(name, line=line, expects=expects, domain=domain, **more)(body)

    proof, near = {"where": "proof"}, {"near": two_values(matrices), "power": 2}
    add("product", 1035, encodes, matrices, main=True)
    add("norm", 1035, norm_of_psi, matrices, main=True, factor=1, **near)
    add("trace", 1041, layer_trace, matrices, **proof, **near)
    add("traces", 1041, sum_of_traces, statement.domain, **proof)
    add("order", 1039, printed_order, deep_matrices, "refuted", erratum=order, **proof)
    add("order-of-the-trace", 1039, other_order, deep_matrices, corrects="order", **proof)
