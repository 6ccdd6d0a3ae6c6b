"""The same program in fewer passes over the block: every rule keeps each bit of the results.

NumPy's operations on a block cost about the same, whatever they compute, but for a few: so what
counts is how many there are.
"""

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from symacts.numeric.lowering.program import (
    COMPARISONS,
    Program,
    Recorder,
    Step,
    without_dead_steps,
)

__all__ = ["is_seldom", "numbers_of", "simpler"]

Rule = Callable[["_Seen", Step], Step | None]

# What a comparison with a number this small or large finds is seldom.
_SMALL, _LARGE = 1e-6, 30.0


def simpler(program: Program) -> Program:
    """Return the program after every rule was tried on every step, the first steps first.

    Beside those of a program it has the operations `clip`, which takes a value and two numbers,
    `minus_absolute`, and `larger_or_smaller`, which takes a condition on numbers and two values.
    """
    seen = _Seen(program)
    first = len(program.inputs)
    for place, step in enumerate(program.steps):
        renamed = replace(step, arguments=tuple(seen.renamed[a] for a in step.arguments))
        for rule in _RULES:
            renamed = rule(seen, renamed) or renamed
        seen.rename(first + place, seen.add(renamed))
    results = tuple(seen.renamed[result] for result in program.results)
    return without_dead_steps(replace(program, steps=tuple(seen.steps), results=results))


def numbers_of(program: Program) -> set[int]:
    """Return the values that depend on parameters and constants alone: one number each."""
    first = len(program.inputs)
    found = set(range(program.arrays, first))
    for place, step in enumerate(program.steps):
        if all(argument in found for argument in step.arguments):
            found.add(first + place)
    return found


def is_seldom(step_of: Callable[[int], Step | None], condition: int) -> bool:
    """Tell whether a condition is one that few elements meet."""
    step = step_of(condition)
    if step is None or step.operation not in COMPARISONS:
        return False
    if step.operation in ("isnan", "equal"):
        return True
    parts = [is_seldom(step_of, argument) for argument in step.arguments]
    if step.operation in ("logical_and", "logical_or"):
        return any(parts) if step.operation == "logical_and" else all(parts)
    limit = step_of(step.arguments[-1])
    if step.operation == "logical_not" or limit is None or limit.operation != "constant":
        return False
    is_above = step.operation.startswith("greater")
    size = abs(limit.value)
    return size > _LARGE and is_above == (limit.value > 0) if is_above else 0 < size < _SMALL


class _Seen:
    """The steps so far, and what the rules ask of them."""

    def __init__(self, program: Program) -> None:
        self.first = len(program.inputs)
        self.recorder = Recorder(self.first)
        self.steps = self.recorder.steps
        self.renamed = {number: number for number in range(self.first)}
        self.numbers = set(range(program.arrays, self.first))
        self._uses_before: Counter[int] = Counter(program.results)
        for step in program.steps:
            self._uses_before.update(step.arguments)
        self._uses: Counter[int] = Counter()

    def add(self, step: Step) -> int:
        """Return the number of a step, which is a new one unless it was met before."""
        number = self.recorder.add(step)
        if all(argument in self.numbers for argument in step.arguments):
            self.numbers.add(number)
        return number

    def rename(self, before: int, now: int) -> None:
        """Note which value a value has become."""
        self.renamed[before] = now
        self._uses[now] += self._uses_before[before]

    def is_used_once(self, value: int) -> bool:
        """Tell whether no more than one step of the program as it was asks for a value."""
        return self._uses[value] == 1

    def step(self, value: int) -> Step:
        """Return the step that makes a value; that of an input is none of a program's."""
        return self.steps[value - self.first] if value >= self.first else Step("input")

    def constant(self, value: int) -> float | None:
        """Return the value of a constant."""
        step = self.step(value)
        return step.value if step.operation == "constant" else None


def _clip(seen: _Seen, step: Step) -> Step | None:
    """A maximum and then a minimum, by numbers, are one operation."""
    inner = seen.step(step.arguments[0]) if step.operation == "minimum" else Step("input")
    if inner.operation != "maximum":
        return None
    (value, low), high = inner.arguments, step.arguments[1]
    # np.clip lets -0.0 pass a bound of zero, np.maximum does not.
    has_zero = any(seen.constant(bound) == 0.0 for bound in (low, high))
    if value in seen.numbers or not {low, high} <= seen.numbers or has_zero:
        return None
    return Step("clip", (value, low, high)) if seen.is_used_once(step.arguments[0]) else None


