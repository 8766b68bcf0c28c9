"""What a paper says: statements, their claims, and the domain each claim is about.

A statement is a frozen record; `@statement.claim(...)` adds a claim to it. The decorated generator first yields the claim's
tree, as a function of the printed constants, and then (optionally) its derivation, one checked line after the other:

    @statement.claim("rate", line=365, main=True, expects="proved", rate=2)
    def rate(rate):
        goal = yield Le(C(x(t)) - Cmin, (C(x0) - Cmin) * exp(-rate * beta * t))
        slope = yield Eq(Dt(C(x(t))), -norm(C.grad(x(t))) ** 2), by.identity()
        yield goal, by.gronwall(slope)

`goal` is the tree as the driver wants it shown (a mutant gets its own), and each checked line comes back as a `Proven`. The
claims of a long statement stand in several files, each with a `Part`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from theorycheck.domain import Domain, Env, Source
from theorycheck.errors import InputError
from theorycheck.tree import Node, Number, as_node
from theorycheck.verdict import Erratum, Evidence, Verdict

Body = Callable[..., Generator[Any, Any, None]]
Near = Callable[[Source, Env], Env]
Exempt = Mapping[str, str] | Callable[[Node], Mapping[str, str]]  # places, or the places of a tree
Box = Mapping[str, int | tuple[Number, Number]]
"""An integer's value, or the interval of a real variable, by name."""


@dataclass(frozen=True)
class Leg:
    """A further check of a claim: a flow, a sample, an enclosure. `run(check)` returns Evidence; `level` is quick or full."""

    kind: str
    level: str
    run: Callable[[Check], Evidence]


@dataclass(frozen=True)
class Check:
    """What a leg gets: the claim's parameters (as trees), the level, a seed of its own, the tree to be checked."""

    claim: Claim
    tree: Node
    parameters: Mapping[str, Node]
    level: str
    seed: int


@dataclass(frozen=True)
class Claim:
    """One printed formula, as a function of its printed constants.

    `id` is `statement.name`; `where` is statement or proof; `line` the line of the paper's file; `place` what a reader of the
    published paper needs to find it; `printed` the LaTeX as printed (by default made from the tree); `corrects` the id of
    the printed claim whose corrected form this is, `reads` the id of the claim whose charitable reading this is. `near`
    moves a drawn instance to the equality case, where mutants that are false by little die. `short`: why a claim that is only
    supported has no proof yet (shown as its reason). `exempt`: places that `mutate` leaves alone, each with the reason. `box`:
    where a claim that is not proved is to be certified (see `boxes`).
    """

    id: str
    title: str
    body: Body
    domain: Domain
    parameters: Mapping[str, Node]
    line: int
    place: str
    where: str = "statement"
    main: bool = False
    printed: str | None = None
    expects: Verdict | None = None
    erratum: Erratum | None = None
    corrects: str | None = None
    reads: str | None = None
    near: Near | None = None
    short: str | None = None
    exempt: dict[str, str] = field(default_factory=dict)
    box: Box | None = None
    legs: list[Leg] = field(default_factory=list)

    def tree(self, overrides: Mapping[str, Node] | None = None) -> Node:
        """The claim's relation, with the printed constants or with `overrides`."""
        first = next(self.body(**self.values(overrides)))
        if not isinstance(first, Node) or first.shape is not None:
            raise InputError(f"claim {self.id}: the first thing it yields must be its relation; yield Eq(..), Le(..) first")
        return first

    def values(self, overrides: Mapping[str, Node] | None = None) -> dict[str, Node]:
        """The parameters in use; an unknown name raises InputError."""
        unknown = sorted(set(overrides or ()) - set(self.parameters))
        if unknown:
            known = ", ".join(self.parameters) or "none"
            raise InputError(f"claim {self.id} has no parameter {unknown[0]!r}; its parameters: {known}")
        return {**self.parameters, **(overrides or {})}

    def leg(self, kind: str, level: str = "quick") -> Callable[[Callable[[Check], Evidence]], Callable[[Check], Evidence]]:
        """Attach a further check (kind: flow, sample, ball, exact)."""

        def attach(run: Callable[[Check], Evidence]) -> Callable[[Check], Evidence]:
            self.legs.append(Leg(kind, level, run))
            return run

        return attach


