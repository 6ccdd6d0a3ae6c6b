"""What accuracy is judged by: exact values against mpmath, the points, and the judge itself."""

import json
import math
from pathlib import Path

import mpmath
import numpy as np
import pytest
import sympy

import symacts
from benchmarks.accuracy import measure, storing
from benchmarks.accuracy.exhaustive import sweep
from benchmarks.accuracy.halves import correctly_rounded
from benchmarks.accuracy.judge import errors_of, spacing_of
from benchmarks.accuracy.points import draw_points, find_zeros
from benchmarks.accuracy.reference import Exact, Reference
from benchmarks.accuracy.report import bound_of
from benchmarks.accuracy.scalars import Scalar
from benchmarks.accuracy.vectors import exact_of
from benchmarks.accuracy.worst import remember, worst_points
from tests.reference import Reference as Mpmath

SCALARS = [act for act in symacts.catalogue.values() if act.kind == "scalar"]
POINTS = np.array([-37.2, -8.3, -2.4, -0.61, -1e-3, 2e-9, 0.37, 0.9, 2.2, 6.5, 11.3, 20.7])


@pytest.mark.parametrize("act", SCALARS, ids=lambda act: act.id)
def test_exact_values_agree_with_mpmath(act: symacts.Activation) -> None:
    """Taylor series in balls give the value and derivatives that mpmath finds by differences."""
    params = {name: 1.25 * float(p.default) for name, p in act.params.items()}
    exact = Reference(act, params).at(POINTS)
    values = {p.symbol: sympy.Rational(params[name]) for name, p in act.params.items()}
    peer = Mpmath(act.expr.subs(values), act.variable)
    for place, x in enumerate(POINTS):
        for order in range(3):
            near, rest = exact.near[order, place], exact.rest[order, place]
            with mpmath.workdps(60):
                ours = mpmath.mpf(near) + mpmath.mpf(rest) * mpmath.mpf(math.ulp(near))
                gap = abs(ours - peer(x, order))
                assert gap <= mpmath.mpf(math.ulp(near)) * mpmath.mpf(2) ** -45, (
                    f"{act.id}, derivative {order}, {params or 'defaults'}, x = {x}: the reference "
                    f"has {mpmath.nstr(ours, 25)}, mpmath {mpmath.nstr(peer(x, order), 25)}"
                )


def test_a_kink_has_the_value_taken_and_the_slopes_of_its_owner() -> None:
    """On a break the formula decides the value, and the side that it belongs to the slopes."""
    at_zero = {
        "elu": Reference(symacts.elu, {"alpha": 2.0}),
        "abs": Reference(symacts.find("abs")),
        "sinc": Reference(symacts.sinc),
    }
    found = {name: one.at(np.zeros(1)).near[:3, 0] for name, one in at_zero.items()}

    assert found["elu"].tolist() == [0.0, 2.0, 2.0]
    assert found["abs"][0] == 0
    assert np.isnan(found["abs"][1])
    assert found["sinc"].tolist() == [1.0, 0.0, -1 / 3]


@pytest.mark.parametrize(
    ("name", "order", "left", "right"),
    [
        ("gelu", 0, 0.0, math.inf),
        ("gelu", 1, 0.0, 1.0),
        ("softsign", 0, -1.0, 1.0),
        ("arctan", 0, -math.pi / 2, math.pi / 2),
        ("tanh_shrink", 0, -math.inf, math.inf),
        ("sine", 0, math.nan, math.nan),
        ("snake", 1, math.nan, math.nan),
    ],
)
def test_limits_are_read_off_far_out(name: str, order: int, left: float, right: float) -> None:
    """The limits at both ends are exact, and NaN where a function swings for ever."""
    reference = Reference(symacts.find(name))

    found = [reference.limit(end, order) for end in (-math.inf, math.inf)]

    assert found == pytest.approx([left, right], nan_ok=True, abs=0, rel=0)


