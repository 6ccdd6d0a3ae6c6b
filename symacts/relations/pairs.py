"""Two functions of one variable: equal, scaled, reflected, derivative, factor, remainder, limit."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Rational, S, Symbol, oo, pi, sqrt

from symacts.calculus.symmetry import scaling
from symacts.pieces import Pieces
from symacts.relations.matching import agreement, transformed
from symacts.relations.statements import Relation, applied, except_at, named
from symacts.symbols import Domain
from symacts.typeset import formula, symbol

if TYPE_CHECKING:
    from symacts.activation import Activation
    from symacts.parameters import Parameter

__all__ = ["relations"]

Array = NDArray[np.float64]

_POINTS = np.array([-3.7, -2.3, -1.1, -0.45, 0.27, 0.83, 1.9, 3.1, 4.3])
_STRETCHES = tuple(
    Rational(p, q) for p, q in ((1, 1), (-1, 1), (2, 1), (-2, 1), (1, 2), (-1, 2), (3, 1))
)
_LARGEST_DENOMINATOR = 36
_CLOSE = 1e-12


def relations(first: "Activation", second: "Activation") -> Iterator[Relation]:
    """Yield the statements about *first* in terms of *second*."""
    if first is not second:
        equal = [*_always(first, second)] or [*_at_parameters(first, second)]
        copies = equal or [*_copy(first, second)] or [*_scaled_at_parameters(first, second)]
        yield from copies or _remainder(first, second)
        yield from _product(first, second)
        yield from _limit(first, second)
    yield from _derivative(first, second)


@lru_cache(maxsize=4096)
def _at_defaults(act: "Activation", order: int = 0) -> Pieces:
    return act.pieces(order).subs(dict(act.defaults))


@lru_cache(maxsize=16384)
def _values(
    act: "Activation",
    stretch: Expr = S.One,
    shift: Expr = S.Zero,
    parameters: tuple[tuple[str, float], ...] = (),
) -> Array:
    """Return the values of an activation at stretched and shifted points."""
    at = float(stretch) * _POINTS + float(shift)
    return np.asarray(act(at, **dict(parameters)), dtype=np.float64)


@lru_cache(maxsize=4096)
def _slopes(act: "Activation") -> Array:
    return np.asarray(act.derivative()(_POINTS), dtype=np.float64)


def _close(one: Array, other: Array) -> bool:
    return bool(np.all(np.abs(one - other) <= _CLOSE * (1 + np.abs(one))))


def _equation(
    kind: str, other: "Activation", left: str, right: str, apart: tuple[Expr, ...] = ()
) -> Relation:
    return Relation(kind, other.id, f"${left} = {right}${except_at(apart)}")


# -- equal at some parameters --------------------------------------------------------------------


def _always(first: "Activation", second: "Activation") -> Iterator[Relation]:
    """Yield that two members with the same parameters are the same wherever both are defined."""
    if not first.params or set(first.params) != set(second.params):
        return
    symbols = {p.symbol: second.params[name].symbol for name, p in first.params.items()}
    apart = agreement(first.pieces().subs(symbols), second.pieces())
    if apart is None:
        return
    x = first.variable
    left, right = (applied(named(act, {s: s for s in act.defaults}), x) for act in (first, second))
    conditions = (_narrower(p, second.params[name]) for name, p in first.params.items())
    yield Relation("parameter", second.id, f"${left} = {right}$ for ${', '.join(conditions)}$")


def _narrower(one: "Parameter", other: "Parameter") -> str:
    """Return the condition for a value to lie in both domains, one of which holds the other."""
    chosen = one if one.domain.set.is_subset(other.domain.set) else other
    return f"{formula(chosen.symbol)} {chosen.domain.condition_latex}"


def _at_parameters(first: "Activation", second: "Activation") -> Iterator[Relation]:
    """Yield equality of the first at special parameters with the second at its defaults."""
    if not first.params:
        return
    x, goal, pieces = second.variable, _values(second), _at_defaults(second)
    for values in _settings(first, pieces):
        numbers = tuple((s.name, float(v)) for s, v in values.items())
        if not _close(_values(first, parameters=numbers), goal):
            continue
        apart = agreement(first.pieces().subs(values), pieces)
        if apart is not None:
            left = applied(named(first, values), x)
            yield _equation("parameter", second, left, applied(named(second), x), apart)
            return


def _settings(act: "Activation", goal: Pieces) -> Iterator[dict[Symbol, Expr]]:
    """Yield parameter values worth a try: numbers that occur in the other function, 0, 1 and -1."""
    occurring = {n for e in (*goal.parts, *goal.breaks) for n in e.atoms(Rational)}
    candidates = sorted({*occurring, S.Zero, S.One, S.NegativeOne}, key=lambda n: (abs(n), n))
    choices = [
        [value for value in candidates if _allows(p.domain, value)] for p in act.params.values()
    ]
    for values in product(*choices):
        yield dict(zip(act.defaults, values, strict=True))


@lru_cache(maxsize=4096)
def _allows(domain: Domain, value: Expr) -> bool:
    return domain.contains(value)


def _scaled_at_parameters(first: "Activation", second: "Activation") -> Iterator[Relation]:
    """Yield f(x) = c g(x) at a parameter of g that has to be solved for (SELU is such an ELU)."""
    if first.params or len(second.params) != 1:
        return
    goal, base, (p,) = first.pieces(), second.pieces(), second.defaults
    if not goal.breaks or len(goal.breaks) != len(base.breaks):
        return
    ratios = [a / b if b != 0 else None for a, b in zip(goal.parts, base.parts, strict=True)]
    factor = next((r for r in ratios if r is not None and not r.free_symbols), None)
    inverse = next((r * p for r in ratios if r is not None and not (r * p).free_symbols), None)
    if factor is None or inverse is None:
        return
    value = inverse / factor
    apart = agreement(goal, transformed(base.subs({p: value}), S.One, times=factor))
    if apart is not None and value.is_positive:
        c, x = r"c", first.variable
        right = rf"{c}\,{applied(named(second, {p: p}), x)}"
        numbers = rf"${c} \approx {float(factor):.5g}$ and ${symbol(p)} \approx {float(value):.5g}$"
        left = applied(named(first), x)
        yield Relation("copy", second.id, f"${left} = {right}$ with {numbers}{except_at(apart)}")


# -- copies --------------------------------------------------------------------------------------


def _copy(first: "Activation", second: "Activation") -> Iterator[Relation]:
    """Yield f(x) = p g(q x + s) + r."""
    found = _affine(_at_defaults(first), _values(first), second, with_constant=True)
    if found is not None:
        right, apart, exactly = found
        kind = "copy" if not exactly else "parameter" if second.params else "equal"
        yield _equation(kind, second, applied(named(first), first.variable), right, apart)


def _derivative(first: "Activation", second: "Activation") -> Iterator[Relation]:
    """Yield f'(x) = p g(q x), except where f has no derivative."""
    slopes = _slopes(first)
    if np.ptp(slopes) < _CLOSE:
        return
    found = _affine(_at_defaults(first, 1), slopes, second, with_constant=False)
    if found is not None:
        right, apart, _ = found
        left = applied(named(first, prime="'"), first.variable)
        kinks = first.facts.kinks
        if kinks is not None:
            bends = (kink.where.subs(dict(first.defaults)) for kink in kinks.value)
            yield _equation(
                "derivative", second, left, right, tuple(dict.fromkeys((*apart, *bends)))
            )


