"""Self-gated units.

The input decides how much of itself to let through: each member multiplies its input by a gate
between zero and one that opens with the input. They are smooth, close to ReLU far from zero, and
dip below zero on the way. The last one gates with a hyperbolic tangent, between minus one and one,
and is close to the absolute value instead.
"""

import sympy

from symacts.activation import activation
from symacts.atoms import sigma, softplus
from symacts.symbols import Positive

__all__ = ["silu", "swish", "mish", "lisht"]


@activation(
    "SiLU",
    "Sigmoid linear unit",
    cite=("elfwing2017silu", "hendrycks2016gelu", "ramachandran2017swish"),
    also=("Swish-1", "sigmoid-weighted linear unit", "sigmoid linear unit"),
)
def silu(x):
    """Weight the input by its own logistic sigmoid.

    Proposed for reinforcement learning, then found again by an automated search and called Swish.
    Today it gates the feed-forward layers of many large language models, as part of SwiGLU.
    """
    return x * sigma(x)


@activation("Swish", cite="ramachandran2017swish", also=("Swish-beta", "parametric swish"))
def swish(x, beta: Positive = 1):
    """Weight the input by a logistic sigmoid whose steepness can be learnt.

    For beta near zero it is the line $x/2$; as beta grows it becomes ReLU.

    Args:
        beta: steepness of the gate.
    """
    return x * sigma(beta * x)


@activation("Mish", cite="misra2019mish")
def mish(x):
    """Weight the input by the hyperbolic tangent of its softplus.

    Close to SiLU, with a slightly deeper dip and a faster approach to the identity; known from the
    YOLOv4 detector.
    """
    return x * sympy.tanh(softplus(x))


@activation("LiSHT", "Linearly scaled hyperbolic tangent", cite="roy2019lisht")
def lisht(x):
    """Weight the input by its own hyperbolic tangent, so that both signs come out positive.

    A smooth absolute value: even, never negative and close to $|x|$ away from zero.
    """
    return x * sympy.tanh(x)
