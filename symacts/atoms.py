"""The field's own functions as SymPy functions.

SymPy knows `exp`, `tanh` and `erf`; a book on neural networks also writes sigma, Phi and softplus.
Each atom here knows its derivative in terms of its friends, its textbook form, its values at 0 and
at the infinities, and its sign.  Derivatives therefore stay in named pieces, and the numeric
lowering sees `sigma(x)` where it would otherwise have to guess it from `1/(1 + exp(-x))`.

The reductions at the end (`logsumexp`, `total`, `simplex_threshold`, `largest`) are what
vector-valued members are made of: functions of all entries `h(x[j])`, where `j` is bound.
"""

import sympy
from sympy import Expr, Function, Rational, S, exp, log, oo, pi, sqrt

from symacts.symbols import j, n

__all__ = [
    "Phi",
    "expm1",
    "hypot",
    "largest",
    "log1p",
    "logsumexp",
    "phi",
    "sech2",
    "sigma",
    "sigma_prime",
    "simplex_threshold",
    "softplus",
    "tanh",
    "textbook",
    "total",
]


class Atom(Function):
    """A named function with a textbook form; subclasses state what is special about them."""

    values: dict[Expr, Expr] = {}
    is_never_negative = False
    is_symmetric = False  # whether f(-u) = f(u)

    @classmethod
    def eval(cls, *args: Expr) -> Expr | None:
        """Return the value at 0 and at the infinities; an even function drops a leading minus."""
        u = args[0]
        if cls.is_symmetric and u.is_Mul and u.args[0].is_negative:
            return cls(-u)
        return cls.values.get(u)

    def textbook(self) -> Expr:
        """Return the same function in SymPy's own vocabulary."""
        raise NotImplementedError

    def _eval_evalf(self, prec: int) -> Expr:
        return self.textbook()._eval_evalf(prec)

    def _eval_is_extended_real(self) -> bool | None:
        return True if all(arg.is_extended_real for arg in self.args) else None

    def _eval_is_finite(self) -> bool | None:
        return True if all(arg.is_real for arg in self.args) else None

    def _eval_is_nonnegative(self) -> bool | None:
        return True if self.is_never_negative and self.args[0].is_extended_real else None

    def _eval_is_positive(self) -> bool | None:
        return True if self.is_never_negative and self.args[0].is_real else None


class sigma(Atom):
    """The logistic sigmoid, 1/(1 + exp(-u))."""

    values = {S.Zero: S.Half, oo: S.One, -oo: S.Zero}
    is_never_negative = True

    def fdiff(self, argindex: int = 1) -> Expr:
        return sigma_prime(self.args[0])

    def textbook(self) -> Expr:
        return 1 / (1 + exp(-self.args[0]))


class sigma_prime(Atom):
    """The derivative of the logistic sigmoid, sigma(u) (1 - sigma(u)); an even function."""

    values = {S.Zero: Rational(1, 4), oo: S.Zero, -oo: S.Zero}
    is_symmetric = True
    is_never_negative = True

    def fdiff(self, argindex: int = 1) -> Expr:
        u = self.args[0]
        return sigma_prime(u) * (1 - 2 * sigma(u))

    def textbook(self) -> Expr:
        return exp(-self.args[0]) / (1 + exp(-self.args[0])) ** 2


class softplus(Atom):
    """The antiderivative of the logistic sigmoid, log(1 + exp(u))."""

    values = {S.Zero: log(2), oo: oo, -oo: S.Zero}
    is_never_negative = True

    def fdiff(self, argindex: int = 1) -> Expr:
        return sigma(self.args[0])

    def textbook(self) -> Expr:
        return log(1 + exp(self.args[0]))


class Phi(Atom):
    """The distribution function of the standard normal distribution."""

    values = {S.Zero: S.Half, oo: S.One, -oo: S.Zero}
    is_never_negative = True

    def fdiff(self, argindex: int = 1) -> Expr:
        return phi(self.args[0])

    def textbook(self) -> Expr:
        return (1 + sympy.erf(self.args[0] / sqrt(2))) / 2


class phi(Atom):
    """The density of the standard normal distribution."""

    values = {S.Zero: 1 / sqrt(2 * pi), oo: S.Zero, -oo: S.Zero}
    is_symmetric = True
    is_never_negative = True

    def fdiff(self, argindex: int = 1) -> Expr:
        u = self.args[0]
        return -u * phi(u)

    def textbook(self) -> Expr:
        return exp(-(self.args[0] ** 2) / 2) / sqrt(2 * pi)


