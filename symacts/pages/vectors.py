"""What only a function of a whole vector has on its page: an example in steps and its Jacobian."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from sympy import Expr, Rational, exp, log

from symacts import typeset
from symacts.activation import Activation
from symacts.pages import worked
from symacts.wording.numbers import fixed, in_tex

__all__ = ["SCORES", "vector_parts"]

Model = dict[str, Any]

# The last layer of a classifier, made so that its scores are those of the example.
WEIGHTS = (
    (Rational(2, 5), Rational(1, 4), Rational(1)),
    (Rational(1), Rational(-1, 2), Rational(1, 2)),
    (Rational(3, 2), Rational(-3, 2), Rational(1, 2)),
)
BIAS = (Rational(0), Rational(-1, 4), Rational(1, 4))
SCORES = worked.pre_activations(WEIGHTS, BIAS)
PICTURES = (
    (
        "temperature",
        "Temperature",
        "The scores of the example at different temperatures: cold is decided, hot is undecided.",
    ),
    (
        "sparsity",
        "Beside softmax",
        "Softmax gives every score a share, sparsemax leaves some with nothing.",
    ),
)


def vector_parts(act: Activation) -> Model:
    """Return the parts of the model of a vector-valued member's page."""
    scores = np.array([float(score) for score in SCORES])
    output = np.atleast_1d(act(scores))
    return {
        "caption": "The outputs while the first score moves and the others stay; "
        "dots mark the scores of the example.",
        "pictures": [
            {"name": name, "title": title, "caption": text} for name, title, text in PICTURES
        ],
        "jacobian_caption": "The Jacobian at the scores of the example.",
        "jacobian": typeset.equation(act, 1),
        "example": {
            "layer": worked.layer_tex((("W", WEIGHTS),), BIAS),
            "sums": worked.sums_tex(WEIGHTS, BIAS),
            "scores": [fixed(score) for score in SCORES],
            "output": _words(output),
            "loss_gradient": _words(output - np.eye(len(output))[-1]),
            "steps": _STEPS[act.id](SCORES) if act.id in _STEPS else [],
            "jacobian": _jacobian(np.atleast_2d(act.jacobian(scores))),
            "is_settled": not act.jacobian(scores).any(),
        },
    }


def _words(values: np.ndarray) -> list[str]:
    return [fixed(float(value)) for value in values]


def _jacobian(entries: np.ndarray) -> str:
    """Return a Jacobian in LaTeX, its entries as decimals."""
    rows = (" & ".join(in_tex(fixed(float(entry))) for entry in row) for row in entries)
    return r"J = \begin{pmatrix} " + r" \\ ".join(rows) + r" \end{pmatrix}"


def _step(title: str, text: str, entries: Sequence[Expr]) -> Model:
    return {"title": title, "text": text, "entries": [fixed(entry) for entry in entries]}


def _softmax(scores: Sequence[Expr], sign: int = 1) -> list[Model]:
    powers = [exp(sign * score) for score in scores]
    total = sum(powers)
    power = "e^{x_i}" if sign > 0 else "e^{-x_i}"
    return [
        _step("Exponentials", f"Make every score positive: ${power}$.", powers),
        _step("Sum", f"Add them up: $\\sum_j {power.replace('i', 'j')}$.", [total]),
        _step("Shares", "Divide each by the sum.", [one / total for one in powers]),
    ]


def _softmin(scores: Sequence[Expr]) -> list[Model]:
    return _softmax(scores, -1)


def _log_softmax(scores: Sequence[Expr]) -> list[Model]:
    total = log(sum(exp(score) for score in scores))
    return [
        _step(
            "Logarithm of the sum",
            "Of the exponentials of all scores: $\\log \\sum_j e^{x_j}$.",
            [total],
        ),
        _step("Differences", "Take it off every score.", [score - total for score in scores]),
    ]


def _sparsemax(scores: Sequence[Expr]) -> list[Model]:
    ordered = sorted(scores, reverse=True)
    sums = [sum(ordered[:count]) for count in range(1, len(ordered) + 1)]
    kept = max(c for c, total in enumerate(sums, 1) if 1 + c * ordered[c - 1] > total)
    threshold = (sums[kept - 1] - 1) / kept
    return [
        _step("Sort", "Put the scores in order, the largest first.", ordered),
        _step(
            "Threshold",
            f"Keep the largest {kept}: above the threshold $\\tau$ they add up to 1.",
            [threshold],
        ),
        _step(
            "Cut",
            "Take the threshold off every score and cut at zero: $\\max(x_i - \\tau, 0)$.",
            [max(score - threshold, Rational(0)) for score in scores],
        ),
    ]


_STEPS: dict[str, Callable[[Sequence[Expr]], list[Model]]] = {
    "softmax": _softmax,
    "softmin": _softmin,
    "log_softmax": _log_softmax,
    "sparsemax": _sparsemax,
}
