"""Kernels: the functions that compute whole vectors, and the work that threads are handed."""

from collections.abc import Iterator

from symacts.numeric.llvm.interleave import interleave, split_constant
from symacts.numeric.llvm.ir import Body
from symacts.numeric.llvm.layout import BLOCK, Loop, Machine
from symacts.numeric.llvm.lower import lower
from symacts.numeric.lowering.program import Program

__all__ = ["Kernel"]

#: From this time on, in nanoseconds for one thread, the work is shared.
_WORTH_SHARING = 40_000
# So many vectors are computed side by side, if their lines are no more than that together.
_COPIES = (4, 2)
_MOST_LINES = 800


class Kernel:
    """The function that computes whole vectors; with *varies* the parameters are arrays too.

    Vectors with inputs that are rare and take long, such as the sine of a huge number, are left to
    a second function, the *careful* one, which computes one vector after the other with branches.
    """

    def __init__(
        self,
        program: Program,
        loop: Loop,
        machine: Machine,
        *,
        varies: bool,
        is_careful: bool = False,
    ) -> None:
        self.program = program
        self.loop = loop
        self.varies = varies
        self.name = f"{loop.name}_{'varying' if varies else 'kernel'}{'_careful' * is_careful}"
        self.lanes = machine.vector_bits // loop.arithmetic.bits
        self.body = Body(loop.arithmetic, self.lanes, is_careful=is_careful)
        self.parameters = range(program.arrays, len(program.inputs))
        self.results = [self._lower(0)]
        self.copies = self._fitting_copies()
        parts = [self.body.lines[:]]
        for copy in range(1, self.copies):
            written = len(self.body.lines)
            self.results.append(self._lower(copy))
            parts.append(self.body.lines[written:])
        self.constant: list[str] = []
        if not is_careful:
            self.constant, parts[0] = split_constant(parts[0])
            self.body.lines = interleave(parts)
        self.careful = None
        if self.body.conditions:
            self.is_usual = self._all_conditions()
            self.careful = Kernel(program, loop, machine, varies=varies, is_careful=True)

    @property
    def declarations(self) -> set[str]:
        """What the text must declare."""
        return self.body.declarations | (self.careful.declarations if self.careful else set())

    @property
    def helpers(self) -> set[tuple[str, str, int]]:
        """The functions that must be defined besides."""
        return self.body.helpers | (self.careful.helpers if self.careful else set())

    @property
    def cost(self) -> float:
        """Estimate how long an element takes, as instructions of the most frequent kind.

        Products, divisions and conversions take more than one share.  The weights are measured.
        """
        lines = self.body.lines
        products = sum("fmul" in line or "llvm.fma" in line for line in lines)
        divisions = sum("fdiv" in line or "llvm.sqrt" in line for line in lines)
        is_converted = self.loop.memory != self.loop.arithmetic.scalar
        operands = self.copies * (self.program.arrays + len(self.program.results))
        work = len(lines) + products + (6 if self.is_narrow else 10) * divisions
        return (work + 3 * operands * is_converted) / (self.copies * self.lanes)

    @property
    def is_narrow(self) -> bool:
        """Tell whether float64 parameters are rounded, so that they have rests."""
        return self.loop.arithmetic.scalar == "float"

    @property
    def elements_worth_sharing(self) -> int:
        """How many elements take one thread about as long as it is worth to call others."""
        nanoseconds = max(1, len(self.body.lines)) / (10.0 * self.lanes * self.copies)
        return max(4096, int(_WORTH_SHARING / nanoseconds))

    def _fitting_copies(self) -> int:
        """Return how many copies of the body there are; one with branches cannot be woven."""
        if self.body.is_careful:
            return 1
        lines = len(self.body.lines)
        return next((count for count in _COPIES if count * lines <= _MOST_LINES), 1)

    def _lower(self, copy: int) -> list[str]:
        arrays = [f"%x{index}.{copy}" for index in range(self.program.arrays)]
        parameters = {p: self._parameter(p, copy) for p in self.parameters}
        rests = {p: f"{name}.rest" for p, name in parameters.items()} if self.is_narrow else {}
        return lower(self.program, self.body, [*arrays, *parameters.values()], rests)

    def _parameter(self, index: int, copy: int) -> str:
        return f"%x{index}.{copy}" if self.varies else f"%p{index}"

    def text(self) -> str:
        """Return the function and its work."""
        careful = self.careful.lines() if self.careful else ()
        return "\n".join([*careful, *self.lines(), _work(self.name)])

    def lines(self) -> Iterator[str]:
        """Write the function."""
        inputs, outputs = len(self.program.inputs), len(self.program.results)
        yield f"define internal void @{self.name}(ptr %context, i64 %start, i64 %stop) #0 {{"
        yield "entry:"
        for slot in range(inputs + outputs):
            kind = "double" if slot in self.parameters and not self.varies else "ptr"
            yield from _slot(slot, kind)
        if not self.varies:
            for index in self.parameters:
                yield from self._splat(index)
        yield from self.constant
        yield "  %some = icmp slt i64 %start, %stop"
        yield "  br i1 %some, label %loop, label %done"
        yield "loop:"
        last = "after" if self.careful else self.body.block
        yield f"  %i = phi i64 [ %start, %entry ], [ %next, %{last} ]"
        for copy in range(self.copies):
            yield f"  %i.{copy} = add i64 %i, {copy * self.lanes}"
            for index in range(inputs if self.varies else self.program.arrays):
                yield from self._load(index, copy)
        yield from self.body.lines
        if self.careful:
            yield f"  br i1 {self.is_usual}, label %usual, label %rare, !prof !0"
            yield "rare:"
            yield f"  %end = add i64 %i, {self.lanes * self.copies}"
            yield f"  call void @{self.careful.name}(ptr %context, i64 %i, i64 %end)"
            yield "  br label %after"
            yield "usual:"
        for copy, results in enumerate(self.results):
            for index, result in enumerate(results):
                yield from self._store(inputs + index, copy, result)
        if self.careful:
            yield "  br label %after"
            yield "after:"
        yield f"  %next = add i64 %i, {self.lanes * self.copies}"
        yield "  %more = icmp slt i64 %next, %stop"
        yield "  br i1 %more, label %loop, label %done"
        yield "done:\n  ret void\n}"

    def _all_conditions(self) -> str:
        """Return whether all that must hold does hold."""
        truth, *others = dict.fromkeys(self.body.conditions)
        for other in others:
            truth = self.body.logic("and", truth, other)
        return self.body.holds_everywhere(truth)

    def _splat(self, index: int) -> Iterator[str]:
        """Write a parameter into all lanes, and what rounding leaves out of it."""
        scalar, parts = self.loop.arithmetic.scalar, {f"%p{index}": f"%s{index}"}
        if self.is_narrow:
            yield from _halve("double", "float", f"%s{index}", f"%r{index}")
            parts = {f"%p{index}": f"%r{index}", f"%p{index}.rest": f"%r{index}.rest"}
        vector = self.body.type
        for name, one in parts.items():
            yield f"  {name}.q = insertelement {vector} poison, {scalar} {one}, i64 0"
            yield (
                f"  {name} = shufflevector {vector} {name}.q, {vector} poison,"
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
        narrow, wide = (f"<{self.lanes} x {kind}>" for kind in (scalar, memory))
        if memory == "float":
            yield f"  {name} = fpext {wide} {name}.m to {narrow}"
        else:
            yield from _halve(wide, narrow, f"{name}.m", name)

    def _store(self, slot: int, copy: int, result: str) -> Iterator[str]:
        memory, scalar, lanes = self.loop.memory, self.loop.arithmetic.scalar, self.lanes
        name = f"%y{slot}.{copy}"
        yield f"  {name}.a = getelementptr {memory}, ptr %s{slot}, i64 %i.{copy}"
        if memory != scalar:
            yield f"  {name} = fptrunc <{lanes} x {scalar}> {result} to <{lanes} x {memory}>"
            result = name
        yield f"  store <{lanes} x {memory}> {result}, ptr {name}.a, align {self.loop.size}"


def _halve(wide: str, narrow: str, value: str, name: str) -> Iterator[str]:
    """Round to float32, and say what that leaves out."""
    yield f"  {name} = fptrunc {wide} {value} to {narrow}"
    yield f"  {name}.back = fpext {narrow} {name} to {wide}"
    yield f"  {name}.left = fsub {wide} {value}, {name}.back"
    yield f"  {name}.rest = fptrunc {wide} {name}.left to {narrow}"


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
