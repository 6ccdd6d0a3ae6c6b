"""The functions that NumPy calls: they look at strides, and bring everything to the kernels."""

from collections.abc import Iterator, Mapping

from symacts.numeric.llvm.layout import BLOCK, Loop
from symacts.numeric.lowering.program import Program

__all__ = ["copies", "write_loop"]


def copies(size: int) -> str:
    """Return the functions that bring elements with a stride into a block, and out of it.

    The last element fills what is left of a block, so that no number comes from nowhere.
    """
    kind = f"i{8 * size}"
    return f"""
define internal void @gather{size}(ptr %from, i64 %stride, i64 %count, ptr %to) noinline nounwind {{
entry:
  %last = sub i64 %count, 1
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %inside = icmp slt i64 %i, %last
  %at = select i1 %inside, i64 %i, i64 %last
  %offset = mul i64 %at, %stride
  %source = getelementptr i8, ptr %from, i64 %offset
  %value = load {kind}, ptr %source, align 1
  %target = getelementptr {kind}, ptr %to, i64 %i
  store {kind} %value, ptr %target, align {size}
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, {BLOCK}
  br i1 %more, label %loop, label %done
done:
  ret void
}}
define internal void @scatter{size}(ptr %from, ptr %to, i64 %stride, i64 %count) noinline nounwind
{{
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %source = getelementptr {kind}, ptr %from, i64 %i
  %value = load {kind}, ptr %source, align {size}
  %offset = mul i64 %i, %stride
  %target = getelementptr i8, ptr %to, i64 %offset
  store {kind} %value, ptr %target, align 1
  %next = add i64 %i, 1
  %more = icmp slt i64 %next, %count
  br i1 %more, label %loop, label %done
done:
  ret void
}}"""


def write_loop(program: Program, loop: Loop, share: int | None) -> Iterator[str]:
    """Write the function that NumPy calls; from *share* elements on threads share the work."""
    return _Writer(program, loop, share).lines()


