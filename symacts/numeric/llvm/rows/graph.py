"""A function of a whole row as a graph: numbers for each entry, and numbers of the row.

Numbers of a row come from reductions.  A reduction needs all that it is made of first, so each
value has a level: how many passes over the row must have been before it is known.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from symacts.errors import SymactsError
from symacts.numeric.lowering.program import OPERATIONS

__all__ = ["CLEARLY", "REDUCTIONS", "Graph", "Node"]

#: `first` is the place of the first entry that equals a number.
REDUCTIONS = frozenset({"sum", "max", "first"})
#: By how much more than any error an entry must be larger than the others, to be larger.
CLEARLY = 1.0 + 2.0**-18
#: What is more than an elementary operation, and how many arguments it takes.
#:  - input, number: what is given for each entry, or for the row; `value` says which.
#:  - size: how many entries there are; place: which one this is, from zero.
#:  - unit_exp(h, c): exp(h) in a unit that makes it some 2**OFF at c; unit(c) is what it is there.
#:  - unscaled(v): v without 2**OFF, or most of that.
#:  - ratio(v, s): v/s, s being positive and of usual size.
#:  - times(r, v): r*v, r being such a ratio, which may be smaller than the product.
#:  - distance(h, c): h - c, and zero where the two are equal and infinite.
SPECIAL = {
    **dict.fromkeys(("input", "number", "size", "place"), 0),
    **dict.fromkeys(("unit", "unscaled", "sum", "max"), 1),
    **dict.fromkeys(("unit_exp", "ratio", "times", "distance", "first"), 2),
}
_OF_A_ROW = REDUCTIONS | {"number", "size", "constant", "unit"}


@dataclass(frozen=True)
class Node:
    """One value; a reduction with a guard is zero, and costs nothing, where the guard is false."""

    operation: str
    arguments: tuple[int, ...] = ()
    value: float = 0.0
    guard: int | None = None


class Graph:
    """Numbered nodes, each after its arguments; equal ones are one."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.levels: list[int] = []
        self.is_of_row: list[bool] = []
        self._known: dict[tuple[Node, str], int] = {}

    def add(
        self, operation: str, *arguments: int, value: float = 0.0, guard: int | None = None
    ) -> int:
        """Return the number of a node, a new one if there is none like it.

        Raises:
            SymactsError: there is no such operation.
        """
        count = SPECIAL.get(operation, OPERATIONS.get(operation))
        if count != len(arguments):
            raise SymactsError(f"the operation {operation} has no place in a row")
        node = Node(operation, arguments, value, guard)
        key = (node, repr(value))  # tells 0.0 from -0.0
        if key not in self._known:
            self._known[key] = len(self.nodes)
            self.nodes.append(node)
            needed = [*arguments, *([] if guard is None else [guard])]
            level = max((self.levels[a] for a in needed), default=0)
            self.levels.append(level + (operation in REDUCTIONS))
            all_of_row = bool(arguments) and all(self.is_of_row[a] for a in arguments)
            self.is_of_row.append(operation in _OF_A_ROW or all_of_row)
        return self._known[key]

    def constant(self, value: float) -> int:
        """Return the number of a constant."""
        return self.add("constant", value=value)

    def apply(self, operation: str, *arguments: int) -> int:
        """Return the number of an elementary operation, or of what is the same and simpler."""
        search = {"multiply": self._product, "add": self._sum, "subtract": self._difference}
        found = search[operation](*arguments) if operation in search else None
        return self.add(operation, *arguments) if found is None else found

    def _product(self, a: int, b: int) -> int | None:
        for factor, other in ((a, b), (b, a)):
            if self.is_constant(factor, 1.0):
                return other
            if self.is_constant(factor, 0.0):
                return factor
            if self.nodes[factor].operation == "ratio":
                return self.add("times", factor, other)
        return None

    def _sum(self, a: int, b: int) -> int | None:
        for term, other in ((a, b), (b, a)):
            if self.is_constant(term, 0.0):
                return other
        return None

    def _difference(self, a: int, b: int) -> int | None:
        if self.is_constant(b, 0.0):
            return a
        first, second = self.nodes[a], self.nodes[b]
        if first.operation == second.operation == "times":
            (ratio, minuend), (other, subtrahend) = first.arguments, second.arguments
            if ratio == other:
                return self.add("times", ratio, self.apply("subtract", minuend, subtrahend))
        return None

    def is_constant(self, number: int, value: float) -> bool:
        """Tell whether a node is this constant."""
        node = self.nodes[number]
        return node.operation == "constant" and node.value == value

    # Reductions

    def largest(self, entry: int, *, is_nan_kept: bool = False) -> int:
        """Return the largest entry; NaN is passed over, or taken for the largest."""
        if self.is_of_row[entry]:
            return entry
        return self.add("max", entry, value=float(is_nan_kept))

    def sum(self, entry: int, *, unless: int | None = None, guard: int | None = None) -> int:
        """Return the sum over the entries, but for those where *unless* is true.

        What is the same for all entries is multiplied once, with the sum.
        """
        factors, divisors, rest = self._split(entry)
        if unless is not None:
            rest = self.add("where", unless, self.constant(0.0), rest)
        if self.is_of_row[rest]:
            total = self.apply("multiply", rest, self.add("size"))
        else:
            total = self.add("sum", rest, guard=guard)
        for factor in factors:
            total = self.apply("multiply", total, factor)
        for divisor in divisors:
            total = self.add("divide", total, divisor)
        return total

    def _split(self, number: int) -> tuple[Sequence[int], Sequence[int], int]:
        """Return factors and divisors that are the same for all entries, and the rest."""
        node = self.nodes[number]
        if node.operation == "negative":
            factors, divisors, rest = self._split(node.arguments[0])
            return [*factors, self.constant(-1.0)], divisors, rest
        if node.operation == "ratio":
            entry, divisor = (self.add("unscaled", a) for a in node.arguments)
            return [], [divisor], entry
        if node.operation not in {"multiply", "times"}:
            return [], [], number
        parts = [
            ([a], [], self.constant(1.0)) if self.is_of_row[a] else self._split(a)
            for a in node.arguments
        ]
        (f, d, one), (g, e, other) = parts
        return [*f, *g], [*d, *e], self.apply("multiply", one, other)

    # Functions of a row

    def exponentials(self, h: int) -> tuple[int, int, int]:
        """Return the largest entry, exp(h) in a unit of its own, and the sum of that."""
        top = self.largest(h)
        e = self.add("unit_exp", h, top)
        return top, e, self.add("sum", e)

    def share(self, h: int) -> int:
        """exp(h) over the sum of exp(h)."""
        _, e, total = self.exponentials(h)
        return self.add("ratio", e, total)

    def others(self, h: int) -> int:
        """The sum of exp(h) over all but one largest entry, in units of exp of that one."""
        top, e, total = self.exponentials(h)
        unit = self.add("unit", top)
        rest = self.add("subtract", total, unit)
        # What one entry dwarfs has no digits left in the sum of all.
        is_dwarfed = self.add("greater", unit, self.apply("multiply", self.constant(CLEARLY), rest))
        without = self.add("where", self.add("equal", h, top), self.constant(0.0), e)
        rest = self.add("where", is_dwarfed, self.add("sum", without, guard=is_dwarfed), rest)
        return self.add("divide", rest, unit)

    def log_share(self, h: int) -> int:
        """h less its logsumexp."""
        distance = self.add("distance", h, self.largest(h))
        return self.add("subtract", distance, self.add("log1p", self.others(h)))

    def logsumexp(self, h: int) -> int:
        """log of the sum of exp(h)."""
        return self.add("add", self.largest(h), self.add("log1p", self.others(h)))

    def is_largest(self, h: int) -> int:
        """1 at the first largest entry, else 0."""
        first = self.add("first", h, self.largest(h, is_nan_kept=True))
        return self.add("equal", self.add("place"), first)
