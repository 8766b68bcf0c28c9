"""Linear convergence in the lazy regime (Proposition 2 = Proposition 16)."""

from proofs.lazy_regime import prop_2_closeness, prop_2_conditions, prop_2_difference, prop_2_kernel, prop_2_paths
from theorycheck.cli import run_module
from theorycheck.statement import Statement

USED = ("pl-transfer", "prop-11", "lemma-13", "lemma-14", "lemma-15")
statement = Statement(
    "prop-2", "Linear convergence in the lazy regime", "3.1", prop_2_conditions.numbers, aliases=("prop-16",), depends_on=USED
)
prop_2_conditions.enter(statement)
prop_2_kernel.enter(statement)
rate, distance = prop_2_paths.enter(statement)
prop_2_difference.enter(statement)
prop_2_closeness.enter(statement)

if __name__ == "__main__":
    raise SystemExit(run_module(statement))
