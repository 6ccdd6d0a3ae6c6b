"""The measured figures: read from the processes, merged over the runs, compared as ratios."""

import json
import math
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Cell", "Key", "Results", "geometric_mean", "merged", "read"]


class Cell(NamedTuple):
    """What all the figures of one table have in common."""

    what: str
    dtype: str
    threads: int
    size: int

    def __str__(self) -> str:
        threads = "1 thread" if self.threads == 1 else f"{self.threads} threads"
        return f"{self.dtype}, {self.size:.0e} elements, {threads}".replace("e+0", "e")


class Key(NamedTuple):
    """One figure of a table: whose time for which member."""

    cell: Cell
    name: str
    who: str


@dataclass(frozen=True)
class Results:
    """Nanoseconds per element, microseconds per call, MiB beyond the result, and what else is said.

    The keys of `calls` are (input, member, who), those of `memory` (engine, what, dtype, member).
    """

    times: Mapping[Key, float]
    calls: Mapping[tuple[str, str, str], float]
    memory: Mapping[tuple[str, str, str, str], tuple[float, float | None]]
    load: tuple[tuple[float, float], ...]
    left_out: Mapping[str, str]

    @property
    def cells(self) -> list[Cell]:
        """The tables that there are, in order."""
        return sorted({key.cell for key in self.times})

    def ratios(self, cell: Cell, ours: str, peer: str) -> dict[str, float]:
        """Return our time over that of a peer for each member that both have."""
        own = {key.name: time for key, time in self.times.items() if key[::2] == (cell, ours)}
        return {
            name: time / self.times[Key(cell, name, peer)]
            for name, time in own.items()
            if Key(cell, name, peer) in self.times
        }

    def beyond_result(self, key: tuple[str, str, str, str]) -> float:
        """Return the larger of the two ways to count the memory that a call took."""
        traced, resident = self.memory[key]
        return max(traced, resident or 0.0)


def geometric_mean(values: Iterable[float]) -> float:
    """Return the geometric mean: that of ratios does not depend on which way round they are."""
    return math.exp(statistics.fmean(map(math.log, values)))


def read(paths: Iterable[Path]) -> Results:
    """Return what the processes of one run wrote."""
    times: dict[Key, float] = {}
    calls: dict[tuple[str, str, str], float] = {}
    memory: dict[tuple[str, str, str, str], tuple[float, float | None]] = {}
    load: list[tuple[float, float]] = []
    left_out: dict[str, str] = {}
    for path in paths:
        told = json.loads(path.read_text(encoding="utf-8"))
        load.append((told["load"][0], told["load"][1]))
        left_out |= told.get("left out", {})
        rows: list[Any] = told["rows"]
        if told["task"] == "times":
            times |= {Key(Cell(*row[:4]), row[4], row[5]): row[6] for row in rows}
        elif told["task"] == "overhead":
            calls |= {(row[0], row[1], row[2]): row[3] for row in rows}
        else:
            memory |= {(row[0], row[1], row[2], row[3]): (row[4], row[5]) for row in rows}
    return Results(times, calls, memory, tuple(load), left_out)


def merged(runs: Sequence[Results]) -> Results:
    """Return the median of the runs for each time, and the most memory of any."""
    return Results(
        _medians([run.times for run in runs]),
        _medians([run.calls for run in runs]),
        _per_key([run.memory for run in runs], max),
        tuple(pair for run in runs for pair in run.load),
        {key: why for run in runs for key, why in run.left_out.items()},
    )


def _medians(tables: Sequence[Mapping[Any, float]]) -> dict[Any, float]:
    return _per_key(tables, statistics.median)


def _per_key(
    tables: Sequence[Mapping[Any, Any]], choose: Callable[[list[Any]], Any]
) -> dict[Any, Any]:
    keys = dict.fromkeys(key for table in tables for key in table)
    return {key: choose([table[key] for table in tables if key in table]) for key in keys}
