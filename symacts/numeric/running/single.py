"""A program for float32 as NumPy computes that best, and whether its results are good enough.

Half as many bytes take about half of the time, and nothing need be converted.  But what is lost on
the way is not made good at the end, as it is where float64 is rounded once: so it is measured.
"""

import math
import platform
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from symacts.cache import Cache, code_fingerprint
from symacts.numeric.float32 import is_good_enough
from symacts.numeric.lowering.program import Program, Recorder, Step, without_dead_steps
from symacts.numeric.running.simpler import numbers_of

__all__ = ["does_well", "for_single"]

_BINARY = 1.0 / math.log(2.0)
# How many times as many bits the exponent of a float64 spans.
_SPAN = 8
_LARGEST = float(np.finfo(np.float32).max)
_SMALLEST = float(np.finfo(np.float32).smallest_subnormal)


def does_well(
    run: Callable[..., Any], program: Program, defaults: Sequence[float], folder: Path | None
) -> bool:
    """Tell whether *run* is good enough for float32; a folder remembers it.

    It takes the arrays and parameters of the program, and computes as wide as the arrays are.
    """
    key = (
        *(repr(program), repr(tuple(defaults))),
        *(np.__version__, platform.platform(), repr(np.lib.introspect.opt_func_info())),
        code_fingerprint("numeric"),
    )

    def measured() -> str:
        return "single" if is_good_enough(run, program.arrays, defaults) else "double"

    return Cache(folder).remember("float32-blocks", key, measured) == "single"


def for_single(program: Program) -> Program:
    """Return the program with what suits float32: powers of two, and constants that it can hold.

    NumPy's float32 exp is off by up to 2.5 units where its exp2 is off by one, in half of the time.
    """
    writer = _Writer(program)
    return without_dead_steps(
        replace(program, steps=tuple(writer.steps), results=writer.results(program))
    )


class _Writer:
    """Writes the steps of a program anew."""

    def __init__(self, program: Program) -> None:
        self.first = len(program.inputs)
        self.recorder = Recorder(self.first)
        self.numbers = numbers_of(program)
        self.now = {number: number for number in range(self.first)}
        for place, step in enumerate(program.steps):
            self.now[self.first + place] = self._written(self.first + place, step)

    @property
    def steps(self) -> list[Step]:
        """The steps that were written."""
        return self.recorder.steps

    def results(self, program: Program) -> tuple[int, ...]:
        """Return what the results of the program have become."""
        return tuple(self.now[result] for result in program.results)

    def _written(self, number: int, step: Step) -> int:
        if number in self.numbers:  # computed in float64
            arguments = tuple(self.now[argument] for argument in step.arguments)
        else:
            arguments = tuple(map(self._held, step.arguments))
        if step.operation == "exp" and number not in self.numbers:
            return self._power_of_two(arguments[0])
        return self.recorder.add(replace(step, arguments=arguments))

    def _held(self, argument: int) -> int:
        """Return what an argument has become, as float32 can hold it."""
        now = self.now[argument]
        constant = self._constant_of(now)
        return now if constant is None else self.recorder.number(_in_range(constant))

    def _power_of_two(self, value: int) -> int:
        """Return exp of a value, whose constant factor is taken along with that of the base."""
        factor = _BINARY
        while value >= self.first:
            step = self.steps[value - self.first]
            if step.operation == "negative":
                factor, value = -factor, step.arguments[0]
                continue
            scale, other = self._split(step)
            if scale is None:
                break
            factor, value = factor * scale, other
        scaled = Step("multiply", (self.recorder.number(factor), value))
        return self.recorder.add(Step("exp2", (self.recorder.add(scaled),)))

    def _split(self, step: Step) -> tuple[float | None, int]:
        """Return a product's constant and its other factor."""
        if step.operation == "multiply":
            for one, other in (step.arguments, step.arguments[::-1]):
                factor = self._constant_of(one)
                if factor is not None:
                    return factor, other
        return None, 0

    def _constant_of(self, value: int) -> float | None:
        step = self.steps[value - self.first] if value >= self.first else Step("input")
        return step.value if step.operation == "constant" else None


def _in_range(value: float) -> float:
    """Return a constant that float32 can hold: what is near the end of float64 is near its end."""
    size = abs(value)
    if not math.isfinite(value) or size == 0.0 or _SMALLEST <= size <= _LARGEST:
        return value
    return math.copysign(min(2.0 ** (math.log2(size) / _SPAN), _LARGEST), value)
