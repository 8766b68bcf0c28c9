"""Every displayed formula of Sections 2 and 3.1 and of Appendix B, with the claims that enter it, checked by machine.

A line of the paper's file that shows a formula (`$`) either carries claims of its own, or is entered by claims of another line
(ELSEWHERE), or claims nothing (NOTHING: definitions, notation, figures).
`python -m tests.proofs.test_displays` prints the table.
"""

from __future__ import annotations

import re

from tests.test_conformance import paper_lines
from theorycheck import collect

RANGES = (range(36, 131), range(333, 602))  # Sections 2 and 3.1, Appendix B

ELSEWHERE = {
    42: ("parameter-count.rectangular",),
    57: ("def-1.critical",),
    61: ("prop-10.pl",),
    63: ("prop-10.pl",),
    112: ("prop-2.rate", "prop-2.event", "prop-2.constant-corrected"),
    120: ("prop-2.closeness",),
    124: ("pl-transfer.pl", "prop-2.pl"),
    128: ("prop-2.closeness",),
    345: ("def-1.critical-printed", "def-1.critical"),
    347: ("def-1.critical-printed", "def-1.critical"),
    349: ("prop-10.pl",),
    355: ("prop-10.pl",),
    361: ("prop-11.rate",),
    367: ("prop-11.inside",),
    377: ("prop-11.derivative", "prop-11.length"),
    388: ("prop-11.tail",),
    396: ("cor-12.value",),
    405: ("lemma-13.rows-corrected", "lemma-13.covariance-mean"),
    413: ("lemma-13.quadratic", "prop-2.start-loss"),
    421: ("lemma-14.smallest",),
    426: ("lemma-14.close",),
    440: ("lemma-15.third", "lemma-15.first", "lemma-15.third-constant"),
    442: ("lemma-15.least", "lemma-15.layers-corrected"),
    450: ("lemma-15.first",),
    464: ("lemma-15.difference",),
    474: ("prop-2.distance",),
    480: ("prop-2.closeness", "prop-2.rescaled"),
    488: ("prop-2.kernel-close",),
    502: ("prop-2.speed", "prop-2.rescaled"),
    511: ("prop-2.split", "prop-2.bound"),
    540: ("prop-17.sum",),
    555: ("cor-18.two",),
    557: ("cor-18.four-corrected",),
    571: ("cor-19.bound", "cor-19.sum"),
    585: ("thm-20.high", "thm-20.low"),
    589: ("cor-21.bound",),
    597: ("cor-21.widths",),
}

NOTHING = {
    38: "notation: layers and widths",
    40: "definition of A_theta",
    44: "definition of rectangular networks",
    49: "figure",
    77: "definition of the Schatten cost",
    81: "announcement",
    83: "definition of a rotation; its action is a hypothesis of rotation-symmetry",
    89: "definition of the inclusion",
    91: "definition of the inclusion; a hypothesis of inclusion-symmetry",
    106: "figure",
    108: "announcement of prop-2.closeness",
    122: "definition of eta and of the flow on matrices (claims at 478)",
    486: "announcement",
    335: "announcement; what it says of PL is entered at its own line",
    526: "notation",
    530: "notation",
    532: "definition of K_rho",
    534: "definition of the union of pairings",
    536: "notation",
}


def displays(lines):
    """The numbers of the lines that show a formula."""
    return [k for span in RANGES for k in span if re.search(r"\$", lines[k - 1])]


def claims_by_line():
    found = {}
    for statement in collect.paper():
        for claim in statement.claims:
            found.setdefault(claim.line, []).append(claim.id)
    return found


def table(lines):
    """(line, claims, remark) for every display; claims of the line itself come first."""
    own = claims_by_line()
    rows = []
    for k in displays(lines):
        ids = (*own.get(k, ()), *ELSEWHERE.get(k, ()))
        rows.append((k, ids, "" if ids else NOTHING.get(k)))
    return rows


def test_every_display_is_accounted_for():
    assert [k for k, ids, remark in table(paper_lines()) if not ids and not remark] == []


def test_claims_of_these_sections_stand_at_lines_with_a_formula():
    lines = paper_lines()
    shown = set(displays(lines))
    inside = {k: ids for k, ids in claims_by_line().items() if any(k in span for span in RANGES)}
    assert {k: ids for k, ids in inside.items() if k not in shown} == {}


def test_what_is_entered_elsewhere_exists():
    known = {c.id for s in collect.paper() for c in s.claims}
    assert {i for ids in ELSEWHERE.values() for i in ids} - known == set()


def test_nothing_is_both_a_definition_and_a_claim():
    assert sorted(set(NOTHING) & set(ELSEWHERE)) == []
    assert [k for k in NOTHING if not any(k in span for span in RANGES)] == []


def main():
    rows = table(paper_lines())
    for k, ids, remark in rows:
        print(f"{k:4}  {', '.join(ids) or remark}")
    missing = [k for k, ids, _ in rows if not ids and k not in NOTHING]
    print(f"{len(rows)} lines with formulas: {len(missing)} without a claim")


if __name__ == "__main__":
    main()
