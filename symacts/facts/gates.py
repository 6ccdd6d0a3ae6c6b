r"""Facts about gates: functions of two inputs that are one input times a function of the other.

$f(a, b) = u \cdot g(v)$, where u is one of the inputs and v the other.  Everything follows from
the scalar function g.
"""

from typing import TYPE_CHECKING

from sympy import Dummy, Expr, Interval, S, Symbol, oo

from symacts.calculus.shape import Shape
from symacts.errors import DefinitionError
from symacts.facts.finding import Finding, Scope
from symacts.facts.wording import tex
from symacts.pieces import cut

if TYPE_CHECKING:
    from symacts.facts.model import Subject

__all__ = ["GateScope", "scopes"]


class GateScope(Scope):
    """What can be said of the product of one input and a function of the other."""

    def __init__(self, passed: Symbol, gating: Symbol, gate: Expr) -> None:
        self.passed = passed
        self.gating = gating
        x = Dummy("x", real=True)
        self.gate = Shape(cut(gate.subs(gating, x), x))

    def _domain(self) -> Finding | None:
        if not self.gate.is_defined:
            return None
        return Finding(S.Reals, "The formula is defined for every pair of real numbers.")

    def _range(self) -> Finding | None:
        if not self._takes_a_value_but_zero():
            return None
        return Finding(
            Interval(-oo, oo),
            f"It is linear in ${self.passed}$, for ${self.gating}$ where its factor is not zero.",
        )

    def _takes_a_value_but_zero(self) -> bool:
        """Tell whether the gate is proved to be nonzero somewhere."""
        charts = self.gate.charts(0)
        return charts is not None and any(sign for part in charts for sign in part.signs)

    def _bounded(self) -> Finding | None:
        found = self._range()
        return found and Finding(False, found.evidence)

    _bounded_above = _bounded_below = _nonnegative = _bounded

    def _value_at_zero(self) -> Finding | None:
        return Finding(S.Zero, f"It has the factor ${self.passed}$.")

    def _smoothness(self) -> Finding | None:
        k = self.gate.smoothness()
        if k is None:
            return None
        why = (
            "Both factors are analytic."
            if k == oo
            else f"As a function of ${self.gating}$ it has the corner or jump of its gate."
        )
        return Finding(k, why)

    def _continuous(self) -> Finding | None:
        found = self._smoothness()
        return found and Finding(bool(found.value >= 0), found.evidence)

    def _differentiable(self) -> Finding | None:
        found = self._smoothness()
        return found and Finding(bool(found.value >= 1), found.evidence)

    def _analytic(self) -> Finding | None:
        found = self._smoothness()
        return found and Finding(bool(found.value == oo), found.evidence)

    def _dies_left(self) -> Finding | None:
        """Whether a very negative gating input silences the unit completely."""
        found = self.gate.charts(0)
        if found is None:
            return None
        if found[0].signs == (0,) and self.gate.breaks:
            edge = self.gate.breaks[0]
            return Finding(
                True,
                f"For ${self.gating} < {edge}$ the output and both slopes are $0$, for all "
                f"${self.passed}$.",
            )
        return Finding(False, f"The factor of ${self.passed}$ is not zero on a half-line.")

    def _saturates_left(self) -> Finding | None:
        """Whether a very negative gating input closes the gate."""
        value, slope = (self.gate.limit(order, -1) for order in (0, 1))
        if value is None or slope is None:
            return None
        factor, arrow = f"factor of ${self.passed}$", rf"${self.gating} \to -\infty$"
        if value != 0:
            return Finding(False, f"The {factor} tends to ${tex(value)}$ as {arrow}.")
        if slope != 0:
            return Finding(False, f"The slope of the {factor} tends to ${tex(slope)}$ as {arrow}.")
        return Finding(True, f"The {factor} and its derivative tend to $0$ as {arrow}.")

    def _lipschitz(self) -> Finding | None:
        extremes = self.gate.extremes(1)
        if extremes is None or all(extreme.value == 0 for extreme in extremes):
            return None
        return Finding(
            oo,
            rf"The slope by ${self.gating}$ has the factor ${self.passed}$, which is not bounded.",
        )


def scopes(subject: "Subject") -> list[Scope]:
    """Return the readings of a gate as one input times a function of the other."""
    found: list[Scope] = [*_readings(subject.lifted, subject.inputs)]
    if subject.defaults:
        for reading in _readings(subject.lifted.subs(dict(subject.defaults)), subject.inputs):
            reading.text = "defaults"
            found.append(reading)
    return found


def _readings(lifted: Expr, inputs: tuple[Symbol, ...]) -> list[GateScope]:
    found = []
    for passed, gating in (inputs, inputs[::-1]):
        gate = lifted / passed
        if not gate.has(passed):
            try:
                found.append(GateScope(passed, gating, gate))
            except DefinitionError:
                continue
    return found
