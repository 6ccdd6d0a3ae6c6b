"""Pictures of vector-valued members: a moving score, a temperature, a Jacobian, sparse outputs."""

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from symacts.curves import DASHES, EXAMPLE, outputs, trace
from symacts.figures.canvas import ACCENTS, INK, image, listed, maths, tag, text
from symacts.figures.chart import Chart, Style, plain
from symacts.windows import Array, Window, visible_range, with_margin

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["jacobian_svg", "score_svg", "sparsity_svg", "temperature_svg"]

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def score_svg(
    act: "Activation", scores: Sequence[float] = EXAMPLE, *, prefix: str | None = None
) -> str:
    """Return the outputs as the first score moves and the others stay, the example marked."""
    functions = outputs(act, scores)
    left, right = min(scores) - 4.0, max(scores) + 4.0
    ranges = [visible_range(function, left, right) for function in functions]
    lows, highs = zip(*ranges, strict=True)
    view = Window(left, right, *with_margin(min(0.0, *lows), max(0.0, *highs)))
    chart = Chart(view, x_label="x₁")
    chart.guide([scores[0]] * 2, [view.bottom, view.top])
    for place, function in enumerate(functions):
        style = Style(ACCENTS[place], DASHES[place % len(DASHES)])
        others = f" ({maths(f'x{_index(place)}')} = {plain(scores[place])})" if place else ""
        chart.curve(trace(function, view), style, _output_name(place, len(functions)) + others)
        chart.dot(scores[0], float(function(np.array(scores[:1]))[0]), style.colour)
    fixed = ", ".join(f"x{_index(k)} = {plain(score)}" for k, score in enumerate(scores) if k)
    values = np.atleast_1d(act(np.array(scores)))
    said = ", ".join(plain(round(float(value), 3)) for value in values)
    return chart.svg(
        title=f"{act.title}: outputs as one score moves",
        description=f"Outputs while x₁ moves from {plain(left)} to {plain(right)} and {fixed}. "
        f"Dots mark x₁ = {plain(scores[0])}, where the output is {said}.",
        prefix=prefix or f"{act.id}-function-",
    )


def temperature_svg(
    act: "Activation", scores: Sequence[float] = EXAMPLE, *, prefix: str | None = None
) -> str:
    """Return the probabilities of the scores divided by a temperature, from cold to hot."""
    view = Window(-1.0, 2.0, *with_margin(0.0, 1.0))
    ticks = [(np.log10(t), plain(t)) for t in (0.1, 0.3, 1, 3, 10, 30, 100)]
    chart = Chart(view, x_label="T", x_ticks=ticks)
    chart.has_readout = False
    chart.guide([view.left, view.right], [1 / len(scores)] * 2)

    def output(exponents: Array, place: int) -> Array:
        temperatures = 10.0 ** exponents[:, np.newaxis]
        return np.asarray(act(np.asarray(scores) / temperatures)[:, place], dtype=float)

    for place, score in enumerate(scores):
        style = Style(ACCENTS[place], DASHES[place % len(DASHES)])
        label = f"{_output_name(place, len(scores))} (score {plain(score)})"
        chart.curve(trace(partial(output, place=place), view), style, label)
        chart.dot(0.0, float(output(np.zeros(1), place)[0]), style.colour)
    return chart.svg(
        title=f"{act.title} of x/T over the temperature T",
        description=f"Scores {listed([plain(s) for s in scores])} divided by T from 0.1 to 100. "
        "Cold: the largest score takes all. Hot: all probabilities come near "
        f"{plain(round(1 / len(scores), 3))}. Dots mark T = 1.",
        prefix=prefix or f"{act.id}-temperature-",
    )


def _output_name(place: int, count: int) -> str:
    return maths(f"y{_index(place)}" if count > 1 else "y")


def _index(place: int) -> str:
    return str(place + 1).translate(SUBSCRIPTS)


# -- tables of colour ------------------------------------------------------------------------------


