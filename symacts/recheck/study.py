"""One function at its default parameters, and what its charts say of the whole line."""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import sympy
from sympy import Expr, Interval, Rational, S, Symbol, expand, expand_trig, oo, pi
from sympy.sets.sets import Set

from symacts.atoms import textbook
from symacts.recheck.charts import Chart, Root, chart, is_zero, value_of
from symacts.recheck.programs import Unknown, number, program
from symacts.recheck.spans import Span, highest, hull, lowest, sign_of, span
from symacts.recheck.tails import STARTS, Tail, tail

if TYPE_CHECKING:
    from collections.abc import Sequence

    from symacts.activation import Activation
    from symacts.pieces import Pieces

__all__ = ["Extreme", "Run", "Study", "Turn", "decided"]


def decided(number_: Expr) -> int:
    """Return the sign of an exact number; raise Unknown if it cannot be told from zero."""
    found = sign_of(number(number_))
    if found is not None:
        return found
    if is_zero(number_):
        return 0
    raise Unknown(f"{number_} cannot be told from zero")


@dataclass(frozen=True)
class Turn:
    """The limits of a derivative at a break from both sides, and the function's own value."""

    at: Expr
    left: Expr
    right: Expr
    own: Expr

    @property
    def jump(self) -> int:
        """1, -1 or 0: it jumps up, down or not at all; 2: up and down."""
        steps = {decided(self.own - self.left), decided(self.right - self.own)} - {0}
        return 2 if len(steps) == 2 else max(steps, default=0) or min(steps, default=0)

    @property
    def bend(self) -> int:
        """The sign by which the right limit exceeds the left one."""
        return decided(self.right - self.left)


@dataclass(frozen=True)
class Run:
    """An interval between two points on which a derivative has one sign."""

    low: Root
    high: Root
    sign: int


@dataclass(frozen=True)
class Extreme:
    """A value that may be the least or the largest one, and the places that take it, if any do."""

    value: Span
    exact: Expr | None = None
    places: tuple[Root | Set, ...] = ()
    is_bound_only: bool = False


