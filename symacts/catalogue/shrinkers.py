"""Shrinkers.

Pull small inputs to zero and let large ones through. They come from wavelet denoising and sparse
coding, where a small coefficient is more likely noise than signal.
"""

import sympy
from sympy import Piecewise, Rational

from symacts.activation import activation
from symacts.symbols import Nonnegative

__all__ = ["soft_shrink", "hard_shrink", "tanh_shrink"]


@activation(
    "Soft shrink",
    cite="donoho1994shrinkage",
    also=("softshrink", "soft thresholding", "shrinkage operator"),
)
def soft_shrink(x, lambd: Nonnegative = Rational(1, 2)):
    """Move the input towards zero by a fixed amount, and stop there.

    The proximal operator of the absolute value: one step of sparse coding ends with it.

    Args:
        lambd: width of the dead zone on each side, and the amount by which the rest is moved.
    """
    return Piecewise((x - lambd, x > lambd), (x + lambd, x < -lambd), (0, True))


@activation("Hard shrink", cite="donoho1994shrinkage", also=("hardshrink", "hard thresholding"))
def hard_shrink(x, lambd: Nonnegative = Rational(1, 2)):
    """Silence small inputs and leave the rest exactly as they are.

    Unlike soft shrinkage it does not bias what it keeps, but it jumps at the threshold.

    Args:
        lambd: inputs no larger than this in size are silenced.
    """
    return Piecewise((x, x > lambd), (x, x < -lambd), (0, True))


@activation("Tanh shrink", cite="paszke2019pytorch", also=("tanhshrink",))
def tanh_shrink(x):
    """Subtract from the input its own hyperbolic tangent.

    A smooth shrinker: cubic near zero, and one unit nearer to zero than the identity far from it.
    """
    return x - sympy.tanh(x)
