"""Exponential units.

Keep ReLU's straight line for positive inputs and let negative ones decay along an exponential to a
floor below zero. Outputs average nearer to zero than those of ReLU, and no unit is ever cut off
completely. The exponential itself, of which they are made, closes the family.
"""

import sympy
from sympy import E, Expr, Piecewise, erfc, exp, pi, sqrt

from symacts.activation import activation
from symacts.symbols import Positive

__all__ = ["elu", "selu", "celu", "exponential"]


def _selu_constants() -> tuple[Expr, Expr]:
    """Return the scale and the depth for which mean 0 and variance 1 are a fixed point.

    The map that a layer of SELUs applies to the mean and variance of Gaussian inputs, solved in
    closed form (Klambauer et al. 2017, equation 14).
    """
    tail = erfc(1 / sqrt(2)) * sqrt(E)
    alpha = sqrt(2 / pi) / (1 - tail)
    scale = (
        (1 - tail)
        * sqrt(2 * pi)
        / sqrt(2 * erfc(sqrt(2)) * E**2 + pi * tail**2 - 2 * (2 + pi) * tail + pi + 2)
    )
    return scale, alpha


@activation("ELU", "Exponential linear unit", cite="clevert2015elu")
def elu(x, alpha: Positive = 1):
    """Keep positive inputs; let negative ones saturate smoothly at minus alpha.

    Negative outputs pull the mean activation towards zero, which speeds up learning much as
    centring the inputs does. Only for alpha = 1 do the two sides meet without a kink.

    Args:
        alpha: depth of the floor that very negative inputs approach.
    """
    return Piecewise((x, x > 0), (alpha * (exp(x) - 1), True))


@activation(
    "SELU",
    "Scaled exponential linear unit",
    cite="klambauer2017selu",
    also=("self-normalizing unit",),
)
def selu(x):
    """Scale an ELU so that layers keep their activations at mean zero and variance one.

    Both constants follow from asking that a standard normal input come out with the same mean and
    variance. The effect needs weights of variance $1/n$ and dropout that respects it.
    """
    scale, alpha = _selu_constants()
    return scale * Piecewise((x, x > 0), (alpha * (exp(x) - 1), True))


@activation("CELU", "Continuously differentiable exponential linear unit", cite="barron2017celu")
def celu(x, alpha: Positive = 1):
    """Bend an ELU so that its two sides meet smoothly whatever its depth.

    Where ELU scales only the output of the exponential, this also scales its input, so the slope
    at zero is one for every alpha.

    Args:
        alpha: depth of the floor that very negative inputs approach.
    """
    return Piecewise((x, x > 0), (alpha * (exp(x / alpha) - 1), True))


@activation("Exponential", cite="olver2010dlmf", also=("exp",))
def exponential(x):
    """Map every number to a positive one, multiplying where inputs add.

    Rarely a hidden unit: it grows too fast. As an output it makes a positive scale out of any
    score, and it is the numerator of softmax.
    """
    return sympy.exp(x)
