"""Re-checks of symmetries and closed forms."""

from typing import Any

from sympy import Eq, Expr, Piecewise, Rational, S, Symbol, diff, expand, factorial, piecewise_fold
from sympy.core.relational import Relational

from symacts.recheck.answers import Proof, Refuted, require, require_number, shown
from symacts.recheck.charts import is_zero, value_of
from symacts.recheck.identities import in_exponentials, vanishes
from symacts.recheck.programs import Unknown, number
from symacts.recheck.spans import highest, lowest, meets, sign_of
from symacts.recheck.study import Study, decided
from symacts.recheck.values import PROBES, require_analytic

__all__ = ["CHECKS", "is_odd"]

_BY_DERIVATIVES = "by algebra, after differentiating where needed"


# -- symmetries ------------------------------------------------------------------------------------


def _mirrors(study: Study, sign: int, total: Expr, about: Expr = S.Zero) -> bool:
    """Tell whether f(2 about - x) = sign f(x) + total, part by part and at the breaks."""
    count, x = len(study.breaks), study.x
    centres = (study.breaks[k] + study.breaks[count - 1 - k] for k in range(count))
    if any(decided(centre - 2 * about) for centre in centres):
        return False
    for k, (low, high) in enumerate(study.intervals):
        mirrored = study.parts[count - k].subs(x, 2 * about - x)
        if not vanishes(mirrored - sign * study.parts[k] - total, x, _inside(low, high)):
            return False
    pairs = zip(study.own, reversed(study.own), strict=True)
    return all(decided(expand(there - sign * here - total)) == 0 for here, there in pairs)


def _inside(low: Expr, high: Expr) -> Expr:
    """Return a point of an open interval, not its middle if that is zero."""
    if low.is_infinite and high.is_infinite:
        return Rational(3, 4)
    if low.is_infinite or high.is_infinite:
        return high - Rational(3, 4) if low.is_infinite else low + Rational(3, 4)
    return low + (high - low) * Rational(5, 8)


def _against(study: Study, sign: int, total: Expr = S.Zero, about: Expr = S.Zero) -> Expr | None:
    """Return how far from *about* f(2 about - x) is not sign f(x) + total, if that is found."""
    for probe in (S.Zero, *PROBES):
        mirrored, itself = study.value(about - probe), study.value(about + probe)
        if decided(mirrored - sign * itself - total):
            return probe
    return None


def _parity(study: Study, claim: Any) -> Proof:
    if claim == "neither":
        points = [_against(study, sign) for sign in (1, -1)]
        if any(point is None for point in points):
            for sign, word in ((1, "even"), (-1, "odd")):
                require(not _mirrors(study, sign, S.Zero), f"it is {word}")
            raise Unknown("no probe refutes a symmetry")
        return Proof(f"f(-x) is not f(x) at {points[0]}, and not -f(x) at {points[1]}.")
    sign = 1 if claim == "even" else -1
    point = _against(study, sign)
    require(point is None, f"f({point}) and f(-{point}) do not match")
    require(_mirrors(study, sign, S.Zero), "the parts are not mirror images")
    return Proof(f"f(-x) = {'' if sign > 0 else '-'}f(x) {_BY_DERIVATIVES}.")


def _symmetry(study: Study, claim: Any) -> Proof:
    if claim == "none":
        return _no_symmetry(study)
    if isinstance(claim, Eq):
        axis = claim.rhs
        values = f"f({axis} + t) and f({axis} - t)"
        point = _against(study, 1, S.Zero, axis)
        require(point is None, f"{values} differ for t = {point}")
        require(_mirrors(study, 1, S.Zero, axis), f"{values} are not always equal")
        return Proof(f"{values} are equal {_BY_DERIVATIVES}.")
    at, height = claim
    sums = f"f({at} + t) + f({at} - t)"
    point = _against(study, -1, 2 * height, at)
    require(point is None, f"{sums} is not {2 * height} for t = {point}")
    require(_mirrors(study, -1, 2 * height, at), f"{sums} is not always {2 * height}")
    return Proof(f"{sums} = {2 * height} {_BY_DERIVATIVES}.")


