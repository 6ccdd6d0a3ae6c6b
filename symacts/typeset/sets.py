r"""Sets of numbers in LaTeX: `(0, 1)`, `[0, \infty)`, `\{-1, 1\}`."""

from sympy import Expr, FiniteSet, Float, Interval, S, Union, oo
from sympy.sets.sets import Set

from symacts.typeset.numbers import scientific
from symacts.typeset.printer import Printer

__all__ = ["number", "set_latex"]


def number(value: Expr | float, digits: int = 5, *, inline: bool = False) -> str:
    """Return a number in LaTeX: exactly if it is a SymPy number, to so many digits if a float.

    *inline* writes fractions with a slash, for running text.
    """
    if not isinstance(value, Expr) or value.is_Float:
        return scientific(float(value), digits)
    return Printer(inline=inline).print(_rounded(value, digits))


def set_latex(numbers: Set) -> str:
    """Return a set of real numbers in LaTeX."""
    if numbers in (S.Reals, Interval(-oo, oo)):
        return r"\mathbb{R}"
    if numbers is S.EmptySet:
        return r"\varnothing"
    if isinstance(numbers, FiniteSet):
        return rf"\{{{', '.join(map(_end, sorted(numbers.args)))}\}}"
    if isinstance(numbers, Union):
        return r" \cup ".join(map(set_latex, sorted(numbers.args, key=_left_end)))
    if isinstance(numbers, Interval):
        left, right = "(" if numbers.left_open else "[", ")" if numbers.right_open else "]"
        return f"{left}{_end(numbers.start)}, {_end(numbers.end)}{right}"
    return Printer().print(numbers)


def _end(value: Expr) -> str:
    return number(value, inline=True)


def _rounded(value: Expr, digits: int) -> Expr:
    return value.xreplace({f: Float(f, digits) for f in value.atoms(Float)})


def _left_end(part: Set) -> float:
    """Return where a part of a union begins; parameters count as one, to have some order."""
    start = part.args[0] if isinstance(part, FiniteSet) else part.inf
    return float(start.subs(dict.fromkeys(start.free_symbols, 1)))
