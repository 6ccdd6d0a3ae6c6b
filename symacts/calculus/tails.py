"""From an expression to its expansion near infinity, function by function."""

from collections.abc import Callable, Iterable

import sympy
from sympy import Expr, Integer, Pow, S, Symbol, exp, expand, oo, pi, sqrt

from symacts import atoms
from symacts.calculus.identities import nests_deeply
from symacts.calculus.scales import (
    ONE,
    WORK,
    Expansion,
    Scale,
    Undecided,
    X,
    constant,
    exact_ball,
)
from symacts.enclose import Ball, jet, precision, program

__all__ = ["expansion"]


_LINE, _LOG = Scale(S.Zero, 1), Scale(S.Zero, 0, 1)


def _within(ball: Ball, start: int) -> Expansion:
    """Return some unknown function with values in *ball*."""
    return Expansion(start, {}, {ONE: ball})


def expansion(expr: Expr, variable: Symbol, start: int, side: int) -> Expansion:
    """Return *expr* for variable = side * X with X >= start, or raise Undecided."""
    if nests_deeply(expr):
        raise Undecided
    WORK.start()
    with precision():
        return _expand(expr.subs(variable, side * X), start)


def _expand(expr: Expr, start: int) -> Expansion:
    if not expr.has(X) or expr == X:
        return Expansion(start, {_LINE: S.One}, {}) if expr == X else constant(expr, start)
    if isinstance(expr, sympy.Add):
        first, *others = (_expand(arg, start) for arg in expr.args)
        return sum(others, first)
    if isinstance(expr, sympy.Mul):
        return _product((_expand(arg, start) for arg in expr.args), start)
    if isinstance(expr, Pow) and expr.exp.is_Integer:
        base = _expand(expr.base, start)
        base = base if expr.exp.is_positive else _reciprocal(base)
        return _product((base for _ in range(abs(int(expr.exp)))), start)
    if isinstance(expr, Pow) and expr.exp.is_Rational:
        return _power(_expand(expr.base, start), expr.exp)
    if (rule := _RULES.get(expr.func)) is None:
        raise Undecided
    return rule(*(_expand(arg, start) for arg in expr.args))


def _product(factors: Iterable[Expansion], start: int) -> Expansion:
    result = constant(S.One, start)
    for factor in factors:
        result = result * factor
    return result


def _reciprocal(u: Expansion) -> Expansion:
    """1/(l (1 + r)) = (1 - r + r^2/(1 + r)) / l."""
    split = u.split()
    return split.inverse * _taylor(1 / (1 + X), S.Zero, split.rest)


def _leading(u: Expansion) -> tuple[Scale, Expr, Expansion]:
    """Return the largest term of a positive function, exactly known, and the rest divided by it."""
    split = u.split()
    scale = u.scales[0]
    if split.sign < 0 or scale in u.loose:
        raise Undecided
    return scale, u.exact[scale], split.rest


def _power(u: Expansion, exponent: Expr) -> Expansion:
    """u^e = (c s)^e (1 + r)^e, where the powers of the scale s have to stay whole."""
    scale, c, rest = _leading(u)
    k, l = scale.k * exponent, scale.l * exponent  # noqa: E741  the letters of the scale
    if not (k.is_Integer and l.is_Integer):
        raise Undecided
    scale = Scale(expand(scale.q * exponent), int(k), int(l))
    factor = Expansion(u.start, {scale: c**exponent}, {})
    return factor * _taylor((1 + X) ** exponent, S.Zero, rest)


def _log(u: Expansion) -> Expansion:
    """log(c X^k e^q (1 + r)) = log c + k log X + q + log(1 + r)."""
    scale, c, rest = _leading(u)
    if scale.l:
        raise Undecided
    exact = {ONE: sympy.log(c), _LOG: Integer(scale.k)}
    for (degree,), coefficient in sympy.Poly(scale.q, X).terms():
        if degree:
            exact[Scale(S.Zero, degree)] = coefficient
    return Expansion(u.start, exact, {}) + _taylor(sympy.log(1 + X), S.Zero, rest)


def _taylor(function: Expr, at: Expr, r: Expansion) -> Expansion:
    """Return function(at + r) by Taylor's theorem: value, slope, and second derivative in a ball.

    The function has to be smooth between at - bound(r) and at + bound(r); `jet` raises no false
    hope there, it returns balls that are not finite.
    """
    start = r.start
    value = constant(function.subs(X, at), start)
    if not r.scales:
        return value
    around = exact_ball(at) + Ball(0, max(float(r.bound()) * 1.0000001, 1e-300))
    run = program(function, X)
    values = jet(run, around, 2) if run else None
    if values is None or not values[2].is_finite():
        raise Undecided
    slope = r.times(function.diff(X).subs(X, at))
    return value + slope + r * r * _within(values[2] / 2, start)


def _tends(u: Expansion) -> int:
    """Return 1 or -1 if *u* tends to plus or minus infinity, else 0."""
    try:
        limit = u.limit()
    except Undecided:
        return 0
    return 1 if limit == oo else -1 if limit == -oo else 0


