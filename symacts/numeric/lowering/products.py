"""Exact rewrites of products and quotients, so that no factor leaves a double's range early.

In `x*exp(x)` the exponential has lost its digits at -740 and is zero at -746, where the product is
still there; in `x/(1 + x**2)**2` the square overflows at 1e154.  The rules here order such products
so that every intermediate value lies between the factors and the result.
"""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import sympy
from sympy import (
    Abs,
    Add,
    Dummy,
    Expr,
    Function,
    Mul,
    Piecewise,
    Poly,
    Pow,
    S,
    Symbol,
    cancel,
    exp,
    sqrt,
)

from symacts import atoms
from symacts.numeric.lowering.stable import (
    sech2_softplus,
    softplus_excess,
    tanh_softplus,
    tanh_softplus_prime,
)

__all__ = ["in_exponentials", "rearrange"]


class exp_times(Function):
    """p*exp(u)."""


class twice_times(Function):
    """p*r**2 for an r that sinks to zero."""


class decay(Function):
    """exp(-u), which SymPy does not merge with other exponentials."""


class grouped(Function):
    """Its argument, which SymPy does not merge with the sum around it."""


class exp_square(Function):
    """exp(c*u**2) for a negative number c."""


class exp_square_times(Function):
    """p*exp(c*u**2)."""


class sigma_times(Function):
    """p*sigma(u)."""


class sigma_prime_times(Function):
    """p*sigma_prime(u)."""


class sech2_times(Function):
    """p*sech2(u)."""


class phi_times(Function):
    """p*phi(u)."""


class Phi_times(Function):
    """p*Phi(u)."""


class tanh_softplus_times(Function):
    """p*tanh(softplus(u))."""


class sech2_softplus_times(Function):
    """p*sech2(softplus(u))."""


class tanh_softplus_prime_times(Function):
    """p*tanh_softplus_prime(u)."""


class softplus_excess_times(Function):
    """p*softplus_excess(u)."""


_TIMES: dict[type[Expr], type[Function]] = {
    exp: exp_times,
    exp_square: exp_square_times,
    atoms.sigma: sigma_times,
    atoms.sigma_prime: sigma_prime_times,
    atoms.sech2: sech2_times,
    atoms.phi: phi_times,
    atoms.Phi: Phi_times,
    tanh_softplus: tanh_softplus_times,
    tanh_softplus_prime: tanh_softplus_prime_times,
    softplus_excess: softplus_excess_times,
    sech2_softplus: sech2_softplus_times,
}
# Functions that are their argument times a slope, to the last digit, where that is tiny.
_LINEAR: dict[type[Expr], Expr] = {
    **dict.fromkeys((atoms.tanh, atoms.expm1, atoms.log1p, sympy.atan), S.One),
    **dict.fromkeys((sympy.sin, sympy.sinh, sympy.asinh), S.One),
    sympy.erf: 2 / sqrt(sympy.pi),
}
_TINY = sympy.Float("1e-20")
_LOG_TINY = -50
_SMALL = 4  # a factor that the error of a number without digits may be multiplied by
_LARGEST = sympy.Float(sys.float_info.max, 20)


def rearrange(expr: Expr, *variables: Symbol) -> Expr:
    """Return an equal expression whose products keep within a double's range as they are made."""
    if not expr.args or isinstance(expr, atoms.Reduction):
        return expr
    if isinstance(expr, Piecewise):
        return expr.func(*((rearrange(e, *variables), condition) for e, condition in expr.args))
    if (split := _split_by_sign(expr, variables)) is not None:
        return split
    if (spread := _with_exact_squares(expr) or _distribute(expr)) is not None:
        return rearrange(spread, *variables)
    better = expr.func(*(rearrange(arg, *variables) for arg in expr.args))
    if (spread := _distribute_sinking(expr, variables)) is not None:
        spread = rearrange(spread, *variables)
        outer = [v for v in variables if v in expr.args]
        # An infinite factor would make infinities of either sign out of the terms.
        is_gate = len(variables) > 1 and outer
        return Piecewise((spread, Abs(outer[0]) <= _LARGEST), (better, True)) if is_gate else spread
    return _multiply(better, variables) if isinstance(better, Mul) else better


# -- what sinks to zero and what grows ------------------------------------------------------------


def _multiply(product: Mul, variables: Sequence[Symbol]) -> Expr:
    """Return the product with each factor that sinks to zero taken twice by its square root."""
    sinking = [factor for factor in product.args if _sinks(_base(factor))]
    rest = Mul(*(factor for factor in product.args if factor not in sinking))
    is_large = abs(rest.as_coeff_Mul()[0]) > _SMALL or rest.free_symbols - {*variables}
    if not sinking or not (is_large or _grows(rest, variables)):
        return product
    # Of two inputs one comes in after the first square root: their product may overflow before it.
    later = Mul(*(f for f in rest.args if f in variables[1:])) if isinstance(rest, Mul) else S.One
    later = later if rest != later and _grows(rest / later, variables) else S.One
    rest = rest / later
    for factor in sorted(sinking, key=str):
        times = factor.exp if factor != _base(factor) else 1
        for _ in range(times):
            rest, later = _times(rest, _base(factor), later), S.One
    return rest