def test_values_out_of_range_are_known() -> None:
    """Beyond the largest double a value is infinite, below the least one it is zero."""
    exponential = Reference(symacts.exponential).at(
        np.array([709.0, 709.79, 1e300, -745.2, -1e300])
    )
    assert exponential.near[0].tolist() == [math.exp(709), math.inf, math.inf, 0.0, 0.0]
    assert exponential.rest[0, 1] > 0


def test_the_judge_counts_ulps() -> None:
    """Results that are n neighbours away are n ulps off, in both precisions and at both ends."""
    for dtype in (np.float64, np.float32):
        info = np.finfo(dtype)
        near = np.array([1.5, float(info.max), float(info.smallest_subnormal) * 5, 0.0])
        exact = Exact(np.stack([near, np.zeros(4)]), np.zeros((2, 4)))
        x = np.ones(4, dtype)
        moved = near.astype(dtype)
        with np.errstate(all="ignore"):
            for _ in range(3):
                moved = np.nextafter(moved, dtype(-np.inf))

        errors = errors_of(x, moved, exact, 0)

        assert errors.pure.tolist() == [3.0] * 4
        assert spacing_of(near[2:], dtype).tolist() == [float(info.smallest_subnormal)] * 2


def test_the_judge_sees_nan_and_infinity() -> None:
    """NaN and infinities that are not due are counted; infinities that are due are right."""
    exact = Exact(np.array([[1.0, 2.0, np.inf, np.inf], [0.0] * 4]), np.zeros((2, 4)))

    errors = errors_of(np.ones(4), np.array([np.nan, np.inf, np.inf, 1.0]), exact, 0)

    assert errors.is_spurious_nan.tolist() == [True, False, False, False]
    assert errors.is_spurious_infinity.tolist() == [False, True, False, False]
    assert errors.pure[2] == 0
    assert errors.pure[3] > 2.0**52


def test_what_rounding_the_input_does_is_no_error() -> None:
    """Where a function is steep, the mixed error forgives what the spacing of x alone causes."""
    exact = Exact(np.array([[1.0], [1000.0]]), np.zeros((2, 1)))

    errors = errors_of(np.ones(1), np.array([1 + 2000 * 2.0**-52]), exact, 0)

    assert errors.pure[0] == 2000
    assert errors.mixed[0] == pytest.approx(2000 / 1001)


def test_points_come_from_the_seed_and_lie_where_it_is_hard() -> None:
    """The same seed gives the same points: both zeros, subnormals, neighbours of f' = 0."""
    reference = Reference(symacts.silu)
    (lowest,) = (zero for zero in find_zeros(reference) if -2 < zero < -1)
    for dtype in (np.float64, np.float32):
        first, again, other = (
            draw_points(reference, 2000, dtype, np.random.default_rng(seed)) for seed in (1, 1, 2)
        )
        assert np.array_equal(first, again)
        assert not np.array_equal(first, other)
        assert first.dtype == dtype
        assert 2000 <= first.size < 2200
        assert np.isfinite(first).all()
        assert {0.0, float(np.finfo(dtype).smallest_subnormal)} <= set(first.tolist())
        assert np.nextafter(dtype(lowest), dtype(-9)) in first


def test_a_naive_formula_is_found_out() -> None:
    """log(1 + exp(x)), written down as it is, fails every check that softplus must pass."""
    judged = Scalar(symacts.softplus, {}, 1500, seed=3)

    report = judged.judge(lambda x: np.log(1 + np.exp(x)), 0, "float64")

    assert report.mixed > 1e10
    assert report.infinities > 0
    assert any("overflow" in text for text in report.warned)
    assert len(report.failures) >= 3


@pytest.mark.parametrize("label", ["0", "a", "b"])
def test_gates_are_judged_by_both_inputs(label: str) -> None:
    """A product of two numbers, and its partial derivatives, are exact to half an ulp."""
    report = measure(symacts.bilinear, label, points=300)

    assert report.count > 250
    assert report.pure <= 0.5


