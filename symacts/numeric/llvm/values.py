"""The values of a program while it is written: numbers, truths, and what rounding left out."""

import math
from collections.abc import Mapping, Sequence

from symacts.numeric.llvm.ir import Body
from symacts.numeric.lowering.program import COMPARISONS, Program

__all__ = ["Values"]

_PREDICATES: Mapping[str, str] = {
    "less": "olt",
    "less_equal": "ole",
    "greater": "ogt",
    "greater_equal": "oge",
    "equal": "oeq",
    "not_equal": "une",
}


class Values:
    """What stands for each value of a program, and comparisons between them."""

    def __init__(
        self, program: Program, body: Body, inputs: Sequence[str], rests: Mapping[int, str]
    ) -> None:
        """Take the names of the inputs, and of the rests of parameters."""
        self.program = program
        self.body = body
        self.values = dict(enumerate(inputs))
        self.rests = dict(rests)

    def _is_constant(self, number: int) -> bool:
        """Tell whether a value is a constant number, hence not NaN."""
        step = self.program.step(number)
        return step is not None and step.operation == "constant" and not math.isnan(step.value)

    def _power_of_two(self, number: int) -> float | None:
        """Return a value that is a constant power of two, of either sign."""
        step = self.program.step(number)
        if step is None or step.operation != "constant" or abs(math.frexp(step.value)[0]) != 0.5:
            return None
        return step.value

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

    def _comparison(self, operation: str, arguments: Sequence[int]) -> str:
        body = self.body
        if operation.startswith("logical"):
            nan = self._asked_for_nan(operation, arguments)
            if nan:
                return body.compare("uno" if operation == "logical_or" else "ord", *nan)
            given = [self._truth(a) for a in arguments]
            if operation == "logical_not":
                return body.logic("xor", given[0], body.truth(value=True))
            return body.logic(operation.removeprefix("logical_"), *given)
        if operation == "isnan":
            value = self._float(arguments[0])
            return body.compare("uno", value, value)
        sides = [self._edge(a, operation, is_second=bool(i)) for i, a in enumerate(arguments)]
        return body.compare(_PREDICATES[operation], *sides)

    def _asked_for_nan(self, operation: str, arguments: Sequence[int]) -> list[str] | None:
        """Return the two values of which it is asked whether one or none is NaN."""
        if operation == "logical_not":
            step = self.program.step(arguments[0])
            if step is None or step.operation not in {"isnan", "logical_or"}:
                return None
            if step.operation == "isnan":
                return [self._float(step.arguments[0])] * 2
            arguments = step.arguments
        elif operation != "logical_or":
            return None
        steps = [self.program.step(a) for a in arguments]
        if any(step is None or step.operation != "isnan" for step in steps):
            return None
        return [self._float(step.arguments[0]) for step in steps if step]

    def _edge(self, number: int, operation: str, *, is_second: bool) -> str:
        """Return what a float32 is compared with, so that the answer is that for the exact number.

        x < p for a p between two float32 is x < q with the larger one of these, and so on.
        """
        body, value = self.body, self._float(number)
        if not self._is_edge(number):
            return value
        rest, zero = self.rests[number], body.number(0.0)
        if operation in {"equal", "not_equal"}:
            return body.select(body.compare("oeq", rest, zero), value, body.number(math.nan))
        is_up = (operation in {"less", "greater_equal"}) == is_second
        is_away = body.compare("ogt" if is_up else "olt", value, zero)
        bits, one = body.bits(value), body.integer(1)
        away, back = (body.floats(body.whole(move, bits, one)) for move in ("add", "sub"))
        is_off = body.compare("ogt" if is_up else "olt", rest, zero)
        return body.select(is_off, body.select(is_away, away, back), value)

    def _is_edge(self, number: int) -> bool:
        """Tell whether a value is a parameter or a constant that has a rest."""
        step = self.program.step(number)
        if step is not None and step.operation == "negative":
            return self._is_edge(step.arguments[0])
        is_given = step is None or step.operation == "constant"
        return is_given and number in self.rests
