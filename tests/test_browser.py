"""A real browser opens the pages from the disk, reads them and uses them."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

selenium = pytest.importorskip("selenium", reason="the tests in a browser need selenium")

from selenium import webdriver  # noqa: E402  only where it is installed
from selenium.webdriver.chrome.service import Service  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402
from selenium.webdriver.support.ui import WebDriverWait  # noqa: E402

import symacts  # noqa: E402
from symacts import measured  # noqa: E402
from symacts.cli.where import read_where  # noqa: E402

pytestmark = [pytest.mark.browser, pytest.mark.slow]

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
# What has not been measured has no page.
MEASUREMENTS = tuple(
    f"{name}.html" for name in measured.__all__ if getattr(measured, name)() is not None
)
PAGES = (
    "index.html",
    "introduction.html",
    "functions/index.html",
    "functions/gelu.html",
    "functions/prelu.html",
    "functions/softmax.html",
    "functions/swiglu.html",
    "families/gaussians/index.html",
    "ideas.html",
    "properties.html",
    "cost.html",
    "map.html",
    "not-established.html",
    *MEASUREMENTS,
    "bibliography.html",
    "guides/papers.html",
    "guides/library.html",
    "about/facts.html",
    "api.html",
)
# Text on each background it stands on, and curves on the background of the pages.
TEXT = [
    (text, ground) for text in ("fg", "ink", "quiet", "link") for ground in ("bg", "card", "tint")
]
TEXT += [("good", "good-tint"), ("bad", "bad-tint"), ("quiet", "good-tint"), ("quiet", "bad-tint")]
CURVES = [(f"c{n}", "bg") for n in range(1, 7)] + [("axis", "bg")]


@pytest.fixture(scope="module")
def driver() -> Iterator[webdriver.Chrome]:
    """Start a browser without a window and without a network."""
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    service = shutil.which("chromedriver")
    if not (found and service):
        reason = "no Chromium with chromedriver on this machine (apt: chromium, chromium-driver)"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    options = webdriver.ChromeOptions()
    options.binary_location = found
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--host-resolver-rules=MAP * ~NOTFOUND",
    ):
        options.add_argument(argument)
    driver = webdriver.Chrome(options=options, service=Service(service))
    yield driver
    driver.quit()


Open = Callable[..., webdriver.Chrome]


@pytest.fixture
def open_page(driver: webdriver.Chrome, built_site: Path) -> Iterator[Open]:
    """Return a function that opens a page of the site from the disk."""

    def open_page(page: str, width: int = 1280, *, script: bool = True) -> webdriver.Chrome:
        size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not script})
        driver.get_log("browser")
        driver.get((built_site / page).as_uri())
        return driver

    yield open_page
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    driver.execute_script("localStorage.clear()")


def shown(driver: webdriver.Chrome, selector: str) -> list[str]:
    """Return the texts of the elements that can be seen."""
    script = (
        "return [...document.querySelectorAll(arguments[0])]"
        ".filter(e => e.checkVisibility()).map(e => e.textContent.trim())"
    )
    return driver.execute_script(script, selector)


def until(driver: webdriver.Chrome, condition: Callable[[Any], object]) -> None:
    WebDriverWait(driver, 10).until(condition)


@pytest.mark.parametrize("page", PAGES)
def test_the_console_is_clean(open_page: Open, page: str) -> None:
    """A page opens without an error or a warning and loads files from the disk only."""
    driver = open_page(page)
    loaded = driver.execute_script(
        "return performance.getEntriesByType('resource').map(entry => entry.name)"
    )

    assert driver.get_log("browser") == []
    assert [address for address in loaded if not address.startswith(("file:", "data:"))] == []


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("width", [390, 820])
def test_a_small_screen_shows_the_whole_page(open_page: Open, page: str, width: int) -> None:
    """On a phone and on a tablet nothing sticks out to the right."""
    driver = open_page(page, width)
    overflow = driver.execute_script(
        """
        const page = document.documentElement;
        if (page.scrollWidth <= page.clientWidth) return [];
        return [...document.querySelectorAll('.md-content *')]
          .filter(e => e.getBoundingClientRect().right > page.clientWidth + 1)
          .slice(0, 5).map(e => e.outerHTML.slice(0, 120));
        """
    )

    assert overflow == []


def test_the_gallery_finds_functions(open_page: Open) -> None:
    """Words and choices narrow the gallery; what is left is counted; nothing left is said."""
    driver = open_page("index.html")
    gallery = driver.find_element(By.CSS_SELECTOR, ".sa-gallery")
    field = gallery.find_element(By.CSS_SELECTOR, "input[name=q]")
    everything = shown(driver, ".sa-gallery .sa-card strong")

    field.send_keys("gelu")
    found = shown(driver, ".sa-gallery .sa-card strong")
    assert "GELU" in found
    assert 0 < len(found) < 10
    assert shown(driver, ".sa-count") == [f"{len(found)} of {len(everything)}"]

    field.send_keys(" no such thing")
    assert shown(driver, ".sa-gallery .sa-card strong") == []
    assert shown(driver, ".sa-empty") != []

    gallery.find_element(By.CSS_SELECTOR, "[data-sa-reset]").click()
    assert shown(driver, ".sa-gallery .sa-card strong") == everything

    family = gallery.find_element(By.CSS_SELECTOR, "select[name=family] option:nth-child(2)")
    family.click()
    assert 0 < len(shown(driver, ".sa-gallery .sa-card strong")) < len(everything)


def test_the_table_sorts(open_page: Open) -> None:
    """A click on a head sorts by numbers as numbers, a second one backwards; unknowns stay last."""
    driver = open_page("properties.html")
    table = driver.find_element(By.CSS_SELECTOR, "table[data-sa-sort]")
    heads = table.find_elements(By.CSS_SELECTOR, "thead th")
    column = next(n for n, head in enumerate(heads) if "sup" in head.text)

    def keys() -> list[str]:
        script = (
            "return [...arguments[0].tBodies[0].rows].map(r => r.cells[arguments[1]].dataset.sort)"
        )
        return driver.execute_script(script, table, column)

    for direction in ("ascending", "descending"):
        heads[column].find_element(By.CSS_SELECTOR, "button").click()
        found = keys()
        known = [float(key.replace("Infinity", "inf")) for key in found if key]
        assert heads[column].get_attribute("aria-sort") == direction
        assert known == sorted(known, reverse=direction == "descending")
        assert "" not in found[: len(known)], "unknown values come last"
        assert len(set(known)) > 3


# -- the table of properties ---------------------------------------------------------------------

NAMES_SHOWN = "#table-all tbody tr th"
CONDITIONS = (
    "bounded",
    "not bounded",
    "bounded and smooth and zero_centred",
    "odd or even and not bounded",
    "(odd or even) and not bounded",
    "not (monotone or vector) and not gate",
    "not not parametric",
    "not zero_centred or simplex",
    "convex and not analytic",
)


def ids_shown(driver: webdriver.Chrome) -> set[str]:
    """Return the ids of the members whose rows can be seen."""
    script = (
        "return [...document.querySelectorAll('#table-all tbody tr')]"
        ".filter(row => row.checkVisibility()).map(row => row.querySelector('a').href)"
    )
    return {Path(address).stem for address in driver.execute_script(script)}


def query(driver: webdriver.Chrome, name: str) -> Any:
    return driver.find_element(By.CSS_SELECTOR, f"form[data-sa-query] [name={name}]")


def fill_in(driver: webdriver.Chrome, name: str, text: str) -> None:
    """Type a text in place of what a field holds."""
    field = query(driver, name)
    field.clear()
    field.send_keys(text)


def test_the_page_and_the_terminal_read_the_same_conditions(open_page: Open) -> None:
    """A condition leaves the same members on the page as `symacts list --where` prints."""
    driver = open_page("properties.html")
    for condition in CONDITIONS:
        fill_in(driver, "where", condition)
        holds = read_where(condition)
        expected = {act.id for act in symacts.catalogue.values() if holds(act) is True}

        assert ids_shown(driver) == expected, condition
        assert shown(driver, ".sa-query-command code") == [f"symacts list --where '{condition}'"]


@pytest.mark.parametrize(
    ("condition", "said"),
    [
        ("bouded", "There is no word “bouded”"),
        ("bound", "did you mean bounded"),
        ("bounded and", "A word is missing at the end."),
        ("or bounded", "A word is missing before “or”."),
        ("(odd or even", "A closing bracket is missing."),
        ("odd even", "“even” is one too many"),
    ],
)
def test_a_condition_that_cannot_be_read_is_explained(
    open_page: Open, condition: str, said: str
) -> None:
    """The page says what is wrong, offers no command, and is itself again when it is mended."""
    driver = open_page("properties.html")
    fill_in(driver, "where", condition)

    assert said in shown(driver, ".sa-query-said")[0]
    assert query(driver, "where").get_attribute("aria-invalid") == "true"
    assert shown(driver, ".sa-query-command") == []

    fill_in(driver, "where", "odd")
    assert shown(driver, ".sa-query-said") == []
    assert "tanh" in ids_shown(driver)


def test_words_and_ranges_are_chosen_without_typing_them(open_page: Open) -> None:
    """Lists and fields build a condition and keep numbers within ranges, which can be removed."""
    driver = open_page("properties.html")
    everything = ids_shown(driver)
    query(driver, "word").send_keys("analytic")
    query(driver, "answer").send_keys("does not")
    add = driver.find_element(By.CSS_SELECTOR, "[data-sa-add]")
    add.send_keys(Keys.ENTER)
    assert query(driver, "where").get_attribute("value") == "not analytic"
    assert {"relu", "softsign"} <= ids_shown(driver)
    assert "tanh" not in ids_shown(driver)

    driver.find_element(By.CSS_SELECTOR, "[name=number] option[value=lipschitz]").click()
    fill_in(driver, "most", "1")
    found = ids_shown(driver)
    assert "relu" in found
    assert "squared_relu" not in found, "its slope has no bound"
    assert not {"softmax", "sinc"} & found, "what has no such number is left out"

    driver.find_element(By.CSS_SELECTOR, ".sa-query-ranges button").click()
    assert "squared_relu" in ids_shown(driver)
    driver.find_element(By.CSS_SELECTOR, "form[data-sa-query] [data-sa-reset]").click()
    assert ids_shown(driver) == everything


def test_the_table_can_be_searched(open_page: Open) -> None:
    """Words in the name or the family and a chosen family narrow the table; the rest is counted."""
    driver = open_page("properties.html")
    everything = shown(driver, NAMES_SHOWN)
    fill_in(driver, "search", "hard")
    rows = driver.execute_script(
        "return [...document.querySelectorAll('#table-all tbody tr:not([hidden])')]"
        ".map(row => row.dataset.name + ' ' + row.dataset.family)"
    )
    assert 0 < len(rows) < len(everything)
    assert [row for row in rows if "hard" not in row.lower()] == []
    assert shown(driver, ".sa-query .sa-count") == [f"{len(rows)} of {len(everything)}"]

    fill_in(driver, "search", "no such thing")
    assert shown(driver, NAMES_SHOWN) == []
    assert shown(driver, ".sa-empty") == ["Nothing matches."]


def test_columns_are_chosen(open_page: Open) -> None:
    """A few columns are shown at first, any other when its box is ticked."""
    driver = open_page("properties.html")
    heads = shown(driver, "#table-all thead th")
    driver.find_element(By.CSS_SELECTOR, ".sa-query-columns summary").click()
    driver.find_element(By.CSS_SELECTOR, "[name=column][value=kinks]").click()
    driver.find_element(By.CSS_SELECTOR, "[name=column][value=range]").click()

    assert "Kinks and jumps" not in heads
    assert set(shown(driver, "#table-all thead th")) == {*heads, "Kinks and jumps"} - {"Range"}


def test_the_address_carries_the_whole_table(open_page: Open, built_site: Path) -> None:
    """Opened in another window the address shows the same rows, columns and order."""
    driver = open_page("properties.html")
    fill_in(driver, "where", "smooth and scalar")
    driver.find_element(By.CSS_SELECTOR, "[name=number] option[value=gain]").click()
    fill_in(driver, "least", "1.2")
    driver.find_element(By.CSS_SELECTOR, ".sa-query-columns summary").click()
    driver.find_element(By.CSS_SELECTOR, "[name=column][value=calls]").click()
    for _ in range(2):
        driver.find_element(By.CSS_SELECTOR, "th[data-column=gain] button").click()
    address, rows = driver.current_url, shown(driver, NAMES_SHOWN)
    heads = shown(driver, "#table-all thead th")
    driver.get("about:blank")
    driver.get(address)

    assert address.startswith((built_site / "properties.html").as_uri() + "#")
    assert shown(driver, NAMES_SHOWN) == rows
    assert shown(driver, "#table-all thead th") == heads
    assert query(driver, "where").get_attribute("value") == "smooth and scalar"
    head = driver.find_element(By.CSS_SELECTOR, "th[data-column=gain]")
    assert head.get_attribute("aria-sort") == "descending"


def test_links_to_headings_leave_the_table_alone(open_page: Open) -> None:
    """An address that names a heading of the page is no condition."""
    driver = open_page("properties.html")
    driver.get(driver.current_url + "#conditions")

    assert ids_shown(driver) == set(symacts.catalogue)
    assert driver.current_url.endswith("#conditions")


def test_without_script_the_table_is_plain_and_whole(open_page: Open) -> None:
    """Without JavaScript there is no form, and every column of every member can be read."""
    driver = open_page("properties.html", script=False)

    assert not driver.find_element(By.CSS_SELECTOR, "form[data-sa-query]").is_displayed()
    heads = driver.find_elements(By.CSS_SELECTOR, "#table-all thead th")
    assert all(head.is_displayed() for head in heads)
    assert len(driver.find_elements(By.CSS_SELECTOR, "#table-all tbody tr")) == len(
        symacts.catalogue
    )


# -- the map of relations ------------------------------------------------------------------------


def test_the_map_says_what_ties_members(open_page: Open) -> None:
    """Reached with the keyboard a bow tells its relation, a name all of its relations."""
    driver = open_page("map.html")
    tie = driver.find_element(By.CSS_SELECTOR, "a.sa-tie[data-ends='sigmoid softplus']")
    driver.execute_script("arguments[0].focus()", tie)
    (relation,) = shown(driver, ".sa-atlas-said li")
    assert "Sigmoid" in relation
    assert "Softplus" in relation
    assert "Sigmoid and Softplus" in tie.get_attribute("aria-label")

    name = driver.find_element(By.CSS_SELECTOR, "a.sa-place[data-place=sigmoid]")
    driver.execute_script("arguments[0].focus()", name)
    assert len(shown(driver, ".sa-atlas-said li")) > 5


def test_on_a_phone_a_list_takes_the_place_of_the_map(open_page: Open) -> None:
    """On a small screen the map is gone, and the relations are listed by kind."""
    driver = open_page("map.html", 390)

    assert shown(driver, "svg.sa-map") == []
    assert len(shown(driver, ".sa-relations li")) > 40


def test_dark_mode_reaches_the_pictures(open_page: Open) -> None:
    """The switch darkens the page and the curves of its pictures, and the next page remembers."""
    script = (
        "const s = getComputedStyle;"
        "return [s(document.body).backgroundColor,"
        " s(document.querySelector('svg.sa-plot path[stroke*=\"--sa-c1\"]')).stroke]"
    )
    driver = open_page("functions/gelu.html")
    light = driver.execute_script(script)
    scheme = "return document.body.getAttribute('data-md-color-scheme')"
    driver.find_element(By.CSS_SELECTOR, "label[for=__palette_1]:not([hidden])").click()
    until(driver, lambda d: d.execute_script(scheme) == "slate")
    dark = driver.execute_script(script)

    assert all(one != other for one, other in zip(light, dark, strict=True))
    assert open_page("functions/silu.html").execute_script(scheme) == "slate"


@pytest.mark.parametrize("way", ["clipboard", "fallback"])
def test_a_formula_can_be_copied(open_page: Open, way: str) -> None:
    """The button copies the LaTeX and says so, with the clipboard's interface or without."""
    driver = open_page("functions/gelu.html")
    driver.execute_script(
        """
        window.copied = [];
        const write = arguments[0] ? async text => copied.push(text)
                                   : async () => { throw new Error('not allowed') };
        Object.defineProperty(navigator, 'clipboard', {value: {writeText: write}});
        document.addEventListener('copy', () => copied.push(document.activeElement.value));
        """,
        way == "clipboard",
    )
    formula = driver.find_element(By.CSS_SELECTOR, ".sa-formula")
    button = formula.find_element(By.CSS_SELECTOR, "button.sa-copy")
    button.click()
    until(driver, lambda _: button.get_attribute("data-done"))

    assert driver.execute_script("return copied") == [formula.get_attribute("data-tex")]
    assert button.get_attribute("data-done") == "Copied"
    assert "Copy LaTeX" in button.accessible_name


