"""What is wrong with a catalogue is found before pages are made, and named with file and line."""

from pathlib import Path

import pytest

import symacts
from symacts.catalogue import self_gates
from symacts.checks import check_catalogue


def test_the_catalogue_passes() -> None:
    """The catalogue as it is has nothing wrong with it."""
    check_catalogue(symacts.catalogue.values())


def test_an_unknown_citation_is_named_with_the_nearest_key() -> None:
    """A key that references.bib does not have is an error that suggests the one that was meant."""

    @symacts.activation("Own", cite="misra2019mushy")
    def own(x):
        """Do nothing."""
        return x

    with pytest.raises(
        symacts.DefinitionError, match=r"test_checks.py:\d+: own cites .*did you mean misra2019mish"
    ):
        check_catalogue([own])


def test_a_citation_in_the_notes_is_checked_too() -> None:
    """Notes cite with [@key], and a wrong key there is found as well."""

    @symacts.activation("Own")
    def own(x):
        """Do nothing.

        As [@nobody1900nothing] said.
        """
        return x

    with pytest.raises(symacts.DefinitionError, match="own cites 'nobody1900nothing'"):
        check_catalogue([own])


def test_a_name_that_is_taken_is_refused() -> None:
    """An alias that leads to another member already is an error that names both places."""

    @symacts.activation("Own", also="Si-LU")
    def own(x):
        """Do nothing."""
        return x

    with pytest.raises(
        symacts.DefinitionError,
        match=r"'Si-LU' of own already leads to silu \(symacts/catalogue/self_gates.py:\d+\)",
    ):
        check_catalogue([*symacts.catalogue.values(), own])


def test_a_formula_that_fails_is_found() -> None:
    """A mistake in one body is found although nothing has asked for that member yet."""

    @symacts.activation("Own")
    def own(x):
        """Do nothing."""
        return x + missing  # noqa: F821

    with pytest.raises(symacts.DefinitionError, match="own: the formula cannot be evaluated"):
        check_catalogue([own])


@pytest.mark.parametrize(
    ("addition", "message"),
    [
        ("@activation('SiLU')\ndef silu(x):\n    return x\n", "silu is taken by"),
        ("@activation('New')\ndef new(x):\n    return x\n", "new is missing from __all__"),
    ],
)
def test_a_hidden_definition_is_found(
    addition: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A definition that hides another one, or that no table of contents lists, is found."""
    copy = tmp_path / "self_gates.py"
    copy.write_text(Path(self_gates.__file__).read_text("utf-8") + "\n\n" + addition, "utf-8")
    monkeypatch.setattr(self_gates, "__file__", str(copy))

    with pytest.raises(symacts.DefinitionError, match=rf"self_gates.py:\d+: .*{message}"):
        check_catalogue([])
