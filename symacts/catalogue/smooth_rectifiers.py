"""Smooth rectifiers.

Softened versions of ReLU that never touch zero and have no kink. They are chosen where a positive
output is wanted, for a variance or a rate, or where second derivatives matter.
"""

from sympy import exp, log, sqrt

from symacts.activation import activation
from symacts.symbols import Positive

__all__ = ["softplus", "squareplus"]


@activation(
    "Softplus",
    cite=("dugas2000softplus", "glorot2011rectifier"),
    also=("SmoothReLU", "soft ReLU", "softrelu"),
)
def softplus(x, beta: Positive = 1):
    r"""Round off the corner of ReLU, so that the output is positive and smooth everywhere.

    Its derivative is the logistic sigmoid. PyTorch replaces it by the identity where
    $\beta x > 20$, a jump of about $2 \cdot 10^{-9}$; the function shown here has none.

    Args:
        beta: sharpness of the bend; the function tends to ReLU as it grows.
    """
    return log(1 + exp(beta * x)) / beta


@activation("Squareplus", cite="barron2021squareplus")
def squareplus(x, b: Positive = 4):
    """Round off the corner of ReLU with a square root in place of an exponential.

    Half a hyperbola. Cheaper than softplus, but it approaches its asymptotes only like $1/x$.

    Args:
        b: size of the bend; 4 makes the value at zero one.
    """
    return (x + sqrt(x**2 + b)) / 2
