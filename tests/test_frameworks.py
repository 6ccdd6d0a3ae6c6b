"""The names that frameworks have for the members: known members only, true names, short notes."""

import importlib
import json
import re
from importlib.resources import files

import pytest

import symacts
from symacts.frameworks import FrameworkName, frameworks, frameworks_of

DATA = json.loads(files("symacts").joinpath("frameworks.json").read_text(encoding="utf-8"))
NAMES = [
    (member, framework, name)
    for member in DATA["members"]
    for framework, name in frameworks_of(member).items()
]
NOWHERE = {
    "bent_identity": "known from surveys and tables",
    "bipolar_sigmoid": "written as the tanh of half the input",
    "gaussian": "written out where it is needed",
}
#: Frameworks that are Python packages, and what their names are looked up in.
IMPORTABLE = {"torch": {"torch"}, "jax": {"jax"}, "keras": {"keras"}, "paddle": {"paddle"}}

each_name = pytest.mark.parametrize(
    ("member", "framework", "name"), NAMES, ids=[f"{member}-{key}" for member, key, _ in NAMES]
)


def test_data_names_existing_members_only() -> None:
    """Every id in frameworks.json is a member of the catalogue."""
    unknown = set(DATA["members"]) - set(symacts.catalogue)

    assert not unknown, f"frameworks.json speaks of {', '.join(sorted(unknown))}; rename or remove"


def test_every_member_is_shipped_somewhere_or_known_not_to_be() -> None:
    """A member without a name anywhere is listed with the reason, for as long as it has none."""
    nameless = {act_id for act_id in symacts.catalogue if not frameworks_of(act_id)}

    assert nameless == set(NOWHERE), "add names to frameworks.json, or mend NOWHERE"


def test_data_names_known_frameworks_in_one_order() -> None:
    """The frameworks of a member are in the table, and stand in the table's order."""
    order = list(frameworks())
    for member in DATA["members"]:
        positions = [order.index(key) for key in frameworks_of(member)]

        assert sorted(positions) == positions, f"sort the frameworks of {member} as in the table"


def test_every_framework_is_used() -> None:
    """The table lists no framework that ships nothing."""
    assert {framework for _, framework, _ in NAMES} == set(frameworks())


def test_framework_says_how_it_was_compared() -> None:
    """Each framework has a title, a version and either `run` or `read`."""
    for framework in frameworks().values():
        assert framework.title
        assert framework.version
        assert framework.how in {"run", "read"}


@each_name
def test_note_is_a_short_sentence(member: str, framework: str, name: FrameworkName) -> None:
    """A note is at most 160 characters of whole sentences."""
    assert name.call
    if name.note:
        assert len(name.note) <= 160
        assert name.note.endswith(".")
        # A sentence may begin with a dotted name, which keeps its case.
        assert re.match(r"[A-Z]|[a-z]+\.\w", name.note), (
            f"the note on {member} in {framework} begins with a small letter: {name.note}"
        )


def test_contract_example() -> None:
    """GELU is called torch.nn.functional.gelu in PyTorch, and the note names the default."""
    name = symacts.gelu.frameworks["torch"]

    assert name.call == "torch.nn.functional.gelu"
    assert "Exact by default" in name.note


def test_unknown_member_has_no_names() -> None:
    """A definition of one's own has an empty mapping, not an error."""
    assert frameworks_of("mine") == {}


def test_names_cannot_be_changed() -> None:
    """The mapping is read-only, since everyone shares it."""
    with pytest.raises(TypeError):
        frameworks_of("gelu")["torch"] = FrameworkName("mine")  # type: ignore[index]


@pytest.mark.parametrize("framework", IMPORTABLE)
def test_names_exist_in_the_installed_framework(framework: str) -> None:
    """Where a framework is installed, each name leads to something in it."""
    pytest.importorskip(framework, reason=f"{framework} is not installed")
    for member, key, name in NAMES:
        if key != framework:
            continue
        path = re.match(r"[\w.]+", name.call)[0].split(".")  # type: ignore[index]
        assert path[0] in IMPORTABLE[framework], f"{member}: {name.call} starts elsewhere"
        found = importlib.import_module(path[0])
        for step in path[1:]:
            found = getattr(found, step, None)

            assert found is not None, f"{member}: {name.call} has no {step} any more"
