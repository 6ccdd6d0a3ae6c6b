"""Ball arithmetic: every ball holds the number, and what is decided is right."""

import itertools
import random

import flint
import mpmath
import pytest
import sympy
from sympy import E, Integer, Rational, Symbol, atan, cos, erf, erfc, exp, log, pi, sin, sqrt

from symacts import atoms
from symacts.enclose import (
    Ball,
    ball_of,
    digits,
    jet,
    partition,
    precision,
    program,
    sign_of_ball,
)

x = Symbol("x", real=True)

FUNCTIONS = {
    "exp": exp(x / 3),
    "log": log(x**2 + 2),
    "sin": sin(2 * x),
    "cos": cos(x),
    "atan": atan(x),
    "erf": erf(x),
    "erfc": erfc(x),
    "root": sqrt(x**2 + 3),
    "power": (x**2 + 1) ** -3,
    "odd root": (x**2 + 1) ** Rational(-3, 2),
    "sigma": atoms.sigma(x),
    "sigma'": atoms.sigma_prime(2 * x),
    "softplus": atoms.softplus(-x),
    "tanh": atoms.tanh(x),
    "sech2": atoms.sech2(x / 2),
    "Phi": atoms.Phi(x),
    "phi": atoms.phi(x + 1),
    "expm1": atoms.expm1(x),
    "log1p": atoms.log1p(x**2),
    "hypot": atoms.hypot(x, Integer(2)),
    "composed": x * atoms.tanh(atoms.softplus(x)) + pi * x**3,
}
each_function = pytest.mark.parametrize("expr", FUNCTIONS.values(), ids=FUNCTIONS)


def holds(ball: Ball, number: mpmath.mpf) -> bool:
    """Tell whether a ball, widened by the error of the reference, holds a number."""
    with precision(1, 256):
        reference = Ball(mpmath.nstr(number, 60), float(abs(number)) * 1e-45 + 1e-45)
        return ball.overlaps(reference)


@each_function
def test_jets_agree_with_symbolic_derivatives(expr: sympy.Expr) -> None:
    """The balls of a jet hold the derivatives that SymPy finds, in the core and far out."""
    run = program(expr, x)
    assert run is not None
    derivatives = [atoms.textbook(expr.diff(x, k)) for k in range(4)]
    mpmath.mp.dps = 60
    for point in (-21, -3, Rational(-1, 2), 0, Rational(1, 3), 2, 17):
        balls = jet(run, ball_of(sympy.sympify(point)), 3)
        assert balls is not None
        for order, (ball, derivative) in enumerate(zip(balls, derivatives, strict=True)):
            exact = mpmath.mpf(str(sympy.N(derivative.subs(x, point), 60)))

            assert holds(ball, exact), f"order {order} at {point}: {ball} misses {exact}"


@each_function
def test_wide_balls_hold_all_values(expr: sympy.Expr) -> None:
    """The ball over an interval holds the balls at every point of it."""
    run = program(expr, x)
    draw = random.Random(7)
    for low, high in ((-1.5, 2.0), (-40.0, -10.0), (3.0, 3.25)):
        wide = jet(run, Ball(low).union(Ball(high)), 2)
        for _ in range(20):
            narrow = jet(run, Ball(draw.uniform(low, high)), 2)

            # Over a wide interval a denominator may seem to vanish; then there is no claim.
            assert wide is None or all(
                not w.is_finite() or w.overlaps(n) for w, n in zip(wide, narrow, strict=True)
            )


def test_a_pole_is_no_number() -> None:
    """Over an interval with a pole there is no jet, or one whose balls are not finite."""
    run = program(1 / x, x)
    values = jet(run, Ball(0, 1), 1)

    assert values is None or not values[0].is_finite()


@pytest.mark.parametrize("number", [Integer(3), pi, -E, sqrt(2) - 1, erfc(1), exp(-40), log(2) / 7])
def test_constants_are_enclosed(number: sympy.Expr) -> None:
    """The ball of an exact constant holds its decimal expansion and gives its sign."""
    ball = ball_of(number)

    assert ball is not None
    assert holds(ball, mpmath.mpf(str(sympy.N(number, 60))))
    assert sign_of_ball(ball) == (1 if number > 0 else -1)


def test_what_is_unknown_has_no_ball() -> None:
    """Symbols, infinity and functions that are not implemented give None, not a guess."""
    unknown = sympy.Function("g")

    assert ball_of(Symbol("alpha", positive=True)) is None
    assert ball_of(sympy.oo) is None
    assert program(unknown(x), x) is None
    assert program(x ** Rational(1, 3), x) is None


def test_digits_are_certain() -> None:
    """Only as many digits are shown as the ball allows, rounded in the last one."""
    assert digits(ball_of(pi)) == sympy.Float("3.14159265358979324", 18)
    assert str(digits(Ball("0.123456789012", 1e-8))) == "0.123457"
    assert digits(Ball(0, 1)) is None


def test_precision_leaves_the_library_as_it_was() -> None:
    """Computing in balls does not change the settings of python-flint that others may rely on."""
    before = flint.ctx.prec, flint.ctx.cap
    partition(program(atoms.tanh(x) - x / 2, x), -4.0, 4.0)
    with pytest.raises(RuntimeError), precision(7, 999):
        raise RuntimeError

    assert (flint.ctx.prec, flint.ctx.cap) == before


@pytest.mark.parametrize(
    ("expr", "roots", "signs"),
    [
        (x**2 - 2, [-sqrt(2), sqrt(2)], (1, -1, 1)),
        (x**2 + 1, [], (1,)),
        (exp(x) - 2, [log(2)], (-1, 1)),
        (cos(x), [-pi / 2, pi / 2], (-1, 1, -1)),
        (x * (x - 1) * (x + 2), [-2, 0, 1], (-1, 1, -1, 1)),
    ],
)
def test_partition_finds_simple_roots(expr: sympy.Expr, roots: list, signs: tuple) -> None:
    """Every simple root is enclosed to many digits, and the signs between them are right."""
    found = partition(program(expr, x), -3.5, 4.25)

    assert found is not None
    assert found.signs == signs
    for root, expected in itertools.zip_longest(found.roots, roots):
        assert abs(root.point - expected) < 1e-17
        assert root.ball.contains(ball_of(sympy.sympify(expected)))


def test_partition_needs_to_be_told_of_multiple_roots() -> None:
    """A double root is undecided, unless the caller has proved that the function is zero there."""
    square = program(x**2 * exp(x), x)

    assert partition(square, -1.0, 1.0) is None
    assert partition(square, -1.0, 1.0, [Integer(0)]).signs == (1, 1)
    assert partition(program(x - sin(x), x), -1.0, 1.0, [Integer(0)]).signs == (-1, 1)


def test_partition_sees_roots_at_the_ends() -> None:
    """A root at an end of the interval does not spoil the sign inside."""
    run = program(x - sin(x), x)

    assert partition(run, 0.0, 2.0, [Integer(0)]).signs == (1,)
    assert partition(run, -2.0, 0.0, [Integer(0)]).signs == (-1,)


def test_partition_gives_up_instead_of_guessing() -> None:
    """Two roots that are too close to tell apart leave the signs undecided."""
    close = (x - Rational(1, 3)) ** 2 - Rational(1, 10**14)

    assert partition(program(sympy.expand(close), x), 0.0, 1.0) is None
