"""Evaluate generated functions on whatever NumPy takes for an array, with a ufunc's manners.

Everything is computed in float64 (longdouble stays longdouble) and rounded once to the input's
dtype, which makes float32 and float16 results right to the last digit nearly always.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray
from sympy import Symbol

from symacts.errors import ParameterError
from symacts.numeric.source import Form, Source, function_source
from symacts.parameters import Parameter, check_names, check_value

__all__ = ["Elementwise", "as_floats", "working"]


class Elementwise:
    """A generated function of one or two arrays; one result for each form it was given."""

    def __init__(
        self,
        name: str,
        inputs: Sequence[Symbol],
        params: Mapping[str, Parameter],
        forms: Sequence[Form],
    ) -> None:
        self.name = name
        self.inputs = tuple(inputs)
        self.params = params
        self.forms = tuple(forms)

    @cached_property
    def source(self) -> Source:
        """The generated source."""
        return function_source(self.name, self.inputs, self.params, self.forms)

    @cached_property
    def _function(self) -> Callable[..., Any]:
        return self.source.compile()

    def __call__(
        self,
        *inputs: ArrayLike,
        out: NDArray[Any] | tuple[NDArray[Any], ...] | None = None,
        where: ArrayLike = True,
        dtype: DTypeLike | None = None,
        **params: float,
    ) -> Any:
        """Return the values for the inputs, broadcast together."""
        arrays = tuple(as_floats(value, self.name) for value in inputs)
        result = np.dtype(dtype) if dtype is not None else np.result_type(*arrays)
        if result.kind != "f" and not _is_extension_float(result):
            raise TypeError(f"symacts.{self.name} gives floats, not {result}")
        values = self._parameters(params)
        targets = _targets(out, len(self.forms), self.name)
        with np.errstate(all="ignore"):
            computed = self._function(*(working(array) for array in arrays), *values)
            outputs = computed if isinstance(computed, tuple) else (computed,)
            shape = np.broadcast_shapes(*(array.shape for array in arrays))
            finished = tuple(
                _deliver(np.broadcast_to(values, shape), result, target, where, self.name)
                for values, target in zip(outputs, targets, strict=True)
            )
        return finished if isinstance(computed, tuple) else finished[0]

    def _parameters(self, given: Mapping[str, float]) -> list[float]:
        """Return the parameters in order, each checked against its domain."""
        check_names(self.name, self.params, given)
        for name, value in given.items():
            check_value(self.name, self.params[name], value)
            if getattr(value, "free_symbols", None):
                raise ParameterError(
                    f"{self.name}: {name} = {value} is a formula; for arrays it is a number"
                )
        return [float(given.get(p.name, p.default)) for p in self.params.values()]


def as_floats(value: ArrayLike, name: str) -> NDArray[Any]:
    """Return *value* as an array of a float dtype; integers and booleans become float64."""
    array = np.asarray(value)
    if array.dtype.kind in "bui":
        return array.astype(np.float64)
    if array.dtype.kind == "f" or _is_extension_float(array.dtype):
        return array
    raise TypeError(
        f"symacts.{name} not supported for the input types, and the inputs could not be safely"
        f" coerced to any supported types according to the casting rule ''safe''"
        f" (got {array.dtype})"
    )


def working(array: NDArray[Any]) -> NDArray[Any]:
    """Return the array in the dtype that it is computed in."""
    if array.dtype.kind == "f" and array.dtype.itemsize > np.dtype(np.float64).itemsize:
        return array
    return array.astype(np.float64, copy=False)


def _is_extension_float(dtype: np.dtype[Any]) -> bool:
    """Tell whether *dtype* is a float that another package adds to NumPy, such as bfloat16."""
    return dtype.kind == "V" and dtype.names is None and "float" in dtype.name


def _targets(
    out: NDArray[Any] | tuple[NDArray[Any], ...] | None, count: int, name: str
) -> tuple[NDArray[Any] | None, ...]:
    """Return where each of *count* results goes: an array of its own, or None for a new one."""
    if out is None:
        return (None,) * count
    targets = out if isinstance(out, tuple) else (out,)
    if len(targets) != count or not all(isinstance(target, np.ndarray) for target in targets):
        wanted = "an array" if count == 1 else f"a tuple of {count} arrays"
        raise TypeError(f"symacts.{name}: out must be {wanted}")
    if count > 1 and np.shares_memory(targets[0], targets[1]):
        raise TypeError(f"symacts.{name}: the arrays in out share memory")
    return targets


def _deliver(
    values: NDArray[Any],
    dtype: np.dtype[Any],
    out: NDArray[Any] | None,
    where: ArrayLike,
    name: str,
) -> Any:
    """Round the values to *dtype*, into *out* where it is given."""
    if out is None:
        if where is True:
            return values.astype(dtype)[()]
        out = np.empty(np.broadcast_shapes(values.shape, np.shape(where)), dtype)
    if not np.can_cast(dtype, out.dtype, "same_kind"):
        raise TypeError(
            f"Cannot cast symacts.{name} output from dtype('{dtype}') to dtype('{out.dtype}')"
            " with casting rule 'same_kind'"
        )
    np.copyto(out, values.astype(dtype), where=np.asarray(where), casting="same_kind")
    return out
