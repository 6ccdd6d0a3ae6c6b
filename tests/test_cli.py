"""The command line: what it prints, where, in which form, and with which exit code."""

import json
import math
import os
import pty
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import symacts
from symacts import site_build
from symacts.cli import main, terminal
from symacts.cli.arguments import COMMANDS, help_texts, parser_of, read_arguments
from symacts.cli.prose import display, plain, tex
from symacts.cli.where import WORDS
from symacts.numeric.engine import use

# What the contract promises beyond this point belongs to later work.
PROMISED = ("build", "serve", "list", "show", "facts", "eval", "latex", "plot", "code", "export")
EVERY_COMMAND = pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs a command line and gives exit code, output and errors."""

    def _run(line: str) -> tuple[int, str, str]:
        code = main(shlex.split(line))
        return code, *capsys.readouterr()

    return _run


def symacts_process(line: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Run a command line in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "symacts", *shlex.split(line)],
        capture_output=True,
        text=True,
        check=False,
        **options,
    )


def in_a_terminal(line: str, **variables: str) -> str:
    """Return what a command prints when standard output is a terminal."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", **variables}
    process = subprocess.Popen(
        [sys.executable, "-m", "symacts", *shlex.split(line)], stdout=theirs, env=environment
    )
    os.close(theirs)
    output = b""
    while True:
        try:
            chunk = os.read(ours, 65536)
        except OSError:  # how a terminal says that nobody writes to it any more
            break
        if not chunk:
            break
        output += chunk
    os.close(ours)
    assert process.wait() == 0
    return output.decode()


# -- help --------------------------------------------------------------------------------------


def test_the_promised_commands_exist() -> None:
    """The commands are those of the contract, in its order."""
    assert tuple(command.name for command in COMMANDS) == PROMISED


@EVERY_COMMAND
def test_help_has_an_example(command, capsys: pytest.CaptureFixture[str]) -> None:
    """`symacts COMMAND -h` explains the command, shows examples and exits with 0."""
    with pytest.raises(SystemExit) as leaving:
        main([command.name, "-h"])
    text = capsys.readouterr().out

    assert leaving.value.code == 0
    assert command.summary in text
    assert command.summary.endswith(".")
    assert f"  symacts {command.name}" in text.partition("examples:")[2]


@EVERY_COMMAND
def test_every_option_is_explained(command) -> None:
    """Each argument and option of a command has a help text."""
    for action in parser_of(command)._actions:
        assert action.help, f"{action.option_strings or action.dest} needs a `help`"


def test_help_does_not_depend_on_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The site shows the help texts, so they are the same whatever terminal it is built in."""
    texts = []
    for columns in ("40", "200"):
        monkeypatch.setenv("COLUMNS", columns)
        texts.append(help_texts())

    assert texts[0] == texts[1]
    assert tuple(texts[0]) == PROMISED


@pytest.mark.parametrize(
    "example", [e for command in COMMANDS for e in command.examples], ids=lambda e: e
)
def test_examples_in_the_help_can_be_read(example: str) -> None:
    """Every example is a command line that the parser accepts."""
    line = re.split(r" [|>] ", example)[0]
    command, _ = read_arguments(shlex.split(line)[1:])

    assert example.startswith(f"symacts {command.name}")


@pytest.mark.parametrize("line", ["", "-h", "--help"])
def test_no_command_prints_the_commands(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a command, and with -h, the list of commands is printed."""
    with pytest.raises(SystemExit) as leaving:
        main(shlex.split(line))
    text = capsys.readouterr().out

    assert leaving.value.code == 0
    assert all(re.search(rf"^  {name} ", text, re.MULTILINE) for name in PROMISED)


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    """`symacts --version` prints the version."""
    with pytest.raises(SystemExit):
        main(["--version"])

    assert capsys.readouterr().out == f"symacts {symacts.__version__}\n"


