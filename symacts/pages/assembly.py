"""The whole site as Markdown, slots and navigation; nothing here knows of MkDocs."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from symacts import measured
from symacts.cache import Cache
from symacts.catalogue import catalogue
from symacts.checks import check_catalogue
from symacts.katex import Formulas
from symacts.numeric.engine import use
from symacts.pages import (
    accuracy,
    api,
    atlas,
    bibliography,
    costs,
    ideas,
    introduction,
    missing,
    overview,
    speed,
)
from symacts.pages.artefacts import Progress, models_of
from symacts.pages.library import Library, cite
from symacts.pages.prose import Prose
from symacts.pages.slots import Slots
from symacts.pages.templates import render
from symacts.verdicts.ideas import idea_of

__all__ = ["SitePages", "make_pages"]

Nav = list[dict[str, Any]]


@dataclass(frozen=True)
class SitePages:
    """The pages of a site: Markdown by source path, HTML for its slots, and how to find the way."""

    pages: dict[str, str]
    slots: dict[str, str]
    nav: Nav
    assets: dict[str, bytes | str] = field(default_factory=dict)


@use("base")  # so that pages have the same bytes on every machine
def make_pages(
    *,
    cache: Cache | None = None,
    jobs: int = 1,
    only: Sequence[str] = (),
    progress: Progress | None = None,
    commands: Mapping[str, str] | None = None,
) -> SitePages:
    """Return all pages of the site.

    Args:
        cache: where models, formulas and pictures are kept between builds; None keeps nothing.
        jobs: how many processes derive the models of functions.
        only: ids of the members to include; all of them if it is empty.
        progress: called after each model with how many are done, how many there are, and a title.
        commands: the help text of each command by its name, for the API reference.
    """
    cache = cache or Cache(None)
    check_catalogue(catalogue.values())
    acts = [act for act in catalogue.values() if not only or act.id in only]
    library = Library(acts, models_of(acts, cache, jobs, progress), cache)
    prose = Prose(Slots(), Formulas(cache).render, cite)
    pages = {
        uri: render(template, prose, **values)
        for uri, template, values in _contents(library, commands or {})
    }
    return SitePages(pages, prose.slots.html, navigation(library))


def _contents(
    library: Library, commands: Mapping[str, str]
) -> list[tuple[str, str, dict[str, Any]]]:
    """Return every page: its source path, its template, and what the template is given."""
    contents = [
        ("index.md", "home.md.j2", overview.home(library)),
        ("introduction.md", "introduction.md.j2", introduction.values(library)),
        ("functions/index.md", "functions.md.j2", overview.all_functions(library)),
        ("ideas.md", "ideas.md.j2", ideas.values(library)),
        ("properties.md", "properties.md.j2", overview.properties(library)),
        ("cost.md", "cost.md.j2", _costs(library)),
        ("map.md", "map.md.j2", atlas.values(library)),
        ("not-established.md", "not_established.md.j2", missing.values(library)),
        *_measurements(library),
        ("bibliography.md", "bibliography.md.j2", bibliography.values(library)),
        ("api.md", "api.md.j2", api.values(commands)),
    ]
    for family in library.families:
        uri = f"families/{family['id']}/index.md"
        contents.append((uri, "family.md.j2", overview.family(library, family)))
    for act_id, model in library.models.items():
        contents.append((f"functions/{act_id}.md", f"{model['kind']}.md.j2", library.page(act_id)))
    return contents


def _costs(library: Library) -> dict[str, Any]:
    rules = idea_of("cheap").rules
    return {**costs.values(library), "rules": ideas.remarks(library, rules)}


def _measurements(library: Library) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield the pages of what has been measured; what has not been has no page."""
    errors, times = measured.accuracy(), measured.speed()
    if errors is not None:
        yield "accuracy.md", "accuracy.md.j2", accuracy.values(library, errors)
    if times is not None:
        yield "speed.md", "speed.md.j2", speed.values(library, times)


def navigation(library: Library) -> Nav:
    """Return the table of contents; functions stand below their families."""
    functions: list[Any] = ["functions/index.md"]
    for family in library.families:
        members = [f"functions/{act_id}.md" for act_id in family["members"]]
        functions.append({family["title"]: [f"families/{family['id']}/index.md", *members]})
    found = {"Accuracy": measured.accuracy(), "Speed": measured.speed()}
    pages = [{title: f"{title.lower()}.md"} for title, content in found.items() if content]
    return [
        {"Home": "index.md"},
        {"Learn": [{"Introduction": "introduction.md"}, {"Ideas": "ideas.md"}]},
        {"Functions": functions},
        {
            "Properties": [
                {"All properties": "properties.md"},
                {"Map of relations": "map.md"},
                {"Cost": "cost.md"},
                {"Not established": "not-established.md"},
            ]
        },
        *([{"Measurements": pages}] if pages else []),
        {
            "Guides": [
                {"Use it in a paper": "guides/papers.md"},
                {"Use it as a library": "guides/library.md"},
                {"Add a function": "guides/add-a-function.md"},
                {"How facts are established": "about/facts.md"},
                {"API and command line": "api.md"},
            ]
        },
        {"Bibliography": "bibliography.md"},
    ]
