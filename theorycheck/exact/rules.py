"""The ways to show a line of a derivation; in proofs: `from theorycheck.exact import rules as by`.

Each rule has typed premises (earlier lines) and looks at nothing else than them, the hypotheses of the domain and the facts
it names. The rules of this collection are in three files; those about flows, limits and integrals have files of their own.
"""

from theorycheck.exact.algebra_rules import (
    clear as clear,
    exponentiated as exponentiated,
    identity as identity,
    linear as linear,
    logarithms as logarithms,
    raised as raised,
    sign as sign,
    take_up as take_up,
)
from theorycheck.exact.fact_rules import (
    Equation as Equation,
    both as both,
    cite as cite,
    either as either,
    facts_of as facts_of,
    generic as generic,
    given as given,
    given_with as given_with,
    premises_of as premises_of,
    record_use as record_use,
    trivially as trivially,
    under as under,
    uses as uses,
)
from theorycheck.exact.index_rules import (
    congruence as congruence,
    diagonal as diagonal,
    index_range as index_range,
    last_one as last_one,
    member as member,
    telescope as telescope,
    termwise as termwise,
)
from theorycheck.exact.session import (
    Checked as Checked,
    Rule as Rule,
)
