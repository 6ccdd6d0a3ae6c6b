"""Comparisons: the members of a family in one picture, or side by side where they are many."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from symacts.curves import DASHES, Curve, curve, outputs, thinned, trace
from symacts.figures.canvas import (
    ACCENTS,
    AXIS,
    INK,
    image,
    listed,
    path_data,
    tag,
    text,
)
from symacts.figures.chart import Chart, Style, plain
from symacts.figures.scalars import prime
from symacts.windows import Function, Window, visible_range, window, with_margin

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["comparison_svg"]

AT_ONCE = len(ACCENTS)
# What cannot be seen in a small panel, as a share of it.
COARSE = 1e-3
COLUMNS, GAP = 3, 10.0
PANEL_WIDTH, PANEL_HEIGHT, HEADING = (400 - (COLUMNS - 1) * GAP) / COLUMNS, 78.0, 17.0


def comparison_svg(
    acts: Sequence["Activation"], order: int = 0, *, title: str = "", prefix: str | None = None
) -> str:
    """Return the members, or their derivatives of the given order, in the same window.

    Up to six share one picture; more stand side by side, each before all the others in grey.
    Gates are followed along the diagonal a = b, vector-valued members by their first output for
    the scores (x, 0).
    """
    view = _shared_window(acts, order)
    curves = [_profile_curve(act, order, view) for act in acts]
    title = title or f"Comparison of {listed([act.title for act in acts])}"
    prefix = prefix or f"comparison-{order}-{acts[0].id}-"
    what = _what(acts, order)
    description = (
        f"{what or prime('f', order)} of {listed([act.title for act in acts])}, "
        f"for x from {plain(view.left)} to {plain(view.right)}."
    )
    words = {"title": title, "description": description, "prefix": prefix}
    if len(acts) > AT_ONCE:
        return _side_by_side(acts, curves, view, **words)
    return _overlaid(acts, curves, view, what, **words)


def _what(acts: Sequence["Activation"], order: int) -> str:
    """Return what is drawn of members that are no functions of one variable."""
    match {act.kind for act in acts}.pop():
        case "vector":
            return f"{'slope of the ' * order}first output for the scores (x, 0)"
        case "gate":
            return f"{'slope of ' * order}f(x, x)"
        case _:
            return ""


def profile(act: "Activation", order: int) -> Function:
    """Return a member of any kind as a function of one variable."""
    match act.kind:
        case "vector":
            return outputs(act, (0.0, 0.0), order)[0]
        case "gate":
            return _along_diagonal(act, order)
        case _:
            return lambda x: np.asarray((act.derivative(order) if order else act)(x), dtype=float)


def _along_diagonal(act: "Activation", order: int) -> Function:
    if not order:
        return lambda x: np.asarray(act(x, x), dtype=float)
    by_a, by_b = act.derivative(order, wrt="a"), act.derivative(order, wrt="b")
    return lambda x: np.asarray(by_a(x, x) + by_b(x, x), dtype=float)


def _profile_curve(act: "Activation", order: int, view: Window) -> Curve:
    return curve(act, order, view) if act.kind == "scalar" else trace(profile(act, order), view)


def _shared_window(acts: Sequence["Activation"], order: int) -> Window:
    """Return a window in which every member shows its character, none at the others' expense."""
    spans = [window(act, (order,)) for act in acts if act.kind == "scalar"]
    left = float(np.median([span.left for span in spans])) if spans else -4.0
    right = float(np.median([span.right for span in spans])) if spans else 4.0
    lows, highs = np.array([visible_range(profile(act, order), left, right) for act in acts]).T
    usual = float(np.median(highs - lows))
    low = max(float(lows.min()), float(np.median(lows)) - 1.5 * usual)
    high = min(float(highs.max()), float(np.median(highs)) + 1.5 * usual)
    return Window(left, right, *with_margin(min(0.0, low), max(0.0, high)))


def _overlaid(
    acts: Sequence["Activation"], curves: Sequence[Curve], view: Window, what: str, **words: str
) -> str:
    chart = Chart(view, y_label=what)
    for place, (act, found) in enumerate(zip(acts, curves, strict=True)):
        chart.curve(found, Style(ACCENTS[place], DASHES[place]), act.title)
    return chart.svg(**words)


def _side_by_side(
    acts: Sequence["Activation"], curves: Sequence[Curve], view: Window, **words: str
) -> str:
    together = f"{words['prefix']}all"
    outlines = ["".join(_data(found, view)) for found in curves]
    axes = _panel_axes(view)
    grey = tag("path", d="".join(outlines), stroke=AXIS, stroke_opacity=0.35)
    panels = []
    for place, (act, outline) in enumerate(zip(acts, outlines, strict=True)):
        row, column = divmod(place, COLUMNS)
        at = (column * (PANEL_WIDTH + GAP), row * (PANEL_HEIGHT + HEADING + GAP))
        colour = ACCENTS[0]
        line = tag("path", d=outline, stroke=colour, stroke_width=2.2, stroke_linejoin="round")
        heading = text(0, -5, act.title, fill=INK)
        backdrop = tag("use", href=f"#{together}") if place else tag("g", axes + grey, id=together)
        where = f"translate({at[0]:.1f} {at[1] + HEADING:.1f})"
        panels.append(tag("g", backdrop + line + heading, transform=where))
    rows = -(-len(acts) // COLUMNS)
    height = rows * (PANEL_HEIGHT + HEADING + GAP) - GAP
    return image(400, height, panels, **words)


def _panel_axes(view: Window) -> str:
    (x,), (y,) = _place(np.zeros(1), np.zeros(1), view)
    lines = f"M0 {y:.1f}H{PANEL_WIDTH:.1f}M{x:.1f} 0V{PANEL_HEIGHT:.1f}"
    return tag("path", d=lines, stroke=AXIS, stroke_width=0.8)


def _data(found: Curve, view: Window) -> list[str]:
    return [path_data(*_place(*thinned(*run, view, COARSE), view)) for run in found.runs]


def _place(xs: np.ndarray, ys: np.ndarray, view: Window) -> tuple[np.ndarray, np.ndarray]:
    return (
        (xs - view.left) / view.width * PANEL_WIDTH,
        (view.top - ys) / view.height * PANEL_HEIGHT,
    )
