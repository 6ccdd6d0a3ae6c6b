"""Derivatives of activations: symbolic, typeset and callable, like what they are derived from."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from sympy import Basic, Expr, Symbol

from symacts.atoms import textbook
from symacts.differentiate import differentiate
from symacts.errors import SymactsError
from symacts.once import once
from symacts.pieces import Pieces

if TYPE_CHECKING:
    from symacts.activation import Activation
    from symacts.numeric.running.arrays import Elementwise

__all__ = ["Derivative", "check_order", "is_symbolic"]

#: Formulas of higher derivatives grow beyond what anyone reads.
HIGHEST_ORDER = 8


class Derivative:
    """A derivative of an activation, called exactly like the activation itself."""

    def __init__(self, activation: "Activation", order: int, wrt: Symbol) -> None:
        self.activation = activation
        self.order = order
        self.wrt = wrt

    def __repr__(self) -> str:
        return f"<symacts.{self.activation.id}.derivative({self.order}, wrt={str(self.wrt)!r})>"

    @cached_property
    def lifted(self) -> Expr:
        """The derivative in atoms, regions as a `Piecewise`."""
        if self.activation.kind == "scalar":
            return self.pieces().as_piecewise()
        lifted = self.activation.lifted
        for _ in range(self.order):
            lifted = differentiate(lifted, self.wrt)
        return lifted

    @cached_property
    def expr(self) -> Expr:
        """The derivative as a plain SymPy expression."""
        return textbook(self.lifted)

    def pieces(self) -> Pieces:
        """Return the derivative of a scalar member as smooth parts between breaks."""
        return self.activation.pieces(self.order, self.wrt)

    def latex(self) -> str:
        """Return the derivative as a person writes it, in LaTeX."""
        from symacts.typeset import derivative_latex

        return derivative_latex(self)

    def __call__(self, *inputs: Any, **arguments: Any) -> Any:
        """Return the derivative's values: SymPy in, SymPy out; arrays in, arrays out."""
        act = self.activation
        if is_symbolic(inputs):
            values = act._symbolic_parameters(arguments)
            return self.expr.subs(values).subs(dict(zip(act.inputs, inputs, strict=True)))
        return self._values(*inputs, **arguments)

    @once
    def _values(self) -> "Elementwise":
        return self.activation._elementwise(((self.order, self.wrt),))


def check_order(order: int) -> None:
    """Raise SymactsError unless *order* is a whole number from 1 to HIGHEST_ORDER."""
    if type(order) is not int or not 1 <= order <= HIGHEST_ORDER:
        raise SymactsError(
            f"the order of a derivative is a whole number from 1 to {HIGHEST_ORDER}, not {order!r}"
        )


def is_symbolic(inputs: tuple[Any, ...]) -> bool:
    """Tell whether any of the inputs is a SymPy expression."""
    return any(isinstance(value, Basic) for value in inputs)
