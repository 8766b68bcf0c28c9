"""The sizes of a Jacobian and of the gradient of a cost on matrices (behind `pl-transfer`; paper line 337)."""

from proofs.lazy_regime.aligned_kernel import L, l, n
from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, rational_matrix, widths
from theorycheck.exact import matrix_rules as matrices
from theorycheck.statement import Part
from theorycheck.tree import Defined, Eq, Ge, Node, mat, num, sym, total, vec
from theorycheck.verdict import Erratum

P = sym("P")
J, g = mat("J", n[L] * n[0], P), vec("g", n[L] * n[0])


def entries(env):
    return env["n"][env["L"]] * env["n"][0]


def parameters(env):
    return sum(env["n"][k] * env["n"][k - 1] for k in range(1, env["L"] + 1))


jacobians = Domain(
    "matrices of the shape of the Jacobian, n_L n_0 x P, and gradients of C",
    (
        depth("L", 1),
        widths("n"),
        derived("P", parameters, hypothesis("P >= 1", Ge(P, 1))),
        drawn("J", lambda source, env: rational_matrix(source, entries(env), env["P"])),
        drawn("g", lambda source, env: rational_matrix(source, entries(env), 1)),
    ),
    (hypothesis("the number of parameters", Eq(P, total(l, 1, L, n[l - 1] * n[l])), 37),),
)
TURNED = Erratum(
    "notation",
    "J A_theta is the n_L n_0 x P matrix of line 103, where Theta = J J^T is n_L n_0 x n_L n_0",
    "the gradient of theta -> C(A_theta) is the transpose of J times that of C",
    stands=("pl-transfer.pl",),
)
part = Part(line=337, where="proof", domain=jacobians)


@part.claim("shapes", expects="refuted", erratum=TURNED)
def shapes():
    """The Jacobian times the gradient, as printed"""
    yield Defined(Node("matmul", (J, g), (n[L] * n[0], num(1))))


@part.claim("shapes-corrected", expects="proved", corrects="shapes")
def shapes_corrected():
    """The transposed Jacobian times the gradient"""
    goal = yield Defined(J.T @ g)
    yield goal, matrices.defined()