# -- wrong usage ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("evl gelu 1", "no command 'evl'; did you mean eval"),
        ("xyzzyx", "no command 'xyzzyx'; there are build"),
        ("--strict build", "the command comes first"),
        ("show geluu", "no activation is called 'geluu'; did you mean gelu"),
        ("eval geluu 1", "did you mean gelu"),
        ("latex relu geluu", "did you mean gelu"),
        ("latex", "NAME"),
        ("latex gelu --table --document", "not allowed with"),
        ("plot geluu -o x.svg", "did you mean gelu"),
        ("plot gelu", "-o/--output"),
        ("plot gelu -o gelu.jpg", "a figure is one of .svg, .pdf, .png, .tex, and gelu.jpg is not"),
        ("latex gelu --table --order 1", "--order goes with formulas"),
        ("code geluu --to numpy", "did you mean gelu"),
        ("code gelu --to nump", "did you mean numpy"),
        ("export geluu", "did you mean gelu"),
        ("build --only geluu", "did you mean gelu"),
        ("build --check --only gelu", "--check compares the whole site"),
        ("list --famly rectifiers", "no option --famly; did you mean --family"),
        ("list rectifiers", "no argument rectifiers"),
        ("list --family rectifier", "no family 'rectifier'; did you mean rectifiers"),
        ("list --family xyzzyx", "no family 'xyzzyx'; there are"),
        ("list --where bouded", "no word 'bouded'; did you mean bounded"),
        ("list --where 'bounded and'", "cannot read the expression 'bounded and'"),
        ("list --where 'lipschitz < 2'", "cannot use 'lipschitz < 2' here"),
        ("list --where '__import__(\"os\")'", "cannot use"),
        ("eval gelu", "X"),
        ("eval gelu one", "'one' is not a number"),
        ("eval gelu 1,2", "'1,2' is not a number"),
        ("eval swiglu 1", "swiglu takes pairs a,b"),
        ("eval gelu 1 --order -1", "--order"),
        ("eval gelu 1 --order half", "--order"),
        ("eval softmax 1 2 --order 2", "--order goes up to 1"),
        ("eval elu 1 --param alpha", "--param"),
        ("eval elu 1 --param alpa=1", "did you mean alpha"),
        ("eval elu 1 --param alpha=-1", "alpha > 0"),
        ("eval gelu 1 --param alpha=1", "no parameters"),
    ],
)
def test_wrong_usage_says_what_is_wrong(line: str, said: str, run: Run) -> None:
    """A mistake gets exit code 2, its reason and the nearest names, all on standard error."""
    code, out, err = run(line)

    assert code == 2
    assert out == ""
    assert err.startswith("symacts: error: ")
    assert said in err
    assert err.count("\n") == 1, "An error is one line."


def test_a_file_that_cannot_be_written_fails(run: Run, tmp_path: Path) -> None:
    """An output that cannot be written is exit code 1, with the name and the system's reason."""
    missing = tmp_path / "nowhere" / "data.json"
    code, out, err = run(f"export relu -o {missing}")

    assert (code, out) == (1, "")
    assert err == f"symacts: error: {missing}: No such file or directory\n"


