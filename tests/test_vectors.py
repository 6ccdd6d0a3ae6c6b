"""Functions of a whole vector: values, Jacobians and the products with them."""

import pickle
import tracemalloc

import mpmath
import numpy as np
import pytest
import sympy
from sympy import Sum, exp, log, sqrt, symbols

import symacts
from symacts.numeric import engine
from symacts.numeric.running import rows
from symacts.symbols import Vector, i, j, n

pytestmark = pytest.mark.usefixtures("computing")
VECTORS = [act for act in symacts.catalogue.values() if act.kind == "vector"]


@pytest.fixture(params=["base", "fast"])
def computing(request):
    """Compute with each engine in turn."""
    if request.param == "fast":
        pytest.importorskip("llvmlite", reason="the fast engine needs llvmlite")
    with engine.use(request.param):
        yield request.param


def keeps_axis(act: symacts.Activation) -> bool:
    """Tell whether a function gives as many numbers as it takes."""
    return np.ndim(act([0.0, 1.0])) == 1


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
        (jacobian @ along[..., None])[..., 0] if keeps_axis(act) else (jacobian * along).sum(-1)
    )
    back = np.moveaxis(cotangent, axis, -1) if keeps_axis(act) else cotangent
    backward = (
        np.einsum("...ij,...i->...j", jacobian, back)
        if keeps_axis(act)
        else jacobian * back[..., None]
    )
    forward = np.moveaxis(forward, -1, axis) if keeps_axis(act) else forward

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

    with engine.use("base"):
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


# -- accuracy ------------------------------------------------------------------------------------

SHARES = ["softmax", "log_softmax", "softmin"]


def exact(name: str, scores: list[float]) -> tuple[mpmath.matrix, mpmath.matrix]:
    """Return the values and the Jacobian of a member with softmax in it, in working precision."""
    sign = -1 if name == "softmin" else 1
    powers = [mpmath.exp(sign * mpmath.mpf(s)) for s in scores]
    p = [power / mpmath.fsum(powers) for power in powers]
    size = range(len(p))
    rest = [mpmath.fsum(p[k] for k in size if k != m) for m in size]
    if name == "log_softmax":
        values = [
            mpmath.log1p(-r) if r < 0.5 else mpmath.log(q) for q, r in zip(p, rest, strict=True)
        ]
        slopes = [[rest[m] if k == m else -p[k] for k in size] for m in size]
    else:
        values = p
        slopes = [[sign * p[m] * (rest[m] if k == m else -p[k]) for k in size] for m in size]
    return mpmath.matrix(values), mpmath.matrix(slopes)


def worst_ulp(computed: np.ndarray, wanted: mpmath.matrix | list[mpmath.mpf]) -> float:
    """Return the largest error in units in the last place."""
    gaps = []
    for number, true in zip(np.ravel(computed), wanted, strict=True):
        unit = np.spacing(max(abs(float(true)), 2.3e-308))
        gaps.append(float(abs(mpmath.mpf(float(number)) - true) / mpmath.mpf(float(unit))))
    return max(gaps)


HARD = {
    "ordinary": [0.3, -1.7, 2.2, 0.9, -4.1],
    "far apart": [1999.1, 1371.3, 1999.7, -1888.8, 1998.2],
    "far from zero": [-1234.5678, -1233.1, -1240.25, -1233.7],
    "dominated": [50.3, 1.1, 2.2, -3.3],
    "dwarfed": [-0.7, 640.1, 3.3],
    "next to each other": [1.2e-8, -0.7e-8, 0.3e-8, 0.1e-8, 2.2e-8],
    "tied": [-29.3] * 5,
    "one": [3.3],
}


@pytest.mark.parametrize("scores", HARD.values(), ids=HARD.keys())
@pytest.mark.parametrize("name", SHARES)
def test_values_and_jacobians_are_right_to_the_last_digits(name: str, scores: list[float]) -> None:
    """Each entry is within 4 ulp of 1,800 digits, the inputs taken as exact."""
    act = symacts.find(name)
    with mpmath.workdps(1800):
        values, slopes = exact(name, scores)

        assert worst_ulp(act(scores), values) <= 4, f"{name}{scores}"
        assert worst_ulp(act.jacobian(scores), slopes) <= 4, f"the Jacobian of {name} at {scores}"


