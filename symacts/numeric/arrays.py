"""Evaluate generated functions on whatever NumPy takes for an array, with a ufunc's manners.

The base engine computes in float64 (longdouble stays longdouble) and rounds once to the input's
dtype, which makes float32 and float16 results right to the last digit nearly always.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray
from sympy import Basic, Symbol

from symacts.errors import ParameterError, SymactsError
from symacts.numeric import engine
from symacts.numeric.blocks import BLOCK, BlockFunction
from symacts.numeric.kernels import IN_DOUBLE
from symacts.numeric.loops import Kernel, run_contiguous, run_iterated
from symacts.numeric.program import Program, trace
from symacts.numeric.protocols import Ufunc, overriding, wrapped
from symacts.numeric.scalars import scalar_function
from symacts.numeric.source import Form, Source, function_source
from symacts.parameters import Parameter, check_names, check_value

__all__ = ["Elementwise", "as_floats", "is_float", "working"]

Array = NDArray[Any]
_DOUBLE = np.dtype(np.float64)


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
        self._checked: dict[tuple[str, float], float] = {}

    def __reduce__(self) -> Any:
        return self._made_by or super().__reduce__()

    @cached_property
    def source(self) -> Source:
        """The generated source."""
        return function_source(self.name, self.inputs, self.params, self.forms)

    @cached_property
    def program(self) -> Program:
        """The generated source as a list of operations."""
        return trace(self.source, len(self.inputs))

    def __call__(
        self,
        *inputs: ArrayLike,
        out: Array | tuple[Array | None, ...] | None = None,
        where: ArrayLike = True,
        dtype: DTypeLike | None = None,
        casting: str = "same_kind",
        **params: Any,
    ) -> Any:
        """Return the values for the inputs, broadcast together."""
        machine = self._machine if engine.current() == "fast" else None
        if out is None and where is True and dtype is None:
            simple = self._simple(machine, inputs, params)
            if simple is not None:
                return simple
        values = self._parameters(params) if params else self._defaults
        handlers = overriding([*inputs, *params.values(), out])
        if handlers:
            return self._hand_over(handlers, inputs, params, out=out, where=where, dtype=dtype)
        arrays = [as_floats(value, self.name) for value in inputs]
        result = np.dtype(dtype) if dtype is not None else result_dtype(inputs, arrays)
        if not is_float(result):
            raise TypeError(f"symacts.{self.name} gives floats, not {result}")
        targets = _targets(out, len(self.forms), self.name)
        _check_casts(self.name, result, targets, casting)
        if (
            machine is not None
            and result.char in "fd"
            and all(a.dtype.char in "fd" for a in arrays)
        ):
            outputs = _by_machine(machine, [*arrays, *values], result, targets, where, casting)
        else:
            outputs = self._evaluate(machine, [*arrays, *values], result, targets, where)
        if out is None:
            ufunc = Ufunc(self, ())
            outputs = tuple(
                wrapped(output, inputs, ufunc, place) for place, output in enumerate(outputs)
            )
        return outputs if len(outputs) > 1 else outputs[0]

    def _simple(
        self, machine: np.ufunc | None, inputs: tuple[Any, ...], params: Mapping[str, Any]
    ) -> Any:
        """Return the values for plain arrays and floats by the shortest way, or None."""
        if machine is None:
            return self._small(inputs[0], params) if len(inputs) == 1 else None
        if all(
            type(x) is float or (type(x) is np.ndarray and x.dtype.char in "fd") for x in inputs
        ):
            return machine(*inputs, *(self._parameters(params) if params else self._defaults))
        return None

    @cached_property
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
    def _small(self, x: Any, params: Mapping[str, Any]) -> Any:
        """Return the values for a float or a small array of doubles by the shortest way, or None.

        What the general way costs beside the work would be most of the time here.
        """
        is_number = type(x) is float
        is_small = type(x) is np.ndarray and x.dtype is _DOUBLE and 0 < x.size <= BLOCK
        if not (is_number or (is_small and x.flags.c_contiguous)):
            return None
        values = self._parameters(params) if params else self._defaults
        if any(type(value) is not float for value in values):
            return None
        if is_number:
            with suppress(ZeroDivisionError):
                found = [np.float64(result) for result in self._of_floats(x, *values)]
                return found[0] if len(found) == 1 else tuple(found)
            return None
        outputs = [np.empty(x.size) for _ in self.forms]
        self._blocks((x.reshape(-1), *values), outputs)
        shaped = [output.reshape(x.shape) for output in outputs]
        found = [output if x.ndim else output[()] for output in shaped]
        return found[0] if len(found) == 1 else tuple(found)

    @cached_property
    def _of_floats(self) -> Callable[..., tuple[float, ...]]:
        return scalar_function(self.program)

    def _evaluate(
        self,
        machine: np.ufunc | None,
        operands: Sequence[Any],
        result: np.dtype[Any],
        targets: Sequence[Array | None],
        where: ArrayLike,
    ) -> tuple[Any, ...]:
        """Return the outputs: new arrays of the dtype *result*, or the targets that are given."""
        kernel = self._kernel(machine, operands, result)
        if where is True and all(target is None for target in targets):
            outputs = run_contiguous(kernel, operands, result, len(targets))
            if outputs is not None:
                return outputs
        return run_iterated(kernel, operands, result, targets, where)

    def _kernel(
        self, machine: np.ufunc | None, operands: Sequence[Any], result: np.dtype[Any]
    ) -> Kernel:
        """Return what computes one block; longdouble takes the plain source."""
        if result.kind == "f" and result.itemsize > np.dtype(np.float64).itemsize:
            return partial(_unblocked, self._function, bool(self.source.kernels & IN_DOUBLE))
        if machine is not None:
            return lambda inputs, outputs: machine(*inputs, out=tuple(outputs))
        if any(isinstance(operand, np.ndarray) for operand in operands[len(self.inputs) :]):
            return self._blocks_with_arrays
        return self._blocks

    @cached_property
    def _function(self) -> Callable[..., Any]:
        return self.source.compile()

    @cached_property
    def _blocks(self) -> BlockFunction:
        return BlockFunction(self.program)

    @cached_property
    def _blocks_with_arrays(self) -> BlockFunction:
        """The same where parameters are arrays too."""
        return BlockFunction(replace(self.program, arrays=len(self.program.inputs)))

    def _hand_over(
        self,
        handlers: Sequence[Any],
        inputs: Sequence[Any],
        params: Mapping[str, Any],
        **given: Any,
    ) -> Any:
        """Return what other array types make of the call."""
        arrays = {name: value for name, value in params.items() if np.ndim(value)}
        numbers = {name: value for name, value in params.items() if name not in arrays}
        unset = {"out": None, "where": True, "dtype": None}
        options = {name: value for name, value in given.items() if value is not unset[name]}
        ufunc = Ufunc(self, tuple(arrays))
        return ufunc.dispatch(handlers, (*inputs, *arrays.values()), {**numbers, **options})

    def _parameters(self, given: Mapping[str, Any]) -> tuple[Any, ...]:
        """Return the parameters in order, each checked against its domain."""
        check_names(self.name, self.params, given)
        return tuple(
            self._parameter(p, given[p.name]) if p.name in given else default
            for p, default in zip(self.params.values(), self._defaults, strict=True)
        )

    def _parameter(self, parameter: Parameter, value: Any) -> Any:
        """Return a parameter as a float, or as an array of floats."""
        if type(value) is float and (parameter.name, value) in self._checked:
            return value
        if np.ndim(value) and not isinstance(value, Basic):
            return self._array_parameter(parameter, value)
        check_value(self.name, parameter, value)
        if getattr(value, "free_symbols", None):
            raise ParameterError(
                f"{self.name}: {parameter.name} = {value} is a formula; for arrays it is a number"
            )
        self._checked[parameter.name, float(value)] = float(value)
        return float(value)

    def _array_parameter(self, parameter: Parameter, value: Any) -> Any:
        try:
            array = as_floats(value, self.name).astype(np.float64, copy=False)
        except (TypeError, ValueError) as error:
            raise ParameterError(
                f"{self.name}: {parameter.name} is a real number or an array of them, not {value!r}"
            ) from error
        outside = array[~parameter.domain.contains_each(array)]
        if outside.size:
            raise ParameterError(
                f"{self.name}: {parameter.name} holds {outside.flat[0]}, outside of its domain,"
                f" {parameter.condition} (default {parameter.default})"
            )
        return array


def _by_machine(
    machine: np.ufunc,
    operands: Sequence[Any],
    result: np.dtype[Any],
    targets: tuple[Array | None, ...],
    where: ArrayLike,
    casting: str,
) -> tuple[Any, ...]:
    """Return the outputs of a ufunc, which has a ufunc's manners."""
    if all(target is None for target in targets):
        outputs = machine(*operands, where=where, casting=casting, dtype=result)
    else:
        outputs = machine(*operands, out=targets, where=where, casting=casting, dtype=result)
    return outputs if isinstance(outputs, tuple) else (outputs,)


