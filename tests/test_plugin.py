"""The plugin adds the reference to a MkDocs site: its own and other people's."""

import logging
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from jinja2 import DictLoader, Environment, FileSystemLoader, StrictUndefined
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.exceptions import Abort

import symacts.pages
from symacts.errors import DefinitionError
from symacts.mkdocs_plugin import SymactsPlugin
from symacts.pages import SitePages
from symacts.resources import resource

# A theme of one file is all that these tests need, and it is quick.
THEME = """<title>{{ page.title }}</title>
{% for css in config.extra_css %}<link rel="stylesheet" href="{{ css | url }}">{% endfor %}
{% for script in config.extra_javascript %}{{ script | script_tag }}{% endfor %}
<nav>{% for item in nav %}[{{ item.title }}]{% endfor %}</nav>
{{ page.content }}"""

PAGES = {
    "index.md": '# All\n\n<a href="sa:functions/one.md#top">one</a>\n',
    **{name: f"# {name}\n" for name in ("api.md", "ideas.md", "not-established.md")},
    "bibliography.md": "# Bibliography\n",
    "functions/one.md": '# One\n\nText <span data-sa="0a"></span>\n\n<div data-sa="0b"></div>\n',
}
SLOTS = {"0a": "<i>inline</i>", "0b": '<svg></svg><a href="sa:index.md">all</a>'}
NAV = [{"Home": "index.md"}, {"Functions": ["functions/one.md"]}]

Make = Callable[..., Path]


@pytest.fixture
def pages(monkeypatch) -> Callable[..., None]:
    """Return a function that says what the generator makes; it has made `PAGES` already."""

    def make(pages=PAGES, slots=SLOTS, nav=NAV) -> None:
        made = SitePages(pages=pages, slots=slots, nav=nav, assets={"assets/data.txt": "data"})
        monkeypatch.setattr(symacts.pages, "make_pages", lambda **_: made)

    make()
    return make


@pytest.fixture
def project(tmp_path: Path) -> Make:
    """Return a function that writes a MkDocs project and returns its mkdocs.yml."""

    def write(options: str = "{}", extra: str = "", docs: dict[str, str] | None = None) -> Path:
        (tmp_path / "theme").mkdir()
        (tmp_path / "theme" / "main.html").write_text(THEME, "utf-8")
        for name, text in (docs or {"index.md": "# Theirs\n"}).items():
            path = tmp_path / "docs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        config = tmp_path / "mkdocs.yml"
        config.write_text(
            f"site_name: theirs\ntheme: {{name: null, custom_dir: theme}}\n"
            f"plugins:\n  - symacts: {options}\n{extra}\n",
            "utf-8",
        )
        return config

    return write


def built(config_file: Path, *, strict: bool = False) -> Path:
    """Build as `mkdocs build` does and return the folder of the site."""
    config = load_config(str(config_file), strict=strict)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    return Path(config.site_dir)


def text(path: Path) -> str:
    return path.read_text("utf-8")


@pytest.mark.usefixtures("pages")
def test_another_site_gets_the_reference_in_a_folder(project: Make) -> None:
    """The reference stands in one folder and one section, and the site's own pages stay."""
    site = built(project())

    assert "Theirs" in text(site / "index.html")
    assert "<nav>[Theirs][Activation functions]</nav>" in text(site / "index.html")
    assert "All" in text(site / "activations" / "index.html")
    assert text(site / "activations" / "assets" / "data.txt") == "data"
    assert (site / "activations" / "guides" / "library" / "index.html").is_file()


