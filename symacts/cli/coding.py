"""`symacts code`: stand-alone source."""

from argparse import ArgumentParser, Namespace

from symacts.cli.command import Command, UsageError, whole
from symacts.errors import SymactsError

__all__ = ["CODE"]


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="an id, title or alias, in any case")
    parser.add_argument("--to", metavar="LANGUAGE", required=True, help="such as numpy")
    parser.add_argument(
        "--order", metavar="N", type=whole, default=0, help="the N-th derivative instead"
    )


def _run(options: Namespace) -> int:
    import symacts

    act = symacts.find(options.name)
    try:
        source = act.code(options.to, order=options.order)
    except SymactsError as error:
        raise UsageError(str(error)) from error
    print(source, end="")
    return 0


CODE = Command(
    name="code",
    summary="Print a function as source code that stands alone.",
    examples=(
        "symacts code mish --to numpy",
        "symacts code gelu --to numpy --order 1 > gelu_slope.py",
    ),
    arguments=_arguments,
    run=_run,
)
