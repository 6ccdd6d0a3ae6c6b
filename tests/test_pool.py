"""The thread pool of compiled loops: everything is done once, and nothing ever hangs."""

import os
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("llvmlite", reason="machine code needs llvmlite")

if sys.platform == "win32":
    pytest.skip("the pool is serial on Windows", allow_module_level=True)

from symacts.errors import ParameterError
from symacts.numeric.llvm import pool
from tests.pool_kernels import alternate, has_met, is_marked_once, run

ROOT = Path(__file__).resolve().parent.parent
SIZES = (1, 2, 1023, 2048, 2049, 4096, 5000, 16_384, 100_001, 1_000_000)


@pytest.fixture(autouse=True)
def _same_threads_afterwards() -> Iterator[None]:
    pool.address()
    before = pool.threads()
    yield
    pool.set_threads(before)


@contextmanager
def region_held_open() -> Iterator[np.ndarray]:
    """Keep the pool busy: a region in another thread that does not end before this block.

    The second number is how many threads have joined it.
    """
    numbers = np.zeros(2, np.int64)
    thread = threading.Thread(target=run, args=("hold", numbers, 4096))
    thread.start()
    while not numbers[1]:
        time.sleep(0.001)
    try:
        yield numbers
    finally:
        numbers[0] = 1
        thread.join()


def python(code: str, seconds: float = 60, **variables: str) -> str:
    """Return what *code* prints in a new interpreter, which must end well and in time."""
    code = "from symacts.numeric.llvm import pool\nfrom tests.pool_kernels import *\n" + (
        textwrap.dedent(code)
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )
    assert done.returncode == 0, f"exit code {done.returncode} (negative: a signal)\n{done.stderr}"
    return done.stdout.strip()