def test_values_can_be_read_off_a_plot(open_page: Open) -> None:
    """Under the pointer the picture tells x and the height of each curve, and forgets it after."""
    driver = open_page("functions/gelu.html")
    plot = driver.find_element(By.CSS_SELECTOR, "svg.sa-plot[data-frame]")
    driver.execute_script(
        """
        const axes = [...arguments[0].querySelectorAll('path[data-label]')].at(0).getScreenCTM();
        const [left, , width] = arguments[0].dataset.frame.split(',').map(Number);
        const {x, y} = new DOMPoint(left + width / 2, 20).matrixTransform(axes);
        arguments[0].dispatchEvent(new PointerEvent('pointermove', {clientX: x, clientY: y}));
        """,
        plot,
    )
    assert shown(driver, ".sa-readout output") == ["x = 0.00   f ≈ 0.00   f′ ≈ 0.50"]

    driver.execute_script("arguments[0].dispatchEvent(new PointerEvent('pointerleave'))", plot)
    assert shown(driver, ".sa-readout output") == []


def test_the_site_can_be_searched(open_page: Open) -> None:
    """The search of the whole site works from the disk."""
    driver = open_page("index.html")
    field = driver.find_element(By.CSS_SELECTOR, "input.md-search__input")
    field.click()
    field.send_keys("temperature")
    until(driver, lambda d: shown(d, ".md-search-result__item"))

    assert any("Softmax" in text for text in shown(driver, ".md-search-result__item"))
    assert driver.get_log("browser") == []


