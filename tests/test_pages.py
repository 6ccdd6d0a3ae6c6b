"""The pages: what stands on them, that nothing is missing, and that nothing is made twice."""

import doctest
import re
from pathlib import Path

import numpy as np
import pytest
import sympy
from jinja2 import UndefinedError
from sympy import FiniteSet, Float, Integer, Interval, Rational, S, Symbol, Union, exp, oo, sqrt

import symacts
from symacts.cache import Cache
from symacts.pages import SitePages, artefacts, fill, make_pages, write_markdown
from symacts.pages.functions import code_tabs, model_of
from symacts.pages.ideas import link_of
from symacts.pages.kinks import exceptions
from symacts.pages.lightmath import light
from symacts.pages.prose import Prose
from symacts.pages.slots import SLOT, Slots
from symacts.pages.templates import render
from symacts.pages.worked import BIAS, INPUT, WEIGHTS, forward_pass, pre_activations
from symacts.resources import resource
from symacts.wording.numbers import expression, number, sort_key
from symacts.wording.sets import set_text
from tests.latex_reader import read

REPRESENTATIVES = ("relu", "gelu", "softmax", "swiglu")
GOLDEN = Path(__file__).parent / "golden" / "pages"

SECTIONS = {
    "scalar": (
        "Definition",
        "Derivatives",
        "Pros and cons",
        "Properties",
        "Table of values",
        "A forward pass by hand",
        "Code",
        "Relations",
        "References",
    ),
    "vector": (
        "Definition",
        "A worked example",
        "Jacobian",
        "Pros and cons",
        "Properties",
        "Code",
        "Relations",
        "References",
    ),
    "gate": (
        "Definition",
        "Derivatives",
        "Table of values",
        "Pros and cons",
        "Properties",
        "A forward pass by hand",
        "Code",
        "Relations",
        "References",
    ),
}

alpha = Symbol("alpha", positive=True)
NBSP = "\u00a0"
FENCE = re.compile(r"^ *```.*?^ *```$|<code>.*?</code>", re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="session")
def cache(tmp_path_factory) -> Cache:
    return Cache(tmp_path_factory.mktemp("cache"))


@pytest.fixture(scope="session")
def site(cache) -> SitePages:
    return make_pages(cache=cache, jobs=2)


@pytest.fixture(params=list(symacts.catalogue))
def member(request) -> str:
    return request.param


def plain(page: str) -> str:
    """Return a page without code, which may hold anything."""
    return FENCE.sub("", page)


def test_every_member_has_all_sections(site, member):
    """The page of a function has every section of its kind, in order."""
    headings = re.findall(r"^## (.+)$", site.pages[f"functions/{member}.md"], re.MULTILINE)
    expected = SECTIONS[symacts.catalogue[member].kind]

    assert tuple(h for h in headings if h in expected) == expected


def test_pages_say_nothing_unintended(site, member):
    """No page shows a None, a NaN, a template tag or a formula that was not typeset."""
    page = plain(site.pages[f"functions/{member}.md"])

    for wrong in ("None", "nan", "zoo", "{{", "{%", "$", "Undefined", "<class", "True", "False"):
        found = re.search(rf".*(?<!\w){re.escape(wrong)}(?!\w).*", page)
        assert not found, f"the page of {member} says {wrong!r} in: {found and found[0][:200]}"


def test_every_remark_leads_to_its_idea(site, member):
    """Each pro and con on a page links to what explains it."""
    act = symacts.catalogue[member]
    remarks = [*act.pros, *act.cons]
    links = re.findall(r'class="sa-idea" href="sa:([^"]+)"', site.pages[f"functions/{member}.md"])

    assert links == [link_of(remark.slug)["uri"] for remark in remarks]


def test_every_member_has_its_place_on_the_overviews(site, member):
    """The table, the map and the page on cost show every member."""
    address = f'href="sa:functions/{member}.md"'

    assert address in site.pages["properties.md"]
    assert address in site.pages["cost.md"]
    assert any(address in html for html in site.slots.values() if 'class="sa-map"' in html)


