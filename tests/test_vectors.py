"""Functions of a whole vector: values, Jacobians and the products with them."""

import mpmath
import numpy as np
import pytest
import sympy
from sympy import Sum, sqrt

import symacts
from symacts.symbols import Vector, i, j, n

VECTORS = [act for act in symacts.catalogue.values() if act.kind == "vector"]
KEEPING = [act for act in VECTORS if act.id != "maxout"]


def test_softmax_of_the_worked_example() -> None:
    """softmax([0.4, 2, 5]) is what 50 digits say."""
    scores = [0.4, 2.0, 5.0]
    with mpmath.workdps(50):
        total = sum(mpmath.exp(s) for s in scores)
        exact = [float(mpmath.exp(s) / total) for s in scores]

    assert symacts.softmax(scores) == pytest.approx(exact, rel=4e-16)


def test_log_softmax_keeps_the_digits_of_a_dominating_score() -> None:
    """The logarithm of a probability next to one is minus the small rest, not zero."""
    assert symacts.log_softmax([0.0, 50.0])[1] == pytest.approx(-np.exp(-50.0), rel=1e-15)


@pytest.mark.parametrize("act", VECTORS, ids=lambda act: act.id)
def test_jacobian_matches_finite_differences(act: symacts.Activation) -> None:
    """Column j of the Jacobian is how the output moves with input j."""
    x = np.random.default_rng(7).normal(size=(3, 5))
    step = 1e-6
    columns = []
    for k in range(5):
        move = step * np.eye(5)[k]
        columns.append((act(x + move) - act(x - move)) / (2 * step))

    assert act.jacobian(x) == pytest.approx(np.stack(columns, axis=-1), abs=1e-8)


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("act", VECTORS, ids=lambda act: act.id)
def test_products_agree_with_the_jacobian(act: symacts.Activation, axis: int) -> None:
    """jvp and vjp are what multiplying by the Jacobian gives, along any axis."""
    random = np.random.default_rng(8)
    x, tangent = random.normal(size=(2, 3, 4, 5))
    cotangent = random.normal(size=act(x, axis=axis).shape)
    jacobian = act.jacobian(x, axis=axis)
    along = np.moveaxis(tangent, axis, -1)

    forward = (
        (jacobian @ along[..., None])[..., 0] if act in KEEPING else (jacobian * along).sum(-1)
    )
    back = np.moveaxis(cotangent, axis, -1) if act in KEEPING else cotangent
    backward = (
        np.einsum("...ij,...i->...j", jacobian, back)
        if act in KEEPING
        else jacobian * back[..., None]
    )
    forward = np.moveaxis(forward, -1, axis) if act in KEEPING else forward

    assert act.jvp(x, tangent, axis=axis) == pytest.approx(forward, abs=1e-14)
    assert act.vjp(x, cotangent, axis=axis) == pytest.approx(
        np.moveaxis(backward, -1, axis), abs=1e-14
    )


@pytest.mark.parametrize(
    "scores",
    [[1e3, -1e3, 0], [1e308, -1e308, 0], [np.inf, 0, -np.inf], [np.inf, np.inf], [-np.inf] * 2],
)
@pytest.mark.parametrize("act", VECTORS, ids=lambda act: act.id)
def test_extreme_scores_are_silent_and_never_nan(
    act: symacts.Activation, scores: list[float]
) -> None:
    """Huge, infinite and tied infinite scores give a number, in the values and in the Jacobian."""
    assert not np.isnan(act(scores)).any()
    assert not np.isnan(act.jacobian(scores)).any()


@pytest.mark.parametrize("name", ["softmax", "softmin", "sparsemax"])
def test_probabilities_sum_to_one(name: str) -> None:
    """The outputs are not negative and sum to one along the axis."""
    p = symacts.find(name)(np.random.default_rng(9).normal(scale=5, size=(4, 6, 3)), axis=1)

    assert (p >= 0).all()
    assert p.sum(axis=1) == pytest.approx(np.ones((4, 3)), abs=1e-15)


def test_sparsemax_is_the_nearest_point_of_the_simplex() -> None:
    """No other probability vector on a fine grid is nearer to the scores."""
    scores = np.array([0.6, 0.3, -0.5])
    p = symacts.sparsemax(scores)
    first, second = np.meshgrid(np.linspace(0, 1, 201), np.linspace(0, 1, 201))
    inside = first + second <= 1
    rivals = np.stack([first, second, 1 - first - second], axis=-1)[inside]

    assert ((p - scores) ** 2).sum() <= ((rivals - scores) ** 2).sum(axis=-1).min() + 1e-12


def test_axis_out_of_range_is_numpys_error() -> None:
    """A wrong axis raises what NumPy raises."""
    with pytest.raises(np.exceptions.AxisError, match="axis 2 is out of bounds"):
        symacts.softmax([1.0, 2.0], axis=2)


def test_an_empty_axis_is_refused() -> None:
    """There is no softmax of no scores."""
    with pytest.raises(ValueError, match="at least one entry"):
        symacts.softmax(np.empty((2, 0)))


def test_vectors_have_no_scalar_derivative() -> None:
    """Asking a vector function for a derivative points to the Jacobian."""
    with pytest.raises(symacts.SymactsError, match="jacobian"):
        symacts.softmax.derivative()


@pytest.mark.parametrize("act", VECTORS, ids=lambda act: act.id)
def test_exported_source_gives_the_same_bits(act: symacts.Activation) -> None:
    """The stand-alone source returns exactly what the member returns."""
    x = np.random.default_rng(10).normal(scale=3, size=(4, 5))
    scope: dict = {}
    exec(compile(act.code("numpy"), act.id, "exec"), scope)

    assert np.array_equal(act(x), scope[act.id](x))


@symacts.activation("Scaled")
def scaled(x: Vector):
    """Divide the entries by their length, and take off their mean."""
    return x[i] / sqrt(Sum(x[j] ** 2, (j, 1, n))) - Sum(x[j], (j, 1, n)) / n


@symacts.activation("Alone")
def alone(x: Vector):
    """Squeeze each entry for itself."""
    return sympy.tanh(x[i])


@pytest.mark.parametrize("act", [scaled, alone], ids=lambda act: act.id)
def test_sums_and_entries_of_ones_own_are_differentiated(act: symacts.Activation) -> None:
    """A plain sum over the entries, or no reduction at all, has a right Jacobian too."""
    test_jacobian_matches_finite_differences(act)
    assert act.jvp(np.arange(3.0), np.ones(3)).shape == (3,)
    assert act.latex()


def test_other_sums_are_refused() -> None:
    """A sum that does not run over the entries is an error that says what would."""

    @symacts.activation("Half")
    def half(x: Vector):
        """Add up half of the entries."""
        return x[i] / Sum(x[j], (j, 1, n - 1))

    with pytest.raises(symacts.DefinitionError, match="not a sum over j from 1 to n"):
        half([1.0, 2.0])


@pytest.mark.parametrize("act", VECTORS, ids=lambda act: act.id)
def test_nan_in_nan_out(act: symacts.Activation) -> None:
    """A score that is not a number leaves no number in the result."""
    assert np.isnan(act([1.0, np.nan, 2.0])).all()


def test_out_must_have_the_shape_of_the_result() -> None:
    """A result is never broadcast into a larger array."""
    with pytest.raises(ValueError, match=r"out has the shape \(3,\), the result \(\)"):
        symacts.maxout([1.0, 2.0, 4.0], out=np.zeros(3))