def test_pages_read_well_without_script(open_page: Open) -> None:
    """Without JavaScript formulas, pictures and the gallery are there, dead controls are not."""
    driver = open_page("functions/gelu.html", script=False)
    formulas = driver.find_elements(By.CSS_SELECTOR, ".sa-formula .katex-html")
    assert formulas
    assert all(formula.size["height"] > 10 for formula in formulas)
    assert driver.find_element(By.CSS_SELECTOR, "svg.sa-plot").is_displayed()

    driver = open_page("index.html", script=False)
    assert not driver.find_element(By.CSS_SELECTOR, "form.sa-filters").is_displayed()
    assert all(card.is_displayed() for card in driver.find_elements(By.CSS_SELECTOR, ".sa-card"))


def test_the_first_tab_skips_to_the_content(open_page: Open) -> None:
    """The keyboard's first stop is the link that leaps over the navigation."""
    driver = open_page("functions/gelu.html")
    driver.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    first = driver.switch_to.active_element

    assert "md-skip" in first.get_attribute("class").split()
    until(driver, lambda _: first.is_displayed())


@pytest.mark.parametrize(
    "page", ["index.html", "functions/gelu.html", "properties.html", "map.html"]
)
def test_everything_to_use_has_a_name(open_page: Open, page: str) -> None:
    """Buttons, fields, links, dialogs and scrolling regions have names that can be read out."""
    driver = open_page(page)
    selector = ".md-content :is(button, input, select, [role=region], svg[role=img]), [role=dialog]"
    unnamed = [
        element.get_attribute("outerHTML")[:150]
        for element in driver.find_elements(By.CSS_SELECTOR, selector)
        if element.is_displayed() and not element.accessible_name
    ]

    assert unnamed == []


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour written as #rgb or #rrggbb."""
    digits = colour.lstrip("#")
    digits = "".join(2 * digit for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, from 1 to 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_colours_stand_out(built_site: Path, scheme: str) -> None:
    """Text has a contrast of at least 4.5 on what it stands on, a curve at least 3."""
    styles = (built_site / "assets" / "symacts.css").read_text("utf-8")
    block = re.search(rf'\[data-md-color-scheme="{scheme}"\] \{{(.*?)\}}', styles, re.DOTALL)
    assert block
    colours = dict(re.findall(r"--sa-([\w-]+): (#\w+);", block[1]))
    faint = {
        f"{text} on {ground}": round(ratio, 2)
        for pairs, least in ((TEXT, 4.5), (CURVES, 3.0))
        for text, ground in pairs
        if (ratio := contrast(colours[text], colours[ground])) < least
    }

    assert faint == {}
