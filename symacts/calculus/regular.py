"""Where is an expression defined and smooth, and what value does it approach at a point?"""

from collections.abc import Callable

import sympy
from sympy import Expr, Pow, S, Symbol, exp, fraction, log, together

from symacts import atoms
from symacts.calculus import numbers
from symacts.calculus.signs import chart

__all__ = ["is_analytic", "limit_at"]

SignOf = Callable[[Expr], int | None]

_ENTIRE = (
    sympy.Add,
    sympy.Mul,
    exp,
    sympy.sin,
    sympy.cos,
    sympy.atan,
    sympy.erf,
    atoms.sigma,
    atoms.sigma_prime,
    atoms.softplus,
    atoms.Phi,
    atoms.phi,
    atoms.tanh,
    atoms.sech2,
    atoms.expm1,
    atoms.hypot,
)
"""Functions that are real and analytic for all real arguments."""

_DERIVATIVES_TO_TRY = 6


def is_analytic(expr: Expr, variable: Symbol, low: Expr, high: Expr) -> bool:
    """Tell whether *expr* is proved to be finite and analytic on the open interval.

    Every denominator has to keep away from zero there, and every logarithm and root has to have a
    positive argument.
    """
    return _is_analytic(expr, lambda inner: _sign_between(inner, variable, low, high))


def _sign_between(expr: Expr, variable: Symbol, low: Expr, high: Expr) -> int | None:
    found = chart(expr, variable, low, high)
    return found.signs[0] if found is not None and not found.roots else None


def limit_at(expr: Expr, variable: Symbol, point: Expr) -> Expr | None:
    """Return the limit of *expr* at a finite point: its value, or what fills a removable gap."""
    if _is_analytic(expr, lambda inner: numbers.sign(inner.subs(variable, point))):
        return expr.subs(variable, point)
    top, bottom = fraction(together(expr))
    for _ in range(_DERIVATIVES_TO_TRY):
        if not all(_is_analytic(part, _unknown) for part in (top, bottom)):
            return None
        above, below = top.subs(variable, point), bottom.subs(variable, point)
        if numbers.sign(below):
            return above / below
        if numbers.sign(above) != 0 or numbers.sign(below) != 0:
            return None
        # Both vanish and are analytic: their Taylor series start one term later.
        top, bottom = top.diff(variable), bottom.diff(variable)
    return None


def _is_analytic(expr: Expr, sign: SignOf) -> bool:
    return all(_is_analytic(arg, sign) for arg in expr.args) and _is_analytic_step(expr, sign)


def _is_analytic_step(expr: Expr, sign: SignOf) -> bool:
    """Tell whether the outermost function of *expr* is analytic at its arguments."""
    if not expr.args:
        return bool(expr.is_finite or expr.is_Symbol)
    if isinstance(expr, Pow) and expr.exp.is_Integer:
        return bool(expr.exp.is_nonnegative or sign(expr.base) in (1, -1))
    if isinstance(expr, Pow | log):
        return sign(expr.args[0]) == 1
    if isinstance(expr, atoms.log1p):
        return sign(S.One + expr.args[0]) == 1
    if isinstance(expr, atoms.hypot) and not expr.args[1].is_positive:
        return sign(expr.args[0]) in (1, -1)
    return isinstance(expr, _ENTIRE) or not expr.free_symbols


def _unknown(_: Expr) -> None:
    """Tell nothing about a sign, so that only what is analytic everywhere passes."""
