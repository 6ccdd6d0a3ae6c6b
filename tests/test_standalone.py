"""Stand-alone source: it needs nothing of ours, and gives the bits that ours gives."""

import ast
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import symacts
from symacts.cli import main
from symacts.numeric import engine, kernels
from symacts.numeric.standalone import function_name, standalone_module
from symacts.numeric.standalone.excerpts import Excerpts

ACTS = list(symacts.catalogue.values())
ORDERS = (0, 1, 2)
DTYPES = (np.float64, np.float32, np.float16, np.int64)
FAR = [0.0, -0.0, 1e-310, 40.0, -40.0, 750.0, -750.0, 1e160, -1e160, np.inf, -np.inf, np.nan]

# Runs what a module offers where nothing but NumPy and SciPy can be imported.
ALONE = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"symacts", "sympy", "flint", "mpmath", "pybtex"}:
            raise ImportError(f"stand-alone source imports {name}")

sys.meta_path.insert(0, Refuse())
sys.path.insert(0, sys.argv[1])
import warnings
warnings.simplefilter("error")
import activations
import numpy as np

given = np.load(sys.argv[1] + "/given.npz")
results = {}
for line in given["calls"]:
    name, dtype, *inputs = str(line).split()
    results[f"{name} {dtype}"] = getattr(activations, name)(*(given[key] for key in inputs))
