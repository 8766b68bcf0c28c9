"""Derivations shared by `escape-directions` and `lemma-24`: generators of checked lines, for every depth and all widths.

Escape directions of nonzero speed: equal norms of the layers, balancedness, rank one everywhere if it is at the first layer.
"""

from proofs.saddle_to_saddle.network_directions import LAYERS, UNIT, A, G, H, L, W, c, end, h, l, n, speed, start, w
from theorycheck.exact import basic_rules as basic, homogeneous_rules as hom, matrix_rules as matrices, rules as by
from theorycheck.exact.cited import SUBMULTIPLICATIVE
from theorycheck.tree import All, Eq, Ge, Le, Lt, gradient_of, norm, num, total


def along_the_chain():
    """W_end .. W_start w_(start-1) = L^(-(end-start+1)/2) w_end, the empty product included: induction on `end`."""

    def carried(to):
        return Eq(W.chain(to, start) @ w[start - 1], L ** (-(to - start + 1) / 2) * w[to])

    inside, after = [Le(end + 1, L)], W[end + 1]
    base = yield carried(start - 1), by.identity()
    here = yield carried(end), hom.assumed()
    product = Eq(W.chain(end + 1, start) @ w[start - 1], L ** (-(end - start + 1) / 2) * (after @ w[end]))
    longer = yield product, by.under(inside, matrices.multiplied(here, left=after))
    one = yield Eq(after @ w[end], L ** (-num(1) / 2) * w[end + 1]), by.under(inside, by.identity(LAYERS, UNIT))
    step = yield carried(end + 1), by.under(inside, by.linear(longer, using=[one]))
    return (yield carried(end), hom.induction(base, step, end))


def equal_norms(*conditions):
    """speed = L H and |W_l|^2 = 1/L where the speed is not 0: speed |W_l|^2 = <W_l, grad_l> = H for every layer."""
    escape = yield Eq(gradient_of(H, W[l]), speed * W[l]), by.given("an escape direction", j=l)
    same = yield Eq(H, speed * norm(W[l]) ** 2), matrices.multiplied(escape, left=W[l].T)
    summed = yield Eq(L * H, speed * total(l, 1, L, norm(W[l]) ** 2)), by.termwise(same, l)
    one = yield Eq(total(l, 1, L, norm(W[l]) ** 2), 1), by.given("a unit vector")
    value = yield Eq(L * H, speed), by.linear(summed, (one, speed))
    norms = yield Eq(norm(W[l]) ** 2, 1 / L), by.under(conditions, by.linear((same, -1 / speed), (value, 1 / (L * speed))))
    return value, norms


def balanced():
    """W_(l+1)^T W_(l+1) = W_l W_l^T for l + 1 <= L: both are chain(L, l+1)^T G chain(l, 1)^T over the speed."""
    inside = [Le(l + 1, L)]
    here = yield Eq(gradient_of(H, W[l]), speed * W[l]), by.given("an escape direction", j=l)
    above = yield Eq(gradient_of(H, W[l + 1]), speed * W[l + 1]), by.under(inside, by.given("an escape direction", j=l + 1))
    both = W.chain(L, l + 1).T @ G @ W.chain(l, 1).T
    low = yield Eq(both, speed * W[l] @ W[l].T), by.under(inside, matrices.multiplied(here, right=W[l].T))
    high = yield Eq(both, speed * W[l + 1].T @ W[l + 1]), by.under(inside, matrices.multiplied(above, left=W[l + 1].T))
    ratio = 1 / speed
    return (yield Eq(W[l + 1].T @ W[l + 1], W[l] @ W[l].T), by.under(inside, by.linear((low, ratio), (high, -ratio))))


def each_line(trees, rules):
    lines = []
    for tree, rule in zip(trees, rules, strict=True):
        lines.append((yield tree, rule))
    return lines


