"""The map of the catalogue: what ties its members to each other, drawn and listed by kind."""

from collections.abc import Iterator
from typing import Any

from symacts.figures.atlas import Place, Tie, atlas_svg, look
from symacts.pages.library import Library

__all__ = ["values"]

Model = dict[str, Any]

KINDS = {
    "equal": ("Equal", "Two names for one function."),
    "parameter": ("Equal at some parameters", "One is the other at certain values of parameters."),
    "derivative": ("Derivative", "The slope of one is the other, perhaps scaled."),
    "product": ("Times the input", "One is the input times the other."),
    "copy": ("Copy", "One is the other scaled, shifted or reflected."),
    "remainder": ("Remainder", "One is what the other leaves of the input."),
    "gate": ("Inside of a gate", "A gate multiplies one of its inputs by the other function."),
    "composition": ("Composition", "One is made of the other, or is the other for two scores."),
    "limit": ("Limit", "One becomes the other as a parameter tends to an end of its domain."),
    "bound": ("Bound", "Both tend to the same lines, and their difference is bounded in between."),
}
"""The title and the meaning of kinds of relations; others are called by their own names."""

SAME_KIND = {"antiderivative": "derivative"}


def values(library: Library) -> Model:
    """Return what the page of the map needs."""
    found = list(_relations(library))
    kinds = sorted({one["kind"] for one in found}, key=_rank)
    titles = {act_id: model["title"] for act_id, model in library.models.items()}
    ties = [
        Tie(
            one["first"],
            one["second"],
            one["kind"],
            f"#{one['id']}",
            f"{titles[one['first']]} and {titles[one['second']]}: {_title(one['kind'])}",
        )
        for one in found
        if one["first"] != one["second"]
    ]
    tied = {key for tie in ties for key in (tie.first, tie.second)}
    return {
        "svg": atlas_svg(_places(library), ties, kinds),
        "groups": [
            {
                "kind": kind,
                "title": _title(kind),
                "meaning": KINDS.get(kind, ("", ""))[1],
                "look": look(kinds.index(kind)),
                "relations": [one for one in found if one["kind"] == kind],
            }
            for kind in kinds
        ],
        "link": library.link,
        "count": len(found),
        "alone": [library.link(act_id) for act_id in library.models if act_id not in tied],
    }


def _places(library: Library) -> list[Place]:
    return [
        Place(act_id, model["title"], f"sa:functions/{act_id}.md", model["family"])
        for act_id, model in library.models.items()
    ]


def _relations(library: Library) -> Iterator[Model]:
    """Yield every relation once, as the page of the earlier member says it."""
    order = {act_id: place for place, act_id in enumerate(library.models)}
    number = 0
    for act_id, model in library.models.items():
        for relation in model["relations"]:
            if order[relation["other"]] >= order[act_id]:
                number += 1
                yield {
                    "id": f"relation-{number}",
                    "kind": SAME_KIND.get(relation["kind"], relation["kind"]),
                    "first": act_id,
                    "second": relation["other"],
                    "statement": relation["statement"],
                    "how": relation["how"],
                }


def _rank(kind: str) -> tuple[int, str]:
    known = list(KINDS)
    return (known.index(kind) if kind in known else len(known), kind)


def _title(kind: str) -> str:
    return KINDS[kind][0] if kind in KINDS else kind.replace("_", " ").capitalize()
