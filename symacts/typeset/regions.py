r"""A function in pieces as a `cases` environment whose conditions read well.

Pieces with the same formula share a line, as in `x & |x| > \lambda \\ 0 & |x| \le \lambda`, and
lines run from left to right.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sympy import Abs, Expr, oo

from symacts.pieces import Pieces
from symacts.typeset.boxes import cases
from symacts.typeset.printer import Printer

__all__ = ["Region", "as_cases", "regions"]


@dataclass(frozen=True)
class Region:
    """An interval, or a single point, on which one formula holds."""

    low: Expr
    high: Expr
    has_low: bool
    has_high: bool
    formula: Expr
    part: int | None = None  # which of the pieces, None for a point with a value of its own

    @property
    def is_point(self) -> bool:
        """Whether the region is a single point."""
        return self.low == self.high


def regions(pieces: Pieces) -> list[Region]:
    """Return the intervals and points of *pieces* from left to right, the whole line covered."""
    found: list[Region] = []
    for index, ((low, high), part) in enumerate(zip(pieces.intervals, pieces.parts, strict=True)):
        left = _side_of(pieces, index - 1) if index else "left"
        right = _side_of(pieces, index) if index < len(pieces.breaks) else "right"
        found.append(Region(low, high, left == "right", right == "left", part, index))
        if right == "point":
            found.append(Region(high, high, True, True, pieces.value_at_break(index)))
    return found


def _side_of(pieces: Pieces, index: int) -> str:
    """Return where the break belongs: to the part on its "left" or "right", or to itself."""
    owner = pieces.owners[index]
    if isinstance(owner, str):
        return owner
    value = pieces.value_at_break(index)
    for side, part in (("right", pieces.parts[index + 1]), ("left", pieces.parts[index])):
        if part.subs(pieces.variable, pieces.breaks[index]) == value:
            return side
    return "point"


def as_cases(
    found: Sequence[Region], text: Callable[[Region], str], printer: Printer, variable: Expr
) -> str:
    """Return the regions as `cases`, or one formula where it holds in all of them."""
    lines: dict[str, list[Region]] = {}
    for region in found:
        lines.setdefault(text(region), []).append(region)
    if len(lines) == 1:
        return next(iter(lines))
    conditions = _conditions(list(lines.values()), printer, variable)
    rows = list(zip(lines, conditions, strict=True))
    rows.sort(key=lambda row: row[1] == OTHERWISE)
    return cases(rows)


OTHERWISE = r"\text{otherwise}"


def _conditions(groups: Sequence[Sequence[Region]], printer: Printer, variable: Expr) -> list[str]:
    joined = [_joined(group) for group in groups]
    if (absolute := _by_size(joined, printer, variable)) is not None:
        return absolute
    scattered = [group for group in joined if len(group) > 1]
    return [
        OTHERWISE
        if len(group) > 1 and (len(scattered) == 1 or group is scattered[-1])
        else r"\text{ or }".join(_condition(region, printer, variable) for region in group)
        for group in joined
    ]


def _joined(group: Sequence[Region]) -> list[Region]:
    """Return the regions of a group with neighbours made into one."""
    whole: list[Region] = []
    for region in group:
        if whole and whole[-1].high == region.low and (whole[-1].has_high or region.has_low):
            whole[-1] = replace(whole[-1], high=region.high, has_high=region.has_high)
        else:
            whole.append(region)
    return whole


def _by_size(
    groups: Sequence[Sequence[Region]], printer: Printer, variable: Expr
) -> list[str] | None:
    r"""Return conditions on |x| for an inner interval and two equal outer ones, else None."""
    if sorted(map(len, groups)) != [1, 2]:
        return None
    inner = next(group[0] for group in groups if len(group) == 1)
    if inner.low == -oo or inner.low + inner.high != 0 or inner.has_low != inner.has_high:
        return None
    size, edge = printer.print(Abs(variable)), printer.small.print(inner.high)
    if inner.is_point:
        point = printer.print(variable)
        inside, outside = f"{point} = {edge}", rf"{point} \ne {edge}"
    elif inner.has_high:
        inside, outside = rf"{size} \le {edge}", f"{size} > {edge}"
    else:
        inside, outside = f"{size} < {edge}", rf"{size} \ge {edge}"
    return [inside if len(group) == 1 else outside for group in groups]


def _condition(region: Region, printer: Printer, variable: Expr) -> str:
    x, low, high = (printer.small.print(e) for e in (variable, region.low, region.high))
    if region.is_point:
        return f"{x} = {low}"
    below, above = (r"\le" if closed else "<" for closed in (region.has_low, region.has_high))
    if region.low == -oo:
        return f"{x} {above} {high}"
    if region.high == oo:
        return rf"{x} \ge {low}" if region.has_low else f"{x} > {low}"
    return f"{low} {below} {x} {above} {high}"
