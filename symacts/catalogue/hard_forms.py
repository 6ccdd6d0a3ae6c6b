"""Hard forms.

Stand-ins made of straight lines (or one parabola) for the sigmoid, the hyperbolic tangent and
Swish. They need no exponential and survive low-precision arithmetic. What a smooth curve only
approaches they reach exactly, and where they have reached a bound their slope is zero.
"""

from sympy import Piecewise

from symacts.activation import activation
from symacts.symbols import Nonnegative, Nonpositive

__all__ = ["hard_sigmoid", "hard_tanh", "hard_swish"]


@activation(
    "Hard sigmoid",
    cite=("courbariaux2015binaryconnect", "howard2019mobilenetv3"),
    also=("hardsigmoid", "HSigmoid", "hard-sigmoid"),
)
def hard_sigmoid(x):
    """Replace the logistic sigmoid by a ramp from zero to one.

    The slope 1/6, which reaches its bounds at minus three and three, is that of MobileNetV3 and of
    PyTorch. Other libraries use 1/5, with bounds at minus and plus 2.5.
    """
    return Piecewise((0, x <= -3), (1, x >= 3), ((x + 3) / 6, True))


@activation("Hard tanh", cite="collobert2004hardtanh", also=("hardtanh", "clip", "BReLU"))
def hard_tanh(x, low: Nonpositive = -1, high: Nonnegative = 1):
    """Pass the input on and clip it at a floor and a ceiling.

    The straight-line version of tanh; its slope is the surrogate with which sign units are trained.

    Args:
        low: floor, the smallest output.
        high: ceiling, the largest output.
    """
    return Piecewise((low, x <= low), (high, x >= high), (x, True))


@activation(
    "Hard Swish", cite="howard2019mobilenetv3", also=("hardswish", "h-swish", "hswish", "hard SiLU")
)
def hard_swish(x):
    """Weight the input by its own hard sigmoid.

    Swish for phones: a parabola between minus three and three, nothing below and the identity
    above.
    """
    return Piecewise((0, x <= -3), (x, x >= 3), (x * (x + 3) / 6, True))
