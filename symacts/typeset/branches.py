"""A definition by cases as it was written, its branches put in order from left to right."""

from typing import TYPE_CHECKING

from sympy import Expr, Mul, Piecewise, S, Symbol, oo, true
from sympy.core.relational import Relational

from symacts.pieces import cut
from symacts.typeset.forms import evaluated
from symacts.typeset.printer import Printer
from symacts.typeset.regions import Region, as_cases, regions

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["variable_of_regions", "written_cases"]


def variable_of_regions(act: "Activation") -> Symbol:
    """Return the input that the regions of a definition are about; a gate has two inputs."""
    named: set[Symbol] = set()
    for relation in act.expr.atoms(Relational):
        named |= relation.free_symbols
    return next((s for s in act.inputs if s in named), act.variable)


def written_cases(act: "Activation", written: Expr, printer: Printer) -> str | None:
    """Return a definition as written, or None when its cases stand deep inside of it."""
    if not written.has(Piecewise):
        return printer.print(written)
    factors = _flat(written)
    inner = [f for f in factors if isinstance(f, Piecewise)]
    if len(inner) != 1 or any(f.has(Piecewise) for f in factors if f is not inner[0]):
        return None
    variable = variable_of_regions(act)
    found = regions(cut(act.expr, variable))
    branches = {region: _branch(act, inner[0], region, variable) for region in found}
    if any(branch is None for branch in branches.values()):
        return None
    outer = [f for f in factors if f is not inner[0]]
    if any(f.free_symbols & set(act.inputs) for f in outer):
        branches = {r: _times(factors, inner[0], branch) for r, branch in branches.items()}
        outer = []
    text = as_cases(found, lambda region: printer.print(branches[region]), printer, variable)
    return printer.print(Mul(*outer, evaluate=False)) + text if outer else text


def _flat(expr: Expr) -> list[Expr]:
    if isinstance(expr, Mul):
        return [factor for arg in expr.args for factor in _flat(arg)]
    return [expr]


def _times(factors: list[Expr], inner: Piecewise, branch: Expr) -> Expr:
    if branch == 0:
        return S.Zero
    return Mul(*(branch if f is inner else f for f in factors), evaluate=False)


def _branch(act: "Activation", cases: Piecewise, region: Region, variable: Symbol) -> Expr | None:
    """Return the branch that holds in a region, None when the defaults leave the region empty."""
    at = _point_inside(region, dict(act.defaults))
    if at is None:
        return None
    values = {variable: at, **act.defaults}
    for branch, condition in cases.args:
        if evaluated(condition).subs(values) == true:
            return branch
    return None


def _point_inside(region: Region, defaults: dict[Symbol, Expr]) -> Expr | None:
    low, high = region.low.subs(defaults), region.high.subs(defaults)
    if low == -oo:
        return S.Zero if high == oo else high - 1
    if high == oo:
        return low + 1
    if low == high:
        return low if region.is_point else None
    return (low + high) / 2
