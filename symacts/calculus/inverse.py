"""The inverse of a monotone function, where x can be peeled out of the formula layer by layer."""

from sympy import Add, Expr, Mul, Piecewise, Symbol, atan, atanh, erf, erfinv, exp, log, sqrt, tan

from symacts import atoms
from symacts.calculus.shape import Shape

__all__ = ["inverse", "solved"]

_UNDONE = {
    exp: log,
    atoms.sigma: lambda y: log(y / (1 - y)),
    atoms.tanh: atanh,
    atoms.softplus: lambda y: log(exp(y) - 1),
    atoms.expm1: lambda y: log(1 + y),
    erf: erfinv,
    atoms.Phi: lambda y: sqrt(2) * erfinv(2 * y - 1),
    atan: tan,
}


def inverse(shape: Shape) -> Expr | None:
    """Return the inverse of a continuous, strictly monotone function, in its own variable."""
    pieces, x = shape.pieces(), shape.variable
    solutions = [solved(part, x) for part in pieces.parts]
    if any(solution is None for solution in solutions):
        return None
    if not pieces.breaks:
        return solutions[0]
    rising = shape.monotonicity() == "increasing"
    edges = [pieces.value_at_break(k) for k in range(len(pieces.breaks))]
    # The image of the part left of a break lies below the image of the break if f increases.
    branches = [
        (s, x <= edge if rising else x >= edge) for s, edge in zip(solutions, edges, strict=False)
    ]
    return Piecewise(*branches, (solutions[-1], True))


def solved(expr: Expr, x: Symbol) -> Expr | None:
    """Return the expression in x whose value at y is the solution of expr = y."""
    y = x
    while expr != x:
        if isinstance(expr, Add):
            rest, expr = expr.as_independent(x, as_Add=True)
            y = y - rest
        elif isinstance(expr, Mul):
            factor, expr = expr.as_independent(x, as_Add=False)
            if factor == 1:
                return _quotient(expr, y, x)
            y = y / factor
        elif expr.func in _UNDONE:
            y, expr = _UNDONE[expr.func](y), expr.args[0]
        else:
            return None
        if isinstance(expr, Add) and expr.as_independent(x, as_Add=True)[0] == 0:
            return None
    return y


def _quotient(expr: Expr, y: Expr, x: Symbol) -> Expr | None:
    """Solve (a x + b)/(c x + d) = y."""
    top, bottom = (part.as_poly(x) for part in expr.as_numer_denom())
    if top is None or bottom is None or top.degree() != 1 or bottom.degree() != 1:
        return None
    (a, b), (c, d) = top.all_coeffs(), bottom.all_coeffs()
    return (b - d * y) / (c * y - a)
