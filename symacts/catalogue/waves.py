"""Waves.

Periodic and oscillating units. A network of them can continue a rhythm beyond its training data
and represent fine detail in images and sound, which monotone units find hard. Their
slope changes its sign again and again, so they ask for care when weights are initialised.
"""

import sympy
from sympy import Ne, Piecewise

from symacts.activation import activation
from symacts.symbols import Positive

__all__ = ["sine", "snake", "sinc"]


@activation(
    "Sine", cite=("sitzmann2020siren", "parascandolo2017waves"), also=("sin", "sinusoid", "SIREN")
)
def sine(x):
    """Let the output swing with the input.

    Every derivative of it is again a sine, so networks of it can be fitted to derivatives as well
    as to values. SIREN multiplies the input of the first layer by 30 to reach high frequencies.
    """
    return sympy.sin(x)


@activation("Snake", cite="ziyin2020snake", also=("snake1d",))
def snake(x, alpha: Positive = 1):
    """Add a periodic ripple to the identity.

    It never falls and still learns rhythms, and is common in networks that synthesise audio.

    Args:
        alpha: frequency of the ripple; its height is one over alpha.
    """
    return x + sympy.sin(alpha * x) ** 2 / alpha


@activation(
    "Sinc", "Cardinal sine", cite="olver2010dlmf", also=("cardinal sine", "sampling function")
)
def sinc(x):
    r"""Let the output swing with the input and die away.

    The spherical Bessel function of order zero. This is the unnormalised form; NumPy and PyTorch
    mean $\sin(\pi x)/(\pi x)$ by the same name.
    """
    return Piecewise((sympy.sin(x) / x, Ne(x, 0)), (1, True))
