"""Pieces of LaTeX that know how strongly they hold together, and how they are put side by side."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from symacts.typeset.measure import is_tall

__all__ = ["Box", "Strength", "added", "brackets", "cases", "multiplied", "raised"]


class Strength(IntEnum):
    """How strongly a formula holds together, weakest first."""

    SUM = 0
    PRODUCT = 1
    PREFIX = 2  # \tanh x: a power or a further factor needs brackets
    WHOLE = 3


@dataclass(frozen=True)
class Box:
    """A typeset formula, how strongly it holds together, and its form with closed brackets."""

    text: str
    strength: Strength = Strength.WHOLE
    closed: str = ""


def brackets(text: str) -> str:
    """Return *text* in round brackets that are as tall as it is."""
    return rf"\left({text}\right)" if is_tall(text) else f"({text})"


def cases(rows: Sequence[tuple[str, str]]) -> str:
    """Return pairs of formula and condition as a `cases` environment.

    `cases` sets fractions small; they are made large, and the lines get more space between them.
    """
    rows = [(formula.replace(r"\frac", r"\dfrac"), condition) for formula, condition in rows]
    end = r" \\[8pt] " if any(r"\dfrac" in formula for formula, _ in rows) else r" \\ "
    lines = end.join(f"{formula} & {condition}" for formula, condition in rows)
    return rf"\begin{{cases}} {lines} \end{{cases}}"


def added(terms: Sequence[tuple[bool, str]]) -> str:
    """Return a sum of terms, each with whether it is subtracted."""
    text = ""
    for negative, term in terms:
        sign = ("-" if negative else "") if not text else (" - " if negative else " + ")
        text += sign + term
    return text


def multiplied(boxes: Sequence[Box]) -> str:
    """Return the factors side by side, with brackets and spaces where they need them."""
    line, left = "", ""
    for place, box in enumerate(boxes):
        right = box.text if box.strength > Strength.SUM else brackets(box.text)
        if box.strength == Strength.PREFIX and place < len(boxes) - 1:
            right = _followed(box, boxes[place + 1])
        line += _space(left, right) + right if left else right
        left = right
    return line


def _followed(box: Box, following: Box) -> str:
    """Return an operator with its argument, in brackets unless another operator follows."""
    if following.text.startswith("\\") and following.strength == Strength.PREFIX:
        return box.text
    return box.closed or brackets(box.text)


def _space(left: str, right: str) -> str:
    """Return what stands between two factors."""
    if re.fullmatch(r"\d+", left) and not right.startswith("("):
        return r" \cdot " if right[0].isdigit() or right.startswith(r"\tfrac") else ""
    if _OPERATOR.match(right) and not _OPERATOR.match(left) and not left.endswith(")"):
        return " "
    if _LETTER.fullmatch(left) and _LETTER.fullmatch(right):
        return " "
    return r"\,"


_OPERATOR = re.compile(r"\\(operatorname|sin|cos|tan|sinh|cosh|tanh|arc|log|max|min|sum|exp)")
_LETTER = re.compile(r"(?:[A-Za-z]|\\[A-Za-z]+|\\mathrm\{\w+\})(?:_\w|\^\w)*")


def raised(exponent: str) -> str:
    """Return an exponent with the braces that it needs."""
    return f"^{exponent}" if len(exponent) == 1 else f"^{{{exponent}}}"