@pytest.mark.usefixtures("pages")
def test_slots_are_filled(project: Make) -> None:
    """A slot is replaced as a whole: the element that stood for it is gone."""
    page = text(built(project()) / "activations" / "functions" / "one" / "index.html")

    assert "Text <i>inline</i>" in page
    assert "<svg></svg>" in page
    assert "data-sa" not in page


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(
    ("pretty", "page", "link"),
    [
        ("true", "activations/functions/one/index.html", 'href="../../"'),
        ("true", "activations/index.html", 'href="functions/one/#top"'),
        ("false", "activations/functions/one.html", 'href="../index.html"'),
        ("false", "activations/index.html", 'href="functions/one.html#top"'),
    ],
)
def test_links_are_relative(project: Make, pretty: str, page: str, link: str) -> None:
    """Links by source path lead to the page, from Markdown and from slots, however URLs look."""
    site = built(project(extra=f"use_directory_urls: {pretty}"))

    assert link in text(site / page)


@pytest.mark.usefixtures("pages")
def test_styles_and_script_come_along(project: Make) -> None:
    """Every page loads formulas' styles and the script from the site, and they are there."""
    site = built(project())
    page = text(site / "index.html")

    for name in ("katex/katex.min.css", "symacts.css", "symacts.js"):
        assert f'"./activations/assets/{name}"' in page or f'"activations/assets/{name}"' in page
        assert (site / "activations" / "assets" / name).is_file()
    assert "defer" in page


@pytest.mark.usefixtures("pages")
def test_the_engine_stays_at_home(project: Make) -> None:
    """KaTeX itself is needed to build the site and is not published with it."""
    site = built(project())

    assert list(site.rglob("katex.min.js")) == []
    assert len(list(site.rglob("*.woff2"))) == 20


@pytest.mark.usefixtures("pages")
def test_folder_and_title_can_be_chosen(project: Make) -> None:
    """The options say where the reference stands and what it is called."""
    site = built(project('{folder: "ref/", title: Reference}'))

    assert (site / "ref" / "functions" / "one" / "index.html").is_file()
    assert "<nav>[Theirs][Reference]</nav>" in text(site / "index.html")


@pytest.mark.usefixtures("pages")
def test_a_page_of_the_site_wins(project: Make) -> None:
    """Where the site has a page of the same path itself, that page stays."""
    site = built(project('{folder: ""}'))

    assert "Theirs" in text(site / "index.html")
    assert (site / "functions" / "one" / "index.html").is_file()


@pytest.mark.usefixtures("pages")
def test_a_given_navigation_is_kept(project: Make) -> None:
    """The navigation of the site comes first and the reference after it."""
    docs = {"index.md": "# Theirs\n", "b.md": "# B\n"}
    site = built(project(extra="nav: [{Second: b.md}, {First: index.md}]", docs=docs))

    assert "<nav>[Second][First][Activation functions]</nav>" in text(site / "index.html")


def test_a_broken_link_is_named(project: Make, pages, caplog) -> None:
    """A link that leads nowhere is a warning that names both ends, and fails a strict build."""
    pages(slots={**SLOTS, "0b": '<a href="sa:functions/none.md">none</a>'})
    config = project()

    with caplog.at_level(logging.WARNING):
        built(config)
    assert "'activations/functions/one.md' links to 'functions/none.md'" in caplog.text
    with pytest.raises(Abort, match="1 warning"):
        built(config, strict=True)


def test_a_quick_look_does_not_complain(project: Make, pages, caplog) -> None:
    """With `only`, links to the functions left out are no warning."""
    pages(slots={**SLOTS, "0b": '<a href="sa:functions/none.md">none</a>'})

    with caplog.at_level(logging.WARNING):
        site = built(project("{only: [one]}"), strict=True)

    assert "sa:" not in text(site / "activations" / "functions" / "one" / "index.html")
    assert caplog.records == []


def test_an_empty_slot_is_an_error(project: Make, pages, caplog) -> None:
    """A slot that nothing fills stops the build and names the page."""
    pages(slots={"0a": ""})

    with pytest.raises(Abort):
        built(project())

    assert "activations/functions/one.md has a slot that nothing fills" in caplog.text


