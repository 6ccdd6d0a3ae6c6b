"""The engines: which one computes, on how many threads, in which process, and from what cache."""

import json
import logging
import os
import pickle
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import numpy as np
import pytest
import sympy

import symacts
from symacts.numeric import engine as engines
from symacts.symbols import Positive

ROOT = Path(__file__).resolve().parent.parent
X = np.linspace(-4, 4, 300_001)


def python(code: str, **variables: str) -> str:
    """Return what *code* prints in a new interpreter, which must end well."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", textwrap.dedent(code)],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def new_activation() -> symacts.Activation:
    """Return a function that nothing has been computed of yet."""

    @symacts.activation("New")
    def new(x, alpha: Positive = 1):
        """Make one that is new."""
        return x * sympy.tanh(alpha * sympy.exp(x))

    return new


# -- which one -----------------------------------------------------------------------------------


def test_an_engine_is_used_inside_of_a_block() -> None:
    """After the block, also after an error in it, the engine of before computes again."""
    before = engines.current()
    with engines.use("base"):
        assert engines.current() == "base"
    with pytest.raises(ZeroDivisionError), engines.use("base"):
        raise ZeroDivisionError

    assert engines.current() == before


def test_an_unknown_engine_is_refused() -> None:
    """The error names the engines that there are."""
    with (
        pytest.raises(symacts.SymactsError, match=r"no engine 'quick' .*base, fast"),
        engines.use("quick"),
    ):
        pass


def test_everything_works_without_llvmlite() -> None:
    """NumPy computes where llvmlite is missing, and asking for machine code says what to do."""
    code = """
        import sys
        sys.modules["llvmlite"] = None
        import numpy as np, symacts
        from symacts.numeric import engine
        assert engine.current() == "base"
        with engine.threads(2):
            assert symacts.relu(np.ones(10**6)).sum() == 10**6
        try:
            with engine.use("fast"): pass
        except symacts.SymactsError as error:
            print(error)
    """
    assert "pip install 'symacts[fast]'" in python(code)


def test_both_engines_agree() -> None:
    """The engines differ in the last bits at most."""
    pytest.importorskip("llvmlite", reason="there is but one engine")
    for x in (X, X.astype(np.float32), X.astype(np.float16)):
        results = []
        for name in ("base", "fast"):
            with engines.use(name):
                results.append(symacts.mish(x).astype(np.float64))
        assert np.allclose(*results, rtol=8 * np.finfo(x.dtype).eps, atol=0)


# -- threads -------------------------------------------------------------------------------------


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("count", [1, 2, 5])
def test_the_number_of_threads_changes_no_bit(count: int) -> None:
    """A large array gives the same result however many threads share it."""
    with engines.threads(1):
        expected = symacts.gelu(X), symacts.gelu(X.astype(np.float32))
    with engines.threads(count):
        assert engines.thread_count() == count
        assert np.array_equal(symacts.gelu(X), expected[0])
        assert np.array_equal(symacts.gelu(X.astype(np.float32)), expected[1])


def test_the_pool_of_machine_code_has_as_many_threads() -> None:
    """There is one number of threads, for both engines."""
    pytest.importorskip("llvmlite", reason="machine code needs llvmlite")
    from symacts.numeric.llvm import pool

    before = engines.thread_count()
    with engines.threads(3):
        assert pool.threads() == 3
    assert engines.thread_count() == before
    assert pool.threads() == before


def test_a_number_of_threads_loads_no_compiler() -> None:
    """NumPy's engine is left alone with it, and machine code that comes later heeds it."""
    pytest.importorskip("llvmlite", reason="machine code needs llvmlite")
    code = """
        import sys
        import numpy as np, symacts
        from symacts.numeric import engine
        with engine.use("base"), engine.threads(3):
            symacts.relu(np.ones(10))
            assert "symacts.numeric.llvm.pool" not in sys.modules
            with engine.use("fast"), engine.threads(2):
                symacts.relu(np.ones(10))
                from symacts.numeric.llvm import pool
                print(pool.threads())
            print(pool.threads())
        print(pool.threads() == engine.thread_count())
    """
    assert python(code).split() == ["2", "3", "True"]


