"""The compiled engine: its primitives against exact values, and its ufuncs against NumPy's ways."""

import math
import multiprocessing
import threading
import warnings
from collections.abc import Callable

import mpmath
import numpy as np
import pytest
from scipy import special

from symacts.numeric.lowering.program import COMPARISONS, OPERATIONS, Program, Step, trace
from symacts.numeric.lowering.source import Source

pytest.importorskip("llvmlite", reason="machine code needs llvmlite")

from symacts.numeric.float32 import BOUND, mixed_error, sample
from symacts.numeric.llvm import choose, compile_program, is_available
from symacts.numeric.llvm.choose import WAYS
from symacts.numeric.llvm.interleave import interleave, split_constant
from symacts.numeric.llvm.ir import SHORT, SINGLE
from symacts.numeric.llvm.known import KNOWN, find
from symacts.numeric.llvm.layout import BLOCK, LOOPS, Machine
from symacts.numeric.llvm.machine import host, load
from symacts.numeric.llvm.module import module
from symacts.numeric.llvm.primitives.coefficients import COEFFICIENTS
from symacts.numeric.llvm.primitives.fits import FITS, TARGETS
from symacts.numeric.llvm.ranges import ranges
from symacts.numeric.llvm.simplify import simplify
from symacts.numeric.llvm.ufunc import make_ufunc

PREDICATES = ("less", "less_equal", "greater", "greater_equal", "equal", "not_equal")
ARITHMETICS = {"single": SINGLE, "short": SHORT}
pytestmark = pytest.mark.skipif(not is_available(), reason="this processor has no fma")

# Each primitive, and how far it may be from the exact value, in units in the last place, in float64
# and in float32 arithmetic.  The normal distribution is exact in float32 for a number next to x.
BOUNDS = {
    "exp": (1.5, 1.5),
    "expm1": (1.5, 1.5),
    "log": (1.5, 1.5),
    "log1p": (1.5, 1.5),
    "tanh": (2.0, 2.0),
    "sinh": (2.5, 2.5),
    "cosh": (2.0, 2.0),
    "arctan": (2.0, 2.0),
    "arcsinh": (2.0, 2.0),
    "arccosh": (2.0, 2.5),
    "sin": (1.5, 1.5),
    "cos": (1.5, 1.5),
    "tan": (2.0, 2.0),
    "erf": (1.5, 1.5),
    "erfc": (4.0, 4.0),
    "ndtr": (3.5, 250.0),
}
EXACT: dict[str, Callable[[mpmath.mpf], mpmath.mpf]] = {
    "arctan": mpmath.atan,
    "arcsinh": mpmath.asinh,
    "arccosh": mpmath.acosh,
    "ndtr": lambda x: mpmath.erfc(-x / mpmath.sqrt(2)) / 2,
}
DOMAINS = {"log": (0.0, math.inf), "log1p": (-1.0, math.inf), "arccosh": (1.0, math.inf)}
# Beyond this nothing happens any more, and the reference takes for ever.
DOMAINS |= dict.fromkeys(("erf", "erfc", "ndtr"), (-60.0, 60.0))
SPECIAL = [math.inf, -math.inf, math.nan, 0.0, -0.0, 5e-324, -5e-324, 1e308, -1e308, 1.0, -1.0]
UNARY = sorted(name for name, count in OPERATIONS.items() if count == 1 and name not in COMPARISONS)
BINARY = sorted(
    name for name, count in OPERATIONS.items() if count == 2 and name not in COMPARISONS
)
FUNCTIONS = {name: getattr(np, name, None) or getattr(special, name) for name in UNARY + BINARY}


def program(operation: str, count: int = 1) -> Program:
    """Return the program of one operation on arrays."""
    names = ("x", "y", "z")[:count]
    return Program(operation, names, count, (Step(operation, tuple(range(count))),), (count,))


def steps(name: str, inputs: int, arrays: int, *lines: tuple, results: int = 1) -> Program:
    """Return a program of lines, each an operation and its arguments or a constant."""
    made = tuple(
        Step("constant", (), line[1]) if line[0] == "constant" else Step(line[0], line[1:])
        for line in lines
    )
    last = inputs + len(made)
    letters = ("x", "y", "a", "b")[:inputs]
    return Program(name, letters, arrays, made, tuple(range(last - results, last)))


