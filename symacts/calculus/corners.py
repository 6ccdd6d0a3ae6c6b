"""Jumps, kinks and smoothness: what happens where the parts of a function meet."""

from collections.abc import Sequence
from dataclasses import dataclass

from sympy import Expr, Integer, oo

from symacts.calculus import numbers
from symacts.calculus.curve import Curve
from symacts.calculus.regular import limit_at

__all__ = ["Corners", "Kink"]

_HIGHEST_ORDER = 6
"""Derivatives beyond this are not compared when the class C^k is looked for."""


@dataclass(frozen=True)
class Kink:
    """A point without a derivative: one-sided slopes, the slope that code takes, the jump."""

    where: Expr
    left: Expr
    right: Expr
    taken: Expr
    jump: Expr


class Corners(Curve):
    """A curve with answers about its breaks."""

    def jumps(self) -> list[int] | None:
        """Return for each break 1, -1 or 0 (jumps up, down or not; 2: up and down)."""
        turns = self.turns(0)
        return None if turns is None else _all_known([turn.jump for turn in turns])

    def bends(self) -> list[int] | None:
        """Return for each break the sign by which the slope changes there."""
        turns = self.turns(1)
        if turns is None:
            return None
        return _all_known([numbers.order(turn.right, turn.left) for turn in turns])

    def is_continuous(self) -> bool | None:
        """Tell whether there is no jump."""
        turns = [self.turn(0, index) for index in range(len(self.breaks))]
        if self.is_defined and all(turn is not None and turn.jump == 0 for turn in turns):
            # Parts that meet where they are apart still meet where their breaks coincide.
            return True
        jumps = self.jumps()
        return None if jumps is None else not any(jumps)

    def kinks(self) -> tuple[Kink, ...] | None:
        """Return the points without a derivative, jumps included."""
        jumps, bends = self.jumps(), self.bends()
        turns, slopes = self.turns(0) or (), self.turns(1) or ()
        if jumps is None or bends is None:
            return None
        meetings = zip(self.breaks, turns, slopes, jumps, bends, strict=True)
        return tuple(
            Kink(where, slope.left, slope.right, slope.own, turn.right - turn.left)
            for where, turn, slope, jump, bend in meetings
            if jump or bend
        )

    def smoothness(self) -> Expr | None:
        """Return -1 for a jump, k if the k-th derivative is the last continuous one, or oo."""
        if not self.is_defined or not self.is_ordered:
            return None
        if self.is_analytic():
            return oo
        broken = self._first_broken_derivative()
        return None if broken is None else Integer(broken - 1)

    def _first_broken_derivative(self) -> int | None:
        """Return the order of the first derivative that jumps, if those before it do not."""
        for order in range(_HIGHEST_ORDER):
            steps = self._steps(order)
            if steps is not None and any(steps):
                return order
            if steps is None or None in steps:
                return None
        return None

    def _steps(self, order: int) -> list[int | None] | None:
        """Return for each break whether a derivative jumps there (0: it does not)."""
        turns = self.turns(order)
        if turns is None:
            return None
        return [t.jump if order == 0 else numbers.order(t.right, t.left) for t in turns]

    def is_analytic(self) -> bool | None:
        """Tell whether the function has a power series around every point."""
        if not self.is_defined:
            return None
        if all(self.is_filled(index) for index in range(len(self.breaks))):
            return True
        # Where a derivative jumps there is no power series, whatever the others do.
        jumps_somewhere = self.is_ordered and any(
            any(self._steps(order) or ()) for order in range(_HIGHEST_ORDER)
        )
        return False if jumps_somewhere else None

    def is_filled(self, index: int) -> bool:
        """Tell whether a break only fills the gap of one formula around it (sinc at 0)."""
        pieces = self.pieces()
        if pieces.parts[index] != pieces.parts[index + 1]:
            return False
        limit = limit_at(pieces.parts[index], self.variable, self.breaks[index])
        return limit is not None and numbers.order(limit, pieces.value_at_break(index)) == 0


def _all_known(answers: Sequence[int | None]) -> list[int] | None:
    known = [answer for answer in answers if answer is not None]
    return known if len(known) == len(answers) else None