def test_a_missing_extra_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without the packages of an extra, the command names it in place of a traceback."""
    for name in [name for name in sys.modules if name.startswith("symacts.plot")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.delattr(symacts, "plot", raising=False)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    code, _, err = run(f"plot relu -o {tmp_path / 'relu.svg'}")

    assert code == 1
    assert "this needs matplotlib; install it with: pip install 'symacts[docs]'" in err


# -- list ----------------------------------------------------------------------------------------


def test_list_shows_the_catalogue(run: Run) -> None:
    """`list` prints a head and one line for each member, in reading order."""
    code, out, err = run("list")
    head, *lines = out.splitlines()

    assert (code, err) == (0, "")
    assert head.split() == ["id", "title", "family", "summary"]
    assert [line.split()[0] for line in lines] == list(symacts.catalogue)


def test_list_by_family(run: Run) -> None:
    """`list --family` prints the members of one family."""
    _, out, _ = run("list --family rectifiers --json")

    assert [entry["family"] for entry in json.loads(out)] == ["rectifiers"] * len(
        symacts.families["rectifiers"].members
    )


@pytest.mark.parametrize(
    ("expression", "picks", "leaves"),
    [
        ("bounded", ["sigmoid", "tanh", "gaussian"], ["relu", "gelu", "softplus"]),
        ("bounded and odd", ["tanh"], ["sigmoid", "gaussian"]),
        ("odd or even", ["tanh", "gaussian"], ["sigmoid"]),
        ("not bounded and scalar", ["relu"], ["tanh", "softmax"]),
        ("vector", ["softmax", "maxout"], ["relu", "glu"]),
        ("gate or vector", ["softmax", "swiglu"], ["relu"]),
        ("(convex or odd) and not smooth", ["relu"], ["softplus", "tanh"]),
        ("parametric", ["elu", "swish"], ["relu", "silu"]),
        ("nondecreasing", ["relu", "tanh"], ["gelu"]),
        ("increasing", ["tanh"], ["relu"]),
    ],
)
def test_list_where(expression: str, picks: list[str], leaves: list[str], run: Run) -> None:
    """`list --where` picks the members of which the expression is established."""
    code, out, _ = run(f"list --json --where '{expression}'")
    found = {entry["id"] for entry in json.loads(out)}

    assert code == 0
    assert set(picks) - found == set()
    assert found & set(leaves) == set()


@pytest.mark.parametrize("word", WORDS)
def test_words_are_answered_in_three_ways(word: str) -> None:
    """Each word answers True, False or None, and its answers tell some members from others."""
    answers = {WORDS[word](act) for act in symacts.catalogue.values()}

    assert answers <= {True, False, None}
    assert len(answers) > 1, f"All members answer {word} alike; what use is the word?"


def test_not_established_is_not_listed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not established of a member lists it under neither a word nor its negation."""
    monkeypatch.setitem(WORDS, "bounded", lambda _: None)

    for expression in ("bounded", "not bounded", "bounded or bounded", "bounded and scalar"):
        assert json.loads(run(f"list --json --where '{expression}'")[1]) == []
    assert json.loads(run("list --json --where 'bounded or scalar'")[1]) != []


# -- show ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("act_id", symacts.catalogue)
def test_show_tells_all(act_id: str, run: Run) -> None:
    """`show` prints title, summary, formula and references, with no LaTeX left in it."""
    code, out, err = run(f"show {act_id}")
    act = symacts.catalogue[act_id]

    assert (code, err) == (0, "")
    assert out.startswith(act.title)
    assert re.search(r"^.*\(.*\) = |^.*\(.*\) +[⎧=]", out, re.MULTILINE)
    assert "References" in out
    assert not re.search(r"\\[A-Za-z]|\$|\[@|[\u2009\u200a]", out), "TeX or a mark is left over."


def test_show_orders_its_sections(run: Run) -> None:
    """`show` prints formula, facts, pros, cons, notes and references, in this order."""
    _, out, _ = run("show sigmoid")
    places = [
        out.index(f"\n{title}\n") for title in ("Facts", "Pros", "Cons", "Notes", "References")
    ]

    assert places == sorted(places)
    assert plain(symacts.sigmoid.cons[0].sentence) in out


def test_show_leaves_derivatives_out(run: Run) -> None:
    """`show --order` says up to which derivative."""
    assert "f'(x)" not in run("show tanh --order 0")[1].partition("Facts")[0]
    assert "f'''(x) = " in run("show tanh --order 3")[1]