@dataclass(frozen=True)
class Statement:
    """A numbered statement of a paper with its claims (STATEMENTS.md: one module each)."""

    id: str
    title: str
    section: str
    domain: Domain
    aliases: tuple[str, ...] = ()
    depends_on: tuple[str, ...] = ()
    claims: list[Claim] = field(default_factory=list)

    def claim(
        self,
        name: str,
        *,
        line: int,
        title: str = "",
        place: str = "",
        where: str = "statement",
        main: bool = False,
        printed: str | None = None,
        expects: str | None = None,
        erratum: Erratum | None = None,
        corrects: str | None = None,
        reads: str | None = None,
        domain: Domain | None = None,
        near: Near | None = None,
        short: str | None = None,
        exempt: Exempt | None = None,
        box: Box | None = None,
        **parameters: Node | Number | Fraction,
    ) -> Callable[[Body], Claim]:
        """Add the decorated generator as the claim `id.name`; keyword arguments left over are its printed constants.

        `exempt` may be a function of the claim's tree.
        """

        def add(body: Body) -> Claim:
            if any(c.id == f"{self.id}.{name}" for c in self.claims):
                raise InputError(f"{self.id} has two claims named {name!r}; rename one")
            claim = Claim(
                id=f"{self.id}.{name}",
                title=title or (body.__doc__ or name).strip().splitlines()[0],
                body=body,
                domain=domain or self.domain,
                parameters={k: as_node(v) for k, v in parameters.items()},
                line=line,
                place=place or f"Section {self.section}, {self.title}",
                where=where,
                main=main,
                printed=printed,
                expects=Verdict(expects) if expects else None,
                erratum=erratum,
                corrects=f"{self.id}.{corrects}" if corrects else None,
                reads=f"{self.id}.{reads}" if reads else None,
                near=near,
                short=short,
                box=box,
            )
            claim.exempt.update(exempt(claim.tree()) if callable(exempt) else exempt or {})
            self.claims.append(claim)
            return claim

        return add

    def add(self, *parts: Part) -> None:
        """Enter the claims of parts, in their order."""
        for part in parts:
            for name, options, body in part.entered:
                self.claim(name, **part.complete(options, self.domain))(body)

    def named(self, name: str) -> Claim:
        """The claim `id.name`; KeyError if there is none."""
        return {c.id: c for c in self.claims}[f"{self.id}.{name}"]


class Part:
    """Claims that stand in a file of their own, with what they have in common; `Statement.add` enters them.

        part = Part(where="proof", domain=ball, expects="proved")

        @part.claim("layer-in-ball", line=448, four=4)
        def layer(four):
            yield Le(..)

    What a claim says itself comes before what is shared. `exempts` gives, for the domain of a claim that is not to be refuted,
    places that `mutate` leaves alone, beside the claim's own.
    """

    def __init__(self, *, exempts: Callable[[Domain], Mapping[str, str]] | None = None, **shared: Any) -> None:
        self.exempts = exempts
        self.shared = shared
        self.entered: list[tuple[str, dict[str, Any], Body]] = []

    def claim(self, name: str, **own: Any) -> Callable[[Body], Body]:
        """Enter the decorated generator, which stays as it is; the arguments are those of `Statement.claim`."""

        def enter(body: Body) -> Body:
            self.entered.append((name, {**self.shared, **own}, body))
            return body

        return enter

    def complete(self, options: Mapping[str, Any], domain: Domain) -> dict[str, Any]:
        """The arguments of a claim of a statement about `domain`, with the exemptions of the claim's domain."""
        if self.exempts is None or options.get("expects") == "refuted":
            return dict(options)
        shared, own = self.exempts(options.get("domain", domain)), options.get("exempt", {})
        return {**options, "exempt": (lambda tree: {**shared, **own(tree)}) if callable(own) else {**shared, **own}}
