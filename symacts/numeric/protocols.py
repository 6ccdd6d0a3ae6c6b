"""How other array types take part: NumPy's protocols, spoken by functions that are not ufuncs.

An array of pandas, xarray or Dask has an `__array_ufunc__` that is handed the function and the
inputs; it calls the function on the NumPy arrays that it holds, now or later and wherever they are,
and makes one of its own from what comes back.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from symacts.numeric.arrays import Elementwise

__all__ = ["Ufunc", "overriding", "wrapped"]

_PLAIN = (np.ndarray, np.generic, float, int, list, tuple)


def overriding(operands: Sequence[Any]) -> tuple[Any, ...]:
    """Return the operands whose type brings an `__array_ufunc__` of its own, in order.

    Raises:
        TypeError: a type declares that it takes no part.
    """
    found = []
    for operand in operands:
        kind = type(operand)
        if kind in _PLAIN:
            continue
        method = getattr(kind, "__array_ufunc__", np.ndarray.__array_ufunc__)
        if method is None:
            raise TypeError(f"operand {kind.__name__!r} does not support ufuncs")
        if method is not np.ndarray.__array_ufunc__:
            found.append(operand)
    return tuple(found)


class Ufunc:
    """A function of arrays as the protocols expect one: every array by position.

    It is pickled with what it calls, so that a cluster can run it.
    """

    signature = None
    identity = None

    def __init__(self, function: "Elementwise", names: Sequence[str]) -> None:
        """Take the function and the names of the parameters that are arrays."""
        self.function = function
        self.names = tuple(names)
        self.__name__ = self.__qualname__ = function.name
        self.nin = len(function.inputs) + len(self.names)
        self.nout = len(function.forms)
        self.nargs = self.nin + self.nout

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """Return the values for the inputs, followed by the parameters that are arrays."""
        count = len(self.function.inputs)
        arrays = dict(zip(self.names, inputs[count:], strict=True))
        return self.function(*inputs[:count], **arrays, **options)

    def dispatch(
        self, handlers: Sequence[Any], inputs: Sequence[Any], options: Mapping[str, Any]
    ) -> Any:
        """Return what the first of the handlers makes of the call.

        Raises:
            TypeError: none of them can do anything with it.
        """
        for handler in handlers:
            result = handler.__array_ufunc__(self, "__call__", *inputs, **options)
            if result is not NotImplemented:
                return result
        kinds = ", ".join(type(handler).__name__ for handler in handlers)
        raise TypeError(f"symacts.{self.__name__} cannot be computed for the types {kinds}")


def wrapped(output: Any, inputs: Sequence[Any], ufunc: Ufunc, place: int) -> Any:
    """Return an output as what the inputs are: a masked array keeps its mask."""
    wrappers = [
        operand
        for operand in inputs
        if type(operand) not in _PLAIN and hasattr(type(operand), "__array_wrap__")
    ]
    if not wrappers:
        return output
    wrapper = max(wrappers, key=lambda operand: getattr(operand, "__array_priority__", 0.0))
    values: NDArray[Any] = np.asarray(output)
    return wrapper.__array_wrap__(values, (ufunc, tuple(inputs), place), values.ndim == 0)
