"""Re-checks of facts about values: domain, range, extremes, zeros and bounds."""

from typing import Any

from sympy import (
    Expr,
    FiniteSet,
    Float,
    ImageSet,
    Interval,
    Pow,
    Rational,
    S,
    Symbol,
    Union,
    log,
    oo,
    preorder_traversal,
)
from sympy.sets.sets import Set

from symacts.recheck.answers import (
    Proof,
    Refuted,
    listed,
    require,
    require_number,
    require_places,
    shown,
)
from symacts.recheck.charts import Root, chart, value_of
from symacts.recheck.programs import Unknown, fills_its_gap, number
from symacts.recheck.spans import highest, lowest, sign_of, span
from symacts.recheck.study import Extreme, Study, decided

__all__ = ["CHECKS", "PROBES", "require_analytic", "require_defined", "require_progression"]

PROBES = tuple(Rational(p, q) for p, q in ((1, 1), (1, 2), (2, 1), (1, 3), (3, 1), (7, 1), (1, 5)))


def require_defined(study: Study) -> None:
    """Raise Unknown unless no denominator vanishes and no root or logarithm leaves its domain."""
    for part, ends in zip(study.parts, study.intervals, strict=True):
        require_analytic(part, study.x, ends)


def require_analytic(expr: Expr, x: Symbol, ends: tuple[Expr, Expr]) -> None:
    """Raise Unknown unless an expression is analytic between two points, and at finite ones."""
    if fills_its_gap(expr, x):
        return
    for node in preorder_traversal(expr):
        if not isinstance(node, Pow | log) or not node.has(x):
            continue
        if isinstance(node, Pow) and node.exp.is_Integer and node.exp > 0:
            continue
        base = node.args[0]
        signs = set(chart(base, x, 0, ends, (S.Zero,)).signs)
        signs |= {decided(value_of(base, x, end)) for end in ends if end.is_finite}
        is_pole = isinstance(node, Pow) and node.exp.is_Integer
        if signs not in ([{1}, {-1}] if is_pole else [{1}]):
            raise Unknown(f"{base} has not one sign where {expr} is used")


def _domain(study: Study, claim: Any) -> Proof:
    require_defined(study)
    require(claim == S.Reals, "the formula is defined for every real number")
    return Proof("Every denominator, root and logarithm has an argument of one sign on a cover.")


def _extreme(which: int) -> Any:
    word, limit = (("minimum", "infimum"), ("maximum", "supremum"))[which]

    def check(study: Study, claim: Any) -> Proof:
        found = study.extremes(0)[which]
        where, value = claim if isinstance(claim, tuple) else (None, claim)
        said = require_number(f"the {limit}", value, found.value, found.exact)
        if value in (oo, -oo):
            return Proof(f"The leading term outweighs all others far out: {said}.")
        if where is None:
            require(not found.places, f"the {limit} is attained at {listed(found.places)}")
            return Proof(f"On a cover of f' {said}, and it is only approached.", study.cover(1))
        require(bool(found.places), f"the {limit} {shown(found.value)} is only approached")
        _require_where(study, where, found, word)
        at = f"taken at: {listed(found.places)}"
        return Proof(f"On a cover of f' {said}, and it is attained.", (*study.cover(1), at))

    return check


def _require_where(study: Study, where: Expr | Set, found: Extreme, word: str) -> None:
    claims = list(where.args) if isinstance(where, FiniteSet | Union) else [where]
    if study.repeats(0):
        assert study.wave is not None
        if not all(isinstance(claim, Expr) for claim in claims):
            raise Unknown(f"places of the form {where}")
        turns = [
            bool(((claim - own.exact) / study.wave[0]).is_integer)
            for claim in claims
            for own in found.places
            if isinstance(own, Root) and own.exact is not None
        ]
        require(any(turns), f"the {word} is not taken at {where}")
        return
    require_places(f"the {word} is taken at", claims, found.places)


def _range(study: Study, claim: Any) -> Proof:
    if not study.is_continuous:
        image = _image(study)
        require(claim == image, f"the values are {image}, not {claim}")
        return Proof("The values of the parts between breaks, and at the breaks, are put together.")
    low, high = study.extremes(0)
    if not isinstance(claim, Interval):
        raise Refuted("the values of a continuous function are an interval")
    said = [
        require_number("the infimum", claim.start, low.value, low.exact),
        require_number("the supremum", claim.end, high.value, high.exact),
    ]
    for end, is_open, word in ((low, claim.left_open, "left"), (high, claim.right_open, "right")):
        attained = bool(end.places)
        require(
            bool(is_open) != attained, f"the {word} end is {'' if attained else 'not '}attained"
        )
    return Proof(f"On a cover of f' {said[0]} and {said[1]}; f is continuous.", study.cover(1))


