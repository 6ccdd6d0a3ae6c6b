r"""Antiderivatives in closed form, of what is made of functions that have one.

Powers of x times functions of a line are integrated by parts, along chains such as sigma, softplus,
$-\mathrm{Li}_2(-e^u)$; Gaussians as polynomials times Phi and phi; rational functions of x, or of
one exponential, by partial fractions.  What comes out is differentiated, and kept only if that is
proved to be the function again.
"""

from collections.abc import Callable, Mapping
from itertools import pairwise

from sympy import (
    Add,
    Expr,
    I,
    Integer,
    Mul,
    Piecewise,
    Pow,
    S,
    Si,
    Symbol,
    asinh,
    atan,
    cos,
    cosh,
    erf,
    exp,
    expand,
    log,
    oo,
    pi,
    polylog,
    sin,
    sqrt,
)
from sympy.integrals.rationaltools import ratint
from sympy.simplify.fu import TR8

from symacts import atoms
from symacts.calculus import numbers
from symacts.calculus.identities import in_exponentials, same
from symacts.pieces import Pieces

__all__ = ["antiderivative"]

_HIGHEST_DEGREE = 12
"""Partial fractions of higher powers of an exponential take for ever."""

_HIGHEST_POWER = 6
"""Higher powers of x beside a function make a formula that helps nobody."""


def antiderivative(pieces: Pieces) -> Expr | None:
    """Return a continuous function whose derivative is the given one between its breaks.

    It has no constant term; with breaks it is zero at zero.
    """
    x = pieces.variable
    prepared = [_prepared(part) for part in pieces.parts]
    parts = [
        _integral(part, x, _inside(*ends))
        for part, ends in zip(prepared, pieces.intervals, strict=True)
    ]
    if not all(
        found is not None and same(_derivative(found, x), part)
        for found, part in zip(parts, prepared, strict=True)
    ):
        return None
    keeps = (atoms.Phi, atoms.phi) if any(p.has(atoms.Phi, atoms.phi) for p in pieces.parts) else ()
    plain = [_plain(part, keeps) for part in parts if part is not None]
    if not pieces.breaks:
        return plain[0].as_independent(x, as_Add=True)[1]
    shifts = [S.Zero]
    for at, (left, right) in zip(pieces.breaks, pairwise(plain), strict=True):
        shifts.append(shifts[-1] + left.subs(x, at) - right.subs(x, at))
    home = next((k for k, at in enumerate(pieces.breaks) if at.is_nonnegative), len(plain) - 1)
    start = shifts[home] + plain[home].subs(x, 0)
    moved = [
        part + numbers.simplest(expand(shift - start))
        for part, shift in zip(plain, shifts, strict=True)
    ]
    if any(part.has(I, S.NaN, oo, -oo) for part in moved):
        return None
    branches = [(part, x <= at) for part, at in zip(moved, pieces.breaks, strict=False)]
    return Piecewise(*branches, (moved[-1], True))


def _derivative(found: Expr, x: Symbol) -> Expr:
    """Differentiate, in functions that identities are proved in."""
    slope = found.diff(x).replace(polylog, lambda s, z: -log(1 - z) if s == 1 else polylog(s, z))
    return slope.rewrite(exp) if slope.has(cosh) else slope


def _plain(found: Expr, keeps: tuple[type[Expr], ...]) -> Expr:
    """Return the antiderivative as it is shown: in SymPy's own functions, but for those kept."""
    shown = found.replace(
        lambda node: isinstance(node, log) and node.has(atoms.hypot),
        lambda node: asinh(_ratio(node.args[0])),
    )
    if not keeps:
        return expand(atoms.textbook(shown), log=False, power_exp=False)
    return expand(shown.replace(_is_other_atom(keeps), lambda node: node.textbook()), log=False)


def _is_other_atom(keeps: tuple[type[Expr], ...]) -> Callable[[Expr], bool]:
    return lambda node: isinstance(node, atoms.Atom) and not isinstance(node, keeps)


def _ratio(root: Expr) -> Expr:
    """Return u/c of u + hypot(u, c)."""
    u, c = next(iter(root.atoms(atoms.hypot))).args
    return u / c


class _NoClosedForm(Exception):
    """No rule fits."""


def _inside(low: Expr, high: Expr) -> Expr:
    """Return a point of an interval."""
    if low.is_infinite:
        return S.Zero if high.is_infinite else high - 1
    return low + 1 if high.is_infinite else (low + high) / 2


def _integral(expr: Expr, x: Symbol, inside: Expr) -> Expr | None:
    """Return an antiderivative around a point, or None if no rule fits."""
    try:
        found = _sum(expr, x)
    except _NoClosedForm:
        return None
    # Logarithms are of absolute values, and no argument is zero where the formula is smooth.
    return found.replace(log, lambda u: log(-u) if u.subs(x, inside).is_negative else log(u))


def _prepared(expr: Expr) -> Expr:
    """Return the formula in functions that there is a rule for."""
    plain = expr if expr.func == atoms.tanh else expr.replace(atoms.tanh, _by_sigma)
    plain = plain.replace(atoms.sech2, lambda u: 4 * atoms.sigma_prime(2 * u))
    plain = plain.replace(atoms.expm1, lambda u: exp(u) - 1)
    plain = plain.replace(erf, lambda u: 2 * atoms.Phi(sqrt(2) * u) - 1)
    return TR8(plain) if plain.has(sin, cos) else plain


def _by_sigma(u: Expr) -> Expr:
    """tanh(u)."""
    return 2 * atoms.sigma(2 * u) - 1


def _sum(expr: Expr, x: Symbol) -> Expr:
    return Add(*(_term(term, x) for term in Add.make_args(expand(expr, log=False))))


