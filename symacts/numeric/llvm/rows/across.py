"""Short rows, one in each lane: their entries are brought into columns, and back."""

from collections.abc import Iterator, Sequence

from symacts.numeric.llvm.ir import DOUBLE, Body
from symacts.numeric.llvm.layout import Loop
from symacts.numeric.llvm.rows.kernel import Entries, RowKernel
from symacts.numeric.llvm.rows.memory import load_some, mask, phis, splat, store_some, transposed
from symacts.numeric.llvm.rows.sums import Accumulator, updated
from symacts.numeric.llvm.rows.trace import RowProgram

__all__ = ["SHORT_ROW", "AcrossRows"]

#: Up to so many entries, rows lie in lanes.
SHORT_ROW = 31
# Room for columns, the last ones of which may belong to no entry.
_ROOM = 32

Bodies = Sequence[tuple[Body, list[str]]]


class AcrossRows(RowKernel):
    """As many rows as there are lanes; the last one fills lanes that are left over."""

    def __init__(self, program: RowProgram, loop: Loop, lanes: int, name: str) -> None:
        super().__init__(program, loop, lanes, name)
        self.row_lanes = lanes
        if loop.arithmetic.bits == DOUBLE.bits:
            self.row_arithmetic = loop.arithmetic
        self.type = f"<{lanes} x {loop.arithmetic.scalar}>"
        self.entries = [k for k, kind in enumerate(program.inputs) if kind == "entry"]
        self.numbers = [k for k, kind in enumerate(program.inputs) if kind == "number"]

    def begin(self) -> dict[int, str]:
        """Write the head, and the loop that makes columns of rows."""
        lanes, slots = self.lanes, range(len(self.program.inputs))
        self.lines += [
            *self.head(),
            *(f"  %c{slot} = alloca [{_ROOM} x {self.type}], align 64" for slot in self.entries),
            f"  %c = alloca [{_ROOM} x {self.type}], align 64",
            "  %last = sub i64 %count, 1",
        ]
        for lane in range(self.lanes):
            self.lines += [
                f"  %inside{lane} = icmp slt i64 {lane}, %last",
                f"  %lane{lane} = select i1 %inside{lane}, i64 {lane}, i64 %last",
                *(line for slot in slots for line in self._pointer(f"in{slot}", f"by{slot}", lane)),
                *self._pointer("out", "by", lane),
            ]
        numbers = {}
        for slot in self.numbers:
            numbers[slot] = self._gathered(slot)
        self.flush()
        self.lines += self._brought_in()
        self.row.body.block = "start"
        self.lines.append("  %size = sitofp i64 %n to double")
        self.lines += splat("%size.s", "double", "%size", lanes)
        return {-1: "%size.s", **numbers}

    def finish(self) -> None:
        """Write the loop that makes rows of columns."""
        self.lines += self._taken_out()

    def after_top(self, top: str) -> None:
        """Infinite entries are always minded."""

    def _brought_in(self) -> Iterator[str]:
        """Write the loop that makes columns of rows, a square at a time."""
        lanes, memory = self.lanes, f"<{self.lanes} x {self.loop.memory}>"
        yield from self._squares("in", "entry")
        for slot in self.entries:
            rows = []
            for lane in range(lanes):
                name = f"%row{slot}.{lane}"
                start = f"ptr %in{slot}.{lane}"
                yield f"  {name}.a = getelementptr {self.loop.memory}, {start}, i64 %in.k"
                text, declaration = load_some(self.loop, lanes, f"{name}.a", "%in.mask")
                self.declarations.add(declaration)
                yield f"  {name}.m = {text}"
                rows.append(f"{name}.m")
                if memory != self.type:
                    yield f"  {name} = fpext {memory} {name}.m to {self.type}"
                    rows[-1] = name
            lines, columns = transposed(rows, self.type, f"in{slot}")
            yield from lines
            for lane, column in enumerate(columns):
                yield f"  %c{slot}.k{lane} = add i64 %in.k, {lane}"
                yield (
                    f"  %c{slot}.a{lane} = getelementptr {self.type}, ptr %c{slot},"
                    f" i64 %c{slot}.k{lane}"
                )
                yield f"  store {self.type} {column}, ptr %c{slot}.a{lane}, align 64"
        yield from self._next_square("in", "start")

    def _taken_out(self) -> Iterator[str]:
        """Write the loop that makes rows of columns."""
        lanes, memory = self.lanes, f"<{self.lanes} x {self.loop.memory}>"
        yield from self._squares("out", self.block)
        for lane in range(lanes):
            yield f"  %out.k{lane} = add i64 %out.k, {lane}"
            yield f"  %out.a{lane} = getelementptr {self.type}, ptr %c, i64 %out.k{lane}"
            yield f"  %out.c{lane} = load {self.type}, ptr %out.a{lane}, align 64"
        columns = [f"%out.c{lane}" for lane in range(lanes)]
        lines, rows = transposed(columns, self.type, "out")
        yield from lines
        for lane, row in enumerate(rows):
            value = row
            if memory != self.type:
                value = f"%out.m{lane}"
                yield f"  {value} = fptrunc {self.type} {row} to {memory}"
            yield f"  %out.r{lane} = getelementptr {self.loop.memory}, ptr %out.{lane}, i64 %out.k"
            text, declaration = store_some(self.loop, lanes, value, f"%out.r{lane}", "%out.mask")
            self.declarations.add(declaration)
            yield f"  {text}"
        yield from self._next_square("out", "written")

    def _squares(self, name: str, before: str) -> Iterator[str]:
        yield f"  br label %{name}.loop"
        yield f"{name}.loop:"
        yield f"  %{name}.k = phi i64 [ 0, %{before} ], [ %{name}.next, %{name}.loop ]"
        yield f"  %{name}.left = sub i64 %n, %{name}.k"
        yield from mask(f"%{name}.mask", f"%{name}.left", self.lanes)

    def _next_square(self, name: str, after: str) -> Iterator[str]:
        yield f"  %{name}.next = add i64 %{name}.k, {self.lanes}"
        yield f"  %{name}.more = icmp slt i64 %{name}.next, %n"
        yield f"  br i1 %{name}.more, label %{name}.loop, label %{after}"
        yield f"{after}:"

    def _keeps_digits(self) -> bool:
        return True

    def _pointer(self, name: str, by: str, lane: int) -> list[str]:
        return [
            f"  %o.{name}.{lane} = mul i64 %lane{lane}, %{by}",
            f"  %{name}.{lane} = getelementptr i8, ptr %{name}, i64 %o.{name}.{lane}",
        ]

    def _gathered(self, slot: int) -> str:
        """Write the number that is given for each row into its lane."""
        row, memory, vector = self.row.body, self.loop.memory, "poison"
        kind = f"<{self.lanes} x {memory}>"
        for lane in range(self.lanes):
            value = row.line(f"load {memory}, ptr %in{slot}.{lane}, align {self.loop.size}")
            vector = row.line(f"insertelement {kind} {vector}, {memory} {value}, i64 {lane}")
        return vector if kind == row.type else row.line(f"fpext {kind} {vector} to {row.type}")

    # -- memory ------------------------------------------------------------------------------------

    def load(self, body: Body, slot: int) -> str:
        """Write a column of an input, or of what was kept, or the place of its entries."""
        at = f"%i{self.place}"
        if slot == -1:
            kind = body.arithmetic.scalar
            first = body.line(f"sitofp i64 {at} to {kind}")
            start = body.line(f"insertelement {body.type} poison, {kind} {first}, i64 0")
            return body.line(
                f"shufflevector {body.type} {start}, {body.type} poison,"
                f" <{self.lanes} x i32> zeroinitializer"
            )
        pointer = "%c" if slot == -2 else f"%c{slot}"
        address = body.line(f"getelementptr {self.type}, ptr {pointer}, i64 {at}")
        value = body.fresh()
        body.lines.append(f"  {value} = load {self.type}, ptr {address}, align 64")
        return value

    def store(self, body: Body, value: str) -> None:
        """Write a column of the result."""
        address = body.line(f"getelementptr {self.type}, ptr %c, i64 %i{self.place}")
        body.lines.append(f"  store {self.type} {value}, ptr {address}, align 64")

    def store_number(self, value: str) -> None:
        """Write the number of each row to where it belongs."""
        row, memory = self.row.body, self.loop.memory
        kind = f"<{self.lanes} x {memory}>"
        if kind != row.type:
            value = row.line(f"fptrunc {row.type} {value} to {kind}")
        for lane in range(self.lanes):
            one = row.line(f"extractelement {kind} {value}, i64 {lane}")
            row.lines.append(f"  store {memory} {one}, ptr %out.{lane}, align {self.loop.size}")
        self.flush()

    def _some_row(self, value: str) -> str:
        """Write whether a number is not zero for one of the rows."""
        row = self.row.body
        is_none = row.compare("oeq", value, row.number(0.0))
        every = row.holds_everywhere(is_none)
        return row.line(f"xor i1 {every}, true")

    def spread(self, value: str) -> str:
        """Return numbers of rows as they are computed with beside entries."""
        row = self.row.body
        if self.type == row.type:
            return value
        return row.line(f"fptrunc {row.type} {value} to {self.type}")

    # -- loops -------------------------------------------------------------------------------------

    def bodies(self, entries: Entries) -> Bodies:
        """Return the one body, for a column."""
        body = self.new_body(self.loop.arithmetic, self.lanes, f"loop{self.place}")
        found = entries(self.values(body))
        self.collect(body)
        return [(body, found)]

    def over_entries(
        self, sums: Sequence[Accumulator], bodies: Bodies, guard: str | None
    ) -> list[str]:
        """Write the loop over columns, and a branch around it if there is a guard."""
        some = None if guard is None else self._some_row(guard)
        self.flush()
        k, starts = self.place, [start for one in sums for start in one.starts()]
        before, past = f"before{k}", f"past{k}"
        self.label(before)
        if some is not None:
            self.lines.append(f"  br i1 {some}, label %within{k}, label %{past}")
            self.label(f"within{k}", is_reached=False)
        state = self._loop(sums, bodies[0])
        if some is not None:
            last = self.block
            self.label(past)
            merged = [f"%merged{k}.{part}" for part in range(len(starts))]
            kinds, before_any = zip(*starts, strict=True)
            self.lines += phis(merged, kinds, (before_any, before), (state, last))
            state = merged
        found = []
        for one in sums:
            count = len(one.starts())
            found.append(one.close(self.row.body, state[:count]))
            state = state[count:]
        return found

    def _loop(self, sums: Sequence[Accumulator], found: tuple[Body, list[str]]) -> list[str]:
        k, (body, entries) = self.place, found
        before, loop, after = self.block, f"loop{k}", f"end{k}"
        self.label(loop)
        starts = [start for one in sums for start in one.starts()]
        names = [f"%s{k}.{part}" for part in range(len(starts))]
        new = updated(sums, body, names, [(entry,) for entry in entries])
        self.collect(body)
        kinds, first = [kind for kind, _ in starts], [start for _, start in starts]
        self.lines += phis(
            [f"%i{k}", *names],
            ["i64", *kinds],
            (["0", *first], before),
            ([f"%next{k}", *new], body.block),
        )
        self.lines += [
            *body.lines,
            f"  %next{k} = add i64 %i{k}, 1",
            f"  %more{k} = icmp slt i64 %next{k}, %n",
            f"  br i1 %more{k}, label %{loop}, label %{after}",
        ]
        self.label(after, is_reached=False)
        return new
