"""The function that computes some rows: passes over the entries, and numbers of rows between."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence

from symacts.numeric.llvm.ir import DOUBLE, Arithmetic, Body
from symacts.numeric.llvm.layout import Loop
from symacts.numeric.llvm.rows.passes import Pass, kept_exponential, passes, tops
from symacts.numeric.llvm.rows.sums import Accumulator, accumulator
from symacts.numeric.llvm.rows.trace import RowProgram
from symacts.numeric.llvm.rows.values import EntryValues, RowValues, unit_of

__all__ = ["RowKernel"]

#: Writes entries and returns their names.
Entries = Callable[[EntryValues], list[str]]

# Names in the bodies of one function start so far apart.
_APART = 100_000


class RowKernel(ABC):
    """Writes the function; subclasses know where entries lie."""

    #: In what numbers of rows are computed, and for how many rows at a time.
    row_arithmetic = DOUBLE
    row_lanes = 8

    def __init__(self, program: RowProgram, loop: Loop, lanes: int, name: str) -> None:
        self.program = program
        self.graph = program.graph
        self.loop = loop
        self.lanes = lanes
        self.name = name
        self.is_rare = True
        self.steps = passes(program.graph, program.result)
        kept = kept_exponential(program.graph, self.steps, program.result)
        #: Rounding to what memory holds would lose digits.
        self.kept = kept if self._keeps_digits() else None
        self.tops = tops(program.graph, program.result)
        self.lines: list[str] = []
        self.declarations: set[str] = set()
        self.helpers: set[tuple[str, str, int]] = set()
        self._bodies = 0
        self.place = 0
        self.row: RowValues

    # -- what subclasses say -----------------------------------------------------------------------

    @abstractmethod
    def begin(self) -> dict[int, str]:
        """Write the head, and return the numbers that are given, and the size as -1."""

    @abstractmethod
    def load(self, body: Body, slot: int) -> str:
        """Write a vector of entries of an input, or of what was kept as input -2."""

    @abstractmethod
    def store(self, body: Body, value: str) -> None:
        """Write a vector of entries of the result."""

    @abstractmethod
    def store_number(self, value: str) -> None:
        """Write the number that is the result."""

    @abstractmethod
    def bodies(self, entries: Entries) -> Sequence[tuple[Body, list[str]]]:
        """Return the bodies of the loops of a pass, each with the entries that it brings."""

    @abstractmethod
    def over_entries(
        self,
        sums: Sequence[Accumulator],
        bodies: Sequence[tuple[Body, list[str]]],
        guard: str | None,
    ) -> list[str]:
        """Write the loops of a pass, and return what the sums come to.

        Where a guard is given and is zero, the pass is left out.
        """

    @abstractmethod
    def spread(self, value: str) -> str:
        """Return a number of the row in all lanes of entries."""

    # -- the function ------------------------------------------------------------------------------

    def text(self) -> str:
        """Return the function."""
        row = self.new_body(self.row_arithmetic, self.row_lanes, "entry")
        self.row = RowValues(self.graph, row, unit_of(self.loop.arithmetic), {})
        self.row.given.update(self.begin())
        for step in self.steps:
            self._reduce(step)
            self.place += 1
        if self.program.output == "entry":
            self._write_entries()
            self.finish()
        else:
            value = self.row.value(self.program.result)
            self.flush()
            self.store_number(value)
        self.lines.append("  ret void\n}")
        self.collect(row)
        return "\n".join(self.lines)

    def head(self) -> Sequence[str]:
        """Return the first lines of the function, which takes where rows lie and their number."""
        slots = range(len(self.program.inputs))
        given = "".join(f"ptr %in{slot}, i64 %by{slot}, " for slot in slots)
        given += "ptr %out, i64 %by, i64 %count, i64 %n"
        return [f"define internal void @{self.name}({given}) #0 {{", "entry:"]

    def _reduce(self, step: Pass) -> None:
        nodes = [self.graph.nodes[number] for number in step.reductions]
        sample = Body(self.loop.arithmetic, self.lanes)
        sums = [accumulator(self.graph, number, sample) for number in step.reductions]

        def entries(values: EntryValues) -> list[str]:
            found = []
            for node in nodes:
                entry = values.value(node.arguments[0])
                if node.operation == "first":
                    entry = _place_of(values, entry, node.arguments[1])
                found.append(entry)
            if self.kept and self.kept[1] == self.place:
                self.store(values.body, values.value(self.kept[0]))
            return found

        found = self._pass(step.guard, sums, entries)
        self.row.names |= dict(zip(step.reductions, found, strict=True))
        for number in step.reductions:
            if number in self.tops:
                self.after_top(self.row.value(number))

    def _keeps_digits(self) -> bool:
        """Tell whether entries are kept as they were computed."""
        return self.loop.memory == self.loop.arithmetic.scalar

    @abstractmethod
    def finish(self) -> None:
        """Write what brings entries of the result to where they belong."""

    @abstractmethod
    def after_top(self, top: str) -> None:
        """Write what must be done where the largest entry is infinite."""

    def _pass(self, guard: int | None, sums: Sequence[Accumulator], entries: Entries) -> list[str]:
        bodies = self.bodies(entries)
        return self.over_entries(sums, bodies, None if guard is None else self.row.value(guard))

    def _write_entries(self) -> None:
        def entries(values: EntryValues) -> list[str]:
            self.store(values.body, values.value(self.program.result))
            return []

        self._pass(None, [], entries)

    # -- pieces ------------------------------------------------------------------------------------

    def new_body(
        self, arithmetic: Arithmetic, lanes: int, block: str, *, is_careful: bool = True
    ) -> Body:
        """Return a body, which begins in this block and whose names no other body has."""
        body = Body(arithmetic, lanes, is_careful=is_careful)
        body.block = block
        self._bodies += 1
        body._count = _APART * self._bodies
        return body

    @property
    def block(self) -> str:
        """The block that is being written."""
        return self.row.body.block

    def label(self, name: str, *, is_reached: bool = True) -> None:
        """Begin a block, which the one before reaches as a rule."""
        self.lines += [f"  br label %{name}"] * is_reached + [f"{name}:"]
        self.row.body.block = name

    def values(self, body: Body) -> EntryValues:
        """Return the values of a vector of entries; what is kept is not computed again."""
        values = EntryValues(
            self.row,
            body,
            self.spread,
            lambda slot: self.load(body, slot),
            is_rare=self.is_rare,
        )
        if self.kept and self.kept[1] < self.place:
            values.names[self.kept[0]] = self.load(body, -2)
        return values

    def flush(self) -> None:
        """Write what was computed of the row since the last time."""
        body = self.row.body
        self.lines += body.lines
        body.lines.clear()

    def collect(self, body: Body) -> None:
        """Remember what a body needs besides its lines."""
        self.declarations |= body.declarations
        self.helpers |= body.helpers


def _place_of(values: EntryValues, entry: str, wanted: int) -> str:
    """Return the places of entries that equal a number, infinite elsewhere; NaN counts as equal."""
    b = values.body
    is_it = b.logic(
        "or", b.compare("oeq", entry, values.value(wanted)), b.compare("uno", entry, entry)
    )
    return b.select(is_it, values.given(-1), b.number(float("inf")))