def _exp(u: Expansion) -> Expansion:
    """exp(q + n log X + c + r) = e^q X^n e^c exp(r), with a polynomial q and a bounded rest r."""
    q, n, c = S.Zero, 0, S.Zero
    rest: dict[Scale, Expr] = {}
    for scale, coefficient in u.exact.items():
        if scale == ONE:
            c = coefficient
        elif scale.q == 0 and scale.k > 0 and scale.l == 0:
            q += coefficient * X**scale.k
        elif scale == _LOG and coefficient.is_Integer:
            n = int(coefficient)
        else:
            rest[scale] = coefficient
    if any(scale.order() > 0 for scale in (*rest, *u.loose)):
        return _vanishing(u)
    factor = Expansion(u.start, {Scale(expand(q), n): exp(c)}, {})
    r = Expansion(u.start, rest, u.loose)
    return factor * _taylor(exp(X), S.Zero, r) if r.scales else factor


def _vanishing(u: Expansion) -> Expansion:
    """exp(-t) for t > 0 that grows faster than any polynomial: it lies in [0, 4!]/t^4."""
    t = u.times(S.NegativeOne)
    if _tends(t) != 1 or not t.sign() > 0:
        raise Undecided
    inverse = _reciprocal(t)
    return inverse * inverse * inverse * inverse * _within(Ball(12, 12), u.start)


def _at_infinity(
    far: Callable[[Expansion, int], Expansion], function: Callable[[Expr], Expr]
) -> Callable[[Expansion], Expansion]:
    """Return the rule for a function: *far* (of |u| and the side) at infinity, Taylor elsewhere."""

    def rule(u: Expansion) -> Expansion:
        if side := _tends(u):
            return far(u.times(Integer(side)), side)
        at = u.exact.get(ONE, S.Zero)
        return _taylor(function(X), at, u - constant(at, u.start))

    return rule


def _decay(u: Expansion, rate: int = 1) -> Expansion:
    """exp(-rate u) and nothing else: the small quantity that saturating functions are made of."""
    return _exp(u.times(Integer(-rate)))


def _sigma(u: Expansion, side: int) -> Expansion:
    w = _decay(u)
    inverse = _taylor(1 / (1 + X), S.Zero, w)
    return inverse if side > 0 else w * inverse


def _sigma_prime(u: Expansion, _: int) -> Expansion:
    w = _decay(u)
    return w * _taylor(1 / (1 + X) ** 2, S.Zero, w)


def _softplus(u: Expansion, side: int) -> Expansion:
    small = _taylor(sympy.log(1 + X), S.Zero, _decay(u))
    return u + small if side > 0 else small


def _tanh(u: Expansion, side: int) -> Expansion:
    return _taylor((1 - X) / (1 + X), S.Zero, _decay(u, 2)).times(Integer(side))


def _sech2(u: Expansion, _: int) -> Expansion:
    w = _decay(u, 2)
    return w.times(Integer(4)) * _taylor(1 / (1 + X) ** 2, S.Zero, w)


def _density(u: Expansion) -> Expansion:
    return _exp((u * u).times(-S.Half)).times(1 / sqrt(2 * pi))


def _normal_share(u: Expansion, side: int) -> Expansion:
    """The tail of the normal distribution: Mills' ratio lies in 1/u - 1/u^3 + [0, 3]/u^5."""
    if not u.sign() > 0:
        raise Undecided
    inverse = _reciprocal(u)
    cube = inverse * inverse * inverse
    mills = inverse - cube + cube * inverse * inverse * _within(Ball(1.5, 1.5), u.start)
    tail = _density(u) * mills
    return constant(S.One, u.start) - tail if side > 0 else tail


def _atan(u: Expansion, side: int) -> Expansion:
    turned = _taylor(sympy.atan(X), S.Zero, _reciprocal(u))
    return (constant(pi / 2, u.start) - turned).times(Integer(side))


def _hypot(u: Expansion, c: Expansion) -> Expansion:
    side = _tends(u)
    if not side:
        raise Undecided
    size = u.times(Integer(side))
    ratio = c * _reciprocal(size)
    return size * _taylor(sqrt(1 + X), S.Zero, ratio * ratio)


def _wave(u: Expansion) -> Expansion:
    return _within(Ball(0, 1), u.start)


_RULES: dict[type, Callable[..., Expansion]] = {
    exp: _exp,
    sympy.log: _log,
    atoms.log1p: lambda u: _log(constant(S.One, u.start) + u),
    atoms.expm1: lambda u: _exp(u) - constant(S.One, u.start),
    atoms.sigma: _at_infinity(_sigma, atoms.sigma),
    atoms.sigma_prime: _at_infinity(_sigma_prime, atoms.sigma_prime),
    atoms.softplus: _at_infinity(_softplus, atoms.softplus),
    atoms.tanh: _at_infinity(_tanh, atoms.tanh),
    atoms.sech2: _at_infinity(_sech2, atoms.sech2),
    atoms.Phi: _at_infinity(_normal_share, atoms.Phi),
    atoms.phi: _density,
    sympy.erf: lambda u: (
        _RULES[atoms.Phi](u.times(sqrt(2))).times(Integer(2)) - constant(S.One, u.start)
    ),
    sympy.atan: _at_infinity(_atan, sympy.atan),
    atoms.hypot: _hypot,
    sympy.sin: _wave,
    sympy.cos: _wave,
}
