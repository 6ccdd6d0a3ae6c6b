"""Judge the numbers of the catalogue against exact values at points that are hard.

`python -m benchmarks.accuracy gelu mish --seed 3` prints one line for each function, order and
dtype: the worst error in mixed ulp (ulp(f) + |f'| ulp(x)) and where, the worst and the mean error
in ulp, NaN and infinities that are not due, wrong limits, lost signs of zero and warnings. The exit
code is 1 when a bound is exceeded. Exact values are kept in the folder for temporary files, so a
second run with the same seed is quick.
"""

import argparse
import sys
from pathlib import Path

import symacts
from benchmarks.accuracy import halves, jobs, storing, worst
from benchmarks.accuracy.jobs import PEERS, Options
from benchmarks.accuracy.report import HEADING, Report


def main() -> int:
    """Measure what is asked for, print the table and tell whether every bound holds."""
    options = _parser().parse_args()
    acts = [symacts.find(name) for name in options.names] or list(symacts.catalogue.values())
    if options.half:
        return _run_halves([act.id for act in acts if act.kind == "scalar"], options)
    if options.peers or options.store:
        return _run_peers([act.id for act in acts], options)
    return _run([act.id for act in acts], options)


def _run_peers(names: list[str], options: Options) -> int:
    """Measure symacts and its peers, and if asked for store what the accuracy page shows."""
    members = {}
    for name, rows in zip(names, jobs.each(jobs.measure_peers, names, options), strict=True):
        members[name] = rows
        print(storing.line(name, rows), flush=True)
    if options.store:
        storing.write(members, count=options.points, seed=options.seed, path=options.output)
    return 0


def _run_halves(names: list[str], options: Options) -> int:
    """Judge all inputs of the 16-bit types, and tell whether every result is rounded correctly."""
    print(halves.HEADING)
    wrong = 0
    for found in jobs.each(jobs.measure_halves, names, options):
        for half in found:
            print(half.line(), flush=True)
            wrong += half.wrong
    return int(wrong > 0)


def _run(names: list[str], options: Options) -> int:
    """Print the table of symacts' own functions, and what is not as it must be."""
    print(HEADING)
    broken: list[Report] = []
    found: list[Report] = []
    for reports in jobs.each(jobs.measure, names, options):
        for report in reports:
            print(report.line(), flush=True)
            broken += [report] * bool(report.failures)
            found.append(report)
    if options.keep:
        worst.remember(found)
    for report in broken:
        params = f" {report.params}" if report.params else ""
        said = "; ".join(report.failures)
        print(f"{report.name} {report.order} {report.dtype}{params}: {said}", file=sys.stderr)
    print(f"{len(broken)} of {len(found)} are not as they must be", file=sys.stderr)
    return int(bool(broken))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.accuracy",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("names", nargs="*", metavar="NAME", help="members; all of the catalogue without any")
    add("--seed", type=int, default=0, help="what points and parameters are drawn from")
    add("--points", type=int, default=20_000, help="points for each function, order and dtype")
    add("--parameters", type=int, default=0, help="random choices of parameters beside defaults")
    add("--orders", type=int, nargs="+", default=[0, 1, 2], choices=[0, 1, 2])
    add("--dtypes", nargs="+", default=["float64", "float32"], choices=["float64", "float32"])
    add("--jobs", type=int, default=1, help="processes that measure")
    add("--keep", action="store_true", help="add the worst points to tests/data")
    add("--half", action="store_true", help="judge all inputs of the 16-bit types instead")
    add("--peers", nargs="+", choices=PEERS, help="measure these too, in float64 at the defaults")
    add("--store", action="store_true", help="measure all peers, and store it for the page")
    add("--output", type=Path, default=storing.PATH, help="where --store writes to")
    return parser


if __name__ == "__main__":
    sys.exit(main())