def _term(term: Expr, x: Symbol) -> Expr:
    factor, rest = term.as_independent(x, as_Add=False)
    power, function = _split(rest, x)
    if rest.is_rational_function(x):
        return factor * ratint(rest, x)
    if function == sin(x) and power == -1:
        return factor * Si(x)
    if not 0 <= power <= _HIGHEST_POWER:
        raise _NoClosedForm
    if (gaussian := _gaussian(power, function, x)) is not None:
        return factor * gaussian
    inner = _of_line(function, x)
    if inner is None:
        inner = _of_exponentials(function, x)
    if power == 0:
        return factor * inner
    return factor * (x**power * inner - _sum(power * x ** (power - 1) * inner, x))


def _split(rest: Expr, x: Symbol) -> tuple[int, Expr]:
    """Return the power of x that is a factor, and the other factors."""
    power, others = 0, []
    for factor in Mul.make_args(rest):
        base, exponent = factor.as_base_exp()
        if base == x and exponent.is_Integer:
            power += int(exponent)
        else:
            others.append(factor)
    return power, Mul(*others)


# -- functions of a line ---------------------------------------------------------------------------

_TABLE: Mapping[type, Callable[..., Expr]] = {
    exp: exp,
    sin: lambda u: -cos(u),
    cos: sin,
    atan: lambda u: u * atan(u) - log(1 + u**2) / 2,
    atoms.sigma: atoms.softplus,
    atoms.sigma_prime: atoms.sigma,
    atoms.softplus: lambda u: -polylog(2, -exp(u)),
    atoms.log1p: lambda u: (1 + u) * atoms.log1p(u) - u,
    atoms.hypot: lambda u, c: (u * atoms.hypot(u, c) + c**2 * log(u + atoms.hypot(u, c))) / 2,
    atoms.tanh: lambda u: log(cosh(u)),
}


def _of_line(function: Expr, x: Symbol) -> Expr | None:
    """Return the antiderivative of a function in the table whose argument is linear."""
    if isinstance(function, polylog):
        order, inside = function.args
        slope = _slope(log(-inside).expand(force=True) if inside.has(exp) else inside, x)
        return None if slope is None else polylog(order + 1, inside) / slope
    rule = _TABLE.get(function.func)
    slope = _slope(function.args[0], x) if rule and function.args else None
    if rule is None or slope is None or any(arg.has(x) for arg in function.args[1:]):
        return None
    return rule(*function.args) / slope


def _slope(argument: Expr, x: Symbol) -> Expr | None:
    """Return the slope of a line that is proved to have one, for it is divided by."""
    line = argument.as_poly(x)
    if line is None or line.degree() != 1 or not line.LC().is_nonzero:
        return None
    return line.LC()


# -- Gaussians -------------------------------------------------------------------------------------


def _gaussian(power: int, function: Expr, x: Symbol) -> Expr | None:
    """Return the antiderivative of a power of x times Phi or phi of a line, or exp(-a x**2)."""
    if isinstance(function, exp):
        square = function.args[0].as_poly(x)
        if square is None or square.degree() != 2 or square.coeff_monomial(x) != 0:
            return None
        size = -square.LC()
        if not size.is_positive:
            return None
        scale = sqrt(2 * size)
        front = sqrt(2 * pi) * exp(square.coeff_monomial(1))
        found = _gaussian(power, atoms.phi(scale * x), x)
        return None if found is None else front * found
    if not isinstance(function, atoms.Phi | atoms.phi):
        return None
    u = function.args[0]
    slope = _slope(u, x)
    if slope is None:
        return None
    offset = expand(u - slope * x)
    t = Symbol("t", real=True)
    weights = expand(((t - offset) / slope) ** power).as_poly(t)
    rule = _times_density if isinstance(function, atoms.phi) else _times_distribution
    total = Add(*(weight * rule(k, t) for (k,), weight in weights.terms()))
    return (total / slope).subs(t, u)


def _times_density(k: int, t: Symbol) -> Expr:
    """The antiderivative of t**k phi(t)."""
    if k == 0:
        return atoms.Phi(t)
    if k == 1:
        return -atoms.phi(t)
    return -(t ** (k - 1)) * atoms.phi(t) + (k - 1) * _times_density(k - 2, t)


def _times_distribution(k: int, t: Symbol) -> Expr:
    """The antiderivative of t**k Phi(t)."""
    return (t ** (k + 1) * atoms.Phi(t) - _times_density(k + 1, t)) / (k + 1)


# -- rational functions of an exponential ----------------------------------------------------------


def _of_exponentials(function: Expr, x: Symbol) -> Expr:
    """Return the antiderivative of a rational function of exp(c x): put t = exp(c x)."""
    plain = in_exponentials(function)
    exponents = [node.args[0] for node in plain.atoms(exp) if node.has(x)]
    units = [_slope(exponent, x) for exponent in exponents]
    if not units or any(unit is None for unit in units):
        raise _NoClosedForm
    unit = min((abs(u) for u in units if u is not None), key=lambda size: size.sort_key())
    t = Symbol("t", positive=True)
    replaced = plain.replace(
        lambda node: isinstance(node, exp) and node.has(x),
        lambda node: t ** (_slope(node.args[0], x) / unit) * exp(node.args[0].subs(x, 0)),
    )
    if replaced.has(x) or not replaced.is_rational_function(t):
        raise _NoClosedForm
    if any(abs(power.exp) > _HIGHEST_DEGREE for power in replaced.atoms(Pow)):
        raise _NoClosedForm
    inner = ratint(replaced / (unit * t), t)
    if isinstance(inner, Pow | Integer) or not inner.has(t):
        raise _NoClosedForm
    return inner.subs(log(t), unit * x).subs(t, exp(unit * x))
