"""Facts in words: what a value of `act.facts` reads like on a page.

Everything returns prose with `$TeX$` in it, or None where there is nothing to say.  Which facts are
shown, in which order and under which heading, is decided here too.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from sympy import Expr, Float, ImageSet, oo
from sympy.core.relational import Relational
from sympy.sets.sets import Set

from symacts.typeset import formula
from symacts.wording.numbers import expression
from symacts.wording.sets import decimal_set, ends, set_text

if TYPE_CHECKING:
    from symacts.activation import Activation
    from symacts.facts import Fact

__all__ = ["GROUPS", "LABELS", "MONOTONICITY", "fact_text", "sentence", "yes_no"]

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Values",
        (
            "domain",
            "range",
            "value_at_zero",
            "zeros",
            "fixed_points",
            "minimum",
            "maximum",
            "nonnegative",
        ),
    ),
    (
        "Far from zero",
        (
            "left_limit",
            "right_limit",
            "left_asymptote",
            "right_asymptote",
            "saturation",
            "dies_left",
            "dies_right",
        ),
    ),
    (
        "Shape",
        (
            "monotonicity",
            "monotone_on",
            "convexity",
            "convex_on",
            "inflections",
            "parity",
            "symmetry",
            "piecewise_linear",
            "homogeneous",
        ),
    ),
    (
        "Slope and smoothness",
        ("smoothness", "analytic", "slope_at_zero", "lipschitz", "curvature_bound"),
    ),
    ("Closed forms", ("series_at_zero", "antiderivative", "inverse", "self_form")),
    (
        "For a standard normal input",
        ("mean", "zero_centred", "second_moment", "slope_second_moment", "gain", "variance_slope"),
    ),
    (
        "As a function of vectors",
        (
            "simplex",
            "shift_invariant",
            "permutation_equivariant",
            "jacobian_symmetric",
            "jacobian_rank",
            "jacobian_norm",
        ),
    ),
)

LABELS = {
    "domain": "Domain",
    "range": "Range",
    "left_limit": "Limit at −∞",
    "right_limit": "Limit at ∞",
    "left_asymptote": "Asymptote at −∞",
    "right_asymptote": "Asymptote at ∞",
    "zeros": "Zeros",
    "fixed_points": "Fixed points",
    "inflections": "Inflection points",
    "minimum": "Smallest value",
    "maximum": "Largest value",
    "monotonicity": "Monotonicity",
    "monotone_on": "Monotone on",
    "convexity": "Convexity",
    "convex_on": "Convex or concave on",
    "parity": "Parity",
    "symmetry": "Symmetry",
    "smoothness": "Smoothness",
    "analytic": "Analytic",
    "lipschitz": "Largest slope, $\\sup |f'|$",
    "curvature_bound": "Largest curvature, $\\sup |f''|$",
    "saturation": "Saturates, $|f'| < 0.001$",
    "value_at_zero": "Value at 0",
    "slope_at_zero": "Slope at 0",
    "series_at_zero": "Series at 0",
    "antiderivative": "Antiderivative",
    "inverse": "Inverse",
    "self_form": "Derivative in terms of itself",
    "piecewise_linear": "Piecewise linear",
    "homogeneous": "Positively homogeneous",
    "mean": "Mean of the output",
    "second_moment": "Mean square of the output",
    "slope_second_moment": "Mean square of the slope",
    "gain": "Initialisation gain",
    "variance_slope": "Errors of the variance, per layer",
    "zero_centred": "Centred at zero",
    "nonnegative": "Never negative",
    "dies_left": "Dead on the left",
    "dies_right": "Dead on the right",
    "simplex": "Outputs are probabilities",
    "shift_invariant": "Invariant to shifts",
    "permutation_equivariant": "Follows permutations",
    "jacobian_symmetric": "Symmetric Jacobian",
    "jacobian_rank": "Rank of the Jacobian",
    "jacobian_norm": "Lipschitz constant in the 2-norm",
}

MONOTONICITY = {
    "increasing": "strictly increasing",
    "nondecreasing": "never decreasing",
    "decreasing": "strictly decreasing",
    "nonincreasing": "never increasing",
    "constant": "constant",
    "neither": "not monotone",
}
CONVEXITY = {
    "convex": "convex",
    "concave": "concave",
    "affine": "a straight line, convex and concave",
    "neither": "neither convex nor concave",
}
PARITY = {
    "odd": "odd, $f(-x) = -f(x)$",
    "even": "even, $f(-x) = f(x)$",
    "neither": "neither odd nor even",
}


SPACES = {"vector": r"$\mathbb{R}^n$", "gate": r"$\mathbb{R}^2$"}
"""What a function of several numbers is defined on, of which the fact `domain` holds for each."""


def fact_text(name: str, act: "Activation") -> str | None:
    """Return the value of a fact in words, or None if nothing is established."""
    fact: Fact | None = getattr(act.facts, name)
    if fact is None:
        return None
    if name == "domain" and act.kind in SPACES:
        return SPACES[act.kind]
    return _WORDS.get(name, value_text)(fact.value)


def sentence(text: str) -> str:
    """Return words as a sentence, with a capital and a full stop."""
    return f"{text[:1].upper()}{text[1:].rstrip('.')}." if text else ""


def value_text(value: Any) -> str:
    """Return a number, a truth or an expression in words."""
    if value is True or value is False:
        return yes_no(value)
    if isinstance(value, Set):
        return set_text(value)
    if isinstance(value, Expr):
        return expression(value)
    return str(value)


def yes_no(value: object) -> str:
    """Return a truth as the word that a table of properties uses."""
    return "yes" if value else "no"


def _points(points: Iterable[Any]) -> str:
    found = [value_text(point) for point in points]
    return ", ".join(found) if found else "none"


def _extremum(value: Any) -> str:
    if isinstance(value, tuple):
        where, extreme = value
        return f"{expression(extreme)}, {_where(where)}"
    if value in (oo, -oo):
        return "none, it is unbounded"
    return f"{expression(value)} is approached, not reached"


def _where(where: Any) -> str:
    if isinstance(where, ImageSet):
        return f"at $x$ = {set_text(where)}"
    if isinstance(where, Set):
        return f"on {set_text(where)}"
    return f"at $x$ = {_points(where) if isinstance(where, tuple) else expression(where)}"


def _intervals(value: Iterable[tuple[Set, str]]) -> str:
    """Return stretches of the line, each with what the function does on it."""
    return "; ".join(f"{word} on {_stretch(interval)}" for interval, word in value)


def _stretch(interval: Set) -> str:
    enclosed = any(isinstance(end, Float) for end in ends(interval))
    return decimal_set(interval) if enclosed else set_text(interval)


def _symmetry(value: Any) -> str:
    if value == "none":
        return "about no point and no vertical line"
    if isinstance(value, Relational):
        return f"about the line $x$ = {expression(value.rhs)}"
    point = ", ".join(expression(part) for part in value)
    return f"about the point ({point})"


def _smoothness(value: Any) -> str:
    if value == -1:
        return "not continuous"
    if value == 0:
        return "continuous, not differentiable everywhere ($C^0$)"
    if value == oo:
        return "infinitely differentiable ($C^\\infty$)"
    times = {1: "once", 2: "twice"}.get(int(value), f"{value} times")
    return f"{times} continuously differentiable ($C^{{{value}}}$)"


def _saturation(value: Any) -> str:
    left, right = value
    if left is None and right is None:
        return "on neither side"
    sides = []
    if left is not None:
        sides.append(f"below {expression(left)}")
    if right is not None:
        sides.append(f"above {expression(right)}")
    return " and ".join(sides)


def _limit(value: Any) -> str:
    return "none, it oscillates" if value == "oscillates" else expression(value)


def _asymptote(value: Any) -> str:
    if isinstance(value, str):
        return value
    return f"$y = {formula(value)}$"


def _typeset(value: Any) -> str:
    return f"${formula(value)}$" if isinstance(value, Expr) else str(value)


def _series(value: Any) -> str:
    """Return a power series; its remainder is an `Order`, which is no number to be typeset."""
    rest = value.getO()
    terms = value.removeO()
    if rest is None:
        return f"${formula(terms)}$"
    before = "" if terms.is_zero else f"{formula(terms)} + "
    return f"${before}O({formula(rest.expr)})$"


def _dead(value: object) -> str:
    return "yes, the slope is 0 on a whole half-line" if value else "no"


def _per_layer(value: Any) -> str:
    """Return by how much errors are multiplied, and what that comes to after many layers."""
    if not value.is_comparable:
        fate = ""
    elif value == 1:
        fate = ": they stay"
    else:
        fate = ": they die out" if abs(value) < 1 else ": they grow"
    return f"times {value_text(value)}{fate}"


_WORDS: dict[str, Callable[[Any], str]] = {
    "zeros": _points,
    "fixed_points": _points,
    "inflections": _points,
    "minimum": _extremum,
    "maximum": _extremum,
    "monotone_on": _intervals,
    "convex_on": _intervals,
    "symmetry": _symmetry,
    "monotonicity": MONOTONICITY.__getitem__,
    "convexity": CONVEXITY.__getitem__,
    "parity": PARITY.__getitem__,
    "smoothness": _smoothness,
    "saturation": _saturation,
    "left_limit": _limit,
    "right_limit": _limit,
    "left_asymptote": _asymptote,
    "right_asymptote": _asymptote,
    "series_at_zero": _series,
    "antiderivative": _typeset,
    "inverse": _typeset,
    "self_form": _typeset,
    "variance_slope": _per_layer,
    "dies_left": _dead,
    "dies_right": _dead,
}
