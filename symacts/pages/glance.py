"""At a glance: the few facts and the words that sum a member up."""

from collections.abc import Callable
from typing import Any

from sympy import Basic, Expr, oo

from symacts import wording
from symacts.activation import Activation
from symacts.facts import Fact
from symacts.wording.numbers import INFINITY, expression, number, sort_key
from symacts.wording.sets import decimal_set, ends

__all__ = ["COLUMNS", "all_tags", "identity", "row", "tags", "tags_at_defaults"]

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


def row(act: Activation) -> list[dict[str, str]]:
    """Return the cells of a member in the table of its kind, at its defaults.

    What is not established is empty.
    """
    cells = []
    for _, name, words in COLUMNS[act.kind]:
        fact = getattr(act.facts, name)
        text, key = ("", "") if fact is None else words(_at_defaults(fact.value, act))
        cells.append({"text": text, "sort": key})
    return cells


def _at_defaults(value: Any, act: Activation) -> Any:
    return value.subs(dict(act.defaults)) if isinstance(value, Basic) else value


def _of_set(value: Any) -> tuple[str, str]:
    known = [end for end in ends(value) if end.is_number]
    # An interval is not broken in two lines.
    return decimal_set(value).replace(" ", "\u00a0"), sort_key(min(known, default=None))


def _of_number(value: Any) -> tuple[str, str]:
    if not isinstance(value, Expr):
        return str(value), str(value)
    return number(value, 4) if value.is_number else expression(value), sort_key(value)


def _of_truth(value: Any) -> tuple[str, str]:
    word = wording.yes_no(value)
    return f'<span class="sa-{word}">{word}</span>', "1" if value else "0"


def _of_class(value: Any) -> tuple[str, str]:
    if value == -1:
        return "jumps", "-1"
    return f"C<sup>{INFINITY if value == oo else value}</sup>", sort_key(value)


def _of_kind(value: str) -> tuple[str, str]:
    return value, "~" if value == "neither" else value  # "~" sorts behind all words


def _of_monotonicity(value: str) -> tuple[str, str]:
    return ("no", "~") if value == "neither" else (value, value)


def _of_sides(value: Any) -> tuple[str, str]:
    sides = [side for side, end in zip(("left", "right"), value, strict=True) if end is not None]
    word = "both" if len(sides) == 2 else "".join(sides) or "no"
    return word, word


Column = tuple[str, str, Callable[[Any], tuple[str, str]]]

COLUMNS: dict[str, tuple[Column, ...]] = {
    "scalar": (
        ("Range", "range", _of_set),
        ("Monotone", "monotonicity", _of_monotonicity),
        ("Convexity", "convexity", _of_kind),
        ("Parity", "parity", _of_kind),
        ("Class", "smoothness", _of_class),
        ("$f(0)$", "value_at_zero", _of_number),
        ("$f'(0)$", "slope_at_zero", _of_number),
        ("$\\sup |f'|$", "lipschitz", _of_number),
        ("Saturates", "saturation", _of_sides),
        ("Centred", "zero_centred", _of_truth),
        ("Mean", "mean", _of_number),
        ("Gain", "gain", _of_number),
    ),
    "vector": (
        ("Range", "range", _of_set),
        ("Class", "smoothness", _of_class),
        ("Probabilities", "simplex", _of_truth),
        ("Invariant to shifts", "shift_invariant", _of_truth),
        ("Follows permutations", "permutation_equivariant", _of_truth),
        ("Symmetric Jacobian", "jacobian_symmetric", _of_truth),
        ("Rank of Jacobian", "jacobian_rank", _of_number),
    ),
    "gate": (
        ("Range", "range", _of_set),
        ("Class", "smoothness", _of_class),
        ("Bounded below", "bounded_below", _of_truth),
        ("$f(0, 0)$", "value_at_zero", _of_number),
    ),
}
"""Of each table: the head of a column, its fact, and the text and sort key of a cell."""
