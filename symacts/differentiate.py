"""Differentiate a smooth expression in atoms, and bring the result into a short, stable form.

`simplify` is never asked: it took minutes on a GELU, and it likes forms that cancel.  Three small
steps do: a rational function is reduced, a square root is reduced by its own square, and from any
other sum the common factors are taken out.
"""

from sympy import Add, Derivative, Expr, Mul, S, Symbol, cancel, factor, together

from symacts.atoms import hypot
from symacts.errors import DefinitionError

__all__ = ["differentiate"]


def differentiate(expr: Expr, symbol: Symbol) -> Expr:
    """Return the derivative of a smooth expression in atoms, brought into a short stable form.

    Raises:
        DefinitionError: the expression holds a function whose derivative SymPy does not know.
    """
    slope = expr.diff(symbol)
    if slope.has(Derivative):
        raise DefinitionError(f"SymPy knows no derivative of {expr} by {symbol}")
    return _tidy(slope, symbol)


def _tidy(expr: Expr, symbol: Symbol) -> Expr:
    """Return *expr* with common factors taken out; a rational function is reduced altogether."""
    roots = list(expr.atoms(hypot))
    if expr.is_rational_function(symbol):
        return factor(cancel(expr)) if symbol in expr.free_symbols else expr
    if len(roots) == 1 and expr.subs(roots[0], Symbol("h")).is_rational_function():
        return _reduce_root(expr, roots[0])
    return _common_factors(expr)


def _reduce_root(expr: Expr, root: hypot) -> Expr:
    """Return a rational function of u and h = hypot(u, c), reduced by h**2 = u**2 + c**2."""
    u, c = root.args
    h = Symbol("h", positive=True)
    top, bottom = together(expr.subs(root, h)).as_numer_denom()
    top = top.expand().as_poly(h)
    if top is None:
        return _common_factors(expr)
    reduced = top.rem((h**2 - u**2 - c**2).as_poly(h)).as_expr()
    return factor(cancel(reduced / bottom)).subs(h, root)


def _common_factors(expr: Expr) -> Expr:
    """Return *expr* with what all terms of a sum share taken out of it, at every level.

    SymPy's `factor_terms` also clears denominators, which turns 0.044715 into 26829/200000.
    """
    if not isinstance(expr, Add | Mul):
        return expr
    expr = expr.func(*(_common_factors(arg) for arg in expr.args))
    if not isinstance(expr, Add):
        return expr
    powers = [term.as_powers_dict() for term in expr.args]
    shared = Mul(
        *(
            base ** min(term[base] for term in powers)
            for base in powers[0]
            if not base.is_number
            and all(S(term[base]).is_Integer and term[base] > 0 for term in powers)
        )
    )
    rest = Add(*(term / shared for term in expr.args))
    if shared is S.One:
        return rest
    content, primitive = rest.primitive()
    return content * shared * primitive if content.is_Integer else shared * rest
