"""Marks on pictures: true to the function, read off facts, silent where nothing is established."""

import re

import numpy as np
import pytest
import sympy

import symacts
from symacts import figures
from symacts.facts import Facts
from symacts.marks import Marks, marks_of, widened
from symacts.windows import Window, window

SCALARS = [act for act in symacts.catalogue.values() if act.kind == "scalar"]
each = pytest.mark.parametrize("act", SCALARS, ids=lambda act: act.id)
STEP = 1e-3


@each
def test_marks_are_what_they_say(act: symacts.Activation) -> None:
    """Values beside an extremum, bends at an inflection and slopes at a kink bear it out."""
    for mark in marks_of(act).points:
        sides = np.array([mark.x - STEP, mark.x + STEP])
        assert act(mark.x) == pytest.approx(mark.y, abs=1e-12), f"{act.id}: {mark}"
        match mark.kind:
            case "minimum":
                assert (act(sides) > mark.y).all(), f"{act.id}: {mark}"
            case "maximum":
                assert (act(sides) < mark.y).all(), f"{act.id}: {mark}"
            case "inflection":
                left, right = act.derivative(2)(sides)
                assert left * right < 0, f"{act.id}: {mark}"
            case kind:
                left, right = act.derivative()(sides)
                assert kind == "kink"
                assert abs(left - right) > 10 * STEP, f"{act.id}: {mark}"


@each
def test_the_shaded_ground_is_level(act: symacts.Activation) -> None:
    """Beyond the thresholds the slope is below a thousandth, and at them it is about that much."""
    marks = marks_of(act)
    far = np.geomspace(1e-6, 1e3, 400)
    for end, side in ((marks.level_below, -1), (marks.level_above, 1)):
        if end is not None:
            assert (np.abs(act.derivative()(end + side * far)) < 1e-3).all(), act.id


def test_nothing_is_marked_without_a_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function of which nothing is established is drawn without marks."""
    monkeypatch.setattr(Facts, "_establish", lambda *_: None)

    @symacts.activation("Mystery")
    def mystery(x):
        return x * sympy.tanh(x)

    assert marks_of(mystery) == Marks(())


def test_given_parameters_need_facts_for_all_of_them() -> None:
    """With parameters the marks move; what is established at the defaults only is left out."""
    swish = marks_of(symacts.swish, beta=2.0)
    (lowest,) = [mark for mark in swish.points if mark.kind == "minimum"]

    assert lowest.x == pytest.approx(-1.27846454 / 2)
    for act in SCALARS:
        facts = act.facts.inflections
        if act.params and facts is not None and facts.scope == "defaults":
            name, parameter = next(iter(act.params.items()))
            marks = marks_of(act, **{name: float(parameter.default)})
            assert "inflection" not in {mark.kind for mark in marks.points}


def test_a_picture_widens_to_show_both_level_ends_but_not_by_much() -> None:
    """Sigmoid's picture reaches its thresholds; those of arctangent are too far out."""
    sigmoid, arctan = symacts.sigmoid, symacts.arctan

    assert widened(window(sigmoid), marks_of(sigmoid)) == (-8.0, 8.0)
    assert widened(window(arctan), marks_of(arctan)) is None
    assert widened(Window(-9, 9, 0, 1), marks_of(sigmoid)) is None


@pytest.mark.parametrize(
    ("name", "legend"),
    [
        ("sigmoid", ["inflection at 0", "|f′| < 0.001 for |x| > 6.906"]),
        ("tanh", ["inflection at 0", "|f′| < 0.001 for |x| > 4.147"]),
        ("relu", ["kink at 0", "|f′| < 0.001 for x < 0"]),
        ("leaky_relu", ["kink at 0"]),
        (
            "gelu",
            ["minimum −0.1700 at −0.7518", "inflection at ±1.414", "|f′| < 0.001 for x < −3.810"],
        ),
        ("mish", ["minimum −0.3088 at −1.192", "inflection at −2.256 and 1.491"]),
    ],
)
def test_the_legend_says_what_the_marks_are(name: str, legend: list[str]) -> None:
    """The legend names each kind of mark with its place, after the curves."""
    svg = figures.function_svg(symacts.catalogue[name])
    head = re.sub(r"<title>.*?</title>", "", svg).partition('<g transform="translate(0 ')[0]
    texts = re.findall(r"<text[^>]*>(.*?)</text>", head)
    plain = [
        re.sub("<[^>]+>|\N{HAIR SPACE}", "", text).replace("&lt;", "<").replace("&gt;", ">")
        for text in texts
    ]

    assert plain == ["f", "f′", *legend]


def test_marks_have_words_for_pointers_and_screen_readers() -> None:
    """A sign tells its place on hover, and the description of the picture lists all of them."""
    svg = figures.function_svg(symacts.gelu)

    assert "<title>Minimum: x = −0.7518, f(x) = −0.1700</title>" in svg
    assert "Marked inflection at ±1.414." in svg.partition("</desc>")[0]
