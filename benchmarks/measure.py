"""Running things in fresh processes, and the table of what they took."""

import resource
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Result", "Usage", "best", "run", "show"]


@dataclass(frozen=True)
class Result:
    """One measured figure, and the most that it may be if there is a target."""

    what: str
    value: float
    unit: str
    target: float | None = None

    @property
    def is_missed(self) -> bool:
        """Whether the figure is above its target."""
        return self.target is not None and self.value > self.target


@dataclass(frozen=True)
class Usage:
    """What one process took: seconds on the clock, and MiB of memory at its peak."""

    seconds: float
    peak: float
    output: str


def run(command: Sequence[str], folder: Path | None = None) -> Usage:
    """Run a command to its end and return what it took; its peak counts its children too."""
    started = time.perf_counter()
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - started
    if done.returncode != 0:
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr}")
    # The largest child so far: runs are ordered so that what matters is the largest.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Usage(seconds, peak, done.stdout)


def best(code: str, runs: int = 5) -> float:
    """Return the least time that a fresh Python needs for a piece of code, which prints seconds."""
    return min(float(run([sys.executable, "-c", code]).output) for _ in range(runs))


def show(results: Sequence[Result]) -> None:
    """Print the results as an aligned table."""
    width = max(len(result.what) for result in results)
    print(f"{'what':<{width}}  {'measured':>12}  {'target':>12}")
    for result in results:
        target = "" if result.target is None else f"{result.target:g} {result.unit}"
        verdict = "  missed" if result.is_missed else ""
        print(f"{result.what:<{width}}  {_text(result):>12}  {target:>12}{verdict}")


def _text(result: Result) -> str:
    return f"{result.value:.3g} {result.unit}"
