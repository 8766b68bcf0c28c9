"""A report as JUnit XML: as expected = passed, not as expected = failure, `error` = error, `inapplicable` = skipped."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Mapping

from theorycheck.present.judge import Judgement, Standing
from theorycheck.present.text import claim_lines
from theorycheck.verdict import ClaimReport, Report, StatementReport

CHILD = {Standing.FAILED: "failure", Standing.ERROR: "error", Standing.SKIPPED: "skipped"}
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(report: Report, judged: Mapping[str, Judgement]) -> str:
    """One suite per statement, one case per claim."""
    root = ET.Element("testsuites", name="theorycheck")
    _count(root, [c for s in report.statements for c in s.claims], judged)
    for s in report.statements:
        root.append(_suite(s, judged))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _suite(s: StatementReport, judged: Mapping[str, Judgement]) -> ET.Element:
    suite = ET.Element("testsuite", name=_clean(s.id))
    _count(suite, s.claims, judged)
    for c in s.claims:
        name = c.id.removeprefix(s.id + ".")
        case = ET.SubElement(suite, "testcase", classname=_clean(s.id), name=_clean(name), time=f"{c.seconds:.4f}")
        judgement = judged[c.id]
        if judgement.standing in CHILD:
            child = ET.SubElement(case, CHILD[judgement.standing], message=_clean(judgement.why))
            child.text = _clean("\n".join(claim_lines(c, verbose=True)))
    return suite


def _count(element: ET.Element, claims: tuple[ClaimReport, ...] | list[ClaimReport], judged: Mapping[str, Judgement]) -> None:
    counts = Counter(judged[c.id].standing for c in claims)
    element.set("tests", str(len(claims)))
    element.set("failures", str(counts[Standing.FAILED]))
    element.set("errors", str(counts[Standing.ERROR]))
    element.set("skipped", str(counts[Standing.SKIPPED]))
    element.set("time", f"{sum(c.seconds for c in claims):.4f}")


def _clean(text: str) -> str:
    """Without the control characters that XML 1.0 cannot hold."""
    return NOT_XML.sub("?", text)
