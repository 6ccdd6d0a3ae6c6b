"""Formulas become HTML while the site is built, and a wrong one says what is wrong with it."""

import re
import sys
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest

from symacts.cache import Cache
from symacts.katex import Formulas, TexError, render
from symacts.resources import resource

VENDORED = [resource("templates", "docs", "assets", name) for name in ("katex", "iframe-worker")]

TEX = [
    r"x\,\Phi(x)",
    r"\begin{cases} x & x > 0 \\ \alpha\,(e^{x} - 1) & \text{otherwise} \end{cases}",
    r"\frac{\partial s_i}{\partial x_j} = s_i\,(\delta_{ij} - s_j)",
    r"\lim_{x \to -\infty} f(x) = 0",
    r"\left(\begin{matrix} 1 & 2 \\ 3 & 4 \end{matrix}\right)",
]


class Balance(HTMLParser):
    """Fails where an element is closed that is not the one that was opened last."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes something else"


@pytest.mark.parametrize("tex", TEX)
def test_a_formula_has_a_picture_and_a_meaning(tex: str) -> None:
    """The HTML is well formed and holds glyphs for the eye and MathML for screen readers."""
    html = render(tex)
    balance = Balance()
    balance.feed(html)

    assert balance.open == []
    assert html.startswith('<span class="katex-display">')
    assert "<math" in html
    assert 'class="katex-html" aria-hidden="true"' in html


def test_inline_and_display_differ() -> None:
    """An inline formula is not set as a display."""
    assert "katex-display" not in render("x^2", display=False)
    assert "katex-display" in render("x^2", display=True)


def test_the_source_is_left_out() -> None:
    """The MathML does not repeat the source of the formula, which pages keep themselves."""
    assert "annotation" not in render(r"\sqrt{x < 1}")
    assert "semantics" not in render(r"\sqrt{x < 1}")


def test_text_cannot_become_markup() -> None:
    """What looks like HTML inside a formula is shown, not run."""
    html = render(r"\text{<script>alert(1)</script>}")

    assert "<script" not in html


@pytest.mark.parametrize(
    ("tex", "reason", "position"),
    [
        (r"\frac{1}{", "end of input", 9),
        (r"x + \nosuch y", r"\nosuch", 4),
        (r"\begin{cases} x", r"\end", 15),
    ],
)
def test_an_error_quotes_the_formula(tex: str, reason: str, position: int) -> None:
    """A formula that cannot be read raises an error with the formula, the reason and the place."""
    with pytest.raises(TexError, match=re.escape(reason)) as caught:
        render(tex)

    assert caught.value.tex == tex
    assert caught.value.position == position
    lines = str(caught.value).splitlines()
    assert lines[1].strip() == tex
    assert lines[2].index("^") == position + 2


@pytest.mark.parametrize("tex", [r"\href{https://example.org}{x}", r"\includegraphics{x.png}"])
def test_a_formula_loads_nothing(tex: str) -> None:
    """Commands that would link or load are refused."""
    with pytest.raises(TexError):
        render(tex)


def test_a_known_formula_needs_no_engine(tmp_path: Path, monkeypatch) -> None:
    """What the cache holds is served without JavaScript, though another process made it."""
    expected = Formulas(Cache(tmp_path)).render("x^2")
    monkeypatch.setitem(sys.modules, "quickjs", None)

    assert Formulas(Cache(tmp_path)).render("x^2") == expected
    with pytest.raises(ImportError):
        Formulas(Cache(tmp_path)).render("x^3")


def test_another_release_renders_anew(tmp_path: Path) -> None:
    """HTML made by one release of KaTeX is not used with another one."""
    script = resource("templates", "docs", "assets", "katex", "katex.min.js").read_text("utf-8")
    changed = tmp_path / "katex.js"
    changed.write_text(
        script + "\nconst r=katex.renderToString;katex.renderToString=(t,o)=>'new'+r(t,o);", "utf-8"
    )
    cache = Cache(tmp_path / "cache")
    Formulas(cache).render("x")

    assert Formulas(cache, script=changed).render("x").startswith("new")


@pytest.mark.parametrize("folder", VENDORED, ids=lambda folder: folder.name)
def test_vendored_files_are_what_they_say(folder: Path) -> None:
    """Every vendored file has the checksum that VERSION records, and none is missing from it."""
    recorded = dict(
        reversed(line.split("  "))
        for line in (folder / "VERSION").read_text("utf-8").splitlines()
        if re.match(r"[0-9a-f]{64}  ", line)
    )
    found = {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "VERSION"
    }

    assert found == recorded


def test_script_and_styles_are_of_one_release() -> None:
    """The script writes only classes that the stylesheet of the same release knows."""
    folder = resource("templates", "docs", "assets", "katex")
    release = re.match(r"katex (\S+),", (folder / "VERSION").read_text("utf-8"))
    styles = (folder / "katex.min.css").read_text("utf-8")
    html = render(r"x_{y_z}^{a^{b}} \text{t} \mathcal{L}")
    sizing = set(re.findall(r'class="((?:katex-)?sizing) reset-size', html))

    assert release
    assert f'version:"{release[1]}"' in (folder / "katex.min.js").read_text("utf-8")
    assert f'content:"{release[1]}"' in styles
    assert sizing
    assert all(f".{name}.reset-size" in styles for name in sizing)


def test_every_font_of_the_stylesheet_is_there() -> None:
    """The stylesheet asks for nothing but files that stand beside it."""
    folder = resource("templates", "docs", "assets", "katex")
    wanted = re.findall(r"url\(([^)]+)\)", (folder / "katex.min.css").read_text("utf-8"))

    assert len(wanted) == 20
    assert [name for name in wanted if not (folder / name).is_file()] == []
