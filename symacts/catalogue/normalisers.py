"""Vector-valued functions.

These look at all scores at once. Each output depends on every input, so in place of a slope there
is a Jacobian matrix. Softmax and its kin turn scores into probabilities at the end of a classifier
and inside attention; maxout keeps the largest of several linear pieces.
"""

from sympy import Max, Sum, exp, log

from symacts.activation import activation
from symacts.atoms import largest, simplex_threshold
from symacts.symbols import Vector, i, j, n

__all__ = ["softmax", "log_softmax", "softmin", "sparsemax", "maxout"]


@activation(
    "Softmax",
    cite="bridle1990softmax",
    also=(
        "softargmax",
        "normalised exponential",
        "normalized exponential",
        "Boltzmann distribution",
    ),
)
def softmax(x: Vector):
    """Turn scores into probabilities that favour the largest score.

    The last layer of almost every classifier, and the step of attention that decides where to
    look. Only differences of scores matter: adding a constant to all of them changes nothing,
    which is also how it is computed without overflow. Dividing the scores by a temperature makes
    the choice softer or harder.
    """
    return exp(x[i]) / Sum(exp(x[j]), (j, 1, n))


@activation("Log-softmax", cite="goodfellow2016book", also=("logsoftmax", "log softmax"))
def log_softmax(x: Vector):
    """Give the logarithms of the softmax probabilities without computing the probabilities.

    What the cross-entropy loss wants. Taking the logarithm of a computed softmax gives minus
    infinity as soon as a probability underflows.
    """
    return x[i] - log(Sum(exp(x[j]), (j, 1, n)))


@activation("Softmin", cite="goodfellow2016book", also=("soft min",))
def softmin(x: Vector):
    """Turn costs into probabilities that favour the smallest cost.

    Softmax of the negated input: natural where the numbers are distances or energies.
    """
    return exp(-x[i]) / Sum(exp(-x[j]), (j, 1, n))


@activation("Sparsemax", cite="martins2016sparsemax")
def sparsemax(x: Vector):
    """Turn scores into probabilities, many of them exactly zero.

    The point of the probability simplex that is nearest to the scores. A threshold is taken off
    every score and what falls below zero is cut, where the threshold makes the rest sum to one.
    """
    return Max(x[i] - simplex_threshold(x[j]), 0)


@activation("Maxout", cite="goodfellow2013maxout", also=("max out",))
def maxout(x: Vector):
    """Keep the largest of several linear pieces.

    The inputs are the pre-activations of one unit's pieces, and the unit answers with their
    maximum, so the network learns its own convex activation. ReLU is maxout over a line and zero.
    Where several inputs tie for the largest, the derivative goes to the first of them.
    """
    return largest(x[j])
