"""The values of a graph of a row as lines: those of the row, and those of a vector of entries."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from symacts.numeric.llvm.ir import Arithmetic, Body
from symacts.numeric.llvm.lower import lower
from symacts.numeric.llvm.primitives import exponentials
from symacts.numeric.llvm.rows.graph import SPECIAL, Graph
from symacts.numeric.llvm.simplify import simplify
from symacts.numeric.lowering.program import Program, Step

__all__ = ["EntryValues", "RowValues", "Unit", "unit_of"]

_LOG2E = 1.44269504088896340736


@dataclass(frozen=True)
class Unit:
    """The unit of exponentials: 2**off at the largest entry, so that none is subnormal.

    Below the *floor* they are all the same, and so small that a million of them count for nothing.
    Entries this *near* to zero are compared as they are; where they are farther away, those that
    matter have an exact difference from the largest one.  Ratios below *least* are computed as
    2**lift times what they are, and those in sums are 2**digits times as large, so that what would
    be subnormal has digits to spare.
    """

    off: int
    floor: float
    near: float
    lift: int
    least: float
    digits: int


def unit_of(arithmetic: Arithmetic) -> Unit:
    """Return the unit for a way to compute."""
    if arithmetic.bits == 32:
        return Unit(60, -127.0, 256.0, 40, 2.0**-80, 24)
    return Unit(200, -840.0, 2048.0, 200, 2.0**-800, 6)


class _Values:
    """Knows the names of values in a body; subclasses say what the special ones are."""

    def __init__(self, graph: Graph, body: Body, unit: Unit) -> None:
        self.graph = graph
        self.body = body
        self.unit = unit
        self.names: dict[int, str] = {}

    def value(self, number: int) -> str:
        """Return the name of a value, which is written if it was not yet."""
        if number not in self.names:
            self.names[number] = self._written(number)
        return self.names[number]

    def _written(self, number: int) -> str:
        node = self.graph.nodes[number]
        if node.operation == "unscaled":
            small = self.body.number(2.0 ** (self.unit.digits - self.unit.off))
            return self.body.multiply(self.value(node.arguments[0]), small)
        if node.operation not in SPECIAL:
            return self._elementary(number)
        special: Callable[..., str] = getattr(self, f"_{node.operation}")
        return special(int(node.value), *node.arguments)

    def _is_leaf(self, number: int) -> bool:
        return self.graph.nodes[number].operation in SPECIAL

    def _elementary(self, number: int) -> str:
        """Write a value and all elementary operations that it needs."""
        needed = self._needed(number)
        leaves = [n for n in needed if self._is_leaf(n)]
        steps = [n for n in needed if not self._is_leaf(n)]
        places = {n: place for place, n in enumerate([*leaves, *steps])}
        program = Program(
            "row",
            tuple(f"x{place}" for place in range(len(leaves))),
            len(leaves),
            tuple(
                Step(node.operation, tuple(places[a] for a in node.arguments), node.value)
                for node in map(self.graph.nodes.__getitem__, steps)
            ),
            (places[number],),
        )
        return lower(simplify(program), self.body, [self.value(n) for n in leaves], {})[0]

    def _needed(self, number: int) -> Sequence[int]:
        """Return a value and what it is made of, down to the leaves, in order."""
        found: set[int] = set()
        waiting = [number]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                if one == number or not self._is_leaf(one):
                    waiting += self.graph.nodes[one].arguments
        return sorted(found)

    def _exp(self, z: str, magic: str) -> str:
        """exp(z) times the power of two that a magic number stands for."""
        b = self.body
        shifted, r = exponentials._reduced(b, z, magic)
        power = exponentials._power_of_two(b, b.bits(shifted))
        change = b.fma(b.multiply(r, r), exponentials._quotient(b, r), r)
        return b.fma(power, change, power)


class RowValues(_Values):
    """The numbers of a row; what a reduction comes to is put into `names`."""

    def __init__(self, graph: Graph, body: Body, unit: Unit, given: dict[int, str]) -> None:
        """Take the names of the numbers that are given, and of the size as number -1."""
        super().__init__(graph, body, unit)
        self.given = given
        self._shifts: dict[int, tuple[str, str, str]] = {}

    def _size(self, _value: int) -> str:
        return self.given[-1]

    def _number(self, value: int) -> str:
        return self.given[value]

    def _unit(self, _value: int, top: int) -> str:
        b = self.body
        near, power, _ = self.shift(top)
        magic = b.subtract(b.number(b.arithmetic.magic + self.unit.off), power)
        return self._exp(b.subtract(self._finite(top), near), magic)

    def _finite(self, top: int) -> str:
        b, value = self.body, self.value(top)
        is_finite = b.compare("olt", b.absolute(value), b.number(float("inf")))
        return b.select(is_finite, value, b.number(0.0))

    def shift(self, top: int) -> tuple[str, str, str]:
        """Return what is taken from entries, a power of two besides, and the least that is left.

        A power of two is taken off without any rounding.
        """
        if top not in self._shifts:
            b, finite = self.body, self._finite(top)
            is_near = b.compare("olt", b.absolute(finite), b.number(self.unit.near))
            taken = b.select(is_near, b.number(0.0), finite)
            left = b.subtract(finite, taken)
            magic = b.number(b.arithmetic.magic)
            power = b.subtract(b.fma(left, b.number(_LOG2E), magic), magic)
            self._shifts[top] = (taken, power, b.add(left, b.number(self.unit.floor)))
        return self._shifts[top]

    def magic(self, top: int, arithmetic: Arithmetic) -> str:
        """Return the magic number that takes the power of two off, for an arithmetic."""
        b = self.body
        return b.subtract(b.number(arithmetic.magic + self.unit.off), self.shift(top)[1])

    def reciprocal(self, number: int) -> tuple[str, str]:
        """Return 1/s as a number and a rest."""
        b, s = self.body, self.value(number)
        high = b.divide(b.number(1.0), s)
        left = b.fma(b.negative(high), s, b.number(1.0))
        return high, b.multiply(left, high)


class EntryValues(_Values):
    """The values of a vector of entries; *spread* brings numbers of the row into all lanes."""

    def __init__(
        self,
        row: RowValues,
        body: Body,
        spread: Callable[[str], str],
        given: Callable[[int], str],
        *,
        is_rare: bool,
    ) -> None:
        """Take what names the inputs, and the place as input -1.

        In rare rows the largest entry may be infinite.
        """
        super().__init__(row.graph, body, row.unit)
        self.row = row
        self.spread = spread
        self.given = given
        self.is_rare = is_rare

    def _written(self, number: int) -> str:
        node = self.graph.nodes[number]
        if node.operation == "constant":
            return self.body.number(node.value)
        if self.graph.is_of_row[number]:
            return self.spread(self.row.value(number))
        return super()._written(number)

    def _is_leaf(self, number: int) -> bool:
        is_constant = self.graph.nodes[number].operation == "constant"
        return super()._is_leaf(number) or (self.graph.is_of_row[number] and not is_constant)

    def _input(self, value: int) -> str:
        return self.given(value)

    def _place(self, _value: int) -> str:
        return self.given(-1)

    def _unit_exp(self, _value: int, h: int, top: int) -> str:
        b = self.body
        taken, _, least = map(self.spread, self.row.shift(top))
        z = self._less(h, top, taken)
        bounded = b.select(b.compare("ogt", least, z), least, z)
        return self._exp(bounded, self.spread(self.row.magic(top, b.arithmetic)))

    def _distance(self, _value: int, h: int, top: int) -> str:
        return self._less(h, top, self.value(top))

    def _less(self, h: int, top: int, taken: str) -> str:
        """Return h less a number; where the largest is infinite, how far h is from it."""
        b, entry = self.body, self.value(h)
        plain = b.subtract(entry, taken)
        if not self.is_rare:
            return plain
        highest, infinity = self.value(top), b.number(float("inf"))
        is_top = b.compare("oeq", entry, highest)
        is_number = b.compare("ord", entry, entry)
        far = b.select(is_number, b.number(-float("inf")), entry)
        far = b.select(is_top, b.number(0.0), far)
        return b.select(b.compare("oeq", b.absolute(highest), infinity), far, plain)

    def _ratio(self, _value: int, entry: int, number: int) -> str:
        return self._quotient(self.value(entry), number)

    def _times(self, _value: int, ratio: int, other: int) -> str:
        """Multiply; a ratio that is subnormal, or nearly, is one of larger numbers till the end."""
        b, (entry, number) = self.body, self.graph.nodes[ratio].arguments
        if b.arithmetic.digits == "short":
            return b.multiply(self.value(ratio), self.value(other))
        row, v = self.row.body, self.value(entry)
        lift, small = self.unit.lift, 2.0**-self.unit.lift
        least = row.multiply(self.row.value(number), row.number(self.unit.least))
        is_usual = b.compare("ogt", v, self.spread(least))
        lifted = b.multiply(v, b.select(is_usual, b.number(1.0), b.number(2.0**lift)))
        product = b.multiply(self._quotient(lifted, number), self.value(other))
        return b.multiply(product, b.select(is_usual, b.number(1.0), b.number(small)))

    def _quotient(self, v: str, number: int) -> str:
        """Return v/s; the divisor is a number of the row."""
        b = self.body
        high, low = self.row.reciprocal(number)
        if b.arithmetic.digits == "short":
            return b.multiply(v, self.spread(high))
        if b.arithmetic.bits == 32:
            row = self.row.body
            # What spreading rounds off is put into the rest.
            rounded = row.line(f"fptrunc {row.type} {high} to <{row.lanes} x float>")
            back = row.line(f"fpext <{row.lanes} x float> {rounded} to {row.type}")
            low = row.add(row.subtract(high, back), low)
        return b.fma(v, self.spread(high), b.multiply(v, self.spread(low)))
