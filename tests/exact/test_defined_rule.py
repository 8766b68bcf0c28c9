"""`defined`: sizes must fit together for all sizes, also in a tree that was changed below `defined`."""

import pytest

from theorycheck.exact import matrix_rules as products
from theorycheck.exact.context import Context
from theorycheck.exact.session import Session, Stuck
from theorycheck.tree import Defined, mat, scalars, trace
from theorycheck.tree.node import Node

n = scalars("n")
G = mat("G", n[2], n[0])


def test_the_trace_of_what_is_square_is_defined_and_no_other():
    square = trace(G.T @ mat("H", n[2], n[0]))
    Session((), Context()).show(Defined(square), products.defined())
    wide = Node("trace", (Node("matmul", (G.T, mat("H", n[2], n[1])), (n[0], n[1])),))
    with pytest.raises(Stuck):
        Session((), Context()).show(Defined(wide), products.defined())
