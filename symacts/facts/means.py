"""What comes out when a standard normal goes in: means, and the gain that keeps the variance."""

from collections.abc import Callable
from functools import cached_property

from sympy import Expr, Float, cancel, sqrt

from symacts.calculus import numbers
from symacts.calculus.moments import (
    has_mean,
    mean_of,
    mean_square,
    mean_square_exactly,
    mean_value,
    mean_value_exactly,
    stretching,
)
from symacts.calculus.symmetry import center
from symacts.enclose import Ball, digits, precision
from symacts.facts.finding import Finding
from symacts.facts.setting import Setting, shown_number
from symacts.facts.wording import equals

__all__ = ["Means"]

_BY_PARTS = "Integrated by parts, piece by piece."
_IN_BALLS = (
    "Integrated in balls: a Taylor polynomial with a bound for its error on each short interval, "
    "and a bound for what lies beyond $|x| = 10$."
)


_TOO_LONG = 60
"""A closed form in parameters with more operations than this helps nobody."""


class Means(Setting):
    """Facts about a standard normal input Z."""

    @cached_property
    def _square(self) -> Ball | None:
        return mean_square(self.shape)

    def _mean(self) -> Finding | None:
        if self.scale is not None or not self.shape.is_defined:
            return None
        height = center(self.shape.pieces())
        if height is not None and has_mean(self.shape):
            return self.found(height, f"$f(x) + f(-x) {equals(2 * height)}$, and $Z$ is symmetric.")
        exact = mean_value_exactly(self.shape.pieces())
        return self._expressed(exact, lambda: mean_value(self.shape))

    def _second_moment(self) -> Finding | None:
        if self.scale is not None or not self.shape.is_defined:
            return None
        return self._expressed(mean_square_exactly(self.shape.pieces()), lambda: self._square)

    def _slope_second_moment(self) -> Finding | None:
        # The slope of a jump has no square.
        if self.scale is not None or not self.shape.is_continuous():
            return None
        exact = mean_square_exactly(self.shape.pieces(1))
        return self._expressed(exact, lambda: mean_square(self.shape, 1))

    def _positive_square(self) -> Finding | None:
        """The mean square, where it is proved that something can be divided by it."""
        found = self._second_moment()
        if found is None or not (numbers.sign(found.value) == 1 or self._is_nonzero_far_out()):
            return None
        return found

    def _gain(self) -> Finding | None:
        found = self._positive_square()
        if found is None:
            return None
        evidence = rf"$1/\sqrt{{E f(Z)^2}}$. {found.evidence}"
        if not found.value.has(Float):
            return self.found(1 / sqrt(found.value), evidence)
        with precision():
            shown = None if self._square is None else digits(1 / self._square.sqrt())
        return None if shown is None else self.found(shown, evidence)

    def _variance_slope(self) -> Finding | None:
        """By what factor a layer with the gain makes a small error of the variance larger."""
        found = self._positive_square() if self.shape.is_continuous() else None
        if found is None:
            return None
        pieces = stretching(self.shape)
        exact = mean_value_exactly(pieces)
        said = (
            r"$E\, Z f(Z) f'(Z) / E f(Z)^2$, the slope at the fixed point $1$ of what a layer with "
            r"the gain $g$ does to the variance, $q \mapsto g^2\, E f(\sqrt{q}\, Z)^2$."
        )
        if exact is not None and not found.value.has(Float):
            return self._in_closed_form(cancel(exact / found.value), f"{said} {_BY_PARTS}")
        total, square = mean_of(pieces), self._square
        if total is None or square is None:
            return None
        with precision():
            shown = digits(total / square)
        return None if shown is None else self.found(shown, f"{said} {_IN_BALLS}")

    def _in_closed_form(self, exact: Expr, evidence: str) -> Finding | None:
        """Return a finding; a constant that would fill a line is shown by its digits."""
        shown = shown_number(exact)
        if shown is None or (not exact.is_number and exact.count_ops() > _TOO_LONG):
            return None
        return self.found(shown, evidence)

    def _is_nonzero_far_out(self) -> bool:
        """Tell whether f is not zero on some half-line, whatever the parameters are."""
        limits = [self.shape.limit(0, side) for side in (-1, 1)]
        return any(
            limit is not None and (limit.is_infinite or numbers.sign(limit) in (1, -1))
            for limit in limits
        )

    def _expressed(self, exact: Expr | None, enclosed: Callable[[], Ball | None]) -> Finding | None:
        if exact is not None:
            return self._in_closed_form(exact, _BY_PARTS)
        ball = enclosed()
        shown = None if ball is None else digits(ball)
        return None if shown is None else self.found(shown, _IN_BALLS)
