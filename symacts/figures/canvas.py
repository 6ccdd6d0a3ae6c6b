"""SVG written by hand: elements, numbers, text and the colours that follow the page's theme.

Colours are CSS variables, so a picture inside a page turns dark with it at once; each names the
colour of the light theme as its fallback, so a picture cut out of its page still has colours.
Nothing here carries a date, a random id, a style sheet or a font.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape, unescape

import numpy as np
from numpy.typing import ArrayLike

from symacts.curves import PALETTE

__all__ = [
    "ACCENTS",
    "AXIS",
    "GRID",
    "INK",
    "PAPER",
    "image",
    "listed",
    "maths",
    "number",
    "path_data",
    "tag",
    "text",
    "text_width",
    "without_markup",
]

INK = "var(--sa-fg,#24292f)"
AXIS = "var(--sa-axis,#6b7280)"
GRID = "var(--sa-grid,#e3e6ea)"
PAPER = "var(--sa-bg,#fff)"
# The light theme's colours are the fallbacks.
ACCENTS = tuple(f"var(--sa-c{place},{colour})" for place, colour in enumerate(PALETTE, 1))
SIZE, MATHS_SIZE = 12.0, 14.0


def number(value: float) -> str:
    """Return a coordinate with at most two decimals, as short as it can be."""
    short = f"{value:.2f}".rstrip("0").rstrip(".")
    if short in ("-0", ""):
        return "0"
    return re.sub(r"^(-?)0\.", r"\1.", short)


def tag(name: str, content: str = "", /, **attributes: str | float) -> str:
    """Return one element; `stroke_width=2` becomes `stroke-width="2"`, `class_` becomes `class`."""
    head = name + _written(attributes)
    return f"<{head}>{content}</{name}>" if content else f"<{head}/>"


def _written(attributes: Mapping[str, str | float]) -> str:
    return "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
    )


def _attribute(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else number(value)


def path_data(xs: ArrayLike, ys: ArrayLike, *, closed: bool = False) -> str:
    """Return a line through the points as the `d` of a path, in steps of a hundredth."""
    points = np.round(np.stack([np.asarray(xs, float), np.asarray(ys, float)], axis=1) * 100)
    # Differences of rounded points, so that rounding never adds up along the line.
    steps = np.diff(points, axis=0)
    moves = "l".join(_pair(*step / 100) for step in steps if step.any())
    return f"M{_pair(*points[0] / 100)}" + (f"l{moves}" if moves else "h0") + "z" * closed


def _pair(x: float, y: float) -> str:
    first, second = number(x), number(y)
    return first + second if second.startswith("-") else f"{first} {second}"


def text(
    x: float, y: float, markup: str, *, anchor: str = "start", **attributes: str | float
) -> str:
    """Return a line of text; *markup* is plain text, or what `maths` returns, or both."""
    place: dict[str, str | float] = {"x": x, "y": y}
    if anchor != "start":
        place["text_anchor"] = anchor
    return tag("text", markup, **place, **attributes)


def maths(symbols: str) -> str:
    """Return mathematics in italics, for use within a text."""
    # A hair space, or the prime would lean on the f.
    spaced = re.sub("(?<=f)(?=[\u2032\u2033\u2034])", "\N{HAIR SPACE}", escape(symbols))
    return tag("tspan", spaced, class_="sa-math", font_style="italic", font_size=MATHS_SIZE)


def without_markup(markup: str) -> str:
    """Return the words of a text."""
    return unescape(re.sub(r"<[^>]*>", "", markup)).replace("\N{HAIR SPACE}", "")


def text_width(markup: str, size: float = SIZE) -> float:
    """Return about how wide a text is, whatever the reader's font."""
    return 0.58 * size * len(without_markup(markup))


def image(
    width: float,
    height: float,
    body: Iterable[str],
    *,
    title: str,
    description: str,
    prefix: str,
    **data: str,
) -> str:
    """Return a whole picture that screen readers announce by its title and description.

    *data* becomes attributes of the picture, `data_frame` as `data-frame`, for the page's script.
    """
    label, details = f"{prefix}title", f"{prefix}desc"
    head = (
        f'<svg class="sa-plot" viewBox="0 0 {number(width)} {number(height)}" role="img" '
        f'aria-labelledby="{label}" aria-describedby="{details}" '
        f'font-size="{number(SIZE)}" fill="none"{_written(data)} '
        'xmlns="http://www.w3.org/2000/svg">'
    )
    names = tag("title", escape(title), id=label) + tag("desc", escape(description), id=details)
    return head + names + "".join(body) + "</svg>"


def listed(parts: Sequence[str]) -> str:
    """Return `a`, `a and b` or `a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
