"""What a terminal can do: colours where there is one, tables, wrapped text and progress."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from textwrap import wrap
from typing import Self, TextIO
from unicodedata import combining, east_asian_width

__all__ = ["Progress", "complain", "heading", "paint", "paragraph", "table", "width", "write_table"]

CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
READABLE = 88
PATIENCE = 2.0


def is_colourful(stream: TextIO) -> bool:
    """Tell whether colours may be written: to a terminal, unless NO_COLOR or TERM say no."""
    return (
        stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "") != "dumb"
    )


def paint(text: str, *styles: str, stream: TextIO | None = None) -> str:
    """Return the text in the given styles if the stream (standard output) shows colours."""
    if not text or not is_colourful(stream or sys.stdout):
        return text
    return f"\x1b[{';'.join(CODES[style] for style in styles)}m{text}\x1b[0m"


def complain(message: str) -> None:
    """Write an error to standard error."""
    label = paint("symacts: error:", "bold", "red", stream=sys.stderr)
    print(label, message, file=sys.stderr)


def heading(text: str) -> str:
    """Return the heading of a section."""
    return paint(text, "bold")


def width() -> int | None:
    """Return the columns of the terminal, or None where output is not cut or wrapped."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None


def paragraph(text: str, indent: str = "") -> str:
    """Return the text wrapped to a readable width, each line indented."""
    columns = min(width() or READABLE, READABLE)
    return "\n".join(
        wrap(text, columns, initial_indent=indent, subsequent_indent=indent, break_long_words=False)
    )


def write_table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: frozenset[int] = frozenset(),
    cut_last: bool = False,
) -> None:
    """Print a table to standard output; see `table`."""
    head, *body = table(heads, rows, numbers=numbers, columns=width() if cut_last else None)
    print(paint(head, "bold"))
    for line in body:
        name, gap, rest = line.partition("  ")
        print(paint(name, "cyan") + gap + rest)


def table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    numbers: frozenset[int] = frozenset(),
    columns: int | None = None,
) -> list[str]:
    """Return aligned lines, the head first.

    Args:
        heads: the head of each column.
        rows: the cells.
        numbers: the columns that hold numbers, aligned at the decimal point.
        columns: cut lines that are longer than this.
    """
    cells = [list(row) for row in rows]
    for index in numbers:
        for row, text in zip(cells, _at_the_point([row[index] for row in cells]), strict=True):
            row[index] = text
    lines = [list(heads), *cells]
    widths = [max(map(_columns, column)) for column in zip(*lines, strict=True)]
    return [_cut("  ".join(map(_pad, line, widths)).rstrip(), columns) for line in lines]


def _at_the_point(numbers: Sequence[str]) -> list[str]:
    """Return numbers with spaces in front that bring their decimal points below one another."""
    wholes = [len(number.replace("e", ".").partition(".")[0]) for number in numbers]
    longest = max(wholes, default=0)
    return [" " * (longest - n) + number for n, number in zip(wholes, numbers, strict=True)]


def _columns(text: str) -> int:
    """Return how many columns a terminal needs for the text."""
    return sum(0 if combining(ch) else 1 + (east_asian_width(ch) in "WF") for ch in text)


def _pad(text: str, columns: int) -> str:
    return text + " " * (columns - _columns(text))


def _cut(line: str, columns: int | None) -> str:
    return line if columns is None or len(line) <= columns else line[: columns - 1] + "…"


class Progress:
    """A line on standard error that says how far the work is.

    It appears on a terminal only, and only once the work has taken two seconds, so quick work and
    logs stay clean. Used as `with Progress() as progress: ... progress(done, total, "figures")`.
    """

    def __init__(self) -> None:
        self._started = time.monotonic()
        self._shown = False
        self._live = sys.stderr.isatty() and os.environ.get("TERM", "") != "dumb"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self._shown = False

    def interrupted_by(self, say: Callable[[str], None]) -> Callable[[str], None]:
        """Return *say*, with the line out of its way."""

        def clear_and_say(message: str) -> None:
            self.clear()
            say(message)

        return clear_and_say

    def __call__(self, done: int, total: int, what: str = "") -> None:
        """Say that *done* of *total* steps are done, and what is being worked on."""
        if not self._live or time.monotonic() - self._started < PATIENCE:
            return
        share = done / total if total else 1.0
        bar = "█" * round(20 * share) + "░" * (20 - round(20 * share))
        line = _cut(f"{bar} {done}/{total} {what}", shutil.get_terminal_size().columns - 1)
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()
        self._shown = True
