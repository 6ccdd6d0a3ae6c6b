"""How functions of long rows compute float32: in single precision where that is good enough."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from symacts.cache import Cache
from symacts.numeric.float32 import BOUND
from symacts.numeric.llvm.machine import signature
from symacts.numeric.llvm.rows.trace import RowProgram

__all__ = ["choose_rows", "row_error", "sample_rows"]

Array = NDArray[np.floating]
#: Compiles a program in one way.
Build = Callable[[str], np.ufunc]

# Rows that are computed in one way and in the other, with and without a rest.
_SIZES = (2, 5, 23, 64, 131)


def choose_rows(program: RowProgram, build: Build, folder: Path | None) -> str:
    """Return "single" or "short"; *build* compiles the program in a way, a folder remembers."""
    if any(node.operation == "first" for node in program.graph.nodes):
        return "short"  # places of more than 2**24 are no float32
    return Cache(folder).remember(
        "float32-rows", (program.text, *signature()), lambda: _measured(program, build)
    )


def _measured(program: RowProgram, build: Build) -> str:
    function = build("single")
    is_good = all(
        row_error(function, sample_rows(size, program.inputs, seed)) <= BOUND
        for seed, size in enumerate(_SIZES)
    )
    return "single" if is_good else "short"


def sample_rows(size: int, inputs: Sequence[str], seed: int) -> list[Array]:
    """Return float32 rows of every kind, and what is beside them: entries or numbers."""
    rng = np.random.default_rng(seed)
    count = 24
    top = np.eye(size)[rng.integers(0, size, count)]
    ordinary = rng.normal(0, 1, (count, size))
    kinds = (
        ordinary,
        rng.normal(0, 10, (count, size)),
        rng.uniform(-60, 60, (count, size)),
        rng.uniform(-2, 2, (count, size)) + rng.uniform(-500, 500, (count, 1)),
        ordinary + top * rng.uniform(2, 110, (count, 1)),
        rng.normal(0, 1e-4, (count, size)),
        np.full((count, size), rng.uniform(-50, 50, (count, 1))),
        rng.uniform(-1, 1, (count, size)) * 3e38,
        rng.choice([-1, 1], (count, 1)) * rng.uniform(0.9, 1, (count, size)) * 3e38,
        np.where(rng.uniform(size=(count, size)) < 0.3, -np.inf, ordinary),
    )
    x = np.concatenate(kinds).astype(np.float32)
    shapes = {"entry": x.shape, "number": x.shape[:1]}
    return [x, *(rng.normal(0, 1, shapes[kind]).astype(np.float32) for kind in inputs[1:])]


def row_error(function: np.ufunc, inputs: Sequence[Array]) -> float:
    """Return the largest error of the float32 loop, measured by the float64 loop.

    The unit is that of the result plus what a unit of each number that is given makes of it.
    """
    with np.errstate(all="ignore"):
        exact = [x.astype(np.float64) for x in inputs]
        wanted, computed = function(*exact), function(*inputs)
        rounded = wanted.astype(np.float32)
        unit = np.spacing(np.abs(rounded)).astype(np.float64)
        for place in range(len(inputs)):
            unit += _moved(function, exact, inputs[place], place)
        error = np.abs(computed - wanted) / unit
    is_same = (computed == rounded) | (np.isnan(computed) & np.isnan(rounded))
    is_usual = np.isfinite(rounded) & np.isfinite(computed)
    return float(np.max(np.where(is_usual, error, np.where(is_same, 0.0, np.inf))))


def _moved(function: np.ufunc, exact: Sequence[Array], single: Array, place: int) -> Array:
    """Return how far results move when one of the inputs moves by one unit of float32."""
    units = np.nan_to_num(np.spacing(np.abs(single)).astype(np.float64), nan=0.0)
    directions = [units] if single.ndim == 1 else np.eye(single.shape[-1])[:, None, :] * units
    moved: Array | float = 0.0
    for direction in directions:
        above, below = list(exact), list(exact)
        above[place], below[place] = exact[place] + direction, exact[place] - direction
        change = np.abs(function(*above) - function(*below)) / 2.0
        moved = moved + np.nan_to_num(change, nan=0.0, posinf=0.0)
    return np.asarray(moved)
