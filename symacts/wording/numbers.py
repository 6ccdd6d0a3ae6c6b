"""Numbers and small expressions as a reader sees them: rounded once, with a proper minus sign.

Everything returns text in which `$...$` marks what has to be typeset; see `symacts.pages.prose`.
Small values are written as plain text, since a typeset `0.25` weighs a hundred times as much.
"""

import re
from decimal import ROUND_HALF_EVEN, Decimal

from mpmath.libmp import prec_to_dps
from sympy import Expr, Float, Rational, nan, oo, zoo

from symacts.atoms import textbook
from symacts.typeset import formula

__all__ = ["decimal_text", "expression", "fixed", "in_tex", "is_short", "number", "sort_key"]

MINUS = "\u2212"
INFINITY = "\u221e"
GUARD_DIGITS = 30
SMALLEST_PLAIN = Decimal("1e-4")
LARGEST_PLAIN = Decimal("1e6")


LONGEST_FORM = 12
"""How many operations a closed form may have to stand beside its decimal value."""


def number(value: Expr | float, digits: int = 5) -> str:
    """Return a real number: in full if it is that short, else rounded to so many digits."""
    if value in (oo, -oo):
        return INFINITY if value == oo else MINUS + INFINITY
    if isinstance(value, Float):
        digits = min(digits, prec_to_dps(value._prec))  # a Float of a fact has certain digits only
    if isinstance(value, Expr):
        value = textbook(value)
    exact = _short_decimal(value, digits)
    if exact is not None:
        return decimal_text(exact)
    return decimal_text(_round(_decimal(value), digits))


def is_short(value: Expr, digits: int = 5) -> bool:
    """Tell whether `number` shows all of a value, so that nothing is rounded."""
    return _short_decimal(textbook(value), digits) is not None


def fixed(value: Expr | float, places: int = 4) -> str:
    """Return a real number with so many decimal places, or in full if it needs fewer."""
    whole = isinstance(value, float) and value.is_integer()
    exact = _short_decimal(value, places) if whole or isinstance(value, Rational) else None
    if exact is not None:
        return decimal_text(exact)
    rounded = _decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    return f"{rounded:f}".replace("-", MINUS)


def in_tex(text: str) -> str:
    """Return the text of a number for use inside of a formula."""
    text = re.sub(r" × 10<sup>(.+?)</sup>", r" \\cdot 10^{\1}", text)
    return text.replace(MINUS, "-").replace(INFINITY, r"\infty")


def decimal_text(value: Decimal) -> str:
    """Return a decimal with a proper minus sign, and a power of ten where it is tiny or huge."""
    if value and not SMALLEST_PLAIN <= abs(value) < LARGEST_PLAIN:
        exponent = value.adjusted()
        mantissa = value.scaleb(-exponent)
        power = f"10<sup>{exponent}</sup>".replace("-", MINUS)
        return f"{mantissa:f} × {power}".replace("-", MINUS)
    return f"{value:f}".replace("-", MINUS)


def expression(value: Expr, digits: int = 5) -> str:
    """Return a number as text; anything else as `$TeX$`, with its decimal value if it has one.

    A number whose closed form would fill a line, as those of SELU do, is a decimal alone.
    """
    if isinstance(value, Float) or value in (oo, -oo):
        return number(value, digits)
    if isinstance(value, Rational):
        return _fraction(value)
    typeset = f"${formula(value)}$"
    if not (value.is_number and value.is_real):
        return typeset
    if value.count_ops() > LONGEST_FORM:
        return number(value, digits)
    return f"{typeset} ≈ {number(value, digits)}"


def sort_key(value: Expr | None) -> str:
    """Return what a column of such values is sorted by; parameters leave it empty."""
    if value is None or not value.is_number or value in (nan, zoo):
        return ""
    if value in (oo, -oo):
        return "Infinity" if value == oo else "-Infinity"
    return f"{float(value.evalf(17)):.12g}"


def _fraction(value: Rational) -> str:
    """Return a fraction as a decimal if that is short, else as a fraction."""
    exact = _short_decimal(value, 5)
    text = f"{value.p}/{value.q}" if exact is None else f"{exact:f}"
    return text.replace("-", MINUS)


def _short_decimal(value: Expr | float, digits: int) -> Decimal | None:
    """Return the value as a decimal if so many digits say all of it."""
    rational = value if isinstance(value, Rational) else None
    if isinstance(value, int | float):
        rational = Rational(str(value))
    if rational is None:
        return None
    twos_and_fives = rational.q
    for prime in (2, 5):
        while twos_and_fives % prime == 0:
            twos_and_fives //= prime
    if twos_and_fives != 1:
        return None
    decimal = (Decimal(int(rational.p)) / Decimal(int(rational.q))).normalize()
    fits = len(decimal.as_tuple().digits) <= digits
    return Decimal(f"{decimal:f}") if fits else None


def _decimal(value: Expr | float) -> Decimal:
    if isinstance(value, int | float):
        return Decimal(value)
    return Decimal(str(value.evalf(GUARD_DIGITS)))


def _round(value: Decimal, digits: int) -> Decimal:
    if not value:
        return Decimal(0)
    return value.quantize(Decimal(1).scaleb(value.adjusted() - digits + 1), ROUND_HALF_EVEN)
