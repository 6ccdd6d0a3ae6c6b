"""Which engine computes, and on how many threads: settings of the process, like NumPy's own.

`fast` is machine code and needs llvmlite (`pip install symacts[fast]`); `base` is NumPy alone.  The
fast engine is taken where it is installed.  Both keep the same bounds, but not the same last bits.
"""

import os
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from symacts.errors import SymactsError

__all__ = ["current", "folder", "thread_count", "threads", "use", "workers"]

_ENGINES = ("base", "fast")
_VARIABLES = ("SYMACTS_NUM_THREADS", "OMP_NUM_THREADS")


def current() -> str:
    """Return the engine that computes now: `"fast"` or `"base"`."""
    if _settings.engine is None:
        _settings.engine = "fast" if _is_installed() else "base"
    return _settings.engine


@contextmanager
def use(engine: str) -> Iterator[None]:
    """Compute with *engine*, `"base"` or `"fast"`, inside of a `with` block.

    Raises:
        SymactsError: there is no such engine, or it is not installed.
    """
    if engine not in _ENGINES:
        raise SymactsError(f"there is no engine {engine!r} (there are {', '.join(_ENGINES)})")
    if engine == "fast" and not _is_installed():
        raise SymactsError("the fast engine needs llvmlite: pip install 'symacts[fast]'")
    before, _settings.engine = current(), engine
    try:
        yield
    finally:
        _settings.engine = before


def thread_count() -> int:
    """Return how many threads a large array is spread over."""
    return _settings.threads


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Spread large arrays over *count* threads inside of a `with` block."""
    if type(count) is not int or count < 1:
        raise SymactsError(f"a number of threads is a whole number from 1, not {count!r}")
    before = _settings.threads
    _spread_over(count)
    try:
        yield
    finally:
        _spread_over(before)


def _spread_over(count: int) -> None:
    _settings.threads = count
    if _is_installed():
        from symacts.numeric.llvm import pool

        pool.set_threads(count)


def folder() -> Path | None:
    """Return where machine code is kept between processes; None where there is no place for it.

    That is the folder for caches of this system, or the one that SYMACTS_CACHE names.
    """
    named = os.environ.get("SYMACTS_CACHE")
    if named is not None:
        return Path(named) if named else None
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    with suppress(RuntimeError):  # there is no home
        return Path(base).expanduser() / "symacts" if base else None
    return None


def workers() -> ThreadPoolExecutor:
    """Return the threads that compute beside the calling one."""
    # A process that was forked has none of its parent's threads.
    return _workers(os.getpid(), max(1, _settings.threads - 1))


@lru_cache(maxsize=4)
def _workers(_process: int, count: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(count, thread_name_prefix="symacts")


@lru_cache(maxsize=1)
def _is_installed() -> bool:
    if find_spec("llvmlite") is None:
        return False
    from symacts.numeric.llvm import is_available

    return is_available()


def _default_threads() -> int:
    """Return the number that the environment asks for, or that of the usable processors."""
    for variable in _VARIABLES:
        count = os.environ.get(variable, "")
        if count.isdecimal() and int(count) > 0:
            return int(count)
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


class _Settings:
    def __init__(self) -> None:
        self.engine: str | None = None  # found out when first asked for
        self.threads = _default_threads()


_settings = _Settings()
