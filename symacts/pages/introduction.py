"""The numbers of the introduction, each computed by the functions that it talks about."""

from typing import Any

from sympy import Integer, Rational

from symacts.activation import Activation
from symacts.atoms import Phi
from symacts.catalogue import catalogue
from symacts.pages import values as tables
from symacts.pages.library import Library
from symacts.pages.worked import BIAS, INPUT, WEIGHTS, layer_tex, pre_activations, sums_tex
from symacts.wording.numbers import expression, number

__all__ = ["values"]

Model = dict[str, Any]

FIVE = ("sigmoid", "tanh", "relu", "leaky_relu")
DEPTHS = (1, 5, 10, 20)
PLACES = (("sigmoid", 0), ("sigmoid", 2), ("tanh", 0), ("tanh", 2), ("relu", 2))
MEANS = (0, -1, -2, -3, -4)
XOR_INPUTS = ((0, 0), (0, 1), (1, 0), (1, 1))


def values(library: Library) -> Model:
    """Return what the template of the introduction needs."""
    return {
        "link": library.link,
        "pictures": library.introduction_figures(),
        "layer": _layer(),
        "xor": _exclusive_or(),
        "vanishing": _vanishing(),
        "dying": _dying(),
        "moments": _moments(library),
    }


def _layer() -> Model:
    """Return the example layer with the activations that several functions give it."""
    zs = pre_activations()
    acts = [catalogue[act_id] for act_id in FIVE]
    shares = catalogue["softmax"]([float(z) for z in zs])
    return {
        "setup": layer_tex(),
        "sums": sums_tex(),
        "heads": [act.title for act in acts] + [catalogue["softmax"].title],
        "rows": [
            {
                "index": index,
                "z": number(z),
                "cells": [number(_value(act, z), 4) for act in acts] + [number(float(share), 4)],
            }
            for index, (z, share) in enumerate(zip(zs, shares, strict=True), start=1)
        ],
        "code": _layer_code(),
    }


def _layer_code() -> str:
    rows = ",\n              ".join(_listed(row) for row in WEIGHTS)
    return "\n".join(
        [
            "import numpy as np",
            "import symacts",
            "",
            f"W = np.array([{rows}])",
            f"x = np.array({_listed(INPUT)})",
            f"b = np.array({_listed(BIAS)})",
            "",
            "z = W @ x + b",
            "a = symacts.relu(z)",
        ]
    )


def _listed(numbers: tuple[Rational, ...]) -> str:
    return "[" + ", ".join(f"{float(entry):g}" for entry in numbers) + "]"


def _exclusive_or() -> Model:
    """Return the two-unit network for exclusive or, and its answers."""
    relu = catalogue["relu"]
    rows = []
    for p, q in XOR_INPUTS:
        first, second = (_value(relu, Integer(p + q - shift)) for shift in (0, 1))
        cells = (p, q, first, second, first - 2 * second)
        rows.append([number(Integer(cell)) for cell in cells])
    return {"rows": rows}


def _vanishing() -> Model:
    """Return what stacks of layers leave of a gradient when each unit sits at the same z."""
    sigmoid = catalogue["sigmoid"].facts
    peak, edges = sigmoid.lipschitz, sigmoid.saturation
    rows = []
    for act_id, z in PLACES:
        slope = _value(catalogue[act_id], Integer(z), 1)
        rows.append(
            {
                "title": catalogue[act_id].title,
                "z": number(Integer(z)),
                "slope": number(slope, 4),
                "cells": [number(slope**depth, 3) for depth in DEPTHS],
            }
        )
    return {
        "peak": "" if peak is None else expression(peak.value),
        "edge": "" if edges is None else number(edges.value[1], 4),
        "depths": list(DEPTHS),
        "rows": rows,
    }


def _dying() -> list[Model]:
    """Return how often a unit is awake when its pre-activations have a given mean."""
    return [
        {"mean": number(Integer(mean)), "awake": f"{number(100 * Phi(Integer(mean)), 3)} %"}
        for mean in MEANS
    ]


def _moments(library: Library) -> list[Model]:
    """Return mean and mean square of the outputs for standard normal inputs, where established."""
    rows = []
    for act_id in (*FIVE, "gelu", "elu"):
        act = catalogue[act_id]
        mean, square = act.facts.mean, act.facts.second_moment
        if mean is not None and square is not None:
            cells = [number(fact.value.subs(dict(act.defaults)), 4) for fact in (mean, square)]
            rows.append({"title": library.link(act_id), "cells": cells})
    return rows


def _value(act: Activation, z: Any, order: int = 0) -> Any:
    """Return a scalar member or its derivative at z, exactly, parameters at their defaults."""
    return tables.at(act.pieces(order).subs(dict(act.defaults)), z)