def _affine(
    goal: Pieces, values: Array, other: "Activation", *, with_constant: bool
) -> tuple[str, tuple[Expr, ...], bool] | None:
    """Return how *goal* is written with the other function, where not, and if they are equal."""
    base = _at_defaults(other)
    for stretch in _STRETCHES:
        for shift in _shifts(goal, base, stretch):
            fitted = _fit(_values(other, stretch, shift), values, with_constant=with_constant)
            if fitted is None:
                continue
            times, plus = fitted
            apart = agreement(goal, transformed(base, stretch, shift, times, plus))
            if apart is not None:
                right = applied(named(other), stretch * goal.variable + shift, times, plus)
                exactly = (stretch, shift, times, plus) == (1, 0, 1, 0)
                return right, apart, exactly
    return None


def _shifts(goal: Pieces, base: Pieces, stretch: Expr) -> list[Expr]:
    """Return shifts worth a try: none, and the one that lays the first breaks onto each other."""
    if not goal.breaks or len(goal.breaks) != len(base.breaks):
        return [S.Zero]
    target = base.breaks[0] if stretch.is_positive else base.breaks[-1]
    aligned = target - stretch * goal.breaks[0]
    return [aligned] if aligned.is_Rational else []


def _fit(inputs: Array, values: Array, *, with_constant: bool) -> tuple[Expr, Expr] | None:
    """Return exact p and r with values = p inputs + r, if they are simple numbers."""
    if not (np.isfinite(inputs).all() and np.isfinite(values).all()) or np.ptp(inputs) < _CLOSE:
        return None
    columns = np.column_stack([inputs, np.ones_like(inputs)][: 2 if with_constant else 1])
    solution = np.linalg.lstsq(columns, values, rcond=None)[0]
    if not _close(columns @ solution, values):
        return None
    times = _simple(float(solution[0]))
    plus = _simple(float(solution[1])) if with_constant else S.Zero
    return None if times is None or plus is None or times == 0 else (times, plus)


