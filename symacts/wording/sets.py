"""Sets of numbers as a reader sees them: intervals, points, and points that come again."""

from collections.abc import Callable

from sympy import Complement, Expr, FiniteSet, ImageSet, Interval, S, Symbol, Union
from sympy.sets.sets import Set

from symacts.typeset import formula, set_latex
from symacts.wording.numbers import INFINITY, MINUS, expression, number

__all__ = ["decimal_set", "ends", "set_text"]


def set_text(values: Set) -> str:
    """Return a set of numbers, in plain text where its ends are plain."""
    if isinstance(values, ImageSet):
        return _repeated(values)
    words = [expression(end) for end in ends(values)]
    if not any("$" in word for word in words):
        return _plain_set(values, expression) or f"${set_latex(values)}$"
    exact = f"${set_latex(values)}$"
    return exact if values.free_symbols else f"{exact} ≈ {decimal_set(values)}"


def _repeated(values: ImageSet) -> str:
    """Return points that come again and again, one for every whole number."""
    (index,) = values.lamda.variables
    k = Symbol("k", integer=True)
    (numbers,) = values.base_sets
    but = f" but {number(numbers.args[1].args[0])}" if isinstance(numbers, Complement) else ""
    return f"${formula(values.lamda.expr.subs(index, k))}$ for every whole number $k${but}"


def decimal_set(values: Set) -> str:
    """Return a set with its ends as decimals of four digits, parameters as they are."""
    text = _plain_set(values, lambda end: number(end, 4) if end.is_number else expression(end))
    return text or f"${set_latex(values)}$"


def ends(values: Set) -> list[Expr]:
    """Return the ends of the intervals, and the points, that make up a set."""
    if isinstance(values, Union):
        return [end for part in values.args for end in ends(part)]
    if isinstance(values, FiniteSet):
        return list(values.args)
    return [values.start, values.end] if isinstance(values, Interval) else []


def _plain_set(values: Set, word: Callable[[Expr], str]) -> str | None:
    match values:
        case S.Reals:
            return f"({MINUS}{INFINITY}, {INFINITY})"
        case Interval():
            left, right = "(" if values.left_open else "[", ")" if values.right_open else "]"
            return f"{left}{word(values.start)}, {word(values.end)}{right}"
        case FiniteSet():
            return "{" + ", ".join(word(point) for point in sorted(values.args)) + "}"
        case Union():
            parts = [_plain_set(part, word) for part in values.args]
            return None if None in parts else " ∪ ".join(map(str, parts))
        case _:
            return None
