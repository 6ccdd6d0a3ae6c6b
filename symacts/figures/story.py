"""The introduction's pictures: a neuron, and what goes wrong without the right activation.

The three simulations are small and real: they run the catalogue's own functions on networks with
seeded weights, and say so in their descriptions.
"""

from typing import TYPE_CHECKING

import numpy as np

from symacts.catalogue.exponentials import elu
from symacts.catalogue.rectifiers import leaky_relu, relu
from symacts.catalogue.sigmoids import sigmoid, tanh
from symacts.curves import DASHES, Curve, thinned
from symacts.figures.canvas import ACCENTS, AXIS, INK, PAPER, image, maths, path_data, tag, text
from symacts.figures.chart import Chart, Style
from symacts.windows import Array, Window, with_margin

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["dying_unit_svg", "linear_collapse_svg", "neuron_svg", "vanishing_gradient_svg"]

SEED = 7


# -- a neuron --------------------------------------------------------------------------------------


def neuron_svg(*, prefix: str = "neuron-") -> str:
    """Return a diagram of one neuron: weigh the inputs, add the bias, apply the activation."""
    heights = (34.0, 90.0, 146.0)
    total, gate = (196.0, 90.0), (290.0, 90.0)
    body = []
    for k, y in enumerate(heights):
        index = "₁₂₃"[k]
        body.append(_arrow(44, y, total[0] - 27, total[1] + (y - total[1]) * 0.26, ACCENTS[0]))
        body.append(_circle(24, y, 17, maths(f"x{index}")))
        at = ((44 + total[0]) / 2 - 14, y + (total[1] - y) * 0.4)
        body.append(_label(*at, maths(f"w{index}"), ACCENTS[0]))
    body.append(_circle(total[0], 24, 14, maths("b"), quiet=True))
    body.append(_arrow(total[0], 39, total[0], total[1] - 28, AXIS))
    body.append(_circle(*total, 24, tag("tspan", "\N{GREEK CAPITAL LETTER SIGMA}", font_size=19)))
    body.append(_arrow(total[0] + 25, 90, gate[0] - 30, 90, INK))
    body.append(text(243, 82, maths("z"), anchor="middle", fill=INK))
    body.append(_gate(*gate))
    body.append(_arrow(gate[0] + 29, 90, 364, 90, INK))
    body.append(text(376, 95, maths("a"), anchor="middle", fill=INK, font_size=15))
    body.append(text(total[0], 180, maths("z = w·x + b"), anchor="middle", fill=INK))
    body.append(text(gate[0] + 24, 180, maths("a = f(z)"), anchor="middle", fill=ACCENTS[1]))
    return image(
        400,
        190,
        body,
        title="One neuron",
        description="Three inputs are multiplied by weights and added up with a bias b to "
        "z = w·x + b; the activation function turns z into the output a = f(z).",
        prefix=prefix,
    )


def _circle(x: float, y: float, radius: float, markup: str, *, quiet: bool = False) -> str:
    edge = AXIS if quiet else INK
    ring = tag("circle", cx=x, cy=y, r=radius, fill=PAPER, stroke=edge, stroke_width=1.4)
    return ring + text(x, y + 4.5, markup, anchor="middle", fill=INK, font_size=14)


def _gate(x: float, y: float) -> str:
    """Return the box of the activation function, with a small curve of it inside."""
    box = tag(
        "rect", x=x - 28, y=y - 28, width=56, height=56, rx=8,
        fill=PAPER, stroke=ACCENTS[1], stroke_width=2,
    )  # fmt: skip
    zs = np.linspace(-4, 4, 33)
    data = path_data(x + 5 * zs, y + 12 - 30 * sigmoid(zs))
    line = tag("path", d=data, stroke=ACCENTS[1], stroke_width=2.2)
    base = tag("path", d=f"M{x - 20:g} {y + 12:g}h40", stroke=AXIS, stroke_width=0.8)
    return box + base + line + _label(x, y - 40, maths("f"), ACCENTS[1])


def _label(x: float, y: float, markup: str, colour: str) -> str:
    halo: dict[str, str | float] = {"paint_order": "stroke", "stroke": PAPER, "stroke_width": 5}
    return text(x, y + 4, markup, anchor="middle", fill=colour, font_size=14, **halo)


def _arrow(x0: float, y0: float, x1: float, y1: float, colour: str) -> str:
    """Return an arrow; its head is part of it, so that no marker needs an id."""
    length = float(np.hypot(x1 - x0, y1 - y0))
    ux, uy = (x1 - x0) / length, (y1 - y0) / length
    back, side = 7.0, 3.6
    bx, by = x1 - back * ux, y1 - back * uy
    shaft = tag("path", d=path_data([x0, bx], [y0, by]), stroke=colour, stroke_width=1.5)
    head = path_data([x1, bx - side * uy, bx + side * uy], [y1, by + side * ux, by - side * ux])
    return shaft + tag("path", d=head + "z", fill=colour)


# -- why a network needs one -----------------------------------------------------------------------


