"""Identities and their bends.

A unit that passes its input on unchanged adds nothing to a deep network: layers of it collapse
into one linear map. It is the yardstick against which every other member is read, and it is what
output layers use for regression. The bent identity shows the least that can be done to it.
"""

from sympy import sqrt

from symacts.activation import activation

__all__ = ["identity", "bent_identity"]


@activation("Identity", cite="goodfellow2016book", also=("linear", "pass-through", "no activation"))
def identity(x):
    """Pass the input on unchanged.

    The usual choice for the output of a regression network. Between layers it is no help: the
    product of two matrices is a matrix, so a network of identities is one linear map however deep.
    """
    return x


@activation("Bent identity", cite="kunc2024survey")
def bent_identity(x):
    """Bend a straight line gently, so that its slope runs from one half to three halves.

    Known from surveys and tables rather than from a paper of its own.
    """
    return (sqrt(x**2 + 1) - 1) / 2 + x