@pytest.mark.parametrize("name", SHARES)
def test_products_keep_what_a_dominating_score_leaves(name: str) -> None:
    """The gradient of a loss at a confident prediction is small, and it is not noise."""
    act = symacts.find(name)
    scores = [-37.5, -2.5, -1.25, 3.0] if name == "softmin" else [37.5, 2.5, 1.25, -3.0]
    vector = [0.75, -1.5, 0.25, 1.0]
    with mpmath.workdps(60):
        _, slopes = exact(name, scores)
        column = mpmath.matrix(vector)

        assert worst_ulp(act.jvp(scores, vector), slopes * column) <= 4
        assert worst_ulp(act.vjp(scores, vector), slopes.T * column) <= 4


@pytest.mark.parametrize("name", SHARES)
def test_a_million_scores_lose_nothing(name: str) -> None:
    """A thousand copies of a thousand scores have the same shares, each a thousandth."""
    scores = np.random.default_rng(11).normal(scale=3, size=1000)
    computed = symacts.find(name)(np.tile(scores, 1000))
    sign = -1 if name == "softmin" else 1
    with mpmath.workdps(40):
        powers = [mpmath.exp(sign * mpmath.mpf(float(s))) for s in scores]
        shares = [power / (1000 * mpmath.fsum(powers)) for power in powers]
        wanted = list(map(mpmath.log, shares)) if name == "log_softmax" else shares

        assert worst_ulp(computed[:1000], wanted) <= 4


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
@pytest.mark.parametrize("name", SHARES)
def test_narrow_floats_are_rounded_once(name: str, dtype: type, computing: str) -> None:
    """float32 and float16 are what float64 gives, rounded; only machine code has float32 itself."""
    act = symacts.find(name)
    x = np.random.default_rng(12).normal(scale=4, size=(3, 40, 5)).astype(dtype)
    wide = x.astype(np.float64)

    for narrow, exact_ in ((act(x), act(wide)), (act.jacobian(x), act.jacobian(wide))):
        rounded = exact_.astype(dtype)
        off = np.abs(narrow - rounded) / np.spacing(np.abs(rounded))
        has_own = computing == "fast" and dtype is np.float32 and narrow.shape == x.shape

        assert narrow.dtype == dtype
        assert off.max() <= (2 if has_own else 0), f"{name} is off by {off.max()} units"


def test_longdouble_stays() -> None:
    """Extended precision comes out with more digits than a double has."""
    if np.finfo(np.longdouble).nmant == 52:
        pytest.skip("longdouble is float64 here")
    p = symacts.softmax(np.array([0.4, 2.0, 5.0], np.longdouble))
    with mpmath.workdps(40):
        wanted = exact("softmax", [0.4, 2.0, 5.0])[0][2]
        high = float(p[2])
        found = mpmath.mpf(high) + mpmath.mpf(float(p[2] - high))

        assert abs(found - wanted) < 1e-18


# -- own functions -------------------------------------------------------------------------------


@symacts.activation("Surprise")
def surprise(x: Vector):
    """Weigh each entry's surprise with its share."""
    share = exp(2 * x[i]) / Sum(exp(2 * x[j]), (j, 1, n))
    return -share * log(share) + x[i] * share


@symacts.activation("Standardised")
def standardised(x: Vector):
    """Take the mean off and divide by the deviation."""
    mean = Sum(x[j], (j, 1, n)) / n
    return (x[i] - mean) / sqrt(Sum((x[j] - mean) ** 2, (j, 1, n)) / n + 1)


@symacts.activation("Free energy")
def free_energy(x: Vector):
    """Give one number for all entries."""
    return log(Sum(exp(-x[j]), (j, 1, n)))


@pytest.mark.parametrize("act", [surprise, standardised, free_energy], ids=lambda act: act.id)
def test_own_functions_have_right_jacobians(act: symacts.Activation) -> None:
    """Shares, sums inside of sums, and one number for all: the chain rule reaches them."""
    test_jacobian_matches_finite_differences(act)
    test_products_agree_with_the_jacobian(act, axis=1)


def test_own_functions_keep_what_a_dominating_score_leaves() -> None:
    """The rule looks at what a function is made of, and not at its name."""
    x = [30.0, 0.5, 1.0]
    with mpmath.workdps(60):
        a, b, c = (mpmath.exp(2 * mpmath.mpf(s)) for s in x)
        p, rest = a / (a + b + c), (b + c) / (a + b + c)
        slope = (2 * (-mpmath.log1p(-rest) - 1) + 60) * p * rest + p
        diagonal = surprise.jacobian(x)[0, 0]
        cross = -(2 * (-mpmath.log1p(-rest) - 1) + 60) * p * b / (a + b + c)

        assert worst_ulp(np.array([diagonal]), mpmath.matrix([slope])) <= 4
        assert worst_ulp(surprise.jacobian(x)[0, 1:2], mpmath.matrix([cross])) <= 4


