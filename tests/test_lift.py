"""Recognising the field's own functions in textbook expressions."""

import pytest
import sympy
from sympy import Expr, Rational, Sum, erf, exp, log, sqrt

from symacts import atoms
from symacts.atoms import (
    Atom,
    Phi,
    expm1,
    hypot,
    log1p,
    logsumexp,
    sigma,
    softplus,
    tanh,
    textbook,
)
from symacts.lift import lift
from symacts.numeric.lowering.stable import half_hyperbola, hypot_minus, stabilise, tanh_shrink
from symacts.symbols import Positive, i, j, n, vector, x

c = Positive.symbol("c")
v = vector("x")

ATOMS = [getattr(atoms, name) for name in atoms.__all__]
ATOMS = [a for a in ATOMS if isinstance(a, type) and not issubclass(a, atoms.Reduction)]
LIFTED = [
    (1 / (1 + exp(-x)), sigma(x)),
    (exp(x) / (1 + exp(x)), sigma(x)),
    (1 / (2 + 2 * exp(-x)), sigma(x) / 2),
    (2 / (1 + exp(-x)) - 1, tanh(x / 2)),
    ((1 + sympy.tanh(x)) / 2, sigma(2 * x)),
    (log(1 + exp(c * x)) / c, softplus(c * x) / c),
    (-log(1 + exp(-x)), -softplus(-x)),
    (log(1 / (1 + exp(-x))), -softplus(-x)),
    (x * (1 + erf(x / sqrt(2))) / 2, x * Phi(x)),
    (Rational(1, 2) + erf(x) / 2, Phi(sqrt(2) * x)),
    (c * (exp(x / c) - 1), c * expm1(x / c)),
    (3 * exp(x) - 3 + x, 3 * expm1(x) + x),
    (log(1 + x**2), log1p(x**2)),
    (sqrt(x**2 + 4), hypot(x, 2)),
    (1 / sqrt(x**2 + c), 1 / hypot(x, sqrt(c))),
    (exp(v[i]) / Sum(exp(v[j]), (j, 1, n)), exp(v[i] - logsumexp(v[j]))),
    (v[i] - log(Sum(exp(v[j]), (j, 1, n))), v[i] - logsumexp(v[j])),
]

STABLE = [
    (1 - sigma(x), sigma(-x)),
    (1 - 2 * sigma(x), -tanh(x / 2)),
    (2 - 2 * Phi(x), 2 * Phi(-x)),
    (x - tanh(x), tanh_shrink(x)),
    (x / 2 + hypot(x, c) / 2, half_hyperbola(x, c)),
    (x + hypot(x, 1) / 2 - Rational(1, 2), x + hypot_minus(x, 1) / 2),
    (3 + x, 3 + x),
]


@pytest.mark.parametrize(("plain", "expected"), LIFTED, ids=str)
def test_textbook_forms_are_recognised(plain: Expr, expected: Expr) -> None:
    """Each spelling of a known function becomes its atom."""
    assert expected == lift(plain)


@pytest.mark.parametrize(("plain", "expected"), STABLE, ids=str)
def test_cancelling_sums_are_recognised(plain: Expr, expected: Expr) -> None:
    """Each sum that loses digits becomes one function; other sums stay."""
    assert expected == stabilise(plain)


@pytest.mark.parametrize("atom", ATOMS)
def test_atoms_differentiate_like_their_textbook_form(atom: type[Atom]) -> None:
    """The derivative in atoms and the derivative of the plain form have the same value."""
    args = (x, c) if atom is hypot else (x,)
    gap = textbook(atom(*args).diff(x)) - atom(*args).textbook().diff(x)

    for value in (Rational(1, 3), Rational(7, 2)):
        assert abs(gap.subs({x: value, c: 2}).evalf(40)) < 1e-35


@pytest.mark.parametrize("atom", ATOMS)
def test_atoms_know_their_values(atom: type[Atom]) -> None:
    """What an atom says it is at 0 and at the infinities is what its plain form tends to."""
    for point, value in atom.values.items():
        args = (point, sympy.Integer(3)) if atom is hypot else (point,)
        at = sympy.Integer(40) * sympy.sign(point) if point.is_infinite else point
        plain = atom(x, *args[1:]).textbook().subs(x, at).evalf(30)
        if value.is_infinite:
            assert abs(plain) > 3
            assert sympy.sign(plain) == sympy.sign(value)
        else:
            assert abs(plain - value) < 1e-15


def test_atoms_evaluate_like_their_textbook_form() -> None:
    """`evalf` works on an expression in atoms."""
    assert abs(sigma(Rational(1, 2)).evalf(30) - (1 / (1 + exp(-Rational(1, 2)))).evalf(30)) < 1e-29
