"""Shared by `escape-directions` and `lemma-24`: H = Tr[G^T A] on a deep linear network (line 662), its rank-one directions.

Symbols, domains and how instances are drawn: G with a known rational SVD, unit vectors w_l; sqrt(L) makes the weights balls.
"""

from dataclasses import dataclass, replace
from typing import Any

from flint import fmpq

from theorycheck.domain import Domain, depth, derived, drawn, hypothesis, index, layers_of, rational, widths
from theorycheck.enclose.precision import working
from theorycheck.evaluate import judge, numbers as nb
from theorycheck.evaluate.values import Rows, add, matmul, scale
from theorycheck.fact import Fact
from theorycheck.models.costs import orthogonal
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
BITS = 200


def column(matrix, k):
    return tuple((row[k],) for row in matrix)


def outer(a, b):
    return matmul(a, tuple(zip(*b, strict=True)))


@dataclass(frozen=True)
class Decomposition:
    """Orthogonal U, V (rows) and singular values s_1 >= .. >= s_r >= 0."""

    left: Rows
    right: Rows
    values: tuple[Any, ...]


def svd(source, env):
    """Equal singular values and zeros are likely."""
    count = min(env["n"][0], env["n"][env["L"]])
    values = sorted((abs(rational(source)) for _ in range(count)), reverse=True)
    return Decomposition(orthogonal(source, env["n"][env["L"]]), orthogonal(source, env["n"][0]), tuple(values))


def indexed(part):
    return lambda env: {k + 1: part(env["svd"], k) for k in range(len(env["svd"].values))}


def assembled(env):
    parts = [scale(env["s"][k], outer(env["u"][k], env["v"][k])) for k in env["s"]]
    found = parts[0]
    for p in parts[1:]:
        found = add(found, p)
    return found


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

any_point = network.extended("deep linear networks of depth L >= 2 and any widths, any weights", layers_of("W"))
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


# --- escape directions of every kind -------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Modes:
    """The numbers of the singular values that a direction uses."""

    chosen: tuple[int, ...]


def modes(source, env):
    """Positive singular values (equal ones for L = 2), as many as fit into the network; none for a direction of speed 0."""
    room = min(env["n"].values())
    positive = [k for k in env["s"] if env["s"][k] > 0]
    if env["L"] == 2 and positive:
        value = env["s"][positive[source.integer(0, len(positive) - 1)]]
        positive = [k for k in positive if env["s"][k] == value]
    count = min(source.integer(0, 3) or 1, room, len(positive))
    zero = env["L"] > 2 and source.integer(0, 4) == 0
    return Modes(() if zero else tuple(positive[:count]))


def speed_of(env):
    """+-(L sum over the modes of s_i^(-2/(L-2)))^(-(L-2)/2); for L = 2 the common singular value; 0 without modes."""
    if not env["modes"].chosen:
        return fmpq(0)
    depth_, values = env["L"], [env["s"][k] for k in env["modes"].chosen]
    with working(BITS):
        if depth_ == 2:
            return env["epsilon"] * values[0]
        weight = sum((nb.power(x, fmpq(-2, depth_ - 2)) for x in values), fmpq(0))
        return env["epsilon"] * nb.power(depth_ * weight, fmpq(2 - depth_, 2))


def layers_of_direction(env):
    """W_l = sum over the modes of c_i w_l^i (w_(l-1)^i)^T, c_i = (|speed|/s_i)^(1/(L-2)); without modes one entry of W_1."""
    sizes, last = env["n"], env["L"]
    if not env["modes"].chosen:
        blank = {k: tuple((fmpq(0),) * sizes[k - 1] for _ in range(sizes[k])) for k in range(1, last + 1)}
        return {**blank, 1: outer(column(env["frames"][1], 0), column(env["frames"][0], 0))}
    with working(BITS):
        parts = [one_mode(env, place, k) for place, k in enumerate(env["modes"].chosen)]
    found = parts[0]
    for p in parts[1:]:
        found = {k: add(found[k], p[k]) for k in found}
    return found


def one_mode(env, place, k):
    last, count = env["L"], fmpq(len(env["modes"].chosen))
    ends = {0: env["v"][k], last: scale(fmpq(env["epsilon"]), env["u"][k])}
    at = {q: ends.get(q) or column(env["frames"][q], place) for q in range(last + 1)}
    size_ = abs(env["sigma"])
    c = nb.power(2 * count, fmpq(-1, 2)) if last == 2 else nb.power(nb.divide(size_, env["s"][k]), fmpq(1, last - 2))
    return {q: scale(c, outer(at[q], at[q - 1])) for q in range(1, last + 1)}


