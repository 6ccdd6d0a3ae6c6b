"""A program in LLVM's language: each step in the words of `Body`."""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from symacts.errors import SymactsError
from symacts.numeric.llvm import (
    algebraic,
    exponentials,
    known,
    logarithm,
    normal,
    power,
    trigonometric,
)
from symacts.numeric.llvm.ir import Body
from symacts.numeric.llvm.ranges import Range, ranges
from symacts.numeric.program import COMPARISONS, Program, Step

__all__ = ["lower"]

_PREDICATES: Mapping[str, str] = {
    "less": "olt",
    "less_equal": "ole",
    "greater": "ogt",
    "greater_equal": "oge",
    "equal": "oeq",
    "not_equal": "une",
}
_PRIMITIVES: Mapping[str, Callable[..., str]] = {
    "subtract": Body.subtract,
    "multiply": Body.multiply,
    "divide": Body.divide,
    "negative": Body.negative,
    "absolute": Body.absolute,
    "sqrt": Body.sqrt,
    "sign": algebraic.sign,
    "hypot": algebraic.hypot,
    "power": power.power,
    "log": logarithm.log,
    "arcsinh": logarithm.arcsinh,
    "arccosh": logarithm.arccosh,
    "sinh": exponentials.sinh,
    "cosh": exponentials.cosh,
    "tanh": exponentials.tanh,
    "sin": trigonometric.sin,
    "cos": trigonometric.cos,
    "tan": trigonometric.tan,
    "arctan": trigonometric.arctan,
    "erf": normal.erf,
    "erfc": normal.erfc,
    "ndtr": normal.ndtr,
}


def lower(program: Program, body: Body, inputs: Sequence[str]) -> list[str]:
    """Write the steps of a program into *body* and return its results."""
    return _Lowering(program, body, inputs).results()


class _Lowering:
    """Knows, for each value of the program, the value of the body."""

    def __init__(self, program: Program, body: Body, inputs: Sequence[str]) -> None:
        self.program = program
        self.body = body
        self.ranges = ranges(program)
        self.found = {} if body.arithmetic.digits == "double" else known.find(program)
        self.values = dict(enumerate(inputs))
        self.uses = self._count_uses()

    def _count_uses(self) -> Counter[int]:
        """Count how often each value is needed; what only a known kernel needs is not."""
        uses = Counter(self.program.results)
        first = len(self.program.inputs)
        for number in reversed(range(first, first + len(self.program.steps))):
            if uses[number]:
                uses.update(self._arguments(number))
        return uses

    def _arguments(self, number: int) -> tuple[int, ...]:
        if number in self.found:
            return self.found[number].arguments
        step = self.program.step(number)
        return step.arguments if step else ()

    def results(self) -> list[str]:
        """Return the values of the body that are the results of the program."""
        for number, step in enumerate(self.program.steps, len(self.program.inputs)):
            if number in self.found:
                found = self.found[number]
                if self.uses[number]:
                    given = map(self._float, found.arguments)
                    self.values[number] = found.write(self.body, *given)
            elif self.uses[number]:
                self.values[number] = self._step(step)
        return [self._float(number) for number in self.program.results]

    def _step(self, step: Step) -> str:
        operation, arguments = step.operation, step.arguments
        if operation == "constant":
            return self.body.number(step.value)
        if operation == "where":
            truth, *branches = arguments
            return self.body.select(self._truth(truth), *map(self._float, branches))
        if operation in COMPARISONS:
            return self._comparison(operation, arguments)
        special: Callable[..., str] | None = getattr(self, f"_{operation}", None)
        if special:
            return special(*arguments)
        if operation not in _PRIMITIVES:
            raise SymactsError(f"machine code has no {operation}")
        return _PRIMITIVES[operation](self.body, *map(self._float, arguments))

    def _comparison(self, operation: str, arguments: Sequence[int]) -> str:
        body = self.body
        if operation.startswith("logical"):
            given = [self._truth(a) for a in arguments]
            if operation == "logical_not":
                return body.logic("xor", given[0], body.truth(value=True))
            return body.logic(operation.removeprefix("logical_"), *given)
        values = [self._float(a) for a in arguments]
        if operation == "isnan":
            return body.compare("uno", values[0], values[0])
        return body.compare(_PREDICATES[operation], *values)

    # Steps for which it counts what is known about their arguments

    def _add(self, a: int, b: int) -> str:
        for product, other in ((a, b), (b, a)):
            factors = self._lone_product(product)
            if factors:
                return self.body.fma(*factors, self._float(other))
        return self.body.add(self._float(a), self._float(b))

    def _subtract(self, a: int, b: int) -> str:
        body, factors = self.body, self._lone_product(a)
        if factors:
            return body.fma(*factors, body.negative(self._float(b)))
        factors = self._lone_product(b)
        if factors:
            return body.fma(body.negative(factors[0]), factors[1], self._float(a))
        return body.subtract(self._float(a), self._float(b))

    def _lone_product(self, number: int) -> tuple[str, str] | None:
        """Return the factors of a product that nothing else needs, which can be rounded later."""
        step = self.program.step(number)
        if step is None or number in self.found or self.uses[number] > 1:
            return None
        if step.operation not in {"multiply", "square"}:
            return None
        first, *others = map(self._float, step.arguments)
        return first, others[0] if others else first

    def _square(self, a: int) -> str:
        value = self._float(a)
        return self.body.multiply(value, value)

    def _maximum(self, a: int, b: int) -> str:
        return algebraic.maximum(
            self.body, self._float(a), self._float(b), never_nan=self._constants(a, b)
        )

    def _minimum(self, a: int, b: int) -> str:
        return algebraic.minimum(
            self.body, self._float(a), self._float(b), never_nan=self._constants(a, b)
        )

    def _constants(self, a: int, b: int) -> tuple[bool, bool]:
        return self._is_constant(a), self._is_constant(b)

    def _exp(self, a: int) -> str:
        return exponentials.exp(
            self.body, self._float(a), is_never_positive=self._range(a)[1] <= 0.0
        )

    def _expm1(self, a: int) -> str:
        return exponentials.expm1(
            self.body, self._float(a), is_never_positive=self._range(a)[1] <= 0.0
        )

    def _log1p(self, a: int) -> str:
        low, high = self._range(a)
        return logarithm.log1p(
            self.body, self._float(a), is_in_unit_interval=low >= 0.0 and high <= 1.0
        )

    # Values

    def _range(self, number: int) -> Range:
        return self.ranges[number]

    def _is_constant(self, number: int) -> bool:
        """Tell whether a value is a constant number, hence not NaN."""
        step = self.program.step(number)
        return step is not None and step.operation == "constant" and not math.isnan(step.value)

    def _is_truth(self, number: int) -> bool:
        step = self.program.step(number)
        return step is not None and step.operation in COMPARISONS

    def _float(self, number: int) -> str:
        """Return a value as floats; true is 1."""
        if not self._is_truth(number):
            return self.values[number]
        return self.body.select(self.values[number], self.body.number(1.0), self.body.number(0.0))

    def _truth(self, number: int) -> str:
        """Return a value as truth values; what is not zero is true."""
        if self._is_truth(number):
            return self.values[number]
        return self.body.compare("une", self.values[number], self.body.number(0.0))
