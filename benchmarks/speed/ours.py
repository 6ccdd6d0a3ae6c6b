"""symacts as a candidate.  How an engine is chosen is said here and nowhere else."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from benchmarks.speed.cases import Case
from symacts.errors import SymactsError
from symacts.numeric import engine

__all__ = ["THREADS", "call", "engines", "using"]

#: The variable that says how many threads a process of ours uses.
THREADS = "SYMACTS_NUM_THREADS"


def engines() -> tuple[str, ...]:
    """Return the engines that this installation has, of "base" and "fast"."""
    return tuple(name for name in ("base", "fast") if _is_here(name))


def using(name: str) -> AbstractContextManager[object]:
    """Return the setting in which calls run on the engine of that name."""
    return engine.use(name)


def call(case: Case) -> Callable[[], Any]:
    """Return the call: the values, or the values with the derivatives by every input."""
    act, arrays = case.act, case.arrays
    if case.what == "f":
        return lambda: act(*arrays)
    if act.kind == "vector":
        (x,) = arrays
        ones = np.ones_like(act(x))
        return lambda: (act(x), act.vjp(x, ones))
    others = [act.derivative(wrt=name) for name in case.names[1:]]
    if not others:
        return lambda: act.value_and_derivative(*arrays)
    return lambda: (*act.value_and_derivative(*arrays), *(other(*arrays) for other in others))


def _is_here(name: str) -> bool:
    try:
        with engine.use(name):
            return True
    except SymactsError:
        return False
