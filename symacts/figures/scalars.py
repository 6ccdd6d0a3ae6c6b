"""Pictures of functions of one variable: the function, its derivatives, its parameters."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from sympy import Symbol, pretty

from symacts.curves import DASHES, Curve, asymptotes, curve
from symacts.figures.canvas import ACCENTS, listed, maths
from symacts.figures.chart import Chart, Style, plain
from symacts.figures.signs import mark
from symacts.marks import Marks, marks_of, widened
from symacts.windows import Window, evaluator, visible_range, window, with_margin

if TYPE_CHECKING:
    from symacts.activation import Activation, Parameter

__all__ = ["derivative_svg", "function_svg", "parameter_svg", "prime"]

# Smaller values in one direction of the palette, larger ones in the other, the default between.
LADDER = (ACCENTS[3], ACCENTS[5], ACCENTS[0], ACCENTS[4], ACCENTS[1])


def function_svg(
    act: "Activation",
    orders: Sequence[int] = (0, 1),
    *,
    span: tuple[float, float] | None = None,
    prefix: str | None = None,
    **params: float,
) -> str:
    """Return the function with its derivatives of the given orders, and its asymptotes."""
    return _curves_svg(act, orders, prefix or f"{act.id}-function-", span, params)


def derivative_svg(
    act: "Activation", orders: Sequence[int] = (1, 2), *, prefix: str | None = None
) -> str:
    """Return the first two derivatives of the function, or others, in a picture of their own."""
    return _curves_svg(act, orders, prefix or f"{act.id}-derivatives-", None, {})


def _curves_svg(
    act: "Activation",
    orders: Sequence[int],
    prefix: str,
    span: tuple[float, float] | None,
    params: dict[str, float],
) -> str:
    view = window(act, orders, span, **params)
    found_marks = marks_of(act, **params) if 0 in orders else Marks(())
    if span is None and (wider := widened(view, found_marks)):
        view = window(act, orders, wider, **params)
    chart = Chart(view)
    said = []
    for order in orders:
        found = curve(act, order, view, **params)
        style = Style(ACCENTS[order % len(ACCENTS)], DASHES[order % len(DASHES)])
        chart.curve(found, style, maths(prime("f", order)))
        said.append(in_words(prime("f", order), found))
    if 0 in orders:
        for xs, ys in asymptotes(act, view, **params):
            chart.guide(xs, ys)
    said += mark(chart, found_marks)
    names = listed([prime("f", order) for order in orders])
    return chart.svg(
        title=f"{act.title}: {names}",
        description=f"For x from {plain(view.left)} to {plain(view.right)}. {' '.join(said)}",
        prefix=prefix,
    )


def prime(name: str, order: int) -> str:
    """Return the name of a derivative: f, f′, f″, f‴, f⁽⁴⁾."""
    if order <= 3:
        return name + ("", "\u2032", "\u2033", "\u2034")[order]
    superscripts = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
    return f"{name}⁽{str(order).translate(superscripts)}⁾"


def in_words(name: str, found: Curve) -> str:
    """Return what the picture of a curve tells, for those who cannot see it."""
    if not found.runs:
        return f"{name} lies outside of the picture."
    xs = np.concatenate([run[0] for run in found.runs])
    ys = np.concatenate([run[1] for run in found.runs])
    low, high = int(ys.argmin()), int(ys.argmax())
    if ys[high] - ys[low] < 1e-9:
        return f"{name} is {_short(ys[0])} throughout."
    sentence = (
        f"{name} starts at {_short(ys[0])} and ends at {_short(ys[-1])}; its lowest value here "
        f"is {_short(ys[low])} at x = {_short(xs[low])}, its highest {_short(ys[high])} at "
        f"x = {_short(xs[high])}."
    )
    jumps = sorted({_short(x) for x, _ in found.open_dots})
    return sentence + (f" It jumps at x = {listed(jumps)}." if jumps else "")


def _short(value: float) -> str:
    return plain(round(float(value), 2) + 0.0)


# -- parameters ------------------------------------------------------------------------------------


def parameter_svg(act: "Activation", name: str, *, prefix: str | None = None) -> str:
    """Return the function for several values of one parameter, the default drawn boldest."""
    parameter = act.params[name]
    values = parameter_values(act, parameter)
    view = _common_window(act, name, values)
    chart = Chart(view)
    default = float(parameter.default)
    first = len(LADDER) // 2 - values.index(default)
    styles = {value: Style(LADDER[first + k], width=1.7) for k, value in enumerate(values)}
    styles[default] = styles[default]._replace(width=3.2)
    labels = {value: f"{maths(symbol_of(parameter))} = {plain(value)}" for value in values}
    # The bold line first, so that it does not cover the others.
    for value in sorted(values, key=lambda value: value != default):
        found = curve(act, 0, view, **{name: value})
        # Dots on the jumps of every curve would hide the curves.
        shown = found if value == default else Curve(found.runs)
        chart.curve(shown, styles[value], labels[value])
    chart.entries = [(labels[value], styles[value]) for value in values]
    listing = listed([plain(value) for value in values])
    return chart.svg(
        title=f"{act.title} for several values of {symbol_of(parameter)}",
        description=f"One curve for each of {symbol_of(parameter)} = {listing}; "
        f"the default {plain(default)} is drawn boldest.",
        prefix=prefix or f"{act.id}-{name}-",
    )


def parameter_values(act: "Activation", parameter: "Parameter") -> list[float]:
    """Return up to five values, in order, whose curves can be told apart; one is the default.

    Powers of the first factor that changes the picture visibly, times the default.
    """
    view = window(act, (0,))
    default = float(parameter.default)
    visible = (r for r in (2, 4, 10) if _differ(act, parameter, default, default * r, view))
    factor = next(visible, 10)
    values = [default]
    for direction in (factor, 1 / factor):
        last = default
        for _ in range(2):
            value = last * direction if default else last + np.sign(direction - 1)
            allowed = parameter.domain.contains(value)
            if allowed and _differ(act, parameter, last, value, view):
                values.append(value)
                last = value
    return sorted(values)


def _differ(
    act: "Activation", parameter: "Parameter", one: float, other: float, view: Window
) -> bool:
    xs = np.linspace(view.left, view.right, 101)
    first, second = (evaluator(act, 0, **{parameter.name: value})(xs) for value in (one, other))
    return bool(np.nanmax(np.abs(first - second)) > 0.025 * view.height)


def _common_window(act: "Activation", name: str, values: Sequence[float]) -> Window:
    """Return a window for all curves, not much larger than the one for the default."""
    home = window(act, (0,))
    views = [window(act, (0,), None, **{name: value}) for value in values]
    left = max(min(view.left for view in views), 2 * home.left)
    right = min(max(view.right for view in views), 2 * home.right)
    ranges = [visible_range(evaluator(act, 0, **{name: value}), left, right) for value in values]
    lows, highs = zip(*ranges, strict=True)
    low = max(min(0.0, *lows), home.bottom - 1.5 * home.height)
    high = min(max(0.0, *highs), home.top + 1.5 * home.height)
    return Window(left, right, *with_margin(low, high))


def symbol_of(parameter: "Parameter") -> str:
    """Return the parameter's symbol in Unicode, such as α; `lambd` is λ."""
    name = parameter.name
    return str(pretty(Symbol("lambda" if name == "lambd" else name), use_unicode=True))
