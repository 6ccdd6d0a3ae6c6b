"""Symmetries and closed forms."""

from dataclasses import replace

from sympy import (
    Dummy,
    Eq,
    Expr,
    Float,
    ImageSet,
    Order,
    Rational,
    S,
    Symbol,
    Tuple,
    exp,
    expand,
    factorial,
)

from symacts.calculus import numbers
from symacts.calculus.antiderivative import antiderivative
from symacts.calculus.harmonics import wave_zeros
from symacts.calculus.identities import same
from symacts.calculus.inverse import inverse, slope_of_value
from symacts.calculus.symmetry import center, doubles, is_lopsided, moved, parity
from symacts.calculus.waves import WaveShape
from symacts.facts.finding import Finding
from symacts.facts.setting import Setting
from symacts.facts.wording import equals, near, tends, tex

__all__ = ["Forms"]

_SERIES_ORDER = 3

_TOO_LONG = 30
"""A closed form with more operations than this helps nobody."""


class Forms(Setting):
    """Facts about the formula itself."""

    def _parity(self) -> Finding | None:
        found = parity(self.shape.pieces())
        if found is None:
            return self._neither_by_limits()
        word, point = found
        if point is None:
            sign = "-" if word == "odd" else ""
            return self.found(word, f"$f(-x) = {sign}f(x)$, by rewriting the formula.")
        return self.found(
            word, f"$f(-{near(point)})$ is neither $f({near(point)})$ nor $-f({near(point)})$."
        )

    def _neither_by_limits(self) -> Finding | None:
        left, right = self.shape.limit(0, -1), self.shape.limit(0, 1)
        if left is None or right is None:
            return None
        if not numbers.order(left, right) or not numbers.order(left, -right):
            return None
        return self.found(
            "neither",
            rf"$f(x) {tends(left, 'l')}$ on the left and $f(x) {tends(right, 'r')}$ on the right, "
            "which are neither equal nor opposite.",
        )

    def _symmetry(self) -> Finding | None:
        found = parity(self.shape.pieces())
        if found is not None and found[0] == "even":
            return self.found(Eq(self.x, 0), "$f(-x) = f(x)$, by rewriting the formula.")
        if isinstance(self.shape, WaveShape) and (found is None or found[1] is not None):
            return self._symmetry_of_wave(self.shape)
        height = center(self.shape.pieces())
        shown = None if height is None else self.value(height)
        if height is None:
            return self._no_symmetry_by_ends() or self._symmetry_about_middle()
        if shown is None:
            return None
        return self.found(
            Tuple(S.Zero, shown), f"$f(x) + f(-x) {equals(2 * height)}$, by rewriting the formula."
        )

    def _no_symmetry_by_ends(self) -> Finding | None:
        """The ends of a graph that is its own mirror image are alike, about whatever it is so."""
        left, right = self.shape.limit(0, -1), self.shape.limit(0, 1)
        if left is None or right is None or not numbers.order(left, right):
            return None
        if left.is_infinite != right.is_infinite:
            return self.found(
                "none",
                rf"$f(x) {tends(left, 'l')}$ as $x \to -\infty$, $f(x) {tends(right, 'r')}$ as "
                r"$x \to \infty$; with a symmetry both would be finite, or both infinite.",
            )
        slopes = [self.shape.limit(1, side) for side in (-1, 1)]
        if left.is_finite or any(slope is None or slope.is_infinite for slope in slopes):
            return None
        first, last = (slope for slope in slopes if slope is not None)
        if not numbers.order(first, last):
            return None
        return self.found(
            "none",
            rf"$f'(x) {tends(first, 'l')}$ as $x \to -\infty$, $f'(x) {tends(last, 'r')}$ as "
            r"$x \to \infty$; about a point of symmetry both would be the same.",
        )

    def _symmetry_of_wave(self, shape: WaveShape) -> Finding | None:
        """A wave is odd about each point where it crosses the line that carries it."""
        form = shape.form
        (crossing,) = wave_zeros(replace(form, a=S.Zero, b=S.Zero)) or (None,)
        if self.scale is not None or not isinstance(crossing, ImageSet):
            return None
        at = crossing.lamda(0)
        point = Tuple(at, expand(form.a * at + form.b))
        line = equals(form.a * self.x + form.b)
        return self.found(point, f"A wave is odd about each point where it crosses $y {line}$.")

    def _symmetry_about_middle(self) -> Finding | None:
        """Return a symmetry about the middle of the kinks or inflections, which it has to keep."""
        kinks, bends = self.shape.kinks(), self.shape.inflections()
        marks = [kink.where for kink in kinks or ()] or list(bends or ())
        if self.scale is not None or kinks is None or not marks:
            return None
        if not all(isinstance(mark, Expr) and not mark.has(Float) for mark in marks):
            return None
        middle = expand((marks[0] + marks[-1]) / 2)
        there = moved(self.shape.pieces(), middle)
        what = "kinks" if kinks else "inflections"
        found, height = parity(there), center(there)
        if found is not None and found[0] == "even":
            mirror = rf"$f({tex(middle)} + t) = f({tex(middle)} - t)$, by rewriting the formula."
            return self.found(Eq(self.x, middle), mirror)
        if height is not None and self.value(height) is not None:
            mirror = rf"f({tex(middle)} + t) + f({tex(middle)} - t) {equals(2 * height)}"
            return self.found(Tuple(middle, height), f"${mirror}$, by rewriting the formula.")
        if is_lopsided(there):
            return self.found(
                "none", f"The {what} have their middle at $x {equals(middle)}$; both sides differ."
            )
        return None

    def _homogeneous(self) -> Finding | None:
        answer = doubles(self.shape.pieces())
        if answer is None:
            return None
        if answer:
            return self.found(True, "It consists of two rays from the origin.")
        return self.found(False, "$f(2x)$ differs from $2 f(x)$ at some point.")

    def _series_at_zero(self) -> Finding | None:
        total, x = S.Zero, self.x
        for order in range(_SERIES_ORDER + 1):
            term = self.shape.at(S.Zero, order)
            shown = None if term is None else self.value(term, order)
            if shown is None:
                return None
            total += shown * x**order / factorial(order)
        return self.found(
            total + Order(x ** (_SERIES_ORDER + 1)),
            "Taylor's theorem, with the derivatives at zero.",
        )

    def _self_form(self) -> Finding | None:
        """The slope as a function of the value, for members with an equation of their own."""
        if self.scale is not None:
            return None
        return self._slope_by_form() or self._slope_by_inverse()

    def _slope_by_form(self) -> Finding | None:
        if self.shape.breaks:
            return None
        value, slope = self.shape.pieces(0).parts[0], self.shape.pieces(1).parts[0]
        for form in _SELF_FORMS:
            if value.has(self.x) and same(slope, form.subs({_F: value, _X: self.x})):
                shown = form.subs(_X, self.x)
                return self.found(shown, f"$f'(x) = {tex(shown)}$, by rewriting both sides.")
        return None

    def _slope_by_inverse(self) -> Finding | None:
        if self.shape.monotonicity() not in ("increasing", "decreasing"):
            return None
        found = slope_of_value(self.shape, _F) if self.shape.is_continuous() else None
        if found is None or found.count_ops() > _TOO_LONG or found.has(self.x):
            return None
        return self.found(found, "The inverse function takes the place of $x$ in $f'(x)$.")

    def _antiderivative(self) -> Finding | None:
        if self.scale is not None or not self.shape.is_defined:
            return None
        found = antiderivative(self.shape.pieces())
        if found is None or found.count_ops() > _TOO_LONG * (1 + len(self.shape.breaks)):
            return None
        parts = "Part by part its" if self.shape.breaks else "Its"
        meet = ", and the parts meet" if self.shape.breaks else ""
        return self.found(found, f"{parts} derivative is $f$, by rewriting both sides{meet}.")

    def _inverse(self) -> Finding | None:
        if self.scale is not None or self.shape.monotonicity() not in ("increasing", "decreasing"):
            return None
        found = inverse(self.shape) if self.shape.is_continuous() else None
        if found is None or found.count_ops() > _TOO_LONG:
            return None
        return self.found(found, "$y = f(x)$ is solved for $x$, part by part.")


_F, _X = Symbol("f", real=True), Dummy("x", real=True)

_SELF_FORMS: tuple[Expr, ...] = (
    _F,
    _F * (1 - _F),
    1 - _F**2,
    (1 - _F**2) * Rational(1, 2),
    1 - exp(-_F),
    1 - exp(_F),
    -2 * _X * _F,
)