def test_a_sum_that_depends_on_the_entry_is_refused() -> None:
    """A sum over all pairs of entries has no form here, and is not taken for another one."""

    @symacts.activation("Pairs")
    def pairs(x: Vector):
        """Compare each entry with all."""
        return Sum(sympy.tanh(x[i] - x[j]), (j, 1, n))

    with pytest.raises(symacts.DefinitionError, match="must be the same for each entry"):
        pairs([1.0, 2.0])


# -- manners -------------------------------------------------------------------------------------


LAYOUTS = {
    "Fortran order": np.asfortranarray,
    "every other row": lambda x: np.repeat(x, 2, axis=0)[::2],
    "backwards": lambda x: x[:, ::-1].copy()[:, ::-1],
    "big-endian": lambda x: x.astype(">f8"),
    "read-only": lambda x: np.broadcast_to(x, x.shape),
    "list": lambda x: x.tolist(),
}


@pytest.mark.parametrize("axis", [0, 1, 2])
@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS.keys())
def test_layouts_give_the_same_bits(layout, axis: int) -> None:
    """Strides and byte order change nothing, and what comes out is an ordinary array."""
    x = np.random.default_rng(13).normal(size=(7, 5, 150))
    for act in VECTORS:
        values = act(layout(x), axis=axis)

        assert values.dtype.isnative
        assert np.array_equal(values, act(x, axis=axis))


