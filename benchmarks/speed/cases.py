"""What is timed: one member, its value or its value and derivative, one dtype and one size."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import sympy
from numpy.typing import NDArray

import symacts
from symacts import Activation

__all__ = ["VECTOR", "Case", "moves_memory"]

#: Functions of a vector act on rows of this length.
VECTOR = 1000
#: Wide enough for both tails, and what follows a layer of a network looks like it.
SPREAD = 3.0


@dataclass(frozen=True)
class Case:
    """A member and the input that everyone gets.

    `what` is "f", or "fd" for the value with the derivative by every input: for a function of a
    vector the product of its Jacobian with a vector of ones.
    """

    name: str
    what: str
    dtype: str
    size: int
    given: tuple[Any, ...] = ()
    """Inputs to use in place of random ones."""

    @property
    def act(self) -> Activation:
        """The member."""
        return symacts.catalogue[self.name]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the inputs."""
        return tuple(str(symbol) for symbol in self.act.inputs)

    @cached_property
    def arrays(self) -> tuple[NDArray[Any], ...]:
        """The inputs; the same for the same case, whoever asks."""
        if self.given:
            return self.given
        return tuple(
            _drawn(self.size, place).astype(self.dtype).reshape(self._shape)
            for place, _ in enumerate(self.names)
        )

    @property
    def _shape(self) -> tuple[int, ...]:
        if self.act.kind != "vector":
            return (self.size,)
        return (-1, min(VECTOR, self.size))


@lru_cache(maxsize=4)
def _drawn(size: int, place: int) -> NDArray[np.float64]:
    return np.random.default_rng(place).normal(0, SPREAD, size)


def moves_memory(name: str) -> bool:
    """Tell whether a member is polynomials between breaks: reading and writing is all its work."""
    act = symacts.catalogue[name]
    if act.kind == "vector":
        return name == "maxout"
    formula = act.at_defaults
    functions = {type(part) for part in formula.atoms(sympy.Function)}
    powers = formula.atoms(sympy.Pow)
    return functions <= {sympy.Piecewise, sympy.Abs} and all(
        power.exp.is_Integer and power.exp > 0 for power in powers
    )
