"""Proving that two functions given by pieces are equal."""

from functools import cmp_to_key

from sympy import Expr, S

from symacts.calculus import numbers
from symacts.calculus.identities import same
from symacts.errors import SymactsError
from symacts.pieces import Pieces

__all__ = ["agreement", "difference", "transformed"]


def agreement(first: Pieces, second: Pieces) -> tuple[Expr, ...] | None:
    """Return where two functions may differ, if they are proved to be equal elsewhere."""
    one, other = first.merged(), second.merged()
    if len(one.breaks) != len(other.breaks):
        return None
    if any(numbers.order(a, b) != 0 for a, b in zip(one.breaks, other.breaks, strict=True)):
        return None
    if not all(same(a, b) for a, b in zip(one.parts, other.parts, strict=True)):
        return None
    return tuple(
        point
        for k, point in enumerate(one.breaks)
        if not same(one.value_at_break(k), other.value_at_break(k))
    )


def difference(first: Pieces, second: Pieces) -> Pieces:
    """Return first(x) - second(x), where the breaks are known to be different or the same."""
    x = first.variable
    breaks = sorted({*first.breaks, *second.breaks}, key=cmp_to_key(_order))

    def value(pieces: Pieces, point: Expr) -> Expr:
        if point in pieces.breaks:
            return pieces.value_at_break(pieces.breaks.index(point))
        return _part_after(pieces, point).subs(pieces.variable, point)

    def parts(pieces: Pieces) -> list[Expr]:
        found = [pieces.parts[0], *(_part_after(pieces, point) for point in breaks)]
        return [part.subs(pieces.variable, x) for part in found]

    return Pieces(
        x,
        tuple(breaks),
        tuple(one - other for one, other in zip(parts(first), parts(second), strict=True)),
        tuple(value(first, point) - value(second, point) for point in breaks),
    )


def _part_after(pieces: Pieces, point: Expr) -> Expr:
    """Return the part that holds right of a point."""
    return pieces.parts[sum(_order(edge, point) <= 0 for edge in pieces.breaks)]


def _order(one: Expr, other: Expr) -> int:
    found = numbers.order(one, other)
    if found is None:
        raise SymactsError(f"it is not known which is larger, {one} or {other}")
    return found


def transformed(
    pieces: Pieces, stretch: Expr, shift: Expr = S.Zero, times: Expr = S.One, plus: Expr = S.Zero
) -> Pieces:
    """Return times f(stretch x + shift) + plus."""
    x = pieces.variable
    inner = stretch * x + shift

    def outer(expr: Expr) -> Expr:
        return times * expr.subs(x, inner) + plus

    breaks = tuple((point - shift) / stretch for point in pieces.breaks)
    parts = tuple(outer(part) for part in pieces.parts)
    owners = tuple(o if isinstance(o, str) else outer(o) for o in pieces.owners)
    if stretch.is_negative:
        swap = {"left": "right", "right": "left"}
        breaks, parts = breaks[::-1], parts[::-1]
        owners = tuple(swap[o] if isinstance(o, str) else o for o in reversed(owners))
    return Pieces(x, breaks, parts, owners)