def test_vectors_are_judged_by_exact_numbers() -> None:
    """Equal scores share softmax and sparsemax evenly; the Jacobian's rows sum to zero."""
    scores, tangent = np.full(4, 0.1), np.array([1.0, 0.0, 0.0, 0.0])
    for act in (symacts.softmax, symacts.sparsemax):
        found = exact_of(act, scores, tangent, "float64")

        assert found["0"][0].tolist() == [0.25] * 4
        assert found["jacobian"][0].reshape(4, 4).sum(axis=1) == pytest.approx(np.zeros(4))
        assert found["jvp"][0] == pytest.approx(found["jacobian"][0].reshape(4, 4) @ tangent)


def test_sixteen_bit_results_are_rounded_as_numpy_rounds() -> None:
    """The nearest float16 of a double is what NumPy's own conversion gives, subnormals included."""
    rng = np.random.default_rng(4)
    values = rng.normal(0, 1, 2000) * np.exp2(rng.integers(-30, 17, 2000))

    low, high = correctly_rounded(values, np.float16)

    with np.errstate(over="ignore"):
        expected = values.astype(np.float16).astype(np.float64)
    assert np.all((expected == low) | (expected == high))


def test_a_definition_of_ones_own_is_measured() -> None:
    """Any formula can be judged, and the report says in one line how right its numbers are."""

    @symacts.activation("TanhExp")
    def tanhexp(x):
        """Weight the input by tanh(exp(x))."""
        return x * sympy.tanh(sympy.exp(x))

    report = measure(tanhexp, 0, points=500)

    assert report.count > 450
    assert report.line().startswith("tanhexp")
    assert report.bound == bound_of("0", "float64") == 4.0


def test_the_worst_points_are_kept(tmp_path: Path) -> None:
    """Points of large errors are written to a file and read back bit by bit, worst first."""
    judged = Scalar(symacts.softplus, {}, 1500, seed=3)
    report = judged.judge(lambda x: np.log(1 + np.exp(x)), 0, "float64")

    remember([report], tmp_path / "worst.json")
    remember([report], tmp_path / "worst.json")
    (kept,) = worst_points(tmp_path / "worst.json")

    assert (kept.name, kept.order, kept.dtype, kept.params) == ("softplus", 0, "float64", {})
    assert 2 <= kept.points.size <= 8
    assert np.isin(kept.points, report.points).all()


def test_a_sweep_finds_the_one_result_that_is_off() -> None:
    """Of a whole block of float32 inputs the one result that is a neighbour too high is found."""
    one = int(np.float32(1).view(np.uint32))

    def root(x):
        y = np.sqrt(x)
        return np.where(x == 1.25, np.nextafter(y, y.dtype.type(9)), y) if x.itemsize == 4 else y

    right = sweep(np.sqrt, lambda x: 0.5 / np.sqrt(x), one, one + 2**22)
    wrong = sweep(root, lambda x: 0.5 / np.sqrt(x), one, one + 2**22)

    assert (right.count, right.off, right.broken) == (2**22, 0, 0)
    assert right.pure <= 0.5
    assert (wrong.off, wrong.pure_at) == (1, 1.25)
    assert 0.5 < wrong.pure < 1.5


def test_what_is_stored_says_how_each_system_errs(tmp_path: Path) -> None:
    """The stored file has figures and an error curve for each order, and how to repeat them."""
    rows = storing.member_rows("softsign", ["symacts", "lambdify", "scipy"], 600, 1)

    storing.write({"softsign": rows}, count=600, seed=1, path=tmp_path / "accuracy.json")

    stored = json.loads((tmp_path / "accuracy.json").read_text(encoding="utf-8"))
    ours = stored["members"]["softsign"]["symacts"]["orders"]
    assert stored["command"] == "python -m benchmarks.accuracy --store --seed 1 --points 600"
    assert stored["members"]["softsign"]["lambdify"]["orders"]["2"]["failed"].startswith(
        "NameError"
    )
    assert {len(row["curve"]) for row in ours.values()} == {len(stored["edges"]) - 1}
    assert ours["0"]["mixed"] <= stored["bounds"]["0"]
