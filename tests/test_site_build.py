"""A build takes the place of the site only when it is complete."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

import symacts.pages
from symacts import site_build, staging
from symacts.errors import DefinitionError
from symacts.pages import SitePages
from symacts.resources import resource
from symacts.site_build import SiteError, build_site, check_site, serve_site, write_markdown_site

CONFIG = """site_name: small
theme: {name: null, custom_dir: theme}
plugins: [symacts: {folder: ""}]
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch) -> Path:
    """Make a small MkDocs project the present folder; its pages are made in no time."""
    (tmp_path / "theme").mkdir()
    (tmp_path / "theme" / "main.html").write_text("{{ page.content }}", "utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "mkdocs.yml").write_text(CONFIG, "utf-8")
    monkeypatch.chdir(tmp_path)
    make(monkeypatch, "first")
    return tmp_path


def make(monkeypatch, text: str, **more: str) -> None:
    """Let the pages say *text* from now on."""
    pages = {"index.md": text, "api.md": "", "bibliography.md": "", "functions/gelu.md": text}
    made = SitePages(pages={**pages, **more}, slots={}, nav=[{"Home": "index.md"}])
    monkeypatch.setattr(symacts.pages, "make_pages", lambda **_: made)


def fail_with(monkeypatch, error: BaseException) -> None:
    """Let the making of pages fail from now on."""

    def fail(**_: object) -> SitePages:
        raise error

    monkeypatch.setattr(symacts.pages, "make_pages", fail)


def leftovers(folder: Path) -> list[Path]:
    return list(folder.glob(f"{staging.PREFIX}*"))


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_build_returns_its_first_page(project: Path) -> None:
    """The site is in `site/` and the path of its first page comes back."""
    assert build_site() == project / "site" / "index.html"
    assert "first" in (project / "site" / "index.html").read_text("utf-8")
    assert leftovers(project) == []


def test_a_build_replaces_the_previous_one(project: Path, monkeypatch) -> None:
    """A second build brings the new pages and takes away those that are gone."""
    make(monkeypatch, "first", **{"gone.md": "old"})
    build_site()
    make(monkeypatch, "second")
    build_site()

    assert "second" in (project / "site" / "index.html").read_text("utf-8")
    assert list((project / "site").glob("gone*")) == []


def test_hidden_files_of_the_site_stay(project: Path) -> None:
    """A build leaves `.gitignore` and a checkout of another branch in the site's folder."""
    (project / "site" / ".git").mkdir(parents=True)
    (project / "site" / ".git" / "HEAD").write_text("ref")
    (project / "site" / ".gitignore").write_text("*\n")
    build_site()
    build_site()

    assert (project / "site" / ".git" / "HEAD").read_text() == "ref"
    assert (project / "site" / ".gitignore").read_text() == "*\n"


@pytest.mark.skipif(os.name != "posix", reason="permissions are a matter of POSIX")
def test_others_may_read_the_site(project: Path) -> None:
    """The folder of the site is readable for a web server."""
    build_site()

    assert (project / "site").stat().st_mode & 0o777 == 0o755


def test_a_failed_build_leaves_the_previous_site(project: Path, monkeypatch) -> None:
    """An error while pages are made is one clear message, and the site is as it was."""
    build_site()
    before = snapshot(project / "site")
    fail_with(monkeypatch, DefinitionError("steps.py, line 7: the name sign is taken twice"))

    with pytest.raises(SiteError) as caught:
        build_site()

    assert str(caught.value) == "steps.py, line 7: the name sign is taken twice"
    assert snapshot(project / "site") == before
    assert leftovers(project) == []


def test_an_interrupt_leaves_the_previous_site(project: Path, monkeypatch) -> None:
    """Ctrl-C while pages are made or rendered leaves the site as it was and no half one."""
    build_site()
    before = snapshot(project / "site")

    def interrupt(done: int, total: int, what: str) -> None:  # noqa: ARG001
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_site(progress=interrupt)
    fail_with(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        build_site()

    assert snapshot(project / "site") == before
    assert leftovers(project) == []


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="needs SIGKILL")
def test_a_killed_build_leaves_the_previous_site(project: Path) -> None:
    """A build that is killed while it renders has not touched the site."""
    build_site()
    before = snapshot(project / "site")
    script = (
        "import os, signal\n"
        "from symacts.site_build import build_site\n"
        "build_site(only=(), progress=lambda done, total, what:\n"
        "    what == 'rendering' and os.kill(os.getpid(), signal.SIGKILL))\n"
    )
    code = (
        "import symacts.pages as p\np.make_pages = lambda **_: p.SitePages({'a.md': 'x'}, {}, [])\n"
    )
    run = subprocess.run([sys.executable, "-c", code + script], check=False)

    assert run.returncode == -signal.SIGKILL
    assert snapshot(project / "site") == before


def test_a_failed_exchange_is_undone(project: Path, monkeypatch) -> None:
    """If the new folder cannot take its place, the old one is put back."""
    build_site()
    before = snapshot(project / "site")
    rename, moves = Path.rename, []

    def failing(self: Path, target: Path) -> Path:
        moves.append(target)
        if len(moves) == 2:
            raise PermissionError(13, "Permission denied")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", failing)

    with pytest.raises(SiteError, match=r"Cannot write to .*site: Permission denied"):
        build_site()

    assert len(moves) == 3
    assert snapshot(project / "site") == before


def test_foreign_files_are_not_lost(project: Path) -> None:
    """A folder that holds something else than a site is refused before any work is done."""
    (project / "site").mkdir()
    (project / "site" / "thesis.tex").write_text("years of work")

    with pytest.raises(SiteError, match="holds files that no build made"):
        build_site()

    assert (project / "site" / "thesis.tex").read_text() == "years of work"


def test_a_file_in_the_way_is_named(project: Path) -> None:
    """Where the site or its folder is a file, the message says which one."""
    (project / "site").write_text("in the way")
    with pytest.raises(SiteError, match=re.escape(f"{project / 'site'} is a file")):
        build_site()
    with pytest.raises(SiteError, match=r"Cannot write to .*site"):
        build_site(site_dir=project / "site" / "deeper")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_an_unwritable_folder_is_named(project: Path) -> None:
    """Where the site cannot be written, the message says where and why."""
    project.chmod(0o555)
    try:
        with pytest.raises(SiteError, match=r"Cannot write to .*Permission denied"):
            build_site()
    finally:
        project.chmod(0o755)


def test_abandoned_folders_are_removed(project: Path) -> None:
    """What a killed build left behind goes away after a day; a build at work is left alone."""
    old, young = (project / f"{staging.PREFIX}{name}" for name in ("old", "young"))
    for folder in (old, young):
        folder.mkdir()
    os.utime(old, (0, 0))

    build_site()

    assert leftovers(project) == [young]


def test_warnings_are_passed_on(project: Path, monkeypatch) -> None:
    """Each warning is handed over as it comes; a strict build fails on it and says so."""
    make(monkeypatch, "[nowhere](nowhere.md)")
    build_site(warn=(warnings := []).append)
    # The guides link to pages that this site does not have either.
    assert "nowhere.md" in warnings[0]
    count = len(warnings)
    before = snapshot(project / "site")

    with pytest.raises(SiteError, match=f"{count} warnings, and the build is strict"):
        build_site(strict=True, warn=lambda _: None)

    assert snapshot(project / "site") == before


@pytest.mark.usefixtures("project")
def test_warnings_go_to_standard_error(monkeypatch, capsys) -> None:
    """Without anyone to hand them to, warnings are lines on standard error."""
    make(monkeypatch, "[nowhere](nowhere.md)")
    build_site()

    out, err = capsys.readouterr()
    assert out == ""
    assert "nowhere.md" in err
    assert all(line.startswith("warning: ") for line in err.splitlines())


@pytest.mark.usefixtures("project")
def test_progress_is_told() -> None:
    """Each rendered page is one step, and the last step is the whole."""
    steps: list[tuple[int, int, str]] = []
    build_site(progress=lambda *step: steps.append(step))

    done, total, what = steps[-1]
    assert done == total == len(steps)
    assert what == "rendering"


def test_a_quick_look_goes_elsewhere(project: Path) -> None:
    """A build of some functions only is put beside the cache and returns the page asked for."""
    build_site()
    before = snapshot(project / "site")

    page = build_site(only=["gelu"])

    assert page.is_relative_to(project / ".cache")
    assert page.parts[-2:] in {("functions", "gelu.html"), ("gelu", "index.html")}
    assert page.is_file()
    assert snapshot(project / "site") == before


def test_check_finds_every_difference(project: Path, monkeypatch) -> None:
    """Checking reports changed, missing and surplus files, and changes nothing itself."""
    build_site()
    assert check_site() == []
    (project / "site" / "surplus.txt").write_text("x")
    make(monkeypatch, "second", **{"new.md": "new"})
    before = snapshot(project / "site")

    found = check_site()

    assert "index.html differs" in found
    assert "surplus.txt should not be there" in found
    assert any(line.startswith("new") and line.endswith("is missing") for line in found)
    assert snapshot(project / "site") == before
    assert leftovers(project) == []


def test_check_needs_a_site(project: Path) -> None:
    """Checking without a site says that there is none."""
    with pytest.raises(SiteError, match=r"There is no site in .*; build it first"):
        check_site()
    assert not (project / "site").exists()


def test_the_project_is_found_from_below(project: Path, monkeypatch) -> None:
    """A build in a folder of the project builds the project."""
    below = project / "docs" / "deep"
    below.mkdir()
    monkeypatch.chdir(below)

    assert build_site() == project / "site" / "index.html"


def test_elsewhere_the_shipped_configuration_is_used(tmp_path: Path, monkeypatch) -> None:
    """In an empty folder the site of symacts is built into that folder."""
    monkeypatch.chdir(tmp_path)
    found = site_build._project(None)

    assert found.config_file == resource("mkdocs.yml")
    assert found.root == tmp_path
    assert found.cache == tmp_path / ".cache"
    run = site_build._Run(found, jobs=1, strict=False, progress=None, warn=print)
    assert run.configured_site_dir() == tmp_path / "site"


def test_a_configuration_without_symacts_is_refused(project: Path) -> None:
    """A configuration that does not use the plugin is named instead of built."""
    config = project / "mkdocs.yml"
    config.write_text(CONFIG.replace('plugins: [symacts: {folder: ""}]', "plugins: []"), "utf-8")

    with pytest.raises(SiteError, match="does not use symacts"):
        build_site(config_file=config)


def test_a_broken_configuration_is_explained(project: Path) -> None:
    """An error in the configuration comes out as one message that names the setting."""
    with (project / "mkdocs.yml").open("a", encoding="utf-8") as file:
        file.write("docs_dir: nowhere\n")

    with pytest.raises(SiteError, match="docs_dir"):
        build_site()


def test_markdown_is_written(project: Path) -> None:
    """The way out: the pages as plain Markdown, with the assets beside them."""
    index = write_markdown_site(project / "out")

    assert index == project / "out" / "index.md"
    assert index.read_text("utf-8") == "first"
    assert (project / "out" / "assets" / "symacts.css").is_file()


def eventually(server: subprocess.Popen[str], check: Callable[[], bool]) -> bool:
    """Tell whether *check* comes true in time, while the server runs."""
    end = time.monotonic() + 60
    while time.monotonic() < end and server.poll() is None:
        if check():
            return True
        time.sleep(0.2)
    return False


def page_at(address: str) -> str:
    try:
        with urlopen(address, timeout=5) as answer:
            return answer.read().decode()
    except (URLError, ConnectionError, TimeoutError):
        return ""


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="ends the server as Ctrl-C does")
def test_a_served_site_follows_its_sources(project: Path) -> None:
    """The server shows the site, shows an edit without being told, and ends on Ctrl-C."""
    (project / "mkdocs.yml").write_text(
        CONFIG.replace('plugins: [symacts: {folder: ""}]', "plugins: [symacts: {only: [relu]}]"),
        "utf-8",
    )
    (project / "docs" / "index.md").write_text("before", "utf-8")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    script = f"from symacts.site_build import serve_site; serve_site(address={address!r})"
    server = subprocess.Popen(
        [sys.executable, "-c", script], cwd=project, stderr=subprocess.PIPE, text=True
    )
    try:
        assert eventually(server, lambda: "before" in page_at(f"http://{address}/"))
        assert "ReLU" in page_at(f"http://{address}/activations/functions/relu/")
        (project / "docs" / "index.md").write_text("after", "utf-8")
        assert eventually(server, lambda: "after" in page_at(f"http://{address}/"))
    finally:
        server.send_signal(signal.SIGINT)
        _, errors = server.communicate(timeout=30)
        assert server.returncode == 0, errors


@pytest.mark.usefixtures("project")
def test_an_address_in_use_is_named() -> None:
    """A server that cannot listen says on which address."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SiteError, match=f"Cannot serve on {address}"):
            serve_site(address=address)
