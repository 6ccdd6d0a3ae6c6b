"""The site's pictures: valid, small, themed, described, and the same bytes everywhere."""

import os
import pickle
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

import symacts
from symacts import figures
from symacts.figures import story
from symacts.figures.canvas import image, maths, number, path_data, tag, text_width
from symacts.figures.chart import round_ticks
from symacts.figures.scalars import parameter_values, prime, symbol_of

EVERY = list(symacts.catalogue.values())
SVG = "{http://www.w3.org/2000/svg}"
COLOUR = re.compile(r"var\(--sa-(fg|axis|grid|bg|c[1-6]),#[0-9a-f]{3,6}\)|none")
ALLOWED = {"svg", "title", "desc", "g", "path", "circle", "rect", "text", "tspan", "use"}
LARGEST, LARGEST_THUMBNAIL = 12_000, 3_000


@cache
def pictures_of(page: str) -> dict[str, str]:
    """Return the pictures of a member's page, of a family's page or of the introduction."""
    if page == "introduction":
        return figures.introduction_figures()
    if page in symacts.families:
        family = symacts.families[page]
        members = [symacts.catalogue[getattr(member, "id", member)] for member in family.members]
        return {str(order): figures.comparison_svg(members, order) for order in (0, 1)}
    return figures.figures_of(symacts.catalogue[page])


def shapes(svg: str) -> Iterator[ET.Element]:
    return ET.fromstring(svg).iter()


each = pytest.mark.parametrize("page", [*symacts.catalogue, *symacts.families, "introduction"])


@each
def test_pictures_are_safe_to_put_into_a_page(page: str) -> None:
    """A picture is valid XML of plain shapes: no style sheet, no script, no link, no NaN."""
    for kind, svg in pictures_of(page).items():
        kinds = {shape.tag.removeprefix(SVG) for shape in shapes(svg)}

        assert kinds <= ALLOWED, f"{page}, {kind} has {kinds - ALLOWED}"
        assert not re.search(r' style=|href="(?!#)|\bnan\b|\binf\b', svg), f"{page}, {kind}"


@each
def test_pictures_are_small(page: str) -> None:
    """A picture adds at most 12 kB to a page, a thumbnail 3 kB."""
    for kind, svg in pictures_of(page).items():
        limit = LARGEST_THUMBNAIL if kind == "thumbnail" else LARGEST

        assert len(svg.encode()) <= limit, f"{page}, {kind}"


@each
def test_pictures_follow_the_theme(page: str) -> None:
    """Every colour is a variable of the theme, with the light theme's colour to fall back on."""
    for kind, svg in pictures_of(page).items():
        used = {shape.get(key) for shape in shapes(svg) for key in ("fill", "stroke")} - {None}
        foreign = [colour for colour in used if not COLOUR.fullmatch(colour)]

        assert foreign == [], f"{page}, {kind}"


@each
def test_coordinates_have_two_decimals(page: str) -> None:
    """No number in the geometry is longer than two decimals."""
    keys = ("d", "x", "y", "cx", "cy", "r", "width", "height", "viewBox", "transform")
    for kind, svg in pictures_of(page).items():
        geometry = " ".join(shape.get(key, "") for shape in shapes(svg) for key in keys)

        assert re.findall(r"\.\d{3,}", geometry) == [], f"{page}, {kind}"


@each
def test_pictures_speak_to_screen_readers(page: str) -> None:
    """A picture has a title and a description, which it points to; a thumbnail is decoration."""
    for kind, svg in pictures_of(page).items():
        root = ET.fromstring(svg)
        if kind == "thumbnail":
            assert root.get("aria-hidden") == "true"
            continue
        title, description = root.find(f"{SVG}title"), root.find(f"{SVG}desc")

        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == title.get("id")
        assert root.get("aria-describedby") == description.get("id")
        assert 5 < len(title.text) < 160, f"{page}, {kind}: {title.text}"
        assert 40 < len(description.text) < 700, f"{page}, {kind}: {description.text}"


