"""An independent reference: the formula in mpmath, its derivatives by numerical differentiation.

Nothing here uses symacts' derivatives, atoms or kernels: the plain formula is evaluated with many
digits, and differentiated by differences so small that their error is far below a double's.
"""

from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import numpy as np
import sympy

DIGITS, TAIL_DIGITS = 90, 500
#: What differences leave of a derivative that is zero.
NOISE = mpmath.mpf(10) ** -70
#: Beyond this size values such as exp(-x**2) are so small that the differences need more digits.
TAIL = 9.0


class Reference:
    """The values and derivatives of one formula, at parameters that are numbers."""

    def __init__(self, expr: sympy.Expr, variable: sympy.Symbol) -> None:
        self._function: Callable[[Any], Any] = sympy.lambdify(variable, expr, "mpmath")

    def __call__(self, x: float, order: int = 0) -> mpmath.mpf:
        """Return the derivative of the given order at *x*."""
        with mpmath.workdps(DIGITS if abs(x) < TAIL else TAIL_DIGITS):
            at = mpmath.mpf(float(x))
            value = self._function(at) if order == 0 else mpmath.diff(self._function, at, order)
            return mpmath.mpf(0) if abs(value) < NOISE and abs(x) < TAIL else value


def mixed_ulp(value: float, x: float, exact: mpmath.mpf, slope: mpmath.mpf) -> float:
    """Return the error of *value* in units of ulp(f) + |f'| ulp(x).

    The second term is what rounding the input alone does to the result, so an error of one unit
    cannot be told from a perfect function of a slightly different input.
    """
    if not np.isfinite(value):
        return float("inf")
    unit = _ulp(float(exact)) + abs(slope) * _ulp(x)
    return float(abs(mpmath.mpf(float(value)) - exact) / unit)


def _ulp(value: float) -> mpmath.mpf:
    return mpmath.mpf(float(np.spacing(abs(value))))


def beside(points: Sequence[float]) -> list[float]:
    """Return points close to the given ones, on both sides."""
    return [point + side * gap for point in points for side in (-1, 1) for gap in (1e-9, 2**-12)]
