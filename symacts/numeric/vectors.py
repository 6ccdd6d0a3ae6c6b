"""Functions of a whole vector: values, Jacobian and the products with it.

Entry i of the result is an elementwise expression g in x[i] and a few reductions R over all x[j].
So the Jacobian is diag(dg/dx) + sum over R of (dg/dR) (dR/dx)^T, and its products with a vector
cost no more than the function itself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.lib.array_utils import normalize_axis_index
from numpy.typing import ArrayLike, DTypeLike, NDArray
from sympy import Add, Basic, Dummy, Expr, Function, IndexedBase, Symbol, exp

from symacts import atoms
from symacts.numeric.arrays import as_floats, working
from symacts.numeric.emit import Writer
from symacts.numeric.source import Source, assemble
from symacts.symbols import i, j, n

__all__ = ["Linearisation", "VectorFunction", "linearise"]

Array = NDArray[Any]


class log_share(Function):
    """h - logsumexp(h)."""


class share(Function):
    """exp(h - logsumexp(h))."""


class excess(Function):
    """h - simplex_threshold(h)."""


_RELATIVE = {atoms.logsumexp: log_share, atoms.simplex_threshold: excess}


@dataclass(frozen=True)
class Linearisation:
    """The parts of a Jacobian: `local` = dg/dx[i], and (dg/dR, dR/dx[j]) for each reduction R."""

    local: Expr
    outer: tuple[tuple[Expr, Expr], ...]


def linearise(lifted: Expr, x: IndexedBase) -> Linearisation:
    """Return the parts of the Jacobian of entry i of a vector function."""
    reductions = sorted(lifted.atoms(atoms.Reduction), key=str)
    stand_ins = {reduction: Dummy(real=True) for reduction in reductions}
    entry = Dummy("x", real=True)
    g = lifted.xreplace(stand_ins).xreplace({x[i]: entry})
    back = {stand_in: reduction for reduction, stand_in in stand_ins.items()} | {entry: x[i]}
    inner = Dummy("x", real=True)
    outer = []
    for reduction, stand_in in stand_ins.items():
        slope = reduction.args[0].xreplace({x[j]: inner}).diff(inner).xreplace({inner: x[j]})
        outer.append((g.diff(stand_in).xreplace(back), reduction.weight() * slope))
    return Linearisation(g.diff(entry).xreplace(back), tuple(outer))


class VectorFunction:
    """A generated function along one axis of an array."""

    def __init__(self, name: str, lifted: Expr, x: IndexedBase) -> None:
        self.name = name
        self.x = x
        self.lifted = lifted
        self.keeps_axis = lifted.has(x[i])

    @cached_property
    def source(self) -> Source:
        """The generated source of the values."""
        return self._write([self.lifted], drop_axis=not self.keeps_axis)

    @cached_property
    def _values(self) -> Callable[..., Any]:
        return self.source.compile()

    @cached_property
    def _parts(self) -> Callable[..., Any]:
        parts = linearise(self.lifted, self.x)
        return self._write([parts.local, *(e for pair in parts.outer for e in pair)]).compile()

    def _write(self, forms: list[Expr], *, drop_axis: bool = False) -> Source:
        entry = Symbol("x", real=True)
        writer = Writer({entry: "x", n: "x.shape[axis]"})
        stable = [_relative(form.xreplace({self.x[i]: entry, self.x[j]: entry})) for form in forms]
        writer.share(stable)
        results = [writer.write(form) for form in stable]
        if drop_axis:
            results = [f"np.squeeze({result}, axis)" for result in results]
        return assemble(self.name, ["x", "axis"], writer, results)

    def __call__(
        self,
        x: ArrayLike,
        *,
        axis: int = -1,
        out: Array | tuple[Array] | None = None,
        dtype: DTypeLike | None = None,
    ) -> Any:
        """Return the values along *axis*; an output that is one number drops the axis."""
        array, axis = self._input(x, axis)
        with np.errstate(all="ignore"):
            values = self._values(working(array), axis)
            result = values.astype(dtype or array.dtype)
        target = out[0] if isinstance(out, tuple) and len(out) == 1 else out
        if target is None:
            return result[()]
        if np.shape(target) != result.shape:
            raise ValueError(
                f"symacts.{self.name}: out has the shape {np.shape(target)},"
                f" the result {result.shape}"
            )
        np.copyto(target, result, casting="same_kind")
        return target

    def jacobian(self, x: ArrayLike, *, axis: int = -1) -> Array:
        """Return the Jacobian with the axis moved to the end: (..., n, n), or (..., n)."""
        array, axis = self._input(x, axis)
        rows = np.moveaxis(working(array), axis, -1)
        with np.errstate(all="ignore"):
            local, outer = self._linear_parts(rows, -1)
            total = local[..., :, None] * np.eye(rows.shape[-1])
            for slope, weight in outer:
                total = total + slope[..., :, None] * weight[..., None, :]
        if not self.keeps_axis:
            total = total[..., 0, :]
        return total.astype(array.dtype)

    def jvp(self, x: ArrayLike, tangent: ArrayLike, *, axis: int = -1) -> Array:
        """Return the Jacobian times *tangent*."""
        array, axis = self._input(x, axis)
        along = working(np.broadcast_to(as_floats(tangent, self.name), array.shape))
        with np.errstate(all="ignore"):
            local, outer = self._linear_parts(working(array), axis)
            total = local * along
            for slope, weight in outer:
                total = total + slope * np.sum(weight * along, axis=axis, keepdims=True)
        if not self.keeps_axis:
            total = np.take(total, 0, axis)
        return total.astype(np.result_type(array))

    def vjp(self, x: ArrayLike, cotangent: ArrayLike, *, axis: int = -1) -> Array:
        """Return *cotangent* times the Jacobian."""
        array, axis = self._input(x, axis)
        back = working(as_floats(cotangent, self.name))
        if not self.keeps_axis:
            one_hot = np.zeros(array.shape)
            first = [slice(None)] * array.ndim
            first[axis] = slice(0, 1)
            one_hot[tuple(first)] = np.expand_dims(back, axis)
            back = one_hot
        with np.errstate(all="ignore"):
            local, outer = self._linear_parts(working(array), axis)
            total = local * back
            for slope, weight in outer:
                total = total + weight * np.sum(slope * back, axis=axis, keepdims=True)
        return total.astype(np.result_type(array))

    def _input(self, x: ArrayLike, axis: int) -> tuple[Array, int]:
        array = as_floats(x, self.name)
        axis = normalize_axis_index(axis, array.ndim)
        if array.shape[axis] == 0:
            raise ValueError(f"symacts.{self.name} needs at least one entry along axis {axis}")
        return array, axis

    def _linear_parts(self, x: Array, axis: int) -> tuple[Array, list[tuple[Array, Array]]]:
        parts = self._parts(x, axis)
        parts = parts if isinstance(parts, tuple) else (parts,)
        local, *rest = (np.broadcast_to(part, x.shape) for part in parts)
        return local, list(zip(rest[::2], rest[1::2], strict=True))


def _relative(expr: Basic) -> Basic:
    """Return *expr* with entries compared to their reduction, which is never computed alone."""
    if not expr.args or isinstance(expr, atoms.Reduction):
        return expr
    better = expr.func(*(_relative(arg) for arg in expr.args))
    if isinstance(better, exp) and isinstance(better.args[0], log_share):
        return share(better.args[0].args[0])
    if isinstance(better, Add):
        for term in better.args:
            factor, reduction = term.as_coeff_Mul()
            if isinstance(reduction, atoms.Reduction) and better == factor * (
                reduction - reduction.args[0]
            ):
                return -factor * _RELATIVE[type(reduction)](reduction.args[0])
    return better
