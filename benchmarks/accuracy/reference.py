"""The exact f, f', f'' and f''' of a scalar activation at doubles, each as a double and a rest.

The formula is the plain SymPy expression of the member with its parameters as exact numbers; only
where its regions begin, and to which side a kink belongs, is taken from symacts.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import factorial
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import sympy
from numpy.typing import NDArray
from sympy import Expr, Piecewise, Rational, S, Symbol

from benchmarks.accuracy.series import TERMS, Ball, Program, Series, compile_series, working

if TYPE_CHECKING:
    import symacts

__all__ = ["Exact", "Reference", "exact_parameters", "is_known", "round_ball"]

Array: TypeAlias = NDArray[np.float64]

BITS = (160, 320, 640, 1280, 2560, 5120, 10240, 20480)
KNOWN_BITS = 100
LEAST = Ball(2) ** -1140  # what is smaller rounds to zero, in the subnormal range too
NUDGE = Ball(2) ** -2600  # how far beside a gap or a kink one looks for one-sided values
FAR_POWERS = range(2101, 5000, 400)  # numbers as large as limits are read off at
FAR_AGREED = Ball(2) ** -100
LARGEST_ULP = 2.0**971


@dataclass(frozen=True)
class Exact:
    """True values: `near` is the nearest double, `rest` is what it lacks, in ulps of `near`.

    Both have one row for each order; NaN stands where there is no value or it is not known. Beyond
    the largest double `near` is infinite and `rest` counts from 2**1024.
    """

    near: Array
    rest: Array


class Reference:
    """The exact values of one member at exact parameters."""

    def __init__(self, act: "symacts.Activation", params: Mapping[str, Any] | None = None) -> None:
        self.act = act
        self.values = exact_parameters(act, params or {})
        self.expr = act.expr.subs(self.values)
        pieces = act.pieces().subs(self.values)
        self.breaks: tuple[Expr, ...] = pieces.breaks
        self._owners = pieces.owners
        self._level = 0

    @cached_property
    def break_points(self) -> list[float]:
        """The breaks as doubles."""
        return [float(point) for point in self.breaks]

    @cached_property
    def parts(self) -> list[Expr]:
        """The formula between the breaks, read off at a point inside of each region."""
        ends = [-S.Infinity, *self.breaks, S.Infinity]
        return [
            _branch(self.expr, self.act.variable, _inside(low, high))
            for low, high in pairwise(ends)
        ]

    @cached_property
    def _programs(self) -> list[Program]:
        return [compile_series(part, [self.act.variable]) for part in self.parts]

    def at(self, points: Array) -> Exact:
        """Return the exact values at doubles, which need not be sorted."""
        order = np.argsort(points)
        near, rest = np.empty((TERMS, points.size)), np.empty((TERMS, points.size))
        regions = self._regions(points)
        for place in order:
            for row, ball in enumerate(self._balls(float(points[place]), int(regions[place]))):
                near[row, place], rest[row, place] = round_ball(ball)
        return Exact(near, rest)

    def limit(self, end: float, order: int) -> float:
        """Return the limit at an infinity, read off far out; NaN where there is none."""
        part = self._programs[0 if end < 0 else -1]
        side = 1 if end > 0 else -1
        jets = [self._jet(part, side * Ball(2) ** power) for power in FAR_POWERS]
        if None in jets:
            return math.nan
        values = [jet[order] for jet in jets if jet]
        if all(abs(ball) < LEAST for ball in values):
            return 0.0
        for sign in (1, -1):
            if all(sign * near + 1 < sign * far for near, far in pairwise(values)):
                return sign * math.inf
        if all(abs(near - far) < FAR_AGREED for near, far in pairwise(values)):
            return round_ball(values[-1])[0]
        return math.nan

    def is_odd(self, order: int) -> bool:
        """Tell whether a derivative is an odd function, by sampling it."""
        points = np.array([0.0, 0.3, 1.7, 5.3, 11.1])
        right, left = self.at(points).near[order], self.at(-points).near[order]
        return bool(np.all(right == -left) and np.any(right))

    def falls_at_zero(self, order: int) -> bool:
        """Tell whether an odd derivative is negative just above 0."""
        return bool(self.at(np.array([1e-3])).near[order, 0] < 0)

    def _regions(self, points: Array) -> NDArray[np.int64]:
        """Return for each point 2k inside of part k, and 2k + 1 on break k."""
        regions = np.zeros(points.size, np.int64)
        for point in self.breaks:
            near = float(point)
            gap = int(sympy.sign(Rational(near) - point))
            regions += (points > near) | ((points == near) & (gap >= 0))
            regions += (points > near) | ((points == near) & (gap > 0))
        return regions

    def _balls(self, x: float, region: int) -> list[Ball | None]:
        if region % 2:
            return self._on_break(region // 2, Ball(x))
        if found := self._jet(self._programs[region // 2], Ball(x)):
            return [*found]
        return self._beside(Ball(x), region // 2, region // 2)

    def _on_break(self, index: int, at: Ball) -> list[Ball | None]:
        """Return the value that the formula takes on a break, and the owner's derivatives."""
        point = self.breaks[index]
        value = compile_series(self.expr.subs(self.act.variable, point).doit(), [self.act.variable])
        found = self._jet(value, Ball(0))
        taken = found[0] if found else None
        if isinstance(self._owners[index], str):
            side = index if self._owners[index] == "left" else index + 1
            return [taken, *self._beside(at, side, side)[1:]]
        return [taken, *self._beside(at, index, index + 1)[1:]]

    def _beside(self, at: Ball, left: int, right: int) -> list[Ball | None]:
        """Return what both sides of a point agree on, at a distance that changes nothing else."""
        with working(BITS[-2]):
            below = self._jet(self._programs[left], at - NUDGE)
            above = self._jet(self._programs[right], at + NUDGE)
            if below and above:
                return _agreed(below, above)
            one = below or above
            return [*one] if one and left == right else [None] * TERMS

    def _jet(self, program: Program, at: Ball) -> list[Ball] | None:
        """Return balls with enough digits, None if none has; it begins below the last level."""
        for level in range(max(self._level - 1, 0), len(BITS)):
            with working(BITS[level]):
                try:
                    series = program(Series([at, 1]))
                except (ValueError, ZeroDivisionError):
                    continue
                balls = [factorial(k) * series[k] for k in range(TERMS)]
                if all(is_known(ball) for ball in balls):
                    self._level = level
                    return balls
        return None


