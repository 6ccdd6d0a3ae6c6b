"""The lines of NumPy and SciPy that a careful user would write: what one has without symacts.

Each is right to 1e-6 and silent from -1000 to 1000, in one line that reads like the formula.  Where
there are two ways the faster one counts: SciPy's functions are the obvious ones, but not compiled
for vectors, so that the same thing said with NumPy's tanh is often ahead of them.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from scipy import special

__all__ = ["LINES", "compiled"]

_SIGMOID = "(0.5 * np.tanh(0.5 * x) + 0.5)"
_SOFTPLUS = "np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0)"
_ELU = "np.maximum(x, 0) + np.expm1(np.minimum(x, 0))"
_SHIFTED = "x - np.max(x, axis=-1, keepdims=True)"

#: For each member its lines; plain numbers, for they leave float32 what it is.
LINES: Mapping[str, tuple[str, ...]] = {
    "sigmoid": ("special.expit(x)", "0.5 * np.tanh(0.5 * x) + 0.5"),
    "tanh": ("np.tanh(x)",),
    "bipolar_sigmoid": ("np.tanh(0.5 * x)",),
    "log_sigmoid": (
        "special.log_expit(x)",
        "np.minimum(x, 0) - np.log1p(np.exp(-np.abs(x)))",
    ),
    "arctan": ("np.arctan(x)",),
    "softsign": ("x / (1 + np.abs(x))",),
    "erf": ("special.erf(x)",),
    "relu": ("np.maximum(x, 0)",),
    "leaky_relu": ("np.maximum(x, 0.01 * x)",),
    "prelu": ("np.maximum(x, 0.25 * x)",),
    "relu6": ("np.clip(x, 0, 6)", "np.minimum(np.maximum(x, 0), 6)"),
    "squared_relu": ("np.square(np.maximum(x, 0))",),
    "thresholded_relu": ("np.where(x > 1, x, 0)", "x * (x > 1)"),
    "abs": ("np.abs(x)",),
    "softmax": (
        "special.softmax(x, axis=-1)",
        f"(e := np.exp({_SHIFTED})) / np.sum(e, axis=-1, keepdims=True)",
    ),
    "log_softmax": (
        "special.log_softmax(x, axis=-1)",
        f"(d := {_SHIFTED}) - np.log(np.sum(np.exp(d), axis=-1, keepdims=True))",
    ),
    "softmin": (
        "special.softmax(-x, axis=-1)",
        "(e := np.exp(np.min(x, axis=-1, keepdims=True) - x)) / np.sum(e, axis=-1, keepdims=True)",
    ),
    "maxout": ("np.max(x, axis=-1)",),
    "softplus": ("np.logaddexp(x, 0)", _SOFTPLUS),
    "squareplus": ("0.5 * (x + np.sqrt(x * x + 4))",),
    "elu": (_ELU,),
    "celu": (_ELU,),
    "selu": (
        "1.0507009873554805 * np.maximum(x, 0) + 1.7580993408473766 * np.expm1(np.minimum(x, 0))",
    ),
    "exponential": ("np.exp(x)",),
    "silu": ("x * special.expit(x)", f"x * {_SIGMOID}"),
    "swish": ("x * special.expit(x)", f"x * {_SIGMOID}"),
    "mish": (f"x * np.tanh({_SOFTPLUS})",),
    "lisht": ("x * np.tanh(x)",),
    "gelu": ("x * special.ndtr(x)", "0.5 * x * (1 + special.erf(0.7071067811865476 * x))"),
    "gelu_tanh": ("0.5 * x * (1 + np.tanh(0.7978845608028654 * (x + 0.044715 * x * x * x)))",),
    "quick_gelu": ("x * special.expit(1.702 * x)", "x * (0.5 * np.tanh(0.851 * x) + 0.5)"),
    "gaussian": ("np.exp(-x * x)",),
    "glu": ("a * special.expit(b)", "a * (0.5 * np.tanh(0.5 * b) + 0.5)"),
    "bilinear": ("a * b",),
    "reglu": ("np.maximum(a, 0) * b",),
    "geglu": ("a * special.ndtr(a) * b",),
    "swiglu": ("a * special.expit(a) * b", "a * (0.5 * np.tanh(0.5 * a) + 0.5) * b"),
    "hard_sigmoid": ("np.clip(x / 6 + 0.5, 0, 1)",),
    "hard_tanh": ("np.clip(x, -1, 1)", "np.minimum(np.maximum(x, -1), 1)"),
    "hard_swish": ("x * np.clip(x / 6 + 0.5, 0, 1)",),
    "soft_shrink": ("x - np.clip(x, -0.5, 0.5)",),
    "hard_shrink": ("np.where(np.abs(x) > 0.5, x, 0)", "x * (np.abs(x) > 0.5)"),
    "tanh_shrink": ("x - np.tanh(x)",),
    "sine": ("np.sin(x)",),
    "snake": ("x + np.square(np.sin(x))",),
    "sinc": ("np.sinc(x / np.pi)",),
    "binary_step": ("np.heaviside(x, 1)", "(x >= 0).astype(x.dtype)"),
    "sign": ("np.sign(x)",),
    "identity": ("np.copy(x)",),
    "bent_identity": ("x + 0.5 * np.sqrt(x * x + 1) - 0.5",),
}


def compiled(line: str, inputs: tuple[str, ...]) -> Callable[..., Any]:
    """Return a line as a function of the inputs."""
    function = eval(f"lambda {', '.join(inputs)}: {line}", {"np": np, "special": special})  # noqa: S307
    assert callable(function)
    return function
