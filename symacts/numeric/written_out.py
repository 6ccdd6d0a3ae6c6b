"""Functions of a vector, written out for entries that are SymPy expressions."""

from collections.abc import Sequence
from typing import Any

import sympy
from sympy import Basic, Dummy, Expr, IndexedBase, Sum, Tuple, sympify
from sympy.matrices import MatrixBase

from symacts.atoms import Reduction, largest
from symacts.errors import SymactsError
from symacts.symbols import i, j, n

__all__ = ["is_symbolic_vector", "written_out"]


def is_symbolic_vector(x: Any) -> bool:
    """Tell whether *x* is of SymPy, or a list or tuple with a SymPy expression in it."""
    if isinstance(x, MatrixBase | Basic):
        return True
    return isinstance(x, list | tuple) and any(isinstance(entry, Basic) for entry in x)


def written_out(name: str, expr: Expr, x: IndexedBase, given: Any) -> Any:
    """Return the function of the given entries as SymPy expressions, in a tuple or a matrix.

    Raises:
        SymactsError: the function has no formula for entries that are not known.
        ValueError: a matrix is given that is no vector, or nothing at all.
    """
    is_matrix = isinstance(given, MatrixBase)
    is_vector = 1 in given.shape if is_matrix else not isinstance(given, Expr) and len(given) > 0
    if not is_vector:
        raise ValueError(f"symacts.{name} takes a vector of expressions, not {given}")
    entries = [sympify(entry) for entry in given]
    one, each = Dummy(real=True), Dummy(real=True)
    common = expr.xreplace({x[i]: one, x[j]: each}).replace(
        lambda node: isinstance(node, Sum | Reduction),
        lambda node: _over_all(name, node, each, entries),
    )
    common = common.subs(n, len(entries))
    if not common.has(one):
        return common
    results = [common.xreplace({one: entry}) for entry in entries]
    return given._new(*given.shape, results) if is_matrix else Tuple(*results)


def _over_all(name: str, node: Expr, each: Dummy, entries: Sequence[Expr]) -> Expr:
    """Return a sum or a maximum over all entries."""
    values = [node.args[0].xreplace({each: entry}) for entry in entries]
    if isinstance(node, Sum):
        return sympy.Add(*values)
    if isinstance(node, largest):
        return sympy.Max(*values)
    raise SymactsError(
        f"symacts.{name} has no formula for entries that are SymPy expressions: which of them"
        f" count depends on their order; give it numbers"
    )
