"""The handbook: the whole catalogue, or a part of it, as one LaTeX document with a bibliography."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import symacts
from symacts.activation import Activation, Parameter
from symacts.catalogue import Family, catalogue, families
from symacts.paper.equations import equations, where
from symacts.paper.markup import inline, paragraphs, plain
from symacts.paper.pgfplots import cover, picture
from symacts.paper.properties import properties, range_of
from symacts.paper.templates import render
from symacts.references import reference
from symacts.typeset import formula_of, number, symbol
from symacts.typeset.measure import width

__all__ = ["Document", "document"]

# Letters in a line of the handbook, and how many of them a formula of an overview may take.
LINE = 74.0
OVERVIEW = 42.0
CITATION = re.compile(r"\\cite[tp]\{([^}]+)\}")


@dataclass(frozen=True)
class Document:
    """A LaTeX document and the bibliography that it cites, both complete files."""

    tex: str
    bib: str


def document(acts: "Iterable[Activation] | None" = None, *, bib: str = "symacts") -> Document:
    """Return a handbook of the activations, or of the whole catalogue.

    Args:
        bib: the name, without `.bib`, under which the bibliography will be saved beside it.
    """
    chosen = list(catalogue.values()) if acts is None else list(acts)
    chapters = [_chapter(family, members) for family, members in _by_family(chosen)]
    tex = render(
        "document.tex.j2",
        bib=bib,
        chapters=chapters,
        count=len(chosen),
        cover=cover(),
        index=_index(chosen),
        notation=_notation(),
        version=symacts.__version__,
    )
    return Document(tex, _bibliography(tex))


def _by_family(chosen: Sequence[Activation]) -> list[tuple[Family | None, list[Activation]]]:
    """Return the families in reading order with the chosen members; others come last."""
    groups: list[tuple[Family | None, list[Activation]]] = []
    rest = list(chosen)
    for family in families.values():
        members = [act for act in family.members if act in rest]
        if members:
            groups.append((family, members))
            rest = [act for act in rest if act not in members]
    return [*groups, (None, rest)] if rest else groups


def _chapter(family: Family | None, members: Sequence[Activation]) -> dict[str, Any]:
    return {
        "title": plain(family.title if family else "Other functions"),
        "introduction": paragraphs(family.introduction) if family else "",
        "overview": [_overview(act) for act in members],
        "comparison": _comparison(members),
        "sections": [_section(act) for act in members],
    }


def _comparison(members: Sequence[Activation]) -> str:
    """Return a picture of the members together, where they are functions of one number."""
    scalars = [act for act in members if act.kind == "scalar"]
    return picture(scalars, (0,), width=r"0.85\linewidth", height="7.5cm") if scalars[1:] else ""


def _overview(act: Activation) -> dict[str, str]:
    rhs = formula_of(act).rhs
    return {
        "title": plain(act.title),
        "label": act.id,
        "formula": rf"$\displaystyle {rhs}$" if width(rhs) <= OVERVIEW else "see below",
        "range": range_of(act),
    }


def _section(act: Activation) -> dict[str, Any]:
    return {
        "title": plain(act.title),
        "label": act.id,
        "id": plain(act.id),
        "long_title": plain(act.long_title),
        "aliases": plain(", ".join(act.aliases)),
        "summary": inline(act.summary),
        "notes": paragraphs(act.notes),
        "equations": equations(act, 1 if act.kind == "gate" else 2, LINE, params=True),
        "params": [_parameter(p) for p in act.params.values()],
        "picture": picture([act], width=r"\linewidth", height="5.2cm"),
        "caption": _caption(act),
        "properties": properties(act),
        "pros": [(inline(v.sentence), inline(v.because)) for v in act.pros],
        "cons": [(inline(v.sentence), inline(v.because)) for v in act.cons],
        "references": ",".join(act.references),
    }


def _parameter(p: Parameter) -> dict[str, str]:
    return {
        "condition": f"${symbol(p.symbol)} {p.domain.condition_latex}$",
        "default": f"${symbol(p.symbol)} = {number(p.default, inline=True)}$",
        "meaning": inline(p.meaning.removesuffix(".")),
    }


def _caption(act: Activation) -> str:
    """Return what the picture of a member without a single input and output shows."""
    if act.kind == "vector":
        return r"The outputs for the scores $(x_1, 2, 5)$."
    if act.kind == "gate":
        a, b = act.inputs
        return f"Its values over ${a}$, for three values of ${b}$."
    return ""


def _notation() -> str:
    """Return the letters that mean the same on every page."""
    found = {
        piece: None
        for act in catalogue.values()
        for order in (0, 1, 2)
        if act.kind != "vector" or order < 2
        for piece in formula_of(act, order).common
    }
    return where(found).removeprefix("where ")


def _index(acts: Sequence[Activation]) -> list[tuple[str, str]]:
    """Return every name and alias with the label of its section, in alphabetical order."""
    names = {
        (name, act.id) for act in acts for name in (act.title, act.long_title, *act.aliases) if name
    }
    return [(plain(name), label) for name, label in sorted(names, key=_alphabetical)]


def _alphabetical(entry: tuple[str, str]) -> tuple[str, str, str]:
    name, label = entry
    return (name.casefold(), name, label)


def _bibliography(tex: str) -> str:
    """Return the entries of references.bib that the document cites."""
    cited = {key for group in CITATION.findall(tex) for key in group.split(",")}
    return "\n\n".join(reference(key).bibtex for key in sorted(cited)) + "\n"
