"""Pages about many members: home, the list of all functions, families, the table of properties."""

import inspect
import re
import textwrap
from collections.abc import Sequence
from typing import Any

from symacts import wording
from symacts.pages import glance, missing
from symacts.pages.columns import COLUMNS, FAMILY, GROUPS, SHOWN
from symacts.pages.library import Library
from symacts.pages.lightmath import light
from symacts.vocabulary import WORDS

__all__ = ["all_functions", "family", "home", "properties"]

Model = dict[str, Any]

FEATURED = ("sigmoid", "tanh", "relu", "leaky_relu", "softmax")
SHOWPIECE = "gelu"
SHOWN_FACTS = ("range", "minimum", "smoothness", "lipschitz", "saturation")


def home(library: Library) -> Model:
    """Return what the template of the home page needs."""
    show = SHOWPIECE if SHOWPIECE in library.models else next(iter(library.models))
    return {
        "count": len(library.models),
        "family_count": len(library.families),
        "fact_count": sum(_fact_count(model) for model in library.models.values()),
        "featured": library.cards(act_id for act_id in FEATURED if act_id in library.models),
        "cards": library.cards(library.models),
        "families": library.families,
        "tags": [{"value": tag.replace(" ", "-"), "text": tag} for tag in glance.all_tags()],
        "show": library.models[show],
        "show_facts": _rows(library.models[show], SHOWN_FACTS),
        "show_source": _definition(library, show),
        "frameworks": len(library.acts[show].frameworks),
    }


def all_functions(library: Library) -> Model:
    """Return what the list of all functions needs: the families with their members."""
    return {
        "families": [{**one, "cards": library.cards(one["members"])} for one in library.families]
    }


def family(library: Library, group: Model) -> Model:
    """Return what the template of a family's page needs."""
    ids = group["members"]
    kind = library.models[ids[0]]["kind"]
    scalars = [act_id for act_id in ids if library.models[act_id]["kind"] == "scalar"]
    return {
        "family": group,
        "cards": library.cards(ids),
        "comparisons": library.comparisons(scalars),
        "table": _table(library, kind, [one for one in ids if library.models[one]["kind"] == kind]),
        "members": [library.models[act_id] for act_id in ids],
    }


def properties(library: Library) -> Model:
    """Return what the table of all properties needs."""
    applies = missing.applicable(library.models)
    rows = [
        {
            **card,
            "words_yes": library.models[card["id"]]["words"]["yes"],
            "words_unknown": library.models[card["id"]]["words"]["unknown"],
            "cells": _cells(library.models[card["id"]], tuple(COLUMNS), applies[card["id"]]),
        }
        for card in library.cards(library.models)
    ]
    return {
        "families": library.families,
        "groups": [
            {"title": title, "columns": [_column(name) for name in group]}
            for title, group in GROUPS.items()
        ],
        "words": list(WORDS),
        "rows": rows,
        "share": missing.values(library)["share"],
    }


def _column(name: str) -> Model:
    column = COLUMNS[name]
    return {
        "name": name,
        "head": column.head,
        "plain": _plain(column.head),
        "is_number": column.is_number,
        "is_shown": name in SHOWN,
    }


def _plain(head: str) -> str:
    """Return the head of a column as text, for lists to choose from."""
    html = re.sub(r"\$([^$]+)\$", lambda formula: light(formula[1]) or formula[1], head)
    return re.sub(r"<[^>]+>", "", html)


def _cells(model: Model, names: Sequence[str], applies: Sequence[str]) -> list[Model]:
    """Return the cells of a row; one without a text is not established, or does not apply."""
    empty = {"text": "", "sort": ""}
    return [
        {**model["cells"].get(name, empty), "applies": COLUMNS[name].fact in applies}
        for name in names
    ]


def _table(library: Library, kind: str, ids: list[str]) -> Model:
    """Return the table of properties of some members of one kind."""
    names = FAMILY[kind]
    applies = missing.applicable(library.models)
    rows = [
        {**card, "cells": _cells(library.models[card["id"]], names, applies[card["id"]])}
        for card in library.cards(ids)
    ]
    heads = [HEADS.get((kind, name), COLUMNS[name].head) for name in names]
    return {"id": f"table-{kind}", "heads": heads, "rows": rows}


HEADS = {("gate", "value_at_zero"): "$f(0, 0)$"}
"""What a column is called for one kind of members, where that is not what it is always called."""


def _rows(model: Model, names: tuple[str, ...]) -> list[Model]:
    """Return some rows of a member's table of facts."""
    labels = [wording.LABELS[name] for name in names]
    rows = {row["name"]: row for group in model["facts"] for row in group["rows"]}
    return [rows[label] for label in labels if label in rows]


def _fact_count(model: Model) -> int:
    return sum(len(group["rows"]) for group in model["facts"])


def _definition(library: Library, act_id: str) -> str:
    """Return the source of a definition as it stands in the catalogue."""
    return textwrap.dedent(inspect.getsource(library.acts[act_id].function)).strip()
