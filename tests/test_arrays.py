"""NumPy's manners: what goes in, what comes out, and what is refused, as from a ufunc of NumPy."""

import array
import tracemalloc
import warnings
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import ml_dtypes
import numpy as np
import pytest
import sympy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

import symacts

pytestmark = pytest.mark.usefixtures("engine")

FLOATS = [np.float16, np.float32, np.float64, np.longdouble]
SCALARS = [act for act in symacts.catalogue.values() if act.kind == "scalar"]
ODD = [act for act in SCALARS if act.facts.parity and act.facts.parity.value == "odd"]
X = np.linspace(-3, 3, 24)


def floats_at_odd_addresses() -> np.ndarray:
    """Return doubles that begin one byte beside where they could be read at once."""
    x = np.zeros(8 * 24 + 1, np.uint8)[1:].view(np.float64)
    x[:] = X
    return x


def frozen(x: np.ndarray) -> np.ndarray:
    """Return an array that cannot be written to."""
    x = x.copy()
    x.flags.writeable = False
    return x


def plain(x: np.ndarray) -> np.ndarray:
    """Return the numbers of an array of floats as doubles in the simplest layout."""
    return np.array(x, dtype=np.float64, order="C")


# -- what is taken -------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("shape", [(), (6,), (2, 3), (0, 3)], ids=str)
def test_float_dtypes_and_shapes_are_kept(dtype: type, shape: tuple[int, ...]) -> None:
    """A float array comes back in its own dtype and shape, and a 0-d one as a scalar."""
    x = np.resize(np.linspace(-2, 2, 6), shape).astype(dtype)

    for y in (symacts.gelu(x), *symacts.gelu.value_and_derivative(x)):
        assert y.dtype == dtype
        assert y.shape == shape
        assert isinstance(y, np.ndarray if shape else dtype)


def test_bfloat16_is_kept() -> None:
    """The bfloat16 of ml_dtypes is a float like any other."""
    x = np.array([-1.0, 0.5], ml_dtypes.bfloat16)

    assert symacts.silu(x).dtype == ml_dtypes.bfloat16
    assert type(symacts.silu(x[0])) is ml_dtypes.bfloat16


@pytest.mark.parametrize(
    "value",
    [
        *([1, 2], (1, 2), range(1, 3), [True, False], [[1, 2], [3, 4]]),
        *([], 1, True, 2**40, np.bool_(True), np.uint8(200), array.array("i", [1, 2])),
        np.array([0, 100, 200, 255], np.uint8),
        np.array([-(2**63), 2**63 - 1]),
        np.array([2**64 - 1], np.uint64),
        np.arange(3).astype(">i4"),
    ],
    ids=str,
)
def test_whole_numbers_and_truth_values_become_float64(value: object) -> None:
    """They are promoted before anything is computed, so that nothing wraps around."""
    y = symacts.silu(value)

    assert y.dtype == np.float64
    assert np.array_equal(symacts.silu(np.asarray(value).astype(np.float64)), y)


@pytest.mark.parametrize("value", [[1.5, 2.0], (1.5,), 1.5, [np.float32(1.5)], memoryview(X)])
def test_what_numpy_takes_for_an_array_is_taken(value: object) -> None:
    """Lists, tuples, numbers and buffers of floats have the dtype that NumPy gives them."""
    y = symacts.silu(value)

    assert y.dtype == np.asarray(value).dtype
    assert np.array_equal(symacts.silu(np.asarray(value)), y)