def _unblocked(
    function: Callable[..., Any],
    in_double: bool,  # noqa: FBT001  bound by `partial`
    operands: Sequence[Any],
    outputs: Sequence[Array],
) -> None:
    """Compute one block with the plain source."""
    computed = function(*(map(np.float64, operands) if in_double else operands))
    for output, values in zip(
        outputs, computed if isinstance(computed, tuple) else (computed,), strict=True
    ):
        np.copyto(output, values, casting="unsafe")


def as_floats(value: ArrayLike, name: str) -> Array:
    """Return *value* as an array of a float dtype; integers and booleans become float64."""
    array = np.asarray(value)
    if array.dtype.kind in "bui":
        return array.astype(np.float64)
    if is_float(array.dtype):
        return array
    raise TypeError(
        f"symacts.{name} not supported for the input types, and the inputs could not be safely"
        f" coerced to any supported types according to the casting rule ''safe''"
        f" (got {array.dtype})"
    )


def result_dtype(inputs: Sequence[Any], arrays: Sequence[Array]) -> np.dtype[Any]:
    """Return the dtype of the result; a Python number beside an array adapts to it."""
    if len(arrays) == 1:
        return arrays[0].dtype.newbyteorder("=")
    strong = [
        array
        for value, array in zip(inputs, arrays, strict=True)
        if type(value) not in (float, int, bool)
    ]
    return np.result_type(*(strong or arrays))