np.savez(sys.argv[1] + "/results.npz", **results)
"""


def inputs_of(kind: str, dtype: type) -> tuple[np.ndarray, ...]:
    """Return inputs for a member of a kind: near zero, far out, and where there is no number."""
    rng = np.random.default_rng(7)
    if kind == "vector":
        return (np.vstack([rng.normal(scale=9, size=(4, len(FAR))), np.sort(FAR)[None]]),)
    line = np.concatenate([np.linspace(-9, 9, 181), FAR])
    if dtype is np.int64:
        line = np.arange(-12.0, 13.0)
    return (line,) if kind == "scalar" else (line, rng.permutation(line))


def converted(array: np.ndarray, dtype: type) -> np.ndarray:
    """Return an array in another dtype; what is too large for it becomes infinite."""
    with np.errstate(all="ignore"):
        return np.nan_to_num(array).astype(dtype) if dtype is np.int64 else array.astype(dtype)


def offered(act: symacts.Activation) -> Iterator[tuple[str, Any]]:
    """Yield each function that the module of everything has for a member, and ours."""
    yield act.id, act
    if act.kind != "vector":
        yield from ((function_name(act, order), act.derivative(order)) for order in ORDERS[1:])


@pytest.fixture(scope="module")
def text() -> str:
    """Return one module with all members and their first derivatives."""
    return standalone_module(ACTS, "numpy", ORDERS, "symacts code ...")


@pytest.fixture(scope="module")
def alone(text: str, tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray]:
    """Return what the module of everything computes in a Python without symacts and SymPy."""
    folder = tmp_path_factory.mktemp("alone")
    (folder / "activations.py").write_text(text, encoding="utf-8")
    given: dict[str, np.ndarray] = {}
    calls = []
    for act in ACTS:
        for dtype in DTYPES:
            keys = [f"{act.kind}{place}{np.dtype(dtype)}" for place, _ in enumerate(act.inputs)]
            arrays = (converted(array, dtype) for array in inputs_of(act.kind, dtype))
            given |= zip(keys, arrays, strict=True)
            calls += [f"{name} {np.dtype(dtype)} {' '.join(keys)}" for name, _ in offered(act)]
    np.savez(folder / "given.npz", calls=np.array(calls), **given)
    done = subprocess.run(
        [sys.executable, "-c", ALONE, str(folder)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with np.load(folder / "results.npz") as results:
        return dict(results)


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.id)
@pytest.mark.parametrize("dtype", DTYPES)
def test_bits_are_ours(act: symacts.Activation, dtype: type, alone: dict[str, np.ndarray]) -> None:
    """Where only NumPy and SciPy are, the module gives the bits and dtypes that ours gives.

    But for float32, which ours need not compute in float64: there it gives what that is rounded to.
    """
    inputs = [converted(array, dtype) for array in inputs_of(act.kind, dtype)]
    for name, function in offered(act):
        computed = alone[f"{name} {np.dtype(dtype)}"]
        with engine.use("base"):
            ours = function(*inputs)
            assert computed.dtype == ours.dtype
            if dtype is np.float32:
                ours = rounded(function(*(array.astype(np.float64) for array in inputs)), dtype)

        different = bits(computed) != bits(ours)
        assert not different.any(), (
            f"{name} of {[array[different] for array in inputs]} is {computed[different]} stand-"
            f"alone and {ours[different]} in symacts; both should run the same source"
        )


def rounded(values: np.ndarray, dtype: type) -> np.ndarray:
    """Return values in another dtype, the too large ones as infinities."""
    with np.errstate(over="ignore"):
        return values.astype(dtype)


def bits(values: np.ndarray) -> np.ndarray:
    """Return floats as whole numbers that are equal where they are the same, all NaN alike."""
    same_nan = np.where(np.isnan(values), np.array(np.nan, values.dtype), values)
    return same_nan.view(f"u{values.dtype.itemsize}")


@pytest.fixture(scope="module")
def module(text: str) -> ModuleType:
    """Return the module of everything, imported here."""
    return executed(text)


def executed(text: str) -> ModuleType:
    """Return stand-alone source as a module."""
    module = ModuleType("activations")
    exec(compile(text, "activations.py", "exec"), vars(module))
    return module


def test_all_lists_what_is_offered(module: ModuleType) -> None:
    """`__all__` holds each function, and all else in the module is private or imported."""
    names = [name for act in ACTS for name, _ in offered(act)]
    public = {name for name, value in vars(module).items() if not name.startswith("_")}

    assert module.__all__ == names
    assert public == {*names, "np", "functools"}


def test_shared_functions_are_there_once(text: str) -> None:
    """However many functions call a helper, it is defined once."""
    names = [node.name for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]

    assert sorted(names) == sorted(set(names))


def test_source_passes_a_linter(text: str, tmp_path: Path) -> None:
    """A linter finds no error in the source: nothing undefined, nothing imported in vain."""
    pytest.importorskip("ruff")
    path = tmp_path / "activations.py"
    path.write_text(text, encoding="utf-8")
    command = "ruff check --isolated --select E,F,B,UP,SIM --ignore E501"
    done = subprocess.run(
        [sys.executable, "-m", *shlex.split(command), path],
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout


def test_parameters_are_keywords(module: ModuleType) -> None:
    """A parameter is given by name, as a number or as an array that broadcasts."""
    alphas = np.array([[0.5], [2.0]])
    x = np.array([-3.0, -0.5, 0.0, 2.0])

    computed = module.elu(x, alpha=alphas)

    for alpha, row in zip(alphas[:, 0], computed, strict=True):
        with engine.use("base"):
            assert np.array_equal(row, symacts.elu(x, alpha=alpha))
    with pytest.raises(TypeError, match="positional"):
        module.elu(x, 0.5)
    with pytest.raises(TypeError, match="alpa"):
        module.elu(x, alpa=0.5)


def test_a_number_gives_a_number(module: ModuleType) -> None:
    """A Python number gives a float64; a list gives an array; so it is for constants too."""
    for name in ("gelu", "relu_derivative", "binary_step_derivative", "identity"):
        function = getattr(module, name)

        assert type(function(1)) is np.float64
        assert function([1, 2]).shape == (2,)


def test_results_are_the_callers_own(module: ModuleType) -> None:
    """What comes out is a new array, also of a function that changes nothing."""
    x = np.array([1.0, -2.0])

    assert not np.shares_memory(module.identity(x), x)
    assert module.relu_derivative(x).flags.writeable


@pytest.mark.parametrize("value", [1j, "one", None, np.datetime64("2020-01-01")])
def test_what_is_no_number_is_refused(value: object, module: ModuleType) -> None:
    """A TypeError says that real numbers are needed."""
    with pytest.raises(TypeError, match="takes real numbers"):
        module.gelu(value)


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_vectors_take_an_axis(axis: int, module: ModuleType) -> None:
    """Vector-valued members work along the axis that is asked for."""
    x = np.random.default_rng(3).normal(size=(3, 4))

    for name in ("softmax", "log_softmax", "sparsemax", "maxout"):
        with engine.use("base"):
            ours = symacts.find(name)(x, axis=axis)

        assert np.array_equal(getattr(module, name)(x, axis=axis), ours), name


def test_docstrings_explain(module: ModuleType) -> None:
    """A docstring says what the function is, its formula, and each parameter with its domain."""
    text = " ".join(module.elu_derivative.__doc__.split())

    assert text.startswith("The derivative of ELU.")
    assert "f'(x) = Piecewise((alpha*exp(x), x <= 0), (1, True))" in text
    assert "alpha > 0, by default 1" in text
    assert "axis" in module.softmax.__doc__
    assert module.swiglu_derivative.__doc__.startswith("The derivative of SwiGLU by a.")


# -- where it comes from -------------------------------------------------------------------------


def test_the_command_in_the_file_writes_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first lines name the version and the command, which writes the same bytes again."""
    monkeypatch.chdir(tmp_path)
    names = "gelu erf sigmoid hard_swish gelu_tanh log_softmax squareplus thresholded_relu"
    assert main(["code", *names.split(), *shlex.split("--to numpy --order 0 2 -o acts.py")]) == 0
    written = Path("acts.py").read_text(encoding="utf-8")
    about = ast.get_docstring(ast.parse(written)) or ""
    command = about.rpartition("\n\n")[2].replace("\\\n", "")

    assert symacts.__version__ in about
    Path("acts.py").unlink()
    assert main(shlex.split(command)[1:]) == 0
    assert Path("acts.py").read_text(encoding="utf-8") == written


