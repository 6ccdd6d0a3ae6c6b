"""How other array types take part: NumPy's protocols, spoken by functions that are not ufuncs.

An array of pandas, xarray or Dask has an `__array_ufunc__` that is handed the function and the
inputs; it calls the function on the NumPy arrays that it holds, now or later and wherever they are,
and makes one of its own from what comes back.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from symacts.numeric.running.manners import dtype_of, result_dtype

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from symacts.numeric.running.arrays import Elementwise

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

    def __init__(
        self,
        function: "Elementwise",
        names: Sequence[str],
        numbers: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        """Take the function, the names of the parameters that are arrays, and the other ones."""
        self.function = function
        self.names = tuple(names)
        self.numbers = dict(numbers)
        self.__name__ = self.__qualname__ = function.name
        self.nin = len(function.inputs) + len(self.names)
        self.nout = len(function.forms)
        self.nargs = self.nin + self.nout

    def __repr__(self) -> str:
        return f"<symacts.{self.__name__}>"

    def __call__(self, *inputs: Any, **options: Any) -> Any:
        """Return the values for the inputs, followed by the parameters that are arrays."""
        count = len(self.function.inputs)
        params: dict[str, Any] = dict(zip(self.names, inputs[count:], strict=True))
        return self.function(*inputs[:count], **params, **self.numbers, **options)

    def dispatch(
        self, handlers: Sequence[Any], inputs: Sequence[Any], options: Mapping[str, Any]
    ) -> Any:
        """Return what the first of the handlers makes of the call.

        Raises:
            TypeError: none of them can do anything with it.
        """
        for handler in handlers:
            told = {**self._told(handler, inputs), **options}
            result = handler.__array_ufunc__(self, "__call__", *inputs, **told)
            if result is not NotImplemented:
                return result
        if self.nout > 1:
            # Dask takes functions of several results only if they are NumPy's own.
            return tuple(
                self._only(place).dispatch(handlers, inputs, _for_place(options, place))
                for place in range(self.nout)
            )
        kinds = ", ".join(sorted({type(handler).__name__ for handler in handlers}))
        raise TypeError(f"symacts.{self.__name__} cannot be computed for the types {kinds}")

    def _only(self, place: int) -> "Ufunc":
        return Ufunc(self.function.only(place), self.names, self.numbers)

    def _told(self, handler: Any, inputs: Sequence[Any]) -> dict[str, Any]:
        """Return what a handler must be told that it could not find out.

        Dask calls the function on arbitrary numbers to see the dtype of the result, but as
        parameters they may be outside of the domain.
        """
        if not self.names or type(handler).__module__.partition(".")[0] != "dask":
            return {}
        arrays = inputs[: len(self.function.inputs)]
        return {"dtype": result_dtype(arrays, [dtype_of(array) for array in arrays])}


def _for_place(options: Mapping[str, Any], place: int) -> dict[str, Any]:
    """Return the options of a call for one of its results."""
    out = options.get("out")
    return {**options, "out": out[place : place + 1]} if out else dict(options)


def wrapped(output: Any, target: Any, operands: Sequence[Any], ufunc: Ufunc, place: int) -> Any:
    """Return an output as what it went to or the operands are: a masked array keeps its mask."""
    wrappers = [
        operand
        for operand in (operands if target is None else [target])
        if type(operand) not in _PLAIN and hasattr(type(operand), "__array_wrap__")
    ]
    if not wrappers:
        return output
    wrapper = max(wrappers, key=lambda operand: getattr(operand, "__array_priority__", 0.0))
    values: NDArray[Any] = np.asarray(output) if target is None else target
    try:
        context = (ufunc, tuple(operands), place)
        return wrapper.__array_wrap__(values, context, target is None and values.ndim == 0)
    except TypeError:
        # A type such as PyTorch's was written before NumPy 2, and takes the array alone.
        return wrapper.__array_wrap__(values)
