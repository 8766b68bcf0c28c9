"""The matrix completion cost C(A) = sum_i (A_{k_i m_i} - A*_{k_i m_i})^2 / N is 2/N-PL (paper line 69).

With e_k and f_m the standard basis vectors, r_i = e_{k_i}^T (A - A*) f_{m_i} are the residuals, and

    |grad C|^2 = 4/N^2 sum_ij r_i r_j d_ij,   d_ij = (e_{k_i}.e_{k_j}) (f_{m_i}.f_{m_j}),   d_ij r_i r_j = d_ij r_i^2 >= 0,

so that the double sum is at least its diagonal, N C(A). Entries may be observed repeatedly: with least multiplicity c the
constant is 2 c/N. The cost is flat in the direction of an entry that is not observed; when all are observed it is strongly
convex, against the printed sentence. The paper refers to an appendix, which has no proof of this. The minus sign was lost
by the scan.
"""

from fractions import Fraction

from flint import fmpq

from theorycheck.cli import run_module
from theorycheck.domain import (
    Domain,
    derived,
    drawn,
    family,
    hypothesis,
    index,
    matrix,
    rational,
    real,
    size,
)
from theorycheck.evaluate.values import add, identity, matmul, scale
from theorycheck.exact import matrix_rules as matrices, rules as by
from theorycheck.flow import MatrixCompletion
from theorycheck.models.matrix_flow import decay
from theorycheck.statement import Statement
from theorycheck.tree import (
    Eq,
    Ge,
    Gt,
    Le,
    Lt,
    gradient_of,
    inner,
    mat,
    norm,
    scalars,
    sym,
    total,
    vectors,
)
from theorycheck.verdict import Erratum

HALF = Fraction(1, 2)
n_0, n_L, N, C_min, beta = sym("n_0"), sym("n_L"), sym("N"), sym("C_min"), sym("beta")
i, j, a, b = sym("i"), sym("j"), sym("a"), sym("b")
k, m = scalars("k"), scalars("m")
e, f = vectors("e", n_L), vectors("f", n_0)
RANGE = (Ge(i, 1), Le(i, N))
A, B, A_true, A_min = (mat(name, n_L, n_0) for name in ("A", "B", "A_true", "A_min"))


def entry(M, x, y):
    return inner(e[x], M @ f[y])


def C(M):
    """The cost."""
    return total(i, 1, N, entry(M - A_true, k[i], m[i]) ** 2) / N


gradient = gradient_of(C(A), A)


def r(x):
    """The residual of observation x."""
    return entry(A - A_true, k[x], m[x])


def same_row(x, y):
    return inner(e[k[x]], e[k[y]])


def same_column(x, y):
    return inner(f[m[x]], f[m[y]])


def basis(size_name):
    def member(source, env, x):
        return tuple((row[x - 1],) for row in identity(env[size_name]))

    return lambda name: family(name, lambda env: range(1, env[size_name] + 1), member)


def standard(name, x):
    """The standard basis: unit vectors, two of them equal or orthogonal."""
    p, q = x[a], x[b]
    test = lambda env: orthonormal(env[name])  # noqa: E731
    apart = Eq(inner(p, q) * p, inner(p, q) * q)
    return (
        hypothesis(f"{name}: unit vectors", Eq(inner(p, p), 1), variables=("a",), test=test),
        hypothesis(f"{name}: equal or orthogonal", apart, variables=("a", "b"), test=test),
    )


def orthonormal(vectors_):
    def dot(x, y):
        return sum((s[0] * t[0] for s, t in zip(x, y, strict=True)), fmpq(0))

    return all(dot(x, y) == int(p == q) for p, x in vectors_.items() for q, y in vectors_.items())


def minimizer(source, env):
    """A* with other values at the entries that are not observed."""
    observed = set(zip(env["k"].values(), env["m"].values(), strict=True))
    rows = range(1, env["n_L"] + 1)
    return tuple(
        tuple(v if (x, y) in observed else rational(source) for y, v in enumerate(row, 1))
        for x, row in zip(rows, env["A_true"], strict=True)
    )


