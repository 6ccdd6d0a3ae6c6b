"""pandas, xarray and Dask: what holds an array comes back as what it was, with new numbers."""

import pickle
import sys
import textwrap
from importlib import import_module
from pathlib import Path

import dask
import dask.array as da
import numpy as np
import pandas as pd
import pytest
import xarray as xr

import symacts

pytestmark = pytest.mark.usefixtures("engine")

X = np.linspace(-4, 4, 1000)
CALLS = {
    "value": symacts.gelu,
    "derivative": symacts.gelu.derivative(),
    "by-parameter": symacts.prelu.derivative(wrt="alpha"),
    "parameter": lambda x: symacts.elu(x, alpha=0.5),
    "parameters": lambda x: symacts.elu(x, alpha=np.full(np.shape(x), 0.5)),
    "gate": lambda x: symacts.swiglu(x, x),
}


@pytest.fixture(params=CALLS)
def call(request):
    """Return each way to call a function in turn."""
    return CALLS[request.param]


# -- pandas --------------------------------------------------------------------------------------

SERIES = pd.Series([1.0, -2.0, 3.0], index=list("abc"), name="scores")
FRAME = pd.DataFrame({"u": [1.0, -2.0], "v": [3.0, 4.0]}, index=["r", "s"])


def test_a_series_stays_one(call) -> None:
    """Index and name are kept."""
    y = call(SERIES)

    assert type(y) is pd.Series
    assert y.name == "scores"
    assert y.index.equals(SERIES.index)
    assert np.allclose(y.to_numpy(), call(SERIES.to_numpy()), rtol=1e-14)


def test_a_frame_stays_one(call) -> None:
    """Index and columns are kept."""
    y = call(FRAME)

    assert type(y) is pd.DataFrame
    assert y.columns.equals(FRAME.columns)
    assert y.index.equals(FRAME.index)
    assert np.allclose(y.to_numpy(), call(FRAME.to_numpy()), rtol=1e-14)


@pytest.mark.parametrize("dtype", ["Float64", "Float32", "Int64", "boolean"])
def test_missing_values_stay_missing(dtype: str) -> None:
    """<NA> comes back as <NA>, in the nullable dtype that fits."""
    x = pd.Series([1, None, 0], dtype=dtype, name="scores")
    for y in (symacts.gelu(x), *symacts.gelu.value_and_derivative(x)):
        assert str(y.dtype) == ("Float32" if dtype == "Float32" else "Float64")
        assert y.isna().tolist() == [False, True, False]
        assert y.name == "scores"
    assert symacts.gelu(x)[0] == pytest.approx(symacts.gelu(1.0), rel=1e-6)


def test_both_results_of_a_series_are_series() -> None:
    """`value_and_derivative` gives two of what it was given."""
    for x in (SERIES, FRAME):
        for y, single in zip(
            symacts.gelu.value_and_derivative(x),
            (symacts.gelu(x), symacts.gelu.derivative()(x)),
            strict=True,
        ):
            assert type(y) is type(x)
            assert np.allclose(y, single, rtol=1e-14)


def test_series_are_aligned() -> None:
    """A gate, and an array of parameters, meet by the labels, as pandas' own sums do."""
    turned = SERIES[::-1]

    gated = symacts.swiglu(SERIES, turned)
    assert np.allclose(gated, symacts.swiglu(SERIES.to_numpy(), SERIES.to_numpy()), rtol=1e-14)
    leaky = symacts.elu(SERIES, alpha=turned.abs())
    expected = symacts.elu(SERIES.to_numpy(), alpha=SERIES.abs().to_numpy())
    assert np.allclose(leaky, expected, rtol=1e-14)
    # A parameter that is a series makes one of a plain array too.
    assert type(symacts.elu(SERIES.to_numpy(), alpha=turned.abs())) is pd.Series


def test_series_have_numpy_s_manners() -> None:
    """`out`, `where` and `dtype` do what they do for arrays."""
    assert symacts.gelu(SERIES, dtype=np.float32).dtype == np.float32
    out = SERIES.copy()
    assert symacts.relu(SERIES, out=out).equals(out)
    assert out.tolist() == [1.0, 0.0, 3.0]
    buffer = np.zeros(3)
    symacts.relu(SERIES, out=buffer)
    assert buffer.tolist() == [1.0, 0.0, 3.0]
    assert symacts.relu(np.ones(3), out=out).equals(out)
    assert out.tolist() == [1.0] * 3


def test_what_a_series_cannot_be_asked_is_refused() -> None:
    """Text in a column, and a parameter out of its domain, raise as they do for arrays."""
    with pytest.raises(TypeError, match="not supported for the input types"):
        symacts.gelu(pd.Series(["a"], dtype=object))
    with pytest.raises(symacts.ParameterError, match="alpha holds -2"):
        symacts.elu(SERIES, alpha=SERIES)
    with pytest.raises(symacts.ParameterError, match="alpha = -1"):
        symacts.elu(SERIES, alpha=-1)
    with pytest.raises(symacts.ParameterError, match="did you mean alpha"):
        symacts.elu(SERIES, alhpa=1)


