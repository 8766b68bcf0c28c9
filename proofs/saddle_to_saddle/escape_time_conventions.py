"""The paper's formulas for escape times and its conventions for the cost and the start, as data; `escape_times.py` judges them.

Costs: the factor c of the squared error is 1 (line 999), 1/N (line 68), or 1/2 (common). Starts: every entry of rho is +-1
(line 1001) or rho lies on the unit sphere (lines 134, 629): a weight starts at h alpha with h = 1 or h = L^(-1/2).
"""

from fractions import Fraction
from itertools import product

from theorycheck.derivation import context_of
from theorycheck.domain import derived, hypothesis, size
from theorycheck.evaluate import evaluate
from theorycheck.exact import leading_rules as leading, rules as by
from theorycheck.exact.form import show
from theorycheck.exact.session import Session
from theorycheck.models.mode_checks import attach_limit_checks
from theorycheck.models.mode_times import (
    POSITIVE,
    L,
    T,
    X,
    Y,
    a,
    alpha,
    c,
    constant,
    deep_limit,
    h,
    scalar_modes,
    shallow_constant,
    shallow_limit,
    with_time,
)
from theorycheck.tree import Converges, Eq, Ge, Gt, Le, Lt, log, num, sym
from theorycheck.verdict import Erratum

TWO, N, half = num(2), sym("N"), (L - 2) / 2
COSTS = {"1": num(1), "1/2": num(Fraction(1, 2)), "1/N": 1 / N}
STARTS = {"signs": lambda depth: num(1), "sphere": lambda depth: depth ** Fraction(-1, 2)}
WORDS = {"signs": "of entries +-1", "sphere": "on the unit sphere"}
GAUGE = {TWO: -log(alpha), L: alpha ** (-(L - 2)) / (L - 2)}
TRUE = {TWO: 1 / (2 * c * a), L: h ** (-(L - 2)) / (2 * c * a)}  # what `shallow` and `deep` prove to stand before the gauge
FORMULAS = {  # depth, what the paper prints before the gauge, line
    "shallow": (TWO, 1 / (X * Y), 1003),
    "deep-main-text": (L, 1 / (X * Y), 152),
    "deep-appendix": (L, L**half / (X * Y), 1007),
}
USING = ("the cost factor", "the start of a weight", "Y is a/X")
PARTS = {  # cells in which the sign of the difference varies with L and N: a part of the domain suffices to refute
    ("deep-appendix", "1/N", "signs"): (hypothesis("N is 3", Eq(N, 3)),),
    ("deep-main-text", "1", "sphere"): (hypothesis("L >= 5", Ge(L, 5)),),
}


def convention(cell):
    """The modes with X Y > 0 under the conventions of a cell (formula, cost, start)."""
    formula, cost, start = cell
    depth = FORMULAS[formula][0]
    factor, entry, part = COSTS[cost], STARTS[start](depth), PARTS.get(cell, ())
    words = f"modes of depth {'2' if depth == TWO else 'L >= 3'} with X Y > 0, cost factor {cost}, rho {WORDS[start]}"
    modes = scalar_modes(
        ", ".join([words, *(f.name for f in part)]),
        depth,
        (*POSITIVE, *((size("N", least=3, most=6),) if cost == "1/N" else ()), *part),
        derived("c", valued(factor), hypothesis("c > 0", Gt(c, 0)), hypothesis("the cost factor", Eq(c, factor), 999)),
        derived("h", valued(entry), hypothesis("h > 0", Gt(h, 0)), hypothesis("the start of a weight", Eq(h, entry), 1001)),
        deepest=6 if any(f.name == "L >= 5" for f in part) else 4,
    )
    return with_time(modes, depth)


def valued(tree):
    return lambda env: evaluate(tree, env)


def ratio(formula, domain):
    """The true leading constant over the printed one, as a normal form."""
    depth, printed, _ = FORMULAS[formula]
    session = Session(domain.hypotheses, context_of(domain))
    return session.read(TRUE[depth] / printed, [session.hypothesis(name) for name in USING])


def limit_of(formula, factor=1):
    """The claim `time - factor * printed -> c'`, and the limit that is known."""
    depth, printed, _ = FORMULAS[formula]
    value = shallow_constant() if depth == TWO else constant()
    goal = yield Converges(T(alpha) - factor * printed * GAUGE[depth], alpha, 0, value)
    if depth == TWO:
        return goal, (yield shallow_limit(), by.uses("escape-times.shallow"))
    return goal, (yield deep_limit(), by.uses("escape-times.deep"))


def concluded(goal, line, domain, *using, apart=None):
    """The goal from a limit that is known, or its negation where that is what follows (a wrong constant)."""
    found = leading.settled(goal, line, Session(domain.hypotheses, context_of(domain)), *using, apart=apart)
    yield found, leading.moved(line, *using) if found is goal else leading.diverges(line, *using, apart=apart)


