"""Re-checks of what a function does far from zero."""

from typing import Any

from sympy import Expr, Rational, S, expand, oo

from symacts.recheck.answers import Proof, agrees, require, require_number, shown
from symacts.recheck.bends import point_with_sign
from symacts.recheck.charts import Root
from symacts.recheck.programs import Unknown, number
from symacts.recheck.spans import Span, highest, lowest, span
from symacts.recheck.study import Study
from symacts.recheck.values import require_defined

__all__ = ["CHECKS"]

_FLAT = Rational(1, 1000)


def _swings(study: Study, order: int) -> bool:
    """Tell whether a derivative is periodic and not constant, so that it has no limit."""
    return study.repeats(order)


def _limit(side: int) -> Any:
    def check(study: Study, claim: Any) -> Proof:
        if _swings(study, 0):
            require(claim == "oscillates", "f is periodic and not constant")
            return Proof("f(x + P) = f(x) by algebra, and f is not constant.")
        value, exact = _limit_of(study, 0, side)
        require(claim != "oscillates", f"the limit is {shown(value)}")
        said = require_number("the limit", claim, value, exact)
        return Proof(
            f"The fastest term outweighs all others beyond |x| = {_start(study, side)}: {said}."
        )

    return check


def _start(study: Study, side: int, order: int = 0) -> int:
    return study.far(order, side).start


def _limit_of(study: Study, order: int, side: int) -> tuple[Span, Expr | None]:
    found = study.far(order, side)
    if found.order < 0:
        return span(0), S.Zero
    return found.limit(), found.leading if found.order == 0 else None


def _asymptote(side: int) -> Any:
    def check(study: Study, claim: Any) -> Proof:
        x = study.x
        if study.wave is not None:
            require(claim == "none", "f less a line repeats and is not constant")
            return Proof(
                "f less a line is periodic by algebra and not constant, so no line is approached."
            )
        found = study.far(0, side)
        k, q = found.growth if found.top.terms else (0, S.Zero)
        outgrows = found.order > 0 and (q != 0 or k > 1)
        require(outgrows == (claim == "none"), f"f grows like u^{k} e^({q}) with u = |x|")
        if outgrows:
            return Proof(f"f grows like u^{k} e^({q}) with u = |x|, faster than every line.")
        slope = S.Zero
        if found.order > 0:
            if found.leading is None:
                raise Unknown("the slope of the asymptote is not exact")
            slope = side * found.leading
        rest = study.far(0, side, minus=slope * x)
        height = S.Zero if rest.order < 0 else rest.leading
        if rest.order > 0 or height is None:
            raise Unknown("f less its leading term still grows")
        claimed = (claim.coeff(x, 1), claim.coeff(x, 0))
        said = [
            require_number(what, first, number(second), second)
            for what, first, second in zip(
                ("slope", "height"), claimed, (slope, height), strict=True
            )
        ]
        return Proof(
            f"The leading terms of f far out: {said[0]}, {said[1]}; what is left vanishes."
        )

    return check


# -- flat ends -------------------------------------------------------------------------------------


def _dies(side: int) -> Any:
    def check(study: Study, claim: Any) -> Proof:
        index = 0 if side < 0 else len(study.parts) - 1
        slope = study.derivative(1, index)
        if expand(slope) == 0:
            require(bool(claim), "f' is zero on the last part")
            return Proof("f' is zero by algebra on the part that reaches to infinity.")
        require_defined(study)
        probe = point_with_sign(study, index, slope)
        said = f"f' is not zero at {probe}, and analytic on the part that reaches to infinity"
        require(not claim, said)
        return Proof(f"{said}, so that it is zero at single points at most.")

    return check


def _saturates(side: int) -> Any:
    def check(study: Study, claim: Any) -> Proof:
        if _swings(study, 1):
            require(claim is False, "f' is periodic and not constant")
            return Proof("f' is periodic by algebra and not constant, so it has no limit.")
        slope, _ = _limit_of(study, 1, side)
        settles = agrees(S.Zero, slope) and study.far(0, side).order <= 0
        said = f"f' tends to {shown(slope)} and f {'stays' if settles else 'does not stay'} finite"
        require(bool(claim) == settles, said)
        return Proof(f"By the leading terms beyond |x| = {_start(study, side)}: {said}.")

    return check


def _saturation(study: Study, claim: Any) -> Proof:
    said = []
    for side, stated in zip((-1, 1), claim, strict=True):
        word = "left" if side < 0 else "right"
        if _keeps_steep(study, side):
            require(stated is None, f"on the {word} f' does not tend to zero with a finite f")
            said.append(f"{word}: f' does not tend to zero, or f is not bounded")
            continue
        found = _threshold(study, side)
        require(stated is not None, f"on the {word} |f'| < 1/1000 beyond {_named(found)}")
        same = agrees(stated, found.at, found.exact)
        require(same, f"on the {word} |f'| < 1/1000 beyond {_named(found)}, not {stated}")
        said.append(f"{word}: |f'| < 1/1000 beyond {_named(found)} and not before")
    covers = (*study.cover(1, _FLAT * study.x), *study.cover(1, -_FLAT * study.x))
    return Proof(f"On covers of f' - 1/1000 and f' + 1/1000: {'; '.join(said)}.", covers)


def _keeps_steep(study: Study, side: int) -> bool:
    if _swings(study, 1):
        return True
    slope, _ = _limit_of(study, 1, side)
    return not agrees(S.Zero, slope) or study.far(0, side).order > 0


def _named(point: Root) -> str:
    return str(point.exact) if point.exact is not None else shown(point.at)


def _threshold(study: Study, side: int) -> Root:
    """Return the point beyond which the slope stays in the band, walking in from infinity."""
    bands = [study.charts(1, minus=_FLAT * study.x), study.charts(1, minus=-_FLAT * study.x)]
    jumps = [turn.jump for turn in study.turns(0)]
    indices = range(len(study.parts))
    for index in indices if side < 0 else reversed(indices):
        entry = study.intervals[index][0 if side < 0 else 1]
        exits = []
        for one, inside in ((bands[0][index], -1), (bands[1][index], 1)):
            signs, roots = (
                (one.signs, one.roots) if side < 0 else (one.signs[::-1], one.roots[::-1])
            )
            if signs[0] != inside:
                return Root(number(entry), entry)
            exits += [r for r, sign in zip(roots, signs[1:], strict=True) if sign != inside][:1]
        if exits:
            far = min if side < 0 else max
            return far(exits, key=lambda r: lowest(r.at) if side < 0 else highest(r.at))
        leaving = index if side < 0 else index - 1
        if 0 <= leaving < len(jumps) and jumps[leaving]:
            at = study.breaks[leaving]
            return Root(number(at), at)
    return Root(number(-side * oo), -side * oo)


CHECKS = {
    "left_limit": _limit(-1),
    "right_limit": _limit(1),
    "left_asymptote": _asymptote(-1),
    "right_asymptote": _asymptote(1),
    "saturates_left": _saturates(-1),
    "saturates_right": _saturates(1),
    "dies_left": _dies(-1),
    "dies_right": _dies(1),
    "saturation": _saturation,
}
