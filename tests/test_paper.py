"""What goes into papers compiles with a real LaTeX, and looks as it should."""

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

import symacts
from symacts import paper
from symacts.paper.lines import aligned, broken
from symacts.paper.markup import inline, paragraphs
from symacts.paper.properties import properties
from symacts.typeset.measure import width

CATALOGUE = list(symacts.catalogue.values())
# An overfull line is noticed by a reader from here on, in points.
NOTICED = 2.0

ARTICLE = r"""\documentclass{article}
\usepackage{amsmath, amssymb, booktabs, longtable, pgfplots}
\pgfplotsset{compat=1.16}
\begin{document}
%s
\end{document}
"""


def members(*names: str) -> list[symacts.Activation]:
    return [symacts.find(name) for name in names]


# -- prose -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("markdown", "latex"),
    [
        ("50% of x_1 & y #2", r"50\% of x\_1 \& y \#2"),
        ("a gate $x_i \\% 2$ of 3%", r"a gate $x_i \% 2$ of 3\%"),
        ("an *apt* word, a **strong** one", r"an \emph{apt} word, a \textbf{strong} one"),
        ("call `gelu_tanh(x)`", r"call \texttt{gelu\_tanh(x)}"),
        ("stays there [@lu2019dying].", r"stays there \citep{lu2019dying}."),
        ("As [@a1; @b2] show", r"As \citep{a1,b2} show"),
        ("[@glorot2010] found it", r"\citet{glorot2010} found it"),
        ("It grew. [@glorot2010] found it", r"It grew. \citet{glorot2010} found it"),
        ("shown by [@a1]", r"shown by \citet{a1}"),
        ("see [the site](https://a.org/x_y)", r"see \href{https://a.org/x\_y}{the site}"),
        ('he said "no"', "he said ``no''"),
        ("2×3 ≤ 7 — so “it” is", r"2$\times$3 $\le$ 7 --- so ``it'' is"),
        ("two\nlines", "two lines"),
    ],
)
def test_prose(markdown: str, latex: str) -> None:
    """Notes become LaTeX: special characters, emphasis, code, links and citations."""
    assert inline(markdown) == latex


def test_paragraphs_and_lists() -> None:
    """Empty lines separate paragraphs, and lines with a dash make a list."""
    latex = paragraphs("One.\n\n- a\n- b\n  c\n\nTwo.")

    expected = "\\begin{itemize}\n  \\item a\n  \\item b c\n\\end{itemize}"
    assert latex == f"One.\n\n{expected}\n\nTwo."


# -- lines -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tex", "letters"),
    [
        (r"\frac{1}{1 + e^{-x}}", 5),
        (r"\operatorname{sech}^2(x)", 7.5),
        (r"\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}", 12),
    ],
)
def test_width_is_about_what_is_seen(tex: str, letters: float) -> None:
    """A fraction is as wide as its wider part, a case as its longest line."""
    assert width(tex) == pytest.approx(letters, abs=1.5)


def test_long_formulas_break_before_signs() -> None:
    """Lines end before a sign outside of all braces, and together they are the formula."""
    tex = r"a + b\,(c + d + e) - \frac{f + g}{h + i} + e^{j + k} - \sqrt{l + m}"
    lines = broken(tex, 14)

    assert " ".join(lines) == tex
    assert len(lines) > 2
    assert all(line.count("{") == line.count("}") for line in lines)
    assert all(line[0] in "+-" for line in lines[1:])


def test_formulas_that_fit_stay_whole() -> None:
    """A short formula is one row of an `align`."""
    assert aligned("f(x)", r"x\,\Phi(x)", 60) == [r"f(x) &= x\,\Phi(x)"]


# -- what is printed -------------------------------------------------------------------------------


def test_formulas_of_one_function_call_it_f() -> None:
    """A single function is f, and its letters are explained below."""
    tex = paper.formulas(members("gelu"), order=1)

    assert r"f'(x) &= \Phi(x) + x\,\varphi(x)" in tex
    assert re.search(r"where .*\\Phi\(x\) = .*\\varphi\(x\) = .*\.\n", tex)
    assert tex.startswith("% Needs")


def test_formulas_of_several_functions_call_them_by_name() -> None:
    """Several functions are told apart by their names."""
    tex = paper.formulas(members("gelu", "leaky_relu", "gelu_tanh"), order=1)

    assert r"\operatorname{GELU}'(x) &=" in tex
    assert r"\operatorname{Leaky\ ReLU}(x) &=" in tex
    assert r"\operatorname{GELU}_{\mathrm{tanh}}(x) &=" in tex


def test_a_table_of_short_formulas_has_four_columns() -> None:
    """Formula and derivative stand side by side where the page is wide enough."""
    tex = paper.table(members("relu", "gelu", "silu"))

    assert r"Function & Formula & Derivative & Range \\" in tex
    assert r"$[-0.16997, \infty)$" in tex
    assert r"\toprule" in tex
    assert "longtable" not in tex


def test_a_table_of_long_formulas_stacks_them() -> None:
    """Formula and derivative stand one above the other where they are long."""
    tex = paper.table(members("quick_gelu", "gelu_tanh"))

    assert r"Function & Formula and derivative & Range \\" in tex


@pytest.mark.parametrize("act", CATALOGUE, ids=[act.id for act in CATALOGUE])
def test_properties_are_established_facts(act: symacts.Activation) -> None:
    """The handbook lists at least the range of every member, and no empty values."""
    rows = dict(properties(act))

    assert "Range" in rows
    assert all(rows.values())
    assert not re.search(r"None|True|False|nan|oo\b", " ".join(rows.values()))