domain = Domain(
    "any N observed entries of a matrix, repeated ones included",
    (
        size("n_0"),
        size("n_L"),
        size("N", most=4),
        family("k", lambda env: range(1, env["N"] + 1), lambda source, env, _: source.integer(1, env["n_L"])),
        family("m", lambda env: range(1, env["N"] + 1), lambda source, env, _: source.integer(1, env["n_0"])),
        basis("n_L")("e"),
        basis("n_0")("f"),
        index("i", 1, N),
        index("j", 1, N),
        matrix("A_true", n_L, n_0),
        matrix("A", n_L, n_0),
        matrix("B", n_L, n_0),
        drawn("A_min", minimizer),
        derived("C_min", lambda env: fmpq(0)),
    ),
    (
        *standard("e", e),
        *standard("f", f),
        hypothesis("C_min is attained", Eq(C_min, C(A_min)), 59),
        hypothesis("C_min is the minimum", Ge(C(B), C_min), 59, variables=("B",), test=lambda env: env["C_min"] == 0),
    ),
)

statement = Statement("mc-pl", "The matrix completion cost is a PL cost", "2.1", domain, depends_on=("def-1",))


def one_entry_wrong(source, env):
    """The equality case: A errs at a least observed entry alone."""
    entries = list(zip(env["k"].values(), env["m"].values(), strict=True))
    x, y = min(entries, key=entries.count)
    shift = tuple(tuple(fmpq(int((p, q) == (x, y))) for q in range(1, env["n_0"] + 1)) for p in range(1, env["n_L"] + 1))
    return {**env, "A": add(env["A_true"], shift), "B": env["A_true"]}


def overlap():
    """d_ij r_i r_j = d_ij r_i^2, as observations of one entry err alike; and d_ij^2 = d_ij, row and column apart."""
    p, q = same_row(i, j), same_column(i, j)
    D = A - A_true
    rows = yield Eq(p * e[k[i]], p * e[k[j]]), by.given("e: equal or orthogonal", a=k[i], b=k[j])
    cols = yield Eq(q * f[m[i]], q * f[m[j]]), by.given("f: equal or orthogonal", a=m[i], b=m[j])
    left = yield Eq(p * entry(D, k[i], m[i]), p * entry(D, k[j], m[i])), matrices.multiplied(rows, right=(D @ f[m[i]]).T)
    right = yield Eq(q * entry(D, k[j], m[i]), q * r(j)), matrices.multiplied(cols, left=e[k[j]].T @ D)
    same = yield Eq(p * q * r(i) * r(j), p * q * r(i) ** 2), by.linear((left, -q * r(i)), (right, -p * r(i)))
    p_twice = yield Eq(p**2, p * inner(e[k[j]], e[k[j]])), matrices.multiplied(rows, left=e[k[j]].T)
    p_once = yield Eq(p**2, p), by.linear(p_twice, using=["e: unit vectors"])
    q_twice = yield Eq(q**2, q * inner(f[m[j]], f[m[j]])), matrices.multiplied(cols, left=f[m[j]].T)
    q_once = yield Eq(q**2, q), by.linear(q_twice, using=["f: unit vectors"])
    return same, p_once, q_once


def least_value():
    """C_min >= 0."""
    wrong = entry(A_min - A_true, k[i], m[i])
    one = yield Ge(wrong**2, 0), by.linear(squares=[(1, wrong)])
    every = yield Ge(total(i, 1, N, wrong**2), 0), by.termwise(one, i)
    low = yield Ge(C_min, 0), by.linear((every, 1 / N), using=["C_min is attained"])
    return low


def slack():
    """Lines that keep a weaker claim proved: C >= C_min and |grad C|^2 >= 0."""
    above = yield Ge(C(A), C_min), by.given("C_min is the minimum", B=A)
    square = yield Ge(norm(gradient) ** 2, 0), by.linear(squares=[(1, gradient)])
    return [above, square]


