"""hypot, sign, and the larger and the smaller of two numbers, as NumPy has them."""

from symacts.numeric.llvm.ir import Body

__all__ = ["hypot", "maximum", "minimum", "sign"]


def hypot(b: Body, x: str, y: str) -> str:
    """sqrt(x**2 + y**2), whose squares may be out of reach though it is not itself."""
    a, c = b.absolute(x), b.absolute(y)
    if b.arithmetic.digits == "short":
        root = b.sqrt(b.fma(a, a, b.multiply(c, c)))
    else:
        root = _scaled_hypot(b, a, c)
    infinity = b.number(float("inf"))
    is_infinite = b.logic("or", b.compare("oeq", a, infinity), b.compare("oeq", c, infinity))
    return b.select(is_infinite, infinity, root)


def _scaled_hypot(b: Body, a: str, c: str) -> str:
    """sqrt(a**2 + c**2) with both brought to where squares are numbers."""
    is_more = b.compare("ogt", a, c)
    # A NaN in one of them is in `large` or in `small`, whichever way it compares.
    large, small = b.select(is_more, a, c), b.select(is_more, c, a)
    half = b.arithmetic.bias // 2
    is_huge = b.compare("ogt", large, b.number(2.0 ** (half - 5)))
    is_tiny = b.compare("olt", large, b.number(2.0 ** (-half // 2)))

    def power(exponent: int) -> str:
        down, up = b.number(2.0**-exponent), b.number(2.0**exponent)
        return b.select(is_huge, down, b.select(is_tiny, up, b.number(1.0)))

    shift = half + 2 * b.arithmetic.mantissa if b.arithmetic.bits == 64 else 75
    scale, back = power(shift), power(-shift)
    large, small = b.multiply(large, scale), b.multiply(small, scale)
    return b.multiply(b.sqrt(b.fma(large, large, b.multiply(small, small))), back)


def maximum(b: Body, x: str, y: str, *, never_nan: tuple[bool, bool] = (False, False)) -> str:
    """The larger one, of equal ones the second; NaN if one is NaN."""
    return _extreme(b, "gt", (x, y), never_nan)


def minimum(b: Body, x: str, y: str, *, never_nan: tuple[bool, bool] = (False, False)) -> str:
    """The smaller one, of equal ones the second; NaN if one is NaN."""
    return _extreme(b, "lt", (x, y), never_nan)


def _extreme(b: Body, order: str, pair: tuple[str, str], never_nan: tuple[bool, bool]) -> str:
    x, y = pair
    # An ordered comparison with NaN is false and gives y, an unordered one is true and gives x.
    if never_nan[0]:
        return b.select(b.compare(f"o{order}", x, y), x, y)
    if never_nan[1]:
        return b.select(b.compare(f"u{order}", x, y), x, y)
    value = b.select(b.compare(f"o{order}", x, y), x, y)
    return b.select(b.compare("uno", x, x), x, value)


def sign(b: Body, x: str) -> str:
    """-1, 0 or 1; NaN stays."""
    one = b.copysign(b.number(1.0), x)
    is_not_zero = b.compare("one", x, b.number(0.0))
    is_nan = b.compare("uno", x, x)
    return b.select(is_nan, x, b.select(is_not_zero, one, b.number(0.0)))