class tanh(Atom):
    """The hyperbolic tangent, whose derivative stays the named piece `sech2`."""

    values = {S.Zero: S.Zero, oo: S.One, -oo: S.NegativeOne}

    def fdiff(self, argindex: int = 1) -> Expr:
        return sech2(self.args[0])

    def textbook(self) -> Expr:
        return sympy.tanh(self.args[0])


class sech2(Atom):
    """The derivative of the hyperbolic tangent, 1 - tanh(u)**2; an even function."""

    values = {S.Zero: S.One, oo: S.Zero, -oo: S.Zero}
    is_symmetric = True
    is_never_negative = True

    def fdiff(self, argindex: int = 1) -> Expr:
        u = self.args[0]
        return -2 * tanh(u) * sech2(u)

    def textbook(self) -> Expr:
        return 1 - sympy.tanh(self.args[0]) ** 2


class expm1(Atom):
    """exp(u) - 1, exact near zero when evaluated."""

    values = {S.Zero: S.Zero, oo: oo, -oo: S.NegativeOne}

    def fdiff(self, argindex: int = 1) -> Expr:
        return exp(self.args[0])

    def textbook(self) -> Expr:
        return exp(self.args[0]) - 1


class log1p(Atom):
    """log(1 + u), exact near zero when evaluated; defined for u > -1."""

    values = {S.Zero: S.Zero, oo: oo}

    def fdiff(self, argindex: int = 1) -> Expr:
        return 1 / (1 + self.args[0])

    def textbook(self) -> Expr:
        return log(1 + self.args[0])

    def _eval_is_extended_real(self) -> bool | None:
        return True if (1 + self.args[0]).is_positive else None


class hypot(Atom):
    """sqrt(u**2 + c**2) for a constant c >= 0, free of overflow when evaluated."""

    values = {oo: oo, -oo: oo}

    @classmethod
    def eval(cls, u: Expr, c: Expr) -> Expr | None:
        return c if u.is_zero and c.is_nonnegative else cls.values.get(u)

    def fdiff(self, argindex: int = 1) -> Expr:
        return self.args[argindex - 1] / self

    def textbook(self) -> Expr:
        u, c = self.args
        return sqrt(u**2 + c**2)

    def _eval_is_nonnegative(self) -> bool | None:
        return True if all(arg.is_real for arg in self.args) else None

    def _eval_is_positive(self) -> bool | None:
        u, c = self.args
        return True if u.is_real and c.is_positive else None


class Reduction(Atom):
    """A number made from all entries h(x[j]) of a vector; `j` is bound.

    `weight()` is the derivative by entry h(x[j]), again an expression in x[j] and the reduction.
    """

    @classmethod
    def eval(cls, *args: Expr) -> Expr | None:
        return None

    def weight(self) -> Expr:
        """Return the partial derivative of the reduction by its entry h(x[j])."""
        raise NotImplementedError


class logsumexp(Reduction):
    """log of the sum of exp(h(x[j])) over all j."""

    def weight(self) -> Expr:
        return exp(self.args[0] - self)

    def textbook(self) -> Expr:
        return log(sympy.Sum(exp(self.args[0]), (j, 1, n)))


class total(Reduction):
    """The sum of h(x[j]) over all j."""

    def weight(self) -> Expr:
        return S.One

    def textbook(self) -> Expr:
        return sympy.Sum(self.args[0], (j, 1, n))


class simplex_threshold(Reduction):
    """The tau for which the sum over all j of max(h(x[j]) - tau, 0) is one.

    Martins & Astudillo 2016.
    """

    def weight(self) -> Expr:
        return in_support(self.args[0] - self) / support_size(self.args[0])

    def textbook(self) -> Expr:
        return self


class largest(Reduction):
    """The largest of the h(x[j])."""

    def weight(self) -> Expr:
        return is_largest(self.args[0])

    def textbook(self) -> Expr:
        return self


class in_support(Function):
    """1 where the argument is positive, else 0: which entries sparsemax keeps."""


class support_size(Function):
    """How many entries sparsemax keeps."""


class is_largest(Function):
    """1 at the first largest entry, else 0."""


def textbook(expr: Expr) -> Expr:
    """Return *expr* with every atom replaced by its textbook form."""
    while expr.has(Atom):
        plain = expr.replace(_is_atom, lambda atom: atom.textbook())
        if plain == expr:
            break
        expr = plain
    return expr


def _is_atom(expr: Expr) -> bool:
    return isinstance(expr, Atom)
