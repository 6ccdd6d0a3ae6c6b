"""What only a function of one number has on its page: slopes, kinks, values, a forward pass."""

from typing import Any

from symacts import typeset
from symacts.activation import Activation
from symacts.pages import kinks, values, worked

__all__ = ["scalar_parts"]

Model = dict[str, Any]

ORDER_NAMES = {1: "First derivative", 2: "Second derivative"}


def scalar_parts(act: Activation) -> Model:
    """Return the parts of the model of a scalar member's page."""
    return {
        "caption": "$f$ and its slope $f'$, the dashed line.",
        "derivatives": _derivatives(act),
        "has_conventions": _has_conventions(act, 2 if _bends(act) else 1),
        "kinks": kinks.kinks(act),
        "kink_exceptions": kinks.exceptions(act),
        "table": values.table(act),
        "forward": worked.forward_pass(act),
    }


def _derivatives(act: Activation) -> list[Model]:
    """Return f', f'' where it says something, and the derivatives by the parameters."""
    found = [{"label": ORDER_NAMES[1], "tex": typeset.equation(act, 1)}]
    if _bends(act):
        found.append({"label": ORDER_NAMES[2], "tex": typeset.equation(act, 2)})
    for p in act.params.values():
        label = f"By the parameter ${typeset.formula(p.symbol)}$"
        found.append({"label": label, "tex": typeset.equation(act, 1, p.name)})
    return found


def _bends(act: Activation) -> bool:
    """Tell whether the second derivative is anywhere other than zero."""
    return not all(part.is_zero for part in act.pieces(2).parts)


def _has_conventions(act: Activation, highest: int) -> bool:
    """Tell whether a formula up to the order *highest* has a value where there is no derivative."""
    orders = (act.pieces(order).subs(dict(act.defaults)) for order in range(highest + 1))
    return any(kinks.has_gaps(pieces) for pieces in orders)
