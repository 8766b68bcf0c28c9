"""Shared by `escape-directions` and `lemma-24`: H = Tr[G^T A] on a deep linear network (line 662) and its escape directions.

Symbols and domains: the directions of line 664, which have rank one, and escape directions of every kind.
"""

from dataclasses import replace

from theorycheck.domain import Domain, derived, drawn, hypothesis, index, layers_of, widths
from theorycheck.evaluate import evaluate, judge
from theorycheck.fact import Fact
from theorycheck.models import linear_form as draw, linear_form_broken as broken
from theorycheck.models.costs import orthogonal
from theorycheck.models.linear_form import (
    almost_optimal as almost_optimal,
    assembled as assembled,
    column as column,
    indexed as indexed,
    outer as outer,
    svd as svd,
)
from theorycheck.tree import (
    Eq,
    Ge,
    Gt,
    Le,
    Psd,
    eye,
    gradient_of,
    inner,
    layers,
    mat,
    norm,
    scalars,
    sqrt,
    sym,
    total,
    trace,
    vectors,
)

L, i, j, l, r, sign, speed = (sym(name) for name in ("L", "i", "j", "l", "r", "epsilon", "sigma"))
lo, hi, start, end, h = sym("lo"), sym("hi"), sym("start"), sym("end"), sym("h")
n, s = scalars("n"), scalars("s")
W = layers("W", n)
G = mat("G", n[L], n[0])
u, v, w = vectors("u", n[L]), vectors("v", n[0]), vectors("w", lambda l: n[l])
A = W.chain(L, 1)
H = trace(G.T @ A)


def each(name, shows, line, low, high, breaks=None):
    """A hypothesis for all j from low to high, tested at every j; `breaks`: see `Fact`."""

    def test(env):
        ends = [int(evaluate(end, env).numer()) for end in (low + 0 * L, high + 0 * L)]
        return all((f := judge(shows, {**env, "j": k})).holds or f.agrees for k in range(ends[0], ends[1] + 1))

    return Fact(name, shows, (Ge(j, low), Le(j, high)), ("j",), source=f"line {line}", test=test, breaks=breaks)


decomposition = (
    each("G v = s u", Eq(G @ v[j], s[j] * u[j]), 662, 1, r, broken.one_row_too_many),
    each("G^T u = s v", Eq(G.T @ u[j], s[j] * v[j]), 662, 1, r, broken.one_column_too_many),
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
        broken.deep(),
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

any_point = network.extended("deep linear networks of depth L >= 2 and any widths, any weights", layers_of("W"))
LAYERS, UNIT, LAST, FIRST = "the layers", "w is a unit vector", "the last vector is +-u", "the first vector is v"


def directions(mode, *mode_of):
    """The directions of line 664 built on the singular vectors number `mode`."""
    return network.extended(
        "the directions of line 664 of a deep linear network, any depth L >= 2 and widths",
        *mode_of,
        drawn("epsilon", lambda source, env: 2 * source.integer(0, 1) - 1),
        drawn("w", draw.unit_vectors),
        derived("W", draw.rank_one_layers),
        index("lo", 1, L),
        index("hi", lo, L),
        hypothesis("the sign", Eq(sign**2, 1), 664),
        each("w is a unit vector", Eq(norm(w[j]) ** 2, 1), 664, 0, L, broken.longer_inside),
        hypothesis(FIRST, Eq(w[0], v[mode]), 664, breaks=broken.another_first_vector),
        hypothesis(LAST, Eq(w[L], sign * u[mode]), 664, breaks=broken.another_last_vector),
        each(LAYERS, Eq(W[j], 1 / sqrt(L) * w[j] @ w[j - 1].T), 664, 1, L),
    )


rank_one = directions(i, broken.index_of_a_mode(i, r))
first_mode = directions(1, derived("i", lambda env: 1))

paths = rank_one.extended(rank_one.name, index("start", 1, L), index("end", start - 1, L))


# --- escape directions of every kind -------------------------------------------------------------------------------------
any_direction = network.extended(
    "escape directions of a deep linear network, any depth L >= 2 and widths",
    drawn("modes", draw.modes),
    drawn("epsilon", lambda source, env: 2 * source.integer(0, 1) - 1),
    drawn("frames", lambda source, env: {k: orthogonal(source, env["n"][k]) for k in env["n"]}),
    index("h", 1, L),
    derived("sigma", draw.speed_of),
    derived("W", draw.layers_of_direction),
    each("an escape direction", Eq(gradient_of(H, W[j]), speed * W[j]), 629, 1, L),
    hypothesis("a unit vector", Eq(total(j, 1, L, norm(W[j]) ** 2), 1), 629),
)
moving = any_direction.extended(
    "escape directions of nonzero speed of a deep linear network", hypothesis("the speed is not 0", Gt(speed**2, 0), 666)
)


inner_layer = moving.extended("the same with l < L", hypothesis("l < L", Ge(L, l + 1), 664))
c = sym("c")


def one_mode_only(base):
    return replace(base, variables=tuple(drawn("modes", draw.one_mode) if x.name == "modes" else x for x in base.variables))


rank_one_layer = one_mode_only(moving).extended(
    "escape directions of nonzero speed whose first layer has rank one, any depth L >= 2 and widths",
    derived("c", draw.one_over_root_of_depth, Fact("c > 0", Gt(c, 0))),
    derived("w", draw.layer_vectors),
    hypothesis("W_1 has rank one", Eq(W[1], c * w[1] @ w[0].T), 664),
    hypothesis("w_0 is a unit vector", Eq(norm(w[0]) ** 2, 1), 664),
    hypothesis("w_1 is a unit vector", Eq(norm(w[1]) ** 2, 1), 664),
    each("the next vector", Eq(W[j] @ w[j - 1], c * w[j]), 664, 1, L),
)
