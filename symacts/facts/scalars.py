"""Facts about functions of one variable: the scopes in which they are looked for."""

from functools import cached_property
from typing import TYPE_CHECKING

from symacts.calculus.shape import Shape
from symacts.calculus.spelling import respelled
from symacts.calculus.symmetry import Scaling, scaling
from symacts.calculus.waves import WaveShape, harmonic
from symacts.facts.bends import Bends
from symacts.facts.ends import Ends
from symacts.facts.forms import Forms
from symacts.facts.means import Means
from symacts.facts.setting import Setting
from symacts.facts.values import Values
from symacts.pieces import Pieces

if TYPE_CHECKING:
    from symacts.facts.model import Subject

__all__ = ["scopes"]


class ScalarScope(Ends, Values, Bends, Forms, Means):
    """All that can be found out about a function of one variable in one setting."""


class ScaledScope(ScalarScope):
    """The same for the function with its parameter at 1, carried over by the scaling."""

    def __init__(self, pieces: Pieces, scale: Scaling) -> None:
        super().__init__(_shape(pieces.subs({scale.parameter: 1})), scale)


def scopes(subject: "Subject") -> list[Setting]:
    """Return the settings from the most general to the most special one."""
    return list(_Scopes(subject).all)


class _Scopes:
    def __init__(self, subject: "Subject") -> None:
        self.pieces = subject.pieces()
        self.defaults = dict(subject.defaults)

    @cached_property
    def all(self) -> list[ScalarScope]:
        """The scopes: with symbols, by scaling, at the defaults."""
        general = ScalarScope(_shape(self.pieces))
        if not self.defaults:
            return [general]
        found: list[ScalarScope] = [general]
        scale = scaling(self.pieces, tuple(self.defaults))
        if scale is not None:
            found.append(ScaledScope(self.pieces, scale))
        special = ScalarScope(_shape(self.pieces.subs(self.defaults)))
        special.text = "defaults"
        return [*found, special]


def _shape(given: Pieces) -> Shape:
    pieces = respelled(given)
    form = harmonic(pieces)
    return WaveShape(pieces, form) if form is not None else Shape(pieces)
