"""The command line: arguments in, calls out.

Each command is a module with a `Command` in it. Data goes to standard output and everything else
to standard error; the exit code is 0 on success, 1 when a check finds something or the work cannot
be done, 2 for wrong usage. What is heavy (Matplotlib, MkDocs, Jinja) is imported by the command
that needs it, when it runs.
"""

import os
import sys
from collections.abc import Sequence

from symacts.cli.arguments import read_arguments
from symacts.cli.command import UsageError
from symacts.cli.terminal import complain
from symacts.errors import ParameterError, SymactsError, UnknownActivation
from symacts.numeric.engine import use

__all__ = ["main"]

EXTRA = frozenset({"jinja2", "markdown", "material", "matplotlib", "mkdocs", "pymdownx", "quickjs"})
MISUSES = (UsageError, UnknownActivation, ParameterError)
FAILED, MISUSED, INTERRUPTED = 1, 2, 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return the exit code."""
    try:
        return _run(sys.argv[1:] if arguments is None else list(arguments))
    except BrokenPipeError:
        return _reader_has_left()
    except KeyboardInterrupt:
        complain("interrupted")
        return INTERRUPTED
    except (SymactsError, OSError, ModuleNotFoundError) as error:
        complain(_explanation(error))
        return MISUSED if isinstance(error, MISUSES) else FAILED


def _run(arguments: list[str]) -> int:
    command, options = read_arguments(arguments)
    # A few numbers are not worth compiling for, and what is printed is the same everywhere.
    with use("base"):
        code = command.run(options)
    sys.stdout.flush()
    return code


def _explanation(error: Exception) -> str:
    if isinstance(error, ModuleNotFoundError):
        return _missing(error)
    return _file_trouble(error) if isinstance(error, OSError) else str(error)


def _missing(error: ModuleNotFoundError) -> str:
    """Return what to install, if it is a package of the extra `docs`."""
    name = (error.name or "").partition(".")[0]
    if name not in EXTRA:
        raise error
    return f"this needs {name}; install it with: pip install 'symacts[docs]'"


def _file_trouble(error: OSError) -> str:
    """Return what the system says is wrong, and with which file."""
    reason = error.strerror or str(error)
    return f"{error.filename}: {reason}" if error.filename else reason


def _reader_has_left() -> int:
    """Leave quietly: `symacts list | head -1` has got what it wanted."""
    # Python flushes standard output once more at exit and would complain about the pipe.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0
