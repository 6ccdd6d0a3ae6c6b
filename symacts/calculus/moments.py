r"""Means over a standard normal input: $E f(Z)$, $E f(Z)^2$ and $E f'(Z)^2$.

Piecewise polynomials are integrated in closed form.  Everything else is integrated in balls: a
Taylor polynomial on each short interval, with a bound for the rest from the derivative over the
whole interval, and a bound for what lies beyond.
"""

from functools import lru_cache
from itertools import pairwise

from sympy import Expr, Poly, S, Symbol, expand, oo

from symacts import atoms
from symacts.calculus.scales import Undecided
from symacts.calculus.shape import Shape
from symacts.calculus.tails import expansion
from symacts.enclose import Ball, Program, Series, ball_of, precision, program
from symacts.pieces import Pieces

__all__ = ["has_mean", "mean_square", "mean_square_exactly", "mean_value", "mean_value_exactly"]

_REACH = 10
"""Beyond this the normal density is below 10^-22; a bound takes the place of the integral."""

_TERMS = 24
"""How many terms the Taylor polynomials have."""

_WIDTH, _NARROWEST = 0.5, 2.0**-8
_ERROR = 1e-19
"""Intervals are cut in halves, from one width to the other, until the error is below this."""


# -- closed forms ----------------------------------------------------------------------------------


def mean_value_exactly(pieces: Pieces) -> Expr | None:
    """Return the mean of a piecewise polynomial, parameters allowed."""
    total = S.Zero
    for given, (low, high) in zip(pieces.parts, pieces.intervals, strict=True):
        part = expand(given)
        if not part.is_polynomial(pieces.variable):
            return None
        terms = Poly(part, pieces.variable).terms()
        total += sum(c * _moment(k, low, high) for (k,), c in terms)
    return expand(total)


def mean_square_exactly(pieces: Pieces) -> Expr | None:
    """Return the mean square of a piecewise polynomial, parameters allowed."""
    squares = tuple(expand(part**2) for part in pieces.parts)
    squared = Pieces(pieces.variable, pieces.breaks, squares, pieces.owners)
    return mean_value_exactly(squared)


def _moment(k: int, low: Expr, high: Expr) -> Expr:
    """Return the integral of x**k times the normal density, by parts until k is 0 or 1."""
    if k == 0:
        return _share_below(high) - _share_below(low)
    edges = _edge(k - 1, low) - _edge(k - 1, high)
    return edges + ((k - 1) * _moment(k - 2, low, high) if k > 1 else 0)


def _share_below(point: Expr) -> Expr:
    """Return Phi, at a negative argument by its mirror image."""
    if point.could_extract_minus_sign():
        return 1 - atoms.Phi(-point)
    return atoms.Phi(point)


def _edge(k: int, point: Expr) -> Expr:
    if point in (oo, -oo):
        return S.Zero
    return point**k * atoms.phi(-point if point.could_extract_minus_sign() else point)


# -- enclosures ------------------------------------------------------------------------------------


def has_mean(shape: Shape) -> bool:
    """Tell whether the mean provably exists: the density falls faster than the function grows."""
    pieces = shape.pieces()
    ends = ((pieces.parts[0], -1), (pieces.parts[-1], 1))
    weighed = ((part * atoms.phi(shape.variable), side) for part, side in ends)
    return all(_beyond(part, shape.variable, side) is not None for part, side in weighed)


def mean_value(shape: Shape) -> Ball | None:
    """Return a ball for the mean of a function without parameters."""
    return _integral(shape.pieces(), 1)


def mean_square(shape: Shape, order: int = 0) -> Ball | None:
    """Return a ball for the mean square of a derivative of a function without parameters."""
    return _integral(shape.pieces(order), 2)


def stretching(shape: Shape) -> Pieces:
    """Return x f(x) f'(x), half of how fast f(s x)^2 grows with s at s = 1."""
    values, slopes = shape.pieces(0), shape.pieces(1)
    products = zip(values.parts, slopes.parts, strict=True)
    parts = tuple(shape.variable * value * slope for value, slope in products)
    return Pieces(values.variable, values.breaks, parts, values.owners)


def mean_of(pieces: Pieces) -> Ball | None:
    """Return a ball for the mean of what is given by pieces without parameters."""
    return _integral(pieces, 1)


def _integral(pieces: Pieces, power: int) -> Ball | None:
    x, total = pieces.variable, Ball(0)
    with precision(_TERMS + 2, 96):
        for part, (low, high) in zip(pieces.parts, pieces.intervals, strict=True):
            run, edges = _weighed(part, x, power), _edges(low, high)
            if run is None or edges is None:
                return None
            areas = [_area(run, left, right, _WIDTH) for left, right in pairwise(edges)]
            far = [side for end, side in ((low, -1), (high, 1)) if not end.is_finite]
            areas += [_beyond(part**power * atoms.phi(x), x, side) for side in far]
            for area in areas:
                if area is None:
                    return None
                total += area
        return total


@lru_cache(maxsize=256)
def _weighed(part: Expr, variable: Symbol, power: int) -> Program | None:
    """Return the integrand; the part and the density are each evaluated once."""
    function, density = program(part, variable), program(atoms.phi(variable), variable)
    if function is None or density is None:
        return None

    def run(x: Series) -> Series:
        y = function(x)
        return (y if power == 1 else y * y) * density(x)

    return run


def _edges(low: Expr, high: Expr) -> list[Ball] | None:
    """Return the ends of a part within reach and the points between them where it is cut."""
    left = Ball(-_REACH) if low == -oo else ball_of(low)
    right = Ball(_REACH) if high == oo else ball_of(high)
    if left is None or right is None:
        return None
    count = int(_REACH / _WIDTH)
    inside = (Ball(k * _WIDTH) for k in range(-count, count + 1))
    return [left, *(point for point in inside if left < point < right), right]


def _area(run: Program, left: Ball, right: Ball, width: float) -> Ball | None:
    """Return the integral over a short interval, cut in halves until it is known well enough."""
    total = _taylor_area(run, left, right)
    if total is not None and total.rad() < _ERROR:
        return total
    if width < _NARROWEST:
        return None
    middle = ((left + right) / 2).mid()
    first, second = (_area(run, a, b, width / 2) for a, b in ((left, middle), (middle, right)))
    return None if first is None or second is None else first + second


def _taylor_area(run: Program, left: Ball, right: Ball) -> Ball | None:
    """Return the integral of the Taylor polynomial at the middle, with a bound for the rest."""
    middle = ((left + right) / 2).mid()
    try:
        at_middle = run(Series([middle, Ball(1)]))
        over_all = run(Series([left.union(right), Ball(1)]))
    except (ValueError, ZeroDivisionError):
        return None
    if not over_all[_TERMS].is_finite():
        return None
    total, above, below = Ball(0), right - middle, left - middle
    power_above, power_below = above, below
    for k in range(_TERMS):
        total += at_middle[k] * (power_above - power_below) / (k + 1)
        power_above, power_below = power_above * above, power_below * below
    # In the last term the coefficient varies from point to point within its ball.
    size = abs(over_all[_TERMS]) * (abs(power_above) + abs(power_below)) / (_TERMS + 1)
    return total + Ball(0, 1) * size


def _beyond(weighed: Expr, variable: Symbol, side: int) -> Ball | None:
    """Return a ball for the integral beyond the reach, where the integrand falls like e^-X."""
    try:
        found = expansion(weighed, variable, _REACH, side).envelope()
        if found is None:
            return Ball(0)
        size, scale = found
        return Ball(0, 1) * (size * scale.area_beyond(_REACH)).upper()
    except Undecided:
        return None
