"""The rules, one family a file; each has a table RULES from the name that certificates use to the function."""

from . import algebra, facts, induction, logic, matrices

TABLE = {**algebra.RULES, **facts.RULES, **induction.RULES, **logic.RULES, **matrices.RULES}