@pytest.mark.parametrize(
    "x",
    [
        *(X[::2], X[::-1], X[::-3], X[5:5], frozen(X), floats_at_odd_addresses()),
        *(X.reshape(4, 6)[::-1, ::2], X.reshape(4, 6).T, X.reshape(2, 3, 4).transpose(2, 0, 1)),
        *(np.broadcast_to(X[:2], (3, 2)), np.broadcast_to(X[3], (3,)), np.asfortranarray(X)),
        *(X.astype(">f8"), X.astype("<f8"), X.astype(">f4"), X.astype(">f2"), X[3:4].astype(">g")),
        *(np.resize(X, (200, 200)).T, np.resize(X, 50_000)[::-1], np.resize(X, 50_000)[::3]),
        np.asfortranarray(np.resize(X, (300, 300))).astype(np.float16),
    ],
    ids=lambda x: f"{x.dtype.str}{x.shape}{x.strides}",
)
def test_any_layout_is_read(x: np.ndarray) -> None:
    """Strides, byte orders and addresses change nothing, and the result lies as NumPy's would."""
    for function in (symacts.elu, symacts.elu.derivative(), symacts.tanh):
        y = function(x)

        assert y.dtype == x.dtype.newbyteorder("=")
        assert y.dtype.isnative
        assert y.strides == np.tanh(x).strides
        assert y.flags.writeable
        assert np.array_equal(function(np.ascontiguousarray(x).astype(y.dtype)), y)


def test_an_array_in_a_file_is_read(tmp_path: Path) -> None:
    """A memory map is an array like any other, and can be written to."""
    x = np.memmap(tmp_path / "x", np.float32, "w+", shape=(24,))
    x[:] = X
    expected = symacts.mish(X.astype(np.float32))

    assert np.array_equal(symacts.mish(x), expected)
    assert symacts.mish(x, out=x) is x
    assert np.array_equal(x, expected)


@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_subclasses_are_kept() -> None:
    """A matrix comes back as a matrix, as from NumPy's own functions."""
    for x in (np.matrix([[1.0, 2.0]]), np.matrix([[1, 2]]), np.matrix([[1.0]], np.float16)):
        assert type(symacts.relu(x)) is np.matrix
        assert np.array_equal(symacts.relu(np.asarray(x)), symacts.relu(x))


def test_masks_are_kept() -> None:
    """What a mask hides in an input, an array of parameters or the output stays hidden."""
    x = np.ma.array([-1.0, 2.0, 3.0], mask=[False, True, False])
    other = np.ma.array([1.0, 1.0, 1.0], mask=[True, False, False])

    assert np.ma.getmaskarray(symacts.gelu(x)).tolist() == [False, True, False]
    assert symacts.gelu(x)[0] == symacts.gelu(-1.0)
    assert symacts.gelu(x.astype(np.float16)).dtype == np.float16
    assert np.ma.getmaskarray(symacts.swiglu(x, other)).tolist() == [True, True, False]
    for result in symacts.gelu.value_and_derivative(x):
        assert np.ma.getmaskarray(result).tolist() == [False, True, False]
    hidden = np.ma.array([1.0, -9.0, 1.0], mask=[False, True, False])
    assert np.ma.getmaskarray(symacts.elu(x.data, alpha=hidden)).tolist() == [False, True, False]
    out = np.ma.zeros(3)
    assert symacts.gelu(x, out=out) is out
    assert np.ma.getmaskarray(out).tolist() == [False, True, False]
    assert type(symacts.gelu(x, out=np.zeros(3))) is np.ndarray


def test_types_that_know_only_the_first_numpy_are_wrapped() -> None:
    """An `__array_wrap__` that takes the array alone, such as PyTorch's, is called with that."""

    class Old:
        def __array__(self, dtype=None, copy=None) -> np.ndarray:
            return np.ones(2)

        def __array_wrap__(self, values: np.ndarray) -> tuple[str, np.ndarray]:
            return "old", values

    kind, values = symacts.relu(Old())

    assert kind == "old"
    assert values.tolist() == [1.0, 1.0]


@pytest.mark.parametrize("act", SCALARS, ids=lambda act: act.id)
def test_nothing_warns_whatever_the_error_state(act: symacts.Activation) -> None:
    """NaN, infinities and the largest and smallest numbers raise nothing, in any dtype."""
    with np.errstate(all="ignore"):
        far = [np.nan, np.inf, -np.inf, 1e308, -1e308, 5e-324, 1e-310, 710, -745, 88.8, -104]
        inputs = [np.array(far).astype(dtype) for dtype in FLOATS]
    with np.errstate(all="raise"):
        for x in inputs:
            for y in (act(x), act(x[::2]), act(x[3]), act.value_and_derivative(x)[1]):
                assert y.dtype == x.dtype
            assert np.isnan(act(x)[0])


