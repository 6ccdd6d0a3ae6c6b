"""What was measured: the stored files, the pages that show them, and their pictures."""

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import symacts
from symacts import measured
from symacts.cache import Cache
from symacts.figures import NO_NUMBER, error_svg, time_svg
from symacts.figures.canvas import ACCENTS
from symacts.pages import SitePages, fill, make_pages
from symacts.pages.accuracy import brief

SVG = "{http://www.w3.org/2000/svg}"
MEMBERS = ("gelu", "softmax", "swiglu")
SYSTEMS = {"symacts": "symacts", "lambdify": "SymPy lambdify", "torch": "PyTorch"}
POSITIVE = np.logspace(-3, 3, 81)
EDGES = [*(-POSITIVE[::-1]), *POSITIVE]
LEVEL = [0] * 161
"""A curve of errors of one ulp everywhere."""


def row(mixed: float | None, **changes: Any) -> dict[str, Any]:
    """Return the errors of one function and order in one system."""
    found = {"points": 3, "mixed": mixed, "mixed_at": 1.0, "pure": mixed, "pure_at": 1.0}
    found |= {"mean_mixed": 0.25, "mean_pure": 0.25, "share": 1.0, "nans": 0, "infinities": 0}
    return found | {"limits": 0, "zeros": 0, "warns": 0} | changes


def errors() -> dict[str, Any]:
    """Return measured errors as the benchmark writes them, good ones of ours."""
    ours = {"0": row(1.5, curve=LEVEL), "1": row(2.5, curve=LEVEL), "2": row(7.5, curve=LEVEL)}
    lost = {"0": row(5.0, curve=LEVEL), "1": row(3e15, limits=2, curve=[150] * 161)}
    nothing = {"0": row(None, nans=7, curve=[NO_NUMBER] * 161), "2": {"failed": "NameError: D"}}
    return {
        "command": "python -m benchmarks.accuracy --seed 5 --store",
        "seed": 5,
        "points": 20000,
        "dtype": "float64",
        "versions": {"symacts": "1.2.3", "torch": "9.8.7"},
        "machine": "x86_64",
        "systems": SYSTEMS,
        "bounds": {"0": 4, "1": 8, "2": 8},
        "edges": EDGES,
        "members": {
            "gelu": {
                "symacts": {"call": None, "orders": ours},
                "lambdify": {"call": None, "orders": nothing},
                "torch": {"call": "torch.nn.functional.gelu", "orders": lost},
            },
            "softmax": {"symacts": {"call": None, "orders": {"0": row(1.0), "jvp": row(2.0)}}},
            "swiglu": {"symacts": {"call": None, "orders": {"0": row(1.0), "a": row(3.0)}}},
        },
    }


def times() -> dict[str, Any]:
    """Return measured times as the benchmark writes them."""
    table = {
        "what": "f",
        "dtype": "float32",
        "threads": 2,
        "size": 1_000_000,
        "geomeans": {"fast/torch": 0.41, "base/torch": 1.3},
        "functions": {"gelu": [2.0, 0.5, 20.0, 30.0, 1.25, None, 0.1]},
    }
    return {
        "command": "python -m benchmarks.speed --store",
        "date": "2020-02-02",
        "machine": {"processor": "A Processor", "cores": 2, "system": "Linux x86_64"},
        "versions": {"symacts": "1.2.3", "torch": "9.8.7"},
        "malloc": {"MALLOC_TRIM_THRESHOLD_": "2000000000"},
        "runs": 3,
        "load": [[0.1, 0.9]],
        "who": ["base", "fast", "numpy", "lambdify", "torch", "jax", "copy"],
        "lines": {"gelu": ["x * special.ndtr(x)"]},
        "calls": {"gelu": {"torch": "torch.nn.functional.gelu"}},
        "times": [table, table | {"size": 100_000}, table | {"threads": 1}],
        "overhead": [
            {
                "input": "a Python float",
                "functions": {"gelu": [0.5, 8.0, 1.9, 3.0, None, 3.3, 6.6, 0.4]},
            }
        ],
        "memory": [
            {
                "engine": "fast",
                "what": "f",
                "dtype": "float32",
                "functions": {"gelu": [0.1, None], "swiglu": [1.7, None]},
            }
        ],
        "goals": [
            {
                "goal": "as fast as light",
                "target": 0.45,
                "measured": 0.5,
                "where": "float32",
                "overall": 0.4,
                "runs": [0.5],
                "holds": False,
            }
        ],
        "left out": {},
    }


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SitePages]:
    """Return a small site with pages of these measurements."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(measured, "accuracy", errors)
        patch.setattr(measured, "speed", times)
        yield make_pages(only=MEMBERS, cache=Cache(tmp_path_factory.mktemp("cache")))


# -- the files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", measured.__all__)
def test_stored_files_are_of_this_catalogue(name: str) -> None:
    """A stored measurement is of members that there are, and says how it can be repeated."""
    found = getattr(measured, name)()
    if found is None:
        pytest.skip(f"{name} has not been measured: python -m benchmarks.{name} --store")
    members = found["members"] if name == "accuracy" else found["times"][0]["functions"]

    assert set(members) <= set(symacts.catalogue), "measure again, for members are gone"
    assert found["command"].startswith(f"python -m benchmarks.{name}")
    assert "symacts" in found["versions"]


def test_what_was_not_measured_has_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a file there is no page, no entry in the navigation and no remark."""
    monkeypatch.setattr(measured, "accuracy", lambda: None)
    monkeypatch.setattr(measured, "speed", lambda: None)
    site = make_pages(only=("relu",))

    assert {"accuracy.md", "speed.md"} & set(site.pages) == set()
    assert "Measurements" not in {title for entry in site.nav for title in entry}
    assert "largest errors" not in site.pages["functions/relu.md"]


