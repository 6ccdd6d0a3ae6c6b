"""How a person would write a derivative: what its constants are called, which form is shortest.

Constants such as 1.702 or sqrt(2/pi) go through differentiation as symbols, so that they come out
as they went in.  Sigmoids come out as sigmoids and hyperbolic tangents as tangents, whatever the
numeric lowering prefers.  Of the equal forms that result, the one with the fewest glyphs is taken.
"""

import re
from collections.abc import Iterator
from typing import Any

import sympy
from sympy import (
    Basic,
    Dummy,
    Expr,
    Function,
    Indexed,
    Mul,
    Pow,
    Symbol,
    collect,
    cos,
    cosh,
    default_sort_key,
    expand,
    expand_mul,
    factor,
    factor_terms,
    fraction,
    sin,
    sinh,
    together,
)
from sympy.logic.boolalg import Boolean
from sympy.simplify.fu import TR8

from symacts import atoms
from symacts.typeset.factors import complement
from symacts.typeset.measure import glyphs
from symacts.typeset.numbers import is_plain
from symacts.typeset.printer import Printer

__all__ = ["Constants", "abbreviated", "evaluated", "in_the_words_of", "shortest", "with_constants"]

Constants = dict[Symbol, Expr | str]

# An argument this long that stands in a formula more than once is called u.
LONG_ARGUMENT = 9


# -- constants -------------------------------------------------------------------------------------


def evaluated(expr: Basic) -> Basic:
    """Return an expression built without evaluation as SymPy would have built it with."""
    return expr.func(*map(evaluated, expr.args)) if expr.args else expr


def with_constants(written: Expr) -> tuple[Expr, Constants]:
    """Return *written*, evaluated, with a symbol for each constant that is not a plain number.

    Each symbol comes with the constant as it was written.  Conditions keep their numbers, so that
    regions can be put in order.
    """
    symbols: dict[Basic, Symbol] = {}

    def visit(node: Basic) -> Basic:
        if _is_constant(node):
            if node not in symbols:
                sign = "positive" if node.evalf() > 0 else "negative"
                symbols[node] = Dummy("c", **{sign: True})
            return symbols[node]
        if isinstance(node, Boolean):
            return evaluated(node)
        if not node.args or isinstance(node, Indexed):
            return node
        return node.func(*map(visit, node.args))

    expr = visit(written)
    return expr, {s: _as_rational(value) for value, s in symbols.items()}


def _as_rational(value: Expr) -> Expr:
    """Return a constant that is a rational number as one, and any other as it was written."""
    number = evaluated(value)
    return number if number.is_Rational else value


def _is_constant(node: Basic) -> bool:
    if not isinstance(node, Expr) or node.free_symbols or not node.is_number:
        return False
    value = evaluated(node)
    if value.is_Rational:
        return not is_plain(value)
    if isinstance(node, Pow) and (node.exp.is_negative or node.base.is_Integer):
        return False
    return not node.is_Atom and bool(value.is_real)


# -- vocabulary ------------------------------------------------------------------------------------


def in_the_words_of(expr: Expr, definition: Expr) -> Expr:
    """Return a derivative with the functions that its definition uses.

    1 + tanh(u) was lifted to 2 sigma(2u) and 2 sigma(u) - 1 to tanh(u/2), for the sake of numbers.
    """
    tangents = [f.args[0] for f in definition.atoms(sympy.tanh, atoms.tanh)]

    def from_sigma(f: Expr) -> Expr:
        half = f.args[0] / 2
        if not any(expand(half - u) == 0 for u in tangents):
            return f
        return (
            atoms.sech2(half) / 4
            if isinstance(f, atoms.sigma_prime)
            else (1 + atoms.tanh(half)) / 2
        )

    def from_tanh(f: Expr) -> Expr:
        double = 2 * f.args[0]
        if isinstance(f, atoms.sech2):
            return 4 * atoms.sigma_prime(double)
        return 2 * atoms.sigma(double) - 1

    if tangents:
        return expr.replace(lambda f: isinstance(f, atoms.sigma | atoms.sigma_prime), from_sigma)
    return expr.replace(lambda f: isinstance(f, atoms.tanh | atoms.sech2), from_tanh)


def _plain_words(expr: Expr) -> Expr:
    """Return *expr* without the atoms that only numbers need, and even functions of a positive."""

    def better(f: Expr) -> Expr:
        u = f.args[0]
        if isinstance(f, atoms.expm1 | atoms.log1p):
            return f.textbook()
        if (
            isinstance(f, atoms.sigma_prime | atoms.phi | atoms.sech2)
            and u.could_extract_minus_sign()
        ):
            return f.func(-u)
        return f

    return expr.replace(lambda f: isinstance(f, atoms.Atom), better)


# -- the shortest form -----------------------------------------------------------------------------


def shortest(expr: Expr, printer: Printer) -> Expr:
    """Return the form of *expr* that takes the fewest glyphs when it is printed."""
    expr = _plain_words(expr)
    if isinstance(expr, atoms.sech2):
        return 1 - atoms.tanh(*expr.args) ** 2
    best, least = expr, _effort(expr, printer)
    for form in dict.fromkeys(_forms(expr)):
        if (effort := _effort(form, printer)) < least:
            best, least = form, effort
    return best


