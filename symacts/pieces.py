"""A function of one variable as smooth parts between break points.

SymPy differentiates `Abs`, `Max` and `sign` into `Heaviside` and `DiracDelta`, and five spellings
of ReLU give five derivatives at 0.  So before anything is differentiated the expression is cut into
regions: open intervals with one smooth expression each, and for every break point the part that
owns it by the inequality as written.  Derivatives, numbers, LaTeX and facts all start here.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import TypeAlias

from sympy import (
    Abs,
    Basic,
    Eq,
    Expr,
    Heaviside,
    Integer,
    Max,
    Min,
    Piecewise,
    S,
    Symbol,
    cosh,
    oo,
    sign,
    sinh,
)
from sympy.core.relational import Relational
from sympy.logic.boolalg import ITE, And, Boolean, BooleanFalse, BooleanTrue, Not, Or

from symacts.differentiate import differentiate
from symacts.errors import DefinitionError
from symacts.lift import lift

__all__ = ["Pieces", "cut", "desugar"]

Owner: TypeAlias = "str | Expr"


@dataclass(frozen=True)
class Pieces:
    """A function of *variable*: `parts[k]` holds between `breaks[k - 1]` and `breaks[k]`.

    `owners[k]` says what happens at `breaks[k]`: `"left"` or `"right"` name the part whose formula
    holds there too, an expression is a branch of its own for that single point (its value there is
    `value_at_break(k)`).
    """

    variable: Symbol
    breaks: tuple[Expr, ...]
    parts: tuple[Expr, ...]
    owners: tuple[Owner, ...]

    @cached_property
    def intervals(self) -> tuple[tuple[Expr, Expr], ...]:
        """The ends of the open interval of each part."""
        ends = (-oo, *self.breaks, oo)
        return tuple(pairwise(ends))

    @property
    def is_smooth(self) -> bool:
        """Whether one formula holds on the whole line."""
        return not self.breaks

    def subs(self, values: dict[Symbol, Expr]) -> "Pieces":
        """Return the pieces with parameters replaced by numbers."""
        return Pieces(
            self.variable,
            tuple(point.subs(values) for point in self.breaks),
            tuple(part.subs(values) for part in self.parts),
            tuple(o if isinstance(o, str) else o.subs(values) for o in self.owners),
        )

    def value_at_break(self, index: int) -> Expr:
        """Return the value taken at `breaks[index]`, by the part that owns the point."""
        owner = self.owners[index]
        if isinstance(owner, str):
            part = self.parts[index if owner == "left" else index + 1]
            return part.subs(self.variable, self.breaks[index])
        return owner.subs(self.variable, self.breaks[index])

    def diff(self, wrt: Symbol | None = None) -> "Pieces":
        """Return the derivative by the variable, or by the parameter *wrt*, part by part."""
        symbol = wrt or self.variable
        parts = tuple(_lifted(differentiate(part, symbol)) for part in self.parts)
        owners = tuple(
            owner if isinstance(owner, str) else self._slope_of_point(index, parts, symbol)
            for index, owner in enumerate(self.owners)
        )
        return replace(self, parts=parts, owners=owners)

    def _slope_of_point(self, index: int, parts: tuple[Expr, ...], symbol: Symbol) -> Expr:
        """Return the derivative of a branch that holds at one point only.

        Where the same formula stands on both sides and the point only fills its gap (sinc at 0),
        that is the limit of the formula's derivative.
        """
        if symbol == self.variable and self.fills_gap(index):
            return parts[index].limit(self.variable, self.breaks[index])
        owner = self.owners[index]
        return S.Zero if isinstance(owner, str) else differentiate(owner, symbol)

    def fills_gap(self, index: int) -> bool:
        """Tell whether a point of its own only fills the gap of the one formula around it."""
        part = self.parts[index]
        if isinstance(self.owners[index], str) or part != self.parts[index + 1]:
            return False
        return bool(part.limit(self.variable, self.breaks[index]) == self.value_at_break(index))

    def as_piecewise(self) -> Expr:
        """Return the same function as one SymPy expression, with the ownership written out."""
        if self.is_smooth:
            return self.parts[0]
        x, branches = self.variable, []
        for index, point in enumerate(self.breaks):
            owner = self.owners[index]
            if isinstance(owner, str):
                below = x <= point if owner == "left" else x < point
                branches.append((self.parts[index], below))
            else:
                value = self.value_at_break(index)
                branches += [(self.parts[index], x < point), (value, Eq(x, point))]
        return Piecewise(*branches, (self.parts[-1], True))

    def merged(self) -> "Pieces":
        """Return the same function without the breaks that separate equal parts."""
        x = self.variable
        breaks: list[Expr] = []
        parts, owners = [self.parts[0]], []
        for point, owner, part in zip(self.breaks, self.owners, self.parts[1:], strict=True):
            if part == parts[-1] and (isinstance(owner, str) or part.subs(x, point) == owner):
                continue
            breaks.append(point)
            owners.append(owner)
            parts.append(part)
        return Pieces(self.variable, tuple(breaks), tuple(parts), tuple(owners))


def _lifted(slope: Expr) -> Expr:
    """Return a derivative in which quotients of hyperbolic functions are atoms again."""
    return lift(slope) if slope.has(sinh, cosh) else slope


_MOST_CONDITIONS = 4  # comparing more than these with each other takes SymPy minutes


def desugar(expr: Expr) -> Expr:
    """Return *expr* with `Abs`, `Max`, `Min`, `sign` and `Heaviside` written as regions.

    Each takes the one-sided value that PyTorch returns at its kink: `Abs` and `sign` have slope 0
    there, `Max(u, v)` and `Min(u, v)` take the slope of v when u and v are equal.
    """

    def regions(node: Expr) -> Expr:
        if isinstance(node, Abs):
            u = node.args[0]
            return Piecewise((u, u > 0), (-u, u < 0), (S.Zero, True))
        if isinstance(node, sign):
            u = node.args[0]
            return Piecewise((S.One, u > 0), (S.NegativeOne, u < 0), (S.Zero, True))
        if isinstance(node, Heaviside):
            u, at_zero = node.args
            return Piecewise((S.One, u > 0), (S.Zero, u < 0), (at_zero, True))
        best, *rest = sorted(node.args, key=lambda arg: (not arg.free_symbols, str(arg)))
        for other in rest:
            if sum(len(side.atoms(Relational)) for side in (best, other)) > _MOST_CONDITIONS:
                raise DefinitionError(
                    f"{node} nests too many regions to be told apart; write it with Piecewise"
                )
            # The other one stands first, so that NaN, for which nothing holds, is not lost.
            loses = best <= other if isinstance(node, Max) else best >= other
            best = Piecewise((other, loses), (best, True))
        return best

    return expr.replace(lambda node: isinstance(node, Abs | sign | Heaviside | Max | Min), regions)


def cut(expr: Expr, variable: Symbol) -> Pieces:
    """Return *expr*, an evaluated expression in *variable*, as lifted parts between breaks.

    Raises DefinitionError when the condition of a region cannot be solved for the variable.
    """
    expr = desugar(expr)
    conditions = _conditions(expr)
    edges = {rel: _edge(rel, variable) for rel in conditions}
    breaks = _in_order([point for point, _ in edges.values()])
    where = {rel: (breaks.index(point), slope) for rel, (point, slope) in edges.items()}

    parts = tuple(
        lift(
            _resolve(
                expr,
                {rel: _holds(rel, slope, _side(index, at)) for rel, (at, slope) in where.items()},
            )
        )
        for index in range(len(breaks) + 1)
    )
    raw = [
        _resolve(
            expr, {rel: _holds(rel, slope, _sign(index - at)) for rel, (at, slope) in where.items()}
        )
        for index in range(len(breaks))
    ]
    owners = tuple(
        _owner(lift(part), parts[index], parts[index + 1]) for index, part in enumerate(raw)
    )
    return Pieces(variable, tuple(breaks), parts, owners).merged()


def _conditions(expr: Expr) -> list[Relational]:
    found: set[Relational] = set()
    for piecewise in expr.atoms(Piecewise):
        for _, condition in piecewise.args:
            found |= condition.atoms(Relational)
    return sorted(found, key=str)


def _edge(rel: Relational, variable: Symbol) -> tuple[Expr, int]:
    """Return the point where both sides of *rel* are equal, and the sign of lhs - rhs after it."""
    line = (rel.lhs - rel.rhs).as_poly(variable)
    if line is None or line.degree() != 1:
        raise DefinitionError(
            f"the region {rel} is not a condition such as {variable} > c; "
            "write regions with inequalities that are linear in the variable"
        )
    slope, offset = line.all_coeffs()
    if not (slope.is_positive or slope.is_negative):
        raise DefinitionError(f"the sign of {slope} in the region {rel} is not known")
    return -offset / slope, 1 if slope.is_positive else -1


def _in_order(points: list[Expr]) -> list[Expr]:
    """Return the points from left to right, each once, by what is assumed of the parameters."""
    ordered: list[Expr] = []
    for point in points:
        place = 0
        for other in ordered:
            gap = point - other
            if gap.is_zero:
                break
            if gap.is_nonnegative:
                place += 1
            elif not gap.is_nonpositive:
                raise DefinitionError(f"it is not known whether {point} lies left of {other}")
        else:
            ordered.insert(place, point)
    return ordered


def _side(interval: int, at: int) -> int:
    """Return on which side of break *at* the given interval lies."""
    return 1 if interval > at else -1


def _sign(difference: int) -> int:
    return (difference > 0) - (difference < 0)


def _holds(rel: Relational, slope: int, side: int) -> bool:
    """Tell whether *rel* holds where lhs - rhs has the sign slope * side."""
    return bool(rel.func(Integer(slope * side), S.Zero))


def _resolve(expr: Basic, truth: dict[Relational, bool]) -> Expr:
    """Return *expr* with every Piecewise replaced by the branch that holds."""
    if isinstance(expr, Piecewise):
        for branch, condition in expr.args:
            if _truth(condition, truth):
                return _resolve(branch, truth)
        raise DefinitionError(
            f"the regions of {expr} do not cover the line; end them with (formula, True)"
        )
    if not expr.args or not expr.has(Piecewise):
        return expr
    return expr.func(*(_resolve(arg, truth) for arg in expr.args))


def _truth(condition: Boolean, truth: dict[Relational, bool]) -> bool:
    match condition:
        case BooleanTrue() | BooleanFalse():
            return bool(condition)
        case And():
            return all(_truth(arg, truth) for arg in condition.args)
        case Or():
            return any(_truth(arg, truth) for arg in condition.args)
        case Not():
            return not _truth(condition.args[0], truth)
        case ITE():
            chosen, yes, no = condition.args
            return _truth(yes if _truth(chosen, truth) else no, truth)
        case _:
            return truth[condition]


def _owner(own: Expr, left: Expr, right: Expr) -> Owner:
    """Return whose formula holds at a break, where the definition names the branch `own`."""
    if own == left and own != right:
        return "left"
    if own == right:
        return "right"
    if own == left:
        return "left"
    return own
