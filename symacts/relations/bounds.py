"""How far apart members are that tend to the same lines: bounds on differences, proved."""

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING

from sympy import Expr, Rational, S
from sympy.sets.sets import Set

from symacts.calculus import numbers
from symacts.calculus.curve import Extreme
from symacts.calculus.shape import Shape
from symacts.facts.wording import equals, is_rounded, near
from symacts.pieces import Pieces
from symacts.relations.matching import difference
from symacts.relations.statements import Relation, applied, named

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["relations"]

#: Members that differ by no more than this are close, whichever is larger.
_CLOSE = Rational(1, 10)
#: So many places of a largest difference are named.
_MOST_PLACES = 2

_Ends = tuple[Expr, Expr]


def relations(act: "Activation") -> Iterator[Relation]:
    """Yield how *act* lies to members with the same asymptotes: next above, next below, close.

    Of an order only the steps are said: what lies between two of them follows.
    """
    ends = _ends(act)
    group = () if ends is None else _groups().get(ends, ())
    others = [other for other in _distinct(group) if other is not act]
    if any(_is_same(act, other) for other in others):
        return
    for other in others:
        for upper, lower in ((act, other), (other, act)):
            if _is_above(upper, lower):
                if not any(_is_above(upper, m) and _is_above(m, lower) for m in others):
                    yield _ordered(other, upper, lower)
                break
        else:
            first, second = sorted((act, other), key=lambda each: each.id)
            yield from _close(other, first, second)


def _ends(act: "Activation") -> _Ends | None:
    """Return the lines that a function tends to at its defaults, or None."""
    if act.kind != "scalar":
        return None
    facts = act.facts.left_asymptote, act.facts.right_asymptote
    left, right = (fact.value if fact else None for fact in facts)
    if not isinstance(left, Expr) or not isinstance(right, Expr):
        return None
    values = dict(act.defaults)
    return left.subs(values), right.subs(values)


@lru_cache(maxsize=1)
def _groups() -> "dict[_Ends, tuple[Activation, ...]]":
    """Return the members of the catalogue that tend to the same lines."""
    from symacts.catalogue import catalogue

    groups: dict[_Ends, tuple[Activation, ...]] = {}
    for act in catalogue.values():
        ends = _ends(act)
        if ends is not None:
            groups[ends] = (*groups.get(ends, ()), act)
    return groups


@lru_cache(maxsize=256)
def _distinct(group: "tuple[Activation, ...]") -> "tuple[Activation, ...]":
    """Return members without those that are another one at their defaults."""
    found: list[Activation] = []
    for act in group:
        if not any(_is_same(act, other) for other in found):
            found.append(act)
    return tuple(found)


def _is_same(first: "Activation", second: "Activation") -> bool:
    return _range(first, second) == (S.Zero, S.Zero)


def _is_above(upper: "Activation", lower: "Activation") -> bool:
    """Tell whether a function is proved to be nowhere smaller than another one, nor the same."""
    low, high = _range(upper, lower)
    return low == 0 and high is not None and high != 0


def _range(first: "Activation", second: "Activation") -> tuple[object, object]:
    extremes = _extremes(first, second)
    return (None, None) if extremes is None else (extremes[0].value, extremes[1].value)


def _extremes(first: "Activation", second: "Activation") -> tuple[Extreme, Extreme] | None:
    """Return the extremes of first minus second."""
    if first.id > second.id:
        turned = _found(second, first)
        return turned and (_negative(turned[1]), _negative(turned[0]))
    return _found(first, second)


def _negative(extreme: Extreme) -> Extreme:
    return Extreme(-extreme.value, extreme.places, tied=extreme.tied)


@lru_cache(maxsize=4096)
def _found(first: "Activation", second: "Activation") -> tuple[Extreme, Extreme] | None:
    return Shape(difference(*map(_pieces, (first, second)))).extremes()


def _pieces(act: "Activation") -> Pieces:
    return act.pieces().subs(dict(act.defaults))


# -- sentences -----------------------------------------------------------------------------------


def _ordered(other: "Activation", upper: "Activation", lower: "Activation") -> Relation:
    extremes = _extremes(upper, lower)
    assert extremes is not None
    low, high = extremes
    below = "<" if low.places == () else r"\le"
    above = "<" if high.places == () else r"\le"
    x = upper.variable
    minus = f"{applied(named(upper), x)} - {applied(named(lower), x)}"
    bound = near(high.value, 1)
    return Relation(
        "bound", other.id, f"$0 {below} {minus} {above} {bound}${_where(high)}", _how(high)
    )


def _close(other: "Activation", first: "Activation", second: "Activation") -> Iterator[Relation]:
    extremes = _extremes(first, second)
    if extremes is None:
        return
    either = _negative(extremes[0]), extremes[1]
    if any(numbers.order(extreme.value, _CLOSE) != -1 for extreme in either):
        return
    larger = numbers.order(*(extreme.value for extreme in either))
    if larger is None and not all(is_rounded(extreme.value) for extreme in either):
        return
    # If it is not known which of two enclosed numbers is larger, what is shown holds for both.
    if larger is None:
        largest = max(either, key=lambda extreme: float(near(extreme.value, 1)))
    else:
        largest = either[larger < 0]
    x = first.variable
    minus = f"{applied(named(first), x)} - {applied(named(second), x)}"
    where = _where(largest) if larger else ""
    yield Relation(
        "bound",
        other.id,
        rf"$\left|{minus}\right| \le {near(largest.value, 1)}${where}",
        _how(largest),
    )


def _how(extreme: Extreme) -> str:
    return "enclosed" if is_rounded(extreme.value) else "proved"


def _where(extreme: Extreme) -> str:
    """Return where a difference is largest, as the end of a sentence; nothing if it is unknown."""
    places = extreme.places or ()
    if not places or len(places) > _MOST_PLACES or any(isinstance(p, Set) for p in places):
        return ""
    return f"; the difference is largest at $x {equals(*places)}$"
