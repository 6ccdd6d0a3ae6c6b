"""The threads that share the work of compiled loops.

`symacts_parallel(work, context, n)` is a function for machine code: it runs loops without Python
and without its lock, so the pool is machine code as well, compiled from pool.ll.  Python only says
how many threads there are, and sees to it that a fork leaves nothing behind that nobody owns.
"""

import ctypes
import operator
import os
import platform
import signal
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from string import Template

from symacts.errors import ParameterError
from symacts.numeric import engine

__all__ = ["address", "compiling", "set_threads", "threads"]

#: How many threads there is room for.
MOST_THREADS = 256
FOLDER = Path(__file__).parent
#: A helper watches for work this long before it sleeps: about as long as falling asleep and being
#: woken cost together, so watching at most doubles the price.
SPIN_NANOSECONDS = 50_000

# What the pool calls, by how its helpers sleep.  Where one of these is missing, it is serial.
THREADS = (
    *("pthread_create", "pthread_join", "pthread_sigmask", "sigfillset"),
    *("clock_gettime", "sched_yield"),
)
NEEDED = {
    "futex": (*THREADS, "syscall"),
    "condition": (
        *THREADS,
        *("pthread_mutex_init", "pthread_mutex_lock", "pthread_mutex_unlock"),
        *("pthread_cond_init", "pthread_cond_wait", "pthread_cond_broadcast"),
    ),
}

# The processors that the pool is known to run on.  How each is told that a loop only waits: the
# declaration, and the call.
RELAX = {
    "x86_64": ("declare void @llvm.x86.sse2.pause()", "call void @llvm.x86.sse2.pause()"),
    "aarch64": ("declare void @llvm.aarch64.isb(i32)", "call void @llvm.aarch64.isb(i32 15)"),
}
SAME_PROCESSOR = {"amd64": "x86_64", "arm64": "aarch64"}
FUTEX = {"x86_64": 202, "aarch64": 98}

#: Held by whoever compiles or loads code.  A fork waits for it, so that no child inherits a
#: compiler at work, whose locks nobody in the child would ever open.
compiling = threading.RLock()


@dataclass(frozen=True)
class _Pool:
    """The compiled functions: where the first is, and the others ready to be called."""

    parallel: int
    resize: Callable[[int], int]
    reset: Callable[[], None]
    helpers: Callable[[], int]


class _State:
    pool: _Pool | None = None
    count: int | None = None


_state = _State()


def address() -> int:
    """Return where `symacts_parallel` is in this process; the first call compiles it."""
    if _state.pool is None:
        with compiling:
            if _state.pool is None:
                pool = _load(_text())
                pool.resize(threads() - 1)
                _state.pool = pool
    return _state.pool.parallel


def threads() -> int:
    """Return how many threads share a loop, the calling one included.

    These are as many as `engine.thread_count` says, unless `set_threads` was called.
    """
    if _state.pool is not None:
        return 1 + _state.pool.helpers()
    return _state.count or min(engine.thread_count(), MOST_THREADS)


def set_threads(count: int) -> None:
    """Let *count* threads share a loop, the calling one included; 1 means no others.

    Raises:
        ParameterError: *count* is less than 1.
    """
    if operator.index(count) < 1:
        raise ParameterError(f"a loop needs a thread to run in; {count} threads are too few")
    with compiling:
        _state.count = min(count, MOST_THREADS)
        # A loop that runs now, in another thread, goes on as it began, and soon ends.
        while _state.pool and not _state.pool.resize(_state.count - 1):
            time.sleep(0.0005)


engine.tell_threads(set_threads)


def _text() -> str:
    """Return the pool in LLVM's language, made for this system."""
    process = None if sys.platform == "win32" else ctypes.CDLL(None)
    processor = platform.machine().lower()
    processor = SAME_PROCESSOR.get(processor, processor)
    sleep = "futex" if sys.platform == "linux" and processor in FUTEX else "condition"
    is_known = processor in RELAX and sys.maxsize > 2**32
    if not is_known or not all(hasattr(process, name) for name in NEEDED[sleep]):
        return _read("pool_serial.ll")
    declare_relax, relax = RELAX[processor]
    return Template(_read("pool.ll") + _read(f"pool_{sleep}.ll")).substitute(
        declare_relax=declare_relax,
        relax=relax,
        futex=FUTEX.get(processor),
        monotonic_clock=time.CLOCK_MONOTONIC,
        most_helpers=MOST_THREADS - 1,
        sig_setmask=int(signal.SIG_SETMASK),
        spin_nanoseconds=SPIN_NANOSECONDS,
    )


def _read(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _load(text: str) -> _Pool:
    from llvmlite import binding

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    machine = binding.Target.from_default_triple().create_target_machine(opt=0, jit=True)
    code = binding.create_mcjit_compiler(binding.parse_assembly(text), machine)
    code.finalize_object()
    find = code.get_function_address
    number = ctypes.c_int32
    pool = _Pool(
        parallel=find("symacts_parallel"),
        resize=ctypes.CFUNCTYPE(number, number)(find("symacts_pool_resize")),
        reset=ctypes.CFUNCTYPE(None)(find("symacts_pool_reset")),
        helpers=ctypes.CFUNCTYPE(number)(find("symacts_pool_helpers")),
    )
    pool.reset()
    # The code stays to the very end of the process: helpers sleep in it.
    code.detach()
    return pool


def _before_fork() -> None:
    compiling.acquire()
    if _state.pool is not None:
        # Nothing breaks if this fails because a loop runs in another thread.  But Python warns of
        # forks in a process of many threads, and it is right for all that it can know.
        _state.pool.resize(_state.pool.helpers())


def _after_fork_in_child() -> None:
    if _state.pool is not None:
        _state.pool.reset()
    compiling.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(
        before=_before_fork,
        after_in_parent=compiling.release,
        after_in_child=_after_fork_in_child,
    )
