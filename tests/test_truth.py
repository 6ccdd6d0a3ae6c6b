"""The engine against a table of truth that is written by hand, and confirmed by mpmath."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpmath
import pytest
import sympy
from mpmath import mpf
from mpmath.libmp import prec_to_dps
from sympy import FiniteSet, ImageSet, Interval, Set, Union, oo

import symacts
from symacts.atoms import textbook
from tests import truth

ENTRIES = truth.table()
each_entry = pytest.mark.parametrize("name", ENTRIES)

MOST_OPEN = 0
"""How many facts of the table the engine may leave open; what it leaves open is listed below."""

OPEN: set[tuple[str, str]] = set()
"""What is true, but not established: an entry that is established by now fails."""

NAMES = {
    **{name: getattr(sympy, name) for name in truth.SHARED},
    **{name: getattr(sympy, name) for name in ("E", "Abs", "Max", "Min", "Piecewise")},
    "Q": sympy.Rational,
    "Phi": lambda u: (1 + sympy.erf(u / sympy.sqrt(2))) / 2,
}


def subject(name: str) -> symacts.Activation:
    """Return what an entry is about: a member, or a definition as a user would write it."""
    entry = ENTRIES[name]
    values = {k: sympy.sympify(v) for k, v in entry.get("parameters", {}).items()}
    if "member" in entry and not values:
        return symacts.catalogue[entry["member"]]

    def function(x: Any) -> Any:
        if "member" in entry:
            return symacts.catalogue[entry["member"]](x, **values)
        return eval(entry["formula"], NAMES, {"x": x})

    function.__name__ = name
    return symacts.activation(name)(function)


def value_of(act: symacts.Activation, name: str) -> Any:
    """Return the value of a fact at the default parameters, None if it is not established."""
    fact = getattr(act.facts, name)
    return None if fact is None else _at(fact.value, dict(act.defaults))


def _at(value: Any, defaults: dict[Any, Any]) -> Any:
    if isinstance(value, tuple):
        return tuple(_at(part, defaults) for part in value)
    return value.subs(defaults) if isinstance(value, sympy.Basic) else value


# -- how each kind of value is compared ------------------------------------------------------------


def same_number(found: Any, said: str) -> bool:
    """Tell whether a number of the engine is that of the table, to all digits it shows."""
    wanted = truth.number(said)
    if found in (oo, -oo) or mpmath.isinf(wanted):
        return mpf(str(found).replace("oo", "inf")) == wanted
    shown = sympy.N(textbook(sympy.sympify(found)), 30)
    room = mpf(10) ** -14 * (1 + abs(wanted))
    if isinstance(found, sympy.Float):
        room += abs(wanted) * mpf(10) ** (1 - prec_to_dps(found._prec))
    return abs(mpf(str(shown)) - wanted) <= room


def same_limit(found: Any, said: str) -> bool:
    return found == said if "oscillates" in (found, said) else same_number(found, said)


def same_set(found: Set, said: str) -> bool:
    """Compare intervals and points, with open and closed ends, from left to right."""
    parts = list(found.args) if isinstance(found, Union) else [found]
    split = [p for part in parts for p in (part.args if isinstance(part, FiniteSet) else [part])]
    split.sort(key=lambda p: sympy.N(p.inf if isinstance(p, Set) else p))
    wanted = said.split(" u ")
    return len(split) == len(wanted) and all(map(same_place, split, wanted))


def same_place(found: Any, said: str) -> bool:
    """Compare a point, an interval, or points that come again for every whole number."""
    if truth.is_family(said):
        return isinstance(found, ImageSet) and same_family(found, said)
    if isinstance(found, ImageSet):
        return False
    if said[0] not in "([":
        return not isinstance(found, Set) and same_number(found, said.strip("{}"))
    if not isinstance(found, Interval):
        return False
    low, high = said[1:-1].split(", ")
    ends = same_number(found.start, low) and same_number(found.end, high)
    return ends and (found.left_open, found.right_open) == (said[0] == "(", said[-1] == ")")


def same_family(found: ImageSet, said: str) -> bool:
    """Tell whether two families have the same members near zero."""
    text, _, but = said.partition(", ")
    numbers = [truth.number(text.replace("k", f"({k})")) for k in range(-40, 41) if k or not but]
    (base,) = found.base_sets
    mine = [found.lamda(k) for k in range(-40, 41) if base.contains(k) == sympy.true]
    near = [sorted(float(n) for n in ns if abs(n) < 15) for ns in (numbers, mine)]
    return near[0] == pytest.approx(near[1], rel=1e-14, abs=1e-14)


def same_places(found: tuple[Any, ...], said: list[str]) -> bool:
    return len(found) == len(said) and all(map(same_place, found, said))


def same_extreme(found: Any, said: Any) -> bool:
    """Compare an extreme value and where it is taken; no place means that it is approached."""
    if isinstance(said, str) or not isinstance(found, tuple):
        return isinstance(said, str) and not isinstance(found, tuple) and same_number(found, said)
    (where, value), (places, extreme) = found, said
    if not same_number(value, extreme):
        return False
    if truth.is_family(places[0]):
        # A wave is told by one place out of every period.
        members = [truth.number(places[0].replace("k", f"({k})")) for k in range(-3, 4)]
        return any(abs(mpf(str(sympy.N(where, 30))) - m) < 1e-14 for m in members)
    return same_set(where if isinstance(where, Set) else FiniteSet(where), " u ".join(places))


def same_kinks(found: tuple[Any, ...], said: list[str]) -> bool:
    return same_places(tuple(kink.where for kink in found), said)


COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "range": same_set,
    "left_limit": same_limit,
    "right_limit": same_limit,
    "zeros": same_places,
    "minimum": same_extreme,
    "maximum": same_extreme,
    "monotonicity": str.__eq__,
    "convexity": str.__eq__,
    "parity": str.__eq__,
    "smoothness": same_number,
    "kinks": same_kinks,
    "inflections": same_places,
    "lipschitz": same_number,
    "mean": same_number,
    "second_moment": same_number,
}


@each_entry
def test_the_engine_agrees_with_the_table(name: str) -> None:
    """What the engine says is what the table says; what it leaves open is listed."""
    act, entry = subject(name), ENTRIES[name]
    domain = act.facts.domain
    wrong, unknown = [], set()
    for fact, same in COMPARED.items():
        found = value_of(act, fact) if fact in entry else None
        if fact not in entry:
            continue
        if found is None:
            unknown.add((name, fact))
        elif not same(found, entry[fact]):
            wrong.append(f"{name}.{fact}: the engine says {found}, the table {entry[fact]}")

    assert wrong == []
    assert domain is not None
    assert domain.value == sympy.S.Reals
    listed = {pair for pair in OPEN if pair[0] == name}
    assert unknown - listed == set(), "true, but not established: mend it, or list it in OPEN"
    assert listed - unknown == set(), "good news, this is established: take it out of OPEN"


def test_the_table_is_as_large_as_it_claims() -> None:
    """At least sixty functions with twelve facts each, a source for each, and few left open."""
    assert len(ENTRIES) >= 60
    assert len(OPEN) <= MOST_OPEN
    for name, entry in ENTRIES.items():
        assert sum(fact in entry for fact in truth.FACTS) >= 12, name
        assert len(entry["source"]) > 4, name
    scalars = {act.id for act in symacts.catalogue.values() if act.kind == "scalar"}
    tabled = {e["member"] for e in ENTRIES.values() if "member" in e and "parameters" not in e}
    assert scalars == tabled, "every scalar member has an entry"


@pytest.mark.slow
@pytest.mark.sweep
@each_entry
def test_mpmath_confirms_the_table(name: str) -> None:
    """Every number, sign and limit of the table comes out again with fifty digits."""
    assert truth.refuted(ENTRIES[name]) == []


def test_mpmath_refutes_what_is_planted() -> None:
    """One wrong value of each kind does not get past mpmath."""
    true = ENTRIES["gelu"]
    planted = {
        "left_limit": "1",
        "right_limit": "0",
        "zeros": ["0", "1"],
        "minimum": [["-0.75"], "-0.17"],
        "maximum": "1",
        "monotonicity": "increasing",
        "convexity": "convex",
        "parity": "odd",
        "kinks": ["0"],
        "inflections": ["-1", "1"],
        "lipschitz": "1",
        "mean": "1/3",
        "second_moment": "1/2",
    }
    for name, value in planted.items():
        assert name in truth.refuted({**true, name: value}), name


def test_the_checker_stands_alone() -> None:
    """The module that confirms the table imports nothing of the engine."""
    text = Path(truth.__file__).read_text(encoding="utf-8")

    assert not re.search(r"^(from|import) (symacts|sympy)", text, re.MULTILINE)
