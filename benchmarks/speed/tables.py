"""The tables on the terminal: times with ratios and geometric means, calls, memory, goals."""

from collections.abc import Iterable, Sequence

from benchmarks.speed.goals import VALUES, Verdict
from benchmarks.speed.plan import INPUTS
from benchmarks.speed.results import Cell, Key, Results, geometric_mean

__all__ = ["RATIOS", "WHO", "show", "show_verdicts"]

#: Whose times there are, in the order of the columns.
WHO = ("base", "fast", "numpy", "lambdify", "torch", "jax", "copy")
#: Whose time is shown over whose.
RATIOS = (
    ("fast", "torch"),
    ("fast", "jax"),
    ("fast", "numpy"),
    ("fast", "copy"),
    ("base", "numpy"),
    ("base", "lambdify"),
    ("base", "torch"),
)
NOTHING = "-"


def show(results: Results) -> None:
    """Print everything that was measured."""
    for cell in results.cells:
        _show_cell(results, cell)
    for kind in INPUTS:
        _show_calls(results, kind)
    _show_memory(results)
    for case, why in results.left_out.items():
        print(f"left out: {case}: {why}")


def show_verdicts(verdicts: Iterable[Verdict]) -> None:
    """Print the goals, each with its worst figure and whether it holds."""
    rows = [
        [
            {True: "holds", False: "MISSED", None: "not measured"}[verdict.holds],
            verdict.goal,
            f"{verdict.target:g}",
            _figure(verdict.measured),
            _figure(verdict.overall),
            " ".join(map(_figure, verdict.runs)),
            verdict.where,
        ]
        for verdict in verdicts
    ]
    _show_rows("Goals", ["", "goal", "target", "worst", "overall", "runs", "where"], rows)


def _show_cell(results: Results, cell: Cell) -> None:
    present = {key.who for key in results.times if key.cell == cell}
    columns = [who for who in WHO if who in present]
    pairs = [pair for pair in RATIOS if set(pair) <= present]
    ratios = {pair: results.ratios(cell, *pair) for pair in pairs}
    rows = [
        [
            name,
            *(_figure(results.times.get(Key(cell, name, who))) for who in columns),
            *(_figure(ratios[pair].get(name)) for pair in pairs),
        ]
        for name in dict.fromkeys(key.name for key in results.times if key.cell == cell)
    ]
    means = [
        _figure(geometric_mean(found.values()) if found else None) for found in ratios.values()
    ]
    rows.append(["geometric mean", *("" for _ in columns), *means])
    title = f"{VALUES[cell.what]}, {cell}: ns per element, then ratios"
    _show_rows(title, ["", *columns, *map("/".join, pairs)], rows)


def _show_calls(results: Results, kind: str) -> None:
    rest = [who for who in WHO if (kind, who) in {(k, w) for k, _, w in results.calls}]
    columns = ["ufunc", *rest]
    names = dict.fromkeys(name for where, name, _ in results.calls if where == kind)
    rows = [
        [name, *(_figure(results.calls.get((kind, name, who))) for who in columns)]
        for name in names
    ]
    if rows:
        _show_rows(f"A call on {kind}: us; ufunc is numpy.exp", ["", *columns], rows)


def _show_memory(results: Results) -> None:
    columns = list(dict.fromkeys(key[:3] for key in results.memory))
    rows = [
        [name, *(_figure(results.beyond_result((*column, name))) for column in columns)]
        for name in dict.fromkeys(key[3] for key in results.memory)
    ]
    if rows:
        head = [f"{engine} {what} {dtype}" for engine, what, dtype in columns]
        _show_rows("Memory beyond the result at 1e7 elements: MiB", ["", *head], rows)


def _show_rows(title: str, head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    columns = list(zip(head, *rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    to_the_right = [all(map(_is_number, column[1:])) for column in columns]
    print(f"\n{title}")
    for row in (head, *rows):
        cells = [
            text.rjust(width) if right else text.ljust(width)
            for text, width, right in zip(row, widths, to_the_right, strict=True)
        ]
        print("  ".join(cells).rstrip())


def _figure(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.3g}"


def _is_number(text: str) -> bool:
    return text[-1:].isdigit() or text in {NOTHING, ""}
