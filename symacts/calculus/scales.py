r"""Expansions near infinity with a proved remainder, and what can be read off from them.

An `Expansion` describes a function of X >= B as a finite sum of terms $c X^k e^{q(X)} (\log X)^l$
with polynomials q.  A coefficient is exact (an expression in parameters), or a ball: then the true
coefficient is some function of X that stays in the ball for all X >= B.  So the limit, the
asymptote and the sign near infinity follow from the largest term, and the rest is bounded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, cmp_to_key, lru_cache

from sympy import Expr, Poly, S, Symbol, expand, oo

from symacts.calculus import numbers
from symacts.enclose import Ball, ball_of, sign_of_ball

__all__ = [
    "ONE",
    "WORK",
    "Expansion",
    "Overworked",
    "Scale",
    "Undecided",
    "X",
    "constant",
    "exact_ball",
]

X = Symbol("X", positive=True)


class Undecided(Exception):
    """The question cannot be answered by this method; the answer becomes None."""


@dataclass(frozen=True)
class Scale:
    r"""The growth of a term, $X^k e^{q(X)} (\log X)^l$; q is a polynomial without constant term."""

    q: Expr
    k: int
    l: int = 0  # noqa: E741  the letter of the formula

    def __mul__(self, other: "Scale") -> "Scale":
        return Scale(_exponent(self.q, other.q), self.k + other.k, self.l + other.l)

    def inverse(self) -> "Scale":
        """Return the growth of one over this."""
        return Scale(-self.q, -self.k, -self.l)

    def order(self) -> int:
        """Return 1 if this grows beyond all bounds, 0 if it is constant, -1 if it vanishes."""
        if self.q == 0:
            power = self.k or self.l
            return (power > 0) - (power < 0)
        leading = _leading_sign(self.q)
        if not leading:
            raise Undecided
        return leading

    def largest_value(self, start: int) -> Ball:
        """Return the largest value for X >= start > e; the scale has to fall from there on."""
        exponent = self._exponent()
        if not _is_negative_beyond(self._growth(exponent, start), start):
            raise Undecided
        power = Ball(start) ** self.k * Ball(start).log() ** self.l
        return power * _shifted(exponent, start)[-1].exp()

    def area_beyond(self, start: int) -> Ball:
        """Return a bound for the integral over X >= start; it has to fall as fast as e^-X."""
        if self.q == 0:
            raise Undecided
        growth = self._growth(self._exponent(), start)
        growth[-2] = growth[-2] + 1
        if not _is_negative_beyond(growth, start):
            raise Undecided
        return self.largest_value(start)

    def _exponent(self) -> list[Ball]:
        """Return the coefficients of q."""
        return list(_coefficients(self.q))

    def _growth(self, exponent: list[Ball], start: int) -> list[Ball]:
        """Return coefficients of X times the slope of the scale's logarithm, or of a bound for it.

        That is k + X q'(X) + l/log X, where the last term is at most what it is at the start.
        """
        degree = len(exponent) - 1
        last = Ball(self.k) + (self.l / Ball(start).log() if self.l > 0 else 0)
        return [*((degree - place) * c for place, c in enumerate(exponent[:-1])), last]


def _is_negative_beyond(polynomial: list[Ball], start: int) -> bool:
    """Tell whether no coefficient at X = start + t is positive, so that no value is for t >= 0."""
    return all(c.upper() <= 0 for c in _shifted(polynomial, start))


def _shifted(coefficients: list[Ball], by: int) -> list[Ball]:
    """Return the coefficients of p(by + t), the highest first, for those of p."""
    shifted = list(coefficients)
    for last in range(len(shifted), 0, -1):
        for place in range(1, last):
            shifted[place] = shifted[place] + by * shifted[place - 1]
    return shifted


@lru_cache(maxsize=4096)
def _exponent(first: Expr, second: Expr) -> Expr:
    return expand(first + second)


@lru_cache(maxsize=4096)
def _coefficients(q: Expr) -> tuple[Ball, ...]:
    return tuple(exact_ball(c) for c in Poly(q, X).all_coeffs())


@lru_cache(maxsize=4096)
def _leading_sign(q: Expr) -> int | None:
    return numbers.sign(Poly(q, X).LC())


ONE = Scale(S.Zero, 0)
_LINE = (Scale(S.Zero, 1), ONE)
"""The growths of which a straight line is made."""

_MOST_TERMS, _TERMS_KEPT = 24, 12
"""An expansion that grows beyond the first number of terms is cut down to the second."""


class Overworked(Undecided):
    """An expansion takes more steps than are allowed, wherever it begins."""


class Work:
    """How many terms have been multiplied since the last start; too many are refused."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._spent = 0

    def start(self) -> None:
        """Begin to count anew."""
        self._spent = 0

    def spend(self, products: int) -> None:
        """Count products of terms, and raise Overworked beyond the most that are allowed."""
        self._spent += products
        if self._spent > self._most:
            raise Overworked


