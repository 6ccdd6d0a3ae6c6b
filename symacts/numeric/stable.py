"""Exact rewrites that keep digits: sums whose terms nearly cancel become one named function.

`1 - 2*sigma(u)` is right in a book and loses every digit near zero; `-tanh(u/2)` is the same
number.  Rules match modulo a common factor and apply bottom-up to an expression in atoms.
"""

from collections.abc import Callable

from sympy import Add, Expr, Function, Piecewise, S

from symacts import atoms

__all__ = ["half_hyperbola", "hypot_minus", "stabilise", "tanh_shrink"]


class half_hyperbola(Function):
    """u + hypot(u, c)."""


class hypot_minus(Function):
    """hypot(u, c) - c."""


class tanh_shrink(Function):
    """u - tanh(u)."""


def stabilise(expr: Expr) -> Expr:
    """Return an equal expression in which the known cancelling sums are named functions."""
    if not expr.args or isinstance(expr, atoms.Reduction):
        return expr
    if isinstance(expr, Piecewise):
        return expr.func(*((stabilise(branch), condition) for branch, condition in expr.args))
    better = expr.func(*(stabilise(arg) for arg in expr.args))
    return _sum(better) if isinstance(better, Add) else better


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
    ),
    atoms.Phi: ((lambda _: S.NegativeOne, lambda f: -atoms.Phi(-f.args[0])),),
    atoms.sech2: ((lambda _: S.NegativeOne, lambda f: -(atoms.tanh(f.args[0]) ** 2)),),
    atoms.tanh: ((lambda f: -f.args[0], lambda f: -tanh_shrink(f.args[0])),),
    atoms.hypot: (
        (lambda f: f.args[0], lambda f: half_hyperbola(*f.args)),
        (lambda f: -f.args[0], lambda f: half_hyperbola(-f.args[0], f.args[1])),
        (lambda f: -f.args[1], lambda f: hypot_minus(*f.args)),
    ),
}
