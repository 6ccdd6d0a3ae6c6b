"""Exact values, gradients and Hessians of functions of several numbers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from benchmarks.accuracy.judge import Array, ratio, spacing_of, unit_of
from benchmarks.accuracy.reference import BITS, is_known, round_ball
from benchmarks.accuracy.series import Ball, Programs, Series, working

__all__ = ["Expansion", "Judged", "expand", "judged", "until_known"]


@dataclass(frozen=True)
class Expansion:
    """A function around a point: its value, its gradient and its Hessian."""

    value: Ball
    gradient: list[Ball]
    hessian: list[list[Ball]]


@dataclass(frozen=True)
class Judged:
    """A number that is judged, and how it answers to each input: `slopes[k]` to input k."""

    exact: Ball
    slopes: Sequence[Ball]


def expand(programs: Programs, point: Sequence[float]) -> list[Expansion]:
    """Return the second-order expansion of each function at a point, at the current precision."""
    size = len(point)

    def along(*moving: int) -> list[Series]:
        return programs(
            *(Series([Ball(p), 1] if k in moving else [Ball(p)]) for k, p in enumerate(point))
        )

    single = [along(k) for k in range(size)]
    double = {pair: along(*pair) for pair in combinations(range(size), 2)}
    return [
        _expansion(
            [line[output] for line in single],
            {pair: line[output] for pair, line in double.items()},
        )
        for output in range(len(single[0]))
    ]


def _expansion(single: list[Series], double: dict[tuple[int, int], Series]) -> Expansion:
    """Return the expansion of one function from its series along one and along two inputs."""
    hessian = [[2 * line[2]] * len(single) for line in single]
    for (first, second), line in double.items():
        # The second derivative along e_j + e_k is f_jj + 2 f_jk + f_kk.
        mixed = line[2] - single[first][2] - single[second][2]
        hessian[first][second] = hessian[second][first] = mixed
    return Expansion(single[0][0], [line[1] for line in single], hessian)


def until_known(work: Callable[[], list[Judged]]) -> list[Judged] | None:
    """Repeat *work* with more precision until what is judged is known to enough digits."""
    for bits in BITS:
        with working(bits, terms=3):
            try:
                found = work()
            except (ValueError, ZeroDivisionError):
                continue
            if all(is_known(ball) for one in found for ball in (one.exact, *one.slopes)):
                return found
    return None


def judged(
    found: Sequence[Judged], inputs: Sequence[float], dtype: str
) -> tuple[Array, Array, Array]:
    """Return the nearest doubles, the rests, and the doubt from rounding each input, in ulps."""
    rounded = np.array([round_ball(one.exact) for one in found]).reshape(-1, 2)
    units = unit_of(rounded[:, 0], dtype)
    input_ulps = spacing_of(np.asarray(inputs, np.float64), dtype)
    slopes = np.array([[_size(slope) for slope in one.slopes] for one in found])
    if not slopes.size:
        return rounded[:, 0], rounded[:, 1], np.zeros(len(found))
    doubt = np.sum(ratio(slopes, input_ulps[None, :], units[:, None]), axis=1)
    return rounded[:, 0], rounded[:, 1], doubt


def _size(slope: Ball) -> float:
    """Return the size of a slope, 0 where nothing is known of it."""
    return abs(float(slope.mid())) if slope.is_finite() else 0.0
