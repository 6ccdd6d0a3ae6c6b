"""Rows in machine code: against exact values, the base engine, and the edges of memory."""

import multiprocessing
import re
import warnings
from dataclasses import replace

import mpmath
import numpy as np
import pytest
from sympy import Sum, exp, sin

import symacts
from symacts.errors import SymactsError
from symacts.numeric import engine
from symacts.numeric.lowering.text import Source
from symacts.symbols import Vector, i, j, n

pytest.importorskip("llvmlite", reason="machine code needs llvmlite")

from symacts.numeric.float32 import BOUND
from symacts.numeric.llvm import is_available, rows
from symacts.numeric.llvm.machine import host
from symacts.numeric.llvm.rows import ufunc
from symacts.numeric.llvm.rows.across import SHORT_ROW
from symacts.numeric.llvm.rows.choose import choose_rows, row_error, sample_rows
from symacts.numeric.llvm.rows.graph import Graph
from symacts.numeric.llvm.rows.memory import transposed
from symacts.numeric.llvm.rows.passes import passes
from symacts.numeric.llvm.rows.trace import RowProgram

pytestmark = pytest.mark.skipif(not is_available(), reason="this processor has no fma")

SHARES = ["softmax", "log_softmax", "softmin"]
MEMBERS = [*SHARES, "maxout"]
WHICH = ["values", "forward", "backward"]
# On either side of where rows no longer lie in lanes, of whole vectors, and of several of them.
SIZES = [*range(1, 20), SHORT_ROW, SHORT_ROW + 1, 33, 47, 48, 49, 64, 65, 100, 127, 128, 300]


def program_of(name: str, which: str = "values") -> RowProgram:
    """Return a member, or a product with its Jacobian, as a program of rows."""
    vector = symacts.find(name)._vector
    if which == "values":
        return rows.value_program(vector.source, keeps_axis=vector.keeps_axis)
    parts = vector.linearisation
    return rows.product_program(
        vector._write(parts.forms()),
        (len(parts.outer), len(parts.shares)),
        keeps_axis=vector.keeps_axis,
        is_forward=which == "forward",
    )


def inputs_of(program: RowProgram, count: int, size: int) -> list[np.ndarray]:
    """Return rows, and what is beside them."""
    random = np.random.default_rng(size)
    shapes = {"entry": (count, size), "number": (count,)}
    first, *others = (random.normal(0, 3, shapes[kind]) for kind in program.inputs)
    first[1, 0] += 60  # one entry dwarfs all others
    return [first, *others]


def base_results(name: str, which: str, given: list[np.ndarray]) -> np.ndarray:
    """Return what NumPy computes."""
    act = symacts.find(name)
    call = {"values": act, "forward": act.jvp, "backward": act.vjp}[which]
    with engine.use("base"):
        return call(*given)


@pytest.mark.parametrize("bits", [128, 256, 512])
@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize("name", MEMBERS)
def test_every_length_on_every_width(name: str, which: str, bits: int, monkeypatch) -> None:
    """Rows of any length are what NumPy computes, whatever the width of a vector."""
    if bits > host().vector_bits:
        pytest.skip("this processor has no such vectors")
    monkeypatch.setattr(ufunc, "host", lambda: replace(host(), vector_bits=bits))
    program = program_of(name, which)
    function = rows.compile_rows(program, way="short")
    for size in SIZES:
        given = inputs_of(program, 19, size)
        wanted = base_results(name, which, given)
        narrow = function(*(x.astype(np.float32) for x in given))

        assert function(*given) == pytest.approx(wanted, rel=1e-13, abs=1e-14), size
        assert narrow == pytest.approx(wanted, rel=1e-5, abs=1e-5), size


def exact_values(name: str, scores: np.ndarray) -> list[mpmath.mpf]:
    """Return the values of a member with softmax in it, in working precision."""
    sign = -1 if name == "softmin" else 1
    top = max(sign * mpmath.mpf(float(s)) for s in scores)
    distances = [sign * mpmath.mpf(float(s)) - top for s in scores]
    others = sum(map(mpmath.exp, sorted(distances)[:-1]), mpmath.mpf(0))
    if name == "log_softmax":
        return [d - mpmath.log1p(others) for d in distances]
    return [mpmath.exp(d) / (1 + others) for d in distances]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", SHARES)