def test_one_function_says_where_it_comes_from() -> None:
    """`act.code()` names its own command; of a definition of one's own, the call."""

    @symacts.activation("Mine")
    def mine(x):
        r"""Say \"this\" with a backslash, and \"\"\"these\"\"\"."""
        return x**3

    assert "\n    symacts code gelu --to numpy --order 1\n" in symacts.gelu.code(order=1)
    assert 'mine.code("numpy", order=2)' in mine.code(order=2)
    assert executed(mine.code()).mine(2.0) == 8.0


def test_no_derivative_of_a_vector() -> None:
    """A vector-valued member is there with its values; asked for a derivative alone, it says no."""
    softmax = [symacts.softmax]

    assert "def softmax(" in standalone_module(softmax, "numpy", [1, 0], "make it")
    with pytest.raises(symacts.SymactsError, match="jacobian"):
        standalone_module(softmax, "numpy", [1], "make it")


@pytest.mark.parametrize("order", [-1, 9, 1.5])
def test_orders_are_checked(order: Any) -> None:
    """An order that no derivative has is refused before anything is made."""
    with pytest.raises(symacts.SymactsError, match="whole number from 1 to 8"):
        symacts.gelu.code(order=order)


# -- excerpts ------------------------------------------------------------------------------------

LIBRARY = '''
"""A module."""

from collections.abc import Callable

import numpy as np
from scipy import special

from symacts.numeric.kernels import sigma

Array = np.ndarray

# Made by a fit:
# these are its numbers.
_FIT: tuple[float, ...] = (
    1.0,  # the first, in µ
    2.0,
)
BOUND = 2 * len(_FIT)


def outer(u: Array, /, *more: Array, bound: float = BOUND) -> Array:
    """Call inner; sigma stays a word here."""
    total: Array = sigma(u)  # a comment with ümlaut: sigma
    sum_of = lambda inner: inner  # the parameter is no name of ours
    return sum_of(total) + inner(u) + special.erf(bound)


def inner(u: Array) -> Array:
    for c in _FIT:
        u = u * c
    return u
'''


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Return an imported module with all that an excerpt has to deal with."""
    import importlib

    (tmp_path / "library_of_kernels.py").write_text(LIBRARY, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return importlib.import_module("library_of_kernels")


def test_excerpts_hold_what_they_need(library: ModuleType) -> None:
    """Functions, constants and functions of other modules of ours come along, renamed."""
    excerpts = Excerpts()
    excerpts.add(library, ["outer"])
    scope: dict[str, Any] = {"np": np}
    text = "\n\n\n".join(excerpts.texts.values())
    exec(text, scope)

    assert list(excerpts.texts) == ["_FIT", "_BOUND", "_inner", "_sigma", "_outer"]
    assert scope["_outer"](np.zeros(1)) == library.outer(np.zeros(1))
    assert "# Made by a fit:\n# these are its numbers.\n_FIT = (\n    1.0,  # the first" in text
    assert "def _outer(u, /, *more, bound=_BOUND):" in text
    assert '"""Call inner; sigma stays a word here."""\n    from scipy import special\n\n' in text
    assert "total = _sigma(u)  # a comment with ümlaut: sigma" in text
    assert "lambda inner: inner" in text


def test_a_local_name_is_no_kernel() -> None:
    """`simplex_threshold` has a local total, which does not bring the kernel `total` along."""
    excerpts = Excerpts()
    excerpts.add(kernels, ["simplex_threshold"])

    assert "_simplex_threshold" in excerpts.texts
    assert "_total" not in excerpts.texts
