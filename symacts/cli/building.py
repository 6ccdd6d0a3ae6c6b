"""`symacts build` and `symacts serve`: the reference site."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from symacts.cli.command import Command, UsageError, members, whole
from symacts.cli.terminal import Progress, complain, paint

__all__ = ["BUILD", "SERVE"]

# So many differences are listed by --check; more of them say nothing new.
LISTED = 10


def _build_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--check",
        action="store_true",
        help="build elsewhere and compare with the present site; exit 1 if it is out of date",
    )
    parser.add_argument(
        "--only",
        metavar="NAME",
        nargs="+",
        default=[],
        help="a quick look at the pages of these functions, outside of the finished site",
    )
    parser.add_argument(
        "--jobs",
        metavar="N",
        type=whole,
        default=0,
        help="how many processes to use (default: one for each processor)",
    )
    parser.add_argument("--strict", action="store_true", help="fail on warnings")
    parser.add_argument(
        "--markdown",
        metavar="DIR",
        type=Path,
        help="write plain Markdown to this folder instead, for another site generator",
    )


def _build(options: Namespace) -> int:
    _refuse_contradictions(options)
    names = [act.id for act in members(options.only)] if options.only else []
    if options.check:
        return _check(options)
    started = perf_counter()
    with Progress() as progress:
        page = _made(options, names, progress)
    print(f"built in {perf_counter() - started:.1f} s; open", file=sys.stderr)
    print(paint(str(page), "bold"))
    return 0


def _refuse_contradictions(options: Namespace) -> None:
    """Raise where two options ask for different things."""
    asked = [f"--{name}" for name in ("check", "markdown", "only") if getattr(options, name)]
    if options.check and len(asked) > 1:
        raise UsageError(f"--check compares the whole site, so it cannot go with {asked[1]}")
    if options.strict and options.markdown:
        raise UsageError("--strict concerns the site, so it cannot go with --markdown")


def _made(options: Namespace, names: Sequence[str], progress: Progress) -> Path:
    """Make what is asked for and return its first page."""
    from symacts import site_build
    from symacts.cli.arguments import help_texts

    if options.markdown:
        return site_build.write_markdown_site(
            options.markdown,
            only=names,
            jobs=options.jobs,
            progress=progress,
            commands=help_texts(),
        )
    return site_build.build_site(
        only=names,
        jobs=options.jobs,
        strict=options.strict,
        progress=progress,
        warn=progress.interrupted_by(_warn),
    )


def _check(options: Namespace) -> int:
    """Say in what the present site differs from what would be built, if it does."""
    from symacts import site_build

    with Progress() as progress:
        differences = site_build.check_site(
            jobs=options.jobs,
            strict=options.strict,
            progress=progress,
            warn=progress.interrupted_by(_warn),
        )
    if not differences:
        print("the site is up to date", file=sys.stderr)
        return 0
    print("\n".join(differences[:LISTED]))
    if len(differences) > LISTED:
        print(f"and {len(differences) - LISTED} more")
    complain("the site is out of date; `symacts build` renews it")
    return 1


def _warn(message: str) -> None:
    print(paint("warning:", "yellow", stream=sys.stderr), message, file=sys.stderr)


def _serve_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--address",
        metavar="HOST:PORT",
        default="127.0.0.1:8000",
        help="where to serve (default 127.0.0.1:8000)",
    )
    parser.add_argument("--open", action="store_true", help="open the site in a browser")


def _serve(options: Namespace) -> int:
    from symacts import site_build

    site_build.serve_site(address=options.address, open_browser=options.open)
    return 0


BUILD = Command(
    name="build",
    summary="Make the whole reference site in site/ and print the path of its first page.",
    examples=(
        "symacts build",
        "symacts build --only gelu mish",
        "symacts build --check --strict",
        "symacts build --markdown pages",
    ),
    arguments=_build_arguments,
    run=_build,
)
SERVE = Command(
    name="serve",
    summary="Build the site, serve it on this machine, and build again on every change.",
    examples=("symacts serve --open", "symacts serve --address 127.0.0.1:9000"),
    arguments=_serve_arguments,
    run=_serve,
)
