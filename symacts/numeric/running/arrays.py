"""Evaluate generated functions on whatever NumPy takes for an array, with a ufunc's manners.

The base engine computes in float64 (longdouble stays longdouble) and rounds once to the input's
dtype, which makes results right to the last digit nearly always; float32 is computed as it is where
measuring finds that good enough.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any
from warnings import warn

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray
from sympy import Basic, Symbol

from symacts.errors import ParameterError, SymactsError
from symacts.numeric import engine
from symacts.numeric.lowering.program import Program, trace
from symacts.numeric.lowering.scalars import scalar_function
from symacts.numeric.lowering.source import Form, Source, function_source
from symacts.numeric.running.loops import Kernel, is_spread, run_contiguous, run_iterated
from symacts.numeric.running.manners import (
    as_floats,
    as_numbers,
    check_casts,
    dtype_of,
    float_dtype,
    is_float,
    is_long,
    mask,
    result_dtype,
    targets_of,
    working,
)
from symacts.numeric.running.protocols import Ufunc, overriding, wrapped
from symacts.numeric.running.ways import Ways, has_loop
from symacts.once import once
from symacts.parameters import Parameter, check_names, check_value

__all__ = ["Elementwise", "as_floats", "is_float", "working"]

Array = NDArray[Any]
_DOUBLE, _SINGLE = np.dtype(np.float64), np.dtype(np.float32)
_NUMBERS = (float, int, np.float64)
_FLOATS = (float, np.float64)
#: Of so many settings of parameters it is remembered that they are allowed.
_MOST_KNOWN = 64


class Elementwise:
    """A generated function of one or two arrays; one result for each form it was given."""

    def __init__(
        self,
        name: str,
        inputs: Sequence[Symbol],
        params: Mapping[str, Parameter],
        forms: Sequence[Form],
        made_by: tuple[Callable[..., "Elementwise"], tuple[Any, ...]] | None = None,
    ) -> None:
        """Take the formulas; *made_by* is the call that makes this object again from a pickle."""
        self.name = name
        self.inputs = tuple(inputs)
        self.params = params
        self.forms = tuple(forms)
        self._made_by = made_by
        self._defaults = tuple(float(p.default) for p in params.values())
        self._known: dict[Any, tuple[float, ...]] = {}

    def __reduce__(self) -> Any:
        return self._made_by or super().__reduce__()

    @once
    def source(self) -> Source:
        """The generated source."""
        return function_source(self.name, self.inputs, self.params, self.forms)

    @once
    def program(self) -> Program:
        """The generated source as a list of operations."""
        return trace(self.source, len(self.inputs))

    def __call__(
        self,
        *inputs: ArrayLike,
        out: Array | tuple[Array | None, ...] | None = None,
        where: Any = True,
        dtype: DTypeLike | None = None,
        casting: str = "same_kind",
        **params: Any,
    ) -> Any:
        """Return the values for the inputs, broadcast together."""
        if len(inputs) != len(self.inputs):
            names = ", ".join(str(symbol) for symbol in self.inputs)
            raise TypeError(f"{self.name}() takes the input {names}, but {len(inputs)} were given")
        machine = self._machine if engine.current() == "fast" else None
        if where is True and dtype is None and casting == "same_kind":
            simple = self._simple(machine, inputs, params, out)
            if simple is not None:
                return simple
        given = out if isinstance(out, tuple) else (out,)
        handlers = overriding([*inputs, *params.values(), *given])
        if handlers:
            options = {
                **({} if out is None else {"out": given}),
                **({} if where is True else {"where": where}),
                **({} if dtype is None else {"dtype": dtype}),
                **({} if casting == "same_kind" else {"casting": casting}),
            }
            return self._hand_over(handlers, inputs, params, options)
        values = self._parameters(params)
        arrays = [as_numbers(value, self.name) for value in inputs]  # made floats block by block
        if dtype is None:
            result = result_dtype(inputs, [dtype_of(array) for array in arrays])
        else:
            result = float_dtype(dtype, self.name)
        targets = targets_of(out, len(self.forms), self.name)
        check_casts(self.name, inputs, result, targets, casting)
        if where is not True:
            where = mask(where)
            if out is None:
                warn(
                    f"symacts.{self.name}: where= without out= leaves what is not computed unset",
                    stacklevel=3,
                )
        if machine is not None and has_loop(arrays, result):
            outputs = self._by_machine(machine, [*arrays, *values], result, targets, where)
        else:
            outputs = self._evaluate(machine, [*arrays, *values], result, targets, where)
        return self._wrapped(outputs, targets, inputs, params)

    def _simple(
        self, machine: np.ufunc | None, inputs: tuple[Any, ...], params: Mapping[str, Any], out: Any
    ) -> Any:
        """Return the values for plain arrays and floats by the shortest way, or None."""
        if params and not all(type(value) in _NUMBERS for value in params.values()):
            return None
        if machine is None:
            return self._plain(inputs, params) if out is None else None
        if all(type(x) is np.ndarray and x.dtype.char in "fd" for x in inputs):
            if out is None:
                return machine(*inputs, *self._parameters(params))
            is_alike = type(out) is np.ndarray and all(x.dtype is out.dtype for x in inputs)
            if is_alike and len(self.forms) == 1:
                return machine(*inputs, *self._parameters(params), out=out)
        elif out is None and all(type(x) in _FLOATS for x in inputs):
            return machine(*inputs, *self._parameters(params))
        return None

    def _wrapped(
        self,
        outputs: Sequence[Any],
        targets: Sequence[Array | None],
        inputs: Sequence[Any],
        params: Mapping[str, Any],
    ) -> Any:
        """Return the outputs as what the inputs are, or what they went to: masked, a matrix."""
        arrays = {name: value for name, value in params.items() if _is_array(value)}
        ufunc = Ufunc(self, tuple(arrays))
        found = tuple(
            wrapped(output, target, (*inputs, *arrays.values()), ufunc, place)
            for place, (output, target) in enumerate(zip(outputs, targets, strict=True))
        )
        return found if len(found) > 1 else found[0]

    @once
    def _machine(self) -> np.ufunc | None:
        """The function as machine code, None where some operation has none."""
        from symacts.numeric import llvm

        try:
            return llvm.compile_program(
                self.program, defaults=self._defaults, folder=engine.folder()
            )
        except SymactsError:
            return None

    @np.errstate(all="ignore")
    def _plain(self, inputs: tuple[Any, ...], params: Mapping[str, Any]) -> Any:
        """Return the values for a float or arrays of doubles by the shortest way, or None.

        What the general way costs beside the work would be most of the time for small arrays.
        """
        x = inputs[0]
        if all(type(y) in _FLOATS for y in inputs):
            return self._one(map(float, inputs), self._parameters(params))
        dtype = getattr(x, "dtype", None)
        is_plain = dtype is _DOUBLE or dtype is _SINGLE
        if not is_plain or not all(type(y) is np.ndarray and y.dtype is dtype for y in inputs):
            return None
        is_one_shape = all(y.flags.c_contiguous and y.shape == x.shape for y in inputs)
        if not is_one_shape or x.size == 0 or is_spread(x.size):
            return None
        values = self._parameters(params)
        if x.size == 1 and x.ndim and dtype is _DOUBLE:
            found = self._one((y.item() for y in inputs), values)
            if found is not None:
                numbers = found if isinstance(found, tuple) else (found,)
                outputs = [np.full(x.shape, number) for number in numbers]
                return outputs[0] if len(outputs) == 1 else tuple(outputs)
        outputs = [np.empty(x.size, dtype) for _ in self.forms]
        kernel = self._ways.double if dtype is _DOUBLE else self._ways.single
        if kernel.work is not dtype:
            return None
        kernel.run([*(y.reshape(-1) for y in inputs), *values], outputs)
        if x.ndim != 1:
            outputs = [output.reshape(x.shape)[()] for output in outputs]
        return outputs[0] if len(outputs) == 1 else tuple(outputs)

    def _one(self, inputs: Iterable[float], values: tuple[float, ...]) -> Any:
        """Return the values for one number, or None where Python's arithmetic refuses."""
        with suppress(ZeroDivisionError):
            numbers = [np.float64(result) for result in self._of_floats(*inputs, *values)]
            return numbers[0] if len(numbers) == 1 else tuple(numbers)
        return None

    @once
    def _of_floats(self) -> Callable[..., tuple[float, ...]]:
        return scalar_function(self.program)

    @np.errstate(all="ignore")
    def _by_machine(
        self,
        machine: np.ufunc,
        operands: Sequence[Any],
        result: np.dtype[Any],
        targets: tuple[Array | None, ...],
        where: ArrayLike,
    ) -> tuple[Any, ...]:
        """Return the outputs of a ufunc, which has a ufunc's manners."""
        count = len(self.inputs)
        letters = result.char * count + "d" * (len(operands) - count)
        outputs = machine(
            *operands,
            out=targets,
            where=where,
            casting="unsafe",  # what may be cast was checked before
            signature=f"{letters}->{result.char * len(targets)}",
        )
        return outputs if isinstance(outputs, tuple) else (outputs,)

    def _evaluate(
        self,
        machine: np.ufunc | None,
        operands: Sequence[Any],
        result: np.dtype[Any],
        targets: Sequence[Array | None],
        where: ArrayLike,
    ) -> tuple[Any, ...]:
        """Return the outputs: new arrays of the dtype *result*, or the targets that are given."""
        if machine is None or is_long(result):
            kernel = self._ways.kernel(operands, result)
        else:
            kernel = Kernel(lambda read, written: machine(*read, out=tuple(written)), _DOUBLE)
        if where is True and all(target is None for target in targets):
            outputs = run_contiguous(kernel, operands, result, len(targets))
            if outputs is not None:
                return outputs
        return run_iterated(kernel, operands, result, targets, where)

    @once
    def _ways(self) -> Ways:
        return Ways(self.source, self.program, self._defaults)

    def _hand_over(
        self,
        handlers: Sequence[Any],
        inputs: Sequence[Any],
        params: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> Any:
        """Return what other array types make of the call."""
        check_names(self.name, self.params, params)
        arrays = {
            name: value for name, value in params.items() if overriding([value]) or _is_array(value)
        }
        numbers = {
            name: self._parameter(self.params[name], value)
            for name, value in params.items()
            if name not in arrays
        }
        ufunc = Ufunc(self, tuple(arrays), numbers)
        return ufunc.dispatch(handlers, (*inputs, *arrays.values()), options)

    def only(self, place: int) -> "Elementwise":
        """Return the function of one of several results alone."""
        form = self.forms[place : place + 1]
        return Elementwise(
            self.name, self.inputs, self.params, form, made_by=(Elementwise.only, (self, place))
        )

    def _parameters(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the parameters in order, each checked against its domain."""
        if not given:
            return self._defaults
        if not all(type(value) in _NUMBERS for value in given.values()):
            return self._checked(given)
        key = tuple(given.items())
        found = self._known.get(key)
        if found is None:
            found = self._checked(given)
            if len(self._known) >= _MOST_KNOWN:
                self._known = {}
            self._known[key] = found
        return found

    def _checked(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        check_names(self.name, self.params, given)
        return tuple(
            self._parameter(p, given[p.name]) if p.name in given else default
            for p, default in zip(self.params.values(), self._defaults, strict=True)
        )

    def _parameter(self, parameter: Parameter, value: Any) -> Any:
        """Return a parameter as a float, or as an array of floats."""
        if _is_array(value):
            return self._array_parameter(parameter, value)
        check_value(self.name, parameter, value)
        if getattr(value, "free_symbols", None):
            raise ParameterError(
                f"{self.name}: {parameter.name} = {value} is a formula; for arrays it is a number"
            )
        try:
            return float(value)
        except OverflowError as error:
            raise ParameterError(
                f"{self.name}: {parameter.name} is a number of {len(str(value))} digits, which no"
                f" float64 holds"
            ) from error

    def _array_parameter(self, parameter: Parameter, value: Any) -> Any:
        try:
            array = as_floats(value, self.name).astype(np.float64, copy=False)
        except (TypeError, ValueError) as error:
            raise ParameterError(
                f"{self.name}: {parameter.name} is a real number or an array of them, not {value!r}"
            ) from error
        # What a mask hides is not used.
        outside = array[~parameter.domain.contains_each(array) & ~np.ma.getmask(value)]
        if outside.size:
            raise ParameterError(
                f"{self.name}: {parameter.name} holds {outside.flat[0]}, outside of its domain,"
                f" {parameter.condition} (default {parameter.default})"
            )
        return array


def _is_array(value: Any) -> bool:
    """Tell whether a parameter is given as an array rather than as a number."""
    return isinstance(value, list | tuple) or (not isinstance(value, Basic) and np.ndim(value) > 0)
