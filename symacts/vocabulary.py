"""The words in which members are asked for, on the command line and on the page of properties.

Each word is a question about one activation, answered yes, no, or not established.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sympy import oo

if TYPE_CHECKING:
    from symacts.activation import Activation

__all__ = ["WORDS", "Question", "negated"]

Question = Callable[["Activation"], bool | None]


def negated(question: Question) -> Question:
    """Return the question that is answered yes where *question* is answered no."""

    def asked(act: "Activation") -> bool | None:
        answer = question(act)
        return None if answer is None else not answer

    return asked


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
    "monotone": negated(_is_one_of("monotonicity", "neither")),
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
