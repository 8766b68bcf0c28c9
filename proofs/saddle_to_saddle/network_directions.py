"""Shared by `escape-directions` and `lemma-24`: H = Tr[G^T A] on a deep linear network (line 662), its rank-one directions.

Symbols, domains and how instances are drawn: G with a known rational SVD, unit vectors w_l; sqrt(L) makes the weights balls.
"""

from dataclasses import dataclass

from flint import fmpq

from theorycheck.costs import orthogonal
from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, index, rational, widths
from theorycheck.enclose.precision import working
from theorycheck.evaluate import judge
from theorycheck.evaluate import numbers as nb
from theorycheck.evaluate.values import add, matmul, scale
from theorycheck.exact import homogeneous_rules as hom
from theorycheck.exact import rules as by
from theorycheck.fact import Fact
from theorycheck.tree import Eq, Ge, Le, Psd, eye, inner, layers, mat, norm, num, scalars, sqrt, sym, trace, vectors

L, i, j, l, r, sign, speed = (sym(name) for name in ("L", "i", "j", "l", "r", "epsilon", "sigma"))
lo, hi, start, end = sym("lo"), sym("hi"), sym("start"), sym("end")
n, s = scalars("n"), scalars("s")
W = layers("W", n)
G = mat("G", n[L], n[0])
u, v, w = vectors("u", n[L]), vectors("v", n[0]), vectors("w", lambda l: n[l])
A = W.chain(L, 1)
H = trace(G.T @ A)
BITS = 200


def column(matrix, k):
    return tuple((row[k],) for row in matrix)


def outer(a, b):
    return matmul(a, tuple(zip(*b, strict=True)))


@dataclass(frozen=True)
class Decomposition:
    """Orthogonal U, V (rows) and singular values s_1 >= .. >= s_r >= 0."""

    left: tuple
    right: tuple
    values: tuple


def svd(source, env):
    """Equal singular values and zeros are likely."""
    count = min(env["n"][0], env["n"][env["L"]])
    values = sorted((abs(rational(source)) for _ in range(count)), reverse=True)
    return Decomposition(orthogonal(source, env["n"][env["L"]]), orthogonal(source, env["n"][0]), tuple(values))


def indexed(part):
    return lambda env: {k + 1: part(env["svd"], k) for k in range(len(env["svd"].values))}


def assembled(env):
    parts = [scale(env["s"][k], outer(env["u"][k], env["v"][k])) for k in env["s"]]
    total = parts[0]
    for p in parts[1:]:
        total = add(total, p)
    return total


def each(name, shows, line, low, high):
    """A hypothesis for all j from low to high, tested at every j."""
    from theorycheck.evaluate.values import evaluate

    def test(env):
        ends = [int(evaluate(end, env).numer()) for end in (low + 0 * L, high + 0 * L)]
        return all((f := judge(shows, {**env, "j": k})).holds or f.agrees for k in range(ends[0], ends[1] + 1))

    return Fact(name, shows, (Ge(j, low), Le(j, high)), ("j",), source=f"line {line}", test=test)


decomposition = (
    each("G v = s u", Eq(G @ v[j], s[j] * u[j]), 662, 1, r),
    each("G^T u = s v", Eq(G.T @ u[j], s[j] * v[j]), 662, 1, r),
    each("u is a unit vector", Eq(norm(u[j]) ** 2, 1), 662, 1, r),
    each("v is a unit vector", Eq(norm(v[j]) ** 2, 1), 662, 1, r),
    each("u_1 is orthogonal to the other u", Eq(inner(u[1], u[j]), 0), 662, 2, r),
    each("v_1 is orthogonal to the other v", Eq(inner(v[1], v[j]), 0), 662, 2, r),
    each("s >= 0", Ge(s[j], 0), 662, 1, r),
    each("s_1 is the largest", Ge(s[1], s[j]), 662, 1, r),
    hypothesis("s_1 bounds G", Psd(s[1] ** 2 * eye(n[L]) - G @ G.T), 666),
    hypothesis("s_1 >= 0", Ge(s[1], 0), 666),
)
network = Domain(
    "deep linear networks of depth L >= 2 and any widths, a matrix G with its singular value decomposition",
    (
        depth("L"),
        widths("n"),
        derived("r", lambda env: min(env["n"][0], env["n"][env["L"]]), Fact("r >= 1", Ge(r, 1))),
        drawn("svd", svd),
        derived("u", indexed(lambda d, k: column(d.left, k))),
        derived("v", indexed(lambda d, k: column(d.right, k))),
        derived("s", indexed(lambda d, k: d.values[k])),
        derived("G", assembled),
        index("l", 1, L),
    ),
    decomposition,
)

LAYERS, UNIT, LAST, FIRST = "the layers", "w is a unit vector", "the last vector is +-u", "the first vector is v"


def unit_vectors(source, env):
    """w_0 = v_i, w_L = +-u_i, between them the first columns of orthogonal matrices."""
    middle = {k: column(orthogonal(source, env["n"][k]), 0) for k in range(1, env["L"])}
    return {0: env["v"][env["i"]], **middle, env["L"]: scale(fmpq(env["epsilon"]), env["u"][env["i"]])}


def rank_one_layers(env):
    with working(BITS):
        c = nb.power(fmpq(env["L"]), fmpq(-1, 2))
        return {k: scale(c, outer(env["w"][k], env["w"][k - 1])) for k in range(1, env["L"] + 1)}




def directions(mode, *mode_of):
    """The directions of line 664 built on the singular vectors number `mode`."""
    return network.extended(
        "the directions of line 664 of a deep linear network, any depth L >= 2 and widths",
        *mode_of,
        drawn("epsilon", lambda source, env: 2 * source.integer(0, 1) - 1),
        drawn("w", unit_vectors),
        derived("W", rank_one_layers),
        index("lo", 1, L),
        index("hi", lo, L),
        hypothesis("the sign", Eq(sign**2, 1), 664),
        each("w is a unit vector", Eq(norm(w[j]) ** 2, 1), 664, 0, L),
        hypothesis(FIRST, Eq(w[0], v[mode]), 664),
        hypothesis(LAST, Eq(w[L], sign * u[mode]), 664),
        each(LAYERS, Eq(W[j], 1 / sqrt(L) * w[j] @ w[j - 1].T), 664, 1, L),
    )


rank_one = directions(i, index("i", 1, r))
first_mode = directions(1, derived("i", lambda env: 1))

paths = rank_one.extended(rank_one.name, index("start", 1, L), index("end", start - 1, L))


def along_the_chain():
    """W_end .. W_start w_(start-1) = L^(-(end-start+1)/2) w_end, the empty product included: induction on `end`."""

    def carried(to):
        return Eq(W.chain(to, start) @ w[start - 1], L ** (-(to - start + 1) / 2) * w[to])

    inside, after = [Le(end + 1, L)], W[end + 1]
    base = yield carried(start - 1), by.identity()
    here = yield carried(end), hom.assumed()
    product = Eq(W.chain(end + 1, start) @ w[start - 1], L ** (-(end - start + 1) / 2) * (after @ w[end]))
    longer = yield product, by.under(inside, hom.multiplied(here, left=after))
    one = yield Eq(after @ w[end], L ** (-num(1) / 2) * w[end + 1]), by.under(inside, by.identity(LAYERS, UNIT))
    step = yield carried(end + 1), by.under(inside, by.linear(longer, using=[one]))
    return (yield carried(end), hom.induction(base, step, end))
