"""Is this expression zero for every x?  A normal form for what activations are made of.

Every exponential becomes a power of a few independent ones, logarithms of products become sums,
roots get one representative, and what remains is a rational function that is put over a common
denominator.  If its numerator vanishes the identity is proved; `simplify` is never asked.
"""

from functools import lru_cache
from math import lcm

import sympy
from sympy import Expr, Mul, Rational, S, Symbol, exp, expand, fraction, log, together

from symacts import atoms

__all__ = ["in_exponentials", "is_zero", "nests_deeply", "same"]


def same(first: Expr, second: Expr) -> bool:
    """Tell whether two expressions are proved to be equal for all values of their symbols."""
    return first == second or is_zero(first - second)


@lru_cache(maxsize=4096)
def is_zero(expr: Expr) -> bool:
    """Tell whether *expr* is proved to vanish; False means that no proof was found."""
    if expr == 0:
        return True
    if nests_deeply(expr):
        return False
    forms = _Forms()
    top, _ = fraction(together(forms.rewrite(expr)))
    top = expand(top)
    for root, square in forms.roots.items():
        # A root inside of another function stays what it is.
        if top.has(root) and top.is_polynomial(root):
            rest = sympy.rem(top, root**2 - square, root)
            top = expand(fraction(together(rest))[0])
    return bool(top == 0)


_HIGHEST_POWER = 12
"""Up to this power exponentials are written in terms of each other."""


class _Forms:
    """The independent exponentials and roots of one expression, each under a name of its own."""

    def __init__(self) -> None:
        self.roots: dict[Symbol, Expr] = {}
        self._exponentials: dict[Expr, Symbol] = {}
        self._shares: dict[Expr, int] = {}

    def rewrite(self, expr: Expr) -> Expr:
        """Return *expr* as a rational function of the names, of logarithms and other functions."""
        plain = in_exponentials(expr)
        for node in plain.atoms(exp):
            for coefficient, monomial in _terms(node.args[0]):
                share = self._shares.get(monomial, 1)
                self._shares[monomial] = lcm(share, int(coefficient.q))
        return self._visit(plain)

    def _visit(self, node: Expr) -> Expr:
        if not node.args:
            return node
        if isinstance(node, exp):
            return Mul(*(self._power(c, monomial) for c, monomial in _terms(node.args[0])))
        args = [self._visit(arg) for arg in node.args]
        if isinstance(node, log):
            return self._logarithm(args[0])
        if isinstance(node, atoms.hypot):
            return self._root(*args)
        return node.func(*args)

    def _power(self, coefficient: Rational, monomial: Expr) -> Expr:
        if monomial == 1 and coefficient.is_Integer:
            return S.Exp1**coefficient
        share = self._shares[monomial]
        if abs(coefficient * share) <= _HIGHEST_POWER:
            return self._name(monomial / share) ** (coefficient * share)
        # A name of its own proves less, but polynomials of this degree would take for ever.
        return self._name(abs(coefficient) * monomial) ** sympy.sign(coefficient)

    def _name(self, exponent: Expr) -> Symbol:
        """Return the name of exp(exponent)."""
        return self._exponentials.setdefault(exponent, sympy.Dummy("E", positive=True))

    def _logarithm(self, argument: Expr) -> Expr:
        """log of a product of positive factors, as a sum."""
        names = {name: exponent for exponent, name in self._exponentials.items()}
        total = S.Zero
        for sign, part in zip((1, -1), fraction(together(argument)), strict=True):
            for factor in Mul.make_args(sympy.factor(part)):
                base, exponent = factor.as_base_exp()
                if not base.is_positive:
                    return log(argument)
                total += sign * exponent * names.get(base, log(base))
        return total

    def _root(self, u: Expr, c: Expr) -> Expr:
        """hypot(u, c) = c hypot(u/c, 1) for c > 0, even in u."""
        if not c.is_positive:
            return atoms.hypot(u, c)
        ratio = expand(u / c)
        ratio = -ratio if ratio.could_extract_minus_sign() else ratio
        for name, square in self.roots.items():
            if square == ratio**2 + 1:
                return c * name
        name = sympy.Dummy("h", positive=True)
        self.roots[name] = ratio**2 + 1
        return c * name


def _terms(exponent: Expr) -> list[tuple[Rational, Expr]]:
    """Return an exponent as rational coefficients times monomials."""
    return [term.as_coeff_Mul(rational=True) for term in sympy.Add.make_args(expand(exponent))]


_DEEPEST = 6


def nests_deeply(expr: Expr) -> bool:
    """Tell whether so many functions stand inside of each other that a rewriting would explode."""
    return _depth(expr) > _DEEPEST


def _depth(expr: Expr) -> int:
    inner = max((_depth(arg) for arg in expr.args), default=0)
    return inner + (bool(expr.args) and not isinstance(expr, sympy.Add | Mul | sympy.Pow))


def in_exponentials(expr: Expr) -> Expr:
    """Return *expr* with the atoms (roots aside) and hyperbolic functions in exponentials."""

    def plain(node: Expr) -> Expr:
        if isinstance(node, atoms.hypot):
            return node
        return node.textbook()

    if nests_deeply(expr):
        return expr
    while True:
        better = expr.replace(
            lambda node: isinstance(node, atoms.Atom) and not isinstance(node, atoms.hypot), plain
        ).replace(sympy.tanh, lambda u: (1 - exp(-2 * u)) / (1 + exp(-2 * u)))
        if better == expr:
            return expr
        expr = better
