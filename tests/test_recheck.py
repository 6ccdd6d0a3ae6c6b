"""Every fact is verified a second time, and a wrong one does not pass."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sympy import (
    Eq,
    Float,
    ImageSet,
    Integer,
    Integers,
    Interval,
    Lambda,
    Piecewise,
    Rational,
    S,
    Symbol,
    Tuple,
    Union,
    exp,
    log,
    oo,
    pi,
)

import symacts
from symacts.cli import main
from symacts.recheck import CHECKABLE, CONFIRMED, NOT_CHECKED, REFUTED, Recheck, recheck

SCALARS = [act for act in symacts.catalogue.values() if act.kind == "scalar"]
HANDFUL = ("sigmoid", "relu", "gelu", "softplus", "selu", "hard_swish", "softsign", "tanh_shrink")

LEFT_OPEN = {
    ("sinc", "zeros"),  # infinitely many, and no period
    ("bent_identity", "inverse"),  # a root in a root
    ("bent_identity", "self_form"),
}
"""What is proved and cannot be verified a second time, for want of an argument."""

LEAST_CONFIRMED = 1800


def said(act_id: str, found: Recheck) -> str:
    """Return what was found as a line of a failure message."""
    return f"{act_id}.{found.name} is {found.status}: {found.argument}"


@pytest.mark.parametrize("act_id", HANDFUL)
def test_facts_are_confirmed(act_id: str) -> None:
    """Every fact of a few members of different kinds is confirmed by the second verification."""
    act = symacts.catalogue[act_id]
    found = [recheck(act, name) for name, _ in act.facts]

    assert len(found) > 35
    assert [said(act_id, one) for one in found if one.status != CONFIRMED] == []


@pytest.mark.slow
@pytest.mark.sweep
def test_no_fact_of_the_catalogue_is_refuted() -> None:
    """Nothing that is established is refuted, and what cannot be verified again is named here."""
    found = {
        (act.id, name): recheck(act, name)
        for act in SCALARS
        for name, _ in act.facts
        if name in CHECKABLE
    }
    refuted = [said(key[0], one) for key, one in found.items() if one.status == REFUTED]
    open_ones = {key for key, one in found.items() if one.status == NOT_CHECKED}

    assert refuted == [], "A fact or its re-check is wrong; this is worth everything else."
    assert open_ones - LEFT_OPEN == set(), "These facts lost their second verification."
    assert LEFT_OPEN - open_ones == set(), "Good news: these are verified now; delete them."
    assert len(found) - len(open_ones) >= LEAST_CONFIRMED


def test_every_scalar_fact_can_be_checked() -> None:
    """There is a re-check for every kind of fact about functions of one number."""
    from symacts.facts import SCALAR_NAMES

    assert set(SCALAR_NAMES) == CHECKABLE


# -- planted mistakes ------------------------------------------------------------------------------

x, f, k = Symbol("x", real=True), Symbol("f", real=True), Symbol("k")
TINY = Rational(1, 10**9)

Change = Callable[[Any], Any]


def off(relative: Rational) -> Change:
    """Return the change of a number by a part of itself; digits keep their places."""

    def change(value: Any) -> Any:
        moved = value * (1 + relative)
        return Float(str(moved.evalf(25))[:18]) if value.has(Float) else moved

    return change


in_6th_digit, in_7th_digit = off(Rational(1, 10**6)), off(Rational(1, 10**7))


def at(place: int, change: Change) -> Change:
    """Return a change of one item of a tuple."""
    return lambda value: tuple(change(v) if n == place else v for n, v in enumerate(value))


def end_of(place: int, side: int, change: Change) -> Change:
    """Return a change of one end of one of several intervals with words."""

    def moved(value: Any) -> Any:
        found = []
        for n, (interval, word) in enumerate(value):
            low, high = interval.start, interval.end
            if n == place:
                low, high = (change(low), high) if side < 0 else (low, change(high))
            found.append((Interval(low, high, interval.left_open, interval.right_open), word))
        return tuple(found)

    return moved


def kink(**changes: Any) -> Change:
    """Return a change of the first kink."""
    return lambda value: (replace(value[0], **changes), *value[1:])


def become(value: Any) -> Change:
    """Return the change to another value."""
    return lambda _: value


def negated(value: Any) -> bool:
    """Return the opposite answer."""
    return not value


DROP_LAST: Change = lambda value: value[:-1]  # noqa: E731  it stands in a table
LOG = log(exp(x) + 1)

PLANTED: tuple[tuple[str, str, Change], ...] = (
    ("gelu", "domain", become(Interval.open(0, oo))),
    ("gelu", "range", lambda v: Interval.open(v.start, oo)),
    ("gelu", "range", lambda v: Interval(in_6th_digit(v.start), oo)),
    ("sigmoid", "range", become(Interval(0, 1))),
    ("relu6", "range", become(Interval.Ropen(0, 6))),
    ("thresholded_relu", "range", become(Union(Interval(1, oo), {0}))),
    ("sigmoid", "left_limit", become(TINY)),
    ("mish", "left_limit", become(-oo)),
    ("sine", "left_limit", become(S.Zero)),
    ("selu", "left_limit", in_7th_digit),
    ("tanh", "right_limit", become(1 - TINY)),
    ("silu", "right_limit", become("oscillates")),
    ("squareplus", "left_asymptote", become("none")),
    ("squareplus", "left_asymptote", become(TINY)),
    ("softplus", "right_asymptote", become(x + TINY)),
    ("exponential", "right_asymptote", become(x)),
    ("gelu", "zeros", become(())),
    ("softplus", "zeros", become((S(-40),))),
    ("tanh_shrink", "zeros", become((S.Zero, Rational(1, 1000)))),
    ("hard_swish", "zeros", DROP_LAST),
    ("relu", "zeros", become((Interval.open(-oo, 0),))),
    ("sine", "zeros", become((ImageSet(Lambda(k, 2 * pi * k), Integers),))),
    ("erf", "fixed_points", DROP_LAST),
    ("selu", "fixed_points", at(0, in_7th_digit)),
    ("sigmoid", "fixed_points", at(0, in_6th_digit)),
    ("mish", "inflections", DROP_LAST),
    ("silu", "inflections", at(0, in_6th_digit)),
    ("softplus", "inflections", become((S.Zero,))),
    ("relu", "kinks", become(())),
    ("relu", "kinks", kink(taken=S.One)),
    ("selu", "kinks", lambda v: kink(left=in_7th_digit(v[0].left))(v)),
    ("thresholded_relu", "kinks", kink(jump=S.Zero)),
    ("gelu", "minimum", at(1, in_6th_digit)),
    ("gelu", "minimum", at(0, in_6th_digit)),
    ("sigmoid", "minimum", become((S(-100), S.Zero))),
    ("hard_swish", "minimum", become((S.Zero, S.Zero))),
    ("sinc", "minimum", at(1, in_7th_digit)),
    ("sine", "minimum", become((pi / 2, S.NegativeOne))),
    ("gaussian", "maximum", become((S.Zero, 1 + TINY))),
    ("gaussian", "maximum", become(S.One)),
    ("tanh", "maximum", become((S(40), S.One))),
    ("gelu", "monotonicity", become("increasing")),
    ("relu", "monotonicity", become("increasing")),
    ("snake", "monotonicity", become("nondecreasing")),
    ("gelu", "monotone_on", end_of(0, 1, in_6th_digit)),
    ("relu", "monotone_on", end_of(0, 1, become(TINY))),
    ("binary_step", "monotone_on", become(((S.Reals, "constant"),))),
    ("softplus", "convexity", become("concave")),
    ("tanh_shrink", "convexity", become("convex")),
    ("mish", "convex_on", end_of(1, 1, in_6th_digit)),
    ("hard_swish", "convex_on", end_of(0, -1, become(-oo))),
    ("gelu", "parity", become("odd")),
    ("tanh", "parity", become("even")),
    ("softsign", "parity", become("neither")),
    ("sigmoid", "symmetry", become(Tuple(S.Zero, S.Half + TINY))),
    ("tanh", "symmetry", become("none")),
    ("gelu", "symmetry", become(Eq(x, 0))),
    ("relu6", "symmetry", become("none")),
    ("softsign", "smoothness", become(Integer(2))),
    ("hard_swish", "smoothness", become(Integer(1))),
    ("squared_relu", "smoothness", become(Integer(0))),
    ("gelu", "smoothness", become(Integer(5))),
    ("elu", "smoothness", become(oo)),
    ("softsign", "analytic", become(value=True)),
    ("gelu", "lipschitz", off(Rational(-1, 1000))),
    ("gelu", "lipschitz", off(Rational(1, 1000))),
    ("mish", "lipschitz", in_7th_digit),
    ("relu", "lipschitz", become(oo)),
    ("binary_step", "lipschitz", become(S.Zero)),
    ("tanh", "curvature_bound", off(Rational(-1, 1000))),
    ("tanh", "curvature_bound", off(Rational(1, 1000))),
    ("relu", "curvature_bound", become(S.Zero)),
    ("sigmoid", "saturation", at(1, in_7th_digit)),
    ("tanh", "saturation", at(0, become(None))),
    ("relu", "saturation", at(0, become(S.NegativeOne))),
    ("softsign", "saturation", at(0, in_7th_digit)),
    ("mish", "value_at_zero", become(TINY)),
    ("mish", "slope_at_zero", become(Rational(3, 5) + TINY)),
    ("gelu", "series_at_zero", lambda v: v + TINY * x**3),
    ("sigmoid", "series_at_zero", lambda v: v + x**3 / 24),
    ("gelu", "antiderivative", lambda v: v + TINY * x),
    ("softsign", "antiderivative", lambda v: v + Piecewise((1, v.args[0][1]), (0, True))),
    ("softplus", "inverse", become(LOG)),
    ("prelu", "inverse", become(Piecewise((4 * x, x <= 0), (2 * x, True)))),
    ("sigmoid", "self_form", become(f * (1 + f))),
    ("tanh", "self_form", become(1 - f)),
    ("gelu", "mean", in_7th_digit),
    ("relu", "mean", in_7th_digit),
    ("gelu", "second_moment", in_7th_digit),
    ("gelu", "slope_second_moment", in_7th_digit),
    ("selu", "gain", off(Rational(-1, 10**7))),
    ("softsign", "variance_slope", in_7th_digit),
    *(
        (act_id, name, negated)
        for act_id, names in (
            ("gelu", ("homogeneous", "piecewise_linear", "bounded", "bounded_above", "analytic")),
            ("relu", ("homogeneous", "piecewise_linear", "bounded_below", "nonnegative")),
            ("softsign", ("bounded", "continuous", "differentiable", "zero_centred")),
            ("sign", ("continuous", "differentiable", "dies_left", "saturates_right")),
            ("selu", ("saturates_left", "dies_left", "dies_right", "bounded_below")),
            ("softplus", ("nonnegative", "zero_centred", "saturates_left", "saturates_right")),
        )
        for name in names
    ),
)


@pytest.mark.parametrize(
    ("act_id", "name", "change"),
    PLANTED,
    ids=[f"{act_id}-{name}-{n}" for n, (act_id, name, _) in enumerate(PLANTED)],
)
def test_a_planted_mistake_is_refuted(act_id: str, name: str, change: Change) -> None:
    """A true fact passes, and the same fact with a plausible mistake in it is refuted."""
    act = symacts.catalogue[act_id]
    truth = getattr(act.facts, name).value
    wrong = change(truth)
    found = recheck(act, name, wrong)

    assert wrong != truth, "This plants nothing."
    assert found.status == REFUTED, f"The claim {wrong} passed. {said(act_id, found)}"


def test_every_kind_has_a_planted_mistake() -> None:
    """For every kind of fact that can be checked there is a mistake that is caught."""
    assert CHECKABLE - {name for _, name, _ in PLANTED} == set(), "Plant a wrong fact of each kind."


# -- the command -----------------------------------------------------------------------------------


def test_the_command_lists_what_is_confirmed(capsys: pytest.CaptureFixture[str]) -> None:
    """`facts NAME --check` names every fact with its status, and counts them."""
    code = main(["facts", "relu", "--check"])
    out, err = capsys.readouterr()
    count = len(list(symacts.relu.facts))

    assert (code, err) == (0, "")
    assert out.count("\n  confirmed    ") == count
    assert out.endswith(f"{count} confirmed, 0 refuted, 0 not checked\n")


def test_the_command_shows_the_evidence(capsys: pytest.CaptureFixture[str]) -> None:
    """`facts NAME --explain FACT --check` shows boxes, a bracket of the root, and the tails."""
    code = main(["facts", "gelu", "--explain", "minimum", "--check"])
    out = " ".join(capsys.readouterr().out.split())

    assert code == 0
    assert "Because: " in out
    assert "boxes; closest to zero" in out
    assert "in [-0.75179152469356" in out
    assert "for x <= -4: " in out


def test_the_command_fails_on_a_wrong_fact(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If a fact is refuted the command says so and exits with 1."""
    wrong = replace(symacts.relu.facts.maximum, value=Integer(7))
    monkeypatch.setitem(symacts.relu.facts.__dict__, "maximum", wrong)

    assert main(["facts", "relu", "--check"]) == 1
    assert "refuted      maximum" in capsys.readouterr().out
    assert main(["facts", "relu", "--explain", "maximum", "--check"]) == 1
