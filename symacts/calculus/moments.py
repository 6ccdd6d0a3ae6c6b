r"""Means over a standard normal input: $E f(Z)$, $E f(Z)^2$ and $E f'(Z)^2$.

Sums of Gaussian integrals have a closed form.  Everything else is integrated in balls: a
Taylor polynomial on each short interval, with a bound for the rest from the derivative over the
whole interval, and a bound for what lies beyond.
"""

from functools import lru_cache
from itertools import pairwise

from sympy import Expr, Integer, Symbol, erf, erfc, expand, fraction, oo, together

from symacts import atoms
from symacts.atoms import textbook
from symacts.calculus.normal_means import gaussian_mean
from symacts.calculus.scales import Undecided
from symacts.calculus.shape import Shape
from symacts.calculus.tails import expansion
from symacts.enclose import Ball, Program, Series, ball_of, filled_program, precision, program
from symacts.pieces import Pieces

__all__ = ["has_mean", "mean_square", "mean_square_exactly", "mean_value", "mean_value_exactly"]

_SHORT = 3
"""A constant of fewer operations is left as it is, a longer one may be a whole number."""

_REACH = 10
"""Beyond this the normal density is below 10^-22; a bound takes the place of the integral."""

_TERMS = 24
"""How many terms the Taylor polynomials have."""

_WIDTH, _HALVINGS, _MOST_CUTS = 0.5, 7, 120
_ERROR = 1e-19
"""Intervals are cut in halves, so often at most, until the error is below this."""


# -- closed forms ----------------------------------------------------------------------------------


def mean_value_exactly(pieces: Pieces) -> Expr | None:
    """Return the mean in closed form, parameters allowed, or None if no rule fits."""
    found = gaussian_mean(pieces)
    if found is None or not found.is_number or found.count_ops() <= _SHORT:
        return found
    whole = _whole_number_in(found)
    return whole if whole is not None and _is_zero(found - whole) else found


def _whole_number_in(number: Expr) -> Integer | None:
    """Return the whole number that a constant may be: SELU has the mean 0 and mean square 1."""
    enclosed = ball_of(number)
    whole = None if enclosed is None else enclosed.unique_fmpz()
    return None if whole is None else Integer(int(whole))


def _is_zero(number: Expr) -> bool:
    """Tell whether a constant is proved to vanish."""
    plain = textbook(number).replace(erfc, lambda u: 1 - erf(u))
    return bool(expand(fraction(together(plain))[0]) == 0)


def mean_square_exactly(pieces: Pieces) -> Expr | None:
    """Return the mean square in closed form, parameters allowed, or None if no rule fits."""
    squares = tuple(part**2 for part in pieces.parts)
    return mean_value_exactly(Pieces(pieces.variable, pieces.breaks, squares, pieces.owners))


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
            areas = []
            for left, right in pairwise(edges):
                areas.append(_area(run, left, right))
                if areas[-1] is None:
                    return None
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
    function, density = filled_program(part, variable), program(atoms.phi(variable), variable)
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


def _area(run: Program, left: Ball, right: Ball) -> Ball | None:
    """Return the integral over an interval, cut in halves until it is known well enough."""
    total, stack, narrowest = Ball(0), [(left, right)], _WIDTH * 2.0**-_HALVINGS
    for _ in range(_MOST_CUTS):
        if not stack:
            return total
        low, high = stack.pop()
        found = _taylor_area(run, low, high)
        if found is not None and found.rad() < _ERROR:
            total += found
        elif high - low < narrowest:
            return None
        else:
            middle = ((low + high) / 2).mid()
            stack += [(middle, high), (low, middle)]
    return None


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
