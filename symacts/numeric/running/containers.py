"""Functions along an axis of masked arrays, of pandas, xarray and Dask: like in, like out.

NumPy's protocol for elementwise functions knows no axis, so each kind is taken apart here and put
together again; none of their packages is imported.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index

from symacts.numeric.running.protocols import overriding

__all__ = ["call_within"]

#: Computes an array along an axis: `function(array, axis=axis)`.
Function = Callable[..., Any]


def call_within(function: Function, x: Any, axis: Any, *, keeps_axis: bool, name: str) -> Any:
    """Return the result in a container like *x*; NotImplemented where that is a plain array.

    Raises:
        TypeError: *x* overrides NumPy's functions in a way that is not known here.
        ValueError: *x* is a masked array with masked entries.
    """
    if type(x) in (np.ndarray, list, tuple):
        return NotImplemented
    if isinstance(x, np.ma.MaskedArray):
        return _masked(function, x, axis, name)
    package, kind = type(x).__module__.partition(".")[0], type(x).__name__
    within = _WITHIN.get((package, kind))
    if within is not None:
        return within(function, x, axis, keeps_axis=keeps_axis)
    is_foreign = hasattr(type(x), "__array_function__") and not isinstance(x, np.ndarray)
    if is_foreign or overriding([x]):
        raise TypeError(
            f"symacts.{name} acts along an axis and does not know {package}.{kind};"
            f" give it a NumPy array"
        )
    return NotImplemented


def _masked(function: Function, x: Any, axis: Any, name: str) -> Any:
    if np.ma.is_masked(x):
        raise ValueError(
            f"symacts.{name}: every result depends on all entries, and some are masked; fill them"
            f" first, with x.filled(-numpy.inf) for instance"
        )
    return np.ma.asarray(function(x.filled(), axis=axis))


def _series(function: Function, x: Any, axis: Any, *, keeps_axis: bool) -> Any:
    values = function(x.to_numpy(), axis=axis)
    return type(x)(values, index=x.index, name=x.name) if keeps_axis else values


def _frame(function: Function, x: Any, axis: Any, *, keeps_axis: bool) -> Any:
    axis = normalize_axis_index(axis, 2)
    values = function(x.to_numpy(), axis=axis)
    if keeps_axis:
        return type(x)(values, index=x.index, columns=x.columns)
    # The constructor of a column of its own makes what pandas' own reductions return.
    return x._constructor_sliced(values, index=x.axes[1 - axis])


def _data_array(function: Function, x: Any, axis: Any, *, keeps_axis: bool) -> Any:
    """The axis may be the name of a dimension."""
    axis = x.get_axis_num(axis) if isinstance(axis, str) else normalize_axis_index(axis, x.ndim)
    values = function(x.data, axis=axis)
    like = x if keeps_axis else x.isel({x.dims[axis]: 0}, drop=True)
    return like.copy(data=values)


def _dask_array(function: Function, x: Any, axis: Any, *, keeps_axis: bool) -> Any:
    """The result stays lazy; each vector is brought into one chunk."""
    axis = normalize_axis_index(axis, x.ndim)
    like = function(np.ones((1,) * x.ndim, x.dtype), axis=axis)
    return x.rechunk({axis: -1}).map_blocks(
        function,
        axis=axis,
        dtype=like.dtype,
        drop_axis=[] if keeps_axis else axis,
        meta=np.empty((0,) * like.ndim, like.dtype),
    )


_WITHIN: dict[tuple[str, str], Callable[..., Any]] = {
    ("pandas", "Series"): _series,
    ("pandas", "DataFrame"): _frame,
    ("xarray", "DataArray"): _data_array,
    ("dask", "Array"): _dask_array,
}
