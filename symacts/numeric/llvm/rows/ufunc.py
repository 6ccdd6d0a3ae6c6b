"""Functions of whole rows as generalized ufuncs of machine code."""

import ctypes
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from symacts.numeric.llvm import pool
from symacts.numeric.llvm.layout import LOOPS
from symacts.numeric.llvm.machine import host, load
from symacts.numeric.llvm.rows.choose import choose_rows
from symacts.numeric.llvm.rows.module import row_module
from symacts.numeric.llvm.rows.trace import RowProgram
from symacts.numeric.llvm.ufunc import _kept

__all__ = ["compile_rows"]

_FROM_FUNC_AND_DATA_AND_SIGNATURE = 31
_NO_IDENTITY = -1


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
    return _gufunc(program.name, f"{given}->{kinds[program.output]}", described)


def _gufunc(name: str, signature: str, loops: list[tuple[int, str]]) -> np.ufunc:
    """Return a ufunc of rows with these loops, each an address and the letters of its types."""
    count = len(loops)
    functions = (ctypes.c_void_p * count)(*(address for address, _ in loops))
    data = (ctypes.c_void_p * count)()
    letters = "".join(types for _, types in loops)
    types = ctypes.create_string_buffer(bytes(np.dtype(letter).num for letter in letters))
    text = [ctypes.create_string_buffer(part.encode()) for part in (name, "", signature)]
    _kept.append((functions, data, types, text))
    made: np.ufunc = _create()(
        *(ctypes.addressof(part) for part in (functions, data, types)),
        count,
        len(loops[0][1]) - 1,
        1,
        _NO_IDENTITY,
        *(ctypes.addressof(part) for part in text[:2]),
        0,
        ctypes.addressof(text[2]),
    )
    return made


@cache
def _create() -> Any:
    """Return PyUFunc_FromFuncAndDataAndSignature."""
    pointer = ctypes.pythonapi.PyCapsule_GetPointer
    pointer.restype, pointer.argtypes = ctypes.c_void_p, (ctypes.py_object, ctypes.c_char_p)
    capsule = np._core._multiarray_umath._UFUNC_API  # type: ignore[attr-defined]
    table = ctypes.cast(pointer(capsule, None), ctypes.POINTER(ctypes.c_void_p))
    kind = ctypes.PYFUNCTYPE(
        ctypes.py_object,
        *[ctypes.c_void_p] * 3,
        *[ctypes.c_int] * 4,
        *[ctypes.c_void_p] * 2,
        ctypes.c_int,
        ctypes.c_void_p,
    )
    return kind(table[_FROM_FUNC_AND_DATA_AND_SIGNATURE])
