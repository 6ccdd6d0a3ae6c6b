"""Letters that a formula uses and a reader may not know, each with its definition."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import sympy
from sympy import Basic

from symacts import atoms
from symacts.pieces import Pieces
from symacts.symbols import x
from symacts.typeset.factors import complement
from symacts.typeset.printer import Printer
from symacts.typeset.words import LETTERS

__all__ = ["NamedPiece", "letters"]


@dataclass(frozen=True)
class NamedPiece:
    r"""A letter and what it stands for, both in LaTeX: `\sigma(x)` and `\frac{1}{1 + e^{-x}}`."""

    symbol: str
    definition: str

    @property
    def equation(self) -> str:
        """The definition as an equation."""
        return f"{self.symbol} = {self.definition}"


def letters(exprs: Iterable[Basic | Pieces]) -> tuple[NamedPiece, ...]:
    """Return the definition of each letter function that occurs in the expressions."""
    used: set[type] = set()
    for expr in exprs:
        for part in expr.parts if isinstance(expr, Pieces) else (expr,):
            used |= {type(f) for f in part.atoms(sympy.Function)}
    if used & {complement, atoms.sigma_prime}:
        used.add(atoms.sigma)
    return tuple(definition for cls, definition in _definitions().items() if cls in used)


@cache
def _definitions() -> dict[type, NamedPiece]:
    """Return the definitions of the letters that are functions of one number."""
    functions = (atoms.sigma, atoms.Phi, atoms.phi, atoms.softplus)
    return {cls: _definition(cls) for cls in functions}


def _definition(cls: type[atoms.Atom]) -> NamedPiece:
    with sympy.evaluate(False):
        written = cls(x).textbook()
    return NamedPiece(f"{LETTERS[cls]}(x)", Printer(as_written=True).print(written))
