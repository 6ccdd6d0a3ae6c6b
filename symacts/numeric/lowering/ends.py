"""What a generated function does towards the ends of the line, where factors meet 0 times infinity.

The function is tried far out.  Where it is NaN, though it has a limit, its variable is held at a
point from which on the limit is reached; where it grows, the infinity is put in; where it swings
for ever there is no right value at infinity, and NaN is left or put in.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, TypeAlias

import mpmath
import numpy as np
from flint import arb
from sympy import Expr, Symbol, lambdify

from symacts.atoms import textbook
from symacts.enclose import jet, program
from symacts.numeric.lowering.regions import Held
from symacts.pieces import Pieces

__all__ = ["LARGEST", "Tries", "holds", "odd_at_zero", "value_at_end"]

Values: TypeAlias = Callable[[Any], Any]
#: Makes the function as it would be written with a hold, once for each setting of the parameters.
Tries: TypeAlias = Callable[[Held], Sequence[Values]]

LARGEST = float(np.finfo(np.float64).max)
_FAR_OUT = np.array([np.inf, 1.7e308, 1e300, 1e200, 1e155, 1e104, 1e60, 1e30, 1e12])
_PROBES = np.concatenate([_FAR_OUT, [5e3, 1500, 1000, 800, 720, 700, 400, 370, 200, 100, 50]])
_NOTHING = arb("1e-330")  # below half of the smallest double
_SWING = 1e-3  # what settles is steadier than this beyond 1e155
# Where a variable may be held, the farthest first.
_HOLDS = (1e300, LARGEST, 1e30, 700.0, 350.0, 100.0, 40.0)


def holds(pieces: Pieces, tries: Tries) -> Held:
    """Return where the variable is to be held towards each end, None where nothing is lost."""
    return _hold(pieces, tries, -1), _hold(pieces, tries, 1)


def _hold(pieces: Pieces, tries: Tries, sign: int) -> float | None:
    """Return the farthest point from which on nothing is NaN and the limit is reached."""
    plain = [values(sign * _PROBES) for values in tries((None, None))]
    lost = np.isnan(plain)
    if not lost.any():
        return None
    far_out = plain[0][1:5]
    if len(plain) == 1 and not lost[:, 1:].any() and (_runs_away(far_out) or _swings(far_out)):
        return None
    for hold in _HOLDS:
        held = (-hold, None) if sign < 0 else (None, hold)
        tried = [values(sign * _PROBES) for values in tries(held)]
        if not np.isnan(tried).any() and _has_settled(pieces, sign, hold):
            return sign * hold
    return None


def _runs_away(far_out: Any) -> bool:
    """Tell whether values far out are beyond any limit."""
    return bool(np.abs(far_out).min() > 1e30)


def _swings(far_out: Any) -> bool:
    """Tell whether values far out are bounded and settle on nothing."""
    return bool(np.isfinite(far_out).all() and np.ptp(far_out) > _SWING)


def _has_settled(pieces: Pieces, sign: int, hold: float) -> bool:
    """Tell whether a part has reached its limit, to the last digit, at a point and beyond.

    Parameters can put that off; a hold nearer than 1e30 is for parts without any.
    """
    if hold == LARGEST:
        return True
    part, variable = pieces.parts[-1 if sign > 0 else 0], pieces.variable
    if part.free_symbols - {variable}:
        return hold >= 1e30
    limit = _far_value(part, variable, sign)
    if limit is None:
        return False
    for factor in (1, 1.5, 7):
        value = _value_at(part, variable, sign * int(min(hold * factor, LARGEST)))
        if value is None or not _is_as_good_as(value, limit):
            return False
    return True


def _is_as_good_as(value: arb, limit: arb) -> bool:
    """Tell whether a ball rounds to the same double as the limit."""
    gap = (value - limit).abs_upper()
    return bool(gap <= limit.abs_lower() * arb("1e-20") or gap < _NOTHING)


def _value_at(part: Expr, variable: Symbol, point: int) -> arb | None:
    """Return a ball for a part's value at a point; None where balls cannot tell."""
    run = program(part, variable)
    values = run and jet(run, arb(point), 0)
    if values and (values[0].rel_accuracy_bits() > 60 or values[0].abs_upper() < _NOTHING):
        return values[0]
    # mpmath raises what it likes where it overflows.
    with suppress(Exception), mpmath.workdps(60):
        value = lambdify(variable, textbook(part), "mpmath")(mpmath.mpf(point))
        return arb(mpmath.nstr(value, 50)) if mpmath.isfinite(value) else None
    return None


def _far_value(part: Expr, variable: Symbol, sign: int) -> arb | None:
    """Return a ball for a part's value as far out as one can be had."""
    for power in (60, 12, 5, 4):
        value = _value_at(part, variable, sign * 10**power)
        if value is not None:
            return value
    return None


def value_at_end(pieces: Pieces, values: Values, sign: int, hold: float | None) -> float | None:
    """Return the value to be put in at an infinity, or None where the source has it already.

    That is the limit of a part that is held; an infinity where a part grows but NaN comes out; and
    NaN where a bounded part swings for ever, so that no number is right.
    """
    at_infinity, *far_out = values(sign * _FAR_OUT[:5])
    if hold is not None:
        limit = _exact_limit(pieces, sign)
        return limit if limit != at_infinity else None
    if np.isnan(at_infinity):
        return float(np.copysign(np.inf, far_out[0])) if _runs_away(far_out) else None
    return np.nan if np.isfinite(at_infinity) and _swings(far_out) else None


def _exact_limit(pieces: Pieces, sign: int) -> float | None:
    """Return the limit at an end of the line, read off far out.

    None where the part has parameters: its value where it is held stands.
    """
    part = pieces.parts[-1 if sign > 0 else 0]
    if part.free_symbols - {pieces.variable}:
        return None
    far = _far_value(part, pieces.variable, sign)
    if far is None:
        return None
    return 0.0 if far.abs_upper() < arb("1e-30") else float(far)


def odd_at_zero(values: Values) -> int:
    """Tell whether an odd function loses the sign of zero: 1 where it rises, -1 where it falls."""
    points = np.array([0.3, 0.7, 1.9, 5.5])
    above, below = values(points), values(-points)
    at_zero = values(np.array([0.0, -0.0]))
    is_odd = np.array_equal(above, -below) and not at_zero.any() and above.any()
    if not is_odd or len(set(np.signbit(at_zero))) > 1:
        return 0
    return 1 if above[above != 0][0] > 0 else -1