def _no_symmetry(study: Study) -> Proof:
    """The ends of a graph with a symmetry are alike, about whatever point or axis that is."""
    middle = (study.breaks[0] + study.breaks[-1]) / 2 if study.breaks else S.Zero
    for at in {S.Zero, middle}:
        total = study.value(at + 1) + study.value(at - 1)
        for sign, constant in ((1, S.Zero), (-1, total)):
            matches = _against(study, sign, constant, at) is None
            if matches and _mirrors(study, sign, constant, at):
                raise Refuted(f"it is its own mirror image about {at}")
    left, right = (study.limit(0, side) for side in (-1, 1))
    infinite = [float(abs(highest(limit))) == float("inf") for limit in (left, right)]
    if infinite[0] != infinite[1]:
        return Proof(f"The limits are {shown(left)} and {shown(right)}: one finite, one infinite.")
    slopes = [study.limit(1, side) for side in (-1, 1)]
    apart = lowest(slopes[0]) > highest(slopes[1]) or lowest(slopes[1]) > highest(slopes[0])
    opposite = float(lowest(left)) == -float(lowest(right))
    if all(infinite) and opposite and apart:
        return Proof(
            f"f tends to {shown(left)} and {shown(right)} with the slopes {shown(slopes[0])} and "
            f"{shown(slopes[1])}; a point of symmetry makes these equal, an axis the limits."
        )
    jumps = [turn.at for turn in study.turns(0) if turn.jump]
    if jumps and not any(infinite) and sign_of(left - right):
        # No axis, as the limits differ; a point would lie amidst the jumps and the limits.
        at, total = (jumps[0] + jumps[-1]) / 2, study.far(0, -1).limit() + study.far(0, 1).limit()
        for probe in (S.Zero, *PROBES):
            if not meets(number(study.value(at - probe) + study.value(at + probe)), total):
                return Proof(
                    "The limits differ, which excludes an axis; a point of symmetry would be at "
                    f"{at}, amidst the jumps, but f({at} + {probe}) and f({at} - {probe}) differ."
                )
    raise Unknown("the ends do not exclude a symmetry")


def is_odd(study: Study) -> bool:
    """Tell whether f(-x) = -f(x) is proved."""
    return _against(study, -1) is None and _mirrors(study, -1, S.Zero)


def _homogeneous(study: Study, claim: Any) -> Proof:
    rays = all(b == 0 for b in study.breaks) and all(own == 0 for own in study.own)
    rays = rays and not any(expand(part / study.x).has(study.x) for part in study.parts)
    if rays:
        require(bool(claim), "both parts are straight lines through the origin")
        return Proof("Both parts are multiples of x, and f(0) = 0.")
    for probe in (sign * p for p in PROBES for sign in (1, -1)):
        if decided(study.value(2 * probe) - 2 * study.value(probe)):
            require(not claim, f"f(2x) is not 2 f(x) at {probe}")
            return Proof(f"f(2x) is not 2 f(x) at {probe}.")
    raise Unknown("no probe refutes it")


# -- closed forms ----------------------------------------------------------------------------------


def _series(study: Study, claim: Any) -> Proof:
    part, x = study.part_at(S.Zero), study.x
    require(part is not None, "there is no series at a break")
    count = int(claim.getO().expr.as_coeff_exponent(x)[1])
    polynomial = claim.removeO().as_poly(x)
    require(
        polynomial is not None and polynomial.degree() < count, "it is no polynomial of that order"
    )
    said = []
    for k in range(count):
        own = value_of(diff(part, x, k), x, S.Zero) / factorial(k)
        said.append(
            require_number(f"the coefficient of x^{k}", polynomial.nth(k), number(own), own)
        )
    return Proof(f"Taylor's theorem with SymPy's derivatives: {'; '.join(said)}.")


