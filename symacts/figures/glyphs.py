"""Small signs on a curve and in its legend; each says by its form what it stands for."""

from html import escape

from symacts.figures.canvas import AXIS, INK, PAPER, number, tag

__all__ = ["glyph", "shade"]

SIZE = 3.4
REACH = 9.0
# Of each kind of mark: its outline round the origin.
OUTLINES = {
    "minimum": f"M0 {SIZE + 0.6}l-{SIZE + 0.4}-6.4h{2 * SIZE + 0.8}z",
    "maximum": f"M0-{SIZE + 0.6}l{SIZE + 0.4} 6.4h-{2 * SIZE + 0.8}z",
    "inflection": f"M-{SIZE} 0a{SIZE} {SIZE} 0 1 0 {2 * SIZE} 0a{SIZE} {SIZE} 0 1 0-{2 * SIZE} 0z",
    "kink": "M-5 0l5-5 5 5-5 5z",
}


def glyph(kind: str, x: float, y: float, words: str = "") -> str:
    """Return the sign of a kind of mark; with *words* it tells them to a pointer on it."""
    sign = tag("path", d=OUTLINES[kind], fill=PAPER, stroke=INK, stroke_width=1.4)
    if words:
        reach = tag("circle", r=REACH, fill="none", pointer_events="all")
        sign = tag("title", escape(words)) + sign + reach
    return tag("g", sign, class_="sa-sign", transform=f"translate({number(x)} {number(y)})")


def shade(left: float, top: float, width: float, height: float, words: str = "") -> str:
    """Return the quiet ground of a stretch on which a function is all but level."""
    said = tag("title", escape(words)) if words else ""
    return tag(
        "rect", said, x=left, y=top, width=width, height=height, fill=AXIS, fill_opacity=0.13
    )
