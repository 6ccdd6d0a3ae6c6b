"""Exact rewrites that keep digits: sums whose terms nearly cancel become one named function.

`1 - 2*sigma(u)` is right in a book and loses every digit near zero; `-tanh(u/2)` is the same
number.  Rules match modulo a common factor and apply bottom-up to an expression in atoms.
"""

from collections.abc import Callable

import sympy
from sympy import Add, Expr, Function, Max, Mul, Piecewise, Pow, S, cos, sin, sqrt

from symacts import atoms

__all__ = [
    "half_hyperbola",
    "hypot_minus",
    "sech2_softplus",
    "stabilise",
    "tanh_shrink",
    "tanh_softplus",
    "tanh_softplus_prime",
]


class half_hyperbola(Function):
    """(u + hypot(u, c))/2."""


class hypot_minus(Function):
    """hypot(u, c) - c."""


class tanh_shrink(Function):
    """u - tanh(u)."""


class tanh_softplus(Function):
    """tanh(softplus(u)), rational in exp(u)."""


class sech2_softplus(Function):
    """sech2(softplus(u)), rational in exp(u)."""


class tanh_softplus_prime(Function):
    """The derivative of tanh(softplus(u)), which is sigma(u) sech2(softplus(u))."""


class softplus_excess(Function):
    """softplus(u) less the positive part of u."""


class log1p_square(Function):
    """log1p(u**2)."""


class sin_square(Function):
    """sin(u)**2."""


class log_cosh(Function):
    """log(cosh(u))."""


def stabilise(expr: Expr) -> Expr:
    """Return an equal expression in which the known cancelling sums are named functions."""
    if not expr.args or isinstance(expr, atoms.Reduction):
        return expr
    if isinstance(expr, Piecewise):
        return expr.func(*((stabilise(branch), condition) for branch, condition in expr.args))
    better = expr.func(*(stabilise(arg) for arg in expr.args))
    for kind, rule in _RULES:
        if isinstance(better, kind):
            return rule(better)
    return better


def _sum(expr: Add) -> Expr:
    """Apply the first rule that matches a pair of terms; the rest of the sum is left alone."""
    for term in expr.args:
        for kind, partners in _PAIRS.items():
            factor, f = term.as_independent(kind, as_Add=False)
            if not isinstance(f, kind):
                continue
            for partner, better in partners:
                other = factor * partner(f)
                if other in expr.args:
                    return stabilise_rest(expr, term, other) + factor * better(f)
    return _difference_of_exponentials(expr) or _perfect_square(_exact_waves(expr))


def _exact_waves(expr: Add) -> Expr:
    """Return a sum of a wave's square and something else, the square right to the last digit.

    Where such a sum stands still, as x + sin(x)**2 does, the wave's error is all that is left.
    """
    squares = [p for p in expr.atoms(Pow) if isinstance(p.base, sin) and p.exp == 2]
    if not squares or all(term.has(sin, cos) or not term.free_symbols for term in expr.args):
        return expr
    return expr.xreplace({square: sin_square(*square.base.args) for square in squares})


def _difference_of_exponentials(expr: Add) -> Expr | None:
    """A exp(v) - A -> A expm1(v)."""
    if len(expr.args) != 2 or not expr.has(sympy.exp):
        return None
    for one, other in (expr.args, expr.args[::-1]):
        ratio = -one / other
        if isinstance(ratio, sympy.exp):
            return -other * atoms.expm1(ratio.args[0])
    return None


def _perfect_square(expr: Add) -> Expr:
    """1 + 2 sin(u) cos(u) -> (sin(u) + cos(u))**2, and the like: their zeros are double."""
    for sign in (1, -1):
        for wave in (w for term in expr.args for w in term.atoms(sin, cos)):
            u = wave.args[0]
            for sum_, square in (
                (1 + sign * 2 * sin(u) * cos(u), (sin(u) + sign * cos(u)) ** 2),
                (1 + sign * cos(u), 2 * (cos(u / 2) if sign > 0 else sin(u / 2)) ** 2),
                (1 + sign * sin(u), (sin(u / 2) + sign * cos(u / 2)) ** 2),
            ):
                if expr in (sum_, -sum_):
                    return square if expr == sum_ else -square
    return expr


def _function(expr: Function) -> Expr:
    """Return functions of functions that have a form of their own."""
    inner = expr.args[0]
    if isinstance(expr, sympy.sech):
        return _power(1 / sympy.cosh(inner))
    if isinstance(expr, sympy.log):
        return _logarithm(expr)
    if isinstance(inner, atoms.softplus) and isinstance(expr, atoms.tanh | atoms.sech2):
        return (tanh_softplus if isinstance(expr, atoms.tanh) else sech2_softplus)(*inner.args)
    if isinstance(expr, atoms.log1p) and isinstance(inner, Pow) and inner.exp == 2:
        return log1p_square(inner.base)
    return expr


