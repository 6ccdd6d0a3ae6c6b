"""The kernels along an axis: distances, exponentials and sums, right to the last digits.

They are kernels like the elementwise ones and are looked up there: each stands alone, and exported
source copies the ones it needs.
"""

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "below_largest",
    "excess",
    "exponentials",
    "in_support",
    "is_largest",
    "largest",
    "log_share",
    "logsumexp",
    "others",
    "share",
    "simplex_threshold",
    "summed",
    "support_size",
    "total",
]

Array = NDArray[np.floating]

# So far from zero exponentials, and sums of them, are far inside of a double's range.
TAME = 600.0
# So many entries are added exactly.
FEW = 16


def below_largest(h: Array, axis: int) -> Array:
    """h minus its largest entry; entries equal to an infinite largest one are at distance zero."""
    top = np.max(h, axis=axis, keepdims=True)
    d = h - top
    return np.where(h == top, 0.0, d) if np.any(np.isinf(top)) else d


def exponentials(h: Array, axis: int) -> tuple[Array, Array]:
    """exp(h) and that of the largest entry c, or both over exp(c) where exp(h) may get lost.

    What rounding h - c takes off is put in again: far from zero it would be hundreds of ulps.
    """
    c = np.maximum.reduce(h, axis=axis, keepdims=True)
    low = c
    if not (c >= 0.0).all():
        low = np.min(h, axis=axis, keepdims=True)
        if np.any(np.isinf(low)):
            low = np.min(np.where(np.isinf(h), 0.0, h), axis=axis, keepdims=True)
    is_tame = (c <= TAME) & ((c >= 0.0) | ((low >= -TAME) & (c > -np.inf)))
    if is_tame.all():
        return np.exp(h), np.exp(c)
    unit = np.exp(np.where(is_tame, c, 0.0))
    if np.any(np.isinf(c)):
        h = np.where(np.isinf(c), np.where(h == c, 0.0, -np.inf), h)
    c = np.where(is_tame | np.isinf(c), 0.0, c)
    e = h - c
    back = e - h
    lost = h - (e - back)
    lost -= np.add(back, c, out=back)
    lost[~(np.abs(lost, out=back) < 1.0)] = 0.0  # not a number where h is infinite
    np.exp(e, out=e)
    lost *= e
    e += lost
    return e, unit


def others(h: Array, axis: int) -> Array:
    """The sum of exp(h) over all but one largest entry, in units of exp of that one."""
    e, unit = exponentials(h, axis)
    rest = summed(e, axis, unit) - unit
    dwarfed = unit > rest
    if np.any(dwarfed):
        # What one entry dwarfs has no digits left in the sum of all.
        np.putmask(e, h == np.max(h, axis=axis, keepdims=True), 0.0)
        rest = np.where(dwarfed, summed(e, axis, unit), rest)
    return rest / unit


def summed(h: Array, axis: int, most: Array | None = None) -> Array:
    """The sum along the axis, which is kept with length one, nearly always rounded once.

    Halves are added entry by entry, where rounding errors average out, until few are left.  Those
    are each cut in two, and the high parts are so short that they add up without rounding.  *most*
    is the largest of positive entries, if it is known.
    """
    entries = h.swapaxes(axis, 0)
    size = len(entries)
    while len(entries) > FEW:
        half, odd = divmod(len(entries), 2)
        pairs = entries[:half] + entries[half : 2 * half]
        if odd:
            pairs[:1] += entries[-1:]
        entries = pairs
    if most is None:
        unit = 8.0 * len(entries) * np.max(np.abs(entries), axis=0, keepdims=True)
    else:
        unit = 8.0 * size * most.swapaxes(axis, 0)
    unit[~np.isfinite(unit)] = 0.0
    high = entries + unit
    high -= unit
    whole = np.add.reduce(high, axis=0, keepdims=True)
    high -= entries
    beyond = np.add.reduce(high, axis=0, keepdims=True)
    beyond[~np.isfinite(beyond)] = 0.0
    return (whole - beyond).swapaxes(axis, 0)


# -- what generated source calls -------------------------------------------------------------------


def share(h: Array, axis: int) -> Array:
    """exp(h) over the sum of exp(h) along the axis."""
    e, unit = exponentials(h, axis)
    e /= summed(e, axis, unit)
    return e


def log_share(h: Array, axis: int) -> Array:
    """h less its logsumexp; the largest entry's keeps its digits where it dwarfs the others."""
    rest = np.log1p(others(h, axis))
    d = below_largest(h, axis)
    d -= rest
    return d


def logsumexp(h: Array, axis: int) -> Array:
    """log of the sum of exp(h) along the axis, which is kept with length one."""
    return largest(h, axis) + np.log1p(others(h, axis))


def total(h: Array, axis: int) -> Array:
    """The sum along the axis, which is kept with length one."""
    return summed(h, axis)


def largest(h: Array, axis: int) -> Array:
    """The largest entry along the axis, which is kept with length one."""
    return np.max(h, axis=axis, keepdims=True)


def is_largest(h: Array, axis: int) -> Array:
    """1.0 at the first largest entry along the axis, else 0.0."""
    one = np.zeros_like(h)
    np.put_along_axis(one, np.expand_dims(np.argmax(h, axis=axis), axis), 1.0, axis=axis)
    return one


def simplex_threshold(h: Array, axis: int) -> Array:
    """The tau for which the positive parts of h - tau sum to one.

    Martins & Astudillo 2016, algorithm 1.
    """
    top = np.max(h, axis=axis, keepdims=True)
    # An entry more than 1 below the largest is never kept; -2 stands for all of them.
    d = np.maximum(below_largest(h, axis), -2.0)
    d.sort(axis=axis)
    d = np.flip(d, axis=axis)
    shape = [1] * d.ndim
    shape[axis] = -1
    rank = np.arange(1, d.shape[axis] + 1, dtype=d.dtype).reshape(shape)
    room = np.cumsum(d, axis=axis)
    room -= 1.0
    kept = np.sum(rank * d > room, axis=axis, keepdims=True)
    np.multiply(d, rank <= kept, out=d)
    return top + (summed(d, axis) - 1.0) / kept


def excess(h: Array, axis: int) -> Array:
    """h less its simplex threshold, both relative to the largest entry, which may be infinite."""
    d = below_largest(h, axis)
    d -= simplex_threshold(d, axis)
    return d


def support_size(h: Array, axis: int) -> Array:
    """How many entries lie above the simplex threshold."""
    return np.sum(excess(h, axis) > 0, axis=axis, keepdims=True).astype(h.dtype)


def in_support(gap: Array) -> Array:
    """1.0 where the argument is positive, else 0.0."""
    return np.where(gap > 0, 1.0, 0.0)
