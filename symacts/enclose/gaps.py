r"""Quotients whose denominator vanishes with the numerator, as functions on balls.

Where N vanishes at zero, $N(x)/x = \int_0^1 N'(t x)\, dt$.  So the k-th Taylor coefficient of the
quotient at a point lies in the hull of the coefficients k + 1 of N between zero and that point.
"""

from flint import arb, ctx
from sympy import Expr, Symbol, fraction, together

from symacts.enclose.balls import Program, Series, precision, program

__all__ = ["filled_program"]

_NEAR = 1
"""Within this distance of zero a box is evaluated by the integral, not by the quotient."""


def filled_program(expr: Expr, variable: Symbol) -> Program | None:
    """Return a function of one variable on balls, with a removable gap at zero filled."""
    plain = program(expr, variable)
    top, bottom = fraction(together(expr))
    power = bottom.as_poly(variable)
    if plain is None or power is None or not power.is_monomial or power.degree() == 0:
        return plain
    n = power.degree()
    numerator = program(top / power.LC(), variable)
    if numerator is None or any(top.diff(variable, k).subs(variable, 0) != 0 for k in range(n)):
        return plain

    def run(x: Series) -> Series:
        box = x[0]
        if not box.contains(0) and (box.is_exact() or not abs(box) < _NEAR):
            return plain(x)
        terms = ctx.cap
        with precision(terms + n, ctx.prec):
            series = numerator(Series([box.union(arb(0)), arb(1)]))
            found = [series[k + n] for k in range(terms)]
        return Series(found)

    return run