@pytest.mark.parametrize("act", ODD, ids=lambda act: act.id)
def test_odd_functions_keep_the_sign_of_zero(act: symacts.Activation) -> None:
    """At -0.0 an odd function is -0.0 or 0.0 as its slope says, in every dtype."""
    for dtype in FLOATS:
        zeros = np.signbit(act(np.array([0.0, -0.0], dtype)))
        assert zeros[0] != zeros[1], f"{act.id} loses the sign of zero in {dtype.__name__}"


# -- out, where, dtype and casting ---------------------------------------------------------------


def test_out_is_filled_and_returned() -> None:
    """`out=` is an array or a tuple of one, of any layout, byte order or shape that it fits."""
    x, expected = X[:6], symacts.relu(X[:6])
    for out in (np.zeros(6), np.zeros(12)[::2], np.zeros(6, ">f8"), np.zeros(6, np.float32)):
        assert symacts.relu(x, out=out) is out
        assert np.array_equal(expected.astype(out.dtype), out)
        out[:] = 7
        assert symacts.relu(x, out=(out,)) is out
        assert np.array_equal(expected.astype(out.dtype), out)
    assert symacts.relu(x, out=np.zeros((2, 6))).tolist() == [expected.tolist()] * 2
    zero_dimensional = np.array(0.0)
    assert symacts.relu(2.0, out=zero_dimensional) is zero_dimensional
    assert np.array_equal(symacts.relu(x, out=(None,)), expected)


@pytest.mark.parametrize("dtype", [*FLOATS, ml_dtypes.bfloat16, np.int8])
@pytest.mark.parametrize("where", [True, np.arange(24) % 2 == 0], ids=["all", "some"])
def test_out_may_hold_objects(dtype: type, where: object) -> None:
    """An array of objects gets numbers that are equal to the results, as from NumPy."""
    x, out = X.astype(dtype), np.full(24, None)

    assert symacts.relu(x, out=out, where=where) is out

    expected = symacts.relu(x, out=np.zeros(24, symacts.relu(x).dtype), where=where)
    assert (out[where] == expected[where]).all()
    assert {type(value) for value in out[~np.broadcast_to(where, 24)]} <= {type(None)}


@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("size", [5, 30_001])
def test_out_may_overlap_the_input(dtype: type, size: int) -> None:
    """In place, shifted to either side, reversed or seen as another dtype: the values are right."""
    x = np.linspace(-3, 3, size).astype(dtype)
    expected = symacts.mish(x)
    for read, written in (
        (slice(None), slice(None)),
        (slice(1, None), slice(None, -1)),
        (slice(None, -1), slice(1, None)),
        (slice(None), slice(None, None, -1)),
    ):
        y = x.copy()
        assert np.array_equal(symacts.mish(y[read], out=y[written]), expected[read])


def test_out_may_be_a_parameter() -> None:
    """An array of parameters can be overwritten with the result."""
    alpha = np.array([1.0, 2.0])
    expected = symacts.elu(np.full(2, -1.0), alpha=alpha.copy())

    symacts.elu(np.full(2, -1.0), alpha=alpha, out=alpha)

    assert np.array_equal(expected, alpha)


@pytest.mark.parametrize(
    ("out", "error", "message"),
    [
        ([0.0, 0.0], TypeError, "must be an array"),
        ((np.zeros(2), np.zeros(2)), ValueError, "not a tuple of 2"),
        (np.zeros(2, int), TypeError, "Cannot cast symacts.relu output from .*int64.*'same_kind'"),
        (np.zeros(3), ValueError, "broadcast"),
        (np.zeros(1), ValueError, "broadcast"),
        (frozen(np.zeros(2)), ValueError, "read-only"),
    ],
    ids=repr,
)
def test_an_out_that_does_not_fit_is_refused(out, error, message: str) -> None:
    """What the result cannot be written to is refused as NumPy refuses it, in every dtype."""
    for dtype in (np.float16, np.float64):
        with pytest.raises(error, match=message):
            symacts.relu(np.ones(2, dtype), out=out)
        with pytest.raises(error):
            np.tanh(np.ones(2, dtype), out=out)


