"""A chart in the plane: grid, axes, curves, dots and a legend that never covers a curve."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from symacts.curves import Curve
from symacts.figures.canvas import (
    ACCENTS,
    AXIS,
    GRID,
    INK,
    PAPER,
    image,
    maths,
    number,
    path_data,
    tag,
    text,
    text_width,
    without_markup,
)
from symacts.figures.glyphs import glyph, shade
from symacts.windows import Array, Window

__all__ = ["GROUND", "Chart", "Style", "plain", "round_ticks"]

Ticks = Sequence[tuple[float, str]]

GROUND = "ground"
WIDTH, HEIGHT = 400.0, 240.0
ROW = 19.0


class Style(NamedTuple):
    """How a line looks: its colour, its dashes and its width."""

    colour: str = ACCENTS[0]
    dash: Sequence[float] = ()
    width: float = 2.2

    @property
    def attributes(self) -> dict[str, str | float]:
        """The style as SVG attributes."""
        look: dict[str, str | float] = {"stroke": self.colour, "stroke_width": self.width}
        if self.dash:
            look["stroke_dasharray"] = " ".join(map(number, self.dash))
        return look


class Chart:
    """A picture of the rectangle *view*, built layer by layer."""

    def __init__(
        self,
        view: Window,
        *,
        x_label: str = "x",
        y_label: str = "",
        x_ticks: Ticks | None = None,
        y_ticks: Ticks | None = None,
        height: float = HEIGHT,
    ) -> None:
        self.view = view
        # False where zero means nothing across, and where an axis is no plain number.
        self.has_y_axis = self.has_readout = True
        self.x_label = x_label
        self.y_label = y_label
        self.x_ticks = round_ticks(view.left, view.right, 6) if x_ticks is None else x_ticks
        self.y_ticks = round_ticks(view.bottom, view.top, 5) if y_ticks is None else y_ticks
        self.height = height
        self.layers: list[str] = []
        self.signs: list[str] = []
        self.marks: list[str] = []
        self.notes: list[str] = []
        # What the legend explains: a line by its style, a sign by its kind.
        self.entries: list[tuple[str, Style | str]] = []
        widest = max((text_width(label) for _, label in self.y_ticks), default=0)
        self.left = 12 + widest
        self.right = WIDTH - 20
        self.lower = height - 24.0
        # Rows of the legend come in above and make the picture taller, never the chart smaller.
        self.upper = 8.0

    # -- layers ----------------------------------------------------------------------------------

    def curve(self, curve: Curve, style: Style, label: str = "") -> None:
        """Draw a curve: unbroken lines, filled dots on values taken, open dots on limits."""
        self.lines(curve.runs, style, label)
        for points, fill in ((curve.open_dots, PAPER), (curve.filled_dots, style.colour)):
            for x, y in points:
                self.dot(x, y, style.colour, fill=fill)
        self.explain(label, style)

    def line(self, xs: ArrayLike, ys: ArrayLike, style: Style, label: str = "") -> None:
        """Draw a line through points given in the chart's coordinates."""
        self.lines([(xs, ys)], style, label)
        self.explain(label, style)

    def lines(
        self, runs: Iterable[tuple[ArrayLike, ArrayLike]], style: Style, label: str = ""
    ) -> None:
        """Draw several lines of one style; with a label, a reader can ask for their values."""
        data = "".join(path_data(*self.place(xs, ys)) for xs, ys in runs)
        look = style.attributes
        if label and self.has_readout:
            look["data_label"] = without_markup(label)
        if data:
            self.layers.append(tag("path", d=data, stroke_linejoin="round", **look))

    def dot(
        self, x: float, y: float, colour: str, *, fill: str | None = None, radius: float = 3.2
    ) -> None:
        """Draw a dot; without *fill* it has one colour."""
        (cx,), (cy,) = self.place([x], [y])
        edge = Style(colour, width=1.5).attributes
        self.marks.append(tag("circle", cx=cx, cy=cy, r=radius, fill=fill or colour, **edge))

    def sign(self, kind: str, x: float, y: float, words: str) -> None:
        """Put a sign on a point, which a pointer can ask for its words."""
        (across,), (down,) = self.place([x], [y])
        self.signs.append(glyph(kind, across, down, words))

    def ground(self, left: float, right: float, words: str) -> None:
        """Shade a stretch of the x axis from top to bottom, beneath everything else."""
        (start, end), _ = self.place([left, right], [0, 0])
        self.layers.insert(0, shade(start, self.upper, end - start, self.lower - self.upper, words))

    def bar(self, x: float, height: float, width: float, colour: str) -> None:
        """Draw a bar that stands on zero, centred at *x*; one without height is still seen."""
        (left, right), (top, foot) = self.place([x - width / 2, x + width / 2], [height, 0.0])
        tall = max(foot - top, 1.2)
        self.layers.append(
            tag("rect", x=left, y=foot - tall, width=right - left, height=tall, fill=colour)
        )

    def guide(self, xs: ArrayLike, ys: ArrayLike) -> None:
        """Draw a quiet dashed line, such as an asymptote, beneath everything else."""
        data = path_data(*self.place(xs, ys))
        self.layers.insert(0, tag("path", d=data, **Style(AXIS, (3, 4), 1.1).attributes))

    def note(self, x: float, y: float, markup: str, *, anchor: str = "start") -> None:
        """Write a remark inside the chart, on a halo so that lines do not strike it through."""
        (left,), (base,) = self.place([x], [y])
        self.notes.append(text(left, base, markup, anchor=anchor))

    def explain(self, label: str, style: Style | str) -> None:
        """Give a style, the kind of a sign or the ground an entry in the legend."""
        if label:
            self.entries.append((label, style))

    # -- the picture -----------------------------------------------------------------------------

    def place(self, xs: ArrayLike, ys: ArrayLike) -> tuple[Array, Array]:
        """Return points of the chart in the picture's coordinates."""
        view = self.view
        across = (np.asarray(xs, dtype=float) - view.left) / view.width
        up = (np.asarray(ys, dtype=float) - view.bottom) / view.height
        return (
            self.left + across * (self.right - self.left),
            self.lower - up * (self.lower - self.upper),
        )

    def svg(self, *, title: str, description: str, prefix: str) -> str:
        """Return the finished picture."""
        legend, rows = self._legend()
        # A short name of the y axis finds room beside the legend.
        extra = 0 if text_width(self.y_label) < self.left and rows else ROW if self.y_label else 0
        above = rows * ROW + extra
        chart = tag(
            "g",
            self._frame() + "".join([*self.layers, *self.signs, *self.marks, self._notes()]),
            transform=f"translate(0 {above:g})",
        )
        return image(
            WIDTH,
            self.height + above,
            [legend, self._y_label(above), chart],
            title=title,
            description=description,
            prefix=prefix,
            **self._readout(),
        )

    def _readout(self) -> dict[str, str]:
        """Return what the page's script needs to read values off the curves under the pointer."""
        if not any("data-label" in layer for layer in self.layers):
            return {}
        size = (self.right - self.left, self.lower - self.upper)
        return {
            "data_window": ",".join(f"{end:.6g}" for end in self.view),
            "data_frame": ",".join(map(number, (self.left, self.upper, *size))),
        }

    def _frame(self) -> str:
        """Return grid, axes through zero, tick labels and the name of the x axis."""
        view = self.view
        xs, _ = self.place([x for x, _ in self.x_ticks], [view.bottom] * len(self.x_ticks))
        _, ys = self.place([view.left] * len(self.y_ticks), [y for y, _ in self.y_ticks])
        grid = "".join(f"M{x:.1f} {self.upper:g}V{self.lower:g}" for x in xs)
        grid += "".join(f"M{self.left:.1f} {y:.1f}H{self.right:g}" for y in ys)
        name = maths(self.x_label)
        # The last number makes way for the name of the axis where both do not fit.
        free = WIDTH - 4 - text_width(name)
        below = "".join(
            text(float(x), self.lower + 16, label)
            for x, (_, label) in zip(xs, self.x_ticks, strict=True)
            if x + text_width(label) / 2 < free
        )
        beside = "".join(
            text(self.left - 6, float(y) + 4, label)
            for y, (_, label) in zip(ys, self.y_ticks, strict=True)
        )
        return (
            tag("path", d=grid, stroke=GRID)
            + self._axes()
            + tag("g", below, fill=AXIS, text_anchor="middle")
            + tag("g", beside, fill=AXIS, text_anchor="end")
            + text(WIDTH - 1, self.lower + 16, name, anchor="end", fill=INK)
        )

    def _notes(self) -> str:
        halo: dict[str, str | float] = {"stroke": PAPER, "stroke_width": 6, "fill": INK}
        return (
            tag("g", "".join(self.notes), paint_order="stroke", stroke_linejoin="round", **halo)
            if self.notes
            else ""
        )

    def _axes(self) -> str:
        (zero_x,), (zero_y,) = self.place([0], [0])
        lines = ""
        if self.has_y_axis and self.view.left <= 0 <= self.view.right:
            lines += f"M{zero_x:.1f} {self.upper:g}V{self.lower:g}"
        if self.view.bottom <= 0 <= self.view.top:
            lines += f"M{self.left:.1f} {zero_y:.1f}H{self.right:g}"
        return tag("path", d=lines, stroke=AXIS, stroke_width=1.2) if lines else ""

    def _legend(self) -> tuple[str, int]:
        """Return the legend, in as many rows as it needs, and their number."""
        x, row, entries = self.left, 0, []
        for label, style in self.entries:
            sample = 34 if isinstance(style, Style) else 24 if style == GROUND else 16
            advance = sample + text_width(label) + 12
            if x + advance > WIDTH + 12 and x > self.left:
                x, row = self.left, row + 1
            y = 12 + row * ROW
            entries.append(_sample(style, x, y - 4))
            entries.append(text(x + sample, y, label))
            x += advance
        return tag("g", "".join(entries), fill=INK) if entries else "", row + bool(entries)

    def _y_label(self, below: float) -> str:
        if not self.y_label:
            return ""
        beside = text_width(self.y_label) < self.left - 8
        place, anchor = (self.left - 6, "end") if beside else (2.0, "start")
        return text(place, below - 6, self.y_label, anchor=anchor, fill=INK if beside else AXIS)


def _sample(style: Style | str, x: float, y: float) -> str:
    """Return what the legend shows of a line, of a sign or of the ground."""
    if isinstance(style, Style):
        return tag("path", d=f"M{x:.1f} {y:g}h28", **style.attributes)
    return shade(x, y - 6, 18, 11) if style == GROUND else glyph(style, x + 5, y)


def round_ticks(low: float, high: float, count: int) -> Ticks:
    """Return about *count* round numbers between *low* and *high*, with their labels."""
    rough = (high - low) / count
    scale = 10.0 ** math.floor(math.log10(rough))
    step = next(s * scale for s in (1, 2, 5, 10) if s * scale >= rough * 0.85)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [(k * step, plain(k * step)) for k in range(first, last + 1)]


def plain(value: float) -> str:
    """Return a number as it is printed beside an axis, with a real minus sign."""
    return f"{value:.6g}".replace("-", "\N{MINUS SIGN}") if value else "0"
