"""exp and its relatives, without branches: exp(x) = 2**n (1 + p), p being a polynomial."""

from symacts.numeric.llvm.ir import DOUBLE, Body
from symacts.numeric.llvm.limits import TANH_NEAR
from symacts.numeric.llvm.primitives.coefficients import COEFFICIENTS

__all__ = [
    "OFF",
    "cosh",
    "exp",
    "exp_in_parts",
    "exp_rest",
    "expm1",
    "scaled_exp",
    "sinh",
    "split_product",
    "tanh",
    "times_exp",
]

# log(2) in two parts; n times the first one has an error that `fma` does not make.
_LOG2 = {
    "float": (0.693147182464599609375, -1.904654290582768e-09),
    "double": (0.69314718055994528623, 2.3190468138462996e-17),
}
_LOG2E = 1.44269504088896340736
#: Powers of two are built so many places away from where they belong, so that neither infinity nor
#: a subnormal number stands in between; the last multiplication rounds once.
OFF = 60


def times_exp(b: Body, scale: float, x: str) -> str:
    """A power of two times exp(x) for x <= 0, rounded once where exp(x) is subnormal."""
    magic, back = _magic_and_back(b, x, is_never_positive=True, scale=scale)
    return b.multiply(_power_times(b, x, magic, None, None), back)


def exp(b: Body, x: str, *, rest: str | None = None, is_never_positive: bool = False) -> str:
    """The exponential of x + rest, *rest* being far smaller; subnormal results are right."""
    magic, back = _magic_and_back(b, x, is_never_positive=is_never_positive)
    value = b.multiply(_power_times(b, x, magic, rest, None), back)
    if is_never_positive:
        return value
    is_infinite = b.compare("ogt", x, b.number(b.arithmetic.highest))
    return b.select(is_infinite, b.number(float("inf")), value)


def _magic_and_back(
    b: Body, x: str, *, is_never_positive: bool, scale: float = 1.0
) -> tuple[str, str]:
    """Return the magic number for x, and what brings its powers of two back where they belong."""
    magic, off = b.arithmetic.magic, OFF
    if b.arithmetic.digits == "short":
        return b.number(magic), b.number(scale)
    if is_never_positive:
        return b.number(magic + off), b.number(scale * 2.0**-off)
    is_positive = b.compare("ogt", x, b.number(0.0))
    chosen = b.select(is_positive, b.number(magic - off), b.number(magic + off))
    return chosen, b.select(is_positive, b.number(2.0**off), b.number(2.0**-off))


def exp_rest(b: Body, x: str, *, is_never_positive: bool = False) -> str:
    """Return what rounding leaves out of exp(x)."""
    magic, back = _magic_and_back(b, x, is_never_positive=is_never_positive)
    power, change = _split(b, x, magic)
    lost = b.fma(power, change, b.subtract(power, b.fma(power, change, power)))
    is_zero = b.compare("olt", x, b.number(b.arithmetic.lowest))
    return b.multiply(b.select(is_zero, b.number(0.0), lost), back)


def scaled_exp(
    b: Body, x: str, *, rest: str | None = None, factor: str | None = None
) -> tuple[str, str]:
    """Return factor*exp(x + rest) in two factors for x <= 0; the second one is a power of two."""
    off = 0 if b.arithmetic.digits == "short" else OFF
    value = _power_times(b, x, b.number(b.arithmetic.magic + off), rest, factor)
    return value, b.number(2.0**-off)


