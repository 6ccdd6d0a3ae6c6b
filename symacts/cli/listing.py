"""`symacts list`: the catalogue as a table."""

import json
from argparse import ArgumentParser, Namespace
from textwrap import fill
from typing import TYPE_CHECKING, Any

from symacts.cli.command import Command, UsageError
from symacts.cli.terminal import Progress, write_table
from symacts.cli.where import WORDS, read_where
from symacts.errors import nearest

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["LIST"]


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--family", metavar="FAMILY", help="only the members of this family")
    parser.add_argument(
        "--where", metavar="EXPRESSION", help="only those of which this holds for certain"
    )
    parser.add_argument("--json", action="store_true", help="as JSON, one object for each member")


def _run(options: Namespace) -> int:
    chosen = _of_family(options.family)
    if options.where is not None:
        chosen = _picked(chosen, options.where)
    if options.json:
        print(json.dumps([_entry(act) for act in chosen], indent=2, ensure_ascii=False))
    else:
        rows = [(act.id, act.title, act.family, act.summary) for act in chosen]
        write_table(("id", "title", "family", "summary"), rows, cut_last=True)
    return 0


def _of_family(name: str | None) -> "list[Activation]":
    import symacts

    if name is None:
        return list(symacts.catalogue.values())
    if name not in symacts.families:
        hint = nearest(name, symacts.families) or f"; there are {', '.join(symacts.families)}"
        raise UsageError(f"there is no family {name!r}{hint}")
    return list(symacts.families[name].members)


def _picked(members: "list[Activation]", expression: str) -> "list[Activation]":
    """Return the members of which the expression is established."""
    holds = read_where(expression)
    picked = []
    with Progress() as progress:
        for done, act in enumerate(members):
            progress(done, len(members), act.id)
            if holds(act) is True:
                picked.append(act)
    return picked


def _entry(act: "Activation") -> dict[str, Any]:
    return {
        "id": act.id,
        "title": act.title,
        "long_title": act.long_title,
        "aliases": list(act.aliases),
        "family": act.family,
        "kind": act.kind,
        "parameters": list(act.params),
        "summary": act.summary,
    }


LIST = Command(
    name="list",
    summary="List the catalogue as a table, in reading order.",
    examples=(
        "symacts list --family rectifiers",
        "symacts list --where 'bounded and smooth and zero_centred'",
        "symacts list --where 'not differentiable or vector' --json",
    ),
    arguments=_arguments,
    run=_run,
    details="words for --where, joined by and, or, not and brackets; a member of which a word is\n"
    "not established is not listed:\n"
    + fill(", ".join(WORDS), 88, initial_indent="  ", subsequent_indent="  "),
)
