"""The normal distribution and the error functions, right far into the tails.

The tail of the normal distribution is exp(-a**2/2) times Mills' ratio, which falls like 1/a.  With
that factor taken out, and a mapped to y = (a - 4)/(a + 4), a polynomial in y is left.
"""

import math

from symacts.numeric.llvm.ir import Body, to_single
from symacts.numeric.llvm.limits import NDTR_NEAR, TAIL_ENDS
from symacts.numeric.llvm.primitives.coefficients import COEFFICIENTS
from symacts.numeric.llvm.primitives.exponentials import scaled_exp, split_product

__all__ = ["erf", "erfc", "ndtr", "scaled_density", "scaled_ndtr"]

_CENTRE = 4.0
_INVERSE_ROOT_TWO_PI = 1.0 / math.sqrt(2.0 * math.pi)
_TWO_OVER_ROOT_PI = 2.0 / math.sqrt(math.pi)


def ndtr(b: Body, x: str) -> str:
    """The distribution function of the standard normal distribution."""
    return b.multiply(*scaled_ndtr(b, x))


def scaled_ndtr(b: Body, x: str) -> tuple[str, str]:
    """Return the distribution function in two factors; the second one is a power of two."""
    is_left = b.compare("olt", x, b.number(0.0))
    one = b.number(1.0)
    if b.arithmetic.digits != "single":
        tail = _tail(b, x)
        return b.select(is_left, tail, b.subtract(one, tail)), one
    a = b.at_most(TAIL_ENDS["single"], b.absolute(x))
    inverse = b.divide(b.number(1.0), b.add(a, b.number(_CENTRE)))
    y = b.multiply(b.subtract(a, b.number(_CENTRE)), inverse)
    is_near = b.compare("ole", b.absolute(x), b.number(NDTR_NEAR))
    square = b.multiply(x, x)
    centre, mills = (COEFFICIENTS[name]["single"] for name in ("ndtr", "mills"))
    value = b.either_polynomial(is_near, (centre, square), (mills, y))
    # Near zero a half and odd powers, the first one as good as exact.
    first = to_single(_INVERSE_ROOT_TWO_PI)
    odd = b.fma(value, square, b.number(_INVERSE_ROOT_TWO_PI - first))
    near = b.fma(x, odd, b.fma(x, b.number(first), b.number(0.5)))
    bell, small = _bell(b, x, -0.5, value)
    tail = b.multiply(bell, inverse)
    far = b.select(is_left, tail, b.fma(b.negative(tail), small, one))
    back = b.select(b.compare("olt", x, b.number(-NDTR_NEAR)), small, one)
    return b.select(is_near, near, far), back


def scaled_density(b: Body, x: str) -> tuple[str, str]:
    """Return the density in two factors; the second one is a power of two."""
    bell, small = _bell(b, x, -0.5)
    return b.multiply(bell, b.number(_INVERSE_ROOT_TWO_PI)), small


def _bell(b: Body, x: str, scale: float, factor: str | None = None) -> tuple[str, str]:
    """Return factor*exp(scale*x**2) in two factors; the second one is a power of two."""
    square, rest = split_product(b, x)
    minus = b.number(scale)
    return scaled_exp(b, b.multiply(minus, square), rest=b.multiply(minus, rest), factor=factor)


def erfc(b: Body, x: str) -> str:
    """1 - erf(x), near zero from erf, which keeps the last digits there."""
    is_near = b.compare("olt", b.absolute(x), b.number(0.5))
    near, tail = _near_erf_or_tail(b, x, is_near)
    is_left = b.compare("olt", x, b.number(0.0))
    far = b.select(is_left, b.subtract(b.number(2.0), tail), tail)
    return b.select(is_near, b.subtract(b.number(1.0), near), far)


def erf(b: Body, x: str) -> str:
    """The error function: odd powers below one, one less the tail beyond."""
    is_near = b.compare("olt", b.absolute(x), b.number(1.0))
    near, tail = _near_erf_or_tail(b, x, is_near)
    return b.select(is_near, near, b.copysign(b.subtract(b.number(1.0), tail), x))


def _near_erf_or_tail(b: Body, x: str, is_near: str) -> tuple[str, str]:
    """Return erf(x), which is right near zero, and erfc(|x|), which is right elsewhere."""
    z = b.multiply(x, x)
    factor, y = _mapped(b, x, math.sqrt(2.0))
    erf_terms, tail_terms = (COEFFICIENTS[name][b.arithmetic.digits] for name in ("erf", "tail"))
    value = b.either_polynomial(is_near, (erf_terms, z), (tail_terms, y))
    near = b.fma(x, b.fma(z, value, b.number(_TWO_OVER_ROOT_PI - 1.0)), x)
    bell, small = _bell(b, x, -1.0, value)
    return near, b.multiply(b.divide(bell, factor), small)


def _tail(b: Body, x: str) -> str:
    """Return the normal distribution beyond |x|, in float64."""
    factor, y = _mapped(b, x, 1.0)
    ratio = b.polynomial(COEFFICIENTS["tail"][b.arithmetic.digits], y)
    bell, small = _bell(b, x, -0.5, ratio)
    return b.multiply(b.multiply(b.number(0.5), b.divide(bell, factor)), small)


def _mapped(b: Body, x: str, scale: float) -> tuple[str, str]:
    """Return what the tail is divided by, and what the polynomial of the rest is taken of.

    The scale is one, or the root of two for erfc.
    """
    # Beyond this nothing is left of exp(-a**2/2).
    a = b.at_most(TAIL_ENDS[b.arithmetic.digits] / scale, b.absolute(x))
    below, above = (b.add(a, b.number(sign * _CENTRE / scale)) for sign in (-1.0, 1.0))
    factor = b.fma(b.number(math.sqrt(math.pi / 2) * scale), a, b.number(1.0))
    return factor, b.divide(below, above)
