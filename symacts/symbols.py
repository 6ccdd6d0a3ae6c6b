"""What definitions are written in: the variables, the indices and the domains of parameters.

A definition's signature is its declaration.  `def elu(x, alpha: Positive = 1)` says that `alpha`
is a positive number which defaults to one; `def softmax(x: Vector)` says that `x` has entries
`x[1], ..., x[n]` and that the body describes entry `i` of the result.
"""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Interval, Symbol, oo, sympify
from sympy.sets.sets import Set
from sympy.tensor import IndexedBase

__all__ = [
    "Domain",
    "Negative",
    "Nonnegative",
    "Nonpositive",
    "Positive",
    "Real",
    "Vector",
    "a",
    "b",
    "i",
    "j",
    "k",
    "n",
    "vector",
    "x",
]

x = Symbol("x", real=True)
a, b = Symbol("a", real=True), Symbol("b", real=True)
i, j, k = (Symbol(name, integer=True, positive=True) for name in "ijk")
n = Symbol("n", integer=True, positive=True)


def vector(name: str) -> IndexedBase:
    """Return the vector called *name*; its entries are real."""
    return IndexedBase(name, shape=(n,), real=True)


class Vector:
    """Annotates an input that is a whole vector; the body then describes entry `i`."""


@dataclass(frozen=True)
class Domain:
    """The values that a parameter may take, and what SymPy may assume about its symbol."""

    name: str
    set: Set
    assumption: str

    def symbol(self, name: str) -> Symbol:
        """Return the symbol of a parameter with this domain."""
        return Symbol(name, **{self.assumption: True})

    def contains(self, value: Expr | float) -> bool:
        """Tell whether *value*, a finite real number, lies in the domain."""
        number = sympify(value)
        return bool(number.is_finite and getattr(number, f"is_{self.assumption}"))

    def contains_each(self, values: Any) -> Any:
        """Tell of each entry of an array of floats whether it lies in the domain."""
        compare = _RELATIONS[self.assumption][2]
        inside = values - values == 0  # finite: infinity less infinity is not a number
        return inside & compare(values, 0) if compare else inside

    def describe(self, name: str) -> str:
        """Return the domain as a condition in plain text, such as `alpha > 0`."""
        relation = _RELATIONS[self.assumption][0]
        return f"{name} {relation}" if relation else f"{name} any real number"

    @property
    def condition_latex(self) -> str:
        r"""The domain as LaTeX that follows a symbol, such as `> 0` or `\in \mathbb{R}`."""
        return _RELATIONS[self.assumption][1]


_RELATIONS: dict[str, tuple[str, str, Callable[[Any, Any], Any] | None]] = {
    "real": ("", r"\in \mathbb{R}", None),
    "positive": ("> 0", "> 0", operator.gt),
    "nonnegative": (">= 0", r"\ge 0", operator.ge),
    "negative": ("< 0", "< 0", operator.lt),
    "nonpositive": ("<= 0", r"\le 0", operator.le),
}

Real = Domain("Real", Interval(-oo, oo), "real")
Positive = Domain("Positive", Interval.open(0, oo), "positive")
Nonnegative = Domain("Nonnegative", Interval(0, oo), "nonnegative")
Negative = Domain("Negative", Interval.open(-oo, 0), "negative")
Nonpositive = Domain("Nonpositive", Interval(-oo, 0), "nonpositive")
