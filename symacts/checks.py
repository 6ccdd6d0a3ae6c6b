"""What a catalogue must keep, checked before pages are made from it.

Definitions are read when they are needed, so a mistake in one of them shows late.  These checks
bring it forward: the first mistake is an error with file and line, and nothing has been written.
"""

import ast
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from symacts.activation import Activation
from symacts.catalogue import FAMILIES, names_of, plain
from symacts.errors import DefinitionError, nearest
from symacts.references import citations, references

__all__ = ["check_catalogue"]


def check_catalogue(acts: Iterable[Activation]) -> None:
    """Raise DefinitionError for the first thing that is wrong with the definitions.

    That is a name which leads to two members, a definition that another one hides or that its
    family's `__all__` leaves out, a citation that does not exist, or a formula that fails.
    """
    members = list(acts)
    _check_modules()
    _check_names(members)
    for act in members:
        _check_citations(act)
        _ = act.expr  # raises where the signature or the formula cannot be accepted


def _check_modules() -> None:
    """Compare what the family modules define with their tables of contents."""
    taken: dict[str, str] = {}
    for module in FAMILIES:
        path = Path(module.__file__ or "")
        for node in ast.parse(path.read_text("utf-8")).body:
            if not (isinstance(node, ast.FunctionDef) and _makes_activation(node)):
                continue
            place = f"{path}:{node.lineno}"
            if node.name in taken:
                raise DefinitionError(
                    f"{place}: the name {node.name} is taken by {taken[node.name]}"
                )
            if node.name not in module.__all__:
                raise DefinitionError(f"{place}: {node.name} is missing from __all__")
            taken[node.name] = place


def _makes_activation(node: ast.FunctionDef) -> bool:
    calls = [mark.func for mark in node.decorator_list if isinstance(mark, ast.Call)]
    return any(isinstance(called, ast.Name) and called.id == "activation" for called in calls)


def _check_names(members: Sequence[Activation]) -> None:
    """Every id, title and alias leads to one member."""
    taken = {plain(act.id): act for act in members}
    for act in members:
        for name in names_of(act):
            other = taken.setdefault(plain(name), act)
            if other is not act:
                raise DefinitionError(
                    f"{_place(act)}: the name {name!r} of {act.id} already leads to {other.id}"
                    f" ({_place(other)})"
                )


def _check_citations(act: Activation) -> None:
    known: Mapping[str, object] = references()
    for key in (*act.references, *citations(act.notes)):
        if key not in known:
            raise DefinitionError(
                f"{_place(act)}: {act.id} cites {key!r}, which is not in references.bib"
                f"{nearest(key, known)}"
            )


def _place(act: Activation) -> str:
    file, line = act.source
    return f"{file}:{line}"
