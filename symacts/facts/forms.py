"""Symmetries and closed forms."""

from sympy import Dummy, Eq, Expr, Order, Rational, S, Symbol, Tuple, exp, factorial

from symacts.calculus import numbers
from symacts.calculus.antiderivative import antiderivative
from symacts.calculus.identities import same
from symacts.calculus.inverse import inverse
from symacts.calculus.symmetry import center, doubles, parity
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
        height = center(self.shape.pieces())
        shown = None if height is None else self.value(height)
        if height is None:
            return self._no_symmetry_by_ends()
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

    def _homogeneous(self) -> Finding | None:
        answer = doubles(self.shape.pieces())
        if answer is None:
            return None
        if answer:
            return self.found(True, "It consists of two rays from the origin.")
        return self.found(False, "$f(2x)$ differs from $2 f(x)$ at some point.")

    def _series_at_zero(self) -> Finding | None:
        if S.Zero in self.shape.breaks:
            return None
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
        if self.shape.breaks or self.scale is not None:
            return None
        value, slope = self.shape.pieces(0).parts[0], self.shape.pieces(1).parts[0]
        for form in _SELF_FORMS:
            if value.has(self.x) and same(slope, form.subs({_F: value, _X: self.x})):
                shown = form.subs(_X, self.x)
                return self.found(shown, f"$f'(x) = {tex(shown)}$, by rewriting both sides.")
        return None

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