def _distribute_sinking(expr: Expr, variables: Sequence[Symbol]) -> Expr | None:
    """Return a product with a sum all of whose terms sink as a sum of products."""
    if not isinstance(expr, Mul):
        return None
    for factor in expr.args:
        rest = expr / factor
        if isinstance(factor, Add) and _grows(rest, variables) and _each_term_sinks(factor):
            return Add(*(rest * term for term in factor.args))
    return None


def _each_term_sinks(expr: Add) -> bool:
    return all(any(_sinks(_base(f)) for f in Mul.make_args(term)) for term in expr.args)


def _base(factor: Expr) -> Expr:
    """Return the base of a power with a whole positive exponent, else the factor itself."""
    is_power = isinstance(factor, Pow) and factor.exp.is_Integer and factor.exp.is_positive
    return factor.base if is_power else factor


def _sinks(expr: Expr) -> bool:
    """Tell whether a function sinks to zero like an exponential somewhere."""
    if not expr.free_symbols:
        return False
    if type(expr) in _LINEAR:
        return _sinks(expr.args[0].as_independent(*expr.free_symbols, as_Add=False)[1])
    return type(expr) in _TIMES or isinstance(expr, atoms.softplus)


def _grows(expr: Expr, variables: Sequence[Symbol]) -> bool:
    """Tell whether a variable stands outside of all functions, as a factor or a term does."""
    if isinstance(expr, Function):
        return type(expr) in _TIMES.values() and _grows(expr.args[0], variables)
    return expr in variables or any(_grows(arg, variables) for arg in expr.args)


def _times(p: Expr, factor: Expr, later: Expr = S.One) -> Expr:
    """Return p times a function that sinks to zero, times what is to come in *later*."""
    kind = type(factor)
    if kind in _TIMES:
        return _TIMES[kind](p, *factor.args, *(() if later is S.One else (later,)))
    p = p * later
    (u,) = factor.args
    if kind in _LINEAR:
        c, inner = u.as_independent(*u.free_symbols, as_Add=False)
        near = _times(_LINEAR[kind] * c * p, inner)
        return Piecewise((near, Abs(u) < _TINY), (p * factor, True))
    return Piecewise((exp_times(p, u), u < _LOG_TINY), (p * factor, True))


def _with_exact_squares(expr: Expr) -> Expr | None:
    """Return a Gaussian that bears a wave, its exponent kept to twice a double's digits.

    A rounded exponent is as if x were rounded, which costs nothing until another factor makes the
    product stand still where the exponent is large.
    """
    if not isinstance(expr, Mul) or not expr.has(sympy.sin, sympy.cos):
        return None
    for factor in expr.args:
        if not isinstance(factor, exp):
            continue
        c, square = factor.args[0].as_coeff_Mul()
        if isinstance(square, Pow) and square.exp == 2 and c.is_negative:
            return expr / factor * exp_square(square.base, c)
    return None


# -- quotients ------------------------------------------------------------------------------------


def _distribute(expr: Expr) -> Expr | None:
    """Return a sum over a power of hypot(u, c) as a sum of quotients, none of which overflows."""
    if not isinstance(expr, Mul):
        return None
    roots = [f for f in expr.args if isinstance(f, Pow) and isinstance(f.base, atoms.hypot)]
    sums = [f for f in expr.args if isinstance(f, Add)]
    if not sums or not any(root.exp.is_Integer and root.exp < 0 for root in roots):
        return None
    rest = Mul(*(f for f in expr.args if f is not sums[0]))
    return Add(*(term * rest for term in Add.make_args(sums[0].expand())))


def _split_by_sign(expr: Expr, variables: Sequence[Symbol]) -> Expr | None:
    """Return a quotient of exponentials of multiples of w in exp(-|w|): it cannot overflow."""
    if not isinstance(expr, Add | Mul | Pow) or not _has_exponential_below(expr):
        return None
    arguments = sorted((e.args[0] for e in expr.atoms(exp)), key=str)
    w = min(arguments, key=lambda u: (abs(u.as_coeff_Mul()[0]), str(u)))
    w = -w if w.could_extract_minus_sign() else w
    powers = {exp(u): u / w for u in arguments}
    if not w.has(*variables) or not all(p.is_Integer for p in powers.values()):
        return None
    base = Dummy("E", positive=True)
    rational = expr.subs({e: base**p for e, p in powers.items()})
    if not rational.is_rational_function(base):
        return None
    sides = [
        side
        for form in (rational, rational.subs(base, 1 / base))
        if (side := _in_powers(form, base)) is not None
    ]
    if len(sides) < 2:
        return None
    half = decay(Abs(w) / 2)
    # One exponential is enough: e itself, or its root where an odd power stands in front.
    is_odd = any(side.shift % 2 for side in sides)
    e, root = (half**2, half) if is_odd else (decay(Abs(w)), None)
    small, large = (side.written(e, root) for side in sides)
    factor, rest = w.as_independent(*variables, as_Add=False)
    return Piecewise((small, (rest if factor.is_positive else w) < 0), (large, True))


