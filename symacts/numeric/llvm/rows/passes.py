"""Which passes over a row a graph takes, and what each of them adds up."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from symacts.numeric.llvm.rows.graph import REDUCTIONS, Graph

__all__ = ["Pass", "kept_exponential", "passes", "tops"]


@dataclass(frozen=True)
class Pass:
    """Reductions that are computed together; where the guard is false, not at all."""

    reductions: tuple[int, ...]
    guard: int | None


def passes(graph: Graph, result: int) -> Sequence[Pass]:
    """Return the passes that a result needs, in order, but for the one that writes entries."""
    wanted = [n for n in needed(graph, [result]) if graph.nodes[n].operation in REDUCTIONS]
    groups: dict[tuple[int, int], list[int]] = {}
    for number in wanted:
        guard = graph.nodes[number].guard
        groups.setdefault((graph.levels[number], -1 if guard is None else guard), []).append(number)
    return [Pass(tuple(groups[key]), None if key[1] < 0 else key[1]) for key in sorted(groups)]


def needed(
    graph: Graph, results: Sequence[int], *, until: frozenset[int] = frozenset()
) -> list[int]:
    """Return all values that results are made of, but for what those in *until* are made of."""
    found: set[int] = set()
    waiting = list(results)
    while waiting:
        number = waiting.pop()
        if number not in found:
            found.add(number)
            node = graph.nodes[number]
            if number not in until:
                waiting += node.arguments
                waiting += [] if node.guard is None else [node.guard]
    return sorted(found)


def kept_exponential(graph: Graph, steps: Sequence[Pass], result: int) -> tuple[int, int] | None:
    """Return the exponential that is kept where the result goes, and the pass that computes it.

    That is the first one that more than one pass needs.  Where the result may take the place of
    the only input, later passes must not need that any more.
    """
    if graph.is_of_row[result]:
        return None
    uses: dict[int, list[int]] = {}
    for place, numbers in enumerate([*(step.reductions for step in steps), (result,)]):
        for number in _exponentials(graph, numbers):
            uses.setdefault(number, []).append(place)
    again = {number: places for number, places in uses.items() if len(places) > 1}
    kept = next(((n, places[0]) for n, places in sorted(again.items())), None)
    if kept is None or _has_two_inputs(graph):
        return kept
    number, place = kept
    later = [*(n for step in steps[place + 1 :] for n in step.reductions), result]
    entries = needed(graph, _entries(graph, later), until=_rows(graph) | {number})
    return None if any(graph.nodes[n].operation == "input" for n in entries) else kept


def _exponentials(graph: Graph, numbers: Sequence[int]) -> Iterator[int]:
    """Yield the exponentials that entries of a pass are made of."""
    made = needed(graph, _entries(graph, numbers), until=_rows(graph))
    return (n for n in made if graph.nodes[n].operation == "unit_exp")


def _entries(graph: Graph, numbers: Sequence[int]) -> list[int]:
    """Return what passes go over for these numbers: results, or what reductions are made of."""
    return [
        argument
        for number in numbers
        for argument in (
            graph.nodes[number].arguments
            if graph.nodes[number].operation in REDUCTIONS
            else (number,)
        )
    ]


def _rows(graph: Graph) -> frozenset[int]:
    return frozenset(n for n, of_row in enumerate(graph.is_of_row) if of_row)


def _has_two_inputs(graph: Graph) -> bool:
    """Tell whether something is given beside the row, as for products, which are new arrays."""
    return any(node.operation in {"input", "number"} and node.value for node in graph.nodes)


def tops(graph: Graph, result: int) -> frozenset[int]:
    """Return the largest entries that others are compared with."""
    comparing = {"unit_exp", "distance"}
    return frozenset(
        graph.nodes[n].arguments[1]
        for n in needed(graph, [result])
        if graph.nodes[n].operation in comparing
    )
