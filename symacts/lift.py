"""From a textbook expression to atoms: `1/(1 + exp(-x))` becomes `sigma(x)`.

Every rule is an exact identity, applied bottom-up before anything is differentiated.  The rules
match modulo a common factor, because SymPy multiplies numbers into sums (`2*(1 + erf(x))` is
stored as `2 + 2*erf(x)`).
"""

from collections import defaultdict
from collections.abc import Callable

import sympy
from sympy import Add, Expr, Indexed, Mul, Pow, S, Sum, erf, exp, log, sqrt

from symacts import atoms
from symacts.errors import DefinitionError
from symacts.symbols import j, n

__all__ = ["lift"]

Rule = Callable[[Expr], Expr | None]


def lift(expr: Expr) -> Expr:
    """Return *expr* with the field's own functions recognised."""
    if expr.is_Atom or isinstance(expr, Indexed):
        return expr
    if isinstance(expr, Sum):
        return _sum_over_entries(expr)
    lifted = expr.func(*(lift(arg) for arg in expr.args)) if expr.args else expr
    for rule in _RULES:
        if (better := rule(lifted)) is not None:
            return better
    return lifted


def _sum_over_entries(expr: Sum) -> Expr:
    """The sum of h(x[j]) over j from 1 to n -> total(h(x[j])); no other sum has a numeric form."""
    if expr.limits != ((j, 1, n),):
        raise DefinitionError(f"{expr} is not a sum over j from 1 to n, the entries of the vector")
    return atoms.total(lift(expr.function))


def _tanh(expr: Expr) -> Expr | None:
    """tanh(u) -> our tanh(u), whose derivative is a named piece."""
    return atoms.tanh(expr.args[0]) if isinstance(expr, sympy.tanh) else None


def _power_of_sigma(expr: Expr) -> Expr | None:
    """(c + c exp(u))^-k -> sigma(-u)^k / c^k, for a whole number k > 0."""
    if not (isinstance(expr, Pow) and expr.exp.is_Integer and expr.exp.is_negative):
        return None
    match = _constant_plus(expr.base, exp)
    if match is None or match[0] != match[1]:
        return None
    c, _, u = match
    return (atoms.sigma(-u) / c) ** (-expr.exp)


def _ratio_of_exponentials(expr: Expr) -> Expr | None:
    """Return the other ways to write the logistic function and tanh.

    exp(u) sigma(-u) -> sigma(u);  sigma(u) sigma(-u) -> sigma_prime(u);
    expm1(u) sigma(-u) -> tanh(u/2);  sinh(u)/cosh(u) -> tanh(u).
    """
    if not isinstance(expr, Mul):
        return None
    kinds = exp | atoms.expm1 | atoms.sigma | sympy.sinh
    # SymPy's own `as_powers_dict` takes exp(u) for a power of e.
    factors = [arg.args if isinstance(arg, Pow) else (arg, S.One) for arg in expr.args]
    powers = defaultdict(lambda: S.Zero, factors)
    for factor in [f for f in powers if isinstance(f, kinds)]:
        u = factor.args[0]
        if isinstance(factor, atoms.sigma) and powers[atoms.sigma(-u)] > 0:
            better = atoms.sigma_prime(u) / atoms.sigma(-u)
        elif isinstance(factor, exp) and powers[atoms.sigma(-u)] > 0:
            better = atoms.sigma(u) / atoms.sigma(-u)
        elif isinstance(factor, atoms.expm1) and powers[atoms.sigma(-u)] > 0:
            better = atoms.tanh(u / 2) / atoms.sigma(-u)
        elif isinstance(factor, sympy.sinh) and powers[sympy.cosh(u)] < 0:
            better = atoms.tanh(u) * sympy.cosh(u)
        else:
            continue
        return expr / factor * better
    return None


