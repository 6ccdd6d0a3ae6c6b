"""The API reference, read off the code: signatures and docstrings of what is public."""

import inspect
import re
import textwrap
from collections.abc import Callable, Mapping
from typing import Any

from symacts.activation import Activation, Derivative, Parameter, activation
from symacts.catalogue import Family, find
from symacts.errors import DefinitionError, ParameterError, SymactsError, UnknownActivation
from symacts.facts import Fact, Facts
from symacts.frameworks import FrameworkName
from symacts.relations import Relation
from symacts.verdicts import Verdict

__all__ = ["values"]

Model = dict[str, Any]

SECTIONS: tuple[tuple[str, tuple[Any, ...]], ...] = (
    ("Finding and defining", (find, activation)),
    ("Activations", (Activation, Derivative, Parameter, Family)),
    ("What is known about them", (Facts, Fact, Verdict, Relation, FrameworkName)),
    ("Errors", (SymactsError, UnknownActivation, ParameterError, DefinitionError)),
)
WIDEST = 72
SECTION = re.compile(r"^(Args|Attributes|Raises|Returns):\n((?: {4}.*\n?|\n)+)", re.MULTILINE)
SETTLED = frozenset({"__call__"})


def values(commands: Mapping[str, str]) -> Model:
    """Return what the template of the API reference needs."""
    return {
        "sections": [
            {"title": title, "entries": [_entry(thing) for thing in things]}
            for title, things in SECTIONS
        ],
        "commands": [{"name": name, "help": text.rstrip()} for name, text in commands.items()],
    }


def _entry(thing: Any) -> Model:
    """Return the entry of a function or class, with the members of the class."""
    members = _members(thing) if inspect.isclass(thing) else []
    is_error = inspect.isclass(thing) and issubclass(thing, Exception)
    signature = "" if is_error or thing in (Activation, Derivative, Facts) else _signature(thing)
    return {
        "name": thing.__name__,
        "kind": "class" if inspect.isclass(thing) else "function",
        "signature": signature,
        "text": _docstring(thing),
        "members": members,
    }


def _members(kind: type) -> list[Model]:
    """Return the public attributes and methods that a class defines, in the order of the source."""
    found = []
    for name, member in vars(kind).items():
        if name.startswith("_") and name not in SETTLED:
            continue
        if inspect.isfunction(member):
            found.append(_part(name, _signature(member), member))
        elif isinstance(member, property) or hasattr(member, "attrname"):
            found.append(_part(name, "", member))
    return found


def _part(name: str, signature: str, member: Any) -> Model:
    anchor = name.strip("_")
    return {"name": name, "anchor": anchor, "signature": signature, "text": _docstring(member)}


def _signature(function: Callable[..., Any]) -> str:
    """Return the signature without `self` and without the quotes of annotations."""
    text = str(inspect.signature(function))
    text = re.sub(r"\(self(, )?", "(", text)
    text = re.sub(r"(?<!= )'([^']*)'", r"\1", text)  # annotations, but not defaults
    text = re.sub(r"\b(?:symacts|collections|typing|sympy|numpy)(?:\.\w+)*\.(?=\w)", "", text)
    return text if len(text) < WIDEST else _in_lines(text)


def _in_lines(signature: str) -> str:
    """Return a long signature with one parameter on a line."""
    inside, arrow, result = signature.partition("(")[2].rpartition(")")
    parameters = re.split(r", (?![^\[(]*[\])])", inside)
    return "(\n    " + ",\n    ".join(parameters) + f",\n{arrow}{result}"


def _docstring(thing: Any) -> str:
    """Return a docstring as Markdown: its sections become lists and paragraphs."""
    text = inspect.getdoc(thing) or ""
    return SECTION.sub(
        lambda section: f"**{section[1]}**\n\n{_section(section[2])}\n\n", text
    ).strip()


def _section(body: str) -> str:
    """Return the body of a section, `name: text` as items of a list."""
    return re.sub(r"^(\w+): ", r"- `\1`: ", textwrap.dedent(body), flags=re.MULTILINE).strip()
