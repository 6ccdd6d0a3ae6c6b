r"""A line plus one harmonic, $a x + b + p \cos(\omega x) + q \sin(\omega x)$, and its zeros."""

from dataclasses import dataclass

from sympy import (
    Abs,
    Expr,
    FiniteSet,
    ImageSet,
    Lambda,
    Mul,
    Poly,
    S,
    Symbol,
    acos,
    asin,
    atan,
    cos,
    pi,
    sin,
    sqrt,
    together,
)
from sympy.sets.sets import Set
from sympy.simplify.fu import TR8

from symacts.calculus import numbers
from symacts.calculus.signs import chart
from symacts.pieces import Pieces

__all__ = ["Harmonic", "factored_zeros", "harmonic_of", "size", "wave_zeros"]

_k = Symbol("k", integer=True)

_MOST_OPERATIONS = 100
"""A wave that is written in more operations than this is not recognised."""


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
            return size(self.p + self.q)
        return sqrt(self.p**2 + self.q**2)

    def derivative(self) -> "Harmonic":
        """Return the derivative, again a harmonic."""
        w = self.omega
        return Harmonic(S.Zero, self.a, w * self.q, -w * self.p, w)


def harmonic_of(expr: Expr, x: Symbol) -> Harmonic | None:
    """Return *expr* as a line plus one harmonic, or None if it is something else."""
    if not expr.has(sin, cos) or expr.count_ops() > _MOST_OPERATIONS:
        return None
    # TR8 turns products and powers of sines and cosines into sums.
    total = TR8(expr).expand()
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


def size(number: Expr) -> Expr:
    """Return the absolute value, without bars where the sign is known."""
    return -number if numbers.sign(number) == -1 else Abs(number)


def wave_zeros(form: Harmonic) -> tuple[Set, ...] | None:
    """Return the zeros of b + p cos(omega x) + q sin(omega x): points for every whole number k."""
    if form.a != 0:
        return None
    if form.b == 0:
        start = S.Zero if form.p == 0 else pi / 2 if form.q == 0 else -atan(form.p / form.q)
        return (_family(start, pi, form.omega),)
    reaches = numbers.order(size(form.b), form.amplitude)
    if reaches == 1:
        return ()
    if reaches is None or S.Zero not in (form.p, form.q):
        return None
    level = -form.b / (form.p + form.q)
    first = acos(level) if form.q == 0 else asin(level)
    if reaches == 0:
        return (_family(first, 2 * pi, form.omega),)
    second = -first if form.q == 0 else pi - first
    return tuple(_family(start, 2 * pi, form.omega) for start in (first, second))


def _family(start: Expr, step: Expr, omega: Expr, but: Set = S.EmptySet) -> ImageSet:
    """Return the points x with omega x = start + step k."""
    return ImageSet(Lambda(_k, start / omega + step / omega * _k), S.Integers - but)


def factored_zeros(pieces: Pieces) -> tuple[Set, ...] | None:
    """Return the zeros of a wave times what has none, such as sin(x)/x with its gap at 0 filled."""
    x, expr = pieces.variable, pieces.parts[0]
    if any(not pieces.fills_gap(k) for k in range(len(pieces.breaks))):
        return None
    waves = []
    for factor in Mul.make_args(together(expr)):
        form = harmonic_of(factor, x)
        if form is not None:
            waves.append(form)
        elif any((c := chart(factor, x, *ends)) is None or c.roots for ends in pieces.intervals):
            return None
    if len(waves) != 1 or waves[0].a != 0 or waves[0].b != 0 or len(pieces.breaks) > 1:
        return None
    (family,) = wave_zeros(waves[0]) or (None,)
    if family is None or not pieces.breaks:
        return None if family is None else (family,)
    if pieces.breaks[0] != 0 or waves[0].p != 0 or pieces.value_at_break(0) == 0:
        return None
    return (_family(S.Zero, pi, waves[0].omega, FiniteSet(S.Zero)),)
