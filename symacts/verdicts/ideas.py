"""The ideas behind the verdicts: which of them explains which rules.

What an idea says is written in `templates/pages/ideas`, one file for each; here is what belongs to
it.  Every rule belongs to exactly one idea.
"""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["IDEAS", "Idea", "idea_of"]


@dataclass(frozen=True)
class Idea:
    """An idea with its title, and the slugs of the rules that speak of it."""

    slug: str
    title: str
    rules: tuple[str, ...]


IDEAS: tuple[Idea, ...] = (
    Idea(
        "vanishing-gradient",
        "Vanishing gradient",
        (
            "vanishing-gradient",
            "vanishing-left",
            "vanishing-right",
            "weak-slope",
            "passes-right",
        ),
    ),
    Idea(
        "dying-unit",
        "Dying unit",
        ("dies-left", "dies-right", "no-slope", "gradient-everywhere", "leaks-little"),
    ),
    Idea("dead-zone", "Dead zone", ("dead-zone",)),
    Idea("sparsity", "Sparse outputs", ("sparse", "sparse-probabilities", "never-zero")),
    Idea(
        "mean-shift",
        "Mean shift",
        ("centred", "centred-for-normal", "not-centred", "some-negative"),
    ),
    Idea("exploding-activations", "Exploding activations", ("steepens",)),
    Idea("saturation", "Saturation and quantisation", ("bounded",)),
    Idea("lipschitz", "Lipschitz bound", ("slope-at-most-one", "non-expansive")),
    Idea("non-monotone", "Non-monotone bump", ("not-monotone", "one-to-one", "loses-sign")),
    Idea("kink", "Kink and jump", ("corner", "jump")),
    Idea("smoothness", "Smoothness", ("smooth",)),
    Idea("identity-near-zero", "Identity near zero", ("identity-near-zero",)),
    Idea("homogeneity", "Homogeneity", ("scale-free",)),
    Idea("linearity", "Bending at all", ("adds-nothing", "learns-its-shape")),
    Idea("waves", "Waves", ("ripples",)),
    Idea(
        "cost",
        "Cost",
        ("cheap", "arithmetic-only", "costs-exponential", "costs-special-function"),
    ),
    Idea("probability", "Probabilities", ("probability", "positive", "probabilities")),
    Idea(
        "symmetry-of-scores",
        "Symmetry of scores",
        (
            "shift-invariant",
            "order-blind",
            "singular-jacobian",
            "symmetric-jacobian",
            "one-gradient",
        ),
    ),
    Idea(
        "gating",
        "Gating",
        ("linear-path", "gate-closes", "gate-fades", "gate-dies", "unbounded-slope"),
    ),
)
"""All ideas, in an order that is good for reading."""

_BY_RULE: Mapping[str, Idea] = {rule: idea for idea in IDEAS for rule in idea.rules}


def idea_of(rule: str) -> Idea:
    """Return the idea that explains the rule with this slug."""
    return _BY_RULE[rule]