def test_every_page_introduces_itself(site):
    """Every page has a title and a description in its front matter."""
    for uri, page in site.pages.items():
        front = page.split("---")[1]
        assert re.search(r"^title: .+$", front, re.MULTILINE), f"{uri} has no title"
        assert re.search(r"^description: .{20,}$", front, re.MULTILINE), f"{uri} has no description"


def test_slots_and_pages_belong_together(site):
    """Every slot on a page is filled, and every filling has a slot."""
    wanted = {slot[2] for page in site.pages.values() for slot in SLOT.finditer(page)}
    nested = {slot[2] for html in site.slots.values() for slot in SLOT.finditer(html)}

    assert wanted | nested == set(site.slots)


def test_links_lead_to_pages(site):
    """Every link between pages leads to a page, and to an anchor that the page has."""
    docs = resource("templates", "docs")
    known = set(site.pages) | {path.relative_to(docs).as_posix() for path in docs.rglob("*.md")}
    for uri, page in site.pages.items():
        for target, anchor in re.findall(r"sa:([\w/.-]+)(?:#([\w:-]+))?", page):
            assert target in known, f"{uri} links to {target}, which does not exist"
            assert not anchor or anchor in site.pages[target], f"{uri} links to {target}#{anchor}"


def test_navigation_holds_every_page(site):
    """The table of contents leads to every page that is made, once."""
    listed: list[str] = []

    def walk(item) -> None:
        if isinstance(item, str):
            listed.append(item)
        else:
            for inner in item.values() if isinstance(item, dict) else item:
                walk(inner)

    walk(site.nav)

    assert len(listed) == len(set(listed))
    assert set(site.pages) <= set(listed)


@pytest.mark.parametrize("name", REPRESENTATIVES)
def test_page_is_as_recorded(site, name, request):
    """The Markdown of a representative page is the one that was looked at and recorded."""
    page = SLOT.sub(r"<\1 data-sa></\1>", site.pages[f"functions/{name}.md"])
    golden = GOLDEN / f"{name}.md"
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(page, encoding="utf-8")

    recorded = golden.read_text(encoding="utf-8")

    assert recorded == page, f"{golden.name} differs; if that is intended: pytest --update-golden"


def test_nothing_is_computed_twice(cache, site, monkeypatch):
    """With nothing changed, a second build computes no model and gives the same pages."""
    monkeypatch.setattr(artefacts, "model_of", lambda act: pytest.fail(f"{act.id} was computed"))

    again = make_pages(cache=cache)

    assert again == site


@pytest.mark.usefixtures("site")
def test_an_edit_computes_one_model(cache, monkeypatch):
    """After an edit of one definition only that member's model is computed again."""
    computed = []
    real = artefacts.model_of
    monkeypatch.setattr(artefacts, "model_of", lambda act: computed.append(act.id) or real(act))
    monkeypatch.setattr(symacts.mish, "summary", "Do something else entirely.")

    make_pages(cache=cache)

    assert computed == ["mish"]


def test_pages_do_not_depend_on_jobs_or_cache(site):
    """One process without a cache makes the same pages as two processes with one."""
    alone = make_pages(only=REPRESENTATIVES)
    for name in REPRESENTATIVES:
        uri = f"functions/{name}.md"
        definition = site.pages[uri].partition("## Relations")[0]
        assert definition == alone.pages[uri].partition("## Relations")[0]


def test_markdown_dump_stands_alone(site, tmp_path):
    """The plain Markdown has no slots left, and its relative links lead to files."""
    write_markdown(site, tmp_path)

    for path in tmp_path.rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert "data-sa=" not in text
        for link in re.findall(r'(?:href="|\]\()([\w/.-]+\.md)', plain(text)):
            assert (path.parent / link).exists(), f"{path.relative_to(tmp_path)} links to {link}"


def test_undefined_names_fail_the_build():
    """A template that uses a name nobody gave it is an error."""
    prose = Prose(Slots(), str, lambda key: (key, key))

    with pytest.raises(UndefinedError, match="'m' is undefined"):
        render("scalar.md.j2", prose)