def exact_parameters(act: "symacts.Activation", params: Mapping[str, Any]) -> dict[Symbol, Expr]:
    """Return the parameters as exact numbers: a float stands for the number that it is."""
    return {
        p.symbol: sympy.sympify(_exact(params[p.name])) if p.name in params else p.default
        for p in act.params.values()
    }


def _exact(value: Any) -> Any:
    return Rational(float(value)) if isinstance(value, float | np.floating) else value


def _inside(low: Expr, high: Expr) -> Expr:
    """Return a number strictly between two ends."""
    if low == -S.Infinity:
        return S.Zero if high == S.Infinity else high - 1
    return low + 1 if high == S.Infinity else (low + high) / 2


def _branch(expr: Expr, variable: Symbol, inside: Expr) -> Expr:
    """Return the smooth formula that holds around a point that is no break."""

    def chosen(node: Expr) -> Expr:
        if isinstance(node, Piecewise):
            return next(f for f, where in node.args if where.subs(variable, inside) == S.true)
        at = [arg.subs(variable, inside) for arg in node.args]
        if isinstance(node, sympy.Abs):
            return node.args[0] if at[0] > 0 else -node.args[0]
        if isinstance(node, sympy.sign):
            return sympy.sign(at[0])
        if isinstance(node, sympy.Heaviside):
            return S.One if at[0] > 0 else S.Zero
        pick = max if isinstance(node, sympy.Max) else min
        return node.args[at.index(pick(at))]

    kinds = Piecewise | sympy.Abs | sympy.sign | sympy.Heaviside | sympy.Max | sympy.Min
    return expr.replace(lambda node: isinstance(node, kinds), chosen)


def is_known(ball: Ball) -> bool:
    """Tell whether a ball has enough digits, or is too near to 0 for any to matter."""
    if not ball.is_finite():
        return False
    return ball.rel_accuracy_bits() >= KNOWN_BITS or ball.is_zero() or ball.abs_upper() < LEAST


def _agreed(left: list[Ball], right: list[Ball]) -> list[Ball | None]:
    close = [
        abs(a - b) < LEAST + abs(a) * Ball(2) ** -KNOWN_BITS
        for a, b in zip(left, right, strict=True)
    ]
    return [a if same else None for a, same in zip(left, close, strict=True)]


def round_ball(ball: Ball | None) -> tuple[float, float]:
    """Return the double nearest to a ball, and what it lacks in ulps of that double."""
    if ball is None:
        return math.nan, math.nan
    if ball.is_zero() or ball.abs_upper() < LEAST:
        return 0.0, 0.0
    middle = ball.mid()
    near = float(middle)
    if math.isinf(near):
        beyond = float((middle - math.copysign(1, near) * Ball(2) ** 1024) / LARGEST_ULP)
        return near, beyond
    return near, float((middle - near) / Ball(math.ulp(near)))
