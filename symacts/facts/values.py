"""Which values a function takes, where it is zero, what it does to inputs around zero."""

from sympy import Expr, FiniteSet, Pow, S, Union, log, oo
from sympy.sets.sets import Set

from symacts.atoms import log1p
from symacts.calculus import numbers
from symacts.calculus.curve import Extreme
from symacts.calculus.numbers import Number, in_digits
from symacts.calculus.signs import chart
from symacts.calculus.symmetry import parity, symmetrised
from symacts.enclose import Ball
from symacts.facts.finding import Finding
from symacts.facts.setting import Setting
from symacts.facts.wording import about, equals, near, within

__all__ = ["Values"]


class Values(Setting):
    """Facts about values."""

    def _domain(self) -> Finding | None:
        if not self.shape.is_defined or self._has_gap():
            return None
        careful = any(
            node.has(self.x)
            for part in self.shape.pieces().parts
            for node in part.atoms(Pow, log, log1p)
            if not (isinstance(node, Pow) and node.exp.is_nonnegative and node.exp.is_integer)
        )
        if not careful:
            return self.found(S.Reals, "The formula is defined for every real number.")
        used = " on the part where it is used" if self.shape.breaks else ""
        return self.found(
            S.Reals, f"No denominator vanishes and no root or logarithm leaves its domain{used}."
        )

    def _has_gap(self) -> bool:
        pieces = self.shape.pieces()
        return any(not pieces.value_at_break(k).is_finite for k in range(len(pieces.breaks)))

    def _range(self) -> Finding | None:
        found = self.shape.range()
        if found is None:
            return None
        if not self.shape.is_continuous():
            return self.found(
                self.values(found),
                "These are the values of its parts and of the points between them.",
            )
        extremes = self.shape.extremes()
        assert extremes is not None
        low, high = (
            self._end(extreme, word) for extreme, word in zip(extremes, _ENDS, strict=True)
        )
        evidence = f"$f$ is continuous, so it takes every value between {low} and {high}."
        return self.found(self.values(found), evidence)

    def _end(self, extreme: Extreme, words: tuple[str, str]) -> str:
        if extreme.value in (oo, -oo):
            return f"${near(extreme.value)}$"
        if extreme.places:
            return f"its {words[0]} ${within(extreme.value)}$"
        return f"its {words[1]} ${within(extreme.value)}$ (not attained)"

    def _minimum(self) -> Finding | None:
        return self._extreme(0)

    def _maximum(self) -> Finding | None:
        return self._extreme(1)

    def _extreme(self, which: int) -> Finding | None:
        extremes = self.shape.extremes()
        extreme = extremes and extremes[which]
        if not extreme or extreme.places is None or (extreme.tied and not self._mirror(extreme)):
            return None
        value, places = self.value(extreme.value), self.places(extreme.places)
        if value is None or places is None:
            return None
        if extreme.value in (oo, -oo):
            side = "above" if extreme.value == oo else "below"
            return self.found(value, f"$f$ is unbounded {side}.")
        word, shown = ("smallest", "largest")[which], within(extreme.value)
        of_all = f"Of all limits and turning values of $f$, ${shown}$ is the {word}"
        if not places:
            return self.found(value, f"{of_all}, and it is only approached.")
        again = (
            ""
            if self.shape.period is None
            else f" and once in every period ${near(self.shape.period)}$"
        )
        return self.found(
            (_one(places), value), f"{of_all}, taken {_where(extreme.places)}{again}."
        )

    def _mirror(self, extreme: Extreme) -> bool:
        """Tell whether places whose values could not be told apart are mirror images."""
        found = parity(self.shape.pieces())
        places = [place for place in extreme.places or () if not isinstance(place, Set)]
        return (
            found is not None
            and found[0] == "even"
            and len(places) == 2
            and numbers.order(places[0], -places[1]) in (0, None)
        )

    def _zeros(self) -> Finding | None:
        found = self.shape.zeros()
        places = None if found is None else self.places(found)
        if found is None or places is None:
            return None
        if not found:
            return self.found((), "$f$ keeps one sign on the whole line.")
        return self.found(
            places, f"$f(x)$ is zero {_where(found)}, and has a sign everywhere else."
        )

    def _fixed_points(self) -> Finding | None:
        if self.scale is not None and self.scale.m != self.scale.k:
            return None
        found = self.shape.zeros(minus=self.x)
        places = None if found is None else self.places(found)
        if found is None or places is None:
            return None
        if not found:
            return self.found((), "$f(x) - x$ keeps one sign on the whole line.")
        return self.found(
            places, f"$f(x) - x$ is zero {_where(found)}, and has a sign everywhere else."
        )

    def _value_at_zero(self) -> Finding | None:
        value = self.shape.at(S.Zero)
        shown = None if value is None else self.value(value)
        if value is None or shown is None or not shown.is_finite:
            return None
        return self.found(shown, f"$f(0) {equals(value)}$, by substitution.")

    # -- bounds ------------------------------------------------------------------------------------

    def _bounded_below(self) -> Finding | None:
        return self._bounded_on(-1)

    def _bounded_above(self) -> Finding | None:
        return self._bounded_on(1)

    def _bounded_on(self, side: int) -> Finding | None:
        for end, arrow in ((-1, r"x \to -\infty"), (1, r"x \to \infty")):
            if self.shape.limit(0, end) == side * oo:
                sign = "" if side > 0 else "-"
                return self.found(False, rf"$f(x) \to {sign}\infty$ as ${arrow}$.")
        extremes = self.shape.extremes()
        if extremes is None or self.value(extremes[max(side, 0)].value) is None:
            return None
        bound = extremes[max(side, 0)].value
        if bound in (oo, -oo):
            return None
        relation = r"\le" if side > 0 else r"\ge"
        return self.found(True, f"$f(x) {relation} {near(bound, side)}$ for all $x$.")

    def _bounded(self) -> Finding | None:
        below, above = self._bounded_below(), self._bounded_above()
        refuted = next((f for f in (below, above) if f and not f.value), None)
        if refuted:
            return refuted
        extremes = self.shape.extremes()
        if below is None or above is None or extremes is None:
            return None
        low, high = near(extremes[0].value, -1), near(extremes[1].value, 1)
        return self.found(True, rf"${low} \le f(x) \le {high}$ for all $x$.")

    def _nonnegative(self) -> Finding | None:
        extremes = self.shape.extremes()
        sign = extremes and numbers.order(extremes[0].value, S.Zero)
        if extremes is None or sign is None:
            return None
        lowest = about(extremes[0].value)
        if sign >= 0:
            return self.found(True, rf"$f(x) \ge 0$ for all $x$, as the infimum is ${lowest}$.")
        return self.found(False, f"The infimum of $f$ is ${lowest}$, so it takes negative values.")

    def _zero_centred(self) -> Finding | None:
        """Whether a standard normal input, or any symmetric one, comes out with mean zero."""
        return self._centred_by_symmetry() or self._centred_by_mean()

    def _centred_by_mean(self) -> Finding | None:
        mean = self.find("mean")
        sign = None if mean is None else numbers.sign(mean.value)
        if mean is None or sign is None:
            return None
        relation = "= 0" if sign == 0 else equals(mean.value)
        return self.found(
            sign == 0, f"$E f(Z) {relation}$ for a standard normal $Z$. {mean.evidence}"
        )

    def _centred_by_symmetry(self) -> Finding | None:
        parts = symmetrised(self.shape.pieces())
        if parts is None or not self.shape.is_defined:
            return None
        if all(total == 0 for _, _, total in parts):
            return self.found(
                True,
                "$f(x) + f(-x) = 0$ for $x > 0$, so symmetric inputs have outputs of mean zero.",
            )
        signs: set[int] = set()
        for low, high, total in parts:
            found = chart(total, self.x, low, high)
            # Without parameters what is never negative is also somewhere positive, as it is not 0.
            if found is None and not (total.free_symbols == {self.x} and total.is_nonnegative):
                return None
            signs |= {1} if found is None else set(found.signs)
        signs -= {0}
        if len(signs) != 1:
            return None
        relation = r"\ge" if 1 in signs else r"\le"
        side = "positive" if 1 in signs else "negative"
        return self.found(
            False,
            rf"$f(x) + f(-x) {relation} 0$ for all $x$, and not always $0$, "
            f"so symmetric inputs have outputs of {side} mean.",
        )


_ENDS = (("minimum", "infimum"), ("maximum", "supremum"))


def _where(places: tuple[Number | Set, ...]) -> str:
    """Return places as "at x = 0", or as "for x in ..." when there are intervals among them."""
    points = [place for place in places if not isinstance(place, Set)]
    if len(points) == len(places):
        return f"at $x {equals(*points)}$"
    if len(places) == 1 and places[0] == S.Reals:
        return "for all $x$"
    return rf"for $x \in {near(_one(places))}$"


def _one(places: tuple[Number | Set, ...]) -> Expr | Set:
    """Return several places as one: a point if there is one only, else a set."""
    if len(places) == 1 and not isinstance(places[0], Ball):
        return places[0]
    sets = [place if isinstance(place, Set) else FiniteSet(_shown(place)) for place in places]
    return Union(*sets)


def _shown(place: Number) -> Expr:
    shown = in_digits(place)
    # Not `shown or NaN`: zero is a place too.
    return S.NaN if shown is None else shown
