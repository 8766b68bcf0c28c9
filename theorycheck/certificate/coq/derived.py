"""Gradients and derivatives in time as lemmas: what is said of each, its explicit tree, and the script that shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from theorycheck.certificate.coq.chains import equations
from theorycheck.certificate.coq.derive import gradient, in_symbol
from theorycheck.certificate.coq.terms import Terms
from theorycheck.certificate.coq.trees import DERIVED, Tree, affine, identifier, shifted, walk, widths_of


@dataclass(frozen=True)
class Derived:
    """A gradient or derivative in time: its name, what it is, the explicit tree, and the script that shows it."""

    name: str
    says: str
    explicit: Tree
    script: str


def derivatives(tree: Tree) -> list[Tree]:
    """The derivatives in a tree, innermost first, each once."""
    found: list[Tree] = []
    for x in walk(tree):
        if x.head in DERIVED and x not in found:
            found.insert(0, x)
    return found


def derived(x: Tree, name: str, terms: Terms, relations: list[Tree]) -> Derived:
    if x.head == "Dt":
        return _in_time(x, name, terms)
    body, variable = x.parts
    explicit = gradient(body, variable)
    if variable.head == "chain":
        along, rewriting, folding = _opened(body, variable, terms)
    else:
        along, rewriting = replace(terms, known={**terms.known, variable: "(p s)"}).real(body), ""
        folding = ""
    opened = "".join(
        f"assert (C{k} : meq {r} {c} {a} {b}) by ({how}). "
        for k, (r, c, a, b, how) in enumerate(equations([body, explicit], relations, terms), 1)
    )
    script = (
        f"split; [size |]. intros p D t Hs Hp HD Hd. {opened}\n"
        f"  apply is_derive_ext with (fun s => {along}).\n"
        f"  {{ intros s; cbv beta; {rewriting}exact eq_refl. }}\n"
        f"  eapply is_derive_eq; [derive_rules | cbv beta; rewrite ?Hp; {folding}numbers]."
    )
    return Derived(name, terms.gradient(x), explicit, script)


def _opened(body: Tree, layer: Tree, terms: Terms) -> tuple[str, str, str]:
    """The body with every product of layers opened at a layer that is `p s`, and the rewriting that opens them."""
    known, script, back = dict(terms.known), "", ""
    l, (m, n) = affine(layer.parts[0]), terms.size(layer)
    here, above, below = (f"{terms.of_affine(shifted(l, by))}%Z" for by in (0, 1, -1))
    for x in walk(body):
        if x.head == "chain" and x.name == layer.name:
            hi, lo = (f"{terms.index(p)}%Z" for p in x.parts)
            families = f"{identifier(widths_of(x))} {identifier(x.name)}"
            known[x] = f"(mmul {m} (chain {families} {hi} {above}) (mmul {n} (p s) (chain {families} {below} {lo})))"
            script += f"rewrite (chain_at {families} {here} {above} {below} (p s) {hi} {lo}) by side; "
            back += f"rewrite ?(chain_open {families} {here} {above} {below} {hi} {lo}) by side; "
    return replace(terms, known=known).real(body), script, back


def _in_time(x: Tree, name: str, terms: Terms) -> Derived:
    body = x.parts[0]
    moving = Tree("sym", ("t",))
    inside = replace(terms, known={**terms.known, moving: "s"}).any(body)
    kind = "is_derive" if body.shape == () else "mderive"
    script = "first [by_rules_numbers | by_formula]."
    if body.shape != ():
        m, n = terms.size(body)
        script = f"by_rules_matrices {m} {n}."
    return Derived(name, f"{kind} (fun s => {inside}) {identifier('t')}", in_symbol(body), script)
