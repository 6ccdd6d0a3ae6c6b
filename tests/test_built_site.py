"""The finished site: whole, self-contained, light, and the same bytes every time."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import symacts
from symacts.site_build import check_site
from symacts.staging import differences
from tests.site_checks import BuiltSite, site_project

pytestmark = pytest.mark.slow

LARGEST_PAGE, LARGEST_COMPRESSED = 200_000, 30_000


@pytest.fixture(scope="module")
def site(built_site: Path) -> BuiltSite:
    return BuiltSite(built_site)


def test_every_function_and_family_has_a_page(site: BuiltSite) -> None:
    """The site has a page for each member of the catalogue and for each family."""
    functions = {path.stem for path in (site.root / "functions").glob("*.html")}
    families = {path.name for path in (site.root / "families").iterdir()}

    assert functions - {"index"} == set(symacts.catalogue)
    assert families == set(symacts.families)


def test_links_lead_somewhere(site: BuiltSite) -> None:
    """Every link, picture, script and style of every page is there, with the place it names."""
    assert site.broken_links() == []
    assert site.broken_styles() == []


def test_ids_are_unique(site: BuiltSite) -> None:
    """No page uses an id twice, whatever pictures stand on it."""
    assert site.repeated_ids() == []


def test_nothing_comes_from_elsewhere(site: BuiltSite) -> None:
    """No page and no style loads anything from the network."""
    assert site.external_loads() == []


def test_no_slot_is_left(site: BuiltSite) -> None:
    """Every formula and every picture is in its place."""
    assert site.unfilled_slots() == []


def test_scripts_ask_for_nothing(site: BuiltSite) -> None:
    """Our script makes no request and is no module, for neither works from the disk."""
    script = (site.root / "assets" / "symacts.js").read_text("utf-8")

    assert (
        re.findall(r"\bfetch\(|XMLHttpRequest|\bimport\b|https?://(?!www\.w3\.org)", script) == []
    )


def test_pages_are_light(site: BuiltSite) -> None:
    """A page of a function takes at most 200 kB, and 30 kB on the wire."""
    heavy = {
        name: size
        for name, size in site.sizes("functions").items()
        if size[0] > LARGEST_PAGE or size[1] > LARGEST_COMPRESSED
    }

    assert heavy == {}, "(bytes, compressed bytes) of each page that is too large"


def test_formulas_need_no_script(site: BuiltSite) -> None:
    """Each function's page holds finished formulas, and MathML for those who listen."""
    without = [
        path.name
        for path in sorted((site.root / "functions").glob("*.html"))
        if path.stem != "index"
        and not {'class="katex-html"', "<math "}
        <= set(re.findall(r'class="katex-html"|<math ', path.read_text("utf-8")))
    ]

    assert without == []


def test_every_page_says_what_it_is(site: BuiltSite) -> None:
    """Each page has a title, a description, a language and one main heading."""
    wanting = {
        str(path.relative_to(site.root)): missing
        for path in site.documents
        if path.name != "404.html"
        if (missing := [name for name, n in marks(path.read_text("utf-8")).items() if n != 1])
    }

    assert wanting == {}


def marks(html: str) -> dict[str, int]:
    """Return how often a page has each of the things that it needs once."""
    head = html.partition("</head>")[0]
    return {
        "title": len(re.findall(r"<title>[^<]+</title>", head)),
        "description": len(re.findall(r'<meta name="description" content="[^"]+', head)),
        "language": len(re.findall(r'<html lang="en"', html)),
        "main heading": len(re.findall(r"<h1\b", html)),
    }


def test_nothing_of_this_machine_or_day_is_on_the_pages(site: BuiltSite) -> None:
    """No page names a folder of the machine that built it, and there is no dated sitemap."""
    home = str(Path(symacts.__file__).resolve().parents[1])
    named = [
        str(path.relative_to(site.root))
        for path in site.root.rglob("*")
        if path.suffix in {".html", ".json", ".js", ".css", ".svg"}
        and home in path.read_text("utf-8")
    ]

    assert named == []
    assert list(site.root.glob("sitemap*")) == []


def test_a_second_cold_build_has_the_same_bytes(built_site: Path, tmp_path: Path) -> None:
    """Another process with other hashes and nothing in its cache makes the very same files."""
    config = site_project(tmp_path)
    script = (
        "import sys; from pathlib import Path; from symacts.site_build import build_site\n"
        "if __name__ == '__main__': build_site(config_file=Path(sys.argv[1]))\n"
    )
    (tmp_path / "build.py").write_text(script, "utf-8")
    environment = {**os.environ, "PYTHONHASHSEED": "7"}
    command = [sys.executable, str(tmp_path / "build.py"), str(config)]
    subprocess.run(command, env=environment, check=True, cwd=tmp_path)

    assert differences(tmp_path / "site", built_site) == []


def test_plain_mkdocs_makes_the_same_site(built_site: Path, tmp_path: Path) -> None:
    """`mkdocs build` gives byte for byte what `symacts build` gives, here with a warm cache."""
    config = built_site.parent / "mkdocs.yml"
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    run = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-f", config, "-d", tmp_path / "out"],
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )

    assert run.returncode == 0, run.stderr
    assert differences(tmp_path / "out", built_site) == []


def test_a_finished_site_is_up_to_date(built_site: Path) -> None:
    """Checking the site right after building it finds no difference."""
    assert check_site(config_file=built_site.parent / "mkdocs.yml") == []
