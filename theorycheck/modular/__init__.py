"""The second engine for identities: both sides of a line evaluated at random points of a large prime field.

It reads the line's own tree and shares no code with the normal form (`exact/`). Numbers live in F_p with p = 2 q + 1 and q
prime, so that roots and symbolic exponents are exact (`field.py`). Sizes, indices and depths are drawn (`plan.py`): sizes above
the length of the longest word, so that no polynomial identity of small matrices helps, and unequal. Where a line uses
equations, the point is made to satisfy them, and that is checked (`solve.py`); where it is a combination of earlier lines, the
combination is evaluated with its cofactors (`lines.py`).

What a point says. A line that is no identity differs, at a fixed choice of the sizes, by a rational function of the free
entries, whose numerator has some degree d; it vanishes at a random point with probability at most d/p (Schwartz, Zippel),
and p is about 2^62. Entries that must be positive are drawn among the squares, x = y^2, which doubles d; a root x^(1/k) is a
generator r with x = r^k, which multiplies it by k. A power a^c with a symbolic exponent is a generator of its own, for c is
drawn apart; products of exponents (a^(k t) beside a^k) are not independent generators, and for these the bound is a
heuristic one. On a variety that `solve.py` parametrizes (frames, Gram matrices, linear equations) the same bound holds with
the degree of the parametrization; it may cover one component only, so that agreement there is evidence, never a proof. For
lines that use equations, all equations of the domain may hold at the point, not only those that the line names.
"""