WORK = Work(most=3_000)
"""Counted, not timed, so that the same formula always has the same answer."""


@dataclass(frozen=True)
class Split:
    """The sign of the largest term, one over it, and the rest divided by it."""

    sign: int
    inverse: "Expansion"
    rest: "Expansion"


class Expansion:
    """A function of X >= start as a sum of exact and of enclosed terms."""

    def __init__(self, start: int, exact: dict[Scale, Expr], loose: dict[Scale, Ball]) -> None:
        self.start = start
        self.exact = {scale: c for scale, c in exact.items() if c != 0}
        self.loose = {scale: c for scale, c in loose.items() if not c.is_zero()}

    def __add__(self, other: "Expansion") -> "Expansion":
        exact, loose = dict(self.exact), dict(self.loose)
        for scale, c in other.exact.items():
            exact[scale] = _sum(exact.get(scale, S.Zero), c)
        for scale, c in other.loose.items():
            loose[scale] = loose.get(scale, Ball(0)) + c
        return Expansion(self.start, exact, loose)

    def __mul__(self, other: "Expansion") -> "Expansion":
        WORK.spend((len(self.exact) + len(self.loose)) * (len(other.exact) + len(other.loose)))
        exact: dict[Scale, Expr] = {}
        loose: dict[Scale, Ball] = {}
        for s, c in self.exact.items():
            for t, d in other.exact.items():
                exact[s * t] = _sum(exact.get(s * t, S.Zero), c * d)
        for one, two in ((self, other), (other, self)):
            for s, ball in one.loose.items():
                for t, d in two.exact.items():
                    loose[s * t] = loose.get(s * t, Ball(0)) + ball * exact_ball(d)
        for s, ball in self.loose.items():
            for t, another in other.loose.items():
                loose[s * t] = loose.get(s * t, Ball(0)) + ball * another
        return Expansion(self.start, exact, loose)._trimmed()

    def _trimmed(self) -> "Expansion":
        """Return this with the smallest of very many terms taken together in one enclosed term."""
        if len(self.exact) + len(self.loose) <= _MOST_TERMS:
            return self
        kept = self.scales[:_TERMS_KEPT]
        last = kept[-1].inverse()
        sizes = [
            abs(ball) * (scale * last).largest_value(self.start)
            for scale, ball in self._balls()
            if scale not in kept
        ]
        exact = {scale: c for scale, c in self.exact.items() if scale in kept}
        loose = {scale: c for scale, c in self.loose.items() if scale in kept}
        rest = Ball(0, 1) * sum(sizes, Ball(0)).upper()
        loose[kept[-1]] = loose.get(kept[-1], Ball(0)) + rest
        return Expansion(self.start, exact, loose)

    def _balls(self) -> Iterator[tuple[Scale, Ball]]:
        """Yield every term with a ball for its coefficient."""
        for scale, c in self.exact.items():
            yield scale, exact_ball(c)
        yield from self.loose.items()

    def __sub__(self, other: "Expansion") -> "Expansion":
        return self + other.times(S.NegativeOne)

    def times(self, number: Expr) -> "Expansion":
        """Return this multiplied by an exact number."""
        return self * constant(number, self.start)

    @cached_property
    def scales(self) -> list[Scale]:
        """All growths that occur, the largest first."""
        return sorted({**self.exact, **self.loose}, key=cmp_to_key(_compare), reverse=True)

    def split(self) -> "Split":
        """Return the largest term and the rest divided by it, or raise Undecided."""
        if not self.scales:
            raise Undecided
        scale = self.scales[0]
        if (exact := self.exact.get(scale)) is not None:
            sign = numbers.sign(exact)
            inverse = Expansion(self.start, {scale.inverse(): 1 / exact}, {})
            rest = Expansion(self.start, {**self.exact, scale: S.Zero}, self.loose)
        else:
            loose = self.loose[scale]
            sign = sign_of_ball(loose)
            inverse = Expansion(self.start, {}, {scale.inverse(): 1 / loose})
            rest = Expansion(self.start, self.exact, {**self.loose, scale: Ball(0)})
        if not sign:
            raise Undecided
        return Split(sign, inverse, rest * inverse)

    def bound(self) -> Ball:
        """Return a number that the size never exceeds for X >= start, or raise Undecided."""
        sizes = (abs(ball) * scale.largest_value(self.start) for scale, ball in self._balls())
        return sum(sizes, Ball(0)).upper()

    def sign(self) -> int:
        """Return the sign that the function has for all X >= start, or raise Undecided."""
        if not self.scales:
            return 0
        split = self.split()
        if not split.rest.bound() < 1:
            raise Undecided
        return split.sign

    def limit(self) -> Expr:
        """Return the limit for X -> oo, or raise Undecided."""
        growth = self.scales[0].order() if self.scales else -1
        if growth < 0:
            return S.Zero
        if self.scales[0] in self.loose and (growth == 0 or self.scales[0] in self.exact):
            raise Undecided
        return self.exact[ONE] if growth == 0 else self.split().sign * oo

    def asymptote(self) -> tuple[Expr, "Expansion"] | None:
        """Return the line that is approached, in X, and the rest; None if there is no such line."""
        top = self.scales[0] if self.scales else ONE
        if top.order() > 0 and top not in _LINE:
            self.limit()  # which is infinite, or Undecided
            return None
        line = {scale: c for scale, c in self.exact.items() if scale.order() >= 0}
        if any(scale.order() >= 0 for scale in self.loose):
            raise Undecided
        if any(scale not in _LINE for scale in line):
            if not all(numbers.sign(c) for scale, c in line.items() if scale not in _LINE):
                raise Undecided
            return None
        rest = {scale: c for scale, c in self.exact.items() if scale not in line}
        formula = sum((c * X**scale.k for scale, c in line.items()), S.Zero)
        return formula, Expansion(self.start, rest, self.loose)

    def envelope(self) -> tuple[Ball, Scale] | None:
        """Return C and a scale such that the size is at most C times the scale for X >= start."""
        if not self.scales:
            return None
        scale = self.scales[0]
        relative = self * Expansion(self.start, {scale.inverse(): S.One}, {})
        return relative.bound(), scale


def _compare(first: Scale, second: Scale) -> int:
    """Return 1 if the first scale grows faster, -1 if the second does, 0 if they are the same."""
    if first.q == second.q:
        here, there = (first.k, first.l), (second.k, second.l)
        return (here > there) - (here < there)
    return (first * second.inverse()).order()


def _sum(first: Expr, second: Expr) -> Expr:
    """Return the sum, and 0 if it is; long constants keep the form they came in."""
    total = first + second
    return S.Zero if first != 0 and expand(total) == 0 else total


def exact_ball(number: Expr) -> Ball:
    """Return a ball for an exact number, or raise Undecided if it depends on parameters."""
    found = ball_of(number)
    if found is None:
        raise Undecided
    return found


def constant(number: Expr, start: int) -> Expansion:
    """Return an exact number as an expansion."""
    return Expansion(start, {ONE: number}, {})
