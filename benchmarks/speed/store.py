"""Write what was measured to symacts/measured/speed.json, which the site's page is made from.

`times` has an entry for every what, dtype, number of threads and size; its functions have a time
for each of `who`, in nanoseconds per element, null where there is none.  `overhead` has one for
every input, in microseconds of a call: first of numpy.exp, then of each of `who`.  `memory` has
MiB beyond the result, as NumPy counts and as the system counts.  Figures have three digits.
"""

import datetime as dt
import json
import os
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.speed.goals import Verdict
from benchmarks.speed.hand import LINES
from benchmarks.speed.plan import INPUTS
from benchmarks.speed.results import Results, geometric_mean
from benchmarks.speed.tables import RATIOS, WHO
from symacts.frameworks import frameworks_of

__all__ = ["machine", "store", "versions"]

PACKAGES = ("symacts", "numpy", "scipy", "sympy", "llvmlite", "torch", "jax")


def store(
    path: Path,
    command: str,
    malloc: Mapping[str, str],
    results: Results,
    verdicts: Iterable[Verdict],
    runs: int,
) -> None:
    """Write the file."""
    names = sorted({key.name for key in results.times})
    content = {
        "command": command,
        "date": dt.datetime.now(dt.UTC).date().isoformat(),
        "machine": machine(),
        "versions": versions(),
        "malloc": dict(malloc),
        "runs": runs,
        "load": [_rounded(pair) for pair in results.load],
        "who": list(WHO),
        "lines": {name: LINES[name] for name in names if name in LINES},
        "calls": {name: _framework_calls(name) for name in names},
        "times": _times(results),
        "overhead": [{"input": kind, "functions": _overhead(results, kind)} for kind in INPUTS],
        "memory": _memory(results),
        "goals": [_goal(verdict) for verdict in verdicts],
        "left out": dict(sorted(results.left_out.items())),
    }
    path.parent.mkdir(exist_ok=True)
    path.write_text(_text(content) + "\n", encoding="utf-8")


def machine() -> dict[str, Any]:
    """Return what the figures depend on besides versions: processor, cores and system."""
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def versions() -> dict[str, str]:
    """Return the versions of Python and of every package that takes part."""
    found = {"python": platform.python_version()}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _framework_calls(name: str) -> dict[str, str]:
    known = frameworks_of(name)
    return {peer: known[peer].call for peer in ("torch", "jax") if peer in known}


def _times(results: Results) -> list[dict[str, Any]]:
    tables = []
    for cell in results.cells:
        functions: dict[str, list[float | None]] = {}
        for key, time in results.times.items():
            if key.cell == cell:
                row = functions.setdefault(key.name, [None] * len(WHO))
                row[WHO.index(key.who)] = _short(time)
        ratios = {pair: results.ratios(cell, *pair) for pair in RATIOS}
        means = {
            "/".join(pair): _short(geometric_mean(found.values()))
            for pair, found in ratios.items()
            if found
        }
        tables.append(cell._asdict() | {"geomeans": means, "functions": functions})
    return tables


def _overhead(results: Results, kind: str) -> dict[str, list[float | None]]:
    """Return the microseconds of numpy.exp and then of each in `who`."""
    names = dict.fromkeys(name for where, name, _ in results.calls if where == kind)
    return {
        name: [_short(results.calls.get((kind, name, who))) for who in ("ufunc", *WHO)]
        for name in names
    }


def _memory(results: Results) -> list[dict[str, Any]]:
    tables: dict[tuple[str, str, str], dict[str, list[float | None]]] = {}
    for (engine, what, dtype, name), taken in results.memory.items():
        tables.setdefault((engine, what, dtype), {})[name] = [_short(taken[0]), _short(taken[1])]
    return [
        {"engine": engine, "what": what, "dtype": dtype, "functions": functions}
        for (engine, what, dtype), functions in sorted(tables.items())
    ]


def _goal(verdict: Verdict) -> dict[str, Any]:
    return {
        "goal": verdict.goal,
        "target": verdict.target,
        "measured": _short(verdict.measured),
        "where": verdict.where,
        "overall": _short(verdict.overall),
        "runs": _rounded(verdict.runs),
        "holds": verdict.holds,
    }


def _rounded(values: Iterable[float]) -> list[float | None]:
    return [_short(value) for value in values]


def _short(value: float | None) -> float | None:
    return None if value is None else float(f"{value:.3g}")


def _text(value: Any, depth: int = 0) -> str:
    """Return JSON that has a line for each thing that a change may touch, and none for less."""
    if not isinstance(value, dict | list) or _is_leaf(value):
        return json.dumps(value, ensure_ascii=False)
    inner, outer = "\n" + " " * (depth + 1), "\n" + " " * depth
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {_text(item, depth + 1)}" for key, item in value.items()]
        return f"{{{inner}{f',{inner}'.join(parts)}{outer}}}"
    return f"[{inner}{f',{inner}'.join(_text(item, depth + 1) for item in value)}{outer}]"


def _is_leaf(value: Any) -> bool:
    """Tell whether a value holds nothing but plain ones, or is an object of a line's length."""
    items = value.values() if isinstance(value, dict) else value
    return not any(isinstance(item, dict | list | tuple) for item in items)
