"""What one call costs: for a single number, and for an element of a large array."""

import timeit
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import special

import symacts
from benchmarks.measure import Result

__all__ = ["measure"]

Array = NDArray[np.float64]

LARGE = 1_000_000
MEMBERS = ("relu", "sigmoid", "gelu", "mish")


def measure() -> list[Result]:
    """Return microseconds for a scalar and nanoseconds for an element, beside NumPy and SciPy."""
    x = np.linspace(-6, 6, LARGE)
    results = [result for name in MEMBERS for result in _of_member(name, x)]
    peers: dict[str, Callable[[Array], object]] = {
        "numpy.maximum(x, 0)": lambda x: np.maximum(x, 0),
        "scipy.special.expit(x)": special.expit,
        "x * scipy.special.ndtr(x)": lambda x: x * special.ndtr(x),
    }
    for name, function in peers.items():
        results.append(Result(f"peer: {name}", _per_element(partial(function, x)), "ns"))
    return results


def _of_member(name: str, x: Array) -> list[Result]:
    act = symacts.find(name)
    return [
        Result(f"{name}(0.5)", 1e6 * _seconds(partial(act, 0.5), 2000), "us"),
        Result(f"{name}(x), {LARGE:.0e} elements", _per_element(partial(act, x)), "ns"),
        Result(f"{name}'(x)", _per_element(partial(act.derivative(), x)), "ns"),
    ]


def _per_element(call: Callable[[], object]) -> float:
    return 1e9 * _seconds(call, 3) / LARGE


def _seconds(call: Callable[[], object], times: int) -> float:
    """Return the seconds of one call, the best of five rounds."""
    return min(timeit.repeat(call, number=times, repeat=5)) / times
