"""The manners of exported functions.

Nothing of the package calls these: stand-alone source holds excerpts of them, which make of a
generated function on float64 what a caller of the library is used to.
"""

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

__all__ = ["along_axis", "elementwise"]

Function = Callable[..., Any]


def elementwise(function: Function) -> Function:
    """Let a function of float64 arrays take all real numbers, and round its result once."""

    @functools.wraps(function)
    def rounded(*inputs: Any, **params: Any) -> Any:
        arrays = [floats(value) for value in inputs]
        numbers = {name: parameter(value) for name, value in params.items()}
        with np.errstate(all="ignore"):
            values = function(*map(wide, arrays), **numbers)
            shape = np.broadcast_shapes(*map(np.shape, [*arrays, *numbers.values()]))
            return np.broadcast_to(values, shape).astype(np.result_type(*arrays))[()]

    return rounded


def along_axis(function: Function) -> Function:
    """Let a function of a float64 array take all real numbers, and round its result once."""

    @functools.wraps(function)
    def rounded(x: Any, *, axis: int = -1) -> Any:
        array = floats(x)
        with np.errstate(all="ignore"):
            return function(wide(array), axis=axis).astype(array.dtype)[()]

    return rounded


def floats(value: Any) -> Any:
    """Return an array of floats; whole numbers and truth values become float64."""
    array = np.asarray(value)
    if array.dtype.kind in "bui":
        return array.astype(np.float64)
    if array.dtype.kind != "f" and "float" not in array.dtype.name:
        raise TypeError(f"the function takes real numbers, not {array.dtype}")
    return array


def wide(array: Any) -> Any:
    """Return an array in the dtype that it is computed in: float64, or wider if it is wider."""
    return array.astype(np.promote_types(array.dtype, np.float64), copy=False)


def parameter(value: Any) -> Any:
    """Return a parameter as a number, or as an array of float64."""
    return np.asarray(value, np.float64) if np.ndim(value) else float(value)