def working(array: Array) -> Array:
    """Return the array in the dtype that it is computed in."""
    if array.dtype.kind == "f" and array.dtype.itemsize > np.dtype(np.float64).itemsize:
        return array
    return array.astype(np.float64, copy=False)


def is_float(dtype: np.dtype[Any]) -> bool:
    """Tell whether *dtype* is a float, one that another package adds included (bfloat16)."""
    return dtype.kind == "f" or (
        dtype.kind == "V" and dtype.names is None and "float" in dtype.name
    )


def _targets(
    out: Array | tuple[Array | None, ...] | None, count: int, name: str
) -> tuple[Array | None, ...]:
    """Return where each of *count* results goes: an array of its own, or None for a new one."""
    if out is None:
        return (None,) * count
    targets = out if isinstance(out, tuple) else (out,)
    if len(targets) != count or not all(
        target is None or isinstance(target, np.ndarray) for target in targets
    ):
        wanted = "an array" if count == 1 else f"a tuple of {count} arrays"
        raise TypeError(f"symacts.{name}: out must be {wanted}")
    given = [target for target in targets if target is not None]
    if len(given) > 1 and np.shares_memory(*given):
        raise TypeError(f"symacts.{name}: the arrays in out share memory")
    return targets


def _check_casts(
    name: str, result: np.dtype[Any], targets: Sequence[Array | None], casting: str
) -> None:
    """Raise TypeError unless the result can be cast to every target by the rule."""
    for target in targets:
        if target is not None and not np.can_cast(result, target.dtype, casting):
            raise TypeError(
                f"Cannot cast symacts.{name} output from {result!r} to {target.dtype!r}"
                f" with casting rule {casting!r}"
            )
