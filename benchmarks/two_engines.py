"""How many identities of the paper's derivations have a second reading: `python -m benchmarks.two_engines`.

A line is counted where it is an identity, a linear combination of equations, or a product with matrices, in a complete
derivation; printed are those on which the two engines agree, and why the others have one reading only.
"""

from __future__ import annotations

from collections import Counter

from theorycheck import collect
from theorycheck.derivation import Library, derive
from theorycheck.modular.lines import decide
from theorycheck.modular.steps import line_of
from theorycheck.second import POINTS
from theorycheck.verdict import Outcome


def main() -> int:
    statements = collect.paper()
    known, outcomes, alone, claims = Library(tuple(statements)), Counter[str](), Counter[str](), 0
    for c in (c for s in statements for c in s.claims):
        found = derive(c, {}, known, c.tree())
        if found.outcome not in {Outcome.PROVES, Outcome.REFUTES}:
            continue
        claims += 1
        for step in found.steps:
            line = line_of(step, found.steps, c.domain)
            if line is None:
                outcomes["no identity"] += 1
                continue
            d = decide(line, c.domain, "0", POINTS["quick"])
            outcomes[{True: "agree", False: "differ", None: "one reading"}[d.agrees]] += 1
            if d.agrees is None:
                alone[d.reason] += 1
    decided = sum(outcomes.values()) - outcomes["no identity"]
    print(f"{claims} complete derivations, {sum(outcomes.values())} lines, {decided} identities: {dict(outcomes)}")
    for reason, count in alone.most_common():
        print(f"{count:4} {reason}")
    return int(outcomes["differ"] > 0)


if __name__ == "__main__":
    raise SystemExit(main())
