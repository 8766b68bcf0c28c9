"""Power series of integer matrices that grow by one coefficient at a time, and their products.

The coefficients X_0, X_1, .. of a series are packed into one integer matrix X_0 + X_1 2^M + X_2 4^M + .. (Kronecker's
substitution), so that a single integer matrix product serves many coefficients. When coefficient r of both factors is
known, X_r (Y_0 + .. + Y_r 2^(rM)) + (X_0 + .. + X_(r-1) 2^((r-1)M)) Y_r is added to a packed remainder whose lowest slot
then is the exact coefficient r of the product (relaxed multiplication; van der Hoeven, "Relax, but don't be too lazy",
J. Symb. Comput. 34, 2002). Numbers are fixed-point: which power of two a unit stands for, the caller knows.
"""

from dataclasses import dataclass, field
from operator import add

from flint import fmpz, fmpz_mat


class Overflow(ArithmeticError):
    """A coefficient left the slots: the step in time is too long for the scale."""


@dataclass(frozen=True)
class Slots:
    """Slots for the exact products of series with `order` coefficients whose entries lie below 2^bits.

    terms: an entry of a matrix product is a sum of at most so many products of entries.
    """

    bits: int
    order: int
    terms: int
    width: int = field(init=False)
    mask: fmpz = field(init=False)
    middle: fmpz = field(init=False)
    bound: fmpz = field(init=False)
    shift: tuple[fmpz, ...] = field(init=False)
    full: fmpz = field(init=False)

    def __post_init__(self) -> None:
        needed = 2 * self.bits + (self.order * self.terms).bit_length() + 2
        width = -(-needed // 16) * 16
        one = fmpz(1)
        put = object.__setattr__
        put(self, "width", width)
        put(self, "mask", (one << width) - 1)
        put(self, "middle", one << (width - 1))
        put(self, "bound", one << self.bits)
        put(self, "shift", tuple(one << (width * k) for k in range(self.order // 2 + 1)))
        put(self, "full", self.middle * (((one << (width * self.order)) - 1) // self.mask))


class Series:
    """The known coefficients X_0, .., X_r of shape (m, n), the largest |entry| of each (`peaks`), and for a factor of
    products packed[k] = X_0 + .. + X_k 2^(kM) for k up to half the order: longer ones are never asked for.
    """

    def __init__(self, slots: Slots, factor: bool) -> None:
        self.slots, self.factor = slots, factor
        self.coefficients: list[fmpz_mat] = []
        self.packed: list[fmpz_mat] = []
        self.peaks: list[fmpz] = []

    def append(self, m: int, n: int, entries: list[fmpz]) -> None:
        """One coefficient (m, n), rows first. Raises Overflow when an entry does not fit the slots."""
        peak = max(max(entries), -min(entries))
        if peak >= self.slots.bound:
            raise Overflow
        x, r = fmpz_mat(m, n, entries), len(self.coefficients)
        self.coefficients.append(x)
        self.peaks.append(peak)
        if r == 0:
            self.packed.append(x)
        elif self.factor and r < len(self.slots.shift):
            self.packed.append(self.packed[-1] + x * self.slots.shift[r])


class Product:
    """X Y for series X (m, k), Y (k, n): `advance` gives one coefficient after the other, exactly."""

    def __init__(self, left: Series, right: Series, m: int, n: int) -> None:
        self.left, self.right, self.m, self.n = left, right, m, n
        self.known = 0
        self.rest = [left.slots.full] * (m * n)  # the middle of every slot, so that none goes below zero

    def advance(self) -> list[fmpz]:
        """The next coefficient, (m n,) rows first; both factors must know theirs of this order."""
        slots, r = self.left.slots, self.known
        x, y, last = self.left.coefficients[r], self.right.coefficients[r], slots.order - 1 - r
        new = x * self.right.packed[min(r, last)]
        if r:
            new += self.left.packed[min(r - 1, last)] * y
        entries = list(map(add, self.rest, new.entries()))
        width, mask, middle = slots.width, slots.mask, slots.middle
        self.rest = [v >> width for v in entries]
        self.known = r + 1
        return [(v & mask) - middle for v in entries]
