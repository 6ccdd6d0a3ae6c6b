"""The bibliography: complete, unique, and every citation in the project leads into it."""

import re
import shutil
import subprocess
import sys
import unicodedata
from importlib.resources import files
from pathlib import Path

import pytest
from pybtex.database import parse_string

import symacts
from symacts.references import UnknownReference, citations, reference, references

REQUIRED = {
    "article": {"journal", "volume", "pages"},
    "book": {"publisher"},
    "incollection": {"booktitle", "publisher"},
    "inproceedings": {"booktitle"},
    "misc": {"howpublished"},
    "phdthesis": {"school"},
    "techreport": {"institution", "type", "number"},
    "unpublished": {"note"},
}
TEXT = files("symacts").joinpath("references.bib").read_text(encoding="utf-8")
TEMPLATES = Path(__file__).parent.parent / "templates"

each = pytest.mark.parametrize("key", references())


def plain_letters(name: str) -> str:
    """Return a surname as it appears in a key: small letters, no accents."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isascii() and letter.isalpha())


@each
def test_entry_has_the_fields_of_its_kind(key: str) -> None:
    """An entry names its people, title and year, and what its kind of work is found by."""
    ref = reference(key)
    fields = parse_string(ref.bibtex, "bibtex").entries[key].fields

    assert ref.kind in REQUIRED, f"{key}: say in REQUIRED what a @{ref.kind} has to have"
    missing = REQUIRED[ref.kind] - set(fields)
    assert not missing, f"{key} lacks {', '.join(sorted(missing))}, which a @{ref.kind} has to have"
    assert all(" " in name for name in ref.authors), f"{key}: write given names too: {ref.authors}"
    assert 1600 < ref.year < 2100


@each
def test_key_names_the_first_author_and_the_year_it_became_public(key: str) -> None:
    """A key is surname, year and a word; the published version may be some years younger."""
    ref = reference(key)
    surname = plain_letters(ref.surnames[0])
    match = re.fullmatch(rf"{surname}(\d{{4}})[a-z0-9]*", key)

    assert match, f"{key} should begin with {surname} and a year, and end with one small word"
    assert 0 <= ref.year - int(match[1]) <= 5, f"{key} says {match[1]}, its entry {ref.year}"


@each
def test_identifiers_are_bare_and_well_formed(key: str) -> None:
    """A DOI or an arXiv number stands without its resolver, and a preprint shows its number."""
    ref = reference(key)

    assert re.fullmatch(r"(10\.\d{4,9}/\S+)?", ref.doi), f"{key}: {ref.doi!r} is not a bare DOI"
    assert re.fullmatch(r"(\d{4}\.\d{4,5})?", ref.arxiv), f"{key}: {ref.arxiv!r} is no arXiv number"
    assert ref.url == "" or ref.url.startswith(("https://", "http://"))
    if ref.kind == "misc" and ref.arxiv:
        assert ref.venue == f"arXiv:{ref.arxiv}"


@each
def test_text_is_unicode(key: str) -> None:
    """Nothing of LaTeX is left in what a page prints: no braces, no backslashes."""
    ref = reference(key)
    printed = (*ref.authors, ref.title, ref.venue, ref.plain, ref.short)

    assert not [text for text in printed if re.search(r"[{}\\~]|--", text)]
    assert ref.plain.endswith(f"{ref.year}.")


def test_entries_stand_in_the_order_of_their_keys() -> None:
    """The file is sorted, so that an entry is found and a duplicate is seen."""
    keys = re.findall(r"^@\w+\{([^,]+),", TEXT, re.MULTILINE)

    assert sorted(keys) == keys
    assert list(references()) == keys


@pytest.mark.parametrize("field", ["title", "doi", "arxiv"])
def test_no_work_is_entered_twice(field: str) -> None:
    """Titles, DOIs and arXiv numbers are unique."""
    values = [getattr(ref, field).casefold() for ref in references().values()]
    values = [value for value in values if value]

    assert sorted(set(values)) == sorted(values)


@pytest.mark.skipif(shutil.which("bibtex") is None, reason="needs bibtex")
@pytest.mark.parametrize("style", ["plain", "plainnat"])
def test_bibtex_reads_the_file_without_a_warning(style: str, tmp_path: Path) -> None:
    """The file can be used in a paper as it stands, with the plain and the natbib style."""
    (tmp_path / "references.bib").write_text(TEXT, encoding="utf-8")
    (tmp_path / "paper.aux").write_text(
        f"\\relax\n\\citation{{*}}\n\\bibstyle{{{style}}}\n\\bibdata{{references}}\n",
        encoding="utf-8",
    )

    command = ["bibtex", "paper"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout
    assert "Warning" not in run.stdout, run.stdout


@pytest.mark.parametrize(
    ("key", "short"),
    [
        ("misra2019mish", "Misra (2020)"),
        ("hendrycks2016gelu", "Hendrycks & Gimpel (2016)"),
        ("klambauer2017selu", "Klambauer et al. (2017)"),
        ("olver2010dlmf", "Olver et al. (2010)"),
        ("kunc2024survey", "Kunc & Kléma (2024)"),
    ],
)
def test_short_form_names_up_to_two_people(key: str, short: str) -> None:
    """The label has one name, two names or the first with et al.; editors stand in for authors."""
    assert short == reference(key).short


PLAIN = {
    "hendrycks2016gelu": """
        Dan Hendrycks and Kevin Gimpel. Gaussian Error Linear Units (GELUs). arXiv:1606.08415, 2016.
    """,
    "duch1999survey": """
        Włodzisław Duch and Norbert Jankowski. Survey of neural transfer functions.
        Neural Computing Surveys, 2:163–212, 1999.
    """,
    "jarrett2009abs": """
        Kevin Jarrett, Koray Kavukcuoglu, Marc'Aurelio Ranzato and Yann LeCun. What is the best
        multi-stage architecture for object recognition? In Proceedings of the 12th IEEE
        International Conference on Computer Vision, pages 2146–2153, 2009.
    """,
    "lecun1998efficient": """
        Yann LeCun, Léon Bottou, Genevieve B. Orr and Klaus-Robert Müller. Efficient BackProp.
        In Neural Networks: Tricks of the Trade, volume 1524 of Lecture Notes in Computer Science,
        pages 9–50, Springer, 1998.
    """,
    "collobert2004hardtanh": """
        Ronan Collobert. Large Scale Machine Learning. PhD thesis, Université Paris VI, 2004.
    """,
}


@pytest.mark.parametrize("key", PLAIN)
def test_plain_form_is_a_whole_reference(key: str) -> None:
    """The plain form reads as in a bibliography, with its accents as letters."""
    assert " ".join(PLAIN[key].split()) == reference(key).plain


@pytest.mark.parametrize(
    ("key", "link"),
    [
        ("elfwing2017silu", "https://doi.org/10.1016/j.neunet.2017.12.012"),
        ("martins2016sparsemax", "https://proceedings.mlr.press/v48/martins16.html"),
        ("clevert2015elu", "https://arxiv.org/abs/1511.07289"),
        ("maas2013leaky", ""),
    ],
)
def test_link_prefers_the_published_version(key: str, link: str) -> None:
    """A DOI comes before a publisher's page, that before arXiv; there may be none."""
    assert link == reference(key).link