def test_prose_resolves_formulas_and_citations_but_not_code():
    """Formulas are typeset, citations become links; code stays as it is."""
    prose = Prose(Slots(), lambda tex, display: f"<{tex}|{display}>", lambda key: (key, f"#{key}"))

    text = prose.markdown(
        "A $\\binom{n}{k}$ by [@one; @two], but `$y$` and\n\n```sh\n$ ls $HOME\n```\n"
    )

    assert (
        '[<a class="sa-cite" href="#one">one</a>; <a class="sa-cite" href="#two">two</a>]' in text
    )
    assert "`$y$`" in text
    assert "$ ls $HOME" in text
    assert fill(text, prose.slots.html).startswith(r"A <\binom{n}{k}|False> by")


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"x \le 0", "<i>x</i> ≤ 0"),
        (r"f(-x) = -f(x)", "<i>f</i>(−<i>x</i>) = −<i>f</i>(<i>x</i>)"),
        (r"\sup |f'|", "sup |<i>f</i>′|"),
        (r"x^{-\alpha}", "<i>x</i><sup>−<i>α</i></sup>"),
        (r"\frac{x}{\sqrt{2\pi}}", "<i>x</i>/√(2π)"),
        (r"\frac{1}{\beta}\, g(\beta x)", "(1/<i>β</i>)\u2009<i>g</i>(<i>β</i><i>x</i>)"),
        (r"\frac{1 + x}{2}", "(1 + <i>x</i>)/2"),
        (r"\frac{\log(2)}{\beta}", "log(2)/<i>β</i>"),
        (r"\frac{3 x}{2 y}", "3<i>x</i>/(2<i>y</i>)"),
        (r"\frac{1}{\sqrt{1 + (x)^2}}", "1/√(1 + (<i>x</i>)<sup>2</sup>)"),
        (r"\frac{\log(x) + \log(y)}{2}", "(log(<i>x</i>) + log(<i>y</i>))/2"),
        (r"[0, \infty)", "[0, ∞)"),
    ],
)
def test_small_formulas_are_plain_html(tex, text):
    """What is short is written as HTML, with brackets where a fraction in one line needs them."""
    assert light(tex) == f'<span class="sa-tex">{text.replace(" ", NBSP)}</span>'


@pytest.mark.parametrize(
    "tex", [r"\sum_j e^{x_j}", r"\begin{cases} 0 \end{cases}", r"\binom{n}{k}", r"x_{1"]
)
def test_large_formulas_are_typeset(tex):
    """What has no plain form is left to KaTeX."""
    assert light(tex) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Rational(1, 4), "0.25"),
        (Rational(-1, 3), "−0.33333"),
        (Integer(-2), "−2"),
        (exp(-1), "0.36788"),
        (exp(-20), "2.0612 × 10<sup>−9</sup>"),
        (oo, "∞"),
        (-oo, "−∞"),
        (0.1, "0.1"),
        (Float("1.2345678", 8), "1.2346"),
        (Float("1.23", 3), "1.23"),
        (Integer(0), "0"),
        (sqrt(2) / sqrt(2), "1"),
    ],
)
def test_numbers_are_rounded_once(value, text):
    """A short number is shown in full, any other with five correctly rounded digits."""
    assert number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (-alpha, "$-\\alpha$"),
        (Rational(2, 3), "2/3"),
        (exp(-1), "$e^{-1}$ ≈ 0.36788"),
        (exp(-alpha), "$e^{-\\alpha}$"),
    ],
)
def test_expressions_are_text_or_tex(value, text):
    """A rational number is text; anything else is TeX, with its decimal value if it has one."""
    assert expression(value) == text


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (S.Reals, "(−∞, ∞)"),
        (Interval.Ropen(0, oo), "[0, ∞)"),
        (Interval.open(-1, 1), "(−1, 1)"),
        (Interval(-alpha, 6), "$[-\\alpha, 6]$"),
        (FiniteSet(-1, 0, 1), "{−1, 0, 1}"),
        (Union(FiniteSet(0), Interval.open(1, oo)), "{0} ∪ (1, ∞)"),
    ],
)
def test_sets_read_as_intervals(values, text):
    """Ranges are written with brackets that say whether an end is reached."""
    assert set_text(values) == text


