"""The lines and dots to draw of a function, whatever draws them.

A curve is broken where the function jumps, with a filled dot on the value taken and open dots on
the limits that are not; it bends exactly at kinks; it has as many points as the eye needs, however
steep the parameters make it.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from sympy import sympify

from symacts.windows import Array, Function, Window, evaluator, parameter_map

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = [
    "DASHES",
    "EXAMPLE",
    "GATE_LEVELS",
    "GATE_REACH",
    "PALETTE",
    "Break",
    "Curve",
    "asymptotes",
    "curve",
    "outputs",
    "thinned",
    "trace",
]

Point = tuple[float, float]
Run = tuple[Array, Array]

# On white; told apart with every kind of colour blindness, at least 3 : 1 in contrast.
PALETTE = ("#1257a8", "#c2380c", "#479560", "#6d1f5e", "#c8840c", "#1f9acb")
# Dashes and gaps by the order of the derivative: of two lines in one place both are seen.
DASHES = ((), (7.0, 3.5), (2.0, 3.0), (9.0, 3.0, 2.0, 3.0), (12.0, 5.0), (4.0, 4.0))
# The scores that vector-valued members are shown with.
EXAMPLE = (0.4, 2.0, 5.0)
# The inputs and the levels that gates are shown with.
GATE_REACH = 3.0
GATE_LEVELS = (0.25, 0.5, 1.0, 2.0, 4.0, 6.0)
# A curve is drawn within this fraction of the window's height or width.
TOLERANCE = 1.5e-4


@dataclass(frozen=True)
class Curve:
    """What to draw of one function: unbroken lines, and dots where it jumps."""

    runs: tuple[Run, ...]
    filled_dots: tuple[Point, ...] = ()
    open_dots: tuple[Point, ...] = ()


class Break(NamedTuple):
    """A break point, the limits on its sides and the value taken there."""

    at: float
    left: float
    right: float
    value: float

    @property
    def joins(self) -> bool:
        """Whether the line runs through without a jump."""
        return _close(self.left, self.right)


def curve(act: "Activation", order: int, view: Window, **params: float) -> Curve:
    """Return the lines and dots of the function's derivative of the given order inside *view*."""
    function = evaluator(act, order, **params)
    return trace(function, view, _breaks(act, order, function, params))


def trace(function: Function, view: Window, breaks: Sequence[Break] = ()) -> Curve:
    """Return the lines and dots inside *view* of any function of arrays."""
    breaks = [b for b in breaks if view.left < b.at < view.right]
    ends = [view.left, *(b.at for b in breaks), view.right]
    runs: list[Run] = []
    for index, (left, right) in enumerate(pairwise(ends)):
        xs, ys = _follow(function, left, right, view)
        if index and breaks[index - 1].joins:
            before = runs.pop()
            xs, ys = np.append(before[0], xs[1:]), np.append(before[1], ys[1:])
        runs.append((xs, ys))
    dots = [dot for b in breaks for dot in _dots(b) if view.bottom <= dot[1] <= view.top]
    return Curve(
        tuple(thinned(*part, view) for run in runs for part in _pieces_inside(*run, view)),
        filled_dots=tuple((x, y) for x, y, is_taken in dots if is_taken),
        open_dots=tuple((x, y) for x, y, is_taken in dots if not is_taken),
    )


def asymptotes(act: "Activation", view: Window, **params: float) -> Iterator[Run]:
    """Yield the asymptotes that can be told from the curve and from the x axis inside *view*."""
    function = evaluator(act, 0, **params)
    middle = min(max(0.0, view.left), view.right)
    for fact, end in (
        (act.facts.left_asymptote, view.left),
        (act.facts.right_asymptote, view.right),
    ):
        if fact is None or fact.value == "none" or (params and fact.scope != "all parameters"):
            continue
        line = sympify(fact.value).subs(parameter_map(act, params))
        if line.is_zero or end == middle:
            continue
        xs = np.linspace(min(middle, end), max(middle, end), 65)
        ys = np.array([float(line.subs(act.variable, x)) for x in xs])
        if np.abs(function(xs) - ys).max() > 0.02 * view.height:
            yield from (thinned(*part, view) for part in _inside(xs, ys, view))


def outputs(
    act: "Activation", scores: Sequence[float] = (0.0, 0.0, 1.0), order: int = 0
) -> list[Function]:
    """Return a vector-valued member's outputs as functions of its first score.

    The other scores stay as in *scores*.  Order 1 gives the derivatives by the first score.
    """

    def vectors(t: Array) -> Array:
        grid = np.tile(np.asarray(scores, dtype=float), (len(t), 1))
        grid[:, 0] = t
        return grid

    def output(t: Array, place: int) -> Array:
        values = act.jacobian(vectors(t))[..., 0] if order else act(vectors(t))
        return np.asarray(values if values.ndim == 1 else values[:, place], dtype=float)

    sizes = np.ndim(act(np.asarray(scores, dtype=float)))
    return [partial(output, place=place) for place in range(len(scores) if sizes else 1)]


def _dots(point: Break) -> Iterator[tuple[float, float, bool]]:
    """Yield the dots of a jump: where, how high, and whether the value is taken."""
    if point.joins and _close(point.left, point.value):
        return
    yield point.at, point.value, True
    if not _close(point.left, point.value):
        yield point.at, point.left, False
    if not _close(point.right, point.value) and not point.joins:
        yield point.at, point.right, False


