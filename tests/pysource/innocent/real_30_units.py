"""Quantities with units: metric and imperial systems."""
import functools
import numbers
import re
from fractions import Fraction

BASE = ("m", "kg", "s", "A", "K")


@functools.total_ordering
class Quantity:
    __slots__ = ("value", "dimension")

    def __init__(self, value, dimension=(0,) * len(BASE)):
        self.value = value
        self.dimension = tuple(dimension)

    def _same(self, other):
        if not isinstance(other, Quantity):
            other = Quantity(other)
        if other.dimension != self.dimension:
            raise TypeError("%s and %s do not go together" % (self.unit(), other.unit()))
        return other

    def __add__(self, other):
        return Quantity(self.value + self._same(other).value, self.dimension)

    def __sub__(self, other):
        return Quantity(self.value - self._same(other).value, self.dimension)

    def __mul__(self, other):
        if isinstance(other, numbers.Number):
            return Quantity(self.value * other, self.dimension)
        return Quantity(self.value * other.value, map(sum, zip(self.dimension, other.dimension)))

    __rmul__ = __mul__

    def __truediv__(self, other):
        return self * (other ** -1 if isinstance(other, Quantity) else 1 / other)

    def __pow__(self, n):
        return Quantity(self.value ** n, (d * n for d in self.dimension))

    def __eq__(self, other):
        return self.value == self._same(other).value

    def __lt__(self, other):
        return self.value < self._same(other).value

    def __hash__(self):
        return hash((self.value, self.dimension))

    def unit(self):
        return " ".join(u + ("" if d == 1 else "^%s" % d) for u, d in zip(BASE, self.dimension) if d) or "1"

    def __repr__(self):
        return "%g %s" % (self.value, self.unit())


def base(i):
    return Quantity(1, (int(i == j) for j in range(len(BASE))))


m, kg, s, A, K = map(base, range(len(BASE)))
N = kg * m / s ** 2
J, Pa = N * m, N / m ** 2
UNITS = {"m": m, "kg": kg, "s": s, "A": A, "K": K, "N": N, "J": J, "Pa": Pa, "km": 1000 * m,
         "inch": 0.0254 * m, "h": 3600 * s}


def parse(text):
    number, rest = re.match(r"\s*([-+\d.eE]+)\s*(.*)", text).groups()
    q = Quantity(float(number))
    for op, name, power in re.findall(r"([*/]?)\s*([A-Za-z]+)(?:\^(-?\d+))?", rest):
        factor = UNITS[name] ** int(power or 1)
        q = q / factor if op == "/" else q * factor
    return q


assert parse("36 km/h") > parse("9 m/s")
assert parse("2 N*m") == parse("2 J") and Fraction(1, 2) < 1
