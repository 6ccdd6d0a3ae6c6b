"""Measure how fast symacts is beside its peers, and hold it to the goals.

`python -m benchmarks.speed` measures everything, which takes hours; names of functions, sizes and
peers make it as short as one likes. With --store the result becomes symacts/measured/speed.json.
"""

import argparse
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import symacts
from benchmarks.speed import ours, peers
from benchmarks.speed.goals import verdicts
from benchmarks.speed.plan import Plan
from benchmarks.speed.results import merged, read
from benchmarks.speed.store import machine, store, versions
from benchmarks.speed.tables import show, show_verdicts

ROOT = Path(__file__).resolve().parents[2]
STORED = ROOT / "symacts" / "measured" / "speed.json"
TASKS = ("times", "overhead", "memory")
#: Everyone keeps what memory was freed: figures show computing, not the kernel's page faults.
#: The processes that measure memory do without, for there what is freed shall be seen to be.
MALLOC = {"MALLOC_TRIM_THRESHOLD_": "2000000000", "MALLOC_MMAP_THRESHOLD_": "2000000000"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the tables and the goals; return 1 when a goal that was measured is missed."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    parser = _parser()
    chosen = parser.parse_args(given)
    if chosen.store and chosen.names:
        parser.error("--store is for the whole catalogue: leave out the names")
    names = [symacts.find(name).id for name in chosen.names]
    plan = Plan(
        tuple(names or symacts.catalogue),
        tuple(int(size) for size in chosen.sizes),
        tuple(chosen.dtypes),
        tuple(chosen.what),
        tuple(engine for engine in chosen.engines if engine in ours.engines()),
        tuple(chosen.peers),
        chosen.samples,
    )
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(chosen.raw or scratch)
        folder.mkdir(exist_ok=True)
        runs = [
            read(_one_run(folder, number, plan, chosen.threads, chosen.tasks))
            for number in range(chosen.runs)
        ]
    results = merged(runs)
    _show_conditions(results.load)
    show(results)
    found = verdicts(results, runs)
    show_verdicts(found)
    if chosen.store:
        command = shlex.join(["python", "-m", "benchmarks.speed", *_without_raw(given)])
        store(STORED, command, MALLOC, results, found, len(runs))
    return int(any(verdict.holds is False for verdict in found))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=__doc__)
    add = parser.add_argument
    add("names", nargs="*", metavar="NAME", help="functions; without any the whole catalogue")
    add("--sizes", nargs="+", type=float, default=[1e5, 1e6, 1e7], help="numbers of elements")
    add("--dtypes", nargs="+", choices=["float32", "float64"], default=["float32", "float64"])
    add("--threads", nargs="+", type=int, default=[1, 2], help="each in a process of its own")
    add("--what", nargs="+", choices=["f", "fd"], default=["f", "fd"], help="fd is f with f'")
    add("--engines", nargs="+", choices=["base", "fast"], default=["base", "fast"])
    add("--peers", nargs="+", choices=list(peers.PEERS), default=list(peers.PEERS))
    add("--tasks", nargs="+", choices=TASKS, default=list(TASKS), help="what to measure")
    add("--samples", type=int, default=13, help="of each candidate in each table (default 13)")
    add("--runs", type=int, default=1, help="the median of so many runs counts")
    add("--raw", help="keep what each process found in this folder, and go on from what is there")
    add("--store", action="store_true", help=f"write {STORED.relative_to(ROOT).as_posix()}")
    return parser


def _one_run(
    folder: Path, number: int, plan: Plan, threads: Sequence[int], tasks: Sequence[str]
) -> list[Path]:
    """Measure one run; return the files that its processes wrote."""
    wanted = [("times", count) for count in threads]
    wanted += [("overhead", threads[0]), ("memory", threads[-1])]
    paths = []
    for task, count in wanted:
        if task in tasks:
            path = folder / f"{task}-{number + 1}-threads-{count}.json"
            if not path.exists():
                _measure(plan, path, task, count)
            paths.append(path)
    return paths


def _measure(plan: Plan, path: Path, task: str, threads: int) -> None:
    written = path.with_suffix(".plan")
    plan.write(written)
    settings = {ours.THREADS: str(threads)} | peers.environment(threads)
    if task != "memory":
        settings |= MALLOC
    subprocess.run(
        [sys.executable, "-m", "benchmarks.speed.worker", written, path, task, str(threads)],
        cwd=ROOT,
        env=os.environ | settings,
        check=True,
    )


def _show_conditions(load: Sequence[tuple[float, float]]) -> None:
    described = machine()
    print(f"{described['processor']}, {described['cores']} cores, {described['system']}")
    print(", ".join(f"{name} {number}" for name, number in versions().items()))
    print("memory is kept by every process: " + " ".join(f"{k}={v}" for k, v in MALLOC.items()))
    pairs = "; ".join(f"{before:.2f} {after:.2f}" for before, after in load)
    print(f"load average before and after each process: {pairs}")


def _without_raw(given: list[str]) -> list[str]:
    """Return the arguments without where the raw files were: that repeats nothing."""
    if "--raw" not in given:
        return given
    place = given.index("--raw")
    return given[:place] + given[place + 2 :]


if __name__ == "__main__":
    raise SystemExit(main())
