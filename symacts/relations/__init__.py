"""Relations: what ties an activation to others, found by comparing numbers and then proved.

Two functions are first compared at a few points.  What agrees there to the last digits is a guess,
and the guess is kept only if the formulas are proved to be equal, part by part.  Of members that
tend to the same lines the difference is a function like any other, whose extremes are proved.
"""

from functools import lru_cache
from typing import TYPE_CHECKING

from symacts.errors import DefinitionError
from symacts.relations import bounds, pairs, structures
from symacts.relations.statements import Relation

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["Relation", "relations_of"]


def relations_of(act: "Activation") -> "tuple[Relation, ...]":
    """Return what ties *act* to the members of the catalogue, the closest ties first."""
    from symacts.catalogue import catalogue

    found: list[Relation] = []
    for other in catalogue.values():
        if other is act:
            found += _between(act, act)
        else:
            own = _between(act, other)
            said = {relation.kind for relation in own}
            turned = (relation.turned(other.id) for relation in _between(other, act))
            found += [*own, *(relation for relation in turned if relation.kind not in said)]
    found += bounds.relations(act)
    return tuple(sorted(found, key=lambda relation: relation.rank))


@lru_cache(maxsize=8192)
def _between(first: "Activation", second: "Activation") -> "tuple[Relation, ...]":
    """Return the statements about *first* in terms of *second*.

    None where one of them has no numeric form, such as a function that NumPy does not know.
    """
    try:
        return _statements(first, second)
    except DefinitionError:
        return ()


def _statements(first: "Activation", second: "Activation") -> "tuple[Relation, ...]":
    kinds = first.kind, second.kind
    if kinds == ("scalar", "scalar"):
        return tuple(pairs.relations(first, second))
    return tuple(structures.relations(first, second))
