"""The length of the path as an integral over the time (Proposition 11, paper line 384, as line 516 uses it)."""

from proofs.lazy_regime.pl_paths import C, V, equality_case, in_both_cases, moving_inside, r, resting, t, x
from theorycheck.exact import path_rules as paths, rules as by
from theorycheck.tree import Eq, Le, integral, norm, sym

s = sym("s")


def travelled(one):
    """The integral of the speed |grad C(x(s))| from 0 to t is at most r - sqrt(2/beta (C(x(t)) - C_min))"""
    way = integral(s, 0, t, norm(C.grad(x(s))))
    goal = yield Le(way, one * r - V)
    slope, above = yield from moving_inside()
    moves = yield Le(way, r - V), paths.travelled(slope, V, above)
    still = yield from resting()
    none = yield Eq(way, 0), paths.at_rest(still)
    same = yield Eq(V, r), by.identity(still)
    rests = yield moves.shows, by.linear(none, same)
    line = yield from in_both_cases(moves.shows, moves, rests)
    yield goal, by.linear(line)


def enter(statement):
    """Add the claim."""
    statement.claim("travelled", line=384, where="proof", expects="proved", near=equality_case, one=1)(travelled)
