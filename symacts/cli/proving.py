"""`symacts facts`: what is established about a function, why, and whether that stands a check."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from textwrap import fill
from typing import TYPE_CHECKING

from symacts.cli.command import Command, UsageError
from symacts.cli.prose import plain
from symacts.cli.terminal import Progress, heading, paint, paragraph
from symacts.errors import nearest
from symacts.facts import NAMES, SCALAR_NAMES

if TYPE_CHECKING:
    from symacts.activation import Activation
    from symacts.facts import Fact
    from symacts.recheck import Recheck

__all__ = ["FACTS", "fact_lines"]

INDENT = "  "


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="an id, title or alias, in any case")
    parser.add_argument("--explain", metavar="FACT", help="why one of them holds")
    parser.add_argument(
        "--check",
        action="store_true",
        help="verify them again by other means, at the default parameters",
    )


def _run(options: Namespace) -> int:
    import symacts

    act = symacts.find(options.name)
    if options.explain is None and options.check:
        return _checked(act)
    if options.explain is None:
        print("\n".join([*fact_lines(act), *_open(act)]))
        return 0
    name = options.explain.lower().replace("-", "_").replace(" ", "_")
    if name not in NAMES:
        hint = nearest(name, NAMES) or f"; there are {', '.join(NAMES)}"
        raise UsageError(f"there is no fact {options.explain!r}{hint}")
    print("\n".join(_explained(act, name)))
    return _shown_again(act, name) if options.check else 0


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


def _checked(act: "Activation") -> int:
    """Print for every fact whether the second verification confirms it; return the exit code."""
    from symacts.recheck import CONFIRMED, NOT_CHECKED, REFUTED, recheck

    facts = list(act.facts)
    found = []
    with Progress() as progress:
        for done, (name, _) in enumerate(facts):
            progress(done, len(facts), name)
            found.append(recheck(act, name))
    print(heading(f"{act.title}: facts verified again"))
    for one in found:
        print(_verdict(one))
    counts = {status: sum(one.status == status for one in found) for status in _STATUS}
    print()
    print(", ".join(f"{counts[status]} {status}" for status in (CONFIRMED, REFUTED, NOT_CHECKED)))
    return 1 if counts[REFUTED] else 0


def _verdict(found: "Recheck") -> str:
    """Return the line of one fact: the status, the name, and the argument on lines of its own."""
    lines = paragraph(found.argument, INDENT + " " * 13)
    status = paint(f"{found.status:<11}", _STATUS[found.status])
    return f"{INDENT}{status}  {found.name}\n{lines}"


def _shown_again(act: "Activation", name: str) -> int:
    """Print the second verification of one fact with all its evidence; return the exit code."""
    from symacts.recheck import REFUTED, recheck

    found = recheck(act, name)
    print()
    print(heading("Verified again, by other means"))
    print(_verdict(found))
    for line in found.evidence:
        print(paragraph(line, INDENT + " " * 13))
    return 1 if found.status == REFUTED else 0


_STATUS = {"confirmed": "green", "refuted": "red", "not checked": "dim"}

_WAYS = {
    "proved": "Proved",
    "enclosed": "Enclosed, so that every digit shown is certain",
    "cited": "Cited",
}

FACTS = Command(
    name="facts",
    summary="Print what is proved about a function, why one fact holds, or whether all are right.",
    examples=(
        "symacts facts gelu",
        "symacts facts gelu --explain minimum",
        "symacts facts softmax --explain jacobian_rank",
        "symacts facts gelu --check",
        "symacts facts gelu --explain minimum --check",
    ),
    arguments=_arguments,
    run=_run,
    details="facts for --explain:\n"
    + fill(", ".join(NAMES), 88, initial_indent="  ", subsequent_indent="  "),
)
