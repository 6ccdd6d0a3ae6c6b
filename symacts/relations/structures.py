"""Vector-valued members and gates: what they are made of, and what they are for two scores."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from sympy import Dummy, Expr, Max, S, exp, expand, log

from symacts.atoms import Reduction, largest, logsumexp
from symacts.calculus.identities import same
from symacts.errors import DefinitionError
from symacts.pieces import Pieces, cut
from symacts.relations.matching import agreement
from symacts.relations.statements import Relation, applied, named
from symacts.symbols import i, j
from symacts.typeset import symbol

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["relations"]


def relations(first: "Activation", second: "Activation") -> Iterator[Relation]:
    """Yield the statements about *first*, a vector or a gate, in terms of *second*."""
    match first.kind, second.kind:
        case "gate", "scalar":
            yield from _factor(first, second)
        case "vector", "vector":
            if first is not second:
                yield from _reflected(first, second)
                yield from _logarithm(first, second)
        case "vector", "scalar":
            yield from _two_scores(first, second)


# -- gates -----------------------------------------------------------------------------------------


def _factor(gate: "Activation", act: "Activation") -> Iterator[Relation]:
    """Yield f(a, b) = u g(v), where g is a function of the catalogue."""
    for passed, gating in (gate.inputs, gate.inputs[::-1]):
        factor = gate.lifted / passed
        if factor.has(passed) or factor == gating:
            continue
        for at_defaults in (False, True) if gate.params else (False,):
            settings = [
                dict(each.defaults) if at_defaults else {s: s for s in each.defaults}
                for each in (gate, act)
            ]
            if _is_factor(factor.subs(settings[0]), gating, act.pieces().subs(settings[1])):
                inputs = ", ".join(symbol(each) for each in gate.inputs)
                right = f"{symbol(passed)} \\cdot {applied(named(act, settings[1]), gating)}"
                yield Relation("gate", act.id, f"${named(gate, settings[0])}({inputs}) = {right}$")
                return


def _is_factor(factor: Expr, gating: Expr, goal: Pieces) -> bool:
    """Tell whether a factor, as a function of the gating input, is proved to be the goal."""
    try:
        pieces = cut(factor.subs(gating, goal.variable), goal.variable)
    except DefinitionError:
        return False
    return agreement(pieces, goal) == ()


# -- vectors ---------------------------------------------------------------------------------------


def _reflected(first: "Activation", second: "Activation") -> Iterator[Relation]:
    """Yield f(x) = g(-x), on the page of the one that is written with the minus signs."""
    x, y = first.variable, second.variable
    mirrored = second.lifted.subs({y[i]: -x[i], y[j]: -x[j]})
    if mirrored == first.lifted and first.lifted.count_ops() > second.lifted.count_ops():
        yield Relation("copy", second.id, f"${_vector(first)}(x) = {_vector(second)}(-x)$")


def _logarithm(first: "Activation", second: "Activation") -> Iterator[Relation]:
    """Yield f(x) = log g(x), entry by entry."""
    if expand(first.lifted - log(second.lifted)) == 0:
        yield Relation(
            "composition",
            second.id,
            rf"${_vector(first)}(x) = \log {_vector(second)}(x)$, entry by entry",
        )


def _two_scores(vector: "Activation", act: "Activation") -> Iterator[Relation]:
    """Yield what the first output is for the two scores t and 0."""
    if act.params or not _agree_at_a_point(vector, act):
        return
    t = Dummy("t", real=True)
    entry = vector.lifted
    for reduction in entry.atoms(Reduction):
        pair = [reduction.args[0].subs(vector.variable[j], score) for score in (t, S.Zero)]
        if isinstance(reduction, logsumexp):
            entry = entry.subs(reduction, log(exp(pair[0]) + exp(pair[1])))
        elif isinstance(reduction, largest):
            entry = entry.subs(reduction, Max(*pair))
        else:
            return
    entry = entry.subs(vector.variable[i], t)
    if _equals(entry, t, act):
        which = "" if any(isinstance(r, largest) for r in vector.lifted.atoms(Reduction)) else "_1"
        yield Relation(
            "composition",
            act.id,
            f"${_vector(vector)}{which}(x, 0) = {applied(named(act), act.variable)}$",
        )


def _agree_at_a_point(vector: "Activation", act: "Activation") -> bool:
    """Tell whether a proof is worth a try."""
    first = float(np.ravel(vector(np.array([_POINT, 0.0])))[0])
    return abs(first - float(act(_POINT))) < 1e-12


_POINT = 0.83


def _equals(entry: Expr, t: Dummy, act: "Activation") -> bool:
    pieces = act.pieces()
    if not entry.has(Max):
        return pieces.is_smooth and same(entry.subs(t, act.variable), pieces.parts[0])
    return agreement(cut(entry.subs(t, act.variable), act.variable), pieces) is not None


def _vector(act: "Activation") -> str:
    return rf"\text{{{act.title}}}"