def _breaks(
    act: "Activation", order: int, function: Function, params: dict[str, float]
) -> list[Break]:
    """Return the break points with their one-sided limits and the value that is taken."""
    pieces = act.pieces(order).subs(parameter_map(act, params))
    found: list[Break] = []
    for index, (point, owner) in enumerate(zip(pieces.breaks, pieces.owners, strict=True)):
        at = float(point)
        if found and at - found[-1].at < 1e-9:
            continue
        # Beside the point, not at it: a break such as 1/3 is no float, so the point itself
        # could be evaluated on the wrong side.
        step = 1e-9 * max(1.0, abs(at))
        left, right = function(np.array([at - step, at + step]))
        match owner:
            case "left":
                value = left
            case "right":
                value = right
            case _:
                value = float(pieces.value_at_break(index))
        found.append(Break(at, float(left), float(right), float(value)))
    return found


def _follow(function: Function, left: float, right: float, view: Window) -> Run:
    """Return points on the function, close together where it bends."""
    count = max(9, int(128 * (right - left) / view.width) + 2)
    xs = np.linspace(left, right, count)
    # The ends may be break points that belong to another region.
    xs[0] += 1e-9 * max(1.0, abs(left))
    xs[-1] -= 1e-9 * max(1.0, abs(right))
    ys = function(xs)
    for _ in range(16):
        # Not the middle: a steep sigmoid's middle lies on the chord.
        middle = xs[:-1] + 0.4 * np.diff(xs)
        values = function(middle)
        bends = np.abs(values - ys[:-1] - 0.4 * np.diff(ys)) > TOLERANCE * view.height
        bends &= np.diff(xs) > 1e-6 * view.width
        bends &= (np.minimum(ys[1:], ys[:-1]) < view.top + view.height) & (
            np.maximum(ys[1:], ys[:-1]) > view.bottom - view.height
        )
        if not bends.any():
            break
        places = np.flatnonzero(bends) + 1
        xs = np.insert(xs, places, middle[bends])
        ys = np.insert(ys, places, values[bends])
    xs[0], xs[-1] = left, right
    return xs, ys


def _pieces_inside(xs: Array, ys: Array, view: Window) -> Iterator[Run]:
    """Yield the parts inside the window, broken also at jumps that no break point announced."""
    cliffs = (np.diff(xs) < 1e-5 * view.width) & (np.abs(np.diff(ys)) > 0.05 * view.height)
    places = np.flatnonzero(cliffs) + 1
    for part_x, part_y in zip(np.split(xs, places), np.split(ys, places), strict=True):
        yield from _inside(part_x, part_y, view)


def _inside(xs: Array, ys: Array, view: Window) -> Iterator[Run]:
    """Yield the parts of a line inside the window, cut exactly at its lower and upper edge."""
    ys = np.where(np.isfinite(ys), ys, np.nan)
    for edge in (view.bottom, view.top):
        xs, ys = _with_crossings(xs, ys, edge)
    inside = (ys >= view.bottom) & (ys <= view.top)
    changes = np.flatnonzero(np.diff(inside)) + 1
    for part_x, part_y, kept in zip(
        np.split(xs, changes), np.split(ys, changes), np.split(inside, changes), strict=True
    ):
        if kept[0] and len(part_x) > 1:
            yield part_x, part_y


def _with_crossings(xs: Array, ys: Array, edge: float) -> Run:
    """Return the line with a point wherever it crosses the height *edge*."""
    above = ys - edge
    crossed = np.flatnonzero(above[:-1] * above[1:] < 0)
    share = above[crossed] / (above[crossed] - above[crossed + 1])
    where = xs[crossed] + share * (xs[crossed + 1] - xs[crossed])
    return np.insert(xs, crossed + 1, where), np.insert(ys, crossed + 1, edge)


def thinned(xs: Array, ys: Array, view: Window, tolerance: float = TOLERANCE) -> Run:
    """Return the line without the points that the eye would not miss (Douglas and Peucker)."""
    # Rounding first keeps the choice of points the same on every machine.
    us = np.round((xs - view.left) / view.width, 7)
    vs = np.round((ys - view.bottom) / view.height, 7)
    keep = np.zeros(len(us), dtype=bool)
    keep[[0, -1]] = True
    stretches = [(0, len(us) - 1)]
    while stretches:
        first, last = stretches.pop()
        if last - first < 2:
            continue
        gaps = _distances(us[first : last + 1], vs[first : last + 1])
        furthest = first + 1 + int(gaps.argmax())
        if gaps.max() > tolerance:
            keep[furthest] = True
            stretches += [(first, furthest), (furthest, last)]
    return xs[keep], ys[keep]


def _distances(us: Array, vs: Array) -> Array:
    """Return how far the inner points lie from the chord, or from the start of a closed line."""
    across, up = us[1:-1] - us[0], vs[1:-1] - vs[0]
    chord = (us[-1] - us[0], vs[-1] - vs[0])
    length = math.hypot(*chord)
    if length == 0:
        return np.asarray(np.hypot(across, up))
    return np.asarray(np.abs(chord[0] * up - chord[1] * across) / length)


def _close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-6)