# -- xarray --------------------------------------------------------------------------------------

DATA = xr.DataArray(
    [[1.0, -2.0], [3.0, 4.0]],
    dims=("row", "column"),
    coords={"row": [10, 20]},
    attrs={"units": "m"},
    name="scores",
)


def test_dimensions_coordinates_and_attributes_are_kept(call) -> None:
    """A DataArray comes back with all that xarray's own functions keep."""
    y, like = call(DATA), np.tanh(DATA)

    assert type(y) is xr.DataArray
    assert y.dims == DATA.dims
    assert y.coords.equals(DATA.coords)
    assert y.attrs == like.attrs
    assert y.name == "scores"
    assert np.allclose(y.to_numpy(), call(DATA.to_numpy()), rtol=1e-14)


def test_dimensions_are_matched_by_name() -> None:
    """A parameter, or the other input of a gate, is broadcast along the dimensions it lacks."""
    alpha = xr.DataArray([1.0, 2.0], dims="column")

    y = symacts.elu(-DATA, alpha=alpha)

    assert np.allclose(y, symacts.elu(-DATA.to_numpy(), alpha=alpha.to_numpy()), rtol=1e-14)
    assert symacts.swiglu(DATA, alpha).dims == ("row", "column")


@pytest.mark.parametrize("kind", ["DataArray", "Dataset", "Variable", "chunked"])
def test_both_results_of_xarray_are_of_xarray(kind: str) -> None:
    """`value_and_derivative` gives two of what it was given; what is chunked stays lazy."""
    x = {
        "DataArray": DATA,
        "Dataset": DATA.to_dataset(),
        "Variable": DATA.variable,
        "chunked": DATA.chunk({"row": 1}),
    }[kind]

    both = symacts.gelu.value_and_derivative(x)

    assert [type(y) for y in both] == [type(x)] * 2
    for y, act in zip(both, (symacts.gelu, symacts.gelu.derivative()), strict=True):
        assert dask.is_dask_collection(y) == (kind == "chunked")
        values = y["scores"] if kind == "Dataset" else y
        assert np.allclose(values, act(DATA.to_numpy()), rtol=1e-14)


# -- Dask ----------------------------------------------------------------------------------------


def lazy(x: np.ndarray = X) -> da.Array:
    """Return an array of Dask in chunks that are not all of one size."""
    return da.from_array(x, chunks=(300,) * x.ndim)


def test_a_dask_array_stays_lazy(call) -> None:
    """Nothing is computed before it is asked for, and then the values are the same."""
    y = call(lazy())

    assert type(y) is da.Array
    assert y.chunks == lazy().chunks
    assert y.dtype == np.float64
    assert np.array_equal(y.compute(scheduler="threads"), call(X))


def test_calling_computes_no_chunk() -> None:
    """Neither the input nor a parameter that is lazy too is looked at before `compute`."""

    def never(_block: np.ndarray) -> np.ndarray:
        raise AssertionError("a chunk was computed")

    x = lazy().map_blocks(never, dtype=np.float64, meta=np.empty(0))
    for y in (
        symacts.gelu(x),
        *symacts.gelu.value_and_derivative(x),
        symacts.elu(x, alpha=x),
        symacts.elu(X, alpha=x),
        *symacts.elu.value_and_derivative(x, alpha=x),
        symacts.softmax(x),
    ):
        assert type(y) is da.Array
        with pytest.raises(AssertionError, match="a chunk was computed"):
            y.compute(scheduler="synchronous")


def test_value_and_derivative_of_a_dask_array_are_two() -> None:
    """Dask knows NumPy's own functions of two results only, so there are two lazy calls."""
    value, slope = symacts.gelu.value_and_derivative(lazy())

    assert np.array_equal(value.compute(), symacts.gelu(X))
    assert np.array_equal(slope.compute(), symacts.gelu.derivative()(X))
    both = dask.compute(*symacts.elu.value_and_derivative(lazy(), alpha=0.5))
    for found, expected in zip(both, symacts.elu.value_and_derivative(X, alpha=0.5), strict=True):
        assert np.allclose(found, expected, rtol=1e-14)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i4", "?"])
def test_the_dtype_is_known_before_anything_is_computed(dtype: str) -> None:
    """A lazy result has the dtype that it will have."""
    x = lazy(X.astype(dtype))
    wanted = dtype if dtype.startswith("f") else "f8"
    for y in (symacts.gelu(x), symacts.elu(x, alpha=0.5), symacts.elu(x, alpha=lazy(abs(X) + 1))):
        assert y.dtype == wanted
        assert y.compute().dtype == wanted
    assert symacts.gelu(x, dtype="f4").compute().dtype == np.float32


def test_parameters_may_be_lazy_and_are_checked_where_they_are() -> None:
    """A number out of the domain is refused at once, one in a chunk when that is computed."""
    alpha = np.linspace(0.1, 2, 3)[:, None]
    expected = symacts.elu(X, alpha=alpha)

    for given in (alpha, da.from_array(alpha, chunks=(2, 1)), alpha.tolist()):
        assert np.array_equal(symacts.elu(lazy(), alpha=given).compute(), expected)
    assert symacts.elu(lazy(), alpha=da.ones(()) / 2).shape == X.shape
    with pytest.raises(symacts.ParameterError, match="alpha = -1"):
        symacts.elu(lazy(), alpha=-1)
    with pytest.raises(symacts.ParameterError, match="alpha holds"):
        symacts.elu(lazy(), alpha=lazy()).compute(scheduler="synchronous")


