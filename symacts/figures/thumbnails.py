"""Thumbnails for galleries: a function and its derivative at the size of a stamp."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from symacts.curves import GATE_REACH, Curve, curve, outputs, thinned, trace
from symacts.figures.canvas import ACCENTS, AXIS, path_data, tag
from symacts.figures.chart import Style
from symacts.figures.gates import shades
from symacts.windows import Array, Window, visible_range, window, with_margin

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["thumbnail"]

WIDTH, HEIGHT = 120.0, 72.0
EDGE = 2.0
# What cannot be seen at this size, as a share of the picture.
COARSE = 1.2e-3
SCORES = (0.0, 0.0, 1.0)


def thumbnail(act: "Activation") -> str:
    """Return a small picture without words: f as a line, f' dashed beneath it.

    A vector-valued member shows its outputs for the scores (x, 0, 1), a gate the map of its values.
    """
    match act.kind:
        case "vector":
            body = _outputs(act)
        case "gate":
            view = Window(-GATE_REACH, GATE_REACH, -GATE_REACH, GATE_REACH)
            body = shades(act, lambda a, b: _place(a, b, view), (0.25, 1.0, 4.0), 6e-3) + _axes(
                view
            )
        case _:
            view = window(act)
            body = _axes(view) + _line(curve(act, 1, view), view, ACCENTS[1], dash=(4, 2.5))
            body += _line(curve(act, 0, view), view, ACCENTS[0])
    return (
        f'<svg class="sa-thumb" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" fill="none" aria-hidden="true" '
        f'xmlns="http://www.w3.org/2000/svg">{body}</svg>'
    )


def _outputs(act: "Activation") -> str:
    """Return the lines of a vector-valued member's outputs as the first score moves."""
    functions = outputs(act, SCORES)
    left, right = -4.0, 5.0
    ranges = [visible_range(function, left, right) for function in functions]
    lows, highs = zip(*ranges, strict=True)
    view = Window(left, right, *with_margin(min(0.0, *lows), max(0.0, *highs)))
    lines = [_line(trace(f, view), view, ACCENTS[k]) for k, f in enumerate(functions)]
    return _axes(view) + "".join(reversed(lines))


def _axes(view: Window) -> str:
    x, y = _place(np.zeros(1), np.zeros(1), view)
    across, up = f"M0 {y[0]:.1f}H{WIDTH:g}", f"M{x[0]:.1f} 0V{HEIGHT:g}"
    return tag("path", d=across + up, stroke=AXIS, stroke_width=0.8, opacity=0.6)


def _line(found: Curve, view: Window, colour: str, dash: Sequence[float] = ()) -> str:
    data = "".join(path_data(*_place(*thinned(*run, view, COARSE), view)) for run in found.runs)
    dots = "".join(_dot(x, y, view, colour) for x, y in found.filled_dots if not dash)
    look = Style(colour, dash, 1.4 if dash else 2.0).attributes
    return (tag("path", d=data, stroke_linejoin="round", **look) if data else "") + dots


def _dot(x: float, y: float, view: Window, colour: str) -> str:
    (cx,), (cy,) = _place(np.array([x]), np.array([y]), view)
    return tag("circle", cx=cx, cy=cy, r=2.4, fill=colour)


def _place(xs: Array, ys: Array, view: Window) -> tuple[Array, Array]:
    """Return points of the plane in the thumbnail's coordinates."""
    return (
        EDGE + (xs - view.left) / view.width * (WIDTH - 2 * EDGE),
        HEIGHT - EDGE - (ys - view.bottom) / view.height * (HEIGHT - 2 * EDGE),
    )
