"""All 65,536 inputs of float16 and of bfloat16: which results are not correctly rounded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ml_dtypes
import numpy as np

from benchmarks.accuracy.judge import Array
from benchmarks.accuracy.reference import Exact, Reference
from benchmarks.accuracy.scalars import called
from benchmarks.accuracy.store import kept

if TYPE_CHECKING:
    import symacts

__all__ = ["HEADING", "Half", "correctly_rounded", "measure"]

TYPES: dict[str, Any] = {"float16": np.float16, "bfloat16": ml_dtypes.bfloat16}
CLOSE = 1e-4
HEADING = f"{'function':<17} {'order':>5} {'dtype':<8} {'inputs':>7} {'wrong':>7} {'first at':>24}"


@dataclass(frozen=True)
class Half:
    """How many results of one function, order and 16-bit type are not correctly rounded."""

    name: str
    order: int
    dtype: str
    count: int
    wrong: int
    first: float | None
    warned: tuple[str, ...]

    def line(self) -> str:
        """Return the count as one line of a table."""
        at = "-" if self.first is None else repr(self.first)
        said = "  ".join(self.warned)
        return (
            f"{self.name:<17} {self.order:>5} {self.dtype:<8} {self.count:>7} {self.wrong:>7} "
            f"{at:>24}  {said}"
        ).rstrip()


def measure(act: "symacts.Activation", orders: Sequence[int], step: int = 1) -> list[Half]:
    """Return the counts of a scalar member at its defaults, of every step-th input."""
    reference = Reference(act)
    found = []
    for name, dtype in TYPES.items():
        every = np.arange(0, 2**16, step, dtype=np.uint16).view(dtype)
        with np.errstate(invalid="ignore"):  # some of the patterns are signalling NaN
            wide = every.astype(np.float64)
        inputs, wide = every[np.isfinite(wide)], wide[np.isfinite(wide)]
        exact = kept(reference, wide)
        for order in orders:
            call = act.derivative(order) if order else act
            computed, warned = called(call, inputs)
            wrong = _is_wrong(computed, exact, order, dtype)
            first = float(wide[np.argmax(wrong)]) if wrong.any() else None
            found.append(Half(act.id, order, name, inputs.size, int(wrong.sum()), first, warned))
    return found


def _is_wrong(computed: Array, exact: Exact, order: int, dtype: Any) -> Array:
    near = exact.near[order]
    if computed.dtype != dtype:
        return np.ones(near.shape, bool)
    low, high = correctly_rounded(near, dtype)
    values = computed.astype(np.float64)
    return ~np.isnan(near) & (values != low) & (values != high)


def correctly_rounded(near: Array, dtype: Any) -> tuple[Array, Array]:
    """Return the 16-bit numbers nearest to exact values, as doubles; two where it is a tie.

    A tie that is broken by what a double does not hold counts as one: 0.5001 ulp are promised.
    """
    info: Any = ml_dtypes.finfo  # which ships no types
    info = info(dtype)
    _, exponents = np.frexp(near)
    units = np.ldexp(1.0, np.maximum(exponents, int(info.minexp) + 1) - int(info.nmant) - 1)
    with np.errstate(all="ignore"):
        steps = near / units
        below = np.floor(steps)
        part = steps - below
        tie = np.abs(part - 0.5) <= CLOSE
        up = part > 0.5
        low = np.where(up & ~tie, below + 1, below) * units
        high = np.where(up | tie, below + 1, below) * units
    beyond = 2.0 ** int(info.maxexp)
    return _within(low, beyond), _within(high, beyond)


def _within(values: Array, beyond: float) -> Array:
    """Return the values with an infinity for what is out of reach."""
    return np.where(np.abs(values) >= beyond, np.copysign(np.inf, values), values)
