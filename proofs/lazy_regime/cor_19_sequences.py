"""Sums over one pairing for each layer, with the weight N^0, N or N^2 (for Corollary 19, line 573).

N is how often 12|34 occurs in a sequence of pairings; alpha and beta are the products of scalar products over a pairing.
"""

from proofs.lazy_regime.cor_19_bounds import a, b, products
from proofs.lazy_regime.correlated_networks import PAIRINGS, delta
from proofs.lazy_regime.gaussian_layers import VARIANCE, L
from proofs.lazy_regime.random_networks import EQUAL, WIDTHS, drawn_matrix, w
from theorycheck.domain import Domain, derived, hypothesis, index
from theorycheck.evaluate import evaluate
from theorycheck.exact import rules as by, sequences
from theorycheck.tree import Eq, num, over_sequences, product, scalars, sym, total

p, alpha, beta, l = scalars("p"), scalars("alpha"), scalars("beta"), sym("l")
FAMILIES = (("alpha", alpha, products(a)), ("beta", beta, products(b)))
DEFINED = {(name, q): f"{name} of the pairing {q}" for name, _, _ in FAMILIES for q in PAIRINGS}
ALPHA = [DEFINED["alpha", q] for q in PAIRINGS]


def values_of(products_):
    return lambda env: {q: evaluate(x, env) for q, x in enumerate(products_, 1)}


def family(name):
    """alpha or beta: its variable and what defines it."""
    [(symbol, found)] = [(symbol, found) for own, symbol, found in FAMILIES if own == name]
    defined = (hypothesis(DEFINED[name, q], Eq(symbol[q], x), 557) for q, x in enumerate(found, 1))
    return derived(name, values_of(found)), tuple(defined)


def first_layers(about):
    variable, defined = family("alpha")
    inputs = (drawn_matrix(x) for x in a.values())
    return Domain(
        f"the first h hidden layers, hidden widths w, N(0, s) entries, four vectors and their pairings alpha: {about}",
        (*WIDTHS, VARIANCE, index("h", 1, L - 1), *inputs, variable),
        (EQUAL, *defined),
    )


# --- sums over sequences -----------------------------------------------------------------------------------------------------
def count(to):
    """How often 12|34 occurs."""
    return total(l, 1, to, delta(p[l], num(1)))


def steps(to):
    return product(l, 1, to - 1, w ** (1 + delta(p[l], p[l + 1])))


def weighted(power, number, rest):
    """number^power rest, without what is 1."""
    return rest if power == 0 else number * rest if power == 1 else number**power * rest


def summed(power, to, end):
    """The sum over the pairings of the layers 1 .. to, with the weight N^power and `end` of the last pairing."""
    return over_sequences(p, to, 3, weighted(power, count(to), steps(to)) * alpha[p[1]] * end(p[to]))


def towards(q):
    """The power of w for the pairing q in the next layer."""
    return lambda last: w ** (1 + delta(last, num(q)))


def ended(power, end, at, to):
    """A sum over the pairings of the layers 1 .. to as one over those of the layers 1 .. at = to - 1 (none for at = 0)."""

    def parts(last):
        """The count and the powers of w, and the rest of a term."""
        before = (count(at), steps(at) * w ** (1 + delta(p[at], last))) if at else (num(0), num(1))
        return before[0] + delta(last, num(1)), before[1], (alpha[p[1]] if at else alpha[last]) * end(last)

    def term(last):
        known, before, rest = parts(last)
        return weighted(power, known, before) * rest

    known, before, rest = parts(p[to])
    more = yield Eq(count(to), known), by.last_one()
    step = yield Eq(steps(to), before), by.last_one() if at else by.identity()
    factor = (num(0), num(1), count(to) + known)[power]
    line = Eq(weighted(power, count(to), steps(to)) * rest, term(p[to]))
    line = yield line, by.linear((more, factor * steps(to) * rest), (step, weighted(power, known, rest)))
    same = yield Eq(*(over_sequences(p, to, 3, x) for x in line.shows.nodes)), sequences.alike(line)
    short = over_sequences(p, at, 3, term(num(1)) + term(num(2)) + term(num(3)))
    last = yield Eq(same.shows.nodes[1], short), sequences.last_place()
    return (yield Eq(same.shows.nodes[0], short), by.linear(same, last))