def exp_in_parts(b: Body, x: str) -> tuple[str, tuple[str, str]]:
    """Return exp(x) for x <= 0 as a number and two powers of two, none of them subnormal.

    So the product with any float32 loses nothing on the way, for all x where it is not zero.  Only
    where float64 has no exp(x) any more it is zero, times infinity too.
    """
    farthest, far, off = -200.0, -80.0, 40
    magic, one = b.arithmetic.magic, b.number(1.0)
    bounded = b.at_least(farthest, x)
    is_far = b.compare("olt", bounded, b.number(far))
    chosen = b.select(is_far, b.number(magic + off), b.number(magic))
    unit = b.select(is_far, b.number(2.0**-off), one)
    shifted, r = _reduced(b, bounded, chosen)
    n = b.whole("sub", b.bits(shifted), b.bits(b.number(magic)))
    half = b.whole("ashr", n, b.integer(1))
    powers = (_power_of_two(b, half), _power_of_two(b, b.whole("sub", n, half)))
    change = b.fma(b.multiply(r, r), _quotient(b, r), r)
    is_zero = b.compare("olt", x, b.number(DOUBLE.lowest))
    return b.select(is_zero, b.number(0.0), b.fma(unit, change, unit)), powers


def _power_times(b: Body, x: str, magic: str, rest: str | None, factor: str | None) -> str:
    """Return factor*exp(x + rest) times the power of two that *magic* stands for; zero far out."""
    power, change = _split(b, x, magic, rest)
    if factor is not None:
        power = b.multiply(power, factor)  # exact
    value = b.fma(power, change, power)
    is_zero = b.compare("olt", x, b.number(b.arithmetic.lowest))
    return b.select(is_zero, b.number(0.0), value)


def expm1(b: Body, x: str, *, is_never_positive: bool = False) -> str:
    """exp(x) - 1 for every x, with all digits where it is small."""
    return b.copysign(_expm1(b, x, is_never_positive=is_never_positive), x)


def _expm1(b: Body, x: str, *, is_never_positive: bool = False) -> str:
    """exp(x) - 1 but for the sign of zero."""
    scaled, _, back = _scaled_expm1(b, x, is_never_positive=is_never_positive)
    return scaled if is_never_positive else b.multiply(scaled, back)


def _scaled_expm1(b: Body, x: str, *, is_never_positive: bool) -> tuple[str, str, str]:
    """Return (exp(x) - 1)*unit, the unit, and one over the unit.

    The unit is 1 but for large x, where exp(x) itself may not be a number any more.
    """
    least = -20.0 if b.arithmetic.digits == "single" else -40.0
    unit = back = b.number(1.0)
    bounded = b.at_least(least, x)
    magic = b.number(b.arithmetic.magic)
    if not is_never_positive:
        off = OFF
        bounded = b.at_most(b.arithmetic.highest + 1.0, bounded)
        is_large = b.compare("ogt", x, b.number(-least))
        unit = b.select(is_large, b.number(2.0**-off), unit)
        back = b.select(is_large, b.number(2.0**off), back)
        magic = b.select(is_large, b.number(b.arithmetic.magic - off), magic)
    power, r, tail = _split_exactly(b, bounded, magic)
    whole = b.subtract(power, unit)
    if is_never_positive:
        return b.fma(power, b.add(r, tail), whole), unit, back
    # Here r alone may weigh more than the result, so that its rounding with the tail would show.
    return b.fma(power, tail, b.fma(power, r, whole)), unit, back


def _split(b: Body, x: str, magic: str, rest: str | None = None) -> tuple[str, str]:
    """Return 2**n and exp(x + rest)/2**n - 1.

    The excess of *magic* over the number that leaves the nearest integer is added to n in the
    power.
    """
    shifted, r = _reduced(b, x, magic, rest)
    return _power_of_two(b, b.bits(shifted)), b.fma(b.multiply(r, r), _quotient(b, r), r)


def _split_exactly(b: Body, x: str, magic: str) -> tuple[str, str, str]:
    """Return 2**n, and exp(x)/2**n - 1 as a sum of r and a small tail."""
    shifted, r = _reduced(b, x, magic)
    power, tail, q = _power_of_two(b, b.bits(shifted)), b.multiply(r, r), _quotient(b, r)
    if b.arithmetic.digits == "short":
        return power, r, b.multiply(tail, q)
    high, low = (b.number(-part) for part in _LOG2[b.arithmetic.scalar])
    n = b.subtract(shifted, magic)
    lost = b.fma(n, low, b.subtract(b.fma(n, high, x), r))
    return power, r, b.fma(tail, q, lost)