def test_an_error_leaves_the_previous_site(project: Make, monkeypatch, caplog) -> None:
    """If the pages cannot be made, one message says why and the site is not touched."""

    def fail(**_: object) -> None:
        raise DefinitionError("symacts/catalogue/steps.py, line 7: unknown citation 'nobody1900'")

    monkeypatch.setattr(symacts.pages, "make_pages", fail)
    config = project()
    previous = config.parent / "site" / "index.html"
    previous.parent.mkdir()
    previous.write_text("previous", "utf-8")

    with pytest.raises(Abort):
        built(config)

    assert "steps.py, line 7: unknown citation 'nobody1900'" in caplog.text
    assert text(previous) == "previous"


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("fine\n\n{{ nothing }}", "templates/pages/bad.md.j2, line 3: 'nothing' is undefined"),
        ("fine\n{% if %}", "templates/pages/bad.md.j2, line 2: "),
    ],
)
def test_a_template_with_an_error_is_named(
    project: Make, monkeypatch, caplog, tmp_path: Path, template: str, message: str
) -> None:
    """An error in a template is reported with the file and the line."""
    folder = tmp_path / "templates" / "pages"
    folder.mkdir(parents=True)
    (folder / "bad.md.j2").write_text(template, "utf-8")
    environment = Environment(loader=FileSystemLoader(folder), undefined=StrictUndefined)
    monkeypatch.setattr(
        symacts.pages, "make_pages", lambda **_: environment.get_template("bad.md.j2").render()
    )

    with pytest.raises(Abort):
        built(project())

    assert message in caplog.text


def test_a_template_from_elsewhere_has_no_place(project: Make, monkeypatch, caplog) -> None:
    """An error in a template that is no file is reported without inventing a file."""
    environment = Environment(loader=DictLoader({"x": "{{ y }}"}), undefined=StrictUndefined)
    monkeypatch.setattr(
        symacts.pages, "make_pages", lambda **_: environment.get_template("x").render()
    )

    with pytest.raises(Abort):
        built(project())

    assert "'y' is undefined" in caplog.text


@pytest.mark.usefixtures("pages")
def test_a_site_without_address_has_no_sitemap(project: Make) -> None:
    """A sitemap, which carries today's date, is written only for a site with an address."""
    config = project()
    assert list(built(config).glob("sitemap*")) == []

    with config.open("a", encoding="utf-8") as file:
        file.write("site_url: https://example.org/\n")
    assert len(list(built(config).glob("sitemap*"))) == 2


@pytest.mark.usefixtures("pages")
def test_code_and_templates_are_watched(project: Make) -> None:
    """The server rebuilds when a definition or a template changes."""
    config = load_config(str(project()))
    config.plugins.on_startup(command="serve", dirty=False)
    config = config.plugins.on_config(config)

    assert str(resource("templates")) in config.watch
    assert str(Path(symacts.__file__).parent) in config.watch


def test_a_rebuild_forgets_the_code(monkeypatch) -> None:
    """From the second build of a server on, the modules of symacts are loaded again."""
    names = ("symacts", "symacts.gelu", "symacts.cli", "symacts.mkdocs_plugin", "symactsother")
    monkeypatch.setattr(sys, "modules", {**sys.modules, **{n: ModuleType(n) for n in names}})
    plugin = SymactsPlugin()
    plugin.on_startup(command="serve", dirty=False)

    plugin._renew_code()
    assert set(names) <= set(sys.modules), "nothing is stale before the first build"
    plugin._renew_code()

    left = {"symacts.cli", "symacts.mkdocs_plugin", "symactsother"}
    assert {name for name in names if name in sys.modules} == left


def test_a_build_keeps_the_code(monkeypatch) -> None:
    """Without a server nothing is loaded twice."""
    monkeypatch.setattr(sys, "modules", {**sys.modules, "symacts.gelu": ModuleType("x")})
    plugin = SymactsPlugin()
    plugin.on_startup(command="build", dirty=False)

    plugin._renew_code()
    plugin._renew_code()

    assert "symacts.gelu" in sys.modules
