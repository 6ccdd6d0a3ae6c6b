"""Pros and cons: rules from facts to remarks.

A rule has a slug, one sentence that names the consequence for the reader, and a condition on facts
that names the cause.  A fact that is not established keeps a rule silent.  What is empirical stays
out: every remark here follows from the formula.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from symacts.verdicts.rules import CONS, EXCLUSIVE, PROS, Rule
from symacts.verdicts.view import View

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["CONS", "EXCLUSIVE", "PROS", "Verdict", "cons", "pros"]


@dataclass(frozen=True)
class Verdict:
    """A remark on an activation: a stable slug, one sentence, and the fact behind it."""

    slug: str
    sentence: str
    because: str


def pros(activation: "Activation") -> tuple[Verdict, ...]:
    """Return what speaks for the activation."""
    return _verdicts(PROS, View(activation))


def cons(activation: "Activation") -> tuple[Verdict, ...]:
    """Return what speaks against the activation."""
    return _verdicts(CONS, View(activation))


def _verdicts(rules: tuple[Rule, ...], view: View) -> tuple[Verdict, ...]:
    reasons = ((rule, rule.when(view)) for rule in rules if view.kind in rule.kinds)
    return tuple(Verdict(r.slug, r.sentence, reason) for r, reason in reasons if reason)
