"""Write a function in pieces: each region on an input that stays inside of it, then `np.where`."""

from sympy import Abs, Dummy, Expr, S, Symbol, oo

from symacts.numeric.emit import Writer
from symacts.numeric.stable import stabilise
from symacts.pieces import Pieces

__all__ = ["FAR", "write_regions"]

#: Beyond this size a part that has settled on its limit is evaluated at this point instead.
FAR = 1e30
_TAYLOR_TERMS = 26  # sinc and its derivatives to the last digit within 1 of the gap


def write_regions(writer: Writer, pieces: Pieces, held: tuple[bool, bool] = (False, False)) -> str:
    """Return the source of a function in pieces; what it needs before is added to the writer.

    *held* says whether the part that reaches to -oo, to oo, keeps its value at -FAR, FAR.
    """
    pieces = _fill_gaps(writer, _absolute(pieces.merged()), held)
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


def _absolute(pieces: Pieces) -> Pieces:
    """Return -u below the zero of a rising line u, and u above it, as the one part |u|."""
    x, line = pieces.variable, pieces.parts[-1]
    mirrored = len(pieces.parts) == 2 and pieces.parts[0] == -line and line.is_polynomial(x)
    if mirrored and line.diff(x).is_positive and line.subs(x, pieces.breaks[0]) == 0:
        return Pieces(x, (), (Abs(line),), ())
    return pieces


def _inside(writer: Writer, pieces: Pieces, index: int, x: str, held: tuple[bool, bool]) -> Expr:
    """Return a part made stable, in a variable that stays inside of the part's interval.

    So nothing overflows in a region that is not chosen; a polynomial does no harm there.
    """
    part, (low, high) = stabilise(pieces.parts[index]), pieces.intervals[index]
    variable = pieces.variable
    if variable not in part.free_symbols:
        return part
    bounded = not part.is_polynomial(variable)
    lower = writer.write(low) if low != -oo and bounded else ""
    upper = writer.write(high) if high != oo and bounded else ""
    if low == -oo and held[0]:
        lower = repr(-FAR)
    if high == oo and held[1]:
        upper = repr(FAR)
    inside = _clipped(x, lower, upper)
    if inside == writer.names[variable]:
        return part
    return part.xreplace({variable: writer.symbol(inside, writer.names[variable])})


def _clipped(x: str, lower: str, upper: str) -> str:
    """Return the source of *x* held between the bounds that are given."""
    if lower and upper:
        return f"np.clip({x}, {lower}, {upper})"
    if lower:
        return f"np.maximum({x}, {lower})"
    return f"np.minimum({x}, {upper})" if upper else x


def _fill_gaps(writer: Writer, pieces: Pieces, held: tuple[bool, bool]) -> Pieces:
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


def _around_gap(writer: Writer, pieces: Pieces, index: int, held: tuple[bool, bool]) -> Symbol:
    """Return a symbol for the values around a gap, within 1 of it by the Taylor polynomial."""
    part, variable, point = pieces.parts[index], pieces.variable, pieces.breaks[index]
    x = writer.names[variable]
    offset = x if point == 0 else f"({x} - {writer.write(point)})"
    t = Dummy("t", real=True)
    polynomial = part.subs(variable, point + t).series(t, 0, _TAYLOR_TERMS).removeO()
    near = writer.bind(f"np.abs({offset}) < 1.0", "near")
    h = writer.symbol(f"np.where({near}, {offset}, 0.0)", "h")
    inside = writer.bind(_horner(writer, polynomial.subs(t, h), h), "inside")
    whole = Pieces(variable, (), (part,), ())
    away = f"np.where({near}, {writer.write(point + 1)}, {x})"
    outside = _inside(writer, whole, 0, away, held)
    writer.share([outside])
    return writer.symbol(f"np.where({near}, {inside}, {writer.write(outside)})", "filled")


def _horner(writer: Writer, polynomial: Expr, h: Symbol) -> str:
    """Return the source of a polynomial by Horner's rule, in h**2 when it is even or odd."""
    powers = {power: value for (power,), value in polynomial.as_poly(h).terms()}
    parities = {power % 2 for power in powers}
    step, start = (2, min(parities)) if len(parities) == 1 else (1, 0)
    name = writer.names[h]
    base = writer.bind(f"np.square({name})", "q") if step == 2 else name
    highest = max(powers)
    source = writer.write(powers[highest])
    for power in range(highest - step, start - 1, -step):
        source = f"{writer.write(powers.get(power, S.Zero))} + {base} * ({source})"
    return f"{name} * ({source})" if start == 1 else source