def rank_one_everywhere():
    """W_l = c w_l w_(l-1)^T with unit vectors, for every layer: W_(l+1) (I - w_l w_l^T) vanishes by balancedness."""

    def claim(k):
        return All(Eq(W[k], c * w[k] @ w[k - 1].T), Eq(norm(w[k]) ** 2, 1), Eq(norm(w[k - 1]) ** 2, 1))

    _, norms = yield from equal_norms()
    at_first = yield Eq(norm(W[1]) ** 2, 1 / L), by.cite(by.generic(norms, [Ge(l, 1), Le(l, L)], l), l=num(1))
    units = ("w_0 is a unit vector", "w_1 is a unit vector")
    square = yield Eq(c**2, 1 / L), by.linear(at_first, using=["W_1 has rank one", *units])
    balance = yield from balanced()
    given = ("W_1 has rank one", "w_1 is a unit vector", "w_0 is a unit vector")
    first = yield from each_line(claim(num(1)).nodes, [by.given(name) for name in given])
    base = yield claim(num(1)), by.both(*first)
    inside = [Le(l + 1, L)]
    here = yield claim(l), hom.assumed()
    layer, unit, before = yield from each_line(claim(l).nodes, 3 * [basic.part(here)])
    known = [balance, layer, unit, before]
    image = W[l + 1] @ w[l]
    rest = W[l + 1] - image @ w[l].T
    small = yield Eq(norm(rest) ** 2, 0), by.under(inside, by.identity(*known))
    gone = yield Eq(W[l + 1], image @ w[l].T), by.under(inside, hom.vanishes(small))
    vector = yield Eq(image, c * w[l + 1]), by.under(inside, by.given("the next vector", j=l + 1))
    next_layer = yield claim(l + 1).nodes[0], by.under(inside, by.linear(gone, using=[vector]))
    long = yield Eq(norm(image) ** 2, c**2), by.under(inside, by.identity(*known))
    same = yield Eq(norm(image) ** 2, c**2 * norm(w[l + 1]) ** 2), by.under(inside, by.identity(vector))
    next_unit = yield claim(l + 1).nodes[1], by.under(inside, by.linear((long, 1 / c**2), (same, -1 / c**2)))
    step = yield claim(l + 1), by.both(next_layer, next_unit, unit)
    whole = yield claim(l), hom.induction(base, step, l)
    return square, (yield from each_line(claim(l).nodes, 3 * [basic.part(whole)]))


