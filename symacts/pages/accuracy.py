"""The page of accuracy: errors of ours and of others, as they were measured."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from symacts import figures
from symacts.wording.numbers import number

if TYPE_CHECKING:
    from symacts.pages.library import Library

__all__ = ["brief", "values"]

Model = dict[str, Any]
Curves = Mapping[str, Sequence[int | None]]

OURS = "symacts"
PICTURES = 3
"""How many pictures there are of each order."""
#: From here on half of the digits of a double are gone, and from here on nearly all of them.
HALF_LOST, ALL_LOST = 1e8, 1e12
DERIVATIVES = ("", "The derivative of ", "The second derivative of ")
MARKS = ("", "′", "″")
KINDS: dict[str, dict[str, str]] = {
    "scalar": {"0": "The functions", "1": "First derivatives", "2": "Second derivatives"},
    "gate": {"0": "Gates", "a": "Gates by the first input", "b": "Gates by the second input"},
    "vector": {
        "0": "Functions of vectors",
        "jacobian": "Jacobians",
        "jvp": "Jacobians times a vector",
    },
}
#: By which bound an order is judged, if not by that of values.
BOUND_OF = {"1": "1", "2": "2", "a": "1", "b": "1"}
VERSIONS = ("symacts", "numpy", "scipy", "sympy", "torch", "jax", "python-flint", "python")


def values(library: "Library", measured: Mapping[str, Any]) -> Model:
    """Return what the template of the page of accuracy needs."""
    members = {key: row for key, row in measured["members"].items() if key in library.models}
    by_kind = {kind: _of_kind(library, members, kind) for kind in KINDS}
    return {
        "m": measured,
        "versions": ", ".join(
            f"{name} {measured['versions'][name]}"
            for name in VERSIONS
            if name in measured["versions"]
        ),
        "systems": list(measured["systems"].values()),
        "families": library.families,
        "bounds": [number(measured["bounds"].get(order, 0.0)) for order in KINDS["scalar"]],
        "count": len(by_kind["scalar"]),
        "summary": _summary(measured, by_kind["scalar"]),
        "pictures": _pictures(library, measured, by_kind["scalar"]),
        "tables": [
            table
            for kind, titles in KINDS.items()
            for order, title in titles.items()
            if (table := _table(library, measured, by_kind[kind], order, title))["rows"]
        ],
    }


def brief(measured: Mapping[str, Any] | None, act_id: str) -> list[Model]:
    """Return the worst errors of a member and its derivatives, for its own page."""
    found = ((measured or {}).get("members", {}).get(act_id, {})).get(OURS, {"orders": {}})
    words = {"0": "values", "1": "slope", "2": "second derivative"}
    return [
        {"what": words[order], "worst": _figure(row["mixed"])}
        for order, row in found["orders"].items()
        if order in words and row.get("mixed") is not None
    ]


def _of_kind(library: "Library", members: Mapping[str, Any], kind: str) -> dict[str, Any]:
    return {key: row for key, row in members.items() if library.models[key]["kind"] == kind}


# -- who keeps the bounds --------------------------------------------------------------------------


def _summary(measured: Mapping[str, Any], members: Mapping[str, Any]) -> list[Model]:
    """Return for each system how many functions it has, and for how many it is right."""
    rows = []
    for system, title in measured["systems"].items():
        found = [entry[system]["orders"] for entry in members.values() if system in entry]
        cells = []
        for order in KINDS["scalar"]:
            known = [orders[order] for orders in found if order in orders]
            right = sum(_is_within(row, measured["bounds"][order]) for row in known)
            limits = sum(row.get("limits") == 0 for row in known)
            cells.append({"right": right, "limits": limits, "count": len(known)})
        rows.append({"title": title, "cells": cells, "is_ours": system == OURS})
    return rows


def _is_within(row: Mapping[str, Any], bound: float) -> bool:
    return row.get("mixed") is not None and row["mixed"] <= bound


# -- tables ----------------------------------------------------------------------------------------


def _table(
    library: "Library",
    measured: Mapping[str, Any],
    members: Mapping[str, Any],
    order: str,
    title: str,
) -> Model:
    """Return one table: a row for each member, in it a cell for each system."""
    bound = measured["bounds"][BOUND_OF.get(order, "0")]
    ids = [key for key, row in members.items() if order in row.get(OURS, {"orders": {}})["orders"]]
    return {
        "title": title,
        "bound": number(bound),
        "id": f"errors-{title.lower().replace(' ', '-')}",
        # Links from the pages of functions lead to the rows of their values.
        "names_rows": order == "0",
        "heads": list(measured["systems"].values()),
        "rows": [
            {
                **card,
                "pure": _figure(members[card["id"]][OURS]["orders"][order]["pure"]),
                "pure_sort": members[card["id"]][OURS]["orders"][order]["pure"] or "Infinity",
                "cells": [
                    _cell(members[card["id"]].get(system, {}).get("orders", {}).get(order), bound)
                    for system in measured["systems"]
                ],
            }
            for card in library.cards(ids)
        ],
    }


def _cell(row: Mapping[str, Any] | None, bound: float) -> Model | None:
    """Return the worst and the mean error, how bad that is, and what else there is to say."""
    if row is None:
        return None
    if "failed" in row:
        error = row["failed"].partition(":")[0]
        return {"text": "fails", "small": error, "sort": "Infinity", "level": "lost"}
    worst, mean = row["mixed"], row["mean_mixed"]
    trouble = [
        f"{count} × {what}"
        for what, count in (("NaN", row["nans"]), ("infinity", row["infinities"]))
        if count
    ]
    return {
        "text": "NaN" if worst is None else _figure(worst),
        "small": ", ".join(trouble) if worst is None else f"mean {_figure(mean)}",
        "sort": "Infinity" if worst is None else f"{worst:.3g}",
        "level": _level(worst, bound),
    }


def _level(worst: float | None, bound: float) -> str:
    if worst is None or worst >= ALL_LOST:
        return "lost"
    if worst >= HALF_LOST:
        return "bad"
    return "good" if worst <= bound else "over"


def _figure(value: float | None) -> str:
    """Return an error as it stands in a table: two digits, and a power of ten where it is large."""
    if value is None:
        return "–"
    if 100 <= value < 10_000:
        return f"{value:.0f}"
    if value < 0.01:
        return "0" if value == 0 else "&lt; 0.01"
    if value < 100:
        return f"{value:.2g}"
    digits, _, exponent = f"{value:.0e}".partition("e")
    return f"{digits} × 10<sup>{int(exponent)}</sup>".replace(" ", "\u00a0")


# -- pictures --------------------------------------------------------------------------------------


def _pictures(
    library: "Library", measured: Mapping[str, Any], members: Mapping[str, Any]
) -> list[Model]:
    """Return error-over-x pictures: of each order those that tell the most, no function twice."""
    curves = {act_id: _curves(measured, entry) for act_id, entry in members.items()}
    chosen: dict[str, str] = {}
    for order in KINDS["scalar"]:
        losses = {
            act_id: _loss(found[order])
            for act_id, found in curves.items()
            if order in found and act_id not in chosen
        }
        telling = sorted(losses, key=losses.__getitem__, reverse=True)[:PICTURES]
        chosen |= {act_id: order for act_id in telling if losses[act_id]}
    return [
        {
            "svg": figures.error_svg(
                f"{library.models[act_id]['title']}{MARKS[int(order)]}",
                measured["edges"],
                curves[act_id][order],
                prefix=f"error-{act_id}-",
            ),
            "caption": f"{DERIVATIVES[int(order)]}{library.link(act_id)}. "
            + _lost(measured, members[act_id], order),
        }
        for act_id, order in chosen.items()
    ]


def _curves(measured: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Curves]:
    """Return for each order the curve of each system by its title, empty where there is none."""
    orders = entry.get(OURS, {"orders": {}})["orders"]
    return {
        order: {
            title: entry.get(system, {"orders": {}})["orders"].get(order, {}).get("curve", [])
            for system, title in measured["systems"].items()
        }
        for order in orders
        if "curve" in orders[order]
    }


def _loss(curves: Curves) -> float:
    """Return by how much the others are worse than ours, added up over x and over them."""
    ours, *others = curves.values()
    return sum(
        max(0, theirs - own)
        for other in filter(None, others)
        for own, theirs in zip(ours, other, strict=True)
        if own is not None and theirs is not None
    )


def _lost(measured: Mapping[str, Any], entry: Mapping[str, Any], order: str) -> str:
    """Return in a sentence who loses nearly every digit somewhere, and who gives no number."""
    worst = {
        title: entry[system]["orders"][order].get("mixed")
        for system, title in measured["systems"].items()
        if order in entry.get(system, {"orders": {}})["orders"]
    }
    every = [title for title, error in worst.items() if error is not None and error >= ALL_LOST]
    nothing = [title for title, error in worst.items() if error is None]
    said = []
    if every:
        said.append(f"{_listed(every)} {'lose' if len(every) > 1 else 'loses'} nearly every digit")
    if nothing:
        said.append(f"{_listed(nothing)} {'give' if len(nothing) > 1 else 'gives'} no number")
    return f"Somewhere {'; '.join(said)}." if said else ""


def _listed(titles: list[str]) -> str:
    *most, last = titles
    return f"{', '.join(most)} and {last}" if most else last