@pytest.mark.parametrize("act", EVERY, ids=lambda act: act.id)
def test_ids_are_unique_on_a_page(act: symacts.Activation) -> None:
    """All pictures of one member can stand on one page: no id comes twice, all carry its name."""
    ids = re.findall(r' id="([^"]+)"', "".join(pictures_of(act.id).values()))

    assert len(ids) == len(set(ids))
    assert all(one.startswith(f"{act.id}-") for one in ids)


def test_prefix_is_the_callers() -> None:
    """A given prefix replaces the usual one, so that a picture can come twice on a page."""
    svg = figures.function_svg(symacts.relu, prefix="other-")

    assert set(re.findall(r' id="([^"]+)"', svg)) == {"other-title", "other-desc"}


def test_bytes_do_not_depend_on_the_process() -> None:
    """Two processes with different hash seeds draw the same bytes."""
    code = (
        "import symacts, hashlib; from symacts.figures import *;"
        "acts = [symacts.catalogue[n] for n in ('elu', 'softmax', 'swiglu', 'snake')];"
        "print(hashlib.sha256(repr([figures_of(a) for a in acts]).encode()).hexdigest())"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in "12"
    }

    assert len(answers) == 1


def test_drawing_twice_gives_the_same_bytes() -> None:
    """A picture does not depend on what was drawn before it."""
    for act in EVERY[::6]:
        assert figures.figures_of(act) == pictures_of(act.id), act.id


def test_work_can_be_sent_to_other_processes() -> None:
    """Both the function and its argument survive pickling, as a process pool needs."""
    work, act = pickle.loads(pickle.dumps((figures.figures_of, symacts.relu)))

    assert work(act)["thumbnail"] == pictures_of("relu")["thumbnail"]


def test_kinds_of_pictures() -> None:
    """Each kind of member gets the pictures that mean something for it."""
    assert figures.figures_of(symacts.relu).keys() == {"function", "thumbnail"}
    assert figures.figures_of(symacts.elu).keys() >= {"derivatives", "parameter-alpha"}
    assert figures.figures_of(symacts.softmax).keys() >= {"function", "jacobian", "temperature"}
    assert "sparsity" in figures.figures_of(symacts.sparsemax)
    assert "sparsity" not in figures.figures_of(symacts.softmax)
    assert figures.figures_of(symacts.swiglu).keys() == {"function", "thumbnail"}


def test_softmax_shows_its_worked_example() -> None:
    """Softmax's picture says what becomes of the scores 0.4, 2 and 5."""
    assert "the output is 0.009, 0.047, 0.944" in pictures_of("softmax")["function"]


def test_many_members_stand_side_by_side() -> None:
    """Seven members get a panel each, six share one chart."""
    acts = [act for act in EVERY if act.kind == "scalar"]

    assert figures.comparison_svg(acts[:7]).count("translate(") == 7
    assert figures.comparison_svg(acts[:6]).count("translate(") == 1


@pytest.mark.parametrize(
    ("act", "name"),
    [(act, name) for act in EVERY if act.kind == "scalar" for name in act.params],
    ids=lambda value: getattr(value, "id", value),
)
def test_parameter_values_are_allowed_and_in_order(act: symacts.Activation, name: str) -> None:
    """The values shown of a parameter rise, lie in its domain, and the default is one of them."""
    parameter = act.params[name]
    values = parameter_values(act, parameter)

    assert values == sorted(set(values))
    assert float(parameter.default) in values
    assert 2 <= len(values) <= 5
    assert all(parameter.domain.contains(value) for value in values)


def test_names_of_derivatives_and_parameters() -> None:
    """Primes up to three, numbers above; Greek letters for Greek names."""
    assert [prime("f", order) for order in (0, 1, 2, 3, 4)] == ["f", "f′", "f″", "f‴", "f⁽⁴⁾"]
    assert symbol_of(symacts.elu.params["alpha"]) == "α"
    assert symbol_of(symacts.soft_shrink.params["lambd"]) == "λ"