def _minus_absolute(seen: _Seen, step: Step) -> Step | None:
    """Minus an absolute value is a sign bit set."""
    inner = seen.step(step.arguments[0]) if step.operation == "negative" else Step("input")
    if inner.operation != "absolute" or inner.arguments[0] in seen.numbers:
        return None
    return Step("minus_absolute", inner.arguments)


def _divided_by_two(seen: _Seen, step: Step) -> Step | None:
    """Division by a power of two is multiplication by another, which takes half of the time."""
    divisor = seen.constant(step.arguments[1]) if step.operation == "divide" else None
    if not divisor or not math.isfinite(divisor) or abs(math.frexp(divisor)[0]) != 0.5:
        return None
    if not math.isfinite(inverse := 1.0 / divisor):
        return None
    return Step("multiply", (step.arguments[0], seen.add(Step("constant", (), inverse))))


def _one_of_two(seen: _Seen, step: Step) -> Step | None:
    """A choice between what was chosen already, or not, is a choice by two conditions."""
    if step.operation != "where" or step.arguments[0] in seen.numbers:
        return None
    outer, chosen, otherwise = step.arguments
    inner = seen.step(otherwise)
    if inner.operation != "where" or inner.arguments[0] in seen.numbers:
        return None
    condition, one, other = inner.arguments
    if one == chosen:
        either = seen.add(Step("logical_or", (outer, condition)))
        return Step("where", (either, chosen, other))
    if other == chosen:
        rest = seen.add(Step("logical_not", (outer,)))
        both = seen.add(Step("logical_and", (condition, rest)))
        return Step("where", (both, one, chosen))
    return None


def _asked_before(seen: _Seen, step: Step) -> Step | None:
    """What is chosen only where a condition fails need not ask for that again."""
    if step.operation != "where" or step.arguments[0] in seen.numbers:
        return None
    condition, chosen, otherwise = step.arguments
    either = seen.step(condition)
    failed = {condition, *(either.arguments if either.operation == "logical_or" else ())}
    shorter = _where_failed(seen, failed, otherwise)
    return None if shorter == otherwise else Step("where", (condition, chosen, shorter))


def _where_failed(seen: _Seen, failed: set[int], value: int) -> int:
    """Return what a chain of choices is where some conditions are known to fail."""
    step = seen.step(value)
    if step.operation != "where":
        return value
    condition, chosen, otherwise = step.arguments
    shorter = _where_failed(seen, failed, otherwise)
    if condition in failed:
        return shorter
    return value if shorter == otherwise else seen.add(Step("where", (condition, chosen, shorter)))


def _scaled(seen: _Seen, step: Step) -> Step | None:
    """A number or a multiple of it, as a condition says, is the number times one of two factors."""
    if step.operation != "where" or step.arguments[0] in seen.numbers:
        return None
    condition, chosen, otherwise = step.arguments
    inner = seen.step(chosen)
    if inner.operation != "multiply" or otherwise not in inner.arguments:
        return None
    factor = next((a for a in inner.arguments if a != otherwise), otherwise)
    if factor not in seen.numbers or otherwise in seen.numbers:
        return None
    one = seen.add(Step("constant", (), 1.0))
    return Step("multiply", (otherwise, seen.add(Step("where", (condition, factor, one)))))


def _larger_or_smaller(seen: _Seen, step: Step) -> Step | None:
    """A maximum or the minimum of the same values, as a number says, is one operation."""
    if step.operation != "where" or step.arguments[0] not in seen.numbers:
        return None
    one, other = (seen.step(argument) for argument in step.arguments[1:])
    is_fit = (one.operation, other.operation) == ("maximum", "minimum")
    if not is_fit or one.arguments != other.arguments or step.arguments[1] in seen.numbers:
        return None
    return Step("larger_or_smaller", (step.arguments[0], *one.arguments))


def _seldom_first(seen: _Seen, step: Step) -> Step | None:
    """Of two conditions the one that seldom holds is asked first, the other where it does."""
    if step.operation != "where" or step.arguments[0] in seen.numbers:
        return None
    condition, chosen, otherwise = step.arguments
    both = seen.step(condition)
    if both.operation != "logical_and":
        return None
    for first, second in (both.arguments, both.arguments[::-1]):
        if is_seldom(seen.step, first):
            inner = seen.add(Step("where", (second, chosen, otherwise)))
            return Step("where", (first, inner, otherwise))
    return None


_RULES: tuple[Rule, ...] = (
    *(_seldom_first, _one_of_two, _asked_before, _scaled, _larger_or_smaller),
    *(_clip, _minus_absolute, _divided_by_two),
)
