"""Take turns: time several calls against each other so that whatever else happens hits them all."""

import gc
import random
import statistics
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

__all__ = ["Candidate", "measure"]

#: A sample is repeated calls for at least so many seconds.
SAMPLE = 1e-3
#: One candidate is given up after so many seconds, with no fewer samples than FEWEST.
BUDGET = 1.5
FEWEST = 3
#: Calls slower than this have nothing left in a cache that a call before them could warm.
SLOW = 0.02
#: Threads that wait for more work keep a core busy for a while; the next one shall find it free.
REST = 1e-3


@dataclass(frozen=True)
class Candidate:
    """Something to time: who it is, the call, and the setting that the call is made in."""

    name: str
    call: Callable[[], object]
    setting: Callable[[], AbstractContextManager[object]] = nullcontext


def measure(candidates: Sequence[Candidate], rounds: int, *, rest: bool) -> dict[str, float]:
    """Return the median of the seconds of one call for each candidate."""
    repeats = {one.name: _repeats(one) for one in candidates}
    samples: dict[str, list[float]] = {one.name: [] for one in candidates}
    order = list(candidates)
    gc.collect()
    gc.disable()
    try:
        for _ in range(rounds):
            random.shuffle(order)
            for one in order:
                taken = samples[one.name]
                if len(taken) < FEWEST or sum(taken) * repeats[one.name] < BUDGET:
                    taken.append(_sample(one, repeats[one.name]))
                    if rest:
                        time.sleep(REST)
    finally:
        gc.enable()
    return {name: statistics.median(taken) for name, taken in samples.items()}


def _repeats(candidate: Candidate) -> int:
    """Return how many calls make a sample that is long enough."""
    with candidate.setting():
        candidate.call()
        quickest = _seconds(candidate.call, 1)
        if quickest > SLOW:
            return 1
        quickest = min(quickest, *(_seconds(candidate.call, 1) for _ in range(2)))
        if quickest < SAMPLE / 10:
            quickest = _seconds(candidate.call, 20)
    return max(1, -int(-SAMPLE // max(quickest, 1e-8)))


def _sample(candidate: Candidate, repeats: int) -> float:
    with candidate.setting():
        first = _seconds(candidate.call, 1)
        if first > SLOW:
            return first
        return _seconds(candidate.call, repeats)


def _seconds(call: Callable[[], object], times: int) -> float:
    """Return the seconds of one call, on average over so many."""
    turns = range(times)
    started = time.perf_counter()
    for _ in turns:
        call()
    return (time.perf_counter() - started) / times