class _Writer:
    """Numbers the operands: arrays, parameters, results.  What is not a parameter is a stream."""

    def __init__(self, program: Program, loop: Loop, share: int | None) -> None:
        self.loop = loop
        self.share = share
        self.inputs = len(program.inputs)
        self.operands = range(self.inputs + len(program.results))
        self.parameters = range(program.arrays, self.inputs)
        self.streams = [one for one in self.operands if one not in self.parameters]

    def lines(self) -> Iterator[str]:
        """Write the function."""
        name = self.loop.name
        yield f"define void @{name}(ptr %args, ptr %dims, ptr %steps, ptr %data) nounwind {{"
        yield "entry:"
        yield from self._read_operands()
        yield "  %empty = icmp slt i64 %n, 1"
        yield "  br i1 %empty, label %done, label %look"
        yield "look:"
        yield from self._look_at_steps()
        if self.parameters:
            yield from self._fill_in_parameters()
        yield from self._whole_blocks()
        yield from self._other_blocks()
        yield "done:\n  ret void\n}"

    def _read_operands(self) -> Iterator[str]:
        """Write the pointers and steps of the operands, and room for the context and blocks."""
        yield f"  %context = alloca [{len(self.operands)} x i64], align 16"
        for one in self.operands:
            yield f"  %buffer{one} = alloca [{BLOCK * self._size(one)} x i8], align 64"
        yield "  %n = load i64, ptr %dims, align 8"
        for one in self.operands:
            yield f"  %pa{one} = getelementptr ptr, ptr %args, i64 {one}"
            yield f"  %p{one} = load ptr, ptr %pa{one}, align 8"
            yield f"  %ta{one} = getelementptr i64, ptr %steps, i64 {one}"
            yield f"  %t{one} = load i64, ptr %ta{one}, align 8"
            yield f"  %c{one} = getelementptr i64, ptr %context, i64 {one}"

    def _look_at_steps(self) -> Iterator[str]:
        """Write whether parameters are single numbers, and how many elements need no blocks."""
        yield from _all_equal("uniform", dict.fromkeys(self.parameters, 0))
        yield from _all_equal("dense", dict.fromkeys(self.streams, self.loop.size))
        yield "  %direct = and i1 %uniform, %dense"
        yield f"  %whole.n = and i64 %n, -{BLOCK}"
        yield "  %whole = select i1 %direct, i64 %whole.n, i64 0"

    def _fill_in_parameters(self) -> Iterator[str]:
        """Put numbers into the context, or where there are arrays, the blocks that they pass."""
        yield "  br i1 %uniform, label %fixed, label %varying"
        yield "fixed:"
        for one in self.parameters:
            yield f"  %v{one} = load double, ptr %p{one}, align 1"
            yield f"  store double %v{one}, ptr %c{one}, align 8"
        yield "  br label %start"
        yield "varying:"
        for one in self.parameters:
            yield f"  store ptr %buffer{one}, ptr %c{one}, align 8"
        yield "  br label %start"
        yield "start:"

    def _whole_blocks(self) -> Iterator[str]:
        """Hand what is dense to the kernel as it lies there."""
        yield "  %any = icmp sgt i64 %whole, 0"
        yield "  br i1 %any, label %bulk, label %blocks"
        yield "bulk:"
        for one in self.streams:
            yield f"  store ptr %p{one}, ptr %c{one}, align 8"
        work = f"@{self.loop.name}_kernel_work"
        if self.share is not None:
            yield f"  %large = icmp sge i64 %whole, {self.share}"
            yield "  br i1 %large, label %shared, label %alone"
            yield "shared:"
            yield f"  call void @symacts_parallel(ptr {work}, ptr %context, i64 %whole)"
            yield "  br label %blocks"
            yield "alone:"
        yield f"  call void {work}(ptr %context, i64 0, i64 %whole)"
        yield "  br label %blocks"

    def _other_blocks(self) -> Iterator[str]:
        """Write the loop that brings one block after the other to the kernel and back."""
        yield "blocks:"
        for one in self.streams:
            yield f"  store ptr %buffer{one}, ptr %c{one}, align 8"
        yield "  %unfinished = icmp slt i64 %whole, %n"
        yield "  br i1 %unfinished, label %block, label %done"
        yield "block:"
        yield "  %at = phi i64 [ %whole, %blocks ], [ %after, %stored ]"
        yield "  %left = sub i64 %n, %at"
        yield f"  %is.last = icmp slt i64 %left, {BLOCK}"
        yield f"  %count = select i1 %is.last, i64 %left, i64 {BLOCK}"
        for one in self.operands:
            yield f"  %o{one} = mul i64 %at, %t{one}"
            yield f"  %q{one} = getelementptr i8, ptr %p{one}, i64 %o{one}"
        yield from (self._gather(one) for one in self.streams if one < self.inputs)
        yield from self._work_on_block()
        yield "stored:"
        yield from (self._scatter(one) for one in self.streams if one >= self.inputs)
        yield f"  %after = add i64 %at, {BLOCK}"
        yield "  %again = icmp slt i64 %after, %n"
        yield "  br i1 %again, label %block, label %done"

    def _work_on_block(self) -> Iterator[str]:
        name = self.loop.name
        if self.parameters:
            yield "  br i1 %uniform, label %plain, label %spread"
            yield "spread:"
            yield from map(self._gather, self.parameters)
            yield f"  call void @{name}_varying_work(ptr %context, i64 0, i64 {BLOCK})"
            yield "  br label %stored"
            yield "plain:"
        yield f"  call void @{name}_kernel_work(ptr %context, i64 0, i64 {BLOCK})"
        yield "  br label %stored"

    def _gather(self, one: int) -> str:
        given = f"ptr %q{one}, i64 %t{one}, i64 %count, ptr %buffer{one}"
        return f"  call void @gather{self._size(one)}({given})"

    def _scatter(self, one: int) -> str:
        given = f"ptr %buffer{one}, ptr %q{one}, i64 %t{one}, i64 %count"
        return f"  call void @scatter{self._size(one)}({given})"

    def _size(self, one: int) -> int:
        """Return the bytes of an element; parameters are float64 in every loop."""
        return 8 if one in self.parameters else self.loop.size


def _all_equal(name: str, steps: Mapping[int, int]) -> Iterator[str]:
    """Write whether all these steps are what they should be."""
    truth = "true"
    for one, step in steps.items():
        yield f"  %{name}.{one} = icmp eq i64 %t{one}, {step}"
        yield f"  %{name}.all.{one} = and i1 {truth}, %{name}.{one}"
        truth = f"%{name}.all.{one}"
    yield f"  %{name} = and i1 {truth}, true"
