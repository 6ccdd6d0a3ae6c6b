"""Times of many functions in several systems, as dots on one logarithmic scale."""

import math
from collections.abc import Mapping, Sequence

from symacts.figures.canvas import ACCENTS, AXIS, GRID, INK, PAPER, image, tag, text, text_width
from symacts.figures.chart import plain

__all__ = ["time_svg"]

WIDTH, ROW, LEGEND_ROW = 400.0, 17.0, 19.0
TICKS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0)

Times = Mapping[str, Sequence[float | None]]


def time_svg(systems: Sequence[str], times: Times, *, title: str, unit: str, prefix: str) -> str:
    """Return a row of dots for each function, one for each system that has it.

    Args:
        systems: their titles, in the order of each function's times; ours come first.
        times: for each function's title the time in each system, None where there is none.
        title: what the picture shows, for those who listen.
        unit: what the times are in, for the axis.
        prefix: what the ids in the picture start with.
    """
    known = [time for row in times.values() for time in row if time]
    low, high = math.log10(min(known)) - 0.06, math.log10(max(known)) + 0.06
    left = 8 + max(text_width(name, 11) for name in times)
    present = [any(row[place] for row in times.values()) for place in range(len(systems))]
    legend, rows = _legend(systems, present)
    top = rows * LEGEND_ROW + 6
    foot = top + len(times) * ROW

    def across(time: float) -> float:
        return left + (math.log10(time) - low) / (high - low) * (WIDTH - 12 - left)

    ticks = [tick for tick in TICKS if low <= math.log10(tick) <= high]
    grid = "".join(f"M{across(tick):.1f} {top:g}V{foot:g}" for tick in ticks)
    body = [legend, tag("path", d=grid, stroke=GRID)]
    body += [
        _row(name, [time and across(time) for time in row], top + (place + 0.5) * ROW, left)
        for place, (name, row) in enumerate(times.items())
    ]
    labels = "".join(text(across(tick), foot + 15, plain(tick)) for tick in ticks)
    body.append(tag("g", labels, fill=AXIS, text_anchor="middle"))
    body.append(text(WIDTH - 12, foot + 30, unit, anchor="end", fill=INK))
    return image(
        WIDTH, foot + 36, body, title=title, description=_described(systems, times), prefix=prefix
    )


def _row(name: str, places: Sequence[float | None], y: float, left: float) -> str:
    """Return one function: its name, a thread from the first dot to the last, and the dots."""
    known = [place for place in places if place is not None]
    thread = tag(
        "path", d=f"M{min(known):.1f} {y:g}H{max(known):.1f}", stroke=AXIS, stroke_width=0.8
    )
    # Ours are drawn last, on top.
    dots = [_dot(x, y, place) for place, x in enumerate(places) if x is not None]
    label = text(left - 8, y + 4, name, anchor="end", fill=INK, font_size=11)
    return label + thread + "".join(reversed(dots))


def _dot(x: float, y: float, place: int) -> str:
    """Return the mark of a system: shapes differ too, for those who do not tell the colours."""
    colour = ACCENTS[place % len(ACCENTS)]
    edge: dict[str, str | float] = {"stroke": colour, "stroke_width": 1.4}
    r = 3.6
    match place:
        case 0:
            return tag("circle", cx=x, cy=y, r=r + 0.6, fill=colour, **edge)
        case 1:
            return tag("circle", cx=x, cy=y, r=r, fill=PAPER, **edge)
        case 2:
            return tag("path", d=f"M{x - r:.1f} {y - r:.1f}h7.2v7.2h-7.2z", fill=colour, **edge)
        case 3:
            d = f"M{x:.1f} {y - 4.2:.1f}l4.2 7.6h-8.4z"
            return tag("path", d=d, fill=colour, **edge)
        case 4:
            d = f"M{x - r:.1f} {y - r:.1f}l7.2 7.2m0-7.2l-7.2 7.2"
            return tag("path", d=d, stroke=colour, stroke_width=2)
        case _:
            d = f"M{x:.1f} {y - 4.4:.1f}l4.4 4.4l-4.4 4.4l-4.4-4.4z"
            return tag("path", d=d, fill=PAPER, **edge)


def _legend(systems: Sequence[str], present: Sequence[bool]) -> tuple[str, int]:
    """Return the legend of the systems that are present, and how many rows it has."""
    x, row, entries = 6.0, 0, []
    for place, title in enumerate(systems):
        if not present[place]:
            continue
        advance = 16 + text_width(title) + 12
        if x + advance > WIDTH and x > 6:
            x, row = 6.0, row + 1
        y = 12 + row * LEGEND_ROW
        entries += [_dot(x + 5, y - 4, place), text(x + 16, y, title)]
        x += advance
    return tag("g", "".join(entries), fill=INK), row + 1


def _described(systems: Sequence[str], times: Times) -> str:
    """Return in words for how many functions each of the others takes longer than ours."""
    said = []
    for place, title in enumerate(systems[1:], 1):
        pairs = [(row[0], row[place]) for row in times.values()]
        both = [(ours, other) for ours, other in pairs if ours and other]
        slower = sum(other > ours for ours, other in both)
        if both:
            said.append(f"{title} takes longer than {systems[0]} for {slower} of {len(both)}")
    return f"One row for each of {len(times)} functions. {'; '.join(said)}."
