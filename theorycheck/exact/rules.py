"""The ways to show a line of a derivation; in proofs: `from theorycheck.exact import rules as by`.

Each rule has typed premises (earlier lines) and looks at nothing else than them, the hypotheses of the domain and the facts
it names. The rules of this collection are in three files; those about flows, limits and integrals have files of their own.
"""

from theorycheck.exact.algebra_rules import (
    clear as clear,
)
from theorycheck.exact.algebra_rules import (
    exponentiated as exponentiated,
)
from theorycheck.exact.algebra_rules import (
    identity as identity,
)
from theorycheck.exact.algebra_rules import (
    linear as linear,
)
from theorycheck.exact.algebra_rules import (
    raised as raised,
)
from theorycheck.exact.algebra_rules import (
    sign as sign,
)
from theorycheck.exact.algebra_rules import (
    take_up as take_up,
)
from theorycheck.exact.fact_rules import (
    Equation as Equation,
)
from theorycheck.exact.fact_rules import (
    _facts as _facts,
)
from theorycheck.exact.fact_rules import (
    _premises as _premises,
)
from theorycheck.exact.fact_rules import (
    _record as _record,
)
from theorycheck.exact.fact_rules import (
    both as both,
)
from theorycheck.exact.fact_rules import (
    cite as cite,
)
from theorycheck.exact.fact_rules import (
    either as either,
)
from theorycheck.exact.fact_rules import (
    generic as generic,
)
from theorycheck.exact.fact_rules import (
    given as given,
)
from theorycheck.exact.fact_rules import (
    given_with as given_with,
)
from theorycheck.exact.fact_rules import (
    trivially as trivially,
)
from theorycheck.exact.fact_rules import (
    under as under,
)
from theorycheck.exact.fact_rules import (
    uses as uses,
)
from theorycheck.exact.index_rules import (
    congruence as congruence,
)
from theorycheck.exact.index_rules import (
    diagonal as diagonal,
)
from theorycheck.exact.index_rules import (
    index_range as index_range,
)
from theorycheck.exact.index_rules import (
    telescope as telescope,
)
from theorycheck.exact.index_rules import (
    termwise as termwise,
)
from theorycheck.exact.session import (
    Checked as Checked,
)
from theorycheck.exact.session import (
    Rule as Rule,
)
