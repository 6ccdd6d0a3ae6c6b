"""What is not established: of each member the facts that apply to it and have no proof.

A fact applies to a kind of member if it is established for at least one of them, unless something
else that is established rules it out: a function with a kink at zero has no slope there to be
found.  Closed forms are kept apart, because there need not be any.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from symacts import wording
from symacts.activation import Activation
from symacts.facts import NAMES, SCALAR_NAMES, coverage

if TYPE_CHECKING:
    from symacts.pages.library import Library

__all__ = ["FORMS", "applicable", "inapplicable", "values"]

Model = dict[str, Any]

FORMS = ("antiderivative", "inverse", "self_form")
"""Facts that are forms; that none is found says little, for there may be none."""

OF_SEVERAL_OUTPUTS = ("permutation_equivariant", "jacobian_symmetric")


def inapplicable(act: Activation) -> list[str]:
    """Return the facts that do not apply to a member, though they do to others of its kind."""
    if act.kind == "vector":
        one_output = np.ndim(act(np.zeros(2))) == 0
        return list(OF_SEVERAL_OUTPUTS) if one_output else []
    if act.kind == "scalar":
        applying = coverage.applicable(act.facts)
        return [name for name in SCALAR_NAMES if name not in applying]
    return []


def applicable(models: Mapping[str, Model]) -> dict[str, list[str]]:
    """Return the facts that apply to each member, in the order in which facts are listed."""
    of_kind: dict[str, set[str]] = {}
    for model in models.values():
        of_kind.setdefault(model["kind"], set()).update(model["established"])
    return {
        act_id: [
            name
            for name in NAMES
            if name in of_kind[model["kind"]] and name not in model["inapplicable"]
        ]
        for act_id, model in models.items()
    }


def values(library: "Library") -> Model:
    """Return what the page of what is not established needs."""
    applies = applicable(library.models)
    counted = {act_id: _without_forms(names) for act_id, names in applies.items()}
    missing = {
        act_id: [name for name in names if name not in library.models[act_id]["established"]]
        for act_id, names in applies.items()
    }
    open_facts = {act_id: _without_forms(names) for act_id, names in missing.items()}
    total = sum(map(len, counted.values()))
    unknown = sum(map(len, open_facts.values()))
    return {
        "total": total,
        "established": total - unknown,
        "share": _per_cent(total - unknown, total),
        "kinds": [_share(library, kind, counted, open_facts) for kind in _kinds(library)],
        "members": [
            {"link": library.link(act_id), "facts": _labels(names)}
            for act_id, names in open_facts.items()
            if names
        ],
        "complete": sum(not names for names in open_facts.values()),
        "count": len(library.models),
        "forms": [
            {
                "label": wording.LABELS[form],
                "links": [library.link(a) for a, names in missing.items() if form in names],
            }
            for form in ("antiderivative", "inverse")
            if any(form in names for names in missing.values())
        ],
    }


def _share(
    library: "Library",
    kind: str,
    counted: Mapping[str, Sequence[str]],
    missing: Mapping[str, Sequence[str]],
) -> Model:
    """Return how much is established of one kind of members."""
    ids = [act_id for act_id, model in library.models.items() if model["kind"] == kind]
    total = sum(len(counted[act_id]) for act_id in ids)
    known = total - sum(len(missing[act_id]) for act_id in ids)
    return {
        "title": KINDS[kind],
        "members": len(ids),
        "total": total,
        "established": known,
        "share": _per_cent(known, total),
    }


KINDS = {
    "scalar": "Functions of one number",
    "vector": "Functions of vectors",
    "gate": "Gates of two inputs",
}


def _kinds(library: "Library") -> list[str]:
    present = {model["kind"] for model in library.models.values()}
    return [kind for kind in KINDS if kind in present]


def _without_forms(names: Iterable[str]) -> list[str]:
    return [name for name in names if name not in FORMS]


def _labels(names: Iterable[str]) -> list[str]:
    return [wording.LABELS.get(name, name.replace("_", " ").capitalize()) for name in names]


def _per_cent(part: int, whole: int) -> str:
    """Return a share in per cent, rounded down, so that 100 % means all."""
    return f"{1000 * part // whole / 10:g}" if whole else "100"
