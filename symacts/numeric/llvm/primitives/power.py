"""x**y = exp(y log(x)), the logarithm with half as many digits again as the numbers have."""

from symacts.numeric.llvm.ir import Body
from symacts.numeric.llvm.primitives.coefficients import COEFFICIENTS
from symacts.numeric.llvm.primitives.exponentials import exp
from symacts.numeric.llvm.primitives.logarithm import LOG2, exponent, log

__all__ = ["power"]

_TWO_THIRDS = {
    "float": (0.666666686534881591796875, -1.98682149251302e-08),
    "double": (0.66666666666666662966, 3.7007434154171886e-17),
}


def power(b: Body, x: str, y: str) -> str:
    """x**y with the special cases of C and NumPy."""
    size, zero, one = b.absolute(x), b.number(0.0), b.number(1.0)
    infinity = b.number(float("inf"))
    if b.arithmetic.digits == "short":
        value = exp(b, b.multiply(y, log(b, size)))
    else:
        value = _power_of_positive(b, size, y)
    is_whole, is_odd = _parity(b, y)
    is_negative = b.logic("and", b.compare("olt", x, zero), b.compare("one", size, infinity))
    is_undefined = b.logic("and", is_negative, b.logic("xor", is_whole, b.truth(value=True)))
    value = b.select(is_undefined, b.number(float("nan")), value)
    value = b.select(is_odd, b.copysign(value, x), value)
    endless = b.compare("oeq", b.absolute(y), infinity)
    is_one = b.logic("or", b.compare("oeq", x, one), b.compare("oeq", y, zero))
    is_one = b.logic("or", is_one, b.logic("and", b.compare("oeq", size, one), endless))
    return b.select(is_one, one, value)


def _power_of_positive(b: Body, x: str, y: str) -> str:
    high, low = _log(b, x)
    product = b.multiply(y, high)
    rest = b.fma(y, low, b.fma(y, high, b.negative(product)))
    is_usual = b.compare("olt", b.absolute(product), b.number(800.0))
    return exp(b, product, rest=b.select(is_usual, rest, b.number(0.0)))


def _log(b: Body, x: str) -> tuple[str, str]:
    """Return log(x) for x >= 0 as a sum of two numbers."""
    k, near_one = exponent(b, x)
    two = b.number(2.0)
    s, s_low = _ratio(b, b.subtract(near_one, b.number(1.0)))
    # log((1 + s)/(1 - s)) = 2s + (2/3) s**3 + s**5 R(s**2)
    z, z_low = _product(b, s, s)
    z_low = b.fma(b.multiply(two, s), s_low, z_low)
    cube, cube_low = _product(b, s, z)
    cube_low = b.fma(s_low, z, b.fma(s, z_low, cube_low))
    factor, factor_low = map(b.number, _TWO_THIRDS[b.arithmetic.scalar])
    third, third_low = _product(b, cube, factor)
    third_low = b.fma(cube_low, factor, b.fma(cube, factor_low, third_low))
    fifth = b.polynomial(COEFFICIENTS["power"][b.arithmetic.digits], z)
    low = b.fma(b.multiply(cube, z), fifth, third_low)
    low = b.fma(two, s_low, low)
    whole, whole_low = map(b.number, LOG2[b.arithmetic.scalar])
    low = b.fma(k, whole_low, low)
    total, lost = _sum(b, b.multiply(k, whole), b.multiply(two, s))
    total, lost_too = _sum(b, total, third)
    high, low = _sum(b, total, b.add(b.add(lost, lost_too), low))
    # log(0) and log(infinity) are infinite, and have nothing to add.
    is_zero = b.compare("oeq", x, b.number(0.0))
    is_infinite = b.compare("oeq", x, b.number(float("inf")))
    high = b.select(is_zero, b.number(-float("inf")), b.select(is_infinite, x, high))
    high = b.select(b.compare("uno", x, x), x, high)
    return high, low


def _ratio(b: Body, f: str) -> tuple[str, str]:
    """Return f/(2 + f) as a sum of two numbers."""
    two = b.number(2.0)
    total = b.add(two, f)
    inverse = b.divide(b.number(1.0), total)
    ratio = b.multiply(f, inverse)
    minus = b.negative(ratio)
    left = b.fma(minus, b.subtract(f, b.subtract(total, two)), b.fma(minus, total, f))
    return ratio, b.multiply(left, inverse)


def _product(b: Body, x: str, y: str) -> tuple[str, str]:
    """Return x*y as a sum of two numbers."""
    product = b.multiply(x, y)
    return product, b.fma(x, y, b.negative(product))


def _sum(b: Body, large: str, small: str) -> tuple[str, str]:
    """Return the sum of two numbers, the larger one first, as a sum of two numbers."""
    total = b.add(large, small)
    return total, b.subtract(small, b.subtract(total, large))


def _parity(b: Body, y: str) -> tuple[str, str]:
    """Return whether y is a whole number, and whether it is odd."""
    half = b.multiply(y, b.number(0.5))
    is_whole = b.compare("oeq", y, b.call("trunc", y))
    is_odd = b.logic("and", is_whole, b.compare("one", half, b.call("trunc", half)))
    return is_whole, is_odd
