"""The columns of tables of properties: of each its head, and the text and sort key of its cells.

Cells hold what is established at the default parameters; what is not has no cell.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from sympy import Basic, Expr, ImageSet, Interval, oo
from sympy.core.relational import Relational
from sympy.sets.sets import Set

from symacts import wording
from symacts.activation import Activation
from symacts.verdicts.view import View
from symacts.wording.numbers import INFINITY, expression, number, sort_key
from symacts.wording.sets import decimal_set, ends, set_text

__all__ = ["COLUMNS", "FAMILY", "GROUPS", "SHOWN", "Cell", "Column", "cells"]

Cell = dict[str, str]
Words = tuple[str, str]
CALLS = "calls"
MOST_POINTS = 3


@dataclass(frozen=True)
class Column:
    """A column: its head, the fact that it shows, its cells, and whether they sort as numbers."""

    head: str
    fact: str
    words: Callable[[Any], Words]
    is_number: bool = False


def cells(act: Activation) -> dict[str, Cell]:
    """Return the cells of a member by the names of their columns, at its default parameters."""
    found = {}
    for name, column in COLUMNS.items():
        text, key = _words(act, name, column)
        if text:
            found[name] = {"text": text, "sort": key}
    return found


def _words(act: Activation, name: str, column: Column) -> Words:
    if name == CALLS:
        return column.words(len(View(act).calls))
    fact = getattr(act.facts, column.fact)
    return ("", "") if fact is None else column.words(_at_defaults(fact.value, act))


def _at_defaults(value: Any, act: Activation) -> Any:
    if isinstance(value, tuple):
        return tuple(_at_defaults(part, act) for part in value)
    return value.subs(dict(act.defaults)) if isinstance(value, Basic) else value


# -- cells -----------------------------------------------------------------------------------------


def _of_set(value: Any) -> Words:
    known = [end for end in ends(value) if end.is_number]
    # An interval is not broken in two lines.
    return decimal_set(value).replace(" ", "\u00a0"), sort_key(min(known, default=None))


def _of_number(value: Any) -> Words:
    if not isinstance(value, Expr):
        return str(value), str(value)
    return number(value, 4) if value.is_number else expression(value), sort_key(value)


def _of_count(value: int) -> Words:
    return str(value), str(value)


def _of_extremum(value: Any) -> Words:
    return _of_number(value[1] if isinstance(value, tuple) else value)


def _of_truth(value: Any) -> Words:
    word = wording.yes_no(value)
    return f'<span class="sa-{word}">{word}</span>', "1" if value else "0"


def _of_class(value: Any) -> Words:
    if value == -1:
        return "jumps", "-1"
    return f"C<sup>{INFINITY if value == oo else value}</sup>", sort_key(value)


def _of_kind(value: str) -> Words:
    return value, "~" if value == "neither" else value  # "~" sorts behind all words


def _of_monotonicity(value: str) -> Words:
    return ("no", "~") if value == "neither" else (value, value)


def _of_sides(value: Any) -> Words:
    sides = [side for side, end in zip(("left", "right"), value, strict=True) if end is not None]
    word = "both" if len(sides) == 2 else "".join(sides) or "no"
    return word, word


def _of_end(side: int) -> Callable[[Any], Words]:
    """Return the words for one of the two thresholds of saturation."""
    return lambda value: ("none", "") if value[side] is None else _of_number(value[side])


def _of_points(value: Iterable[Any]) -> Words:
    points = list(value)
    if not points:
        return "none", "0"
    endless = any(isinstance(point, ImageSet | Interval) for point in points)
    texts = [_point(point) for point in points]
    text = ", ".join(texts) if len(points) <= MOST_POINTS else f"{len(points)} points"
    return text, "Infinity" if endless else str(len(points))


def _point(point: Any) -> str:
    if isinstance(point, ImageSet):
        return set_text(point)
    if isinstance(point, Set):
        return decimal_set(point).replace(" ", "\u00a0")
    return number(point, 4) if point.is_number else expression(point)


def _of_kinks(value: Any) -> Words:
    return _of_points([kink.where for kink in value])


def _of_line(value: Any) -> Words:
    text = "none" if isinstance(value, str) else expression(value)
    return text, "~" if text == "none" else text


def _of_limit(value: Any) -> Words:
    return (value, "") if isinstance(value, str) else _of_number(value)


def _of_symmetry(value: Any) -> Words:
    if value == "none":
        return "none", "~"
    if isinstance(value, Relational):
        return f"$x$ = {_point(value.rhs)}", "a line"
    return f"({', '.join(_point(part) for part in value)})", "a point"


def _of_form(_: Any) -> Words:
    return "known", "known"


# -- columns ---------------------------------------------------------------------------------------


def _number(head: str, fact: str, words: Callable[[Any], Words] = _of_number) -> Column:
    return Column(head, fact, words, is_number=True)


def _truth(head: str, fact: str) -> Column:
    return Column(head, fact, _of_truth)


GROUPS: dict[str, dict[str, Column]] = {
    "Values": {
        "range": Column("Range", "range", _of_set),
        "value_at_zero": _number("$f(0)$", "value_at_zero"),
        "minimum": _number("$\\inf f$", "minimum", _of_extremum),
        "maximum": _number("$\\sup f$", "maximum", _of_extremum),
        "zeros": Column("Zeros", "zeros", _of_points),
        "fixed_points": Column("Fixed points", "fixed_points", _of_points),
        "bounded": _truth("Bounded", "bounded"),
        "bounded_below": _truth("Bounded below", "bounded_below"),
        "bounded_above": _truth("Bounded above", "bounded_above"),
        "nonnegative": _truth("Never negative", "nonnegative"),
    },
    "Shape": {
        "monotonicity": Column("Monotone", "monotonicity", _of_monotonicity),
        "convexity": Column("Convexity", "convexity", _of_kind),
        "parity": Column("Parity", "parity", _of_kind),
        "symmetry": Column("Symmetric about", "symmetry", _of_symmetry),
        "inflections": Column("Inflections", "inflections", _of_points),
        "piecewise_linear": _truth("Piecewise linear", "piecewise_linear"),
        "homogeneous": _truth("Homogeneous", "homogeneous"),
    },
    "Smoothness and slope": {
        "smoothness": _number("Class", "smoothness", _of_class),
        "kinks": Column("Kinks and jumps", "kinks", _of_kinks),
        "analytic": _truth("Analytic", "analytic"),
        "continuous": _truth("Continuous", "continuous"),
        "differentiable": _truth("Differentiable", "differentiable"),
        "slope_at_zero": _number("$f'(0)$", "slope_at_zero"),
        "lipschitz": _number("$\\sup |f'|$", "lipschitz"),
        "curvature_bound": _number("$\\sup |f''|$", "curvature_bound"),
    },
    "Far from zero": {
        "left_limit": _number("Limit at −∞", "left_limit", _of_limit),
        "right_limit": _number("Limit at ∞", "right_limit", _of_limit),
        "left_asymptote": Column("Asymptote at −∞", "left_asymptote", _of_line),
        "right_asymptote": Column("Asymptote at ∞", "right_asymptote", _of_line),
        "saturation": Column("Saturates", "saturation", _of_sides),
        "level_below": _number("$|f'| < 0.001$ below", "saturation", _of_end(0)),
        "level_above": _number("$|f'| < 0.001$ above", "saturation", _of_end(1)),
        "dies_left": _truth("Dead on the left", "dies_left"),
        "dies_right": _truth("Dead on the right", "dies_right"),
    },
    "For a standard normal input": {
        "zero_centred": _truth("Centred", "zero_centred"),
        "mean": _number("Mean", "mean"),
        "second_moment": _number("Mean square", "second_moment"),
        "slope_second_moment": _number("Mean square slope", "slope_second_moment"),
        "gain": _number("Gain", "gain"),
        "variance_slope": _number("Variance errors", "variance_slope"),
    },
    "Closed forms and cost": {
        "antiderivative": Column("Antiderivative", "antiderivative", _of_form),
        "inverse": Column("Inverse", "inverse", _of_form),
        "self_form": Column("Derivative in terms of itself", "self_form", _of_form),
        CALLS: _number("Special functions called", "", _of_count),
    },
    "Functions of vectors": {
        "simplex": _truth("Probabilities", "simplex"),
        "shift_invariant": _truth("Invariant to shifts", "shift_invariant"),
        "permutation_equivariant": _truth("Follows permutations", "permutation_equivariant"),
        "jacobian_symmetric": _truth("Symmetric Jacobian", "jacobian_symmetric"),
        "jacobian_rank": _number("Rank of Jacobian", "jacobian_rank"),
        "jacobian_norm": _number("Norm of Jacobian", "jacobian_norm"),
    },
}
"""The columns of the table of all properties, by the name that its page gives them."""

COLUMNS = {name: column for group in GROUPS.values() for name, column in group.items()}

SHOWN = (
    "range",
    "value_at_zero",
    "monotonicity",
    "convexity",
    "parity",
    "smoothness",
    "slope_at_zero",
    "lipschitz",
    "saturation",
    "zero_centred",
    "mean",
    "gain",
)
"""The columns that a reader sees first."""

FAMILY = {
    "scalar": SHOWN,
    "vector": (
        "range",
        "smoothness",
        "simplex",
        "shift_invariant",
        "permutation_equivariant",
        "jacobian_symmetric",
        "jacobian_rank",
    ),
    "gate": ("range", "smoothness", "bounded_below", "value_at_zero"),
}
"""The columns of a family's table, by the kind of its members."""
