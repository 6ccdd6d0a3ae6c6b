"""The questions that a reader asks of a curve, answered from its charts and stretches.

Rising or falling, bent upwards or downwards, bounded by what, zero where, flat from where on: every
answer is proved or None.
"""

from itertools import pairwise

from sympy import Expr, FiniteSet, Integer, Interval, Rational, S, Union, oo
from sympy.sets.sets import Set

from symacts.calculus import numbers
from symacts.calculus.corners import Corners
from symacts.calculus.harmonics import factored_zeros
from symacts.calculus.numbers import Number, in_digits
from symacts.calculus.regular import limit_at
from symacts.calculus.runs import Place, Run, bent_runs, in_words, joined, monotone_runs
from symacts.calculus.signs import chart

__all__ = ["SATURATED", "Shape"]

SATURATED = Rational(1, 1000)
"""A unit counts as saturated where the size of its slope is below this."""

_CORE = Integer(16)
"""How far from zero it is looked for signs where the tails are not known."""


class Shape(Corners):
    """A curve that answers questions about the whole line."""

    # -- rising and falling ------------------------------------------------------------------------

    def monotonicity(self) -> str | None:
        """Return how the function runs, in one word; "increasing" and "decreasing" are strict."""
        signs, jumps = self._signs(1), self.jumps()
        if jumps is None:
            return None
        steps = {step for jump in jumps for step in ((1, -1) if jump == 2 else (jump,)) if step}
        rises, falls = 1 in signs | steps, -1 in signs | steps
        if rises and falls:
            return "neither"
        if self.charts(1) is None:
            return None
        if not rises and not falls:
            return "constant"
        if 0 in signs:
            return "nondecreasing" if rises else "nonincreasing"
        return "increasing" if rises else "decreasing"

    def _signs(self, order: int) -> set[int]:
        """Return the signs that a derivative is known to take, if only on the core."""
        charts = self.charts(order) or self.charts(order, _CORE) or ()
        return {sign for part in charts for sign in part.signs}

    def monotone_on(self) -> tuple[tuple[Interval, str], ...] | None:
        """Return the line cut into intervals on which the function runs one way."""
        stretches, jumps = self.stretches(), self.jumps()
        if stretches is None or jumps is None:
            return None
        at_breaks = dict(zip(self.breaks, jumps, strict=True))
        words = {1: "increasing", -1: "decreasing", 0: "constant"}
        return in_words(monotone_runs(stretches, at_breaks), words, at_breaks)

    # -- bent up and down --------------------------------------------------------------------------

    def convexity(self) -> str | None:
        """Return how the graph is bent, in one word."""
        jumps, bends = self.jumps(), self.bends()
        if jumps is None or bends is None:
            return None
        signs = self._signs(2) | set(bends)
        if any(jumps) or {1, -1} <= signs:
            return "neither"
        if self.charts(2) is None:
            return None
        return "convex" if 1 in signs else "concave" if -1 in signs else "affine"

    def convex_on(self) -> tuple[tuple[Interval, str], ...] | None:
        """Return the largest intervals on which the graph is bent one way; they may overlap."""
        slopes, jumps, bends = self.stretches(1), self.jumps(), self.bends()
        if slopes is None or jumps is None or bends is None:
            return None
        at_jumps, at_bends = (dict(zip(self.breaks, e, strict=True)) for e in (jumps, bends))
        runs = bent_runs(slopes, at_jumps, at_bends)
        if not runs:
            edges = [-oo, *(point for point, jump in at_jumps.items() if jump), oo]
            runs = [Run(low, high, 0) for low, high in pairwise(edges)]
        return in_words(runs, {1: "convex", -1: "concave", 0: "affine"}, at_jumps)

    def inflections(self) -> tuple[Place, ...] | None:
        """Return the points with a slope at which the graph changes from one bend to the other."""
        charts, jumps, bends = self.charts(2), self.jumps(), self.bends()
        if charts is None or jumps is None or bends is None:
            return None
        found: list[Place] = [*charts[0].turns]
        for k, (left, right) in enumerate(pairwise(charts)):
            has_slope = not jumps[k] and not bends[k]
            if has_slope and left.signs[-1] * right.signs[0] < 0:
                found.append(self.breaks[k])
            found += right.turns
        return tuple(found)

    def is_piecewise_linear(self) -> bool | None:
        """Tell whether every part is a straight line."""
        if self.is_defined and all(part == 0 for part in self.pieces(2).parts):
            return True
        return False if {1, -1} & self._signs(2) else None

    # -- values ------------------------------------------------------------------------------------

    def at(self, point: Expr, order: int = 0) -> Expr | None:
        """Return the value of a derivative at an exact point that lies in the inside of a part.

        The function itself has a value at the breaks too, and everything where a gap is filled.
        """
        if order > 0 and not self.is_defined:
            return None
        pieces = self.pieces(order)
        for index, (low, high) in enumerate(pieces.intervals):
            if order == 0 and numbers.order(point, high) == 0:
                return pieces.value_at_break(index)
            if numbers.order(point, high) == 0 and self.is_filled(index):
                return limit_at(pieces.parts[index], self.variable, point)
            if numbers.order(point, low) == 1 and numbers.order(high, point) == 1:
                return limit_at(pieces.parts[index], self.variable, point)
        return None

    def slope_at(self, point: Expr) -> Expr | None:
        """Return the slope at an exact point, None where there is none or it is not known."""
        if point not in self.breaks:
            return self.at(point, 1)
        index = self.breaks.index(point)
        turn, slopes = self.turn(0, index), self.turn(1, index)
        if turn is None or slopes is None or turn.jump != 0:
            return None
        return slopes.left if numbers.order(slopes.left, slopes.right) == 0 else None

    def range(self) -> Set | None:
        """Return the set of all values; an end that is not attained is open."""
        continuous = self.is_continuous()
        if not continuous:
            return None if continuous is None else self._image()
        extremes = self.extremes()
        if extremes is None or any(extreme.places is None for extreme in extremes):
            return None
        low, high = (in_digits(extreme.value) for extreme in extremes)
        if low is None or high is None:
            return None
        return Interval(low, high, not extremes[0].places, not extremes[1].places)

    def _image(self) -> Set | None:
        """Return the union of what monotone parts and single points give."""
        stretches, turns = self.stretches(), self.turns(0)
        if stretches is None or turns is None or len(stretches) != len(turns) + 1:
            return None
        image: list[Set] = [FiniteSet(turn.own) for turn in turns]
        for s in stretches:
            first, last = in_digits(s.first), in_digits(s.last)
            if first is None or last is None:
                return None
            low, high = (first, last) if s.sign > 0 else (last, first)
            image.append(FiniteSet(first) if s.sign == 0 else Interval.open(low, high))
        return Union(*image)

    def zeros(self, minus: Expr = S.Zero) -> tuple[Place, ...] | None:
        """Return where the function equals *minus*, an expression in x: points and intervals."""
        if not self.is_ordered or not self.is_defined:
            return None
        pieces, x = self.pieces(), self.variable
        found: list[Place] = []
        for index, (low, high) in enumerate(pieces.intervals):
            part = chart(pieces.parts[index] - minus, x, low, high)
            if part is None:
                return factored_zeros(pieces) if minus == 0 else None
            found += [Interval.open(low, high)] if part.signs == (0,) else part.roots
            if index < len(self.breaks):
                gap = numbers.sign(pieces.value_at_break(index) - minus.subs(x, high))
                if gap is None:
                    return None
                found += [high] if gap == 0 else []
        return joined(found)

    # -- sizes -------------------------------------------------------------------------------------

    def lipschitz(self) -> Number | None:
        """Return the supremum of the size of the slope; a jump makes it infinite."""
        continuous = self.is_continuous()
        return oo if continuous is False else self._largest_size(1) if continuous else None

    def curvature_bound(self) -> Number | None:
        """Return the supremum of the size of the second derivative; a kink makes it infinite."""
        kinks = self.kinks()
        return None if kinks is None else oo if kinks else self._largest_size(2)

    def _largest_size(self, order: int) -> Number | None:
        extremes = self.extremes(order)
        if extremes is None:
            return None
        above, below = extremes[1].value, -extremes[0].value
        comparison = numbers.order(above, below)
        if comparison is not None:
            return above if comparison >= 0 else below
        one, other = numbers.ball(above), numbers.ball(below)
        return None if one is None or other is None else one.union(other)

    # -- flat ends ---------------------------------------------------------------------------------

    def is_flat_beyond(self, side: int) -> bool | None:
        """Tell whether the slope is exactly zero on a whole half-line."""
        charts = self.charts(1)
        if charts is not None:
            return charts[0 if side < 0 else -1].signs == (0,)
        # What is analytic on the whole line and flat on a half-line would be flat everywhere.
        return False if self.is_analytic() and {1, -1} & self._signs(1) else None

    def saturation(self, side: int) -> Number | None:
        """Return the point beyond which the size of the slope stays below SATURATED."""
        jumps = self.jumps()
        if self.limit(1, side) != 0 or jumps is None or not self.is_ordered:
            return None
        last = len(self.breaks)
        for index in range(last + 1) if side < 0 else range(last, -1, -1):
            entry, left_band = self._leaves_band(index, side)
            if left_band is not None:
                return left_band
            if entry is None:
                return None
            at = index if side < 0 else index - 1
            if 0 <= at < last and jumps[at]:
                return self.breaks[at]
        return oo if side < 0 else -oo

    def _leaves_band(self, index: int, side: int) -> tuple[Expr | None, Number | None]:
        """Follow the slope inwards over one part, from where it is entered.

        Return the point of entry (None if the slope is not known well enough) and the point at
        which the slope leaves the band around zero (None if it stays inside).
        """
        slopes = self.pieces(1)
        low, high = slopes.intervals[index]
        entry, first = (low, 0) if side < 0 else (high, -1)
        above, below = (
            chart(slopes.parts[index] + shift, self.variable, low, high)
            for shift in (-SATURATED, SATURATED)
        )
        if above is None or below is None:
            return None, None
        if above.signs[first] >= 0 or below.signs[first] <= 0:
            return entry, entry
        exits = [found.roots[first] for found in (above, below) if found.roots]
        if len(exits) < 2:
            return entry, exits[0] if exits else None
        comparison = numbers.order(exits[0], exits[1])
        if comparison is None:
            return None, None
        return entry, exits[0 if comparison == side else 1]
