"""What can go wrong at the public edge, one class for each thing a caller can act on."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches


class SymactsError(Exception):
    """Anything that symacts raises on purpose."""


class UnknownName(SymactsError, KeyError):
    """Nothing has the name that was asked for; the message lists the nearest ones."""

    def __str__(self) -> str:
        # KeyError shows the repr of its argument, which would quote a whole sentence.
        return str(self.args[0])


class UnknownActivation(UnknownName):
    """No activation has the name that was asked for; the message lists the nearest ones."""


class ParameterError(SymactsError, ValueError):
    """A parameter does not exist, or its value lies outside of the domain."""


class DefinitionError(SymactsError):
    """A definition cannot be accepted; the message says where it stands and why."""


def nearest(
    name: str, known: Iterable[str], limit: int = 3, leads_to: Callable[[str], str] = str
) -> str:
    """Return `"; did you mean ...?"` with the closest of the known names, or `""`.

    What a close name leads to is shown in its place, such as the id that an alias stands for.
    """
    by_fold: dict[str, str] = {}
    for candidate in known:
        by_fold.setdefault(candidate.casefold(), leads_to(candidate))
    close = get_close_matches(name.casefold(), by_fold, n=2 * limit, cutoff=0.5)
    found = list(dict.fromkeys(by_fold[match] for match in close))[:limit]
    if not found:
        return ""
    if len(found) == 1:
        return f"; did you mean {found[0]}?"
    return f"; did you mean {', '.join(found[:-1])} or {found[-1]}?"
