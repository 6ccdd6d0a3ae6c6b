"""The truth table, and its numbers once more from mpmath.

`tests/data/truth.toml` is written by hand.  Nothing here imports anything of the engine: formulas
are evaluated by mpmath with 50 digits, slopes by `mpmath.diff`, roots by `mpmath.findroot`, means
by `mpmath.quad`.  So the table stands on its own before the engine is compared with it.
"""

import tomllib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import mpmath
from mpmath import mp, mpf

TABLE = Path(__file__).parent / "data" / "truth.toml"
FACTS = (
    "range",
    "left_limit",
    "right_limit",
    "zeros",
    "minimum",
    "maximum",
    "monotonicity",
    "convexity",
    "parity",
    "smoothness",
    "kinks",
    "inflections",
    "lipschitz",
    "mean",
    "second_moment",
)
DIGITS, DIGITS_OF_MEANS = 50, 25
PLACES, CERTAIN, NOISE = mpf(10) ** -16, mpf(10) ** -14, mpf(10) ** -40
GRID = [mpf(k) / 8 + mpf(1) / 128 for k in range(-64, 65)]
FAR = (mpf(100), mpf(400))

Real = Callable[[mpf], mpf]


def table() -> dict[str, dict[str, Any]]:
    """Return the entries by name, each with its formula, its source and its facts."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def formula(text: str) -> Real:
    """Return a formula as a function on numbers of mpmath."""
    code = compile(text, "formula", "eval")
    return lambda x: mpf(eval(code, _NAMES, {"x": x}))  # the text is in the table


def number(text: str) -> mpf:
    """Return a number of the table."""
    return formula(text)(mpf(0)) if text not in ("oo", "-oo") else mpf(f"{text[:-2]}inf")


def _region(*branches: tuple[mpf, bool]) -> mpf:
    return next(value for value, holds in branches if holds)


SHARED = ("exp", "log", "sqrt", "sin", "cos", "sinc", "tanh", "sinh", "cosh", "atan", "asin")
SHARED += ("asinh", "erf", "sign", "pi")
_NAMES: dict[str, Any] = {
    "__builtins__": {},
    "Piecewise": _region,
    "Max": max,
    "Min": min,
    "Abs": abs,
    "Q": lambda p, q: mpf(p) / q,
    "Phi": mpmath.ncdf,
    "phi": mpmath.npdf,
    "E": mpmath.e,
    **{name: getattr(mpmath, name) for name in SHARED},
}


def points(places: list[str]) -> list[mpf]:
    """Return the single points among places such as "0", "[1, oo)" or "pi*k"."""
    return [number(place) for place in places if not is_family(place) and place[0] not in "(["]


def edges(places: list[str]) -> list[mpf]:
    """Return the finite ends of the intervals among places."""
    ends = [end for p in places if p[0] in "([" for end in p[1:-1].split(", ")]
    return [number(end) for end in ends if end not in ("oo", "-oo")]


def is_family(place: str) -> bool:
    """Tell whether places come again for every whole number k."""
    return "*k" in place


def refuted(entry: dict[str, Any]) -> list[str]:
    """Return the facts of an entry that mpmath does not confirm."""
    with mp.workdps(DIGITS):
        f = formula(entry["formula"])
        return [name for name, check in _CHECKS.items() if name in entry and not check(f, entry)]


def mean(f: Real, power: int) -> mpf:
    """Return the mean of a power of f for a standard normal input."""
    edges = [mpf(k) / 2 for k in range(-32, 33)]
    with mp.workdps(DIGITS_OF_MEANS):
        return mpmath.quad(lambda x: f(x) ** power * mpmath.npdf(x), edges)


def root(f: Real, near: mpf) -> mpf:
    """Return the root of a function close to a point."""
    return mpmath.findroot(f, near, tol=mpf(10) ** -50, verify=False)


def slope(f: Real, x: mpf, order: int = 1) -> mpf:
    """Return a derivative."""
    return mpmath.diff(f, x, order)


def steepest(f: Real) -> mpf:
    """Return the largest size of the slope: on the grid, at corners from both sides, far out."""
    best = max(GRID, key=lambda x: abs(slope(f, x)))
    found = [abs(slope(f, x)) for x in (best, *FAR, *(-far for far in FAR))]
    corners = [mpf(k) / 2 for k in range(-12, 13)]
    found += [abs(mpmath.diff(f, x, direction=side)) for x in corners for side in (-1, 1)]
    try:
        peak = root(lambda x: slope(f, x, 2), best)
    except ValueError:  # a corner, or a slope that only tends to its supremum
        return max(found)
    return max(*found, abs(slope(f, peak)))


# -- what mpmath says of each fact -----------------------------------------------------------------


def _close(found: mpf, said: mpf, tolerance: mpf = CERTAIN) -> bool:
    return found == said or abs(found - said) <= tolerance * (1 + abs(said))


def _mean(power: int, name: str) -> Callable[[Real, dict[str, Any]], bool]:
    return lambda f, entry: _close(mean(f, power), number(entry[name]))


def _limit(side: int, name: str) -> Callable[[Real, dict[str, Any]], bool]:
    def check(f: Real, entry: dict[str, Any]) -> bool:
        near, far = (f(side * x) for x in FAR)
        if entry[name] == "oscillates":
            return abs(slope(f, side * FAR[1])) + abs(slope(f, side * FAR[1], 2)) > 0.5
        said = number(entry[name])
        if mpmath.isinf(said):
            return bool((far - near) * said > 0 and abs(far) > 2)
        return abs(far - said) <= min(abs(near - said), mpf(1) / 50) + NOISE

    return check


def _roots(order: int, name: str) -> Callable[[Real, dict[str, Any]], bool]:
    """Check that a derivative vanishes at the places, and changes its sign nowhere else."""

    def check(f: Real, entry: dict[str, Any]) -> bool:
        def g(x: mpf) -> mpf:
            return slope(f, x, order) if order else f(x)

        places = entry[name]
        corners = [number(p) for p in entry["kinks"]]
        at = [p for p in points(places) if not order or p not in corners]
        for family in filter(is_family, places):
            steps = (k for k in range(-24, 25) if k or "!= 0" not in family)
            at += [number(family.split(",")[0].replace("k", f"({k})")) for k in steps]
        if not order and any(abs(f(p)) > PLACES for p in at):
            return False
        for p in at if order else ():
            # A derivative that jumps through zero has no root there, but it changes its sign.
            if not g(p - mpf(1) / 64) * g(p + mpf(1) / 64) < 0 or PLACES < abs(g(p)) < mpf(1) / 99:
                return False
        values = [(x, v) for x in GRID if abs(v := g(x)) > NOISE]
        changes = [(a, b) for (a, s), (b, t) in pairwise(values) if s * t < 0]
        known = at + edges(places) + [c for c in corners if order or entry["smoothness"] == "-1"]
        return all(any(a < p < b for p in known) for a, b in changes)

    return check


def _extreme(side: int, name: str) -> Callable[[Real, dict[str, Any]], bool]:
    def check(f: Real, entry: dict[str, Any]) -> bool:
        where, value = ([], entry[name]) if isinstance(entry[name], str) else entry[name]
        said = number(value)
        values = [f(x) for x in (*GRID, *FAR, *(-far for far in FAR))]
        best = max(side * v for v in values)
        if mpmath.isinf(said):
            return best > 1
        if best > side * said + CERTAIN:
            return False
        single = [number(p.replace("k", "1")) for p in where if p[0] not in "(["]
        if any(not _close(f(p), said) for p in single):
            return False
        return bool(single) or best > side * said - mpf(1) / 20

    return check


def _lipschitz(f: Real, entry: dict[str, Any]) -> bool:
    said = number(entry["lipschitz"])
    if mpmath.isinf(said):
        return entry["smoothness"] == "-1" or abs(slope(f, FAR[0])) + abs(slope(f, -FAR[0])) > 5
    found = steepest(f)
    # A supremum that is only approached shows fewer digits.
    return found <= said * (1 + CERTAIN) and (
        _close(found, said, mpf(10) ** -11) or found > said * mpf("0.999")
    )


def _kinks(f: Real, entry: dict[str, Any]) -> bool:
    step = mpf(10) ** -12
    for at in map(number, entry["kinks"]):
        left, own, right = f(at - step), f(at), f(at + step)
        if abs(right - left) < 0.5 and abs((right - own) - (own - left)) < step / 1000:
            return False
    return bool(entry["kinks"]) == (entry["smoothness"] in ("-1", "0"))


def _direction(f: Real, entry: dict[str, Any]) -> bool:
    steps = [b - a for a, b in pairwise([f(x) for x in GRID])]
    rises, falls = any(s > 0 for s in steps), any(s < 0 for s in steps)
    strict = all(s != 0 for s in steps[len(steps) // 4 : 3 * len(steps) // 4])
    return {
        "increasing": rises and not falls and strict,
        "nondecreasing": rises and not falls and not strict,
        "decreasing": falls and not rises and strict,
        "neither": rises and falls,
    }[entry["monotonicity"]]


def _bend(f: Real, entry: dict[str, Any]) -> bool:
    values = [f(x) for x in GRID]
    turns = [values[k - 1] + values[k + 1] - 2 * values[k] for k in range(1, len(values) - 1)]
    up, down = any(t > NOISE for t in turns), any(t < -NOISE for t in turns)
    return (
        entry["convexity"]
        == {
            (True, True): "neither",
            (True, False): "convex",
            (False, True): "concave",
            (False, False): "affine",
        }[up, down]
    )


def _mirror(f: Real, entry: dict[str, Any]) -> bool:
    at = [mpf(k) / 7 for k in range(1, 60)]
    odd = all(abs(f(x) + f(-x)) < PLACES for x in at)
    even = all(abs(f(x) - f(-x)) < PLACES for x in at)
    return entry["parity"] == ("odd" if odd else "even" if even else "neither")


_CHECKS: dict[str, Callable[[Real, dict[str, Any]], bool]] = {
    "left_limit": _limit(-1, "left_limit"),
    "right_limit": _limit(1, "right_limit"),
    "zeros": _roots(0, "zeros"),
    "minimum": _extreme(-1, "minimum"),
    "maximum": _extreme(1, "maximum"),
    "monotonicity": _direction,
    "convexity": _bend,
    "parity": _mirror,
    "kinks": _kinks,
    "inflections": _roots(2, "inflections"),
    "lipschitz": _lipschitz,
    "mean": _mean(1, "mean"),
    "second_moment": _mean(2, "second_moment"),
}
