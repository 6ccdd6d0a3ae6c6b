"""`symacts code`: stand-alone source."""

import shlex
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from symacts.cli.command import Command, UsageError, add_names, add_output, members, whole
from symacts.errors import SymactsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from symacts.activation import Activation

__all__ = ["CODE"]


def _arguments(parser: ArgumentParser) -> None:
    add_names(parser)
    parser.add_argument("--to", metavar="LANGUAGE", required=True, help="such as numpy")
    parser.add_argument(
        "--order",
        dest="orders",
        metavar="N",
        type=whole,
        nargs="+",
        default=[0],
        help="the derivatives of these orders, 0 for the function itself (default 0)",
    )
    add_output(parser, "the module")


def _run(options: Namespace) -> int:
    from symacts.numeric.standalone import standalone_module

    acts = members(options.names)
    try:
        source = standalone_module(acts, options.to, options.orders, _command(acts, options))
    except SymactsError as error:
        raise UsageError(str(error)) from error
    if options.output is None:
        print(source, end="")
    else:
        Path(options.output).write_text(source, encoding="utf-8")
        print(f"wrote {options.output}", file=sys.stderr)
    return 0


def _command(acts: "Sequence[Activation]", options: Namespace) -> str:
    """Return the command that writes the same module; where to is not part of what it says."""
    words = ["symacts", "code", *(act.id for act in acts), "--to", options.to]
    if options.orders != [0]:
        words += ["--order", *map(str, options.orders)]
    if options.output is not None:
        words += ["-o", Path(options.output).name]
    return shlex.join(words)


CODE = Command(
    name="code",
    summary="Print functions as source code that stands alone.",
    examples=(
        "symacts code mish --to numpy",
        "symacts code gelu silu softmax --to numpy --order 0 1 -o activations.py",
    ),
    arguments=_arguments,
    run=_run,
    details="The module needs NumPy alone, and SciPy where the error function is called. It holds\n"
    "what the functions share once, and says which command wrote it.",
)
