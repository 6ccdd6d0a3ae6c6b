"""The normal distribution and the error functions, right far into the tails.

The tail of the normal distribution is exp(-a**2/2) times Mills' ratio, which falls like 1/a.  With
that factor taken out, and a mapped to y = (a - 4)/(a + 4), a polynomial in y is left.
"""

import math

from symacts.numeric.llvm.coefficients import COEFFICIENTS
from symacts.numeric.llvm.exponentials import scaled_exp, split_product
from symacts.numeric.llvm.ir import Body, to_single
from symacts.numeric.llvm.limits import NDTR_NEAR, TAIL_ENDS

__all__ = ["erf", "erfc", "ndtr", "scaled_ndtr"]

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
        tail = b.multiply(b.number(0.5), _twice_tail(b, x, half=True))
        return b.select(is_left, tail, b.subtract(one, tail)), one
    tail, small = _single_tail(b, x)
    back = b.select(b.compare("olt", x, b.number(-NDTR_NEAR)), small, one)
    far = b.select(is_left, tail, b.subtract(one, b.multiply(tail, small)))
    is_near = b.compare("ole", b.absolute(x), b.number(NDTR_NEAR))
    return b.select(is_near, _single_centre(b, x), far), back


def _single_centre(b: Body, x: str) -> str:
    """The distribution function near zero: a half and odd powers, the first as good as exact."""
    square = b.multiply(x, x)
    first = to_single(_INVERSE_ROOT_TWO_PI)
    odd = b.polynomial(COEFFICIENTS["ndtr"]["single"], square)
    odd = b.fma(odd, square, b.number(_INVERSE_ROOT_TWO_PI - first))
    return b.fma(x, odd, b.fma(x, b.number(first), b.number(0.5)))


def _single_tail(b: Body, x: str) -> tuple[str, str]:
    """The tail in two factors."""
    a = b.at_most(TAIL_ENDS["single"], b.absolute(x))
    inverse = b.divide(b.number(1.0), b.add(a, b.number(_CENTRE)))
    y = b.multiply(b.subtract(a, b.number(_CENTRE)), inverse)
    ratio = b.polynomial(COEFFICIENTS["mills"]["single"], y)
    square, rest = split_product(b, x)
    minus = b.number(-0.5)
    bell, small = scaled_exp(
        b, b.multiply(minus, square), rest=b.multiply(minus, rest), factor=ratio
    )
    return b.multiply(bell, inverse), small


def erfc(b: Body, x: str) -> str:
    """1 - erf(x), near zero from erf, which keeps the last digits there."""
    tail = _twice_tail(b, x, half=False)
    is_left = b.compare("olt", x, b.number(0.0))
    far = b.select(is_left, b.subtract(b.number(2.0), tail), tail)
    is_near = b.compare("olt", b.absolute(x), b.number(0.5))
    return b.select(is_near, b.subtract(b.number(1.0), _near_erf(b, x)), far)


def erf(b: Body, x: str) -> str:
    """The error function: odd powers below one, one less the tail beyond."""
    far = b.copysign(b.subtract(b.number(1.0), _twice_tail(b, x, half=False)), x)
    is_near = b.compare("olt", b.absolute(x), b.number(1.0))
    return b.select(is_near, _near_erf(b, x), far)


def _near_erf(b: Body, x: str) -> str:
    z = b.multiply(x, x)
    odd = b.polynomial(COEFFICIENTS["erf"][b.arithmetic.digits], z)
    return b.fma(x, b.fma(z, odd, b.number(_TWO_OVER_ROOT_PI - 1.0)), x)


def _twice_tail(b: Body, x: str, *, half: bool) -> str:
    """Return erfc(a/sqrt(2)) if *half*, else erfc(a), with a = |x|."""
    scale = 1.0 if half else math.sqrt(2.0)
    one = b.number(1.0)
    # Beyond this nothing is left of exp(-a**2/2).
    a = b.at_most(TAIL_ENDS[b.arithmetic.digits] / scale, b.absolute(x))
    below, above = (b.add(a, b.number(sign * _CENTRE / scale)) for sign in (-1.0, 1.0))
    slope = b.number(math.sqrt(math.pi / 2) * scale)
    factor = b.fma(slope, a, one)
    ratio = b.polynomial(COEFFICIENTS["tail"][b.arithmetic.digits], b.divide(below, above))
    square, rest = split_product(b, x)
    minus = b.number(-0.5 if half else -1.0)
    bell, small = scaled_exp(
        b, b.multiply(minus, square), rest=b.multiply(minus, rest), factor=ratio
    )
    return b.multiply(b.divide(bell, factor), small)
