"""The formulas of an activation: definition, derivatives, Jacobian."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

import sympy
from sympy import Abs, Basic, Expr, Symbol, cancel

from symacts import atoms
from symacts.pieces import cut
from symacts.typeset import forms, vectors
from symacts.typeset.branches import variable_of_regions, written_cases
from symacts.typeset.constants import named_constants
from symacts.typeset.names import NamedPiece, letters
from symacts.typeset.printer import Printer
from symacts.typeset.regions import Region, as_cases, regions
from symacts.typeset.words import primes, symbol

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["Formula", "formula_of"]

ABBREVIATION = Symbol("u", real=True)


@dataclass(frozen=True)
class Formula:
    r"""An equation in LaTeX.

    `own` are letters that mean something in this formula alone, such as `u = \beta x + \beta^2`;
    `common` are those that mean the same everywhere, such as `\Phi(x)`.
    """

    lhs: str
    rhs: str
    own: tuple[NamedPiece, ...] = ()
    common: tuple[NamedPiece, ...] = ()

    @property
    def equation(self) -> str:
        """Left-hand side equals right-hand side."""
        return f"{self.lhs} = {self.rhs}"

    @property
    def alone(self) -> str:
        """The right-hand side with the letters that only it uses explained behind it."""
        return r",\quad ".join((self.rhs, *(piece.equation for piece in self.own)))


@lru_cache(maxsize=512)
def formula_of(act: "Activation", order: int = 0, wrt: Symbol | None = None) -> Formula:
    """Return the definition, or the derivative of the given order by *wrt*.

    For a vector-valued member the order 1 is the Jacobian.
    """
    wrt = wrt or act.variable
    lhs = _left_hand_side(act, order, wrt)
    if act.kind == "vector":
        return _vector_formula(act, order, lhs)
    writer = _Writer(act)
    rhs = writer.definition() if order == 0 else writer.derivative(order, wrt)
    return Formula(lhs, rhs, tuple(writer.own), letters(writer.printed))


def _left_hand_side(act: "Activation", order: int, wrt: Symbol) -> str:
    if act.kind == "vector":
        return _vector_left_hand_side(act, order)
    arguments = ", ".join(symbol(s) for s in act.inputs)
    if order == 0:
        return f"f({arguments})"
    if act.kind == "scalar" and wrt == act.variable:
        return f"f{primes(order)}({arguments})"
    power = "" if order == 1 else f"^{order}"
    return rf"\frac{{\partial{power} f}}{{\partial {symbol(wrt)}{power}}}({arguments})"


def _vector_left_hand_side(act: "Activation", order: int) -> str:
    letter = "s" if vectors.is_share(act.lifted) else "f"
    entry = letter if isinstance(act.lifted, atoms.largest) else f"{letter}_i"
    x = symbol(act.variable.label)
    return rf"\frac{{\partial {entry}}}{{\partial {x}_j}}" if order else f"{entry}({x})"


def _vector_formula(act: "Activation", order: int, lhs: str) -> Formula:
    if order:
        rhs, where = vectors.jacobian(act.lifted, act.variable)
        return Formula(lhs, rhs, where)
    where = (vectors.THRESHOLD,) if act.lifted.has(atoms.simplex_threshold) else ()
    return Formula(lhs, Printer().print(act.written), where)


class _Writer:
    """Writes one formula and notes which letters it used."""

    def __init__(self, act: "Activation") -> None:
        self.act = act
        self.written = _in_full(act.written)
        self.expr, constants = forms.with_constants(act.written)
        taken = [symbol(s) for s in (*act.inputs, *(p.symbol for p in act.params.values()))]
        self.letters, self.meanings = named_constants(constants.values(), taken)
        names = {s: self.letters.get(value, value) for s, value in constants.items()}
        self.printer = Printer(constants=names, inputs=frozenset(act.inputs))
        self.own: list[NamedPiece] = []
        self.printed: list[Basic] = []

    def definition(self) -> str:
        """Return the definition as it was written, regions from left to right."""
        named = {value: Symbol(f"constant {letter}") for value, letter in self.letters.items()}
        names = {named[value]: letter for value, letter in self.letters.items()}
        printer = replace(self.printer, as_written=True, constants=names)
        with sympy.evaluate(False):
            written = self.written.xreplace(named)
        self.own += self.meanings
        self.printed.append(self.written)
        return written_cases(self.act, written, printer) or self.derivative(0, self.act.variable)

    def derivative(self, order: int, wrt: Symbol) -> str:
        """Return the derivative, in cases where the function has pieces."""
        variable = variable_of_regions(self.act)
        pieces = cut(self.expr, variable)
        for _ in range(order):
            pieces = pieces.diff(wrt)
        found = [
            replace(region, formula=self._shorten(region.formula)) for region in regions(pieces)
        ]
        if (whole := _even(found, variable)) is not None:
            found = [replace(found[0], formula=self._shorten(whole))]
        found = self._abbreviate(found)
        self.printed += [region.formula for region in found]
        self._note_constants(found)
        return as_cases(
            found, lambda region: self.printer.print(region.formula), self.printer, variable
        )

    def _shorten(self, expr: Expr) -> Expr:
        return forms.shortest(forms.in_the_words_of(expr, self.expr), self.printer)

    def _abbreviate(self, found: list[Region]) -> list[Region]:
        if len(found) > 1:
            return found
        short, meaning = forms.abbreviated(found[0].formula, self.printer, ABBREVIATION)
        if meaning is None:
            return found
        self.own.append(NamedPiece("u", self.printer.print(meaning)))
        return [replace(found[0], formula=short)]

    def _note_constants(self, found: list[Region]) -> None:
        used = set[Basic]().union(*(region.formula.free_symbols for region in found))
        if any(self.printer.constants.get(s) in self.letters.values() for s in used):
            self.own += self.meanings


def _in_full(written: Expr) -> Expr:
    """Return a definition with softplus in full, which has no letter that everyone knows."""
    with sympy.evaluate(False):
        return written.replace(atoms.softplus, lambda u: sympy.log(1 + sympy.exp(u)))


def _even(found: list[Region], variable: Symbol) -> Expr | None:
    """Return one formula in |x| for two regions that mirror each other in 0, else None."""
    if len(found) != 2 or found[0].high != 0:
        return None
    left, right = (region.formula for region in found)
    if not right.has(variable) or cancel(left.subs(variable, -variable) - right) != 0:
        return None
    return right.subs(variable, Abs(variable))
