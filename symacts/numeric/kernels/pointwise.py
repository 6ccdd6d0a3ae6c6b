"""The NumPy form of each function of one number, accurate over the whole line.

`exp` is only ever taken of a number that is not positive, so that nothing overflows.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = [
    "Phi",
    "closed",
    "erf",
    "erfc",
    "half_hyperbola",
    "hypot",
    "hypot_minus",
    "log1p_square",
    "log_cosh",
    "mills",
    "phi",
    "sech2",
    "sech2_softplus",
    "sigma",
    "sigma_prime",
    "softplus",
    "softplus_excess",
    "tanh_shrink",
    "tanh_softplus",
    "tanh_softplus_prime",
    "times",
]

Array = NDArray[np.floating]

#: The coefficients of `tanh_shrink`, the highest power first.
SHRINK = (
    2.295330465333733e-05,
    -8.819580305745065e-05,
    0.00023635364294136244,
    -0.0005894667419101905,
    0.0014557608138655873,
    -0.0035921217969498704,
    0.008863235198659135,
    -0.0218694885258676,
    0.053968253968089755,
    -0.1333333333333323,
    0.3333333333333333,
)
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


def tanh_softplus_prime(u: Array) -> Array:
    """The derivative of tanh(log(1 + exp(u))), which is rational in exp(u)."""
    e = np.exp(-np.abs(u))
    top = np.where(u < 0.0, e, np.square(e))
    bottom = np.where(u < 0.0, 2.0 + e * (e + 2.0), 1.0 + 2.0 * e * (1.0 + e))
    return 4.0 * top * (1.0 + e) / np.square(bottom)


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
    """u - tanh(u), below one half by a polynomial so that nothing cancels.

    A Chebyshev fit to (u - tanh(u))/u**3 in u**2, right to 2**-53.
    """
    q = np.square(u)
    near = SHRINK[0] * q + SHRINK[1]
    for coefficient in SHRINK[2:]:
        near = near * q + coefficient
    return np.where(q < 0.25, u * q * near, u - np.tanh(u))


def times(u: Array, v: Array) -> Array:
    """u*v, where zero times infinity is zero: a closed gate lets nothing pass."""
    product = u * v
    lost = np.isnan(product) & ~(np.isnan(u) | np.isnan(v))
    return np.where(lost, 0.0, product)


def closed(y: Array, p: Array, u: Array, q: Array | float = 1.0) -> Array:
    """y = p*f(u)*q, and zero where an infinite factor met a factor that is zero."""
    lost = np.isnan(y) & ~(np.isnan(p) | np.isnan(u) | np.isnan(q))
    return np.where(lost, 0.0, y)
