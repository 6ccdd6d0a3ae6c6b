"""`symacts facts`: what is established about a function, and why."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from textwrap import fill
from typing import TYPE_CHECKING

from symacts.cli.command import Command, UsageError
from symacts.cli.prose import plain
from symacts.cli.terminal import heading, paint, paragraph
from symacts.errors import nearest
from symacts.facts import NAMES, SCALAR_NAMES

if TYPE_CHECKING:
    from symacts.activation import Activation
    from symacts.facts import Fact

__all__ = ["FACTS", "fact_lines"]

INDENT = "  "


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="an id, title or alias, in any case")
    parser.add_argument("--explain", metavar="FACT", help="why one of them holds")


def _run(options: Namespace) -> int:
    import symacts

    act = symacts.find(options.name)
    if options.explain is None:
        print("\n".join([*fact_lines(act), *_open(act)]))
        return 0
    name = options.explain.lower().replace("-", "_").replace(" ", "_")
    if name not in NAMES:
        hint = nearest(name, NAMES) or f"; there are {', '.join(NAMES)}"
        raise UsageError(f"there is no fact {options.explain!r}{hint}")
    print("\n".join(_explained(act, name)))
    return 0


def fact_lines(act: "Activation") -> Iterator[str]:
    """Yield what is established, in the words and the order of the site."""
    from symacts.wording import GROUPS, LABELS, fact_text

    rows = []
    for name in (name for _, names in GROUPS for name in names):
        fact, words = getattr(act.facts, name), fact_text(name, act)
        if fact is not None and words is not None:
            rows.append((plain(LABELS[name]), plain(words), _how(fact)))
    if rows:
        yield heading("Facts")
    margin = INDENT + " " * max((len(label) for label, _, _ in rows), default=0) + "  "
    for label, words, how in rows:
        text = paragraph(f"{words}  ({how})", margin).removeprefix(margin)
        yield f"{INDENT}{label}".ljust(len(margin)) + text.replace(
            f"({how})", paint(f"({how})", "dim")
        )


def _how(fact: "Fact") -> str:
    """Return how a fact is known, and for which parameters if not for all."""
    return fact.how if fact.scope == "all parameters" else f"{fact.how}, at the {fact.scope}"


def _open(act: "Activation") -> Iterator[str]:
    """Yield what is asked of every function of one variable and could not be answered."""
    names = SCALAR_NAMES if act.kind == "scalar" else ()
    missing = [name for name in names if getattr(act.facts, name) is None]
    if missing:
        yield ""
        listed = ", ".join(missing)
        yield paint(
            paragraph(f"Not established, for want of a proof or a formula: {listed}"), "dim"
        )


def _explained(act: "Activation", name: str) -> Iterator[str]:
    from symacts.wording import LABELS, fact_text

    fact, words = getattr(act.facts, name), fact_text(name, act)
    label = plain(LABELS.get(name, name.replace("_", " ").capitalize()))
    yield heading(f"{act.title}: {label[:1].lower()}{label[1:]}")
    if fact is None or words is None:
        yield paragraph("This is not established: neither a proof nor a refutation was found.")
        return
    yield paragraph(plain(words), INDENT)
    yield ""
    everywhere = fact.scope == "all parameters"
    scope = ", for all allowed parameters" if everywhere else ", at the defaults"
    yield paragraph(f"{_WAYS[fact.how]}{scope if act.params else ''}.")
    yield paragraph(f"Because: {plain(fact.evidence)}")
    yield paint(paragraph(f"symacts.{act.id}.facts.{name}.value is {fact.value}"), "dim")


_WAYS = {
    "proved": "Proved",
    "enclosed": "Enclosed, so that every digit shown is certain",
    "cited": "Cited",
}

FACTS = Command(
    name="facts",
    summary="Print what is proved about a function, or with --explain why one fact holds.",
    examples=(
        "symacts facts gelu",
        "symacts facts gelu --explain minimum",
        "symacts facts softmax --explain jacobian_rank",
    ),
    arguments=_arguments,
    run=_run,
    details="facts for --explain:\n"
    + fill(", ".join(NAMES), 88, initial_indent="  ", subsequent_indent="  "),
)
