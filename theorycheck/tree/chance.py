"""Words about chance: expectations and probabilities over layers with Gaussian entries, which are bound names; and the sums
over sequences (of pairings, one for each layer) that their moments are.

The entries of the layers W_l (n_l x n_(l-1), the widths are the family n) are N(0, variance), independent of each other.
"""

from __future__ import annotations

from collections.abc import Sequence

from theorycheck.tree.build import Family, Layers
from theorycheck.tree.node import Node, Number, as_node


def _law(head: str, body: Node, names: Sequence[Layers], covariances: Sequence[Node | Number]) -> Node:
    m = len(names)
    if len(covariances) != m * (m + 1) // 2 or len({w.name for w in names}) < m:
        raise TypeError(f"{m} jointly Gaussian families of different names have {m * (m + 1) // 2} covariances")
    shape = body.shape if head == "expect" else ()
    return Node(head, (" ".join(w.name for w in names), body, *map(as_node, covariances)), shape)


def expect(body: Node, W: Layers, variance: Node | Number) -> Node:
    """E[body] over independent layers W_l whose entries are independent N(0, variance); W is bound."""
    return _law("expect", body, [W], [variance])


def expect_joint(body: Node, copies: Sequence[Layers], covariances: Sequence[Node | Number]) -> Node:
    """E[body] over several families of layers with E[V_l,ij W_l,ij] = K_VW, entries of other places independent.

    `covariances`: K_11, K_12, .., K_1m, K_22, .., K_mm.
    """
    return _law("expect", body, copies, covariances)


def over_sequences(p: Family, length: Node | Number, count: Node | Number, body: Node) -> Node:
    """The sum of `body` over all sequences p_1 .. p_length of numbers from 1 to `count`."""
    return Node("sequences", (p.name, as_node(length), as_node(count), body))


def Each(index: Node, lo: Node | Number, hi: Node | Number, shows: Node) -> Node:
    """`shows` holds for every index from lo to hi: an event about all of them at once; the index is bound."""
    if index.head != "sym" or index.shape != ():
        raise TypeError(f"the index is a scalar symbol, not {index}")
    return Node("each", (str(index.args[0]), as_node(lo), as_node(hi), shows), None)


def Every(Z: Node, shows: Node) -> Node:
    """`shows` holds for all values of the matrix symbol Z, of its shape: an event about all of them at once."""
    if Z.head != "sym" or Z.shape is None or len(Z.shape) != 2:
        raise TypeError(f"a matrix symbol is needed, not {Z}")
    return Node("every", (Z, shows), None)


def probability(event: Node, W: Layers, variance: Node | Number) -> Node:
    """P[event] over independent layers W_l whose entries are independent N(0, variance); W is bound."""
    return _law("prob", event, [W], [variance])
