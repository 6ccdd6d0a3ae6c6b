"""Symmetries: odd and even functions, homogeneous ones, and parameters that only set the scale."""

from dataclasses import dataclass
from itertools import pairwise

from sympy import Expr, Rational, S, Symbol, expand, oo

from symacts.calculus import numbers
from symacts.calculus.identities import nests_deeply, same
from symacts.calculus.regular import is_analytic
from symacts.pieces import Pieces

__all__ = [
    "Scaling",
    "center",
    "doubles",
    "is_lopsided",
    "mirrored",
    "moved",
    "parity",
    "scaling",
    "symmetrised",
]


def mirrored(pieces: Pieces) -> Pieces:
    """Return f(-x)."""
    x = pieces.variable
    swap = {"left": "right", "right": "left"}
    owners = tuple(
        swap[o] if isinstance(o, str) else o.subs(x, -x) for o in reversed(pieces.owners)
    )
    return Pieces(
        x,
        tuple(-point for point in reversed(pieces.breaks)),
        tuple(part.subs(x, -x) for part in reversed(pieces.parts)),
        owners,
    )


def parity(pieces: Pieces) -> tuple[str, Expr | None] | None:
    """Return "odd", "even" or "neither", for "neither" with a point that refutes both.

    The answer "neither" is only given to functions without parameters.
    """
    other = mirrored(pieces)
    for word, sign in (("even", 1), ("odd", -1)):
        if _is_multiple(pieces, other, sign):
            return word, None
    x = pieces.variable
    if any(part.free_symbols - {x} for part in pieces.parts):
        return None
    for point in _PROBES:
        here, there = _value(pieces, point), _value(pieces, -point)
        if here is None or there is None:
            continue
        if numbers.sign(here - there) in (1, -1) and numbers.sign(here + there) in (1, -1):
            return "neither", point
    return None


_PROBES = tuple(Rational(p, q) for p, q in ((1, 1), (2, 1), (1, 2), (4, 1), (8, 1), (3, 4), (3, 8)))


def _is_multiple(pieces: Pieces, other: Pieces, sign: int) -> bool:
    """Tell whether *other* is proved to be *pieces* times *sign*."""
    return (
        _same_points(pieces.breaks, other.breaks)
        and all(
            same(a, sign * b) or (not pieces.breaks and _is_constant_zero(a - sign * b, pieces))
            for a, b in zip(pieces.parts, other.parts, strict=True)
        )
        and all(
            same(pieces.value_at_break(k), sign * other.value_at_break(k))
            for k in range(len(pieces.breaks))
        )
    )


def _is_constant_zero(expr: Expr, pieces: Pieces) -> bool:
    """Tell whether a smooth function is zero at zero and has no slope: asinh(x) + asinh(-x)."""
    x = pieces.variable
    return (
        not nests_deeply(expr)
        and same(expr.diff(x), S.Zero)
        and is_analytic(expr, x, -oo, oo)
        and numbers.sign(expr.subs(x, 0)) == 0
    )


def _value(pieces: Pieces, point: Expr) -> Expr | None:
    """Return the value at a point that is no break."""
    part = _part_at(pieces, point)
    return None if part is None else part.subs(pieces.variable, point)


def _part_at(pieces: Pieces, point: Expr) -> Expr | None:
    """Return the formula that holds around a point that is no break."""
    for part, (low, high) in zip(pieces.parts, pieces.intervals, strict=True):
        if numbers.order(point, low) == 1 and numbers.order(high, point) == 1:
            return part
    return None


def center(pieces: Pieces) -> Expr | None:
    """Return c if the graph is symmetric about the point (0, c): f(x) + f(-x) = 2c for all x."""
    other, x = mirrored(pieces), pieces.variable
    if not _same_points(pieces.breaks, other.breaks):
        return None
    sums = [a + b for a, b in zip(pieces.parts, other.parts, strict=True)]
    if not pieces.breaks and _is_constant_zero(sums[0], pieces):
        return S.Zero
    sums += [pieces.value_at_break(k) + other.value_at_break(k) for k in range(len(pieces.breaks))]
    heights = [h for h in (sums[-1].subs(x, 0), sums[-1]) if h.is_finite and not h.has(x)]
    return next((h / 2 for h in heights if all(same(total, h) for total in sums)), None)


def moved(pieces: Pieces, to: Expr) -> Pieces:
    """Return f(x + to), whose graph has the point *to* at zero."""
    x = pieces.variable
    owners = tuple(o if isinstance(o, str) else o.subs(x, x + to) for o in pieces.owners)
    parts = tuple(part.subs(x, x + to) for part in pieces.parts)
    return Pieces(x, tuple(point - to for point in pieces.breaks), parts, owners)


