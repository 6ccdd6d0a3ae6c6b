"""NumPy's manners: what goes in, what comes out, and what is refused."""

import pickle

import ml_dtypes
import numpy as np
import pytest
import sympy

import symacts


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.longdouble])
def test_float_dtypes_are_kept(dtype: type) -> None:
    """A float array comes back in its own dtype and shape."""
    x = np.linspace(-2, 2, 6, dtype=dtype).reshape(2, 3)

    y = symacts.gelu(x)

    assert y.dtype == dtype
    assert y.shape == (2, 3)


def test_bfloat16_is_kept() -> None:
    """The bfloat16 of ml_dtypes is a float like any other."""
    x = np.array([-1.0, 0.5], ml_dtypes.bfloat16)

    assert symacts.silu(x).dtype == ml_dtypes.bfloat16


@pytest.mark.parametrize("value", [[1, 2], (1, 2), range(1, 3), np.array([1, 2], np.uint8), [True]])
def test_integers_and_booleans_become_float64(value: object) -> None:
    """Whole numbers and truth values are promoted before anything is computed."""
    y = symacts.silu(value)

    assert y.dtype == np.float64
    assert np.array_equal(symacts.silu(np.asarray(value, float)), y)


def test_scalars_and_zero_dimensional_arrays_give_scalars() -> None:
    """A scalar comes back as a NumPy scalar, as from a ufunc."""
    assert isinstance(symacts.relu(2), np.float64)
    assert isinstance(symacts.relu(np.array(2.0, np.float32)), np.float32)


def test_any_layout_is_read() -> None:
    """Empty, strided, read-only and big-endian arrays work."""
    base = np.linspace(-3, 3, 12)
    frozen = base.copy()
    frozen.flags.writeable = False

    assert symacts.elu(np.empty((0, 3))).shape == (0, 3)
    assert np.array_equal(symacts.elu(base)[::3], symacts.elu(base[::3]))
    assert np.array_equal(symacts.elu(base), symacts.elu(frozen))
    assert np.array_equal(symacts.elu(base), symacts.elu(base.astype(">f8")))


def test_out_where_and_dtype() -> None:
    """`out=` is filled and returned, `where=` leaves the rest alone, `dtype=` sets the result."""
    x = np.array([-1.0, 2.0, 3.0])
    buffer = np.full(3, 9.0)

    returned = symacts.relu(x, out=buffer, where=[True, True, False])

    assert returned is buffer
    assert buffer.tolist() == [0.0, 2.0, 9.0]
    assert symacts.relu(x, dtype=np.float32).dtype == np.float32


def test_out_may_be_the_input() -> None:
    """A function can be applied in place."""
    x = np.array([-1.0, 2.0])
    expected = symacts.mish(x)

    symacts.mish(x, out=x)

    assert np.array_equal(expected, x)


def test_out_of_a_narrower_kind_is_refused() -> None:
    """Float results do not go into an integer array."""
    with pytest.raises(TypeError, match="same_kind"):
        symacts.relu(np.ones(2), out=np.zeros(2, int))


@pytest.mark.parametrize(
    "value", ["a", None, [1 + 2j], np.array(["2020-01-01"], "M8[D]"), np.zeros(1, "i4,i4")]
)
def test_other_types_are_refused(value: object) -> None:
    """What is not a real number is a TypeError in NumPy's words."""
    with pytest.raises(TypeError, match="not supported for the input types"):
        symacts.relu(value)


def test_the_number_of_inputs_is_checked() -> None:
    """A gate needs both of its inputs, and says so."""
    with pytest.raises(TypeError, match="takes the input a, b"):
        symacts.glu(1.0)


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


def test_activations_pickle_by_name() -> None:
    """A member survives a round trip through pickle as itself."""
    assert pickle.loads(pickle.dumps(symacts.gelu)) is symacts.gelu


def test_value_and_derivative_fill_two_arrays() -> None:
    """Each result goes to an array of its own; one array for both is refused."""
    x, pair = np.array([-1.0, 2.0]), (np.zeros(2), np.zeros(2))

    value, slope = symacts.gelu.value_and_derivative(x, out=pair)

    assert value is pair[0]
    assert np.array_equal(symacts.gelu(x), value)
    assert np.array_equal(symacts.gelu.derivative()(x), slope)
    with pytest.raises(TypeError, match="a tuple of 2 arrays"):
        symacts.gelu.value_and_derivative(x, out=np.zeros(2))
    with pytest.raises(TypeError, match="share memory"):
        symacts.gelu.value_and_derivative(x, out=(pair[0], pair[0]))


def test_results_are_floats() -> None:
    """A dtype that cannot hold the values is refused instead of cutting them off."""
    with pytest.raises(TypeError, match="gives floats, not int64"):
        symacts.gelu([1.0], dtype=np.int64)


@pytest.mark.parametrize("value", [None, "1", ["1"], sympy.Symbol("q")])
def test_a_parameter_is_a_number(value: object) -> None:
    """Anything else is refused with the name of the parameter."""
    with pytest.raises(symacts.ParameterError, match="alpha"):
        symacts.elu([1.0], alpha=value)
