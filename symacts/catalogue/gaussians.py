"""Gaussian units.

Units made from the normal distribution: its density is a bump that answers to inputs near one
place, and its distribution function is the gate of GELU, the usual unit of Transformers, together
with the two approximations that are still in circulation.
"""

import sympy
from sympy import Rational, exp, pi, sqrt

from symacts.activation import activation
from symacts.atoms import Phi, sigma

__all__ = ["gelu", "gelu_tanh", "quick_gelu", "gaussian"]


@activation(
    "GELU", "Gaussian error linear unit", cite="hendrycks2016gelu", also=("gelu_erf", "exact GELU")
)
def gelu(x):
    """Weight the input by the chance that a standard normal falls below it.

    The average effect of dropping inputs at random, the smaller the likelier. BERT and GPT made it
    the standard unit of Transformers. Libraries disagree on what the bare name means: this exact
    form, or the tanh form, up to 0.0005 away.
    """
    return x * Phi(x)


@activation(
    "GELU (tanh)",
    "GELU, tanh approximation",
    cite="hendrycks2016gelu",
    also=("gelu_new", "gelu_fast", "gelu_pytorch_tanh", "approximate GELU", "tanh GELU"),
)
def gelu_tanh(x):
    """Approximate GELU by a hyperbolic tangent of a cubic.

    Chosen when the error function was slow; GPT-2 was trained with it, so it
    remains in use wherever such weights have to be run faithfully.
    """
    return x * (1 + sympy.tanh(sqrt(2 / pi) * (x + Rational(44715, 10**6) * x**3))) / 2


@activation(
    "Quick GELU",
    "GELU, sigmoid approximation",
    cite="hendrycks2016gelu",
    also=("sigmoid GELU", "gelu_sigmoid"),
)
def quick_gelu(x):
    """Approximate GELU by a logistic gate that is steeper than that of SiLU.

    The coarser of the two approximations, and the one CLIP was trained with
    [@radford2021clip]. It is Swish at a fixed beta.
    """
    return x * sigma(Rational(1702, 1000) * x)


@activation(
    "Gaussian",
    "Gaussian bump",
    cite="broomhead1988rbf",
    also=("RBF", "radial basis function", "bell curve"),
)
def gaussian(x):
    """Answer to inputs near zero and fade out on both sides.

    The unit of radial basis function networks, where the input is a distance to a centre.
    """
    return exp(-(x**2))
