"""Copies of a computation, woven together: processors look ahead only so far.

One vector's worth of a long chain of operations leaves most of a processor waiting, and the next
vector's operations stand too far behind for it to see them.  So several vectors are computed side
by side, line by line.
"""

import re
from collections import deque
from collections.abc import Sequence

__all__ = ["interleave", "split_constant"]

_NAME = re.compile(r"%[\w.]+")


def interleave(copies: Sequence[Sequence[str]]) -> list[str]:
    """Return the lines of all copies, as evenly mixed as can be.

    A copy may use what stands in the first one, and stays behind it then.
    """
    first, *others = (deque(lines) for lines in copies)
    totals = [max(1, len(lines)) for lines in copies]
    missing = {_defined(line) for line in first}
    written: list[str] = []

    def write(copy: deque[str]) -> None:
        line = copy.popleft()
        written.append(line)
        missing.discard(_defined(line))

    while any(left := [first, *others]):
        shares = [len(copy) / total for copy, total in zip(left, totals, strict=True)]
        copy = left[shares.index(max(shares))]
        while copy is not first and missing.intersection(_NAME.findall(copy[0])):
            write(first)
        write(copy)
    return written


def split_constant(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the lines that are the same for every element, and the others.

    What differs between elements comes from the names that start with x.
    """
    constant: list[str] = []
    varying: list[str] = []
    names: set[str] = set()
    for line in lines:
        used = _NAME.findall(line.partition(" = ")[2])
        if any(name in names or name.startswith("%x") for name in used):
            names.add(_defined(line))
            varying.append(line)
        else:
            constant.append(line)
    return constant, varying


def _defined(line: str) -> str:
    """Return the name that a line gives to its value."""
    return line.partition(" = ")[0].strip()
