"""The public surface: what people may import is listed, documented and where the contract says."""

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

import symacts
from symacts.catalogue import FAMILIES
from symacts.facts import Fact
from symacts.verdicts import Verdict

PACKAGE = Path(symacts.__file__).parent

# The contract's names; a name may be added here, never taken away.
CONTRACT = (
    "Activation",
    "SymactsError",
    "UnknownActivation",
    "activation",
    "catalogue",
    "find",
)
ON_ACTIVATION = (
    *("id", "title", "aliases", "family", "summary", "notes", "references"),
    *("expr", "variable", "params", "facts", "pros", "cons", "relations", "frameworks"),
    *("derivative", "value_and_derivative", "jacobian", "jvp", "vjp", "latex", "plot", "code"),
)
ON_PARAMETER = ("name", "symbol", "default", "domain", "meaning")
ON_FACT = ("value", "how", "evidence", "scope")
ON_VERDICT = ("slug", "sentence", "because")


def test_all_lists_each_name_once() -> None:
    """`symacts.__all__` has no doubles, and everything in it can be had."""
    names = symacts.__all__

    assert sorted(set(names)) == sorted(names)
    missing = [name for name in names if not hasattr(symacts, name)]
    assert missing == [], "symacts.__all__ lists names that the package does not have"


def test_the_contract_is_kept() -> None:
    """Every name that the contract promises is there and listed."""
    missing = [name for name in CONTRACT if name not in symacts.__all__]

    assert missing == [], "The contract promises these; put them back into symacts.__all__."


def test_every_member_is_an_attribute() -> None:
    """Each catalogued activation is an attribute of the package and listed in `__all__`."""
    for act_id, act in symacts.catalogue.items():
        assert getattr(symacts, act_id) is act, f"symacts.{act_id} is not catalogue[{act_id!r}]"
        assert act_id in symacts.__all__


def test_no_public_name_is_unlisted() -> None:
    """What the package binds without an underscore is in `__all__` or is one of its modules."""
    unlisted = [
        name
        for name, value in vars(symacts).items()
        if not name.startswith("_") and name not in symacts.__all__ and not inspect.ismodule(value)
    ]

    assert unlisted == [], "Add these to symacts.__all__, or give them an underscore."


def test_no_member_is_named_like_a_module() -> None:
    """No activation has the name of a module, or one of the two could not be reached."""
    modules = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or path.is_dir()}
    modules |= {family.__name__.rpartition(".")[2] for family in FAMILIES}

    assert symacts.catalogue.keys() & modules == set(), "Rename the activation or the module."


@pytest.mark.parametrize("name", symacts.__all__)
def test_public_names_are_documented(name: str) -> None:
    """Every public class and function says in a sentence what it is."""
    value = getattr(symacts, name)
    if name in ("catalogue", "families"):
        return  # mappings cannot carry a docstring; the package's own describes them
    first = (inspect.getdoc(value) or "").partition("\n\n")[0]

    assert first.endswith("."), f"symacts.{name} needs a docstring that begins with a sentence"


@pytest.mark.parametrize(
    ("cls", "names"),
    [
        (symacts.Parameter, ON_PARAMETER),
        (Fact, ON_FACT),
        (Verdict, ON_VERDICT),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_records_have_the_contract_s_fields(cls: type, names: tuple[str, ...]) -> None:
    """The small records carry the fields that people script against, in this order."""
    assert tuple(inspect.signature(cls).parameters)[: len(names)] == names


def test_activation_has_the_contract_s_attributes() -> None:
    """An activation has every attribute and method of the contract."""
    missing = [name for name in ON_ACTIVATION if not hasattr(symacts.gelu, name)]

    assert missing == []


def test_errors_are_what_python_expects() -> None:
    """Unknown names are KeyErrors, bad parameters are ValueErrors, and all are SymactsErrors."""
    assert issubclass(symacts.UnknownActivation, KeyError)
    assert issubclass(symacts.ParameterError, ValueError)
    for name in symacts.__all__:
        value = getattr(symacts, name)
        if inspect.isclass(value) and issubclass(value, Exception):
            assert issubclass(value, symacts.SymactsError)


def test_public_methods_are_documented() -> None:
    """Every public method and property of the noun says in a sentence what it gives."""
    undocumented = [
        f"{cls.__name__}.{name}"
        for cls in (symacts.Activation, symacts.Derivative)
        for name, value in vars(cls).items()
        if not name.startswith("_") and not (inspect.getdoc(value) or "").strip()
    ]

    assert undocumented == []


def test_importing_is_silent() -> None:
    """Importing the package prints nothing and warns of nothing."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "import symacts"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
