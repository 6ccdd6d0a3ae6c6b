"""Functions of whole rows as generalized ufuncs of machine code."""

from pathlib import Path

import numpy as np

from symacts.numeric.llvm import pool
from symacts.numeric.llvm.layout import LOOPS
from symacts.numeric.llvm.machine import host, load
from symacts.numeric.llvm.rows.choose import choose_rows
from symacts.numeric.llvm.rows.module import row_module
from symacts.numeric.llvm.rows.trace import RowProgram
from symacts.numeric.llvm.ufunc import make_ufunc

__all__ = ["compile_rows"]


def compile_rows(
    program: RowProgram, *, way: str | None = None, folder: Path | None = None
) -> np.ufunc:
    """Return a function of arrays whose rows are contiguous, with a loop for float32 and float64.

    Large arrays are shared among threads.  Machine code is kept in *folder*.

    Args:
        way: how float32 is computed, "single" or "short"; measured if it is not given.
    """

    def build(way: str) -> np.ufunc:
        return _build(program, way, folder)

    with pool.compiling:
        return build(way or choose_rows(program, build, folder))


def _build(program: RowProgram, way: str, folder: Path | None) -> np.ufunc:
    loops = (LOOPS[way], LOOPS["double"])
    text = row_module(program, loops, host())
    addresses = load(text, tuple(loop.name for loop in loops), folder)
    kinds = {"entry": "(n)", "number": "()"}
    given = ",".join(kinds[kind] for kind in program.inputs)
    count = len(program.inputs) + 1
    described = [
        (addresses[loop.name], letter * count) for loop, letter in zip(loops, "fd", strict=True)
    ]
    signature = f"{given}->{kinds[program.output]}"
    return make_ufunc(program.name, "", described, 1, signature=signature)
