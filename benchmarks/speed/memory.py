"""How much memory one call needs beyond its result, as NumPy counts it and as the system does."""

import gc
import re
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.speed import ours
from benchmarks.speed.cases import Case
from benchmarks.speed.plan import Plan

__all__ = ["SIZE", "measured"]

SIZE = 10_000_000
#: Enough to have everything made that a call needs, but for the space that it computes in.
WARM_UP = 1000
MIB = 2**20
_STATUS = Path("/proc/self/status")
_CLEAR = Path("/proc/self/clear_refs")


def measured(plan: Plan) -> Iterator[list[Any]]:
    """Yield (engine, what, dtype, member, MiB that NumPy took, MiB that the system gave)."""
    for engine in plan.engines:
        with ours.using(engine):
            for name in plan.names:
                for what in plan.what:
                    for dtype in plan.dtypes:
                        yield [engine, what, dtype, name, *_beyond_result(name, what, dtype)]


def _beyond_result(name: str, what: str, dtype: str) -> tuple[float, float | None]:
    ours.call(Case(name, what, dtype, WARM_UP))()
    call = ours.call(Case(name, what, dtype, SIZE))
    gc.collect()
    at_first = _start_counting()
    tracemalloc.start()
    result = call()
    traced = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    size = sum(part.nbytes for part in (result if isinstance(result, tuple) else (result,)))
    resident = None if at_first is None else (_status("VmHWM") - at_first - size) / MIB
    return (traced - size) / MIB, resident


def _start_counting() -> int | None:
    """Let the peak so far be what is used now, and return that; None where not Linux."""
    if not _CLEAR.exists():
        return None
    _CLEAR.write_text("5", encoding="ascii")
    return _status("VmRSS")


def _status(field: str) -> int:
    found = re.search(rf"{field}:\s*(\d+) kB", _STATUS.read_text(encoding="ascii"))
    assert found is not None, f"the system says nothing of {field}"
    return 1024 * int(found[1])
