"""Write a function in pieces: each region on an input that stays inside of it, then `np.where`."""

from typing import TypeAlias

import sympy
from sympy import Abs, Dummy, Expr, Piecewise, Symbol, oo

from symacts import atoms
from symacts.numeric.lowering.choices import best_form
from symacts.numeric.lowering.emit import Writer, number_source
from symacts.numeric.lowering.products import (
    Phi_times,
    decay,
    phi_times,
    sech2_softplus_times,
    sech2_times,
    sigma_prime_times,
    sigma_times,
    tanh_softplus_prime_times,
    tanh_softplus_times,
)
from symacts.numeric.lowering.shapes import as_one_formula
from symacts.numeric.lowering.stable import sech2_softplus, tanh_softplus, tanh_softplus_prime
from symacts.pieces import Pieces

__all__ = ["Held", "write_regions"]

_TAYLOR_TERMS = 26  # sinc and its derivatives to the last digit within 1 of the gap


Held: TypeAlias = tuple[float | None, float | None]


def write_regions(writer: Writer, pieces: Pieces, held: Held = (None, None)) -> str:
    """Return the source of a function in pieces; what it needs before is added to the writer.

    *held* says from which point to the left, and to the right, the variable stands still where it
    would otherwise make a product of zero and infinity.
    """
    pieces = _fill_gaps(writer, as_one_formula(pieces.merged()), held)
    variable, x = pieces.variable, writer.names[pieces.variable]
    parts = [_inside(writer, pieces, index, x, held) for index in range(len(pieces.parts))]
    writer.share(parts)
    source = writer.write(parts[-1])
    for index in reversed(range(len(pieces.breaks))):
        point = writer.write(pieces.breaks[index])
        value = pieces.value_at_break(index)
        relation = "<" if pieces.owners[index] == "right" else "<="
        is_apart = value != pieces.parts[index].subs(variable, pieces.breaks[index])
        if not isinstance(pieces.owners[index], str) and is_apart:
            source = f"np.where({x} == {point}, {writer.write(value)}, {source})"
            relation = "<"
        source = f"np.where({x} {relation} {point}, {writer.write(parts[index])}, {source})"
    return source


def _inside(writer: Writer, pieces: Pieces, index: int, x: str, held: Held) -> Expr:
    """Return a part made stable, its variable held where the part asks for it.

    A region that is not chosen may overflow or be NaN, which nobody sees.
    """
    variable, (low, high) = pieces.variable, pieces.intervals[index]
    part = best_form(pieces.parts[index], variable, writer.defaults)
    lower = held[0] if low == -oo and held[0] is not None else None
    upper = held[1] if high == oo and held[1] is not None else None
    if (lower is None and upper is None) or variable not in part.free_symbols:
        return part
    inside = _clipped(
        x,
        "" if lower is None else number_source(lower),
        "" if upper is None else number_source(upper),
    )
    return _hold(part, variable, writer.symbol(inside, writer.names[variable]))


def _hold(expr: Expr, variable: Symbol, held: Symbol) -> Expr:
    """Return *expr* with its variable held, but for arguments of functions that settle by then.

    Those keep the variable itself, so that a function and its derivative share them.
    """
    if expr == variable:
        return held
    if not expr.args:
        return expr
    if isinstance(expr, Piecewise):
        return Piecewise(*((_hold(e, variable, held), condition) for e, condition in expr.args))
    *others, last = expr.args
    if type(expr) in _SETTLING and _is_sure_to_be_infinite(last, variable):
        return expr.func(*(_hold(arg, variable, held) for arg in others), last)
    return expr.func(*(_hold(arg, variable, held) for arg in expr.args))


def _is_sure_to_be_infinite(argument: Expr, variable: Symbol) -> bool:
    """Tell whether an argument is a polynomial, and so infinite where the variable is."""
    if isinstance(size := argument.as_independent(variable, as_Add=False)[1], Abs):
        argument = size.args[0]
    if not argument.is_polynomial(variable) or variable not in argument.free_symbols:
        return False
    return bool(argument.as_poly(variable).LC().is_nonzero)


_SETTLING = (
    *(atoms.sigma, atoms.sigma_prime, atoms.tanh, atoms.sech2, atoms.phi, atoms.Phi),
    *(tanh_softplus, sech2_softplus, sigma_times, sigma_prime_times, sech2_times),
    *(decay, phi_times, Phi_times, tanh_softplus_times, sech2_softplus_times),
    *(tanh_softplus_prime, tanh_softplus_prime_times, sympy.erf, sympy.atan),
)


def _clipped(x: str, lower: str, upper: str) -> str:
    """Return the source of *x* held between the bounds that are given."""
    if lower and upper:
        return f"np.clip({x}, {lower}, {upper})"
    if lower:
        return f"np.maximum({x}, {lower})"
    return f"np.minimum({x}, {upper})" if upper else x


def _fill_gaps(writer: Writer, pieces: Pieces, held: Held) -> Pieces:
    """Return the pieces without the points that only fill a gap of one formula (sinc at 0).

    Near such a point the formula is 0/0, so its Taylor polynomial is evaluated there instead.
    """
    for index in range(len(pieces.breaks)):
        if pieces.fills_gap(index):
            filled = _around_gap(writer, pieces, index, held)
            rest = Pieces(
                pieces.variable,
                pieces.breaks[:index] + pieces.breaks[index + 1 :],
                (*pieces.parts[:index], filled, *pieces.parts[index + 2 :]),
                pieces.owners[:index] + pieces.owners[index + 1 :],
            )
            return _fill_gaps(writer, rest, held)
    return pieces


def _around_gap(writer: Writer, pieces: Pieces, index: int, held: Held) -> Symbol:
    """Return a symbol for the values around a gap, within 1 of it by the Taylor polynomial."""
    part, variable, point = pieces.parts[index], pieces.variable, pieces.breaks[index]
    x = writer.names[variable]
    offset = x if point == 0 else f"({x} - {writer.write(point)})"
    t = Dummy("t", real=True)
    polynomial = part.subs(variable, point + t).series(t, 0, _TAYLOR_TERMS).removeO()
    near = writer.bind(f"np.abs({offset}) < 1.0", "near")
    h = writer.symbol(f"np.where({near}, {offset}, 0.0)", "h")
    inside = writer.bind(writer.polynomial(polynomial.subs(t, h), h), "inside")
    whole = Pieces(variable, (), (part,), ())
    away = f"np.where({near}, {writer.write(point + 1)}, {x})"
    outside = _inside(writer, whole, 0, away, held)
    writer.share([outside])
    return writer.symbol(f"np.where({near}, {inside}, {writer.write(outside)})", "filled")
