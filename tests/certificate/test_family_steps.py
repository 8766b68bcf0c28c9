"""The checker's rule for cited facts about families of numbers."""

from __future__ import annotations

import pytest

from tests.certificate.granted import checker, fact, handed, tree
from theorycheck.certificate.checker.core import Fact, Refused
from theorycheck.domain import hypothesis, real, size
from theorycheck.tree import Ge, Le, Lt, product, scalars, sym, total

a, b, i, j, m, L = (sym(name) for name in ("a", "b", "i", "j", "m", "L"))
x, y = scalars("x"), scalars("y")
NEEDS = hypothesis("x >= 0", Ge(x[j], 0), given=(Ge(j, 1), Le(j, m)), variables=("j",))
INEQUALITY = Le(product(j, 1, m, x[j] ** (1 / m)), 1 / m * total(j, 1, m, x[j]))
MEANS = hypothesis("means", INEQUALITY, given=(Ge(m, 1),), variables=("x", "m"), needs=(NEEDS,))
SQUARE = y[i] ** 2


def citing(goal, term=SQUARE, index=i, binding=None, family="x", more=(), cited=MEANS, **changes):
    ck = checker(size("L"), real("a"), real("b", at_least=0), *more)
    own = fact(cited)
    own = Fact(own.name, own.shows, own.given, own.variables, "cited", own.needs, integers=frozenset({"m"}), **changes)
    ck.facts[own.name] = own
    args = {"family": family, "index": index, "term": term, "binding": {"m": L} if binding is None else binding}
    return ck, goal, "extremum_rules.cite_terms", {"fact": own, **args}


def means(term, n=L):
    return Le(product(i, 1, n, term ** (1 / n)), 1 / n * total(i, 1, n, term))


def accept(ck, goal, rule, args):

    own = args.pop("fact")
    ck.show(tree(goal), rule, {"fact": own, **handed(args)})


def test_the_means_of_terms():
    accept(*citing(means(y[i] ** 2)))
    accept(*citing(means(b + i - 1), b + i - 1))
    accept(*citing(means(y[i + 1] ** 2), y[i + 1] ** 2))
    accept(*citing(means(y[i] ** 2, L + 1), binding={"m": L + 1}))


@pytest.mark.parametrize(
    "wrong",
    [
        {"goal": means(y[i]), "term": y[i]},  # may be negative
        {"goal": means(a + y[i] ** 2), "term": a + y[i] ** 2},
        {"goal": means(b + i - 2), "term": b + i - 2},  # at i = 1
        {"goal": Ge(product(i, 1, L, y[i] ** (2 / L)), 1 / L * total(i, 1, L, y[i] ** 2))},
        {"goal": Lt(product(i, 1, L, y[i] ** (2 / L)), 1 / L * total(i, 1, L, y[i] ** 2))},
        {"goal": Le(product(i, 1, L, y[i] ** (2 / L)), total(i, 1, L, y[i] ** 2) / (L + 1))},
        {"goal": Le(product(i, 1, L, y[i] ** 2), 1 / L * total(i, 1, L, y[i] ** 2))},
        {"binding": {"m": L - 1}, "goal": means(y[i] ** 2, L - 1)},  # may be 0
        {"binding": {"m": b}, "goal": means(y[i] ** 2, b)},  # no integer
        {"binding": {"m": L, "c": a}},
        {"family": "y"},
        {"term": y[i] ** 2 * x[1] ** 2 * j**2},  # j is bound in the fact
        {"more": (hypothesis("j", Ge(j, 1)),)},
        {"positive": frozenset({"x"})},
        {"goal": means(y[i] ** 2, L), "index": j},
    ],
)
def test_other_terms_are_refused(wrong):
    ck, goal, rule, args = citing(**{"goal": means(y[i] ** 2), **wrong})
    with pytest.raises(Refused):
        accept(ck, goal, rule, args)
