"""Products with a factor that decays like an exponential, right until the product itself is zero.

exp(u) sinks below the smallest normal number before p*exp(u)*q does, and loses its digits.  So in
each of these functions p and q come in beside the square roots of what decays.
"""

import numpy as np
from numpy.typing import NDArray

from symacts.numeric.kernels.pointwise import mills
from symacts.numeric.kernels.waves import square_error

__all__ = [
    "Phi_times",
    "exp_square_times",
    "exp_times",
    "phi_times",
    "sech2_softplus_times",
    "sech2_times",
    "sigma_prime_times",
    "sigma_times",
    "softplus_excess_times",
    "tanh_softplus_prime_times",
    "tanh_softplus_times",
    "twice_times",
]

Array = NDArray[np.floating]


def twice_times(p: Array, r: Array) -> Array:
    """p*r**2."""
    return p * r * r


def exp_times(p: Array, u: Array, q: Array | float = 1.0) -> Array:
    """p*exp(u)*q."""
    h = np.exp(0.5 * u)
    return p * h * (q * h)


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


def Phi_times(p: Array, u: Array, q: Array | float = 1.0) -> Array:
    """p times the distribution function of the standard normal distribution, times q."""
    a = np.minimum(np.abs(u), 56.0)
    h = np.exp(-0.25 * np.square(a))
    part = 0.3989422804014327 * h * mills(a)
    return np.where(u < 0.0, p * part * (q * h), p * (1.0 - part * h) * q)


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
