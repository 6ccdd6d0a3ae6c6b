"""Gates of two inputs.

One linear map of the input proposes a value, a second one decides how much of it passes. Members
differ in the activation that is applied to the gate. They replaced the plain hidden layer in the
feed-forward blocks of large language models. Which half is the gate is a convention: GLU gates
with the second input, the variants below with the first, as their papers and libraries do.
"""

from sympy import Piecewise

from symacts.activation import activation
from symacts.atoms import Phi, sigma
from symacts.symbols import Positive

__all__ = ["glu", "bilinear", "reglu", "geglu", "swiglu"]


@activation("GLU", "Gated linear unit", cite=("dauphin2016glu", "shazeer2020glu"))
def glu(a, b):
    """Let a sigmoid of the second input decide how much of the first one passes.

    Made for convolutional language models: the linear path keeps the gradient alive where the gate
    is open.
    """
    return a * sigma(b)


@activation(
    "Bilinear", "Bilinear gate", cite=("shazeer2020glu", "mnih2007bilinear"), also=("bilinear GLU",)
)
def bilinear(a, b):
    """Multiply two linear maps of the input, with no activation at all.

    The gated linear unit without its sigmoid: nonlinear only because two things are multiplied.
    """
    return a * b


@activation("ReGLU", "ReLU gated linear unit", cite="shazeer2020glu")
def reglu(a, b):
    """Let the rectified first input scale the second.

    A gate that closes completely: a negative first input silences the unit.
    """
    return Piecewise((a, a > 0), (0, True)) * b


@activation("GEGLU", "GELU gated linear unit", cite="shazeer2020glu")
def geglu(a, b):
    """Let the GELU of the first input scale the second.

    The gate of T5 version 1.1 and of Gemma, which use the tanh form of GELU.
    """
    return a * Phi(a) * b


@activation("SwiGLU", "Swish gated linear unit", cite="shazeer2020glu")
def swiglu(a, b, beta: Positive = 1):
    """Let the Swish of the first input scale the second.

    The feed-forward gate of LLaMA, PaLM and most of their successors, with beta fixed at one.

    Args:
        beta: steepness of the gate.
    """
    return a * sigma(beta * a) * b
