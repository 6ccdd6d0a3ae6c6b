"""`symacts latex`: formulas, tables and whole documents for LaTeX."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from symacts.cli.command import Command, UsageError, add_names, add_output, members, whole

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["LATEX"]


def _arguments(parser: ArgumentParser) -> None:
    add_names(parser, required=False)
    add_output(parser, "the LaTeX")
    parser.add_argument(
        "--order",
        metavar="N",
        type=whole,
        default=0,
        help="with formulas: up to the N-th derivative (default 0, the definition alone)",
    )
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument(
        "--table", action="store_true", help="a booktabs table: formula, derivative, range"
    )
    kind.add_argument(
        "--document",
        action="store_true",
        help="a document with bibliography; with -o the .bib file is written beside it",
    )


def _run(options: Namespace) -> int:
    from symacts import paper

    if not (options.names or options.table or options.document):
        raise UsageError("latex needs a NAME, or --table or --document for the whole catalogue")
    if options.order and (options.table or options.document):
        raise UsageError("--order goes with formulas, not with --table or --document")
    acts = members(options.names)
    if options.document:
        _write_document(acts, options.output)
    else:
        _write(
            paper.table(acts) if options.table else paper.formulas(acts, options.order),
            options.output,
        )
    return 0


def _write_document(acts: "list[Activation]", output: str | None) -> None:
    """Write the document, and its bibliography under the same name beside it."""
    from symacts import paper

    if output is None:
        _write(paper.document(acts).tex, None)
        print("with -o FILE the bibliography is written too", file=sys.stderr)
        return
    beside = Path(output).with_suffix(".bib")
    handbook = paper.document(acts, bib=beside.stem)
    _write(handbook.bib, str(beside))
    _write(handbook.tex, output)


def _write(text: str, output: str | None) -> None:
    """Write to the file, or to standard output if there is none."""
    text = text.rstrip("\n") + "\n"
    if output is None:
        sys.stdout.write(text)
        return
    Path(output).write_text(text, encoding="utf-8")
    print(f"wrote {output}", file=sys.stderr)


LATEX = Command(
    name="latex",
    summary="Print formulas, a table or a whole document for LaTeX.",
    examples=(
        "symacts latex gelu mish --order 1",
        "symacts latex relu gelu silu --table -o table.tex",
        "symacts latex --document -o handbook.tex",
    ),
    arguments=_arguments,
    run=_run,
    details="Without names, --table and --document take the whole catalogue.",
)
