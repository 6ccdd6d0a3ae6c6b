"""Kinks and jumps: where a scalar member has no derivative, and for which parameters it has one."""

from collections.abc import Mapping
from typing import Any

from sympy import Expr, Interval, Symbol, solve

from symacts.activation import Activation
from symacts.pages.values import one_sided
from symacts.pieces import Pieces
from symacts.typeset import formula
from symacts.wording.numbers import expression

__all__ = ["exceptions", "has_gaps", "kinks"]

Model = dict[str, Any]


def kinks(act: Activation) -> list[Model]:
    """Return the points without a derivative: one-sided slopes, and what the code returns there."""
    f, slope = act.pieces(0), act.pieces(1)
    rows = []
    for index, point in enumerate(f.breaks):
        what = _kind(f, slope, index, index)
        if what:
            left, right = one_sided(slope, index)
            rows.append(
                {
                    "at": expression(point),
                    "what": what,
                    "value": expression(f.value_at_break(index)),
                    "left": expression(left),
                    "right": expression(right),
                    "taken": expression(slope.value_at_break(index)),
                }
            )
    return rows


def exceptions(act: Activation) -> list[str]:
    """Return a sentence for each choice of parameters for which other points are special."""
    sentences = []
    for values in _special_values(act):
        condition = ", ".join(f"${formula(p)} = {formula(v)}$" for p, v in values.items())
        left = _kinks_with(act, values)
        if not left:
            sentences.append(f"There is no such point for {condition}.")
        else:
            listed = " and ".join(f"a {what} at $x$ = {expression(at)}" for at, what in left)
            sentences.append(f"For {condition} there is only {listed}.")
    return sentences


def has_gaps(pieces: Pieces) -> bool:
    """Tell whether the sides differ at a break, so that the value there is a convention."""
    return any(not _agree(one_sided(pieces, index)) for index in range(len(pieces.breaks)))


def _kind(f: Pieces, slope: Pieces, first: int, last: int) -> str:
    """Return what there is at breaks *first* to *last*, which are one point; maybe nothing."""
    if not _agree(one_sided(f, first, last)):
        return "jump"
    return "" if _agree(one_sided(slope, first, last)) else "kink"


def _agree(sides: tuple[Expr, Expr]) -> bool:
    return bool((sides[0] - sides[1]).is_zero)


def _kinks_with(act: Activation, values: Mapping[Symbol, Expr]) -> list[tuple[Expr, str]]:
    """Return where the kinks and jumps are for some values, for which breaks may coincide."""
    f, slope = (act.pieces(order).subs(dict(values)) for order in (0, 1))
    found = []
    for point in dict.fromkeys(f.breaks):
        first = f.breaks.index(point)
        what = _kind(f, slope, first, first + f.breaks.count(point) - 1)
        if what:
            found.append((point, what))
    return found


def _special_values(act: Activation) -> list[dict[Symbol, Expr]]:
    """Return the values of parameters for which two sides agree or two breaks coincide."""
    f, slope = act.pieces(0), act.pieces(1)
    differences = [right - left for left, right in zip(f.breaks, f.breaks[1:], strict=False)]
    for index in range(len(f.breaks)):
        for left, right in (one_sided(f, index), one_sided(slope, index)):
            differences.append(right - left)
    found: list[dict[Symbol, Expr]] = []
    for difference in differences:
        found += [values for values in _zeros(act, difference) if values not in found]
    return found


def _zeros(act: Activation, difference: Expr) -> list[dict[Symbol, Expr]]:
    """Return allowed values for which a difference is zero: of one parameter, or at all ends."""
    params = [p for p in act.params.values() if p.symbol in difference.free_symbols]
    if len(params) == 1:
        (p,) = params
        return [{p.symbol: v} for v in solve(difference, p.symbol) if p.domain.contains(v)]
    ends = {p.symbol: end for p in params for end in _ends(p.domain.set)}
    is_zero = len(params) > 1 and len(ends) == len(params) and difference.subs(ends).is_zero
    return [ends] if is_zero else []


def _ends(allowed: Any) -> list[Expr]:
    """Return the ends that belong to the values a parameter may take."""
    if not isinstance(allowed, Interval):
        return []
    return [end for end in (allowed.start, allowed.end) if end.is_finite and end in allowed]