def _branches(expr: Expr, variable: Symbol, at: dict[int, Expr]) -> dict[int, Expr]:
    """Return for each part the branch of a piecewise expression that holds at a point of it."""
    folded = piecewise_fold(expr)
    if not isinstance(folded, Piecewise):
        return dict.fromkeys(at, folded)
    return {
        index: next(branch for branch, holds in folded.args if holds.subs(variable, point) == True)  # noqa: E712
        for index, point in at.items()
    }


def _by_value(study: Study, expr: Expr, variable: Symbol) -> dict[int, Expr]:
    """Return for each part of a monotone function the branch that holds for its values."""
    if not isinstance(expr, Piecewise):
        return dict.fromkeys(range(len(study.parts)), expr)
    signs = study.signs(1)
    if {1, -1} <= signs or not study.is_continuous:
        raise Unknown("the branches are told by the values of a function that is not monotone")
    for edge in _edges_of(expr, variable):
        if not any(is_zero(edge - own) or is_zero(edge + own) for own in study.own):
            raise Unknown("it breaks where no part of the function ends")
    inner = {k: study.value(_inside(*ends)) for k, ends in enumerate(study.intervals)}
    return _branches(expr, variable, inner)


def _edges_of(expr: Expr, x: Any) -> list[Expr]:
    """Return the points between the branches of a piecewise expression."""
    edges = []
    for node in expr.atoms(Piecewise):
        for _, condition in node.args:
            for rel in condition.atoms(Relational):
                edges += [rel.lhs - rel.rhs + x, rel.rhs - rel.lhs + x]
    return [edge for edge in edges if not edge.has(x)]


def _antiderivative(study: Study, claim: Any) -> Proof:
    x = study.x
    inner = {k: _inside(low, high) for k, (low, high) in enumerate(study.intervals)}
    parts = _branches(claim, x, inner)
    for edge in _edges_of(claim, x):
        if not any(is_zero(edge - at) or is_zero(edge + at) for at in study.breaks):
            raise Unknown("it breaks where the function does not")
    for k, part in enumerate(study.parts):
        require_analytic(in_exponentials(parts[k]), x, study.intervals[k])
        holds = vanishes(diff(parts[k], x) - part, x, inner[k])
        require(holds, f"its derivative is not f near {inner[k]}")
    for k, at in enumerate(study.breaks):
        gap = parts[k].subs(x, at) - parts[k + 1].subs(x, at)
        require(decided(expand(gap)) == 0, f"its parts do not meet at {at}")
    return Proof(f"Its derivative is f {_BY_DERIVATIVES}, and its parts meet.")


def _inverse(study: Study, claim: Any) -> Proof:
    x = study.x
    strict = len(study.signs(1)) == 1 and study.signs(1) <= {1, -1} and study.is_continuous
    require(strict, "f is not strictly monotone and continuous")
    branches = _by_value(study, claim, x)
    for k, part in enumerate(study.parts):
        composed = branches[k].subs(x, part) - x
        require_analytic(in_exponentials(composed), x, study.intervals[k])
        near = _inside(*study.intervals[k])
        require(vanishes(composed, x, near), f"g(f(x)) is not x near {near}")
    return Proof(
        f"g(f(x)) = x {_BY_DERIVATIVES}, and f is strictly monotone on a cover.", study.cover(1)
    )


def _self_form(study: Study, claim: Any) -> Proof:
    x = study.x
    value = next((s for s in claim.free_symbols if s.name == "f"), Symbol("f"))
    branches = _by_value(study, claim, value)
    for k, part in enumerate(study.parts):
        named = {s: part if s == value else x for s in branches[k].free_symbols}
        difference = part.diff(x) - branches[k].subs(named, simultaneous=True)
        near = _inside(*study.intervals[k])
        require(vanishes(difference, x, near), f"f' is not {branches[k]} near {near}")
    return Proof(f"f' = {claim} {_BY_DERIVATIVES}.")


CHECKS = {
    "parity": _parity,
    "symmetry": _symmetry,
    "homogeneous": _homogeneous,
    "series_at_zero": _series,
    "antiderivative": _antiderivative,
    "inverse": _inverse,
    "self_form": _self_form,
}