AFFINE = steps("affine", 3, 1, ("multiply", 0, 1), ("add", 3, 2))
SIGMOID = steps(
    "sigmoid",
    1,
    1,
    ("absolute", 0),
    ("negative", 1),
    ("exp", 2),
    ("constant", 0.0),
    ("less", 0, 4),
    ("constant", 1.0),
    ("where", 5, 3, 6),
    ("add", 6, 3),
    ("divide", 7, 8),
)


def points(operation: str, dtype: type) -> np.ndarray:
    """Return numbers of every size and sign, more of them where functions do something."""
    rng = np.random.default_rng(7)
    largest = math.log10(float(np.finfo(dtype).max))
    sizes = np.concatenate(
        [
            10.0 ** rng.uniform(-largest, largest, 40),
            10.0 ** rng.uniform(-9.0, 3.0, 80),
            rng.uniform(0.0, 3.0, 120),
            rng.uniform(0.0, 40.0, 80),
            rng.uniform(0.0, 1.06 * largest * math.log(10.0), 40),
        ]
    )
    x = np.concatenate([sizes, -sizes]).astype(dtype)
    low, high = DOMAINS.get(operation, (-math.inf, math.inf))
    return np.concatenate([x[(x > low) & (x < high)], np.nextafter(np.ones(1, dtype), 2)])


def ulps(result: np.ndarray, x: np.ndarray, exact: Callable) -> tuple[float, float]:
    """Return the largest error in units of the result's last place, and where it is."""
    info = np.finfo(result.dtype)
    worst = (0.0, 0.0)
    with mpmath.workprec(300):
        for value, at in zip(result.tolist(), x.tolist(), strict=True):
            true = exact(mpmath.mpf(at))
            if abs(true) > mpmath.mpf(float(info.max)) * (1 + mpmath.mpf(float(info.epsneg)) / 2):
                error = 0.0 if math.isinf(value) else math.inf
            else:
                nearest = np.abs(np.asarray(float(true), result.dtype))
                error = float(
                    abs(mpmath.mpf(value) - true) / mpmath.mpf(float(np.spacing(nearest)))
                )
            worst = max(worst, (error, at))
    return worst


