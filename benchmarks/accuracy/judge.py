"""How far computed values are from exact ones."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.reference import Exact

__all__ = ["LOST", "Errors", "errors_of", "ratio", "spacing_of", "unit_of", "weighed"]

Array: TypeAlias = NDArray[Any]

LOST = 2.0**53
"""An error of so many ulps leaves no digit of a double."""

MOST = 1e18
"""Errors are not told apart beyond this."""


@dataclass(frozen=True)
class Errors:
    """The errors of an array of results, NaN where there is nothing to compare with."""

    pure: Array
    """In units in the last place of the exact value."""
    mixed: Array
    """In ulp(f) + |f'| ulp(x): what rounding the input alone does is no error."""
    is_spurious_nan: Array
    is_spurious_infinity: Array

    def at(self, chosen: Array) -> "Errors":
        """Return the errors with those that are not chosen unknown."""
        return Errors(
            np.where(chosen, self.pure, np.nan),
            np.where(chosen, self.mixed, np.nan),
            self.is_spurious_nan & chosen,
            self.is_spurious_infinity & chosen,
        )


def errors_of(x: Array, computed: Array, exact: Exact, order: int) -> Errors:
    """Return how far *computed*, the derivative of an order at *x*, is from the exact values."""
    near, rest, slope = exact.near[order], exact.rest[order], exact.near[order + 1]
    input_ulp = spacing_of(x.astype(np.float64), x.dtype)
    doubt = ratio(slope, input_ulp, unit_of(near, computed.dtype))
    return weighed(computed, near, rest, doubt)


def weighed(computed: Array, near: Array, rest: Array, doubt: Array) -> Errors:
    """Return the errors, where *doubt* is what rounding the inputs does to the result, in ulps."""
    known = ~np.isnan(near)
    with np.errstate(all="ignore"):
        pure = _pure(computed.astype(np.float64), near, rest, computed.dtype)
        mixed = pure / (1 + doubt)
        nans = known & np.isnan(computed)
        infinite = known & np.isinf(computed) & (pure > 8)
        pure, mixed = (
            np.where(known, np.where(nans, np.inf, np.minimum(error, MOST)), np.nan)
            for error in (pure, mixed)
        )
    return Errors(pure, mixed, nans, infinite)


def spacing_of(values: Array, dtype: Any) -> Array:
    """Return the gap between neighbouring numbers of *dtype* around each double."""
    info = np.finfo(dtype)
    _, exponents = np.frexp(values)
    exponents = np.where(values == 0, info.minexp, exponents)
    gaps = np.ldexp(1.0, np.maximum(exponents, info.minexp + 1) - info.nmant - 1)
    return np.where(np.isnan(values), np.nan, gaps)


def unit_of(values: Array, dtype: Any) -> Array:
    """Return the ulp at each exact value; beyond the largest number that of the largest."""
    largest = float(np.finfo(dtype).max)
    return spacing_of(np.clip(values, -largest, largest), dtype)


def ratio(slope: Array, input_ulp: Array, unit: Array) -> Array:
    """Return |slope| * input_ulp / unit without overflow on the way; 0 for an unknown slope."""
    digits, exponents = np.frexp(np.nan_to_num(np.abs(slope), nan=0.0, posinf=np.finfo(float).max))
    shift = exponents + np.frexp(input_ulp)[1] - np.frexp(unit)[1]
    return np.ldexp(digits, np.clip(shift, -1000, 1000))


def _pure(computed: Array, near: Array, rest: Array, dtype: Any) -> Array:
    """Return |computed - exact| in ulps; an infinity stands for the first number out of reach."""
    info = np.finfo(dtype)
    beyond = 2.0 ** (info.maxexp - 1)  # twice this is out of reach, and may be for doubles, too
    must_overflow = np.abs(near) >= beyond * (2 - 2.0 ** -(info.nmant + 1))
    agrees = np.isinf(computed) & must_overflow & (np.sign(computed) == np.sign(near))
    scale = np.where(np.maximum(np.abs(computed), np.abs(near)) > 2.0**900, 2.0**-100, 1.0)
    unit = unit_of(near, dtype)
    gap = _reach(computed, beyond, scale) - _reach(near, 2.0**1023, scale)
    lacking = rest * (unit_of(near, np.float64) / unit)
    return np.where(agrees, 0.0, np.abs(gap / (unit * scale) - lacking))


def _reach(values: Array, half: float, scale: Array) -> Array:
    """Return the scaled values, with twice *half* for an infinity."""
    return np.where(np.isinf(values), np.sign(values) * (half * scale) * 2, values * scale)
