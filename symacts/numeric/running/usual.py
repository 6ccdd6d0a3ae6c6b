"""Kernels as short as they can be said, which will do unless an argument is far from zero.

A kernel is right over the whole line, and pays for that with steps: it takes exponentials of what
is not positive only, and halves of exponents.  In float32, where most numbers that one meets are
near zero, it is enough to take that way for those that are not.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from symacts.numeric.lowering.find import arguments_of, template
from symacts.numeric.lowering.program import Program, Recorder, Value, without_dead_steps

__all__ = ["FAR", "FORMS", "in_usual_forms"]

#: The square of exp of what is nearer to zero than this is a normal float32, and so is its inverse.
FAR = 40.0


def _exp_times(p: Any, u: Any, q: Any = 1.0) -> Any:
    return p * np.exp(u) * q


def _sigma_times(p: Any, u: Any, q: Any = 1.0) -> Any:
    return p / (1.0 + np.exp(-u)) * q


#: For a kernel with these arguments, what gives the same where u is not far from zero.
FORMS: Mapping[tuple[str, tuple[str, ...]], Callable[..., Any]] = {
    ("exp_times", ("p", "u")): _exp_times,
    ("exp_times", ("p", "u", "q")): _exp_times,
    ("sigma_times", ("p", "u")): _sigma_times,
    ("sigma_times", ("p", "u", "q")): _sigma_times,
}


def in_usual_forms(program: Program) -> Program:
    """Return the program with its kernels in shorter forms, for what is not far from zero."""
    first = len(program.inputs)
    recorder = Recorder(first)
    now = [Value(recorder, number) for number in range(first)]
    for place, step in enumerate(program.steps):
        arguments = tuple(now[argument].number for argument in step.arguments)
        now.append(Value(recorder, recorder.add(replace(step, arguments=arguments))))
        now[-1] = _shorter(program, first + place, now)
    results = tuple(now[result].number for result in program.results)
    return without_dead_steps(replace(program, steps=tuple(recorder.steps), results=results))


def _shorter(program: Program, number: int, now: list[Value]) -> Value:
    """Return what makes a value, in its shorter form if a kernel that has one makes it."""
    for (kernel, names), form in FORMS.items():
        given = arguments_of(template(kernel, names), program, number)
        if given is not None:
            values = [now[argument] for argument in given]
            u: Any = values[names.index("u")]
            is_far = (u > FAR) | (u < -FAR)
            chosen: Value = u.recorder.record("where", (is_far, now[number], form(*values)))
            return chosen
    return now[number]
