"""Pros and cons: what the rules say, that they never contradict themselves, that each is needed."""

import itertools
from collections import Counter

import pytest
import sympy

import symacts
from symacts.verdicts import CONS, EXCLUSIVE, PROS, cons, pros

RULES = (*PROS, *CONS)
SENTENCES = {rule.slug: rule.sentence for rule in RULES}


def slugs(act: symacts.Activation) -> set[str]:
    """Return the slugs of all verdicts on an activation."""
    return {verdict.slug for verdict in (*act.pros, *act.cons)}


# What the article behind this project says of its five functions, as slugs.
ARTICLE = {
    "sigmoid": {
        "pros": {"smooth", "bounded", "probability"},
        "cons": {"vanishing-gradient", "not-centred", "costs-exponential"},
        "not": {"centred", "cheap", "dies-left"},
    },
    "tanh": {
        "pros": {"centred", "bounded", "smooth"},
        "cons": {"vanishing-gradient", "costs-exponential"},
        "not": {"not-centred", "probability"},
    },
    "relu": {
        "pros": {"cheap", "passes-right", "sparse"},
        "cons": {"dies-left", "corner", "not-centred"},
        "not": {"vanishing-gradient", "centred", "gradient-everywhere"},
    },
    "leaky_relu": {
        "pros": {"cheap", "gradient-everywhere", "passes-right"},
        "cons": {"leaks-little", "corner"},
        "not": {"dies-left", "sparse"},
    },
    "softmax": {
        "pros": {"probabilities", "smooth", "shift-invariant"},
        "cons": {"costs-exponential", "singular-jacobian", "never-zero"},
        "not": {"sparse-probabilities"},
    },
}


@pytest.mark.parametrize("act_id", ARTICLE)
def test_the_article_comes_out_of_the_rules(act_id: str) -> None:
    """Every remark of the article on a function follows from its facts."""
    act, said = symacts.catalogue[act_id], ARTICLE[act_id]

    assert said["pros"] <= {verdict.slug for verdict in act.pros}
    assert said["cons"] <= {verdict.slug for verdict in act.cons}
    assert said["not"] & slugs(act) == set()


def test_verdicts_show_their_reason() -> None:
    """A verdict carries the evidence of the fact that it rests on."""
    (dies,) = [verdict for verdict in symacts.relu.cons if verdict.slug == "dies-left"]
    (fades,) = [verdict for verdict in symacts.sigmoid.cons if verdict.slug == "vanishing-gradient"]
    (leaks,) = [verdict for verdict in symacts.leaky_relu.cons if verdict.slug == "leaks-little"]

    assert dies.because == "$f'(x) = 0$ for all $x < 0$."
    assert "$x < -6.90576$ and $x > 6.90576$" in fades.because
    assert leaks.because.endswith("By default the slope is $0.01$.")


BECAUSE = (
    ("soft_shrink", "dead-zone", "At the defaults: $f'(x) = 0$ on $(-1/2, 1/2)$."),
    ("sign", "no-slope", r"$f'(x) = 0$ for all $x \ne 0$."),
    ("elu", "some-negative", r"The infimum of $f$ is $-\alpha$, so it takes negative values."),
    ("tanh", "identity-near-zero", "$f(0) = 0$ and $f'(0) = 1$."),
    ("leaky_relu", "gradient-everywhere", "Every part of it is a straight line that rises."),
    (
        "bent_identity",
        "gradient-everywhere",
        (
            r"$f'$ never falls, and $f'(x) \to \tfrac{1}{2}$ as $x \to -\infty$, "
            r"so $f'(x) \ge \tfrac{1}{2}$ for all $x$."
        ),
    ),
    ("glu", "gate-fades", r"The factor of $a$ and its derivative tend to $0$ as $b \to -\infty$."),
)


