"""The thin adapter between pages and MkDocs: `plugins: [symacts]` adds the reference to a site.

The pages are made before MkDocs touches the output folder, so a definition or a template with an
error leaves the previous site as it was.  Formulas and pictures are put in after Markdown, search
and theme have run (see `symacts.pages`), because neither has any use for them.
"""

import importlib
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import TemplateError
from mkdocs.config import config_options as option
from mkdocs.config.base import Config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import nest_paths

from symacts.resources import resource

if TYPE_CHECKING:
    from symacts.pages import SitePages

__all__ = ["SymactsPlugin"]

Progress = Callable[[int, int, str], None]

STYLES = ("assets/katex/katex.min.css", "assets/symacts.css")
SCRIPT = "assets/symacts.js"
BUILD_ONLY = ("assets/katex/katex.min.js",)
EXTENSIONS: dict[str, dict[str, Any]] = {
    "admonition": {},
    "attr_list": {},
    "md_in_html": {},
    "tables": {},
    "pymdownx.details": {},
    "pymdownx.highlight": {},
    "pymdownx.superfences": {},
    "pymdownx.tabbed": {"alternate_style": True},
}
# Modules that are at work while they serve, and so are not loaded again.
RUNNING = ("symacts.mkdocs_plugin", "symacts.site_build", "symacts.cli", "symacts.__main__")
LINK = re.compile(r'href="sa:([^"#]*)(#[^"]*)?"')

log = get_plugin_logger("symacts")


class Options(Config):  # type: ignore[no-untyped-call]  # MkDocs has no types there
    """What `plugins: - symacts: {...}` in a `mkdocs.yml` may say."""

    folder = option.Optional(option.Type(str))
    """Folder of the site that takes the reference; `activations` in other people's sites."""

    title = option.Type(str, default="Activation functions")
    """Title of the reference in the navigation of other people's sites."""

    cache = option.Type(str, default=".cache")
    """Folder for what need not be made twice, relative to `mkdocs.yml`."""

    jobs = option.Type(int, default=0)
    """Processes that make figures and facts; 0 is one for each processor."""

    only = option.ListOfItems(option.Type(str), default=[])
    """Ids of the functions that get a page; all of them if empty.  For a quick look."""


