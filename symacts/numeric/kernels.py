"""The NumPy form of each atom, accurate over the whole line.

Each function stands alone: exported source copies the ones it needs.  Arguments are float64 or
longdouble arrays, floating-point warnings are silenced by the caller, and every intermediate value
stays finite where the result is (`exp` is only ever taken of a number that is not positive).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import special

from symacts.numeric.along import (
    excess,
    in_support,
    is_largest,
    largest,
    log_share,
    logsumexp,
    share,
    simplex_threshold,
    support_size,
    total,
)

Array = NDArray[np.floating]

#: The kernels for which SciPy has no more than double precision.
IN_DOUBLE = frozenset({"erf", "erfc"})
#: The coefficients of `mills`, the highest power first.
MILLS = (
    1.702018452856109e-09,
    1.0731453384660476e-08,
    8.074588505383439e-10,
    -9.755336107224699e-08,
    -5.986102390990696e-08,
    6.413735312889367e-07,
    3.3791962019060274e-07,
    -4.264206949446049e-06,
    2.1637771707133745e-07,
    2.9270726689720398e-05,
    -3.531177704428984e-05,
    -0.00016902445136671843,
    0.0006111897124089466,
    -6.078276920951485e-05,
    -0.0054049435844201665,
    0.021999950782981517,
    -0.05336846558720673,
    0.09195213625230057,
    -0.11332776667353477,
    0.08278169766676695,
    0.02378521642952025,
    -0.1965295385439442,
    1.4010537218588788,
)

__all__ = [
    "Phi",
    "Phi_times",
    "angle_error",
    "closed",
    "cos_scaled",
    "erf",
    "erfc",
    "excess",
    "exp_square",
    "exp_square_times",
    "exp_times",
    "half_hyperbola",
    "hypot",
    "hypot_minus",
    "in_support",
    "is_largest",
    "largest",
    "log1p_square",
    "log_cosh",
    "log_share",
    "logsumexp",
    "mills",
    "phi",
    "phi_times",
    "product_error",
    "sech2",
    "sech2_softplus",
    "sech2_softplus_times",
    "sech2_times",
    "share",
    "sigma",
    "sigma_prime",
    "sigma_prime_times",
    "sigma_times",
    "simplex_threshold",
    "sin_scaled",
    "sin_square_scaled",
    "softplus",
    "softplus_excess",
    "softplus_excess_times",
    "square_error",
    "support_size",
    "tanh_shrink",
    "tanh_softplus",
    "tanh_softplus_prime",
    "tanh_softplus_prime_times",
    "tanh_softplus_times",
    "times",
    "total",
    "twice_times",
]


def sigma(u: Array) -> Array:
    """The logistic sigmoid 1/(1 + exp(-u)), from exp(-|u|) so that nothing overflows."""
    e = np.exp(-np.abs(u))
    return np.where(u < 0.0, e, 1.0) / (1.0 + e)


def sigma_prime(u: Array) -> Array:
    """The derivative of the logistic sigmoid."""
    e = np.exp(-np.abs(u))
    return e / np.square(1.0 + e)


def softplus(u: Array) -> Array:
    """log(1 + exp(u))."""
    return np.maximum(u, 0.0) + np.log1p(np.exp(-np.abs(u)))


def softplus_excess(u: Array) -> Array:
    """log(1 + exp(u)) less the positive part of u."""
    return np.log1p(np.exp(-np.abs(u)))


def sech2(u: Array) -> Array:
    """1 - tanh(u)**2, without the cancellation."""
    e = np.exp(-2.0 * np.abs(u))
    return 4.0 * e / np.square(1.0 + e)


def phi(u: Array) -> Array:
    """The density of the standard normal distribution."""
    return np.exp(-0.5 * np.square(u)) * 0.3989422804014327


def tanh_softplus(u: Array) -> Array:
    """tanh(log(1 + exp(u))), which is rational in exp(u)."""
    e = np.exp(-np.abs(u))
    top = np.where(u < 0.0, e * (e + 2.0), 1.0 + 2.0 * e)
    return top / (top + np.where(u < 0.0, 2.0, 2.0 * np.square(e)))


def sech2_softplus(u: Array) -> Array:
    """1 - tanh(log(1 + exp(u)))**2, which is rational in exp(u)."""
    e = np.exp(-np.abs(u))
    near = np.where(u < 0.0, 1.0, e)
    bottom = np.where(u < 0.0, 2.0 + e * (e + 2.0), 1.0 + 2.0 * e * (1.0 + e))
    return np.square(2.0 * near * (1.0 + e) / bottom)


# exp(u) sinks below the smallest normal number before p*exp(u)*q does, and loses its digits.  So in
# each of the next functions p and q come in beside the square roots of what decays.


def twice_times(p: Array, r: Array) -> Array:
    """p*r**2."""
    return p * r * r


def exp_times(p: Array, u: Array, q: Array | float = 1.0) -> Array:
    """p*exp(u)*q."""
    h = np.exp(0.5 * u)
    return p * h * (q * h)


def product_error(u: Array, c: Array) -> Array:
    """What u*c leaves out, exactly: Dekker 1971, on halves of the digits of u and c."""
    head = u * 134217729.0
    head = head - (head - u)
    tail = u - head
    first = c * 134217729.0
    first = first - (first - c)
    last = c - first
    return head * first - u * c + (head * last + tail * first) + tail * last


def sin_scaled(u: Array, c: Array, rest: float = 0.0) -> Array:
    """sin((c + rest)*u), the product to twice a double's digits."""
    angle = np.clip(c * u, -1.7e308, 1.7e308)
    low = angle_error(u, c, rest)
    return np.sin(angle) * np.cos(low) + np.cos(angle) * np.sin(low)


