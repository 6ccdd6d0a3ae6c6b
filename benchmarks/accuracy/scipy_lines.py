"""The lines that a careful user of NumPy and SciPy would write: f, and f' and f'' by hand."""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

import numpy as np
from scipy import special

__all__ = ["LINES", "VECTOR_LINES"]

Line: TypeAlias = Callable[[Any], Any]

ROOT_PI, ROOT_2PI = np.sqrt(np.pi), np.sqrt(2 * np.pi)
LAMBDA, ALPHA = 1.0507009873554804934, 1.6732632423543772848


def _density(x: Any) -> Any:
    return np.exp(-(x**2) / 2) / ROOT_2PI


def _logistic_slope(x: Any) -> Any:
    s = special.expit(x)
    return s * (1 - s)


def _logistic_curvature(x: Any) -> Any:
    s = special.expit(x)
    return s * (1 - s) * (1 - 2 * s)


def _silu_slope(x: Any) -> Any:
    s = special.expit(x)
    return s * (1 + x * (1 - s))


def _silu_curvature(x: Any) -> Any:
    s = special.expit(x)
    return s * (1 - s) * (2 + x * (1 - 2 * s))


def _gate(x: Any) -> Any:
    return np.tanh(np.logaddexp(0, x))


def _mish_slope(x: Any) -> Any:
    t = _gate(x)
    return t + x * (1 - t**2) * special.expit(x)


def _mish_curvature(x: Any) -> Any:
    t, s = _gate(x), special.expit(x)
    return (1 - t**2) * s * (2 + x * (1 - s - 2 * t * s))


def _tanh_curvature(x: Any) -> Any:
    t = np.tanh(x)
    return -2 * t * (1 - t**2)


def _lisht_slope(x: Any) -> Any:
    t = np.tanh(x)
    return t + x * (1 - t**2)


def _lisht_curvature(x: Any) -> Any:
    t = np.tanh(x)
    return (1 - t**2) * (2 - 2 * x * t)


def _inner(x: Any) -> Any:
    return np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)


def _elu(scale: float, depth: float) -> Sequence[Line]:
    """Return a scaled ELU and its derivatives."""
    return (
        lambda x: scale * np.where(x > 0, x, depth * np.expm1(np.minimum(x, 0))),
        lambda x: scale * np.where(x > 0, 1.0, depth * np.exp(np.minimum(x, 0))),
        lambda x: scale * np.where(x > 0, 0.0, depth * np.exp(np.minimum(x, 0))),
    )


#: For each member f, or f, f' and f''.
LINES: dict[str, Sequence[Line]] = {
    "sigmoid": (special.expit, _logistic_slope, _logistic_curvature),
    "log_sigmoid": (special.log_expit, lambda x: special.expit(-x), lambda x: -_logistic_slope(x)),
    "tanh": (np.tanh, lambda x: 1 - np.tanh(x) ** 2, _tanh_curvature),
    "bipolar_sigmoid": (
        lambda x: np.tanh(x / 2),
        lambda x: (1 - np.tanh(x / 2) ** 2) / 2,
        lambda x: _tanh_curvature(x / 2) / 4,
    ),
    "arctan": (np.arctan, lambda x: 1 / (1 + x**2), lambda x: -2 * x / (1 + x**2) ** 2),
    "softsign": (
        lambda x: x / (1 + np.abs(x)),
        lambda x: 1 / (1 + np.abs(x)) ** 2,
        lambda x: -2 * np.sign(x) / (1 + np.abs(x)) ** 3,
    ),
    "erf": (
        special.erf,
        lambda x: 2 / ROOT_PI * np.exp(-(x**2)),
        lambda x: -4 * x / ROOT_PI * np.exp(-(x**2)),
    ),
    "softplus": (lambda x: np.logaddexp(0, x), special.expit, _logistic_slope),
    "squareplus": (
        lambda x: (x + np.sqrt(x**2 + 4)) / 2,
        lambda x: (1 + x / np.sqrt(x**2 + 4)) / 2,
        lambda x: 2 / (x**2 + 4) ** 1.5,
    ),
    "elu": _elu(1.0, 1.0),
    "celu": _elu(1.0, 1.0),
    "selu": _elu(LAMBDA, ALPHA),
    "exponential": (np.exp, np.exp, np.exp),
    "silu": (lambda x: x * special.expit(x), _silu_slope, _silu_curvature),
    "swish": (lambda x: x * special.expit(x), _silu_slope, _silu_curvature),
    "mish": (lambda x: x * _gate(x), _mish_slope, _mish_curvature),
    "lisht": (lambda x: x * np.tanh(x), _lisht_slope, _lisht_curvature),
    "gelu": (
        lambda x: x * special.ndtr(x),
        lambda x: special.ndtr(x) + x * _density(x),
        lambda x: _density(x) * (2 - x**2),
    ),
    "gelu_tanh": (lambda x: x * special.expit(2 * _inner(x)),),
    "quick_gelu": (
        lambda x: x * special.expit(1.702 * x),
        lambda x: _silu_slope(1.702 * x),
        lambda x: 1.702 * _silu_curvature(1.702 * x),
    ),
    "gaussian": (
        lambda x: np.exp(-(x**2)),
        lambda x: -2 * x * np.exp(-(x**2)),
        lambda x: (4 * x**2 - 2) * np.exp(-(x**2)),
    ),
    "tanh_shrink": (
        lambda x: x - np.tanh(x),
        lambda x: np.tanh(x) ** 2,
        lambda x: -_tanh_curvature(x),
    ),
    "sine": (np.sin, np.cos, lambda x: -np.sin(x)),
    "snake": (
        lambda x: x + np.sin(x) ** 2,
        lambda x: 1 + np.sin(2 * x),
        lambda x: 2 * np.cos(2 * x),
    ),
    "sinc": (lambda x: special.spherical_jn(0, x),),
    "bent_identity": (
        lambda x: (np.sqrt(x**2 + 1) - 1) / 2 + x,
        lambda x: x / (2 * np.sqrt(x**2 + 1)) + 1,
        lambda x: 1 / (2 * (x**2 + 1) ** 1.5),
    ),
    "relu": (lambda x: np.maximum(x, 0), lambda x: np.where(x > 0, 1.0, 0.0)),
    "squared_relu": (
        lambda x: np.maximum(x, 0) ** 2,
        lambda x: 2 * np.maximum(x, 0),
        lambda x: np.where(x > 0, 2.0, 0.0),
    ),
    "hard_sigmoid": (lambda x: np.clip(x / 6 + 0.5, 0, 1),),
    "hard_tanh": (lambda x: np.clip(x, -1, 1),),
    "hard_swish": (lambda x: x * np.clip(x + 3, 0, 6) / 6,),
    "soft_shrink": (lambda x: np.sign(x) * np.maximum(np.abs(x) - 0.5, 0),),
}

#: The same for members of vectors, whose Jacobians SciPy does not have.
VECTOR_LINES: dict[str, Line] = {
    "softmax": special.softmax,
    "log_softmax": special.log_softmax,
    "softmin": lambda x: special.softmax(-x),
}
