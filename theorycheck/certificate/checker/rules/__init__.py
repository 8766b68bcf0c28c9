"""The rules, one family a file; each has a table RULES from the name that certificates use to the function."""

from . import algebra, extremum, facts, flows, homogeneous, induction, logic, matrices, paths

TABLE = {
    name: rule
    for family in (algebra, extremum, facts, flows, homogeneous, induction, logic, matrices, paths)
    for name, rule in family.RULES.items()
}
