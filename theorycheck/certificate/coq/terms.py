"""Trees of a certificate as terms of Coq, over the definitions of `coq/TheoryCheck.v`.

Numbers are Coq's reals. A scalar that occurs as a size or an index is an integer, and its value is written `IZR`. Matrices are
functions of two indices of a given size. What has no translation here raises `NotTranslated`, which names it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from theorycheck.certificate.coq.conditions import conditions
from theorycheck.certificate.coq.expectations import family, mean
from theorycheck.certificate.coq.trees import Affine, NotTranslated, Tree, affine, identifier, number, walk, widths_of


@dataclass
class Terms:
    """Names of one lemma and how its trees are written. `integers` are symbols, `counts` families of integers.

    `known` replaces trees (derivatives, the variable of a gradient) by texts. `positive` says of which trees a real power is
    taken: its base must be shown to be positive.
    """

    integers: frozenset[str]
    counts: frozenset[str]
    known: Mapping[Tree, str] = field(default_factory=dict)
    put: Mapping[tuple[str, Tree], str] = field(default_factory=dict)
    outcome: frozenset[str] = frozenset()  # random families of layers, below an expectation
    means: dict[str, str] = field(default_factory=dict)  # the names of expectations, by what they are of
    bases: frozenset[Tree] = frozenset()  # products of which only the product is known to be positive

    # --- integers -----------------------------------------------------------------------------------------------------
    def index(self, x: Tree) -> str:
        return self.of_affine(affine(x))

    def of_affine(self, form: Affine) -> str:
        """An integer term, the same for equal affine forms."""
        parts = []
        for atom, c in sorted(((a, c) for a, c in form.items() if a is not None), key=lambda p: self._atom(p[0])):
            if c.denominator != 1:
                raise NotTranslated("an index with a fraction")
            parts.append((self._atom(atom), int(c)))
        constant = form.get(None, Fraction(0))
        if constant.denominator != 1:
            raise NotTranslated("an index with a fraction")
        text = ""
        for name, k in parts:
            body = name if abs(k) == 1 else f"{abs(k)} * {name}"
            text += (" + " if k > 0 else " - ") + body if text else (body if k > 0 else f"- {body}")
        n = int(constant)
        if not text:
            return str(n) if n >= 0 else f"({n})"
        if n:
            text += f" + {n}" if n > 0 else f" - {-n}"
        return text if re.fullmatch(r"\w+|\(\w+ [^()]*(\([^()]*\))?\)", text) else f"({text})"

    def _atom(self, x: Tree) -> str:
        if x in self.known:
            return self.known[x]
        if x.head == "sym":
            return identifier(x.name)
        if x.head == "min":
            return f"(Z.min {' '.join(self.place(p) for p in x.parts)})"
        if x.head == "rank":
            return f"(rank {' '.join(self.size(x.parts[0]))} {self.matrix(x.parts[0])})"
        return f"({identifier(x.name)} {self.index(x.parts[0])})"

    def is_index(self, x: Tree) -> bool:
        """Whether a scalar tree is made of integer symbols only."""
        match x.head:
            case "num":
                return Fraction(x.name).denominator == 1
            case "sym":
                return x.name in self.integers
            case "item":
                return x.name in self.counts
            case "add" | "neg" | "min":
                return all(self.is_index(p) for p in x.parts)
        return x.head == "rank"

    # --- numbers ------------------------------------------------------------------------------------------------------
    def real(self, x: Tree) -> str:
        """A scalar tree as a real term, in brackets where needed."""
        if x in self.known:
            return self.known[x]
        if x.shape == () and x.head in {"sym", "item", "add", "min", "rank"} and self.is_index(x):
            return f"(IZR {self.index(x)}%Z)"
        made = getattr(self, f"_real_{x.head}", None)
        if made is None:
            raise NotTranslated(f"the head {x.head}")
        return str(made(x))

    def _real_num(self, x: Tree) -> str:
        value = Fraction(x.name)
        text = str(value.numerator) if value.denominator == 1 else f"{value.numerator} / {value.denominator}"
        return text if value >= 0 and value.denominator == 1 else f"({text})"

    def _real_sym(self, x: Tree) -> str:
        return identifier(x.name)

    def _real_item(self, x: Tree) -> str:
        return f"({identifier(x.name)} {self.index(x.parts[0])}%Z)"

    def _real_add(self, x: Tree) -> str:
        text = self.real(x.parts[0])
        for p in x.parts[1:]:
            text += f" - {self.real(p.parts[0])}" if p.head == "neg" else f" + {self.real(p)}"
        return f"({text})"

    def _real_neg(self, x: Tree) -> str:
        return f"(- {self.real(x.parts[0])})"

    def _real_mul(self, x: Tree) -> str:
        return "(" + " * ".join(self.real(p) for p in x.parts) + ")"

    def _real_div(self, x: Tree) -> str:
        return f"({self.real(x.parts[0])} / {self.real(x.parts[1])})"

    def _real_pow(self, x: Tree) -> str:
        base, exponent = x.parts
        n = number(exponent)
        if n is None or n.denominator != 1:
            if (number(base) or 0) < 0:  # `power` is for bases that are at least 0
                raise NotTranslated("a negative number to a symbolic power")
            return f"(power {self.real(base)} {self.real(exponent)})"
        return f"({self.real(base)} ^ {n})" if n >= 0 else f"(/ {self.real(base)} ^ {-n})"

    def _real_sqrt(self, x: Tree) -> str:
        return f"(sqrt {self.real(x.parts[0])})"

    def _real_exp(self, x: Tree) -> str:
        return f"(exp {self.real(x.parts[0])})"

    def _real_log(self, x: Tree) -> str:
        return f"(ln {self.real(x.parts[0])})"

    def _real_abs(self, x: Tree) -> str:
        return f"(Rabs {self.real(x.parts[0])})"

    def _real_trace(self, x: Tree) -> str:
        return f"(trace {self.size(x.parts[0])[0]} {self.matrix(x.parts[0])})"

    def _real_inner(self, x: Tree) -> str:
        m, n = self.size(x.parts[0])
        return f"(inner {m} {n} {self.matrix(x.parts[0])} {self.matrix(x.parts[1])})"

    def _real_norm(self, x: Tree) -> str:
        m, n = self.size(x.parts[0])
        return f"(norm {m} {n} {self.matrix(x.parts[0])})"

    def _real_schatten(self, x: Tree) -> str:
        return f"(schatten {' '.join(self.size(x.parts[0]))} {self.matrix(x.parts[0])} {self.real(x.parts[1])})"

    def _real_singular(self, x: Tree) -> str:
        return f"(singular {' '.join(self.size(x.parts[0]))} {self.matrix(x.parts[0])} {self.index(x.parts[1])}%Z)"

    def _real_min(self, x: Tree) -> str:
        return f"(Rmin {self.real(x.parts[0])} {self.real(x.parts[1])})"

    def _real_app(self, x: Tree) -> str:
        return f"({identifier(x.name)} {self.any(x.parts[0])})"

    def _real_sum(self, x: Tree) -> str:
        return f"(zsum {self.bounds(x)})"

    def _real_prod(self, x: Tree) -> str:
        return f"(zprod {self.bounds(x)})"

    def _real_integral(self, x: Tree) -> str:
        lo, hi, body = x.parts
        return f"(RInt (fun {identifier(x.name)} => {self.real(body)}) {self.real(lo)} {self.real(hi)})"

    def bounds(self, x: Tree) -> str:
        """The ends of a sum or a product, and its members as a function of the index."""
        lo, hi, body = x.parts
        inside = replace(self, integers=self.integers | {x.name})
        return f"{self.index(lo)}%Z {self.index(hi)}%Z (fun {identifier(x.name)} => {inside.any(body)})"

    # --- matrices -----------------------------------------------------------------------------------------------------
    def size(self, x: Tree) -> tuple[str, str]:
        rows, cols = x.shape or ()
        return self.place(rows), self.place(cols)

    def place(self, x: Tree) -> str:
        """An index or a size as an argument."""
        text = self.index(x)
        return text if re.fullmatch(r"[A-Za-z_]\w*", text) else f"{text}%Z"

    def any(self, x: Tree) -> str:
        return self.real(x) if x.shape == () else self.matrix(x)

    def matrix(self, x: Tree) -> str:
        if x in self.known:
            return self.known[x]
        made = getattr(self, f"_matrix_{x.head}", None)
        if made is None:
            raise NotTranslated(f"the head {x.head} of a matrix")
        return str(made(x))

    def _matrix_sym(self, x: Tree) -> str:
        return identifier(x.name)

    _matrix_item = _real_item

    def _matrix_chain(self, x: Tree) -> str:
        hi, lo = (affine(p) for p in x.parts)
        return self.chain(x, hi, lo)

    def chain(self, x: Tree, hi: Affine, lo: Affine) -> str:
        """The product W_hi .. W_lo; of one layer, the layer."""
        layers = family(x.name, self)
        if hi == lo and (x.name, x) not in self.put:
            return f"({layers} {self.of_affine(hi)}%Z)"
        return f"(chain {identifier(widths_of(x))} {layers} {self.of_affine(hi)}%Z {self.of_affine(lo)}%Z)"

    def _real_expect(self, x: Tree) -> str:
        if self.outcome:
            raise NotTranslated("an expectation below another")
        inside = replace(self, outcome=frozenset(x.name.split()))
        return f"({mean(x, self)} (fun o' : Omega => {inside.real(x.parts[0])}))"

    def _matrix_add(self, x: Tree) -> str:
        text = self.matrix(x.parts[0])
        for p in x.parts[1:]:
            text = f"(madd {text} {self.matrix(p)})"
        return text

    def _matrix_neg(self, x: Tree) -> str:
        return f"(mopp {self.matrix(x.parts[0])})"

    def _matrix_mul(self, x: Tree) -> str:
        scalars = [p for p in x.parts if p.shape == ()]
        (body,) = (p for p in x.parts if p.shape != ())
        return f"(mscal ({' * '.join(self.real(p) for p in scalars)}) {self.matrix(body)})"

    def _matrix_div(self, x: Tree) -> str:
        return f"(mscal (/ {self.real(x.parts[1])}) {self.matrix(x.parts[0])})"

    def _matrix_matmul(self, x: Tree) -> str:
        text = self.matrix(x.parts[-1])
        for p in reversed(x.parts[:-1]):
            text = f"(mmul {self.size(p)[1]} {self.matrix(p)} {text})"
        return text

    def _matrix_transpose(self, x: Tree) -> str:
        return f"(mtr {self.matrix(x.parts[0])})"

    def _matrix_sum(self, x: Tree) -> str:
        return f"(msum {self.bounds(x)})"

    def _matrix_eye(self, x: Tree) -> str:
        return f"(eye {self.size(x)[0]})"

    def _matrix_mpow(self, x: Tree) -> str:
        return f"(mpow {self.size(x)[0]} {self.matrix(x.parts[0])} {self.real(x.parts[1])})"

    def limit(self, x: Tree) -> str:
        """The path whose limit is taken as the time grows."""
        _, path = x.parts
        if path.head != "at" or path.parts[0] != Tree("sym", (x.name,)) or x.parts[0].head != "infinity":
            raise NotTranslated("a limit of what is no path")
        return identifier(path.name)

    def _matrix_limit(self, x: Tree) -> str:
        return f"(limit_of {self.limit(x)})"

    def _matrix_zero(self, _: Tree) -> str:
        return "mzero"

    def _matrix_grad(self, x: Tree) -> str:
        return f"(grad_{identifier(x.name)} {self.matrix(x.parts[0])})"

    def _matrix_at(self, x: Tree) -> str:
        return f"({identifier(x.name)} {self.real(x.parts[0])})"

    def gradient(self, x: Tree) -> str:
        """That something is the gradient of a body in a matrix, or in a layer of every product of layers."""
        body, variable = x.parts
        m, n = self.size(variable)
        known = {**self.known, variable: "X"}
        if variable.head == "chain":
            put = f"(put {identifier(variable.name)} {self.index(variable.parts[0])}%Z X)"
            known = dict(self.known)
            for y in walk(body):
                if y.head == "chain" and y.name == variable.name:
                    hi, lo = (self.index(p) for p in y.parts)
                    known[y] = f"(chain {identifier(widths_of(y))} {put} {hi}%Z {lo}%Z)"
        return f"is_gradient {m} {n} (fun X => {replace(self, known=known).real(body)}) {self.matrix(variable)}"

    # --- propositions -------------------------------------------------------------------------------------------------
    def prop(self, x: Tree) -> str:
        match x.head:
            case "eq" | "le" | "lt" | "ge" | "gt":
                return self._relation(x)
            case "and":
                return " /\\ ".join(f"({self.prop(p)})" for p in x.parts)
            case "not":
                return f"~ ({self.prop(x.parts[0])})"
            case "psd":
                return f"psd {self.size(x.parts[0])[0]} {self.matrix(x.parts[0])}"
            case "member":
                point, centre, radius = x.parts
                m, n = self.size(point)
                apart = f"norm {m} {n} (madd {self.matrix(point)} (mopp {self.matrix(centre)}))"
                return f"{apart} <= {self.real(radius)}"
            case "defined":
                return " /\\ ".join(dict.fromkeys(conditions(x.parts[0], self))) or "True"
            case "converges" if x.parts[1].head == "sym" and number(x.parts[2]) == 0:
                body, v, _, value = x.parts
                return f"tends (fun {identifier(v.name)} => {self.real(body)}) {self.real(value)}"
            case "converges" if x.parts[3].head == "limit" and x.parts[3].parts == (x.parts[2], x.parts[0]):
                return f"settles {self.limit(x.parts[3])}"
        raise NotTranslated(f"the head {x.head}")

    def whole(self, x: Tree) -> bool:
        """Whether a tree is a relation between integers."""
        return x.head in {"eq", "le", "lt", "ge", "gt"} and all(p.shape == () and self.is_index(p) for p in x.parts)

    def _relation(self, x: Tree) -> str:
        left, right = x.parts
        sign = {"eq": "=", "le": "<=", "lt": "<", "ge": ">=", "gt": ">"}[x.head]
        if left.head == "gradient" and left not in self.known and x.head == "eq":
            return f"{self.gradient(left)} {self.matrix(right)}"
        if left.shape != ():
            return f"{self.matrix(left)} = {self.matrix(right)}"
        if self.whole(x):
            return f"({self.index(left)} {sign} {self.index(right)})%Z"
        return f"{self.real(left)} {sign} {self.real(right)}"
