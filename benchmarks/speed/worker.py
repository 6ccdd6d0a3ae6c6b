"""One process of the benchmark: everyone with the same number of threads, in turns.

Called by the benchmark as `python -m benchmarks.speed.worker PLAN RESULT TASK THREADS`, where TASK
is "times", "overhead" or "memory".
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import symacts
from benchmarks.speed import memory, ours, peers
from benchmarks.speed.cases import Case
from benchmarks.speed.plan import INPUTS, Plan
from benchmarks.speed.timing import Candidate, measure

__all__ = ["main"]

#: How far a peer may be from ours, beside 1 or the value, and still compute the same function.
SAME = {"float64": 1e-6, "float32": 1e-3}
#: An array of this size and more is sampled half as often: every sample is long.
LARGE = 10_000_000
SMALL = 2000

Row = list[Any]


def main(arguments: list[str]) -> None:
    """Measure what the plan asks for and write the result."""
    plan, result = Plan.read(Path(arguments[0])), Path(arguments[1])
    task, threads = arguments[2], int(arguments[3])
    np.seterr(all="ignore")
    peers.prepare(plan.peers, threads)
    before = os.getloadavg()[0]
    measured: dict[str, Any] = {"task": task, "threads": threads}
    if task == "memory":
        measured["rows"] = list(memory.measured(plan))
    else:
        left_out: dict[str, str] = {}
        rows = _overheads(plan) if task == "overhead" else _times(plan, threads, left_out)
        measured |= {"rows": list(rows), "left out": left_out}
    measured["load"] = [before, os.getloadavg()[0]]
    result.write_text(json.dumps(measured), encoding="utf-8")


def _times(plan: Plan, threads: int, left_out: dict[str, str]) -> Iterator[Row]:
    """Yield (what, dtype, threads, size, member, who, nanoseconds per element)."""
    for name in plan.names:
        print(f"{threads} threads: {name}", file=sys.stderr)
        for what, dtype in ((what, dtype) for what in plan.what for dtype in plan.dtypes):
            taking_part = _taking_part(plan, Case(name, what, dtype, SMALL), left_out)
            for size in plan.sizes:
                case = Case(name, what, dtype, size)
                rounds = plan.rounds if size < LARGE else max(3, plan.rounds // 2)
                seconds = measure(_candidates(plan, case, taking_part), rounds, rest=threads > 1)
                for who, best in _merged(seconds).items():
                    yield [what, dtype, threads, size, name, who, 1e9 * best / size]


def _candidates(plan: Plan, case: Case, taking_part: set[str]) -> list[Candidate]:
    mine = [
        Candidate(engine, ours.call(case), partial(ours.using, engine)) for engine in plan.engines
    ]
    return mine + [
        Candidate(way, call)
        for peer in plan.peers
        for way, call in _ways(peer, case).items()
        if way in taking_part
    ]


def _taking_part(plan: Plan, case: Case, left_out: dict[str, str]) -> set[str]:
    """Return the ways of the peers that compute what we compute; note those that do not."""
    expected = ours.call(case)()
    found = set()
    for peer in plan.peers:
        for way, call in _ways(peer, case).items():
            off = 0.0 if peer == "copy" else peers.agreement(call(), expected)
            if off <= SAME[case.dtype]:
                found.add(way)
            else:
                left_out[f"{case.name} {case.what} {case.dtype} {way}"] = f"differs by {off:.1g}"
    return found


def _ways(peer: str, case: Case) -> dict[str, Callable[[], Any]]:
    return peers.calls(peer, case)


def _merged(seconds: dict[str, float]) -> dict[str, float]:
    """Return the least of what a peer needs: of several lines of NumPy the best one counts."""
    best: dict[str, float] = {}
    for way, value in seconds.items():
        who = way.partition(":")[0]
        best[who] = min(value, best.get(who, value))
    return best


def _overheads(plan: Plan) -> Iterator[Row]:
    """Yield (input, member, who, microseconds of a call); "ufunc" is numpy.exp."""
    for name in plan.names:
        if symacts.catalogue[name].kind == "vector":
            continue
        print(f"a call: {name}", file=sys.stderr)
        for kind in INPUTS:
            candidates = _small_candidates(plan, name, kind)
            for who, best in _merged(measure(candidates, plan.rounds, rest=False)).items():
                yield [kind, name, who, 1e6 * best]


def _small_candidates(plan: Plan, name: str, kind: str) -> list[Candidate]:
    value = _value(kind)
    inputs = (value,) * len(symacts.catalogue[name].inputs)
    case = Case(name, "f", "float64", np.size(value), inputs)
    found = [Candidate("ufunc", lambda: np.exp(value))]
    found += [
        Candidate(engine, ours.call(case), partial(ours.using, engine)) for engine in plan.engines
    ]
    for peer in plan.peers:
        if peer in {"torch", "jax"} and not isinstance(value, np.ndarray):
            continue
        for way, call in _ways(peer, case).items() if peer != "copy" else ():
            if _runs(call):
                found.append(Candidate(way, call))
    return found


def _value(kind: str) -> Any:
    values = (0.5, np.float64(0.5), np.full(1, 0.5), np.full(1000, 0.5))
    return dict(zip(INPUTS, values, strict=True))[kind]


def _runs(call: Callable[[], Any]) -> bool:
    """Tell whether a way of a peer takes this input: not every line takes a Python float."""
    try:
        call()
    except (AttributeError, TypeError, ValueError):
        return False
    return True


if __name__ == "__main__":
    main(sys.argv[1:])
