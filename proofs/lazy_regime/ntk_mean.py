"""The NTK at initialization has the mean eta I (paper, line 101), for hidden widths that may differ as well.

Theta = JA (JA)^T is entered as its definition says, with the gradients of <X, A> in the layers (`kernel`).
"""

from proofs.lazy_regime.gaussian_layers import VARIANCE_ONLY, L, W, mean, s
from proofs.lazy_regime.kernel import (
    INDEX,
    X,
    Y,
    any_kernel,
    every_width,
    given_layers,
    kernel,
    l,
    mean_of_kernel,
    rectangular_kernel,
)
from proofs.lazy_regime.random_networks import NORMALIZED, SCALED, sigma, w
from theorycheck.cli import run_module
from theorycheck.exact import rules as by
from theorycheck.statement import Statement
from theorycheck.tree import Eq, inner, num, total

statement = Statement("ntk-mean", "Mean of the neural tangent kernel", "3.1", rectangular_kernel, depends_on=("layer-moments",))


def same(source, env):
    """X = Y, where the form is positive."""
    return {**env, "Y": env["X"]}


@statement.claim("definition", line=101, domain=given_layers, expects="proved", near=same)
def definition():
    """Theta = JA (JA)^T as a form: the layer l contributes <U^T X V^T, U^T Y V^T>"""
    U, V = W.chain(L, l + 1), W.chain(l - 1, 1)
    goal = yield Eq(kernel(), total(l, 1, L, inner(U.T @ X @ V.T, U.T @ Y @ V.T)))
    yield goal, by.identity()


@statement.claim("mean", line=101, main=True, expects="proved", near=same, exempt={**SCALED, **INDEX}, two=2, one=1)
def mean_(two, one):
    """E[Theta] = eta I with eta = L sigma^(2 (L - 1)/L) w^((L - 1)/L)"""
    goal = yield Eq(mean(kernel(), NORMALIZED), L * sigma ** (two * (L - one) / L) * w ** ((L - one) / L) * inner(X, Y))
    line = yield from mean_of_kernel(NORMALIZED)
    widths = yield Eq(every_width(), w ** (L - 1)), by.uses("layer-moments.widths", m=num(0), h=L - 1)
    yield goal, by.linear(line, (widths, L * NORMALIZED ** (L - 1) * inner(X, Y)))


@statement.claim(
    "any-widths",
    line=101,
    domain=any_kernel,
    main=True,
    expects="proved",
    near=same,
    exempt={**INDEX, **VARIANCE_ONLY},
    factor=1,
)
def any_widths(factor):
    """With the hidden widths n_1 .. n_(L-1) and variance s: L s^(L - 1) n_1 .. n_(L-1)"""
    goal = yield Eq(mean(kernel(), s), factor * L * s ** (L - 1) * every_width() * inner(X, Y))
    line = yield from mean_of_kernel(s)
    yield goal, by.linear(line)


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
