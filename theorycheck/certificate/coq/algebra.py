"""Scripts of algebra: identities, linear combinations with squares, comparison by squares; equations to rewrite with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from theorycheck.certificate.coq.facts import at_hand
from theorycheck.certificate.coq.instances import instances, substituted
from theorycheck.certificate.coq.statement import Universal, bound
from theorycheck.certificate.coq.trees import NotTranslated, Tree, identifier, num, number
from theorycheck.certificate.coq.writer import Writer, head_of, sides


# --- equations to rewrite with -----------------------------------------------------------------------------------------------
def rewriting(
    w: Writer, goal: Tree, using: Sequence[Any], also: Sequence[Tree] = ()
) -> tuple[str, list[str], dict[Tree, Tree]]:
    """(preparation, names of the equations between numbers, those for an atom): each equation of `using` at its instances.

    The preparation is that of all trees of the line, `also` among them.
    """
    script, numbers, equal = "", list[str](), dict[Tree, Tree]()
    seen = list(dict.fromkeys(e for t in (goal, *also) for e in w.expanded(t)))
    done: list[tuple[Universal, dict[str, Tree]]] = []
    for u in [*w.equations(using)] * 2:  # what one brings in, another may rewrite
        if u.shows.head != "eq":
            raise NotTranslated("rewriting with what is no equation")
        for values in instances(u, list(seen), w.terms):
            if (u, values) in done or not all(w.may_hold(substituted(g, values)) for g in u.given):
                continue
            done.append((u, values))
            name, term = f"U{len(done)}", applied(w, u, values)
            left, right = (substituted(p, values) for p in u.shows.parts)
            seen += [left, right]
            agreeing = "first [agree E0 | (single_layers_in E0; agree E0) | apply (f_equal IZR); agree E0]"
            by = f"by (assert (E0 := {term}); repeat (specialize (E0 ltac:(condition))); {agreeing})"
            if left.shape == ():
                script += f"assert ({name} : {w.terms.real(left)} = {w.terms.real(right)}) {by}. "
                numbers.append(name)
                if left.head in {"sym", "item", "app"}:
                    equal[left] = right
                if (columns := one_column(left)) is not None:
                    (m, _), (a, b) = w.terms.size(columns[0]), map(w.terms.matrix, columns)
                    value = f"(mscal {w.terms.real(right)} (eye 1%Z))"
                    script += f"try assert (R{len(done)}' : meq 1%Z 1%Z (mmul {m} (mtr {a}) {b}) {value}) by (column {name}). "
                if (root := rooted(left, right)) is not None:
                    script += (
                        f"assert (V{len(done)} : {w.terms.real(left.parts[0])} = {w.terms.real(root)}) by (root_of {name}). "
                    )
                    numbers.append(f"V{len(done)}")
                    equal[left.parts[0]] = root
                    seen.append(root)
            else:
                m, n = w.terms.size(left)
                script += f"try assert ({name} : meq {m} {n} {w.terms.matrix(left)} {w.terms.matrix(right)}) {by}. "
    return script + w.ready(seen, equal), numbers, equal


def one_column(left: Tree) -> tuple[Tree, ...] | None:
    """The two matrices with one column whose product is given by their scalar product, or by a norm."""
    parts = left.parts if left.head == "inner" else ()
    if left.head == "pow" and left.parts[0].head == "norm" and number(left.parts[1]) == 2:
        parts = left.parts[0].parts * 2
    return parts if parts and number((parts[0].shape or ())[1]) == 1 else None


def rooted(left: Tree, right: Tree) -> Tree | None:
    """What x is, from x^e = y^e or x^e = y with a symbolic exponent."""
    if left.head != "pow" or number(left.parts[1]) is not None:
        return None
    if right.head == "pow" and right.parts[1] == left.parts[1]:
        return right.parts[0]
    return Tree("pow", (right, Tree("div", (num(1), left.parts[1]))))


def applied(w: Writer, u: Universal, values: dict[str, Tree]) -> str:
    """The name of a universal hypothesis at values of its variables; its conditions are left open."""
    variables = {identifier(v): v for v in u.variables}
    given = [
        f"({w.terms.index(values[variables[v]])})%Z" if variables.get(v) in values else v if u.line else "_"
        for v in bound(u, w.terms)
    ]
    return f"({' '.join([u.label, *given])})"


def closing(numbers: Sequence[str]) -> str:
    """What ends an identity between numbers in normal form."""
    if not numbers:
        return "closed_by_field"
    names = " ".join(numbers)
    known = ", ".join(f"?{n}" for n in numbers)
    ways = f"(do 3 rewrite {known}; closed_by_field) | ring [{names}] | (field [{names}]; nonzero) | lra | nra"
    tidied = "".join(f"tidied {n}; " for n in numbers)
    return f"use_powers; {tidied}first [closed_by_field | {ways}]"


def in_traces(numbers: Sequence[str]) -> str:
    """All traces of the goal, and of these equations, in normal form."""
    names = " ".join(numbers)
    return f"revert {names}; traces_of_words; use_powers; intros {names}; " if numbers else "traces_of_words; "


# --- identities and orders ---------------------------------------------------------------------------------------------------
def identity(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    script, numbers, _ = rewriting(w, goal, args.get("using", []))
    if goal.parts[0].shape == ():
        return f"{script}{in_traces(numbers)}{closing(numbers)}."
    return script + words(w, goal.parts[0], numbers)


def words(w: Writer, side: Tree, numbers: Sequence[str] = ()) -> str:
    m, n = w.terms.size(side)
    return f"words {m} {n} ltac:({in_traces(numbers)}{closing(numbers)})."


def gap(w: Writer, relation: Tree) -> str:
    """high - low of a relation between numbers."""
    low, high = sides(relation)
    return f"({w.terms.real(high)} - {w.terms.real(low)})"


def linear(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    if w.terms.whole(goal):
        at_hand(w, args.get("terms", []))
        return "first [lia | nia]."
    pairs = []
    for t in args.get("terms", []):
        pair = (t, None) if t and t[0] == "line" else (t[0], w.tree(t[1]))
        pairs.append((*w.line(pair[0]), pair[1]))
    squares = [(w.tree(c), w.tree(body)) for c, body in args.get("squares", [])]
    also = [*(p[1] for p in pairs), *(p[2] for p in pairs if p[2]), *(t for s in squares for t in s)]
    slack = [w.line(s) for s in args.get("slack", [])]
    script, numbers, equal = rewriting(w, goal, args.get("using", []), also)
    if goal.parts[0].shape != ():
        return script + _of_matrices(w, goal, pairs, numbers)
    return script + of_numbers(w, goal, pairs, squares, numbers, [label for label, _ in slack], equal)


def of_numbers(
    w: Writer,
    goal: Tree,
    pairs: Sequence[Any],
    squares: Sequence[Any],
    numbers: Sequence[str] = (),
    slack: Sequence[str] = (),
    equal: Mapping[Tree, Tree] | None = None,
) -> str:
    """The goal as a sum of multiplier * premise and coefficient * square, and what has a sign."""
    script, parts = "", []
    for k, (label, shows, factor) in enumerate(pairs, start=1):
        m, by = "1" if factor is None else w.terms.real(factor), gap(w, shows)
        part = f"({m} * {by})"
        if shows.head == "eq":
            script += f"assert (T{k} : {part} = 0) by (replace {by} with 0 by (symmetry; gap_of {label}); ring). "
        else:
            script += f"assert (T{k} : 0 <= {part}) by (apply Rmult_le_pos; [sign | gap_of {label}]). "
        if head_of(shows) == "lt":
            script += f"try assert (P{k} : 0 < {part}) by (apply Rmult_lt_0_compat; [sign | generalize {label}; from_it]). "
        parts.append(part)
    for k, (c, e) in enumerate(squares, start=1):
        square = w.terms.real(Tree("pow", (e if e.shape == () else Tree("norm", (e,)), num(2))))
        part = f"({w.terms.real(c)} * {square})"
        script += f"assert (S{k} : 0 <= {part}) by (apply Rmult_le_pos; [sign | apply pow2_ge_0]). "
        parts.append(part)
    low, high = sides(goal)
    rest = f"{w.terms.real(high)} - {w.terms.real(low)} - ({' + '.join(parts) or '0'})"
    normal = in_traces(numbers)
    ways = [f"assert (Z0 : {rest} = 0) by ({normal}{closing(numbers)})"]
    if goal.head != "eq":
        extra = "".join(f"generalize {s}; " for s in slack)
        ways += [
            f"assert (Z0 : 0 < {rest}) by ({extra}{normal}left_over)",
            f"assert (Z0 : 0 <= {rest}) by ({extra}{normal}left_over)",
        ]
    if not parts and any(number(s) == 0 for s in sides(goal)):
        factors = w.terms.real(_unsigned(next(s for s in sides(goal) if number(s) != 0), equal or {}))
        known = "".join(f"rewrite ?{n}; " for n in numbers)
        positive = f"replace ({rest}) with {factors} by ({known}by_ring); sg"
        ways += [f"assert (Z0 : 0 {s} {rest}) by ({positive})" for s in ("<", "<=")]
    up = ""
    if low.head == high.head == "pow" and low.parts[0] == high.parts[0]:
        up = "solve [apply power_up; [reals; lra | whole; reals; lra]] | "
    return script + f"first [{up}(first [{' | '.join(ways)}]; lra)]."


def _unsigned(x: Tree, equal: Mapping[Tree, Tree]) -> Tree:
    """A product without the signs of its factors, after known equations."""
    if x in equal:
        return _unsigned(equal[x], equal)
    match x.head:
        case "num":
            return num(abs(Fraction(x.name)))
        case "neg":
            return _unsigned(x.parts[0], equal)
        case "mul" | "div" | "pow":
            return Tree(x.head, tuple(_unsigned(p, equal) if x.head != "pow" or k == 0 else p for k, p in enumerate(x.parts)))
    return x


def _of_matrices(w: Writer, goal: Tree, pairs: Sequence[Any], numbers: Sequence[str]) -> str:
    low, high = "mzero", "mzero"
    for _, shows, factor in pairs:
        p, q = shows.parts
        if p.shape == ():
            raise NotTranslated("a number as premise of an equation between matrices")
        m = "1" if factor is None else w.terms.real(factor)
        low, high = f"(madd {low} (mscal {m} {w.terms.matrix(p)}))", f"(madd {high} (mscal {m} {w.terms.matrix(q)}))"
    same = "".join(f" | exact {label}" for label, _, _ in pairs)
    by_parts = f"repeat first [exact eq_refl{same} | apply (f_equal2 madd) | apply (f_equal (mscal _))]"
    return f"apply from_gap with {low} {high}; [{words(w, goal.parts[0], numbers)[:-1]} | {by_parts}]."


def sign(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    return linear(w, goal, {"using": args.get("using", [])})


def by_squares(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    label, shows = w.line(args["premise"])
    low, high = (w.terms.real(s) for s in sides(goal))
    a, b = (w.terms.real(s) for s in sides(shows))
    return (
        f"as_le; apply Rsqr_incr_0_var; [| sign]. rewrite !Rsqr_pow2. generalize {label}; intros E. "
        f"{w.ready([goal, shows])}"
        f"assert (Z0 : {high} ^ 2 - {low} ^ 2 - ({b} - {a}) = 0) by (squares; traces_of_words; closed_by_field); lra."
    )


def raised(w: Writer, goal: Tree, args: dict[str, Any]) -> str:
    """From u <= v to u^e <= v^e, or to v^e <= u^e for e < 0."""
    (label, shows), e = w.line(args["premise"]), w.tree(args["exponent"])
    script, _, _ = rewriting(w, goal, args.get("using", []), [shows, *_powers(shows, e)])
    low, high = _powers(shows, e)
    a, b = w.terms.real(low), w.terms.real(high)
    premise, sign = f"generalize {label}; from_it", "<" if head_of(shows) == "lt" else "<="
    ways = " | ".join(
        f"(assert (R0 : {x} {sign} {y}) by (raising ltac:({premise})); roots_of_squares R0; by_numbers R0)"
        for x, y in ((a, b), (b, a))
    )
    return f"{script}first [{ways}]."


def _powers(relation: Tree, e: Tree) -> list[Tree]:
    """Both sides of a relation to the power e."""
    return [Tree("sqrt", (x,)) if number(e) == Fraction(1, 2) else Tree("pow", (x, e)) for x in sides(relation)]