def test_simulations_show_what_they_claim() -> None:
    """Sigmoid's gradient vanishes, ReLU's does not; ReLU units die where leaky ones live."""
    vanished = story.gradient_norms(symacts.sigmoid, 20, 1.0)[-1]
    kept = story.gradient_norms(symacts.relu, 20, 2.0)[-1]
    sums = np.random.default_rng(0).normal(size=(50, 20)) - 8.0

    assert vanished < 1e-9
    assert 1e-2 < kept < 1e2
    assert story.silent_share(symacts.relu, sums) > 0.9
    assert story.silent_share(symacts.leaky_relu, sums) == 0


def test_without_an_activation_the_fit_is_a_straight_line() -> None:
    """The network without an activation draws a line, the one with tanh comes near the points."""
    points, grid = np.linspace(-3, 3, 25), np.linspace(-3, 3, 61)
    targets = np.sin(2 * points)
    straight = story._fitted(None, points, targets, grid)
    bent = story._fitted(symacts.tanh, points, targets, points)

    assert np.abs(np.diff(straight, 2)).max() < 1e-3
    assert np.abs(bent - targets).max() < 0.2


def steps(data: str) -> np.ndarray:
    """Return the points of a path that is one line, as the page's script does."""
    start, *rest = data.removeprefix("M").split("l")
    pairs = [re.findall(r"-?\d*\.?\d+", pair)[:2] for pair in (start, *rest)]
    return np.cumsum(np.array(pairs, dtype=float), axis=0)


def test_values_can_be_read_off_a_curve() -> None:
    """Window, frame and the path of a curve give back the function's values."""
    root = ET.fromstring(pictures_of("gelu")["function"])
    x0, x1, y0, y1 = map(float, root.get("data-window").split(","))
    left, top, width, height = map(float, root.get("data-frame").split(","))
    (line,) = (shape for shape in root.iter() if shape.get("data-label") == "f")
    px, py = steps(line.get("d")).T
    x = x0 + (px - left) / width * (x1 - x0)
    y = y1 - (py - top) / height * (y1 - y0)

    assert y == pytest.approx(symacts.gelu(x), abs=2e-3)


def test_only_plain_axes_can_be_read() -> None:
    """A logarithmic axis, a map or a diagram offers no values to read."""
    for svg in (pictures_of("introduction")["vanishing-gradient"], pictures_of("glu")["function"]):
        assert "data-window" not in svg


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.0, "0"), (-0.001, "0"), (0.5, ".5"), (-0.25, "-.25"), (3.14159, "3.14")],
)
def test_numbers_are_short(value: float, written: str) -> None:
    """Coordinates lose what cannot be seen: third decimals, leading and trailing zeros."""
    assert number(value) == written


def test_path_steps_do_not_drift() -> None:
    """The rounded steps of a path end where the line ends, however many they are."""
    xs = np.linspace(0, 100, 997)
    last = steps(path_data(xs, np.sqrt(xs)))[-1]

    assert last == pytest.approx((100, 10), abs=0.006)


def test_markup_is_escaped() -> None:
    """Text with angle brackets or ampersands cannot break a picture."""
    svg = image(10, 10, [tag("text", maths("a<b"))], title="<&>", description='"x"', prefix="p-")

    assert ET.fromstring(svg).find(f"{SVG}title").text == "<&>"
    assert text_width(maths("f′")) < text_width("long text")


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [(-3, 3, ["−2", "0", "2"]), (0, 1, ["0", "0.2", "0.4", "0.6", "0.8", "1"])],
)
def test_ticks_are_round(low: float, high: float, labels: list[str]) -> None:
    """Ticks are multiples of 1, 2 or 5, with a real minus sign."""
    assert [label for _, label in round_ticks(low, high, 4 if low else 5)] == labels
