"""A product taken apart: its number, what is multiplied and what divides."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sympy import Expr, Integer, Mul, Pow, Rational, S, Symbol

from symacts import atoms
from symacts.typeset.numbers import LARGEST_DENOMINATOR, is_plain

__all__ = ["Factors", "complement", "roots_of_numbers", "split"]


class complement(atoms.Atom):  # noqa: N801  a function of SymPy, like its friend sigma
    """1 - sigma(u): the second factor of the derivative of the logistic sigmoid."""

    def textbook(self) -> Expr:
        """Return the same function in SymPy's own vocabulary."""
        return 1 - atoms.sigma(self.args[0])


@dataclass(frozen=True)
class Factors:
    """`number` times the product of `above`, divided by the product of `below`."""

    number: Rational
    above: tuple[Expr, ...]
    below: tuple[Expr, ...]


def split(expr: Expr, constants: Mapping[Symbol, Expr | str]) -> Factors:
    """Return the factors of *expr*; constants that stand for rational numbers join the number."""
    number: Rational = S.One
    above: list[Expr] = []
    below: list[Expr] = []
    for factor in _flat(expr):
        base, exponent = factor.as_base_exp() if isinstance(factor, Pow) else (factor, S.One)
        value = constants.get(base, base) if isinstance(base, Symbol) else base
        power = _exact_power(value, exponent)
        if power is not None and (
            number == 1 or not (power.is_Rational and _spoils(number * power))
        ):
            inner = split(power, {}) if not power.is_Rational else Factors(power, (), ())
            number *= inner.number
            above += inner.above
            below += inner.below
        elif factor.is_Float and factor < 0:
            number, above = -number, [*above, -factor]
        elif exponent.is_Rational and exponent < 0:
            below.append(base if exponent == -1 else Pow(base, -exponent, evaluate=False))
        else:
            above.append(factor)
    return Factors(number, tuple(above), tuple(below))


def _flat(expr: Expr) -> Iterator[Expr]:
    """Yield the factors of nested products; sigma' is sigma (1 - sigma)."""
    if isinstance(expr, Mul):
        for arg in expr.args:
            yield from _flat(arg)
        return
    base, power = (expr.base, expr.exp) if isinstance(expr, Pow) else (expr, S.One)
    if isinstance(base, atoms.sigma_prime):
        yield Pow(atoms.sigma(*base.args), power)
        yield Pow(complement(*base.args), power)
    elif isinstance(base, Mul) and power == -1:
        for factor in _flat(base):
            yield Pow(factor, -1)
    else:
        yield expr


def _spoils(number: Rational) -> bool:
    """Tell whether a constant's digits would be lost in a fraction such as 17159/15000."""
    return bool(number.q > LARGEST_DENOMINATOR) and is_plain(number)


def _exact_power(value: Expr | str, exponent: Expr) -> Expr | None:
    """Return value**exponent when that is a rational number or loses its root: sqrt(2/pi)**2."""
    if isinstance(value, str) or not (value.is_number and exponent.is_Integer):
        return None
    power = Pow(value, exponent)
    squared_root = isinstance(value, Pow) and value.exp == S.Half and exponent.is_even
    return power.doit() if squared_root or power.is_Rational else None


def roots_of_numbers(factors: Factors) -> Factors:
    """Return the same factors with square roots of numbers gathered into one.

    SymPy moves roots above the bar: what it stores as sqrt(2)/2 is 1/sqrt(2) again afterwards.
    """
    above = [f for f in factors.above if not _is_root(f)]
    below = [f for f in factors.below if not _is_root(f)]
    over: Expr = Mul(*(f.base for f in factors.above if _is_root(f)))
    under: Expr = Mul(*(f.base for f in factors.below if _is_root(f)))
    number = factors.number
    (over, over_rest), (under, under_rest) = over.as_coeff_Mul(), under.as_coeff_Mul()
    if over == 1 == under and over_rest == 1 == under_rest:
        return factors
    top, bottom = Integer(number.p), Integer(number.q)
    if over > 1 and bottom % over == 0:
        bottom, under, over = bottom / over, under * over, S.One
    if under > 1 and top % under == 0:
        top, over, under = top / under, over * under, S.One
    if over * over_rest != 1:
        radicand = over * over_rest / (under * under_rest)
        above.insert(0, Pow(radicand, S.Half, evaluate=False))
    else:
        below.insert(0, Pow(under * under_rest, S.Half, evaluate=False))
    return Factors(top / bottom, tuple(above), tuple(below))


def _is_root(expr: Expr) -> bool:
    return isinstance(expr, Pow) and expr.exp == S.Half and bool(expr.base.is_number)