@dataclass(frozen=True)
class _InPowers:
    """e**shift * top(e)/bottom(e), where the bottom is one at e = 0."""

    shift: int
    top: Poly
    bottom: Poly

    def written(self, e: Expr, root: Expr | None) -> Expr:
        """Return the quotient, taken twice by the square root of the power in front."""
        ratio = _nested(self.top, e) / _nested(self.bottom, e)
        if self.shift == 0:
            return ratio
        return twice_times(ratio, e ** (self.shift // 2) if root is None else root**self.shift)


def in_exponentials(expr: Expr, variable: Symbol) -> Expr | None:
    """Return a sum of functions that are rational in one exponential as one quotient in it.

    So its terms are added before anything is rounded.  None where there is no such exponential.
    """
    if not isinstance(expr, Add | Mul) or sum(len(expr.atoms(kind)) for kind in _RATIONAL) < 2:
        return None
    for kind, better in _RATIONAL.items():
        expr = expr.replace(kind, better)
    constants = {number: Dummy(positive=True) for number in expr.atoms(Pow) if number.is_number}
    split = _split_by_sign(expr.xreplace(constants), [variable])
    return split and split.xreplace({dummy: number for number, dummy in constants.items()})


def _over(u: Expr, top: Callable[[Expr], Expr], bottom: Callable[[Expr], Expr]) -> Expr:
    return top(exp(-u)) / bottom(exp(-u))


# Each function that is rational in exp(-u), or exp(-2u), as such; the outer ones come first.
_RATIONAL: dict[type[Expr], Callable[[Expr], Expr]] = {
    tanh_softplus: lambda u: _over(u, lambda e: 1 + 2 * e, lambda e: 1 + 2 * e + 2 * e**2),
    sech2_softplus: lambda u: _over(
        u, lambda e: 4 * e**2 * (1 + e) ** 2, lambda e: (1 + 2 * e + 2 * e**2) ** 2
    ),
    tanh_softplus_prime: lambda u: _over(
        u, lambda e: 4 * e**2 * (1 + e), lambda e: (1 + 2 * e + 2 * e**2) ** 2
    ),
    atoms.sigma: lambda u: _over(u, lambda _: S.One, lambda e: 1 + e),
    atoms.sigma_prime: lambda u: _over(u, lambda e: e, lambda e: (1 + e) ** 2),
    atoms.tanh: lambda u: _over(2 * u, lambda e: 1 - e, lambda e: 1 + e),
    atoms.sech2: lambda u: _over(2 * u, lambda e: 4 * e, lambda e: (1 + e) ** 2),
}


def _has_exponential_below(expr: Expr) -> bool:
    """Tell whether a sum with an exponential in it stands in a denominator."""
    return any(
        isinstance(power, Pow)
        and power.exp.is_negative
        and isinstance(power.base, Add)
        and any(term.has(exp) for term in power.base.args)
        for term in Add.make_args(expr)
        for power in Mul.make_args(term)
    )


def _in_powers(rational: Expr, base: Symbol) -> _InPowers | None:
    """Return a rational function of *base* with its powers in front; None if it has a pole at 0."""
    top, bottom = (Poly(p, base) for p in sympy.fraction(cancel(sympy.together(rational))))
    lowest = [min(m for (m,) in poly.monoms()) for poly in (top, bottom)]
    shift = lowest[0] - lowest[1]
    if shift < 0:
        return None
    scale = bottom.nth(lowest[1])
    return _InPowers(shift, _lowered(top, lowest[0], scale), _lowered(bottom, lowest[1], scale))


def _lowered(poly: Poly, lowest: int, scale: Expr) -> Poly:
    """Return a polynomial divided by a power and by a number."""
    terms = {m - lowest: sympy.expand(c / scale) for (m,), c in poly.terms()}
    return Poly.from_dict(terms, *poly.gens)


def _nested(poly: Poly, e: Expr) -> Expr:
    """Return a polynomial by Horner's rule."""
    value: Expr = S.Zero
    for coefficient in poly.all_coeffs():
        is_sum = isinstance(coefficient, Add) and e.free_symbols & coefficient.free_symbols
        value = value * e + (grouped(coefficient) if is_sum else coefficient)
    return value
