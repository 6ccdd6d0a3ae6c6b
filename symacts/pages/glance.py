"""At a glance: the few facts and the words that sum a member up."""

from collections.abc import Callable
from typing import Any

from sympy import Expr, oo

from symacts import wording
from symacts.activation import Activation
from symacts.facts import Fact
from symacts.wording.numbers import number

__all__ = ["all_tags", "identity", "tags", "tags_at_defaults"]

CARD = {
    "scalar": (
        "range",
        "monotonicity",
        "parity",
        "smoothness",
        "value_at_zero",
        "slope_at_zero",
        "lipschitz",
        "saturation",
        "zero_centred",
        "gain",
    ),
    "vector": ("range", "simplex", "shift_invariant", "permutation_equivariant", "smoothness"),
    "gate": ("range", "smoothness", "value_at_zero"),
}

TAGS: tuple[tuple[str, str, Callable[[Any], bool]], ...] = (
    ("smooth", "smoothness", lambda value: value == oo),
    ("continuous", "continuous", lambda value: value is True),
    ("bounded", "bounded", lambda value: value is True),
    ("monotone", "monotonicity", lambda value: value != "neither"),
    ("convex", "convexity", lambda value: value in ("convex", "affine")),
    ("odd", "parity", lambda value: value == "odd"),
    ("even", "parity", lambda value: value == "even"),
    ("zero-centred", "zero_centred", lambda value: value is True),
    ("never negative", "nonnegative", lambda value: value is True),
    ("piecewise linear", "piecewise_linear", lambda value: value is True),
    ("probabilities", "simplex", lambda value: value is True),
)
"""A tag, the fact that it looks at, and when it applies; an unknown fact earns no tag."""


LONGEST = 60
KIND_TAGS = {"scalar": (), "vector": ("vector-valued",), "gate": ("two inputs",)}
PARAMETER_TAG = "with parameters"
AT_DEFAULTS = "at the defaults"


def all_tags() -> list[str]:
    """Return every tag that a member may have."""
    return [
        *(tag for tag, *_ in TAGS),
        PARAMETER_TAG,
        *(t for ts in KIND_TAGS.values() for t in ts),
    ]


def identity(act: Activation) -> list[dict[str, str]]:
    """Return the identity card: labels, short values and the scope of what is not general."""
    found = ((name, _short_text(act, name)) for name in CARD[act.kind])
    return [
        {"label": wording.LABELS[name], "value": text, "scope": scope}
        for name, (text, scope) in found
        if text
    ]


def _short_text(act: Activation, name: str) -> tuple[str | None, str]:
    """Return a fact in words and its scope; at the defaults if the parameters make it long."""
    text, fact = wording.fact_text(name, act), getattr(act.facts, name)
    if text is None:
        return None, ""
    value = fact.value
    is_formula = isinstance(value, Expr) and bool(value.free_symbols & set(act.defaults))
    if len(text) > LONGEST and is_formula:
        return number(value.subs(dict(act.defaults))), AT_DEFAULTS
    return text, AT_DEFAULTS if _is_at_defaults(act, fact) else ""


def tags(act: Activation) -> list[str]:
    """Return the words that sum a member up, by which the gallery can be filtered."""
    found = [tag for tag, _ in _earned(act)]
    return [*found, *([PARAMETER_TAG] if act.params else []), *KIND_TAGS[act.kind]]


def tags_at_defaults(act: Activation) -> list[str]:
    """Return those of the tags that are established at the default parameters only."""
    return [tag for tag, fact in _earned(act) if _is_at_defaults(act, fact)]


def _earned(act: Activation) -> list[tuple[str, Fact]]:
    """Return the tags that facts earn, each with its fact."""
    facts = ((tag, getattr(act.facts, name), applies) for tag, name, applies in TAGS)
    return [(tag, fact) for tag, fact, applies in facts if fact is not None and applies(fact.value)]


def _is_at_defaults(act: Activation, fact: Fact) -> bool:
    return bool(act.params) and fact.scope == "defaults"
