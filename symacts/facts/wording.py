"""Small phrases with TeX in them, of which the evidence of facts is made."""

from collections.abc import Iterable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context
from math import ceil, floor, log10

from sympy import Abs, Basic, Expr, Float, Rational, Symbol, exp, log
from sympy.sets.sets import Set

from symacts.calculus.curve import Line
from symacts.calculus.numbers import Number, in_digits
from symacts.calculus.scales import Expansion, Scale, Undecided, X
from symacts.calculus.signs import Chart
from symacts.enclose import Ball
from symacts.typeset import formula, set_latex

__all__ = [
    "about",
    "after_colon",
    "by_signs",
    "equals",
    "is_rounded",
    "near",
    "remainder",
    "tends",
    "tex",
    "within",
]


_ROUNDING = {-1: ROUND_FLOOR, 0: ROUND_HALF_EVEN, 1: ROUND_CEILING}

_NAMES = ("Taylor",)
"""With what a sentence may open that keeps its capital letter."""


def tex(expr: Basic) -> str:
    """Return an expression or a set in TeX, without dollars."""
    return set_latex(expr) if isinstance(expr, Set) else formula(expr)


def near(number: Number | Set, side: int = 0) -> str:
    """Return a number in TeX: exact if it is short, else rounded to six digits.

    A *side* of -1 or 1 rounds down or up: what is said of a bound has to hold for what is shown.
    """
    if isinstance(number, Set):
        return tex(number)
    shown = in_digits(number)
    if shown is None:
        return r"\text{a number}"
    if _is_long(shown):
        rounded = Context(prec=6, rounding=_ROUNDING[side]).create_decimal(str(shown.evalf(17)))
        return f"{float(rounded):.6g}"
    return tex(shown)


def _is_long(shown: Expr) -> bool:
    is_finite = shown.is_number and shown.is_finite
    return bool(is_finite and (shown.has(Float) or shown.count_ops() > 8))


def is_rounded(number: Number | Set) -> bool:
    """Tell whether `near` shows a number that is only close to *number*."""
    if isinstance(number, Set):
        return False
    shown = in_digits(number)
    return shown is None or _is_long(shown)


def about(number: Number) -> str:
    """Return a number in TeX, behind an "approximately" sign where it is rounded."""
    return rf"\approx {near(number)}" if is_rounded(number) else near(number)


def equals(*numbers: Number) -> str:
    """Return what x equals as the end of a formula, for one number or for a list of them."""
    relation = r"\approx" if any(is_rounded(number) for number in numbers) else "="
    listed = r",\; ".join(near(number) for number in numbers)
    return f"{relation} {listed}"


def tends(number: Number, name: str = "c") -> str:
    """Return what a function tends to as the end of a formula; a rounded limit gets a *name*."""
    named = rf"{name} \approx " if is_rounded(number) else ""
    return rf"\to {named}{near(number)}"


def after_colon(sentence: str) -> str:
    """Return a sentence as it reads behind a colon: in lower case, unless it opens with a name."""
    if sentence.startswith(_NAMES):
        return sentence
    return sentence[:1].lower() + sentence[1:]


def within(number: Number) -> str:
    """Return a number in TeX with the proved error bound of an enclosure."""
    if isinstance(number, Ball):
        shown = in_digits(number)
        return rf"{shown} \pm 10^{{{_exponent_of_last_digit(shown)}}}"
    return about(number)


def _exponent_of_last_digit(shown: Expr | None) -> int:
    text = str(shown)
    return -len(text.partition(".")[2]) if shown is not None else 0


def by_signs(charts: Iterable[Chart]) -> str:
    """Return how signs were proved, as the end of a sentence; nothing where algebra was enough."""
    cores = [part.on for part in charts if part.on]
    if not cores:
        return ""
    return f", by interval arithmetic on ${cores[0]}$ and by the leading term beyond"


def remainder(line: Line, variable: Symbol, side: int) -> str | None:
    """Return the bound for what is left of a function when its asymptote is taken away."""
    found = _envelope(line.rest)
    if found is None:
        return None
    size = Abs(variable) if side < 0 else variable
    bound, growth = found
    scale = size**growth.k * exp(growth.q.subs(X, size)) * log(size) ** growth.l
    return f"{float(bound):.6g} \\, {tex(scale)}"


def _envelope(rest: Expansion) -> tuple[Rational, Scale] | None:
    try:
        found = rest.envelope()
    except Undecided:
        return None
    if found is None:
        return None
    size, scale = found
    return _rounded_up(float(size)), scale


def _rounded_up(number: float) -> Rational:
    """Return a number of three digits that is not smaller."""
    unit = Rational(10) ** (floor(log10(number)) - 2)
    # A little is added, because the conversion to a float may have rounded down.
    return ceil(Rational(number * (1 + 1e-12)) / unit) * unit
