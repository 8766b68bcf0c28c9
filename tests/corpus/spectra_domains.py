"""Matrices of the theme `spectra`: two factors, bounded operators, frames, sums of dyads."""

from fractions import Fraction

from flint import fmpq

from tests.corpus.drawing import frame, numbers
from theorycheck.domain import Domain, derived, drawn, hypothesis, index, layers_of, matrix, real, size, widths
from theorycheck.evaluate.values import inner as dot, matmul
from theorycheck.fact import Fact
from theorycheck.models.costs import column
from theorycheck.tree import (
    Eq,
    Family,
    Ge,
    Gt,
    Le,
    eye,
    inner,
    layers,
    mat,
    norm,
    num,
    scalars,
    schatten,
    singular,
    sym,
    total,
    vec,
)

a, b, h, i, j, k, p, q, z = (sym(name) for name in ("a", "b", "h", "i", "j", "k", "p", "q", "z"))
n, s = scalars("n"), scalars("s")
F = layers("F", n)
HALF = Fraction(1, 2)
A, B, D = (mat(name, a, b) for name in "ABD")
X, Z, x = mat("X", a, b), mat("Z", a, b), vec("x", b)
NARROW = Fact(
    "q is at most every size",
    Le(q, n[j]),
    given=(Ge(j, 0), Le(j, 2)),
    variables=("j",),
    test=lambda env: env["q"] <= min(env["n"].values()),
)

two_factors = Domain(
    "matrices F_1 (n_1 x n_0) and F_2 (n_2 x n_1), an index h from 1 to q, q <= every size",
    (
        drawn("m", lambda source, env: 2),
        widths("n", "m"),
        layers_of("F", "n", "m"),
        drawn("q", lambda source, env: source.integer(1, min(env["n"].values())), hypothesis("q >= 1", Ge(q, 1))),
        index("h", 1, q),
    ),
    (NARROW,),
)


def of_one_shape(top):
    """Matrices A, B, D of one shape, 0 < p <= top."""
    return Domain(
        f"matrices A, B, D of one shape, 0 < p <= {top}",
        (
            size("a"),
            size("b"),
            *(matrix(name, a, b) for name in "ABD"),
            drawn("p", lambda source, env: fmpq(source.integer(1, 4 * top), 4)),
        ),
        (hypothesis("p > 0", Gt(p, 0)), hypothesis(f"p <= {top}", Le(p, top))),
    )


def entries(env, name):
    """The sum of the absolute values of the entries: a bound of the spectral norm, attained by numbers."""
    return sum((abs(v) for row in env[name] for v in row), fmpq(0))


def bounds(name, constant):
    """|X x| <= constant |x| for all x."""
    matrix_of = mat(name, a, b)
    return hypothesis(
        f"{name} is bounded",
        Le(norm(matrix_of @ x), constant * norm(x)),
        variables=("x",),
        test=lambda env: entries(env, name) <= env[str(constant.args[0])],
    )


operators = Domain(
    "matrices X, Z with |X y| <= k |y| and |Z y| <= z |y|, a vector y",
    (
        size("a", most=2),
        size("b", most=2),
        matrix("X", a, b),
        matrix("Z", a, b),
        matrix("y", b, 1),
        derived("k", lambda env: entries(env, "X"), hypothesis("k >= 0", Ge(k, 0))),
        derived("z", lambda env: entries(env, "Z"), hypothesis("z >= 0", Ge(z, 0))),
    ),
    (bounds("X", k), bounds("Z", z)),
)
u_of, v_of = Family("u", lambda _: (a, num(1))), Family("v", lambda _: (b, num(1)))


def forms(env):
    """<u_j, B v_j> for every j."""
    return [dot(env["u"][k], matmul(env["B"], env["v"][k])) for k in env["s"]]


def columns(name, rows):
    """A family of columns, as many as there are numbers s."""
    return drawn(name, lambda source, env: {k: column(source, env[rows]) for k in env["s"]})


nuclear = Domain(
    "a matrix sum_i s_i u_i v_i^T with s_i > 0 and any vectors, a matrix B with <u_j, B v_j> <= z for every j",
    (
        size("a", most=2),
        size("b", most=2),
        size("q", most=3),
        index("h", 1, q),
        numbers("s", 1, lambda env: env["q"], positive=True),
        columns("u", "a"),
        columns("v", "b"),
        matrix("B", a, b),
        derived("z", lambda env: max(forms(env))),
    ),
    (
        hypothesis(
            "B is bounded on the pairs",
            Le(inner(u_of[j], B @ v_of[j]), z),
            given=(Ge(j, 1), Le(j, q)),
            variables=("j",),
            test=lambda env: max(forms(env)) <= env["z"],
        ),
    ),
)
in_order = Domain(
    "numbers a >= b and k >= z", tuple(map(real, "abkz")), (hypothesis("a >= b", Ge(a, b)), hypothesis("k >= z", Ge(k, z)))
)
Q = mat("Q", a, b)
frames = Domain(
    "a frame Q (a x b), a vector y",
    (
        size("b", most=2),
        drawn("a", lambda s, env: s.integer(env["b"], 3), hypothesis("a >= b", Ge(a, b))),
        frame("Q", "a", "b"),
        matrix("y", a, 1),
    ),
    (hypothesis("Q is a frame", Eq(Q.T @ Q, eye(b))),),
)
FULL = Fact(
    "all sizes are q",
    Eq(n[j], q),
    given=(Ge(j, 0), Le(j, 2)),
    variables=("j",),
    test=lambda env: set(env["n"].values()) == {env["q"]},
)
SCHATTEN = Fact(
    "definition of the Schatten norm of q x q matrices",
    Eq(schatten(X, p) ** p, total(i, 1, q, singular(X, i) ** p)),
    given=(Gt(p, 0), Eq(a, q), Eq(b, q)),
    variables=("X", "a", "b", "p"),
    test=lambda env: True,
)
square_factors = Domain(
    "q x q matrices F_1 and F_2, indices h, k from 1 to q",
    (
        drawn("m", lambda source, env: 2),
        size("q"),
        drawn("n", lambda source, env: {k: env["q"] for k in range(3)}, positive=True, integer=True),
        layers_of("F", "n", "m"),
        index("h", 1, q),
        index("k", 1, q),
    ),
    (NARROW, FULL, SCHATTEN),
)