@pytest.mark.parametrize("act_id", symacts.catalogue)
def test_every_fact_can_be_explained(act_id: str, run: Run) -> None:
    """`facts --explain` says what holds, how that is known and why, with no LaTeX left in it."""
    act = symacts.catalogue[act_id]
    for name, fact in act.facts:
        code, out, err = run(f"facts {act_id} --explain {name}")

        assert (code, err) == (0, "")
        assert out.startswith(f"{act.title}: ")
        assert f"symacts.{act_id}.facts.{name}.value is " in " ".join(out.split())
        assert ("at the defaults" in out) == (fact.scope == "defaults")
        said = out.partition("symacts.")[0]
        assert not re.search(r"\\[A-Za-z]|\$|[\u2009\u200a]", said), f"{name}: TeX is left over."


def test_facts_says_what_is_open(run: Run) -> None:
    """`facts` lists what is established, and names what is asked of all and is not."""
    code, out, _ = run("facts relu")

    assert code == 0
    assert re.search(r"Largest slope, sup \|f'\| +1  \(proved\)", out)
    assert re.search(r"Not established.*\binverse", out, re.DOTALL)
    assert "Not established" not in run("facts softmax")[1]


def test_a_fact_that_is_open_is_said_to_be(run: Run) -> None:
    """`facts --explain` of what is not established says so."""
    assert "not established" in run("facts relu --explain inverse")[1]


def test_a_fact_that_is_misspelt_is_guessed(run: Run) -> None:
    """The complaint about an unknown fact offers the nearest one."""
    code, out, err = run("facts relu --explain minimun")

    assert (code, out) == (2, "")
    assert "minimum" in err


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"x\,\Phi(x)", "x Φ(x)"),
        (r"\frac{1}{2}\,(1 + x^2)", "1/2 (1 + x²)"),
        (r"\frac{x + 1}{2 x}", "(x + 1)/(2x)"),
        (r"e^{-x^2/2}", "e^(-x²/2)"),
        (r"\sqrt{2/\pi}", "√(2/π)"),
        (r"x \tanh x", "x tanh x"),
        (r"\operatorname{sech}^2(x)", "sech²(x)"),
        (r"f''(x) \to -\infty", "f''(x) → -∞"),
        (r"\sup \left\lvert f' \right\rvert \le \tfrac{1}{4}", "sup |f'| ≤ 1/4"),
        (r"\frac{\partial f_i}{\partial x_j} = s_i (\delta_{ij} - s_j)", "∂fᵢ/∂xⱼ = sᵢ(δᵢⱼ - sⱼ)"),
        (r"\sum_{j=1}^{n} e^{x_j}", "Σⱼ₌₁ⁿ e^xⱼ"),
        (r"x \in \mathbb{R}, x \ne 0", "x ∈ ℝ, x ≠ 0"),
        (r"\begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}", "x if x > 0; 0 otherwise"),
        (r"\begin{cases} x & x > 0 \\[8pt] - x & x \le 0 \end{cases}", "x if x > 0; -x if x ≤ 0"),
        (r"a \text{ and } b", "a and b"),
    ],
)
def test_formulas_on_one_line(source: str, text: str) -> None:
    """A formula in LaTeX is readable as plain text."""
    assert tex(source) == text


def test_cases_get_a_brace() -> None:
    """Cases stand below one another behind a brace."""
    drawn = display(r"f(x) = \begin{cases} x & x > 0 \\ \alpha x & x \le 0 \end{cases}")

    assert drawn.splitlines() == ["       ⎧ x    x > 0", "f(x) = ⎨", "       ⎩ αx   x ≤ 0"]


def test_prose_is_unmarked() -> None:
    """Formulas, citations, emphasis and tags of prose become plain text."""
    marked = (
        "Of **all** `relu` [@he2015prelu], $x^2$ is 1 × 10<sup>−5</sup> <i>α</i> &lt; [one](a.md)."
    )

    assert plain(marked) == "Of all relu [He et al., 2015], x² is 1 × 10⁻⁵ α < one."


# -- eval ----------------------------------------------------------------------------------------


def cells(out: str) -> list[list[str]]:
    """Return the cells of a table, which are two spaces apart."""
    return [re.split(r" {2,}", line.strip()) for line in out.splitlines()]