def exit_code_of(child: int, seconds: float = 10) -> int | None:
    """Return the exit code of a forked child, or `None` if it had to be killed."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return None


def fork(work) -> int | None:
    """Return the exit code of a child that does *work*: 0 if that returned true."""
    child = os.fork()
    if child:
        return exit_code_of(child)
    code = 2
    try:
        code = 0 if work() else 1
    finally:
        os._exit(code)


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_each_element_is_done_once(threads: int) -> None:
    """A region covers every element once, for any size and any number of threads."""
    pool.set_threads(threads)
    wrong = [n for n in SIZES if not is_marked_once(n)]

    assert wrong == [], "Of these sizes some element was left out or done twice."


@pytest.mark.parametrize("threads", [2, 5])
def test_regions_follow_each_other_closely(threads: int) -> None:
    """Of many small regions in a row none takes anything of the one before for its own."""
    pool.set_threads(threads)
    one, other = np.zeros((2, 4096), np.uint8)
    alternate(one, other, 20_000)

    expected = 10_000 % 256
    assert (one == expected).all(), "Some piece went to the wrong array, or was lost."
    assert (other == expected).all(), "Some piece went to the wrong array, or was lost."


def test_a_region_returns_when_all_is_done() -> None:
    """The caller waits for pieces that helpers have begun, also when it has none left itself."""
    pool.set_threads(3)
    for _ in range(50):
        numbers = np.zeros(3, np.int64)
        run("tally", numbers, 5000)
        assert numbers[1] == 5000


@pytest.mark.parametrize(("n", "pieces"), [(2048, 1), (2049, 3), (50_000, 13), (2_000_000, 31)])
def test_pieces_are_of_sensible_sizes(n: int, pieces: int) -> None:
    """Pieces are multiples of 1024 elements and at most 65536; small regions are one piece."""
    pool.set_threads(2)
    numbers = np.zeros(3, np.int64)
    run("tally", numbers, n)

    assert numbers[0] == pieces
    assert numbers[2] % 1024 == 0, "A piece began in between."


def test_helpers_that_sleep_are_woken() -> None:
    """Regions far apart find helpers asleep, and are complete as well."""
    pool.set_threads(3)
    for _ in range(100):
        time.sleep(0.001)
        assert is_marked_once(4096)


def test_idle_helpers_sleep() -> None:
    """Helpers without work for longer than a moment take no time from others."""
    pool.set_threads(8)
    assert has_met(8)
    time.sleep(0.05)
    before = time.process_time()
    time.sleep(0.3)

    assert time.process_time() - before < 0.1, "Something watches for work and never sleeps."


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_all_threads_take_part(threads: int) -> None:
    """As many threads as were asked for are inside of a region at once, also beyond the cores."""
    pool.set_threads(threads)
    for pause in (0, 0.01):
        time.sleep(pause)
        assert has_met(threads), "Some helper did not come; it was not started or not woken."


def test_no_more_threads_take_part() -> None:
    """After a smaller number was asked for, the threads beyond it are gone."""
    pool.set_threads(8)
    assert has_met(8)
    pool.set_threads(2)
    with region_held_open() as numbers:
        time.sleep(0.1)
        assert numbers[1] <= 2, "A helper that is one too many works on."


def test_one_thread_is_a_direct_call() -> None:
    """With one thread the whole loop is one piece, in the calling thread."""
    pool.set_threads(1)
    numbers = np.array([1, 0, 0], np.int64)
    run("meet", numbers, 1_000_000)

    assert pool.threads() == 1
    assert numbers[1] == 1


@pytest.mark.parametrize("count", [0, -1])
def test_too_few_threads_are_refused(count: int) -> None:
    """A number of threads below 1 is an error that says so."""
    with pytest.raises(ParameterError, match=rf"{count} threads are too few"):
        pool.set_threads(count)


def test_threads_can_be_changed_at_any_time() -> None:
    """Changing the number while other threads compute disturbs neither."""
    with ThreadPoolExecutor(2) as executor:
        results = [executor.submit(is_marked_once, 50_000) for _ in range(300)]
        for count in (1, 3, 2, 5) * 10:
            pool.set_threads(count)
        assert pool.threads() == 5
        assert all(result.result() for result in results)


def test_callers_do_not_wait_for_each_other() -> None:
    """While one caller has the pool, others do their work by themselves."""
    pool.set_threads(2)
    with region_held_open():
        assert is_marked_once(100_000)


def test_callers_at_the_same_time_are_all_served() -> None:
    """Many Python threads that compute at once all get whole results."""
    pool.set_threads(3)
    with ThreadPoolExecutor(6) as executor:
        assert all(executor.map(is_marked_once, [30_000] * 600))


def test_regions_nest() -> None:
    """A region inside of a region is done by the thread that meets it."""
    pool.set_threads(3)

    assert is_marked_once(1_000_000, "nest")


def test_a_forked_child_has_helpers_again() -> None:
    """A child of a process with helpers starts its own; the parent's go on."""
    pool.set_threads(2)
    assert has_met(2)

    assert fork(lambda: has_met(2) and is_marked_once(100_000)) == 0
    assert has_met(2)


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_fork_in_the_middle_of_a_region_hangs_nobody() -> None:
    """A child that is forked while another thread has the pool computes and ends within seconds."""
    pool.set_threads(2)
    with region_held_open():
        codes = [fork(lambda: has_met(2) and is_marked_once(100_000)) for _ in range(2)]

    assert codes == [0] * 2, "None: the child hung; 1: it computed something wrong."
    assert has_met(2), "The parent lost its helpers."


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_forks_while_threads_compute_hang_nobody() -> None:
    """Forks at any moment of many regions give children that compute and end."""
    pool.set_threads(2)
    stop = threading.Event()

    def compute() -> None:
        while not stop.is_set():
            run("mark", np.zeros(20_000, np.uint8), 20_000)

    with ThreadPoolExecutor(2) as executor:
        running = [executor.submit(compute) for _ in range(2)]
        codes = [fork(lambda: is_marked_once(20_000)) for _ in range(30)]
        stop.set()
        for one in running:
            one.result()

    assert codes == [0] * 30


@pytest.mark.skipif(sys.platform != "linux", reason="counts threads as Linux shows them")
def test_fork_finds_a_process_of_one_thread() -> None:
    """Helpers end before a fork, so Python does not warn that forking them is dangerous."""
    answer = python("""
        import os
        def count():
            return len(os.listdir("/proc/self/task"))
        before = count()
        pool.set_threads(3)
        assert has_met(3)
        helpers = count() - before
        if not os.fork():
            os._exit(0)
        print(helpers, count() <= before)
    """)

    assert answer == "2 True"


def test_a_fork_waits_for_the_compiler() -> None:
    """A child is not forked while another thread compiles, so no lock in it is held by nobody."""
    entered, done = threading.Event(), []

    def compile_something() -> None:
        with pool.compiling:
            entered.set()
            time.sleep(0.1)
            done.append(True)

    thread = threading.Thread(target=compile_something)
    thread.start()
    entered.wait()

    assert fork(lambda: done and pool.address() and is_marked_once(10_000)) == 0
    thread.join()


