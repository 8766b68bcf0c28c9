"""Escape directions of a k-homogeneous cost (paper lines 629 to 635) and of a deep linear network (C.1.1, lines 660 to 668).

An escape direction is a unit vector rho with grad H(rho) = s rho; s is its speed. Euler's relation gives H(rho) = s/k, gradient
flow from c rho stays on its ray (in closed form), and the minimizer of H on the sphere is the direction of least speed.
For H = Tr[G^T A] of depth L >= 2 and any widths: the directions of line 664 are escape directions of the printed speeds and no
direction is faster than -s_1/L^((L-2)/2). But for L >= 3 they are not all: several modes may move together. All of nonzero
speed are known (`modes`, `modes-ends`, `modes-escape`); they are balanced, and of the printed form as soon as one layer has
rank one. Line 666 ends in an unfinished sentence (scan).
"""

from proofs.saddle_to_saddle import escape_network, escape_network_form, escape_network_modes, escape_optimal, escape_rays
from proofs.saddle_to_saddle.escape_costs import H, a, domain, k, rho, s, z
from theorycheck.exact import homogeneous_rules as hom, rules as by
from theorycheck.statement import Statement
from theorycheck.tree import Eq, Gt, inner, num

statement = Statement("escape-directions", "Escape directions, their speeds, and those of a linear network", "C.1", domain)


@statement.claim("value", line=635, main=True, expects="proved", degree=1)
def value(degree):
    """H(rho) = s / k at every escape direction"""
    goal = yield Eq(H(rho), degree * s / k)
    euler = yield Eq(inner(H.grad(a * z), z), k * a ** (k - 1) * H(z)), hom.differentiated("homogeneous", a)
    at = yield Eq(inner(H.grad(rho), rho), k * H(rho)), by.cite(by.generic(euler, [Gt(a, 0)], a, z), a=num(1), z=rho)
    yield goal, by.linear((at, -1 / k), using=["rho is an escape direction", "rho is a unit vector"])


for part in (escape_rays, escape_optimal, escape_network, escape_network_form, escape_network_modes):
    part.enter(statement)


if __name__ == "__main__":
    from theorycheck.cli import run_module

    raise SystemExit(run_module(statement))
