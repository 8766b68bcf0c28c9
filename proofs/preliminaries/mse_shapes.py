"""The shapes of the mean squared error as printed (paper line 68): the labels have n_L rows, not n_0."""

from dataclasses import replace

from proofs.preliminaries.mse_cost import A, C, N, X, n_0, n_L, printed
from theorycheck.domain import Domain, drawn, matrix, rational_matrix, size
from theorycheck.exact import matrix_rules as matrices
from theorycheck.statement import Part
from theorycheck.tree import Defined, Node, mat, norm
from theorycheck.verdict import Erratum

part = Part(line=68)


def labels_as_printed(source, env):
    return rational_matrix(source, env["n_0"], env["N"])


as_printed = Domain(
    "labels Y of shape n_0 x N, as printed",
    (size("n_0"), size("n_L"), size("N"), matrix("X", n_0, N), drawn("Y", labels_as_printed), matrix("A", n_L, n_0)),
)


@part.claim(
    "shapes",
    expects="refuted",
    domain=as_printed,
    printed=r"A X - Y, \quad X \in \mathbb{R}^{n_0 \times N},\; Y \in \mathbb{R}^{n_0 \times N}",
    erratum=Erratum(
        "notation",
        "the labels have as many rows as the inputs",
        "A X has n_L rows and the printed Y has n_0, so A X - Y is undefined for n_0 != n_L; the labels are n_L x N",
        stands=("mse-pl.pl", "mse-pl.pl-nonzero", "mse-pl.strongly-convex"),
    ),
)
def shapes():
    """The cost is defined for inputs and labels of the printed shapes"""
    residual = Node("add", (A @ X, -mat("Y", n_0, N)), (n_L, N))
    yield Defined(norm(residual) ** 2 / N)


labels = replace(printed, name="labels Y of shape n_L x N")


@part.claim("shapes-corrected", expects="proved", corrects="shapes", domain=labels)
def shapes_corrected():
    """The cost is defined for labels of shape n_L x N"""
    goal = yield Defined(C(A))
    yield goal, matrices.defined()