def test_long_rows_are_right_to_the_last_digits(name: str, dtype: type) -> None:
    """Rows of 31 to 1,000 scores are within 2 units in float32, and 4 in float64, of exact ones."""
    function = rows.compile_rows(program_of(name))
    least = np.finfo(dtype).smallest_normal
    for size in (SHORT_ROW, SHORT_ROW + 1, 200, 1000):
        for kind in range(0, 9, 2):
            x = sample_rows(size, ["entry"], seed=5)[0][24 * kind].astype(dtype)
            if not np.isfinite(x).all():
                continue
            with mpmath.workdps(400):
                values = exact_values(name, x)
                slope = 1.0 if name == "log_softmax" else np.array([float(v) for v in values])
                near = np.array([float(v) for v in values])
                gaps = [
                    float(abs(mpmath.mpf(float(y)) - v))
                    for y, v in zip(function(x), values, strict=True)
                ]
            unit = np.spacing(np.maximum(np.abs(near), least).astype(dtype)).astype(np.float64)
            if dtype is np.float32:
                unit += np.abs(slope) * np.spacing(np.abs(x))
            worst = np.max(gaps / unit)

            assert worst <= (2 if dtype is np.float32 else 4), f"{size} scores of kind {kind}"


@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize("name", MEMBERS)
def test_float32_keeps_its_bound(name: str, which: str) -> None:
    """Whichever way is chosen for float32, rows that it was not chosen by are within the bound."""
    program = program_of(name, which)
    function = rows.compile_rows(program)
    for seed, size in enumerate((3, 17, 40, 90), start=50):
        assert row_error(function, sample_rows(size, program.inputs, seed)) <= 2, size


def test_the_way_is_chosen_by_what_it_gives() -> None:
    """Single precision is taken for softmax, and not where it is off by more than the bound."""

    def chosen(program: RowProgram) -> str:
        return choose_rows(program, lambda way: rows.compile_rows(program, way=way), None)

    roots = Source("roots", ("x", "axis"), ROOTS, frozenset({"share"}))
    program = rows.value_program(roots, keeps_axis=True)
    single = rows.compile_rows(program, way="single")

    assert chosen(program_of("softmax")) == "single"
    assert row_error(single, sample_rows(64, program.inputs, 1)) > BOUND
    assert chosen(program) == "short"
    assert chosen(program_of("maxout", "backward")) == "short", "places are no float32"


# Half of the digits of a share that is subnormal are gone, but its root is an ordinary number.
ROOTS = "def roots(x, axis):\n    return np.sqrt(_share(x, axis))\n"


