"""Expressions in atoms as functions on balls of Arb.

`program` turns an expression into a function on power series of balls, and `jet` runs it: balls for
the value and the derivatives at a point, or over a whole interval at once.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from math import factorial

import sympy
from flint import arb, arb_series, ctx, fmpq
from sympy import Expr, Float, Pow, Rational, S, Symbol

from symacts import atoms

__all__ = [
    "Ball",
    "Program",
    "Series",
    "ball_of",
    "digits",
    "jet",
    "precision",
    "program",
    "sign_of_ball",
]

Ball = arb
Series = arb_series
Program = Callable[[Series], Series]

BITS = 128
"""Working precision; enclosures are reported to far fewer digits."""


@contextmanager
def precision(terms: int = 1, bits: int = BITS) -> Iterator[None]:
    """Compute with the given number of series terms and bits, and restore what was set before."""
    before = ctx.cap, ctx.prec
    ctx.cap, ctx.prec = terms, bits
    try:
        yield
    finally:
        ctx.cap, ctx.prec = before


@lru_cache(maxsize=4096)
def program(expr: Expr, variable: Symbol) -> Program | None:
    """Return *expr* as a function on power series of balls, None if part of it is unknown."""
    order: dict[Expr, int] = {}
    steps: list[tuple[Callable[..., Series] | arb | None, tuple[int, ...]]] = []

    def visit(node: Expr) -> int:
        if node not in order:
            operation = _operation(node, variable)
            inner = node.args[:1] if isinstance(node, Pow) else node.args
            places = tuple(visit(arg) for arg in inner) if callable(operation) else ()
            order[node] = len(steps)
            steps.append((operation, places))
        return order[node]

    try:
        with precision():
            visit(expr)
    except _Unknown:
        return None

    def run(x: Series) -> Series:
        values: list[Series] = []
        for operation, places in steps:
            if operation is None:
                values.append(x)
            elif callable(operation):
                values.append(operation(*(values[place] for place in places)))
            else:
                values.append(Series([operation]))
        return values[-1]

    return run


def jet(run: Program, at: Ball, order: int) -> list[Ball] | None:
    """Return balls for the function and its derivatives up to *order* over the ball *at*.

    None means that the function, as far as balls can tell, has a pole there.
    """
    with precision(order + 1):
        try:
            series = run(Series([at, arb(1)]))
        except (ValueError, ZeroDivisionError):
            return None
        return [factorial(k) * series[k] for k in range(order + 1)]


@lru_cache(maxsize=4096)
def ball_of(number: Expr) -> Ball | None:
    """Return a ball that holds the given exact number, or None if it has unknown parts."""
    if not number.is_number or number.is_finite is False:
        return None
    run = program(number, _NOWHERE)
    values = run and jet(run, arb(0), 0)
    return values[0] if values and values[0].is_finite() else None


def sign_of_ball(ball: Ball) -> int | None:
    """Return 1, -1 or 0 if every number in the ball has that sign, else None."""
    if ball > 0:
        return 1
    if ball < 0:
        return -1
    return 0 if ball.is_zero() else None


def digits(ball: Ball, wanted: int = 18) -> Float | None:
    """Return the decimal digits of the number in the ball that are certain, at most *wanted*.

    The last digit is rounded: the number differs from the result by at most one unit of it.
    """
    with precision():
        known = min(wanted, int(ball.rel_accuracy_bits() * 0.30103))
        return Float(ball.str(known, radius=False), known) if known >= 5 else None


class _Unknown(Exception):
    """The expression holds something that cannot be evaluated in balls."""


_NOWHERE = Symbol("nowhere")


def _operation(node: Expr, variable: Symbol) -> Callable[..., Series] | arb | None:
    """Return what computes *node* from its arguments, a constant, or None for the variable."""
    if node == variable:
        return None
    if isinstance(node, Rational):
        return arb(fmpq(int(node.p), int(node.q)))
    if node in _CONSTANTS:
        return _CONSTANTS[node]()
    if isinstance(node, Pow):
        return _power(node.exp)
    if (operation := _OPERATIONS.get(node.func)) is None:
        raise _Unknown
    return operation


_HIGHEST_POWER = 10_000


def _power(exponent: Expr) -> Callable[[Series], Series]:
    """Return the power function of a rational exponent whose denominator is 1 or 2."""
    if not isinstance(exponent, Rational) or exponent.q > 2 or abs(exponent.p) > _HIGHEST_POWER:
        raise _Unknown
    bits = f"{abs(exponent.p):b}"

    def power(base: Series) -> Series:
        result = Series([arb(1)])
        for bit in bits:
            result = result * result * base if bit == "1" else result * result
        return 1 / result if exponent.p < 0 else result

    return power if exponent.q == 1 else lambda base: power(base.sqrt())


def _rising(function: Callable[[arb], arb], ball: Ball) -> Ball:
    """Return the image of a ball under an increasing function, tighter than ball arithmetic."""
    if ball.is_exact():
        return function(ball)
    return function(ball.lower()).union(function(ball.upper()))


def _compose(taylor: Sequence[Ball], inner: Series) -> Series:
    """Return the series with the given coefficients, taken at *inner* minus its constant term."""
    step = inner - inner[0]
    result = Series([taylor[-1]])
    for coefficient in reversed(taylor[:-1]):
        result = result * step + coefficient
    return result


def _sigma_number(u: Ball) -> Ball:
    if u < 0:
        e = u.exp()
        return e / (1 + e)
    return 1 / (1 + (-u).exp())


def _softplus_number(u: Ball) -> Ball:
    return u + (-u).exp().log1p() if u > 0 else u.exp().log1p()


def _sigma_terms(u: Ball, count: int) -> list[Ball]:
    """Return Taylor coefficients of sigma, by sigma' = sigma(u) sigma(-u) = sigma - sigma**2."""
    y = [_rising(_sigma_number, u)]
    if count > 1:
        y.append(y[0] * _rising(_sigma_number, -u))
    for k in range(1, count - 1):
        square = sum((y[m] * y[k - m] for m in range(k + 1)), arb(0))
        y.append((y[k] - square) / (k + 1))
    return y


