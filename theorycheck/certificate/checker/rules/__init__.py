"""The rules, one family a file; each has a table RULES from the name that certificates use to the function."""

from . import (
    algebra,
    chance,
    extremum,
    facts,
    families,
    flows,
    homogeneous,
    induction,
    integrals,
    lengths,
    limits,
    listings,
    logic,
    matrices,
    members,
    monotone,
    paths,
    primitives,
    ranges,
    refutations,
    sequences,
    tails,
    tangents,
)  # fmt: skip

FAMILIES = (
    algebra, chance, extremum, facts, families, flows, homogeneous, induction, integrals, lengths, limits, listings, logic,
    matrices, members, monotone, paths, primitives, ranges, refutations, sequences, tails, tangents,
)  # fmt: skip
TABLE = {name: rule for family in FAMILIES for name, rule in family.RULES.items()}
