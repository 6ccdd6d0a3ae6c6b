"""Activation -> matplotlib picture, for notebooks and papers.

`plot` draws into the Axes it is given, or makes a Figure of its own; pyplot and its global state
are never touched.  `save` writes a file that is the same, byte for byte, every time.
"""

import io
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from symacts.curves import (
    DASHES,
    EXAMPLE,
    GATE_LEVELS,
    GATE_REACH,
    PALETTE,
    Curve,
    asymptotes,
    curve,
    outputs,
    trace,
)
from symacts.errors import ParameterError, SymactsError
from symacts.typeset import primes
from symacts.windows import Window, visible_range, window, with_margin

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["plot", "save"]

INK, QUIET, FAINT = "#24292f", "#6b7280", "#e3e6ea"
# What would make two files of one picture differ.
TIMESTAMPS = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}, ".png": {}}
STYLE: dict[Any, Any] = {
    "font.family": "STIXGeneral",
    "font.size": 11,
    "mathtext.fontset": "stix",
    "pdf.fonttype": 42,
    "savefig.dpi": 200,
    "svg.hashsalt": "symacts",
}


def plot(
    act: "Activation",
    ax: Axes | None = None,
    orders: Sequence[int] = (0, 1),
    span: tuple[float, float] | None = None,
    **params: float,
) -> Axes:
    """Draw the function and its derivatives of the given orders; return the Axes.

    A vector-valued member is drawn as its outputs while the first of the scores (0.4, 2, 5) moves,
    a gate as a map of its values.

    Args:
        ax: where to draw; by default a new Figure, which `result.figure.savefig(...)` writes.
        orders: 0 is the function itself.
        span: the ends of the x axis; by default the stretch where something happens.
        params: values of the function's parameters.

    Raises:
        ParameterError: a parameter, an order or *span* cannot be used.
    """
    if ax is not None:
        _draw(ax, act, orders, span, params, name=act.title)
        ax.legend(frameon=False)
        return ax
    ax = _new_axes()
    _draw(ax, act, orders, span, params)
    _finish(ax, act.title)
    return ax


def save(
    acts: "Activation | Iterable[Activation]",
    path: str | Path,
    orders: Sequence[int] = (0, 1),
    span: tuple[float, float] | None = None,
    **params: float,
) -> Path:
    """Draw one activation, or several together, into a .svg, .pdf or .png file; return its path.

    Each of several activations takes those of *params* that it has.

    Raises:
        ParameterError: a parameter, an order or *span* cannot be used.
        SymactsError: the file's kind is not known, or it cannot be written.
    """
    path = Path(path)
    if path.suffix.lower() not in TIMESTAMPS:
        raise SymactsError(f"a picture is written as .svg, .pdf or .png, not as {path.name!r}")
    chosen = list(acts) if isinstance(acts, Iterable) else [acts]
    with mpl.rc_context(STYLE):
        if len(chosen) == 1:
            ax = plot(chosen[0], None, orders, span, **params)
        else:
            ax = _together(chosen, orders, span, params)
        content = _rendered(ax.figure, path.suffix.lower())
    try:
        path.write_bytes(content)
    except OSError as error:
        raise SymactsError(f"cannot write {path}: {error.strerror}") from error
    return path


def _rendered(figure: Any, suffix: str) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format=suffix[1:], metadata=TIMESTAMPS[suffix])
    return buffer.getvalue()


def _together(
    acts: "Sequence[Activation]",
    orders: Sequence[int],
    span: tuple[float, float] | None,
    params: dict[str, float],
) -> Axes:
    """Draw several activations into one new Axes."""
    ax = _new_axes()
    unknown = [name for name in params if not any(name in act.params for act in acts)]
    for act in acts:
        own = {
            name: value for name, value in params.items() if name in act.params or name in unknown
        }
        _draw(ax, act, orders, span, own, name=act.title)
    _finish(ax, "")
    return ax


# -- drawing ---------------------------------------------------------------------------------------


def _draw(
    ax: Axes,
    act: "Activation",
    orders: Sequence[int],
    span: tuple[float, float] | None,
    params: dict[str, float],
    name: str = "",
) -> None:
    """Draw one activation; with a *name*, the curves are called by it in the legend."""
    _check_orders(act, orders)
    had_data = ax.has_data()
    match act.kind:
        case "vector":
            view = _draw_vector(ax, act, orders, span)
        case "gate":
            view = _draw_gate(ax, act, span, params)
        case _:
            view = _draw_scalar(ax, act, orders, span, params, name)
    if had_data:
        view = _united(view, Window(*ax.get_xlim(), *ax.get_ylim()))
    ax.set_xlim(view.left, view.right)
    ax.set_ylim(view.bottom, view.top)


def _check_orders(act: "Activation", orders: Sequence[Any]) -> None:
    for order in orders:
        if not isinstance(order, int) or isinstance(order, bool) or order < 0:
            raise ParameterError(f"an order is a whole number from 0, not {order!r}")
    if not orders:
        raise ParameterError("orders is empty; (0, 1) draws the function and its derivative")
    if act.kind == "vector" and max(orders) > 1:
        raise ParameterError(f"{act.id} is vector-valued and is drawn with orders 0 and 1 only")
    if act.kind == "gate" and 0 not in orders:
        raise ParameterError(
            f"{act.id} has two inputs and is drawn as a map of its values, order 0"
        )


