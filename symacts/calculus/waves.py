r"""Functions that never come to rest: a line plus one harmonic.

That is $a x + b + r \sin(\omega x + \phi)$.
No expansion has a limit for them, but everything about them can be said in closed form.
"""

from dataclasses import dataclass

from sympy import Abs, Expr, Poly, S, cos, oo, pi, sin, sqrt
from sympy.sets.sets import Interval, Set
from sympy.simplify.fu import TR8

from symacts.calculus import numbers
from symacts.calculus.curve import Extreme, Line, Wave
from symacts.calculus.numbers import Number
from symacts.calculus.shape import Shape
from symacts.pieces import Pieces

__all__ = ["Harmonic", "WaveShape", "harmonic"]


@dataclass(frozen=True)
class Harmonic:
    """The numbers of a x + b + p cos(omega x) + q sin(omega x), with omega > 0."""

    a: Expr
    b: Expr
    p: Expr
    q: Expr
    omega: Expr

    @property
    def amplitude(self) -> Expr:
        """The height of the wave above its middle."""
        if S.Zero in (self.p, self.q):
            return _size(self.p + self.q)
        return sqrt(self.p**2 + self.q**2)

    def derivative(self) -> "Harmonic":
        """Return the derivative, again a harmonic."""
        w = self.omega
        return Harmonic(S.Zero, self.a, w * self.q, -w * self.p, w)


def harmonic(pieces: Pieces) -> Harmonic | None:
    """Return *pieces* as a line plus one harmonic, or None if they are something else."""
    x = pieces.variable
    if pieces.breaks or not pieces.parts[0].has(sin, cos):
        return None
    # TR8 turns products and powers of sines and cosines into sums.
    total = TR8(pieces.parts[0]).expand()
    waves = {
        f.args[0]: (total.coeff(cos(f.args[0])), total.coeff(sin(f.args[0])))
        for f in total.atoms(sin, cos)
        if f.has(x)
    }
    if len(waves) != 1:
        return None
    ((inner, (p, q)),) = waves.items()
    omega, line = inner.coeff(x), total - p * cos(inner) - q * sin(inner)
    if inner != omega * x or p.has(x) or q.has(x) or not line.is_polynomial(x):
        return None
    if numbers.sign(omega) != 1 or Poly(line, x).degree() > 1 or not numbers.sign(p**2 + q**2):
        return None
    return Harmonic(line.coeff(x, 1), line.coeff(x, 0), p, q, omega)


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
        steepness = numbers.order(_size(slope.b), slope.amplitude)
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
        """Return the one zero of a monotone wave that passes through the origin."""
        x = self.variable
        if minus == 0 and self.monotonicity() in ("increasing", "decreasing"):
            return (S.Zero,) if self.pieces().parts[0].subs(x, 0) == 0 else None
        return None

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

    def inflections(self) -> None:
        """Return None, as there are infinitely many points."""


def _size(number: Expr) -> Expr:
    return -number if numbers.sign(number) == -1 else Abs(number)
