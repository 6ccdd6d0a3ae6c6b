"""The same program with less to do, as far as that is exact.

What a program does twice in two ways becomes one thing, most of all exponentials: a bound on the
argument that only keeps NaN away is of no use to exp(-|u|/2), which is zero long before.
"""

import math
from collections.abc import Callable

from symacts.numeric.lowering.program import Program, Recorder, Step

__all__ = ["scaled", "simplify"]

# exp is zero below this, in float64 and so in float32.
_LOWEST = -746.0
_COMPARISONS = frozenset({"less", "less_equal", "greater", "greater_equal"})


def simplify(program: Program) -> Program:
    """Return the program with simpler steps that give the same values."""
    return _Simplifier(program).result()


def scaled(step_of: Callable[[int], Step | None], number: int) -> tuple[float, int]:
    """Return a constant and a value whose product a value is; the constant may be one."""
    step = step_of(number)
    if step is not None and step.operation == "negative":
        factor, value = scaled(step_of, step.arguments[0])
        return -factor, value
    if step is not None and step.operation == "multiply":
        constant = step_of(step.arguments[0])
        if constant is not None and constant.operation == "constant":
            return constant.value, step.arguments[1]
    return 1.0, number


class _Simplifier:
    """Adds steps one by one; `numbers` says what has become of each old value."""

    def __init__(self, program: Program) -> None:
        self.old = program
        self.first = len(program.inputs)
        self.recorder = Recorder(self.first)
        self.steps = self.recorder.steps
        self.numbers = list(range(self.first))

    def result(self) -> Program:
        """Return the new program."""
        for step in self.old.steps:
            arguments = tuple(self.numbers[a] for a in step.arguments)
            self.numbers.append(self._simplified(Step(step.operation, arguments, step.value)))
        old, results = self.old, tuple(self.numbers[r] for r in self.old.results)
        return Program(old.name, old.inputs, old.arrays, tuple(self.steps), results)

    def _add(self, operation: str, *arguments: int, value: float = 0.0) -> int:
        return self.recorder.add(Step(operation, arguments, value))

    def _simplified(self, step: Step) -> int:
        """Return the number of a step, by the rule for its operation if there is one."""
        operation, arguments = step.operation, step.arguments
        if operation == "constant":
            return self._add("constant", value=step.value)
        rule = getattr(self, f"_rule_{operation}", None)
        found: int | None = rule(*arguments) if rule else None
        if found is not None:
            return found
        if operation in _COMPARISONS and self._constant(arguments[1]) == 0.0:
            # Bounds on either side of zero do not change a sign.
            arguments = (self._unbounded(arguments[0])[0], arguments[1])
        return self._add(operation, *arguments)

    # Rules: the number of what is simpler, or None

    def _rule_multiply(self, a: int, b: int) -> int | None:
        return self._add("multiply", b, a) if self._constant(b) is not None else None

    def _rule_divide(self, a: int, b: int) -> int | None:
        divisor = self._constant(b)
        if divisor is None or abs(math.frexp(divisor)[0]) != 0.5:
            return None
        return self._times(1.0 / divisor, a)

    def _rule_negative(self, a: int) -> int | None:
        factor, value = scaled(self._step, a)
        return self._times(-factor, value) if abs(factor) != 1.0 else None

    def _rule_exp(self, a: int) -> int:
        return self._add("exp", self._without_far_bounds(a))

    def _rule_isnan(self, a: int) -> int | None:
        constant = self._constant(a)
        return (
            None if constant is None else self._add("constant", value=float(math.isnan(constant)))
        )

    def _rule_logical_or(self, a: int, b: int) -> int | None:
        return a if self._constant(b) == 0.0 else None

    # Parts of rules

    def _times(self, factor: float, number: int) -> int:
        return self._add("multiply", self._add("constant", value=factor), number)

    def _without_far_bounds(self, number: int) -> int:
        """Return c|u| or c*u**2 without the bounds of u, if exp of it is zero at the bounds."""
        factor, value = scaled(self._step, number)
        step = self._step(value)
        if factor >= 0.0 or step is None or step.operation not in {"absolute", "square"}:
            return number
        inner = step.arguments[0]
        free, bounds = self._unbounded(inner)
        folded = self._step(free)
        if step.operation == "square" and folded is not None and folded.operation == "absolute":
            free = folded.arguments[0]
        sizes = bounds if step.operation == "absolute" else [bound * bound for bound in bounds]
        if free == inner or any(factor * size > _LOWEST for size in sizes):
            return number
        product = self._add(step.operation, free)
        return self._add("negative", product) if factor == -1.0 else self._times(factor, product)

    def _unbounded(self, number: int) -> tuple[int, list[float]]:
        """Return what is left of a value without minima and maxima, and the sizes of those."""
        bounds: list[float] = []
        while True:
            step = self._step(number)
            if step is None or step.operation not in {"maximum", "minimum"}:
                return number, bounds
            bound = self._constant(step.arguments[1])
            if bound is None or (bound > 0.0) != (step.operation == "minimum"):
                return number, bounds
            bounds.append(abs(bound))
            number = step.arguments[0]

    def _step(self, number: int) -> Step | None:
        return self.steps[number - self.first] if number >= self.first else None

    def _constant(self, number: int) -> float | None:
        step = self._step(number)
        return step.value if step is not None and step.operation == "constant" else None
