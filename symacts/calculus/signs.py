"""Where a function is positive, negative or zero: sign charts with proof.

A chart of a product comes from the charts of its factors, so what is positive by nature drops out.
Linear and quadratic factors are solved, an increasing function with its zero at 0 has the sign of
its argument, and what is left is settled by interval arithmetic on a core and by dominance beyond.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import inf, nextafter

import sympy
from sympy import Expr, Mul, Poly, Pow, S, Symbol, factor_terms, oo, sqrt

from symacts import atoms
from symacts.calculus import numbers
from symacts.calculus.numbers import Number
from symacts.calculus.scales import Overworked, Undecided
from symacts.calculus.tails import expansion
from symacts.enclose import Ball, ball_of, partition, program

__all__ = ["Chart", "chart"]


@dataclass(frozen=True)
class Chart:
    """The roots of a function in an open interval, and its sign before, between and after them."""

    roots: tuple[Number, ...]
    signs: tuple[int, ...]
    on: str = ""
    """How the signs were proved where that took more than algebra: the core of the proof."""

    @property
    def turns(self) -> tuple[Number, ...]:
        """The roots at which the sign changes."""
        pairs = zip(self.roots, self.signs, self.signs[1:], strict=False)
        return tuple(root for root, left, right in pairs if left != right)

    def negated(self) -> "Chart":
        """Return the chart of the function times -1."""
        return Chart(self.roots, tuple(-sign for sign in self.signs), self.on)


POSITIVE, NEGATIVE, ZERO = (Chart((), (sign,)) for sign in (1, -1, 0))

_SIGN_OF_ARGUMENT = (atoms.tanh, atoms.expm1, atoms.log1p, sympy.atan, sympy.erf)
"""Increasing functions whose only zero is at 0."""

_HIGHEST_ORDER = 6
"""Roots of a higher order than this are not recognised."""

_STARTS = (4, 8, 16, 32, 64)
"""Where the dominance argument for a tail may begin; the first that works is taken."""


@lru_cache(maxsize=8192)
def chart(expr: Expr, variable: Symbol, low: Expr, high: Expr) -> Chart | None:
    """Return the sign chart of a smooth expression on the open interval, or None."""
    if expr == 0:
        return ZERO
    combined = POSITIVE
    for base, exponent in _factors(expr, variable):
        found = _factor_chart(base, variable, low, high)
        if found is None or found.signs == ZERO.signs:
            return found
        if exponent < 0 and found.roots:
            return None  # a pole
        if not exponent % 2:
            found = Chart(found.roots, tuple(1 for _ in found.signs), found.on)
        merged = _multiply(combined, found)
        if merged is None:
            return None
        combined = merged
    return combined


def _factors(expr: Expr, variable: Symbol) -> list[tuple[Expr, int]]:
    """Return the factors with whole exponents; numbers count as factors too."""
    pairs: list[tuple[Expr, int]] = []
    for arg in Mul.make_args(factor_terms(sympy.together(expr))):
        base, exponent = arg.as_base_exp() if isinstance(arg, Pow) else (arg, S.One)
        if not exponent.is_Integer:
            base, exponent = arg, S.One
        if base.is_polynomial(variable) and base.has(variable):
            constant, listed = sympy.factor_list(base, variable)
            pairs += [(factor, k * int(exponent)) for factor, k in [(constant, 1), *listed]]
        else:
            pairs.append((base, int(exponent)))
    return pairs


def _factor_chart(base: Expr, variable: Symbol, low: Expr, high: Expr) -> Chart | None:
    if (sign := _lasting_sign(base, variable, low, high)) is not None:
        return Chart((), (sign,))
    if not base.has(variable):
        return None
    if isinstance(base, _SIGN_OF_ARGUMENT):
        return chart(base.args[0], variable, low, high)
    if base.is_polynomial(variable):
        found = _polynomial_chart(Poly(base, variable), low, high)
        if found is not None:
            return found
    return _enclosed_chart(base, variable, low, high)


def _lasting_sign(expr: Expr, variable: Symbol, low: Expr, high: Expr) -> int | None:
    """Return the sign on the whole interval if what SymPy assumes of the symbols settles it."""
    t = Symbol("t", positive=True)
    if not expr.has(variable):
        return numbers.sign(expr)
    if low != -oo:
        expr = expr.subs(variable, low + t)
    elif high != oo:
        expr = expr.subs(variable, high - t)
    if expr.is_positive:
        return 1
    return -1 if expr.is_negative else None


def _polynomial_chart(polynomial: Poly, low: Expr, high: Expr) -> Chart | None:
    """Solve a linear or quadratic polynomial; None if the order of the points is not known."""
    leading = numbers.sign(polynomial.LC())
    if not leading or polynomial.degree() > 2:
        return None
    if polynomial.degree() == 1:
        slope, offset = polynomial.all_coeffs()
        points = [-offset / slope]
    else:
        a, b, c = polynomial.all_coeffs()
        discriminant = numbers.sign(b**2 - 4 * a * c)
        if discriminant is None:
            return None
        if discriminant < 0:
            return Chart((), (leading,))
        middle, width = -b / (2 * a), sqrt(b**2 - 4 * a * c) / (2 * a)
        points = [middle - leading * width, middle + leading * width] if discriminant else [middle]
    roots: list[Number] = []
    sign = leading * (-1) ** polynomial.degree()
    signs = [sign]
    for point in points:
        sign = leading if len(points) < polynomial.degree() else -sign
        after_low, before_high = numbers.order(point, low), numbers.order(high, point)
        if after_low is None or before_high is None:
            return None
        if before_high <= 0:
            break
        if after_low <= 0:
            signs = [sign]
        else:
            roots.append(point)
            signs.append(sign)
    return Chart(tuple(roots), tuple(signs))


def _multiply(first: Chart, second: Chart) -> Chart | None:
    """Return the chart of a product; None if the order of two roots is not known."""
    roots: list[Number] = []
    signs = [first.signs[0] * second.signs[0]]
    m = k = 0
    while m < len(first.roots) or k < len(second.roots):
        if m == len(first.roots):
            comparison: int | None = 1
        elif k == len(second.roots):
            comparison = -1
        else:
            comparison = numbers.order(first.roots[m], second.roots[k])
        if comparison is None:
            return None
        roots.append(first.roots[m] if comparison <= 0 else second.roots[k])
        m += comparison <= 0
        k += comparison >= 0
        signs.append(first.signs[m] * second.signs[k])
    return Chart(tuple(roots), tuple(signs), first.on or second.on)


def _enclosed_chart(expr: Expr, variable: Symbol, low: Expr, high: Expr) -> Chart | None:
    """Prove the signs by interval arithmetic on a core and by dominance in the tails."""
    run = program(expr, variable)
    if run is None or expr.free_symbols != {variable}:
        return None
    left, right = _tail(expr, variable, low, high, -1), _tail(expr, variable, high, low, 1)
    if left is None or right is None:
        return None
    zeros = [point for point in {S.Zero, low, high} if _vanishes(expr.subs(variable, point))]
    found = partition(run, left[0], right[0], zeros, lambda at: _order_at(expr, variable, at))
    if found is None:
        return None
    if (low == -oo and left[1] != found.signs[0]) or (high == oo and right[1] != found.signs[-1]):
        return None
    roots = tuple(root.ball if root.exact is None else root.exact for root in found.roots)
    if any(numbers.order(r, low) != 1 or numbers.order(high, r) != 1 for r in roots):
        return None
    return Chart(roots, found.signs, f"[{left[0]:g}, {right[0]:g}]")


def _order_at(expr: Expr, variable: Symbol, point: Expr) -> int | None:
    """Return the order of the first derivative that is not zero at a zero of the function."""
    for order in range(1, _HIGHEST_ORDER + 1):
        sign = numbers.sign(expr.diff(variable, order).subs(variable, point))
        if sign != 0:
            return None if sign is None else order
    return None


def _vanishes(value: Expr) -> bool:
    return bool(value.is_finite) and numbers.sign(value) == 0


def _tail(
    expr: Expr, variable: Symbol, end: Expr, other: Expr, side: int
) -> tuple[float, int] | None:
    """Return where the core ends on this side, and the sign beyond (0 for a finite end)."""
    if end.is_finite:
        point = ball_of(end)
        return None if point is None else (_outward(point, side), 0)
    reach = ball_of(other) if other.is_finite else None
    for start in _STARTS:
        if reach is not None and not abs(reach) < start:
            continue
        try:
            sign = expansion(expr, variable, start, side).sign()
        except Overworked:
            return None
        except Undecided:
            continue
        return side * float(start), sign
    return None


def _outward(point: Ball, side: int) -> float:
    """Return a float that is the point, or lies a little beyond it."""
    near = float(point)
    return near if point.is_exact() and point == near else nextafter(near, side * inf)
