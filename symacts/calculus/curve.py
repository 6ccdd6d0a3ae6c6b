"""A function of one variable, studied part by part: charts, limits, stretches and extremes.

The method is that of a curve sketch.  The sign chart of the next derivative cuts the line into
stretches on which the function is monotone, and on a monotone stretch the ends say everything.
Every method returns what is proved, for all values of the symbols that are left in the pieces, or
None.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from sympy import Expr, Integer, Interval, oo
from sympy.sets.sets import Set

from symacts.calculus import numbers
from symacts.calculus.numbers import Number
from symacts.calculus.regular import is_analytic, limit_at
from symacts.calculus.scales import Expansion, Undecided, X
from symacts.calculus.signs import Chart, chart
from symacts.calculus.tails import expansion
from symacts.enclose import Ball, jet, precision, program
from symacts.pieces import Pieces

__all__ = [
    "START",
    "Curve",
    "Extreme",
    "Line",
    "Stretch",
    "TooLong",
    "Turn",
    "Wave",
]

MOST_OPERATIONS = 200
"""Formulas that are longer, of the function or of a derivative, are left alone."""

START = 16
"""Where the expansions begin from which limits and asymptotes are read off."""


class TooLong(NotImplementedError):
    """A formula has so many operations that SymPy would take minutes for it."""


@dataclass(frozen=True)
class Turn:
    """What a function does at a break: its limits from both sides, and its own value."""

    left: Expr
    right: Expr
    own: Expr

    @cached_property
    def jump(self) -> int | None:
        """1, -1 or 0: it jumps up, down or not at all; 2: up and down; None: that is not known."""
        steps = numbers.order(self.own, self.left), numbers.order(self.right, self.own)
        if None in steps:
            return None
        if 1 in steps and -1 in steps:
            return 2
        return 1 if 1 in steps else -1 if -1 in steps else 0


@dataclass(frozen=True)
class Stretch:
    """An open interval on which a function rises (sign 1), falls (-1) or is constant (0)."""

    low: Number
    high: Number
    sign: int
    first: Number
    last: Number


@dataclass(frozen=True)
class Extreme:
    """The least or the largest value; `places` are the points and intervals that take it.

    No places mean that the value is only approached, None that the places are not known.  If they
    are tied the value is taken at one of them, but the enclosures do not tell at which.
    """

    value: Number
    places: tuple[Number | Set, ...] | None
    tied: bool = False


@dataclass(frozen=True)
class Line:
    """An asymptote, and the expansion of what is left when it is taken away."""

    formula: Expr
    rest: Expansion


@dataclass(frozen=True)
class Wave:
    """What repeats in a function: f(x) minus slope times x has the period, and is not constant."""

    slope: Expr
    period: Expr


class Curve:
    """One function with its derivatives."""

    def __init__(self, pieces: Pieces) -> None:
        self.variable = pieces.variable
        self._orders = [pieces]
        self._tails: dict[tuple[int, int], Expansion | None] = {}
        self._extremes: dict[int, tuple[Extreme, Extreme] | None] = {}

    def pieces(self, order: int = 0) -> Pieces:
        """Return the derivative of the given order, or raise TooLong."""
        while len(self._orders) <= order:
            self._orders.append(self._orders[-1].diff())
        if any(part.count_ops() > MOST_OPERATIONS for part in self._orders[order].parts):
            raise TooLong(f"{MOST_OPERATIONS} operations are the most that are looked at")
        return self._orders[order]

    @property
    def period(self) -> Expr | None:
        """The distance after which the function repeats, where that is known."""
        return None

    @property
    def wave(self) -> Wave | None:
        """The wave that the function never leaves, where that is known."""
        return None

    @property
    def breaks(self) -> tuple[Expr, ...]:
        """The points between parts."""
        return self.pieces().breaks

    @cached_property
    def is_ordered(self) -> bool:
        """Whether the breaks are proved to lie apart."""
        return all(numbers.order(right, left) == 1 for left, right in pairwise(self.breaks))

    @cached_property
    def is_defined(self) -> bool:
        """Whether every part is proved to be finite and analytic on its own interval."""
        parts = zip(self.pieces().parts, self.pieces().intervals, strict=True)
        return all(is_analytic(part, self.variable, low, high) for part, (low, high) in parts)

    def charts(self, order: int, reach: Expr = oo) -> list[Chart] | None:
        """Return the signs of a derivative between its breaks, as far as -reach and reach."""
        if not self.is_defined or not self.is_ordered:
            return None
        if any(numbers.order(reach, abs(at)) != 1 for at in self.breaks):
            return None
        found = [
            chart(part, self.variable, low, high)
            for part, (low, high) in zip(
                self.pieces(order).parts, self._intervals(reach), strict=True
            )
        ]
        known = [c for c in found if c is not None]
        return known if len(known) == len(found) else None

    # -- limits ------------------------------------------------------------------------------------

    def tail(self, order: int, side: int) -> Expansion | None:
        """Return the expansion of a derivative at -oo (side -1) or oo (side 1)."""
        if (order, side) not in self._tails:
            part = self.pieces(order).parts[0 if side < 0 else -1]
            try:
                self._tails[order, side] = expansion(part, self.variable, START, side)
            except Undecided:
                self._tails[order, side] = None
        return self._tails[order, side]

    def limit(self, order: int, side: int) -> Expr | None:
        """Return the limit of a derivative at -oo or oo."""
        tail = self.tail(order, side)
        try:
            return None if tail is None else tail.limit()
        except Undecided:
            return None

    def oscillates(self, order: int) -> bool:  # noqa: ARG002  waves have another answer
        """Tell whether a derivative is proved to have no limit, because it oscillates for ever."""
        return False

    def asymptote(self, side: int) -> Line | None:
        """Return the line that is approached at -oo or oo."""
        tail = self.tail(0, side)
        try:
            found = tail and tail.asymptote()
        except Undecided:
            return None
        return Line(found[0].subs(X, side * self.variable), found[1]) if found else None

    def outgrows_lines(self, side: int) -> bool:
        """Tell whether there is provably no asymptote, because every line is left behind."""
        tail = self.tail(0, side)
        try:
            return tail is not None and tail.asymptote() is None
        except Undecided:
            return False

    def turn(self, order: int, index: int) -> Turn | None:
        """Return what a derivative does at a break."""
        pieces = self.pieces(order)
        point = pieces.breaks[index]
        left, right = (limit_at(pieces.parts[k], self.variable, point) for k in (index, index + 1))
        if left is None or right is None:
            return None
        owner = pieces.owners[index]
        own = {"left": left, "right": right}.get(str(owner))
        return Turn(left, right, pieces.value_at_break(index) if own is None else own)

    def turns(self, order: int) -> list[Turn] | None:
        """Return what a derivative does at each break, if the breaks lie apart."""
        if not self.is_defined or not self.is_ordered:
            return None
        found = [self.turn(order, index) for index in range(len(self.breaks))]
        known = [turn for turn in found if turn is not None]
        return known if len(known) == len(found) else None

    # -- stretches and extremes --------------------------------------------------------------------

    def stretches(self, order: int = 0, reach: Expr = oo) -> list[Stretch] | None:
        """Return the stretches between -reach and reach on which a derivative is monotone."""
        charts = self.charts(order + 1, reach)
        if charts is None:
            return None
        found: list[Stretch] = []
        for index, (part, (low, high)) in enumerate(
            zip(charts, self._intervals(reach), strict=True)
        ):
            values = [self._end(order, index, low, -1)]
            values += [self._value(order, index, root) for root in part.roots]
            values += [self._end(order, index, high, 1)]
            points = [low, *part.roots, high]
            for (a, b), (first, last), sign in zip(
                pairwise(points), pairwise(values), part.signs, strict=True
            ):
                if first is None or last is None:
                    return None
                found.append(Stretch(a, b, sign, first, last))
        return found

    def _intervals(self, reach: Expr) -> list[tuple[Expr, Expr]]:
        """Return the intervals of the parts, cut off at -reach and reach."""
        edges = (-reach, *self.breaks, reach)
        return list(pairwise(edges))

    def _end(self, order: int, index: int, point: Expr, side: int) -> Number | None:
        """Return the limit of a derivative at one end of the interval of a part."""
        if point.is_infinite:
            return self.limit(order, side)
        at = index - 1 if side < 0 else index
        if at in (-1, len(self.breaks)):
            return self._value(order, index, point)
        turn = self.turn(order, at)
        return turn and (turn.right if side < 0 else turn.left)

    def _value(self, order: int, index: int, root: Number) -> Number | None:
        """Return the value of a derivative at a point inside of the interval of a part."""
        part = self.pieces(order).parts[index]
        if isinstance(root, Expr):
            return part.subs(self.variable, root)
        run = program(part, self.variable)
        values = jet(run, root, 0) if run else None
        return values[0] if values and values[0].is_finite() else None

    def extremes(self, order: int = 0) -> tuple[Extreme, Extreme] | None:
        """Return the infimum and the supremum of a derivative."""
        if order not in self._extremes:
            candidates = self._candidates(order) or self._bounded_candidates(order)
            least = candidates and _best(candidates, -1)
            largest = candidates and _best(candidates, 1)
            self._extremes[order] = (least, largest) if least and largest else None
        return self._extremes[order]

    def _candidates(self, order: int, reach: Expr = oo) -> list[Extreme] | None:
        """Return everything that an infimum or supremum can be: ends, turns, own values."""
        stretches, turns = self.stretches(order, reach), self.turns(order)
        if stretches is None or turns is None:
            return None
        # At a kink the derivative has no value of its own, only limits from both sides.
        own = [(at, t) for at, t in zip(self.breaks, turns, strict=True) if not order or not t.jump]
        found = [Extreme(t.own, (at,)) for at, t in own]
        edges = (-reach, *self.breaks, reach)
        for s in stretches:
            if s.sign == 0 and s.low in edges and s.high in edges:
                found.append(Extreme(s.first, (Interval.open(s.low, s.high),)))
                continue
            found.append(Extreme(s.first, () if s.low in edges else (s.low,)))
            if s.high in edges:
                found.append(Extreme(s.last, ()))
        return found

    def _bounded_candidates(self, order: int) -> list[Extreme] | None:
        """Return the same where a tail swings for ever, but within bounds that do not matter."""
        found = self._candidates(order, Integer(START))
        if found is None:
            return None
        for side in (-1, 1):
            tail = self.tail(order, side)
            try:
                bound = None if tail is None else tail.bound()
            except Undecided:
                return None
            if bound is None:
                return None
            found.append(Extreme((-bound).union(bound), None))
        return found


def _best(candidates: list[Extreme], direction: int) -> Extreme | None:
    """Return the least or largest candidate with all the places that reach it."""
    best = candidates[0]
    for other in candidates[1:]:
        comparison = numbers.order(other.value, best.value)
        if comparison is None:
            value = _best_ball(best.value, other.value, direction)
            if value is None:
                return None
            places = best.places + other.places if best.places and other.places else None
            best = Extreme(value, places, tied=True)
        elif comparison == direction:
            best = other
        elif comparison == 0 and best.places is not None and other.places is not None:
            best = Extreme(best.value, best.places + other.places, best.tied)
    return best


def _best_ball(first: Number, second: Number, direction: int) -> Ball | None:
    """Return a ball for the better one of two numbers whose balls overlap."""
    one, other = numbers.ball(first), numbers.ball(second)
    if one is None or other is None:
        return None
    with precision():
        best = max if direction > 0 else min
        return best(one.lower(), other.lower()).union(best(one.upper(), other.upper()))
