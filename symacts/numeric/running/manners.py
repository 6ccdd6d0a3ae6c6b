"""What a ufunc does with its arguments: which are floats, what becomes of them, what is refused."""

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

__all__ = [
    "as_floats",
    "as_numbers",
    "check_casts",
    "dtype_of",
    "float_dtype",
    "is_float",
    "is_long",
    "mask",
    "result_dtype",
    "targets_of",
    "working",
]

Array = NDArray[Any]
_DOUBLE = np.dtype(np.float64)
_ADAPTING = (float, int, bool)


def is_long(dtype: np.dtype[Any]) -> bool:
    """Tell whether a dtype is a float of more bits than a double has."""
    return dtype.kind == "f" and dtype.itemsize > _DOUBLE.itemsize


def as_floats(value: ArrayLike, name: str) -> Array:
    """Return *value* as an array of a float dtype; integers and booleans become float64."""
    array = as_numbers(value, name)
    return array.astype(np.float64) if array.dtype.kind in "bui" else array


def as_numbers(value: ArrayLike, name: str) -> Array:
    """Return *value* as an array of real numbers.

    Raises:
        TypeError: it holds something else.
    """
    array = np.asarray(value)
    if array.dtype.kind in "bui" or is_float(array.dtype):
        return array
    raise TypeError(
        f"symacts.{name} not supported for the input types, and the inputs could not be safely"
        f" coerced to any supported types according to the casting rule ''safe''"
        f" (got {array.dtype})"
    )


def dtype_of(value: Any) -> np.dtype[Any]:
    """Return the float dtype of what need not be in memory, such as an array of Dask."""
    dtype = getattr(value, "dtype", None) or np.asarray(value).dtype
    return _DOUBLE if dtype.kind in "bui" else np.dtype(dtype)


def result_dtype(inputs: Sequence[Any], dtypes: Sequence[np.dtype[Any]]) -> np.dtype[Any]:
    """Return the dtype of the result; a Python number beside an array adapts to it."""
    if len(dtypes) == 1:
        return dtypes[0].newbyteorder("=")
    strong = [
        dtype for value, dtype in zip(inputs, dtypes, strict=True) if type(value) not in _ADAPTING
    ]
    return np.result_type(*(strong or dtypes))


def float_dtype(dtype: DTypeLike, name: str) -> np.dtype[Any]:
    """Return the dtype that is asked for.

    Raises:
        TypeError: it is no float, or one in the byte order of another machine.
    """
    found = np.dtype(dtype)
    if not is_float(found):
        raise TypeError(f"symacts.{name} gives floats, not {found}")
    if not found.isnative:
        raise TypeError(f"symacts.{name}: dtype says which float; its byte order is that of out")
    return found


def is_float(dtype: np.dtype[Any]) -> bool:
    """Tell whether *dtype* is a float, one that another package adds included (bfloat16)."""
    return dtype.kind == "f" or (
        dtype.kind == "V" and dtype.names is None and "float" in dtype.name
    )


def working(array: Array) -> Array:
    """Return the array in the dtype that it is computed in."""
    if is_long(array.dtype):
        return array
    return array.astype(np.float64, copy=False)


def targets_of(
    out: Array | tuple[Array | None, ...] | None, count: int, name: str
) -> tuple[Array | None, ...]:
    """Return where each of *count* results goes: an array of its own, or None for a new one.

    Raises:
        TypeError: *out* is neither an array nor a tuple of them, or two share memory.
        ValueError: it is a tuple of another length.
    """
    if out is None:
        return (None,) * count
    targets = out if isinstance(out, tuple) else (out,)
    wanted = "an array" if count == 1 else f"a tuple of {count} arrays"
    if isinstance(out, tuple) and len(out) != count:
        raise ValueError(f"symacts.{name}: out must be {wanted}, not a tuple of {len(out)}")
    if len(targets) != count or not all(
        target is None or isinstance(target, np.ndarray) for target in targets
    ):
        raise TypeError(f"symacts.{name}: out must be {wanted}")
    given = [target for target in targets if target is not None]
    if any(np.shares_memory(one, other) for one, other in combinations(given, 2)):
        raise TypeError(f"symacts.{name}: the arrays in out share memory")
    return targets


def check_casts(
    name: str,
    inputs: Sequence[Any],
    result: np.dtype[Any],
    targets: Sequence[Array | None],
    casting: Any,
) -> None:
    """Raise TypeError unless the rule lets inputs become *result*, and that what the targets are.

    Raises:
        ValueError: there is no such rule.
    """
    for value in inputs:
        is_adapting = len(inputs) > 1 and type(value) in _ADAPTING
        dtype = result if is_adapting else np.asarray(value).dtype
        _check_cast(f"symacts.{name} input", dtype, result, casting)
    for target in targets:
        if target is not None:
            _check_cast(f"symacts.{name} output", result, target.dtype, casting)


def _check_cast(what: str, given: np.dtype[Any], wanted: np.dtype[Any], casting: Any) -> None:
    if not np.can_cast(given, wanted, casting):
        raise TypeError(
            f"Cannot cast {what} from {given!r} to {wanted!r} with casting rule {casting!r}"
        )


def mask(where: ArrayLike) -> Array:
    """Return *where* as an array of truth values.

    Raises:
        TypeError: it is an array of something else.
    """
    if isinstance(where, np.ndarray | np.generic) and where.dtype != bool:
        raise TypeError(
            f"Cannot cast array data from {where.dtype!r} to dtype('bool') according to the rule"
            f" 'safe'"
        )
    return np.asarray(where, dtype=bool)
