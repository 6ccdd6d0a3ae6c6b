"""Build, check and serve the reference site with MkDocs, in this process.

A build happens in a folder beside the site and takes its place in the end, so one that fails or is
interrupted leaves the previous site as it was.
"""

import logging
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symacts.cache import Cache
from symacts.resources import resource
from symacts.staging import (
    SiteError,
    differences,
    refuse_unless_replaceable,
    staging_beside,
    take_over,
)

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

__all__ = ["SiteError", "build_site", "check_site", "serve_site", "write_markdown_site"]

Progress = Callable[[int, int, str], None]
Warn = Callable[[str], None]


@dataclass(frozen=True)
class Project:
    """Which `mkdocs.yml` describes the site, and the folder that the site belongs to."""

    config_file: Path
    root: Path

    @property
    def cache(self) -> Path:
        """The folder of what need not be made twice."""
        return self.root / ".cache"


def build_site(
    *,
    only: Sequence[str] = (),
    jobs: int = 0,
    strict: bool = False,
    progress: Progress | None = None,
    warn: Warn | None = None,
    config_file: Path | None = None,
    site_dir: Path | None = None,
) -> Path:
    """Build the site and return the path of its first page.

    Args:
        only: ids of functions; a quick look at their pages, outside of the finished site.
        jobs: how many processes; 0 is one for each processor.
        strict: fail on warnings.
        progress: called with (done, total, what).
        warn: called with each warning; by default they go to standard error.
        config_file: the `mkdocs.yml`; by default the nearest one upwards that uses symacts.
        site_dir: where the site goes, if not where the configuration says.
    """
    project = _project(config_file)
    run = _Run(project, jobs=jobs, strict=strict, progress=progress, warn=warn or _warn)
    if only:
        target = project.cache / "preview"
        _build_into(run, target, only)
        return _page_of(only[0], target)
    target = site_dir or run.configured_site_dir()
    _build_into(run, target)
    return target / "index.html"


def check_site(
    *,
    jobs: int = 0,
    strict: bool = False,
    progress: Progress | None = None,
    warn: Warn | None = None,
    config_file: Path | None = None,
    site_dir: Path | None = None,
) -> list[str]:
    """Build elsewhere and return in what the present site differs; nothing if it is up to date."""
    project = _project(config_file)
    run = _Run(project, jobs=jobs, strict=strict, progress=progress, warn=warn or _warn)
    target = site_dir or run.configured_site_dir()
    if not (target / "index.html").is_file():
        raise SiteError(f"There is no site in {target} to compare with; build it first.")
    with staging_beside(target) as fresh:
        run.build(fresh)
        return differences(fresh, target)


def write_markdown_site(
    folder: Path,
    *,
    only: Sequence[str] = (),
    jobs: int = 0,
    progress: Progress | None = None,
    commands: Mapping[str, str] | None = None,
) -> Path:
    """Write all pages as plain Markdown, for another generator, and return the first one.

    *commands* are the help texts that the page about the command line shows.
    """
    from symacts.pages import make_pages, write_markdown

    cache = Cache(_project(None).cache)
    site = make_pages(
        cache=cache, jobs=jobs, only=tuple(only), progress=progress, commands=commands
    )
    write_markdown(site, folder)
    return folder / "index.md"


def serve_site(
    *,
    address: str = "127.0.0.1:8000",
    open_browser: bool = False,
    config_file: Path | None = None,
) -> None:
    """Serve the site on this machine and rebuild it on every change, until interrupted."""
    from mkdocs.commands.serve import serve
    from mkdocs.exceptions import MkDocsException

    project = _project(config_file)
    with _logging_to(logging.StreamHandler(), logging.INFO):
        try:
            serve(
                str(project.config_file),
                dev_addr=address,
                open_in_browser=open_browser,
                # A broken link is worth a warning while one writes, not the end of the server.
                strict=False,
            )
        except (MkDocsException, OSError) as error:
            raise SiteError(f"Cannot serve on {address}: {error}") from error


