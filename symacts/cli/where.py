"""`--where`: which activations an expression such as `bounded and not smooth` picks.

Each word of `symacts.vocabulary` is a question about one activation, answered yes, no, or not
established. The connectives are those of three-valued logic, so `not bounded` does not pick what
nobody has decided. The page of properties reads the same expressions.
"""

import ast
from typing import TYPE_CHECKING

from symacts.cli.command import UsageError
from symacts.errors import nearest
from symacts.vocabulary import WORDS, Question, negated

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["WORDS", "Question", "read_where"]


def read_where(text: str) -> Question:
    """Return the question that an expression of words, `and`, `or`, `not` and brackets asks.

    Raises:
        UsageError: the text holds anything else, or an unknown word.
    """
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError) as error:
        raise UsageError(f"cannot read the expression {text!r}: {error.args[0]}") from error
    return _question(tree.body)


def _question(node: ast.expr) -> Question:
    match node:
        case ast.Name(id=word):
            return _word(word)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return negated(_question(operand))
        case ast.BoolOp(op=ast.And(), values=values):
            return _all([_question(value) for value in values])
        case ast.BoolOp(op=ast.Or(), values=values):
            # De Morgan holds in three-valued logic too.
            return negated(_all([negated(_question(value)) for value in values]))
        case _:
            raise UsageError(
                f"cannot use {ast.unparse(node)!r} here; an expression is made of words, "
                "and, or, not and brackets, as in 'bounded and not smooth'"
            )


def _word(word: str) -> Question:
    if word not in WORDS:
        hint = nearest(word, WORDS) or " (`symacts list -h` shows them)"
        raise UsageError(f"there is no word {word!r}{hint}")
    return WORDS[word]


def _all(questions: list[Question]) -> Question:
    def conjunction(act: "Activation") -> bool | None:
        undecided = False
        for question in questions:
            answer = question(act)
            if answer is False:
                return False
            undecided = undecided or answer is None
        return None if undecided else True

    return conjunction
