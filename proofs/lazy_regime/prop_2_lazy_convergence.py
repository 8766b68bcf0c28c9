"""Linear convergence in the lazy regime (Proposition 2 = Proposition 16, paper lines 112 to 128 and 470 to 520).

Constants, radii, orders: `prop_2_conditions`, `prop_2_orders`; the start and Theta there: `prop_2_kernel`, `prop_2_markov`;
convergence: `prop_2_pl`, `prop_2_ball`, `prop_2_paths`; the distance to the flow on matrices: `prop_2_difference`,
`prop_2_convexity`, `prop_2_length`, `prop_2_closeness`. Claims about flows take what line 482 has: the PL inequality on a
ball. It holds at parameters with Theta >= eta/2 (`pl`), and on the whole ball around a start that all layers and Theta allow
(`pl-on-the-ball`), as they do with the probability of `lemma-15.start`. Along runs of wide networks the printed bounds hold
with room: the loss falls at twice the printed rate at least, and at four times in the limit of large width.
"""

from proofs.lazy_regime import (
    prop_2_ball,
    prop_2_closeness,
    prop_2_conditions,
    prop_2_convexity,
    prop_2_difference,
    prop_2_kernel,
    prop_2_length,
    prop_2_markov,
    prop_2_numbers,
    prop_2_orders,
    prop_2_paths,
    prop_2_pl,
    prop_2_speeds,
)
from theorycheck.cli import run_module
from theorycheck.models import lazy_checks
from theorycheck.statement import Statement

USED = ("pl-transfer", "prop-11", "lemma-13", "lemma-14", "lemma-15")
statement = Statement(
    "prop-2", "Linear convergence in the lazy regime", "3.1", prop_2_numbers.numbers, aliases=("prop-16",), depends_on=USED
)
statement.add(prop_2_conditions.part, prop_2_orders.part, prop_2_kernel.part, prop_2_markov.part)
prop_2_pl.enter(statement)
statement.add(prop_2_ball.part, prop_2_paths.part, prop_2_speeds.part, prop_2_difference.part)
statement.add(prop_2_convexity.part, prop_2_length.part, prop_2_closeness.part)

statement.named("rate").leg("sample")(lazy_checks.rate_of("rate"))
statement.named("rate-limit").leg("sample")(lazy_checks.limit_rate("four"))
statement.named("distance").leg("sample")(lazy_checks.distance_of("factor"))
statement.named("closeness").leg("sample")(lazy_checks.exponent_of("half"))

if __name__ == "__main__":
    raise SystemExit(run_module(statement))
