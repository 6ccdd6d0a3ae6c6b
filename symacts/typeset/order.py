r"""The order in which a book writes the terms of a sum and the factors of a product.

Short before long and positive before negative, with two habits on top: a constant leads before a
function (`1 - \sigma(x)`, `1 + x^2`) and follows the variable in a straight line (`2x + 3`).
"""

from collections.abc import Set as AbstractSet

from sympy import Abs, Add, Basic, Expr, Function, Indexed, Pow, Symbol, exp

from symacts import atoms
from symacts.typeset.factors import complement
from symacts.typeset.measure import glyphs

__all__ = ["calls_function", "factor_key", "term_order"]

_FUNCTIONS = (
    atoms.sigma,
    complement,
    atoms.Phi,
    atoms.phi,
    atoms.softplus,
    exp,
    atoms.tanh,
    atoms.sech2,
)


def calls_function(expr: Basic) -> bool:
    """Tell whether *expr* contains a function other than a root or an absolute value."""
    return any(not isinstance(f, Abs | atoms.hypot) for f in expr.atoms(Function))


def factor_key(expr: Expr, text: str, inputs: AbstractSet[Basic]) -> tuple[int, int, int, str]:
    """Return where a factor stands: numbers, parameters, inputs, polynomials, functions, sums."""
    base = expr.base if isinstance(expr, Pow) else expr
    length = glyphs(text)
    if not expr.free_symbols:
        return (0, 0, length, text)
    if isinstance(base, Symbol | Indexed):
        return (2 if base in inputs else 1, 0, 0, str(base))
    if isinstance(base, Add):
        return (5 if calls_function(base) else 3, 0, length, text)
    for place, cls in enumerate(_FUNCTIONS):
        if isinstance(base, cls):
            return (4, place, length, text)
    return (4 if calls_function(base) else 2, len(_FUNCTIONS), length, text)


def term_order(
    terms: list[tuple[Expr, bool, str]], inputs: AbstractSet[Basic]
) -> list[tuple[Expr, bool, str]]:
    """Return the (term, is negative, text) of a sum in the order in which they are written."""
    ordered = sorted(terms, key=lambda term: _term_key(term, inputs))
    if _is_straight_line([term for term, _, _ in terms], inputs):
        ordered.reverse()
    lead = next((k for k, (_, negative, _) in enumerate(ordered) if not negative), 0)
    return [ordered[lead], *ordered[:lead], *ordered[lead + 1 :]]


def _term_key(
    term: tuple[Expr, bool, str], inputs: AbstractSet[Basic]
) -> tuple[int, int, int, str]:
    expr, _, text = term
    moving = expr.free_symbols & inputs
    kind = 0 if expr.is_number else 2 if moving or expr.has(Indexed) else 1
    if moving and expr.is_polynomial(*moving):
        degree = sum(expr.as_poly(*moving).degree_list())
        return (kind, degree, glyphs(text), text)
    return (kind, _HIGHEST, glyphs(text), text)


# Terms with functions come after every power.
_HIGHEST = 1000


def _is_straight_line(terms: list[Expr], inputs: AbstractSet[Basic]) -> bool:
    """Tell whether the terms are c x and constants, none of which is 1 or -1."""
    moving = [t for t in terms if t.free_symbols & inputs or t.has(Indexed)]
    if len(moving) != 1 or any(t in (1, -1) for t in terms):
        return False
    symbols = moving[0].free_symbols & inputs
    is_linear = bool(symbols) and moving[0].is_polynomial(*symbols)
    return isinstance(moving[0], Indexed) or (
        is_linear and sum(moving[0].as_poly(*symbols).degree_list()) == 1
    )
