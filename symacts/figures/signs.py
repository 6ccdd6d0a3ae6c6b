"""The marks of a function put on its chart: signs on the curve, a legend, and words for each."""

from collections.abc import Sequence

from symacts.figures.canvas import listed, maths
from symacts.figures.chart import GROUND, Chart, plain
from symacts.marks import Mark, Marks
from symacts.wording.numbers import number

__all__ = ["mark"]

KINDS = ("minimum", "maximum", "inflection", "kink")
# More places than this are marked, but not listed in the legend.
LONGEST_LIST = 3
DIGITS = 4
STILL = "|f\u2032| < 0.001"


def mark(chart: Chart, marks: Marks) -> list[str]:
    """Put the marks that lie inside a chart on it, and return what a screen reader says of them."""
    said = []
    view = chart.view
    for kind in KINDS:
        points = [
            point
            for point in marks.points
            if point.kind == kind
            and view.left <= point.x <= view.right
            and view.bottom <= point.y <= view.top
        ]
        if points:
            for point in points:
                chart.sign(kind, point.x, point.y, f"{kind.capitalize()}: {_place(point)}")
            value = f" {_number(points[0].y)}" if kind in ("minimum", "maximum") else ""
            chart.explain(kind + value + _listed(points), kind)
            said.append(f"Marked {kind}{value}{_listed(points, LONGEST_LIST * 2)}.")
    return said + _level_ends(chart, marks)


def _level_ends(chart: Chart, marks: Marks) -> list[str]:
    """Shade where the function is all but level, and return that in words."""
    view, places = chart.view, []
    if marks.level_below is not None and marks.level_below > view.left:
        places.append(f"x < {_number(marks.level_below)}")
        chart.ground(view.left, min(marks.level_below, view.right), f"{STILL} for {places[-1]}")
    if marks.level_above is not None and marks.level_above < view.right:
        places.append(f"x > {_number(marks.level_above)}")
        chart.ground(max(marks.level_above, view.left), view.right, f"{STILL} for {places[-1]}")
    if not places:
        return []
    if len(places) == 2 and marks.level_above == -(marks.level_below or 0):
        places = [f"|x| > {_number(marks.level_above)}"]
    where = " or ".join(places)
    slope, bound = STILL.split(" ", 1)
    chart.explain(f"{maths(slope)} {_escaped(bound)} for {_spelled(where)}", GROUND)
    return [f"Shaded where {STILL}: {where}."]


def _spelled(where: str) -> str:
    """Return a condition with its letters set as mathematics."""
    return " ".join(maths(w) if "x" in w else _escaped(w) for w in where.split(" "))


def _escaped(text: str) -> str:
    return text.replace("<", "&lt;").replace(">", "&gt;")


def _place(point: Mark) -> str:
    return f"x = {_number(point.x)}, f(x) = {_number(point.y)}"


def _listed(points: Sequence[Mark], most: int = LONGEST_LIST) -> str:
    """Return where marks are, those that lie opposite to each other as one; nothing of many."""
    xs = sorted(point.x for point in points)
    twins = {x for x in xs if x > 0 and -x in xs}
    places = [
        f"\N{PLUS-MINUS SIGN}{_number(x)}" if x in twins else _number(x)
        for x in xs
        if -x not in twins
    ]
    return f" at {listed(places)}" if len(places) <= most else ""


def _number(value: float) -> str:
    """Return a number with four digits, or in full if it is shorter."""
    text = number(value, DIGITS)
    return text if "<" not in text else plain(float(f"{value:.{DIGITS}g}"))