@pytest.mark.parametrize("operation", BOUNDS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_primitives_are_right_to_the_last_digits(operation, dtype):
    """Each primitive is within a few units in the last place of the exact value, everywhere."""
    exact = EXACT.get(operation) or getattr(mpmath, operation)
    x = points(operation, dtype)

    error, at = ulps(compile_program(program(operation), way="single")(x), x, exact)

    bound = BOUNDS[operation][dtype is np.float32]
    assert error <= bound, f"{operation}({at!r}) in {dtype.__name__} is off by {error:.2f} ulp"


@pytest.mark.parametrize("operation", BOUNDS)
def test_the_wide_way_rounds_float32_correctly(operation):
    """Computed in float64 for float32, a primitive is the nearest float32 but for near-ties."""
    exact = EXACT.get(operation) or getattr(mpmath, operation)
    x = points(operation, np.float32)

    error, at = ulps(compile_program(program(operation), way="short")(x), x, exact)

    assert error <= 0.502, f"{operation}({at!r}) is off by {error:.4f} ulp"


@pytest.mark.parametrize("operation", ["sin", "cos", "tan"])
@pytest.mark.parametrize("way", WAYS)
def test_angles_may_be_of_any_size(operation, way):
    """sin, cos and tan are right for the largest numbers, for which pi needs a thousand bits."""
    function = compile_program(program(operation), way=way)
    large = np.array([1e5, 3.2e5, 1e9, 2.0**30, 1e10, 1e22, 8.1e35], np.float32)

    for x in (large, np.append(large.astype(np.float64), [1e100, 1.7e308])):
        error, at = ulps(function(x), x, getattr(mpmath, operation))
        assert error <= 2.0, f"{operation}({at!r}) as {x.dtype} is off by {error:.2f} ulp"


@pytest.mark.parametrize("operation", ["power", "hypot"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_functions_of_two_are_right_to_the_last_digits(operation, dtype):
    """Powers and lengths are within two units in the last place, however large the logarithm is."""
    rng = np.random.default_rng(8)
    largest = math.log10(float(np.finfo(dtype).max))
    x = np.concatenate([10.0 ** rng.uniform(-largest, largest, 150), 1 + rng.normal(0, 0.1, 150)])
    reach = largest * math.log(10.0) / np.maximum(np.abs(np.log(x)), 1e-3)
    y = x * rng.normal(size=300) if operation == "hypot" else rng.uniform(-1.0, 1.0, 300) * reach
    x, y = x.astype(dtype), y.astype(dtype)
    exact = mpmath.hypot if operation == "hypot" else mpmath.power

    found = compile_program(program(operation, 2), way="single")(x, y)

    error, at = ulps(
        found,
        np.arange(300),
        lambda i: exact(mpmath.mpf(float(x[int(i)])), mpmath.mpf(float(y[int(i)]))),
    )
    at = int(at)
    assert error <= 2.0, f"{operation}({x[at]!r}, {y[at]!r}) is off by {error:.2f} ulp"


@pytest.mark.parametrize("operation", UNARY)
@pytest.mark.parametrize("way", WAYS)
def test_special_numbers_are_numpys(operation, way):
    """Infinities, NaN, zeros of both signs and the like give what they give in NumPy."""
    function = compile_program(program(operation), way=way)

    for dtype in (np.float64, np.float32):
        with np.errstate(all="ignore"):
            x = np.array(SPECIAL).astype(dtype)
            expected = FUNCTIONS[operation](x)
        found = function(x)
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=0)
        signs = ~np.isnan(expected)
        np.testing.assert_array_equal(np.signbit(found)[signs], np.signbit(expected)[signs])


@pytest.mark.parametrize("operation", BINARY)
@pytest.mark.parametrize("way", WAYS)
def test_special_pairs_are_numpys(operation, way):
    """Any two of infinities, NaN and zeros give what they give in NumPy."""
    function = compile_program(program(operation, 2), way=way)
    numbers = [*SPECIAL, 2.0, -3.0, 0.5, 1e-200, 2.0**60]

    for dtype in (np.float64, np.float32):
        with np.errstate(all="ignore"):
            x, y = np.meshgrid(*[np.array(numbers).astype(dtype)] * 2)
            expected = FUNCTIONS[operation](x, y)
        np.testing.assert_allclose(function(x, y), expected, rtol=1e-6, atol=0)


@pytest.mark.parametrize("operation", sorted(COMPARISONS))
def test_truth_values_are_numpys(operation):
    """Comparisons and logic agree with NumPy, with NaN too; true is one."""
    count = OPERATIONS[operation]
    x, y = np.meshgrid(*[np.array(SPECIAL)] * 2)
    given = (x, y)[:count]

    found = compile_program(program(operation, count), way="single")(*given)

    np.testing.assert_array_equal(found, getattr(np, operation)(*given).astype(float))


@pytest.mark.parametrize("name", FITS)
def test_coefficients_are_good_enough(name):
    """The stored polynomials are as near to their functions as fits.py asks for."""
    fit = FITS[name]
    for arithmetic in fit.arithmetics:
        stored = COEFFICIENTS[name][arithmetic]
        rounding = 2.0**-24 if arithmetic == "single" else 2.0**-53
        with mpmath.workdps(40):
            ends = [mpmath.mpf(fit.lower), mpmath.mpf(fit.end(arithmetic))]
            for part in range(1, 60):
                t = ends[0] + (ends[1] - ends[0]) * part / 60
                true = fit.function(t)
                error = abs(mpmath.polyval(stored[::-1], t) - true) - abs(true) * rounding
                assert error * fit.weight <= 1.1 * TARGETS[arithmetic], (
                    f"{name} for {arithmetic} at {float(t)}: run primitives.fits"
                )


def test_it_is_a_ufunc_with_two_loops():
    """Float32 arrays with float64 parameters give float32; everything else is float64."""
    function = compile_program(AFFINE, defaults=(2.0, 1.0))

    assert isinstance(function, np.ufunc)
    assert function.types == ["fdd->f", "ddd->d"]
    assert function(np.float32(1.5), 2.0, 1.0) == np.float32(4.0)
    assert function(3, 2.0, 1.0) == 7.0


@pytest.mark.parametrize("size", [0, 1, 2, BLOCK - 1, BLOCK, BLOCK + 1, 5 * BLOCK + 3])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_every_size_and_stride(size, dtype):
    """Short arrays, gaps, reversed order, columns and broadcasting give the same numbers."""
    function = compile_program(SIGMOID, way="single")
    wide = np.random.default_rng(1).normal(size=(3, 2 * size)).astype(dtype)
    whole = function(wide.copy())

    np.testing.assert_array_equal(function(wide[:, ::2]), whole[:, ::2])
    np.testing.assert_array_equal(function(wide[:, ::-1]), whole[:, ::-1])
    np.testing.assert_array_equal(function(wide.T), whole.T)
    out = np.zeros((3, 4 * size), dtype)[:, ::2]
    assert function(wide, out=out) is out
    np.testing.assert_array_equal(out, whole)
    column = np.broadcast_to(wide[:1], wide.shape)
    np.testing.assert_array_equal(function(column), np.broadcast_to(whole[:1], whole.shape))


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_results_may_go_where_the_input_is(dtype):
    """In place, with two results, and shifted by one, each number is read before it goes."""
    double = steps("both", 1, 1, ("exp", 0), ("add", 0, 1), results=2)
    function = compile_program(double, way="single")
    x = np.random.default_rng(2).normal(size=1000).astype(dtype)
    first, second = function(x)

    for out in ((0, 1), (1, 0)):
        pair = [x.copy(), np.empty_like(x)]
        given = pair[0]
        function(given, out=(pair[out[0]], pair[out[1]]))
        np.testing.assert_array_equal(pair[out[0]], first)
        np.testing.assert_array_equal(pair[out[1]], second)
    shifted = x.copy()
    compile_program(SIGMOID, way="single")(shifted[:-1], out=shifted[1:])
    np.testing.assert_array_equal(shifted[1:], compile_program(SIGMOID, way="single")(x[:-1]))


@pytest.mark.parametrize("way", WAYS)
def test_parameters_may_be_arrays(way):
    """A parameter for each element, each row or each column is as good as one for all."""
    function = compile_program(AFFINE, way=way)
    rng = np.random.default_rng(3)
    for dtype in (np.float32, np.float64):
        x = rng.normal(size=(5, 150)).astype(dtype)
        for shape in ((), (150,), (5, 1), (5, 150)):
            a, b = rng.normal(size=shape), rng.normal(size=(150,))
            np.testing.assert_allclose(
                function(x, a, b), x * a + b, rtol=1e-5, atol=1e-5 if dtype == np.float32 else 1e-14
            )


@pytest.mark.parametrize("name", LOOPS)
def test_no_warning_is_left_behind(name):
    """NumPy sees no floating-point flag, whatever happens inside, on either kind of processor."""
    mixed = steps("mixed", 1, 1, ("exp", 0), ("log", 0), ("divide", 1, 2), ("subtract", 3, 3))
    loop = LOOPS[name]
    with np.errstate(all="ignore"):
        x = np.array([*SPECIAL, 1e30] * 20).astype("f" if loop.memory == "float" else "d")
    for machine in (host(), Machine(128, is_x86=False)):
        text = module(mixed, [loop], machine, parallel=False)
        letters = "ff" if loop.memory == "float" else "dd"
        function = make_ufunc("mixed", "", [(load(text, (name,), None)[name], letters)], 1)
        with warnings.catch_warnings(), np.errstate(all="warn"):
            warnings.simplefilter("error")
            assert np.isnan(function(x)).any()


def test_subnormal_numbers_survive():
    """Nothing is flushed to zero, neither inside nor afterwards."""
    small = np.full(100, 1e-310)

    assert (compile_program(AFFINE, way="single")(small, 1.0, 0.0) == 1e-310).all()
    assert (small * 1.0 == 1e-310).all()


def test_tricks_with_rounding_survive():
    """a - (a - b) is what rounding leaves of b, not b: nothing is simplified or reordered."""
    trick = steps("trick", 2, 2, ("subtract", 0, 1), ("subtract", 0, 2))
    a, b = np.full(100, 1e16), np.linspace(0.0, 50.0, 100)

    np.testing.assert_array_equal(compile_program(trick, way="single")(a, b), a - (a - b))


@pytest.mark.parametrize("bits", [128, 256, 512])
def test_every_vector_width_gives_the_same_numbers(bits):
    """Narrow and wide vectors compute the same, digit for digit."""
    names = ("single", "double")
    x = np.random.default_rng(4).normal(0.0, 9.0, 500)

    def results(machine: Machine) -> list[np.ndarray]:
        text = module(SIGMOID, [LOOPS[name] for name in names], machine, parallel=False)
        found = load(text, names, None)
        function = make_ufunc(
            "sigmoid", "", [(found[n], c * 2) for n, c in zip(names, "fd", strict=True)], 1
        )
        return [function(x), function(x.astype(np.float32))]

    for one, other in zip(results(host()), results(Machine(bits, host().is_x86)), strict=True):
        np.testing.assert_array_equal(one, other)


def test_large_arrays_are_shared():
    """What several threads compute together is what one computes alone."""
    x = np.random.default_rng(5).normal(size=1_000_003)
    shared = compile_program(SIGMOID, way="single", parallel=True)
    alone = compile_program(SIGMOID, way="single", parallel=False)

    np.testing.assert_array_equal(shared(x), alone(x))


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: known.kernel)
def test_known_kernels_are_found_again(known):
    """A kernel among other steps is recognised, and its way to float32 gives the same values."""
    given = ", ".join(f"{place + 1.0}*x" for place in range(len(known.arguments)))
    text = f"def f(x):\n    return 1.0 + _{known.kernel}({given})\n"
    traced = trace(Source("f", ("x",), text, frozenset({known.kernel})), 1)
    x = sample(1)[0]

    (one,) = find(simplify(traced), ARITHMETICS[known.digits[-1]]).values()

    assert len(one.arguments) == len(known.arguments)
    usual = x[np.abs(x) < 1e18]
    assert mixed_error(compile_program(traced, way="short"), [usual], ()) <= 0.51


@pytest.mark.parametrize("name", ["sin", "exp", "absolute"])
def test_simple_functions_stay_in_float32(name):
    """Float32 arithmetic is chosen where it is good enough, and then it is."""
    function = compile_program(program(name))

    assert choose(program(name)) == "single"
    assert mixed_error(function, sample(1), ()) <= BOUND


def test_what_float32_cannot_do_is_computed_in_float64():
    """Squares out of float32's reach, and digits that cancel, make the choice fall on float64."""
    one, square = ("constant", 1.0), ("multiply", 0, 0)
    reach = steps("reach", 1, 1, square, one, ("add", 1, 2), ("sqrt", 3))
    cancels = steps("cancels", 1, 1, ("exp", 0), one, ("subtract", 1, 2))

    for case in (reach, cancels):
        assert choose(case) == "short"
        assert mixed_error(compile_program(case), sample(1), ()) <= 0.51


def test_rests_recover_what_float32_loses():
    """With a rest beside each value the result is right where float32 alone is not."""
    one = ("constant", 1.0)
    cancels = steps("cancels", 1, 1, one, ("add", 0, 1), ("square", 2), ("subtract", 3, 1))
    decays = steps(
        "decays",
        1,
        1,
        ("absolute", 0),
        ("negative", 1),
        ("exp", 2),
        one,
        ("add", 3, 4),
        ("square", 5),
        ("divide", 3, 6),
    )
    inputs = [np.random.default_rng(6).uniform(0.001, 3.0, 10_000).astype(np.float32)]

    for case in (cancels, decays):
        alone = mixed_error(compile_program(case, way="single"), inputs, ())
        with_rests = mixed_error(compile_program(case, way="compensated"), inputs, ())
        assert with_rests <= 0.75, f"{case.name}: {with_rests}"
        assert alone > 1.0, f"{case.name} has no need of rests: {alone}"


def test_rests_that_are_no_numbers_count_as_none():
    """At infinities and zeros of either sign the rests do no harm."""
    gone = steps(
        "gone", 1, 1, ("constant", 1.0), ("add", 0, 1), ("divide", 0, 2), ("multiply", 3, 0)
    )
    x = np.array([np.inf, -np.inf, -0.0, 3e38, 1e-45], np.float32)

    with np.errstate(all="ignore"):
        expected = x / (1 + x) * x

    found = compile_program(gone, way="compensated")(x)
    np.testing.assert_array_equal(np.isnan(found), np.isnan(expected))
    np.testing.assert_array_equal(np.signbit(found[2]), np.signbit(expected[2]))
    np.testing.assert_allclose(found[3:], expected[3:], rtol=1e-6)


@pytest.mark.parametrize("operation", sorted(PREDICATES))
@pytest.mark.parametrize("edge", [0.3, -0.7, 1 / 3, 1.0, 1e-30, 1e300])
def test_float32_is_compared_with_the_parameter_itself(operation, edge):
    """Next to a parameter that is no float32 the answer is that for the exact number."""
    compared = steps("compared", 2, 1, (operation, 0, 1), (operation, 1, 0), results=2)
    with np.errstate(over="ignore"):
        near = np.float32(edge)
    x = np.array([np.nextafter(near, np.float32(side)) for side in (-9, 9)] + [near, -near])

    for way in WAYS:
        for parameter in (edge, np.full(4, edge)):
            first, second = compile_program(compared, way=way)(x, parameter)
            wide = x.astype(np.float64)
            np.testing.assert_array_equal(first, getattr(np, operation)(wide, edge))
            np.testing.assert_array_equal(second, getattr(np, operation)(edge, wide))


def test_rare_inputs_leave_their_neighbours_alone():
    """A vector with one huge angle is computed otherwise, and gives what each number gives."""
    function = compile_program(program("sin"), way="single")
    for dtype in (np.float32, np.float64):
        x = np.random.default_rng(9).normal(0.0, 3.0, 4 * BLOCK).astype(dtype)
        x[[5, 70, 130]] = 1e30, np.inf, -3e37
        alone = np.array([function(number) for number in x])
        np.testing.assert_array_equal(function(x), alone)


def test_ranges_hold_what_is_computed():
    """No value of a program is beyond its range, whichever way it is computed, or rounded."""
    text = """def f(x):
    share, third = np.exp(-np.abs(x)), np.minimum(x, 1.0 / 3.0)
    square, total = np.square(np.exp(-0.5 * np.abs(x))), np.maximum(np.square(third), 0.1) + 0.7
    top = np.where(x < 0.0, share, 1.0)
    return (
        third, share, square, total, top, 1.0 + square, top / (1.0 + square),
        10.0 * np.sign(x) * 0.1, np.sqrt(total), np.log1p(square), np.expm1(-np.abs(x)),
        np.tanh(share), np.arctan(-square), np.exp(np.abs(third)), np.tanh(np.square(x)),
        -share / total, np.square(x - x / 3.0),
    )
"""
    simple = simplify(trace(Source("f", ("x",), text, frozenset()), 1))
    known = ranges(simple)
    x = sample(1, size=4000)[0]

    for way in WAYS:
        for results in (compile_program(simple, way=way)(x.astype(t)) for t in ("f", "d")):
            for number, values in zip(simple.results, results, strict=True):
                low, high = known[number]
                made = f"{simple.step(number)} by {way}, in {low} to {high}"
                assert float(np.nanmin(values)) >= low, made
                assert float(np.nanmax(values)) <= high, made
    assert [known[number] for number in simple.results[1:3]] == [(0.0, 1.0)] * 2
    assert known[simple.results[5]] == (1.0, 2.0)
    assert known[simple.results[6]] == (0.0, 1.0)


def test_an_exponential_is_the_square_of_that_of_half():
    """Where exp(-|x|/2) is there, exp(-|x|) costs one multiplication, and stays right."""
    text = "def f(x):\n    return np.exp(-np.abs(x)), np.exp(-0.5 * np.abs(x))\n"
    both = trace(Source("f", ("x",), text, frozenset()), 1)
    half = steps("half", 1, 1, ("absolute", 0), ("constant", -0.5), ("multiply", 1, 2), ("exp", 3))

    for way in ("single", "double"):
        sizes = [
            module(one, (LOOPS[way],), host(), parallel=False).count("@llvm.fma")
            for one in (both, half)
        ]
        assert sizes[0] == sizes[1], f"{way}: a second polynomial, {sizes}"
    x = np.linspace(0.0, 80.0, 500)
    error, where = ulps(compile_program(both)(x)[0], x, lambda at: mpmath.exp(-at))
    assert error <= 2.5, f"{error} units at {where}"


def test_a_multiple_of_an_exponential_is_rounded_once():
    """Where exp is subnormal, 4*exp(-|x|) has the digits that exp(-|x|) has lost."""
    text = "def f(x):\n    return 4.0 * np.exp(-np.abs(x))\n"
    multiple = trace(Source("f", ("x",), text, frozenset()), 1)
    for dtype, far in ((np.float32, 102.0), (np.float64, 744.0)):
        x = np.linspace(far, far + 0.5, 50).astype(dtype)
        with mpmath.workprec(100):
            exact = [mpmath.exp(-mpmath.mpf(float(at))) * 4 for at in x]
            smallest = mpmath.mpf(float(np.finfo(dtype).smallest_subnormal))
            found = compile_program(multiple, way="single")(x)
            errors = [abs(float(a) - b) / smallest for a, b in zip(found, exact, strict=True)]
        assert max(errors) <= 0.51, f"{dtype.__name__}: {float(max(errors))} units"


def test_copies_are_woven_together_in_order():
    """Lines of all copies take turns, and none comes before what it uses."""
    first = ["  %c = fneg %p", "  %a1 = fneg %c", "  %a2 = fneg %a1"]
    second = ["  %b1 = fneg %c", "  %b2 = fneg %b1"]

    lines = interleave([first, second])

    assert sorted(lines) == sorted(first + second)
    places = {line.split()[0]: place for place, line in enumerate(lines)}
    assert places["%c"] < places["%b1"] < places["%b2"]
    assert places["%b1"] < places["%a2"], "the copies stand one after the other"
    assert split_constant(["  %c = fneg %p", "  %d = fadd %c, %x0.0", "  %e = fneg %d"]) == (
        ["  %c = fneg %p"],
        ["  %d = fadd %c, %x0.0", "  %e = fneg %d"],
    )


def test_exponentials_of_the_same_number_become_one():
    """Bounds far out and divisions by two do not hide that two exponentials are the same."""
    text = """def f(x):
    bounded = np.clip(x, -1e300, 1e300)
    near = np.clip(x, -9.0, 9.0)
    return np.exp(-(np.abs(bounded) / 2.0)), np.exp(-0.5 * np.abs(x)), np.exp(-np.abs(near))
"""
    traced = trace(Source("f", ("x",), text, frozenset()), 1)

    simple = simplify(traced)

    first, second, bounded = simple.results
    assert first == second != bounded
    x = np.array([*SPECIAL, 0.3, -7.0])
    given = compile_program(traced, way="single")(x)
    np.testing.assert_array_equal(given[0], given[1])
    np.testing.assert_allclose(given[2], np.exp(-np.minimum(np.abs(x), 9.0)), rtol=1e-15)


def test_the_cache_is_used_and_never_trusted(tmp_path):
    """The second time no compiler runs; a damaged, cut or foreign file is made again."""
    from symacts.numeric.llvm import machine

    text = module(SIGMOID, [LOOPS["double"]], host(), parallel=False)
    compiled = []
    original = machine._compile
    x = np.linspace(-5.0, 5.0, 100)

    def counted(text: str) -> bytes:
        compiled.append(text)
        return original(text)

    def result() -> np.ndarray:
        place = load(text, ("double",), tmp_path)["double"]
        return make_ufunc("sigmoid", "", [(place, "dd")], 1)(x)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machine, "_compile", counted)
        first = result()
        np.testing.assert_array_equal(result(), first)
        assert len(compiled) == 1
        (file,) = (tmp_path / "machine-code").rglob("??/*")
        whole = file.read_bytes()
        for damaged in (whole[:-100], b"", b"\x7fELF" + whole, whole[:200] + b"!" + whole[201:]):
            file.write_bytes(damaged)
            np.testing.assert_array_equal(result(), first)
            assert file.read_bytes() == whole
        assert len(compiled) == 5