def test_bibtex_is_the_entry_as_it_stands_in_the_file() -> None:
    """What is offered for copying is the source text of the entry, whole and alone."""
    bibtex = reference("misra2019mish").bibtex

    assert bibtex in TEXT
    assert bibtex.startswith("@inproceedings{misra2019mish,")
    assert bibtex.endswith("}")
    assert bibtex.count("@") == 1


def test_unknown_key_is_an_error_that_names_the_nearest() -> None:
    """A misspelt key raises an error of symacts that is a KeyError and suggests the right one."""
    with pytest.raises(UnknownReference, match="did you mean hendrycks2016gelu") as caught:
        reference("hendricks2016")

    assert isinstance(caught.value, symacts.SymactsError)
    assert isinstance(caught.value, KeyError)


def test_references_cannot_be_changed() -> None:
    """The mapping is read-only, since everyone shares it."""
    with pytest.raises(TypeError):
        references()["new"] = reference("misra2019mish")  # type: ignore[index]


def test_importing_symacts_parses_no_bibliography() -> None:
    """The parser is imported when the first reference is asked for, not before."""
    code = "import sys, symacts, symacts.references; sys.exit('pybtex' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("nothing cited, me@example.org", ()),
        ("first [@one2000a], then [@two2001b; @one2000a].", ("one2000a", "two2001b")),
    ],
)
def test_citations_are_found_in_text(text: str, keys: tuple[str, ...]) -> None:
    """Keys come out once each, in the order of the text."""
    assert keys == citations(text)


@pytest.mark.parametrize("act", symacts.catalogue.values(), ids=lambda act: act.id)
def test_member_cites_works_that_exist(act: symacts.Activation) -> None:
    """Every member names at least one work, and what it and its notes cite is in the file."""
    cited = [*act.references, *citations(act.notes)]
    unknown = [key for key in cited if key not in references()]

    assert act.references, f"{act.id} cites nothing; name the work that defines it"
    assert not unknown, (
        f"{act.id} ({':'.join(map(str, act.source))}) cites {', '.join(unknown)}, "
        "which references.bib does not have. Add it, or fix the key."
    )


@pytest.mark.parametrize("family", symacts.families.values(), ids=lambda family: family.id)
def test_family_cites_works_that_exist(family: symacts.Family) -> None:
    """What a family's introduction cites is in the file."""
    assert set(citations(family.introduction)) <= set(references())


@pytest.mark.parametrize(
    "page",
    sorted(TEMPLATES.rglob("*.md*")),
    ids=lambda page: page.relative_to(TEMPLATES).as_posix(),
)
def test_page_cites_works_that_exist(page: Path) -> None:
    """What a hand-written page or a template cites is in the file."""
    unknown = set(citations(page.read_text(encoding="utf-8"))) - set(references()) - {"key"}

    assert not unknown, f"{page.name} cites {', '.join(sorted(unknown))}: not in references.bib"