def test_where_leaves_the_rest_alone() -> None:
    """A mask of truth values, broadcast with the input, says what is computed."""
    for dtype in FLOATS:
        x = np.array([-1.0, 2.0, 3.0], dtype)
        out = np.full((2, 3), 9.0, dtype)

        assert symacts.relu(x, out=out, where=[[True], [False]]) is out
        assert out.tolist() == [[0.0, 2.0, 3.0], [9.0] * 3]
        symacts.relu(x + 1, out=out[0], where=np.array([False, True, False]))
        assert out[0].tolist() == [0.0, 3.0, 3.0]
        symacts.relu(x, out=out[1], where=False)
        assert out[1].tolist() == [9.0] * 3


def test_where_is_checked() -> None:
    """What is no mask of a fitting shape is refused; without `out=` there is a warning."""
    x = np.ones(2)
    for mask in (np.array([1.0, 0.0]), np.array([1, 0])):
        with pytest.raises(TypeError, match="to dtype\\('bool'\\)"):
            symacts.relu(x, out=np.zeros(2), where=mask)
    with pytest.raises(ValueError, match="broadcast"):
        symacts.relu(x, out=np.zeros(2), where=[True, False, True])
    with pytest.raises(ValueError, match="broadcast"):
        symacts.relu(x, out=np.zeros(2), where=[[True], [False]])
    with pytest.warns(UserWarning, match="without out=") as caught:
        assert symacts.relu(x, where=[True, False])[0] == 1.0
    assert caught[0].filename == __file__


@pytest.mark.parametrize("given", FLOATS)
@pytest.mark.parametrize("wanted", [*FLOATS, ml_dtypes.bfloat16])
def test_dtype_sets_the_result(given: type, wanted: type) -> None:
    """With `dtype=` the values are computed from the input as it is and rounded to that."""
    x = np.linspace(-3, 3, 50).astype(given)
    y = symacts.softplus(x, dtype=wanted)
    exact = symacts.softplus(x.astype(np.longdouble))

    assert y.dtype == wanted
    assert symacts.softplus(x[0], dtype=wanted).dtype == wanted
    unit = 2.0 ** -(ml_dtypes.finfo(wanted).nmant if wanted != np.longdouble else 50)
    assert (np.abs(y.astype(np.longdouble) - exact) <= 4 * unit * exact).all()


@pytest.mark.parametrize("dtype", [np.int64, bool, complex, object, "U1", "M8[s]", ">f4"])
def test_results_are_native_floats(dtype: object) -> None:
    """Another dtype is refused instead of cutting values off."""
    if np.dtype(dtype) == np.dtype(np.float32):
        return  # on a machine of the other byte order this one is native
    with pytest.raises(TypeError, match="float"):
        symacts.relu([1.0], dtype=dtype)


@pytest.mark.parametrize("casting", ["no", "equiv", "safe", "same_kind", "unsafe"])
def test_casting_is_what_numpy_makes_of_it(casting: str) -> None:
    """For every rule the same casts of inputs and outputs are refused as by NumPy."""
    outs = [None, *(np.zeros(2, letter) for letter in (">f8", "f8", "f4", "f2", "g", "i4", "c16"))]
    for kind in ("f8", ">f8", "f4", "f2", "i8"):
        for wanted in (None, "f8", "f4", "g"):
            for out in outs:
                x = np.ones(2, kind)
                options = {"casting": casting, "dtype": wanted, "out": out}
                try:
                    np.tanh(x, **options)
                    refused = False
                except TypeError:
                    refused = True
                if refused:
                    with pytest.raises(TypeError, match="Cannot cast symacts"):
                        symacts.tanh(x, **options)
                else:
                    with warnings.catch_warnings():
                        # NumPy's rounding of complex numbers is its own affair.
                        assert np.allclose(symacts.tanh(x, **options), np.tanh(x, **options))


