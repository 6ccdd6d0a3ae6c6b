"""Functions that there are no rules for, written in those that there are rules for."""

import sympy
from sympy import Expr, exp, log

from symacts import atoms
from symacts.lift import lift
from symacts.pieces import Pieces

__all__ = ["respelled"]

_SPELLINGS = {
    sympy.sinh: lambda u: (exp(u) - exp(-u)) / 2,
    sympy.cosh: lambda u: (exp(u) + exp(-u)) / 2,
    sympy.sech: lambda u: 2 / (exp(u) + exp(-u)),
    sympy.asinh: lambda u: log(u + atoms.hypot(u, 1)),
}
"""Identities that hold for every real argument."""


def respelled(pieces: Pieces) -> Pieces:
    """Return the same function without hyperbolic functions other than tanh."""
    if not any(part.has(*_SPELLINGS) for part in pieces.parts):
        return pieces
    owners = tuple(o if isinstance(o, str) else _respelled(o) for o in pieces.owners)
    parts = tuple(_respelled(part) for part in pieces.parts)
    return Pieces(pieces.variable, pieces.breaks, parts, owners)


def _respelled(expr: Expr) -> Expr:
    for function, spelling in _SPELLINGS.items():
        expr = expr.replace(function, spelling)
    return lift(expr)
