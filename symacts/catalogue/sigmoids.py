"""Sigmoids.

A sigmoid squeezes the line into a bounded interval along a curve shaped like an S. It turns a
score into something like a probability or a firing rate, and it made units differentiable, which
is what back-propagation needed. The price is paid in the tails: where the curve is flat the
gradient vanishes, and a deep stack multiplies small slopes into none. The logarithm of the
logistic sigmoid, which losses are made of, stands beside it.
"""

import sympy
from sympy import Abs, atan, exp

from symacts.activation import activation

__all__ = [
    "sigmoid",
    "tanh",
    "bipolar_sigmoid",
    "log_sigmoid",
    "arctan",
    "softsign",
    "erf",
]


@activation(
    "Sigmoid",
    "Logistic sigmoid",
    cite="rumelhart1986backprop",
    also=("logistic", "logistic function", "expit", "soft step"),
)
def sigmoid(x):
    """Squeeze any number into a value between zero and one that reads as a probability.

    The logistic curve is older than neural networks; with back-propagation it became their standard
    unit. It is still the right output for a yes-or-no question, where the cross-entropy loss
    undoes its saturation, and it is the gate inside LSTM cells and gated linear units. As a hidden
    unit it has given way: its slope never exceeds one quarter, so by itself it shrinks the gradient
    at least fourfold in every layer, and its outputs, never negative, push the layers above into
    saturation [@glorot2010initialisation].
    """
    return 1 / (1 + exp(-x))


@activation(
    "Tanh",
    "Hyperbolic tangent",
    cite="lecun1998efficient",
    also=("hyperbolic tangent",),
)
def tanh(x):
    """Squeeze any number into a value between minus one and one, centred at zero.

    A sigmoid stretched and shifted so that its outputs average to zero for symmetric inputs, which
    makes the next layer easier to train [@lecun1998efficient]. It is the usual
    unit of recurrent networks, where its bound keeps the state from growing.
    """
    return sympy.tanh(x)


@activation("Bipolar sigmoid", cite="kunc2024survey", also=("loggy", "symmetric sigmoid"))
def bipolar_sigmoid(x):
    """Stretch the logistic sigmoid so that it runs from minus one to one.

    The same curve as the hyperbolic tangent of half the input; DarkNet calls it *loggy*.
    """
    return 2 / (1 + exp(-x)) - 1


@activation(
    "Log-sigmoid",
    "Logarithm of the sigmoid",
    cite="goodfellow2016book",
    also=("logsigmoid", "log sigmoid"),
)
def log_sigmoid(x):
    r"""Give the logarithm of a probability without ever computing the probability.

    Losses want $\log \sigma(x)$; taking the logarithm of a computed sigmoid loses it all once the
    sigmoid underflows. It is the softplus turned upside down.
    """
    return -sympy.log(1 + exp(-x))


@activation("Arctangent", cite="olver2010dlmf", also=("arctan", "atan", "inverse tangent"))
def arctan(x):
    r"""Squeeze the input by its angle, which approaches its bounds slowly.

    The tails fall off like $1/x^2$ in the slope instead of exponentially, so the gradient fades
    rather than vanishes. Some authors scale it by $2/\pi$ to reach from minus one to one.
    """
    return atan(x)


@activation(
    "Softsign",
    cite=("turian2009softsign", "elliott1993softsign"),
    also=("soft sign", "ElliotSig", "Elliott activation"),
)
def softsign(x):
    """Squeeze the input by dividing it by one plus its size.

    An S without an exponential. Its slope decays like $1/x^2$, so it saturates more gently than
    tanh, and deep networks of it were found to saturate less than those of tanh
    [@glorot2010initialisation].
    """
    return x / (1 + Abs(x))


@activation(
    "Erf", "Error function", cite="olver2010dlmf", also=("error function", "Gauss error function")
)
def erf(x):
    """Squeeze the input by the area under a bell curve.

    The S-curve with the thinnest tails of the family. It gives closed forms where Gaussian inputs
    meet a nonlinearity, which is why the theory of wide networks likes it [@williams1997computing].
    """
    return sympy.erf(x)
