r"""Functions that never come to rest: a line plus one harmonic.

That is $a x + b + r \sin(\omega x + \phi)$.
No expansion has a limit for them, but everything about them can be said in closed form.
"""

from sympy import Expr, S, oo, pi
from sympy.sets.sets import Interval, Set

from symacts.calculus import numbers
from symacts.calculus.curve import Extreme, Line, Wave
from symacts.calculus.harmonics import Harmonic, harmonic_of, size, wave_zeros
from symacts.calculus.numbers import Number
from symacts.calculus.shape import Shape
from symacts.pieces import Pieces

__all__ = ["WaveShape", "harmonic"]


def harmonic(pieces: Pieces) -> Harmonic | None:
    """Return *pieces* as a line plus one harmonic, or None if they are something else."""
    return None if pieces.breaks else harmonic_of(pieces.parts[0], pieces.variable)


class WaveShape(Shape):
    """The shape of a line plus one harmonic."""

    def __init__(self, pieces: Pieces, form: Harmonic) -> None:
        super().__init__(pieces)
        self.form = form

    def _of_order(self, order: int) -> Harmonic:
        form = self.form
        for _ in range(order):
            form = form.derivative()
        return form

    def limit(self, order: int, side: int) -> Expr | None:
        """Return plus or minus infinity where the line wins over the wave."""
        slope = numbers.sign(self._of_order(order).a)
        return slope * side * oo if slope else None

    def oscillates(self, order: int) -> bool:
        """Tell that the wave has no limit where there is no line to carry it."""
        return self._of_order(order).a == 0

    def asymptote(self, side: int) -> Line | None:  # noqa: ARG002  the same on both sides
        """Return None: the wave comes back for ever, so no line is approached."""
        return None

    def outgrows_lines(self, side: int) -> bool:  # noqa: ARG002  the same on both sides
        """Tell that no line is approached."""
        return True

    def extremes(self, order: int = 0) -> tuple[Extreme, Extreme] | None:
        """Return middle minus and plus amplitude, taken once in every period."""
        form = self._of_order(order)
        if form.a != 0:
            return (Extreme(-oo, ()), Extreme(oo, ())) if numbers.sign(form.a) else None
        height = form.amplitude
        return (
            Extreme(form.b - height, self._crests(form, -1)),
            Extreme(form.b + height, self._crests(form, 1)),
        )

    @property
    def period(self) -> Expr | None:
        """The distance after which the wave repeats, where no line carries it away."""
        return self.wave.period if self.form.a == 0 else None

    @property
    def wave(self) -> Wave:
        """The slope of the line, and the distance after which the wave on it repeats."""
        return Wave(self.form.a, 2 * pi / self.form.omega)

    def _crests(self, form: Harmonic, side: int) -> tuple[Number | Set, ...] | None:
        """Return where a plain sine or cosine is highest or lowest, once out of every period."""
        if S.Zero not in (form.p, form.q):
            return None
        rising = numbers.sign(form.p + form.q)
        if not rising:
            return None
        if form.p == 0:
            return (side * rising * pi / 2 / form.omega,)
        return ((S.Zero if side == rising else pi) / form.omega,)

    def monotonicity(self) -> str | None:
        """Return whether the line is steep enough for the wave never to turn it."""
        slope = self._of_order(1)
        steepness = numbers.order(size(slope.b), slope.amplitude)
        if steepness is None:
            return None
        if steepness < 0:
            return "neither"
        # Where both are equal the slope touches zero at isolated points, once in every period.
        return "increasing" if numbers.sign(slope.b) == 1 else "decreasing"

    def convexity(self) -> str | None:
        """Return "neither": the second derivative swings to both sides of zero."""
        return "neither"

    def is_flat_beyond(self, side: int) -> bool:  # noqa: ARG002  the same on both sides
        """Tell that a wave is nowhere flat."""
        return False

    def is_piecewise_linear(self) -> bool:
        """Tell that a wave is no straight line."""
        return False

    def zeros(self, minus: Expr = S.Zero) -> tuple[Number | Set, ...] | None:
        """Return single points where a line carries the wave away, else families of them."""
        form = harmonic_of(self.pieces().parts[0] - minus, self.variable)
        if form is not None and form.a == 0:
            return wave_zeros(form)
        is_monotone = self.monotonicity() in ("increasing", "decreasing")
        if minus == 0 and is_monotone and self.pieces().parts[0].subs(self.variable, 0) == 0:
            return (S.Zero,)
        return super().zeros(minus)

    def range(self) -> Set | None:
        """Return the whole line, or the band that the wave fills."""
        extremes = self.extremes()
        return extremes and Interval(extremes[0].value, extremes[1].value)

    def monotone_on(self) -> tuple[tuple[Interval, str], ...] | None:
        """Return the whole line for a monotone wave; else there are infinitely many intervals."""
        word = self.monotonicity()
        return ((Interval(-oo, oo), word),) if word in ("increasing", "decreasing") else None

    def convex_on(self) -> None:
        """Return None, as there are infinitely many intervals."""

    def inflections(self) -> tuple[Number | Set, ...] | None:
        """Return the zeros of the second derivative, a wave that crosses zero each time."""
        return wave_zeros(self._of_order(2))
