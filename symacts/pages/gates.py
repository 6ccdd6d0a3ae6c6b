"""What only a gate of two inputs has on its page: partial derivatives and a grid of values."""

from typing import Any

import numpy as np
from sympy import Rational

from symacts import typeset
from symacts.activation import Activation
from symacts.pages import worked
from symacts.wording.numbers import number

__all__ = ["gate_parts"]

Model = dict[str, Any]

GRID = tuple(Rational(p) for p in (-2, -1, 0, 1, 2))


def gate_parts(act: Activation) -> Model:
    """Return the parts of the model of a gate's page."""
    return {
        "caption": "$f(a, b)$ as a map: lines join inputs with the same output.",
        "derivatives": _derivatives(act),
        "has_conventions": False,
        "kinks": [],
        "kink_exceptions": [],
        "grid": _grid(act),
        "forward": worked.gated_pass(act),
    }


def _derivatives(act: Activation) -> list[Model]:
    names = {str(symbol): symbol for symbol in act.inputs}
    names |= {p.name: p.symbol for p in act.params.values()}
    return [
        {"label": f"By ${typeset.formula(symbol)}$", "tex": typeset.equation(act, 1, name)}
        for name, symbol in names.items()
    ]


def _grid(act: Activation) -> Model:
    """Return the values over a small grid: rows for a, columns for b."""
    points = np.array([float(point) for point in GRID])
    table = act(points[:, None], points[None, :])
    return {
        "columns": [number(point) for point in GRID],
        "rows": [
            {"a": number(point), "cells": [number(float(value), 4) for value in row]}
            for point, row in zip(GRID, table, strict=True)
        ],
    }
