"""Lines and dots: true to the function, broken at jumps, with as few points as the eye needs."""

import itertools

import numpy as np
import pytest

import symacts
from symacts.curves import asymptotes, curve, outputs, thinned, trace
from symacts.windows import Window, evaluator, window

SCALARS = [act for act in symacts.catalogue.values() if act.kind == "scalar"]
VECTORS = [act for act in symacts.catalogue.values() if act.kind == "vector"]
each = pytest.mark.parametrize("act", SCALARS, ids=lambda act: act.id)
each_order = pytest.mark.parametrize("order", [0, 1, 2])


@each_order
@each
def test_lines_follow_the_function(act: symacts.Activation, order: int) -> None:
    """Between its points the line stays within half a percent of the window's height."""
    view = window(act, (order,))
    function = evaluator(act, order)
    for xs, ys in curve(act, order, view).runs:
        # Not at the ends, where a jump may begin.
        between = np.linspace(xs[0], xs[-1], 301)[1:-1]
        worst = np.abs(np.interp(between, xs, ys) - function(between)).max()

        assert worst < 0.005 * view.height, f"{act.id}, order {order}: off by {worst}"


@each_order
@each
def test_lines_stay_inside_and_are_short(act: symacts.Activation, order: int) -> None:
    """Every point is inside the window, from left to right, and there are at most 200."""
    view = window(act, (order,))
    runs = curve(act, order, view).runs
    for xs, ys in runs:
        assert (np.diff(xs) > 0).all()
        assert view.left <= xs[0]
        assert xs[-1] <= view.right
        assert ys.min() >= view.bottom
        assert ys.max() <= view.top

    assert sum(len(xs) for xs, _ in runs) <= 200


@each_order
@each
def test_jumps_are_not_joined(act: symacts.Activation, order: int) -> None:
    """No line runs through a point where an open dot says that the value jumps."""
    view = window(act, (order,))
    drawn = curve(act, order, view)
    for (at, _), (xs, _) in itertools.product(drawn.open_dots, drawn.runs):
        assert not xs[0] < at < xs[-1], f"{act.id}, order {order}: a line crosses the jump at {at}"


@each_order
@each
def test_filled_dots_are_the_values_taken(act: symacts.Activation, order: int) -> None:
    """A filled dot stands where the numeric function puts it; an open one does not."""
    drawn = curve(act, order, window(act, (order,)))
    function = evaluator(act, order)
    for x, y in drawn.filled_dots:
        assert function(np.array([x]))[0] == pytest.approx(y, abs=1e-6)
    for x, y in drawn.open_dots:
        assert function(np.array([x]))[0] != pytest.approx(y, abs=1e-6)


def test_relu_slope() -> None:
    """ReLU's slope is two lines, a filled dot at (0, 0) and an open one at (0, 1)."""
    drawn = curve(symacts.relu, 1, Window(-2, 2, -1, 2))

    assert [(xs[0], xs[-1]) for xs, _ in drawn.runs] == [(-2, 0), (0, 2)]
    assert drawn.filled_dots == ((0.0, 0.0),)
    assert drawn.open_dots == ((0.0, 1.0),)


def test_sign_is_a_point_between_two_lines() -> None:
    """The sign function has its own value at zero and two limits that are not taken."""
    drawn = curve(symacts.sign, 0, Window(-2, 2, -2, 2))

    assert drawn.filled_dots == ((0.0, 0.0),)
    assert sorted(y for _, y in drawn.open_dots) == [-1, 1]


def test_a_filled_gap_is_no_jump() -> None:
    """Sinc is stated separately at zero and still one line without dots."""
    drawn = curve(symacts.sinc, 0, window(symacts.sinc))

    assert len(drawn.runs) == 1
    assert drawn.filled_dots == drawn.open_dots == ()


def test_kinks_are_sharp() -> None:
    """A kink is itself a point of the line, even between two grid points."""
    view = window(symacts.thresholded_relu, theta=0.3337)
    lines = curve(symacts.soft_shrink, 0, view, lambd=0.3337).runs

    assert any(np.isclose(xs, 0.3337, atol=0).any() for xs, _ in lines)


def test_steep_functions_are_resolved() -> None:
    """The bump of a thousand times steeper Swish is not lost between two points."""
    view = window(symacts.swish, (0, 1), beta=1e3)
    highest = max(ys.max() for _, ys in curve(symacts.swish, 1, view, beta=1e3).runs)

    assert highest == pytest.approx(1.0998, abs=2e-3)


def test_unannounced_jumps_are_found() -> None:
    """A plain function that jumps is broken there although nobody said where."""
    runs = trace(np.floor, Window(-1.5, 1.5, -3, 3)).runs

    assert len(runs) == 4
    assert all(np.ptp(ys) == 0 for _, ys in runs)


def test_lines_are_cut_at_the_edge() -> None:
    """What leaves the window ends exactly on its edge."""
    ((xs, ys),) = trace(lambda x: x**3, Window(-2, 2, -1, 1)).runs

    assert (ys[0], ys[-1]) == (-1, 1)
    assert (xs[0], xs[-1]) == pytest.approx((-1, 1), abs=0.01)


def test_infinite_values_leave_a_gap() -> None:
    """A pole is a gap between two lines."""
    with np.errstate(divide="ignore"):
        runs = trace(lambda x: 1 / np.abs(x), Window(-1, 1, 0, 5)).runs

    assert [np.sign(xs.mean()) for xs, _ in runs] == [-1, 1]


def test_thinning_keeps_corners_and_closed_lines() -> None:
    """Points on a straight line go, corners stay, and a closed line does not collapse."""
    square = Window(0, 4, 0, 4)
    xs = np.array([0.0, 1, 2, 3, 4, 4, 4, 0, 0])
    ys = np.array([0.0, 0, 0, 0, 0, 2, 4, 4, 0])

    assert [*zip(*thinned(xs, ys, square), strict=True)] == [(0, 0), (4, 0), (4, 4), (0, 4), (0, 0)]


def test_asymptotes_are_those_one_can_see() -> None:
    """Tanh shows both; ReLU, which is its own asymptotes, none; nor does the x axis count."""
    heights = [ys[0] for _, ys in asymptotes(symacts.tanh, window(symacts.tanh))]

    assert heights == [-1, 1]
    assert [*asymptotes(symacts.relu, window(symacts.relu))] == []
    assert [*asymptotes(symacts.gaussian, window(symacts.gaussian))] == []


def test_asymptotes_follow_the_parameters() -> None:
    """ELU's left asymptote lies at minus alpha."""
    view = window(symacts.elu, alpha=2.0)
    heights = {round(float(ys[0]), 6) for _, ys in asymptotes(symacts.elu, view, alpha=2.0)}

    assert heights == {-2.0}


@pytest.mark.parametrize("act", VECTORS, ids=lambda act: act.id)
def test_outputs_are_the_member_with_one_score_moved(act: symacts.Activation) -> None:
    """Each output, as a function of the first score, is the member's own output."""
    moved = np.array([0.7, 2.0, 5.0])
    values = np.atleast_1d(act(moved))
    slopes = np.atleast_2d(act.jacobian(moved))[:, 0]

    got = [f(moved[:1])[0] for f in outputs(act, (0.0, 2.0, 5.0))]
    got_slopes = [f(moved[:1])[0] for f in outputs(act, (0.0, 2.0, 5.0), order=1)]

    assert got == pytest.approx(values)
    assert got_slopes == pytest.approx(slopes)
