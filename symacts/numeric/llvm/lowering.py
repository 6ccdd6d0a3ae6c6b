"""Each step of a program in the words of `Body`."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from symacts.errors import SymactsError
from symacts.numeric.llvm import known
from symacts.numeric.llvm.ir import Body, to_single
from symacts.numeric.llvm.primitives import (
    algebraic,
    exponentials,
    logarithm,
    normal,
    power,
    trigonometric,
)
from symacts.numeric.llvm.ranges import Range, ranges
from symacts.numeric.llvm.simplify import scaled
from symacts.numeric.llvm.values import Values
from symacts.numeric.lowering.program import COMPARISONS, Program, Step

__all__ = ["Lowering"]

_PRIMITIVES: Mapping[str, Callable[..., str]] = {
    "subtract": Body.subtract,
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
    "sin": trigonometric.sin,
    "cos": trigonometric.cos,
    "tan": trigonometric.tan,
    "arctan": trigonometric.arctan,
    "erf": normal.erf,
    "erfc": normal.erfc,
    "ndtr": normal.ndtr,
}

# Times these an exponential is rounded once; it is exact anyway where it is not subnormal.
_SCALES = (2.0, 4.0, 8.0)


class Lowering(Values):
    """Knows, for each value of the program, the value of the body.

    A parameter or constant that is no float32 has a *rest* in float32 arithmetic: what rounding
    left out of it, for which comparisons ask.
    """

    def __init__(
        self, program: Program, body: Body, inputs: Sequence[str], rests: Mapping[int, str]
    ) -> None:
        """Take the names of the inputs, and of the rests of parameters."""
        super().__init__(program, body, inputs, rests)
        self.ranges = ranges(program)
        self.found = known.find(program, body.arithmetic)
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
            if self.uses[number]:
                self._make(number, step)
        return [self._result(number) for number in self.program.results]

    def _make(self, number: int, step: Step) -> None:
        """Write what makes a value, unless it stands already."""
        if number in self.values:
            return
        found = self.found.get(number)
        if found:
            self.values[number] = found.write(self.body, *map(self._float, found.arguments))
        else:
            self.values[number] = self._step(step)
            self._keep_rest(number, step)

    def _keep_rest(self, number: int, step: Step) -> None:
        """Write what rounding left out of a constant, or of a parameter with the other sign."""
        if step.operation == "constant" and self.body.arithmetic.scalar == "float":
            rest = step.value - to_single(step.value)
            if abs(rest) < abs(step.value) and to_single(rest) != 0.0:
                self.rests[number] = self.body.number(rest)
        elif step.operation == "negative" and step.arguments[0] in self.rests:
            self.rests[number] = self.body.negative(self.rests[step.arguments[0]])

    def _result(self, number: int) -> str:
        return self._float(number)

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

    def _multiply(self, a: int, b: int) -> str:
        scale, step = self._power_of_two(a), self.program.step(b)
        if step is not None and step.operation == "exp" and scale in _SCALES:
            (x,) = step.arguments
            if self._range(x)[1] <= 0.0 and self._exp_of_half(x) is None:
                return exponentials.times_exp(self.body, scale, self._float(x))
        return self.body.multiply(self._float(a), self._float(b))

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
        half = self._exp_of_half(a)
        if half is not None:
            return self._square(half)
        return exponentials.exp(
            self.body, self._float(a), is_never_positive=self._range(a)[1] <= 0.0
        )

    def _exp_of_half(self, a: int) -> int | None:
        """Return the value exp(a/2), made if need be, where the program has it."""
        factor, value = scaled(self.program.step, a)
        found = self._exp_of(factor / 2.0, value)
        if found is not None:
            self._make_with_arguments(found)
        return found

    def _exp_of(self, factor: float, value: int) -> int | None:
        """Return exp(factor*value) where the program has it."""
        for number, step in enumerate(self.program.steps, len(self.program.inputs)):
            if step.operation != "exp" or not self.uses[number]:
                continue
            if scaled(self.program.step, step.arguments[0]) == (factor, value):
                return number
        return None

    def _make_with_arguments(self, number: int) -> None:
        step = self.program.step(number)
        if step is not None and number not in self.values:
            for argument in step.arguments:
                self._make_with_arguments(argument)
            self._make(number, step)

    def _expm1(self, a: int) -> str:
        return exponentials.expm1(
            self.body, self._float(a), is_never_positive=self._range(a)[1] <= 0.0
        )

    def _tanh(self, a: int) -> str:
        sizes = [
            number
            for number, step in enumerate(self.program.steps, len(self.program.inputs))
            if step.operation == "absolute" and step.arguments == (a,)
        ]
        has_exp = any(self._exp_of(-2.0, size) is not None for size in sizes)
        return exponentials.tanh(self.body, self._float(a), has_exp=has_exp)

    def _log1p(self, a: int) -> str:
        low, high = self._range(a)
        return logarithm.log1p(
            self.body, self._float(a), is_in_unit_interval=low >= 0.0 and high <= 1.0
        )

    def _range(self, number: int) -> Range:
        return self.ranges[number]
