"""Rectifiers.

A rectifier lets positive inputs through and holds negative ones back. Straight lines cost next to
nothing, most members pass large inputs on at full slope, and many units fall exactly silent. They
took over from the sigmoids when networks became deep, and differ mostly in what happens below zero.
"""

from sympy import Abs, Piecewise, Rational

from symacts.activation import activation
from symacts.symbols import Nonnegative, Positive, Real

__all__ = [
    "relu",
    "leaky_relu",
    "prelu",
    "relu6",
    "squared_relu",
    "thresholded_relu",
    "abs",
]


@activation(
    "ReLU",
    "Rectified linear unit",
    cite=("nair2010relu", "fukushima1969relu", "glorot2011rectifier"),
    also=("rectifier", "rectified linear unit", "ramp", "positive part"),
)
def relu(x):
    """Let positive inputs through unchanged and silence the rest.

    The default hidden unit of convolutional networks since the early 2010s. Where it is active the
    gradient passes untouched through any number of layers; where it is not, nothing passes, and a
    unit pushed below zero for every example usually stays there [@lu2019dying]. At the kink the
    usual frameworks take the slope 0, and so does this page.
    """
    return Piecewise((x, x > 0), (0, True))


@activation(
    "Leaky ReLU",
    "Leaky rectified linear unit",
    cite="maas2013leaky",
    also=("LReLU", "leaky rectifier"),
)
def leaky_relu(x, alpha: Positive = Rational(1, 100)):
    """Let positive inputs through and negative ones leak with a small slope.

    The leak keeps a gradient alive where ReLU has none, so a unit can recover. The slope is where
    libraries disagree most: the values 0.01, 0.1, 0.2, 0.25 and 0.3 are all somebody's default.

    Args:
        alpha: slope for negative inputs.
    """
    return Piecewise((x, x > 0), (alpha * x, True))


@activation(
    "PReLU", "Parametric rectified linear unit", cite="he2015prelu", also=("parametric ReLU",)
)
def prelu(x, alpha: Real = Rational(1, 4)):
    """Learn from data how strongly negative inputs leak through.

    Leaky ReLU with its slope made a weight, one for each channel or one for a whole layer. The
    derivative by the slope is the input itself on the negative side, and zero on the positive one.

    Args:
        alpha: slope for negative inputs, learnt together with the weights.
    """
    return Piecewise((x, x > 0), (alpha * x, True))


@activation(
    "ReLU6", cite=("krizhevsky2010relu6", "howard2019mobilenetv3"), also=("clipped ReLU", "ReLU-6")
)
def relu6(x):
    """Rectify the input and cut it off at six.

    The ceiling keeps activations in a range that low-precision arithmetic represents well, which
    is why networks for phones use it.
    """
    return Piecewise((0, x <= 0), (6, x >= 6), (x, True))


@activation("Squared ReLU", cite="so2021primer", also=("ReLU squared", "ReLU^2", "relu2", "RePU"))
def squared_relu(x):
    """Rectify the input and square it.

    One of the two changes that helped most in a search over variants of the Transformer. The kink
    is gone and the slope is continuous, but the slope also grows without bound.
    """
    return Piecewise((x**2, x > 0), (0, True))


@activation("Thresholded ReLU", cite="konda2014zerobias", also=("TReLU", "thresholded linear unit"))
def thresholded_relu(x, theta: Nonnegative = 1):
    """Let inputs above a threshold through unchanged and silence the rest.

    Made for autoencoders without biases. Unlike a shifted ReLU it keeps the size of what passes,
    at the price of a jump at the threshold.

    Args:
        theta: inputs up to this value are silenced.
    """
    return Piecewise((x, x > theta), (0, True))


@activation(
    "Absolute value",
    cite="jarrett2009abs",
    also=("absolute", "absolute value rectification", "modulus"),
)
def abs(x):  # noqa: A001  the id is the word people search for
    """Drop the sign and keep the size.

    Full-wave rectification: an edge and its negative look the same to the next layer.
    """
    return Abs(x)
