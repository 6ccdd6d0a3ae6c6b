"""Facts verified a second time, by other arithmetic and by other arguments.

The facts are proved with balls of Arb, by the sign charts of factors and by expansions at infinity.
Here each of them is taken as a claim and checked with nothing but SymPy, intervals of mpmath and
the parts that define the function: boxes that cover the line, Taylor coefficients over boxes, a
comparison of exponential polynomials in the tails, and differentiation for identities.  Neither
side knows of the other, so that a false "proved" needs two unrelated errors that agree.

`recheck(act, "minimum")` returns a `Recheck`: *confirmed*, *refuted*, or *not checked* where the
means above decide nothing.  It is the definition at its default parameters that is checked; a
sample alone confirms nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any

from sympy import Basic, Expr, Symbol

from symacts.atoms import textbook
from symacts.recheck import bends, ends, forms, means, values
from symacts.recheck.answers import Proof, Refuted
from symacts.recheck.programs import Unknown
from symacts.recheck.spans import accurately
from symacts.recheck.study import Study

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["CHECKABLE", "CONFIRMED", "NOT_CHECKED", "REFUTED", "Recheck", "recheck"]

CONFIRMED, REFUTED, NOT_CHECKED = "confirmed", "refuted", "not checked"

_CHECKS: Mapping[str, Callable[[Study, Any], Proof]] = {
    **values.CHECKS,
    **bends.CHECKS,
    **ends.CHECKS,
    **forms.CHECKS,
    **means.CHECKS,
}
CHECKABLE = frozenset(_CHECKS)
"""The names of the facts that can be checked."""


@dataclass(frozen=True)
class Recheck:
    """What the second verification of one fact found.

    Attributes:
        name: the name of the fact.
        status: "confirmed", "refuted" or "not checked".
        argument: why, in one sentence; for a refutation what holds instead.
        evidence: boxes, margins, brackets and tails, one a line, for a sceptic to compute again.
    """

    name: str
    status: str
    argument: str
    evidence: tuple[str, ...] = ()


def recheck(act: "Activation", name: str, claim: Any = None) -> Recheck:
    """Verify what is established under the name of a fact, or another claim of the same kind."""
    if claim is None:
        fact = getattr(act.facts, name)
        if fact is None:
            return Recheck(name, NOT_CHECKED, "Nothing is established.")
        claim = fact.value
    if act.kind != "scalar" or name not in _CHECKS:
        return Recheck(name, NOT_CHECKED, "There is no re-check for this kind of fact.")
    try:
        with accurately():
            proof = _CHECKS[name](Study(act), _at_defaults(claim, dict(act.defaults)))
    except Refuted as error:
        return Recheck(name, REFUTED, _sentence(str(error)))
    except Unknown as error:
        return Recheck(name, NOT_CHECKED, _sentence(f"not decided here: {error}"))
    except (ArithmeticError, NotImplementedError, ValueError) as error:
        return Recheck(name, NOT_CHECKED, _sentence(f"not decided here: {error}"))
    return Recheck(name, CONFIRMED, _sentence(proof.argument), proof.evidence)


def _sentence(text: str) -> str:
    # A sentence may begin with the name of a function.
    starts_with_word = text[:2].isalpha()
    return f"{text[:1].upper() if starts_with_word else text[:1]}{text[1:].rstrip('.')}."


def _at_defaults(value: Any, defaults: Mapping[Symbol, Basic]) -> Any:
    """Return a value with the parameters in it at their defaults."""
    if isinstance(value, Basic):
        special = value.subs(defaults) if defaults else value
        return textbook(special) if isinstance(special, Expr) else special
    if isinstance(value, tuple):
        return tuple(_at_defaults(item, defaults) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        held = {f.name: _at_defaults(getattr(value, f.name), defaults) for f in fields(value)}
        return type(value)(**held)
    return value
