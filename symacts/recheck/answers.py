"""What a re-check finds, and how a claim is compared with what was enclosed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from mpmath import mp
from sympy import Expr, FiniteSet, Float, Integer, Interval, S, Union, oo
from sympy.sets.sets import Set

from symacts.recheck.charts import Root, is_zero
from symacts.recheck.programs import Unknown, number
from symacts.recheck.spans import Span, highest, lowest, meets, sign_of, width

__all__ = [
    "Proof",
    "Refuted",
    "agrees",
    "in_words",
    "listed",
    "places_agree",
    "require",
    "require_number",
    "require_places",
    "same_end",
    "shown",
]


@dataclass(frozen=True)
class Proof:
    """Why a claim holds, in one sentence, and what a sceptic can compute again."""

    argument: str
    evidence: tuple[str, ...] = ()


class Refuted(Exception):
    """The claim is false; the message says what holds instead."""


def require(holds: bool, otherwise: str) -> None:  # noqa: FBT001  as in an assert statement
    """Raise Refuted, with what is the matter, unless the claim holds."""
    if not holds:
        raise Refuted(otherwise)


_NARROW = 1e-20


def agrees(claim: Expr, mine: Span, exact: Expr | None = None, narrow: float = _NARROW) -> bool:
    """Tell whether a claimed number is the one that was enclosed; Unknown if that is too wide."""
    if claim in (oo, -oo):
        return bool(
            lowest(mine) == highest(mine) == (float("inf") if claim == oo else -float("inf"))
        )
    if exact is not None and exact.is_finite and not claim.has(Float):
        if sign_of(number(claim - exact)) in (1, -1):
            return False
        if is_zero(claim - exact):
            return True
    claimed = number(claim)
    if not meets(claimed, mine):
        return False
    scale = max(1.0, abs(float(lowest(mine))))
    if width(mine) > max(width(claimed), narrow * scale):
        raise Unknown(f"the enclosure {shown(mine)} is too wide to decide")
    return True


def require_number(
    what: str, claim: Expr, mine: Span, exact: Expr | None = None, narrow: float = _NARROW
) -> str:
    """Raise Refuted unless a claimed number is the one enclosed; return the enclosure in words."""
    found = f"{what} is {shown(mine) if exact is None else in_words(exact)}"
    require(agrees(claim, mine, exact, narrow), f"{found}, not {claim}")
    return found


_LONG = 12


def in_words(exact: Expr) -> str:
    """Return an exact number as text, by its digits if the formula is long."""
    return str(exact) if exact.count_ops() < _LONG else shown(number(exact))


def shown(x: Span) -> str:
    """Return a span as text, with digits enough to see its width."""
    low, high = lowest(x), highest(x)
    if low == high:
        return str(Integer(int(low))) if mp.isint(low) else str(Float(low, 20))
    if Float(low, 22) == Float(high, 22):
        return f"{Float(low, 22)} to 22 digits"
    return f"in [{Float(low, 16)}, {Float(high, 16)}]"


def _split(places: Iterable[Expr | Set | Root]) -> tuple[list[Interval], list[Expr | Root]]:
    """Return the intervals, those that touch made one, and the points outside of them."""
    sets, enclosed = [], []
    for place in places:
        if isinstance(place, Set):
            sets.append(place)
        elif isinstance(place, Root):
            if place.exact is None:
                enclosed.append(place)
            else:
                sets.append(FiniteSet(place.exact))
        else:
            sets.append(FiniteSet(place))
    whole = Union(*sets)
    parts = whole.args if isinstance(whole, Union) else [whole]
    if not all(isinstance(part, Interval | FiniteSet) or part == S.EmptySet for part in parts):
        raise Unknown(f"places of the form {whole}")
    intervals = [part for part in parts if isinstance(part, Interval)]
    points = [point for part in parts if isinstance(part, FiniteSet) for point in part.args]
    return intervals, sorted([*points, *enclosed], key=lambda p: lowest(_at(p)))


def _at(point: Expr | Root) -> Span:
    return point.at if isinstance(point, Root) else number(point)


def places_agree(claims: Sequence[Expr | Set], mine: Sequence[Root | Set]) -> bool:
    """Tell whether claimed points and intervals are those that were found."""
    intervals, points = _split(claims)
    own_intervals, own_points = _split(mine)
    if len(intervals) != len(own_intervals) or len(points) != len(own_points):
        return False
    pairs = zip(points, own_points, strict=True)
    return all(map(_same_interval, intervals, own_intervals)) and all(
        agrees(claim, _at(own), own.exact if isinstance(own, Root) else own) for claim, own in pairs
    )


def _same_interval(claim: Interval, own: Interval) -> bool:
    flags = claim.left_open == own.left_open and claim.right_open == own.right_open
    ends = (claim.start, own.start), (claim.end, own.end)
    return bool(flags and all(same_end(first, second) for first, second in ends))


def same_end(first: Expr, second: Expr) -> bool:
    """Tell whether two ends of intervals, each perhaps infinite, are the same."""
    if first.is_infinite or second.is_infinite:
        return bool(first == second)
    return agrees(first, number(second), second)


def require_places(what: str, claims: Sequence[Expr | Set], mine: Sequence[Root | Set]) -> str:
    """Raise Refuted unless claimed places are those found; return in words what was found."""
    found = f"{what}: {listed(mine)}"
    claimed = ", ".join(map(str, claims)) or "none"
    require(places_agree(claims, mine), f"{found}; claimed: {claimed}")
    return found


def listed(places: Sequence[Root | Set]) -> str:
    """Return places as text, enclosures with their digits."""
    intervals, points = _split(places)
    texts = [str(one) for one in intervals]
    texts += [shown(p.at) if isinstance(p, Root) else str(p) for p in points]
    return "; ".join(texts) or "none"