class _Run:
    """One build, wherever it goes."""

    def __init__(
        self, project: Project, *, jobs: int, strict: bool, progress: Progress | None, warn: Warn
    ) -> None:
        self.project = project
        self.jobs = jobs
        self.strict = strict
        self.progress = progress
        self.warn = warn

    def configured_site_dir(self) -> Path:
        """Return where the configuration puts the site."""
        with _explained(self.warn):
            configured = Path(self._configuration().site_dir)
        inside = self.project.config_file.parent
        # The configuration that ships with symacts lies in the package; its site does not.
        if inside != self.project.root and configured.is_relative_to(inside):
            return self.project.root / configured.relative_to(inside)
        return configured

    def build(self, folder: Path, only: Sequence[str] = ()) -> None:
        """Build into *folder*, which exists and is empty."""
        from mkdocs.commands.build import build

        with _explained(self.warn):
            config = self._configuration(site_dir=str(folder))
            plugin = self._prepared_plugin(config, only)
            config.plugins.on_startup(command="build", dirty=False)
            try:
                build(config)
            finally:
                config.plugins.on_shutdown()
                plugin.progress = plugin.cache_folder = None

    def _configuration(self, **overrides: Any) -> "MkDocsConfig":
        from mkdocs.config import load_config

        if self.strict:
            overrides["strict"] = True
        return load_config(str(self.project.config_file), **overrides)

    def _prepared_plugin(self, config: "MkDocsConfig", only: Sequence[str]) -> Any:
        plugin: Any = config.plugins.get("symacts")
        if plugin is None:
            raise SiteError(
                f"{self.project.config_file} does not use symacts; add it under `plugins:`."
            )
        plugin.progress = self.progress
        plugin.cache_folder = self.project.cache
        plugin.config.jobs = self.jobs or plugin.config.jobs
        if only:
            plugin.config.only = list(only)
            config.strict = False
        return plugin


@contextmanager
def _explained(warn: Warn) -> Iterator[None]:
    """Pass warnings of MkDocs on, and turn its errors into one that says what is wrong."""
    from mkdocs.exceptions import MkDocsException

    problems = _Problems(warn)
    with _logging_to(problems, logging.WARNING):
        try:
            yield
        except MkDocsException as error:
            raise SiteError(problems.explanation() or str(error)) from error


class _Problems(logging.Handler):
    """Passes warnings on as they come and keeps errors for the message of the exception."""

    def __init__(self, warn: Warn) -> None:
        super().__init__(logging.WARNING)
        self._warn = warn
        self._errors: list[str] = []
        self._warnings = 0

    def emit(self, record: logging.LogRecord) -> None:
        """Take one record."""
        message = record.getMessage().strip()
        if record.levelno >= logging.ERROR:
            self._errors.append(message)
        else:
            self._warnings += 1
            self._warn(message)

    def explanation(self) -> str:
        """Return why the build failed."""
        if self._errors:
            return "\n".join(dict.fromkeys(self._errors))
        if self._warnings:
            return f"{_counted(self._warnings, 'warning')}, and the build is strict."
        return ""


def _page_of(act_id: str, folder: Path) -> Path:
    """Return the page of a function in a site, however its addresses look."""
    pages = [*folder.rglob(f"functions/{act_id}.html"), *folder.rglob(f"functions/{act_id}/*.html")]
    return pages[0] if pages else folder / "index.html"


def _build_into(run: _Run, target: Path, only: Sequence[str] = ()) -> None:
    """Build beside *target*, then let the result take its place."""
    refuse_unless_replaceable(target)
    with staging_beside(target) as fresh:
        run.build(fresh, only)
        take_over(fresh, target)


def _project(config_file: Path | None) -> Project:
    """Return the site that the present folder belongs to.

    That is the nearest `mkdocs.yml` upwards which uses symacts.  Where there is none, the one that
    ships with symacts makes its site in the present folder.
    """
    if config_file is not None:
        return Project(config_file.resolve(), config_file.resolve().parent)
    here = Path.cwd()
    for folder in (here, *here.parents):
        candidate = folder / "mkdocs.yml"
        if candidate.is_file() and "symacts" in candidate.read_text("utf-8", "replace"):
            return Project(candidate, folder)
    return Project(resource("mkdocs.yml"), here)


@contextmanager
def _logging_to(handler: logging.Handler, level: int) -> Iterator[None]:
    """Send what MkDocs and symacts log to *handler* and nowhere else."""
    loggers = [logging.getLogger(name) for name in ("mkdocs", "symacts")]
    before = [(logger.level, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(level)
        logger.propagate = False
    try:
        yield
    finally:
        for logger, (old_level, old_propagate) in zip(loggers, before, strict=True):
            logger.removeHandler(handler)
            logger.setLevel(old_level)
            logger.propagate = old_propagate


def _warn(message: str) -> None:
    sys.stderr.write(f"warning: {message}\n")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
