"""The text of a module of machine code: the loops of a ufunc around the steps of a program.

Of each loop there are these functions.  A *kernel* works on whole vectors in [start, stop), both
multiples of BLOCK, with its pointers and parameters in a context.  Its *work* is the kernel with
the floating-point environment kept as it was.  The *loop* is what NumPy calls: where all is
contiguous it hands the work the arrays themselves; the rest, and what has strides, goes through
blocks on the stack.
"""

from collections.abc import Sequence

from symacts.numeric.llvm.environment import ending
from symacts.numeric.llvm.kernel import Kernel
from symacts.numeric.llvm.layout import Loop, Machine
from symacts.numeric.llvm.loop import copies, write_loop
from symacts.numeric.llvm.simplify import simplify
from symacts.numeric.lowering.program import Program

__all__ = ["module"]


def module(program: Program, loops: Sequence[Loop], machine: Machine, *, parallel: bool) -> str:
    """Return the text of a module with these loops for a program."""
    program = simplify(program)
    declarations: set[str] = set()
    helpers: set[tuple[str, str, int]] = set()
    parts: list[str] = []
    for loop in loops:
        kernels = [Kernel(program, loop, machine, varies=False)]
        if len(program.inputs) > program.arrays:
            kernels.append(Kernel(program, loop, machine, varies=True))
        for kernel in kernels:
            parts.append(kernel.text())
            declarations |= kernel.declarations
            helpers |= kernel.helpers
        share = kernels[0].elements_worth_sharing if parallel else None
        parts.append("\n".join(write_loop(program, loop, share)))
    if parallel:
        declarations.add("declare void @symacts_parallel(ptr, ptr, i64)")
    parts += [copies(size) for size in (4, 8)]
    parts += ending(machine, declarations, helpers)
    return "\n".join([*parts, ""])
