"""Kernels: the functions that compute whole vectors, and the work that threads are handed."""

from collections.abc import Iterator

from symacts.numeric.llvm.interleave import interleave
from symacts.numeric.llvm.ir import Body
from symacts.numeric.llvm.layout import BLOCK, Loop, Machine
from symacts.numeric.llvm.lower import lower
from symacts.numeric.program import Program

__all__ = ["Kernel"]

#: From this time on, in nanoseconds for one thread, the work is shared.
_WORTH_SHARING = 40_000
# So many vectors are computed side by side, if their lines are no more than that together.
_COPIES = (4, 2)
_MOST_LINES = 800


class Kernel:
    """The function that computes whole vectors; with *varies* the parameters are arrays too."""

    def __init__(self, program: Program, loop: Loop, machine: Machine, *, varies: bool) -> None:
        self.program = program
        self.loop = loop
        self.varies = varies
        self.name = f"{loop.name}_{'varying' if varies else 'kernel'}"
        self.lanes = machine.vector_bits // loop.arithmetic.bits
        self.body = Body(loop.arithmetic, self.lanes)
        self.parameters = range(program.arrays, len(program.inputs))
        self.results = [self._lower(0)]
        self.copies = self._fitting_copies()
        parts = [tuple(self.body.lines)]
        for copy in range(1, self.copies):
            written = len(self.body.lines)
            self.results.append(self._lower(copy))
            parts.append(tuple(self.body.lines[written:]))
        self.body.lines = interleave(parts)

    @property
    def elements_worth_sharing(self) -> int:
        """How many elements take one thread about as long as it is worth to call others."""
        nanoseconds = max(1, len(self.body.lines)) / (10.0 * self.lanes * self.copies)
        return max(4096, int(_WORTH_SHARING / nanoseconds))

    def _fitting_copies(self) -> int:
        """Return how many copies of the body there are; one with branches cannot be woven."""
        if self.body.block != "loop":
            return 1
        lines = len(self.body.lines)
        return next((count for count in _COPIES if count * lines <= _MOST_LINES), 1)

    def _lower(self, copy: int) -> list[str]:
        arrays = [f"%x{index}.{copy}" for index in range(self.program.arrays)]
        return lower(
            self.program, self.body, [*arrays, *(self._parameter(p, copy) for p in self.parameters)]
        )

    def _parameter(self, index: int, copy: int) -> str:
        return f"%x{index}.{copy}" if self.varies else f"%p{index}"

    def text(self) -> str:
        """Return the function and its work."""
        return "\n".join([*self._lines(), _work(self.name)])

    def _lines(self) -> Iterator[str]:
        inputs, outputs = len(self.program.inputs), len(self.program.results)
        yield f"define internal void @{self.name}(ptr %context, i64 %start, i64 %stop) #0 {{"
        yield "entry:"
        for slot in range(inputs + outputs):
            kind = "double" if slot in self.parameters and not self.varies else "ptr"
            yield from _slot(slot, kind)
        if not self.varies:
            for index in self.parameters:
                yield from self._splat(index)
        yield "  %some = icmp slt i64 %start, %stop"
        yield "  br i1 %some, label %loop, label %done"
        yield "loop:"
        yield f"  %i = phi i64 [ %start, %entry ], [ %next, %{self.body.block} ]"
        for copy in range(self.copies):
            yield f"  %i.{copy} = add i64 %i, {copy * self.lanes}"
            for index in range(inputs if self.varies else self.program.arrays):
                yield from self._load(index, copy)
        yield from self.body.lines
        for copy, results in enumerate(self.results):
            for index, result in enumerate(results):
                yield from self._store(inputs + index, copy, result)
        yield f"  %next = add i64 %i, {self.lanes * self.copies}"
        yield "  %more = icmp slt i64 %next, %stop"
        yield "  br i1 %more, label %loop, label %done"
        yield "done:\n  ret void\n}"

    def _splat(self, index: int) -> Iterator[str]:
        """Write a parameter into all lanes."""
        scalar, one = self.loop.arithmetic.scalar, f"%s{index}"
        if scalar == "float":
            yield f"  %r{index} = fptrunc double {one} to float"
            one = f"%r{index}"
        vector = self.body.type
        yield f"  %q{index} = insertelement {vector} poison, {scalar} {one}, i64 0"
        yield (
            f"  %p{index} = shufflevector {vector} %q{index}, {vector} poison,"
            f" <{self.lanes} x i32> zeroinitializer"
        )

    def _load(self, index: int, copy: int) -> Iterator[str]:
        memory = "double" if index in self.parameters else self.loop.memory
        yield from self._convert(
            f"load <{self.lanes} x {memory}>, ptr %a{index}.{copy}, align {_size(memory)}",
            (memory, self.loop.arithmetic.scalar),
            f"%x{index}.{copy}",
            f"  %a{index}.{copy} = getelementptr {memory}, ptr %s{index}, i64 %i.{copy}",
        )

    def _convert(self, load: str, kinds: tuple[str, str], name: str, address: str) -> Iterator[str]:
        yield address
        memory, scalar = kinds
        if memory == scalar:
            yield f"  {name} = {load}"
            return
        yield f"  {name}.m = {load}"
        operation = "fpext" if memory == "float" else "fptrunc"
        lanes = self.lanes
        yield f"  {name} = {operation} <{lanes} x {memory}> {name}.m to <{lanes} x {scalar}>"

    def _store(self, slot: int, copy: int, result: str) -> Iterator[str]:
        memory, scalar, lanes = self.loop.memory, self.loop.arithmetic.scalar, self.lanes
        name = f"%y{slot}.{copy}"
        yield f"  {name}.a = getelementptr {memory}, ptr %s{slot}, i64 %i.{copy}"
        if memory != scalar:
            yield f"  {name} = fptrunc <{lanes} x {scalar}> {result} to <{lanes} x {memory}>"
            result = name
        yield f"  store <{lanes} x {memory}> {result}, ptr {name}.a, align {self.loop.size}"


def _size(memory: str) -> int:
    return 4 if memory == "float" else 8


def _slot(slot: int, kind: str, prefix: str = "") -> Iterator[str]:
    """Read a slot of a context."""
    yield f"  %c{prefix}{slot} = getelementptr i64, ptr %context, i64 {slot}"
    yield f"  %s{prefix}{slot} = load {kind}, ptr %c{prefix}{slot}, align 8"


def _work(kernel: str) -> str:
    """Return the function that a thread runs: whole blocks, and no flag is left behind."""
    return f"""
define internal void @{kernel}_work(ptr %context, i64 %start, i64 %stop) #0 {{
  %environment = alloca [256 x i8], align 16
  %start.up = add i64 %start, {BLOCK - 1}
  %first = and i64 %start.up, -{BLOCK}
  %stop.up = add i64 %stop, {BLOCK - 1}
  %last = and i64 %stop.up, -{BLOCK}
  call void @keep(ptr %environment)
  call void @{kernel}(ptr %context, i64 %first, i64 %last)
  call void @restore(ptr %environment)
  ret void
}}"""
