"""Instances of trees: symbols replaced by trees, functions, families and paths by names."""

from __future__ import annotations

from typing import Any

from ..core import NAMED, OPERATIONS, Node, bound_names, need, node, same_shape


def substitute(tree: Node, names: dict[str, Any]) -> Node:
    """Symbols replaced by trees of their shapes, functions, families, paths by names; nothing is captured or set in motion."""
    if not tree.free & names.keys():
        return tree
    images = {n: {v} if isinstance(v, str) else v.free for n, v in names.items()}
    if tree.head in {"Dt", "gradient", "second"}:
        moves = {"t"} if tree.head == "Dt" else {x.args[0] for x in tree.trees[1::2]}
        fixed = tree.trees[0].free - moves
        new = {m for n in moves for m in images.get(n, {n})}
        need(not new & {m for n in fixed for m in images.get(n, {n})}, f"an instance changes what moves in {tree.head}")
        need(tree.head != "Dt" or new == moves, "an instance replaces the time of a derivative")
    shape = None if tree.shape is None else tuple(substitute(s, names) for s in tree.shape)
    if tree.head == "sym":
        new_tree = names[tree.args[0]] if tree.args[0] in names else node("sym", tree.args[0], shape=shape)
        need(isinstance(new_tree, Node) and same_shape(shape, new_tree.shape), f"{tree.args[0]} is replaced by another shape")
        return new_tree
    bound = bound_names(tree.head, tree.args)
    inner = {n: v for n, v in names.items() if n not in bound}
    need(not any(bound & images[n] for n in inner if n in tree.free), f"a bound name of {tree.head} would be captured")
    args = []
    for i, a in enumerate(tree.args):
        named = i < NAMED.get(tree.head, 0)
        args.append(substitute(a, inner) if isinstance(a, Node) else inner.get(a, a) if named else a)
        need(isinstance(args[-1], type(a)), f"the name {a} is replaced by a tree")
    return node(tree.head, *args, shape=shape)


OPERATIONS["substitute"] = substitute
