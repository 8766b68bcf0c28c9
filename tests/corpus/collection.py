"""All themes of the corpus, and what is known of each claim: `truth.toml`, committed before the first run of any claim."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.corpus import (
    boxes,
    chains,
    costs,
    edges,
    flows,
    gaussians,
    limits,
    matrices,
    odes,
    ranges,
    scalars,
    spectra,
    sums,
    traces,
    widths,
)

THEMES = tuple(
    module.statement
    for module in (
        traces,
        matrices,
        spectra,
        scalars,
        sums,
        ranges,
        chains,
        widths,
        costs,
        flows,
        odes,
        limits,
        edges,
        gaussians,
        boxes,
    )
)
CLAIMS = {claim.id: claim for theme in THEMES for claim in theme.claims}


@dataclass(frozen=True)
class Truth:
    """Whether a claim holds on all of its domain, and why."""

    holds: bool
    reason: str


def truths() -> dict[str, Truth]:
    """id -> truth value; each is either `true = "reason"` or `false = "reason"`."""
    found = {}
    for theme, entries in tomllib.loads((Path(__file__).parent / "truth.toml").read_text()).items():
        for name, entry in entries.items():
            ((value, reason),) = entry.items()
            found[f"{theme}.{name}"] = Truth({"true": True, "false": False}[value], reason)
    return found
