"""Steps.

The first artificial neurons fired or did not. A step separates two classes with one threshold, but
its slope is zero wherever it has one, so gradient descent learns nothing through it. Steps live on
in binarised networks and spiking models, trained with a surrogate slope in their place.
"""

from sympy import Piecewise

from symacts.activation import activation

__all__ = ["binary_step", "sign"]


@activation(
    "Binary step",
    "Heaviside step",
    cite=("mcculloch1943neuron", "rosenblatt1958perceptron"),
    also=("step", "unit step", "Heaviside", "threshold unit", "hard limit"),
)
def binary_step(x):
    """Fire with one when the input reaches zero, and stay at zero below.

    The unit of McCulloch and Pitts and of the perceptron. The value at the jump is a convention;
    here it is one. Other libraries take 0 or 1/2 there, or let the caller choose.
    """
    return Piecewise((1, x >= 0), (0, True))


@activation(
    "Sign",
    "Signum",
    cite="rosenblatt1958perceptron",
    also=("signum", "bipolar step", "hard limiter"),
)
def sign(x):
    """Keep only the sign of the input: minus one, zero or one.

    The step made symmetric about the origin. Binarised networks use it for weights and
    activations, and replace its slope by that of a hard tanh while training
    [@courbariaux2016binarized].
    """
    return Piecewise((1, x > 0), (-1, x < 0), (0, True))