def test_an_unknown_casting_rule_is_refused() -> None:
    """The name of a rule is checked, as NumPy does."""
    with pytest.raises(ValueError, match="casting"):
        symacts.relu(np.ones(2), casting="perhaps")


def test_what_is_too_large_for_out_becomes_infinite_in_silence() -> None:
    """Rounding to a narrower dtype gives infinities and zeros, and no warning."""
    x = np.array([1e300, -1e300, 1e-300])
    with np.errstate(all="raise"):
        assert symacts.softplus(x, dtype=np.float32)[0] == np.inf
        assert symacts.softplus(x, out=np.zeros(3, np.float32))[0] == np.inf
        assert symacts.softplus(x, out=np.zeros(3, np.float16))[1] == 0.0
        assert symacts.swiglu(1e300, np.ones(2, np.float32))[0] == np.inf


# -- several arrays ------------------------------------------------------------------------------


def test_value_and_derivative_fill_two_arrays() -> None:
    """Each result goes to an array of its own; one array for both is refused."""
    x, pair = np.array([-1.0, 2.0]), (np.zeros(2), np.zeros(2))

    value, slope = symacts.gelu.value_and_derivative(x, out=pair)

    assert value is pair[0]
    assert slope is pair[1]
    assert np.allclose(symacts.gelu(x), value, rtol=1e-15)
    assert np.allclose(symacts.gelu.derivative()(x), slope, rtol=1e-15)
    again = x.copy()
    both = symacts.gelu.value_and_derivative(again, out=(None, again))
    assert np.array_equal(both, pair)
    assert both[1] is again
    with pytest.raises(TypeError, match="a tuple of 2 arrays"):
        symacts.gelu.value_and_derivative(x, out=np.zeros(2))
    with pytest.raises(ValueError, match="not a tuple of 3"):
        symacts.gelu.value_and_derivative(x, out=(*pair, None))
    with pytest.raises(TypeError, match="share memory"):
        symacts.gelu.value_and_derivative(x, out=(pair[0], pair[0]))


def test_the_inputs_of_a_gate_are_broadcast() -> None:
    """Their shapes and dtypes are combined as NumPy combines them; a number adapts."""
    single, double = np.ones((3, 1), np.float32), np.ones(2)

    assert symacts.swiglu(single, double).shape == (3, 2)
    for other in (single, double, np.float32(2), np.float64(2), 2.0, 2, True, np.ones(1, "f2")):
        expected = np.result_type(single, other)
        assert symacts.swiglu(single, other).dtype == expected, f"with {other!r}"
        assert symacts.swiglu(other, single).dtype == expected, f"with {other!r}"
    assert symacts.swiglu(np.asfortranarray(np.ones((2, 3))), np.ones((2, 3), order="F")).flags.fnc
    with pytest.raises(ValueError, match="broadcast"):
        symacts.swiglu(np.ones(3), np.ones(2))


@pytest.mark.parametrize("dtype", FLOATS)
def test_parameters_may_be_arrays(dtype: type) -> None:
    """They are broadcast with the input, and do not change the dtype of the result."""
    x = np.linspace(-2, 2, 5).astype(dtype)
    alpha = np.array([[0.5], [1.0], [2.0]])

    rows = symacts.elu(x, alpha=alpha)

    assert rows.shape == (3, 5)
    assert rows.dtype == dtype
    for row, a in zip(rows, alpha[:, 0], strict=True):
        assert np.allclose(symacts.elu(x, alpha=a), row, rtol=1e-3 if dtype == np.float16 else 1e-6)
    assert np.array_equal(symacts.elu(x, alpha=alpha.tolist()), rows)
    assert np.array_equal(symacts.elu(x, alpha=alpha, out=np.zeros((3, 5), dtype)), rows)


