"""Domains for the continuity of Psi in Lemma 39: two families of matrices that tend to I, and pairs of decomposed matrices."""

from fractions import Fraction
from functools import partial

from flint import fmpq

from theorycheck.domain import Domain, depth, drawn, hypothesis
from theorycheck.exact import cited
from theorycheck.tree import Eq, Le, Lt, inner, mat, num, singular, sym, vec

L, epsilon = sym("L"), sym("epsilon")
SIGN = sym("d_1"), sym("d_2")
rows = vec("e_1", 2), vec("e_2", 2)
v = vec("v_1", 2), vec("v_2", 2)
turned = Fraction(4, 5) * v[0] + Fraction(3, 5) * v[1], Fraction(4, 5) * v[1] - Fraction(3, 5) * v[0]

# I + epsilon (v_1 v_1^T - v_2 v_2^T) has the decreasing singular values 1 + epsilon, 1 - epsilon and the right vectors d_i v_i
GROWING, SHRINKING = (1 + epsilon) ** (2 / L), (1 - epsilon) ** (2 / L)


def factor(first, second):
    """S^(1/L) V^T with the given right vectors."""
    return (1 + epsilon) ** (1 / L) * rows[0] @ first.T + (1 - epsilon) ** (1 / L) * rows[1] @ second.T


FACTOR, TURNED = factor(SIGN[0] * v[0], SIGN[1] * v[1]), factor(*turned)


def unit(which, *_):
    return tuple((fmpq(int(k == which)),) for k in range(2))


def orthonormal(pair, name):
    return [
        hypothesis(f"{name}_{a + 1} and {name}_{b + 1}", Eq(inner(pair[a], pair[b]), int(a == b)), 1037)
        for a, b in ((0, 0), (0, 1), (1, 1))
    ]


CONDITIONS = [*orthonormal(rows, "e"), *orthonormal(v, "v")]
ORTHONORMAL = [f.name for f in CONDITIONS]


def small(source, env):
    return fmpq(1, 1 + source.integer(1, 9))


two_paths = Domain(
    "I + epsilon D for D = v_1 v_1^T - v_2 v_2^T and for D turned by (4/5, 3/5), any signs in the first decomposition",
    (
        depth(least=2),
        drawn("epsilon", small, hypothesis("epsilon > 0", Lt(0, epsilon)), hypothesis("epsilon < 1", Lt(epsilon, 1))),
        *(
            drawn(f"d_{k}", lambda s, env: 1 - 2 * s.integer(0, 1), hypothesis(f"d_{k} is a sign", Eq(sym(f"d_{k}") ** 2, 1)))
            for k in (1, 2)
        ),
        *(drawn(f"{name}_{k + 1}", partial(unit, k)) for name in ("e", "v") for k in (0, 1)),
    ),
    tuple(CONDITIONS),
)


# --- two matrices c U S V^T and d X T Y^T ---------------------------------------------------------------------------------
a, b, r, t, c, d = map(sym, ("a", "b", "r", "t", "c", "d"))
U, V, X, Y = mat("U", a, r), mat("V", b, r), mat("X", a, t), mat("Y", b, t)
S, T = mat("S", r, r), mat("T", t, t)
pairs = Domain("two matrices c U S V^T and d X T Y^T, depth L >= 2", cited.two_decompositions(depth(least=2)))


def close(left, other_left, power, root, top):
    """The distance of the two factors left S^(1/L) V^T to the power * L, bounded by that of their powers by power * L."""
    m = power * L
    here = c ** (root / L) * left @ S ** (root / L) @ V.T - d ** (root / L) * other_left @ T ** (root / L) @ Y.T
    there = c**power * left @ S**power @ V.T - d**power * other_left @ T**power @ Y.T
    return Le(singular(here, 1) ** m, num(2) ** (m - top) * singular(there, 1))


def opposite(source, env):
    """The equality case of the first bound: the second matrix is minus the first, which is not zero; at two scales, for the
    exponents. Of the second, which is never near equality: one matrix that is zero, the other one very large or very small."""
    minus = tuple(tuple(-x for x in row) for row in env["U"])
    kind, near = source.integer(0, 4), env["c"] or fmpq(1)
    size = near * fmpq(1, 4) ** (source.integer(0, 1) * env["L"])
    far = near * fmpq(4) ** ((40, -40)[kind % 2] * env["L"])
    sizes = {1: (far, fmpq(0)), 2: (far, fmpq(0)), 3: (fmpq(0), far), 4: (fmpq(0), far)}.get(kind, (size, size))
    return {**env, "c": sizes[0], "d": sizes[1], "t": env["r"], "X": minus, "Y": env["V"], "T": env["S"]}
