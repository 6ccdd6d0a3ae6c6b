"""Where accuracy is looked at: everywhere in proportion, and densely where functions go wrong."""

import math
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy.reference import Reference

__all__ = ["THRESHOLDS", "draw_points", "find_zeros", "mixture"]

Array: TypeAlias = NDArray[Any]

#: Where exponentials, error functions and powers saturate, overflow or leave the normal range, in
#: single and in double precision.
THRESHOLDS = (
    *(0.25, 0.5, 0.7, 1, 1.28, 1.5, 2, 2.4, 3, 4, 5, 5.4, 5.83, 6, 6.5, 7, 8, 8.3, 9, 9.01, 10),
    *(12, 13, 15, 16.6, 17, 17.3, 18, 18.37, 18.7, 19, 19.06, 20, 22, 25, 26.5, 27.2, 30, 33, 36),
    *(36.04, 36.74, 37, 37.5, 38, 38.5, 38.6, 40, 44, 50, 53, 60, 64, 80, 86, 87, 87.34, 88, 88.37),
    *(88.72, 89, 100, 103, 103.97, 104, 106, 128, 150, 177, 200, 250, 300, 352, 354, 355, 372, 400),
    *(500, 600, 700, 708, 708.4, 709, 709.78, 710, 720, 740, 744, 744.44, 745, 745.13, 746, 750),
    *(800, 1e3, 1420, 1490, 2048, 1e4, 65504, 1e5, 1e6, 1e8, 2.0**27, 1e10, 1e15, 2.0**52, 2.0**53),
    *(1.8e16, 1e19, 1.8e19, 1e20, 1e30, 3.4e38, 1e50, 1e77, 1e100, 1e103, 1e140, 1e150, 1.3e154),
    *(1.35e154, 1e155, 1e200, 1e300, 1.7e308),
)
FEW_ZEROS = 12
Kind: TypeAlias = type[np.float64] | type[np.float32]


