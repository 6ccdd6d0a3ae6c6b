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
from symacts.errors import UnknownActivation, nearest

__all__ = ["FAMILIES", "Family", "catalogue", "families", "find", "names_of", "plain"]

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


def plain(name: str) -> str:
    """Return a name without case, spaces, hyphens and underscores, which people mix up."""
    return "".join(ch for ch in name.casefold() if ch not in " -_")


families: Mapping[str, Family] = MappingProxyType(
    {family.id: family for family in map(_family, FAMILIES)}
)
catalogue: Mapping[str, Activation] = MappingProxyType(
    {act.id: act for family in families.values() for act in family.members}
)


def names_of(act: Activation) -> tuple[str, ...]:
    """Return the id, the titles and the aliases of a member."""
    return tuple(filter(None, (act.id, act.title, act.long_title, *act.aliases)))


_BY_NAME = {plain(name): act.id for act in catalogue.values() for name in names_of(act)}


def find(name: str) -> Activation:
    """Return the member with this id, title or alias, in any case.

    Raises:
        UnknownActivation: nothing has the name; the message lists the nearest ids.
    """
    if (act_id := _BY_NAME.get(plain(name))) is not None:
        return catalogue[act_id]
    known = {key: act.id for act in catalogue.values() for key in names_of(act)}
    raise UnknownActivation(
        f"no activation is called {name!r}{nearest(name, known, leads_to=known.__getitem__)}"
    )
