"""SymPy expressions as functions on power series of balls, for reference values.

The program of an expression knows nothing of symacts: plain SymPy goes in, and Taylor arithmetic
in Arb takes the place of SymPy's derivatives. Cancellation is met by more precision; the few
forms that avoid it only save time.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import reduce
from operator import add, mul
from typing import TypeAlias

import sympy
from flint import arb, arb_series, ctx, fmpq
from sympy import Add, Expr, Pow, Rational, S, Symbol

__all__ = [
    "TERMS",
    "Ball",
    "Program",
    "Programs",
    "Series",
    "compile_series",
    "compile_together",
    "working",
]

Ball: TypeAlias = arb
Series: TypeAlias = arb_series
Program: TypeAlias = Callable[..., Series]
Programs: TypeAlias = Callable[..., list[Series]]

TERMS = 4
"""f, f', f'' and f''', the last of which only weighs the error of f''."""


@contextmanager
def working(bits: int, terms: int = TERMS) -> Iterator[None]:
    """Compute with the given number of bits and series terms, and restore what was set before."""
    before = ctx.cap, ctx.prec
    ctx.cap, ctx.prec = terms, bits
    try:
        yield
    finally:
        ctx.cap, ctx.prec = before


def compile_series(expr: Expr, variables: Sequence[Symbol]) -> Program:
    """Return *expr* as a function of one power series for each variable.

    Raises NotImplementedError when the expression holds a function that Arb does not know.
    """
    run = compile_together([expr], variables)
    return lambda *inputs: run(*inputs)[0]


def compile_together(exprs: Sequence[Expr], variables: Sequence[Symbol]) -> Programs:
    """Return one function for several expressions, whose common parts are computed once."""
    places: dict[Expr, int] = {symbol: k for k, symbol in enumerate(variables)}
    steps: list[tuple[Program, tuple[int, ...]]] = []

    def visit(node: Expr) -> int:
        if node not in places:
            operation, args = _operation(node)
            inner = tuple(visit(arg) for arg in args)
            places[node] = len(variables) + len(steps)
            steps.append((operation if node.free_symbols else _kept(operation), inner))
        return places[node]

    results = [visit(expr) for expr in exprs]

    def run(*inputs: Series) -> list[Series]:
        values = list(inputs)
        for operation, inner in steps:
            values.append(operation(*[values[place] for place in inner]))
        return [values[result] for result in results]

    return run


def _kept(operation: Program) -> Program:
    """Return an operation on numbers that is computed once for each precision."""
    known: dict[int, Series] = {}

    def once(*args: Series) -> Series:
        if ctx.prec not in known:
            known[ctx.prec] = operation(*args)
        return known[ctx.prec]

    return once


def _operation(node: Expr) -> tuple[Program, Sequence[Expr]]:
    """Return what computes *node*, and the expressions that it is computed from."""
    if isinstance(node, Rational | sympy.Float):
        return _number(Rational(node)), ()
    if node in _NUMBERS:
        return (lambda: Series([_NUMBERS[node]()])), ()
    if special := _without_cancellation(node):
        return special
    if isinstance(node, Pow):
        return _power(node)
    if node.func not in _OPERATIONS:
        raise NotImplementedError(f"there are no series of balls for {node}")
    return _OPERATIONS[node.func], node.args


def _number(number: Rational) -> Program:
    return lambda: Series([arb(fmpq(int(number.p), int(number.q)))])


def _without_cancellation(node: Expr) -> tuple[Program, Sequence[Expr]] | None:
    """Return log(1 + u) and exp(u) - 1 as what needs no more bits where u is small."""
    if isinstance(node, sympy.log) and isinstance(node.args[0], Add):
        number, rest = node.args[0].as_coeff_Add()
        if number == 1:
            return _log1p, (rest,)
    if isinstance(node, Add):
        number, rest = node.as_coeff_Add()
        if number == -1 and isinstance(rest, sympy.exp):
            return _expm1, rest.args
    return None


def _power(node: Pow) -> tuple[Program, Sequence[Expr]]:
    base, exponent = node.args
    if base is S.Exp1:
        return _OPERATIONS[sympy.exp], (exponent,)
    if isinstance(exponent, sympy.Integer):
        return _whole_power(int(exponent)), (base,)
    if isinstance(exponent, Rational) and exponent.q == 2:
        whole = _whole_power(int(exponent.p))
        return (lambda u: whole(u.sqrt())), (base,)
    return (lambda u, v: (v * u.log()).exp()), (base, exponent)


def _whole_power(exponent: int) -> Program:
    """Return the power by repeated squaring, which needs no logarithm."""

    def power(u: Series) -> Series:
        result, square, left = Series([1]), u, abs(exponent)
        while left:
            if left & 1:
                result = result * square
            left >>= 1
            if left:
                square = square * square
        return 1 / result if exponent < 0 else result

    return power


def _replaced(series: Series, value: Ball) -> Series:
    """Return the series with *value* in place of its constant term."""
    terms = series.coeffs() or [value]
    terms[0] = value
    return Series(terms)


def _log1p(u: Series) -> Series:
    return _replaced((1 + u).log(), u[0].log1p())


def _expm1(u: Series) -> Series:
    return _replaced(u.exp(), u[0].expm1())


def _tanh(u: Series) -> Series:
    side = 1 if u[0].mid() > 0 else -1
    decay = (-2 * side * u).exp()
    return _replaced(side * (1 - decay) / (1 + decay), u[0].tanh())


def _sinh(u: Series) -> Series:
    grown = u.exp()
    return (grown - 1 / grown) / 2


def _cosh(u: Series) -> Series:
    grown = u.exp()
    return (grown + 1 / grown) / 2


_NUMBERS: dict[Expr, Callable[[], Ball]] = {
    S.Pi: arb.pi,
    S.Exp1: arb.const_e,
    S.EulerGamma: arb.const_euler,
    S.GoldenRatio: lambda: (1 + arb(5).sqrt()) / 2,
}

_OPERATIONS: dict[type, Program] = {
    Add: lambda *terms: reduce(add, terms),
    sympy.Mul: lambda *factors: reduce(mul, factors),
    sympy.exp: Series.exp,
    sympy.log: Series.log,
    sympy.sin: Series.sin,
    sympy.cos: Series.cos,
    sympy.tan: Series.tan,
    sympy.asin: Series.asin,
    sympy.acos: Series.acos,
    sympy.atan: Series.atan,
    sympy.sinh: _sinh,
    sympy.cosh: _cosh,
    sympy.tanh: _tanh,
    sympy.asinh: lambda u: (u + (u * u + 1).sqrt()).log(),
    sympy.acosh: lambda u: (u + (u * u - 1).sqrt()).log(),
    sympy.atanh: lambda u: ((1 + u) / (1 - u)).log() / 2,
    sympy.sec: lambda u: 1 / u.cos(),
    sympy.csc: lambda u: 1 / u.sin(),
    sympy.sech: lambda u: 1 / _cosh(u),
    sympy.csch: lambda u: 1 / _sinh(u),
    sympy.cot: lambda u: u.cos() / u.sin(),
    sympy.coth: lambda u: 1 / _tanh(u),
    sympy.erf: Series.erf,
    sympy.erfc: Series.erfc,
    sympy.erfi: Series.erfi,
    sympy.gamma: Series.gamma,
    sympy.loggamma: Series.lgamma,
    sympy.LambertW: Series.lambertw,
    sympy.Si: Series.si,
    sympy.Ci: Series.ci,
    sympy.Ei: Series.ei,
}