def _logarithm(expr: Expr) -> Expr:
    """log(cosh(u)) by itself;  log(2 sigma(u)) -> log1p(tanh(u/2));  log(2 Phi(u)) likewise."""
    inner = expr.args[0]
    half = inner / 2
    if isinstance(inner, sympy.cosh):
        return log_cosh(*inner.args)
    if isinstance(half, atoms.sigma):
        return _function(atoms.log1p(atoms.tanh(half.args[0] / 2)))
    if isinstance(half, atoms.Phi):
        return atoms.log1p(sympy.erf(half.args[0] / sqrt(2)))
    return expr


def _power(expr: Pow) -> Expr:
    """Return powers that would overflow in the functions that do not.

    (u**2 + c)**-n -> hypot(u, sqrt(c))**(-2 n), and cosh(u)**-n -> sech2(u)**(n/2) or exponentials.
    """
    if isinstance(expr.base, sympy.cosh) and expr.exp.is_Integer and expr.exp.is_negative:
        u = expr.base.args[0]
        if expr.exp.is_even:
            return atoms.sech2(u) ** (-expr.exp / 2)
        return (sympy.exp(u) / 2 + sympy.exp(-u) / 2) ** expr.exp
    if not (expr.exp.is_negative and isinstance(expr.base, Add) and len(expr.base.args) == 2):
        return expr
    for square, constant in (expr.base.args, expr.base.args[::-1]):
        factor, u = square.as_independent(sympy.Pow, as_Add=False)
        is_square = isinstance(u, Pow) and u.exp == 2 and u.base.is_real and factor.is_positive
        if is_square and constant.is_positive and not constant.has(u.base):
            return atoms.hypot(sqrt(factor) * u.base, sqrt(constant)) ** (2 * expr.exp)
    return expr


def _product(expr: Expr) -> Expr:
    """Return products of functions that have a form of their own."""
    for factor in Mul.make_args(expr):
        if isinstance(factor, sech2_softplus) and atoms.sigma(*factor.args) in expr.args:
            slope = tanh_softplus_prime(*factor.args)
            return _product(expr / factor / atoms.sigma(*factor.args) * slope)
    return _softplus_over_its_slope(expr) if isinstance(expr, Mul) else expr


def _softplus_over_its_slope(expr: Mul) -> Expr:
    """softplus(b*x)/b -> max(x, 0) + softplus_excess(b*x)/b: b*x may overflow where x does not."""
    for factor in expr.args:
        if isinstance(factor, atoms.softplus):
            c, u = expr / factor, factor.args[0]
            if c.free_symbols and c.is_positive and not (c * u).has(*c.free_symbols):
                return Max(c * u, 0) + c * softplus_excess(u)
    return expr


def stabilise_rest(expr: Add, *taken: Expr) -> Expr:
    """Return what is left of a sum without the terms that were taken, itself made stable."""
    rest = Add(*(arg for arg in expr.args if arg not in taken))
    return _sum(rest) if isinstance(rest, Add) else rest


Build = Callable[[Expr], Expr]

# kind of function f -> pairs (what stands beside it in the sum, what both together are)
_PAIRS: dict[type[Expr], tuple[tuple[Build, Build], ...]] = {
    atoms.sigma: (
        (lambda _: S.NegativeOne, lambda f: -atoms.sigma(-f.args[0])),
        (lambda _: -S.Half, lambda f: atoms.tanh(f.args[0] / 2) / 2),
        (lambda f: -atoms.sigma(-f.args[0]), lambda f: atoms.tanh(f.args[0] / 2)),
    ),
    atoms.Phi: ((lambda _: S.NegativeOne, lambda f: -atoms.Phi(-f.args[0])),),
    atoms.sech2: ((lambda _: S.NegativeOne, lambda f: -(atoms.tanh(f.args[0]) ** 2)),),
    atoms.tanh: ((lambda f: -f.args[0], lambda f: -tanh_shrink(f.args[0])),),
    atoms.hypot: (
        (lambda f: f.args[0], lambda f: 2 * half_hyperbola(*f.args)),
        (lambda f: -f.args[0], lambda f: 2 * half_hyperbola(-f.args[0], f.args[1])),
        (lambda f: -f.args[1], lambda f: hypot_minus(*f.args)),
    ),
}

_RULES: tuple[tuple[type[Expr], Build], ...] = (
    (Add, _sum),
    (Mul, _product),
    (Pow, _power),
    (Function, _function),
)
