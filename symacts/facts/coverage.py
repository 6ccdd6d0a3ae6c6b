"""Which facts a function of one variable can have, and which of them are not established."""

from typing import TYPE_CHECKING, Any

from symacts.facts.model import SCALAR_NAMES

if TYPE_CHECKING:
    from symacts.facts.model import Facts

__all__ = ["applicable", "missing"]

_SERIES_ORDER = 3
"""A series at zero needs this many derivatives there."""


def applicable(facts: "Facts") -> tuple[str, ...]:
    """Return the names of the facts that a function has, established or not.

    What is provably without meaning is left out: the inverse of a function that takes a value
    twice, the slope at a kink, the mean square of a slope where there is a jump.
    """
    without = set()
    if _value(facts, "monotonicity") not in (None, "increasing", "decreasing"):
        without |= {"inverse", "self_form"}
    if any(kink.where == 0 for kink in _value(facts, "kinks") or ()):
        without |= {"slope_at_zero", "series_at_zero"}
    smoothness = _value(facts, "smoothness")
    if smoothness is not None and smoothness < _SERIES_ORDER:
        without |= {"series_at_zero"}
    if _value(facts, "continuous") is False:
        without |= {"slope_second_moment", "variance_slope"}
    return tuple(n for n in SCALAR_NAMES if n not in without or getattr(facts, n) is not None)


def missing(facts: "Facts") -> tuple[str, ...]:
    """Return the names of the facts that a function has, but that are not established."""
    return tuple(name for name in applicable(facts) if getattr(facts, name) is None)


def _value(facts: "Facts", name: str) -> Any:
    fact = getattr(facts, name)
    return None if fact is None else fact.value