def test_a_folder_that_cannot_be_written_only_means_no_cache(tmp_path):
    """Where nothing can be kept, functions are compiled all the same."""
    (tmp_path / "file").write_text("in the way")

    function = compile_program(AFFINE, way="single", folder=tmp_path / "file" / "below")

    assert function(1.0, 2.0, 3.0) == 5.0


def test_threads_may_compile_at_once():
    """Many threads that need functions at the same time all get right ones."""
    cases = [steps(f"power{n}", 1, 1, *[("multiply", 0, k) for k in range(n)]) for n in (1, 2, 3)]
    found: dict[int, float] = {}

    def work(index: int) -> None:
        found[index] = float(compile_program(cases[index % 3], way="short")(2.0))

    threads = [threading.Thread(target=work, args=(index,)) for index in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert found == {index: 2.0 ** (index % 3 + 2) for index in range(9)}


def _sigmoid_sum() -> float:
    return float(compile_program(SIGMOID, way="single")(np.linspace(-3.0, 3.0, 200_000)).sum())


@pytest.mark.parametrize(
    "method", [m for m in ("fork", "spawn") if m in multiprocessing.get_all_start_methods()]
)
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_child_processes_compute_too(method):
    """Functions work in processes that were forked or spawned, and can be compiled there."""
    expected = _sigmoid_sum()
    with multiprocessing.get_context(method).Pool(1) as children:
        assert children.apply(_sigmoid_sum) == expected
