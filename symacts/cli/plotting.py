"""`symacts plot`: a figure of one or several functions."""

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path

from symacts.cli.command import Command, UsageError, add_names, add_params, members, whole

__all__ = ["PLOT"]

KINDS = (".svg", ".pdf", ".png", ".tex")


def _arguments(parser: ArgumentParser) -> None:
    add_names(parser)
    parser.add_argument(
        "-o",
        "--output",
        metavar="FIG",
        required=True,
        help="the file to write: .svg, .pdf, .png, or .tex for pgfplots",
    )
    parser.add_argument(
        "--order",
        metavar="N",
        type=whole,
        default=1,
        help="the highest derivative to draw for a single function (default 1)",
    )
    add_params(parser)


def _run(options: Namespace) -> int:
    acts, params = members(options.names), dict(options.params)
    orders = tuple(range(options.order + 1))
    path = Path(options.output)
    if path.suffix.lower() not in KINDS:
        raise UsageError(f"a figure is one of {', '.join(KINDS)}, and {path.name} is not")
    if path.suffix.lower() == ".tex":
        from symacts import paper

        path.write_text(paper.figure(acts, orders, **params), encoding="utf-8")
    else:
        from symacts import plot

        plot.save(acts, path, orders=orders, **params)
    print(f"wrote {path}", file=sys.stderr)
    return 0


PLOT = Command(
    name="plot",
    summary="Draw one function with its derivatives, or several functions, to a file.",
    examples=("symacts plot gelu -o gelu.svg", "symacts plot relu gelu silu -o gates.pdf"),
    arguments=_arguments,
    run=_run,
)