def is_lopsided(pieces: Pieces) -> bool:
    """Tell whether points refute that the graph is symmetric about x = 0, or a point there."""
    pairs = [(_value(pieces, point), _value(pieces, -point)) for point in _PROBES]
    if S.Zero in pieces.breaks:
        own = pieces.value_at_break(pieces.breaks.index(S.Zero))
        pairs.append((own, own))
    known = [(a, b) for a, b in pairs if a is not None and b is not None]
    return any(numbers.sign(a - b) in (1, -1) for a, b in known) and any(
        numbers.sign(a + b - known[0][0] - known[0][1]) in (1, -1) for a, b in known[1:]
    )


def _same_points(first: tuple[Expr, ...], second: tuple[Expr, ...]) -> bool:
    return len(first) == len(second) and all(
        expand(a - b) == 0 for a, b in zip(first, second, strict=True)
    )


def symmetrised(pieces: Pieces) -> list[tuple[Expr, Expr, Expr]] | None:
    """Return f(x) + f(-x) for x > 0 as intervals with a formula each, 0 where that is zero."""
    x = pieces.variable
    edges: list[Expr] = [S.Zero]
    for point in pieces.breaks:
        side = numbers.sign(point)
        if side is None:
            return None
        edges.append(point * side)
    ascending = _ascending(edges)
    if ascending is None:
        return None
    found: list[tuple[Expr, Expr, Expr]] = []
    for low, high in pairwise([*ascending, oo]):
        inside = low + 1 if high == oo else (low + high) / 2
        parts = [_part_at(pieces, side * inside) for side in (1, -1)]
        if parts[0] is None or parts[1] is None:
            return None
        total = parts[0] + parts[1].subs(x, -x)
        is_zero = same(total, S.Zero) or (not pieces.breaks and _is_constant_zero(total, pieces))
        found.append((low, high, S.Zero if is_zero else total))
    return found


def _ascending(points: list[Expr]) -> list[Expr] | None:
    """Return the points in order, each once, or None if the order depends on parameters."""
    ordered: list[Expr] = []
    for point in points:
        sides = [numbers.order(point, other) for other in ordered]
        if None in sides:
            return None
        if 0 not in sides:
            ordered.insert(sum(side == 1 for side in sides), point)
    return ordered


def doubles(pieces: Pieces) -> bool | None:
    """Tell whether f(c x) = c f(x) for all c > 0, or is refuted at c = 2."""
    x = pieces.variable
    if all(point == 0 for point in pieces.breaks):
        rays = all(not expand(part / x).has(x) for part in pieces.parts)
        if rays and all(pieces.value_at_break(k) == 0 for k in range(len(pieces.breaks))):
            return True
    for point in (sign * probe for probe in _PROBES for sign in (1, -1)):
        once, twice = _value(pieces, point), _value(pieces, 2 * point)
        if once is not None and twice is not None and numbers.sign(twice - 2 * once) in (1, -1):
            return False
    return None


@dataclass(frozen=True)
class Scaling:
    """A parameter that only sets the scale: f(x) = size^m g(x / size^k), where g is f at size 1."""

    parameter: Symbol
    m: Rational
    k: Rational

    def point(self, number: Expr) -> Expr:
        """Return where a point of g lies for f."""
        return number * self.parameter**self.k

    def value(self, number: Expr, order: int = 0) -> Expr:
        """Return what a value of g, or of a derivative of it, is for f."""
        return number * self.parameter ** (self.m - order * self.k)


_EXPONENTS = tuple(Rational(p, q) for p, q in ((1, 1), (-1, 1), (1, 2), (-1, 2)))


def scaling(pieces: Pieces, parameters: tuple[Symbol, ...]) -> Scaling | None:
    """Return the scaling that explains the only parameter, if that is what it is."""
    if len(parameters) != 1 or not parameters[0].is_positive:
        return None
    (p,) = parameters
    x = pieces.variable
    unit = pieces.subs({p: S.One})
    for k in _EXPONENTS:
        for m in (k, S.Zero):

            def scaled(expr: Expr, k: Rational = k, m: Rational = m) -> Expr:
                return p**m * expr.subs(x, x / p**k)

            if all(
                same(point, unit_point * p**k)
                for point, unit_point in zip(pieces.breaks, unit.breaks, strict=True)
            ) and all(
                same(part, scaled(unit_part))
                for part, unit_part in zip(pieces.parts, unit.parts, strict=True)
            ):
                return Scaling(p, m, k)
    return None
