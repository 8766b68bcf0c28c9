"""Places that `mutate` leaves alone, with the reasons: ranges of indices, bounds that are not sharp, probabilities."""

from theorycheck.search.dropped import droppable
from theorycheck.search.mutants import sites

OUTSIDE = "sizes and indices outside of their ranges: nothing is claimed there, and most of it has no value"
SCALE = "a standard deviation or variance; for other numbers the parameters have no law, and their roots no value"
NO_VALUE = "a probability: derived; where an instance has a value at all, Markov's inequality is far from it"
SIZES = {"L >= 2", "w >= 1", "N >= 1", "n_0 >= 1", "n_L >= 1"}
SCALES = {"sigma > 0", "sigma_tilde > 0", "s > 0"}


def ranges(domain):
    """The hypotheses that say what indices, sizes and scales are."""
    names = [f.name for f in droppable(domain)]
    kinds = {name: SCALE for name in names if name in SCALES}
    kinds |= {name: OUTSIDE for name in names if "in range" in name or name in SIZES}
    return {f"the hypothesis {name}": reason for name, reason in kinds.items()}


def bounded_layers(*names):
    """Of layers with norms of at most b > 0: that b is not 0, and the ranges of these names, which the derivation needs."""
    needed = {f"the hypothesis {name}": OUTSIDE for name in names}
    return {**needed, "the hypothesis b > 0": "it follows from the norms, which b bounds, but for b = 0"}


def fewer(whole, low, high):
    """A sum over fewer layers, where a bound is shown for all of them."""
    part = "a bound for all layers, which holds for a part of them as well but is not shown for it"
    return {f"the lower bound {low} of {whole}: plus1": part, f"the upper bound {high} of {whole}: minus1": part}


def no_value(tree):
    """Every place of a claim about a probability."""
    return {s.label: NO_VALUE for s in sites(tree)}
