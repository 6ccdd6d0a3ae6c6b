"""`--where`: which activations an expression such as `bounded and not smooth` picks.

Each word is a question about one activation, answered yes, no, or not established. The connectives
are those of three-valued logic, so `not bounded` does not pick what nobody has decided.
"""

import ast
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sympy import oo

from symacts.cli.command import UsageError
from symacts.errors import nearest

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["WORDS", "Question", "read_where"]

Question = Callable[["Activation"], bool | None]


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
            return _negated(_question(operand))
        case ast.BoolOp(op=ast.And(), values=values):
            return _all([_question(value) for value in values])
        case ast.BoolOp(op=ast.Or(), values=values):
            # De Morgan holds in three-valued logic too.
            return _negated(_all([_negated(_question(value)) for value in values]))
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


def _negated(question: Question) -> Question:
    def negated(act: "Activation") -> bool | None:
        answer = question(act)
        return None if answer is None else not answer

    return negated


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


def _holds(fact: str) -> Question:
    """Ask a fact that is True or False."""
    return _is_one_of(fact, True)


def _is_one_of(fact: str, *values: object) -> Question:
    """Ask whether a fact has one of the values."""

    def question(act: "Activation") -> bool | None:
        found = getattr(act.facts, fact)
        return None if found is None else found.value in values

    return question


def _is_kind(kind: str) -> Question:
    return lambda act: act.kind == kind


# A word is a promise to those who script against it: add, never rename.
WORDS: Mapping[str, Question] = {
    "bounded": _holds("bounded"),
    "bounded_above": _holds("bounded_above"),
    "bounded_below": _holds("bounded_below"),
    "nonnegative": _holds("nonnegative"),
    "zero_centred": _holds("zero_centred"),
    "saturates_left": _holds("saturates_left"),
    "saturates_right": _holds("saturates_right"),
    "dies_left": _holds("dies_left"),
    "dies_right": _holds("dies_right"),
    "continuous": _holds("continuous"),
    "differentiable": _holds("differentiable"),
    "smooth": _is_one_of("smoothness", oo),
    "analytic": _holds("analytic"),
    "homogeneous": _holds("homogeneous"),
    "odd": _is_one_of("parity", "odd"),
    "even": _is_one_of("parity", "even"),
    "increasing": _is_one_of("monotonicity", "increasing"),
    "nondecreasing": _is_one_of("monotonicity", "increasing", "nondecreasing", "constant"),
    "decreasing": _is_one_of("monotonicity", "decreasing"),
    "nonincreasing": _is_one_of("monotonicity", "decreasing", "nonincreasing", "constant"),
    "monotone": _negated(_is_one_of("monotonicity", "neither")),
    "convex": _is_one_of("convexity", "convex", "affine"),
    "concave": _is_one_of("convexity", "concave", "affine"),
    "simplex": _holds("simplex"),
    "shift_invariant": _holds("shift_invariant"),
    "permutation_equivariant": _holds("permutation_equivariant"),
    "jacobian_symmetric": _holds("jacobian_symmetric"),
    "scalar": _is_kind("scalar"),
    "vector": _is_kind("vector"),
    "gate": _is_kind("gate"),
    "parametric": lambda act: bool(act.params),
}