any_direction = network.extended(
    "escape directions of a deep linear network, any depth L >= 2 and widths",
    drawn("modes", modes),
    drawn("epsilon", lambda source, env: 2 * source.integer(0, 1) - 1),
    drawn("frames", lambda source, env: {k: orthogonal(source, env["n"][k]) for k in env["n"]}),
    index("h", 1, L),
    derived("sigma", speed_of),
    derived("W", layers_of_direction),
    each("an escape direction", Eq(gradient_of(H, W[j]), speed * W[j]), 629, 1, L),
    hypothesis("a unit vector", Eq(total(j, 1, L, norm(W[j]) ** 2), 1), 629),
)
moving = any_direction.extended(
    "escape directions of nonzero speed of a deep linear network", hypothesis("the speed is not 0", Gt(speed**2, 0), 666)
)


def with_modes(env, chosen, sign_):
    """The instance moved to the direction with the given modes and sign."""
    moved = {**env, "modes": Modes(chosen), "epsilon": sign_}
    moved["sigma"] = speed_of(moved)
    return {**moved, "W": layers_of_direction(moved)}


def optimal_instance(source, env):
    """The optimal direction, where the speed is -s_1 / L^((L-2)/2)."""
    return with_modes(env, (1,) if env["s"][1] > 0 else (), -1)


def three_modes(source, env):
    """L = 3, G = diag(1, 1/5, 1/7), W_l = diag(1, 5, 7)/15: an escape direction of speed 1/15, exact."""
    unit = {k: tuple((fmpq(int(q == k)),) for q in range(1, 4)) for k in range(1, 4)}
    values = {1: fmpq(1), 2: fmpq(1, 5), 3: fmpq(1, 7)}
    plain = tuple(tuple(fmpq(int(p == q)) for q in range(3)) for p in range(3))
    moved = {**env, "L": 3, "n": dict.fromkeys(range(4), 3), "r": 3, "u": unit, "v": unit, "s": values, "l": 2, "h": 1}
    moved |= {"frames": dict.fromkeys(range(4), plain), "G": assembled(moved)}
    return with_modes(moved, (1, 2, 3), 1)


def almost_optimal(source, env):
    """The second singular value 1% below the first, and the minus sign; the plus sign where there is only one."""
    values = {k: fmpq(1) if k == 1 else fmpq(99, 100) for k in env["s"]}
    moved = {**env, "s": values, "i": min(2, env["r"]), "epsilon": -1 if env["r"] > 1 else 1}
    moved["G"] = assembled(moved)
    moved["w"] = unit_vectors(source, moved)
    return {**moved, "W": rank_one_layers(moved)}


inner_layer = moving.extended("the same with l < L", hypothesis("l < L", Ge(L, l + 1), 664))
c = sym("c")


def layer_vectors(env):
    """w_l = W_l w_(l-1) / c with c = |W_1|, from the unit vector w_0 of the mode."""
    chosen = env["modes"].chosen
    found = {0: env["v"][chosen[0]] if chosen else column(env["frames"][0], 0)}
    with working(BITS):
        for k in range(1, env["L"] + 1):
            found[k] = scale(nb.divide(fmpq(1), env["c"]), matmul(env["W"][k], found[k - 1]))
    return found


def length_of_first(env):
    with working(BITS):
        return nb.power(fmpq(env["L"]), fmpq(-1, 2))


def single(source, env):
    """The modes of a direction whose layers have rank one."""
    return Modes(modes(source, env).chosen[:1])


def one_mode_only(base):
    return replace(base, variables=tuple(drawn("modes", single) if x.name == "modes" else x for x in base.variables))


rank_one_layer = one_mode_only(moving).extended(
    "escape directions of nonzero speed whose first layer has rank one, any depth L >= 2 and widths",
    derived("c", length_of_first, Fact("c > 0", Gt(c, 0))),
    derived("w", layer_vectors),
    hypothesis("W_1 has rank one", Eq(W[1], c * w[1] @ w[0].T), 664),
    hypothesis("w_0 is a unit vector", Eq(norm(w[0]) ** 2, 1), 664),
    hypothesis("w_1 is a unit vector", Eq(norm(w[1]) ** 2, 1), 664),
    each("the next vector", Eq(W[j] @ w[j - 1], c * w[j]), 664, 1, L),
)
