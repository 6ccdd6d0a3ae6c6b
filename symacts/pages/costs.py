"""What one value costs, by the counted model: the functions beyond arithmetic that it calls."""

from typing import TYPE_CHECKING, Any

from symacts import measured
from symacts.activation import Activation
from symacts.atoms import Reduction
from symacts.calculus.cost import EXPONENTIALS, SPECIAL
from symacts.symbols import x
from symacts.typeset import formula
from symacts.verdicts.view import View

if TYPE_CHECKING:
    from symacts.pages.library import Library

__all__ = ["cost_of", "values"]

Model = dict[str, Any]

CLASSES = {
    "lines": "Straight lines",
    "arithmetic": "Arithmetic and roots",
    "exponential": "Exponentials and logarithms",
    "special": "Other special functions",
}


def cost_of(act: Activation) -> Model:
    """Return the class of a member's cost and the calls that one value takes."""
    view = View(act)
    calls = [f"${formula(call)}$" for call in view.calls]
    if view.specials:
        return {"class": "special", "calls": calls}
    if view.exponentials:
        return {"class": "exponential", "calls": calls}
    return {
        "class": "lines" if view.value("piecewise_linear") is True else "arithmetic",
        "calls": [],
    }


def values(library: "Library") -> Model:
    """Return what the page of costs needs."""
    costs = {act_id: model["cost"] for act_id, model in library.models.items()}
    return {
        "groups": [
            {
                "id": name,
                "title": title,
                "rows": [
                    {
                        "link": library.link(act_id),
                        "calls": cost["calls"],
                        "many": len(cost["calls"]),
                    }
                    for act_id, cost in sorted(costs.items(), key=lambda one: len(one[1]["calls"]))
                    if cost["class"] == name
                ],
            }
            for name, title in CLASSES.items()
        ],
        "exponentials": _names(EXPONENTIALS),
        "special": _names(SPECIAL),
        "has_speed": measured.speed() is not None,
    }


def _names(functions: tuple[Any, ...]) -> list[str]:
    """Return functions of one number, applied to x, as formulas."""
    single = (function for function in functions if not issubclass(function, Reduction))
    return [f"${formula(function(x))}$" for function in single]
