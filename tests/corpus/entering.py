"""How the corpus is entered: a true claim and its nearest false neighbour, from one generator.

`pair` makes both claims: `name` and `name-near`. Each keyword is a pair (value of the first, value of the second); so is
`domain` where the two differ in a hypothesis. The derivation is the same, so the one written for the true claim is tried for
the false one too. `tempting` adds a further wrong derivation of a false claim. Which of the two is true is said in
`truth.toml` only.
"""

from functools import partial

from theorycheck.domain import Domain
from theorycheck.statement import Statement

NEAR = "-near"
TEMPTATIONS = {}  # id of a false claim: further derivations of it that look right


def theme(name, title, domain):
    """A collection of pairs: a statement like any other."""
    return Statement(name, title, "corpus", domain)


def pair(statement, name, *, domain=None, near=None, box=None, **values):
    """Enter the decorated generator twice, with the first and with the second value of each keyword."""

    def enter(body):
        title = (body.__doc__ or name).strip().splitlines()[0]
        for k, suffix in enumerate(("", NEAR)):
            chosen = {key: options[k] for key, options in values.items()}
            where = domain if domain is None or isinstance(domain, Domain) else domain[k]
            towards = near[k] if isinstance(near, tuple) else near
            statement.claim(name + suffix, line=1, title=title, domain=where, near=towards, box=box)(partial(body, **chosen))
        return body

    return enter


def tempting(claim_id):
    """A wrong derivation of a false claim; like the claim's own it yields the relation first."""

    def enter(body):
        TEMPTATIONS.setdefault(claim_id, []).append(body)
        return body

    return enter
