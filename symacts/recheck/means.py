"""Re-checks of what a standard normal input gives on average.

On each short interval the integrand is its Taylor polynomial at the middle and a remainder, which
the Taylor coefficient over the whole interval bounds.  Beyond the reach R the integrand g is
bounded by sup u^2 |g| / u^2, so that its integral is at most sup u^2 |g| / R.
"""

from functools import lru_cache
from itertools import pairwise
from typing import Any

from mpmath import iv
from sympy import Expr, Float, Symbol, exp, pi, sqrt

from symacts.recheck.answers import Proof, require, require_number, shown
from symacts.recheck.forms import is_odd
from symacts.recheck.programs import Unknown, number, program
from symacts.recheck.spans import Jet, Span, highest, lowest, sign_of, span, width
from symacts.recheck.study import Study
from symacts.recheck.tails import tail

__all__ = ["CHECKS"]

_REACH = 10
_TERMS = 12
_STEP = 2
"""Intervals have this many parts to a unit, and are halved where the remainder is too large."""

_ERROR = 1e-13
_NARROW = 1e-9
"""An enclosure that is wider than this, compared with 1 or the value, decides nothing."""


def _density(x: Symbol) -> Expr:
    return exp(-(x**2) / 2) / sqrt(2 * pi)


Means = dict[str, Span]


@lru_cache(maxsize=64)
def _integrals(
    parts: tuple[Expr, ...], intervals: tuple[tuple[Expr, Expr], ...], x: Symbol
) -> Means:
    """Return the means of f, f^2, f'^2 and x f f', each enclosed, all from the same boxes."""
    totals = {name: span(0) for name in ("f", "f2", "s2", "xfs")}
    for part, (low, high) in zip(parts, intervals, strict=True):
        left = span(-_REACH) if low.is_infinite else number(low)
        right = span(_REACH) if high.is_infinite else number(high)
        cuts = [left, *_between(left, right), right]
        for a, b in pairwise(cuts):
            for name, area in _areas(part, x, a, b, 4).items():
                totals[name] += area
        for end, side in ((low, -1), (high, 1)):
            if end.is_infinite:
                for name, area in _far_areas(part, x, side).items():
                    totals[name] += area
    return totals


def _between(left: Span, right: Span) -> list[Span]:
    grid = (span(k) / _STEP for k in range(-_REACH * _STEP, _REACH * _STEP + 1))
    return [
        point for point in grid if lowest(point) > highest(left) and highest(point) < lowest(right)
    ]


def _areas(part: Expr, x: Symbol, left: Span, right: Span, halvings: int) -> Means:
    """Return the integrals over a short interval."""
    found = _taylor_areas(part, x, left, right)
    if halvings and any(width(area) > _ERROR for area in found.values()):
        middle = span(lowest(((left + right) / 2).mid))
        first, second = (
            _areas(part, x, a, b, halvings - 1) for a, b in ((left, middle), (middle, right))
        )
        return {name: first[name] + second[name] for name in found}
    return found


def _taylor_areas(part: Expr, x: Symbol, left: Span, right: Span) -> Means:
    middle = span(lowest(((left + right) / 2).mid))
    near = _integrands(part, x, middle, _TERMS)
    over = _integrands(part, x, span(lowest(left), highest(right)), _TERMS)
    above, below = right - middle, left - middle
    powers = [(above ** (k + 1) - below ** (k + 1)) / (k + 1) for k in range(_TERMS)]
    rest = (abs(above) ** (_TERMS + 1) + abs(below) ** (_TERMS + 1)) / (_TERMS + 1)
    found = {}
    for name, terms in near.items():
        area = sum((c * p for c, p in zip(terms, powers, strict=False)), span(0))
        found[name] = area + over[name][_TERMS] * span(-1, 1) * rest
    return found


def _integrands(part: Expr, x: Symbol, at: Span, order: int) -> dict[str, list[Span]]:
    """Return the Taylor coefficients of the four integrands."""
    coefficients = program(part, x)(at, order + 1)
    value = Jet(coefficients[:-1])
    slope = Jet([k * c for k, c in enumerate(coefficients)][1:])
    weight = Jet(program(_density(x), x)(at, order))
    point = Jet([at, span(1), *(span(0) for _ in range(order - 1))])
    weighed = value * weight
    return {
        "f": weighed.terms,
        "f2": (weighed * value).terms,
        "s2": (slope.square() * weight).terms,
        "xfs": (weighed * slope * point).terms,
    }


def _far_areas(part: Expr, x: Symbol, side: int) -> Means:
    slope = part.diff(x)
    integrands = {"f": part, "f2": part**2, "s2": slope**2, "xfs": x * part * slope}
    found = {}
    for name, integrand in integrands.items():
        bound = tail(integrand * _density(x) * x**2, x, side, _REACH).enclosure()
        size = max(abs(lowest(bound)), abs(highest(bound)))
        found[name] = span(-1, 1) * size / _REACH
    return found


def _means(study: Study) -> Means:
    return _integrals(study.parts, study.intervals, study.x)


def _mean_of(name: str, what: str) -> Any:
    def check(study: Study, claim: Any) -> Proof:
        if name == "s2":
            require(study.is_continuous, "f jumps, so its slope has no mean square")
        return _compared(claim, _means(study)[name], what)

    return check


def _compared(claim: Expr, mine: Span, what: str) -> Proof:
    said = require_number(what, claim, mine, narrow=_NARROW)
    return Proof(
        f"By Taylor polynomials with remainders as far as {_REACH} and a bound beyond, {said}.",
        (f"{what} is {shown(mine)}, width {Float(width(mine), 3)}",),
    )


def _gain(study: Study, claim: Any) -> Proof:
    square = _means(study)["f2"]
    if lowest(square) <= 0:
        raise Unknown("the mean square cannot be told from zero")
    return _compared(claim, 1 / iv.sqrt(square), "1/sqrt(E f^2)")


def _variance_slope(study: Study, claim: Any) -> Proof:
    require(study.is_continuous, "f jumps")
    means = _means(study)
    if lowest(means["f2"]) <= 0:
        raise Unknown("the mean square cannot be told from zero")
    return _compared(claim, means["xfs"] / means["f2"], "E Z f f' / E f^2")


def _zero_centred(study: Study, claim: Any) -> Proof:
    if is_odd(study):
        require(bool(claim), "f is odd")
        return Proof("f(x) + f(-x) = 0, so that a standard normal input averages to zero.")
    mean = _means(study)["f"]
    if sign_of(mean):
        require(not claim, f"E f is {shown(mean)}")
        return Proof(f"E f is {shown(mean)} for a standard normal input.")
    if not claim or width(mean) > _NARROW:
        raise Unknown(f"E f is {shown(mean)}, which may be zero")
    return Proof(f"E f is {shown(mean)} for a standard normal input, zero to as many digits.")


CHECKS = {
    "zero_centred": _zero_centred,
    "mean": _mean_of("f", "E f"),
    "second_moment": _mean_of("f2", "E f^2"),
    "slope_second_moment": _mean_of("s2", "E f'^2"),
    "gain": _gain,
    "variance_slope": _variance_slope,
}
