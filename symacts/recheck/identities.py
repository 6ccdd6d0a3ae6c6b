"""Identities between formulas, proved by differentiating until algebra decides.

Two functions on an interval are the same if their derivatives are and they agree at one point.  A
derivative turns logarithms, arctangents and error functions into quotients of polynomials and
exponentials, which are compared as such.  At the point the difference is enclosed: it has to be
zero by algebra, or to hold zero in an interval shorter than 1e-25.
"""

from sympy import (
    Expr,
    Symbol,
    cos,
    cosh,
    exp,
    expand,
    expand_func,
    fraction,
    polylog,
    sin,
    sinh,
    tanh,
    together,
)

from symacts.recheck.charts import value_of
from symacts.recheck.programs import Unknown, number
from symacts.recheck.spans import sign_of, width

__all__ = ["in_exponentials", "vanishes"]

_DEPTH = 4
_SHORT = 1e-25
_LONGEST = 600


def vanishes(expr: Expr, x: Symbol, point: Expr) -> bool:
    """Tell whether an expression is zero on an interval around *point* on which it is analytic."""
    for _ in range(_DEPTH):
        top, _ = fraction(together(in_exponentials(expr)))
        if top.count_ops() > _LONGEST:
            raise Unknown("the difference grows too long")
        if _is_nothing(top):
            return True
        at = number(value_of(expr, x, point))
        if sign_of(at) in (1, -1):
            return False
        if width(at) > _SHORT:
            raise Unknown(f"the difference at {point} is not known well enough")
        expr = in_exponentials(expr.diff(x))
    raise Unknown(f"{_DEPTH} derivatives did not decide the identity")


def _is_nothing(top: Expr) -> bool:
    plain = expand(top)
    if plain != 0 and plain.has(sin, cos):
        plain = expand(plain.rewrite([sin, cos], exp))
    return bool(plain == 0)


def in_exponentials(expr: Expr) -> Expr:
    """Return an expression with hyperbolic functions written out."""
    plain = expand_func(expr) if expr.has(polylog) else expr
    return plain.replace(
        lambda node: isinstance(node, tanh | sinh | cosh), lambda node: node.rewrite(exp)
    )
