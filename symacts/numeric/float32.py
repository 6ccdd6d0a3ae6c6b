"""Whether a way to compute float32 is good enough: how far it is from float64."""

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

__all__ = ["BOUND", "is_good_enough", "mixed_error", "sample"]

Array = NDArray[np.floating]

#: The largest error, in mixed units, with which a way is good enough.  Results may be off by two of
#: them; what the search misses, compared with every float32 there is, is less than a tenth.
BOUND = 1.875
# Parameters are measured at their defaults, and at these multiples of them, which are no float32.
_MULTIPLES = (1.0, 0.437, 1.913)

_EDGES = (0.0, 0.25, 0.5, 1.0, 2.0, 3.0, 6.0, 20.0)
_SPECIAL = (np.inf, -np.inf, np.nan, 0.0, -0.0, 1e-45, -1e-45, 1e-38, -1e-38, 3e38, -3e38)

# How many inputs with large errors are looked at again, and how many numbers around each.
_PLACES, _NEIGHBOURS = 80, 4000


def is_good_enough(function: Callable[..., object], arrays: int, defaults: Sequence[float]) -> bool:
    """Tell whether a function of arrays and parameters keeps the bound where it is given float32.

    Given float64 it must be right.
    """
    settings = [[multiple * value for value in defaults] for multiple in _MULTIPLES]
    return all(
        mixed_error(function, sample(arrays, values), values) <= BOUND
        for values in (settings if any(defaults) else settings[:1])
    )


def sample(arrays: int, parameters: Sequence[float] = (), size: int = 160_000) -> list[Array]:
    """Return float32 inputs: of every size, where functions bend, and what is no usual number.

    They bend at parameters too, which are no float32, so that a comparison may go the other way.
    """
    rng = np.random.default_rng(20_240_229)
    part = size // 4
    bends = [sign * value for value in parameters for sign in (1.0, -1.0)]
    special = np.array([*_SPECIAL, *bends], np.float32)
    if arrays == 1:
        return [np.concatenate([_usual(rng, part), special])]
    pairs = np.array(list(product(special, repeat=arrays)), np.float32).T
    return [np.concatenate([_usual(rng, part), column]) for column in pairs]


def _usual(rng: np.random.Generator, part: int) -> Array:
    bits = rng.integers(0, 2**32, part, np.uint32).view(np.float32)
    bits = np.where(np.isfinite(bits), bits, np.float32(1.0))
    wide = rng.uniform(-40.0, 40.0, part)
    near = rng.uniform(-4.0, 4.0, part)
    edges = rng.choice([*_EDGES, *(-edge for edge in _EDGES)], part)
    edges = edges + rng.choice([-1.0, 1.0], part) * 10.0 ** rng.uniform(-8.0, 0.0, part)
    mixed = np.concatenate([bits, wide, near, edges]).astype(np.float32)
    rng.shuffle(mixed)
    return mixed


def mixed_error(
    function: Callable[..., object], inputs: Sequence[Array], parameters: Sequence[float]
) -> float:
    """Return the largest error of a function of float32, measured by itself on float64.

    The unit is that of the result plus what a unit of each input makes of it.  The error is
    infinite where one has a special value and the other one has none, or another.  Around the
    inputs with the largest errors it is looked for again.
    """
    with np.errstate(all="ignore"):
        errors = _errors(function, inputs, parameters)
        worst = float(np.max(errors, initial=0.0))
        if not np.isfinite(worst) or worst == 0.0:
            return worst
        places = np.argpartition(errors, -_PLACES)[-_PLACES:]
        nearby = _errors(function, [_around(x[places]) for x in inputs], parameters)
    return max(worst, float(np.max(nearby)))


def _around(places: Array) -> Array:
    """Return many numbers within two percent of some."""
    factors = np.random.default_rng(1).uniform(0.98, 1.02, (_NEIGHBOURS, len(places)))
    return (places * factors).astype(np.float32).ravel()


def _errors(
    function: Callable[..., object], inputs: Sequence[Array], parameters: Sequence[float]
) -> Array:
    """Return the largest error of the results for each input."""
    exact = [np.asarray(x, np.float64) for x in inputs]
    units = [np.spacing(np.abs(x)).astype(np.float64) for x in inputs]
    singles = _results(function, inputs, parameters)
    doubles = _results(function, exact, parameters)
    slopes = [_slopes(function, exact, units, parameters, at) for at in range(len(inputs))]
    total = np.sum(slopes, axis=0)
    pairs = zip(singles, doubles, total, strict=True)
    return np.max([_error(*pair) for pair in pairs], axis=0)


def _results(
    function: Callable[..., object], inputs: Sequence[Array], parameters: Sequence[float]
) -> tuple[Array, ...]:
    found = function(*inputs, *parameters)
    return found if isinstance(found, tuple) else (np.asarray(found),)


def _slopes(
    function: Callable[..., object],
    inputs: Sequence[Array],
    units: Sequence[Array],
    parameters: Sequence[float],
    at: int,
) -> Array:
    """Return how far each result moves when one input moves by one unit of float32."""
    above, below = list(inputs), list(inputs)
    above[at], below[at] = inputs[at] + units[at], inputs[at] - units[at]
    high, low = (np.stack(_results(function, x, parameters)) for x in (above, below))
    return np.nan_to_num(np.abs(high - low) / 2.0, nan=0.0, posinf=0.0)


def _error(single: Array, double: Array, slope: Array) -> Array:
    rounded = double.astype(np.float32)
    unit = np.spacing(np.abs(rounded)).astype(np.float64) + slope
    error = np.abs(single.astype(np.float64) - double) / unit
    is_same = (single == rounded) | (np.isnan(single) & np.isnan(rounded))
    is_usual = np.isfinite(rounded) & np.isfinite(single)
    return np.where(is_usual, error, np.where(is_same, 0.0, np.inf))