def test_settings_may_last_to_the_end_of_the_process() -> None:
    """A block that is still open when Python ends leaves no traceback behind."""
    code = """
        import numpy as np, symacts
        from symacts.numeric import engine
        kept = [engine.use(engine.current()), engine.threads(2)]
        for each in kept:
            each.__enter__()
        symacts.relu(np.ones(10))
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )

    assert done.stderr == ""


@pytest.mark.parametrize("count", [0, -1, 1.5, "2", None, True])
def test_a_number_of_threads_is_a_whole_number_from_1(count: object) -> None:
    """Anything else is refused, and nothing changes."""
    before = engines.thread_count()
    with (
        pytest.raises(symacts.SymactsError, match="whole number from 1"),
        engines.threads(count),
    ):
        pass

    assert engines.thread_count() == before


@pytest.mark.parametrize(
    ("variables", "count"),
    [
        ({"SYMACTS_NUM_THREADS": "3", "OMP_NUM_THREADS": "5"}, 3),
        ({"SYMACTS_NUM_THREADS": "", "OMP_NUM_THREADS": "5,2"}, 5),
        ({"SYMACTS_NUM_THREADS": " ", "OMP_NUM_THREADS": "1"}, 1),
    ],
    ids=str,
)
def test_the_environment_says_how_many_threads(variables: dict[str, str], count: int) -> None:
    """SYMACTS_NUM_THREADS, and after it OMP_NUM_THREADS, is the number of threads."""
    code = "from symacts.numeric import engine; print(engine.thread_count())"

    assert python(code, **variables) == str(count)


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("call", ["value", "slope", "both", "parameter"])
def test_many_threads_may_meet_a_new_function(call: str) -> None:
    """Eight threads that call a function for the first time at once all get the right numbers."""
    new, known = new_activation(), new_activation()
    calls = {
        "value": lambda act, x: act(x),
        "slope": lambda act, x: act.derivative()(x),
        "both": lambda act, x: np.array(act.value_and_derivative(x)),
        "parameter": lambda act, x: act(x, alpha=np.full(x.shape, 2.0)),
    }
    inputs = [X[: 10 + 7919 * number] for number in range(8)]
    expected = [calls[call](known, x) for x in inputs]
    barrier = Barrier(8)

    def compute(number: int) -> list[np.ndarray]:
        barrier.wait()
        return [calls[call](new, inputs[number]) for _ in range(5)]

    with ThreadPoolExecutor(8) as executor:
        for found, right in zip(executor.map(compute, range(8)), expected, strict=True):
            assert all(np.array_equal(right, one) for one in found)


# -- processes -----------------------------------------------------------------------------------

CHILDREN = """
    import multiprocessing, sys
    import numpy as np, symacts
    from symacts.numeric import engine

    X = np.linspace(-4, 4, 300_001)
    CALLS = (symacts.gelu, symacts.gelu.derivative(), symacts.gelu.value_and_derivative)

    def values(call):
        return np.array(call(X))

    if __name__ == "__main__":
        name, *methods = sys.argv[1:]
        with engine.use(name), engine.threads(3):
            before = {}
            for method in methods:
                context = multiprocessing.get_context(method)
                with context.Pool(1) as pool:  # nothing was computed here before the first of them
                    before[method] = pool.map(values, CALLS)
            ours = [values(call) for call in CALLS]
            for method in methods:
                context = multiprocessing.get_context(method)
                with context.Pool(2) as pool:
                    after = pool.map(values, CALLS)
                # What is spawned takes the engine that it finds, what is forked inherits ours.
                far = 0 if method == "fork" else 1e-14
                for theirs in (before[method], after):
                    for one, other in zip(ours, theirs):
                        assert np.allclose(one, other, rtol=far, atol=far)
        print("equal")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no fork")
