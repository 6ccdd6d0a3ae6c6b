"""Gates of two inputs: values, partial derivatives, and a closed gate at infinity."""

import numpy as np
import pytest

import symacts
from symacts.numeric.engine import use

GATES = [act for act in symacts.catalogue.values() if act.kind == "gate"]
EXTREME = np.array([0.0, 1.0, -1.0, 1e3, -1e3, 1e30, -1e30, 1e300, -1e300, np.inf, -np.inf])


@pytest.mark.parametrize("wrt", ["a", "b"])
@pytest.mark.parametrize("act", GATES, ids=lambda act: act.id)
def test_partial_derivatives_match_finite_differences(act: symacts.Activation, wrt: str) -> None:
    """The derivative by one input is the slope of the values as it moves."""
    a, b = np.random.default_rng(3).normal(scale=2, size=(2, 40))
    step_a, step_b = (1e-6, 0) if wrt == "a" else (0, 1e-6)
    slope = (act(a + step_a, b + step_b) - act(a - step_a, b - step_b)) / 2e-6

    assert act.derivative(wrt=wrt)(a, b) == pytest.approx(slope, abs=1e-8)


@pytest.mark.parametrize("act", GATES, ids=lambda act: act.id)
def test_extreme_inputs_are_silent_and_never_nan(act: symacts.Activation) -> None:
    """Any pair of huge or infinite inputs gives a number: a closed gate lets nothing pass."""
    a, b = np.meshgrid(EXTREME, EXTREME)
    for wrt in (None, "a", "b"):
        for order in (1, 2):
            function = act if wrt is None else act.derivative(order, wrt)
            y = function(a, b)
            wrong = [
                (float(p), float(q)) for p, q in zip(a[np.isnan(y)], b[np.isnan(y)], strict=True)
            ]
            assert not wrong, f"{act.id}, derivative {order} by {wrt}: NaN at {wrong}"


@pytest.mark.parametrize("act", GATES, ids=lambda act: act.id)
def test_nan_in_nan_out(act: symacts.Activation) -> None:
    """NaN in either input comes out."""
    assert np.isnan(act([np.nan, 1.0], [1.0, np.nan])).all()


@pytest.mark.parametrize("act", GATES, ids=lambda act: act.id)
def test_inputs_broadcast(act: symacts.Activation) -> None:
    """The two inputs are broadcast together."""
    assert act(np.ones((3, 1)), np.ones((1, 4))).shape == (3, 4)


@pytest.mark.parametrize("act", GATES, ids=lambda act: act.id)
def test_exported_source_gives_the_same_bits(act: symacts.Activation) -> None:
    """The stand-alone source returns exactly what the member returns."""
    a, b = np.random.default_rng(4).normal(scale=4, size=(2, 50))
    scope: dict = {}
    exec(compile(act.code("numpy"), act.id, "exec"), scope)

    with use("base"):
        assert np.array_equal(act(a, b), scope[act.id](a, b))


def test_gates_are_products_of_members() -> None:
    """Each variant is its activation of the gate times the value."""
    a, b = np.random.default_rng(5).normal(scale=3, size=(2, 50))

    assert symacts.glu(a, b) == pytest.approx(a * symacts.sigmoid(b), rel=1e-15)
    assert symacts.reglu(a, b) == pytest.approx(symacts.relu(a) * b, rel=1e-15)
    assert symacts.geglu(a, b) == pytest.approx(symacts.gelu(a) * b, rel=1e-15)
    assert symacts.swiglu(a, b) == pytest.approx(symacts.silu(a) * b, rel=1e-15)
    assert symacts.bilinear(a, b) == pytest.approx(a * b, rel=1e-15)
