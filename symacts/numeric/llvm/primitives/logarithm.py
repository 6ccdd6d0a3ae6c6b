"""log and its relatives, without branches: log(x) = k log(2) + log(1 + f), f near zero."""

import math

from symacts.numeric.llvm.ir import Body
from symacts.numeric.llvm.primitives.coefficients import COEFFICIENTS

__all__ = ["LOG2", "arccosh", "arcsinh", "exponent", "log", "log1p", "log1p_share_rest"]

# log(2), the first part with so few digits that any exponent times it is exact.
LOG2 = {
    "float": (0.693359375, -2.12194440054690583e-4),
    "double": (6.93147180369123816490e-01, 1.90821492927058770002e-10),
}
_HALF_SQRT = 0.70710678118654752440


def log(b: Body, x: str) -> str:
    """The logarithm of every number, subnormal ones too."""
    k, near_one = exponent(b, x)
    return _ends(b, _sum(b, k, b.subtract(near_one, b.number(1.0))), x, x)


def exponent(b: Body, x: str) -> tuple[str, str]:
    """Return k as a float and x/2**k, which is within a factor of sqrt(2) from one, for x > 0."""
    shift = b.arithmetic.mantissa + 2
    is_tiny = b.compare("olt", x, b.number(2.0 ** (2 - b.arithmetic.bias)))
    scaled = b.select(is_tiny, b.multiply(x, b.number(2.0**shift)), x)
    k, near_one = _normal_exponent(b, scaled)
    shifted = b.select(is_tiny, b.number(float(shift)), b.number(0.0))
    return b.subtract(k, shifted), near_one


def log1p(b: Body, x: str, *, is_in_unit_interval: bool = False) -> str:
    """log(1 + x) for every x, with all digits where it is small."""
    if is_in_unit_interval:
        return b.copysign(_log1p_of_share(b, x), x)
    return b.copysign(_log1p(b, x), x)


def _log1p_of_share(b: Body, x: str) -> str:
    """log(1 + x) for 0 <= x <= 1: 1 + x is halved where it is above the square root of two."""
    whole, f, rest = _parts_of_share(b, x)
    return b.add(b.subtract(f, rest), whole)


def log1p_share_rest(b: Body, x: str) -> str:
    """Return what rounding leaves out of log(1 + x) for 0 <= x <= 1."""
    whole, f, rest = _parts_of_share(b, x)
    part = b.subtract(f, rest)
    value = b.add(part, whole)
    lost = b.subtract(b.subtract(f, part), rest)
    return b.add(lost, b.subtract(part, b.subtract(value, whole)))


def _parts_of_share(b: Body, x: str) -> tuple[str, str, str]:
    """Return log(2) or zero, f and a smaller rest, so that log(1 + x) = whole + (f - rest)."""
    zero, one = b.number(0.0), b.number(1.0)
    is_upper = b.compare("ogt", x, b.number(2**0.5 - 1.0))
    scale = b.select(is_upper, b.number(0.5), one)
    f = b.fma(x, scale, b.select(is_upper, b.number(-0.5), zero))
    high, low = LOG2[b.arithmetic.scalar]
    rest = b.subtract(_rest(b, f), b.select(is_upper, b.number(low), zero))
    return b.select(is_upper, b.number(high), zero), f, rest


def _log1p(b: Body, x: str, *, doubled: str | None = None) -> str:
    """log(1 + x), or where *doubled* is true log(2 + 2x), but for the sign of zero."""
    one = b.number(1.0)
    u = b.add(x, one)
    k, near_one = _normal_exponent(b, u)
    # 1 + x loses digits of x, but 2**-k x + (2**-k - 1) does not.
    scale = _power(b, k)
    f = b.fma(x, scale, b.subtract(scale, one))
    # Beyond this 1 is lost anyway, and 2**-k may not be a normal number.
    is_large = b.compare("ogt", x, b.number(2.0 ** (b.arithmetic.mantissa + 4)))
    f = b.select(is_large, b.subtract(near_one, one), f)
    if doubled is not None:
        k = b.add(k, b.select(doubled, one, b.number(0.0)))
    return _ends(b, _sum(b, k, f), u, x)


