"""Stretches joined to the intervals that a reader wants to hear of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sympy import Expr, FiniteSet, Interval, Union
from sympy.sets.sets import Set

from symacts.calculus.curve import Stretch
from symacts.calculus.numbers import Number, in_digits

__all__ = ["Place", "Run", "bent_runs", "in_words", "joined", "monotone_runs"]

Place: TypeAlias = Number | Set
"""A point or an interval of the x axis."""


@dataclass(frozen=True)
class Run:
    """An interval on which something has one sign."""

    low: Number
    high: Number
    sign: int


def at(point: Number, values: dict[Expr, int]) -> int:
    """Return what *values* says of a break; a point that is only enclosed is none."""
    return values.get(point, 0) if isinstance(point, Expr) else 0


def monotone_runs(stretches: Sequence[Stretch], jumps: dict[Expr, int]) -> list[Run]:
    """Join neighbouring stretches of one sign, unless a jump of another kind keeps them apart."""
    runs: list[Run] = []
    for s in stretches:
        if runs and runs[-1].sign == s.sign and at(s.low, jumps) in (0, s.sign):
            runs[-1] = Run(runs[-1].low, s.high, s.sign)
        else:
            runs.append(Run(s.low, s.high, s.sign))
    return runs


def bent_runs(
    slopes: Sequence[Stretch], jumps: dict[Expr, int], bends: dict[Expr, int]
) -> list[Run]:
    """Return the largest intervals of one bend, corners counted; those of two kinds may overlap."""
    found: list[tuple[int, Run]] = []
    for sign in (1, -1):
        start: int | None = None
        bent = False
        for place, s in enumerate(slopes):
            if at(s.low, jumps) or at(s.low, bends) == -sign or s.sign == -sign:
                found += _closed(slopes, start, place, sign) if bent else []
                start, bent = None, False
            if s.sign != -sign:
                corner = start is not None and at(s.low, bends) == sign
                bent |= s.sign == sign or corner
                start = place if start is None else start
        found += _closed(slopes, start, len(slopes), sign) if bent else []
    found.sort(key=lambda pair: pair[0])
    return [run for _, run in found]


def _closed(
    slopes: Sequence[Stretch], start: int | None, end: int, sign: int
) -> list[tuple[int, Run]]:
    if start is None:
        return []
    return [(start, Run(slopes[start].low, slopes[end - 1].high, sign))]


def in_words(
    runs: Sequence[Run], words: dict[int, str], jumps: dict[Expr, int]
) -> tuple[tuple[Interval, str], ...] | None:
    """Return intervals with a word each; an end at a jump is left open."""
    found = []
    for run in runs:
        low, high = in_digits(run.low), in_digits(run.high)
        if low is None or high is None:
            return None
        interval = Interval(low, high, bool(at(run.low, jumps)), bool(at(run.high, jumps)))
        found.append((interval, words[run.sign]))
    return tuple(found)


def joined(found: Sequence[Place]) -> tuple[Place, ...]:
    """Return points and intervals in their order, with those that touch made one."""
    together: list[Place] = []
    for place in found:
        last = together[-1] if together else None
        if last is not None and _touch(last, place):
            together[-1] = Union(
                *(p if isinstance(p, Set) else FiniteSet(p) for p in (last, place))
            )
        else:
            together.append(place)
    return tuple(together)


def _touch(left: Place, right: Place) -> bool:
    """Tell whether two places, at least one of them an interval, are one without a gap."""
    if isinstance(left, Interval) and isinstance(right, Interval):
        return left.end == right.start and not (left.right_open and right.left_open)
    if isinstance(left, Interval):
        return isinstance(right, Expr) and left.end == right
    return isinstance(right, Interval) and isinstance(left, Expr) and right.start == left
