"""A folder that is replaced as a whole: the new one is made beside it and then takes its place."""

import filecmp
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from symacts.errors import SymactsError

__all__ = ["SiteError", "differences", "refuse_unless_replaceable", "staging_beside", "take_over"]

PREFIX = ".site-building-"
ABANDONED = 24 * 3600


class SiteError(SymactsError):
    """The site cannot be made; the previous one is still there."""


@contextmanager
def staging_beside(target: Path) -> Iterator[Path]:
    """Provide an empty folder on the file system of *target*; what is left of it is removed."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_abandoned(target.parent)
        staging = Path(tempfile.mkdtemp(prefix=PREFIX, dir=target.parent))
    except OSError as error:
        raise SiteError(f"Cannot write to {target.parent}: {error.strerror}") from error
    try:
        yield staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def refuse_unless_replaceable(target: Path) -> None:
    """Raise unless *target* is absent, empty or an earlier build: it is about to be replaced."""
    if not target.exists():
        return
    if not target.is_dir():
        raise SiteError(f"{target} is a file; the site needs a folder.")
    if not os.access(target, os.W_OK):
        raise SiteError(f"Cannot write to {target}: Permission denied")
    visible = {path.name for path in target.iterdir() if not path.name.startswith(".")}
    if visible and not {"index.html", "404.html"} & visible:
        raise SiteError(
            f"{target} holds files that no build made, and would lose them; move them away."
        )


def take_over(fresh: Path, target: Path) -> None:
    """Put *fresh* in the place of *target*, of which hidden files stay."""
    # A temporary folder is for its owner only; a web server needs to read this one.
    fresh.chmod(0o755)
    with staging_beside(target) as aside:
        previous = aside / "previous"
        try:
            if target.is_dir():
                _copy_hidden(target, fresh)
                target.rename(previous)
            try:
                fresh.rename(target)
            except BaseException:
                with suppress(OSError):
                    previous.rename(target)
                raise
        except OSError as error:
            raise SiteError(f"Cannot write to {target}: {error.strerror}") from error


def differences(fresh: Path, present: Path) -> list[str]:
    """Return one line for each file in which *present* is not as *fresh*."""
    expected, found = _files(fresh), _files(present)
    messages = [f"{name} is missing" for name in expected - found]
    messages += [f"{name} should not be there" for name in found - expected]
    messages += [
        f"{name} differs"
        for name in expected & found
        if not filecmp.cmp(fresh / name, present / name, shallow=False)
    ]
    return sorted(messages)


def _files(folder: Path) -> set[str]:
    """Return the files of a site; hidden ones on top are not made by a build."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path.as_posix() for path in paths if not path.parts[0].startswith(".")}


def _copy_hidden(source: Path, target: Path) -> None:
    """Copy `.gitignore`, `.git` and their like, which belong to the folder and not to a build."""
    for path in source.glob(".*"):
        if path.is_dir():
            shutil.copytree(path, target / path.name, symlinks=True)
        else:
            shutil.copy2(path, target / path.name, follow_symlinks=False)


def _remove_abandoned(folder: Path) -> None:
    """Remove what builds left behind that were killed long ago; younger ones may be running."""
    for path in folder.glob(f"{PREFIX}*"):
        with suppress(OSError):
            if time.time() - path.stat().st_mtime > ABANDONED:
                shutil.rmtree(path, ignore_errors=True)