def decided(cell, domain):
    """Proved where the constants agree; otherwise time - printed tends to infinity, because the difference is not 0."""
    formula, cost, start = cell
    goal, line = yield from limit_of(formula)
    names = [*USING, *(f.name for f in PARTS.get(cell, ()) if f.shows.head == "eq")]
    apart = None
    if formula == "deep-appendix" and start == "signs":  # the difference is a multiple of 1/(2c) - L^((L-2)/2)
        apart = yield from beyond(num({"1": Fraction(1, 2), "1/2": Fraction(1), "1/N": Fraction(3, 2)}[cost]))
    if formula == "deep-main-text" and start == "sphere":  # of L^((L-2)/2)/(2c) - 1
        apart = yield from beyond(num({"1": 2, "1/2": 1, "1/N": 1}[cost]))
        if cost == "1/N":
            apart = yield Lt(1, N / 2 * L**half), by.linear((apart, N / 2))
    yield from concluded(goal, line, domain, *names, apart=apart)


def beyond(bound):
    """bound < L^((L-2)/2), from bound^2 < L and L^(1/2) <= L^((L-2)/2)."""
    square = yield Lt(bound**2, L), by.sign()
    root = yield Lt(bound, L ** Fraction(1, 2)), by.raised(square, Fraction(1, 2))
    more = yield Le(L ** Fraction(1, 2), L**half), by.sign()
    return (yield Lt(bound, L**half), by.linear(root, more))


# What the paper says under its own conventions: the main text's are those of lines 68 and 134, the appendix's of 999 and 1001.
PRINTED = {
    ("shallow", "1/N", "sphere"): ("main-text-shallow", 152),
    ("deep-main-text", "1/N", "sphere"): ("main-text-deep", 152),
    ("shallow", "1", "signs"): ("appendix-shallow", 1003),
    ("deep-appendix", "1", "signs"): ("appendix-deep", 1007),
}
LATEX = {
    "main-text-shallow": r"t_\alpha^k = c_k - \frac{\log(\alpha)}{X_{kk} Y_{kk}}",
    "main-text-deep": r"t_\alpha^k = c_k + \frac{\alpha^{-(L-2)}}{(L-2) X_{kk} Y_{kk}}",
    "appendix-shallow": r"t^1_\alpha \approx c' + \frac{-\log \alpha}{X_{ii} Y_{ii}}",
    "appendix-deep": r"t^1_\alpha \approx c' + \frac{L^{\frac{L-2}{2}}}{L-2} \frac{\alpha^{-(L-2)}}{X_{ii} Y_{ii}}",
}
READ_OF = {"shallow": "main-text-shallow", "deep-main-text": "main-text-deep", "deep-appendix": "appendix-deep"}
RIGHT = {"shallow": "", "deep-main-text": " and weights that start at alpha", "deep-appendix": " and rho on the unit sphere"}
COLUMN = {"1": "c1", "1/2": "chalf", "1/N": "cmean"}
CORRECT = (N, N * L**half, num(1), L ** (-half))  # twice the factors that mend the formulas of PRINTED, in this order


def enter(statement):
    """Add one claim per cell, and the corrected forms; returns, per cell, the true leading constant over the printed one."""
    cells = {cell: convention(cell) for cell in product(FORMULAS, COSTS, STARTS)}
    for cell, domain in cells.items():
        judged(statement, cell, domain)
    for cell, factor in zip(PRINTED, CORRECT, strict=True):
        corrected(statement, cell, cells[cell], factor)
    return {cell: show(ratio(cell[0], domain)) for cell, domain in cells.items()}


def judged(statement, cell, domain):
    """A formula under a convention: expected to be right where the two leading constants have one normal form."""
    formula, cost, start = cell
    quotient = ratio(formula, domain)
    right, printed = quotient.constant() == 1, cell in PRINTED
    name, line = PRINTED.get(cell, (f"{formula}-{COLUMN[cost]}-{start}", FORMULAS[formula][2]))
    words = f"cost factor {cost}, rho {WORDS[start]}: the true leading constant is {show(quotient)} times the printed one"
    claim = statement.claim(
        name,
        line=line,
        title=words,
        where="proof" if line > 1000 else "statement",
        printed=LATEX.get(name),
        expects="proved" if right else "refuted",
        erratum=None if right else Erratum("constant", words, f"right for the cost factor 1/2{RIGHT[formula]}"),
        reads=None if printed else READ_OF[formula],
        domain=domain,
    )(lambda: decided(cell, domain))
    attach_limit_checks(claim, level="quick" if printed else "full")


def corrected(statement, cell, domain, factor):
    """The printed formula with the factor that makes it right under its own conventions."""

    def body(rate):
        goal, known = yield from limit_of(cell[0], factor / rate)
        yield from concluded(goal, known, domain, *USING)

    name, line = PRINTED[cell]
    words = f"cost factor {cell[1]}, rho {WORDS[cell[2]]}: the constant that is right there"
    options = {"line": line, "title": words, "expects": "proved", "corrects": name, "domain": domain, "rate": 2}
    attach_limit_checks(statement.claim(f"{name}-corrected", **options)(body))
