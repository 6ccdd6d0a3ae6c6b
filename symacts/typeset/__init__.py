r"""From activations to LaTeX as a person writes it.

`formula` typesets any expression; `activation_latex` and `derivative_latex` are what
`act.latex()` and `act.derivative().latex()` return.  Everything is made of commands that both
amsmath and KaTeX know, without dollar signs.
"""

from typing import TYPE_CHECKING

from sympy import Basic, Symbol, sympify

from symacts.pieces import Pieces
from symacts.typeset.formulas import Formula, formula_of
from symacts.typeset.names import NamedPiece, letters
from symacts.typeset.printer import Printer
from symacts.typeset.regions import as_cases, regions
from symacts.typeset.sets import number, set_latex
from symacts.typeset.words import primes, symbol

if TYPE_CHECKING:
    from symacts.activation import Activation, Derivative

__all__ = [
    "Formula",
    "NamedPiece",
    "activation_latex",
    "derivative_latex",
    "equation",
    "formula",
    "formula_of",
    "lhs",
    "named_pieces",
    "number",
    "primes",
    "set_latex",
    "symbol",
    "where",
]


def formula(expr: Basic | Pieces) -> str:
    """Return any expression, number, condition or function in pieces in LaTeX."""
    printer = Printer()
    if isinstance(expr, Pieces):
        return as_cases(regions(expr), lambda r: printer.print(r.formula), printer, expr.variable)
    return printer.print(sympify(expr))


def activation_latex(act: "Activation") -> str:
    """Return the right-hand side of the definition."""
    return formula_of(act).alone


def derivative_latex(derivative: "Derivative") -> str:
    """Return the right-hand side of a derivative."""
    return formula_of(derivative.activation, derivative.order, derivative.wrt).alone


def lhs(act: "Activation", order: int = 0, wrt: str | None = None) -> str:
    """Return the left-hand side of an equation, such as `f''(x)`."""
    return formula_of(act, order, _symbol(act, wrt)).lhs


def equation(act: "Activation", order: int = 0, wrt: str | None = None) -> str:
    """Return the definition or a derivative as an equation; a vector's order 1 is the Jacobian."""
    return formula_of(act, order, _symbol(act, wrt)).equation


def where(
    act: "Activation", orders: tuple[int, ...] = (0, 1), wrt: str | None = None
) -> tuple[NamedPiece, ...]:
    """Return what the letters mean that occur in the equations of the given orders."""
    found: dict[NamedPiece, None] = {}
    for order in orders:
        written = formula_of(act, order, _symbol(act, wrt))
        found |= dict.fromkeys((*written.own, *written.common))
    return tuple(found)


def named_pieces(*exprs: Basic | Pieces) -> tuple[NamedPiece, ...]:
    r"""Return the definitions of the letters, such as \Phi, that occur in the expressions."""
    return letters(exprs)


def _symbol(act: "Activation", wrt: str | None) -> Symbol | None:
    return None if wrt is None else act._symbol(wrt)
