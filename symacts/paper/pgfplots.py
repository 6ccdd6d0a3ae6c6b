r"""Pictures of activations for LaTeX: `tikzpicture` environments for the package pgfplots.

The points are computed here, so that LaTeX has nothing to evaluate and a kink is a kink.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np

from symacts.catalogue import catalogue
from symacts.curves import EXAMPLE, GATE_REACH, Curve, curve, outputs, trace
from symacts.paper.markup import plain
from symacts.paper.templates import render
from symacts.typeset import primes
from symacts.windows import Window, visible_range, window, with_margin

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["cover", "picture"]

COLOURS = ("blue!70!black", "orange!85!black", "green!50!black", "purple!80!black", "cyan!60!black")
DASHES = ("solid", "densely dashed", "densely dotted", "dashdotted")
# Second inputs for which a gate is drawn as a function of the first.
GATE_SLICES = (-1.0, 0.5, 2.0)


@dataclass(frozen=True)
class Line:
    """One curve: its label, its style and its coordinates, already as text."""

    label: str
    style: str
    colour: str
    runs: tuple[str, ...]
    filled: str
    open: str


def picture(
    acts: "Sequence[Activation]",
    orders: Sequence[int] = (0, 1),
    *,
    params: Mapping[str, float] = MappingProxyType({}),
    width: str = r"0.7\linewidth",
    height: str = "5.5cm",
) -> str:
    """Return a picture of one activation with its derivatives, or of several activations.

    Several scalar activations are drawn with the first of the orders only.
    """
    if len(acts) > 1:
        view, lines = _together(acts, orders[0], params)
        axis = "x"
    else:
        (act,) = acts
        view, lines, axis = _alone(act, orders, params)
    values = {"width": width, "height": height, "axis": axis, "legend_columns": min(3, len(lines))}
    return render("figure.tex.j2", view=view, lines=lines, **values).rstrip("\n") + "\n"


def cover() -> str:
    """Return the picture of the title page: well-known functions, without axes or names."""
    acts = [catalogue[name] for name in ("relu", "gelu", "softplus", "tanh", "sigmoid")]
    view = Window(-4, 4, -1.1, 3)
    lines = [_line("", curve(act, 0, view), colour, 0) for act, colour in zip(acts, cycle(COLOURS))]
    return render("cover.tex.j2", view=view, lines=lines)


def _alone(
    act: "Activation", orders: Sequence[int], params: Mapping[str, float]
) -> tuple[Window, list[Line], str]:
    if act.kind == "vector":
        return *_vector(act), "x_1"
    if act.kind == "gate":
        return *_gate(act, params), str(act.inputs[0])
    view = window(act, orders, None, **params)
    colours = cycle(COLOURS)
    lines = [
        _line(f"$f{primes(order)}$", curve(act, order, view, **params), next(colours), order)
        for order in orders
    ]
    return view, lines, "x"


def _together(
    acts: "Sequence[Activation]", order: int, params: Mapping[str, float]
) -> tuple[Window, list[Line]]:
    own = [{k: v for k, v in params.items() if k in act.params} for act in acts]
    views = [window(act, (order,), None, **p) for act, p in zip(acts, own, strict=True)]
    lefts, rights, bottoms, tops = zip(*views, strict=True)
    view = Window(min(lefts), max(rights), min(bottoms), max(tops))
    lines = [
        _line(plain(act.title), curve(act, order, view, **p), colour, place)
        for place, (act, p, colour) in enumerate(zip(acts, own, cycle(COLOURS)))
    ]
    return view, lines


def _vector(act: "Activation") -> tuple[Window, list[Line]]:
    """Return the outputs while the first of the example's scores moves."""
    functions = outputs(act, EXAMPLE)
    left, right = min(EXAMPLE) - 4, max(EXAMPLE) + 4
    lows, highs = zip(*(visible_range(f, left, right) for f in functions), strict=True)
    view = Window(left, right, *with_margin(min(0.0, *lows), max(0.0, *highs)))
    many = len(functions) > 1
    return view, [
        _line(f"$y_{place + 1}$" if many else "$y$", trace(f, view), colour, place)
        for place, (f, colour) in enumerate(zip(functions, cycle(COLOURS)))
    ]


def _gate(act: "Activation", params: Mapping[str, float]) -> tuple[Window, list[Line]]:
    """Return the gate as a function of its first input, for several second inputs."""
    left, right = -GATE_REACH, GATE_REACH
    slices = [
        lambda a, b=b: np.asarray(act(a, np.full_like(a, b), **params), dtype=float)
        for b in GATE_SLICES
    ]
    lows, highs = zip(*(visible_range(f, left, right) for f in slices), strict=True)
    view = Window(left, right, *with_margin(min(lows), max(highs)))
    second = act.inputs[1]
    return view, [
        _line(f"${second} = {b:g}$", trace(f, view), colour, place)
        for place, (f, b, colour) in enumerate(zip(slices, GATE_SLICES, cycle(COLOURS)))
    ]


def _line(label: str, found: Curve, colour: str, order: int) -> Line:
    runs = tuple(_coordinates(zip(*run, strict=True)) for run in found.runs)
    return Line(
        label,
        DASHES[order % len(DASHES)],
        colour,
        runs,
        _coordinates(found.filled_dots),
        _coordinates(found.open_dots),
    )


def _coordinates(points: "Iterator[tuple[float, float]] | Sequence[tuple[float, float]]") -> str:
    return " ".join(f"({_short(x)},{_short(y)})" for x, y in points)


def _short(value: float) -> str:
    text = f"{value:.4f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