# -- the pages -------------------------------------------------------------------------------------


def cells(page: str, title: str) -> list[str]:
    """Return the cells of the first row for a member, as text."""
    found = re.search(rf"<tr[^>]*><th[^>]*><a [^>]*>{title}</a></th>(.*?)</tr>", page)
    assert found, f"there is no row for {title}"
    return [re.sub(r"<[^>]*>", "", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", found[1])]


def test_the_page_of_accuracy_shows_what_is_in_the_file(site: SitePages) -> None:
    """A row has the worst and the mean error of each system, and no number where there is none."""
    page = site.pages["accuracy.md"]

    assert cells(page, "GELU") == ["1.5 mean 0.25", "NaN 7 × NaN", "5 mean 0.25", "1.5"]
    assert cells(page.partition("## First derivatives")[2], "GELU") == [
        "2.5 mean 0.25",
        "–",
        "3\u00a0×\u00a01015 mean 0.25",
        "2.5",
    ]
    assert "python -m benchmarks.accuracy --seed 5 --store" in page
    assert "symacts 1.2.3, torch 9.8.7" in page
    for heading in ("Gates by the first input", "Jacobians times a vector"):
        assert f"## {heading}\n" in page
    assert "## Jacobians\n" not in page, "nothing was measured, so there is no empty table"


def test_errors_are_marked_by_how_bad_they_are(site: SitePages) -> None:
    """Within the bound, beyond it, hardly a digit left: each has its class beside the number."""
    page = site.pages["accuracy.md"]

    assert 'class="sa-error-good" data-sort="1.5"' in page
    assert 'class="sa-error-over" data-sort="5"' in page
    assert 'class="sa-error-lost" data-sort="3e+15"' in page
    assert 'class="sa-error-lost" data-sort="Infinity">NaN' in page
    assert 'class="sa-error-lost" data-sort="Infinity">fails <small>NameError</small>' in page


def test_the_summary_counts_who_is_right(site: SitePages) -> None:
    """The first table says for how many functions a system keeps the bound, and the limits."""
    summary = site.pages["accuracy.md"].partition("</table>")[0]
    rows = re.findall(r'<th scope="row">([^<]*)</th>(.*?)</tr>', summary)
    counted = {title: re.sub(r"<[^>]*>", "", found) for title, found in rows}

    assert counted["SymPy lambdify"] == "0 of 1–0 of 11 of 1–0 of 1", "what fails is wrong"
    assert counted["symacts"] == "1 of 1" * 6
    assert counted["PyTorch"] == "0 of 10 of 1–1 of 10 of 1–"


def test_captions_say_who_loses(site: SitePages) -> None:
    """Below a picture stands who loses nearly every digit, at the order where most is lost."""
    page = site.pages["accuracy.md"]
    (caption,) = re.findall(r"<figcaption>(.*?)</figcaption>", page)

    assert re.sub(r"<[^>]*>", "", caption) == "GELU. Somewhere SymPy lambdify gives no number."


def test_function_pages_name_their_largest_errors(site: SitePages) -> None:
    """The page of a function ends its code with what was found, and leads to the comparison."""
    page = site.pages["functions/gelu.md"]

    assert "values 1.5, slope 2.5, second derivative 7.5" in page
    assert 'href="sa:accuracy.md#gelu"' in page
    for member in MEMBERS:
        assert f'id="{member}"' in site.pages["accuracy.md"]
    assert brief(errors(), "no such member") == []


def test_the_page_of_speed_shows_what_is_in_the_file(site: SitePages) -> None:
    """A row has the times in the order of the heads, the least of the rivals marked."""
    page = site.pages["speed.md"]

    assert cells(page, "GELU") == ["0.5", "2", "1.2", "20", "30", "0.1"]
    assert '<td class="sa-least" data-sort="0.5">0.5</td>' in page
    assert "A Processor, 2 cores, Linux x86_64" in page
    assert "`x * special.ndtr(x)`" in page
    assert page.count(">0.41<") == 4, "once for the size that is shown, and for each of three"
    assert '<span class="sa-no">no</span>' in page, "a goal that is missed says so"
    assert "<td>1.7</td>" in page, "memory is that of the function that takes the most"
    assert '<th scope="row">a Python float</th><td>0.5</td><td>1.9</td><td>8</td>' in page


def test_navigation_leads_to_the_measurements(site: SitePages) -> None:
    """Both pages stand beside the table of properties."""
    titles = [next(iter(entry)) for entry in site.nav]

    assert titles[titles.index("Properties") + 1] == "Measurements"
    assert {"Measurements": [{"Accuracy": "accuracy.md"}, {"Speed": "speed.md"}]} in site.nav


def test_ids_are_unique_on_each_page(site: SitePages) -> None:
    """However many pictures and rows a page has, no id comes twice."""
    for uri in ("accuracy.md", "speed.md"):
        ids = re.findall(r'\bid="([^"]+)"', fill(site.pages[uri], site.slots))
        assert sorted(ids) == sorted(set(ids))


# -- the pictures ----------------------------------------------------------------------------------


def paths(svg: str, colour: str) -> list[str]:
    """Return the paths of a colour, without those of the legend."""
    chart = ET.fromstring(svg).findall(f"{SVG}g")[-1]
    return [p.get("d", "") for p in chart.iter(f"{SVG}path") if p.get("stroke") == colour]


def heights(path: str) -> list[float]:
    """Return the y coordinates along a path."""
    (_, y), *steps = (
        map(float, pair)
        for pair in re.findall(r"[Ml]?(-?[\d.]+) ?(-?[\d.]+)", path.replace("h0", ""))
    )
    return list(np.cumsum([y, *(dy for _, dy in steps)]))


def test_an_error_of_no_digit_left_reaches_the_line() -> None:
    """2**53 ulp and more is drawn at the dashed line, half an ulp and less at the foot."""
    curves = {"ours": [-20] * 161, "theirs": [160] * 161, "exact": [-3] * 161}
    svg = error_svg("f", EDGES, curves, prefix="p-")
    ours, theirs, exact = (heights(paths(svg, colour)[0])[0] for colour in ACCENTS[:3])
    guide = re.search(r'd="M[\d.]+ ([\d.]+)l[^"]*" [^>]*stroke-dasharray="3 4"', svg)

    assert ours == pytest.approx(exact, abs=0.05)
    assert guide
    assert theirs == pytest.approx(float(guide[1]), abs=0.02)


def test_no_number_is_drawn_above_all_numbers() -> None:
    """Where NaN comes out the line goes on in a row above; where nothing is known it breaks."""
    curve = [*[0] * 40, *[None] * 20, *[NO_NUMBER] * 50, *[160] * 51]
    svg = error_svg("f", EDGES, {"ours": curve}, prefix="p-")
    (data,) = paths(svg, ACCENTS[0])
    low, none, high = (heights(part)[0] for part in re.findall(r"M[^M]+", data))

    assert low > high > none


def test_a_system_looks_the_same_in_all_pictures() -> None:
    """Colours and dashes belong to the system, whichever others a picture lacks."""
    everyone = error_svg("f", EDGES, {"a": LEVEL, "b": LEVEL, "c": LEVEL}, prefix="p-")
    fewer = error_svg("f", EDGES, {"a": LEVEL, "b": [], "c": LEVEL}, prefix="p-")

    assert paths(everyone, ACCENTS[2]) == paths(fewer, ACCENTS[2])
    assert paths(fewer, ACCENTS[1]) == []
    assert ">b</text>" not in fewer


def test_pictures_tell_what_they_show() -> None:
    """Title and description say in words where each system is worst."""
    curve = [*[0] * 160, 90]
    svg = error_svg("SiLU′", EDGES, {"ours": LEVEL, "theirs": curve}, prefix="p-")
    root = ET.fromstring(svg)

    assert root.findtext(f"{SVG}title") == "Errors of SiLU′ over x"
    assert "theirs: up to 1e+09 near x = 920" in root.findtext(f"{SVG}desc", "")


def test_times_are_placed_by_their_logarithm() -> None:
    """Ten times as long is as far to the right, from whichever time; missing times have no dot."""
    rows = {"f": [1.0, 10.0, None], "g": [10.0, 100.0, 5.0]}
    svg = time_svg(["a", "b", "c"], rows, title="t", unit="ns", prefix="p-")
    circles = ET.fromstring(svg).findall(f"{SVG}circle")
    f_b, f_a, g_b, g_a = (float(circle.get("cx", "")) for circle in circles)

    assert f_b - f_a == pytest.approx(g_b - g_a, abs=0.05)
    assert g_a == pytest.approx(f_b, abs=0.05)
    assert "b takes longer than a for 2 of 2; c takes longer than a for 0 of 1" in svg


def test_every_mark_is_inside_of_the_picture() -> None:
    """The smallest and the largest time keep a distance from the edges."""
    rows = {f"function {n}": [10.0**n, 3.0 * 10**n] for n in range(-2, 4)}
    root = ET.fromstring(time_svg(["a", "b"], rows, title="t", unit="ns", prefix="p-"))
    width, height = map(float, root.get("viewBox", "").split()[2:])

    for circle in root.iter(f"{SVG}circle"):
        x, y = float(circle.get("cx", "")), float(circle.get("cy", ""))
        assert 4 < x < width - 4
        assert 4 < y < height - 4
    assert math.isclose(width, 400)
