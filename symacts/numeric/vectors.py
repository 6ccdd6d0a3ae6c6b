"""Functions of a whole vector along an axis of an array: values, Jacobian, products with it."""

from collections.abc import Callable
from functools import cached_property, partial
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index
from numpy.typing import ArrayLike, DTypeLike, NDArray
from sympy import Expr, IndexedBase, Symbol

from symacts import atoms
from symacts.errors import DefinitionError, SymactsError
from symacts.numeric import engine
from symacts.numeric.jacobians import Linearisation, Parts, linearise, relative
from symacts.numeric.lowering.emit import Writer
from symacts.numeric.lowering.source import Source, assemble
from symacts.numeric.running.containers import call_within
from symacts.numeric.running.manners import as_numbers, check_casts, dtype_of, is_float
from symacts.numeric.running.rows import is_plain, run_rows
from symacts.numeric.written_out import is_symbolic_vector, written_out
from symacts.symbols import i, j, n

__all__ = ["VectorFunction"]

Array = NDArray[Any]

_ENTRY = Symbol("x", real=True)


class VectorFunction:
    """A generated function along one axis of an array."""

    def __init__(
        self,
        name: str,
        lifted: Expr,
        x: IndexedBase,
        made_by: tuple[Callable[..., "VectorFunction"], tuple[Any, ...]] | None = None,
    ) -> None:
        """Take the formula; *made_by* is the call that makes this object again from a pickle.

        Raises:
            DefinitionError: a sum over the entries depends on entry i.
        """
        for reduction in lifted.atoms(atoms.Reduction):
            if reduction.has(x[i]):
                raise DefinitionError(
                    f"{name}: {atoms.textbook(reduction)} depends on {x[i]}; what runs over all"
                    f" entries {x[j]} must be the same for each entry of the result"
                )
        self.name = self.__name__ = name
        self.x = x
        self.lifted = lifted
        self.keeps_axis = lifted.has(x[i])
        self._made_by = made_by
        self._machines: dict[str, np.ufunc | None] = {}
        # Inside of a reduction the entry stands for x[j], outside for x[i].
        self._form = lifted.xreplace({x[i]: _ENTRY, x[j]: _ENTRY})

    def __reduce__(self) -> Any:
        return self._made_by or super().__reduce__()

    @cached_property
    def source(self) -> Source:
        """The generated source of the values."""
        return self._write([self._form], drop_axis=not self.keeps_axis)

    @cached_property
    def linearisation(self) -> Linearisation:
        """The parts of the Jacobian."""
        return linearise(self._form, _ENTRY)

    @cached_property
    def _values(self) -> Callable[..., Any]:
        return self.source.compile()

    @cached_property
    def _numbers(self) -> Callable[..., tuple[Any, ...]]:
        return self._write([*self.linearisation.forms(), _ENTRY]).compile()

    def _write(self, forms: list[Expr], *, drop_axis: bool = False) -> Source:
        writer = Writer({_ENTRY: "x", n: "x.shape[axis]"})
        stable = [relative(form) for form in forms]
        writer.share(stable)
        results = [writer.write(form) for form in stable]
        if drop_axis:
            results = [f"np.squeeze({result}, axis)" for result in results]
        return assemble(self.name, ["x", "axis"], writer, results)

    # -- calls -----------------------------------------------------------------------------------

    def __call__(
        self,
        x: Any,
        *,
        axis: int = -1,
        out: Array | tuple[Array] | None = None,
        dtype: DTypeLike | None = None,
        casting: str = "same_kind",
        **unknown: Any,
    ) -> Any:
        """Return the values along *axis*; an output that is one number drops the axis."""
        if unknown:
            raise TypeError(
                f"symacts.{self.name} takes axis, out, dtype and casting, not {next(iter(unknown))}"
            )
        if type(x) is np.ndarray and out is None and dtype is None and casting == "same_kind":
            machine = self._machine("values")
            if machine is not None and is_plain(x, axis):
                return machine(x)
        if is_symbolic_vector(x):
            return written_out(self.name, atoms.textbook(self.lifted), self.x, x)
        if out is None:
            call = partial(self, dtype=dtype, casting=casting)
            held = call_within(call, x, axis, keeps_axis=self.keeps_axis, name=self.name)
            if held is not NotImplemented:
                return held
        return self._call(x, axis, out, dtype, casting)

    def _call(
        self,
        x: ArrayLike,
        axis: int,
        out: Any = None,
        dtype: DTypeLike | None = None,
        casting: str = "same_kind",
    ) -> Any:
        array, axis = self._input(x, axis)
        result = self._result_dtype(array, dtype)
        shape = array.shape if self.keeps_axis else _without(array.shape, axis)
        target = self._target(out, shape)
        check_casts(self.name, [array], result, [target], casting)
        if target is None:
            target = np.empty(shape, result)
        elif np.may_share_memory(target, array) and not _is_same(target, array):
            array = array.copy()
        rows, output = [_rows(array, axis)], self._output_rows(target, axis)
        run_rows(self._value_kernel, rows, output, result, self._machine("values"))
        return target[()] if out is None else target

    def jacobian(self, x: ArrayLike, *, axis: int = -1) -> Array:
        """Return the Jacobian with the axis moved to the end: (..., n, n), or (..., n)."""
        array, axis = self._input(x, axis)
        result = self._result_dtype(array, None)
        rows = _rows(array, axis)
        kernel = self._matrix_kernel if self.keeps_axis else self._gradient_kernel
        shape = (*rows.shape, rows.shape[-1]) if self.keeps_axis else rows.shape
        jacobian = np.empty(shape, result)
        run_rows(kernel, [rows], jacobian, result)
        return jacobian

    def jvp(self, x: ArrayLike, tangent: ArrayLike, *, axis: int = -1) -> Array:
        """Return the Jacobian times *tangent*."""
        array, axis = self._input(x, axis)
        along = self._beside(tangent, "tangent", array.shape, "the input")
        shape = array.shape if self.keeps_axis else _without(array.shape, axis)
        return self._product("forward", array, along, axis, shape)

    def vjp(self, x: ArrayLike, cotangent: ArrayLike, *, axis: int = -1) -> Array:
        """Return *cotangent* times the Jacobian."""
        array, axis = self._input(x, axis)
        shape = array.shape if self.keeps_axis else _without(array.shape, axis)
        back = self._beside(cotangent, "cotangent", shape, "the result")
        if not self.keeps_axis:
            back = np.expand_dims(back, axis)
        return self._product("backward", array, back, axis, array.shape)

    def _product(
        self,
        which: str,
        array: Array,
        beside: Array,
        axis: int,
        shape: tuple[int, ...],
    ) -> Array:
        result = self._result_dtype(array, None)
        product = np.empty(shape, result)
        rows = product[..., None] if len(shape) < array.ndim else _rows(product, axis)
        kernel = self._forward_kernel if which == "forward" else self._backward_kernel
        given = [_rows(array, axis), _rows(beside, axis)]
        run_rows(kernel, given, rows, result, self._machine(which))
        return product[()]

    # -- machine code ----------------------------------------------------------------------------

    def _machine(self, which: str) -> np.ufunc | None:
        """Return the "values", or a product, as machine code; None where that is not wanted."""
        if engine.current() != "fast":
            return None
        if which not in self._machines:
            self._machines[which] = self._compiled(which)
        return self._machines[which]

    def _compiled(self, which: str) -> np.ufunc | None:
        """Compile; None where some function of a row has no machine code."""
        from symacts.numeric.llvm import rows

        try:
            if which == "values":
                program = rows.value_program(self.source, keeps_axis=self.keeps_axis)
            else:
                program = rows.product_program(
                    self._write(self.linearisation.forms()),
                    (len(self.linearisation.outer), len(self.linearisation.shares)),
                    keeps_axis=self.keeps_axis,
                    is_forward=which == "forward",
                )
            return rows.compile_rows(program, folder=engine.folder())
        except SymactsError:
            return None

    # -- blocks ----------------------------------------------------------------------------------

    def _value_kernel(self, x: Array, axis: int) -> Array:
        values: Array = self._values(x, axis)
        return values if self.keeps_axis else np.expand_dims(values, axis)

    def _matrix_kernel(self, x: Array, axis: int) -> Array:
        return self._parts(x, axis).matrix()

    def _gradient_kernel(self, x: Array, axis: int) -> Array:
        return self._parts(x, axis).backward(np.ones((1, 1)))

    def _forward_kernel(self, x: Array, tangent: Array, axis: int) -> Array:
        product = self._parts(x, axis).forward(tangent)
        return product if self.keeps_axis else np.take(product, [0], axis)

    def _backward_kernel(self, x: Array, cotangent: Array, axis: int) -> Array:
        return self._parts(x, axis).backward(cotangent)

    def _parts(self, x: Array, axis: int) -> Parts:
        """Return the parts of the Jacobian of a block; what does not depend on i has length one."""
        *numbers, _ = self._numbers(x, axis)
        one = (1, x.shape[1]) if axis == 0 else (x.shape[0], 1)
        entries = x.shape if self.keeps_axis else one
        local, *rest = numbers
        pairs, first = [], 2 * len(self.linearisation.outer)
        for slope, weight in zip(rest[:first:2], rest[1:first:2], strict=True):
            pairs.append((np.broadcast_to(slope, entries), np.broadcast_to(weight, x.shape)))
        flat = [np.broadcast_to(part, x.shape) for part in rest[first:]]
        triples = list(zip(flat[::3], flat[1::3], flat[2::3], strict=True))
        powers = self.linearisation.powers
        return Parts(np.broadcast_to(local, entries), pairs, triples, powers, axis)

    # -- what is given ---------------------------------------------------------------------------

    def _input(self, x: ArrayLike, axis: int) -> tuple[Array, int]:
        array = as_numbers(x, self.name)
        if array.ndim == 0:
            raise ValueError(
                f"symacts.{self.name} takes a vector, or an array of vectors along an axis, not a"
                f" single number"
            )
        axis = normalize_axis_index(axis, array.ndim)
        if array.shape[axis] == 0:
            raise ValueError(f"symacts.{self.name} needs at least one entry along axis {axis}")
        return array, axis

    def _result_dtype(self, array: Array, dtype: DTypeLike | None) -> np.dtype[Any]:
        result = dtype_of(array).newbyteorder("=") if dtype is None else np.dtype(dtype)
        if not is_float(result):
            raise TypeError(f"symacts.{self.name} gives floats, not {result}")
        return result

    def _target(self, out: Any, shape: tuple[int, ...]) -> Array | None:
        """Return the array to write to, checked, or None for a new one."""
        target = out[0] if isinstance(out, tuple) and len(out) == 1 else out
        if target is None:
            return None
        if not isinstance(target, np.ndarray):
            raise TypeError(f"symacts.{self.name}: out must be an array, not {type(target)}")
        if target.shape != shape:
            raise ValueError(
                f"symacts.{self.name}: out has the shape {target.shape}, the result {shape}"
            )
        return target

    def _beside(self, given: ArrayLike, role: str, shape: tuple[int, ...], whose: str) -> Array:
        """Return a tangent or cotangent, broadcast to the shape that it must have."""
        array = as_numbers(given, self.name)
        try:
            return np.broadcast_to(array, shape)
        except ValueError:
            raise ValueError(
                f"symacts.{self.name}: the {role} has the shape {array.shape};"
                f" it must broadcast to the shape of {whose}, {shape}"
            ) from None

    def _output_rows(self, output: Array, axis: int) -> Array:
        return _rows(output, axis) if self.keeps_axis else output[..., None]


def _rows(array: Array, axis: int) -> Array:
    return array if axis == array.ndim - 1 else np.moveaxis(array, axis, -1)


def _without(shape: tuple[int, ...], axis: int) -> tuple[int, ...]:
    return shape[:axis] + shape[axis + 1 :]


def _is_same(first: Array, second: Array) -> bool:
    """Tell whether two arrays are one and the same view, of which a block is read, then written."""
    keys = ("data", "strides", "shape", "typestr")
    one, two = first.__array_interface__, second.__array_interface__
    return all(one[key] == two[key] for key in keys)