def test_pictures_hold_computed_points() -> None:
    """A kink is a point of the picture, and a jump has an open and a filled dot."""
    relu = paper.figure(members("relu"), orders=(0,))
    step = paper.figure(members("binary_step"), orders=(0,))

    assert "(0,0)" in relu
    assert step.count("only marks") == 2
    assert "addplot" in paper.figure(members("elu"), alpha=2.0)


def test_the_bibliography_holds_what_is_cited() -> None:
    """The .bib file of a document has the cited entries and no others."""
    made = paper.document(members("gelu", "relu"), bib="papers")
    cited = {k for keys in re.findall(r"\\cite[tp]\{([^}]+)\}", made.tex) for k in keys.split(",")}

    assert r"\bibliography{papers}" in made.tex
    assert set(re.findall(r"^@\w+\{([^,]+),", made.bib, re.MULTILINE)) == cited
    assert "hendrycks2016gelu" in cited


# -- a real LaTeX ----------------------------------------------------------------------------------


@pytest.fixture
def compiled(tmp_path: Path) -> Callable[..., str]:
    """Return a function that compiles a document and returns LaTeX's complaints."""
    for tool in ("pdflatex", "bibtex"):
        if shutil.which(tool) is None:
            reason = f"{tool} is not installed; it comes with TeX Live"
            if os.environ.get("CI"):
                pytest.fail(reason)
            pytest.skip(reason)

    def run(*command: str) -> str:
        done = subprocess.run(
            command, cwd=tmp_path, capture_output=True, text=True, errors="replace", check=False
        )
        return done.stdout

    def compile_document(tex: str, bib: str = "") -> str:
        (tmp_path / "paper.tex").write_text(tex, encoding="utf-8")
        latex = ("pdflatex", "-interaction=nonstopmode", "-halt-on-error", "paper")
        run(*latex)
        said = ""
        if bib:
            (tmp_path / "paper.bib").write_text(bib, encoding="utf-8")
            said = run("bibtex", "paper")
            run(*latex)
        run(*latex)
        log = (tmp_path / "paper.log").read_text(encoding="utf-8", errors="replace")
        assert (tmp_path / "paper.pdf").exists(), log[-3000:]
        return "\n".join([*complaints(log), *re.findall("^Warning.*", said, re.MULTILINE)])

    return compile_document


def complaints(log: str) -> list[str]:
    """Return the errors, the warnings and the overfull lines of a LaTeX log."""
    found = re.findall(r"^!.*|^(?:LaTeX|Package \w+) Warning:.*", log, re.MULTILINE)
    boxes = re.finditer(r"^Overfull \\[hv]box \((\d+\.\d+)pt too.*", log, re.MULTILINE)
    return [*found, *(box[0] for box in boxes if float(box[1]) > NOTICED)]


@pytest.mark.tex
@pytest.mark.parametrize("order", [0, pytest.param(3, marks=pytest.mark.slow)])
def test_formulas_compile(compiled, order: int) -> None:
    """The formulas of the whole catalogue fit into the lines of an article."""
    assert compiled(ARTICLE % paper.formulas(CATALOGUE, order)) == ""


@pytest.mark.tex
@pytest.mark.parametrize("order", [0, 2])
def test_formulas_of_each_compile(compiled, order: int) -> None:
    """Formulas of one function fit as well, for every member."""
    each = [paper.formulas([act], order) for act in CATALOGUE]

    assert compiled(ARTICLE % "\n".join(each)) == ""


@pytest.mark.tex
@pytest.mark.parametrize(
    "names",
    [
        ("relu", "gelu", "silu"),
        ("elu", "selu", "mish", "gelu_tanh", "quick_gelu"),
        ("softmax", "log_softmax", "sparsemax", "swiglu"),
        ("hard_shrink", "thresholded_relu"),
        tuple(symacts.catalogue),
    ],
    ids=lambda names: str(len(names)),
)
def test_tables_compile(compiled, names: tuple[str, ...]) -> None:
    """A table fits the width of an article, also one that runs over several pages."""
    assert compiled(ARTICLE % paper.table(members(*names))) == ""


@pytest.mark.tex
def test_pictures_compile(compiled) -> None:
    """Pictures of every member, and of several together, are drawn without complaint."""
    pictures = [paper.figure([act]) for act in CATALOGUE]
    together = paper.figure(members("relu", "gelu", "silu", "mish"), orders=(0,))

    assert compiled(ARTICLE % "\n\n".join([*pictures, together])) == ""


@pytest.mark.tex
@pytest.mark.slow
def test_the_handbook_compiles(compiled) -> None:
    """The handbook of the whole catalogue has no errors, lost references or overfull lines."""
    made = paper.document(bib="paper")

    assert compiled(made.tex, made.bib) == ""


@pytest.mark.tex
def test_a_handbook_of_ones_own_functions_compiles(compiled) -> None:
    """A document takes functions that are in no family, whatever characters their texts have."""

    @symacts.activation("A & B_1", cite="hendrycks2016gelu", also=("100% odd",))
    def odd_one(x):
        """Keep 100% of the input & nothing else: x_1 {as it is} #1.

        Costs $0, or so; see `f(x) = x_1`.
        """
        return x

    made = paper.document([odd_one, symacts.relu], bib="paper")

    assert compiled(made.tex, made.bib) == ""
