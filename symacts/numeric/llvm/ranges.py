"""Between which numbers the values of a program lie: primitives leave out what cannot be.

NaN is in no range: whatever holds for the numbers must be harmless for NaN.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from symacts.numeric.program import COMPARISONS, Program, Step

__all__ = ["Range", "ranges"]

Range: TypeAlias = tuple[float, float]

_ALL: Range = (-math.inf, math.inf)
_FIXED: Mapping[str, Range] = {
    "hypot": (0.0, math.inf),
    "sqrt": (0.0, math.inf),
    "square": (0.0, math.inf),
    "exp": (0.0, math.inf),
    "cosh": (0.0, math.inf),
    "arccosh": (0.0, math.inf),
    "ndtr": (0.0, 1.0),
    "erfc": (0.0, 2.0),
    "erf": (-1.0, 1.0),
    "tanh": (-1.0, 1.0),
    "sign": (-1.0, 1.0),
    "sin": (-2.0, 2.0),
    "cos": (-2.0, 2.0),
    **dict.fromkeys(COMPARISONS, (0.0, 1.0)),
}


def ranges(program: Program) -> list[Range]:
    """Return the range of each value of a program, as far as it is easily known."""
    found = [_ALL] * len(program.inputs)
    for step in program.steps:
        found.append(_range(step, [found[a] for a in step.arguments]))
    return found


def _range(step: Step, arguments: Sequence[Range]) -> Range:
    if step.operation == "constant":
        return (step.value, step.value) if not math.isnan(step.value) else _ALL
    if step.operation == "exp" and arguments[0][1] <= 0.0:
        return (0.0, 1.0)
    rule = _RULES.get(step.operation)
    return rule(*arguments) if rule else _FIXED.get(step.operation, _ALL)


def _negative(a: Range) -> Range:
    return (-a[1], -a[0])


def _absolute(a: Range) -> Range:
    ends = sorted(map(abs, a))
    return (0.0 if a[0] <= 0.0 <= a[1] else ends[0], ends[1])


def _add(a: Range, b: Range) -> Range:
    low, high = a[0] + b[0], a[1] + b[1]
    return _ALL if math.isnan(low) or math.isnan(high) else (low, high)


def _multiply(a: Range, b: Range) -> Range:
    ends = [x * y for x in a for y in b]
    # Zero times infinity is NaN, beside which stands zero.
    known = [0.0 if math.isnan(end) else end for end in ends]
    return (min(known), max(known))


def _maximum(a: Range, b: Range) -> Range:
    return (max(a[0], b[0]), max(a[1], b[1]))


def _minimum(a: Range, b: Range) -> Range:
    return (min(a[0], b[0]), min(a[1], b[1]))


def _hull(_: Range, a: Range, b: Range) -> Range:
    return (min(a[0], b[0]), max(a[1], b[1]))


_RULES: Mapping[str, Callable[..., Range]] = {
    "negative": _negative,
    "absolute": _absolute,
    "add": _add,
    "subtract": lambda a, b: _add(a, _negative(b)),
    "multiply": _multiply,
    "maximum": _maximum,
    "minimum": _minimum,
    "where": _hull,
}
