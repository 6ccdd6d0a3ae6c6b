"""What a command is, and the arguments that several commands share."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from symacts.errors import SymactsError

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["Command", "UsageError", "add_names", "add_output", "add_params", "members", "whole"]


class UsageError(SymactsError):
    """The command line asks for something that it cannot ask for."""


@dataclass(frozen=True)
class Command:
    """One command: its name, what it does in a sentence, examples, arguments and action."""

    name: str
    summary: str
    examples: tuple[str, ...]
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]
    details: str = ""


def add_names(parser: ArgumentParser, *, required: bool = True) -> None:
    """Let the parser take names of activations."""
    parser.add_argument(
        "names",
        metavar="NAME",
        nargs="+" if required else "*",
        help="an id, title or alias, in any case",
    )


def add_params(parser: ArgumentParser) -> None:
    """Let the parser take values of parameters."""
    parser.add_argument(
        "--param",
        dest="params",
        metavar="NAME=VALUE",
        action="append",
        type=_param,
        default=[],
        help="set a parameter, such as alpha=0.5; may be given several times",
    )


def add_output(parser: ArgumentParser, what: str) -> None:
    """Let the parser take a file to write to."""
    parser.add_argument("-o", "--output", metavar="FILE", help=f"write {what} to this file")


def whole(text: str) -> int:
    """Read a whole number from zero."""
    if not text.isdecimal():
        raise ValueError
    return int(text)


# argparse names the type in its message: "invalid whole number value: 'x'".
whole.__name__ = "whole number"


def _param(text: str) -> tuple[str, float]:
    name, _, value = text.partition("=")
    return name.strip(), float(value)


_param.__name__ = "NAME=VALUE"


def members(names: Sequence[str]) -> "list[Activation]":
    """Return the activations with these names, each once; all of them if there are no names."""
    import symacts

    if not names:
        return list(symacts.catalogue.values())
    return list({act.id: act for act in map(symacts.find, names)}.values())
