r"""The equations of activations as rows for `align*`, and what their letters mean."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from symacts.paper.lines import aligned
from symacts.typeset import Formula, NamedPiece, formula_of
from symacts.typeset.measure import width

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["Equations", "equations", "function_name", "where"]


@dataclass(frozen=True)
class Equations:
    """Rows for `align*` and a sentence, both ready to be written into a document."""

    rows: tuple[str, ...]
    where: str


def equations(
    act: "Activation", order: int, limit: float, *, name: str = "f", params: bool = False
) -> Equations:
    """Return the definition and all derivatives up to *order*.

    Args:
        limit: how wide an equation may be, in letters.
        name: what the function is called.
        params: whether the derivatives by parameters are shown, too.
    """
    formulas = list(_formulas(act, order, params=params))
    sides = [(_named(f.lhs, name), f.rhs) for f in formulas]
    sides += [(piece.symbol, piece.definition) for piece in _local(formulas)]
    room = limit - max(width(lhs) for lhs, _ in sides)
    rows = [row for lhs, rhs in sides for row in aligned(lhs, rhs, room)]
    common = dict.fromkeys(piece for f in formulas for piece in f.common)
    common |= dict.fromkeys(piece for f in formulas for piece in f.own if _is_wordy(piece))
    return Equations(tuple(rows), where(common))


def _formulas(act: "Activation", order: int, *, params: bool) -> Iterable[Formula]:
    yield formula_of(act)
    if act.kind == "vector":
        if order:
            yield formula_of(act, 1)
        return
    for degree in range(1, order + 1):
        for symbol in act.inputs:
            yield formula_of(act, degree, symbol)
    if params:
        for parameter in act.params.values():
            yield formula_of(act, 1, parameter.symbol)


def _local(formulas: Iterable[Formula]) -> Iterable[NamedPiece]:
    own = dict.fromkeys(piece for formula in formulas for piece in formula.own)
    return [piece for piece in own if not _is_wordy(piece)]


def _is_wordy(piece: NamedPiece) -> bool:
    return r"\text{" in piece.definition


def where(pieces: Iterable[NamedPiece]) -> str:
    r"""Return `where $\sigma(x) = \ldots$ and $\Phi(x) = \ldots$.`, or nothing without pieces."""
    found = [_in_a_sentence(piece) for piece in pieces]
    if not found:
        return ""
    *others, last = found
    return f"where {', '.join(others)} and {last}." if others else f"where {last}."


def _in_a_sentence(piece: NamedPiece) -> str:
    """Return an equation as text, where the words in it are words of the sentence."""
    text = rf"$\displaystyle {piece.equation}$"
    return re.sub(r" ?\\text\{([^}]*)\} ?", lambda m: f"$ {m[1].strip()} $", text)


def function_name(title: str) -> str:
    r"""Return the name of a function in a formula: `\operatorname{GELU}_{\mathrm{tanh}}`."""
    name, _, index = title.partition(" (")
    text = rf"\operatorname{{{_spaced(name)}}}"
    return rf"{text}_{{\mathrm{{{_spaced(index.rstrip(')'))}}}}}" if index else text


def _spaced(words: str) -> str:
    return words.replace(" ", r"\ ").replace("-", r"\text{-}").replace("_", r"\_")


def _named(lhs: str, name: str) -> str:
    """Return a left-hand side with *name* for f; derivatives by a symbol keep their form."""
    return re.sub(r"(?<![A-Za-z\\])f(?![A-Za-z])", lambda _: name, lhs, count=1)
