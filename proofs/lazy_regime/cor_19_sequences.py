"""Sums over one pairing for each layer, with the weight N^0, N or N^2 (for Corollary 19, line 573).

N is how often 12|34 occurs in a sequence of pairings. What depends on the first pairing and on the last one, as the products of
scalar products of inputs and of outputs do, is given by its three values.
"""

from functools import reduce
from operator import add

from proofs.lazy_regime.cor_19_bounds import a, products
from proofs.lazy_regime.correlated_networks import PAIRINGS, delta
from proofs.lazy_regime.gaussian_layers import DEPTH, VARIANCE, L, n
from proofs.lazy_regime.random_networks import drawn_matrix
from theorycheck.domain import Domain, index, widths
from theorycheck.exact import rules as by, sequences
from theorycheck.tree import Eq, num, over_sequences, product, scalars, sym, total

p, l = scalars("p"), sym("l")


def first_layers(about):
    inputs = (drawn_matrix(x) for x in a.values())
    return Domain(
        f"the first h hidden layers of a network of any widths, independent N(0, s) entries, any four vectors: {about}",
        (DEPTH, widths("n", most=2), VARIANCE, index("h", 1, L - 1), *inputs),
    )


# --- sums over sequences -----------------------------------------------------------------------------------------------------
def count(to):
    """How often 12|34 occurs."""
    return total(l, 1, to, delta(p[l], num(1)))


def steps(to):
    return product(l, 1, to - 1, n[l] ** (1 + delta(p[l], p[l + 1])))


def valued(place, values):
    """The value for the pairing at a place, of three."""
    return reduce(add, (delta(place, num(q)) * values[q - 1] for q in PAIRINGS))


def weighted(power, number, rest):
    """number^power rest, without what is 1."""
    return rest if power == 0 else number * rest if power == 1 else number**power * rest


def summed(power, to, ends):
    """The sum over the pairings of the layers 1 .. to, with the weight N^power and `ends` of the first and the last one."""
    return over_sequences(p, to, 3, weighted(power, count(to), steps(to)) * ends(p[1], p[to]))


def inputs_and(end):
    """The products of the inputs for the first pairing, and `end` of the last one."""
    return lambda first, last: valued(first, products(a)) * end(last)


def towards(q, at):
    """What the pairing q in the layer at + 1 leaves of the indices of the layer `at`."""
    return inputs_and(lambda last: n[at] ** (1 + delta(last, num(q))))


def ended(power, ends, at, to):
    """A sum over the pairings of the layers 1 .. to as one over those of the layers 1 .. at = to - 1 (none for at = 0)."""

    def parts(last):
        """The count and the powers of w, and the rest of a term."""
        before = (count(at), steps(at) * n[at] ** (1 + delta(p[at], last))) if at else (num(0), num(1))
        return before[0] + delta(last, num(1)), before[1], ends(p[1] if at else last, last)

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
