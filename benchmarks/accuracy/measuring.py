"""What is measured of a member, whatever its kind, and at which parameters."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

from benchmarks.accuracy.gates import Gate
from benchmarks.accuracy.judge import Array
from benchmarks.accuracy.report import Report
from benchmarks.accuracy.scalars import Scalar
from benchmarks.accuracy.vectors import Vector

if TYPE_CHECKING:
    import symacts

__all__ = ["Subject", "measure", "parameter_sets", "subject"]


class Subject(Protocol):
    """A member at one choice of parameters, ready to be judged."""

    def labels(self, orders: Sequence[int]) -> list[str]:
        """Return the names of what is judged for the given orders."""

    def report(self, label: str, dtype: str) -> Report:
        """Return the report of one of them in one dtype."""


def subject(
    act: "symacts.Activation", params: Mapping[str, float], count: int, seed: int
) -> Subject:
    """Return what judges a member of any kind."""
    if act.kind == "vector":
        return Vector(act, count, seed)
    return (Gate if act.kind == "gate" else Scalar)(act, params, count, seed)


def measure(
    act: "symacts.Activation",
    order: int | str = 0,
    dtype: str = "float64",
    points: int | Array = 2000,
    params: Mapping[str, float] | None = None,
    *,
    seed: int = 0,
) -> Report:
    """Return how right a function or a derivative is, of a member or a definition of one's own.

    Args:
        act: the activation.
        order: the order of the derivative; for a gate 0, "a" or "b"; for a vector member 0,
            "jacobian" or "jvp".
        dtype: float64 or float32.
        points: how many points are drawn, or for a scalar member the points themselves.
        params: values for its parameters; the defaults without them.
        seed: what the points are drawn from.
    """
    if isinstance(points, int):
        return subject(act, params or {}, points, seed).report(str(order), dtype)
    scalar = Scalar(act, params or {}, 0, seed)
    scalar.judge_at(np.asarray(points, dtype))
    return scalar.report(str(order), dtype)


def parameter_sets(act: "symacts.Activation", count: int, seed: int) -> list[dict[str, float]]:
    """Return the defaults, as no parameters at all, and *count* random allowed choices."""
    rng = np.random.default_rng([seed, *act.id.encode()])
    sets: list[dict[str, float]] = [{}]
    for _ in range(count if act.params else 0):
        chosen = {}
        for p in act.params.values():
            # One in four is far from what anybody trains with.
            reach = 7.0 if rng.random() < 0.25 else 1.4
            sizes = np.exp(rng.uniform(-reach, reach, 4))
            candidates = [float(side * size) for size in sizes for side in rng.permuted([1, -1])]
            chosen[p.name] = next(c for c in candidates if p.domain.contains(c))
        sets.append(chosen)
    return sets