def _tanh_terms(u: Ball, count: int) -> list[Ball]:
    """Return Taylor coefficients of tanh(u) = 2 sigma(2u) - 1, precise in the tails too."""
    y = [2 * 2**k * c for k, c in enumerate(_sigma_terms(2 * u, count))]
    return [_rising(arb.tanh, u), *y[1:]]


def _phi_terms(u: Ball, count: int) -> list[Ball]:
    """Return Taylor coefficients of the normal density, by phi' = -u phi."""
    y = [(-(u * u) / 2).exp() / (2 * arb.pi()).sqrt()]
    for k in range(count - 1):
        y.append(-(u * y[k] + (y[k - 1] if k else 0)) / (k + 1))
    return y


def _slope_of(terms: Callable[[Ball, int], list[Ball]]) -> Callable[[Ball, int], list[Ball]]:
    """Return the coefficients of the derivative of what *terms* describes."""
    return lambda u, count: [k * c for k, c in enumerate(terms(u, count + 1))][1:]


def _area_under(
    terms: Callable[[Ball, int], list[Ball]], value: Callable[[Ball], Ball]
) -> Callable[[Ball, int], list[Ball]]:
    """Return the coefficients of the increasing antiderivative with the given values."""
    return lambda u, count: [
        _rising(value, u),
        *(c / k for k, c in enumerate(terms(u, count), start=1)),
    ][:count]


def _elementary(terms: Callable[[Ball, int], list[Ball]]) -> Callable[[Series], Series]:
    return lambda u: _compose(terms(u[0], ctx.cap), u)


_Phi = _elementary(_area_under(_phi_terms, lambda u: (-u / arb(2).sqrt()).erfc() / 2))

_CONSTANTS: dict[Expr, Callable[[], arb]] = {S.Pi: arb.pi, S.Exp1: arb.const_e}

_OPERATIONS: dict[type, Callable[..., Series]] = {
    sympy.Add: lambda *terms: sum(terms[1:], terms[0]),
    sympy.Mul: lambda *factors: _product(factors),
    sympy.exp: lambda u: u.exp(),
    sympy.log: lambda u: u.log(),
    sympy.sin: lambda u: u.sin(),
    sympy.cos: lambda u: u.cos(),
    sympy.asin: lambda u: u.asin(),
    sympy.atan: lambda u: u.atan(),
    sympy.erf: lambda u: 2 * _Phi(u * arb(2).sqrt()) - 1,
    sympy.erfc: lambda u: 2 * _Phi(-u * arb(2).sqrt()),
    atoms.sigma: _elementary(_sigma_terms),
    atoms.sigma_prime: _elementary(_slope_of(_sigma_terms)),
    atoms.softplus: _elementary(_area_under(_sigma_terms, _softplus_number)),
    atoms.tanh: _elementary(_tanh_terms),
    atoms.sech2: _elementary(_slope_of(_tanh_terms)),
    atoms.Phi: _Phi,
    atoms.phi: _elementary(_phi_terms),
    atoms.expm1: lambda u: u.exp() - 1,
    atoms.log1p: lambda u: (1 + u).log(),
    atoms.hypot: lambda u, c: (u * u + c * c).sqrt(),
}


def _product(factors: Sequence[Series]) -> Series:
    result = factors[0]
    for factor in factors[1:]:
        result = result * factor
    return result