class SymactsPlugin(BasePlugin[Options]):  # type: ignore[no-untyped-call]  # as above
    """Adds the reference pages to a MkDocs site."""

    progress: Progress | None = None
    """Called with (done, total, what) while pages are made and rendered."""

    cache_folder: Path | None = None
    """Where the cache lies, if not where the options say."""

    def on_startup(self, *, command: str, dirty: bool) -> None:  # noqa: ARG002  MkDocs calls it
        """Note whether this process serves, for then the code may change under its feet."""
        self._serving = command == "serve"
        self._builds = 0

    @event_priority(50)
    def on_config(self, config: MkDocsConfig) -> MkDocsConfig:
        """Add what the pages need: styles, script, Markdown extensions, folders to watch."""
        self._renew_code()
        self._own = Path(config.docs_dir).resolve() == resource("templates", "docs").resolve()
        self._folder = _as_folder(self.config.folder, default="" if self._own else "activations")
        self._rendered = 0
        self._add_assets_to(config)
        self._add_extensions_to(config)
        for watched in (resource("templates"), Path(__file__).parent):
            if str(watched) not in config.watch:
                config.watch.append(str(watched))
        return config

    def on_pre_build(self, *, config: MkDocsConfig) -> None:
        """Make all pages, while the previous site is still there."""
        self._site = self._made_pages(config)

    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Add pages and assets; a file that the site has itself stays."""
        theirs = [file.src_uri for file in files.documentation_pages()]
        for file in self._generated(config):
            if files.get_file_from_path(file.src_uri) is None:
                files.append(file)
        for uri in BUILD_ONLY:
            unwanted = files.get_file_from_path(self._folder + uri)
            if unwanted is not None:
                files.remove(unwanted)
        if not config.site_url:
            # A sitemap without addresses helps nobody, and its date makes every build differ.
            # Taken out any earlier, MkDocs would publish its template as a file.
            config.theme.static_templates.discard("sitemap.xml")
        self._add_navigation_to(config, theirs)
        self._files = files
        self._total = len(files.documentation_pages())
        return files

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:  # noqa: ARG002
        """Put in formulas and pictures, then resolve the links in them."""
        from symacts.pages import fill  # here and below: `serve` reloads these modules

        self._rendered += 1
        if self.progress is not None:
            self.progress(self._rendered, self._total, "rendering")
        try:
            filled = fill(output, self._site.slots)
        except KeyError as error:
            raise PluginError(
                f"{page.file.src_uri} has a slot that nothing fills: {error}"
            ) from error
        return LINK.sub(lambda link: self._link(link[1], link[2] or "", page.file), filled)

    def _renew_code(self) -> None:
        """Forget the modules of symacts when a rebuild begins, so that edits take effect."""
        self._builds = getattr(self, "_builds", 0) + 1
        if not getattr(self, "_serving", False) or self._builds == 1:
            return
        for name in list(sys.modules):
            if name.partition(".")[0] == "symacts" and not name.startswith(RUNNING):
                del sys.modules[name]
        importlib.invalidate_caches()

    def _made_pages(self, config: MkDocsConfig) -> "SitePages":
        from symacts.cache import Cache
        from symacts.cli.arguments import help_texts
        from symacts.errors import SymactsError
        from symacts.pages import make_pages

        base = Path(config.config_file_path or "mkdocs.yml").resolve().parent
        cache = Cache(self.cache_folder or base / self.config.cache)
        try:
            pages = make_pages(
                cache=cache,
                jobs=self.config.jobs,
                only=tuple(self.config.only),
                progress=self.progress,
                commands=help_texts(),
            )
        except (SymactsError, TemplateError) as error:
            raise PluginError(_explanation(error)) from error
        cache.sweep()
        return pages

    def _add_assets_to(self, config: MkDocsConfig) -> None:
        for style in (self._folder + style for style in STYLES):
            if style not in config.extra_css:
                config.extra_css.append(style)
        script = self._folder + SCRIPT
        if script not in [str(known) for known in config.extra_javascript]:
            config.extra_javascript.append(_deferred(script))

    def _add_extensions_to(self, config: MkDocsConfig) -> None:
        for name, settings in EXTENSIONS.items():
            if name not in config.markdown_extensions:
                config.markdown_extensions.append(name)
                config.mdx_configs[name] = dict(settings)

    def _generated(self, config: MkDocsConfig) -> Iterator[File]:
        """Yield every file that the reference consists of."""
        for uri, text in {**self._site.pages, **self._site.assets}.items():
            yield File.generated(config, self._folder + uri, content=text)
        if not self._own:
            docs = resource("templates", "docs")
            for path in sorted(path for path in docs.rglob("*") if path.is_file()):
                uri = self._folder + path.relative_to(docs).as_posix()
                yield File.generated(config, uri, abs_src_path=str(path))

    def _add_navigation_to(self, config: MkDocsConfig, theirs: list[str]) -> None:
        """Set the navigation, or add ours as one section where there is one already."""
        ours = _in_folder(self._site.nav, self._folder)
        if self._own:
            config.nav = config.nav or ours
        else:
            present = config.nav or nest_paths(theirs)  # type: ignore[no-untyped-call]
            config.nav = [*present, {self.config.title: ours}]

    def _link(self, uri: str, anchor: str, source: File) -> str:
        """Return the attribute that leads from the page *source* to the page *uri*."""
        target = self._files.get_file_from_path(self._folder + uri)
        if target is not None:
            return f'href="{target.url_relative_to(source)}{anchor}"'
        if not self.config.only:
            log.warning("'%s' links to '%s', but there is no such page.", source.src_uri, uri)
        return 'aria-disabled="true"'


def _as_folder(folder: str | None, default: str) -> str:
    """Return *folder* as a prefix for paths: empty, or with one slash at the end."""
    path = (default if folder is None else folder).strip("/")
    return f"{path}/" if path else ""


def _in_folder(nav: Any, folder: str) -> Any:
    """Return a navigation with every path moved into *folder*."""
    if isinstance(nav, str):
        return folder + nav
    if isinstance(nav, dict):
        return {title: _in_folder(item, folder) for title, item in nav.items()}
    return [_in_folder(item, folder) for item in nav]


def _deferred(script: str) -> option.ExtraScriptValue:
    value = option.ExtraScriptValue(script)
    value.defer = True
    return value


def _explanation(error: Exception) -> str:
    """Return what is wrong, with template and line where a template is to blame."""
    place = ""
    trace = error.__traceback__
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(".j2"):
            place = f"{_short(file)}, line {trace.tb_lineno}: "
        trace = trace.tb_next
    name, line = getattr(error, "filename", None), getattr(error, "lineno", None)
    if isinstance(error, TemplateError) and name and line:
        place = f"{_short(name)}, line {line}: "
    return f"{place}{error}"


def _short(file: str) -> str:
    """Return a path as people call it: from `templates` on."""
    parts = Path(file).parts
    return Path(*parts[parts.index("templates") :]).as_posix() if "templates" in parts else file