def test_spawned_processes_have_their_own_pool(tmp_path: Path) -> None:
    """Processes that multiprocessing spawns compute as the first one does."""
    script = tmp_path / "script.py"
    script.write_text(
        "from multiprocessing import get_context\n"
        "from tests.pool_kernels import is_marked_once\n"
        "if __name__ == '__main__':\n"
        "    with get_context('spawn').Pool(2) as processes:\n"
        "        print(processes.map(is_marked_once, [10_000, 100_000]))\n"
    )
    done = subprocess.run(
        [sys.executable, script],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.stdout.strip() == "[True, True]", done.stderr


@pytest.mark.parametrize(
    "last", ["", "import time; time.sleep(0.05)"], ids=["watching", "sleeping"]
)
def test_the_interpreter_ends_with_helpers_alive(last: str) -> None:
    """An interpreter whose helpers watch or sleep ends at once, and well."""
    answer = python(f"""
        import time
        pool.set_threads(4)
        assert is_marked_once(1_000_000)
        import atexit
        atexit.register(lambda: print(is_marked_once(100_000), end=" "))
        {last}
        atexit.register(lambda: print(time.time()))
    """)
    ended, *rest = answer.splitlines()

    assert rest == ["True"], "The pool works to the very end."
    assert time.time() - float(ended) < 5


def test_the_interpreter_ends_in_the_middle_of_a_region() -> None:
    """An interpreter ends well while a daemon thread and helpers are inside of a region."""
    python("""
        import threading, time
        pool.set_threads(3)
        numbers = np.zeros(2, np.int64)
        threading.Thread(target=run, args=("hold", numbers, 8192), daemon=True).start()
        while numbers[1] < 1:
            time.sleep(0.001)
        time.sleep(0.01)
    """)


@pytest.mark.parametrize(
    ("variables", "threads"),
    [
        ({"SYMACTS_NUM_THREADS": "3", "OMP_NUM_THREADS": "5"}, 3),
        ({"SYMACTS_NUM_THREADS": "", "OMP_NUM_THREADS": "5,2"}, 5),
        ({"SYMACTS_NUM_THREADS": "", "OMP_NUM_THREADS": "1"}, 1),
    ],
    ids=lambda value: "" if isinstance(value, dict) else str(value),
)
def test_the_environment_says_how_many(variables: dict[str, str], threads: int) -> None:
    """SYMACTS_NUM_THREADS, and after it OMP_NUM_THREADS, gives the number of threads."""
    answer = python("print(pool.threads(), bool(pool.address()), pool.threads())", **variables)

    assert answer == f"{threads} True {threads}"


def test_nonsense_in_the_environment_is_reported_and_ignored() -> None:
    """A variable that is no number of threads is named in the log; the processors are counted."""
    answer = python(
        """
        import logging, sys
        logging.basicConfig(stream=sys.stdout, format="%(message)s")
        assert pool.threads() >= 1
        """,
        SYMACTS_NUM_THREADS="many",
        OMP_NUM_THREADS="",
    )

    assert answer == "SYMACTS_NUM_THREADS=many is not a number of threads and is ignored"


@pytest.mark.skipif(sys.platform != "linux", reason="limits memory as Linux does")
def test_a_system_without_more_threads_is_no_error() -> None:
    """Where the system gives no more threads, the calling thread does everything."""
    answer = python("""
        import resource
        pool.set_threads(8)
        is_marked_once(1)
        status = open("/proc/self/status").read()
        used = int(status.split("VmSize:")[1].split()[0]) * 1024
        resource.setrlimit(resource.RLIMIT_AS, (used + 2**22, resource.RLIM_INFINITY))
        print(is_marked_once(100_000), pool.threads())
    """)

    assert answer == "True 1"


@pytest.mark.parametrize("variant", ["conditions", "serial"])
def test_the_pool_of_other_systems_works(variant: str) -> None:
    """The pool that sleeps on a condition variable, and the serial one, do what this one does."""
    change = {
        "conditions": "pool.FUTEX.clear()",
        "serial": "pool.NEEDED['futex'] = pool.NEEDED['condition'] = ('no_such_function',)",
    }[variant]
    answer = python(f"""
        import os, time
        {change}
        pool.set_threads(3)
        text = pool._text()
        assert is_marked_once(100_000) and is_marked_once(100_000, "nest")
        for _ in range(200):
            time.sleep(0.0005)
            assert is_marked_once(10_000)
        if "pthread_cond" in text:
            assert has_met(3)
            child = os.fork()
            if not child:
                os._exit(0 if has_met(3) else 1)
            assert os.waitpid(child, 0)[1] == 0
            pool.set_threads(2)
            assert has_met(2)
        print("pthread_cond" in text, "pthread_create" in text, pool.threads())
    """)

    assert answer == {"conditions": "True True 2", "serial": "False False 1"}[variant]
