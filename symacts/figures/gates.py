"""Pictures of gates: a map of f(a, b) in steps of colour, with its level lines."""

import math
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from symacts.curves import GATE_LEVELS, GATE_REACH, thinned
from symacts.figures.canvas import ACCENTS, maths, path_data, tag
from symacts.figures.chart import Chart, Style, plain
from symacts.windows import Array, Window

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["gate_levels", "gate_svg", "gate_values", "shades"]

SQUARE = Window(-GATE_REACH, GATE_REACH, -GATE_REACH, GATE_REACH)
POSITIVE, NEGATIVE = ACCENTS[0], ACCENTS[1]


def gate_svg(act: "Activation", *, prefix: str | None = None) -> str:
    """Return a map of the gate: blue where it is positive, red where negative, with level lines."""
    ticks = [(float(k), plain(k)) for k in range(-3, 4)]
    chart = Chart(SQUARE, x_label="a", y_label=maths("b"), x_ticks=ticks, y_ticks=ticks, height=290)
    named: list[tuple[float, float]] = []
    chart.layers.append(shades(act, chart.place))
    levels = list(gate_levels(act))
    for sign, colour, dash in ((1, POSITIVE, ()), (-1, NEGATIVE, (5, 3))):
        lines = [(xs, ys) for level, xs, ys in levels if level * sign > 0]
        chart.lines(lines, Style(colour, dash, 1.2))
        chart.explain("positive" if sign > 0 else "negative", Style(colour, dash))
    for level, xs, ys in levels:
        _name_level(chart, level, xs, ys, named)
    corners = {
        (a, b): float(act(a, b))
        for a in (-GATE_REACH, GATE_REACH)
        for b in (-GATE_REACH, GATE_REACH)
    }
    said = "; ".join(f"{plain(round(f, 2))} at ({a:g}, {b:g})" for (a, b), f in corners.items())
    return chart.svg(
        title=f"{act.title}: map of f(a, b)",
        description=f"Level lines for a and b from -3 to 3. Values at the corners: {said}.",
        prefix=prefix or f"{act.id}-function-",
    )


def _name_level(
    chart: Chart, level: float, xs: Array, ys: Array, named: list[tuple[float, float]]
) -> None:
    """Write the level on its line, where the line passes a diagonal and no name is near yet."""
    place = int(np.abs(np.abs(xs) - np.abs(ys)).argmin())
    at = (float(xs[place]), float(ys[place]))
    is_free = all(math.dist(at, other) > 0.42 for other in named)
    if is_free and max(map(abs, at)) < 0.93 * GATE_REACH:
        chart.note(at[0], at[1] - 0.08, plain(level), anchor="middle")
        named.append(at)


def shades(
    act: "Activation",
    place: Callable[[Array, Array], tuple[Array, Array]],
    levels: Sequence[float] = GATE_LEVELS,
    tolerance: float = 1.2e-3,
) -> str:
    """Return the map's colours: one faint layer for every level that is reached.

    *place* turns points (a, b) into points of the picture.
    """
    opacity = 0.78 / len(levels)
    layers = []
    for level in levels:
        for sign, colour in ((1, POSITIVE), (-1, NEGATIVE)):
            outlines = _regions(act, sign * level, tolerance)
            data = "".join(path_data(*place(a, b), closed=True) for a, b in outlines)
            if data:
                layers.append(tag("path", d=data, fill=colour, fill_opacity=opacity))
    return "".join(layers)


def gate_values(act: "Activation", count: int = 61) -> tuple[Array, Array, Array]:
    """Return a grid of both inputs and the gate's values on it, free of the last digits' noise."""
    axis = np.linspace(-GATE_REACH, GATE_REACH, count)
    a, b = np.meshgrid(axis, axis)
    return a, b, np.round(np.asarray(act(a, b), dtype=float), 9)


def gate_levels(act: "Activation") -> Iterator[tuple[float, Array, Array]]:
    """Yield the level lines of a gate, the highest first: the level and the line's points."""
    levels = [*(-level for level in reversed(GATE_LEVELS)), *GATE_LEVELS]
    lines = _axes().contour(*gate_values(act), levels=levels)
    lines.remove()
    found = sorted(zip(levels, lines.get_paths(), strict=True), key=lambda pair: -abs(pair[0]))
    for level, path in found:
        for part in map(np.asarray, path.to_polygons(closed_only=False)):
            yield level, *thinned(part[:, 0], part[:, 1], SQUARE, 1.2e-3)


def _regions(act: "Activation", level: float, tolerance: float) -> Iterator[tuple[Array, Array]]:
    """Yield the outlines of where the gate is beyond *level*, seen from zero."""
    a, b, values = gate_values(act)
    filled = _axes().contourf(a, b, values * np.sign(level), levels=[abs(level), 1e9])
    filled.remove()
    for path in filled.get_paths():
        for part in map(np.asarray, path.to_polygons()):
            yield thinned(part[:, 0], part[:, 1], SQUARE, tolerance)


@lru_cache(maxsize=1)
def _axes() -> Axes:
    """Return the Axes whose contour finder is used; nothing of it is drawn."""
    return Figure().add_subplot()