def _logarithm(expr: Expr) -> Expr | None:
    """log(1 + exp(u)) -> softplus(u);  log(sigma(u)) -> -softplus(-u);  log(1 + u) -> log1p(u)."""
    if not isinstance(expr, log):
        return None
    inner = expr.args[0]
    if isinstance(inner, atoms.sigma):
        return -atoms.softplus(-inner.args[0])
    if isinstance(inner, atoms.total) and isinstance(inner.args[0], exp):
        return atoms.logsumexp(inner.args[0].args[0])
    if not isinstance(inner, Add) or S.One not in inner.args:
        return None
    rest = inner - 1
    if isinstance(rest, exp):
        return atoms.softplus(rest.args[0])
    return atoms.log1p(rest) if rest.is_nonnegative else None


def _share_of_exponentials(expr: Expr) -> Expr | None:
    """exp(u[i]) / sum of exp(u[j]) -> exp(u[i] - logsumexp(u[j]))."""
    if not isinstance(expr, Mul):
        return None
    exponentials = [arg for arg in expr.args if isinstance(arg, exp)]
    for factor in expr.args:
        total = 1 / factor
        if isinstance(total, atoms.total) and isinstance(total.args[0], exp) and exponentials:
            above = exponentials[0]
            rest = [arg for arg in expr.args if arg not in (above, factor)]
            share = exp(above.args[0] - atoms.logsumexp(total.args[0].args[0]))
            return Mul(*rest, share)
    return None


def _sum_with_constant(expr: Expr) -> Expr | None:
    """c + c erf(u), c + c tanh(u), c exp(u) - c, 2c sigma(u) - c, in a sum with anything else."""
    if not isinstance(expr, Add):
        return None
    for term in expr.args:
        for kind, constant_over_factor, better in _COMPLETIONS:
            c, f = term.as_independent(kind, as_Add=False)
            if not isinstance(f, kind):
                continue
            constant = c * constant_over_factor
            rest = expr - term - constant
            # The constant is there exactly when taking it away makes the sum shorter.
            if len(Add.make_args(rest)) < len(expr.args) - (0 if rest == 0 else 1):
                return rest + c * better(f.args[0])
    return None


_COMPLETIONS: tuple[tuple[type[Expr], Expr, Callable[[Expr], Expr]], ...] = (
    (erf, S.One, lambda u: 2 * atoms.Phi(sqrt(2) * u)),
    (atoms.tanh, S.One, lambda u: 2 * atoms.sigma(2 * u)),
    (exp, S.NegativeOne, atoms.expm1),
    (atoms.sigma, -S.Half, lambda u: atoms.tanh(u / 2) / 2),
)


def _hypotenuse(expr: Expr) -> Expr | None:
    """(u^2 + c^2)^(p/2) -> hypot(u, c)^p for a constant c, which does not overflow."""
    if not (isinstance(expr, Pow) and expr.exp.is_Rational and expr.exp.q == 2):
        return None
    if not (isinstance(expr.base, Add) and len(expr.base.args) == 2):
        return None
    square, constant = sorted(expr.base.args, key=lambda term: not _is_square(term))
    if not _is_square(square) or not constant.is_nonnegative or _is_square(constant):
        return None
    return atoms.hypot(square.base, sqrt(constant)) ** expr.exp.p


def _is_square(term: Expr) -> bool:
    return isinstance(term, Pow) and term.exp == 2 and term.base.is_real is True


def _constant_plus(expr: Expr, kind: type[Expr]) -> tuple[Expr, Expr, Expr] | None:
    """Return (c, d, u) when *expr* is c + d kind(u) with numbers c and d, else None."""
    if not (isinstance(expr, Add) and len(expr.args) == 2):
        return None
    for constant, term in (expr.args, expr.args[::-1]):
        d, f = term.as_independent(kind, as_Add=False)
        if constant.is_number and isinstance(f, kind):
            return constant, d, f.args[0]
    return None


_RULES: tuple[Rule, ...] = (
    _tanh,
    _power_of_sigma,
    _ratio_of_exponentials,
    _share_of_exponentials,
    _logarithm,
    _hypotenuse,
    _sum_with_constant,
)