def _draw_scalar(
    ax: Axes,
    act: "Activation",
    orders: Sequence[int],
    span: tuple[float, float] | None,
    params: dict[str, float],
    name: str,
) -> Window:
    view = window(act, orders, span, **params)
    colour = None
    for order in orders:
        found = curve(act, order, view, **params)
        if name:
            # Beside other activations: one colour for each, dashes for its derivatives.
            colour = _draw_curve(
                ax, found, order, name + (f"${primes(order)}$" if order else ""), colour
            )
        else:
            _draw_curve(ax, found, order, f"$f{primes(order)}$")
    if 0 in orders and not name:
        for xs, ys in asymptotes(act, view, **params):
            ax.plot(xs, ys, color=QUIET, linewidth=0.8, dashes=(3, 4), zorder=1)
    return view


def _draw_vector(
    ax: Axes, act: "Activation", orders: Sequence[int], span: tuple[float, float] | None
) -> Window:
    left, right = span or (min(EXAMPLE) - 4, max(EXAMPLE) + 4)
    functions = {order: outputs(act, EXAMPLE, order) for order in orders}
    ranges = [visible_range(f, left, right) for group in functions.values() for f in group]
    lows, highs = zip(*ranges, strict=True)
    view = Window(left, right, *with_margin(min(0.0, *lows), max(0.0, *highs)))
    count = len(next(iter(functions.values())))
    for place in range(count):
        name = f"y_{place + 1}" if count > 1 else "y"
        colour = None
        for order in orders:
            label = rf"$\partial {name}/\partial x_1$" if order else f"${name}$"
            found = trace(functions[order][place], view)
            colour = _draw_curve(ax, found, order, label, colour)
    ax.set_xlabel("$x_1$")
    return view


def _draw_gate(
    ax: Axes, act: "Activation", span: tuple[float, float] | None, params: dict[str, float]
) -> Window:
    left, right = span or (-GATE_REACH, GATE_REACH)
    inputs = np.linspace(left, right, 101)
    a, b = np.meshgrid(inputs, inputs)
    values = np.asarray(act(a, b, **params), dtype=float)
    largest = float(np.max(np.abs(values), where=np.isfinite(values), initial=0.0)) or 1.0
    scale = 1.0 if 1 <= largest <= 18 else 2.0 ** round(math.log2(largest / 9))
    levels = [level * scale for level in GATE_LEVELS]
    # One faint layer for each level that is reached, blue where positive, red where negative.
    for sign, colour in ((1, PALETTE[0]), (-1, PALETTE[1])):
        for level in (level for level in levels if level < (sign * values).max()):
            beyond = [level, 2 * largest]
            ax.contourf(a, b, sign * values, levels=beyond, colors=[colour], alpha=0.13)
        signed = sorted(sign * level for level in levels)
        lines = ax.contour(a, b, values, levels=signed, colors=[colour], linewidths=0.8)
        ax.clabel(lines, fontsize="small", colors=INK, fmt=_plain)
    ax.set_xlabel("$a$")
    ax.set_ylabel("$b$")
    return Window(left, right, left, right)


def _draw_curve(ax: Axes, found: Curve, order: int, label: str, colour: str | None = None) -> str:
    """Draw one curve with its dots in the Axes' next colour, or in *colour*; return the colour."""
    style: dict[str, Any] = {"linewidth": 1.6} | ({"color": colour} if colour else {})
    dashes = DASHES[order % len(DASHES)]
    if dashes:
        style["dashes"] = [length / 2 for length in dashes]
    # Only one line of a broken curve is to appear in the legend.
    gap = (np.array([np.nan]),) * 2
    parts = [part for run in found.runs for part in (run, gap)] or [gap]
    xs, ys = (np.concatenate(column) for column in zip(*parts, strict=True))
    (line,) = ax.plot(xs, ys, label=label, **style)
    used = to_hex(line.get_color())
    for points, face in ((found.open_dots, "white"), (found.filled_dots, used)):
        if points:
            ax.plot(*zip(*points, strict=True), "o", color=used, mfc=face, markersize=4.5, zorder=3)
    return used


def _plain(level: float) -> str:
    return f"{level:g}".replace("-", "\N{MINUS SIGN}")


def _united(one: Window, other: Window) -> Window:
    return Window(
        min(one.left, other.left),
        max(one.right, other.right),
        min(one.bottom, other.bottom),
        max(one.top, other.top),
    )


# -- a figure of our own ---------------------------------------------------------------------------


def _new_axes() -> Axes:
    """Return the Axes of a new Figure that belongs to no window and no list of figures."""
    ax = Figure(figsize=(5.6, 3.5)).add_axes((0.08, 0.11, 0.89, 0.78))
    ax.set_prop_cycle(color=PALETTE)
    ax.spines[:].set_visible(False)
    ax.tick_params(length=0, labelcolor=QUIET)
    ax.grid(color=FAINT, linewidth=0.8)
    ax.set_axisbelow(True)
    return ax


def _finish(ax: Axes, title: str) -> None:
    """Add the axes through zero, the title and a legend that covers no curve."""
    ax.axhline(0, color=QUIET, linewidth=0.8, zorder=1)
    ax.axvline(0, color=QUIET, linewidth=0.8, zorder=1)
    handles, labels = ax.get_legend_handles_labels()
    rows = 0 if len(labels) <= 3 else 2
    if rows:
        left, bottom, width, height = ax.get_position().bounds
        ax.set_position((left, bottom, width, height - 0.06 * rows))
    # Beside the title where it fits, else below it; never on a curve.
    place: dict[str, Any] = {"loc": "lower right", "bbox_to_anchor": (1.0, 1.0), "ncols": 3}
    if rows:
        place = {"loc": "lower left", "bbox_to_anchor": (0.0, 1.0), "ncols": -(-len(labels) // 2)}
    if handles:
        ax.legend(handles, labels, frameon=False, borderaxespad=0.2, columnspacing=1.2, **place)
    ax.set_title(title, loc="left", color=INK, pad=8 + 18 * rows)
