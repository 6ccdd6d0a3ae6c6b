"""Choose among equal forms of a formula by the error that each makes.

Rules know which form is right for one function; for a sum of several it has to be tried.  The form
is run with arithmetic that is the same on every machine, each operation rounded correctly, against
balls; so the same source is chosen everywhere.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import mpmath
import numpy as np
from flint import arb
from sympy import Expr, Symbol

from symacts.enclose import jet, program
from symacts.numeric.lowering.emit import Writer
from symacts.numeric.lowering.products import in_exponentials, rearrange
from symacts.numeric.lowering.program import trace
from symacts.numeric.lowering.scalars import scalar_function
from symacts.numeric.lowering.stable import stabilise
from symacts.numeric.lowering.text import Source, assemble

__all__ = ["best_form", "worst_error"]

_GRID = np.concatenate([np.arange(-36.0, 36.0, 1.37), np.arange(-8.0, 8.0, 0.0917)])


_CLEARLY = 0.75  # a form is left only for one that is better than by chance


def best_form(part: Expr, variable: Symbol, defaults: Mapping[Symbol, Expr]) -> Expr:
    """Return a smooth part in the form that keeps most digits."""
    return _best_form(part, variable, tuple(defaults.items()))


@lru_cache(maxsize=4096)
def _best_form(part: Expr, variable: Symbol, defaults: tuple[tuple[Symbol, Expr], ...]) -> Expr:
    by_function = stabilise(part)
    in_one = in_exponentials(by_function, variable)
    form = rearrange(by_function, variable)
    if in_one is None:
        return form
    exact = part.subs(dict(defaults))
    errors = [
        worst_error(_source(candidate.subs(dict(defaults)), variable), exact, variable)
        for candidate in (form, in_one)
    ]
    return in_one if errors[1] < _CLEARLY * errors[0] else form


def _source(form: Expr, variable: Symbol) -> Source:
    writer = Writer({variable: variable.name}, [variable])
    writer.share([form])
    return assemble("form", [variable.name], writer, [writer.write(form)])


def worst_error(source: Source, exact: Expr, variable: Symbol) -> float:
    """Return the worst error in mixed ulp of a function of one number, infinite where it fails."""
    function = scalar_function(trace(source, 1), _correctly_rounded)
    worst = 0.0
    for x, value, slope in _exact_values(exact, variable):
        try:
            (computed,) = function(x)
        except (ZeroDivisionError, OverflowError):
            return np.inf
        unit = float(np.spacing(abs(float(value)))) + abs(slope) * float(np.spacing(abs(x)))
        worst = max(worst, abs(float(arb(computed) - value)) / unit)
    return worst


@lru_cache(maxsize=64)
def _exact_values(exact: Expr, variable: Symbol) -> Sequence[tuple[float, arb, float]]:
    """Return points, the values there as balls, and the slopes."""
    run = program(exact, variable)
    found = []
    for x in _GRID:
        values = run and jet(run, arb(float(x)), 1)
        if values and all(value.is_finite() for value in values):
            found.append((float(x), values[0], float(values[1])))
    return found


def _correctly_rounded(name: str) -> Callable[..., Any]:
    """Return a function of NumPy's on floats, rounded correctly."""
    function = getattr(mpmath, {"arctan": "atan", "arcsinh": "asinh"}.get(name, name))

    def rounded(x: float) -> float:
        with mpmath.workprec(53):
            return float(function(x))

    return rounded
