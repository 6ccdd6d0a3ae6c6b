"""Signs of a function over an interval, with an enclosure of every root between them.

Branch and bound: a box is split until the function has one sign on it, by direct evaluation or by
the mean value theorem.  What stays undecided is small and has to hold exactly one simple root,
which interval Newton then narrows down.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from flint import arb
from sympy import Expr

from symacts.enclose.balls import Ball, Program, ball_of, digits, jet, precision, sign_of_ball

__all__ = ["Partition", "Root", "partition"]


@dataclass(frozen=True)
class Root:
    """A root of odd or even order, exactly known or enclosed in a ball."""

    ball: Ball
    exact: Expr | None = None

    @property
    def point(self) -> Expr | None:
        """The root as a SymPy number: exact, or a Float of certain digits."""
        return self.exact if self.exact is not None else digits(self.ball)


@dataclass(frozen=True)
class Partition:
    """The signs of a function between its roots in an interval, from left to right."""

    roots: tuple[Root, ...]
    signs: tuple[int, ...]


_NARROW = 2.0**-10
"""A box this small whose sign is undecided must hold a simple root, or nothing is decided."""

_MOST_BOXES = 6000

_HIGHEST_ORDER = 6
"""Roots of a higher order than this are not recognised."""


def partition(
    run: Program,
    low: float,
    high: float,
    zeros: Sequence[Expr] = (),
    order_at: Callable[[Expr], int | None] = lambda _: None,
) -> Partition | None:
    """Return the signs of the function on the open interval, or None if they cannot be proved.

    Args:
        run: the function.
        low: the left end; the signs are proved for the closed interval, roots at its ends apart.
        high: the right end.
        zeros: points, ends included, where the caller has proved that the function is zero.  They
            may be roots of any order; every other root has to be simple.
        order_at: returns the proved order of such a zero, asked where balls cannot tell it.
    """
    with precision(5):
        near = [_neighbourhood(run, point, order_at) for point in zeros]
        return _partition(run, low, high, [n for n in near if n is not None])


def _partition(
    run: Program, low: float, high: float, known: "Sequence[_Neighbourhood]"
) -> Partition | None:
    marks = sorted({low, high, *(p for n in known for p in (n.low, n.high) if low < p < high)})
    pieces: list[tuple[float, float, int | None]] = []
    for left, right in pairwise(marks):
        if any(n.low <= left and right <= n.high for n in known):
            continue
        found = _boxes(run, left, right)
        if found is None:
            return None
        pieces += found
    roots = [Root(n.ball, n.exact) for n in known if low < n.center < high]
    segments = [(left, sign) for left, _, sign in pieces if sign is not None]
    for left, right, sign in pieces:
        if sign is None:
            root = _simple_root(run, left, right)
            if root is None:
                return None
            roots.append(root)
    for n in known:
        for start, end, sign in ((n.low, n.center, n.left), (n.center, n.high, n.right)):
            if max(start, low) < min(end, high):
                segments.append((max(start, low), sign))
    roots.sort(key=lambda root: float(root.ball))
    segments.sort()
    return _assemble(roots, segments)


def _assemble(roots: list[Root], segments: list[tuple[float, int]]) -> Partition | None:
    """Return the sign between neighbouring roots; None if two signs meet without a root."""
    edges = [float("-inf"), *(float(root.ball) for root in roots), float("inf")]
    signs: list[int] = []
    for left, right in pairwise(edges):
        inside = {sign for start, sign in segments if left <= start < right}
        if len(inside) != 1:
            return None
        signs.append(inside.pop())
    return Partition(tuple(roots), tuple(signs))


@dataclass(frozen=True)
class _Neighbourhood:
    """An interval around an exact root on each side of which the sign is proved."""

    exact: Expr
    ball: Ball
    center: float
    radius: float
    left: int
    right: int

    @property
    def low(self) -> float:
        """The left end."""
        return self.center - self.radius

    @property
    def high(self) -> float:
        """The right end."""
        return self.center + self.radius


def _neighbourhood(
    run: Program, point: Expr, order_at: Callable[[Expr], int | None]
) -> _Neighbourhood | None:
    """Return the signs around a point where the function is zero.

    Let m be the order of the first derivative that is not zero at the point, where those before it
    have to come out as exactly zero, or are proved to be zero.  As long as it keeps its sign,
    Taylor's theorem gives the function the sign of that derivative times (x - point)**m.
    """
    ball = ball_of(point)
    if ball is None or not ball.is_exact():
        return None
    at_point = jet(run, ball, _HIGHEST_ORDER)
    if at_point is None:
        return None
    order = next((k for k, value in enumerate(at_point) if k and not value.is_zero()), None)
    if order is not None and at_point[order].contains(0):
        order = order_at(point)
    if order is None or order > _HIGHEST_ORDER:
        return None
    radius = 0.5
    while radius > _NARROW:
        around = jet(run, arb(ball, radius), order)
        sign = around and sign_of_ball(around[order])
        if sign:
            left = sign if order % 2 == 0 else -sign
            return _Neighbourhood(point, ball, float(ball), radius, left, sign)
        radius /= 2
    return None


def _boxes(run: Program, low: float, high: float) -> list[tuple[float, float, int | None]] | None:
    """Return neighbouring boxes with a proved sign each, or None in place of an undecided one."""
    decided: list[tuple[float, float, int | None]] = []
    stack = [(low, high)]
    spent = 0
    while stack:
        left, right = stack.pop()
        spent += 1
        if spent > _MOST_BOXES:
            return None
        sign = _sign_on(run, left, right)
        if sign or right - left < _NARROW:
            decided.append((left, right, sign or None))
        else:
            middle = (left + right) / 2
            stack += [(middle, right), (left, middle)]
    return _merged(decided)


def _merged(
    boxes: Sequence[tuple[float, float, int | None]],
) -> list[tuple[float, float, int | None]]:
    merged: list[tuple[float, float, int | None]] = []
    for left, right, sign in boxes:
        if merged and merged[-1][2] == sign:
            merged[-1] = (merged[-1][0], right, sign)
        else:
            merged.append((left, right, sign))
    return merged


def _sign_on(run: Program, left: float, right: float) -> int | None:
    """Return the sign on a closed interval, by direct evaluation or by the mean value theorem."""
    box = arb(left).union(arb(right))
    values = jet(run, box, 1)
    if values is None:
        return None
    if sign := sign_of_ball(values[0]):
        return sign
    at_middle = jet(run, box.mid(), 0)
    if at_middle is None or not values[1].is_finite():
        return None
    return sign_of_ball(at_middle[0] + values[1] * (box - box.mid()))


def _simple_root(run: Program, left: float, right: float) -> Root | None:
    """Return the one root of an undecided box, if the function provably crosses zero there once."""
    margin = (right - left) / 7
    left, right = left - margin, right + margin
    box = arb(left).union(arb(right))
    ends = [jet(run, arb(end), 0) for end in (left, right)]
    if ends[0] is None or ends[1] is None:
        return None
    first, last = (sign_of_ball(end[0]) for end in (ends[0], ends[1]))
    slope = jet(run, box, 1)
    if not first or not last or first == last or slope is None or not sign_of_ball(slope[1]):
        return None
    for _ in range(60):
        narrower = _newton_step(run, box)
        if narrower is None or not narrower.rad() < box.rad() * 0.9:
            return Root(narrower if narrower is not None else box)
        box = narrower
    return Root(box)


def _newton_step(run: Program, box: Ball) -> Ball | None:
    """Return the part of *box* where interval Newton still allows the root."""
    slope, value = jet(run, box, 1), jet(run, box.mid(), 0)
    if slope is None or value is None or not sign_of_ball(slope[1]):
        return None
    try:
        return box.intersection(box.mid() - value[0] / slope[1])
    except ValueError:
        return None
