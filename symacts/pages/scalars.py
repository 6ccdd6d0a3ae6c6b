"""What only a function of one number has on its page: slopes, kinks, values, a forward pass."""

from typing import Any

from symacts import typeset
from symacts.activation import Activation
from symacts.pages import values, worked
from symacts.wording.numbers import expression

__all__ = ["scalar_parts"]

Model = dict[str, Any]

ORDER_NAMES = {1: "First derivative", 2: "Second derivative"}


def scalar_parts(act: Activation) -> Model:
    """Return the parts of the model of a scalar member's page."""
    return {
        "caption": "$f$ and its slope $f'$, the dashed line.",
        "derivatives": _derivatives(act),
        "kinks": _kinks(act),
        "table": values.table(act),
        "forward": worked.forward_pass(act),
    }


def _derivatives(act: Activation) -> list[Model]:
    """Return f', f'' where it says something, and the derivatives by the parameters."""
    found = [{"label": ORDER_NAMES[1], "tex": typeset.equation(act, 1)}]
    if not all(part.is_zero for part in act.pieces(2).parts):
        found.append({"label": ORDER_NAMES[2], "tex": typeset.equation(act, 2)})
    for p in act.params.values():
        label = f"By the parameter ${typeset.formula(p.symbol)}$"
        found.append({"label": label, "tex": typeset.equation(act, 1, p.name)})
    return found


def _kinks(act: Activation) -> list[Model]:
    """Return the points without a derivative: one-sided slopes, and what the code returns there."""
    f, slope = act.pieces(0), act.pieces(1)
    rows = []
    for index, point in enumerate(f.breaks):
        below, above = values.one_sided(f, index)
        left, right = values.one_sided(slope, index)
        jumps = not (below - above).is_zero
        if jumps or not (left - right).is_zero:
            rows.append(
                {
                    "at": expression(point),
                    "what": "jump" if jumps else "kink",
                    "value": expression(f.value_at_break(index)),
                    "left": expression(left),
                    "right": expression(right),
                    "taken": expression(slope.value_at_break(index)),
                }
            )
    return rows
