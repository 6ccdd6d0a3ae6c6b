"""Re-checks of how a function runs, bends and breaks."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

from sympy import Expr, Integer, S, expand, oo

from symacts.recheck.answers import (
    Proof,
    agrees,
    in_words,
    require,
    require_number,
    require_places,
    same_end,
)
from symacts.recheck.charts import Root, value_of
from symacts.recheck.programs import Unknown, number
from symacts.recheck.spans import highest, hull, lowest, meets
from symacts.recheck.study import Run, Study, decided
from symacts.recheck.values import PROBES, require_defined, require_progression

__all__ = ["CHECKS", "point_with_sign"]


# -- rising and falling ----------------------------------------------------------------------------


def _monotonicity(study: Study, claim: Any) -> Proof:
    signs = study.signs_found(1)
    jumps = [turn.jump for turn in study.turns(0)]
    steps = {step for jump in jumps for step in ((1, -1) if jump == 2 else (jump,))} - {0}
    found = _word(signs | steps, is_flat_somewhere=0 in signs)
    require(found == claim, f"the signs of f' and the jumps make it {found}")
    return Proof(f"On a cover of the line f' and the jumps make f {found}.", study.cover(1))


def _word(signs: set[int], *, is_flat_somewhere: bool) -> str:
    if {1, -1} <= signs:
        return "neither"
    if not signs & {1, -1}:
        return "constant"
    strict = ("increasing", "decreasing")
    weak = ("nondecreasing", "nonincreasing")
    return (weak if is_flat_somewhere else strict)[-1 in signs]


def _monotone_on(study: Study, claim: Any) -> Proof:
    words = {1: "increasing", -1: "decreasing", 0: "constant"}
    if study.repeats(1) and len(study.signs(1)) > 1:
        raise Unknown("a periodic slope makes infinitely many intervals")
    jumps = [turn.jump for turn in study.turns(0)]
    runs: list[Run] = []
    for index, of_part in enumerate(study.runs(1)):
        for place, run in enumerate(of_part):
            last = runs[-1] if runs else None
            joins = place > 0 or index == 0 or jumps[index - 1] in (0, run.sign)
            if last is not None and last.sign == run.sign and joins:
                runs[-1] = Run(last.low, run.high, run.sign)
            else:
                runs.append(run)
    return _compared(study, claim, [(run, words[run.sign]) for run in runs], jumps, 1)


def _compared(
    study: Study, claim: Any, found: Sequence[tuple[Run, str]], jumps: list[int], order: int
) -> Proof:
    """Compare claimed intervals and their words with those found, one by one."""
    at_jump = {point for point, jump in zip(study.breaks, jumps, strict=True) if jump}
    texts = [f"{word} between {_name(run.low)} and {_name(run.high)}" for run, word in found]
    listed = "; ".join(texts)
    require(len(claim) == len(found), f"found {len(found)} intervals: {listed}")
    for (interval, word), (run, own_word) in zip(claim, found, strict=True):
        require(word == own_word, f"{interval} is {own_word}: {listed}")
        for end, is_open, own in (
            (interval.start, interval.left_open, run.low),
            (interval.end, interval.right_open, run.high),
        ):
            same = same_end(end, own.exact) if own.exact is not None else agrees(end, own.at)
            require(same, f"the end {end} is not where it changes: {listed}")
            if end.is_finite:
                require(
                    bool(is_open) == (own.exact in at_jump),
                    f"the end {end} of {interval}: {listed}",
                )
    return Proof(f"The cover gives: {listed}.", study.cover(order))


def _name(point: Root) -> str:
    return str(point.exact) if point.exact is not None else f"{float(lowest(point.at)):.17g}"


# -- bent up and down ------------------------------------------------------------------------------


def _convexity(study: Study, claim: Any) -> Proof:
    signs = study.signs_found(2) | {turn.bend for turn in study.turns(1)}
    if not study.is_continuous or {1, -1} <= signs:
        found = "neither"
    else:
        found = "convex" if 1 in signs else "concave" if -1 in signs else "affine"
    require(found == claim, f"the signs of f'' and the corners make it {found}")
    return Proof(f"On a cover of the line f'' and the corners make f {found}.", study.cover(2))


def _convex_on(study: Study, claim: Any) -> Proof:
    if study.repeats(2) and len(study.signs(2)) > 1:
        raise Unknown("a periodic curvature makes infinitely many intervals")
    jumps = [turn.jump for turn in study.turns(0)]
    steps = list(_steps(study, jumps))
    found: list[tuple[int, Run, str]] = []
    for sign, word in ((1, "convex"), (-1, "concave")):
        found += [(place, run, word) for place, run in _largest(steps, sign)]
    if not found:
        edges = [-oo, *(p for p, jump in zip(study.breaks, jumps, strict=True) if jump), oo]
        points = [Root(number(p), p) for p in edges]
        found = [
            (place, Run(low, high, 0), "affine")
            for place, (low, high) in enumerate(pairwise(points))
        ]
    found.sort(key=lambda one: one[0])
    return _compared(study, claim, [(run, word) for _, run, word in found], jumps, 2)


Step = tuple[Run | None, int | None]
"""A run, or (None, the sign of a corner); a corner of None is a jump."""


def _steps(study: Study, jumps: list[int]) -> Iterator[Step]:
    bends = [turn.bend for turn in study.turns(1)]
    for index, of_part in enumerate(study.runs(2)):
        for run in of_part:
            yield run, run.sign
        if index < len(jumps):
            yield None, (None if jumps[index] else bends[index])


def _largest(steps: list[Step], sign: int) -> Iterator[tuple[int, Run]]:
    """Yield the largest intervals on which nothing bends against *sign* and something with it."""
    start: int | None = None
    bent, turns, last = False, False, 0
    for place, (run, bend) in enumerate([*steps, (None, None)]):
        if bend is None or bend == -sign:
            if bent and start is not None:
                first, final = steps[start][0], steps[last][0]
                assert first is not None
                assert final is not None
                yield start, Run(first.low, final.high, sign)
            start, bent, turns = None, False, False
        elif run is None:
            # A corner at the very end of an interval does not bend it.
            turns = bend == sign and start is not None
        else:
            start = place if start is None else start
            bent |= bend == sign or turns
            turns, last = False, place


def _inflections(study: Study, claim: Any) -> Proof:
    if study.repeats(2) and len(study.signs(2)) > 1:
        return Proof(require_progression(study, 2, S.Zero, claim), study.cover(2))
    found: list[Root] = []
    charts, values, slopes = study.charts(2), study.turns(0), study.turns(1)
    for index, one in enumerate(charts):
        found += [r for r, a, b in zip(one.roots, one.signs, one.signs[1:], strict=False) if a != b]
        if index < len(study.breaks):
            meets_smoothly = values[index].jump == 0 and slopes[index].bend == 0
            if meets_smoothly and one.signs[-1] * charts[index + 1].signs[0] < 0:
                found.append(Root(number(study.breaks[index]), study.breaks[index]))
    said = require_places("f'' changes its sign", list(claim), found)
    return Proof(
        "Each change of sign of f'' is bracketed, and there is none else.", (said, *study.cover(2))
    )


# -- corners ---------------------------------------------------------------------------------------


def _kinks(study: Study, claim: Any) -> Proof:
    require_defined(study)
    found = []
    for index, (turn, slopes) in enumerate(zip(study.turns(0), study.turns(1), strict=True)):
        if turn.jump or slopes.bend:
            taken = _taken(study, index, slopes.left, slopes.right)
            found.append((turn.at, slopes.left, slopes.right, taken, turn.right - turn.left))
    said = "; ".join(
        "at {} slopes {} and {}, taken {}, jump {}".format(*map(in_words, kink)) for kink in found
    )
    said = said or "no point without a slope"
    require(len(claim) == len(found), said)
    for kink, own in zip(claim, found, strict=True):
        stated = (kink.where, kink.left, kink.right, kink.taken, kink.jump)
        for first, second in zip(stated, own, strict=True):
            require(agrees(first, number(second), second), f"{said}; claimed {first}")
    return Proof(f"One-sided limits of the parts at the breaks: {said}.")


def _taken(study: Study, index: int, left: Expr, right: Expr) -> Expr:
    owner = study.owners[index]
    if isinstance(owner, str):
        return left if owner == "left" else right
    return value_of(owner.diff(study.x), study.x, study.breaks[index])


def _class(study: Study) -> Expr:
    """Return -1 for a jump, k if the k-th derivative is the last continuous one, or oo."""
    require_defined(study)
    if not study.breaks:
        return oo
    for order in range(8):
        turns = study.turns(order)
        if any(turn.bend if order else turn.jump for turn in turns):
            return Integer(order - 1)
    raise Unknown("no derivative up to the seventh jumps")


def _smoothness(question: Callable[[Expr], Any]) -> Any:
    def check(study: Study, claim: Any) -> Proof:
        k = _class(study)
        reason = (
            "there is one analytic formula" if k == oo else f"derivative {k + 1} jumps at a break"
        )
        require(question(k) == claim, f"it is of class C^k with k = {k}: {reason}")
        return Proof(f"It is of class C^k with k = {k}, because {reason}.")

    return check


# -- sizes -----------------------------------------------------------------------------------------


def _size(order: int) -> Any:
    name = "f" + "'" * order

    def check(study: Study, claim: Any) -> Proof:
        breaks_off = (
            not study.is_continuous
            if order == 1
            else any(t.jump or s.bend for t, s in zip(study.turns(0), study.turns(1), strict=True))
        )
        if breaks_off:
            require(claim == oo, "a jump makes it infinite")
            return Proof("A jump of f or of its slope makes it infinite.")
        low, high = study.extremes(order)
        if meets(-low.value, high.value):
            value, exact = hull(-low.value, high.value), None
            if high.exact is not None and low.exact is not None:
                exact = high.exact if decided(high.exact + low.exact) == 0 else None
        elif lowest(high.value) > highest(-low.value):
            value, exact = high.value, high.exact
        else:
            value, exact = -low.value, None if low.exact is None else -low.exact
        said = require_number(f"sup |{name}|", claim, value, exact)
        return Proof(f"On a cover of {name}' and in the tails {said}.", study.cover(order + 1))

    return check


def _piecewise_linear(study: Study, claim: Any) -> Proof:
    bent = None
    for index in range(len(study.parts)):
        second = study.derivative(2, index)
        if expand(second) != 0:
            bent = f"f'' is not zero at {point_with_sign(study, index, second)}"
    require(bool(claim) == (bent is None), "every part is straight" if bent is None else bent)
    return Proof(bent or "The second derivative of every part is zero by algebra.")


def point_with_sign(study: Study, index: int, expr: Expr) -> Expr:
    """Return a point of a part at which an expression is not zero."""
    for probe in (sign * p for p in PROBES for sign in (1, -1)):
        is_inside = probe not in study.breaks and study.part_at(probe) == study.parts[index]
        if is_inside and decided(expr.subs(study.x, probe)):
            return probe
    raise Unknown("no probe shows that it is not zero")


def _slope_at_zero(study: Study, claim: Any) -> Proof:
    if S.Zero in study.breaks:
        index = study.breaks.index(S.Zero)
        turn = study.turns(1)[index]
        require(not study.turns(0)[index].jump and not turn.bend, "f has no slope at 0")
        slope = turn.left
    else:
        part = study.part_at(S.Zero)
        assert part is not None
        slope = value_of(part.diff(study.x), study.x, S.Zero)
    return Proof(
        f"By differentiation {require_number('the slope at 0', claim, number(slope), slope)}."
    )


CHECKS = {
    "monotonicity": _monotonicity,
    "monotone_on": _monotone_on,
    "convexity": _convexity,
    "convex_on": _convex_on,
    "inflections": _inflections,
    "kinks": _kinks,
    "smoothness": _smoothness(lambda k: k),
    "analytic": _smoothness(lambda k: k == oo),
    "continuous": _smoothness(lambda k: k >= 0),
    "differentiable": _smoothness(lambda k: k >= 1),
    "lipschitz": _size(1),
    "curvature_bound": _size(2),
    "piecewise_linear": _piecewise_linear,
    "slope_at_zero": _slope_at_zero,
}
