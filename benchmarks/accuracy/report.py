"""What is said about one function, order and dtype, and the bounds that it must keep."""

from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from benchmarks.accuracy.judge import Array, Errors

__all__ = ["HEADING", "Report", "bound_of", "summarise"]


@dataclass(frozen=True)
class Report:
    """The errors of one function, order and dtype."""

    name: str
    order: str
    dtype: str
    params: dict[str, float]
    count: int
    mixed: float
    mixed_at: Any
    pure: float
    pure_at: Any
    mean_pure: float
    mean_mixed: float
    median_pure: float
    nans: int
    infinities: int
    limits: tuple[str, ...] = ()
    zeros: int = 0
    warned: tuple[str, ...] = ()
    errors: Errors | None = field(default=None, repr=False, compare=False)
    points: Array | None = field(default=None, repr=False, compare=False)
    near: Array | None = field(default=None, repr=False, compare=False)

    @property
    def bound(self) -> float:
        """The largest mixed error that is allowed."""
        return bound_of(self.order, self.dtype)

    @property
    def failures(self) -> tuple[str, ...]:
        """What is not as it must be, each in a few words."""
        found = []
        if self.mixed > self.bound:
            found.append(f"{self.mixed:.3g} > {self.bound:g} mixed ulp at {_point(self.mixed_at)}")
        if self.nans:
            found.append(f"{self.nans} NaN")
        if self.infinities:
            found.append(f"{self.infinities} spurious infinities")
        found += self.limits
        if self.zeros:
            found.append(f"the sign of zero is lost ({self.zeros} of 2)")
        found += self.warned
        return tuple(found)

    def without_arrays(self) -> "Report":
        """Return the report without what it was made from, which is large."""
        return replace(self, errors=None, points=None, near=None)

    def line(self) -> str:
        """Return the report as one line of a table."""
        params = ", ".join(f"{name}={value:.6g}" for name, value in self.params.items())
        return (
            f"{self.name:<17} {self.order:>5} {self.dtype:<8} {self.count:>7} "
            f"{self.mixed:>9.3g} {_point(self.mixed_at):>24} {self.pure:>9.3g} "
            f"{_point(self.pure_at):>24} {self.mean_pure:>8.3g} {self.nans:>5} "
            f"{self.infinities:>5} {len(self.limits):>3} {self.zeros:>3} {len(self.warned):>3}"
            f"  {params}"
        ).rstrip()


HEADING = (
    f"{'function':<17} {'order':>5} {'dtype':<8} {'points':>7} {'mixed':>9} {'at':>24} "
    f"{'pure':>9} {'at':>24} {'mean':>8} {'nan':>5} {'inf':>5} {'lim':>3} {'-0':>3} {'fpw':>3}"
)


def bound_of(order: str, dtype: str) -> float:
    """Return the largest mixed error allowed: 2 in single precision, 4 for f and 8 for slopes."""
    if dtype == "float32":
        return 2.0
    return 4.0 if order in {"0", "jacobian", "jvp"} else 8.0


def summarise(points: Array, errors: Errors) -> dict[str, Any]:
    """Return the figures of a report that come from its errors."""
    known = np.flatnonzero(~np.isnan(errors.pure))
    if not known.size:
        nothing = {"count": 0, "mixed": 0.0, "mixed_at": None, "pure": 0.0, "pure_at": None}
        return nothing | {
            "mean_pure": 0.0,
            "mean_mixed": 0.0,
            "median_pure": 0.0,
            "nans": 0,
            "infinities": 0,
        }
    worst_mixed = known[np.argmax(errors.mixed[known])]
    worst_pure = known[np.argmax(errors.pure[known])]
    return {
        "count": int(known.size),
        "mixed": float(errors.mixed[worst_mixed]),
        "mixed_at": points[worst_mixed],
        "pure": float(errors.pure[worst_pure]),
        "pure_at": points[worst_pure],
        "mean_pure": float(np.mean(errors.pure[known])),
        "mean_mixed": float(np.mean(errors.mixed[known])),
        "median_pure": float(np.median(errors.pure[known])),
        "nans": int(np.sum(errors.is_spurious_nan)),
        "infinities": int(np.sum(errors.is_spurious_infinity)),
    }


def _point(point: Any) -> str:
    """Return a point so that it can be typed again."""
    if point is None:
        return "-"
    if np.ndim(point):
        return "(" + ", ".join(repr(float(entry)) for entry in point) + ")"
    return repr(float(point))
