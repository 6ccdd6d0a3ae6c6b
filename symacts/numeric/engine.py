"""Which engine computes, and on how many threads: settings of the process, like NumPy's own.

`fast` is machine code and needs llvmlite (`pip install symacts[fast]`); `base` is NumPy alone.  The
fast engine is taken where it is installed.  Both keep the same bounds, but not the same last bits.

The environment says how it begins: SYMACTS_NUM_THREADS (or OMP_NUM_THREADS) is the number of
threads, and SYMACTS_CACHE the folder for machine code; where that is empty, none is kept.
"""

import logging
import os
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from symacts.errors import SymactsError

__all__ = ["current", "folder", "tell_threads", "thread_count", "threads", "use", "workers"]

_ENGINES = ("base", "fast")
_VARIABLES = ("SYMACTS_NUM_THREADS", "OMP_NUM_THREADS")

log = logging.getLogger(__name__)


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
    before, _settings.engine = _settings.engine, engine
    try:
        yield
    finally:
        _settings.engine = before


def thread_count() -> int:
    """Return how many threads a large array is spread over."""
    if _settings.threads is None:
        _settings.threads = _default_threads()
    return _settings.threads


@contextmanager
def threads(count: int) -> Iterator[None]:
    """Spread large arrays over *count* threads inside of a `with` block.

    Raises:
        SymactsError: *count* is not a whole number from 1.
    """
    if type(count) is not int or count < 1:
        raise SymactsError(f"a number of threads is a whole number from 1, not {count!r}")
    before = thread_count()
    _spread_over(count)
    try:
        yield
    finally:
        _spread_over(before)


def tell_threads(listener: Callable[[int], None]) -> None:
    """Call *listener* with the number of threads whenever that changes."""
    _listeners.append(listener)


def _spread_over(count: int) -> None:
    _settings.threads = count
    for listener in _listeners:
        listener(count)


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
    return _workers(os.getpid(), max(1, thread_count() - 1))


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
        # OpenMP allows a list, with one number for each level of nesting.
        text = os.environ.get(variable, "").partition(",")[0].strip()
        if text.isdecimal() and int(text) > 0:
            return int(text)
        if text:
            log.warning("%s=%s is not a number of threads and is ignored", variable, text)
    usable = getattr(os, "sched_getaffinity", None)
    return len(usable(0)) if usable else os.cpu_count() or 1


class _Settings:
    """What is found out when first asked for is None until then."""

    engine: str | None = None
    threads: int | None = None


_settings = _Settings()
_listeners: list[Callable[[int], None]] = []
