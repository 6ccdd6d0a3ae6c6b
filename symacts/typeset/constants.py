r"""Letters for long constants, as in SELU: `\lambda`, `\alpha`, and `\kappa` for a part of both."""

from collections import Counter
from collections.abc import Iterable, Mapping

import sympy
from sympy import Basic, Expr, Mul, Symbol, preorder_traversal

from symacts.typeset.measure import glyphs
from symacts.typeset.names import NamedPiece
from symacts.typeset.numbers import scientific
from symacts.typeset.printer import Printer

__all__ = ["named_constants"]

# A constant longer than this gets a letter, and so does a part this long that is repeated.
LONG_CONSTANT = 12
LONG_PART = 8
LETTERS = (r"\lambda", r"\alpha", r"\kappa", r"\mu", r"\nu", r"\eta")


def named_constants(
    values: Iterable[Expr], taken: Iterable[str]
) -> tuple[dict[Expr, str], tuple[NamedPiece, ...]]:
    """Return a letter for each long one of the constants, and the definitions of all letters.

    A definition comes before those of the letters that it uses.
    """
    free = iter([letter for letter in LETTERS if letter not in taken])
    long = [value for value in values if _length(value) > LONG_CONSTANT]
    letters = dict(zip(long, free, strict=False))
    part = _common_part(letters)
    inner = {} if part is None else dict(zip([part], free, strict=False))
    pieces = [_piece(value, letter, inner) for value, letter in letters.items()]
    return letters, (*pieces, *(_piece(value, letter, {}) for value, letter in inner.items()))


def _piece(value: Expr, letter: str, inner: Mapping[Expr, str]) -> NamedPiece:
    names = {part: Symbol(f"constant {name}") for part, name in inner.items()}
    printer = Printer(as_written=True, constants={names[part]: inner[part] for part in inner})
    with sympy.evaluate(False):
        shown = _negatives_apart(value).xreplace(names)
    return NamedPiece(letter, rf"{printer.print(shown)} \approx {scientific(float(value), 11)}")


def _common_part(values: Iterable[Expr]) -> Expr | None:
    """Return the part of the values that a letter shortens most, if one is long enough."""
    seen: Counter[Basic] = Counter()
    for value in values:
        seen.update(node for node in preorder_traversal(_negatives_apart(value)) if node.args)
    savings = {node: (times - 1) * _length(node) for node, times in seen.items() if times > 1}
    long = [node for node in savings if _length(node) >= LONG_PART]
    return max(long, key=savings.__getitem__, default=None)


def _negatives_apart(expr: Basic) -> Basic:
    """Return -(u v), which SymPy builds as (-1) u v, with u v as a part of its own."""
    if not expr.args:
        return expr
    args = [_negatives_apart(arg) for arg in expr.args]
    if isinstance(expr, Mul) and args[0] == -1 and len(args) > 2:
        args = [args[0], Mul(*args[1:], evaluate=False)]
    with sympy.evaluate(False):
        return expr.func(*args)


def _length(value: Basic) -> int:
    return glyphs(Printer(as_written=True).print(value))