def _reduced(b: Body, x: str, magic: str, rest: str | None = None) -> tuple[str, str]:
    """Return n in the last bits of a float, and r = x + rest - n log(2)."""
    shifted = b.fma(x, b.number(_LOG2E), magic)
    n = b.subtract(shifted, magic)
    high, low = (b.number(-part) for part in _LOG2[b.arithmetic.scalar])
    r = b.fma(n, high, x)
    if rest is not None:
        return shifted, b.add(r, b.fma(n, low, rest))
    return shifted, r if b.arithmetic.digits == "short" else b.fma(n, low, r)


def _quotient(b: Body, r: str) -> str:
    """Return (exp(r) - 1 - r)/r**2."""
    return b.polynomial(COEFFICIENTS["exp"][b.arithmetic.digits], r)


def _power_of_two(b: Body, n: str) -> str:
    """Return 2**n for an integer; the bits of a magic number in it are shifted out."""
    exponent = b.whole("shl", n, b.integer(b.arithmetic.mantissa))
    one = b.integer(b.arithmetic.bias << b.arithmetic.mantissa)
    return b.floats(b.whole("add", exponent, one))


def tanh(b: Body, x: str, *, has_exp: bool = False) -> str:
    """The hyperbolic tangent: odd powers, or 1 - 2e/(1 + e) with e = exp(-2|x|).

    The two have one polynomial between them, unless exp(-2|x|) stands in the program anyway.
    """
    a, one, z = b.absolute(x), b.number(1.0), b.multiply(x, x)
    twice = b.multiply(b.number(-2.0), a)
    is_near = b.compare("olt", a, b.number(TANH_NEAR))
    odd, terms = (COEFFICIENTS[name][b.arithmetic.digits] for name in ("tanh", "exp"))
    if has_exp:
        q, e = b.polynomial(odd, z), exp(b, twice, is_never_positive=True)
    else:
        # Below this e is lost beside 1.
        shifted, r = _reduced(b, b.at_least(-44.0, twice), b.number(b.arithmetic.magic))
        q = b.either_polynomial(is_near, (odd, z), (terms, r))
        power = _power_of_two(b, b.bits(shifted))
        e = b.fma(power, b.fma(b.multiply(r, r), q, r), power)
    near = b.fma(b.multiply(x, z), q, x)
    far = b.subtract(one, b.divide(b.add(e, e), b.add(one, e)))
    return b.copysign(b.select(is_near, near, far), x)


def sinh(b: Body, x: str) -> str:
    """The hyperbolic sine (t + t/(1 + t))/2 with t = exp(|x|) - 1."""
    scaled, unit, back = _scaled_expm1(b, b.absolute(x), is_never_positive=False)
    ratio = b.divide(scaled, b.add(scaled, unit))
    twice = b.fma(ratio, unit, scaled)
    return b.copysign(b.multiply(b.multiply(twice, b.number(0.5)), back), x)


def cosh(b: Body, x: str) -> str:
    """The hyperbolic cosine (e + 1/e)/2 with e = exp(|x|)."""
    scaled, unit, back = _scaled_expm1(b, b.absolute(x), is_never_positive=False)
    e = b.add(scaled, unit)
    twice = b.add(e, b.divide(b.multiply(unit, unit), e))
    return b.multiply(b.multiply(twice, b.number(0.5)), back)


def split_product(b: Body, x: str) -> tuple[str, str]:
    """Return x*x and what rounding left out, or zero where the product is too large to matter."""
    product = b.multiply(x, x)
    if b.arithmetic.digits == "short":
        return product, b.number(0.0)
    rest = b.fma(x, x, b.negative(product))
    is_small = b.compare("olt", product, b.number(4096.0))
    return product, b.select(is_small, rest, b.number(0.0))