def arcsinh(b: Body, x: str) -> str:
    """Inverse of sinh: log1p(a + a**2/(1 + sqrt(1 + a**2))), a = |x|, or log(2a) if a is large."""
    a, one = b.absolute(x), b.number(1.0)
    is_large = b.compare("ogt", a, b.number(2.0 ** (b.arithmetic.mantissa // 2 + 3)))
    square = b.multiply(a, a)
    root = b.sqrt(b.fma(a, a, one))
    whole = b.add(a, b.divide(square, b.add(one, root)))
    w = b.select(is_large, b.subtract(a, one), whole)
    return b.copysign(_log1p(b, w, doubled=is_large), x)


def arccosh(b: Body, x: str) -> str:
    """The inverse of cosh: log1p(t + sqrt(t(2 + t))) with t = x - 1, or log(2x) if x is large."""
    t = b.subtract(x, b.number(1.0))
    is_large = b.compare("ogt", x, b.number(2.0 ** (b.arithmetic.mantissa // 2 + 3)))
    whole = b.add(t, b.sqrt(b.multiply(t, b.add(t, b.number(2.0)))))
    value = _log1p(b, b.select(is_large, t, whole), doubled=is_large)
    is_defined = b.compare("oge", x, b.number(1.0))
    return b.select(is_defined, value, b.number(float("nan")))


def _normal_exponent(b: Body, x: str) -> tuple[str, str]:
    """The same for x that is not subnormal."""
    mantissa = b.arithmetic.mantissa
    bits = b.bits(x)
    # Taking off the bits of sqrt(1/2) makes the exponent change there and not at a power of two.
    root = b.bits(b.number(_HALF_SQRT))
    above = b.whole("sub", bits, root)
    field = b.whole("ashr", above, b.integer(mantissa))
    near_one = b.floats(b.whole("sub", bits, b.whole("shl", field, b.integer(mantissa))))
    # A small integer becomes a float as the last bits of a large float.
    magic = b.arithmetic.magic
    large = b.floats(b.whole("add", field, b.bits(b.number(magic))))
    return b.subtract(large, b.number(magic)), near_one


def _power(b: Body, k: str) -> str:
    """Return 2**-k for a whole float k."""
    magic = b.arithmetic.magic
    bits = b.bits(b.subtract(b.number(magic), k))
    field = b.whole("shl", bits, b.integer(b.arithmetic.mantissa))
    one = b.integer(b.arithmetic.bias << b.arithmetic.mantissa)
    return b.floats(b.whole("add", field, one))


def _rest(b: Body, f: str) -> str:
    """Return f - log(1 + f) = s(f - R) with s = f/(2 + f), R being a polynomial in s**2."""
    s = b.divide(f, b.add(b.number(2.0), f))
    z = b.multiply(s, s)
    r = b.multiply(z, b.polynomial(COEFFICIENTS["log"][b.arithmetic.digits], z))
    return b.multiply(s, b.subtract(f, r))


def _sum(b: Body, k: str, f: str) -> str:
    """Return k log(2) + log(1 + f)."""
    if b.arithmetic.digits == "short":
        return b.fma(k, b.number(math.log(2.0)), b.subtract(f, _rest(b, f)))
    high, low = LOG2[b.arithmetic.scalar]
    rest = b.fma(k, b.number(-low), _rest(b, f))
    return b.fma(k, b.number(high), b.subtract(f, rest))


def _ends(b: Body, value: str, u: str, x: str) -> str:
    """Return the logarithm of u: minus infinity of zero, NaN of what is negative, else *value*.

    Where u is infinite or NaN, so is *x*, which then is the result.
    """
    zero, infinity = b.number(0.0), float("inf")
    value = b.select(b.compare("olt", u, b.number(infinity)), value, x)
    no_value = b.select(b.compare("oeq", u, zero), b.number(-infinity), b.number(float("nan")))
    return b.select(b.compare("ogt", u, zero), value, no_value)
