"""Tables of values: a function and its slopes at telling points, exact until they are rounded."""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from sympy import Expr, Integer, Rational, nan, oo, zoo

from symacts.activation import Activation
from symacts.atoms import textbook
from symacts.pages.numbers import INFINITY, MINUS, number
from symacts.pieces import Pieces

__all__ = ["at", "one_sided", "table"]

POINTS = tuple(Rational(p, 2) for p in (-8, -6, -4, -2, -1, 0, 1, 2, 4, 6, 8))
NOTHING = "\u2013"

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


def one_sided(pieces: Pieces, index: int) -> tuple[Expr, Expr]:
    """Return the limits of the parts left and right of a break."""
    point = pieces.breaks[index]
    sides = []
    for part, side in ((pieces.parts[index], "-"), (pieces.parts[index + 1], "+")):
        value = part.subs(pieces.variable, point)
        if value.has(nan, zoo, oo):
            value = textbook(part).limit(pieces.variable, point, side)
        sides.append(value)
    return sides[0], sides[1]


def _row(orders: Sequence[Pieces], point: Expr) -> Model:
    cells = [number(at(orders[0], point))]
    kink = False
    if point in orders[0].breaks:
        index = orders[0].breaks.index(point)
        # Beyond a jump there is no slope at all, whatever the formulas on both sides say.
        smooth = _same(*one_sided(orders[0], index))
        for pieces in orders[1:]:
            left, right = one_sided(pieces, pieces.breaks.index(point)) if point in pieces.breaks else (at(pieces, point),) * 2
            smooth = smooth and _same(left, right)
            cells.append(number(left) if smooth else f"{number(left)} | {number(right)}")
        kink = not smooth
    else:
        cells += [number(at(pieces, point)) for pieces in orders[1:]]
    return {"x": number(point), "cells": cells, "kink": kink}


def _same(left: Expr, right: Expr) -> bool:
    return bool((left - right).is_zero)


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
