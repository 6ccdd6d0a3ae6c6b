"""Between which numbers the values of a program lie: primitives leave out what cannot be.

NaN is in no range: whatever holds for the numbers must be harmless for NaN.  The ends are float32
numbers, rounded outward.  Rounding to float32 or float64 keeps order, so no rounded value is beyond
them, whichever of the two a program is computed in.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import numpy as np

from symacts.numeric.llvm.ir import to_single
from symacts.numeric.lowering.program import COMPARISONS, Program, Step

__all__ = ["Range", "ranges"]

Range: TypeAlias = tuple[float, float]

_ALL: Range = (-math.inf, math.inf)
_FIXED: Mapping[str, Range] = {
    "hypot": (0.0, math.inf),
    "cosh": (0.0, math.inf),
    "arccosh": (0.0, math.inf),
    "ndtr": (0.0, 1.0),
    "erfc": (0.0, 2.0),
    "sign": (-1.0, 1.0),
    "sin": (-2.0, 2.0),
    "cos": (-2.0, 2.0),
    **dict.fromkeys(COMPARISONS, (0.0, 1.0)),
}


def ranges(program: Program) -> list[Range]:
    """Return the range of each value of a program, as far as it is easily known."""
    found = [_ALL] * len(program.inputs)
    for step in program.steps:
        low, high = _range(step, [found[a] for a in step.arguments])
        found.append((_down(low), -_down(-high)))
    return found


def _range(step: Step, arguments: Sequence[Range]) -> Range:
    if step.operation == "constant":
        return (step.value, step.value) if not math.isnan(step.value) else _ALL
    rule = _RULES.get(step.operation)
    return rule(*arguments) if rule else _FIXED.get(step.operation, _ALL)


def _down(end: float) -> float:
    """Return the largest float32 that is not above a number."""
    single = to_single(end)
    if single <= end:
        return single
    with np.errstate(all="ignore"):
        return float(np.nextafter(np.float32(single), np.float32(-math.inf)))


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


def _square(a: Range) -> Range:
    low, high = _absolute(a)
    return (low * low, high * high)


def _divide(a: Range, b: Range) -> Range:
    if b[0] <= 0.0 <= b[1]:
        return _ALL
    # Infinity over infinity is NaN, beside which stands zero.
    ends = [0.0 if math.isinf(x) and math.isinf(y) else x / y for x in a for y in b]
    return (min(ends), max(ends))


def _sqrt(a: Range) -> Range:
    low, high = (math.sqrt(max(end, 0.0)) for end in a)
    return (low, high)


# Of what is not rounded correctly only the ends are taken that an approximation keeps too.


def _exp(a: Range) -> Range:
    return (1.0 if a[0] >= 0.0 else 0.0, 1.0 if a[1] <= 0.0 else math.inf)


def _expm1(a: Range) -> Range:
    return (0.0 if a[0] >= 0.0 else -1.0, 0.0 if a[1] <= 0.0 else math.inf)


def _odd(bound: float) -> Callable[[Range], Range]:
    """Return the rule for what has the sign of its argument, and is no larger than a bound."""
    return lambda a: (0.0 if a[0] >= 0.0 else -bound, 0.0 if a[1] <= 0.0 else bound)


def _log1p(a: Range) -> Range:
    if a[0] < 0.0:
        return _ALL
    return (0.0, 0.75 if a[1] <= 1.0 else math.inf)


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
    "square": _square,
    "divide": _divide,
    "sqrt": _sqrt,
    "exp": _exp,
    "expm1": _expm1,
    "log1p": _log1p,
    "tanh": _odd(1.0),
    "erf": _odd(1.0),
    "arctan": _odd(1.75),
    "maximum": _maximum,
    "minimum": _minimum,
    "where": _hull,
}