def _effort(expr: Expr, printer: Printer) -> float:
    """Return how hard a form is to read: its glyphs; digits are easy, fractions are not."""
    tex = printer.print(expr)
    letters = glyphs(tex) - 2 * tex.count("(")
    digits = sum(map(str.isdigit, tex))
    fractions = tex.count(r"\frac") + tex.count("/")
    fractions += 12 * len(_MULTIPLIED_OUT.findall(tex))
    return letters - 0.2 * digits + 0.1 * tex.count("(") + fractions


# A decimal of so many digits comes from multiplying out what is better left as a product.
_MULTIPLIED_OUT = re.compile(r"\d\.\d{7}")


def _forms(expr: Expr) -> Iterator[Expr]:
    """Yield equal forms of *expr*."""
    for start in _by_identities(expr):
        hidden, shown, identities = _hide_functions(start)
        for form in _by_algebra(hidden, list(shown)):
            yield _replaced(form, shown)
            for inner in _inside_factors(form, identities):
                yield _replaced(inner, shown)


def _replaced(expr: Expr, swap: dict[Expr, Expr]) -> Expr:
    """Return *expr* with parts replaced; its brackets stay, where SymPy would expand 2*(x + 1)."""
    with sympy.evaluate(False):
        return expr.xreplace(swap)


def _by_identities(expr: Expr) -> Iterator[Expr]:
    yield expr
    if expr.has(sin, cos):
        yield TR8(expr)
    if expr.has(sinh, cosh):
        yield expr.replace(sinh, lambda u: atoms.tanh(u) * cosh(u))
    if expr.has(atoms.sech2):
        yield expand(expr.replace(atoms.sech2, lambda u: 1 - atoms.tanh(u) ** 2))


def _hide_functions(expr: Expr) -> tuple[Expr, dict[Symbol, Expr], dict[Symbol, Expr]]:
    """Return *expr* as algebra in symbols, what each symbol stands for, and identities among them.

    sigma' becomes a product of two symbols, so that sigma and 1 - sigma can be factors.
    """
    expr = expr.replace(atoms.sigma_prime, lambda u: Mul(atoms.sigma(u), complement(u)))
    symbols: dict[Expr, Symbol] = {}
    for call in sorted(expr.atoms(Function), key=_large_first):
        if expr.has(call):
            symbols[call] = Dummy(f"f{len(symbols)}")
            expr = expr.xreplace({call: symbols[call]})
    identities = {}
    for call, symbol in symbols.items():
        friend = symbols.get(_FRIENDS[type(call)](*call.args)) if type(call) in _FRIENDS else None
        if friend is not None:
            identities[symbol] = 1 - friend ** (2 if isinstance(call, atoms.sech2) else 1)
    return expr, {s: call for call, s in symbols.items()}, identities


# complement(u) is 1 - sigma(u), and sech2(u) is 1 - tanh(u)**2.
_FRIENDS = {complement: atoms.sigma, atoms.sech2: atoms.tanh}


def _by_algebra(expr: Expr, functions: list[Symbol]) -> Iterator[Expr]:
    yield expr
    yield factor_terms(expr)
    yield from _turned(expr)
    flat = expand(expr)
    yield flat
    yield factor_terms(flat)
    if not functions:
        yield factor(flat)
    for function in functions:
        yield factor_terms(collect(flat, function, factor_terms))
    top, bottom = fraction(together(flat))
    for form in (top, expand_mul(top), *(collect(expand_mul(top), f) for f in functions)):
        quotient = factor_terms(form) / factor_terms(bottom)
        yield quotient
        yield from _turned(quotient)


def _turned(expr: Expr) -> Iterator[Expr]:
    """Yield -2/(x - 1)**3 as 2/(1 - x)**3, and the like for every sum in a product."""
    for part in Mul.make_args(expr):
        base, exponent = part.as_base_exp()
        if base.is_Add and exponent.is_odd:
            yield (-expr / part) * Pow(-base, exponent)


def _inside_factors(expr: Expr, identities: dict[Symbol, Expr]) -> Iterator[Expr]:
    """Yield the product *expr* with its sums rewritten by the identities, its factors kept."""
    factors = Mul.make_args(expr)
    sums = [f for f in factors if f.is_Add and f.has(*identities)] if identities else []
    if not sums or len(factors) == len(sums):
        return
    rewritten = {f: expand(f.xreplace(identities)) for f in sums}
    yield expr.xreplace(rewritten)
    for symbol in sorted(expr.free_symbols, key=default_sort_key):
        yield expr.xreplace({f: collect(g, symbol, factor_terms) for f, g in rewritten.items()})


# -- abbreviations ---------------------------------------------------------------------------------


def _large_first(expr: Expr) -> tuple[int, Any]:
    return (-expr.count_ops(), default_sort_key(expr))


def abbreviated(expr: Expr, printer: Printer, letter: Symbol) -> tuple[Expr, Expr | None]:
    """Return *expr* with *letter* for a long argument of several functions, and that argument."""
    calls = expr.atoms(Function)
    for candidate in sorted({f.args[0] for f in calls}, key=_large_first):
        same = [f for f in calls if expand(f.args[0] - candidate) == 0]
        if len(same) > 1 and glyphs(printer.small.print(candidate)) >= LONG_ARGUMENT:
            swap = {f: f.func(letter, *f.args[1:]) for f in same}
            return _replaced(expr, swap), candidate
    return expr, None
