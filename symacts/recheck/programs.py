"""Expressions of SymPy as functions on jets, and exact or printed numbers as spans.

A number that is printed with digits stands for all numbers that these digits may mean: one unit of
the last decimal place to either side.
"""

from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache, reduce

import sympy
from mpmath import iv
from sympy import Expr, Float, Pow, Rational, S, Symbol

from symacts.recheck.spans import (
    FUNCTIONS,
    Jet,
    Span,
    accurately,
    cardinal_sine,
    exponential,
    hull,
    power,
    span,
)

__all__ = ["Program", "Unknown", "fills_its_gap", "number", "program"]

Program = Callable[[Span, int], list[Span]]
"""A function of a span and an order: the Taylor coefficients over the span, up to that order."""


class Unknown(Exception):
    """The re-check cannot follow this; the answer becomes "not checked"."""


def number(expr: Expr) -> Span:
    """Return a span that holds a number; of a printed one all that its digits may mean."""
    if expr in (sympy.oo, -sympy.oo):
        return span("inf") if expr == sympy.oo else span("-inf")
    if not expr.is_number:
        raise Unknown(f"{expr} is not a number")
    return program(expr, _NOTHING)(span(0), 0)[0]


_NOTHING = Symbol("nothing")

Step = tuple[Callable[..., Jet], tuple[Expr, ...]]
"""What a node does to jets, and of which nodes these are; the first jet is the variable's."""


@lru_cache(maxsize=4096)
def program(expr: Expr, variable: Symbol) -> Program:
    """Return the Taylor coefficients of *expr* as a function; Unknown if part of it is new."""
    places: dict[Expr, int] = {}
    steps: list[tuple[Callable[..., Jet], tuple[int, ...]]] = []

    def visit(node: Expr) -> int:
        if node not in places:
            step, inner = _step(node, variable)
            found = tuple(visit(arg) for arg in inner)
            places[node] = len(steps)
            steps.append((step, found))
        return places[node]

    with accurately():
        visit(expr)

    def run(at: Span, order: int) -> list[Span]:
        start = Jet([at, *([span(1)] if order else []), *(span(0) for _ in range(1, order))])
        values: list[Jet] = []
        for step, inner in steps:
            values.append(step(start, *(values[place] for place in inner)))
        return values[-1].terms

    return run


def _step(node: Expr, variable: Symbol) -> Step:
    """Return what a node does to its arguments, and which those are."""
    if node == variable:
        return lambda start: start, ()
    if (value := _constant(node)) is not None:
        return lambda start: Jet([value, *(span(0) for _ in start.terms[1:])]), ()
    if node.is_Add:
        return lambda _, *args: reduce(Jet.__add__, args), node.args
    if node.is_Mul:
        return _product(node, variable)
    if isinstance(node, Pow) and node.exp.is_Rational:
        return _power(node, variable)
    return _function(node)


def _function(node: Expr) -> Step:
    known = FUNCTIONS.get(type(node).__name__)
    if known is None or type(node).__module__.startswith("symacts"):
        raise Unknown(f"{type(node).__name__} has no rule in the re-check")
    return lambda _, inner: known(inner), (node.args[0],)


def fills_its_gap(node: Expr, variable: Symbol) -> bool:
    """Tell whether a node is sin(x)/x, which is 0/0 where its own series is 1."""
    return bool(node.is_Mul and set(node.args) == {sympy.sin(variable), 1 / variable})


def _product(node: Expr, variable: Symbol) -> Step:
    """Return a product as a number times the jets of what depends on the variable."""
    if fills_its_gap(node, variable):
        return cardinal_sine, ()
    numbers, inner = node.as_independent(variable, as_Add=False)
    if inner == 1 or numbers == 1:
        return lambda _, *args: reduce(Jet.__mul__, args), node.args
    factor = program(numbers, variable)(span(0), 0)[0]
    return lambda _, arg: arg.scaled(factor), (inner,)


def _power(node: Pow, variable: Symbol) -> Step:
    """Return a power with a fixed exponent; an odd root is taken of numbers only."""
    exponent = node.exp
    if exponent.q in (1, 2):
        return lambda _, base: power(base, exponent), (node.base,)
    if node.has(variable):
        raise Unknown(f"the power {node}")
    return lambda _, inner: exponential(inner), (exponent * sympy.log(node.base),)


def _constant(node: Expr) -> Span | None:
    if isinstance(node, Rational):
        return span(int(node.p)) / int(node.q)
    if isinstance(node, Float):
        return _printed(node)
    if node is S.Pi:
        return iv.pi + span(0)
    return iv.exp(span(1)) if node is S.Exp1 else None


def _printed(node: Float) -> Span:
    text = Decimal(str(node))
    unit = Decimal(1).scaleb(int(text.as_tuple().exponent))
    ends = [span(str(text - unit)), span(str(text + unit))]
    return hull(*ends)
