"""Tables of activations for LaTeX, with rules from booktabs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from symacts.paper.equations import where
from symacts.paper.lines import aligned
from symacts.paper.markup import plain
from symacts.paper.properties import range_of
from symacts.paper.templates import render
from symacts.typeset import Formula, formula_of
from symacts.typeset.measure import width

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["table"]

# Letters in a line of a one-column article in small type, and what two gaps between columns take.
LINE = 72.0
GAP = 3.0
LONGEST_RANGE = 19.0
# A longer table continues on the next page.
LONGEST = 12


@dataclass(frozen=True)
class Row:
    """One line of the table, all of it LaTeX."""

    name: str
    formula: str
    derivative: str
    stacked: str
    range: str


def table(acts: "Sequence[Activation]") -> str:
    """Return a booktabs table of name, formula, derivative and range.

    Formula and derivative stand side by side where the page is wide enough for all of them, else
    one above the other.  A long table may continue on the next page.
    """
    formulas = [[formula_of(act, order) for act in acts] for order in (0, 1)]
    ranges = [min(width(range_of(act)), LONGEST_RANGE) for act in acts]
    room = LINE - max(width(act.title) for act in acts) - max(ranges)
    beside = sum(max(width(f.rhs) for f in column) for column in formulas)
    return render(
        "table.tex.j2",
        label=_label(acts),
        rows=[_row(act, room - 2 * GAP) for act in acts],
        side_by_side=beside <= room - 3 * GAP,
        long=len(acts) > LONGEST,
        where=_letters([f for column in formulas for f in column]),
    )


def _label(acts: "Sequence[Activation]") -> str:
    return "-".join(act.id for act in acts) if len(acts) <= 3 else "activations"


def _row(act: "Activation", limit: float) -> Row:
    formula, derivative = formula_of(act), formula_of(act, 1)
    lines = [
        line
        for written in (formula, derivative)
        for line in aligned(written.lhs, written.rhs, limit - width(written.lhs))
    ]
    stacked = "\\\\\n    ".join(lines)
    return Row(plain(act.title), formula.rhs, derivative.rhs, stacked, _range(act))


def _range(act: "Activation") -> str:
    """Return the range; a long union of sets takes several lines."""
    text = range_of(act)
    if width(text) <= LONGEST_RANGE:
        return text
    first, *rest = text.strip("$").split(r" \cup ")
    lines = [f"&{first}", *(rf"&{{}} \cup {part}" for part in rest)]
    return r"$\begin{aligned}[t] " + r" \\ ".join(lines) + r" \end{aligned}$"


def _letters(formulas: Sequence[Formula]) -> str:
    """Return what the letters of a table mean; constants are given by their digits."""
    pieces = dict.fromkeys(piece for f in formulas for piece in (*f.common, *f.own))
    short = [
        replace(piece, definition=piece.definition.partition(r"\approx ")[2] or piece.definition)
        for piece in pieces
    ]
    return where(short).removeprefix("where ")
