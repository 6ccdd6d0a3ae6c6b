"""The numbers of both engines against exact arithmetic, and what is true of them everywhere."""

import warnings
from itertools import product

import numpy as np
import pytest
import sympy

import symacts
from benchmarks.accuracy import halves, measure
from benchmarks.accuracy.measuring import subject
from benchmarks.accuracy.scalars import Scalar
from benchmarks.accuracy.worst import WorstPoints, worst_points
from symacts.numeric.engine import use
from tests.reference import Reference

X = sympy.Symbol("x", real=True)
SCALARS = [act for act in symacts.catalogue.values() if act.kind == "scalar"]
OTHERS = [act for act in symacts.catalogue.values() if act.kind != "scalar"]
WORST = worst_points()
POINTS = 800  # `python -m benchmarks.accuracy` takes 20,000 and any seed
UNSEEN = [
    X * sympy.tanh(sympy.exp(X)),
    X * sympy.erf(sympy.log(1 + sympy.exp(X))),
    sympy.log(1 + X**2) * sympy.sign(X),
    sympy.exp(-(X**2)) * sympy.cos(5 * X),
    sympy.sqrt(X**2 + 1) - 1,
    X / (1 + sympy.exp(-X) + sympy.exp(-2 * X)),
    X * sympy.log(1 + sympy.tanh(sympy.exp(X))),
    X * sympy.tanh(sympy.log(1 + 1 / (1 + sympy.exp(-X)))),
    sympy.atan(X) * sympy.exp(-sympy.Abs(X)),
    sympy.log(sympy.cosh(X)),
    X**2 / sympy.sqrt(X**2 + 1),
    sympy.exp(-sympy.exp(-X)),
    X * sympy.exp(X) / (1 + sympy.exp(X)) ** 2,
    sympy.cos(X) - X,
    (1 - sympy.exp(-X)) / (1 + sympy.exp(-X)),
]
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


@pytest.fixture(params=["base", "fast"])
def engine(request):
    """Compute with each engine in turn."""
    if request.param == "fast":
        pytest.importorskip("llvmlite", reason="the fast engine needs llvmlite")
    with use(request.param):
        yield request.param


@pytest.mark.parametrize("act", SCALARS, ids=lambda act: act.id)
def test_values_agree_with_exact_arithmetic(act: symacts.Activation, engine: str) -> None:
    """f, f' and f'' keep the bounds at hard points, at the defaults and at random parameters."""
    for params in parameter_sets(act):
        scalar = Scalar(act, params, POINTS, seed=3)
        for order, dtype in product(range(3), ("float64", "float32")):
            report = scalar.report(str(order), dtype)
            assert not report.failures, (
                f"{act.id}, derivative {order}, {dtype}, {params or 'defaults'}, {engine} engine: "
                f"{report.failures}; find the cancelling or overflowing step in act.code() and add "
                "the rule to numeric/stable.py or numeric/products.py"
            )


@pytest.mark.parametrize("kept", WORST, ids=lambda kept: f"{kept.name}-{kept.order}-{kept.dtype}")
def test_the_worst_points_ever_found_are_right(kept: WorstPoints, engine: str) -> None:
    """Where an error was once largest the bounds are kept."""
    report = measure(symacts.catalogue[kept.name], kept.order, kept.dtype, kept.points, kept.params)

    assert not report.failures, f"with the {engine} engine: {report.failures}"


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("act", OTHERS, ids=lambda act: act.id)
def test_gates_and_vectors_keep_the_bounds(act: symacts.Activation) -> None:
    """Gates with their partial derivatives, vector members with their Jacobians."""
    for params in parameter_sets(act):
        judged = subject(act, params, 1500 if act.kind == "gate" else 300, seed=3)
        for label, dtype in product(judged.labels((0, 1)), ("float64", "float32")):
            report = judged.report(label, dtype)
            assert not report.failures, f"{act.id} {label} {dtype} {params}: {report.failures}"


@pytest.mark.parametrize("act", SCALARS, ids=lambda act: act.id)
def test_halves_are_rounded_correctly(act: symacts.Activation, engine: str) -> None:
    """Every seventh of the 65,536 numbers of float16 and bfloat16 gives the nearest number."""
    for half in halves.measure(act, range(3), step=7):
        assert half.wrong == 0, f"{half.line()} with the {engine} engine"


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("formula", UNSEEN, ids=str)
def test_formulas_nobody_has_tuned_for_keep_the_bounds(formula: sympy.Expr) -> None:
    """A function of one's own is as right as a member, its derivatives too."""

    @symacts.activation("Unseen")
    def unseen(x):
        """Try a formula."""
        return formula.subs(X, x)

    scalar = Scalar(unseen, {}, POINTS, seed=3)
    for order in range(3):
        report = scalar.report(str(order), "float64")
        assert not report.failures, f"derivative {order}: {report.failures}"


@pytest.mark.usefixtures("engine")
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


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("act", SCALARS, ids=lambda act: act.id)
def test_nan_in_nan_out(act: symacts.Activation) -> None:
    """NaN comes out where NaN goes in, even of constant regions, and nowhere else."""
    x = np.array([np.nan, 0.5, np.nan])
    for order in range(3):
        assert np.isnan(evaluated(act, order, x, {})).tolist() == [True, False, True]


@pytest.mark.usefixtures("engine")
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

    with use("base"):
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
def test_half_precision_is_rounded_once(act: symacts.Activation) -> None:
    """With NumPy alone float16 results are the float64 results rounded."""
    x = np.linspace(-6, 6, 97, dtype=np.float16)

    with use("base"):
        assert np.array_equal(act(x.astype(np.float64)).astype(np.float16), act(x))


@pytest.mark.parametrize("act", SCALARS, ids=lambda act: act.id)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_numbers_arrays_and_blocks_give_the_same_bits(
    act: symacts.Activation, dtype: type[np.floating]
) -> None:
    """A number, a small array, a large one and a strided one take different ways to one result."""
    with np.errstate(over="ignore"):
        points = np.concatenate([np.linspace(-7, 7, 101), FAR[:-1]]).astype(dtype)
    large = np.resize(points, 3 * 8192 + 5)
    with use("base"):
        for call in (act, act.derivative(), act.derivative(2)):
            one_by_one = np.array([call(dtype(x)) for x in points])

            assert one_by_one.dtype == dtype

            assert np.array_equal(call(points), one_by_one, equal_nan=True)
            assert np.array_equal(call(large), np.resize(one_by_one, large.size), equal_nan=True)
            assert np.array_equal(call(large[::-3]), call(large)[::-3], equal_nan=True)
