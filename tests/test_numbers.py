"""The NumPy functions against 60-digit arithmetic, at the defaults and at random parameters."""

import warnings

import numpy as np
import pytest

import symacts
from tests.reference import Reference, beside, mixed_ulp

SCALARS = [act for act in symacts.catalogue.values() if act.kind == "scalar"]
# A later issue brings this to 4 for f and 8 for derivatives; nothing may be worse than this now.
MIXED_ULP = 8.0
GRID = [*np.arange(-8, 8.01, 0.375), *(s * v for s in (-1, 1) for v in (1e-20, 1e-5, 0.001))]
TAILS = [s * v for s in (-1, 1) for v in (11.3, 20.1, 37.6, 103.0, 720.0, 1e5)]
FAR = np.array([1e3, -1e3, 1e30, -1e30, 1e200, -1e200, 1e308, -1e308, np.inf, -np.inf, 0.0, -0.0])
# No limit exists there: the function or its derivative swings for ever, and NaN says so.
SWINGS = {"sine": (0, 1, 2), "snake": (1, 2)}


def parameter_sets(act: symacts.Activation) -> list[dict[str, float]]:
    """Return the defaults and one random allowed choice, the same in every run."""
    random = np.random.default_rng(sum(map(ord, act.id)))
    chosen = {}
    for p in act.params.values():
        candidates = [sign * size for size in random.uniform(0.2, 3, 4) for sign in (1, -1)]
        chosen[p.name] = next(float(c) for c in candidates if p.domain.contains(float(c)))
    return [{}, chosen] if chosen else [{}]


def evaluated(act: symacts.Activation, order: int, x: np.ndarray, params: dict[str, float]):
    """Return the member's values or derivative, with every warning an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return (act if order == 0 else act.derivative(order))(x, **params)


def kinks(act: symacts.Activation, values: dict) -> list[float]:
    """Return the break points of a scalar member at the given parameters."""
    return [float(point.subs(values)) for point in act.pieces().breaks]


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("act", SCALARS, ids=lambda act: act.id)
def test_values_agree_with_sixty_digits(act: symacts.Activation, order: int) -> None:
    """f, f' and f'' are right to a few units in the last place, tails and kinks included."""
    for params in parameter_sets(act):
        values = {p.symbol: params.get(p.name, p.default) for p in act.params.values()}
        reference = Reference(act.expr.subs(values), act.variable)
        breaks = kinks(act, values)
        points = [
            float(p)
            for p in (*GRID, *TAILS, *beside(breaks))
            if act.id == "sinc" or not any(abs(p - point) < 1e-12 for point in breaks)
        ]
        computed = evaluated(act, order, np.array(points), params)
        for x, value in zip(points, computed, strict=True):
            exact = reference(x, order)
            if abs(exact) > 1.7e308:
                assert abs(value) == np.inf
                continue
            if abs(exact) < 1e-300:  # beyond a double's normal range
                assert abs(value) < 1e-290, f"{act.id} order {order} at {x}: {value}, exact {exact}"
                continue
            error = mixed_ulp(value, x, exact, reference(x, order + 1))
            assert error <= MIXED_ULP, (
                f"{act.id}, derivative {order}, {params or 'defaults'}, x = {x!r}: {value!r} is "
                f"{error:.3g} mixed ulp from {float(exact)!r}; find the cancelling or overflowing "
                "step in act.code() and add the rule to numeric/stable.py"
            )


@pytest.mark.parametrize("act", SCALARS, ids=lambda act: act.id)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_far_inputs_are_silent_and_never_nan(act: symacts.Activation, dtype: type) -> None:
    """Far out nothing warns, and f, f' and f'' are NaN only where there is no limit."""
    with np.errstate(over="ignore"):
        x = FAR.astype(dtype)
    for params in parameter_sets(act):
        for order in range(3):
            y = evaluated(act, order, x, params)
            assert y.dtype == dtype
            allowed = np.isinf(x) if order in SWINGS.get(act.id, ()) else np.zeros(x.shape, bool)
            wrong = x[np.isnan(y) & ~allowed]
            assert wrong.size == 0, f"{act.id}, derivative {order}, {params}: NaN at {wrong}"


@pytest.mark.parametrize("act", SCALARS, ids=lambda act: act.id)
def test_nan_in_nan_out(act: symacts.Activation) -> None:
    """NaN comes out where NaN goes in, even of constant regions, and nowhere else."""
    x = np.array([np.nan, 0.5, np.nan])
    for order in range(3):
        assert np.isnan(evaluated(act, order, x, {})).tolist() == [True, False, True]


@pytest.mark.parametrize("act", SCALARS, ids=lambda act: act.id)
def test_infinities_give_the_limits(act: symacts.Activation) -> None:
    """f(-oo) and f(oo) are the limits of the plain formula, read off far out."""
    reference = Reference(act.at_defaults, act.variable)
    for order in range(3):
        if order in SWINGS.get(act.id, ()):
            continue
        for side in (-1, 1):
            value = float(evaluated(act, order, np.array([side * np.inf]), {})[0])
            near, far = (reference(side * 10.0**power, order) for power in (40, 60))
            if abs(far) > 1e9:
                assert value == np.copysign(np.inf, float(far))
            else:
                assert abs(near - far) < 1e-30
                assert value == pytest.approx(float(far), abs=1e-25, rel=1e-15)


@pytest.mark.parametrize("act", SCALARS, ids=lambda act: act.id)
def test_value_and_derivative_agree_with_the_single_calls(act: symacts.Activation) -> None:
    """One pass gives the same bits as two calls."""
    x = np.concatenate([np.linspace(-7, 7, 101), FAR])

    value, slope = act.value_and_derivative(x)

    assert np.array_equal(act(x), value, equal_nan=True)
    assert np.array_equal(act.derivative()(x), slope, equal_nan=True)


@pytest.mark.parametrize("act", [act for act in SCALARS if act.params], ids=lambda act: act.id)
def test_derivatives_by_parameters_match_finite_differences(act: symacts.Activation) -> None:
    """The derivative by a parameter is the slope of the values as the parameter moves."""
    x = np.array([-5.3, -2.1, -0.7, -0.2, 0.3, 0.8, 2.4, 6.1])
    for p in act.params.values():
        at, step = float(p.default), 1e-6
        if not p.domain.contains(at - step):
            at += 0.1
        slope = (act(x, **{p.name: at + step}) - act(x, **{p.name: at - step})) / (2 * step)

        assert act.derivative(wrt=p.name)(x, **{p.name: at}) == pytest.approx(slope, abs=2e-8)


@pytest.mark.parametrize("act", SCALARS, ids=lambda act: act.id)
def test_exported_source_gives_the_same_bits(act: symacts.Activation) -> None:
    """The stand-alone source, run on its own, returns exactly what the member returns."""
    x = np.concatenate([np.linspace(-9, 9, 181), FAR])
    for order in range(3):
        scope: dict = {}
        exec(compile(act.code("numpy", order=order), act.id, "exec"), scope)
        name = act.id + ("", "_derivative", "_second_derivative")[order]

        computed = scope[name](x)

        assert np.array_equal(evaluated(act, order, x, {}), computed, equal_nan=True)


@pytest.mark.parametrize("act", SCALARS, ids=lambda act: act.id)
def test_single_precision_is_rounded_once(act: symacts.Activation) -> None:
    """float32 results are the float64 results rounded."""
    x = np.linspace(-6, 6, 97, dtype=np.float32)

    assert np.array_equal(act(x.astype(np.float64)).astype(np.float32), act(x))
