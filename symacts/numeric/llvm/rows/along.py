"""Some rows after each other, the entries of each side by side in the lanes of vectors.

A pass goes over all of the rows before the next one begins.  So what is computed of rows between
passes is computed for all of them at once, each in a lane.
"""

from collections.abc import Sequence

from symacts.numeric.llvm.ir import DOUBLE, Body
from symacts.numeric.llvm.layout import Loop
from symacts.numeric.llvm.rows.loops import Bodies, RowLoops
from symacts.numeric.llvm.rows.memory import load_some, splat, store_some
from symacts.numeric.llvm.rows.sums import Accumulator
from symacts.numeric.llvm.rows.trace import RowProgram

__all__ = ["AlongRow"]

# To foresee whether a row with fewer entries is left out fails too often to be worth it.
_QUICK = 256


class AlongRow(RowLoops):
    """Several vectors at a time, then single ones, of which the last is filled in part.

    Rare rows, with an infinite entry that is the largest, have a function of their own, which gives
    the same for others.
    """

    def __init__(
        self, program: RowProgram, loop: Loop, lanes: int, name: str, *, is_rare: bool, copies: int
    ) -> None:
        """Take how many vectors are computed side by side."""
        super().__init__(program, loop, lanes, name, copies)
        self.is_rare = is_rare
        self.memory = f"<{lanes} x {loop.memory}>"
        self._before: list[str] = []
        self._spread: dict[str, str] = {}
        self._memory: dict[str, str] = {}
        self._slots = 0

    def begin(self) -> dict[int, str]:
        """Write the head, which says what rows there are."""
        lanes = self.row_lanes
        counted = ", ".join(f"i32 {lane}" for lane in range(lanes))
        self.lines += [
            *self.head(),
            "  %last = sub i64 %count, 1",
            "  %count.i = trunc i64 %count to i32",
            *splat("%count.s", "i32", "%count.i", lanes),
            f"  %outside = icmp sge <{lanes} x i32> <{counted}>, %count.s",
            "  %size = sitofp i64 %n to double",
            *splat("%size.s", "double", "%size", lanes),
        ]
        kinds = enumerate(self.program.inputs)
        return {-1: "%size.s", **{k: self._numbers(k) for k, kind in kinds if kind == "number"}}

    def _numbers(self, slot: int) -> str:
        """Write a number that is given for each row; the last one stands for those beyond."""
        row, vector = self.row.body, "poison"
        for lane in range(self.row_lanes):
            is_inside = row.line(f"icmp slt i64 {lane}, %last")
            at = row.line(f"select i1 {is_inside}, i64 {lane}, i64 %last")
            offset = row.line(f"mul i64 {at}, %by{slot}")
            address = row.line(f"getelementptr i8, ptr %in{slot}, i64 {offset}")
            value = row.line(f"load {self.loop.memory}, ptr {address}, align {self.loop.size}")
            if self.loop.memory == "float":
                value = row.line(f"fpext float {value} to double")
            vector = row.line(f"insertelement {row.type} {vector}, double {value}, i64 {lane}")
        return vector

    def finish(self) -> None:
        """Entries are stored where they belong."""

    def after_top(self, top: str) -> None:
        """Hand over to the function for rare rows."""
        if self.is_rare:
            return
        row, place = self.row.body, f"{self.place}.{self.row.body._count}"
        is_infinite = row.compare("oeq", row.absolute(top), row.number(float("inf")))
        some = self._some_inside(is_infinite)
        slots = range(len(self.program.inputs))
        given = "".join(f"ptr %in{slot}, i64 %by{slot}, " for slot in slots)
        row.lines += [
            f"  br i1 {some}, label %rare{place}, label %usual{place}, !prof !1",
            f"rare{place}:",
            f"  call void @{self.name}_rare({given}ptr %out, i64 %by, i64 %count, i64 %n)",
            "  ret void",
            f"usual{place}:",
        ]
        row.block = f"usual{place}"

    def _some_inside(self, truth: str) -> str:
        """Write whether something is true of a row that is there."""
        row = self.row.body
        is_inside = row.logic("xor", "%outside", row.truth(value=True))
        reduce = f"@llvm.vector.reduce.or.v{row.lanes}i1"
        row.declarations.add(f"declare i1 {reduce}({row.truths})")
        return row.line(f"call i1 {reduce}({row.truths} {row.logic('and', truth, is_inside)})")

    def spread(self, value: str) -> str:
        """Numbers of rows go through memory, from where one is read into all lanes."""
        if value not in self._spread:
            kind, lanes = self.loop.arithmetic.scalar, self.lanes
            name = f"%spread{self.place}.{len(self._spread)}"
            self._before += [
                f"  {name}.a = getelementptr {kind}, ptr {self._stored(value)}, i64 %r{self.place}",
                f"  {name}.s = load {kind}, ptr {name}.a, align {self.loop.arithmetic.bits // 8}",
                *splat(name, kind, f"{name}.s", lanes),
            ]
            self._spread[value] = name
        return self._spread[value]

    def _stored(self, value: str) -> str:
        """Return where a number of rows lies in memory, as it is needed beside entries."""
        if value not in self._memory:
            row, stored, kind = self.row.body, value, self.row.body.type
            if self.loop.arithmetic.scalar == "float":
                kind = f"<{row.lanes} x float>"
                stored = row.line(f"fptrunc {row.type} {value} to {kind}")
            self._memory[value] = self._new_slot()
            row.lines.append(f"  store {kind} {stored}, ptr {self._memory[value]}, align 64")
        return self._memory[value]

    def _new_slot(self) -> str:
        """Return memory for a number of each row."""
        name = f"%slot{self._slots}"
        self._slots += 1
        # What stands at the beginning of a function belongs to its frame.
        self.lines.insert(2, f"  {name} = alloca <{self.row_lanes} x double>, align 64")
        return name

    # -- memory ------------------------------------------------------------------------------------

    def load(self, body: Body, slot: int) -> str:
        """Write a vector of an input, or of what was kept, or the places of its entries."""
        lanes, at = self.lanes, self.at
        if slot == -1:
            return self._places(body)
        pointer = f"%o{self.place}" if slot == -2 else f"%p{self.place}.{slot}"
        address = body.line(f"getelementptr {self.loop.memory}, ptr {pointer}, i64 {at}")
        if self.mask:
            text, declaration = load_some(self.loop, lanes, address, self.mask)
            body.declarations.add(declaration)
        else:
            text = f"load {self.memory}, ptr {address}, align {self.loop.size}"
        value = body.fresh()
        body.lines.append(f"  {value} = {text}")
        if self.loop.memory == body.arithmetic.scalar:
            return value
        return body.line(f"fpext {self.memory} {value} to {body.type}")

    def _places(self, body: Body) -> str:
        kind = body.arithmetic.scalar
        first = body.line(f"sitofp i64 {self.at} to {kind}")
        start = body.line(f"insertelement {body.type} poison, {kind} {first}, i64 0")
        spread = body.line(
            f"shufflevector {body.type} {start}, {body.type} poison,"
            f" <{self.lanes} x i32> zeroinitializer"
        )
        counted = (
            "<"
            + ", ".join(f"{body.arithmetic.scalar} {float(k)!r}" for k in range(self.lanes))
            + ">"
        )
        return body.add(spread, counted)

    def store(self, body: Body, value: str) -> None:
        """Write a vector of the result."""
        lanes = self.lanes
        if self.loop.memory != body.arithmetic.scalar:
            value = body.line(f"fptrunc {body.type} {value} to {self.memory}")
        address = body.line(f"getelementptr {self.loop.memory}, ptr %o{self.place}, i64 {self.at}")
        if not self.mask:
            to = f"ptr {address}, align {self.loop.size}"
            body.lines.append(f"  store {self.memory} {value}, {to}")
            return
        text, declaration = store_some(self.loop, lanes, value, address, self.mask)
        body.declarations.add(declaration)
        body.lines.append(f"  {text}")

    def store_number(self, value: str) -> None:
        """Write the loop that brings the number of each row to where it belongs."""
        slot, kind = self._stored(value), self.loop.arithmetic.scalar
        self.flush()
        before = self.block
        self.label("numbers")
        result = "%one"
        self.lines += [
            f"  %r = phi i64 [ 0, %{before} ], [ %r.next, %numbers ]",
            f"  %one.a = getelementptr {kind}, ptr {slot}, i64 %r",
            f"  %one = load {kind}, ptr %one.a, align {self.loop.arithmetic.bits // 8}",
            "  %to.o = mul i64 %r, %by",
            "  %to = getelementptr i8, ptr %out, i64 %to.o",
        ]
        if self.loop.memory != kind:
            self.lines.append("  %one.f = fptrunc double %one to float")
            result = "%one.f"
        self.lines += [
            f"  store {self.loop.memory} {result}, ptr %to, align {self.loop.size}",
            "  %r.next = add i64 %r, 1",
            "  %r.more = icmp slt i64 %r.next, %count",
            "  br i1 %r.more, label %numbers, label %written",
        ]
        self.label("written", is_reached=False)

    # -- passes ------------------------------------------------------------------------------------

    def over_entries(
        self, sums: Sequence[Accumulator], bodies: Bodies, guard: str | None
    ) -> list[str]:
        """Write the loop over rows, and in it those over entries."""
        k, row = self.place, self.row.body
        slots = [self._new_slot() for _ in sums]
        check, some = [], ""
        if guard is not None:
            check = self._check(guard)
            some = self._some_inside(row.compare("une", guard, row.number(0.0)))
        row.lines += [f"  store {row.type} zeroinitializer, ptr {slot}, align 64" for slot in slots]
        self.flush()
        self.label(f"pass{k}")
        if check:
            self.lines.append(f"  br i1 {some}, label %rows{k}, label %past{k}")
        self.label(f"rows{k}", is_reached=not check)
        at = len(self.lines)
        if check:
            self.lines += check
            self.label(f"within{k}", is_reached=False)
        self.lines += [*self._pointers(), *self._before]
        self._before, self._spread = [], {}
        self._close(sums, self.over_row(sums, bodies), slots)
        self.label(f"next{k}")
        self.lines += [
            f"  %r{k}.next = add i64 %r{k}, 1",
            f"  %r{k}.more = icmp slt i64 %r{k}.next, %count",
            f"  br i1 %r{k}.more, label %rows{k}, label %past{k}",
        ]
        self.lines.insert(at, f"  %r{k} = phi i64 [ 0, %pass{k} ], [ %r{k}.next, %next{k} ]")
        self.label(f"past{k}", is_reached=False)
        return [row.line(f"load {row.type}, ptr {slot}, align 64") for slot in slots]

    def _check(self, guard: str) -> list[str]:
        """Write the branch around rows that are left out, if they are not too short for that."""
        k, kind, slot = self.place, self.loop.arithmetic.scalar, self._stored(guard)
        return [
            f"  %guard{k}.a = getelementptr {kind}, ptr {slot}, i64 %r{k}",
            f"  %guard{k} = load {kind}, ptr %guard{k}.a, align {self.loop.arithmetic.bits // 8}",
            f"  %is{k} = fcmp une {kind} %guard{k}, 0.0",
            f"  %quick{k} = icmp slt i64 %n, {_QUICK}",
            f"  %do{k} = or i1 %is{k}, %quick{k}",
            f"  br i1 %do{k}, label %within{k}, label %next{k}",
        ]

    def _pointers(self) -> list[str]:
        """Write where the row lies."""
        k, lines = self.place, []
        for slot, kind in enumerate(self.program.inputs):
            if kind == "entry":
                lines += [
                    f"  %d{k}.{slot} = mul i64 %r{k}, %by{slot}",
                    f"  %p{k}.{slot} = getelementptr i8, ptr %in{slot}, i64 %d{k}.{slot}",
                ]
        return [
            *lines,
            f"  %d{k} = mul i64 %r{k}, %by",
            f"  %o{k} = getelementptr i8, ptr %out, i64 %d{k}",
        ]

    def _close(
        self, sums: Sequence[Accumulator], state: Sequence[str], slots: Sequence[str]
    ) -> None:
        """Write what a row comes to into the memory for it."""
        body = self.new_body(DOUBLE, 1, self.block)
        for one, slot in zip(sums, slots, strict=True):
            count = len(one.starts())
            total = body.line(
                f"extractelement <1 x double> {one.close(body, state[:count])}, i64 0"
            )
            address = body.line(f"getelementptr double, ptr {slot}, i64 %r{self.place}")
            body.lines.append(f"  store double {total}, ptr {address}, align 8")
            state = state[count:]
        self.collect(body)
        self.lines += body.lines
