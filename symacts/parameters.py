"""Parameters: the numbers that shape an activation, and what is refused when they are given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

from sympy import Basic, Expr, Symbol, sympify

from symacts.errors import ParameterError, nearest
from symacts.symbols import Domain

__all__ = ["Parameter", "check_names", "check_value"]


@dataclass(frozen=True)
class Parameter:
    """A number that shapes an activation: its symbol, its default and the values it may take."""

    name: str
    symbol: Symbol
    default: Expr
    domain: Domain
    meaning: str

    @property
    def condition(self) -> str:
        """The domain as a condition, such as `alpha > 0`."""
        return self.domain.describe(self.name)


def check_names(owner: str, params: Mapping[str, Parameter], given: Iterable[str]) -> None:
    """Raise ParameterError for the first name in *given* that *owner* has no parameter for."""
    for name in given:
        if name in params:
            continue
        if not params:
            raise ParameterError(f"{owner} has no parameters, so it cannot take {name!r}")
        listed = ", ".join(f"{p.condition} (default {p.default})" for p in params.values())
        raise ParameterError(
            f"{owner} has no parameter {name!r}{nearest(name, params)}; it has {listed}"
        )


def check_value(owner: str, parameter: Parameter, value: Any) -> None:
    """Raise ParameterError unless *value* is a symbol or a number in the parameter's domain."""
    if not isinstance(value, Basic | Real) and getattr(value, "ndim", None) != 0:
        raise ParameterError(f"{owner}: {parameter.name} is one real number, not {value!r}")
    number = sympify(value)
    if number.is_number and not parameter.domain.contains(number):
        raise ParameterError(
            f"{owner}: {parameter.name} = {value} is outside of its domain, {parameter.condition}"
            f" (default {parameter.default})"
        )
