"""The page of speed: times of ours and of others, as they were measured."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from symacts import figures
from symacts.pages.library import Library

__all__ = ["values"]

Model = dict[str, Any]
Measured = Mapping[str, Any]

TITLES = {
    "base": "symacts",
    "fast": "symacts[fast]",
    "numpy": "NumPy",
    "lambdify": "lambdify",
    "torch": "PyTorch",
    "jax": "JAX",
    "copy": "copy",
}
#: The columns and the dots: ours first, the least that there is last.
ORDER = ("fast", "base", "torch", "jax", "numpy", "lambdify", "copy")
DOTS = ORDER[:-1]
WHAT = {"f": "Values", "fd": "With derivatives"}
#: The size that is shown function by function.
SHOWN_SIZE = 1_000_000
VERSIONS = ("symacts", "numpy", "scipy", "sympy", "llvmlite", "torch", "jax", "python")


def values(library: Library, measured: Measured) -> Model:
    """Return what the template of the page of speed needs."""
    shown = _shown(measured)
    return {
        "m": measured,
        "versions": ", ".join(
            f"{name} {measured['versions'][name]}"
            for name in VERSIONS
            if name in measured["versions"]
        ),
        "malloc": " ".join(f"{name}={value}" for name, value in measured["malloc"].items()),
        "means": _means(measured, shown),
        "all_means": _means(measured, measured["times"]),
        "pictures": [_picture(library, measured, table) for table in shown],
        "tables": [_table(library, measured, table) for table in shown],
        "calls": _calls(measured),
        "memory": _memory(measured),
        "goals": [_goal(goal) for goal in measured["goals"]],
        "lines": [
            {"title": library.link(name), "lines": lines}
            for name, lines in measured["lines"].items()
            if name in library.models
        ],
    }


def _shown(measured: Measured) -> list[Any]:
    """Return the tables that are shown in full: one size, and as many threads as there are."""
    tables = measured["times"]
    sizes = {table["size"] for table in tables}
    size = SHOWN_SIZE if SHOWN_SIZE in sizes else max(sizes)
    threads = max(table["threads"] for table in tables)
    chosen = [t for t in tables if (t["size"], t["threads"]) == (size, threads)]
    return sorted(chosen, key=lambda table: (table["what"], table["dtype"]))


def _conditions(table: Mapping[str, Any]) -> str:
    threads = "1 thread" if table["threads"] == 1 else f"{table['threads']} threads"
    return f"{table['dtype']}, {_whole(table['size'])} elements, {threads}"


# -- who takes how long ----------------------------------------------------------------------------


def _means(measured: Measured, tables: Sequence[Mapping[str, Any]]) -> Model:
    """Return the geometric means of some tables: our time over that of each other."""
    pairs = list(dict.fromkeys(pair for table in measured["times"] for pair in table["geomeans"]))
    pairs.sort(key=lambda pair: DOTS.index(pair.partition("/")[0]))
    owners = [pair.partition("/")[0] for pair in pairs]
    return {
        "groups": [(TITLES[who], owners.count(who)) for who in dict.fromkeys(owners)],
        "heads": [TITLES[pair.partition("/")[2]] for pair in pairs],
        "rows": [
            {
                "what": WHAT[table["what"]],
                "dtype": table["dtype"],
                "size": _whole(table["size"]),
                "exact_size": table["size"],
                "threads": table["threads"],
                "cells": [_ratio(table["geomeans"].get(pair)) for pair in pairs],
            }
            for table in tables
        ],
    }


def _ratio(value: float | None) -> Model | None:
    if value is None:
        return None
    return {"text": f"{value:.2f}", "sort": f"{value:.3g}", "is_less": value < 1}


def _picture(library: Library, measured: Measured, table: Mapping[str, Any]) -> Model:
    places = [measured["who"].index(who) for who in DOTS]
    rows = {
        library.models[name]["title"]: [row[place] for place in places]
        for name, row in table["functions"].items()
        if name in library.models
    }
    rows = {title: row for title, row in rows.items() if any(row)}
    ordered = dict(sorted(rows.items(), key=lambda item: min(filter(None, item[1]))))
    title = f"{WHAT[table['what']]}: {_conditions(table)}"
    return {
        "svg": figures.time_svg(
            [TITLES[who] for who in DOTS],
            ordered,
            title=title,
            unit="nanoseconds for each element",
            prefix=f"times-{table['what']}-{table['dtype']}-",
        ),
        "caption": f"{title}. Further left is faster.",
    }


def _is_measured(measured: Measured, table: Mapping[str, Any], who: str) -> bool:
    place = measured["who"].index(who)
    return any(row[place] is not None for row in table["functions"].values())


def _table(library: Library, measured: Measured, table: Mapping[str, Any]) -> Model:
    """Return the times of every function, the least of each row marked."""
    present = [who for who in ORDER if _is_measured(measured, table, who)]
    names = [name for name in table["functions"] if name in library.models]
    rows = []
    for card in library.cards(names):
        times = [table["functions"][card["id"]][measured["who"].index(who)] for who in present]
        rivals = [
            t for t, who in zip(times, present, strict=True) if t is not None and who != "copy"
        ]
        rows.append({**card, "cells": [_time(time, min(rivals, default=None)) for time in times]})
    return {
        "title": f"{WHAT[table['what']]}, {table['dtype']}",
        "conditions": _conditions(table),
        "id": f"times-{table['what']}-{table['dtype']}",
        "heads": [TITLES[who] for who in present],
        "rows": rows,
    }


def _time(value: float | None, least: float | None) -> Model | None:
    if value is None:
        return None
    return {"text": _short(value), "sort": f"{value:.3g}", "is_least": value == least}


def _whole(value: int) -> str:
    return f"{value:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.2g}"


# -- calls, memory, goals --------------------------------------------------------------------------


def _calls(measured: Measured) -> Model:
    """Return what a call costs: the median over the functions, for each kind of input."""
    heads = ["one NumPy ufunc", *(TITLES[who] for who in ORDER if who != "copy")]
    places = [0, *(1 + measured["who"].index(who) for who in ORDER if who != "copy")]
    rows = []
    for entry in measured["overhead"]:
        cells = [_median(entry["functions"].values(), place) for place in places]
        rows.append({"input": entry["input"], "cells": [c and _short(c) for c in cells]})
    return {"heads": heads, "rows": rows}


def _median(rows: Any, place: int) -> float | None:
    known = [row[place] for row in rows if row[place] is not None]
    return statistics.median(known) if known else None


def _memory(measured: Measured) -> list[Model]:
    """Return how much memory a call takes beyond its result, at the most."""
    rows = []
    for entry in measured["memory"]:
        taken = [_most(entry["functions"].values(), place) for place in (0, 1)]
        rows.append(
            {
                "title": TITLES[entry["engine"]],
                "what": WHAT[entry["what"]],
                "dtype": entry["dtype"],
                "cells": [t if t is None else f"{t:.2g}" for t in taken],
            }
        )
    return rows


def _most(rows: Sequence[Any] | Any, place: int) -> float | None:
    known = [row[place] for row in rows if row[place] is not None]
    return max(known) if known else None


def _goal(goal: Mapping[str, Any]) -> Model:
    measured = goal["measured"]
    return {
        "text": goal["goal"],
        "target": f"{goal['target']:g}",
        "measured": "" if measured is None else f"{measured:.2g}",
        "where": goal["where"],
        "holds": {True: "yes", False: "no", None: ""}[goal["holds"]],
    }