def test_a_number_with_an_array_of_parameters_gives_float64() -> None:
    """A Python float is a double, also beside an array of parameters."""
    y = symacts.elu(-1.0, alpha=[1.0, 2.0])

    assert y.dtype == np.float64
    assert np.array_equal(symacts.elu(np.full(2, -1.0), alpha=np.array([1.0, 2.0])), y)


@pytest.mark.parametrize("dtype", ["i8", "u1", ">f8", "f4", "f2"])
def test_nothing_is_made_of_an_array_but_the_result(dtype: str) -> None:
    """Dtypes and layouts are dealt with block by block: memory is the output and a little more."""
    x = np.zeros((1500, 1000), dtype)[:, ::-1]
    symacts.gelu(x[:2])
    tracemalloc.start()
    y = symacts.gelu(x)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak - y.nbytes < 2 * 2**20, f"{(peak - y.nbytes) / 2**20:.1f} MiB beside the result"


# -- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        *("a", b"a", None, 1j, [1 + 2j], date(2020, 1, 1), Decimal(1), Fraction(1, 2)),
        *(2**64, -(2**70), 10**400, [10**400], {}, {1.0}, (x for x in [1.0]), [None, 1.0]),
        object(),
        np.array(["2020-01-01"], "M8[D]"),
        np.array([1], "m8[D]"),
        np.zeros(1, "i4,i4"),
        np.zeros(1, "V4"),
        np.array([1.0], object),
        np.array(["a"], np.dtypes.StringDType()),
    ],
    ids=lambda value: type(value).__name__,
)
def test_other_types_are_refused(value: object) -> None:
    """What is no array of real numbers is a TypeError in NumPy's words, wherever it stands."""
    for call in (
        symacts.relu,
        symacts.elu.derivative(),
        symacts.gelu.value_and_derivative,
        lambda x: symacts.swiglu(1.0, x),
        lambda x: symacts.relu(x, out=np.zeros(1)),
    ):
        with pytest.raises(TypeError, match="not supported for the input types"):
            call(value)


def test_ragged_lists_are_refused() -> None:
    """A list of lists of different lengths is a ValueError, which NumPy raises."""
    with pytest.raises(ValueError, match="inhomogeneous"):
        symacts.relu([[1.0, 2.0], [3.0]])


def test_types_that_take_no_part_are_refused() -> None:
    """A type whose `__array_ufunc__` is None is refused in NumPy's words."""

    class Aloof:
        __array_ufunc__ = None

    with pytest.raises(TypeError, match="operand 'Aloof' does not support ufuncs"):
        symacts.relu(Aloof())


def test_the_number_of_inputs_is_checked() -> None:
    """A call with too few or too many inputs says which there are; none is taken for `out`."""
    x, untouched = np.ones(2), np.zeros(2)
    with pytest.raises(TypeError, match="takes the input a, b"):
        symacts.glu(1.0)
    for call in (symacts.gelu, symacts.gelu.derivative(), symacts.gelu.value_and_derivative):
        with pytest.raises(TypeError, match="takes the input x, but 2 were given"):
            call(x, untouched)
        with pytest.raises(TypeError, match="takes the input x, but 0 were given"):
            call()
    assert untouched.tolist() == [0.0, 0.0]


def test_parameters_are_checked() -> None:
    """An unknown parameter and one outside of its domain are named, with domain and default."""
    with pytest.raises(symacts.ParameterError, match=r"alpha = -1 .* alpha > 0 \(default 1\)"):
        symacts.elu(1.0, alpha=-1)
    with pytest.raises(symacts.ParameterError, match="'alhpa'; did you mean alpha"):
        symacts.elu(1.0, alhpa=1)
    with pytest.raises(symacts.ParameterError, match="relu has no parameters"):
        symacts.relu(1.0, alpha=1)
    with pytest.raises(symacts.ParameterError, match="nan"):
        symacts.elu(1.0, alpha=float("nan"))
    with pytest.raises(symacts.ParameterError, match=r"alpha holds -2.0, .* alpha > 0"):
        symacts.elu(np.ones(3), alpha=[1.0, -2.0, 3.0])
    with pytest.raises(symacts.ParameterError, match="alpha holds nan"):
        symacts.elu(np.ones(2), alpha=np.array([1.0, np.nan], np.float32))