@statement.claim("pl", line=69, main=True, expects="proved", near=one_entry_wrong, half=HALF, factor=2)
def pl(half, factor):
    """The PL inequality with constant 2 / N"""
    goal = yield Ge(half * norm(gradient) ** 2, factor / N * (C(A) - C_min))
    p, q = same_row(i, j), same_column(i, j)
    same, p_once, q_once = yield from overlap()
    meet = yield (
        Ge(p * q * r(i) * r(j), 0),
        by.linear((same, -1), (p_once, q * r(i) ** 2), (q_once, p**2 * r(i) ** 2), squares=[(1, p * q * r(i))]),
    )
    diagonal = total(i, 1, N, same_row(i, i) * same_column(i, i) * r(i) ** 2)
    double = yield Ge(N**2 / 4 * norm(gradient) ** 2, diagonal), by.diagonal(meet, i, j)
    single = yield Eq(diagonal, N * C(A)), by.identity("e: unit vectors", "f: unit vectors")
    low = yield from least_value()
    tight = yield (
        Ge(norm(gradient) ** 2 / 2, 2 / N * (C(A) - C_min)),
        by.linear((double, 2 / N**2), (single, -2 / N**2), (low, 2 / N)),
    )
    rest = yield from slack()
    yield goal, by.linear(tight, slack=rest)


@pl.leg("flow")
def matrix_flow(check):
    """The flow of C itself decays at least like e^(-2 beta t), and at exactly that rate for one wrong entry seen once."""
    return decay(check, engine_cost)


def engine_cost(env):
    seen = range(1, env["N"] + 1)
    rows, cols = (tuple(env[name][x] - 1 for x in seen) for name in ("k", "m"))
    true = [env["A_true"][x][y] for x, y in zip(rows, cols, strict=True)]
    values = tuple(int(v.numer()) / int(v.denom()) for v in true)
    return MatrixCompletion(rows, cols, values, (env["n_L"], env["n_0"]))


# --- the best constant ----------------------------------------------------------------------------------------------------
def count(x, y):
    """The multiplicity of the entry of observation x."""
    return total(y, 1, N, same_row(x, y) * same_column(x, y))


def least_multiplicity(env):
    entries = list(zip(env["k"].values(), env["m"].values(), strict=True))
    return min(entries.count(entry) for entry in entries)


c = sym("c")
repeated = domain.extended(
    "any N observed entries, each at least c times",
    derived("c", lambda env: fmpq(least_multiplicity(env))),
    hypothesis("c > 0", Gt(c, 0)),
    hypothesis(
        "each entry is observed at least c times",
        Ge(count(i, j), c),
        given=RANGE,
        variables=("i",),
        test=lambda env: env["c"] <= least_multiplicity(env),
    ),
)


@statement.claim("pl-repeated", line=69, expects="proved", domain=repeated, near=one_entry_wrong, half=HALF, factor=2)
def pl_repeated(half, factor):
    """With every entry seen at least c times the constant is 2 c / N, and no better one holds: the printed one is for c = 1"""
    goal = yield Ge(half * norm(gradient) ** 2, factor * c / N * (C(A) - C_min))
    same, _, _ = yield from overlap()
    within = yield (
        Eq(total(j, 1, N, same_row(i, j) * same_column(i, j) * r(i) * r(j)), count(i, j) * r(i) ** 2),
        by.termwise(same, j),
    )
    often = yield Ge(count(i, j), c), by.given("each entry is observed at least c times", i=i)
    square = yield Ge(r(i) ** 2, 0), by.linear(squares=[(1, r(i))])
    enough = yield Ge(count(i, j) * r(i) ** 2, c * r(i) ** 2), matrices.scaled(often, square)
    one = yield (
        Ge(total(j, 1, N, same_row(i, j) * same_column(i, j) * r(i) * r(j)), c * r(i) ** 2),
        by.linear((within, -1), enough),
    )
    every = yield Ge(N**2 / 4 * norm(gradient) ** 2, c * N * C(A)), by.termwise(one, i)
    low = yield from least_value()
    tight = yield Ge(norm(gradient) ** 2 / 2, 2 * c / N * (C(A) - C_min)), by.linear((every, 2 / N**2), (low, 2 * c / N))
    rest = yield from slack()
    yield goal, by.linear(tight, slack=rest)


# --- strong convexity -----------------------------------------------------------------------------------------------------
def above_tangent(M, constant):
    return C(A) + inner(M - A, gradient) + constant / 2 * norm(M - A) ** 2


def along(x, y):
    """A moved by one in the entry (x, y) alone."""
    return A + e[x] @ f[y].T


def least_observed(env):
    entries = list(zip(env["k"].values(), env["m"].values(), strict=True))
    every = [(x, y) for x in range(1, env["n_L"] + 1) for y in range(1, env["n_0"] + 1)]
    return min(every, key=entries.count)


