"""How far computed values are from the exact ones, over x: one line for each system.

Both axes are logarithmic: x away from zero on either side, the error from half a unit in the last
place, the least that a rounded result has, to 2**53, beyond which no digit is left.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import numpy as np

from symacts.curves import DASHES
from symacts.figures.canvas import ACCENTS, listed
from symacts.figures.chart import Chart, Style, plain
from symacts.windows import Window

__all__ = ["NO_NUMBER", "error_svg"]

#: Stands in a curve where NaN or an infinity came out in place of a number.
NO_NUMBER = 180
#: The heights of a curve are ten times the decimal logarithms of errors.
SCALE = 10.0
LEAST, NOTHING_LEFT = math.log10(0.5), 53 * math.log10(2)
ROW_OF_NAN = 17.4
TOP = 18.2
X_TICKS = (-1000.0, -10.0, -0.1, 0.0, 0.1, 10.0, 1000.0)

Heights = Sequence[int | None]


def error_svg(
    name: str, edges: Sequence[float], curves: Mapping[str, Heights], *, prefix: str
) -> str:
    """Return the errors of several systems for one function, the first of them on top.

    Args:
        name: what is computed, such as `GELU′(x)`.
        edges: the ends of the intervals of x, in which the largest error counts.
        curves: for each system's title the heights, one for each interval; none where the system
            has no such function.
        prefix: what the ids in the picture start with.
    """
    middle = (len(edges) - 1) / 2
    view = Window(-middle, middle, -0.9, TOP)
    places = np.interp(X_TICKS, edges, np.arange(len(edges)) - middle)
    chart = Chart(
        view,
        y_label=f"error of {name} in ulp",
        x_ticks=[(float(at), plain(x)) for at, x in zip(places, X_TICKS, strict=True)],
        y_ticks=[
            (0.0, "1"),
            *((float(k), f"10{_raised(k)}") for k in (4, 8, 12)),
            (NOTHING_LEFT, "2⁵³"),
            (ROW_OF_NAN, "NaN"),
        ],
    )
    chart.has_readout = False
    chart.guide([-middle, middle], [NOTHING_LEFT, NOTHING_LEFT])
    # A system looks the same in all pictures, whichever of the others are there.
    drawn = [(place, title) for place, title in enumerate(curves) if curves[title]]
    for place, title in drawn:
        chart.explain(title, _style(place))
    for place, title in reversed(drawn):
        chart.lines(_runs(curves[title], middle, place), _style(place))
    return chart.svg(
        title=f"Errors of {name} over x",
        description=_described(edges, curves),
        prefix=prefix,
    )


def _style(place: int) -> Style:
    """Return the look of a line: the first is broad and unbroken, as it lies on top."""
    return Style(ACCENTS[place], DASHES[place], 2.2 if place == 0 else 1.5)


def _runs(heights: Heights, middle: float, place: int) -> Iterator[tuple[list[float], list[float]]]:
    """Yield the unbroken lines of a curve; where there is no number it goes on in a row above."""
    points = [(at + 0.5 - middle, height) for at, height in enumerate(heights)]
    for kind, run in groupby(points, key=_kind):
        xs, values = zip(*run, strict=True)
        if kind == "number":
            yield list(xs), [_height(value) for value in values]
        elif kind == "no number":
            # A little apart, so that one line does not hide the others.
            row = ROW_OF_NAN + 0.3 * (2 - place) / 2
            yield [xs[0] - 0.5, xs[-1] + 0.5], [row, row]


def _kind(point: tuple[float, int | None]) -> str:
    if point[1] is None:
        return "no point"
    return "no number" if point[1] >= NO_NUMBER else "number"


def _height(value: int) -> float:
    return min(max(value / SCALE, LEAST), NOTHING_LEFT)


def _described(edges: Sequence[float], curves: Mapping[str, Heights]) -> str:
    """Return the picture in words: the largest error of each system, and where NaN comes out."""
    said = [f"{title}: {_worst(edges, heights)}" for title, heights in curves.items() if heights]
    return (
        f"The largest error in units in the last place, by x from {plain(edges[0])} to "
        f"{plain(edges[-1])}, both on logarithmic scales. {'; '.join(said)}."
    )


def _worst(edges: Sequence[float], heights: Heights) -> str:
    numbers = {at: h for at, h in enumerate(heights) if h is not None and h < NO_NUMBER}
    lost = [at for at, h in enumerate(heights) if h is not None and h >= NO_NUMBER]
    parts = []
    if numbers:
        at = max(numbers, key=numbers.__getitem__)
        error = 10 ** (numbers[at] / SCALE)
        parts.append(f"up to {error:.2g} near x = {_near(edges, at)}")
    if lost:
        parts.append(f"no number from x = {_near(edges, lost[0])} to {_near(edges, lost[-1])}")
    return listed(parts) if parts else "nothing measured"


def _near(edges: Sequence[float], at: int) -> str:
    return plain(float(f"{(edges[at] + edges[at + 1]) / 2:.2g}"))


def _raised(exponent: int) -> str:
    return str(exponent).translate(str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"))
