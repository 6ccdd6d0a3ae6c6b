"""Facts as the conditions of rules see them: a reason, or None."""

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

from sympy import Basic, Expr, Interval, Piecewise

from symacts.calculus.cost import EXPONENTIALS, SPECIAL, calls
from symacts.calculus.waves import harmonic
from symacts.facts.wording import after_colon

if TYPE_CHECKING:
    from symacts.activation import Activation
    from symacts.facts import Fact

__all__ = ["Reason", "View"]

Reason: TypeAlias = str | None
"""Why a condition holds, as a sentence; None where it does not hold or is not known to."""


class View:
    """One activation as rules look at it."""

    def __init__(self, activation: "Activation") -> None:
        self.kind = activation.kind
        self.variable = activation.variable
        self._activation = activation
        self._facts = activation.facts
        self._lifted = activation.lifted
        self._defaults = dict(activation.defaults)

    # -- facts -------------------------------------------------------------------------------------

    def value(self, name: str) -> Any:
        """Return the value of a fact, or None if nothing is established."""
        fact = self._fact(name)
        return None if fact is None else fact.value

    def number(self, name: str) -> Expr | None:
        """Return an expression with the parameters at their defaults, None for anything else."""
        value = self.value(name)
        shown = value.subs(self._defaults) if isinstance(value, Basic) else None
        return shown if isinstance(shown, Expr) else None

    def known(self, name: str) -> Reason:
        """Return the evidence for a fact, whatever its value."""
        return self.where(name, lambda _: True)

    def true(self, name: str) -> Reason:
        """Return the evidence for a fact that is True."""
        return self.where(name, lambda value: value is True)

    def false(self, name: str) -> Reason:
        """Return the evidence against a fact that is False."""
        return self.where(name, lambda value: value is False)

    def is_one_of(self, name: str, *values: object) -> Reason:
        """Return the evidence for a fact that has one of the values."""
        return self.where(name, lambda value: value in values)

    def at_most(self, name: str, bound: Expr | int) -> Reason:
        """Return the evidence for a fact that is a number, free of parameters, up to *bound*."""
        return self.where(name, lambda value: value.is_number and value <= bound)

    def where(self, name: str, holds: Callable[[Any], Any]) -> Reason:
        """Return the evidence for a fact whose value *holds* accepts."""
        fact = self._fact(name)
        if fact is None or not holds(fact.value):
            return None
        return self.following(fact.evidence, name)

    def following(self, sentence: str, *names: str) -> str:
        """Return a sentence that follows from facts, with the scope in which all of them hold."""
        facts = (self._fact(name) for name in names)
        if any(fact is not None and fact.scope == "defaults" for fact in facts):
            return f"At the defaults: {after_colon(sentence)}"
        return sentence

    def _fact(self, name: str) -> "Fact | None":
        fact: Fact | None = getattr(self._facts, name)
        return fact

    def silent_stretch(self) -> Reason:
        """Return why the output is exactly zero for a whole interval of inputs."""
        return self.where("zeros", lambda zeros: any(isinstance(z, Interval) for z in zeros))

    @cached_property
    def is_wave(self) -> bool:
        """Whether a scalar function is a line plus one harmonic."""
        return harmonic(self._activation.pieces()) is not None

    # -- the formula -------------------------------------------------------------------------------

    @cached_property
    def calls(self) -> tuple[Any, ...]:
        """The transcendental functions that one value calls, by the cost model."""
        piecewise = self._lifted.atoms(Piecewise)
        branches = [branch for cases in piecewise for branch, _ in cases.args]
        return calls([*branches, self._lifted.xreplace({p: p.args[-1][0] for p in piecewise})])

    @property
    def exponentials(self) -> tuple[Any, ...]:
        """Those of the calls that are exponentials or made of them."""
        return tuple(call for call in self.calls if isinstance(call, EXPONENTIALS))

    @property
    def specials(self) -> tuple[Any, ...]:
        """Those of the calls that are other special functions."""
        return tuple(call for call in self.calls if isinstance(call, SPECIAL))