def test_other_processes_compute_as_well(tmp_path: Path, engine: str) -> None:
    """Forked and spawned processes compute the same, before the first use here and after it."""
    script = tmp_path / "children.py"
    script.write_text(textwrap.dedent(CHILDREN), encoding="utf-8")
    # From 3.12 on Python warns of every fork in a process with threads; this one's are safe.
    done = subprocess.run(
        [sys.executable, str(script), engine, "fork", "spawn"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.strip() == "equal", done.stderr


FORKS = """
    import faulthandler, os, sys, threading, warnings
    import numpy as np, symacts
    from symacts.numeric import engine

    warnings.simplefilter("ignore", DeprecationWarning)  # of forks in a process with threads
    X = np.linspace(-3, 3, 100_000)
    slopes = [act.derivative() for act in symacts.catalogue.values() if act.kind == "scalar"][:20]
    with engine.use(sys.argv[1]):
        for slope in slopes[::2]:
            slope(X)  # afterwards nothing is imported any more: that is Python's own lock
        thread = threading.Thread(target=lambda: [slope(X) for slope in slopes[1::2]])
        thread.start()
        while thread.is_alive():
            child = os.fork()
            if not child:
                faulthandler.dump_traceback_later(15, exit=True)
                slopes[-1](X)
                os._exit(0)
            assert os.waitpid(child, 0)[1] == 0
    print("done")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fork_inherits_no_lock(engine: str) -> None:
    """A process that is forked while a thread makes a new function can make it as well."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FORKS), engine],
        cwd=ROOT,
        env=os.environ | {"SYMACTS_CACHE": ""},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.strip() == "done", done.stderr


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_functions_are_pickled_by_name(protocol: int) -> None:
    """Members come back as themselves, and what is derived from them computes the same."""
    act = symacts.elu

    def again(value: object) -> object:
        return pickle.loads(pickle.dumps(value, protocol))

    assert again(act) is act
    for call in (act.derivative(), act.derivative(2), act.derivative(wrt="alpha")):
        assert np.array_equal(again(call)(X, alpha=0.5), call(X, alpha=0.5))
    assert np.array_equal(again(act.value_and_derivative)(X), act.value_and_derivative(X))
    assert np.array_equal(again(act.value_and_derivative(X)), act.value_and_derivative(X))
    assert np.array_equal(again(symacts.softmax.jacobian)(X[:9]), symacts.softmax.jacobian(X[:9]))


def test_importing_computes_nothing() -> None:
    """`import symacts` loads no engine, and the engines' settings load neither NumPy nor LLVM."""
    code = "import json, sys, {}; print(json.dumps([*sys.modules]))"
    loaded = json.loads(python(code.format("symacts")))
    assert [name for name in loaded if name.startswith(("symacts.numeric", "llvmlite"))] == []

    loaded = set(json.loads(python(code.format("symacts.numeric.engine"))))
    assert loaded & {"numpy", "scipy", "llvmlite", "dask", "pandas", "xarray"} == set()


# -- the cache of machine code -------------------------------------------------------------------


def test_the_folder_is_what_the_environment_says(monkeypatch: pytest.MonkeyPatch) -> None:
    """SYMACTS_CACHE names the folder; empty it means none; else it is where the system wants it."""
    monkeypatch.setenv("SYMACTS_CACHE", "somewhere/else")
    assert engines.folder() == Path("somewhere/else")
    monkeypatch.setenv("SYMACTS_CACHE", "")
    assert engines.folder() is None
    monkeypatch.delenv("SYMACTS_CACHE")
    for platform, variable, within in (
        ("linux", "XDG_CACHE_HOME", Path("place")),
        ("win32", "LOCALAPPDATA", Path("place")),
        ("darwin", "HOME", Path("place", "Library", "Caches")),
    ):
        monkeypatch.setattr(sys, "platform", platform)
        monkeypatch.setenv(variable, "place")
        assert engines.folder() == within / "symacts"


def test_without_a_place_for_a_cache_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A user without a home, or a Windows without the variable, gets everything but a cache."""

    def homeless(_path: Path) -> Path:
        raise RuntimeError

    monkeypatch.delenv("SYMACTS_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(Path, "expanduser", homeless)
    assert engines.folder() is None
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    monkeypatch.setattr(sys, "platform", "win32")
    assert engines.folder() is None


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Return the list of the modules that are compiled from here on."""
    pytest.importorskip("llvmlite", reason="machine code needs llvmlite")
    from symacts.numeric.llvm import machine as module

    compiled: list[str] = []
    compile_text = module._compile

    def counted(text: str) -> bytes:
        compiled.append(text)
        return compile_text(text)

    monkeypatch.setattr(module, "_compile", counted)
    return compiled


def returning(number: int) -> str:
    """Return the text of a module with a function that returns a number."""
    return f"define i32 @answer() {{\n  ret i32 {number}\n}}\n"


def answer(folder: Path | None, number: int = 42) -> int:
    """Return what the function returns: compiled, or found in a folder."""
    from ctypes import CFUNCTYPE, c_int32

    from symacts.numeric.llvm.machine import load

    return CFUNCTYPE(c_int32)(load(returning(number), ("answer",), folder)["answer"])()


def entry(folder: Path) -> Path:
    """Return the one file of machine code in a folder."""
    (found,) = (folder / "machine-code").glob("??/*")
    return found


def test_machine_code_is_compiled_once(machine: list[str], tmp_path: Path) -> None:
    """What is in the folder is not compiled again."""
    assert [answer(tmp_path), answer(tmp_path)] == [42, 42]
    assert len(machine) == 1


@pytest.mark.parametrize(
    "harm",
    [
        lambda data, _other: data[: len(data) // 2],
        lambda _data, _other: b"",
        lambda data, _other: data[:-5] + b"/////",
        lambda data, _other: bytes(len(data)),
        lambda data, _other: data.replace(b"symacts 2", b"symacts 1", 1),
        lambda data, _other: data.partition(b"\n")[2],
        lambda _data, other: other,
    ],
    ids=["truncated", "empty", "changed", "zeros", "of-another-version", "headless", "foreign"],
)
def test_a_damaged_file_is_never_loaded(harm, machine: list[str], tmp_path: Path) -> None:
    """It is compiled again and replaced by a sound one."""
    assert answer(tmp_path / "other", 13) == 13
    assert answer(tmp_path) == 42
    path = entry(tmp_path)
    sound = path.read_bytes()
    path.write_bytes(harm(sound, entry(tmp_path / "other").read_bytes()))

    assert answer(tmp_path) == 42
    assert len(machine) == 3, "A damaged file was taken for a sound one."
    assert path.read_bytes() == sound
    assert answer(tmp_path) == 42
    assert len(machine) == 3, "What was compiled again was not kept."


@pytest.mark.parametrize("part", range(5))
def test_another_processor_or_version_compiles_for_itself(
    part: int, machine: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """System, processor, its features, LLVM and our code are all part of what is looked for."""
    from symacts.numeric.llvm import machine as module

    answer(tmp_path)
    signature = [*module.signature()]
    signature[part] += "-other"
    monkeypatch.setattr(module, "signature", lambda: tuple(signature))
    answer(tmp_path)

    assert len(machine) == 2, "Machine code that was made for another machine was loaded."


def test_an_unwritable_folder_means_no_cache(
    machine: list[str], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Everything is computed as ever, and one line in the log says that nothing is kept."""
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    with caplog.at_level(logging.WARNING):
        assert [answer(blocked / "cache", number) for number in (1, 2, 3)] == [1, 2, 3]

    assert len(machine) == 3
    assert len(caplog.records) == 1


def test_no_folder_means_no_cache(machine: list[str], tmp_path: Path) -> None:
    """Without a folder everything is compiled, and nothing is written anywhere."""
    assert [answer(None), answer(None)] == [42, 42]
    assert len(machine) == 2
    assert [*tmp_path.iterdir()] == []


# -- blocks of NumPy -----------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 1.0])
@pytest.mark.parametrize("seldom", [0.0, -0.0, np.nan, np.inf, 0.1, -50.0])
@pytest.mark.parametrize(
    "name", ["bilinear", "hard_shrink", "leaky_relu", "sign", "sinc", "snake", "softplus", "swiglu"]
)
def test_parts_of_a_block_give_the_bits_of_the_plain_source(
    name: str, seldom: float, share: float
) -> None:
    """A branch that is gathered, for none, some or all of a block, is that of `np.where`."""
    act = symacts.catalogue[name]
    random = np.random.default_rng(5)
    inputs = [random.normal(0.0, 3.0, 20_000) for _ in act.inputs]
    for x in inputs:
        x[random.random(x.size) < share] = seldom
    with np.errstate(all="ignore"):
        expected = act.numpy_source().compile()(*inputs, *map(float, act.defaults.values()))

    with engines.use("base"):
        computed = act(*inputs)

    assert np.array_equal(computed, expected, equal_nan=True)
    is_number = ~np.isnan(expected)
    assert np.array_equal(np.signbit(computed[is_number]), np.signbit(expected[is_number]))


def test_arrays_of_parameters_go_through_parts_of_a_block() -> None:
    """Strided inputs and parameters of each element take the same branches."""
    x = np.random.default_rng(6).normal(0.0, 30.0, 20_000)
    with engines.use("base"):
        for act in (symacts.softplus, symacts.leaky_relu, symacts.hard_shrink, symacts.snake):
            (parameter,) = act.params.values()
            each = {parameter.name: np.full(x.size, 2.0)}
            one = {parameter.name: 2.0}

            assert np.array_equal(act(x, **each), act(x, **one))
            assert np.array_equal(act(x[::-3], **one), act(x, **one)[::-3])