def test_equal_calls_have_equal_names() -> None:
    """Dask finds out that work is the same by its name, and different work has different ones."""
    x = lazy()
    calls = [
        symacts.gelu(x),
        symacts.gelu.derivative()(x),
        symacts.gelu.derivative(2)(x),
        symacts.relu(x),
        symacts.elu(x, alpha=0.5),
        symacts.elu(x, alpha=0.25),
    ]

    assert len({call.name for call in calls}) == len(calls)
    assert symacts.gelu(x).name == calls[0].name
    assert symacts.elu(x, alpha=0.5).name == calls[4].name


def test_a_dask_array_has_numpy_s_manners() -> None:
    """`out` and `where` do what they do for Dask's own functions."""
    out = da.zeros(1000, chunks=300)
    assert symacts.gelu(lazy(), out=out) is out
    assert np.array_equal(out.compute(), symacts.gelu(X))
    masked = symacts.relu(lazy(), out=da.full(1000, 7.0, chunks=300), where=lazy() > 0)
    assert set(masked.compute()[X <= 0]) == {7.0}
    with pytest.raises(TypeError, match="cannot be computed for the types Array"):
        symacts.gelu(lazy().astype("M8[D]"))


OWN = """
    import sympy
    import symacts

    @symacts.activation("TanhExp")
    def tanh_exp(x):
        '''Multiply the input by a gate that opens doubly fast.'''
        return x * sympy.tanh(sympy.exp(x))
"""


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> symacts.Activation:
    """Return a function of a user's own, from a module that others can import."""
    (tmp_path / "own_functions.py").write_text(textwrap.dedent(OWN), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    yield import_module("own_functions").tanh_exp
    del sys.modules["own_functions"]


def test_other_processes_compute_chunks(own: symacts.Activation, engine: str) -> None:
    """Members, derivatives, pairs and functions of one's own travel to where the chunks are."""
    x = lazy()
    calls = (symacts.gelu, symacts.gelu.derivative(), own, own.derivative())
    with dask.config.set(scheduler="processes", num_workers=1):
        found = dask.compute(
            *(call(x) for call in calls),
            *symacts.silu.value_and_derivative(x),
            symacts.elu(x, alpha=lazy(abs(X) + 1)),
            symacts.softmax(x),
        )
    expected = (
        *(call(X) for call in (*calls, symacts.silu, symacts.silu.derivative())),
        symacts.elu(X, alpha=abs(X) + 1),
        symacts.softmax(X),
    )
    # The others take the fast engine where it is installed, whatever is used here.
    far = 0 if engine == "fast" else 1e-14
    for one, other in zip(found, expected, strict=True):
        assert np.allclose(one, other, rtol=far, atol=far)


def test_lazy_arrays_are_pickled(own: symacts.Activation) -> None:
    """A lazy result can be sent away before it is computed."""
    for act in (symacts.gelu, own):
        for y in (act(lazy()), *act.value_and_derivative(lazy())):
            assert np.array_equal(pickle.loads(pickle.dumps(y)).compute(), y.compute())


# -- others --------------------------------------------------------------------------------------


def test_errors_of_other_packages_name_the_function() -> None:
    """What pandas cannot do it refuses with the name of the function, not with an address."""
    with pytest.raises(NotImplementedError, match=r"<symacts\.swiglu>"):
        symacts.swiglu(FRAME, FRAME["u"])


def test_types_that_refuse_are_named() -> None:
    """Where no type can make anything of the call the error names them."""

    class Refusing:
        def __array_ufunc__(self, *_arguments, **_options) -> object:
            return NotImplemented

    for call in (symacts.gelu, symacts.gelu.value_and_derivative):
        with pytest.raises(TypeError, match=r"symacts\.gelu cannot be computed .* Refusing"):
            call(Refusing())


def test_the_first_type_that_can_computes() -> None:
    """What the protocol hands over is the method, the inputs in order and `out` in a tuple."""

    class Telling:
        def __array_ufunc__(self, ufunc, method, *inputs, **options) -> object:
            return ufunc.__name__, ufunc.nin, ufunc.nout, method, len(inputs), options

    x, out = Telling(), np.zeros(1)

    assert symacts.gelu(x) == ("gelu", 1, 1, "__call__", 1, {})
    assert symacts.gelu(x, out=out) == ("gelu", 1, 1, "__call__", 1, {"out": (out,)})
    assert symacts.elu(1.0, alpha=x)[1:] == (2, 1, "__call__", 2, {})
    assert symacts.elu.value_and_derivative(x, alpha=0.5)[1:3] == (1, 2)
    assert symacts.elu(x, dtype="f4", casting="unsafe")[-1] == {"dtype": "f4", "casting": "unsafe"}
