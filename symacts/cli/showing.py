"""`symacts show`: formula, derivatives, facts, pros and cons, in the terminal."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from symacts.cli.command import Command, whole
from symacts.cli.prose import display, plain, tex
from symacts.cli.proving import fact_lines
from symacts.cli.terminal import heading, paint, paragraph, table
from symacts.references import reference
from symacts.typeset import equation, number, where

if TYPE_CHECKING:
    from symacts.activation import Activation
    from symacts.verdicts import Verdict

__all__ = ["SHOW"]

INDENT = "  "


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="an id, title or alias, in any case")
    parser.add_argument(
        "--order",
        metavar="N",
        type=whole,
        default=2,
        help="the highest derivative to show (default 2)",
    )


def _run(options: Namespace) -> int:
    import symacts

    act = symacts.find(options.name)
    sections = (
        _title(act),
        _formulas(act, options.order),
        _parameters(act),
        fact_lines(act),
        _verdicts("Pros", paint("+", "green"), act.pros),
        _verdicts("Cons", paint("-", "red"), act.cons),
        _notes(act),
        _references(act),
    )
    print("\n\n".join(section for section in map("\n".join, sections) if section))
    return 0


def _title(act: "Activation") -> Iterator[str]:
    long_title = f"  {act.long_title}" if act.long_title else ""
    yield heading(act.title) + long_title
    yield paint(f"symacts.{act.id}, of the family {act.family}", "dim")
    if act.aliases:
        yield paint(paragraph(f"also known as {', '.join(act.aliases)}"), "dim")
    yield ""
    yield paragraph(plain(act.summary))


def _formulas(act: "Activation", order: int) -> Iterator[str]:
    """Yield the formula and its derivatives, and what the names in them mean."""
    derivatives = list(_slopes(act, order))
    yield display(equation(act))
    for k, symbol in derivatives:
        yield "\n" + display(equation(act, k, symbol))
    named = where(act, tuple(range(1 + max((k for k, _ in derivatives), default=0))))
    if named:
        yield ""
    for index, piece in enumerate(named):
        word = "     " if index else "where"
        yield paint(f"{word} {tex(piece.symbol)} = {tex(piece.definition)}", "dim")


def _slopes(act: "Activation", order: int) -> Iterator[tuple[int, str | None]]:
    """Yield the derivatives to show: by both inputs of a gate, the Jacobian of a vector."""
    if act.kind == "scalar":
        yield from ((k, str(act.variable)) for k in range(1, order + 1))
    elif order > 0:
        symbols = act.inputs if act.kind == "gate" else [None]
        yield from ((1, symbol and str(symbol)) for symbol in symbols)


def _parameters(act: "Activation") -> Iterator[str]:
    from symacts.wording import sentence

    if not act.params:
        return
    rows = [
        (p.condition, f"default {tex(number(p.default))}", sentence(p.meaning))
        for p in act.params.values()
    ]
    yield heading("Parameters")
    yield from _columns(rows)


def _verdicts(title: str, mark: str, verdicts: "Iterable[Verdict]") -> Iterator[str]:
    lines = [line for verdict in verdicts for line in _verdict(mark, verdict)]
    if lines:
        yield heading(title)
        yield from lines


def _verdict(mark: str, verdict: "Verdict") -> Iterator[str]:
    yield f"{INDENT}{mark} {plain(verdict.sentence)}"
    yield paint(paragraph(plain(verdict.because), 2 * INDENT), "dim")


def _notes(act: "Activation") -> Iterator[str]:
    if act.notes:
        yield heading("Notes")
        yield "\n\n".join(paragraph(part, INDENT) for part in plain(act.notes).split("\n\n"))


def _references(act: "Activation") -> Iterator[str]:
    if act.references:
        yield heading("References")
    for key in act.references:
        found = reference(key)
        yield paragraph(found.plain, INDENT)
        if found.link:
            yield INDENT + paint(found.link, "dim")


def _columns(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for line in table(rows[0], rows[1:]):
        yield INDENT + line


SHOW = Command(
    name="show",
    summary="Show all that is known about a function: formula, derivatives, facts, pros and cons.",
    examples=("symacts show gelu", "symacts show swish --order 3", "symacts show softmax | less"),
    arguments=_arguments,
    run=_run,
)
