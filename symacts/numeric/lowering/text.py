"""The text of a generated function, and the function that it is."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from symacts.numeric import kernels
from symacts.numeric.lowering.emit import Writer

__all__ = ["Source", "assemble"]

_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True)
class Source:
    """The text of one function and the kernels that it calls."""

    name: str
    arguments: tuple[str, ...]
    text: str
    kernels: frozenset[str]

    def compile(self) -> Callable[..., Any]:
        """Return the function."""
        scope: dict[str, Any] = {"np": np}
        scope |= {f"_{name}": getattr(kernels, name) for name in self.kernels}
        exec(compile(self.text, f"<symacts {self.name}>", "exec"), scope)  # noqa: S102  our own text
        function: Callable[..., Any] = scope[self.name]
        return function


def assemble(name: str, arguments: list[str], writer: Writer, results: list[str]) -> Source:
    """Return the function whose body is what the writer holds, and then the results."""
    lines = _needed([*writer.lines, f"return {', '.join(results)}"])
    body = "\n".join(f"    {line}" for line in lines)
    text = f"def {name}({', '.join(arguments)}):\n{body}\n"
    return Source(name, tuple(arguments), text, frozenset(writer.kernels))


def _needed(lines: list[str]) -> list[str]:
    """Return the lines without the names that nothing after them asks for."""
    *others, last = lines
    kept, words = [last], set(_WORD.findall(last))
    for line in reversed(others):
        name, _, value = line.partition(" = ")
        if name in words:
            kept.append(line)
            words.update(_WORD.findall(value))
    return kept[::-1]