a_0, b_0 = sym("a_0"), sym("b_0")
any_rate = domain.extended(
    "any N observed entries, (a_0, b_0) a least observed one of all entries, any rate beta > 0",
    derived("a_0", lambda env: least_observed(env)[0]),
    derived("b_0", lambda env: least_observed(env)[1]),
    real("beta", above=0),
)
unobserved = any_rate.extended(
    "some entry (a_0, b_0) is not observed, any rate beta > 0",
    hypothesis(
        "(a_0, b_0) is not observed",
        Eq(inner(e[a_0], e[k[i]]) * inner(f[b_0], f[m[i]]), 0),
        given=RANGE,
        variables=("i",),
        test=lambda env: (env["a_0"], env["b_0"]) not in zip(env["k"].values(), env["m"].values(), strict=True),
    ),
)


@statement.claim(
    "not-strongly-convex",
    line=69,
    expects="refuted",
    domain=any_rate,
    printed=r"C \text{ is not strongly convex}",
    erratum=Erratum(
        "hypothesis",
        "for no beta > 0 is C beta-strongly convex; the convexity fails, if at all, in the direction of a least observed entry",
        "false when every entry is observed, such as for 1 x 1 matrices: then C is 2/N-strongly convex (see strongly-convex)",
        stands=("mc-pl.pl",),
    ),
)
def not_strongly_convex():
    """The cost lies below a tangent parabola of every curvature beta > 0, whatever is observed"""
    moved = along(a_0, b_0)
    yield Lt(C(moved), above_tangent(moved, beta))


@statement.claim(
    "not-strongly-convex-unobserved", line=69, expects="proved", corrects="not-strongly-convex", domain=unobserved
)
def not_strongly_convex_unobserved():
    """Where some entry is not observed the cost is not strongly convex: it is flat in its direction"""
    moved = along(a_0, b_0)
    goal = yield Lt(C(moved), above_tangent(moved, beta))
    shift = e[a_0] @ f[b_0].T
    unseen = yield Eq(entry(shift, k[i], m[i]), 0), by.given("(a_0, b_0) is not observed", i=i)
    same = yield (
        Eq(entry(moved - A_true, k[i], m[i]) ** 2, r(i) ** 2),
        by.linear((unseen, 2 * r(i) + entry(shift, k[i], m[i]))),
    )
    flat = yield Eq(N * C(moved), N * C(A)), by.termwise(same, i)
    level = yield Eq(r(i) * entry(shift, k[i], m[i]), 0), by.linear((unseen, r(i)))
    slope = yield Eq(N / 2 * inner(shift, gradient), 0), by.termwise(level, i)
    yield goal, by.linear((flat, 1 / N), (slope, -2 / N), using=["e: unit vectors", "f: unit vectors"])


observed = domain.extended(
    "every entry is observed",
    hypothesis(
        "every entry is observed",
        Le(norm(B) ** 2, total(i, 1, N, entry(B, k[i], m[i]) ** 2)),
        variables=("B",),
        test=lambda env: len(set(zip(env["k"].values(), env["m"].values(), strict=True))) == env["n_L"] * env["n_0"],
    ),
)


def one_entry_off(source, env):
    """The equality case: A and B differ by 1/2 at a least observed entry."""
    e_x, f_y = env["e"][least_observed(env)[0]], env["f"][least_observed(env)[1]]
    return {**env, "B": add(env["A"], scale(fmpq(1, 2), matmul(e_x, tuple(zip(*f_y, strict=True)))))}


@statement.claim("strongly-convex", line=69, expects="proved", domain=observed, near=one_entry_off, factor=2)
def strongly_convex(factor):
    """Where every entry is observed the cost is 2/N-strongly convex"""
    goal = yield Ge(C(B), above_tangent(B, factor / N))
    every = yield (
        Le(norm(B - A) ** 2, total(i, 1, N, entry(B - A, k[i], m[i]) ** 2)),
        by.given("every entry is observed", B=B - A),
    )
    square = yield Ge(norm(B - A) ** 2, 0), by.linear(squares=[(1, B - A)])
    yield goal, by.linear((every, 1 / N), slack=[square])


if __name__ == "__main__":
    raise SystemExit(run_module(statement))
