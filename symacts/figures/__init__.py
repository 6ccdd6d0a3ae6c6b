"""Pictures for the site: SVG that stands inside a page and follows its theme.

Every function takes activations and returns the text of one `<svg>` element.  What it draws comes
from `symacts.curves`, which also feeds matplotlib; it is written by hand because the result is
several times smaller, follows the theme without being rewritten, and is the same bytes everywhere.
"""

from typing import TYPE_CHECKING

import numpy as np

from symacts.catalogue.normalisers import softmax
from symacts.figures.errors import NO_NUMBER, error_svg
from symacts.figures.families import comparison_svg
from symacts.figures.gates import gate_svg
from symacts.figures.scalars import derivative_svg, function_svg, parameter_svg
from symacts.figures.speeds import time_svg
from symacts.figures.story import (
    dying_unit_svg,
    linear_collapse_svg,
    neuron_svg,
    vanishing_gradient_svg,
)
from symacts.figures.thumbnails import thumbnail
from symacts.figures.vectors import jacobian_svg, score_svg, sparsity_svg, temperature_svg

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = [
    "NO_NUMBER",
    "comparison_svg",
    "derivative_svg",
    "dying_unit_svg",
    "error_svg",
    "figures_of",
    "function_svg",
    "gate_svg",
    "introduction_figures",
    "jacobian_svg",
    "linear_collapse_svg",
    "neuron_svg",
    "parameter_svg",
    "score_svg",
    "sparsity_svg",
    "temperature_svg",
    "thumbnail",
    "time_svg",
    "vanishing_gradient_svg",
]


def figures_of(act: "Activation") -> dict[str, str]:
    """Return every picture of one member's page by its kind; one unit of work for a pool."""
    match act.kind:
        case "vector":
            pictures = _of_vector(act)
        case "gate":
            pictures = {"function": gate_svg(act)}
        case _:
            pictures = {"function": function_svg(act)}
            if any(part != 0 for part in act.pieces(2).parts):
                pictures["derivatives"] = derivative_svg(act)
            pictures |= {f"parameter-{name}": parameter_svg(act, name) for name in act.params}
    return pictures | {"thumbnail": thumbnail(act)}


def _of_vector(act: "Activation") -> dict[str, str]:
    pictures = {"function": score_svg(act), "jacobian": jacobian_svg(act)}
    simplex = act.facts.simplex
    if simplex is not None and simplex.value:
        pictures["temperature"] = temperature_svg(act)
        if act is not softmax and _gives_zeros(act):
            pictures["sparsity"] = sparsity_svg(act, softmax)
    return pictures


def _gives_zeros(act: "Activation") -> bool:
    return bool(np.any(np.asarray(act(np.array([0.0, 3.0, 9.0]))) == 0))


def introduction_figures() -> dict[str, str]:
    """Return the pictures of the introduction by name."""
    return {
        "neuron": neuron_svg(),
        "linear-collapse": linear_collapse_svg(),
        "vanishing-gradient": vanishing_gradient_svg(),
        "dying-unit": dying_unit_svg(),
    }
