"""Singular values of a Gaussian matrix (Theorem 20, paper lines 585 to 587).

A = W_1 is m x n with independent N(0, sigma^2) entries, m = n_1, n = n_0. The theorem is known (Davidson & Szarek, Theorem
II.13: each side with probability 1 - e^{-t^2/2}), and the paper proves nothing here: it is supported by the citation and by
enclosed probabilities at small sizes. lambda_min and lambda_max stand for singular values, as A is not square. The minus
before sqrt(m) is the scan's, or a slip: the printed lower bound is never positive, so that it holds for every matrix and says
nothing; the reading sqrt(m) - sqrt(n) - t is the theorem, for m >= n.
"""

from flint import fmpq

from theorycheck.cli import run_module
from theorycheck.domain import Domain, drawn, hypothesis, matrix, real
from theorycheck.exact import rules as by, tail_rules as tails
from theorycheck.exact.cited_norms import GAUSSIAN_LARGEST
from theorycheck.statement import Statement
from theorycheck.tree import Ge, Le, exp, layers, mat, minimum, num, probability, scalars, singular, sqrt, sym

n, sigma, t = scalars("n"), sym("sigma"), sym("t")
W = layers("W", n)
m_, n_ = n[1], n[0]
CITATION = "cited theorem: Davidson & Szarek (2001), Theorem II.13; the paper gives no proof"

WHY = "a constant of the cited theorem; it is not tight at the small sizes where probabilities can be enclosed"
CONSTANTS = dict.fromkeys(
    (
        "the exponent's 2 in sigma^2",
        "the number 2 in 2*exp((-t^2)/2)",
        "the exponent's 2 in t^2",
        "the number 2 in (-t^2)/2",
    ),
    WHY,
)
COUNTED = {"the hypothesis m >= n": "else there is no singular value number n"}
NUMBER = {
    f"the number min(n[1], n[0]) of sigma[min(n[1], n[0])](A): {way}": "there is no singular value of that number"
    for way in ("plus1", "minus1")
}


def sizes(source, env):
    """Sizes of one matrix: vectors, and both orders."""
    return {0: source.integer(1, 3), 1: source.integer(1, 3)}


def long_and_thin(source, env):
    """A thousand neurons on one side, one on the other, and t = 5."""
    many = source.integer(0, 1)
    return {**env, "n": {0: 1000 if many else 1, 1: 1 if many else 1000}, "t": fmpq(5)}


def sizes_tall(source, env):
    low = source.integer(1, 3)
    return {0: low, 1: source.integer(low, 4)}


domain = Domain(
    "m x n matrices of independent N(0, sigma^2) entries, t >= 0",
    (
        drawn("n", sizes, positive=True, integer=True),
        real("sigma", above=0),
        real("t", at_least=0, line=585),
    ),
)
tall = Domain(
    "m x n matrices of independent N(0, sigma^2) entries with m >= n, t >= 0",
    (drawn("n", sizes_tall, positive=True, integer=True), *domain.variables[1:]),
    (hypothesis("m >= n", Ge(m_, n_)),),
)
statement = Statement("thm-20", "Singular values of Gaussian matrices", "B.4", domain)


def at_most(b):
    return probability(Le(singular(W[1], 1), b), W, sigma**2)


@statement.claim(
    "high", line=587, main=True, expects="supported", near=long_and_thin, short=CITATION, exempt=CONSTANTS, factor=2, half=2
)
def high(factor, half):
    """The largest singular value is at most sigma (sqrt(m) + sqrt(n) + t); half of the printed e^{-t^2/2} is enough"""
    goal = yield Ge(at_most(sigma * (sqrt(m_) + sqrt(n_) + t)), 1 - factor * exp(-(t**2) / half))
    yield goal, tails.tail(GAUSSIAN_LARGEST, l=num(1), t=t, v=sigma)


any_matrix = domain.extended("m x n matrices, sigma > 0, t >= 0", matrix("A", m_, n_))


@statement.claim("low-printed", line=587, expects="proved", domain=any_matrix, exempt=NUMBER)
def low_printed():
    """The lower bound as printed holds for every matrix: it is never positive"""
    goal = yield Le(sigma * (-sqrt(m_) - sqrt(n_) - t), singular(mat("A", m_, n_), minimum(m_, n_)))
    yield goal, by.sign()


@statement.claim(
    "low",
    line=587,
    expects="supported",
    reads="low-printed",
    domain=tall,
    short=CITATION,
    exempt=CONSTANTS | COUNTED,
    factor=2,
    half=2,
)
def low(factor, half):
    """The smallest singular value is at least sigma (sqrt(m) - sqrt(n) - t), for m >= n, with the sign of the theorem"""
    event = Ge(singular(W[1], n_), sigma * (sqrt(m_) - sqrt(n_) - t))
    yield Ge(probability(event, W, sigma**2), 1 - factor * exp(-(t**2) / half))


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