class Study:
    """A function as smooth parts between breaks, all in SymPy's own vocabulary."""

    def __init__(self, act: "Activation") -> None:
        """Take the parts that define the function, at the default parameters."""
        pieces = act.pieces().subs(dict(act.defaults))
        self.x: Symbol = pieces.variable
        kept = [k for k in range(len(pieces.breaks)) if not _fills_gap(pieces, k)]
        self.breaks: tuple[Expr, ...] = tuple(pieces.breaks[k] for k in kept)
        parts = (pieces.parts[0], *(pieces.parts[k + 1] for k in kept))
        self.parts: tuple[Expr, ...] = tuple(textbook(part) for part in parts)
        self.owners = tuple(pieces.owners[k] for k in kept)
        self.own = tuple(textbook(pieces.value_at_break(k)) for k in kept)
        self.intervals = tuple(pairwise((-oo, *self.breaks, oo)))
        self.extra_points: tuple[Expr, ...] = ()

    # -- at single points --------------------------------------------------------------------------

    def part_at(self, point: Expr) -> Expr | None:
        """Return the part in whose open interval a point lies, or None at a break."""
        for part, (low, high) in zip(self.parts, self.intervals, strict=True):
            if (low == -oo or decided(point - low) > 0) and (
                high == oo or decided(high - point) > 0
            ):
                return part
        return None

    def value(self, point: Expr) -> Expr:
        """Return the value of the function at a point."""
        part = self.part_at(point)
        if part is not None:
            return value_of(part, self.x, point)
        return next(own for at, own in zip(self.breaks, self.own, strict=True) if at == point)

    def derivative(self, order: int, index: int) -> Expr:
        """Return a derivative of a part, by SymPy."""
        return self.parts[index].diff(self.x, order)

    def turns(self, order: int) -> list[Turn]:
        """Return what a derivative does at each break."""
        return [
            Turn(
                at,
                value_of(self.derivative(order, k), self.x, at),
                value_of(self.derivative(order, k + 1), self.x, at),
                own,
            )
            for k, (at, own) in enumerate(zip(self.breaks, self.own, strict=True))
        ]

    @cached_property
    def is_continuous(self) -> bool:
        """Whether there is no jump."""
        return all(turn.jump == 0 for turn in self.turns(0))

    # -- far from zero -----------------------------------------------------------------------------

    def far(self, order: int, side: int, minus: Expr = S.Zero) -> Tail:
        """Return what a derivative, less a polynomial, does beyond some point."""
        index = 0 if side < 0 else -1
        expr = (self.parts[index] - minus).diff(self.x, order)
        reach = max((highest(abs(number(p))) for p in self.breaks), default=0)
        best: Tail | Unknown = Unknown("no term leads far from zero")
        for start in STARTS:
            if start > reach:
                try:
                    best = tail(expr, self.x, side, start)
                except Unknown as error:
                    best = error
                    continue
                if best.sign is not None:
                    return best
        # What vanishes for ever smaller terms needs no sign.
        if isinstance(best, Unknown) or best.order >= 0:
            raise best if isinstance(best, Unknown) else Unknown("no term leads far from zero")
        return best

    def limit(self, order: int, side: int) -> Span:
        """Return the limit of a derivative at one end of the line."""
        return self.far(order, side).limit()

    @cached_property
    def wave(self) -> tuple[Expr, Expr] | None:
        """P and a, if f(x + P) = f(x) + aP and f(x) - ax is not constant."""
        if self.breaks:
            return None
        f, x = self.parts[0], self.x
        speeds = {node.args[0].coeff(x) for node in f.atoms(sympy.sin, sympy.cos)}
        for period in (turn * pi / abs(speed) for turn in (1, 2) for speed in speeds if speed):
            grown = expand(expand_trig(f.subs(x, x + period)) - expand_trig(f))
            if not grown.has(x) and f.diff(x, 2) != 0:
                return period, grown / period
        return None

    # -- charts ------------------------------------------------------------------------------------

    def charts(self, order: int, minus: Expr = S.Zero) -> list[Chart]:
        """Return the signs of a derivative of f - *minus*, part by part, or over one period."""
        intervals: Sequence[tuple[Expr, Expr]] = self.intervals
        points = (S.Zero, *self.breaks, *self.extra_points)
        if self.repeats(order, minus):
            assert self.wave is not None
            period = self.wave[0]
            intervals = [(Rational(-9, 10), period - Rational(9, 10))]
            points = tuple(k * period / 8 for k in range(-4, 9))
        return [
            chart(part - minus, self.x, order, ends, points)
            for part, ends in zip(self.parts, intervals, strict=True)
        ]

    def repeats(self, order: int, minus: Expr = S.Zero) -> bool:
        """Tell whether a derivative of f - *minus* is periodic."""
        if self.wave is None:
            return False
        slope = self.wave[1] - minus.diff(self.x)
        return bool(not minus.diff(self.x, 2) and (slope == 0 or order > 0))

    def runs(self, order: int) -> list[list[Run]]:
        """Return for each part the intervals on which a derivative keeps its sign."""
        found = []
        for (low, high), one in zip(self.intervals, self.charts(order), strict=True):
            points = [Root(number(low), low), *one.roots, Root(number(high), high)]
            found.append(
                [Run(a, b, s) for (a, b), s in zip(pairwise(points), one.signs, strict=True)]
            )
        return found

    def signs(self, order: int) -> set[int]:
        """Return all signs that a derivative takes."""
        return {sign for one in self.charts(order) for sign in one.signs}

    def signs_found(self, order: int) -> set[int]:
        """Return the signs that a derivative takes, of one that swings for ever those on a core.

        What is found on a core tells that both signs occur, and no more.
        """
        try:
            return self.signs(order)
        except Unknown:
            found = {sign for one in self._core_charts(order) for sign in one.signs}
            if not {1, -1} <= found:
                raise
            return found

    # -- extremes ----------------------------------------------------------------------------------

    def extremes(self, order: int) -> tuple[Extreme, Extreme]:
        """Return the infimum and the supremum of a derivative."""
        candidates = self._candidates(order)
        return _best(candidates, -1), _best(candidates, 1)

    def _candidates(self, order: int) -> list[Extreme]:
        try:
            charts, far = self.charts(order + 1), []
        except Unknown:
            charts, far = self._core_charts(order + 1), self._beyond(order)
        found = list(far)
        for index, one in enumerate(charts):
            part, ends = self.parts[index], self.intervals[index]
            if one.signs == [0]:
                value = self.derivative(order, index)
                found.append(Extreme(number(expand(value)), expand(value), (Interval.open(*ends),)))
                continue
            found += [self._at_root(part, order, root) for root in one.roots]
            if not far and not self.repeats(order):
                found += [self._at_end(index, order, side) for side in (-1, 1)]
        if order == 0:
            found += [
                Extreme(number(own), own, (Root(number(at), at),))
                for at, own in zip(self.breaks, self.own, strict=True)
            ]
        return found

    def _at_root(self, part: Expr, order: int, root: Root) -> Extreme:
        if root.exact is not None:
            exact = value_of(part.diff(self.x, order), self.x, root.exact)
            return Extreme(number(exact), exact, (root,))
        factor = int(sympy.factorial(order))
        return Extreme(program(part, self.x)(root.at, order)[order] * factor, None, (root,))

    def _at_end(self, index: int, order: int, side: int) -> Extreme:
        end = self.intervals[index][0 if side < 0 else 1]
        if end.is_finite:
            exact = value_of(self.derivative(order, index), self.x, end)
            return Extreme(number(exact), exact)
        found = self.far(order, side)
        if found.order < 0:
            return Extreme(span(0), S.Zero)
        return Extreme(found.limit(), found.leading if found.order == 0 else None)

    def _core_charts(self, order: int) -> list[Chart]:
        """Return the chart on a core only, for a function of one part that swings for ever."""
        if self.breaks:
            raise Unknown("a tail swings for ever")
        ends = (S(-_CORE), S(_CORE))
        return [chart(self.parts[0], self.x, order, ends, (S.Zero,))]

    def _beyond(self, order: int) -> list[Extreme]:
        """Return what bounds the values outside of the core."""
        tails = [tail(self.derivative(order, 0), self.x, side, _CORE) for side in (-1, 1)]
        return [Extreme(found.enclosure(), is_bound_only=True) for found in tails]

    # -- the cover in words ------------------------------------------------------------------------

    def cover(self, order: int, minus: Expr = S.Zero) -> tuple[str, ...]:
        """Return what the charts of a derivative rest on, for a sceptic to repeat."""
        name = "f" + "'" * order
        name += f" - ({minus})" if minus != 0 else ""
        said = []
        try:
            charts = self.charts(order, minus)
        except Unknown:
            charts = self._core_charts(order)
        for one in charts:
            if not one.core:
                continue
            closest = (
                f"; closest to zero, {one.margin:.3g}, on {one.critical}" if one.critical else ""
            )
            roots = ", ".join(_shown(root) for root in one.roots)
            at = f"; roots {roots}" if roots else ""
            said.append(f"{name} on {one.core}: {one.boxes} boxes{closest}{at}")
            said += [f"{name} {text}" for text in one.tails]
        return tuple(said)


