"""A disk cache keyed by content: what is dear to make is made once.

An entry is found by everything that it was made from, so it never needs to be invalidated: change
the source and the key changes with it.  An entry starts with the checksum of its key and the rest
of it.  One that does not match, for whatever reason, is made again; it is never trusted.
"""

import logging
import os
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["Cache", "code_fingerprint"]

PACKAGE = Path(__file__).resolve().parent
MAGIC = b"symacts 2 "
LARGEST = 256 * 2**20
DAY = 24 * 3600

log = logging.getLogger(__name__)
_unwritable: set[Path | None] = set()


class Cache:
    """Texts on disk, each under the fingerprint of what it was made from."""

    def __init__(self, folder: Path | None) -> None:
        """Use *folder*, which need not exist yet; with `None` nothing is kept."""
        self.folder = folder

    def remember(self, kind: str, parts: Iterable[str], make: Callable[[], str]) -> str:
        """Return what *make* made from *parts* the last time, or make it now and keep it.

        *kind* names the sort of thing, for people who look into the folder.  *parts* must hold
        everything that the result depends on; `code_fingerprint` stands for the code.
        """
        if self.folder is None:
            return make()
        path = self._path(self.folder, kind, parts)
        found = _read(path)
        if found is None:
            found = make()
            self._write(path, found)
        return found

    def sweep(self, largest: int = LARGEST) -> None:
        """Drop the entries that were used longest ago until at most half of *largest* bytes stay.

        Nothing happens before the cache has grown beyond *largest* bytes.
        """
        entries = sorted(self._entries(), reverse=True)
        if sum(size for _, size, _ in entries) <= largest:
            return
        kept = 0
        for _, size, path in entries:
            kept += size
            if kept > largest // 2:
                with suppress(OSError):
                    path.unlink()

    def _entries(self) -> Iterable[tuple[float, int, Path]]:
        """Yield when each entry was last used, how large it is, and where it lies."""
        if self.folder is None:
            return
        for path in self.folder.glob("*/??/*"):
            with suppress(OSError):
                status = path.stat()
                yield status.st_mtime, status.st_size, path

    @staticmethod
    def _path(folder: Path, kind: str, parts: Iterable[str]) -> Path:
        key = sha256()
        for part in parts:
            data = part.encode()
            # The length in front keeps ("ab", "c") and ("a", "bc") apart.
            key.update(b"%d:" % len(data))
            key.update(data)
        name = key.hexdigest()[:40]
        return folder / kind / name[:2] / name[2:]

    def _write(self, path: Path, text: str) -> None:
        """Write in one step, so that a reader or a second writer never meets half an entry."""
        data = text.encode()
        try:
            self._open()
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            new = Path(name)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(_header(path, data) + data)
                new.replace(path)
            finally:
                new.unlink(missing_ok=True)
        except OSError as error:
            # Slow is better than not at all: a full disk or a read-only folder stops nobody.
            _complain(self.folder, error)
            self.folder = None

    def _open(self) -> None:
        """Create the folder with the two notes that keep git and backups out of it."""
        assert self.folder is not None
        if (self.folder / ".gitignore").exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / ".gitignore").write_text("*\n", encoding="utf-8")
        (self.folder / "CACHEDIR.TAG").write_text(
            "Signature: 8a477f597d28d172789f06886806bc55\n"
            "# The cache of symacts; it can be deleted at any time.\n",
            encoding="utf-8",
        )


@lru_cache(maxsize=64)
def code_fingerprint(*sources: str, libraries: tuple[str, ...] = ()) -> str:
    """Return one hash for the code in *sources* and the versions of *libraries*.

    Sources are files or folders of the package, such as `"typeset.py"` or `"numeric"`.
    """
    digest = sha256()
    for source in sources:
        for path in _files(PACKAGE / source):
            digest.update(path.relative_to(PACKAGE).as_posix().encode())
            digest.update(sha256(path.read_bytes()).digest())
    for library in libraries:
        digest.update(f"{library} {_version(library)}".encode())
    return digest.hexdigest()[:20]


def _files(source: Path) -> list[Path]:
    if source.is_dir():
        return sorted(path for path in source.rglob("*") if _is_code(path))
    return [source]


def _is_code(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts


def _version(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"


def _complain(folder: Path | None, error: OSError) -> None:
    """Say once in a process that nothing is kept in a folder."""
    if folder not in _unwritable:
        _unwritable.add(folder)
        log.warning("Nothing is kept in the cache: %s", error)


def _header(path: Path, data: bytes) -> bytes:
    key = f"{path.parent.name}{path.name} ".encode()
    return MAGIC + sha256(key + data).hexdigest().encode() + b"\n"


def _read(path: Path) -> str | None:
    """Return the text of a sound entry, or `None` where there is none."""
    try:
        raw = path.read_bytes()
        used = path.stat().st_mtime
    except OSError:
        return None
    head, _, data = raw.partition(b"\n")
    if head + b"\n" != _header(path, data):
        return None
    now = time.time()
    if now - used > DAY:
        # Seldom enough to cost nothing; `sweep` needs to know what is still in use.
        with suppress(OSError):
            os.utime(path, (now, now))
    return data.decode()
