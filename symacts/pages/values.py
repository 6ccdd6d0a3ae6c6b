"""Tables of values: a function and its slopes at telling points, exact until they are rounded."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from sympy import Expr, Rational, nan, oo, zoo

from symacts.activation import Activation
from symacts.atoms import textbook
from symacts.pieces import Pieces
from symacts.wording.numbers import INFINITY, MINUS, number

__all__ = ["at", "one_sided", "table"]

POINTS = tuple(Rational(p, 2) for p in (-8, -6, -4, -2, -1, 0, 1, 2, 4, 6, 8))

Model = dict[str, Any]


def table(act: Activation) -> Model:
    """Return a scalar member's table of values at its defaults: heads, rows, and what it shows."""
    orders = [act.pieces(order).subs(dict(act.defaults)) for order in (0, 1, 2)]
    if all(part.is_zero for part in orders[2].parts):
        orders.pop()
    points = sorted({*POINTS, *(p for p in orders[0].breaks if p.is_Rational)})
    rows = [_row(orders, point) for point in points]
    return {
        "heads": ["$f(x)$", "$f'(x)$", "$f''(x)$"][: len(orders)],
        "rows": [*_end(act, len(orders), -oo), *rows, *_end(act, len(orders), oo)],
        "has_kinks": any(row["kink"] for row in rows),
    }


def at(pieces: Pieces, point: Expr) -> Expr:
    """Return the value at *point*, by the part that owns it."""
    for index, edge in enumerate(pieces.breaks):
        if point == edge:
            return pieces.value_at_break(index)
        if point < edge:
            return pieces.parts[index].subs(pieces.variable, point)
    return pieces.parts[-1].subs(pieces.variable, point)


def one_sided(pieces: Pieces, first: int, last: int | None = None) -> tuple[Expr, Expr]:
    """Return the limits left and right of a break, or of breaks *first* to *last* at one point."""
    point = pieces.breaks[first]
    after = (first if last is None else last) + 1
    sides = []
    for part, side in ((pieces.parts[first], "-"), (pieces.parts[after], "+")):
        value = part.subs(pieces.variable, point)
        if value.has(nan, zoo, oo):
            value = textbook(part).limit(pieces.variable, point, side)
        sides.append(value)
    return sides[0], sides[1]


def _row(orders: Sequence[Pieces], point: Expr) -> Model:
    cells = [number(at(orders[0], point))]
    # Where an order has two sides, all higher ones have, whatever their formulas say.
    smooth = len(_sides(orders[0], point)) == 1
    for pieces in orders[1:]:
        sides = _sides(pieces, point)
        smooth = smooth and len(sides) == 1
        cells.append(number(sides[0]) if smooth else f"{number(sides[0])} | {number(sides[-1])}")
    return {"x": number(point), "cells": cells, "kink": not smooth}


def _sides(pieces: Pieces, point: Expr) -> tuple[Expr, ...]:
    """Return the value at *point*, or the two limits where they differ."""
    if point not in pieces.breaks:
        return (at(pieces, point),)
    left, right = one_sided(pieces, pieces.breaks.index(point))
    return (left,) if (left - right).is_zero else (left, right)


def _end(act: Activation, count: int, end: Expr) -> list[Model]:
    """Return the row of limits at one end, or no row where the function has none."""
    x = float(end)
    values = [float(act(x))]
    values += [float(act.derivative(order)(x)) for order in range(1, count)]
    if any(math.isnan(value) for value in values):
        return []
    cells = [_limit(value) for value in values]
    return [{"x": number(end), "cells": cells, "kink": False}]


def _limit(value: float) -> str:
    if math.isinf(value):
        return INFINITY if value > 0 else MINUS + INFINITY
    return number(np.float64(value).item())
