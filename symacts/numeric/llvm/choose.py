"""A program as a ufunc, and how it computes float32: in the fastest way that is good enough."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from symacts.cache import Cache
from symacts.numeric.float32 import is_good_enough
from symacts.numeric.llvm import pool
from symacts.numeric.llvm.compensated import supports
from symacts.numeric.llvm.kernel import Kernel
from symacts.numeric.llvm.layout import LOOPS
from symacts.numeric.llvm.machine import host, load, signature
from symacts.numeric.llvm.module import module
from symacts.numeric.llvm.simplify import simplify
from symacts.numeric.llvm.ufunc import make_ufunc
from symacts.numeric.lowering.program import Program

__all__ = ["WAYS", "choose", "compile_program"]

#: How float32 may be computed, the fastest way first as a rule.  The last one is always right.
WAYS = ("single", "compensated", "short")


def compile_program(
    program: Program,
    *,
    defaults: Sequence[float] = (),
    way: str | None = None,
    parallel: bool = True,
    folder: Path | None = None,
) -> np.ufunc:
    """Return a ufunc of the inputs of a program, with one output for each of its results.

    One loop takes float32 arrays and float64 parameters and gives float32; the other one is float64
    throughout.  With *parallel* large arrays are shared among threads.  Machine code is kept in
    *folder*.

    Args:
        defaults: usual values of the parameters, for which the way is chosen.
        way: how float32 is computed, one of WAYS; measured if it is not given.
    """
    with pool.compiling:
        way = way or choose(program, defaults, parallel=parallel, folder=folder)
        return _build(program, way, parallel, folder)


def choose(
    program: Program,
    defaults: Sequence[float] = (),
    *,
    parallel: bool = True,
    folder: Path | None = None,
) -> str:
    """Return the fastest way to compute float32 that keeps the bound; a folder remembers it."""
    values = tuple(float(value) for value in defaults)
    with pool.compiling:
        key = (repr(program), repr(values), *signature())
        return Cache(folder).remember(
            "float32-way", key, lambda: _measured(program, values, parallel, folder)
        )


def _measured(
    program: Program,
    defaults: tuple[float, ...],
    parallel: bool,  # noqa: FBT001
    folder: Path | None,
) -> str:
    *others, last = WAYS
    # What takes longer than the way that is good enough is of no use.
    most = _cost(program, last)
    for way in others:
        if _cost(program, way) < most and (way != "compensated" or supports(program)):
            function = _build(program, way, parallel, folder)
            if is_good_enough(function, program.arrays, defaults):
                return way
    return last


def _cost(program: Program, way: str) -> float:
    """Return how long an element takes, in a unit of no meaning."""
    return Kernel(simplify(program), LOOPS[way], host(), varies=False).cost


@cache
def _build(program: Program, way: str, parallel: bool, folder: Path | None) -> np.ufunc:  # noqa: FBT001
    loops = (LOOPS[way], LOOPS["double"])
    text = module(program, loops, host(), parallel=parallel)
    addresses = load(text, tuple(loop.name for loop in loops), folder)
    parameters = len(program.inputs) - program.arrays
    described = [
        (
            addresses[loop.name],
            letter * program.arrays + "d" * parameters + letter * len(program.results),
        )
        for loop, letter in zip(loops, "fd", strict=True)
    ]
    return make_ufunc(program.name, "", described, len(program.results))
