"""What a form knows beyond polynomials and words: one file for each kind of quantity; each imports the core only."""

from . import (
    absolute,
    bounds,
    chains,
    definite,
    derivatives,
    directions,
    exchange,
    exponentials,
    growth,
    integrals,
    limits,
    powers,
    rewriting,
    signs,
    sums,
)  # fmt: skip

__all__ = [
    "absolute", "bounds", "chains", "definite", "derivatives", "directions", "exchange", "exponentials", "growth", "integrals",
    "limits", "powers", "rewriting", "signs", "sums",
]  # fmt: skip
