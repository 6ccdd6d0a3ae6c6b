r"""Long formulas over several lines, for `align` and `aligned`.

A line ends before a plus or minus sign that stands in no fraction, root, exponent or `cases`; one
outside of brackets is preferred.
"""

import re

from symacts.typeset.measure import width

__all__ = ["aligned", "broken"]

SIGN = re.compile(r" (?=[+-] )")


def broken(tex: str, limit: float) -> list[str]:
    """Return *tex* in lines of at most *limit* letters, as far as it has places to break."""
    if width(tex) > limit:
        # Brackets that grow cannot be broken; those of a fixed size can.
        tex = tex.replace(r"\left(", r"\Bigl(").replace(r"\right)", r"\Bigr)")
    lines: list[str] = []
    while width(tex) > limit and (place := _best_break(tex, limit)):
        lines.append(tex[:place])
        tex = tex[place + 1 :]
    return [*lines, tex]


def _best_break(tex: str, limit: float) -> int:
    """Return where to break: late, and in as few brackets as possible; 0 if nowhere."""
    depths = {match.start(): _brackets(tex[: match.start()]) for match in SIGN.finditer(tex)}
    places = [place for place, depth in depths.items() if depth is not None]
    fitting = [place for place in places if width(tex[:place]) < limit]
    if not fitting:
        return places[0] if places else 0
    return min(fitting, key=lambda place: (depths[place], -place))


def _brackets(before: str) -> int | None:
    """Return how many brackets are open after *before*, None where a line must not end."""
    if before.count("{") != before.count("}") or before.count(r"\left") != before.count(r"\right"):
        return None
    if before.count(r"\begin") != before.count(r"\end"):
        return None
    return before.count("(") - before.count(")")


def aligned(lhs: str, rhs: str, limit: float) -> list[str]:
    """Return the rows of an equation for an `align` environment, without the line ends."""
    first, *rest = broken(rhs, limit)
    return [f"{lhs} &= {first}", *(rf"&\qquad {line}" for line in rest)]
