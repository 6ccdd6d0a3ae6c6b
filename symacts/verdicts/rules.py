"""The rules, each worded once: the sentence names the consequence, the condition the cause."""

from collections.abc import Callable
from dataclasses import dataclass

from sympy import Interval, Rational, oo

from symacts.verdicts import conditions
from symacts.verdicts.view import Reason, View

__all__ = ["CONS", "EXCLUSIVE", "PROS", "Rule"]

EVERYTHING = ("scalar", "vector", "gate")


@dataclass(frozen=True)
class Rule:
    """A remark and the condition for it; `kinds` are the kinds of members that it looks at."""

    slug: str
    sentence: str
    when: Callable[[View], Reason]
    kinds: tuple[str, ...] = ("scalar",)


PROS: tuple[Rule, ...] = (
    Rule(
        "cheap",
        "Cheap: straight lines, so a few comparisons, additions and multiplications per value.",
        conditions.is_plain_lines,
    ),
    Rule(
        "arithmetic-only",
        "Needs arithmetic only, no exponential.",
        conditions.is_plain_arithmetic,
    ),
    Rule(
        "passes-right",
        "Does not saturate for large positive inputs, so their gradient survives.",
        conditions.passes_on_the_right,
    ),
    Rule(
        "gradient-everywhere",
        "Keeps a gradient for every input, so no unit is ever stuck.",
        conditions.keeps_a_gradient,
    ),
    Rule(
        "centred",
        "Outputs are centred: inputs that are symmetric about zero average to zero.",
        lambda f: f.true("zero_centred") if f.value("parity") == "odd" else None,
    ),
    Rule(
        "centred-for-normal",
        "Standard normal inputs average to zero, though others that are symmetric need not.",
        lambda f: f.true("zero_centred") if f.value("parity") == "neither" else None,
    ),
    Rule(
        "some-negative",
        "Lets some negative values out, which pulls the mean output towards zero.",
        conditions.dips_below_zero,
    ),
    Rule(
        "smooth",
        "Smooth everywhere: the gradient has no corner, and every higher derivative exists.",
        lambda f: f.is_one_of("smoothness", oo),
        EVERYTHING,
    ),
    Rule(
        "bounded",
        "Outputs stay within fixed bounds, so activations cannot blow up.",
        lambda f: f.true("bounded"),
    ),
    Rule(
        "slope-at-most-one",
        "The slope never exceeds one, so the unit itself cannot make gradients explode.",
        lambda f: f.at_most("lipschitz", 1),
    ),
    Rule(
        "probability",
        "Outputs run from zero to one and read as the probability of a yes.",
        conditions.reads_as_probability,
    ),
    Rule(
        "positive",
        "Outputs are always positive, as a variance, a scale or a rate has to be.",
        lambda f: f.is_one_of("range", Interval.open(0, oo)),
    ),
    Rule(
        "sparse",
        "Silences a whole range of inputs exactly, so that many units rest.",
        View.silent_stretch,
    ),
    Rule(
        "one-to-one",
        "Loses no information: every output comes from exactly one input.",
        lambda f: f.is_one_of("monotonicity", "increasing", "decreasing"),
    ),
    Rule(
        "identity-near-zero",
        "Looks like the identity near zero, so small signals pass unchanged.",
        conditions.is_identity_at_zero,
    ),
    Rule(
        "scale-free",
        "Scaling the input by a positive factor scales the output: layers can trade scale.",
        lambda f: f.true("homogeneous"),
    ),
    Rule(
        "ripples",
        "Swings for ever, so it can carry a rhythm beyond the range of the training data.",
        conditions.ripples,
    ),
    Rule(
        "probabilities",
        "Outputs are positive and sum to one, so they read as the probabilities of classes.",
        conditions.gives_probabilities,
        ("vector",),
    ),
    Rule(
        "sparse-probabilities",
        "Outputs sum to one and can be exactly zero, so unlikely entries drop out.",
        conditions.gives_sparse_probabilities,
        ("vector",),
    ),
    Rule(
        "shift-invariant",
        "Only differences of scores matter: adding one number to all of them changes nothing.",
        lambda f: f.true("shift_invariant"),
        ("vector",),
    ),
    Rule(
        "order-blind",
        "Treats all entries alike: permuting the inputs permutes the outputs.",
        lambda f: f.true("permutation_equivariant"),
        ("vector",),
    ),
    Rule(
        "non-expansive",
        "Never takes two inputs farther apart, so noise in the scores is not amplified.",
        lambda f: f.at_most("jacobian_norm", 1),
        ("vector",),
    ),
    Rule(
        "symmetric-jacobian",
        "The Jacobian is symmetric, so forward and backward differentiation are one product.",
        lambda f: f.true("jacobian_symmetric"),
        ("vector",),
    ),
    Rule(
        "learns-its-shape",
        "Takes the largest of several linear maps, so the network learns its own convex unit.",
        lambda f: f.is_one_of("convexity", "convex"),
        ("vector",),
    ),
    Rule(
        "linear-path",
        "Linear in one input: along that path nothing squashes the gradient.",
        lambda f: f.is_one_of("range", Interval(-oo, oo)),
        ("gate",),
    ),
    Rule(
        "gate-closes",
        "The gate shuts for very negative inputs, so the unit can switch a signal off.",
        lambda f: f.true("saturates_left"),
        ("gate",),
    ),
)

