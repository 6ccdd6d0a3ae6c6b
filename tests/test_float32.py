"""With NumPy alone float32 is computed as it is, where that is good enough."""

import math
from pathlib import Path

import numpy as np
import pytest

import symacts
from symacts.numeric import kernels
from symacts.numeric.engine import use
from symacts.numeric.float32 import BOUND, mixed_error, sample
from symacts.numeric.lowering.program import Program, Step
from symacts.numeric.running import single
from symacts.numeric.running.blocks import BlockFunction
from symacts.numeric.running.single import WAYS, choose, for_single
from symacts.numeric.running.usual import FAR, FORMS, in_usual_forms
from symacts.numeric.running.widths import DOUBLE, SINGLE

ACTS = [act for act in symacts.catalogue.values() if act.kind != "vector"]


def program(*steps: Step) -> Program:
    """Return a program of one array, whose result is its last step."""
    return Program("f", ("x",), 1, steps, (len(steps),))


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.id)
def test_what_is_chosen_keeps_the_bound(act: symacts.Activation) -> None:
    """Values and derivatives of float32 are within two mixed units, whichever way was chosen."""
    calls = [act] if act.kind == "gate" else [act, act.derivative(), act.derivative(2)]
    for call in calls:
        with use("base"):
            error = mixed_error(call, sample(len(act.inputs), size=40_000), ())

        assert error <= 2.0, f"{call} is off by {error:.3g} mixed units of float32"


@pytest.mark.parametrize("name", ["relu", "leaky_relu", "hard_swish", "bilinear"])
def test_float32_is_not_converted_where_that_does_well(name: str) -> None:
    """The usual cheap functions are computed in float32 itself."""
    act = symacts.catalogue[name]
    with use("base"):
        assert act._values._ways.single.work == np.float32


@pytest.mark.parametrize("name", ["gelu", "mish"])
def test_float32_is_converted_where_too_much_is_lost(name: str) -> None:
    """What takes many steps loses more in float32 than the bound allows."""
    act = symacts.catalogue[name]
    with use("base"):
        assert act._values._ways.single.work == np.float64


@pytest.mark.parametrize("theta", [0.437, 0.1, 1 / 3, 2.0])
@pytest.mark.parametrize("name", ["thresholded_relu", "hard_shrink"])
def test_a_threshold_need_be_no_float32(name: str, theta: float) -> None:
    """Next to a threshold between two float32 the same side is taken as in float64."""
    act = symacts.catalogue[name]
    near = np.float32(theta)
    x = np.array([np.nextafter(near, np.float32(side)) for side in (-9, 9)] + [near, -near])
    (parameter,) = act.params

    with use("base"):
        one, other = (act(y, **{parameter: theta}) for y in (x, x.astype(np.float64)))

    assert x.dtype == np.float32
    assert np.array_equal(one, other)


def test_an_exponential_is_a_power_of_two() -> None:
    """The factor of an exponent and that of the base are one multiplication."""
    before = program(
        Step("constant", (), -0.5),
        Step("multiply", (1, 0)),
        Step("negative", (2,)),
        Step("exp", (3,)),
    )

    after = for_single(before)

    assert [step.operation for step in after.steps] == ["constant", "multiply", "exp2"]
    assert after.steps[0].value == pytest.approx(0.5 / math.log(2))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        *((1e150, 2**62.3), (-1e300, -(2**124.6)), (1.7e308, 2**128), (1e-320, 2**-133)),
        *((1e38, 1e38), (math.inf, math.inf), (0.0, 0.0)),
    ],
)
def test_constants_keep_their_place_in_the_range(value: float, expected: float) -> None:
    """What is near the end of what float64 can hold is near the end of float32."""
    before = program(Step("constant", (), value), Step("minimum", (0, 1)))

    constant = next(s.value for s in for_single(before).steps if s.operation == "constant")

    assert constant == pytest.approx(expected, rel=0.05)
    assert math.isinf(value) or np.isfinite(np.float32(constant))


@pytest.mark.parametrize("value", [0.1, -0.1, 1 / 3, 1e-50, 1e300, -1e300, 2.0, math.inf])
def test_numbers_are_rounded_to_either_side(value: float) -> None:
    """A float64 lies between the float32 below and the one above, which are one if it is one."""
    with np.errstate(over="ignore", under="ignore"):
        down, up, near = (float(way(value)) for way in (SINGLE.down, SINGLE.up, SINGLE.near))

    assert down <= value <= up
    assert (down == up) == (near == value)
    assert DOUBLE.up(value) == DOUBLE.down(value) == value


def test_what_was_measured_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function is measured once for a folder, and again when it is another function."""
    measured = []

    def judged(run: object, _arrays: int, defaults: object) -> bool:
        measured.append((run, defaults))
        return run == "mixed"

    monkeypatch.setattr(single, "is_good_enough", judged)
    one = program(Step("exp", (0,)))
    tries = [choose(one, (default,), str, tmp_path) for default in (0.5, 0.5, 0.25)]

    assert tries == ["mixed"] * 3
    assert measured == [(way, default) for default in ((0.5,), (0.25,)) for way in WAYS]


@pytest.mark.parametrize(("kernel", "names"), FORMS)
def test_usual_forms_are_the_kernels(kernel: str, names: tuple[str, ...]) -> None:
    """Where nothing is far from zero, a kernel and its usual form give the same."""
    rng = np.random.default_rng(11)
    given = [rng.uniform(-FAR if name == "u" else -5.0, FAR, 1000) for name in names]

    with np.errstate(all="raise"):
        short = FORMS[kernel, names](*given)

    assert short == pytest.approx(getattr(kernels, kernel)(*given), rel=1e-14, abs=0.0)


def test_usual_forms_are_found_again() -> None:
    """SiLU is x/(1 + exp(-x)) for usual x, and what it was for x that are far from zero."""
    before = symacts.silu._values.program

    operations = [step.operation for step in in_usual_forms(before).steps]

    assert operations.count("exp") == 2
    assert "logical_or" in operations
    assert "logical_or" not in [step.operation for step in before.steps]


def test_what_is_dear_can_be_taken_in_double() -> None:
    """Then exponentials are rounded once, though what they are made of is float32."""
    one = for_single(program(Step("exp", (0,))), in_double=True)
    x = np.linspace(-80.0, 80.0, 1000, dtype=np.float32)
    y = np.empty_like(x)

    BlockFunction(one, SINGLE)([x], [y])

    assert np.array_equal(y, np.exp(x.astype(np.float64)).astype(np.float32))


def test_the_bound_leaves_room() -> None:
    """A way is taken only if it is better than promised, for the search may miss the worst."""
    assert BOUND < 2.0
