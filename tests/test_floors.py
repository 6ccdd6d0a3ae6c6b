"""Imports go down: the house has floors, and what stands above is not known below."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "symacts"

# Room (a module or a folder of the package) -> floor. A room imports rooms of lower floors only.
FLOORS = {
    "errors": 0,
    "once": 0,
    "resources": 0,
    "symbols": 0,
    "cache": 1,
    "references": 1,
    "atoms": 1,
    "parameters": 1,
    "definition": 2,
    "differentiate": 2,
    "enclose": 2,
    "lift": 2,
    "pieces": 3,
    "calculus": 4,
    "numeric": 4,
    "typeset": 4,
    "facts": 5,
    "derivative": 6,
    "verdicts": 6,
    "activation": 7,
    "catalogue": 8,
    "recheck": 8,
    "vocabulary": 8,
    "__init__": 9,
    "frameworks": 9,
    "measured": 9,
    "relations": 9,
    "windows": 9,
    "curves": 10,
    "marks": 10,
    "checks": 10,
    "wording": 10,
    "plot": 11,
    "figures": 12,
    "katex": 12,
    "paper": 12,
    "pages": 13,
    "staging": 13,
    "site_build": 14,
    "cli": 15,
    "mkdocs_plugin": 16,
    "__main__": 16,
}

# The rooms inside of numeric, which has many.
NUMERIC = {
    "__init__": 0,
    "engine": 0,
    "float32": 0,
    "kernels": 0,
    "jacobians": 1,
    "lowering": 1,
    "written_out": 1,
    "llvm": 2,
    "standalone": 2,
    "running": 3,
    "vectors": 4,
}

HOUSES = {"symacts": FLOORS, "symacts.numeric": NUMERIC}

# Imports inside of functions that lead up, each with the reason why it may.
DOORS = {
    ("activation", "frameworks"): "the contract puts act.frameworks on the noun",
    ("activation", "plot"): "the contract puts act.plot() on the noun",
    ("activation", "relations"): "the contract puts act.relations on the noun",
    ("engine", "llvm"): "it must know whether machine code can be had, and settings are below all",
    ("numeric", "__init__"): "stand-alone source says which version wrote it",
}

# What `import symacts` must not cost, and the rooms on whose floors it starts.
HEAVY = ("jinja2", "markdown", "matplotlib", "mkdocs", "pybtex", "quickjs")
LOWEST_WITH_HEAVY = "plot"


@dataclass(frozen=True)
class Import:
    """One import of a room by a room: where it stands, and whether it waits in a function."""

    source: str
    target: str
    place: str
    is_lazy: bool


def _modules(house: str = "symacts") -> Iterator[Path]:
    folder = PACKAGE.parent.joinpath(*house.split("."))
    return (path for path in folder.rglob("*.py") if "__pycache__" not in path.parts)


def _room(path: Path, house: str = "symacts") -> str:
    place = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return place[house.count(".") + 1]


def _imports(path: Path, house: str = "symacts") -> Iterator[tuple[str, str, bool]]:
    """Yield each imported module, its place, and whether the import waits in a function."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node, is_lazy in _statements(tree, is_lazy=False):
        place = f"{path.relative_to(PACKAGE.parent)}:{node.lineno}"
        if isinstance(node, ast.Import):
            yield from ((alias.name, place, is_lazy) for alias in node.names)
        elif node.module == house:
            yield from ((f"{house}.{alias.name}", place, is_lazy) for alias in node.names)
        elif node.module:
            yield node.module, place, is_lazy


def _statements(
    node: ast.AST, *, is_lazy: bool
) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
            continue  # types are read by people and mypy, nothing is imported
        if isinstance(child, ast.Import | ast.ImportFrom):
            yield child, is_lazy
        in_function = is_lazy or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        yield from _statements(child, is_lazy=in_function)


def _between_rooms(house: str) -> Iterator[Import]:
    floors = HOUSES[house]
    for path in _modules(house):
        source = _room(path, house)
        for module, place, is_lazy in _imports(path, house):
            target = module.removeprefix(house).removeprefix(".").partition(".")[0] or "__init__"
            if not f"{module}.".startswith(f"{house}.") or target == source:
                continue
            # `from symacts import gelu` asks the package itself.
            yield Import(source, target if target in floors else "__init__", place, is_lazy)


@pytest.mark.parametrize("house", HOUSES)
def test_every_room_has_a_floor(house: str) -> None:
    """Every module and folder of a package is on a floor, and every floor's room exists."""
    rooms, floors = {_room(path, house) for path in _modules(house)}, HOUSES[house].keys()

    assert rooms - floors == set(), "Give these rooms a floor."
    assert floors - rooms == set(), "These rooms are gone; take them out of the floors."


@pytest.mark.parametrize("house", HOUSES)
def test_imports_go_down(house: str) -> None:
    """No room imports a room of its own floor or of a higher one, except through a named door."""
    floors = HOUSES[house]
    wrong = [
        f"{one.place}: {one.source} (floor {floors[one.source]}) imports {one.target} "
        f"(floor {floors[one.target]}); imports go down. Move the part that both need to floor "
        f"{floors[one.source] - 1} or lower"
        for one in _between_rooms(house)
        if floors[one.target] >= floors[one.source]
        and not (one.is_lazy and (one.source, one.target) in DOORS)
    ]

    assert wrong == [], "\n".join(wrong)


def test_doors_are_used() -> None:
    """Every named door is one that some function goes through."""
    every = (one for house in HOUSES for one in _between_rooms(house))
    used = {(one.source, one.target) for one in every if one.is_lazy}

    assert DOORS.keys() - used == set(), "Nothing goes through these doors; take them out of DOORS."


def test_heavy_packages_stay_upstairs() -> None:
    """Modules below the pictures do not import Matplotlib, Jinja, MkDocs and their like on top."""
    wrong = [
        f"{place}: {_room(path)} imports {module}; import it in the function that needs it"
        for path in _modules()
        if FLOORS.get(_room(path), 0) < FLOORS[LOWEST_WITH_HEAVY]
        for module, place, is_lazy in _imports(path)
        if module.partition(".")[0] in HEAVY and not is_lazy
    ]

    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("module", ["symacts", "symacts.cli"])
def test_importing_loads_nothing_heavy(module: str) -> None:
    """Importing the library, or its command line, loads none of the heavy packages."""
    code = f"import json, sys, {module}; print(json.dumps([*sys.modules]))"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    loaded = sorted(set(HEAVY) & set(json.loads(answer)))

    assert loaded == [], f"`import {module}` loads {', '.join(loaded)}"
