"""The NumPy form of each atom, accurate over the whole line.

Each function stands alone: exported source copies the ones it needs.  Arguments are float64 or
longdouble arrays, floating-point warnings are silenced by the caller, and every intermediate value
stays finite where the result is (`exp` is only ever taken of a number that is not positive).
"""

import numpy as np
from numpy.typing import NDArray
from scipy import special

Array = NDArray[np.floating]

__all__ = [
    "Phi",
    "below_largest",
    "erf",
    "erfc",
    "excess",
    "half_hyperbola",
    "hypot_minus",
    "in_support",
    "is_largest",
    "largest",
    "log_share",
    "logsumexp",
    "phi",
    "sech2",
    "share",
    "sigma",
    "sigma_prime",
    "simplex_threshold",
    "softplus",
    "support_size",
    "tanh_shrink",
    "times",
    "total",
]


def sigma(u: Array) -> Array:
    """The logistic sigmoid 1/(1 + exp(-u)), from exp(-|u|) so that nothing overflows."""
    e = np.exp(-np.abs(u))
    return np.where(u < 0, e, 1.0) / (1.0 + e)


def sigma_prime(u: Array) -> Array:
    """The derivative of the logistic sigmoid."""
    e = np.exp(-np.abs(u))
    return e / np.square(1.0 + e)


def softplus(u: Array) -> Array:
    """log(1 + exp(u))."""
    return np.maximum(u, 0.0) + np.log1p(np.exp(-np.abs(u)))


def sech2(u: Array) -> Array:
    """1 - tanh(u)**2, without the cancellation."""
    e = np.exp(-2.0 * np.abs(u))
    return 4.0 * e / np.square(1.0 + e)


def phi(u: Array) -> Array:
    """The density of the standard normal distribution."""
    return np.exp(-0.5 * np.square(u)) * 0.3989422804014327


def Phi(u: Array) -> Array:
    """The distribution function of the standard normal distribution; SciPy computes in double."""
    return special.ndtr(np.asarray(u, np.float64))


def erf(u: Array) -> Array:
    """The error function; SciPy computes in double."""
    return special.erf(np.asarray(u, np.float64))


def erfc(u: Array) -> Array:
    """The complementary error function; SciPy computes in double."""
    return special.erfc(np.asarray(u, np.float64))


def half_hyperbola(u: Array, c: float) -> Array:
    """u + hypot(u, c), where u < 0 as c**2/(hypot(u, c) - u) so that nothing cancels."""
    far = np.abs(u) + np.hypot(u, c)
    return np.where(u < 0, c * (c / far), far)


def hypot_minus(u: Array, c: float) -> Array:
    """hypot(u, c) - c, near zero as u**2/(hypot(u, c) + c) so that nothing cancels."""
    h = np.hypot(u, c)
    return np.where(np.abs(u) < c, u * (u / (h + c)), h - c)


def tanh_shrink(u: Array) -> Array:
    """u - tanh(u), below one half from the continued fraction of tanh so that nothing cancels."""
    q = np.square(np.clip(u, -0.5, 0.5))
    near: Array = np.zeros_like(q)
    for k in range(17, 1, -2):
        near = q / (k + near)
    return np.where(np.abs(u) < 0.5, u * near / (1.0 + near), u - np.tanh(u))


def times(u: Array, v: Array) -> Array:
    """u*v, where zero times infinity is zero: a closed gate lets nothing pass."""
    product = u * v
    lost = np.isnan(product) & ~(np.isnan(u) | np.isnan(v))
    return np.where(lost, 0.0, product)


def below_largest(h: Array, axis: int) -> Array:
    """h minus its largest entry; entries equal to an infinite largest one are at distance zero."""
    top = np.max(h, axis=axis, keepdims=True)
    return np.where(h == top, 0.0, h - top)


def share(h: Array, axis: int) -> Array:
    """exp(h) over the sum of exp(h) along the axis."""
    e = np.exp(below_largest(h, axis))
    return e / np.sum(e, axis=axis, keepdims=True)


def log_share(h: Array, axis: int) -> Array:
    """h less its logsumexp; the sum leaves out one largest entry, so that it keeps its digits."""
    d = below_largest(h, axis)
    e = np.exp(d)
    first = np.expand_dims(np.argmax(d, axis=axis), axis)
    np.put_along_axis(e, first, 0.0, axis=axis)
    return d - np.log1p(np.sum(e, axis=axis, keepdims=True))


def logsumexp(h: Array, axis: int) -> Array:
    """log of the sum of exp(h) along the axis, which is kept with length one."""
    top = np.max(h, axis=axis, keepdims=True)
    return top + np.log(np.sum(np.exp(below_largest(h, axis)), axis=axis, keepdims=True))


def total(h: Array, axis: int) -> Array:
    """The sum along the axis, which is kept with length one."""
    return np.sum(h, axis=axis, keepdims=True)


def largest(h: Array, axis: int) -> Array:
    """The largest entry along the axis, which is kept with length one."""
    return np.max(h, axis=axis, keepdims=True)


def is_largest(h: Array, axis: int) -> Array:
    """1.0 at the first largest entry along the axis, else 0.0."""
    one = np.zeros_like(h)
    np.put_along_axis(one, np.expand_dims(np.argmax(h, axis=axis), axis), 1.0, axis=axis)
    return one


def simplex_threshold(h: Array, axis: int) -> Array:
    """The tau for which the positive parts of h - tau sum to one.

    Martins & Astudillo 2016, algorithm 1.
    """
    top = np.max(h, axis=axis, keepdims=True)
    # An entry more than 1 below the largest is never kept; -2 stands for all of them.
    d = np.flip(np.sort(np.maximum(below_largest(h, axis), -2.0), axis=axis), axis=axis)
    shape = [1] * d.ndim
    shape[axis] = -1
    rank = np.arange(1, d.shape[axis] + 1, dtype=d.dtype).reshape(shape)
    total = np.cumsum(d, axis=axis) - 1.0
    kept = np.sum(rank * d > total, axis=axis, keepdims=True)
    return top + np.take_along_axis(total, kept - 1, axis=axis) / kept


def excess(h: Array, axis: int) -> Array:
    """h less its simplex threshold, both relative to the largest entry, which may be infinite."""
    d = below_largest(h, axis)
    return d - simplex_threshold(d, axis)


def support_size(h: Array, axis: int) -> Array:
    """How many entries lie above the simplex threshold."""
    return np.sum(excess(h, axis) > 0, axis=axis, keepdims=True).astype(h.dtype)


def in_support(gap: Array) -> Array:
    """1.0 where the argument is positive, else 0.0."""
    return np.where(gap > 0, 1.0, 0.0)