def test_eval_prints_all_digits(run: Run) -> None:
    """`eval` prints values and derivatives that read back as the very same floats."""
    code, out, err = run("eval gelu -1.5 0 1e-3 -1e3 inf --order 2")
    head, *rows = cells(out)
    xs = [-1.5, 0.0, 1e-3, -1e3, math.inf]

    assert (code, err) == (0, "")
    assert head == ["x", "f(x)", "f'(x)", "f''(x)"]
    with use("base"):
        expected = [xs, symacts.gelu(xs), *(symacts.gelu.derivative(k)(xs) for k in (1, 2))]
    columns = [[float(cell) for cell in column] for column in zip(*rows, strict=True)]
    assert columns == [list(column) for column in expected]


def test_eval_aligns_at_the_point(run: Run) -> None:
    """Numbers of a column have their decimal points below one another."""
    _, out, _ = run("eval relu -100.5 2 --order 0")

    assert out.splitlines()[1:] == ["-100.5  0.0", "   2.0  2.0"]


def test_eval_takes_nan_and_infinities(run: Run) -> None:
    """nan, inf and -inf are numbers, also where a minus sign could be taken for an option."""
    _, out, _ = run("eval tanh -inf inf nan --order 0")

    assert [row[1] for row in cells(out)[1:]] == ["-1.0", "1.0", "nan"]


def test_eval_takes_parameters(run: Run) -> None:
    """`--param` sets a parameter."""
    _, out, _ = run("eval leaky_relu -2 --param alpha=0.5")

    assert cells(out)[1] == ["-2.0", "-1.0", "0.5"]


def test_eval_of_a_vector(run: Run) -> None:
    """For functions of vectors the numbers are one vector, and the Jacobian follows the values."""
    _, out, _ = run("eval softmax 0.4 2 5")
    head, *rows = cells(out)
    scores = [0.4, 2.0, 5.0]

    assert head == ["i", "xᵢ", "sᵢ(x)", "∂/∂x₁", "∂/∂x₂", "∂/∂x₃"]
    assert [float(row[2]) for row in rows] == list(symacts.softmax(scores))
    assert [[float(cell) for cell in row[3:]] for row in rows] == (
        symacts.softmax.jacobian(scores).tolist()
    )


def test_eval_of_a_vector_to_a_number(run: Run) -> None:
    """Maxout gives one number and one slope by each entry."""
    _, out, _ = run("eval maxout 1 -2 3")

    assert cells(out) == [["f(x)", "∂/∂x₁", "∂/∂x₂", "∂/∂x₃"], ["3.0", "0.0", "0.0", "1.0"]]


def test_eval_of_a_gate(run: Run) -> None:
    """Gates take pairs and show the derivative by each input."""
    _, out, _ = run("eval bilinear 1,2 -0.5,3")

    assert cells(out) == [
        ["a", "b", "f(a, b)", "∂f/∂a(a, b)", "∂f/∂b(a, b)"],
        ["1.0", "2.0", "2.0", "2.0", "1.0"],
        ["-0.5", "3.0", "-1.5", "3.0", "-0.5"],
    ]


# -- code, export, plot, latex -------------------------------------------------------------------


@pytest.mark.parametrize("order", [0, 1])
def test_code_runs(order: int, run: Run) -> None:
    """`code` prints a module that runs on its own and computes what the library computes."""
    code, out, err = run(f"code gelu --to numpy --order {order}")
    scope: dict[str, object] = {}
    exec(out, scope)
    function = scope["gelu_derivative" if order else "gelu"]

    assert (code, err) == (0, "")
    assert callable(function)
    assert function(0.7) == (symacts.gelu.derivative() if order else symacts.gelu)(0.7)


