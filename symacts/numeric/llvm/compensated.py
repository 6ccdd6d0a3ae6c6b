"""Float32 with a rest beside each value: nearly twice the digits for less than twice the work.

The rest is what rounding left out of a value: `fma` tells that of a product, and a few additions
that of a sum (Knuth 1969, Dekker 1971).  Rests are carried on to the first order, and added once at
the end.  A rest that is no usual number, as beside infinity, counts as none.
"""

from collections.abc import Callable, Mapping, Sequence

from symacts.numeric.llvm.lowering import Lowering
from symacts.numeric.llvm.primitives import exponentials, logarithm
from symacts.numeric.llvm.ranges import Range
from symacts.numeric.lowering.program import COMPARISONS, Program, Step

__all__ = ["Compensated", "supports"]


def supports(program: Program) -> bool:
    """Tell whether there is a rule for each step of a program."""
    return all(step.operation in _RULES or step.operation in _EXACT for step in program.steps)


class Compensated(Lowering):
    """Writes for each value its rest besides, unless it has none."""

    def _keep_rest(self, number: int, step: Step) -> None:
        if step.operation in _EXACT:
            super()._keep_rest(number, step)
            return
        rule = _RULES.get(step.operation)
        rest = rule(self, self.values[number], step.arguments) if rule else None
        if rest is not None:
            self.rests[number] = rest

    def _lone_product(self, _number: int) -> tuple[str, str] | None:
        # A product is rounded at once, so that its rest is known.
        return None

    def _result(self, number: int) -> str:
        body, value = self.body, self._float(number)
        if number not in self.rests:
            return value
        rest = self.rests[number]
        # The comparison is false for NaN, and where adding would lose the sign of a zero.
        is_small = body.compare("olt", body.absolute(rest), body.absolute(value))
        return body.select(is_small, body.add(value, rest), value)

    # Rules: the rest of a value that is made of these arguments

    def _rest_of_sum(self, total: str, terms: tuple[str, str], sizes: tuple[Range, Range]) -> str:
        """Return what rounding leaves out of x + y, cheaper where one is known to be larger."""
        body, (x, y) = self.body, terms
        if _is_larger(*sizes):
            return body.subtract(y, body.subtract(total, x))
        if _is_larger(*reversed(sizes)):
            return body.subtract(x, body.subtract(total, y))
        back = body.subtract(total, x)
        first = body.subtract(x, body.subtract(total, back))
        return body.add(first, body.subtract(y, back))

    def rest_of_add(self, total: str, arguments: Sequence[int]) -> str:
        """Return the rest of x + y."""
        first, second = arguments
        terms = self._float(first), self._float(second)
        lost = self._rest_of_sum(total, terms, (self._range(first), self._range(second)))
        return self._plus(lost, *map(self.rests.get, arguments))

    def rest_of_subtract(self, total: str, arguments: Sequence[int]) -> str:
        """Return the rest of x - y."""
        first, second = arguments
        terms = self._float(first), self.body.negative(self._float(second))
        lost = self._rest_of_sum(total, terms, (self._range(first), self._range(second)))
        lost = self._plus(lost, self.rests.get(first))
        rest = self.rests.get(second)
        return lost if rest is None else self.body.subtract(lost, rest)

    def rest_of_multiply(self, product: str, arguments: Sequence[int]) -> str | None:
        """Return the rest of x*y; times a power of two nothing is lost."""
        body = self.body
        first, second = arguments
        x, y = self._float(first), self._float(second)
        lost = None
        if self._power_of_two(first) is None and self._power_of_two(second) is None:
            lost = body.fma(x, y, body.negative(product))
        for number, factor in ((second, x), (first, y)):
            rest = self.rests.get(number)
            if rest is not None:
                lost = body.fma(rest, factor, lost) if lost else body.multiply(rest, factor)
        return lost

    def rest_of_square(self, square: str, arguments: Sequence[int]) -> str:
        """Return the rest of x*x."""
        body, x = self.body, self._float(arguments[0])
        lost = body.fma(x, x, body.negative(square))
        rest = self.rests.get(arguments[0])
        return lost if rest is None else body.fma(body.add(x, x), rest, lost)

    def rest_of_divide(self, ratio: str, arguments: Sequence[int]) -> str | None:
        """Return the rest of x/y: what is left over, divided."""
        body = self.body
        first, second = arguments
        x, y = self._float(first), self._float(second)
        top, bottom = self.rests.get(first), self.rests.get(second)
        if self._power_of_two(second) is not None:
            return None if top is None else body.divide(top, y)
        minus = body.negative(ratio)
        left = self._plus(body.fma(minus, y, x), top)
        if bottom is not None:
            left = body.fma(minus, bottom, left)
        return body.multiply(left, body.divide(body.number(1.0), y))

    def rest_of_sqrt(self, root: str, arguments: Sequence[int]) -> str:
        """Return the rest of the square root of x."""
        body = self.body
        left = body.fma(body.negative(root), root, self._float(arguments[0]))
        left = self._plus(left, self.rests.get(arguments[0]))
        return body.divide(left, body.add(root, root))

    def rest_of_negative(self, _value: str, arguments: Sequence[int]) -> str | None:
        """Return the rest of -x."""
        rest = self.rests.get(arguments[0])
        return None if rest is None else self.body.negative(rest)

    def rest_of_absolute(self, _value: str, arguments: Sequence[int]) -> str | None:
        """Return the rest of |x|."""
        rest = self.rests.get(arguments[0])
        if rest is None:
            return None
        body = self.body
        is_left = body.compare("olt", self._float(arguments[0]), body.number(0.0))
        return body.select(is_left, body.negative(rest), rest)

    def rest_of_where(self, _value: str, arguments: Sequence[int]) -> str | None:
        """Return the rest of what was chosen."""
        truth, *branches = arguments
        return self._chosen(self._truth(truth), branches)

    def rest_of_extreme(self, value: str, arguments: Sequence[int]) -> str | None:
        """Return the rest of the larger or the smaller one."""
        is_first = self.body.compare("oeq", value, self._float(arguments[0]))
        return self._chosen(is_first, arguments)

    def _chosen(self, truth: str, branches: Sequence[int]) -> str | None:
        rests = [self.rests.get(branch) for branch in branches]
        if rests == [None, None]:
            return None
        return self.body.select(truth, *(rest or self.body.number(0.0) for rest in rests))

    def rest_of_exp(self, value: str, arguments: Sequence[int]) -> str:
        """Return the rest of exp(x)."""
        half = self._exp_of_half(arguments[0])
        if half is not None:
            return self.rest_of_square(value, [half])
        lost = exponentials.exp_rest(
            self.body,
            self._float(arguments[0]),
            is_never_positive=self._range(arguments[0])[1] <= 0.0,
        )
        return self._carry(arguments[0], value, lost) or lost

    def rest_of_expm1(self, value: str, arguments: Sequence[int]) -> str | None:
        """Return the rest of exp(x) - 1, as far as it comes from that of x."""
        return self._carry(arguments[0], self.body.add(value, self.body.number(1.0)))

    def rest_of_log1p(self, _value: str, arguments: Sequence[int]) -> str | None:
        """Return the rest of log(1 + x)."""
        body, x = self.body, self._float(arguments[0])
        low, high = self._range(arguments[0])
        is_share = low >= 0.0 and high <= 1.0
        lost = logarithm.log1p_share_rest(body, x) if is_share else None
        if arguments[0] not in self.rests:
            return lost
        one = body.number(1.0)
        return self._carry(arguments[0], body.divide(one, body.add(one, x)), lost)

    def rest_of_log(self, _value: str, arguments: Sequence[int]) -> str | None:
        """Return the rest of log(x), as far as it comes from that of x."""
        if arguments[0] not in self.rests:
            return None
        return self.body.divide(self.rests[arguments[0]], self._float(arguments[0]))

    def rest_of_tanh(self, value: str, arguments: Sequence[int]) -> str | None:
        """Return the rest of tanh(x), as far as it comes from that of x."""
        slope = self.body.fma(self.body.negative(value), value, self.body.number(1.0))
        return self._carry(arguments[0], slope)

    def rest_of_arctan(self, _value: str, arguments: Sequence[int]) -> str | None:
        """Return the rest of arctan(x), as far as it comes from that of x."""
        x, one = self._float(arguments[0]), self.body.number(1.0)
        return self._carry(arguments[0], self.body.divide(one, self.body.fma(x, x, one)))

    def _carry(self, number: int, slope: str, lost: str | None = None) -> str | None:
        """Return the rest of a value times a slope, and what is lost besides."""
        rest = self.rests.get(number)
        if rest is None:
            return lost
        return self.body.fma(slope, rest, lost) if lost else self.body.multiply(slope, rest)

    def _plus(self, first: str, *others: str | None) -> str:
        for other in others:
            if other is not None:
                first = self.body.add(first, other)
        return first


def _is_larger(one: Range, other: Range) -> bool:
    """Tell whether every number of one range is at least as large as any of the other, or zero."""
    return one[0] > 0.0 and max(map(abs, other)) <= one[0]


#: What has no rest, or one that `Lowering` knows.
_EXACT = COMPARISONS | {"constant", "sign"}
_RULES: Mapping[str, Callable[[Compensated, str, Sequence[int]], str | None]] = {
    "add": Compensated.rest_of_add,
    "subtract": Compensated.rest_of_subtract,
    "multiply": Compensated.rest_of_multiply,
    "square": Compensated.rest_of_square,
    "divide": Compensated.rest_of_divide,
    "sqrt": Compensated.rest_of_sqrt,
    "negative": Compensated.rest_of_negative,
    "absolute": Compensated.rest_of_absolute,
    "where": Compensated.rest_of_where,
    "maximum": Compensated.rest_of_extreme,
    "minimum": Compensated.rest_of_extreme,
    "exp": Compensated.rest_of_exp,
    "expm1": Compensated.rest_of_expm1,
    "log": Compensated.rest_of_log,
    "log1p": Compensated.rest_of_log1p,
    "tanh": Compensated.rest_of_tanh,
    "arctan": Compensated.rest_of_arctan,
}
