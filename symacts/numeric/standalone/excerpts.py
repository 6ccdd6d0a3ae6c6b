"""Excerpts of our own source: functions and constants, with all of ours that they need.

An excerpt reads as it does where it was taken from, comments and all.  It has no annotations, and
its names start with an underscore, so that what a module offers is what its author adds.
"""

import ast
import inspect
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from types import ModuleType
from typing import TypeAlias

__all__ = ["Excerpts", "private"]

Edit: TypeAlias = tuple[int, int, str]  # from, to, what stands there instead
Importing: TypeAlias = tuple[ast.Import | ast.ImportFrom, ast.alias]

_SCOPES = (ast.FunctionDef, ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_PACKAGE = __name__.partition(".")[0]
#: Packages that take longer to import than all the rest: imported in the functions that need them.
_SLOW = ("scipy",)


def private(name: str) -> str:
    """Return the name that something of ours has in an excerpt."""
    return name if name.startswith("_") else f"_{name}"


@dataclass
class Excerpts:
    """Collected definitions, each after those that it needs, and the imports that they need."""

    imports: set[str] = field(default_factory=set)
    texts: dict[str, str] = field(default_factory=dict)

    def add(self, module: ModuleType, names: Iterable[str]) -> None:
        """Add what the names stand for in a module, and what that needs."""
        for name in names:
            self._add(_read(module), name)

    def _add(self, page: "_Page", name: str) -> None:
        """Add one definition after all that it needs; a second time nothing happens."""
        if private(name) in self.texts:
            return
        if name not in page.definitions:  # the module has it from another one
            importing = page.imported[name]
            source = _source_of(importing)
            assert source is not None
            self._add(_read(source), importing[1].name)
            return
        node = page.definitions[name]
        slow = set()
        for used in sorted({one.id for one in _globals(node)}):
            if used == name:
                continue
            if used in page.definitions:
                self._add(page, used)
            elif used in page.imported:
                importing = page.imported[used]
                source = _source_of(importing)
                if source is not None:
                    self._add(_read(source), importing[1].name)
                elif _is_slow(importing) and isinstance(node, ast.FunctionDef):
                    slow.add(_line(importing))
                else:
                    self.imports.add(_line(importing))
        self.texts[private(name)] = page.excerpt(name, sorted(slow))


class _Page:
    """The source of one module, and what it defines and imports at its top."""

    def __init__(self, source: str) -> None:
        # Positions in a syntax tree count bytes.
        self.source = source.encode()
        self.starts = [0]
        for line in self.source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.definitions: dict[str, ast.stmt] = {}
        self.imported: dict[str, Importing] = {}
        for node in ast.parse(source).body:
            self.definitions |= dict.fromkeys(_defined(node), node)
            if isinstance(node, ast.Import | ast.ImportFrom):
                self.imported |= {a.asname or a.name: (node, a) for a in node.names}

    def excerpt(self, name: str, imports: list[str]) -> str:
        """Return a definition as it stands alone; *imports* become its first lines."""
        node = self.definitions[name]
        start, end = self._beginning(node), self._position(node.end_lineno, node.end_col_offset)
        edits = [*self._unannotated(node), *self._renamed(node)]
        if isinstance(node, ast.FunctionDef):
            first = node.body[1 if ast.get_docstring(node) else 0]
            at = self._position(first.lineno, first.col_offset)
            edits += [(at, at, f"{line}\n\n{' ' * first.col_offset}") for line in imports]
            called = self.source.index(f"def {name}(".encode(), start) + len("def ")
            edits.append((called, called + len(name.encode()), private(name)))
        text = self.source
        for begins, ends, instead in sorted(edits, reverse=True):
            text = text[:begins] + instead.encode() + text[ends:]
            end += len(instead.encode()) - (ends - begins)
        return text[start:end].decode()

    def _position(self, line: int | None, column: int | None) -> int:
        return self.starts[(line or 1) - 1] + (column or 0)

    def _beginning(self, node: ast.stmt) -> int:
        """Return where a definition begins: with its decorators, and the comments above it."""
        decorators = getattr(node, "decorator_list", [])
        line = min([node.lineno, *(decorator.lineno for decorator in decorators)]) - 1
        while line and self.source[self.starts[line - 1] :].startswith(b"#"):
            line -= 1
        return self.starts[line]

    def _span(self, node: ast.expr | ast.arg) -> tuple[int, int]:
        return (
            self._position(node.lineno, node.col_offset),
            self._position(node.end_lineno, node.end_col_offset),
        )

    def _renamed(self, node: ast.stmt) -> Iterator[Edit]:
        """Yield the edits that make names of ours private."""
        for one in _globals(node):
            importing = self.imported.get(one.id)
            if one.id in self.definitions:
                yield (*self._span(one), private(one.id))
            elif importing and _source_of(importing) is not None:
                yield (*self._span(one), private(importing[1].name))

    def _unannotated(self, node: ast.stmt) -> Iterator[Edit]:
        """Yield the edits that take annotations away."""
        for inner in ast.walk(node):
            if isinstance(inner, ast.arg) and inner.annotation:
                start, end = self._span(inner)
                has_default = self.source[end:].startswith(b" = ")
                yield (start, end + 3 * has_default, inner.arg + "=" * has_default)
            elif isinstance(inner, ast.AnnAssign) and inner.value:
                yield (self._span(inner.target)[1], self._span(inner.annotation)[1], "")
            elif isinstance(inner, ast.FunctionDef) and inner.returns:
                start, end = self._span(inner.returns)
                yield (start - len(" -> "), end, "")


@lru_cache
def _read(module: ModuleType) -> _Page:
    return _Page(inspect.getsource(module))


def _defined(node: ast.stmt) -> Iterator[str]:
    """Yield the names that a statement defines as a function or a constant."""
    if isinstance(node, ast.FunctionDef):
        yield node.name
    targets = node.targets if isinstance(node, ast.Assign) else []
    if isinstance(node, ast.AnnAssign):
        targets = [node.target]
    yield from (target.id for target in targets if isinstance(target, ast.Name))


def _globals(node: ast.AST, local: frozenset[str] = frozenset()) -> Iterator[ast.Name]:
    """Yield the names that come from outside of a definition, those in annotations left out.

    What a constant's statement defines counts too, for it changes its name like all the others.
    """
    if isinstance(node, _SCOPES):
        local |= set(_bound(node))
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.Name) and child.id not in local:
                yield child
            elif isinstance(child, ast.AST):
                yield from _globals(child, local)


