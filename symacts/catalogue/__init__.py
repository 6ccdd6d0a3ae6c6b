"""The catalogue: families in reading order, and in each family its members.

A family is a module. Its docstring is the family's title and introduction, its `__all__` the
table of contents. To add a family, write the module and name it in `FAMILIES`.
"""

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType, ModuleType

from symacts.activation import Activation
from symacts.catalogue import (
    exponentials,
    gaussians,
    hard_forms,
    identities,
    normalisers,
    pair_gates,
    rectifiers,
    self_gates,
    shrinkers,
    sigmoids,
    smooth_rectifiers,
    steps,
    waves,
)
from symacts.errors import DefinitionError, UnknownActivation, nearest

__all__ = ["FAMILIES", "Family", "catalogue", "families", "find"]

FAMILIES: tuple[ModuleType, ...] = (
    sigmoids,
    rectifiers,
    normalisers,
    smooth_rectifiers,
    exponentials,
    self_gates,
    gaussians,
    pair_gates,
    hard_forms,
    shrinkers,
    waves,
    steps,
    identities,
)


@dataclass(frozen=True)
class Family:
    """Members that share an idea: a title, an introduction and the members in reading order."""

    id: str
    title: str
    introduction: str
    members: tuple[Activation, ...]


def _family(module: ModuleType) -> Family:
    title, _, introduction = (inspect.getdoc(module) or "").partition("\n")
    members = tuple(getattr(module, name) for name in module.__all__)
    return Family(
        module.__name__.rpartition(".")[2], title.rstrip("."), introduction.strip(), members
    )


def _collect(found: Mapping[str, Family]) -> Mapping[str, Activation]:
    members: dict[str, Activation] = {}
    for family in found.values():
        for act in family.members:
            if act.id in members:
                first, second = (":".join(map(str, one.source)) for one in (members[act.id], act))
                raise DefinitionError(f"{second}: the name {act.id} is taken by {first}")
            members[act.id] = act
    return MappingProxyType(members)


def _names(members: Mapping[str, Activation]) -> Mapping[str, str]:
    """Return every id, title and alias in plain form, with the id it leads to."""
    names = {_plain(act.id): act.id for act in members.values()}
    for act in members.values():
        for name in (act.title, act.long_title, *act.aliases):
            taken = names.setdefault(_plain(name), act.id) if name else act.id
            if taken != act.id:
                file, line = act.source
                raise DefinitionError(
                    f"{file}:{line}: the name {name!r} of {act.id} already leads to {taken}"
                )
    return MappingProxyType(names)


def _plain(name: str) -> str:
    """Return a name without case, spaces, hyphens and underscores, which people mix up."""
    return "".join(ch for ch in name.casefold() if ch not in " -_")


families: Mapping[str, Family] = MappingProxyType(
    {family.id: family for family in map(_family, FAMILIES)}
)
catalogue: Mapping[str, Activation] = _collect(families)
_BY_NAME = _names(catalogue)


def find(name: str) -> Activation:
    """Return the member with this id, title or alias, in any case.

    Raises:
        UnknownActivation: nothing has the name; the message lists the nearest ids.
    """
    if (act_id := _BY_NAME.get(_plain(name))) is not None:
        return catalogue[act_id]
    known = {key: act.id for act in catalogue.values() for key in (act.id, act.title, *act.aliases)}
    raise UnknownActivation(f"no activation is called {name!r}{nearest(name, known)}")
