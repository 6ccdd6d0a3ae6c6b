"""The inverse of a monotone function, where x can be peeled out of the formula layer by layer."""

from sympy import (
    Add,
    Dummy,
    Expr,
    Mul,
    Piecewise,
    Symbol,
    atan,
    atanh,
    cancel,
    cos,
    erf,
    erfinv,
    exp,
    expand,
    log,
    sqrt,
    tan,
    trigsimp,
)

from symacts import atoms
from symacts.calculus import numbers
from symacts.calculus.identities import in_exponentials
from symacts.calculus.shape import Shape

__all__ = ["inverse", "slope_of_value", "solved"]

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


def slope_of_value(shape: Shape, value: Symbol) -> Expr | None:
    """Return f' as an expression in the value of f, by way of the inverse function."""
    pieces, slopes, x = shape.pieces(), shape.pieces(1), shape.variable
    found = []
    for part, given in zip(pieces.parts, slopes.parts, strict=True):
        inner = solved(part, x)
        if inner is None:
            return None
        slope, root = given, _as_root(part, x)
        if root is not None:
            # The root itself is a rational function of x and of the value.
            a, b, d, node = root
            slope = given.subs(node, (value - d - a * x) / b)
        found.append(_simpler(slope.subs(x, inner.subs(x, value))))
    if len(set(found)) == 1:
        return found[0]
    rising = shape.monotonicity() == "increasing"
    edges = [pieces.value_at_break(k) for k in range(len(pieces.breaks))]
    branches = [
        (form, value <= edge if rising else value >= edge)
        for form, edge in zip(found, edges, strict=False)
    ]
    return Piecewise(*branches, (found[-1], True))


_MOST_OPERATIONS = 60


def _simpler(expr: Expr) -> Expr:
    """Return an equal expression with common factors cancelled, and 1 + tan^2 as 1/cos^2."""
    if expr.count_ops() > _MOST_OPERATIONS:
        return expr
    found = cancel(in_exponentials(expr))
    found = min(found, expand(found), key=lambda form: form.count_ops())
    return trigsimp(found) if found.has(tan, cos) else found


def solved(expr: Expr, x: Symbol) -> Expr | None:
    """Return the expression in x whose value at y is the solution of expr = y."""
    y = x
    while expr != x:
        if (root := _as_root(expr, x)) is not None:
            return _without_root(*root, y)
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


def _as_root(expr: Expr, x: Symbol) -> tuple[Expr, Expr, Expr, Expr] | None:
    """Return a, b, d and the root of a x + b hypot(x, c) + d, None for anything else."""
    roots = [node for node in expr.atoms(atoms.hypot) if node.has(x)]
    if len(roots) != 1 or roots[0].args[0] != x or roots[0].args[1].has(x):
        return None
    name = Dummy("h")
    line = expr.subs(roots[0], name).as_poly(x, name)
    if line is None or line.total_degree() > 1:
        return None
    a, b, d = (line.coeff_monomial(monomial) for monomial in (x, name, 1))
    return a, b, d, roots[0]


def _without_root(a: Expr, b: Expr, d: Expr, node: Expr, y: Expr) -> Expr | None:
    """Solve a x + b hypot(x, c) = y - d, the left side being monotone: abs(a) >= abs(b).

    Squared, (t - a x)^2 = b^2 (x^2 + c^2) with t = y - d; of its two solutions the one counts at
    which t - a x has the sign of b.
    """
    t, c = y - d, node.args[1]
    side, gap = numbers.sign(a), numbers.sign(expand(a**2 - b**2))
    if not side or gap not in (0, 1):
        return None
    if gap == 0:
        return expand(t / (2 * a) - b**2 * c**2 / (2 * a * t))
    rest = expand(a**2 - b**2)
    return (a * t - side * b * sqrt(expand(t**2 + rest * c**2))) / rest
