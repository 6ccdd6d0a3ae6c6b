"""How long every fact of every scalar member takes, each member cold in a process of its own."""

import json
import statistics
import sys

from benchmarks.measure import Result, run, show

__all__ = ["measure"]

MEMBERS = """
import json
import symacts
print(json.dumps([act.id for act in symacts.catalogue.values() if act.kind == "scalar"]))
"""
ONE = """
import json, sys, time
import symacts
from symacts.facts import NAMES
act = symacts.catalogue[sys.argv[1]]
act.pieces()
times = {}
for name in NAMES:
    started = time.perf_counter()
    getattr(act.facts, name)
    times[name] = time.perf_counter() - started
print(json.dumps(times))
"""


def timed() -> dict[str, dict[str, float]]:
    """Return for each scalar member the seconds that each fact took."""
    members = json.loads(run([sys.executable, "-c", MEMBERS]).output)
    return {
        member: json.loads(run([sys.executable, "-c", ONE, member]).output) for member in members
    }


def measure() -> list[Result]:
    """Return the results of a fresh measurement."""
    return summed_up(timed())


def summed_up(times: dict[str, dict[str, float]]) -> list[Result]:
    """Return the median, the largest and the sum over members, and the slowest fact of all."""
    members = [sum(facts.values()) for facts in times.values()]
    slowest = max(seconds for facts in times.values() for seconds in facts.values())
    return [
        Result("all facts of a member, median", statistics.median(members), "s", target=0.5),
        Result("all facts of a member, largest", max(members), "s", target=10),
        Result("one fact, largest", slowest, "s", target=10),
        Result("all facts of all members, one core", sum(members), "s", target=600),
    ]


def main() -> int:
    """Print a line for each member, the slowest first, and the results."""
    times = timed()
    for member in sorted(times, key=lambda name: -sum(times[name].values())):
        facts = times[member]
        worst = max(facts, key=lambda name: facts[name])
        print(f"{member:18} {sum(facts.values()):7.3f} s   {worst} {facts[worst]:.3f} s")
    results = summed_up(times)
    show(results)
    return int(any(result.is_missed for result in results))


if __name__ == "__main__":
    raise SystemExit(main())
