"""Where to look at a function: the window shows its character, whatever its parameters."""

import math

import numpy as np
import pytest
import sympy

import symacts
from symacts.windows import evaluator, parameter_map, visible_range, window, with_margin

SCALARS = [act for act in symacts.catalogue.values() if act.kind == "scalar"]
EXOTIC = [
    ("swish", {"beta": 1e3}),
    ("swish", {"beta": 1e-3}),
    ("prelu", {"alpha": -3.0}),
    ("prelu", {"alpha": 50.0}),
    ("hard_tanh", {"low": 0.0, "high": 0.0}),
    ("thresholded_relu", {"theta": 40.0}),
    ("elu", {"alpha": 1e4}),
    ("softplus", {"beta": 1e-2}),
    ("snake", {"alpha": 25.0}),
    ("soft_shrink", {"lambd": 0.0}),
]
each = pytest.mark.parametrize("act", SCALARS, ids=lambda act: act.id)


@each
def test_window_shows_every_kink(act: symacts.Activation) -> None:
    """Every point where regions meet lies inside the window, with room on both sides."""
    view = window(act)
    kinks = [float(point) for point in act.pieces().subs(parameter_map(act, {})).breaks]
    hidden = [kink for kink in kinks if not view.left + 0.4 < kink < view.right - 0.4]

    assert hidden == [], f"{act.id}: the window {view} hides or crowds kinks at {hidden}"


@each
def test_window_shows_zero_and_the_value_there(act: symacts.Activation) -> None:
    """The origin is in every picture, and so is what the function does there."""
    view = window(act)
    at_zero = float(act(0.0))

    assert view.left < 0 < view.right
    assert view.bottom < 0 < view.top
    assert view.bottom < at_zero < view.top


@each
def test_most_of_the_curve_is_inside(act: symacts.Activation) -> None:
    """At least two thirds of the function's graph over the window can be seen."""
    view = window(act, (0,))
    ys = evaluator(act)(np.linspace(view.left, view.right, 400))
    seen = np.mean((ys >= view.bottom) & (ys <= view.top))

    assert seen > 0.66, f"{act.id}: only {seen:.0%} of the curve is inside {view}"


@pytest.mark.parametrize(("name", "params"), EXOTIC, ids=str)
def test_exotic_parameters_have_a_window(name: str, params: dict[str, float]) -> None:
    """Extreme parameters give a finite window that holds the kinks."""
    act = symacts.catalogue[name]
    view = window(act, **params)
    kinks = [float(point) for point in act.pieces().subs(parameter_map(act, params)).breaks]

    assert all(map(math.isfinite, view))
    assert view.width > 0
    assert view.height > 0
    assert all(view.left < kink < view.right for kink in kinks)


def test_a_wave_is_shown_for_more_than_one_period() -> None:
    """Sine is seen for two to three periods, a faster snake in a narrower window."""
    assert 4 * np.pi < window(symacts.sine).width < 6 * np.pi
    assert window(symacts.snake, alpha=10.0).width < window(symacts.snake).width


def test_what_happens_far_away_is_found() -> None:
    """A function whose only movement is far from zero is shown as far as that."""

    @symacts.activation("Far tanh")
    def far(x):
        return sympy.tanh(x - 30)

    assert window(far).right > 31


def test_a_pole_does_not_flatten_the_rest() -> None:
    """The height of a picture with a pole is that of the ordinary values."""

    @symacts.activation("Reciprocal")
    def reciprocal(x):
        return 1 / x

    assert window(reciprocal, (0, 1)).height < 20


def test_a_large_level_is_shown_whole() -> None:
    """ELU saturating at minus ten thousand is shown down to there."""
    assert window(symacts.elu, alpha=1e4).bottom < -9e3


def test_growth_is_cut_and_levels_are_shown() -> None:
    """An exponential leaves the picture; the level that arctan approaches is within it."""
    assert window(symacts.exponential).top < math.exp(window(symacts.exponential).right)
    assert window(symacts.arctan).top > math.pi / 2


def test_span_is_taken_as_given() -> None:
    """A given span becomes the ends of the x axis."""
    view = window(symacts.gelu, (0,), (-1.5, 0.5))

    assert (view.left, view.right) == (-1.5, 0.5)


@pytest.mark.parametrize("span", [(1, 1), (2, -2), (0, math.inf), (math.nan, 1)])
def test_impossible_span_is_refused(span: tuple[float, float]) -> None:
    """A span that is no stretch of the line is refused with its value in the message."""
    with pytest.raises(symacts.ParameterError, match="span must be two finite numbers"):
        window(symacts.relu, (0,), span)


def test_unknown_parameter_is_refused() -> None:
    """A parameter that the function does not have is refused."""
    with pytest.raises(symacts.ParameterError, match="gamma"):
        window(symacts.elu, gamma=1.0)


def test_functions_without_values_have_a_range() -> None:
    """A function that is nowhere finite still gets a range, so that a picture can be drawn."""
    assert visible_range(lambda x: np.full_like(x, np.nan), -1.0, 1.0) == (0.0, 0.0)
    assert with_margin(2.0, 2.0) == (1.0, 3.0)
