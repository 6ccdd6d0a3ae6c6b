"""An independent reference: the formula in mpmath, its derivatives by numerical differentiation.

Nothing here uses symacts' derivatives, atoms or kernels: the plain formula is evaluated with many
digits, and differentiated by differences so small that their error is far below a double's.
"""

from typing import TYPE_CHECKING, Any

import mpmath
import sympy

if TYPE_CHECKING:
    from collections.abc import Callable

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
