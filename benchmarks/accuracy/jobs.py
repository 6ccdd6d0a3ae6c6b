"""What is measured of one member, in this process or in several."""

import argparse
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from multiprocessing import get_context
from typing import Any, TypeAlias, TypeVar

import symacts
from benchmarks.accuracy import halves, peers, storing
from benchmarks.accuracy.measuring import parameter_sets, subject
from benchmarks.accuracy.report import Report

__all__ = ["PEERS", "Options", "each", "measure", "measure_halves", "measure_peers"]

Options: TypeAlias = argparse.Namespace
T = TypeVar("T")

PEERS = [system for system in peers.SYSTEMS if system != "symacts"]


def each(work: Callable[[str, Options], T], names: Sequence[str], options: Options) -> Iterator[T]:
    """Do the work for each name, in as many processes as asked for, in order.

    Other processes import what they are to do by name, so the work stands in a module and not in
    the script that is run.
    """
    if options.jobs == 1:
        yield from (work(name, options) for name in names)
        return
    # Frameworks start threads, which do not survive a fork.
    with ProcessPoolExecutor(options.jobs, mp_context=get_context("spawn")) as pool:
        yield from pool.map(work, names, repeat(options))


def measure(name: str, options: Options) -> list[Report]:
    """Return the reports of symacts' own function, at its defaults and at random parameters."""
    act = symacts.find(name)
    found = []
    for params in parameter_sets(act, options.parameters, options.seed):
        judged = subject(act, params, options.points, options.seed)
        for label in judged.labels(options.orders):
            for dtype in options.dtypes:
                report = judged.report(label, dtype)
                found.append(report if options.keep else report.without_arrays())
    return found


def measure_peers(name: str, options: Options) -> dict[str, Any]:
    """Return what is stored of symacts and the peers."""
    systems = ["symacts", *(options.peers or PEERS)]
    return storing.member_rows(name, systems, options.points, options.seed)


def measure_halves(name: str, options: Options) -> list[halves.Half]:
    """Return what all inputs of the 16-bit types give."""
    return halves.measure(symacts.find(name), options.orders)