def cos_scaled(u: Array, c: Array, rest: float = 0.0) -> Array:
    """cos((c + rest)*u), the product to twice a double's digits."""
    angle = np.clip(c * u, -1.7e308, 1.7e308)
    low = angle_error(u, c, rest)
    return np.cos(angle) * np.cos(low) - np.sin(angle) * np.sin(low)


def angle_error(u: Array, c: Array, rest: float) -> Array:
    """What c*u leaves out of (c + rest)*u, where it still matters to a sine."""
    v = np.clip(u, -1e20, 1e20)
    return product_error(v, c) + rest * v


def sin_square_scaled(u: Array, c: Array, rest: float = 0.0) -> Array:
    """sin((c + rest)*u)**2, from the cosine of twice the angle where that keeps more digits."""
    wave = cos_scaled(u, 2.0 * c, 2.0 * rest)
    small = np.square(sin_scaled(u, 2.0 * c, 2.0 * rest)) / (1.0 + wave)
    return 0.5 * np.where(wave > 0.5, small, 1.0 - wave)


def square_error(u: Array) -> Array:
    """What np.square(u) leaves out, exactly: Dekker 1971, on halves of the digits of u."""
    head = u * 134217729.0
    head = head - (head - u)
    tail = u - head
    return head * head - np.square(u) + 2.0 * head * tail + tail * tail


def exp_square(u: Array, c: float) -> Array:
    """exp(c*u**2) for a negative c, from the exact square."""
    v = np.clip(u, -1e30, 1e30)
    return np.exp(c * np.square(v)) * (1.0 + np.clip(c * square_error(v), -1.0, 1.0))


def exp_square_times(p: Array, u: Array, c: float) -> Array:
    """p*exp(c*u**2) for a negative c, from the exact square."""
    v = np.clip(u, -1e30, 1e30)
    h = np.exp(0.5 * c * np.square(v))
    return p * h * (1.0 + np.clip(c * square_error(v), -1.0, 1.0)) * h


def sigma_times(p: Array, u: Array, q: Array | float = 1.0) -> Array:
    """p/(1 + exp(-u))*q."""
    h = np.exp(-0.5 * np.abs(u))
    r = np.where(u < 0.0, h, 1.0)
    return p * r / (1.0 + np.square(h)) * (q * r)


def sigma_prime_times(p: Array, u: Array, q: Array | float = 1.0) -> Array:
    """p times the derivative of the logistic sigmoid, times q."""
    h = np.exp(-0.5 * np.abs(u))
    return p * h / np.square(1.0 + np.square(h)) * (q * h)


def sech2_times(p: Array, u: Array, q: Array | float = 1.0) -> Array:
    """p*(1 - tanh(u)**2)*q."""
    h = np.exp(-np.abs(u))
    return p * h / np.square(1.0 + np.square(h)) * 4.0 * (q * h)


def phi_times(p: Array, u: Array, q: Array | float = 1.0) -> Array:
    """p times the density of the standard normal distribution, times q."""
    h = np.exp(-0.25 * np.square(u))
    return p * h * 0.3989422804014327 * (q * h)


def softplus_excess_times(p: Array, u: Array, q: Array | float = 1.0) -> Array:
    """p*(log(1 + exp(u)) less the positive part of u)*q."""
    h = np.exp(-0.5 * np.abs(u))
    e = np.square(h)
    return np.where(e < 1e-18, p * h * (q * h), p * np.log1p(e) * q)


def tanh_softplus_times(p: Array, u: Array, q: Array | float = 1.0) -> Array:
    """p*tanh(log(1 + exp(u)))*q."""
    h = np.exp(-0.5 * np.abs(u))
    e = np.square(h)
    r = np.where(u < 0.0, h, 1.0)
    top = np.where(u < 0.0, e + 2.0, 1.0 + 2.0 * e)
    bottom = np.where(u < 0.0, 2.0 + e * (e + 2.0), 1.0 + 2.0 * e * (1.0 + e))
    return p * r * top / bottom * (q * r)


def tanh_softplus_prime(u: Array) -> Array:
    """The derivative of tanh(log(1 + exp(u))), which is rational in exp(u)."""
    e = np.exp(-np.abs(u))
    top = np.where(u < 0.0, e, np.square(e))
    bottom = np.where(u < 0.0, 2.0 + e * (e + 2.0), 1.0 + 2.0 * e * (1.0 + e))
    return 4.0 * top * (1.0 + e) / np.square(bottom)


