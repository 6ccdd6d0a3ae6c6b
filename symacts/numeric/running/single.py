"""Programs for float32 as NumPy computes that best, and which of them is good enough.

Half as many bytes take about half of the time, and nothing need be converted.  But what is lost on
the way is not made good at the end, as it is where float64 is rounded once: so it is measured.
"""

import math
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from symacts.cache import Cache, code_fingerprint
from symacts.numeric.float32 import is_good_enough
from symacts.numeric.lowering.program import Program, Recorder, Step, without_dead_steps
from symacts.numeric.running.simpler import numbers_of
from symacts.numeric.running.usual import in_usual_forms

__all__ = ["IN_DOUBLE", "WAYS", "choose", "for_single"]

#: What makes a program one for float32, the fastest way first.
WAYS: Mapping[str, Callable[[Program], Program]] = {
    "usual": lambda program: for_single(in_usual_forms(program)),
    "mixed": lambda program: for_single(in_usual_forms(program), in_double=True),
}

#: What a function of NumPy begins with that takes and gives float32, and computes in float64.
IN_DOUBLE = "double_"
_DEAR = frozenset({"exp", "expm1", "log", "log1p", "tanh"})

_BINARY = 1.0 / math.log(2.0)
# How many times as many bits the exponent of a float64 spans.
_SPAN = 8
_LARGEST = float(np.finfo(np.float32).max)
_SMALLEST = float(np.finfo(np.float32).smallest_subnormal)


def choose(
    program: Program,
    defaults: Sequence[float],
    run: Callable[[str], Callable[..., Any]],
    folder: Path | None,
) -> str | None:
    """Return the first of WAYS that is good enough, None if none is; a folder remembers it.

    Args:
        program: the function.
        defaults: usual values of its parameters, for which ways are measured.
        run: returns, for a way, what takes arrays and parameters and computes as wide as arrays
            are: float32 in that way, float64 as it must be.
        folder: where what was measured is kept.
    """
    key = (
        *(repr(program), repr(tuple(defaults))),
        *(np.__version__, platform.platform(), repr(np.lib.introspect.opt_func_info())),
        code_fingerprint("numeric"),
    )

    def measured() -> str:
        good = (way for way in WAYS if is_good_enough(run(way), program.arrays, defaults))
        return next(good, "")

    return Cache(folder).remember("float32-blocks", key, measured) or None


def for_single(program: Program, *, in_double: bool = False) -> Program:
    """Return the program with constants that float32 can hold, and with what it can do well.

    NumPy's float32 exp is off by up to 2.5 units where its exp2 is off by one, in half of the time.
    Instead, exponentials and what is like them can be taken *in_double*.
    """
    writer = _Writer(program, in_double=in_double)
    return without_dead_steps(
        replace(program, steps=tuple(writer.steps), results=writer.results(program))
    )


class _Writer:
    """Writes the steps of a program anew."""

    def __init__(self, program: Program, *, in_double: bool) -> None:
        self.in_double = in_double
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
            if self.in_double and step.operation in _DEAR:
                step = replace(step, operation=IN_DOUBLE + step.operation)
            elif step.operation == "exp":
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