def _simple(number: float) -> Expr | None:
    """Return the fraction, perhaps over the root of pi, that a float stands for."""
    for unit in (S.One, 1 / sqrt(pi)):
        ratio = number / float(unit)
        fraction = Rational(ratio).limit_denominator(_LARGEST_DENOMINATOR)
        if abs(float(fraction) - ratio) < _CLOSE * 100:
            return fraction * unit
    return None


# -- factors, remainders and limits --------------------------------------------------------------


def _product(first: "Activation", second: "Activation") -> Iterator[Relation]:
    """Yield f(x) = x g(q x): the input, gated by a function of itself."""
    x, goal, base = first.variable, _at_defaults(first), _at_defaults(second)
    numbers = {abs(n) for part in goal.parts for n in part.atoms(Rational) if n.is_nonzero}
    for stretch in sorted({S.One, *numbers}, key=lambda n: (n != 1, n)):
        if not _close(_values(first), _POINTS * _values(second, stretch)):
            continue
        apart = agreement(goal, transformed(base, stretch, times=x))
        if apart is not None:
            right = rf"x \cdot {applied(named(second), stretch * x)}"
            yield _equation("product", second, applied(named(first), x), right, apart)
            return


def _remainder(first: "Activation", second: "Activation") -> Iterator[Relation]:
    """Yield f(x) = x - g(x)."""
    x = first.variable
    if not _close(_values(first), _POINTS - _values(second)):
        return
    rest = transformed(_at_defaults(second), S.One, times=S.NegativeOne, plus=x)
    apart = agreement(_at_defaults(first), rest)
    if apart is not None:
        right = f"x - {applied(named(second), x)}"
        yield _equation("remainder", second, applied(named(first), x), right, apart)


def _limit(first: "Activation", second: "Activation") -> Iterator[Relation]:
    """Yield what a function tends to when its one parameter only sets the scale.

    f(x) = p^k g(x / p^k) tends to the two rays that are parallel to the asymptotes of g when p^k
    tends to zero.
    """
    scale = scaling(first.pieces(), tuple(first.defaults))
    if scale is None or scale.m != scale.k or second.params:
        return
    x = first.variable
    slopes = [
        _slope(act_fact, x)
        for act_fact in (first.facts.left_asymptote, first.facts.right_asymptote)
    ]
    if slopes[0] is None or slopes[1] is None or first.facts.continuous is None:
        return
    rays = Pieces(x, (S.Zero,), (slopes[0] * x, slopes[1] * x), ("left",))
    if agreement(rays, second.pieces()) is not None:
        p = symbol(scale.parameter)
        goal = "0" if scale.k > 0 else formula(oo)
        left = rf"\text{{{first.title}}}_{{{p}}}(x)"
        yield Relation(
            "limit", second.id, rf"${left} \to {applied(named(second), x)}$ as ${p} \to {goal}$"
        )


def _slope(fact: object, x: Symbol) -> Expr | None:
    """Return the slope of an asymptote that is a line with a slope free of parameters."""
    value = getattr(fact, "value", None)
    if not isinstance(value, Expr) or not value.is_polynomial(x):
        return None
    slope = value.coeff(x, 1)
    return slope if slope.is_number else None