def _image(study: Study) -> Set:
    """Return all values of a function with jumps whose parts are monotone between exact values."""
    image: list[Set] = [FiniteSet(*study.own)]
    for index, runs in enumerate(study.runs(1)):
        for run in runs:
            ends = [
                _value_beside(study, index, point, side)
                for point, side in ((run.low, 1), (run.high, -1))
            ]
            low, high = ends if run.sign >= 0 else reversed(ends)
            image.append(FiniteSet(low) if run.sign == 0 else Interval.open(low, high))
            image += [FiniteSet(high)] if run.high.exact is None else []
    return Union(*image)


def _value_beside(study: Study, index: int, point: Root, side: int) -> Expr:
    if point.exact is None:
        raise Unknown("a turning value is not exact")
    if point.exact.is_finite:
        return value_of(study.parts[index], study.x, point.exact)
    far = study.far(0, -side)
    if far.order > 0:
        return oo * (far.sign or 1)
    value = S.Zero if far.order < 0 else far.leading
    if value is None:
        raise Unknown("a limit is not exact")
    return value


def _zeros(*, minus_x: bool) -> Any:
    def check(study: Study, claim: Any) -> Proof:
        minus = study.x if minus_x else S.Zero
        what = "f(x) = x" if minus_x else "f(x) = 0"
        if study.repeats(0, minus):
            return Proof(require_progression(study, 0, minus, claim), study.cover(0, minus))
        points = [p for p in claim if isinstance(p, Expr) and not isinstance(p, Set)]
        study.extra_points = tuple(p for p in points if not p.has(Float))
        try:
            mine = _found_zeros(study, minus)
            said = require_places(what, claim, mine)
            return Proof(
                "Each root is bracketed by opposite signs with a slope of one sign, and on the "
                "rest of the cover f keeps a sign."
                if mine
                else "f keeps one sign on the cover.",
                (said, *study.cover(0, minus)),
            )
        finally:
            study.extra_points = ()

    return check


def require_progression(study: Study, order: int, minus: Expr, claim: Any) -> str:
    """Raise Refuted unless the roots of a periodic function are those of a progression a + b k."""
    (one,) = study.charts(order, minus)
    assert study.wave is not None
    period, found = study.wave[0], [root.exact for root in one.roots]
    if len(claim) != 1 or not isinstance(claim[0], ImageSet) or None in found:
        raise Unknown("the roots are not compared with a progression")
    (k,) = claim[0].lamda.variables
    first, step = claim[0].lamda.expr.subs(k, 0), claim[0].lamda.expr.coeff(k, 1)
    said = f"in each period {period} the roots {', '.join(map(str, found))}"
    require(claim[0].base_sets == (S.Integers,), f"{said} and no other")
    require((period / step) in (len(found), -len(found)), said)
    require(all(((root - first) / step).is_integer for root in found if root is not None), said)
    return f"f has {said}, which are {first} + ({step}) k."


def _found_zeros(study: Study, minus: Expr) -> list[Root | Set]:
    found: list[Root | Set] = []
    for index, one in enumerate(study.charts(0, minus)):
        low, high = study.intervals[index]
        found += [Interval.open(low, high)] if one.signs == [0] else one.roots
        if high.is_finite and decided(study.own[index] - minus.subs(study.x, high)) == 0:
            found.append(Root(number(high), high))
    return found


def _value_at_zero(study: Study, claim: Any) -> Proof:
    value = study.value(S.Zero)
    return Proof(f"By substitution {require_number('f(0)', claim, number(value), value)}.")


def _bounded(*sides: int) -> Any:
    def check(study: Study, claim: Any) -> Proof:
        extremes = study.extremes(0)
        ends = [
            (extremes[0].value, lowest) if s < 0 else (extremes[1].value, highest) for s in sides
        ]
        values = [float(end(value)) for value, end in ends]
        finite = all(abs(v) != float("inf") for v in values)
        between = " and ".join(shown(value) for value, _ in ends)
        require(bool(claim) == finite, f"its extreme values are {between}")
        return Proof(
            f"The extreme values on a cover and in the tails are {between}.", study.cover(1)
        )

    return check


def _nonnegative(study: Study, claim: Any) -> Proof:
    low = study.extremes(0)[0]
    sign = -1 if low.value.a == -span("inf").b else sign_of(low.value)
    if sign is None:
        raise Unknown("the infimum cannot be told from zero")
    require(bool(claim) == (sign >= 0), f"the infimum is {shown(low.value)}")
    return Proof(f"The infimum is {shown(low.value)}.", study.cover(1))


CHECKS = {
    "domain": _domain,
    "range": _range,
    "minimum": _extreme(0),
    "maximum": _extreme(1),
    "zeros": _zeros(minus_x=False),
    "fixed_points": _zeros(minus_x=True),
    "value_at_zero": _value_at_zero,
    "bounded": _bounded(-1, 1),
    "bounded_above": _bounded(1),
    "bounded_below": _bounded(-1),
    "nonnegative": _nonnegative,
}
