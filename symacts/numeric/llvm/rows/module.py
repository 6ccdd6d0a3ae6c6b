"""The text of a module for rows: what NumPy calls, and how rows are shared among threads.

NumPy calls a *loop* with some rows.  The loop puts where they lie into a context, and hands the
elements to the *work*, at once or a piece for each thread.  A row belongs to the piece with its
first element.
"""

from collections.abc import Iterator, Sequence

from symacts.numeric.llvm.environment import ending
from symacts.numeric.llvm.layout import Loop, Machine
from symacts.numeric.llvm.rows.across import SHORT_ROW, AcrossRows
from symacts.numeric.llvm.rows.along import AlongRow
from symacts.numeric.llvm.rows.trace import RowProgram

__all__ = ["row_module"]

# From so many elements on the work is shared.
_WORTH_SHARING = 50_000
# So many elements of rows are computed together, most of which stay near the processor.
_TOGETHER = 4096
# So many vectors are computed side by side.
_COPIES = {32: 2, 64: 4}


def row_module(program: RowProgram, loops: Sequence[Loop], machine: Machine) -> str:
    """Return the text of a module with these loops for a program."""
    declarations = {
        "declare void @symacts_parallel(ptr, ptr, i64)",
        "declare i64 @llvm.smin.i64(i64, i64)",
        "declare i64 @llvm.smax.i64(i64, i64)",
    }
    helpers: set[tuple[str, str, int]] = set()
    parts: list[str] = []
    for loop in loops:
        lanes = machine.vector_bits // loop.arithmetic.bits
        name, copies = loop.name, _COPIES[loop.arithmetic.bits]
        kernels = (
            AlongRow(program, loop, lanes, f"{name}_row", is_rare=False, copies=copies),
            AlongRow(program, loop, lanes, f"{name}_row_rare", is_rare=True, copies=copies),
            AcrossRows(program, loop, lanes, f"{name}_rows"),
        )
        for kernel in kernels:
            parts.append(kernel.text())
            declarations |= kernel.declarations
            helpers |= kernel.helpers
        slots = len(program.inputs)
        parts += ["\n".join(_work(name, slots, lanes))]
        parts += ["\n".join(_loop(name, slots))]
    # Frames are larger than a page, for which Windows would want a function that is not there.
    parts += ending(machine, declarations, helpers, frame=' "stack-probe-size"="16384"')
    parts.append('!1 = !{!"branch_weights", i32 1, i32 2000}\n')
    return "\n".join(parts)


def _loop(name: str, slots: int) -> Iterator[str]:
    """Write what NumPy calls: pointers and strides of inputs and output, and the size of rows."""
    yield f"define void @{name}(ptr %args, ptr %dims, ptr %steps, ptr %data) nounwind {{"
    yield f"  %context = alloca [{2 * slots + 3} x i64], align 16"
    yield "  %rows = load i64, ptr %dims, align 8"
    yield "  %pn = getelementptr i64, ptr %dims, i64 1"
    yield "  %n = load i64, ptr %pn, align 8"
    for slot in range(slots + 1):
        for source, kind, place in (("args", "ptr", 2 * slot), ("steps", "i64", 2 * slot + 1)):
            yield f"  %{source}{slot} = getelementptr {kind}, ptr %{source}, i64 {slot}"
            yield f"  %v.{source}{slot} = load {kind}, ptr %{source}{slot}, align 8"
            yield f"  %c.{source}{slot} = getelementptr i64, ptr %context, i64 {place}"
            yield f"  store {kind} %v.{source}{slot}, ptr %c.{source}{slot}, align 8"
    yield f"  %c.n = getelementptr i64, ptr %context, i64 {2 * slots + 2}"
    yield "  store i64 %n, ptr %c.n, align 8"
    yield "  %count = mul i64 %rows, %n"
    yield f"  %large = icmp sge i64 %count, {_WORTH_SHARING}"
    yield "  br i1 %large, label %shared, label %alone"
    yield "shared:"
    yield f"  call void @symacts_parallel(ptr @{name}_work, ptr %context, i64 %count)"
    yield "  ret void"
    yield "alone:"
    yield f"  call void @{name}_work(ptr %context, i64 0, i64 %count)"
    yield "  ret void\n}"


def _work(name: str, slots: int, lanes: int) -> Iterator[str]:
    """Write what computes the rows that begin among some elements."""
    yield f"define internal void @{name}_work(ptr %context, i64 %start, i64 %stop) #0 {{"
    yield "entry:"
    yield "  %environment = alloca [256 x i8], align 16"
    for slot in range(slots + 1):
        for stem, kind, place in (("p", "ptr", 2 * slot), ("t", "i64", 2 * slot + 1)):
            yield f"  %c{stem}{slot} = getelementptr i64, ptr %context, i64 {place}"
            yield f"  %{stem}{slot} = load {kind}, ptr %c{stem}{slot}, align 8"
    yield f"  %cn = getelementptr i64, ptr %context, i64 {2 * slots + 2}"
    yield "  %n = load i64, ptr %cn, align 8"
    yield "  %less = sub i64 %n, 1"
    for end in ("start", "stop"):
        yield f"  %{end}.up = add i64 %{end}, %less"
        yield f"  %{end}.row = sdiv i64 %{end}.up, %n"
    yield f"  %fit = sdiv i64 {_TOGETHER}, %n"
    yield f"  %fit.most = call i64 @llvm.smin.i64(i64 %fit, i64 {AlongRow.row_lanes})"
    yield "  %fit.rows = call i64 @llvm.smax.i64(i64 %fit.most, i64 1)"
    yield "  call void @keep(ptr %environment)"
    yield "  %some = icmp slt i64 %start.row, %stop.row"
    yield f"  %short = icmp sle i64 %n, {SHORT_ROW}"
    yield "  br i1 %some, label %which, label %done"
    yield "which:"
    yield "  br i1 %short, label %rows, label %row"
    yield from _rows(name, slots, "row", "%fit.rows")
    yield from _rows(name, slots, "rows", str(lanes))
    yield "done:"
    yield "  call void @restore(ptr %environment)"
    yield "  ret void\n}"


def _rows(name: str, slots: int, block: str, step: str) -> Iterator[str]:
    """Write the loop over rows, several at a time."""
    yield f"{block}:"
    yield f"  %{block}.at = phi i64 [ %start.row, %which ], [ %{block}.next, %{block} ]"
    for slot in range(slots + 1):
        yield f"  %{block}.o{slot} = mul i64 %{block}.at, %t{slot}"
        yield f"  %{block}.p{slot} = getelementptr i8, ptr %p{slot}, i64 %{block}.o{slot}"
    yield f"  %{block}.left = sub i64 %stop.row, %{block}.at"
    yield f"  %{block}.count = call i64 @llvm.smin.i64(i64 %{block}.left, i64 {step})"
    given = "".join(f"ptr %{block}.p{slot}, i64 %t{slot}, " for slot in range(slots + 1))
    yield f"  call void @{name}_{block}({given}i64 %{block}.count, i64 %n)"
    yield f"  %{block}.next = add i64 %{block}.at, {step}"
    yield f"  %{block}.more = icmp slt i64 %{block}.next, %stop.row"
    yield f"  br i1 %{block}.more, label %{block}, label %done"
