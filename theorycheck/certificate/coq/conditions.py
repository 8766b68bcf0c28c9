"""What a tree needs to be defined, as propositions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from theorycheck.certificate.coq.trees import NotTranslated, Tree, number

if TYPE_CHECKING:
    from theorycheck.certificate.coq.terms import Terms


def conditions(x: Tree, terms: Terms) -> Iterator[str]:
    """Sizes that agree, and divisors that are not 0."""
    sizes = [p.shape for p in x.parts if p.shape]
    match x.head:
        case "matmul":
            yield from (f"({terms.index(a[1])} = {terms.index(b[0])})%Z" for a, b in pairwise(sizes))
        case "add" | "inner":
            yield from (f"({terms.index(a[i])} = {terms.index(b[i])})%Z" for a, b in pairwise(sizes) for i in (0, 1))
        case "trace":
            yield from (f"({terms.index(a[0])} = {terms.index(a[1])})%Z" for a in sizes)
        case "div":
            yield f"{terms.real(x.parts[1])} <> 0"
        case "num" | "sym" | "item" | "chain" | "neg" | "mul" | "transpose" | "norm":
            pass
        case "pow" if (number(x.parts[1]) or 0) > 0:
            pass
        case _:
            raise NotTranslated(f"when the head {x.head} is defined")
    for p in x.parts if x.head not in {"item", "chain"} else ():
        yield from conditions(p, terms)
