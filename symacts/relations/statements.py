"""A relation and its wording."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sympy import Expr, S, Symbol

from symacts.typeset import formula, symbol

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["Relation", "applied", "except_at", "named"]

_KINDS = (
    "equal",
    "parameter",
    "derivative",
    "antiderivative",
    "product",
    "copy",
    "remainder",
    "gate",
    "composition",
    "limit",
    "bound",
)
_TURNED = {"derivative": "antiderivative"}


@dataclass(frozen=True)
class Relation:
    """A statement that ties an activation to another one of the catalogue.

    Attributes:
        kind: one of "equal", "parameter" (equal at some parameters), "derivative",
            "antiderivative", "product" (x times the other), "copy" (scaled, shifted, reflected),
            "remainder" (x minus the other), "gate", "composition", "limit" and "bound" (how far
            apart they are).
        other: the id of the other activation.
        statement: the relation in words and `$TeX$`.
        how: "proved", or "enclosed" where a number in it is rounded, to the safe side.
    """

    kind: str
    other: str
    statement: str
    how: str = "proved"

    @property
    def rank(self) -> int:
        """How close a tie it is, for the order on a page."""
        return _KINDS.index(self.kind)

    def turned(self, other: str) -> "Relation":
        """Return the same statement as the other activation sees it."""
        return replace(self, kind=_TURNED.get(self.kind, self.kind), other=other)


def named(act: "Activation", values: Mapping[Symbol, Expr] | None = None, prime: str = "") -> str:
    """Return the title of an activation in TeX, with parameter values and primes."""
    shown = values if values is not None else act.defaults
    listed = ",\\, ".join(
        symbol(s) if s == value else f"{symbol(s)} = {formula(value)}" for s, value in shown.items()
    )
    below = f"_{{{listed}}}" if listed else ""
    return rf"\text{{{act.title}}}{prime}{below}"


def applied(name: str, argument: Expr, times: Expr = S.One, plus: Expr = S.Zero) -> str:
    """Return `times name(argument) + plus` in TeX."""
    front = {S.One: "", S.NegativeOne: "-"}.get(times)
    front = rf"{formula(times)}\," if front is None else front
    shown = f"{front}{name}({formula(argument)})"
    if plus == 0:
        return shown
    sign = "-" if plus.is_negative else "+"
    return f"{shown} {sign} {formula(abs(plus))}"


def except_at(points: tuple[Expr, ...]) -> str:
    """Return how a sentence ends that does not hold at some points."""
    return f", except at $x = {', '.join(formula(point) for point in points)}$" if points else ""