def jacobian_svg(
    act: "Activation", scores: Sequence[float] = EXAMPLE, *, prefix: str | None = None
) -> str:
    """Return the Jacobian at the scores as a table of coloured cells with their values."""
    jacobian = np.round(np.atleast_2d(act.jacobian(np.array(scores))), 9)
    largest = float(np.abs(jacobian).max()) or 1.0
    side, left, top = (88.0, 40.0), 92.0, 30.0
    rows, columns = jacobian.shape
    body = []
    for k in range(columns):
        name = maths(f"\N{PARTIAL DIFFERENTIAL}/\N{PARTIAL DIFFERENTIAL}x{_index(k)}")
        body.append(text(left + (k + 0.5) * side[0], top - 10, name, anchor="middle", fill=INK))
    for i in range(rows):
        base = top + (i + 0.5) * side[1] + 4
        body.append(text(left - 12, base, maths(f"y{_index(i)}"), anchor="end", fill=INK))
        for k in range(columns):
            corner = (left + k * side[0], top + i * side[1])
            body.append(_cell(corner, side, float(jacobian[i, k]), largest))
    values = "; ".join(
        f"row {i + 1}: {', '.join(plain(round(float(v), 4)) for v in row)}"
        for i, row in enumerate(jacobian)
    )
    return image(
        left + columns * side[0] + 44,
        top + rows * side[1] + 4,
        body,
        title=f"{act.title}: Jacobian at ({', '.join(plain(s) for s in scores)})",
        description=f"Derivative of each output by each score. {values}.",
        prefix=prefix or f"{act.id}-jacobian-",
    )


def _cell(
    corner: tuple[float, float], side: tuple[float, float], value: float, largest: float
) -> str:
    colour = ACCENTS[0] if value >= 0 else ACCENTS[1]
    box = tag(
        "rect",
        x=corner[0] + 1.5,
        y=corner[1] + 1.5,
        width=side[0] - 3,
        height=side[1] - 3,
        rx=4,
        fill=colour,
        fill_opacity=0.06 + 0.44 * (abs(value) / largest) ** 0.5,
    )
    place = (corner[0] + side[0] / 2, corner[1] + side[1] / 2 + 4.5)
    return box + text(*place, plain(float(f"{value:.3g}")), anchor="middle", fill=INK)


# -- sparse and dense ------------------------------------------------------------------------------


def sparsity_svg(
    sparse: "Activation",
    dense: "Activation",
    scores: Sequence[float] = (-0.6, 0.1, 0.9, 1.5, 1.8),
    *,
    prefix: str | None = None,
) -> str:
    """Return the outputs of a sparse and a dense normaliser for the same scores, as bars."""
    few, many = (np.round(np.asarray(act(np.array(scores)), float), 6) for act in (sparse, dense))
    top = float(max(few.max(), many.max()))
    ticks = [(float(k), plain(score)) for k, score in enumerate(scores)]
    shares = [(share / 100, _percent(share / 100)) for share in (0, 20, 40, 60, 80, 100)]
    view = Window(-0.6, len(scores) - 0.4, 0.0, 1.16 * top)
    reached = [tick for tick in shares if tick[0] < view.top]
    chart = Chart(view, x_label="x", x_ticks=ticks, y_ticks=reached)
    chart.has_y_axis = False
    for heights, shift, colour in ((few, -0.21, ACCENTS[0]), (many, 0.21, ACCENTS[1])):
        for place, height in enumerate(heights):
            chart.bar(place + shift, float(height), 0.36, colour)
            chart.note(place + shift, float(height) + 0.02 * top, _percent(height), anchor="middle")
    chart.explain(sparse.title, Style(ACCENTS[0], width=7))
    chart.explain(dense.title, Style(ACCENTS[1], width=7))
    said = " ".join(
        f"{act.title}: {', '.join(_percent(v) for v in values)}."
        for act, values in ((sparse, few), (dense, many))
    )
    return chart.svg(
        title=f"{sparse.title} beside {dense.title}",
        description=f"Outputs for the scores {listed([plain(s) for s in scores])}. {said}",
        prefix=prefix or f"{sparse.id}-sparsity-",
    )


def _percent(value: float) -> str:
    return "0" if value == 0 else f"{100 * value:.0f}\N{THIN SPACE}%"
