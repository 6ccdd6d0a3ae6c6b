"""The ideas behind verdicts: each rule has one, each idea is short, cited and has a formula."""

import re
from collections import Counter
from pathlib import Path

import pytest

import symacts
from symacts.pages.ideas import OWN_PAGES, PICTURES, SIMULATIONS, link_of
from symacts.references import citations, references
from symacts.resources import resource
from symacts.verdicts import CONS, PROS
from symacts.verdicts.ideas import IDEAS, Idea, idea_of

FOLDER = resource("templates", "pages", "ideas")
LEAST, MOST = 80, 200

each = pytest.mark.parametrize("idea", IDEAS, ids=lambda idea: idea.slug)


def text_of(idea: Idea) -> str:
    return (Path(FOLDER) / f"{idea.slug}.md.j2").read_text(encoding="utf-8")


def test_every_rule_has_exactly_one_idea() -> None:
    """Each rule is explained once, and no idea speaks of a rule that does not exist."""
    spoken = Counter(rule for idea in IDEAS for rule in idea.rules)
    rules = {rule.slug for rule in (*PROS, *CONS)}

    assert set(spoken) == rules, (
        "name the rule in symacts/verdicts/ideas.py, with the idea behind it"
    )
    assert set(spoken.values()) == {1}


def test_every_idea_has_its_text_and_every_text_its_idea() -> None:
    """There is one file for each idea and none besides."""
    files = {path.name.removesuffix(".md.j2") for path in Path(FOLDER).iterdir()}

    assert files == {idea.slug for idea in IDEAS}
    assert {*PICTURES, *SIMULATIONS, *OWN_PAGES} <= files


@each
def test_an_idea_is_short(idea: Idea) -> None:
    """An explanation takes 80 to 200 words, formulas and citations aside."""
    prose = re.sub(r"\$\$.*?\$\$|\$[^$]+\$|\[@[^\]]+\]", " ", text_of(idea), flags=re.DOTALL)
    count = len(re.findall(r"[\w’'-]+", prose))

    assert LEAST <= count <= MOST, f"{idea.slug} has {count} words"


@each
def test_an_idea_has_one_formula_and_a_source(idea: Idea) -> None:
    """Each explanation displays one formula and cites works of the bibliography."""
    text = text_of(idea)

    assert len(re.findall(r"\$\$.*?\$\$", text, re.DOTALL)) == 1
    assert citations(text), f"{idea.slug} cites nothing"
    assert set(citations(text)) <= set(references())


@each
def test_an_idea_is_made_on_some_member(idea: Idea) -> None:
    """At least one member gets a remark that the idea explains."""
    assert any(
        idea_of(verdict.slug) is idea
        for act in symacts.catalogue.values()
        for verdict in (*act.pros, *act.cons)
    )


def test_remarks_on_cost_lead_to_the_page_on_cost() -> None:
    """A verdict links to its idea on the page of ideas, or to the page that the idea fills."""
    assert link_of("cheap") == {"title": "Cost", "uri": "cost.md"}
    assert link_of("dies-left") == {"title": "Dying unit", "uri": "ideas.md#dying-unit"}
