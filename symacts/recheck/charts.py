"""Where a derivative is positive, negative or zero: a cover of the line by boxes.

Beyond a point R the tail says the sign.  Around a point where a derivative is exactly zero the
first later derivative that is not zero there keeps its sign on a whole neighbourhood, and Taylor's
theorem gives the signs on both sides.  What is left between is bisected until on every box either
the function has a sign or the next derivative has one: then the signs at the two ends of the box
tell whether there is exactly one root in it or none.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from sympy import Expr, Symbol, expand, limit, nan, oo, simplify, zoo

from symacts.recheck.programs import Program, Unknown, number, program
from symacts.recheck.spans import Span, highest, lowest, meets, sign_of, span, width
from symacts.recheck.tails import STARTS, Tail, tail

__all__ = ["Chart", "Root", "chart", "is_zero", "value_of"]

_MOST_BOXES = 4000
_NARROWEST = 2.0**-40


@dataclass(frozen=True)
class Root:
    """A point where a function is zero: a bracket, and the point itself if it is known exactly."""

    at: Span
    exact: Expr | None = None


@dataclass
class Chart:
    """The signs of a function on an open interval and its roots in between, with the cover."""

    signs: list[int] = field(default_factory=list)
    roots: list[Root] = field(default_factory=list)
    boxes: int = 0
    core: str = ""
    margin: float = float("inf")
    critical: str = ""
    tails: tuple[str, ...] = ()

    def add(self, sign: int, root: Root | None = None) -> None:
        """Continue with a sign, behind a root or behind a box of the same sign."""
        if root is not None:
            self.roots.append(root)
        elif self.signs:
            if self.signs[-1] != sign:
                raise Unknown("neighbouring boxes have opposite signs")
            return
        self.signs.append(sign)

    def join(self, other: "Chart") -> None:
        """Continue with another chart."""
        self.add(other.signs[0])
        for root, sign in zip(other.roots, other.signs[1:], strict=True):
            self.add(sign, root)

    def note(self, box: tuple[Any, Any], value: Span) -> None:
        """Remember the box on which the function comes closest to zero."""
        size = float(min(abs(lowest(value)), abs(highest(value))))
        if size < self.margin:
            self.margin = size
            self.critical = f"[{float(box[0]):.6g}, {float(box[1]):.6g}]"


def value_of(expr: Expr, x: Symbol, point: Expr) -> Expr:
    """Return the value at an exact point, or the limit where the formula has a gap."""
    found = expr.subs(x, point)
    return limit(expr, x, point) if found.has(nan, zoo, oo) else found


@lru_cache(maxsize=8192)
def is_zero(value: Expr) -> bool:
    """Tell whether a number is exactly zero, by algebra; its enclosure is asked first."""
    if not value.is_number or sign_of(number(value)) in (1, -1):
        return False
    return bool(expand(value) == 0 or simplify(value) == 0)


@lru_cache(maxsize=1024)
def chart(
    expr: Expr, x: Symbol, order: int, ends: tuple[Expr, Expr], known: tuple[Expr, ...]
) -> Chart:
    """Return the signs of the derivative of the given order on the open interval between *ends*.

    *known* are exact points that are tried as roots.  Raises Unknown if the cover is not finished
    within its limits.
    """
    low, high = ends
    whole = Chart()
    if expand(expr.diff(x, order)) == 0:
        whole.add(0)
        return whole
    run = program(expr, x)
    inside = sorted(
        (p for p in set(known) if _is_between(p, low, high)), key=lambda p: lowest(number(p))
    )
    (first, left, _), (last, right, _) = edges = _core(expr.diff(x, order), x, ends, inside)
    points = [p for p in (low, *inside, high) if p.is_finite]
    places = {p: _order_of_zero(expr, x, order, p) for p in points}
    zeros = [p for p in points if places[p]]
    if left is not None:
        whole.add(left)
    position = first
    for p in zeros:
        start, end, signs = _around(run, order, p, places[p], first, last)
        if position < start:
            whole.join(_swept(run, order, position, start, whole))
        if p == low:
            whole.add(signs[1])
        elif p == high:
            whole.add(signs[0])
        else:
            whole.add(signs[0])
            whole.add(signs[1], Root(number(p), p))
        position = end
    if position < last:
        whole.join(_swept(run, order, position, last, whole))
    if right is not None:
        whole.add(right)
    whole.tails = tuple(text for _, _, text in edges if text)
    whole.core = f"[{float(first):.6g}, {float(last):.6g}]"
    return whole


def _is_between(point: Expr, low: Expr, high: Expr) -> bool:
    at = number(point)
    return (low == -oo or sign_of(at - number(low)) == 1) and (
        high == oo or sign_of(number(high) - at) == 1
    )


def _core(
    derivative: Expr, x: Symbol, ends: tuple[Expr, Expr], inside: list[Expr]
) -> tuple["Edge", "Edge"]:
    """Return the ends of the interval to be covered, with what is known beyond each."""
    finite = [number(p) for p in (*ends, *inside) if p.is_finite]
    reach = max((abs(bound) for p in finite for bound in (lowest(p), highest(p))), default=0)
    edges: list[Edge] = []
    for side, end in ((-1, ends[0]), (1, ends[1])):
        if end.is_finite:
            edges.append(((lowest if side < 0 else highest)(number(end)), None, ""))
            continue
        found = _tail_with_sign(derivative, x, side, reach)
        where = f"for x {'<= -' if side < 0 else '>= '}{found.start}"
        edges.append((lowest(span(side * found.start)), found.sign, f"{where}: {found.inequality}"))
    return edges[0], edges[1]


Edge = tuple[Any, int | None, str]
"""An end of the core, the sign beyond it, and why."""


def _tail_with_sign(derivative: Expr, x: Symbol, side: int, reach: Any) -> Tail:
    for start in STARTS:
        if start > reach:
            try:
                found = tail(derivative, x, side, start)
            except Unknown:
                continue
            if found.sign is not None:
                return found
    raise Unknown("no term leads far from zero")


def _order_of_zero(expr: Expr, x: Symbol, order: int, point: Expr) -> int:
    """Return how many derivatives vanish at a point, from an order on; 0 if it is no root."""
    for count in range(6):
        derivative = expr.diff(x, order + count)
        if sign_of(program(expr, x)(number(point), order + count)[-1]) in (1, -1):
            return count
        if not is_zero(value_of(derivative, x, point)):
            raise Unknown(f"the derivative of order {order + count} at {point} is not decided")
    raise Unknown(f"too many derivatives vanish at {point}")


def _around(
    run: Program, order: int, point: Expr, count: int, first: Any, last: Any
) -> tuple[Any, Any, tuple[int, int]]:
    """Return an interval around a root in which there is no other one, and the signs beside it."""
    at, reach = number(point), span(1) / 2
    for _ in range(14):
        start, end = max(lowest(at - reach), first), min(highest(at + reach), last)
        sign = sign_of(run(span(start, end), order + count)[-1])
        if sign:
            return start, end, (sign * (-1) ** count, sign)
        reach = reach / 2
    raise Unknown(f"the root {point} is not isolated")


def _swept(run: Program, order: int, low: Any, high: Any, whole: Chart) -> Chart:
    """Return the chart of a closed interval by bisection."""
    found = Chart()
    for sign, root in _boxes(run, order, low, high, whole):
        if root is None:
            found.add(sign)
            continue
        if not found.signs:
            found.add(-sign)
        found.add(sign, root)
    return found


def _boxes(
    run: Program, order: int, low: Any, high: Any, whole: Chart
) -> Iterator[tuple[int, Root | None]]:
    """Yield the boxes from left to right: the sign on each, or a root in it and the sign after."""
    waiting = [(low, high)]
    while waiting:
        box = waiting.pop()
        whole.boxes += 1
        if whole.boxes > _MOST_BOXES:
            raise Unknown(f"more than {_MOST_BOXES} boxes")
        sign, value, is_monotone = _on_box(run, order, *box)
        if sign:
            whole.note(box, value)
            yield sign, None
            continue
        if is_monotone:
            ends = [sign_of(run(span(end), order)[order]) for end in box]
            if ends[0] and ends[0] == ends[1]:
                yield ends[0], None
                continue
            if ends[0] and ends[1]:
                yield ends[1], Root(_refined(run, order, *box))
                continue
        if box[1] - box[0] < _NARROWEST:
            raise Unknown(f"no sign near {float(box[0]):.6g}")
        # Off the middle, so that roots at round numbers do not fall on edges for ever.
        middle = lowest(span(box[0]) + (span(box[1]) - span(box[0])) * 31 / 64)
        waiting += [(middle, box[1]), (box[0], middle)]


def _on_box(run: Program, order: int, low: Any, high: Any) -> tuple[int | None, Span, bool]:
    """Return the sign on a box, bounds for the values, and whether the next derivative has one."""
    box = span(low, high)
    try:
        over = run(box, order + 1)
    except (ValueError, ZeroDivisionError):
        return None, box, False
    is_monotone = sign_of(over[order + 1]) in (1, -1)
    if (sign := sign_of(over[order])) in (1, -1):
        return sign, over[order], is_monotone
    middle = span(lowest(box.mid))
    nearer = run(middle, order)[order] + over[order + 1] * (order + 1) * (box - middle)
    return sign_of(nearer) or None, nearer, is_monotone


def _refined(run: Program, order: int, low: Any, high: Any) -> Span:
    """Return a narrow bracket of the only root in a box, by Newton's method with spans."""
    box = span(low, high)
    for _ in range(60):
        if width(box) < 1e-27:
            break
        middle = span(lowest(box.mid))
        slope = run(box, order + 1)[order + 1] * (order + 1)
        step = middle - run(middle, order)[order] / slope
        if not meets(step, box):
            raise Unknown("the bracket of a root came out empty")
        lower, upper = max(lowest(step), lowest(box)), min(highest(step), highest(box))
        if upper - lower >= 0.9 * (highest(box) - lowest(box)):
            break
        box = span(lower, upper)
    return box
