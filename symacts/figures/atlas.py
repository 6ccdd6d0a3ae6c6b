"""A map of things and what ties them to each other: names on a circle, ties as bows inside.

The order of the names is the caller's, so the map is the same every time.  Names and ties are
links, so that a keyboard reaches them; what a tie says stands on the page, under its address.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from html import escape
from typing import NamedTuple

from symacts.figures.canvas import ACCENTS, AXIS, INK, PAPER, number, tag, text, text_width

__all__ = ["Place", "Tie", "atlas_svg", "look"]

# The least distance of two names along the circle, and the room that names take outside of it.
APART, SMALLEST = 15.5, 190.0
SIZE = 12.5
# Bows between the same two places are this far from each other, about half of it at their middle.
BESIDE = 14.0
DASHES = ("none", "6 3", "2 3")


class Place(NamedTuple):
    """A name on the map, where it leads, and the group whose members stand together."""

    key: str
    title: str
    address: str
    group: str


class Tie(NamedTuple):
    """What ties two places: its kind, where it is spelled out, and its name."""

    first: str
    second: str
    kind: str
    address: str
    words: str


def look(kind: int) -> dict[str, str]:
    """Return the colour and the dashes of the kind of tie with this number."""
    dash = DASHES[kind // len(ACCENTS) % len(DASHES)]
    return {"stroke": ACCENTS[kind % len(ACCENTS)], "stroke_dasharray": dash}


def atlas_svg(places: Sequence[Place], ties: Sequence[Tie], kinds: Sequence[str]) -> str:
    """Return the map of *places*, in their order, with *ties* drawn by the order of *kinds*."""
    angles = _angles(places)
    radius = max(SMALLEST, APART * (len(places) + _gaps(places)) / (2 * math.pi))
    tied = {key for tie in ties for key in (tie.first, tie.second)}
    body, drawn = [], Counter[frozenset[str]]()
    for tie in ties:
        ends = frozenset((tie.first, tie.second))
        style = look(kinds.index(tie.kind))
        body.append(_bow(tie, angles, radius, drawn[ends], style))
        drawn[ends] += 1
    body += [_name(place, angles[place.key], radius, is_tied=place.key in tied) for place in places]
    return tag(
        "svg",
        "".join(body),
        class_="sa-map",
        viewBox=_box(places, angles, radius),
        role="group",
        aria_label="Map of relations",
        font_size=SIZE,
        fill="none",
        xmlns="http://www.w3.org/2000/svg",
    )


def _gaps(places: Sequence[Place]) -> int:
    """Return how often the next place belongs to another group, round the circle."""
    return sum(
        place.group != after.group
        for place, after in zip(places, [*places[1:], places[0]], strict=True)
    )


def _angles(places: Sequence[Place]) -> Mapping[str, float]:
    """Return the angle of each place, from the top clockwise, with a gap between groups."""
    step = 2 * math.pi / (len(places) + _gaps(places))
    angles, turn = {}, -math.pi / 2
    for place, after in zip(places, [*places[1:], places[0]], strict=True):
        angles[place.key] = turn
        turn += step * (1 if place.group == after.group else 2)
    return angles


def _box(places: Sequence[Place], angles: Mapping[str, float], radius: float) -> str:
    """Return the part of the plane that holds the circle with the names round it."""
    ends = [
        _point(angles[place.key], radius + 16 + text_width(place.title, SIZE)) for place in places
    ]
    (left, right), (top, foot) = (
        (min(-radius, *axis) - SIZE, max(radius, *axis) + SIZE) for axis in zip(*ends, strict=True)
    )
    return f"{number(left)} {number(top)} {number(right - left)} {number(foot - top)}"


def _point(angle: float, radius: float) -> tuple[float, float]:
    return radius * math.cos(angle), radius * math.sin(angle)


def _bow(
    tie: Tie, angles: Mapping[str, float], radius: float, beside: int, style: Mapping[str, str]
) -> str:
    """Return a tie: a bow that bends to the middle, the more the longer it is.

    It keeps clear of those that tie the same two places already, which are *beside* it.
    """
    one, other = angles[tie.first], angles[tie.second]
    half = abs(math.remainder(other - one, 2 * math.pi)) / 2
    middle = one + math.remainder(other - one, 2 * math.pi) / 2
    bend = _point(
        middle, radius * math.cos(half) * (1 - 0.7 * math.sin(half)) - 8 - BESIDE * beside
    )
    start, end = _point(one, radius), _point(other, radius)
    data = f"M{_pair(start)}Q{_pair(bend)} {_pair(end)}"
    words = escape(tie.words)
    # The wide line without a colour is what a pointer hits.
    lines = tag("path", d=data, stroke_width=9, pointer_events="stroke")
    lines += tag("path", d=data, stroke_width=1.6, class_="sa-bow", **style)
    return tag(
        "a",
        tag("title", words) + lines,
        class_="sa-tie",
        href=tie.address,
        aria_label=tie.words,
        data_ends=f"{tie.first} {tie.second}",
    )


def _name(place: Place, angle: float, radius: float, *, is_tied: bool) -> str:
    """Return the name of a place outside of the circle, turned so that it reads from the left."""
    x, y = _point(angle, radius)
    turn = math.degrees(angle)
    flipped = math.cos(angle) < -1e-9
    outside = radius + 9
    label = text(
        -outside if flipped else outside,
        4,
        escape(place.title),
        anchor="end" if flipped else "start",
        fill=INK if is_tied else AXIS,
        transform=f"rotate({number(turn - 180 if flipped else turn)})",
    )
    dot = tag("circle", cx=x, cy=y, r=3.4, fill=INK if is_tied else PAPER, stroke=AXIS)
    return tag("a", dot + label, class_="sa-place", href=place.address, data_place=place.key)


def _pair(point: tuple[float, float]) -> str:
    return f"{number(point[0])} {number(point[1])}"
