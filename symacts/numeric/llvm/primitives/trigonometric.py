"""sin, cos, tan and arctan.

Up to a billion the argument is brought into a quarter turn with pi/2 in three parts; the few lanes
beyond that ask the mathematical library of the system, which knows pi to a thousand digits.
"""

import math

from symacts.numeric.llvm.ir import Body
from symacts.numeric.llvm.primitives.coefficients import COEFFICIENTS

__all__ = ["LIBRARY", "arctan", "cos", "helpers", "sin", "tan"]

#: The functions of the system's library that machine code may call.
LIBRARY = ("sin", "cos", "tan")
_QUARTER = {
    "double": (1.5707963267948966, 6.123233995736766e-17, -1.4973849048591833e-33),
    "single": (1.57079637050628662109375, -4.37113900018624283e-8, -1.7151158751e-15),
}
_FARTHEST = {"single": 2.0**13, "short": 2.0**30, "double": 2.0**30}


def sin(b: Body, x: str) -> str:
    """The sine."""
    quarter, r, rest = _reduce(b, x)
    value = b.select(_bit(b, quarter, 0), _cosine(b, r, rest), _sine(b, r, rest))
    value = _flip(b, value, _bit(b, quarter, 1))
    return _beyond(b, "sin", x, _keep_zero(b, x, value))


def cos(b: Body, x: str) -> str:
    """The cosine."""
    quarter, r, rest = _reduce(b, x)
    value = b.select(_bit(b, quarter, 0), _sine(b, r, rest), _cosine(b, r, rest))
    # Negative in the second and the third quarter.
    next_one = b.whole("add", quarter, b.integer(1))
    return _beyond(b, "cos", x, _flip(b, value, _bit(b, next_one, 1)))


def tan(b: Body, x: str) -> str:
    """The tangent."""
    quarter, r, rest = _reduce(b, x)
    sine, cosine = _sine(b, r, rest), _cosine(b, r, rest)
    is_odd = _bit(b, quarter, 0)
    numerator = b.select(is_odd, b.negative(cosine), sine)
    value = b.divide(numerator, b.select(is_odd, sine, cosine))
    return _beyond(b, "tan", x, _keep_zero(b, x, value))


def arctan(b: Body, x: str) -> str:
    """The arc tangent, of t with |t| <= tan(pi/8), and none, one or two times pi/4."""
    a, one = b.absolute(x), b.number(1.0)
    is_steep = b.compare("ogt", a, b.number(math.sqrt(2.0) + 1.0))
    is_middle = b.compare("ogt", a, b.number(math.sqrt(2.0) - 1.0))
    numerator = b.select(is_middle, b.subtract(a, one), a)
    numerator = b.select(is_steep, b.number(-1.0), numerator)
    denominator = b.select(is_middle, b.add(a, one), one)
    t = b.divide(numerator, b.select(is_steep, a, denominator))
    z = b.multiply(t, t)
    odd = b.polynomial(COEFFICIENTS["arctan"][b.arithmetic.digits], z)
    high, low = (
        (1.5707963705062866, -4.371139000186e-8)
        if b.arithmetic.digits == "single"
        else (1.5707963267948966, 6.123233995736766e-17)
    )
    zero = b.number(0.0)
    offset = b.select(is_steep, b.number(high), b.select(is_middle, b.number(high / 2), zero))
    rest = b.select(is_steep, b.number(low), b.select(is_middle, b.number(low / 2), zero))
    value = b.add(t, b.fma(b.multiply(t, z), odd, rest))
    return b.copysign(b.add(offset, value), x)


def _reduce(b: Body, x: str) -> tuple[str, str, str]:
    """Return n, and x - n pi/2 as a number and a small rest."""
    parts = _QUARTER["single" if b.arithmetic.digits == "single" else "double"]
    first, second, third = map(b.number, parts)
    magic = b.number(b.arithmetic.magic)
    shifted = b.fma(x, b.number(2.0 / math.pi), magic)
    n = b.negative(b.subtract(shifted, magic))
    r0 = b.fma(n, first, x)  # exact
    r = b.fma(n, second, r0)
    if b.arithmetic.digits == "short":
        return b.bits(shifted), r, b.number(0.0)
    # What was lost: r0 + n second = r + rest, with the product in two parts.
    product = b.multiply(n, second)
    lost = b.fma(n, second, b.negative(product))
    total = b.add(r0, product)
    back = b.subtract(total, r0)
    error = b.add(b.subtract(r0, b.subtract(total, back)), b.subtract(product, back))
    rest = b.fma(n, third, b.add(error, lost))
    r = b.add(total, rest)
    return b.bits(shifted), r, b.add(b.subtract(total, r), rest)


def _sine(b: Body, r: str, rest: str) -> str:
    z = b.multiply(r, r)
    odd = b.polynomial(COEFFICIENTS["sin"][b.arithmetic.digits], z)
    return b.add(r, b.fma(b.multiply(z, r), odd, rest))


def _cosine(b: Body, r: str, rest: str) -> str:
    z = b.multiply(r, r)
    even = b.polynomial(COEFFICIENTS["cos"][b.arithmetic.digits], z)
    half = b.multiply(b.number(0.5), z)
    w = b.subtract(b.number(1.0), half)
    # 1 - half = w + what rounding left out; the derivative of cos carries the rest of r.
    left = b.subtract(b.subtract(b.number(1.0), w), half)
    left = b.fma(b.negative(r), rest, left)
    return b.add(w, b.fma(b.multiply(z, z), even, left))


def _bit(b: Body, n: str, place: int) -> str:
    """Return whether a bit of an integer is set."""
    bit = b.whole("and", n, b.integer(1 << place))
    return b.line(f"icmp ne {b.integers} {bit}, {b.integer(0)}")


def _flip(b: Body, value: str, is_flipped: str) -> str:
    return b.select(is_flipped, b.negative(value), value)


def _keep_zero(b: Body, x: str, value: str) -> str:
    """Return *value*, but x itself where it is zero, for the sake of its sign."""
    return b.select(b.compare("oeq", x, b.number(0.0)), x, value)


def _beyond(b: Body, name: str, x: str, value: str) -> str:
    """Return *value*, or what the system's library says in the lanes where x is too large."""
    limit = b.number(_FARTHEST[b.arithmetic.digits])
    is_near = b.compare("ult", b.absolute(x), limit)

    def ask() -> str:
        asked = b.line(f"call {b.type} @far_{name}_{b.lanes}{b.arithmetic.scalar}({b.type} {x})")
        return b.select(is_near, value, asked)

    b.helpers.add((name, b.arithmetic.scalar, b.lanes))
    return b.unless_all(is_near, value, ask)


def helpers(name: str, scalar: str, lanes: int) -> str:
    """Return a function that asks the system's library about each number of a vector."""
    vector = f"<{lanes} x {scalar}>"
    before, after = ("", "")
    given, answer = "%x", "%y"
    if scalar == "float":
        before, given = "  %wide = fpext float %x to double\n", "%wide"
        after, answer = "  %narrow = fptrunc double %y to float\n", "%narrow"
    return f"""
define internal {vector} @far_{name}_{lanes}{scalar}({vector} %xs) noinline nounwind {{
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %ys = phi {vector} [ %xs, %entry ], [ %filled, %loop ]
  %x = extractelement {vector} %xs, i64 %i
{before}  %y = call double @{name}(double {given})
{after}  %filled = insertelement {vector} %ys, {scalar} {answer}, i64 %i
  %next = add i64 %i, 1
  %more = icmp ult i64 %next, {lanes}
  br i1 %more, label %loop, label %done
done:
  ret {vector} %filled
}}
"""
