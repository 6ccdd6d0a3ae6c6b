"""Where to look at a function: the rectangle of the plane in which it shows its character."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Symbol, sympify

from symacts.errors import ParameterError

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["Window", "evaluator", "parameter_map", "visible_range", "window", "with_margin"]

Array = NDArray[np.float64]
Function = Callable[[Array], Array]

FAR = 60.0
SHORT, LONG = 3.0, 12.0
WIDTHS = (0.5, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 40, 60, 100, 200, 500, 1000)


class Window(NamedTuple):
    """The rectangle of the plane that a picture shows."""

    left: float
    right: float
    bottom: float
    top: float

    @property
    def width(self) -> float:
        """The length of the shown stretch of the x axis."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """The length of the shown stretch of the y axis."""
        return self.top - self.bottom


def evaluator(act: "Activation", order: int = 0, **params: float) -> Function:
    """Return the function, or its derivative of the given order, as a plain function of arrays."""
    function = act.derivative(order) if order else act
    return lambda x: np.asarray(function(x, **params), dtype=float)


def window(
    act: "Activation",
    orders: Sequence[int] = (0, 1),
    span: tuple[float, float] | None = None,
    **params: float,
) -> Window:
    """Return the rectangle where the function and its derivatives show their character.

    Args:
        orders: the derivatives that are to be seen; 0 is the function.
        span: the ends of the x axis, where they are given.
        params: values of parameters; the others keep their defaults.

    Raises:
        ParameterError: *span* is not two finite numbers in order, or a parameter cannot take
            its value.
    """
    left, right = _checked(span) if span else _interesting_span(act, params)
    lows, highs = [0.0], [0.0]
    for order in orders:
        low, high = visible_range(evaluator(act, order, **params), left, right)
        lows.append(low)
        highs.append(high)
    return Window(left, right, *with_margin(min(lows), max(highs)))


def with_margin(low: float, high: float) -> tuple[float, float]:
    """Return a little more than the range from *low* to *high*."""
    margin = 0.06 * (high - low) if high - low > 1e-9 else 1.0
    return low - margin, high + margin


def _checked(span: tuple[float, float]) -> tuple[float, float]:
    left, right = (float(end) for end in span)
    if not (math.isfinite(left) and math.isfinite(right) and left < right):
        raise ParameterError(f"span must be two finite numbers, the smaller first, not {span}")
    return left, right


def _interesting_span(act: "Activation", params: dict[str, float]) -> tuple[float, float]:
    """Return the stretch outside of which the slope stays what it is at the ends."""
    slope = evaluator(act, 1, **params)
    kinks = _kinks(act, params)
    left = max([_reach(slope, -1), *(-1.5 * kink for kink in kinks)])
    right = max([_reach(slope, 1), *(1.5 * kink for kink in kinks)])
    # Alike on both sides where that costs little: most pictures then have the same middle.
    if max(left, right) <= max(8.0, 2 * min(left, right)):
        left = right = max(left, right)
    return -_rounded(left), _rounded(right)


def _reach(slope: Function, side: int) -> float:
    """Return how far to look to the left (side -1) or to the right (1).

    As far as the slope still changes; a slope that keeps swinging is shown for a bit more than one
    period, one that keeps growing for a short stretch.
    """
    distance = np.linspace(0, FAR, 2401)
    values = slope(side * distance)
    values = values[np.isfinite(values)]
    if len(values) < len(distance):
        return SHORT
    final, tail = values[-1], values[-400:]
    if np.abs(tail - final).max() > 0.02 * (1 + abs(final)):
        return _period(distance, values) or SHORT
    moves = np.abs(values - final)
    moving = np.flatnonzero(moves > 0.04 * moves.max())
    settled = float(distance[moving[-1]]) if len(moving) else 0.0
    return max(SHORT, min(settled + 0.5, LONG), 1.2 * float(distance[moves.argmax()]))


def _period(distance: Array, slopes: Array) -> float | None:
    turns = np.flatnonzero(np.diff(np.sign(np.diff(slopes))) != 0)
    return 2.4 * float(distance[turns[1]] - distance[turns[0]]) if len(turns) > 3 else None


def _rounded(reach: float) -> float:
    """Return the first of the round numbers that is not less than *reach*."""
    return next((float(width) for width in WIDTHS if width >= reach), 1.2 * reach)


def visible_range(function: Function, left: float, right: float) -> tuple[float, float]:
    """Return the lowest and the highest value worth showing between *left* and *right*.

    A function that leaves for infinity is cut where the picture is as high as half its width, one
    with a pole where the ordinary values end.  One that levels off is shown whole, whatever its
    size, and a little more where that shows the level too.
    """
    xs = np.linspace(left, right, 801)
    ys = function(xs)
    ys = ys[np.isfinite(ys)]
    if len(ys) < 16:
        return 0.0, 0.0
    levels = function(np.array([-np.inf, np.inf]))
    low, high = float(ys.min()), float(ys.max())
    centre, limit = float(np.median(ys)), 0.6 * (right - left)
    rate = np.abs(np.diff(ys)) / (xs[1] - xs[0])
    ordinary = float(np.subtract(*np.quantile(ys, [0.9, 0.1])))
    leaves = np.isinf(levels) & (np.array([rate[:8].max(), rate[-8:].max()]) > 1.6)
    if leaves.any() or high - low > 30 * ordinary > 0:
        low, high = max(low, min(centre, 0.0) - limit), min(high, max(centre, 0.0) + limit)
    for level in levels[np.isfinite(levels)]:
        if max(high, level) - min(low, level) < 1.2 * (high - low):
            low, high = min(low, float(level)), max(high, float(level))
    return low, high


def _kinks(act: "Activation", params: dict[str, float]) -> list[float]:
    """Return where the function's regions meet, as numbers."""
    return [float(point) for point in act.pieces(0).subs(parameter_map(act, params)).breaks]


def parameter_map(act: "Activation", params: Mapping[str, float]) -> dict[Symbol, Expr]:
    """Return the value of every parameter by its symbol, defaults included."""
    return {p.symbol: sympify(params.get(p.name, p.default)) for p in act.params.values()}