def tanh_softplus_prime_times(p: Array, u: Array, q: Array | float = 1.0) -> Array:
    """p times the derivative of tanh(log(1 + exp(u))), times q."""
    h = np.exp(-0.5 * np.abs(u))
    e = np.square(h)
    r = np.where(u < 0.0, h, e)
    bottom = np.where(u < 0.0, 2.0 + e * (e + 2.0), 1.0 + 2.0 * e * (1.0 + e))
    return p * r * (1.0 + e) / np.square(bottom) * 4.0 * (q * r)


def sech2_softplus_times(p: Array, u: Array, q: Array | float = 1.0) -> Array:
    """p*(1 - tanh(log(1 + exp(u)))**2)*q."""
    h = np.exp(-0.5 * np.abs(u))
    e = np.square(h)
    r = np.where(u < 0.0, 1.0, e)
    bottom = np.where(u < 0.0, 2.0 + e * (e + 2.0), 1.0 + 2.0 * e * (1.0 + e))
    part = 2.0 * (1.0 + e) / bottom
    return p * r * part * (q * r * part)


def mills(u: Array) -> Array:
    """Mills' ratio of the standard normal distribution for 0 <= u <= 56: (1 - Phi(u))/phi(u).

    A Chebyshev fit to (1 + sqrt(pi/2)*u)*mills(u) in (u - 5)/(u + 5), right to 2**-54.
    """
    y = (u - 5.0) / (u + 5.0)
    near = MILLS[0] * y + MILLS[1]
    for coefficient in MILLS[2:]:
        near = near * y + coefficient
    return near / (1.0 + 1.2533141373155003 * u)


def Phi(u: Array) -> Array:
    """The distribution function of the standard normal distribution."""
    a = np.minimum(np.abs(u), 56.0)
    q = np.exp(-0.5 * np.square(a)) * 0.3989422804014327 * mills(a)
    return np.where(u < 0.0, q, 1.0 - q)


def Phi_times(p: Array, u: Array, q: Array | float = 1.0) -> Array:
    """p times the distribution function of the standard normal distribution, times q."""
    a = np.minimum(np.abs(u), 56.0)
    h = np.exp(-0.25 * np.square(a))
    part = 0.3989422804014327 * h * mills(a)
    return np.where(u < 0.0, p * part * (q * h), p * (1.0 - part * h) * q)


def erf(u: Array) -> Array:
    """The error function."""
    return special.erf(u)


def erfc(u: Array) -> Array:
    """The complementary error function."""
    return special.erfc(u)


def hypot(u: Array, c: float) -> Array:
    """sqrt(u**2 + c**2), which is |u| where u is large."""
    small = np.clip(u, -1e150, 1e150)
    return np.maximum(np.abs(u), np.sqrt(np.square(small) + np.square(c)))


def half_hyperbola(u: Array, c: float) -> Array:
    """(u + hypot(u, c))/2, where u < 0 without the cancellation."""
    far = 0.5 * np.abs(u) + 0.5 * hypot(u, c)
    return np.where(u < 0.0, 0.5 * c * (0.5 * c / far), far)


def hypot_minus(u: Array, c: float) -> Array:
    """hypot(u, c) - c, near zero as u**2/(hypot(u, c) + c) so that nothing cancels."""
    h = hypot(u, c)
    return np.where(np.abs(u) < c, u * (u / (h + c)), h - c)


def log1p_square(u: Array) -> Array:
    """log(1 + u**2), where u is large as 2*log(|u|)."""
    a = np.abs(u)
    return np.where(a > 1e9, 2.0 * np.log(a), np.log1p(np.square(a)))


def log_cosh(u: Array) -> Array:
    """log(cosh(u)), near zero from sinh so that nothing cancels."""
    a = np.abs(u)
    near = np.log1p(2.0 * np.square(np.sinh(0.5 * np.minimum(a, 1.0))))
    return np.where(a < 1.0, near, a - 0.6931471805599453 + np.log1p(np.exp(-2.0 * a)))


def tanh_shrink(u: Array) -> Array:
    """u - tanh(u), below one half from the continued fraction of tanh so that nothing cancels."""
    q = np.square(np.clip(u, -0.5, 0.5))
    near = q / 17.0
    for k in range(15, 1, -2):
        near = q / (k + near)
    return np.where(np.abs(u) < 0.5, u * near / (1.0 + near), u - np.tanh(u))


def times(u: Array, v: Array) -> Array:
    """u*v, where zero times infinity is zero: a closed gate lets nothing pass."""
    product = u * v
    lost = np.isnan(product) & ~(np.isnan(u) | np.isnan(v))
    return np.where(lost, 0.0, product)


def closed(y: Array, p: Array, u: Array, q: Array | float = 1.0) -> Array:
    """y = p*f(u)*q, and zero where an infinite factor met a factor that is zero."""
    lost = np.isnan(y) & ~(np.isnan(p) | np.isnan(u) | np.isnan(q))
    return np.where(lost, 0.0, y)
