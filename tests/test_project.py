"""The project itself: what is shipped, what is pinned, and what must not stand in any file."""

import ast
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PINS = (ROOT / "constraints.txt").read_text(encoding="utf-8")

# Written in halves, so that this file does not hold what it looks for.
PACKAGE_HOSTS = tuple(
    first + second
    for first, second in (
        ("pypi.", "org"),
        ("python", "hosted.org"),
        ("npm", "js.org"),
        ("npm", "js.com"),
        ("unpkg", ".com"),
        ("jsdelivr", ".net"),
        ("deb.debian", ".org"),
        ("--index", "-url"),
        ("--find", "-links"),
    )
)
# Homes on somebody's machine; the test adds the folder in which this copy lies.
MACHINE_PATHS = re.compile(r"(?<![\w.~])(/(home/\w+|root|Users/\w+)/|[A-Z]:\\Users\\)")
GENERATED = {".cache", ".git", ".hypothesis", ".venv", "build", "dist", "site", "__pycache__"}
# Libraries of others, which name their own homes.
VENDORED = ("templates/docs/assets/katex/", "templates/docs/assets/iframe-worker/")


def name_of(requirement: str) -> str:
    """Return the normal form of the package that a requirement or a pin names."""
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].lower().replace("_", "-")


@cache
def texts() -> dict[str, str]:
    """Return every file of the project that is text, by its path."""
    found = {}
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        is_ours = not (GENERATED & set(parts) or any(p.endswith("_cache") for p in parts))
        if is_ours and path.is_file():
            try:
                found["/".join(parts)] = path.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
    return found


def requirements() -> Iterator[str]:
    """Yield every requirement of the library and of its extras."""
    yield from PROJECT["project"]["dependencies"]
    for extra in PROJECT["project"]["optional-dependencies"].values():
        yield from extra


def test_no_file_names_a_package_host() -> None:
    """No file says where packages come from: that is for the machine that installs them to know."""
    named = [
        f"{name} names {host}"
        for name, text in texts().items()
        if not name.startswith(VENDORED)
        for host in PACKAGE_HOSTS
        if host in text
    ]

    assert named == []


def test_no_file_names_a_machine_s_path() -> None:
    """No file holds a path that exists on one machine only, such as that of this very copy."""
    here = f"{ROOT.parent}/"
    named = [
        f"{name} holds {found[0]}"
        for name, text in texts().items()
        if not name.startswith(VENDORED)
        for found in [
            MACHINE_PATHS.search(text) or (len(here) > 2 and re.search(re.escape(here), text))
        ]
        if found
    ]

    assert named == []


def test_the_version_stands_once() -> None:
    """`symacts.__version__` is the only place for the version; the build reads it from there."""
    source = (ROOT / "symacts" / "__init__.py").read_text(encoding="utf-8")
    stated = re.findall(r'^__version__ = "(\d+\.\d+\.\d+\S*)"$', source, re.MULTILINE)

    assert len(stated) == 1
    assert "version" not in PROJECT["project"]
    assert PROJECT["project"]["dynamic"] == ["version"]
    assert version("symacts") == stated[0], "The installed version is another; install again."


def test_every_requirement_is_pinned() -> None:
    """constraints.txt pins every package that the library or an extra asks for."""
    pinned = {name_of(line) for line in PINS.splitlines() if "==" in line}
    missing = {name_of(requirement) for requirement in requirements()} - pinned - {"symacts"}

    assert missing == set(), "Renew constraints.txt; its first lines say how."


def test_every_requirement_is_defended() -> None:
    """Each dependency has a comment on its line that says what it is for."""
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    undefended = [
        requirement
        for requirement in requirements()
        if not any(f'"{requirement}"' in line and "  # " in line for line in lines)
        and not any(f'"{requirement}", # ' in line for line in lines)
    ]

    assert undefended == [], "Say in a comment behind it what the dependency is for."


def test_every_requirement_is_used() -> None:
    """Each package that the library asks for is imported by the library."""
    imported = {"python-flint": "flint"}
    sources = "\n".join(
        text
        for name, text in texts().items()
        if name.startswith("symacts/") and name.endswith(".py")
    )
    unused = [
        name
        for name in map(name_of, PROJECT["project"]["dependencies"])
        if not re.search(rf"^\s*(import|from) {imported.get(name, name)}\b", sources, re.MULTILINE)
    ]

    assert unused == []


@pytest.mark.parametrize(
    "path", sorted(Path(__file__).parent.glob("test_*.py")), ids=lambda p: p.stem
)
def test_tests_say_what_holds(path: Path) -> None:
    """Every test states in a sentence, in the present tense, what holds."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tests = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    vague = [
        f"{test.name}: {sentence!r}"
        for test in tests
        for sentence in [(ast.get_docstring(test) or "").partition("\n\n")[0]]
        if not sentence.endswith(".") or re.match(r"(?i)tests?\b|checks?\b|.*\bshould\b", sentence)
    ]

    assert vague == [], "Say in one sentence what holds, such as 'Names are found in any case.'"


def test_every_module_is_of_a_readable_length() -> None:
    """No module is longer than 400 lines; one that grows beyond holds a second idea."""
    long = {
        name: text.count("\n")
        for name, text in texts().items()
        if name.startswith(("symacts/", "benchmarks/")) and name.endswith(".py")
        if text.count("\n") > 400
    }

    assert long == {}, "Split these by idea."


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel from the tree, as pip would."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_what_it_needs(wheel: Path) -> None:
    """Templates, configuration, references and types travel with the code; tests do not."""
    names = set(zipfile.ZipFile(wheel).namelist())
    carried = {
        f"symacts/{path.relative_to(ROOT).as_posix()}"
        for path in (ROOT / "templates").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert carried - names == set(), "The wheel lacks these templates."
    assert {"symacts/mkdocs.yml", "symacts/references.bib", "symacts/py.typed"} <= names
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == {"symacts"}


@pytest.mark.slow
def test_the_wheel_builds_the_site_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    """Installed from its wheel, symacts makes the site in any folder, far from the checkout."""
    installed, empty = tmp_path / "installed", tmp_path / "empty"
    zipfile.ZipFile(wheel).extractall(installed)
    empty.mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "symacts", "build"],
        cwd=empty,
        env={"PYTHONPATH": str(installed), "PATH": "", "PYTHONSAFEPATH": "1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.strip()) == empty / "site" / "index.html"
    assert (empty / "site" / "index.html").is_file()
    assert {path.name for path in empty.iterdir()} <= {"site", ".cache"}