CONS: tuple[Rule, ...] = (
    Rule(
        "no-slope",
        "Its slope is zero wherever it has one, so gradient descent cannot learn through it.",
        conditions.flat_everywhere,
    ),
    Rule(
        "vanishing-gradient",
        "Saturates on both sides: large inputs get almost no gradient.",
        conditions.vanishes_on_both_sides,
    ),
    Rule(
        "vanishing-left",
        "Very negative inputs get almost no gradient.",
        conditions.vanishes_on_the_left,
    ),
    Rule(
        "vanishing-right",
        "Large positive inputs get almost no gradient.",
        conditions.vanishes_on_the_right,
    ),
    Rule(
        "dies-left",
        "Gives no gradient at all for very negative inputs: a unit stuck there stops learning.",
        conditions.dies_on_the_left,
    ),
    Rule(
        "dies-right",
        "Gives no gradient at all for large positive inputs.",
        conditions.dies_on_the_right,
    ),
    Rule(
        "dead-zone",
        "Gives no gradient on an interval in the middle, where small signals are lost.",
        conditions.flat_inside,
    ),
    Rule(
        "weak-slope",
        "Its slope is one half at most: layers shrink the gradient unless weights make up for it.",
        lambda f: f.at_most("lipschitz", Rational(1, 2)) if f.value("lipschitz") != 0 else None,
    ),
    Rule(
        "not-centred",
        "Outputs have one sign only, so their mean moves away from zero from layer to layer.",
        conditions.is_off_centre,
    ),
    Rule(
        "leaks-little",
        "Nearly loses negative signals: they come out at a small fraction of their size.",
        conditions.leaks_little,
    ),
    Rule(
        "corner",
        "Has no derivative at some point, so a convention decides the gradient there.",
        conditions.has_a_corner,
        EVERYTHING,
    ),
    Rule(
        "jump",
        "Jumps: an arbitrarily small change of the input can change the output a lot.",
        lambda f: f.false("continuous"),
    ),
    Rule(
        "steepens",
        "Its slope grows without bound, so gradients can explode.",
        conditions.explodes,
    ),
    Rule(
        "not-monotone",
        "Not monotone: different inputs give the same output, and the slope changes its sign.",
        lambda f: f.is_one_of("monotonicity", "neither"),
    ),
    Rule(
        "loses-sign",
        "Loses the sign of its input: opposite inputs give the same output.",
        lambda f: f.is_one_of("parity", "even"),
    ),
    Rule(
        "adds-nothing",
        "A straight line: a network of them is one linear map, however deep.",
        lambda f: f.is_one_of("convexity", "affine"),
    ),
    Rule(
        "costs-exponential",
        "Needs an exponential, which costs many times as much as a comparison.",
        conditions.calls_exponential,
        EVERYTHING,
    ),
    Rule(
        "costs-special-function",
        "Needs a special function such as a sine or an error function, which is not cheap.",
        conditions.calls_special,
        EVERYTHING,
    ),
    Rule(
        "never-zero",
        "Gives no entry exactly zero, so every wrong class keeps some of the probability.",
        conditions.gives_probabilities,
        ("vector",),
    ),
    Rule(
        "singular-jacobian",
        "The Jacobian is singular: moving all scores together changes nothing to learn from.",
        conditions.loses_a_direction,
        ("vector",),
    ),
    Rule(
        "one-gradient",
        "Only the largest entry gets a gradient; the others learn nothing from the example.",
        lambda f: f.is_one_of("jacobian_rank", 1),
        ("vector",),
    ),
    Rule(
        "unbounded-slope",
        "A product of inputs: its slope has no bound, so large activations amplify each other.",
        lambda f: f.is_one_of("lipschitz", oo),
        ("gate",),
    ),
    Rule(
        "gate-dies",
        "A closed gate passes nothing and learns nothing: both slopes are exactly zero there.",
        lambda f: f.true("dies_left"),
        ("gate",),
    ),
    Rule(
        "gate-fades",
        "A closed gate all but stops the gradient of both inputs.",
        conditions.closes_softly,
        ("gate",),
    ),
)

EXCLUSIVE: tuple[tuple[str, str], ...] = (
    ("centred", "not-centred"),
    ("centred", "centred-for-normal"),
    ("centred-for-normal", "not-centred"),
    ("some-negative", "not-centred"),
    ("smooth", "corner"),
    ("smooth", "jump"),
    ("corner", "jump"),
    ("cheap", "costs-exponential"),
    ("cheap", "costs-special-function"),
    ("cheap", "arithmetic-only"),
    ("arithmetic-only", "costs-exponential"),
    ("arithmetic-only", "costs-special-function"),
    ("costs-exponential", "costs-special-function"),
    ("passes-right", "vanishing-gradient"),
    ("passes-right", "vanishing-right"),
    ("passes-right", "dies-right"),
    ("gradient-everywhere", "vanishing-gradient"),
    ("gradient-everywhere", "vanishing-left"),
    ("gradient-everywhere", "vanishing-right"),
    ("gradient-everywhere", "dies-left"),
    ("gradient-everywhere", "dies-right"),
    ("gradient-everywhere", "dead-zone"),
    ("gradient-everywhere", "no-slope"),
    ("gradient-everywhere", "not-monotone"),
    ("vanishing-gradient", "dies-left"),
    ("vanishing-gradient", "dies-right"),
    ("vanishing-gradient", "vanishing-left"),
    ("vanishing-left", "dies-left"),
    ("vanishing-right", "dies-right"),
    ("no-slope", "dies-left"),
    ("slope-at-most-one", "steepens"),
    ("slope-at-most-one", "jump"),
    ("one-to-one", "not-monotone"),
    ("one-to-one", "loses-sign"),
    ("one-to-one", "sparse"),
    ("bounded", "steepens"),
    ("probabilities", "sparse-probabilities"),
    ("sparse-probabilities", "never-zero"),
    ("gate-dies", "gate-fades"),
)
"""Slugs that contradict each other, or say the same twice; no member may have both."""