@pytest.mark.parametrize("size", [5, SHORT_ROW, 37, 64, 1000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_nothing_is_touched_beyond_a_row(dtype: type, size: int) -> None:
    """What lies between rows is neither read, as NaN would show, nor written."""
    function = rows.compile_rows(program_of("softmax"))
    room = np.full((13, size + 3), np.nan, dtype)
    x = room[:, 1 : size + 1]
    x[:] = np.random.default_rng(2).normal(size=(13, size))
    target = np.full((13, size + 3), 7.0, dtype)
    function(x, out=target[:, 2 : size + 2])

    assert target[:, 2 : size + 2].sum(axis=1) == pytest.approx(np.ones(13), rel=1e-5)
    assert (target[:, :2] == 7.0).all()
    assert (target[:, size + 2 :] == 7.0).all()


@pytest.mark.parametrize("size", [6, 40, 300])
@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize("name", MEMBERS)
def test_rows_do_not_depend_on_their_neighbours(name: str, which: str, size: int) -> None:
    """A row gives the same bits alone as beside rows that are infinite, NaN or dominated."""
    program = program_of(name, which)
    function = rows.compile_rows(program)
    given = inputs_of(program, 40, size)
    given[0][2, :] = -np.inf
    given[0][3, 1] = np.inf
    given[0][4, 2] = np.nan
    for dtype in (np.float32, np.float64):
        arrays = [x.astype(dtype) for x in given]
        together = function(*arrays)
        for k in range(40):
            alone = function(*(x[k] for x in arrays))
            assert np.array_equal(alone, together[k], equal_nan=True), f"row {k}"


@pytest.mark.parametrize("size", [3, 40])
@pytest.mark.parametrize("name", MEMBERS)
def test_special_scores_are_as_in_the_base_engine(name: str, size: int) -> None:
    """Infinite and missing scores give the very values that NumPy's way gives."""
    act = symacts.find(name)
    x = np.zeros((5, size))
    x[0, :] = -np.inf
    x[1, :] = np.inf
    x[2, 1] = np.inf
    x[3, 1:] = -np.inf
    x[4, 0] = np.nan
    with engine.use("base"):
        wanted = act(x)
    with engine.use("fast"):
        for dtype in (np.float32, np.float64):
            computed = act(x.astype(dtype))
            finite = np.isfinite(wanted)

            assert np.array_equal(np.isnan(computed), np.isnan(wanted))
            assert np.array_equal(computed[~finite], wanted[~finite], equal_nan=True)
            assert computed[finite] == pytest.approx(wanted[finite], rel=1e-6)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", MEMBERS)
def test_no_flag_is_left_behind(name: str, dtype: type) -> None:
    """No overflow, underflow or invalid operation inside of a row is heard of outside."""
    act = symacts.find(name)
    x = np.array([[0, 1e30, -1e30], [np.inf, 0, np.nan], [-800, 0, 700]], dtype)
    with engine.use("fast"), np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        act(x)
        act(np.repeat(x, 30, axis=1))
        act.jvp(x, np.full_like(x, 1e30))
        act.vjp(x, np.full_like(act(x), 1e30))


def test_functions_without_machine_code_stay_with_numpy() -> None:
    """Sparsemax sorts, which has no machine code, and is computed all the same."""
    with pytest.raises(SymactsError, match="no machine code for excess"):
        program_of("sparsemax")
    with engine.use("fast"):
        assert symacts.sparsemax([0.6, 0.3, -0.5]).sum() == pytest.approx(1.0)


def test_exact_digits_are_not_lost_where_scores_are_far_from_zero() -> None:
    """Taking off the largest score loses nothing, however large it is."""
    function = rows.compile_rows(program_of("softmax"))
    for far in (0.0, 255.5, 257.25, 1e6, 2.0**52):
        scores = far + np.array([0.0, 1.0, -1.0, 2.0] * 10)
        wanted = function(scores - far)
        assert function(scores) == pytest.approx(wanted, rel=1e-15), f"around {far}"


# -- programs --------------------------------------------------------------------------------------


def test_what_is_the_same_for_all_entries_leaves_a_sum() -> None:
    """The sum of p*g over the entries is that of exp(h)*g, found in the same pass as the shares."""
    graph = Graph()
    h, g = graph.add("input", value=0.0), graph.add("input", value=1.0)
    product = graph.apply("multiply", graph.share(h), g)
    result = graph.sum(product)

    assert graph.levels[product] == graph.levels[result] == 2
    assert [len(step.reductions) for step in passes(graph, result)] == [1, 2]


def test_guarded_sums_have_a_pass_of_their_own() -> None:
    """What is only needed for a dominating entry comes after what says whether there is one."""
    graph = Graph()
    result = graph.others(graph.add("input", value=0.0))
    guards = [step.guard is not None for step in passes(graph, result)]

    assert guards == [False, False, True]


def test_unknown_operations_are_refused() -> None:
    """A graph takes only what there is machine code for."""
    with pytest.raises(SymactsError, match="the operation median has no place in a row"):
        Graph().add("median", 0)


def test_equal_functions_have_equal_text() -> None:
    """The cache finds what it kept: the same function makes the same program."""
    assert program_of("softmax").text == program_of("softmax").text
    assert program_of("softmax").text != program_of("softmin").text


def test_columns_of_a_square_are_rows_of_the_transposed_one() -> None:
    """Exchanging squares across the diagonal puts each number where it belongs."""
    size = 8
    lines, columns = transposed([f"%r{k}" for k in range(size)], "<8 x float>", "t")
    known = {f"%r{k}": [(k, lane) for lane in range(size)] for k in range(size)}
    for line in lines:
        name, _, text = line.strip().partition(" = ")
        first, second = (part for part in text.replace(",", " ").split() if part[0] == "%")
        both = known[first] + known[second]
        lanes = [int(part) for part in re.findall(r"i32 (\d+)", text)]
        known[name] = [both[lane] for lane in lanes]

    assert [known[column] for column in columns] == [
        [(lane, k) for lane in range(size)] for k in range(size)
    ]


# -- processes and threads -------------------------------------------------------------------------


def _in_child(queue) -> None:
    x = np.random.default_rng(6).normal(size=(400, 300)).astype(np.float32)
    with engine.use("fast"):
        queue.put(symacts.softmax(x))


@pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="there is no fork here"
)
def test_a_forked_process_computes_on() -> None:
    """A child of a process that shares rows among threads has threads of its own."""
    context = multiprocessing.get_context("fork")
    x = np.random.default_rng(6).normal(size=(400, 300)).astype(np.float32)
    with engine.use("fast"), engine.threads(2):
        wanted = symacts.softmax(x)
        queue = context.Queue()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            child = context.Process(target=_in_child, args=(queue,))
            child.start()
        computed = queue.get(timeout=60)
        child.join(timeout=60)

    assert np.array_equal(computed, wanted)


@pytest.mark.parametrize("size", [10, 1000, 200_000])
def test_any_number_of_threads_gives_the_same(size: int) -> None:
    """Rows are computed once each, whoever computes them."""
    x = np.random.default_rng(7).normal(size=(600_000 // size, size))
    for dtype in (np.float32, np.float64):
        array = x.astype(dtype)
        with engine.use("fast"):
            with engine.threads(1):
                alone = symacts.log_softmax(array)
            with engine.threads(3):
                assert np.array_equal(symacts.log_softmax(array), alone), size


# -- what people do with rows ----------------------------------------------------------------------


@symacts.activation("Surprise")
def surprise(x: Vector):
    """Weight each score by its share."""
    return x[i] * exp(x[i]) / Sum(exp(x[j]), (j, 1, n))


@symacts.activation("Ripple")
def ripple(x: Vector):
    """Let sines of the scores add up."""
    return sin(x[i]) * Sum(sin(x[j]) + 2, (j, 1, n))


@symacts.activation("Centred")
def centred(x: Vector):
    """Take off the mean."""
    return x[i] - Sum(x[j], (j, 1, n)) / n


OWN = [surprise, ripple, centred]


@pytest.mark.parametrize("size", [5, SHORT_ROW, SHORT_ROW + 1, 100])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("act", [*map(symacts.find, SHARES), *OWN], ids=lambda act: act.id)
def test_results_may_take_the_place_of_the_input(
    act: symacts.Activation, dtype: type, size: int
) -> None:
    """Written over its input, a function gives the same bits as elsewhere."""
    x = np.random.default_rng(size).normal(0, 3, (20, size)).astype(dtype)
    x[3, 2], x[4, 1] = 90.0, np.inf
    with engine.use("fast"):
        wanted = act(x)
        act(x, out=x)

    assert np.array_equal(x, wanted, equal_nan=True)


@pytest.mark.parametrize("size", [3, SHORT_ROW, 70])
@pytest.mark.parametrize("act", OWN, ids=lambda act: act.id)
def test_functions_of_ones_own_are_compiled(act: symacts.Activation, size: int) -> None:
    """Any formula of entries and sums gives what NumPy gives, sines of huge scores too."""
    random = np.random.default_rng(size)
    x, beside = random.normal(0, 3, (2, 20, size))
    x[0, 0] = 1e9
    found = {}
    for name in ("base", "fast"):
        with engine.use(name):
            found[name] = [act(x), act.jvp(x, beside), act.vjp(x, beside)]

    assert act._vector._machines.keys() == {"values", "forward", "backward"}
    for ours, wanted in zip(found["fast"], found["base"], strict=True):
        assert ours == pytest.approx(wanted, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", SHARES)
def test_infinite_and_missing_tangents_are_multiplied_in_double(name: str) -> None:
    """Beside a share that float32 cannot hold, a number of the base engine is the same number."""
    act = symacts.find(name)
    x, tangent = np.float32([[0, -150], [0, 150]]), np.float32([[1, np.inf], [np.nan, 1]])
    found = {}
    for way in ("base", "fast"):
        with engine.use(way):
            found[way] = np.stack([act.jvp(x, tangent), act.vjp(x, tangent)])

    is_known = ~np.isnan(found["base"])
    assert np.isinf(found["base"]).any()
    assert np.array_equal(found["fast"][is_known], found["base"][is_known])


@pytest.mark.parametrize("size", [4, 64, 1000])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", SHARES)
def test_products_are_finite_up_to_the_largest_numbers(name: str, dtype: type, size: int) -> None:
    """A tangent of 1e302, or of nearly the largest number in float32, overflows nothing."""
    act, largest = symacts.find(name), float(np.finfo(dtype).max)
    far = largest / 1e6 if dtype is np.float64 else 0.99 * largest
    tangent = np.resize([far, -far], size).astype(dtype)
    x = np.zeros(size, dtype)
    with engine.use("fast"):
        products = [act.jvp(x, tangent), act.vjp(x, tangent)]

    assert np.isfinite(products).all()
    assert np.abs(products).max() > far / (2 * size), "the product is not simply zero"


def test_large_scores_choose_the_way_too() -> None:
    """A sum that single precision cannot hold is computed in double."""
    x = np.full(64, 3e38, np.float32)
    with engine.use("fast"):
        assert centred(x).tolist() == [0.0] * 64