@pytest.mark.parametrize("size", [3, 129, 1000])
def test_rows_do_not_depend_on_what_is_computed_beside_them(size: int) -> None:
    """One row gives the same bits as many rows, and any number of threads the same as one."""
    x = np.random.default_rng(14).normal(scale=9, size=(300_000 // size, size))
    x[5] += 1000
    x[7] = -np.inf
    for act in (symacts.softmax, symacts.log_softmax):
        values = act(x)
        with engine.threads(3):
            assert np.array_equal(act(x), values, equal_nan=True)
        for k in (0, 5, 7, len(x) - 1):
            assert np.array_equal(act(x[k]), values[k], equal_nan=True)
        assert np.array_equal(act(np.ascontiguousarray(x.T), axis=0), values.T)


def test_out_dtype_and_casting() -> None:
    """Results go where they are sent, cast by NumPy's rules, in place too."""
    x = np.random.default_rng(15).normal(size=(4, 5))
    p = symacts.softmax(x)
    narrow = np.empty((4, 5), np.float32)

    assert symacts.softmax(x, out=narrow) is narrow
    assert np.array_equal(narrow, p.astype(np.float32))
    assert symacts.softmax(x.astype(np.float32), dtype=np.float64).dtype == np.float64
    assert np.array_equal(symacts.maxout(x, axis=0, out=(np.empty(5),)), x.max(axis=0))
    with pytest.raises(TypeError, match="casting rule 'safe'"):
        symacts.softmax(x, out=narrow, casting="safe")
    with pytest.raises(TypeError, match="casting rule 'safe'"):
        symacts.softmax(x, dtype=np.float32, casting="safe")
    with pytest.raises(ValueError, match="casting must be one of"):
        symacts.softmax(x, casting="bogus")
    with pytest.raises(TypeError, match="gives floats, not int64"):
        symacts.softmax(x, dtype=np.int64)
    shifted = np.concatenate([x.ravel(), [0.0]])
    symacts.softmax(shifted[:5], out=shifted[1:6])
    assert np.array_equal(shifted[1:6], p[0])
    symacts.softmax(x, axis=0, out=x)
    assert x.sum(axis=0) == pytest.approx(np.ones(5))


def test_mistakes_are_named() -> None:
    """What is given and what is wanted are in the message."""
    x = np.ones((2, 3))
    with pytest.raises(ValueError, match="not a single number"):
        symacts.softmax(2.0)
    with pytest.raises(TypeError, match="takes axis, out, dtype and casting, not where"):
        symacts.softmax(x, where=True)
    with pytest.raises(ValueError, match=r"tangent has the shape \(2,\); .* input, \(2, 3\)"):
        symacts.softmax.jvp(x, [1.0, 2.0])
    with pytest.raises(ValueError, match=r"cotangent has the shape \(3,\); .* result, \(2,\)"):
        symacts.maxout.vjp(x, np.ones(3))
    with pytest.raises(TypeError, match="not supported for the input types"):
        symacts.softmax(["a", "b"])
    with pytest.raises(TypeError, match="out must be an array"):
        symacts.softmax(x, out=[0.0])


def test_no_vectors_give_no_results() -> None:
    """Empty leading axes are kept."""
    assert symacts.softmax(np.empty((0, 5))).shape == (0, 5)
    assert symacts.maxout(np.empty((3, 0, 5)), axis=-1).shape == (3, 0)
    assert symacts.softmax.jacobian(np.empty((0, 5))).shape == (0, 5, 5)


def test_many_rows_need_no_memory_but_the_output() -> None:
    """Beside the output there are blocks of rows, whatever the size of the input."""
    x = np.zeros((4000, 1000))
    symacts.softmax(x[:1])
    tracemalloc.start()
    symacts.softmax(x)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert peak < x.nbytes + 2 * 2**20, f"{(peak - x.nbytes) / 2**20:.1f} MiB beside the output"


def test_functions_can_be_pickled() -> None:
    """A cluster can be sent the function of a vector."""
    function = pickle.loads(pickle.dumps(symacts.softmax._vector))

    assert np.array_equal(function([1.0, 2.0]), symacts.softmax([1.0, 2.0]))


def test_masked_scores_are_not_guessed() -> None:
    """A masked score would change all others, so it has to be filled first."""
    x = np.ma.masked_array([1.0, 2.0, 3.0], [False, False, True])
    with pytest.raises(ValueError, match="filled"):
        symacts.softmax(x)

    assert isinstance(symacts.softmax(x[:2]), np.ma.MaskedArray)
    assert symacts.softmax(x.filled(-np.inf)) == pytest.approx([0.26894142, 0.73105858, 0])


def test_pandas_in_pandas_out() -> None:
    """A Series and a DataFrame keep their labels."""
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame([[0.4, 2.0, 5.0], [1.0, 2.0, 3.0]], columns=list("abc"))
    p = symacts.softmax(frame)

    assert p.equals(pandas.DataFrame(symacts.softmax(frame.to_numpy()), columns=list("abc")))
    assert symacts.maxout(frame, axis=0).equals(frame.max())
    assert list(symacts.softmax(frame["b"]).index) == [0, 1]


def test_xarray_in_xarray_out() -> None:
    """Dimensions are kept, and may name the axis."""
    xarray = pytest.importorskip("xarray")
    x = np.random.default_rng(16).normal(size=(2, 3))
    array = xarray.DataArray(x, dims=("row", "kind"), coords={"kind": list("abc")})
    p = symacts.softmax(array, axis="row")

    assert p.dims == array.dims
    assert np.array_equal(p.data, symacts.softmax(x, axis=0))
    assert symacts.maxout(array).dims == ("row",)


def test_dask_stays_lazy() -> None:
    """Each vector is brought into one chunk, and nothing is computed before it is asked for."""
    dask = pytest.importorskip("dask.array")
    x = np.random.default_rng(17).normal(size=(6, 7)).astype(np.float32)
    lazy = symacts.softmax(dask.from_array(x, chunks=(2, 3)))

    assert type(lazy) is type(dask.from_array(x))
    assert lazy.dtype == np.float32
    assert np.array_equal(lazy.compute(), symacts.softmax(x))
    assert np.array_equal(symacts.maxout(dask.from_array(x), axis=0).compute(), x.max(axis=0))


def test_other_arrays_are_refused() -> None:
    """An array type with rules of its own is not turned into a plain array behind its back."""

    class Metres(np.ndarray):
        def __array_ufunc__(self, ufunc, method, *inputs, **options):
            return NotImplemented

    with pytest.raises(TypeError, match="give it a NumPy array"):
        symacts.softmax(np.ones(3).view(Metres))


def test_expressions_in_expressions_out() -> None:
    """A list of symbols gives a tuple of formulas, a matrix a matrix, and maxout a maximum."""
    a, b = symbols("a b", real=True)
    p = symacts.softmax([a, b])

    assert p == sympy.Tuple(exp(a) / (exp(a) + exp(b)), exp(b) / (exp(a) + exp(b)))
    assert symacts.softmax(sympy.Matrix([a, b])) == sympy.Matrix(p)
    assert symacts.maxout([a, 2]) == sympy.Max(a, 2)
    assert standardised([a]) == sympy.Tuple(0)
    with pytest.raises(symacts.SymactsError, match="give it numbers"):
        symacts.sparsemax([a, b])
    with pytest.raises(ValueError, match="takes a vector of expressions"):
        symacts.softmax(a)


def test_blocks_cover_every_vector_once() -> None:
    """Whatever the leading axes, the cuts are disjoint, small enough and leave nothing out."""
    for shape in [(), (5,), (3, 4), (2, 300, 7), (40, 2), (3, 1, 1)]:
        count = np.zeros(shape, int)
        for cut in rows._cuts(shape, 6):
            assert count[cut].size <= 6
            count[cut] += 1

        assert (count == 1).all(), shape
