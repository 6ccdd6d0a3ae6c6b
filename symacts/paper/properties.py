"""What is established about an activation, as rows for a table in LaTeX."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from sympy import Basic, Expr, Set, oo

from symacts.facts import Fact
from symacts.typeset import number as display_number
from symacts.typeset import set_latex
from symacts.wording import MONOTONICITY

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["properties", "range_of"]

CONVEXITY = {"convex": "convex", "concave": "concave", "affine": "a straight line"}
PARITY = {"odd": "odd", "even": "even"}
YES = {True: "yes"}


number = partial(display_number, inline=True)


def range_of(act: "Activation") -> str:
    """Return the range in LaTeX, or a dash where it is not established."""
    fact = act.facts.range
    return "--" if fact is None else f"${set_latex(fact.value)}$"


def properties(act: "Activation") -> list[tuple[str, str]]:
    """Return the name and the value, in LaTeX, of the properties that are established."""
    rows: list[tuple[str, str]] = []
    for label, names, words in ROWS:
        if act.kind == "gate" and "f'" in label:
            continue  # it has a gradient instead
        facts = [getattr(act.facts, name) for name in names]
        if None in facts:
            continue
        text = words(*(fact.value for fact in facts))
        if text:
            rows.append((label, text + _scope(act, facts)))
    return rows


def _scope(act: "Activation", facts: list[Fact]) -> str:
    narrow = act.params and any(fact.scope == "defaults" for fact in facts)
    return r"\textsuperscript{*}" if narrow else ""


def _value(value: Any) -> str:
    """Return a number: an irrational one exactly and rounded."""
    if isinstance(value, Set):
        return f"${set_latex(value)}$"
    tex = number(value)
    if isinstance(value, Expr) and value.is_number and value.is_finite and _is_involved(value):
        return rf"${tex} \approx {number(float(value))}$"
    return f"${tex}$"


def _is_involved(value: Expr) -> bool:
    return not (value.is_Rational or value.is_Float)


def _number(value: Any) -> str:
    return "unbounded" if value == oo else _value(value)


def _list(values: Any) -> str:
    return ", ".join(map(_value, values))


def _limits(left: Any, right: Any) -> str:
    return rf"{_limit(left)} at $-\infty$, {_limit(right)} at $\infty$"


def _limit(value: Any) -> str:
    return "oscillates" if value == "oscillates" else f"${number(value)}$"


def _asymptotes(left: Any, right: Any) -> str:
    lines = dict.fromkeys(line for line in (left, right) if isinstance(line, Basic))
    return " and ".join(f"$y = {number(line)}$" for line in lines)


def _extreme(value: Any) -> str:
    if not isinstance(value, tuple):
        return "" if value in (oo, -oo) else f"{_value(value)}, not reached"
    where, height = value
    if isinstance(where, Set):
        return _value(height)
    return f"{_value(height)} at $x = {number(where)}$"


def _smoothness(value: Any) -> str:
    if value == -1:
        return "not continuous"
    return "continuous" if value == 0 else rf"$C^{{{number(value)}}}$"


def _kinks(kinks: Any) -> str:
    return f"at {' and '.join(_value(kink.where) for kink in kinks)}" if kinks else ""


def _saturation(left: Any, right: Any = None) -> str:
    left, right = left if isinstance(left, tuple) else (left, right)
    sides = []
    if left is not None:
        sides.append(f"$x < {number(left)}$")
    if right is not None:
        sides.append(f"$x > {number(right)}$")
    return " and ".join(sides)


Row = tuple[str, tuple[str, ...], Callable[..., str]]

ROWS: tuple[Row, ...] = (
    ("Range", ("range",), _value),
    ("Limits", ("left_limit", "right_limit"), _limits),
    ("Asymptotes", ("left_asymptote", "right_asymptote"), _asymptotes),
    ("Monotonicity", ("monotonicity",), lambda v: MONOTONICITY[v]),
    ("Convexity", ("convexity",), lambda v: CONVEXITY.get(v, "")),
    ("Symmetry", ("parity",), lambda v: PARITY.get(v, "")),
    ("Smoothness", ("smoothness",), _smoothness),
    ("Kinks", ("kinks",), _kinks),
    ("Zeros", ("zeros",), _list),
    ("Smallest value", ("minimum",), _extreme),
    ("Largest value", ("maximum",), _extreme),
    (r"$f(0)$", ("value_at_zero",), _value),
    (r"$f'(0)$", ("slope_at_zero",), _value),
    (r"$\sup |f'|$", ("lipschitz",), _number),
    (r"$\sup |f''|$", ("curvature_bound",), _number),
    (r"$|f'| < 10^{-3}$", ("saturation",), _saturation),
    ("Probabilities", ("simplex",), lambda v: YES.get(v, "")),
    ("Shift invariant", ("shift_invariant",), lambda v: YES.get(v, "")),
    ("Symmetric Jacobian", ("jacobian_symmetric",), lambda v: YES.get(v, "")),
    ("Rank of Jacobian", ("jacobian_rank",), _value),
)
