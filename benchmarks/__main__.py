"""Measure imports, derivation and builds, and compare them with their targets.

`python -m benchmarks` measures everything, `python -m benchmarks import build` what it names.
Each figure is the best of several runs, for other work on the machine only ever adds to it. The
exit code is 1 when a target is missed.

What a call costs and how right its numbers are have benchmarks of their own, which compare with
other libraries: `python -m benchmarks.speed` and `python -m benchmarks.accuracy`.
"""

import argparse
import sys

from benchmarks import building, deriving, facts, importing
from benchmarks.measure import Result, show

SUITES = {
    "import": importing.measure,
    "derive": deriving.measure,
    "facts": facts.measure,
    "build": building.measure,
}


def main() -> int:
    """Run the chosen suites and print their table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("suites", nargs="*", metavar="SUITE", help=f"any of {', '.join(SUITES)}")
    chosen = parser.parse_args().suites or list(SUITES)
    unknown = [name for name in chosen if name not in SUITES]
    if unknown:
        parser.error(f"there is no suite {unknown[0]!r}; there are {', '.join(SUITES)}")
    results: list[Result] = []
    for name in chosen:
        print(f"measuring {name} ...", file=sys.stderr)
        results += SUITES[name]()
    show(results)
    return int(any(result.is_missed for result in results))


if __name__ == "__main__":
    raise SystemExit(main())
