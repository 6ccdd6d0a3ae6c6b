"""The ways in which the blocks of one function are computed, each made when it is first taken."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symacts.numeric import engine
from symacts.numeric.kernels import IN_DOUBLE
from symacts.numeric.lowering.program import Program
from symacts.numeric.lowering.text import Source
from symacts.numeric.running.blocks import BlockFunction
from symacts.numeric.running.loops import Kernel
from symacts.numeric.running.manners import is_float, is_long
from symacts.numeric.running.single import WAYS, choose
from symacts.numeric.running.widths import DOUBLE, SINGLE
from symacts.once import once

__all__ = ["Ways", "has_loop"]

Array = NDArray[Any]


class Ways:
    """What computes the blocks of a program, or of the source that it was traced from."""

    def __init__(self, source: Source, program: Program, defaults: Sequence[float]) -> None:
        """Take a function; the *defaults* of its parameters are what float32 is measured at."""
        self.source = source
        self.program = program
        self.defaults = defaults

    def kernel(self, operands: Sequence[Any], result: np.dtype[Any]) -> Kernel:
        """Return what computes a result of this dtype from operands, arrays and parameters."""
        if is_long(result):
            return self._long
        arrays, parameters = operands[: self.program.arrays], operands[self.program.arrays :]
        if any(isinstance(parameter, np.ndarray) for parameter in parameters):
            return self._with_arrays
        return self.single if result == SINGLE.number and has_loop(arrays, result) else self.double

    @once
    def double(self) -> Kernel:
        """In float64; parameters are numbers."""
        return Kernel(BlockFunction(self.program), DOUBLE.number)

    @once
    def single(self) -> Kernel:
        """In float32 where some way to do that is good enough, else in float64."""
        kernels: dict[str, Kernel] = {}

        def run(way: str) -> Callable[..., Any]:
            blocks = BlockFunction(WAYS[way](self.program), SINGLE)
            kernels[way] = Kernel(blocks, SINGLE.number)
            both = {SINGLE.number: kernels[way], DOUBLE.number: self.double}
            return partial(_whole, both, self.program)

        way = choose(self.program, self.defaults, run, engine.folder())
        if way is None:
            return self.double
        if way not in kernels:  # it was remembered
            run(way)
        return kernels[way]

    @once
    def _with_arrays(self) -> Kernel:
        """In float64; parameters are arrays too."""
        program = replace(self.program, arrays=len(self.program.inputs))
        return Kernel(BlockFunction(program), DOUBLE.number)

    @once
    def _long(self) -> Kernel:
        """In longdouble, by the plain source."""
        run = partial(_unblocked, self.source.compile(), bool(self.source.kernels & IN_DOUBLE))
        return Kernel(run, np.dtype(np.longdouble))


def has_loop(arrays: Sequence[Array], result: np.dtype[Any]) -> bool:
    """Tell whether arrays can be computed with for this result without rounding them first."""
    return result.char in "fd" and all(
        is_float(array.dtype) and np.can_cast(array.dtype, result) for array in arrays
    )


def _whole(kernels: Any, program: Program, *operands: Any) -> tuple[Array, ...]:
    """Return the results for arrays of one length and dtype, and numbers."""
    first = operands[0]
    outputs = tuple(np.empty(first.shape, first.dtype) for _ in program.results)
    kernels[first.dtype].run(operands, outputs)
    return outputs


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
