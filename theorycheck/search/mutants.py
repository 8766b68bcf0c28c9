"""Mutants of a claim: every printed number, sign, relation and index bound, found by machine and changed a little.

Sizes in shapes are no printed constants; they follow a subscript that is moved. Whether a mutant is stronger, killed, weaker
or loose is decided by evaluation, elsewhere; so is whether an index that was moved still exists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction

from theorycheck.errors import InputError
from theorycheck.tree.heads import Known, validate, with_args
from theorycheck.tree.node import Leaf, Node, Shape, affine, from_affine, matrix_shape, num, same_size
from theorycheck.tree.text import text

Path = tuple[int, ...]
TENTH, HUNDREDTH = Fraction(1, 10), Fraction(1, 100)
REVERSED = {"le": "ge", "ge": "le", "lt": "gt", "gt": "lt"}
RELATIONS = {"reverse": REVERSED, "weaken": {"lt": "le", "gt": "ge"}, "below": {"eq": "lt"}, "above": {"eq": "gt"}}
NUMERIC: dict[str, Callable[[Fraction], Fraction]] = {
    "up10": lambda v: v * (1 + TENTH) if v else TENTH,
    "down10": lambda v: v * (1 - TENTH) if v else -TENTH,
    "up1": lambda v: v * (1 + HUNDREDTH) if v else HUNDREDTH,
    "down1": lambda v: v * (1 - HUNDREDTH) if v else -HUNDREDTH,
    "flip": lambda v: -v,
    "plus1": lambda v: v + 1,
    "minus1": lambda v: v - 1,
    "plus0.1": lambda v: v + TENTH,
    "minus0.1": lambda v: v - TENTH,
}
NUMBER = ("up10", "down10", "up1", "down1", "flip")
EXPONENT = ("up10", "down10", "flip", "plus1", "minus1", "plus0.1", "minus0.1")
WHOLE = ("plus1", "minus1")
# arguments that are whole numbers: bounds of sums and products, of a chain of layers, the number of a singular value
BOUNDS = {
    "sum": {1: "lower bound", 2: "upper bound"},
    "prod": {1: "lower bound", 2: "upper bound"},
    "sequences": {1: "length", 2: "number of values"},
    "each": {1: "first index", 2: "last index"},
    "chain": {1: "first layer", 2: "last layer"},
    "singular": {1: "number"},
}


@dataclass(frozen=True)
class Site:
    """A place in a claim's tree that can be changed.

    `kind` is number, exponent (a number that stands in one), sign (a minus), relation or index; `kinds` the mutations it
    admits; `label` names the place for a reader.
    """

    path: Path
    kind: str
    label: str
    kinds: tuple[str, ...]


def sites(tree: Node) -> list[Site]:
    """Every site of the tree in the order of reading; its kinds give valid trees that differ from `tree` and each other."""
    return [replace(site, kinds=tuple(made)) for site, made in _made(tree)]


def mutate(tree: Node, site: Site, kind: str) -> Node:
    """The tree with the site changed in the way `kind`; InputError where the site does not admit that."""
    changed = _mutated(tree, site, kind, set()) if kind in site.kinds else None
    if changed is None:
        raise InputError(f"no mutation {kind!a} of {site.label}; it admits {', '.join(site.kinds)}")
    return changed


def mutants(tree: Node) -> Iterator[tuple[Site, str, Node]]:
    """Every mutant of the tree with its site and kind."""
    for site, made in _made(tree):
        for kind, changed in made.items():
            yield replace(site, kinds=tuple(made)), kind, changed


def _made(tree: Node) -> Iterator[tuple[Site, dict[str, Node]]]:
    """Every site that can be changed, with its mutants by kind."""
    valid: Known = set()  # most parts of one mutant are parts of the others
    for site in _candidates(tree, (), False):
        kinds = {tree: ""}
        for kind in site.kinds:
            changed = _mutated(tree, site, kind, valid)
            if changed is not None:
                kinds.setdefault(changed, kind)
        if made := {kind: changed for changed, kind in kinds.items() if kind}:
            yield site, made


def strengthenings(tree: Node) -> list[tuple[Site, Node, Node]]:
    """For every number (also in exponents) the trees with it 10% up and 10% down: of an inequality, one claims more."""
    both = {"up10", "down10"}
    return [(s, mutate(tree, s, "up10"), mutate(tree, s, "down10")) for s in sites(tree) if both <= set(s.kinds)]


# --- finding ---------------------------------------------------------------------------------------------------------
def _candidates(node: Node, path: Path, whole: bool, parent: Node | None = None, exponent: bool = False) -> Iterator[Site]:
    if node.head == "item" or (node.head == "chain" and same_size(*node.nodes)):
        at = path if node.head == "chain" else (*path, 1)
        yield Site(at, "index", f"the subscript of {_short(node)} in {_short(parent or node)}", WHOLE)
        return
    yield from _here(node, path, whole, parent, exponent)
    for i, child in enumerate(node.args):
        if not isinstance(child, Node):
            continue
        if i in BOUNDS.get(node.head, {}):
            yield Site((*path, i), "index", f"the {BOUNDS[node.head][i]} {text(child)} of {_short(node)}", WHOLE)
        else:
            power = node.head in {"pow", "mpow"} and i == 1
            yield from _candidates(child, (*path, i), whole or (power and node.head == "mpow"), node, exponent or power)


def _here(node: Node, path: Path, whole: bool, parent: Node | None, exponent: bool) -> Iterator[Site]:
    if node.head == "num":
        kinds = WHOLE if whole else EXPONENT if exponent else NUMBER
        kind, word = ("exponent", "the exponent's") if exponent else ("number", "the number")
        yield Site(path, kind, f"{word} {text(node)} in {_short(parent or node)}", kinds)
    elif node.head == "neg" and node.nodes[0].head != "num":  # the sign of a number is changed at the number
        yield Site(path, "sign", f"the minus of {_short(node)}", ("flip",))
    elif node.head in REVERSED:
        yield Site(path, "relation", f"the relation {_short(node)}", ("reverse", "weaken"))
    elif node.head == "eq" and node.nodes[0].shape == ():
        yield Site(path, "relation", f"the relation {_short(node)}", ("below", "above"))


def _short(node: Node) -> str:
    line = text(node)
    return line if len(line) <= 60 else line[:57] + "..."


# --- changing --------------------------------------------------------------------------------------------------------
def _mutated(tree: Node, site: Site, kind: str, valid: Known) -> Node | None:
    """The mutant, or None where it would not be a tree that makes sense."""
    try:
        return validate(_put(tree, site.path, lambda old: _changed(old, site, kind)), valid)
    except (InputError, TypeError):
        return None


def _changed(old: Node, site: Site, kind: str) -> Node:
    match site.kind:
        case "index" if old.head == "chain":  # one layer, by its subscript
            args = (old.args[0], *(_plus(n, NUMERIC[kind](Fraction(0))) for n in old.nodes))
            return Node("chain", args, _chain_shape(old, args))
        case "index":
            return _plus(old, NUMERIC[kind](Fraction(0)))
        case "number" | "exponent":
            return num(NUMERIC[kind](Fraction(old.args[0])))  # type: ignore[arg-type]
        case "sign":
            return old.nodes[0]
        case _:
            return Node(RELATIONS[kind].get(old.head, old.head), old.args, old.shape)


def _put(node: Node, path: Path, change: Callable[[Node], Node]) -> Node:
    """The tree with the node at `path` changed; shapes above it are computed anew where the change alters them."""
    if not path:
        return change(node)
    child = node.args[path[0]] if path[0] < len(node.args) else None
    if not isinstance(child, Node):
        raise TypeError(f"{node.head} has no tree at position {path[0]}")
    new = _put(child, path[1:], change)
    args = (*node.args[: path[0]], new, *node.args[path[0] + 1 :])
    if node.head == "chain":
        return Node("chain", args, _chain_shape(node, args))
    if node.head == "item":
        return Node("item", args, node.shape and tuple(_moved(size, child, new) for size in node.shape))
    if node.head == "singular" and new.args == (Fraction(0),):
        raise TypeError("singular values are counted from 1")
    return Node(node.head, args, node.shape) if new.shape == child.shape else with_args(node, args)


def _plus(index: Node, step: Fraction) -> Node:
    if index.head == "infinity":
        raise TypeError("infinity has no neighbours")
    form = affine(index)
    return from_affine({**form, None: form.get(None, Fraction(0)) + step})


def _chain_shape(old: Node, args: tuple[Node | Leaf, ...]) -> Shape:
    """The shape n_hi x n_(lo-1) of the new chain; sizes that do not depend on the bounds stay."""
    rows, cols = matrix_shape(old)
    hi, lo = (a for a in args if isinstance(a, Node))
    return (_moved(rows, old.nodes[0], hi), _moved(cols, old.nodes[1], lo))


def _moved(size: Node, old: Node, new: Node) -> Node:
    """The size that is numbered like `old`, or a constant apart from it, numbered like `new`; any other stays."""
    if size.head != "item" or set(apart := affine(size.nodes[0] - old)) - {None}:
        return size
    return Node("item", (size.args[0], _plus(new, apart.get(None, Fraction(0)))), size.shape)