def draw_points(reference: Reference, count: int, dtype: Kind, rng: np.random.Generator) -> Array:
    """Return about *count* different finite numbers, sorted, for one member and one dtype."""
    zeros = find_zeros(reference)
    near_zeros = _near(zeros, 0.12 * count / max(len(zeros), 1), dtype, rng)
    breaks = reference.break_points
    near_breaks = _near(breaks, 0.08 * count / max(len(breaks), 1), dtype, rng)
    left = count - near_zeros.size - near_breaks.size
    points = _numbers(
        [near_zeros, near_breaks, mixture(left, dtype, rng, _scales(reference))], dtype
    )
    while (found := np.unique(points)).size < count:
        points = np.concatenate([found, _numbers([rng.uniform(-9, 9, count // 10 + 1)], dtype)])
    return found


def _numbers(parts: Iterable[Array], dtype: Kind) -> Array:
    """Return the finite numbers of all parts in one dtype."""
    with np.errstate(over="ignore"):
        points = np.concatenate([np.asarray(part).astype(dtype) for part in parts])
    return points[np.isfinite(points)]


def _scales(reference: Reference) -> list[float]:
    """Return by what parameters may stretch or shrink a function, with 1 for not at all."""
    sizes = [abs(float(value)) for value in reference.values.values() if value != 0]
    return [1.0, *sizes, *(1 / size for size in sizes)]


def mixture(
    count: int, dtype: Kind, rng: np.random.Generator, scales: Sequence[float] = (1.0,)
) -> Array:
    """Return about *count* finite numbers that suit every function."""
    far = 760 if dtype is np.float64 else 110
    size = int(count * 1.02)  # a few random bit patterns are no numbers
    drawn = [
        _bit_patterns(int(0.18 * size), dtype, rng),
        *(rng.uniform(-w, w, int(share * size)) for w, share in _windows(far)),
        _signed(np.exp2(rng.uniform(-72, 4, int(0.16 * size))), rng),
        _signed(np.exp2(rng.uniform(*_lowest(dtype), int(0.03 * size))), rng),
        _around_thresholds(int(0.17 * size), dtype, rng, scales),
        _limits(dtype),
    ]
    return _numbers(drawn, dtype)


def _windows(far: float) -> tuple[tuple[float, float], ...]:
    """Return half the width of each window around 0, and its share of the numbers."""
    return (2, 0.14), (20, 0.14), (45, 0.09), (far, 0.09)


def _signed(sizes: Array, rng: np.random.Generator) -> Array:
    return sizes * rng.choice([-1.0, 1.0], sizes.size)


def _bit_patterns(count: int, dtype: Kind, rng: np.random.Generator) -> Array:
    """Return numbers whose bits are random, so that every binade is as likely as any other."""
    size = np.dtype(dtype).itemsize
    return np.frombuffer(rng.bytes(count * size), dtype)


def _lowest(dtype: Kind) -> tuple[float, float]:
    """Return the exponents between which numbers are subnormal, and a little above."""
    info = np.finfo(dtype)
    return math.log2(float(info.smallest_subnormal)), math.log2(float(info.tiny)) + 3


def _around_thresholds(
    count: int, dtype: Kind, rng: np.random.Generator, scales: Sequence[float]
) -> Array:
    """Return the thresholds with their neighbours, and numbers close to them."""
    with np.errstate(over="ignore"):
        stretched = np.multiply.outer(scales, THRESHOLDS).ravel()
    centres = _numbers([stretched, -stretched], dtype)
    up, down = (np.nextafter(centres, dtype(end)) for end in (np.inf, -np.inf))
    exact = rng.permutation(np.concatenate([centres, up, down]))[: count // 2]
    close = rng.choice(centres, count - exact.size)
    return np.concatenate([exact, close * (1 + rng.uniform(-2e-3, 2e-3, close.size))])


def _near(centres: Iterable[float], count: float, dtype: Kind, rng: np.random.Generator) -> Array:
    """Return the centres, their neighbours and numbers at all distances from one ulp to 1/4."""
    found: list[Array] = []
    for centre in centres:
        lowest = math.log2(float(np.spacing(dtype(abs(centre) or 1))))
        near = dtype(centre)
        steps = np.array([near])
        for side in (-np.inf, np.inf):
            at = near
            for _ in range(3):
                at = np.nextafter(at, dtype(side))
                steps = np.append(steps, at)
        gaps = np.exp2(rng.uniform(lowest, -2, max(int(count) - steps.size, 2)))
        found += [steps, centre + _signed(gaps, rng)]
    return np.concatenate(found) if found else np.empty(0, dtype)


def _limits(dtype: Kind) -> Array:
    info = np.finfo(dtype)
    sizes = [0.0, *(float(v) for v in (info.tiny, info.max, info.smallest_subnormal, info.eps))]
    return np.array([*sizes, *(-size for size in sizes)], dtype)


def find_zeros(reference: Reference, orders: int = 3) -> list[float]:
    """Return doubles next to the zeros of f, f' and f'': the twelve nearest to 0 of each."""
    far = np.geomspace(1e-5, 1e5, 400)
    grid = np.unique(np.concatenate([np.linspace(-40, 40, 1601) + 1e-7, far, -far]))
    values = reference.at(grid).near
    zeros: list[float] = []
    for order in range(orders):
        signs = np.sign(values[order])
        places = np.flatnonzero(signs[:-1] * signs[1:] < 0)
        nearest = sorted(places, key=lambda place: abs(grid[place]))[:FEW_ZEROS]
        zeros += [_bisect(reference, order, float(grid[k]), float(grid[k + 1])) for k in nearest]
    return sorted(set(zeros))


def _bisect(reference: Reference, order: int, low: float, high: float) -> float:
    """Return a double next to the sign change between two points."""
    rising = float(reference.at(np.array([high])).near[order, 0]) > 0
    while True:
        middle = low / 2 + high / 2
        if middle in (low, high):
            return middle
        value = float(reference.at(np.array([middle])).near[order, 0])
        if value == 0 or math.isnan(value):
            return middle
        low, high = (low, middle) if (value > 0) == rising else (middle, high)