@pytest.mark.parametrize(
    "value",
    [
        *(None, "1", ["1"], sympy.Symbol("q"), 1j, [1j], [None], Decimal("0.5"), 10**400),
        [[1.0], [1.0, 2.0]],
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_parameter_is_a_number(value: object) -> None:
    """Anything else is refused with the name of the parameter."""
    with pytest.raises(symacts.ParameterError, match="alpha"):
        symacts.elu([1.0], alpha=value)


@pytest.mark.parametrize(
    "value",
    [0.5, np.float32(0.5), np.array(0.5), ml_dtypes.bfloat16(0.5), Fraction(1, 2), sympy.S.Half],
    ids=lambda value: type(value).__name__,
)
def test_every_real_number_is_a_parameter(value: object) -> None:
    """NumPy's scalars, fractions and SymPy's numbers are as good as Python's floats."""
    assert symacts.elu(-1.0, alpha=value) == symacts.elu(-1.0, alpha=0.5)


# -- everything at once --------------------------------------------------------------------------

DTYPES = st.sampled_from(["f2", "f4", "f8", ">f2", ">f4", ">f8", "g", "i1", "u1", ">i4", "?"])


@st.composite
def views(draw: st.DrawFn) -> np.ndarray:
    """Return an array of any dtype and shape, seen through any slices in any order of axes."""
    shape = draw(arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5))
    dtype = np.dtype(draw(DTYPES))
    elements = None if dtype.kind in "biu" else st.floats(-30, 30, width=16)
    x = draw(arrays.arrays(dtype, shape, elements=elements))
    if draw(st.booleans()) and x.ndim:
        x = x[draw(arrays.basic_indices(x.shape, allow_newaxis=True))]
    x = np.transpose(x, draw(st.permutations(range(np.ndim(x)))))
    return np.broadcast_to(x, (2, *x.shape)) if draw(st.booleans()) else x


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(x=views(), name=st.sampled_from(["elu", "gelu", "hard_swish", "softplus"]))
def test_the_layout_is_of_no_account(x: np.ndarray, name: str) -> None:
    """Any array gives, element by element, what its numbers in a plain array give."""
    function = symacts.find(name)
    y = function(x)

    assert y.shape == x.shape
    assert y.dtype == (x.dtype.newbyteorder("=") if x.dtype.kind == "f" else np.float64)
    tight = 8 * np.finfo(y.dtype).eps if y.dtype != np.longdouble else 1e-14
    exact = np.asarray(function(plain(x)))
    assert np.allclose(y.astype(np.float64), exact, rtol=tight, atol=tight)
    out = np.full_like(y, 7.0) if y.shape else np.array(7.0, y.dtype)
    assert np.array_equal(function(x, out=out), y)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    shapes=arrays.mutually_broadcastable_shapes(num_shapes=3, max_dims=3, max_side=4, min_side=0),
    seed=st.integers(0, 99),
)
def test_inputs_and_masks_are_broadcast_together(shapes, seed: int) -> None:
    """Two inputs, or an input and its parameters, meet a mask as NumPy's own would."""
    random = np.random.default_rng(seed)
    one, two = (random.uniform(0.5, 2.0, shape) for shape in shapes.input_shapes[:2])
    mask = random.random(shapes.input_shapes[2]) < 0.5
    for call in (symacts.swiglu, lambda x, a, **options: symacts.elu(-x, alpha=a, **options)):
        expected = np.full(shapes.result_shape, 9.0)
        np.copyto(expected, call(one, two), where=mask)
        out = np.full(shapes.result_shape, 9.0)
        assert call(one, two, out=out, where=mask) is out
        assert np.allclose(out, expected, rtol=1e-15, atol=0)