def _bound(scope: ast.AST) -> Iterator[str]:
    """Yield the names that a function or a comprehension binds, not those of one inside of it."""
    for child in ast.iter_child_nodes(scope):
        if isinstance(child, ast.arg):
            yield child.arg
        elif isinstance(child, ast.Name) and isinstance(child.ctx, ast.Store):
            yield child.id
        elif isinstance(child, ast.FunctionDef):
            yield child.name
        if not isinstance(child, _SCOPES):
            yield from _bound(child)


def _source_of(importing: Importing) -> ModuleType | None:
    """Return the module of ours that a name is imported from, None if it is not from ours."""
    node, _ = importing
    name = node.module if isinstance(node, ast.ImportFrom) else ""
    return sys.modules[name] if name and name.partition(".")[0] == _PACKAGE else None


def _is_slow(importing: Importing) -> bool:
    node, alias = importing
    name = node.module if isinstance(node, ast.ImportFrom) else alias.name
    return (name or "").partition(".")[0] in _SLOW


def _line(importing: Importing) -> str:
    """Return the import of one name alone."""
    node, alias = importing
    if isinstance(node, ast.ImportFrom):
        return ast.unparse(ast.ImportFrom(node.module, [alias], 0))
    return ast.unparse(ast.Import([alias]))
