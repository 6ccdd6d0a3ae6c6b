"""Functions in pieces that are one formula after all: folded at zero, or clamped.

A choice between two formulas costs both of them and the choice; |x|, a maximum or a minimum costs
one operation.
"""

import sympy
from sympy import Abs, Expr, Max, Min, Mul, Piecewise, S, oo

from symacts.pieces import Pieces

__all__ = ["as_one_formula"]


def as_one_formula(pieces: Pieces) -> Pieces:
    """Return the same function without breaks where a rule finds one formula for it."""
    if pieces.is_smooth:
        return pieces
    for rule in (_folded, _clamped, _bent, _times_clamped):
        formula = rule(pieces)
        if formula is not None:
            return Pieces(pieces.variable, (), (formula,), ())
    return pieces


def _folded(pieces: Pieces) -> Expr | None:
    """Return an even function in |x|, and an odd one as x times an even one."""
    x = pieces.variable
    if pieces.breaks != (S.Zero,) or pieces.value_at_break(0) != pieces.parts[1].subs(x, 0):
        return None
    mirrored, right = pieces.parts[0].subs(x, -x), pieces.parts[1]
    if x not in right.free_symbols:
        return None
    if _are_equal(mirrored, right):
        return right.subs(x, Abs(x))
    if _are_equal(mirrored, -right) and x in Mul.make_args(right):
        return x * (right / x).subs(x, Abs(x))
    return None


def _are_equal(one: Expr, other: Expr) -> bool:
    return bool((one - other).expand() == 0 or sympy.together(one - other) == 0)


def _clamped(pieces: Pieces) -> Expr | None:
    """Return a continuous broken line as maxima and minima.

    Where the slope rises the next line is the larger one, where it falls the smaller one; the lines
    taken before must not interfere with a later one, which is checked pair by pair.
    """
    x, lines = pieces.variable, pieces.parts
    slopes = [line.diff(x) for line in lines]
    if not all(slope.is_number for slope in slopes):
        return None
    clamped = lines[0]
    for index, point in enumerate(pieces.breaks):
        rises = slopes[index + 1] - slopes[index]
        gap = lines[index + 1] - lines[index]
        if gap.subs(x, point).simplify() != 0 or not rises.is_nonzero:
            return None
        side = 1 if rises.is_positive else -1
        if not all(_stays_beyond(pieces, earlier, index + 1, side) for earlier in range(index)):
            return None
        clamped = (Max if side > 0 else Min)(clamped, lines[index + 1], evaluate=False)
    return clamped


def _stays_beyond(pieces: Pieces, earlier: int, later: int, side: int) -> bool:
    """Tell whether a later line lies on the losing side of an earlier one where that one holds."""
    x = pieces.variable
    gap = side * (pieces.parts[earlier] - pieces.parts[later])
    ends = [end for end in pieces.intervals[earlier] if end.is_finite]
    if len(ends) == 1:
        outward = -1 if pieces.intervals[earlier][0] == -oo else 1
        if not (gap.diff(x) * outward).is_nonnegative:
            return False
    return all(gap.subs(x, end).is_nonnegative for end in ends)


def _bent(pieces: Pieces) -> Expr | None:
    """Return two lines that meet as the larger or the smaller of them, as a parameter says.

    Neither slope may be zero, which would make NaN of an infinity.
    """
    x, lines = pieces.variable, pieces.parts
    slopes = [line.diff(x) for line in lines]
    if len(lines) != 2 or not all(s.is_nonzero and x not in s.free_symbols for s in slopes):
        return None
    if (lines[1] - lines[0]).subs(x, pieces.breaks[0]).simplify() != 0:
        return None
    larger, smaller = (kind(*lines, evaluate=False) for kind in (Max, Min))
    return Piecewise((larger, slopes[0] <= slopes[1]), (smaller, True))


def _times_clamped(pieces: Pieces) -> Expr | None:
    """Return the variable times a broken line, as hard swish is."""
    x = pieces.variable
    if not all(part.is_polynomial(x) and part.subs(x, 0) == 0 for part in pieces.parts):
        return None
    lines = tuple(sympy.cancel(part / x) for part in pieces.parts)
    if not all(sympy.degree(line, x) <= 1 for line in lines if line != 0):
        return None
    line = _clamped(Pieces(x, pieces.breaks, lines, pieces.owners))
    return None if line is None else Mul(x, line, evaluate=False)
