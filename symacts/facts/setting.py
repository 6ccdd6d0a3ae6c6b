"""The setting of a scalar fact: a curve, and how what is found about it is carried over."""

from collections.abc import Iterable

from sympy import Expr, FiniteSet, Interval, S, Symbol, Union, oo
from sympy.sets.sets import Set

from symacts.calculus import numbers
from symacts.calculus.numbers import Number, in_digits
from symacts.calculus.shape import Shape
from symacts.calculus.symmetry import Scaling
from symacts.facts.finding import Finding, Scope
from symacts.facts.wording import after_colon, tex

__all__ = ["Setting", "shown_number"]

_TOO_LONG = 30
"""An exact constant with more operations than this is shown by its digits."""


class Setting(Scope):
    """A curve for which facts are looked for.

    With a scaling the curve is the function at parameter 1, and every point and value found is
    carried over to all parameters.
    """

    def __init__(self, shape: Shape, scale: Scaling | None = None) -> None:
        self.shape = shape
        self.scale = scale

    @property
    def x(self) -> Symbol:
        """The variable."""
        return self.shape.variable

    def found(self, value: object, evidence: str) -> Finding:
        """Return a finding; in a scaled setting the sentence says why one parameter is enough."""
        if self.scale is None:
            return Finding(value, evidence)
        s = self.scale
        p, inner = tex(s.parameter), tex(self.x / s.parameter**s.k)
        outer = rf"{tex(s.parameter**s.m)}\, " if s.m else ""
        scaled = rf"$f_{{{p}}}(x) = {outer}f_1\left({inner}\right)$"
        unit = after_colon(evidence)
        return Finding(value, f"For ${p} = 1$: {unit} Other values only scale: {scaled}.")

    def point(self, number: Number) -> Expr | None:
        """Return a point on the x axis as a fact states it, or None if too few digits are known."""
        shown = shown_number(number)
        return shown if self.scale is None or shown is None else self.scale.point(shown)

    def value(self, number: Number, order: int = 0) -> Expr | None:
        """Return a value of the function or of a derivative as a fact states it."""
        shown = shown_number(number)
        if self.scale is None or shown is None or shown in (oo, -oo):
            return shown
        return self.scale.value(shown, order)

    def place(self, place: Number | Set) -> Expr | Set | None:
        """Return a point or an interval as a fact states it."""
        if not isinstance(place, Set):
            return self.point(place)
        if self.scale is None or place == S.Reals:
            return place
        if not isinstance(place, Interval):
            return None
        return _stretched(place, self.scale)

    def places(self, places: Iterable[Number | Set]) -> tuple[Expr | Set, ...] | None:
        """Return several places, or None if one of them is not known well enough."""
        found = [self.place(place) for place in places]
        known = [place for place in found if place is not None]
        return tuple(known) if len(known) == len(found) else None

    def values(self, values: Set) -> Set:
        """Return a set of values as a fact states it."""
        if isinstance(values, Union):
            return Union(*(self.values(part) for part in values.args))
        if isinstance(values, FiniteSet):
            return FiniteSet(*(self.value(point) for point in values.args))
        assert isinstance(values, Interval)
        low, high = self.value(values.start), self.value(values.end)
        return Interval(low, high, values.left_open, values.right_open)


def shown_number(number: Number) -> Expr | None:
    """Return a number as a fact states it: exact unless that is too long, else certain digits."""
    shown = in_digits(number)
    shown = None if shown is None else numbers.simplest(shown)
    if shown is not None and shown.is_number and shown.count_ops() > _TOO_LONG:
        enclosed = numbers.ball(shown)
        return None if enclosed is None else in_digits(enclosed)
    return shown


def _stretched(place: Set, scale: Scaling) -> Set:
    assert isinstance(place, Interval)
    low, high = scale.point(place.start), scale.point(place.end)
    return Interval(low, high, place.left_open, place.right_open)
