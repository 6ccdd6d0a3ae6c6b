"""How the entries of a row are brought together: sums that lose nothing, maxima, first places.

An accumulator has some vectors for its state.  It takes several vectors at a time, and at the end
its lanes come together in one number of the row, unless each lane is a row of its own.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence

from symacts.numeric.llvm.ir import DOUBLE, Body
from symacts.numeric.llvm.rows.graph import Graph

__all__ = ["Accumulator", "accumulator", "updated"]


class Accumulator(ABC):
    """Brings entries of a kind together; *body* is one in which they are computed."""

    def __init__(self, body: Body) -> None:
        self.arithmetic = body.arithmetic
        self.lanes = body.lanes
        self.type = body.type
        self.wide = f"<{body.lanes} x double>"

    @abstractmethod
    def starts(self) -> Sequence[tuple[str, str]]:
        """Return the types of the state, and what each part is before the first entry."""

    @abstractmethod
    def neutral(self, body: Body) -> str:
        """Return an entry that changes nothing."""

    @abstractmethod
    def update(self, body: Body, state: Sequence[str], entries: Sequence[str]) -> Sequence[str]:
        """Write what the state is after some more vectors of entries."""

    @abstractmethod
    def close(self, row: Body, state: Sequence[str]) -> str:
        """Write the number that the state comes to, in as many lanes as a row has."""


class _Sum(Accumulator):
    """Adds up in float64; a sum of float64 entries has what rounding lost besides."""

    def starts(self) -> Sequence[tuple[str, str]]:
        count = 2 if self.arithmetic.digits == "double" else 1
        return [(self.wide, Body(DOUBLE, self.lanes).number(0.0))] * count

    def neutral(self, body: Body) -> str:
        return body.number(0.0)

    def update(self, body: Body, state: Sequence[str], entries: Sequence[str]) -> Sequence[str]:
        if self.arithmetic.bits == 32:
            pairs = _added(body, entries)
            entries = [body.line(f"fpext {self.type} {pair} to {self.wide}") for pair in pairs]
        while len(entries) > 1:
            entries = _added(body, entries, self.wide)
        if len(state) == 1:
            return [body.line(f"fadd {self.wide} {state[0]}, {entries[0]}")]
        total, lost = _two_sum(body, state[0], entries[0])
        return [total, body.add(state[1], lost)]

    def close(self, row: Body, state: Sequence[str]) -> str:
        if len(state) == 1:
            return _fold(row, state[0], "double", (self.lanes, row.lanes), "fadd")
        total, lost = self._folded(row, *state)
        # What is lost of infinity is not a number.
        is_number = row.compare("ord", lost, lost)
        return row.add(total, row.select(is_number, lost, row.number(0.0)))

    def _folded(self, row: Body, total: str, lost: str) -> tuple[str, str]:
        """Bring lanes together until as many are left as a row has; what that loses is kept."""
        count = self.lanes
        while count > row.lanes:
            (a, b), (c, d) = (_halves(row, value, "double", count) for value in (total, lost))
            count //= 2
            half = Body(DOUBLE, count)
            half.line = row.line  # type: ignore[method-assign]
            total, rest = _two_sum(half, a, b)
            lost = half.add(half.add(c, d), rest)
        return total, lost


class _Max(Accumulator):
    """The largest entry; NaN is passed over, unless it is kept."""

    def __init__(self, body: Body, *, is_nan_kept: bool) -> None:
        super().__init__(body)
        self.is_nan_kept = is_nan_kept
        self.truths = body.truths
        self.lowest = body.number(-float("inf"))

    def starts(self) -> Sequence[tuple[str, str]]:
        start = [(self.type, self.lowest)]
        return [*start, (self.truths, "zeroinitializer")] if self.is_nan_kept else start

    def neutral(self, body: Body) -> str:
        return body.number(-float("inf"))

    def update(self, body: Body, state: Sequence[str], entries: Sequence[str]) -> Sequence[str]:
        highest, *nan = state
        for entry in entries:
            nan = [body.logic("or", flag, body.compare("uno", entry, entry)) for flag in nan]
        # Beside NaN an entry may be lost, but then there is nothing to be right about.
        while len(entries) > 1:
            pairs = [_larger(body, a, b) for a, b in _pairs(entries)]
            entries = [*pairs, *entries[2 * len(pairs) :]]
        return [_larger(body, entries[0], highest), *nan]

    def close(self, row: Body, state: Sequence[str]) -> str:
        highest, *nan = state
        scalar = self.arithmetic.scalar
        value = _fold(row, highest, scalar, (self.lanes, row.lanes), "ogt")
        if scalar == "float":
            value = row.line(f"fpext <{row.lanes} x float> {value} to {row.type}")
        missing = row.number(float("nan"))
        for flag in nan:
            if row.lanes == self.lanes:
                return row.select(flag, missing, value)
            reduce = f"@llvm.vector.reduce.or.v{self.lanes}i1"
            row.declarations.add(f"declare i1 {reduce}({self.truths})")
            some = row.line(f"call i1 {reduce}({self.truths} {flag})")
            value = row.line(f"select i1 {some}, {row.type} {missing}, {row.type} {value}")
        return value


class _First(Accumulator):
    """The least of places, which are infinite where there is none."""

    def __init__(self, body: Body) -> None:
        super().__init__(body)
        self.farthest = self.neutral(body)

    def starts(self) -> Sequence[tuple[str, str]]:
        return [(self.type, self.farthest)]

    def neutral(self, body: Body) -> str:
        return body.number(float("inf"))

    def update(self, body: Body, state: Sequence[str], entries: Sequence[str]) -> Sequence[str]:
        least = state[0]
        for entry in entries:
            least = body.select(body.compare("olt", entry, least), entry, least)
        return [least]

    def close(self, row: Body, state: Sequence[str]) -> str:
        return _fold(row, state[0], "double", (self.lanes, row.lanes), "olt")


def accumulator(graph: Graph, number: int, body: Body) -> Accumulator:
    """Return what computes a reduction of entries from such a body."""
    node = graph.nodes[number]
    if node.operation == "max":
        return _Max(body, is_nan_kept=bool(node.value))
    return _Sum(body) if node.operation == "sum" else _First(body)


def updated(
    sums: Sequence[Accumulator],
    body: Body,
    names: Sequence[str],
    columns: Sequence[Sequence[str]],
) -> list[str]:
    """Write what the state is after these entries of each sum."""
    new: list[str] = []
    for one, entries in zip(sums, columns, strict=True):
        state = names[len(new) : len(new) + len(one.starts())]
        new += one.update(body, state, entries)
    return new


def _pairs(entries: Sequence[str]) -> Iterator[tuple[str, str]]:
    return zip(entries[::2], entries[1::2], strict=False)


def _larger(body: Body, a: str, b: str) -> str:
    """Return the larger one; the second one where the first one is NaN."""
    return body.select(body.compare("ogt", a, b), a, b)


def _added(body: Body, entries: Sequence[str], kind: str = "") -> list[str]:
    """Return the sums of neighbours; one that is left over stays."""
    kind = kind or body.type
    sums = [body.line(f"fadd {kind} {a}, {b}") for a, b in _pairs(entries)]
    return [*sums, *entries[2 * len(sums) :]]


def _two_sum(body: Body, a: str, b: str) -> tuple[str, str]:
    """Return a sum and what rounding leaves out of it (Knuth 1969)."""
    total = body.add(a, b)
    back = body.subtract(total, a)
    first = body.subtract(a, body.subtract(total, back))
    return total, body.add(first, body.subtract(b, back))


def _halves(row: Body, value: str, scalar: str, count: int) -> tuple[str, str]:
    """Write the lower and the upper lanes of a vector."""
    half, kind = count // 2, f"<{count} x {scalar}>"
    lower, upper = (
        row.line(
            f"shufflevector {kind} {value}, {kind} poison,"
            f" <{half} x i32> <{', '.join(f'i32 {k}' for k in places)}>"
        )
        for places in (range(half), range(half, count))
    )
    return lower, upper


def _fold(row: Body, value: str, scalar: str, lanes: tuple[int, int], by: str) -> str:
    """Bring upper and lower lanes together until as few are left as a row has."""
    count, last = lanes
    while count > last:
        a, b = _halves(row, value, scalar, count)
        count //= 2
        kind = f"<{count} x {scalar}>"
        if by == "fadd":
            value = row.line(f"fadd {kind} {a}, {b}")
        else:
            truth = row.line(f"fcmp {by} {kind} {a}, {b}")
            value = row.line(f"select <{count} x i1> {truth}, {kind} {a}, {kind} {b}")
    return value
