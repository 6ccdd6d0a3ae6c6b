"""Cutting a function into smooth parts, and what happens at the breaks."""

import numpy as np
import pytest
import sympy
from sympy import Abs, Heaviside, Max, Min, Piecewise, S, Symbol, exp, sign, sqrt

import symacts
from symacts.atoms import textbook
from symacts.differentiate import differentiate
from symacts.errors import DefinitionError
from symacts.pieces import cut
from symacts.symbols import x

RELU_SPELLINGS = {
    "Piecewise": Piecewise((x, x > 0), (0, True)),
    "Piecewise, other way": Piecewise((0, x <= 0), (x, True)),
    "Max": Max(x, 0),
    "Abs": (x + Abs(x)) / 2,
    "Heaviside": x * Heaviside(x),
}


@pytest.mark.parametrize("spelling", RELU_SPELLINGS)
def test_five_spellings_of_relu_are_one_function(spelling: str) -> None:
    """However ReLU is written, its parts and the parts of its derivatives are the same."""
    pieces = cut(RELU_SPELLINGS[spelling], x)

    assert pieces.breaks == (0,)
    assert pieces.parts == (0, x)
    assert pieces.diff().parts == (0, 1)
    assert pieces.diff().diff().merged().parts == (0,)


def test_the_kink_belongs_to_the_branch_as_written() -> None:
    """The derivative at a kink is the slope of the branch whose inequality holds there."""
    left = cut(Piecewise((x, x > 0), (0, True)), x)
    right = cut(Piecewise((x, x >= 0), (0, True)), x)

    assert left.diff().value_at_break(0) == 0
    assert right.diff().value_at_break(0) == 1


def test_abs_and_sign_have_slope_zero_at_their_kink() -> None:
    """PyTorch's convention: the middle of the subdifferential."""
    assert cut(Abs(x), x).diff().value_at_break(0) == 0
    assert cut(sign(x), x).diff().value_at_break(0) == 0


def test_softsign_has_slope_one_at_zero() -> None:
    """The branch that Abs adds for the one point is differentiated like any other."""
    assert cut(x / (1 + Abs(x)), x).diff().value_at_break(0) == 1


def test_a_filled_gap_takes_the_limit_of_the_derivative() -> None:
    """sinc is smooth at 0, so its derivatives there are limits: 0 and -1/3."""
    pieces = symacts.sinc.pieces()

    assert pieces.diff().value_at_break(0) == 0
    assert pieces.diff().diff().value_at_break(0) == -S.One / 3


def test_symbolic_breaks_are_ordered_by_assumptions() -> None:
    """The break points of soft shrink are -lambda and lambda for every lambda >= 0."""
    lambd = symacts.soft_shrink.params["lambd"].symbol

    assert symacts.soft_shrink.pieces().breaks == (-lambd, lambd)
    assert symacts.soft_shrink.pieces().parts == (x + lambd, 0, x - lambd)


def test_regions_that_cannot_be_ordered_are_refused() -> None:
    """Two thresholds of unknown order are an error that names both."""
    p, q = Symbol("p", real=True), Symbol("q", real=True)
    with pytest.raises(DefinitionError, match="whether"):
        cut(Piecewise((0, x < p), (1, x < q), (2, True)), x)


def test_regions_must_be_linear_in_the_variable() -> None:
    """A condition that is not of the form x > c is an error that says how to write it."""
    with pytest.raises(DefinitionError, match="linear in the variable"):
        cut(Piecewise((0, x**2 < 2), (x, True)), x)


@pytest.mark.parametrize(
    "expr",
    [
        Min(x, 1),
        Max(x, -1),
        Max(Min(x, 3), -2),
        Abs(x - 1) + Abs(x + 1),
        x * Max(0, Min(1, x / 6 + S.Half)),
    ],
)
def test_pieces_agree_with_sympy(expr: sympy.Expr) -> None:
    """The pieces take the values of the expression they were cut from, everywhere."""
    pieces = cut(expr, x).as_piecewise()

    for value in (-7, -3, -2, -1, S.NegativeOne / 3, 0, 1, 2, 3, 5):
        assert pieces.subs(x, value) == expr.subs(x, value)


def test_a_rational_derivative_is_reduced() -> None:
    """A quotient comes out without terms that cancel."""
    assert differentiate(x / (1 + x), x) == 1 / (1 + x) ** 2


def test_no_member_shows_heaviside_or_dirac() -> None:
    """No derivative of the catalogue falls back on generalised functions."""
    for act in symacts.catalogue.values():
        if act.kind == "scalar":
            for order in range(4):
                lifted = act.pieces(order).as_piecewise()
                assert not lifted.has(Heaviside, sympy.DiracDelta, sign, Abs), act.id


@pytest.mark.parametrize(
    "act", [a for a in symacts.catalogue.values() if a.kind == "scalar"], ids=lambda act: act.id
)
def test_third_derivatives_match_differences_of_the_second(act: symacts.Activation) -> None:
    """f''' is the slope of f'' away from kinks."""
    points = np.array([-4.37, -1.83, -0.71, -0.29, 0.23, 0.61, 1.37, 4.91])
    step = 1e-5
    second, third = act.derivative(2), act.derivative(3)
    slope = (second(points + step) - second(points - step)) / (2 * step)

    assert third(points) == pytest.approx(slope, abs=1e-8, rel=1e-8)


@pytest.mark.parametrize(
    "act", [a for a in symacts.catalogue.values() if a.kind == "scalar"], ids=lambda act: act.id
)
def test_the_plain_derivative_is_the_lifted_one(act: symacts.Activation) -> None:
    """`derivative().expr` has no atoms left and the values of the NumPy derivative."""
    expr = act.derivative().expr.subs(dict(act.defaults))
    assert expr == textbook(expr)
    for value in (-2.75, -0.4, 0.3, 1.9):
        assert float(expr.subs(act.variable, value).evalf(30)) == pytest.approx(
            float(act.derivative()(value)), rel=1e-12, abs=1e-14
        )


def test_roots_are_reduced_by_their_own_square() -> None:
    """1/h - x**2/h**3 with h = sqrt(x**2 + 1) comes out as 1/h**3."""
    second = cut(sqrt(x**2 + 1), x).diff().diff().parts[0]

    assert textbook(second) == (x**2 + 1) ** (-S(3) / 2)


def test_common_factors_come_out() -> None:
    """The second derivative of SiLU shows sigma' once."""
    pieces = cut(x / (1 + exp(-x)), x)

    assert pieces.diff().diff().parts[0].is_Mul