def test_columns_sort_by_value():
    """A column sorts by number; what depends on a parameter has no key."""
    assert [sort_key(v) for v in (Rational(1, 2), oo, -oo, alpha, None)] == [
        "0.5",
        "Infinity",
        "-Infinity",
        "",
        "",
    ]


@pytest.mark.parametrize("name", [a.id for a in symacts.catalogue.values() if a.kind == "scalar"])
def test_numbers_put_into_a_formula_give_the_value(name):
    """What a forward pass puts in comes out, when the formula is read as a person reads it."""
    steps = forward_pass(symacts.catalogue[name])["steps"]
    for line in re.findall(r"&= (.+?)(?: \\\\|\\end)", steps):
        *_, put_in, answer = re.split(r" = | \\approx ", line)
        if not put_in.startswith("f("):
            found = float(read(put_in.replace(r"\cdot", r"\,"))({}))
            assert found == pytest.approx(float(answer), rel=1e-4), f"{name}: {line}"


def test_example_layer_adds_up():
    """The pre-activations of the worked example are W x + b."""
    weights, inputs, bias = (np.array(part, dtype=float) for part in (WEIGHTS, INPUT, BIAS))

    assert [float(z) for z in pre_activations()] == list(weights @ inputs + bias)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("relu", []),
        ("elu", [r"There is no such point for $\alpha = 1$."]),
        ("soft_shrink", [r"There is no such point for $\lambda = 0$."]),
        ("thresholded_relu", [r"For $\theta = 0$ there is only a kink at $x$ = 0."]),
        ("hard_tanh", [r"There is no such point for $\mathrm{low} = 0$, $\mathrm{high} = 0$."]),
    ],
)
def test_kinks_that_parameters_remove(name, said):
    """A page says for which parameters the points without a derivative are others."""
    assert exceptions(symacts.catalogue[name]) == said


def test_what_holds_at_the_defaults_only_is_marked(site):
    """The identity card and the chips say what is established at the defaults only."""
    page = site.pages["functions/elu.md"]
    chips = page.partition('class="sa-chips"')[2].partition("</div>")[0]
    slope = page.partition("<dt>Slope at 0</dt>")[2].partition("</div>")[0]

    assert "convex" in chips.partition("at the defaults")[2], "ELU is not convex for alpha = 2"
    assert "at the defaults" in slope, "the slope of ELU at 0 is 1 for alpha = 1 only"


def test_sympy_code_runs_wherever_it_is_shown(member):
    """The SymPy tab runs with SymPy alone; what SymPy cannot say has no such tab."""
    tabs = {tab["title"]: tab["text"] for tab in code_tabs(symacts.catalogue[member])}

    assert ("SymPy" in tabs) == (member not in ("maxout", "sparsemax"))
    exec(tabs.get("SymPy", ""), {})


def test_numbers_in_code_have_no_negative_zero(member):
    """What rounds to zero is printed as 0, without a sign."""
    use = code_tabs(symacts.catalogue[member])[0]["text"]

    assert not re.search(r"-0\.0*(?![\d])", use), use


@pytest.mark.parametrize("name", ["softplus", "log_sigmoid"])
def test_letters_are_defined_wherever_they_are_used(name):
    """A letter that only a fact, a con or a derivative by a parameter uses is defined too."""
    model = model_of(symacts.catalogue[name])

    assert any(piece.startswith(r"\zeta(x) =") for piece in model["where_more"])


@pytest.mark.parametrize("guide", ["library.md", "add-a-function.md"])
def test_guides_run(guide):
    """The examples in the guides give what they say."""
    path = resource("templates", "docs", "guides", guide)

    failed, tried = doctest.testfile(str(path), module_relative=False, globs={"sympy": sympy})

    assert tried
    assert not failed
