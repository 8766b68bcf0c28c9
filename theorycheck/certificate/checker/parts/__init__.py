"""What a form knows beyond polynomials and words: one file for each kind of quantity; each imports the core only."""

from . import (  # noqa: F401 (each enters what it reads and offers in the core's tables)
    absolute,
    bounds,
    chains,
    definite,
    derivatives,
    directions,
    exchange,
    exponentials,
    growth,
    indices,
    integrals,
    limits,
    plain,
    powers,
    propositions,
    rewriting,
    signs,
    substitution,
    sums,
    traces,
)