@pytest.mark.parametrize(("act_id", "slug", "because"), BECAUSE, ids=lambda value: value[:20])
def test_reasons_justify_the_remark(act_id: str, slug: str, because: str) -> None:
    """The reason says what the remark needs, not only a fact that goes with it."""
    act = symacts.catalogue[act_id]

    assert {v.slug: v.because for v in (*act.pros, *act.cons)}[slug] == because


def test_slow_growth_is_no_ripple() -> None:
    """What leaves every line behind with a bounded slope need not swing for ever."""

    @symacts.activation("Slow")
    def slow(x):
        return sympy.log(1 + sympy.exp(x)) ** 2 / (1 + sympy.log(1 + sympy.exp(x)))

    @symacts.activation("Logarithm")
    def logarithm(x):
        return sympy.log(1 + x**2)

    assert "ripples" not in slugs(slow) | slugs(logarithm)
    assert "ripples" in slugs(symacts.sine) & slugs(symacts.snake)


def test_no_page_contradicts_itself(activation: symacts.Activation) -> None:
    """No member gets two verdicts that exclude each other."""
    found = slugs(activation)
    both = [pair for pair in EXCLUSIVE if set(pair) <= found]

    assert both == [], f"{activation.id} is told both; sharpen one of the conditions"


def test_exclusive_pairs_name_rules_once() -> None:
    """The table of contradictions speaks of existing rules, and lists no pair twice."""
    pairs = [frozenset(pair) for pair in EXCLUSIVE]

    assert set().union(*pairs) <= SENTENCES.keys()
    assert [pair for pair, count in Counter(pairs).items() if count > 1 or len(pair) < 2] == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.slug)
def test_every_rule_fires_somewhere_and_not_everywhere(rule: object) -> None:
    """A rule that no member meets, or all of them, tells the reader nothing."""
    asked = [act for act in symacts.catalogue.values() if act.kind in rule.kinds]
    fired = [act.id for act in asked if rule.slug in slugs(act)]

    assert fired, f"no member is {rule.slug}: drop the rule, or find what it is about"
    assert len(fired) < len(symacts.catalogue)


def test_sentences_are_short_and_unique() -> None:
    """Each remark is one sentence of at most 110 characters, worded once."""
    assert len(set(SENTENCES.values())) == len(SENTENCES) == len(RULES)
    for slug, sentence in SENTENCES.items():
        assert len(sentence) <= 110, slug
        assert sentence.endswith("."), slug
        assert sentence[0].isupper(), slug
        assert slug == slug.lower(), slug


def test_reasons_are_sentences(activation: symacts.Activation) -> None:
    """The reason of a verdict ends with a full stop and has its dollars in pairs."""
    for verdict in (*activation.pros, *activation.cons):
        assert verdict.because.endswith("."), verdict
        assert verdict.because.count("$") % 2 == 0, verdict
        assert verdict.sentence == SENTENCES[verdict.slug]


def test_most_members_have_both_sides(activation: symacts.Activation) -> None:
    """Every member has something to say for it, and all but the bent identity something against."""
    assert activation.pros
    assert activation.cons or activation.id == "bent_identity"


def test_what_is_not_known_stays_unsaid() -> None:
    """For a function with unknown facts the rules are silent instead of wrong."""

    @symacts.activation("Mystery")
    def mystery(x):
        return sympy.sin(x) + sympy.sin(sympy.sqrt(2) * x)

    assert mystery.facts.bounded is None
    said = {verdict.slug for verdict in (*pros(mystery), *cons(mystery))}
    assert said <= {"smooth", "costs-special-function", "not-monotone", "centred"}


def test_order_is_that_of_the_rules(activation: symacts.Activation) -> None:
    """Verdicts come in the order in which the rules are written."""
    for rules, verdicts in ((PROS, activation.pros), (CONS, activation.cons)):
        places = [[rule.slug for rule in rules].index(verdict.slug) for verdict in verdicts]

        assert all(left < right for left, right in itertools.pairwise(places))