def test_export_is_json_of_everything(run: Run, tmp_path: Path) -> None:
    """`export` writes strict JSON: for each member its formula, facts and verdicts."""
    path = tmp_path / "all.json"
    code, out, _ = run(f"export -o {path}")
    data = json.loads(path.read_text(encoding="utf-8"))
    by_id = {entry["id"]: entry for entry in data["activations"]}

    assert (code, out) == (0, "")
    assert data["symacts"] == symacts.__version__
    assert list(by_id) == list(symacts.catalogue)
    assert by_id["relu"]["facts"]["range"]["value"] == "Interval(0, oo)"
    assert by_id["elu"]["parameters"][0]["name"] == "alpha"
    assert by_id["sigmoid"]["cons"][0].keys() >= {"slug", "sentence", "because"}


def test_plot_writes_a_file(run: Run, tmp_path: Path) -> None:
    """`plot` writes the figure and says so on standard error."""
    path = tmp_path / "two.svg"
    code, out, err = run(f"plot relu gelu -o {path}")

    assert (code, out, err) == (0, "", f"wrote {path}\n")
    assert "<svg" in path.read_text(encoding="utf-8")


def test_plot_writes_pgfplots(run: Run, tmp_path: Path) -> None:
    """A figure whose name ends in .tex is a pgfplots picture."""
    path = tmp_path / "relu.tex"

    assert run(f"plot relu -o {path}")[0] == 0
    assert r"\begin{tikzpicture}" in path.read_text(encoding="utf-8")


def test_latex_prints_formulas(run: Run) -> None:
    """`latex` prints the definition of each function, and its derivatives up to --order."""
    code, out, err = run("latex gelu mish --order 1")

    assert (code, err) == (0, "")
    assert out.count(r"\begin{align*}") >= 1
    assert r"\Phi(x)" in out
    assert "'(x)" in out
    assert "'(x)" not in run("latex gelu mish")[1]


def test_latex_writes_a_table(run: Run, tmp_path: Path) -> None:
    """`latex --table -o` writes a booktabs table with a row for each function."""
    path = tmp_path / "table.tex"
    code, out, _ = run(f"latex relu gelu silu --table -o {path}")
    text = path.read_text(encoding="utf-8")

    assert (code, out) == (0, "")
    assert r"\toprule" in text
    assert all(title in text for title in ("ReLU", "GELU", "SiLU"))


def test_latex_writes_a_document_and_its_bibliography(run: Run, tmp_path: Path) -> None:
    """`latex --document -o` writes the document, and beside it the .bib file that it cites."""
    path = tmp_path / "handbook.tex"
    code, out, _ = run(f"latex relu elu --document -o {path}")
    text, bib = (path.with_suffix(kind).read_text(encoding="utf-8") for kind in (".tex", ".bib"))

    assert (code, out) == (0, "")
    assert r"\documentclass" in text
    assert r"\bibliography{handbook}" in text
    assert "@" in bib
    assert "clevert2015elu" in bib


# -- build and serve -----------------------------------------------------------------------------


