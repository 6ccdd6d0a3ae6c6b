"""How a function runs, bends and breaks."""

from sympy import S, oo
from sympy.sets.sets import Set

from symacts.calculus import numbers
from symacts.calculus.corners import Kink
from symacts.calculus.numbers import Number
from symacts.facts.finding import Finding
from symacts.facts.setting import Setting
from symacts.facts.wording import about, by_signs, equals, near, within
from symacts.typeset import primes

__all__ = ["Bends"]


class Bends(Setting):
    """Facts about slopes, curvature, corners and smoothness."""

    def _monotonicity(self) -> Finding | None:
        word = self.shape.monotonicity()
        if word is None:
            return None
        return self.found(word, self._why_monotone(word))

    def _why_monotone(self, word: str) -> str:
        charts = self.shape.charts(1) or ()
        proof = by_signs(charts)
        jumps = ", and it jumps the same way" if any(self.shape.jumps() or ()) else ""
        touches = ", except at single points" if any(c.roots for c in charts) else ""
        parts = " between the breaks" if self.shape.breaks else ""
        match word:
            case "increasing" | "decreasing":
                relation = ">" if word == "increasing" else "<"
                if not charts:
                    return f"$f'(x) {relation} 0$ for all $x$, except at single points."
                return f"$f'(x) {relation} 0$ for all $x${parts}{touches}{jumps}{proof}."
            case "nondecreasing" | "nonincreasing":
                relation = r"\ge" if word == "nondecreasing" else r"\le"
                return f"$f'(x) {relation} 0$ wherever there is a slope{jumps}{proof}."
            case "constant":
                return "$f'(x) = 0$ for all $x$."
            case _:
                return f"{self._both_ways()}{proof}."

    def _both_ways(self) -> str:
        stretches = self.shape.stretches()
        if not stretches:
            return "$f'$ takes positive and negative values"
        rising = next((s for s in stretches if s.sign > 0), None)
        falling = next((s for s in stretches if s.sign < 0), None)
        if rising is None or falling is None:
            return "$f$ jumps against its own direction"
        return (
            f"$f$ falls on $({near(falling.low, 1)}, {near(falling.high, -1)})$ "
            f"and rises on $({near(rising.low, 1)}, {near(rising.high, -1)})$"
        )

    def _monotone_on(self) -> Finding | None:
        return self._intervals(self.shape.monotone_on(), "f'", 1)

    def _convex_on(self) -> Finding | None:
        return self._intervals(self.shape.convex_on(), "f''", 2)

    def _intervals(self, found: object, of: str, order: int) -> Finding | None:
        if not isinstance(found, tuple):
            return None
        placed = tuple((self.place(interval), word) for interval, word in found)
        proof = by_signs(self.shape.charts(order) or ())
        corners = ", corners counted" if order == 2 and any(self.shape.bends() or ()) else ""
        return self.found(placed, f"On these intervals ${of}$ keeps its sign{corners}{proof}.")

    def _convexity(self) -> Finding | None:
        word = self.shape.convexity()
        if word is None:
            return None
        charts = self.shape.charts(2) or ()
        proof = by_signs(charts)
        if word == "neither":
            return self.found(word, f"{self._bent_both_ways()}{proof}.")
        relation = {"convex": r"\ge 0", "concave": r"\le 0", "affine": "= 0"}[word]
        corners = " and no corner bends the other way" if self.shape.breaks else ""
        return self.found(word, f"$f''(x) {relation}$ wherever it exists{corners}{proof}.")

    def _bent_both_ways(self) -> str:
        if any(self.shape.jumps() or ()):
            return "A function with a jump inside is neither convex nor concave"
        if any(self.shape.bends() or ()):
            return "$f''$, or the change of slope at corners, takes both signs"
        return "$f''$ takes both signs"

    def _inflections(self) -> Finding | None:
        found = self.shape.inflections()
        places = None if found is None else self.places(found)
        if found is None or places is None:
            return None
        proof = by_signs(self.shape.charts(2) or ())
        if not found:
            return self.found((), f"$f''$ changes its sign at no point that has a slope{proof}.")
        where = rf"\in {near(found[0])}" if isinstance(found[0], Set) else equals(*found)
        return self.found(places, f"$f''$ changes its sign at $x {where}$ only{proof}.")

    # -- corners -----------------------------------------------------------------------------------

    def _kinks(self) -> Finding | None:
        found = self.shape.kinks()
        carried = None if found is None else [self._carried(kink) for kink in found]
        if found is None or carried is None or None in carried:
            return None
        if not found:
            return self.found((), "The slopes from both sides agree at every point.")
        said = [
            f"jumps by ${about(k.jump)}$ at $x {equals(k.where)}$"
            if k.jump != 0
            else f"has the slopes ${about(k.left)}$ and ${about(k.right)}$ at $x {equals(k.where)}$"
            for k in found
        ]
        return self.found(tuple(carried), f"$f$ {', '.join(said)}.")

    def _carried(self, kink: Kink) -> Kink | None:
        where = self.point(kink.where)
        slopes = [self.value(slope, 1) for slope in (kink.left, kink.right, kink.taken)]
        jump = self.value(kink.jump)
        if where is None or jump is None or any(slope is None for slope in slopes):
            return None
        left, right, taken = (slope for slope in slopes if slope is not None)
        return Kink(where, left, right, taken, jump)

    def _smoothness(self) -> Finding | None:
        k = self.shape.smoothness()
        if k is None:
            return None
        if k == oo:
            return self.found(k, "The formula is analytic on the whole line.")
        order = int(k) + 1
        name = f"f{primes(order)}"
        turns = self.shape.turns(order) or []
        step = next(
            (at, t)
            for at, t in zip(self.shape.breaks, turns, strict=True)
            if numbers.order(t.left, t.right) or (order == 0 and t.jump)
        )
        at, turn = step
        return self.found(
            k,
            rf"$\lim {name}(x)$ at $x {equals(at)}$ is ${about(turn.left)}$ from the left "
            f"and ${about(turn.right)}$ from the right.",
        )

    def _analytic(self) -> Finding | None:
        answer = self.shape.is_analytic()
        if answer is None:
            return None
        if answer:
            return self.found(True, f"It is composed of analytic functions, {self._in_domain()}.")
        if self.shape.is_continuous() is False:
            return self._continuous()
        return self.found(False, "A derivative jumps where two of its parts meet.")

    def _in_domain(self) -> str:
        """Return why the functions of an analytic formula are used inside their domains only."""
        if self.shape.breaks:
            return f"and its value at $x {equals(*self.shape.breaks)}$ fills a removable gap"
        return "and no denominator vanishes, and no logarithm or root leaves its domain"

    def _continuous(self) -> Finding | None:
        answer = self.shape.is_continuous()
        if answer is None:
            return None
        if answer:
            return self.found(True, "Its parts are continuous and meet at every break.")
        at = next(b for b, j in zip(self.shape.breaks, self.shape.jumps() or (), strict=True) if j)
        return self.found(False, f"$f$ jumps at $x {equals(at)}$.")

    def _differentiable(self) -> Finding | None:
        kinks = self.shape.kinks()
        if kinks is None or not self.shape.is_defined:
            return None
        if not kinks:
            return self.found(True, "The slopes from both sides agree at every point.")
        k = kinks[0]
        if k.jump != 0:
            return self.found(False, f"$f$ jumps at $x {equals(k.where)}$.")
        return self.found(
            False,
            f"At $x {equals(k.where)}$ the slope is ${about(k.left)}$ from the left "
            f"and ${about(k.right)}$ from the right.",
        )

    # -- sizes -------------------------------------------------------------------------------------

    def _lipschitz(self) -> Finding | None:
        bound = self.shape.lipschitz()
        if bound == oo and self.shape.is_continuous() is False:
            return self._size(
                bound, 1, "$f$ jumps, so no constant bounds $|f(x) - f(y)| / |x - y|$."
            )
        return self._size(bound, 1, "")

    def _curvature_bound(self) -> Finding | None:
        bound = self.shape.curvature_bound()
        kinks = self.shape.kinks() or ()
        if bound == oo and any(kink.jump == 0 for kink in kinks):
            return self._size(bound, 2, "At a corner $f'$ jumps.")
        if bound == oo and kinks:
            # What is bounded by sup |f''| for a smooth function is unbounded beside a jump.
            second = "|f(x + h) - 2 f(x) + f(x - h)| / h^2"
            return self._size(bound, 2, f"$f$ jumps, so no constant bounds ${second}$.")
        return self._size(bound, 2, "")

    def _size(self, bound: Number | None, order: int, why: str) -> Finding | None:
        value = None if bound is None else self.value(bound, order)
        if bound is None or value is None:
            return None
        name = f"f{primes(order)}"
        proof = by_signs(self.shape.charts(order + 1) or ())
        if bound == oo:
            return self.found(value, why or f"$|{name}|$ grows beyond all bounds.")
        return self.found(
            value,
            f"Of the limits of $|{name}|$ and its values at the zeros of ${name}'$, "
            f"${within(bound)}$ is the largest{proof}.",
        )

    def _piecewise_linear(self) -> Finding | None:
        answer = self.shape.is_piecewise_linear()
        if answer is None:
            return None
        if answer:
            return self.found(True, "Every part of it is a straight line.")
        return self.found(False, "$f''(x) \\ne 0$ on a whole interval.")

    def _slope_at_zero(self) -> Finding | None:
        slope = self.shape.slope_at(S.Zero)
        shown = None if slope is None else self.value(slope, 1)
        if slope is None or shown is None:
            return None
        return self.found(shown, f"$f'(0) {equals(slope)}$, from both sides.")
