"""Products and squares to twice a double's digits, for sines, cosines and Gaussians of them.

A rounded argument is as if x were rounded, which costs nothing until another factor or term makes
the whole stand still where the argument is large.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "angle_error",
    "cos_scaled",
    "exp_square",
    "product_error",
    "sin_scaled",
    "sin_square_scaled",
    "square_error",
]

Array = NDArray[np.floating]


def product_error(u: Array, c: Array) -> Array:
    """What u*c leaves out, exactly: Dekker 1971, on halves of the digits of u and c."""
    head = u * 134217729.0
    head = head - (head - u)
    tail = u - head
    first = c * 134217729.0
    first = first - (first - c)
    last = c - first
    return head * first - u * c + (head * last + tail * first) + tail * last


def angle_error(u: Array, c: Array, rest: float) -> Array:
    """What c*u leaves out of (c + rest)*u, where it still matters to a sine."""
    v = np.clip(u, -1e20, 1e20)
    return product_error(v, c) + rest * v


def sin_of_error(low: Array) -> Array:
    """sin(low), which is low itself where that is tiny, as it is but for very large angles."""
    return np.where(np.abs(low) > 1e-9, np.sin(low), low)


def cos_of_error(low: Array) -> Array:
    """cos(low), which is one where low is tiny."""
    return np.where(np.abs(low) > 1e-9, np.cos(low), 1.0)


def sin_scaled(u: Array, c: Array, rest: float = 0.0) -> Array:
    """sin((c + rest)*u), the product to twice a double's digits."""
    angle = np.clip(c * u, -1.7e308, 1.7e308)
    low = angle_error(u, c, rest)
    return np.sin(angle) * cos_of_error(low) + np.cos(angle) * sin_of_error(low)


def cos_scaled(u: Array, c: Array, rest: float = 0.0) -> Array:
    """cos((c + rest)*u), the product to twice a double's digits."""
    angle = np.clip(c * u, -1.7e308, 1.7e308)
    low = angle_error(u, c, rest)
    return np.cos(angle) * cos_of_error(low) - np.sin(angle) * sin_of_error(low)


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
