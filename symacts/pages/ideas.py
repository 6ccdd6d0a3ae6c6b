"""The ideas behind pros and cons, each with the members that it holds for, some with a picture."""

import json
from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING, Any

from symacts import figures
from symacts.catalogue import catalogue
from symacts.pages.artefacts import code_version
from symacts.verdicts import CONS, PROS
from symacts.verdicts.ideas import IDEAS, idea_of

if TYPE_CHECKING:
    from symacts.pages.library import Library

__all__ = ["link_of", "remarks", "values"]

Model = dict[str, Any]

PICTURES = {
    "dead-zone": (
        "soft_shrink",
        "Soft shrink: between its two kinks every input comes out as zero.",
    ),
    "non-monotone": (
        "silu",
        "SiLU dips below zero and comes back; the sign marks its lowest point.",
    ),
    "kink": ("relu", "ReLU bends at one point. Its slope, the dashed line, jumps there."),
    "saturation": ("tanh", "Tanh. On the shaded ground its slope is less than a thousandth."),
}
"""Of some ideas: the member whose picture shows it, and the caption."""

SIMULATIONS = {
    "vanishing-gradient": "The size of the gradient on its way back through a deep network.",
    "dying-unit": "The share of units that no input of a batch wakes.",
}
"""Of some ideas: the picture of the introduction that shows it, with its caption."""

OWN_PAGES = {"cost": "cost.md"}
"""Ideas that fill a page of their own."""

# Longer lists of members are folded.
LONG = 12


def link_of(rule: str) -> Model:
    """Return the title of the idea behind a rule, and the address of what is said of it."""
    idea = idea_of(rule)
    return {"title": idea.title, "uri": OWN_PAGES.get(idea.slug, f"ideas.md#{idea.slug}")}


def values(library: "Library") -> Model:
    """Return what the page of ideas needs."""
    pictures = _pictures(library)
    return {
        "ideas": [
            {
                "slug": idea.slug,
                "title": idea.title,
                "text": f"ideas/{idea.slug}.md.j2",
                "page": OWN_PAGES.get(idea.slug),
                "picture": pictures.get(idea.slug),
                "rules": remarks(library, idea.rules),
            }
            for idea in IDEAS
        ],
        "link": library.link,
    }


def remarks(library: "Library", slugs: Collection[str]) -> list[Model]:
    """Return the remarks of some rules, each with the members that it is made on."""
    found = []
    for side, rules in (("pro", PROS), ("con", CONS)):
        for rule in rules:
            links = [
                library.link(act_id)
                for act_id, model in library.models.items()
                if any(verdict["slug"] == rule.slug for verdict in model[f"{side}s"])
            ]
            if rule.slug in slugs and links:
                found.append(
                    {
                        "sentence": rule.sentence,
                        "side": side,
                        "links": links,
                        "is_long": len(links) > LONG,
                    }
                )
    return found


def _pictures(library: "Library") -> dict[str, Model]:
    """Return the pictures of ideas with their captions."""
    simulated = library.introduction_figures()
    found = {
        slug: {"svg": simulated[slug], "caption": caption} for slug, caption in SIMULATIONS.items()
    }
    text = library.cache.remember("picture", ("ideas", code_version()), partial(_drawn))
    drawn = json.loads(text)
    return found | {
        slug: {"svg": drawn[slug], "caption": caption} for slug, (_, caption) in PICTURES.items()
    }


def _drawn() -> str:
    return json.dumps(
        {
            slug: figures.function_svg(catalogue[act_id], prefix=f"idea-{slug}-")
            for slug, (act_id, _) in PICTURES.items()
        }
    )
