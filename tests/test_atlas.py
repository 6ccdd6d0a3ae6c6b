"""The map of relations: every tie once, always the same, for any kinds of relations."""

import re
import xml.etree.ElementTree as ET

import pytest

from symacts.figures.atlas import Place, Tie, atlas_svg, look
from symacts.pages import atlas
from symacts.pages.library import Library

PLACES = [
    Place("a", "Alpha", "sa:functions/a.md", "first"),
    Place("b", "Beta & co", "sa:functions/b.md", "first"),
    Place("c", "Gamma", "sa:functions/c.md", "second"),
]
TIES = [
    Tie("a", "b", "copy", "#relation-1", "Alpha and Beta & co: Copy"),
    Tie("a", "b", "limit", "#relation-2", "Alpha and Beta & co: Limit"),
]


def paths(svg: str) -> list[str]:
    return re.findall(r'<path d="([^"]+)"', svg)


def test_names_and_ties_are_links_with_words() -> None:
    """The keyboard reaches each name and each tie, and both say where they lead."""
    root = ET.fromstring(atlas_svg(PLACES, TIES, ["copy", "limit"]))
    links = root.findall(".//{http://www.w3.org/2000/svg}a")

    assert [link.get("href") for link in links] == [
        *(tie.address for tie in TIES),
        *(place.address for place in PLACES),
    ]
    assert links[0].get("aria-label") == "Alpha and Beta & co: Copy"
    assert links[0].get("data-ends") == "a b"


def test_two_ties_of_one_pair_do_not_cover_each_other() -> None:
    """Of two relations between the same members both bows are seen."""
    drawn = paths(atlas_svg(PLACES, TIES, ["copy", "limit"]))

    assert len(set(drawn)) == len(TIES)


def test_the_picture_holds_its_names() -> None:
    """Every dot lies inside the picture, with room for the longest name beside it."""
    root = ET.fromstring(atlas_svg(PLACES, TIES, ["copy", "limit"]))
    left, top, width, height = map(float, root.get("viewBox").split())
    for dot in root.iter("{http://www.w3.org/2000/svg}circle"):
        assert left < float(dot.get("cx")) < left + width
        assert top < float(dot.get("cy")) < top + height


def test_kinds_look_different() -> None:
    """Up to eighteen kinds of ties are told apart by colour and dashes."""
    assert len({tuple(look(kind).items()) for kind in range(18)}) == 18


@pytest.fixture
def library() -> Library:
    """Return a library of three members with relations of known and unknown kinds."""
    library = Library([], {}, None)
    tie = {"other": "b", "statement": "$f = g$", "how": "proved"}
    library.models = {
        "a": {
            "title": "Alpha",
            "family": "x",
            "relations": [{"kind": "upper_bound", **tie}, {"kind": "antiderivative", **tie}],
        },
        "b": {
            "title": "Beta",
            "family": "x",
            "relations": [{"kind": "copy", "other": "a", "statement": "$g = f$", "how": "proved"}],
        },
        "c": {
            "title": "Gamma",
            "family": "y",
            "relations": [
                {"kind": "derivative", "other": "c", "statement": "$h' = h$", "how": "proved"}
            ],
        },
    }
    return library


def test_relations_are_listed_once_and_by_kind(library: Library) -> None:
    """A relation stands where the earlier member says it; one of a new kind has a heading too."""
    values = atlas.values(library)
    found = {
        group["title"]: [r["statement"] for r in group["relations"]] for group in values["groups"]
    }

    assert found == {"Derivative": ["$f = g$", "$h' = h$"], "Upper bound": ["$f = g$"]}
    assert values["count"] == 3


def test_a_member_that_is_tied_to_itself_alone_is_on_its_own(library: Library) -> None:
    """A relation of a member to itself is listed and not drawn."""
    values = atlas.values(library)

    assert ["Gamma" in link for link in values["alone"]] == [True]
    assert values["svg"].count('class="sa-tie"') == 2