def test_build_prints_where_to_open_the_site(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`build` prints the path of the first page, alone, and passes its options on."""
    asked: dict[str, object] = {}

    def build_site(**options: object) -> Path:
        asked.update(options)
        return tmp_path / "index.html"

    monkeypatch.setattr(site_build, "build_site", build_site)
    code, out, err = run("build --only GELU mish --jobs 2 --strict")

    assert (code, out) == (0, f"{tmp_path / 'index.html'}\n")
    assert "built in" in err
    assert (asked["only"], asked["jobs"], asked["strict"]) == (["gelu", "mish"], 2, True)


def test_build_passes_warnings_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Warnings of the build go to standard error."""

    def build_site(*, warn: Callable[[str], None], **_: object) -> Path:
        warn("a link leads nowhere")
        return Path("index.html")

    monkeypatch.setattr(site_build, "build_site", build_site)

    assert "warning: a link leads nowhere\n" in run("build")[2]


def test_build_that_fails_says_why(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that fails ends with exit code 1 and the reason."""

    def build_site(**_: object) -> Path:
        raise site_build.SiteError("gelu cites 'nobody'")

    monkeypatch.setattr(site_build, "build_site", build_site)

    assert run("build") == (1, "", "symacts: error: gelu cites 'nobody'\n")


@pytest.mark.parametrize(("differences", "code"), [([], 0), (["index.html differs"], 1)])
def test_build_check_compares(
    differences: list[str], code: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`build --check` prints what differs and ends with 1, or ends with 0 if nothing does."""
    monkeypatch.setattr(site_build, "check_site", lambda **_: differences)
    found, out, _ = run("build --check")

    assert (found, out.splitlines()) == (code, differences)


def test_build_markdown_writes_pages(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """`build --markdown DIR` writes plain Markdown in place of the site."""
    monkeypatch.setattr(site_build, "write_markdown_site", lambda folder, **_: folder / "index.md")

    assert run(f"build --markdown {tmp_path}")[:2] == (0, f"{tmp_path / 'index.md'}\n")


def test_serve_passes_its_address_on(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """`serve` serves where it is told."""
    asked: dict[str, object] = {}
    monkeypatch.setattr(site_build, "serve_site", lambda **options: asked.update(options))

    assert run("serve --address 127.0.0.1:9000")[0] == 0
    assert asked == {"address": "127.0.0.1:9000", "open_browser": False}


def test_an_interrupt_is_quiet(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control-C ends a command with 130 and without a traceback."""

    def serve_site(**_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(site_build, "serve_site", serve_site)

    assert run("serve") == (130, "", "symacts: error: interrupted\n")


# -- streams and terminals -----------------------------------------------------------------------


def test_output_to_a_pipe_is_plain(run: Run) -> None:
    """Where output is no terminal it has no colours, and tables are not cut."""
    _, out, _ = run("list")

    assert "\x1b" not in out
    assert all(act.summary in out for act in symacts.catalogue.values())


def test_output_to_a_terminal_is_coloured() -> None:
    """On a terminal there are colours, and lines are cut to its width."""
    out = in_a_terminal("list --family rectifiers", COLUMNS="60")
    widths = [len(re.sub(r"\x1b\[\d+(;\d+)*m", "", line)) for line in out.splitlines()]

    assert "\x1b[" in out
    assert max(widths) <= 60


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_colours_can_be_declined(variables: dict[str, str]) -> None:
    """NO_COLOR and dumb terminals get no colours."""
    assert "\x1b" not in in_a_terminal("show relu", **variables)


def test_a_closed_pipe_is_no_error() -> None:
    """`symacts list | head -1` ends quietly."""
    line = f"{shlex.quote(sys.executable)} -m symacts list | head -1"
    done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("id")


def test_the_module_is_the_command() -> None:
    """`python -m symacts` does what `symacts` does."""
    assert symacts_process("eval relu 2 --order 0").stdout == "x    f(x)\n2.0  2.0\n"


def test_exit_codes_reach_the_shell() -> None:
    """The process ends with the exit code of the command."""
    assert symacts_process("show geluu").returncode == 2


class Screen:
    """Stands in for standard error and remembers what is written."""

    def __init__(self, *, is_terminal: bool) -> None:
        self.text, self._is_terminal = "", is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


@pytest.mark.parametrize(
    ("is_terminal", "seconds", "shows"),
    [(True, 3.0, True), (True, 1.0, False), (False, 3.0, False)],
)
def test_progress_shows_on_long_work_at_a_terminal(
    *, is_terminal: bool, seconds: float, shows: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Progress appears after two seconds, on a terminal only, and leaves nothing behind."""
    screen, clock = Screen(is_terminal=is_terminal), [0.0]
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(terminal.time, "monotonic", lambda: clock[0])
    with terminal.Progress() as progress:
        clock[0] = seconds
        progress(3, 10, "gelu")
        assert ("3/10 gelu" in screen.text) is shows

    assert screen.text.endswith("\r\x1b[K") is shows
