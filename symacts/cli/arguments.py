"""Reading the command line: the commands there are, and help that shows an example."""

from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from functools import partial
from typing import NoReturn

from symacts import __version__
from symacts.cli import (
    building,
    coding,
    evaluating,
    exporting,
    listing,
    plotting,
    proving,
    showing,
    typesetting,
)
from symacts.cli.command import Command, UsageError
from symacts.errors import nearest

__all__ = ["COMMANDS", "help_texts", "parser_of", "read_arguments"]

COMMANDS: tuple[Command, ...] = (
    building.BUILD,
    building.SERVE,
    listing.LIST,
    showing.SHOW,
    proving.FACTS,
    evaluating.EVAL,
    typesetting.LATEX,
    plotting.PLOT,
    coding.CODE,
    exporting.EXPORT,
)

# Help is printed on the site too, so it does not depend on the terminal it is made in.
HELP = partial(RawDescriptionHelpFormatter, width=88)
EXIT_CODES = "Exit codes: 0 success, 1 a check found something or the work failed, 2 wrong usage."


class Parser(ArgumentParser):
    """An argument parser whose complaints are raised, so that one place reports them."""

    def error(self, message: str) -> NoReturn:
        """Raise a complaint that ends with where to find help."""
        raise UsageError(f"{message} (see {self.prog} -h)")


def read_arguments(arguments: Sequence[str]) -> tuple[Command, Namespace]:
    """Return the command that the arguments ask for, and its options.

    Raises:
        UsageError: there is no such command or option, or a value cannot be read.
        SystemExit: the arguments ask for help or for the version, which is then printed.
    """
    name, *rest = arguments or ["-h"]
    if name.startswith("-"):
        _front_door().parse_known_args([name])
        raise UsageError(f"the command comes first, before {name} (see symacts -h)")
    known = {command.name: command for command in COMMANDS}
    if name not in known:
        hint = nearest(name, known) or f"; there are {', '.join(known)}"
        raise UsageError(f"there is no command {name!r}{hint}")
    return known[name], _read_options(known[name], rest)


def help_texts() -> dict[str, str]:
    """Return what `symacts COMMAND -h` prints, by command."""
    return {command.name: parser_of(command).format_help() for command in COMMANDS}


def _front_door() -> Parser:
    """Return the parser of `symacts` itself, which knows help and version only."""
    width = max(len(command.name) for command in COMMANDS)
    listed = "\n".join(f"  {command.name:<{width}}  {command.summary}" for command in COMMANDS)
    parser = Parser(
        "symacts",
        usage="symacts COMMAND ...",
        description=f"The executable encyclopedia of activation functions.\n\ncommands:\n{listed}",
        epilog="example:\n  symacts show gelu\n\n"
        f"`symacts COMMAND -h` explains one command.\n{EXIT_CODES}",
        formatter_class=HELP,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"symacts {__version__}")
    return parser


def _read_options(command: Command, arguments: Sequence[str]) -> Namespace:
    parser = parser_of(command)
    options, unknown = parser.parse_known_args([_shield(text) for text in arguments])
    if unknown:
        flags = [flag for flag in parser._option_string_actions if flag.startswith("--")]
        what = "option" if unknown[0].startswith("-") else "argument"
        raise UsageError(
            f"{command.name} takes no {what} {unknown[0]}{nearest(unknown[0], flags)}"
            f" (see {parser.prog} -h)"
        )
    return options


def parser_of(command: Command) -> Parser:
    """Return the parser of a command's own arguments."""
    examples = "\n".join(f"  {example}" for example in command.examples)
    details = f"\n\n{command.details}" if command.details else ""
    parser = Parser(
        f"symacts {command.name}",
        description=command.summary,
        epilog=f"examples:\n{examples}{details}",
        formatter_class=HELP,
        allow_abbrev=False,
    )
    command.arguments(parser)
    return parser


def _shield(text: str) -> str:
    """Return a negative number with a space in front, so that it is not read as an option.

    argparse recognises -1 and -0.5 only; -inf, -1e-3 and the pair -1,2 would be options to it.
    """
    try:
        for number in text.split(","):
            float(number)
    except ValueError:
        return text
    return f" {text}" if text.startswith("-") else text
