"""What is worth marking on the curve of a function: extrema, inflections, kinks, level ends.

Everything here is read off facts.  A fact that is not established marks nothing, and with given
parameters only facts that hold for all parameters do.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from sympy import Basic, Expr, FiniteSet, ImageSet, S, Symbol

from symacts.windows import WIDTHS, Window, evaluator, parameter_map

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["Mark", "Marks", "marks_of", "widened"]

# Thresholds this little beyond the edge of a picture are worth a wider picture.
WIDEST = 1.5
ROOM = 1.03
TURNS = 8


@dataclass(frozen=True)
class Mark:
    """A point of the curve: "minimum", "maximum", "inflection" or "kink", and where it lies."""

    kind: str
    x: float
    y: float


@dataclass(frozen=True)
class Marks:
    """The points to mark, and the ends beyond which the curve is all but level, None for none."""

    points: tuple[Mark, ...]
    level_below: float | None = None
    level_above: float | None = None


def marks_of(act: "Activation", **params: float) -> Marks:
    """Return what there is to mark on a scalar function with these parameters."""
    reader = _Reader(act, params)
    return Marks(tuple(reader.points()), *reader.level_ends())


def widened(view: Window, marks: Marks) -> tuple[float, float] | None:
    """Return the ends of a window that shows where a function levels off on both sides.

    None if *view* shows it already, or if it would take a much wider window.
    """
    below, above = marks.level_below, marks.level_above
    if below is None or above is None:
        return None
    needed = ROOM * max(-below, above)
    present = min(-view.left, view.right)
    if not present < needed <= WIDEST * present:
        return None
    reach = float(next(width for width in WIDTHS if width >= needed))
    return -reach, reach


class _Reader:
    """Reads facts as numbers, with the parameters put in."""

    def __init__(self, act: "Activation", params: dict[str, float]) -> None:
        self.facts = act.facts
        self.function = evaluator(act, 0, **params)
        self.values: dict[Symbol, Expr] = parameter_map(act, params)
        self.at_defaults = not params

    def points(self) -> Iterator[Mark]:
        """Yield the marked points: extrema that are taken at single points, inflections, kinks."""
        for kind in ("minimum", "maximum"):
            extremum = self._value(kind)
            if isinstance(extremum, tuple):
                for where in _single(extremum[0]):
                    yield Mark(kind, self._number(where), self._number(extremum[1]))
        for places in self._value("inflections") or ():
            for where in _single(places):
                yield self._on_curve("inflection", where)
        for kink in self._value("kinks") or ():
            # A jump shows itself.
            if kink.jump == 0:
                yield self._on_curve("kink", kink.where)

    def level_ends(self) -> tuple[float | None, float | None]:
        """Return the thresholds of saturation, none where the function is level throughout."""
        ends = self._value("saturation") or (None, None)
        below, above = (None if end is None else self._number(end) for end in ends)
        if below is not None and above is not None and below >= above:
            return None, None
        return below, above

    def _value(self, name: str) -> Any:
        """Return the value of a fact, None where there is none for these parameters."""
        fact = getattr(self.facts, name)
        if fact is None or not (self.at_defaults or fact.scope == "all parameters"):
            return None
        return fact.value

    def _on_curve(self, kind: str, where: Expr) -> Mark:
        x = self._number(where)
        return Mark(kind, x, float(self.function(np.array(x))))

    def _number(self, value: Basic) -> float:
        return float(value.subs(self.values))


def _single(where: Any) -> Iterable[Expr]:
    """Return the single points of a place; a whole stretch has none.

    Of points that come again for every whole number those next to zero are enough for a picture.
    """
    match where:
        case FiniteSet():
            return where.args
        case ImageSet() if where.base_set == S.Integers:
            return [where.lamda(k) for k in range(-TURNS, TURNS + 1)]
        case tuple():
            return where
        case Expr():
            return (where,)
        case _:
            return ()
