"""What PyTorch, JAX, Keras, ONNX and others call each member, and where they differ from it.

The data is frameworks.json, written by hand and grouped by member, one line for each name. It was
checked against the versions it names: libraries marked `run` were executed, nearly every function
of theirs against 50-digit values; those marked `read` are known from their source only. A note is
given where a default, a constant, a slope at a kink or a value is not the one shown here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

__all__ = ["Framework", "FrameworkName", "frameworks", "frameworks_of"]


@dataclass(frozen=True)
class Framework:
    """A library that ships activations: its name and how its functions were compared with ours."""

    id: str
    title: str
    version: str
    how: str
    """`run` where it was executed and compared, `read` where only its source was read."""


@dataclass(frozen=True)
class FrameworkName:
    """How one framework is asked for a member, and what to know before relying on it."""

    call: str
    """The dotted name; with arguments where the framework's defaults give another function."""
    note: str = ""
    """One or two sentences on what differs; empty where nothing was found to differ."""


def frameworks() -> Mapping[str, Framework]:
    """Return every framework that was looked at, by its id."""
    return _read()[0]


def frameworks_of(activation_id: str) -> Mapping[str, FrameworkName]:
    """Return the names that frameworks have for a member, by the framework's id.

    A member that no framework ships, or a definition of one's own, has none.
    """
    return _read()[1].get(activation_id, MappingProxyType({}))


@cache
def _read() -> tuple[Mapping[str, Framework], Mapping[str, Mapping[str, FrameworkName]]]:
    data = json.loads(files("symacts").joinpath("frameworks.json").read_text(encoding="utf-8"))
    known = {key: Framework(key, **entry) for key, entry in data["frameworks"].items()}
    members = {
        member: MappingProxyType({key: FrameworkName(**name) for key, name in names.items()})
        for member, names in data["members"].items()
    }
    return MappingProxyType(known), MappingProxyType(members)
