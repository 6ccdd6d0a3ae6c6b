"""Judge float32 at all 2**32 inputs: `python -m benchmarks.accuracy.exhaustive sigmoid silu`.

What a float32 result is compared with is the same function in double precision. Its error of a few
units in the last place of a double is less than 1e-8 of one in single precision, so what is more
than 0.5001 units off is wrong whatever the double should have been.
"""

import argparse
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

import symacts
from benchmarks.accuracy.judge import Array, ratio, spacing_of

Function: TypeAlias = Callable[[Array], Any]

CHUNK = 2**20
CLOSE = 0.5001
FLOAT32_LARGEST = float(np.finfo(np.float32).max)


@dataclass(frozen=True)
class Sweep:
    """What was found in some or all of the 2**32 inputs."""

    count: int = 0
    off: int = 0
    """How many results are more than 0.5001 ulp off."""
    pure: float = 0.0
    pure_at: float = 0.0
    mixed: float = 0.0
    mixed_at: float = 0.0
    broken: int = 0
    """How many are NaN or infinite where they must not be, or the other way round."""

    def __add__(self, other: "Sweep") -> "Sweep":
        pure = self if self.pure >= other.pure else other
        mixed = self if self.mixed >= other.mixed else other
        return Sweep(
            self.count + other.count,
            self.off + other.off,
            pure.pure,
            pure.pure_at,
            mixed.mixed,
            mixed.mixed_at,
            self.broken + other.broken,
        )


def sweep(function: Function, slope: Function, first: int, last: int) -> Sweep:
    """Return what is found where the bits of the input are first, ..., last - 1."""
    x = np.arange(first, last, dtype=np.uint64).astype(np.uint32).view(np.float32)
    x = x[np.isfinite(x)]
    if not x.size:
        return Sweep()
    wide = x.astype(np.float64)
    single, exact, steep = function(x), function(wide), slope(wide)
    assert single.dtype == np.float32
    with np.errstate(over="ignore"):
        expected = exact.astype(np.float32)
    fine = np.isfinite(single) & np.isfinite(expected)
    broken = ~fine & ~((single == expected) | (np.isnan(single) & np.isnan(expected)))
    # What is slightly beyond the largest number may come out as that number, or infinite.
    near_top = (np.abs(exact) >= FLOAT32_LARGEST) & (np.abs(exact) < FLOAT32_LARGEST * (1 + 2e-7))
    broken &= ~near_top
    unit = spacing_of(np.clip(exact, -FLOAT32_LARGEST, FLOAT32_LARGEST), np.float32)
    with np.errstate(invalid="ignore"):
        pure = np.where(fine, np.abs(single - exact) / unit, 0)
        mixed = pure / (1 + ratio(steep, spacing_of(wide, np.float32), unit))
    at, mixed_at = int(np.argmax(pure)), int(np.argmax(mixed))
    return Sweep(
        x.size,
        int(np.sum(pure > CLOSE)),
        float(pure[at]),
        float(x[at]),
        float(mixed[mixed_at]),
        float(x[mixed_at]),
        int(np.sum(broken)),
    )


def sweep_all(act: "symacts.Activation", order: int, jobs: int, stride: int = 1) -> Sweep:
    """Return what is found at all inputs, or in one chunk of each *stride*."""
    function: Function = act.derivative(order) if order else act
    slope = act.derivative(order + 1)
    starts = range(0, 2**32, CHUNK * stride)
    total = Sweep()
    with ThreadPoolExecutor(jobs) as pool:
        parts = pool.map(lambda start: sweep(function, slope, start, start + CHUNK), starts)
        for done, part in enumerate(parts):
            total += part
            if sys.stderr.isatty():
                print(f"\r{act.id} {done / len(starts):6.1%}", end="", file=sys.stderr)
    return total


def main() -> int:
    """Sweep the members that are named, and tell whether all results are right."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.accuracy.exhaustive",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="+", metavar="NAME")
    parser.add_argument("--orders", type=int, nargs="+", default=[0])
    parser.add_argument("--jobs", type=int, default=2, help="threads")
    parser.add_argument("--stride", type=int, default=1, help="look at one chunk of so many only")
    options = parser.parse_args()
    print(
        f"{'function':<13} {'order':>5} {'inputs':>11} {'> 0.5001':>9} {'worst ulp':>10} "
        f"{'at':>16} {'mixed':>8} {'at':>16} {'broken':>7} {'seconds':>8}"
    )
    wrong = 0
    for name in options.names:
        for order in options.orders:
            started = time.perf_counter()
            found = sweep_all(symacts.find(name), order, options.jobs, options.stride)
            seconds = time.perf_counter() - started
            print(
                f"{name:<13} {order:>5} {found.count:>11} {found.off:>9} {found.pure:>10.6f} "
                f"{found.pure_at:>16.9g} {found.mixed:>8.4f} {found.mixed_at:>16.9g} "
                f"{found.broken:>7} {seconds:>8.1f}",
                flush=True,
            )
            wrong += found.broken + (found.mixed > 2)
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
