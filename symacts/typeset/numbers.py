"""Numbers in LaTeX: exact where they are exact, short where they are not."""

from sympy import Rational

__all__ = ["decimal", "is_plain", "rational", "scientific"]

# A fraction with a larger denominator is read more easily as a decimal, where that one ends.
LARGEST_DENOMINATOR = 12


def is_plain(value: Rational) -> bool:
    """Tell whether a rational number is shown as an integer or a fraction, not as a decimal."""
    return bool(value.q <= LARGEST_DENOMINATOR) or not _terminates(value.q)


def _terminates(denominator: int) -> bool:
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    return denominator == 1


def decimal(value: Rational) -> str:
    """Return a rational number whose decimal expansion ends as that expansion."""
    places = 0
    while (abs(value) * 10**places).q != 1:
        places += 1
    digits = str((abs(value) * 10**places).p).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return f"{sign}{digits[: len(digits) - places]}.{digits[len(digits) - places :]}".rstrip(".")


def rational(value: Rational, *, inline: bool = False) -> str:
    """Return a rational number as an integer, a small fraction or an exact decimal."""
    if value.q == 1:
        return str(value.p)
    if not is_plain(value):
        return decimal(value)
    if inline:
        return f"{value.p}/{value.q}"
    sign = "-" if value < 0 else ""
    return rf"{sign}\tfrac{{{abs(value.p)}}}{{{value.q}}}"


def scientific(value: float, digits: int = 5) -> str:
    """Return a float to so many digits, with a power of ten where a plain decimal would be long."""
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    power = int(exponent)
    if -4 <= power < digits + 2:
        text = f"{value:.{max(digits - 1 - power, 0)}f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    mantissa = mantissa.rstrip("0").rstrip(".")
    return rf"{mantissa} \times 10^{{{power}}}"
