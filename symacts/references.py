"""The works that definitions, notes and facts cite: one `Reference` for each key of references.bib.

Nothing is parsed when this module is imported.  The file is read once, by pybtex, when the first
reference is asked for; text comes out in Unicode, and `bibtex` is the entry as it stands in the
file, to be copied into a paper.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import TYPE_CHECKING

from symacts.errors import UnknownName, nearest

if TYPE_CHECKING:
    from pybtex.database import Entry, Person

__all__ = ["Reference", "UnknownReference", "citations", "reference", "references"]

ENTRY = re.compile(r"^@\w+\{(?P<key>[^,\s]+),$.*?^\}$", re.MULTILINE | re.DOTALL)
CITATION = re.compile(r"\[(@[\w:-]+(?:\s*;\s*@[\w:-]+)*)\]")
VENUES = {
    "article": "{journal}",
    "book": "{publisher}",
    "incollection": "{booktitle}",
    "inproceedings": "{booktitle}",
    "misc": "{howpublished}",
    "phdthesis": "PhD thesis, {school}",
    "techreport": "{type} {number}, {institution}",
    "unpublished": "{note}",
}


class UnknownReference(UnknownName):
    """No entry of references.bib has the key that was asked for."""


@dataclass(frozen=True)
class Reference:
    """One work: who wrote it, what it is called, where it appeared and how to cite it."""

    key: str
    kind: str
    authors: tuple[str, ...]
    surnames: tuple[str, ...]
    title: str
    year: int
    venue: str
    published: str
    doi: str
    arxiv: str
    url: str
    bibtex: str

    @property
    def short(self) -> str:
        """The label of a citation in a sentence: `Hendrycks & Gimpel (2016)`."""
        if len(self.surnames) > 2:
            return f"{self.surnames[0]} et al. ({self.year})"
        return f"{' & '.join(self.surnames)} ({self.year})"

    @property
    def plain(self) -> str:
        """The whole reference as plain text, as a bibliography prints it."""
        *others, last = self.authors
        names = f"{', '.join(others)} and {last}" if others else last
        stop = "" if self.title.endswith(("?", "!")) else "."
        return f"{names.removesuffix('.')}. {self.title}{stop} {self.published}, {self.year}."

    @property
    def link(self) -> str:
        """The address to read it at: DOI, else URL, else arXiv, else an empty string."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        return self.url or (f"https://arxiv.org/abs/{self.arxiv}" if self.arxiv else "")


def reference(key: str) -> Reference:
    """Return the work with this key.

    Raises:
        UnknownReference: references.bib has no such key; the message lists the nearest ones.
    """
    known = references()
    if key not in known:
        raise UnknownReference(f"references.bib has no entry {key!r}{nearest(key, known)}")
    return known[key]


@cache
def references() -> Mapping[str, Reference]:
    """Return every work of references.bib by its key, in the order of the file."""
    from pybtex.database import parse_string

    text = files("symacts").joinpath("references.bib").read_text(encoding="utf-8")
    sources = {match["key"]: match[0] for match in ENTRY.finditer(text)}
    entries = parse_string(text, "bibtex").entries
    return MappingProxyType(
        {key: _reference(key, entry, sources[key]) for key, entry in entries.items()}
    )


def citations(text: str) -> tuple[str, ...]:
    """Return the keys that `[@key]` and `[@one; @two]` in a text cite, each once, in order."""
    marks = (mark for group in CITATION.findall(text) for mark in group.split(";"))
    return tuple(dict.fromkeys(mark.strip().removeprefix("@") for mark in marks))


def _reference(key: str, entry: "Entry", source: str) -> Reference:
    people = entry.persons.get("author") or entry.persons["editor"]
    fields = {name.lower(): _unicode(value) for name, value in entry.fields.items()}
    venue = VENUES[entry.type].format_map(fields)
    return Reference(
        key=key,
        kind=entry.type,
        authors=tuple(_full_name(person) for person in people),
        surnames=tuple(_surname(person) for person in people),
        title=fields["title"],
        year=int(fields["year"]),
        venue=venue,
        published=_published(entry.type, venue, fields),
        # Identifiers are taken as they stand: an underscore in them is no LaTeX.
        doi=entry.fields.get("doi", ""),
        arxiv=entry.fields.get("eprint", ""),
        url=entry.fields.get("url", ""),
        bibtex=source,
    )


def _full_name(person: "Person") -> str:
    return _unicode(" ".join(person.first_names + person.middle_names)) + " " + _surname(person)


def _surname(person: "Person") -> str:
    return _unicode(" ".join(person.prelast_names + person.last_names + person.lineage_names))


def _published(kind: str, venue: str, fields: Mapping[str, str]) -> str:
    """Return what stands between the title and the year: venue, volume and pages."""
    if kind == "article":
        number = f"({fields['number']})" if "number" in fields else ""
        return f"{venue}, {fields['volume']}{number}:{fields['pages']}"
    if kind not in {"inproceedings", "incollection"}:
        return venue
    series = f"volume {fields['volume']} of {fields['series']}" if "volume" in fields else ""
    pages = f"pages {fields['pages']}" if "pages" in fields else ""
    parts = (f"In {venue}", series, pages, fields.get("publisher", ""))
    return ", ".join(part for part in parts if part)


def _unicode(latex: str) -> str:
    """Return LaTeX text as Unicode: accents as letters, braces gone, dashes as dashes."""
    from pybtex.richtext import Text

    return str(Text.from_latex(latex))