def singular_vectors():
    """G^T w_L = speed L^((L-2)/2) w_0 and G w_0 = speed L^((L-2)/2) w_L, from G^T A = speed W_1^T W_1 and A w_0 = c^L w_L."""
    square, (layer, unit, _) = yield from rank_one_everywhere()
    layers_, units = (by.generic(x, [Ge(l, 1), Le(l, L)], l) for x in (layer, unit))
    start = "w_0 is a unit vector"
    inside, after = [Le(h + 1, L)], W[h + 1]
    vector = yield Eq(after @ w[h], c * w[h + 1]), by.under(inside, by.given("the next vector", j=h + 1))
    there = yield Eq(after, c * w[h + 1] @ w[h].T), by.under(inside, by.cite(layers_, l=h + 1))
    one = yield Eq(norm(w[h + 1]) ** 2, 1), by.under(inside, by.cite(units, l=h + 1))
    back = yield Eq(after.T @ w[h + 1], c * w[h]), by.under(inside, by.identity(there, one))

    def forward(k):
        return Eq(W.chain(k, 1) @ w[0], c**k * w[k])

    def backward(k):
        return Eq(W.chain(k, 1).T @ w[k], c**k * w[0])

    base = yield forward(num(1)), by.given("the next vector", j=num(1))
    here = yield forward(h), hom.assumed()
    long = yield Eq(W.chain(h + 1, 1) @ w[0], c**h * after @ w[h]), by.under(inside, matrices.multiplied(here, left=after))
    step = yield forward(h + 1), by.under(inside, by.linear(long, using=[vector]))
    up = yield forward(h), hom.induction(base, step, h)
    base = yield backward(num(1)), by.identity("W_1 has rank one", "w_1 is a unit vector")
    here = yield backward(h), hom.assumed()
    longer = Eq(W.chain(h + 1, 1).T @ w[h + 1], c * W.chain(h, 1).T @ w[h])
    split = yield longer, by.under(inside, matrices.multiplied(back, left=W.chain(h, 1).T))
    step = yield backward(h + 1), by.under(inside, by.linear(split, (here, c)))
    down = yield backward(h), hom.induction(base, step, h)
    top = yield forward(L), by.cite(by.generic(up, [Ge(h, 1), Le(h, L)], h), h=L)
    bottom = yield backward(L), by.cite(by.generic(down, [Ge(h, 1), Le(h, L)], h), h=L)
    first = yield Eq(gradient_of(H, W[1]), speed * W[1]), by.given("an escape direction", j=num(1))
    last = yield Eq(gradient_of(H, W[L]), speed * W[L]), by.given("an escape direction", j=L)
    row = yield Eq(w[0].T @ A.T @ G, speed * w[0].T @ W[1].T @ W[1]), matrices.multiplied(first, left=(W[1] @ w[0]).T)
    low = yield Eq(G.T @ A @ w[0], speed * W[1].T @ W[1] @ w[0]), hom.transposed(row)
    high = yield Eq(G @ A.T @ w[L], speed * W[L] @ W[L].T @ w[L]), matrices.multiplied(last, right=W[L].T @ w[L])
    last_layer = yield layer_at(L), by.cite(layers_, l=L)
    last_unit = yield Eq(norm(w[L]) ** 2, 1), by.cite(units, l=L)
    one_before = yield Eq(norm(w[L - 1]) ** 2, 1), by.cite(units, l=L - 1)
    known = ("W_1 has rank one", start, "w_1 is a unit vector", last_layer, last_unit, one_before)
    return square, (top, low), (bottom, high), known


def layer_at(k):
    return Eq(W[k], c * w[k] @ w[k - 1].T)


def inner_norm():
    """|W_(L-1) .. W_1|^2 <= L^(1-L) at a direction of speed < 0: |A B| <= |A| |B|, and |W_l|^2 = 1/L."""
    below = [Lt(speed, 0)]
    value, norms = yield from equal_norms(*below)
    norm_of = by.generic(norms, [Ge(l, 1), Le(l, L)], l)
    inside = [*below, Le(h + 1, L)]

    def bound(to):
        return Le(norm(W.chain(to, 1)) ** 2, L ** (-to))

    first = yield Eq(norm(W[1]) ** 2, 1 / L), by.under(below, by.cite(norm_of, l=num(1)))
    base = yield bound(num(1)), by.linear(first)
    here = yield bound(h), hom.assumed()
    product = (
        yield Le(norm(W[h + 1] @ W.chain(h, 1)) ** 2, norm(W[h + 1]) ** 2 * norm(W.chain(h, 1)) ** 2),
        by.under(inside, by.cite(SUBMULTIPLICATIVE, X=W[h + 1], Y=W.chain(h, 1), a=n[h + 1], b=n[h], c=n[0])),
    )
    after = yield Eq(norm(W[h + 1]) ** 2, 1 / L), by.under(inside, by.cite(norm_of, l=h + 1))
    step = yield bound(h + 1), by.under(inside, by.linear(product, (here, 1 / L), (after, norm(W.chain(h, 1)) ** 2)))
    chain = yield bound(h), hom.induction(base, step, h)
    rest = yield bound(L - 1), by.under(below, by.cite(by.generic(chain, [Ge(h, 1), Le(h, L)], h), h=L - 1))
    last = yield Eq(norm(W[L]) ** 2, 1 / L), by.under(below, by.cite(norm_of, l=L))
    return value, rest, last
