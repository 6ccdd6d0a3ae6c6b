"""How long the site takes: from nothing, with nothing changed, after an edit; how large it is."""

import gzip
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.measure import Result, run

__all__ = ["measure"]

ROOT = Path(__file__).resolve().parent.parent
COMMAND = (sys.executable, "-m", "symacts", "build")
EDITED = "symacts/catalogue/gaussians.py"
KB = 1000


def measure() -> list[Result]:
    """Return the time of each kind of build, the peak of memory and the size of the pages."""
    with tempfile.TemporaryDirectory() as folder:
        project = _copy(Path(folder))
        cold, warm = run(COMMAND, project), run(COMMAND, project)
        _edit(project / EDITED)
        edited = run(COMMAND, project)
        pages = _function_pages(project / "site")
    return [
        Result("build, cold", cold.seconds, "s", target=60),
        Result("build, nothing changed", warm.seconds, "s", target=8),
        Result("build, one definition edited", edited.seconds, "s"),
        Result("build, peak memory of a process", cold.peak, "MiB", target=1024),
        Result("largest function page", max(map(len, pages)) / KB, "kB", target=200),
        Result("the same, compressed", max(map(_packed, pages)) / KB, "kB", target=30),
    ]


def _copy(folder: Path) -> Path:
    """Copy what the site is made of; Python imports what lies in the present folder first."""
    unwanted = shutil.ignore_patterns("__pycache__")
    for name in ("symacts", "templates"):
        shutil.copytree(ROOT / name, folder / name, ignore=unwanted)
    shutil.copy(ROOT / "mkdocs.yml", folder)
    return folder


def _edit(module: Path) -> None:
    """Change the notes of GELU, as somebody would who found a better word."""
    text = module.read_text(encoding="utf-8")
    edited = text.replace("The average effect", "The mean effect")
    if edited == text:
        raise SystemExit(f"{module.name} no longer has the sentence that the benchmark edits")
    module.write_text(edited, encoding="utf-8")


def _function_pages(site: Path) -> list[bytes]:
    """Return the HTML of every function page."""
    pages = [path for path in site.glob("functions/*.html") if path.stem != "index"]
    return [path.read_bytes() for path in pages]


def _packed(page: bytes) -> int:
    return len(gzip.compress(page))
