"""Proving that two functions given by pieces are equal."""

from sympy import Expr, S

from symacts.calculus import numbers
from symacts.calculus.identities import same
from symacts.pieces import Pieces

__all__ = ["agreement", "transformed"]


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