_CORE = 16


def _fills_gap(pieces: "Pieces", index: int) -> bool:
    """Tell whether a break only fills the gap of the one formula around it."""
    left, right = pieces.parts[index : index + 2]
    if left != right:
        return False
    limit = value_of(textbook(left), pieces.variable, pieces.breaks[index])
    return decided(limit - textbook(pieces.value_at_break(index))) == 0


def _shown(root: Root) -> str:
    if root.exact is not None:
        return f"{root.exact} exactly"
    low, high = (sympy.Float(end(root.at), 30) for end in (lowest, highest))
    return f"in [{low}, {high}]"


def _best(candidates: list[Extreme], side: int) -> Extreme:
    """Return the least (side -1) or largest of several values with the places that take it."""
    ends: Any = (highest, min, lowest) if side < 0 else (lowest, max, highest)
    near, choose, far = ends
    bound = choose(near(one.value) for one in candidates)
    rivals = [
        one
        for one in candidates
        if (far(one.value) <= bound if side < 0 else far(one.value) >= bound)
    ]
    if any(one.is_bound_only for one in rivals):
        raise Unknown("a bound far from zero does not exclude a better value there")
    places = tuple(place for one in rivals for place in one.places)
    exact = rivals[0].exact
    tied = all(
        one.exact is not None and exact is not None and is_zero(one.exact - exact) for one in rivals
    )
    if places and not all(one.places for one in rivals) and not tied:
        raise Unknown("it is not decided whether the best value is attained")
    value = (
        hull(*(one.value for one in rivals)) if len(rivals) > 1 and not tied else rivals[0].value
    )
    return Extreme(value, exact if tied or len(rivals) == 1 else None, places)
