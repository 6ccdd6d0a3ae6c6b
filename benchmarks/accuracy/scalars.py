"""Scalar members: values and derivatives at drawn points, limits, signs of zero and warnings."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.accuracy.judge import Array, errors_of
from benchmarks.accuracy.points import draw_points
from benchmarks.accuracy.reference import Exact, Reference
from benchmarks.accuracy.report import Report, summarise
from benchmarks.accuracy.store import kept

if TYPE_CHECKING:
    import symacts

__all__ = ["Scalar", "called"]

Function = Callable[[Array], Any]


class Scalar:
    """One member at one choice of parameters, with its points and their exact values."""

    def __init__(
        self, act: "symacts.Activation", params: Mapping[str, float], count: int, seed: int
    ) -> None:
        self.act, self.params = act, dict(params)
        self.count, self.seed = count, seed
        self.reference = Reference(act, params)
        self._known: dict[str, tuple[Array, Exact]] = {}

    def labels(self, orders: Sequence[int]) -> list[str]:
        """Return the names of what is judged for the given orders."""
        return [str(order) for order in orders]

    def judge_at(self, points: Array) -> None:
        """Judge at the given points, in their dtype, in place of drawn ones."""
        exact = self.reference.at(points.astype(np.float64))
        self._known[points.dtype.name] = points, exact

    def points(self, dtype: str) -> tuple[Array, Exact]:
        """Return the points of a dtype and the exact values there, sought only once."""
        if dtype not in self._known:
            rng = np.random.default_rng([self.seed, *self.act.id.encode(), *dtype.encode()])
            kind = np.dtype(dtype).type
            points = draw_points(self.reference, self.count, kind, rng)
            self._known[dtype] = points, kept(self.reference, points.astype(np.float64))
        return self._known[dtype]

    def report(self, label: str, dtype: str) -> Report:
        """Return the report of symacts' own function."""
        order = int(label)
        call = self.act.derivative(order) if order else self.act
        return self.judge(lambda x: call(x, **self.params), order, dtype)

    def judge(self, function: Function, order: int, dtype: str) -> Report:
        """Return the report of any function that claims to be the order-th derivative."""
        points, exact = self.points(dtype)
        computed, warned = called(function, points)
        if computed.dtype != points.dtype:
            warned = (*warned, f"{points.dtype} became {computed.dtype}")
            computed = computed.astype(np.float64)
        errors = errors_of(points, computed, exact, order)
        return Report(
            self.act.id,
            str(order),
            dtype,
            self.params,
            limits=self._wrong_limits(function, order, dtype),
            zeros=self._lost_zeros(function, order, dtype),
            warned=warned,
            errors=errors,
            points=points,
            near=exact.near[order],
            **summarise(points, errors),
        )

    def _wrong_limits(self, function: Function, order: int, dtype: str) -> tuple[str, ...]:
        """Return which values at an infinity are not the limit, or for NaN not NaN."""
        wrong = []
        for end in (-np.inf, np.inf):
            expected = self.reference.limit(end, order)
            computed, _ = called(function, np.array([end], dtype))
            value = float(computed[0])
            close = 8 * float(np.finfo(dtype).eps) * abs(expected)
            if expected != value and not (
                abs(value - expected) <= close or (np.isnan(expected) and np.isnan(value))
            ):
                wrong.append(f"at {end:+} it is {value} in place of {expected}")
        nothing, _ = called(function, np.array([np.nan], dtype))
        return tuple(wrong) if np.isnan(nothing[0]) else (*wrong, "NaN is lost")

    def _lost_zeros(self, function: Function, order: int, dtype: str) -> int:
        """Return for how many zeros an odd function has a zero of the wrong sign."""
        if not self.reference.is_odd(order):
            return 0
        zeros = np.array([0.0, -0.0], dtype)
        computed, _ = called(function, zeros)
        falls = self.reference.falls_at_zero(order)
        return int(np.sum(np.signbit(computed) != (np.signbit(zeros) ^ falls)))


def called(function: Function, points: Array) -> tuple[Array, tuple[str, ...]]:
    """Return what a function makes of the points, and the warnings that it raised."""
    with warnings.catch_warnings(record=True) as caught, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        values = np.asarray(function(points))
    if not values.ndim:
        values = np.broadcast_to(values, points.shape)
    seen: Sequence[str] = sorted({str(w.message).split(" encountered")[0] for w in caught})
    return values, tuple(f"warns of {text}" for text in seen)
