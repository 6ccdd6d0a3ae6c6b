"""What is not established is listed, counted, and really not established."""

from types import SimpleNamespace

import pytest

import symacts
from symacts.facts import NAMES
from symacts.pages.missing import FORMS, applicable, inapplicable, values


def model(act: symacts.Activation) -> dict:
    """Return as much of a member's model as it takes to say what is missing."""
    return {
        "kind": act.kind,
        "established": [name for name, _ in act.facts],
        "inapplicable": inapplicable(act),
    }


@pytest.fixture(scope="module")
def models() -> dict[str, dict]:
    return {act.id: model(act) for act in symacts.catalogue.values()}


def test_what_is_established_applies(models: dict[str, dict]) -> None:
    """No fact that is established is said not to apply."""
    for act_id, names in applicable(models).items():
        apart = set(models[act_id]["established"]) - set(names)
        assert apart == set(), f"{act_id}: {apart} is established and said not to apply"


def test_facts_apply_to_kinds(models: dict[str, dict]) -> None:
    """Gates have no Jacobian rank to be found, scalars no simplex; every scalar has a range."""
    applies = applicable(models)

    assert "jacobian_rank" not in applies["swiglu"]
    assert "simplex" not in applies["relu"]
    assert all("range" in names for names in applies.values())
    assert all(names == [n for n in NAMES if n in names] for names in applies.values())


@pytest.mark.parametrize(
    ("name", "apart"),
    [
        ("relu", {"slope_at_zero", "series_at_zero"}),
        ("elu", {"series_at_zero"}),
        ("tanh", set()),
        (
            "sign",
            {"slope_at_zero", "series_at_zero", "slope_second_moment", "variance_slope"},
        ),
        ("maxout", {"permutation_equivariant", "jacobian_symmetric"}),
        ("softmax", set()),
    ],
)
def test_what_cannot_be_is_not_missing(name: str, apart: set[str]) -> None:
    """A kink at zero leaves no slope to be found there, a jump no mean square of the slope."""
    assert set(inapplicable(symacts.catalogue[name])) - set(FORMS) == apart


def test_the_page_lists_what_is_open_and_counts_it(models: dict[str, dict]) -> None:
    """A member is listed if and only if something that applies to it has no proof."""
    page = values(SimpleNamespace(models=models, link=lambda act_id: act_id))
    open_facts = {
        act_id: [
            n
            for n in names
            if n not in FORMS and getattr(symacts.catalogue[act_id].facts, n) is None
        ]
        for act_id, names in applicable(models).items()
    }

    listed = {member["link"]: len(member["facts"]) for member in page["members"]}
    assert listed == {act_id: len(names) for act_id, names in open_facts.items() if names}
    assert page["total"] - page["established"] == sum(listed.values())
    assert page["complete"] + len(listed) == len(models)
    assert sum(kind["total"] for kind in page["kinds"]) == page["total"]
    assert float(page["share"]) <= 100 * page["established"] / page["total"]


def test_most_of_what_applies_is_established(models: dict[str, dict]) -> None:
    """At least 95 per cent of the facts that apply to functions of one number are established."""
    applies = applicable(models)
    known = total = 0
    for act_id, one in models.items():
        if one["kind"] == "scalar":
            names = set(applies[act_id]) - set(FORMS)
            total += len(names)
            known += len(names & set(one["established"]))

    assert known / total >= 0.95
