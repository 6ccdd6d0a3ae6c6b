"""NumPy's own ufuncs around functions in memory, made through NumPy's table of C functions."""

import ctypes
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

__all__ = ["make_ufunc"]

_FROM_FUNC_AND_DATA_AND_SIGNATURE = 31
_NO_IDENTITY = -1

# NumPy does not copy what it is given, and a ufunc may live as long as the process.
_kept: list[Any] = []


def make_ufunc(
    name: str,
    documentation: str,
    loops: Sequence[tuple[int, str]],
    outputs: int,
    *,
    signature: str = "",
) -> np.ufunc:
    """Return a ufunc with these loops, each an address and the letters of its types, in order.

    With a signature, such as (n)->(n), the loops work on whole rows.
    """
    count = len(loops)
    functions = (ctypes.c_void_p * count)(*(address for address, _ in loops))
    data = (ctypes.c_void_p * count)()
    letters = "".join(types for _, types in loops)
    types = ctypes.create_string_buffer(bytes(np.dtype(letter).num for letter in letters))
    text = [ctypes.create_string_buffer(part.encode()) for part in (name, documentation, signature)]
    _kept.append((functions, data, types, text))
    inputs = len(loops[0][1]) - outputs
    made: np.ufunc = _create()(
        *(ctypes.addressof(part) for part in (functions, data, types)),
        count,
        inputs,
        outputs,
        _NO_IDENTITY,
        *(ctypes.addressof(part) for part in text[:2]),
        0,
        ctypes.addressof(text[2]) if signature else None,
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