def linear_collapse_svg(*, prefix: str = "linear-collapse-") -> str:
    """Return what networks with and without an activation can fit to the same points."""
    view = Window(-3.2, 3.2, -1.7, 1.9)
    points = np.linspace(-3, 3, 25)
    targets = np.sin(2 * points) + 0.25 * points
    chart = Chart(view)
    fits = (("no activation", None), (relu.title, relu), (tanh.title, tanh))
    grid = np.linspace(-3.2, 3.2, 257)
    for place, (name, act) in enumerate(fits):
        style = Style(ACCENTS[(1, 0, 2)[place]], DASHES[(1, 0, 2)[place]])
        values = _fitted(act, points, targets, grid)
        chart.curve(Curve((thinned(grid, values, view),)), style, name)
    for x, y in zip(points, targets, strict=True):
        chart.dot(float(x), float(y), INK, radius=1.8)
    return chart.svg(
        title="Without an activation a network stays a straight line",
        description="Points on a wave, and the least squares fit of three networks with the same "
        "seeded hidden layer of 24 units. Without an activation every depth gives a straight "
        "line, here the best one; with ReLU the fit bends at corners, with tanh smoothly.",
        prefix=prefix,
    )


def _fitted(act: "Activation | None", points: Array, targets: Array, grid: Array) -> Array:
    """Return on *grid* the best output layer's answer over a hidden layer with fixed weights."""
    random = np.random.default_rng(SEED)
    weights, biases = random.normal(0, 1.6, 24), random.uniform(-3, 3, 24)

    def hidden(x: Array) -> Array:
        z = np.multiply.outer(x, weights) + biases
        return np.column_stack([np.ones_like(x), z if act is None else act(z)])

    features = hidden(points)
    # A little ridge keeps the solution the same, to the printed digits, on every machine.
    square = features.T @ features + 1e-3 * np.eye(features.shape[1])
    output = np.linalg.solve(square, features.T @ targets)
    return np.asarray(np.round(hidden(grid) @ output, 4), dtype=float)


# -- vanishing gradients ---------------------------------------------------------------------------


def vanishing_gradient_svg(*, prefix: str = "vanishing-gradient-") -> str:
    """Return how the gradient shrinks from layer to layer, for three activations."""
    depth = 20
    view = Window(0.0, float(depth), -14.5, 1.5)
    ticks = [(0.0, "1"), *((-float(k), f"10{_power(-k)}") for k in (3, 6, 9, 12))]
    chart = Chart(
        view,
        x_label="",
        y_label="gradient norm, by layers back from the output",
        y_ticks=ticks,
    )
    chart.has_readout = False
    said = []
    # Each with the scale of weights that was made for it: 1/n, and 2/n for ReLU.
    for place, (act, scale) in enumerate(((sigmoid, 1.0), (tanh, 1.0), (relu, 2.0))):
        norms = np.log10(gradient_norms(act, depth, scale))
        style = Style(ACCENTS[(1, 2, 0)[place]], DASHES[place])
        chart.line(np.arange(depth + 1), norms, style, act.title)
        chart.dot(float(depth), float(norms[-1]), style.colour)
        said.append(f"{act.title} {10 ** norms[-1]:.1e}")
    return chart.svg(
        title="Vanishing gradients",
        description=f"Norm of the gradient, as a multiple of its norm at the output, on its way "
        f"back through {depth} layers of 100 units with seeded random weights. After {depth} "
        f"layers: {', '.join(said)}.",
        prefix=prefix,
    )


def gradient_norms(act: "Activation", depth: int, scale: float, width: int = 100) -> Array:
    """Return the gradient's norm after 0, 1, ..., *depth* layers, relative to the output's."""
    random = np.random.default_rng(SEED)
    weights = random.normal(0, np.sqrt(scale / width), (depth, width, width))
    signal, slopes = random.normal(size=width), []
    for layer in weights:
        signal, slope = act.value_and_derivative(layer @ signal)
        slopes.append(slope)
    gradient = random.normal(size=width)
    norms = [np.linalg.norm(gradient)]
    for layer, slope in zip(weights[::-1], slopes[::-1], strict=True):
        gradient = layer.T @ (slope * gradient)
        norms.append(np.linalg.norm(gradient))
    relative: Array = np.array(norms) / norms[0]
    return relative


def _power(exponent: int) -> str:
    return str(exponent).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


# -- dying units -----------------------------------------------------------------------------------


def dying_unit_svg(*, prefix: str = "dying-unit-") -> str:
    """Return the share of units that get no gradient from any input once their bias has slipped."""
    biases = np.linspace(0, -12, 49)
    random = np.random.default_rng(SEED)
    sums = random.normal(size=(100, 8)) @ random.normal(size=(8, 300))
    view = Window(-12.0, 0.0, *with_margin(0.0, 1.0))
    ticks = [(share / 100, f"{share}\N{THIN SPACE}%") for share in (0, 25, 50, 75, 100)]
    chart = Chart(view, x_label="b", y_label="units without a gradient", y_ticks=ticks)
    said = []
    for place, act in enumerate((relu, elu, leaky_relu)):
        shares = np.array([silent_share(act, sums + bias) for bias in biases])
        style = Style(ACCENTS[(1, 2, 0)[place]], DASHES[place])
        chart.line(biases, shares, style, act.title)
        said.append(f"{act.title} {100 * shares[-1]:.0f} %")
    return chart.svg(
        title="Dying units",
        description="Share of 300 units with seeded random weights whose slope is below 0.001 for "
        "every one of 100 random inputs, over the bias b that all of them have slipped to. "
        f"At b = -12: {', '.join(said)}.",
        prefix=prefix,
    )


def silent_share(act: "Activation", sums: Array) -> float:
    """Return the share of columns (units) whose slope is next to nothing in all rows (inputs)."""
    return float(np.mean(np.abs(act.derivative()(sums)).max(axis=0) < 1e-3))
