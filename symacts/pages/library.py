"""All members of a site together: cards, families, references, and what one page says of others."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from html import escape
from typing import Any

from symacts import figures, measured
from symacts.activation import Activation
from symacts.cache import Cache
from symacts.catalogue import families
from symacts.frameworks import frameworks
from symacts.pages import accuracy, ideas
from symacts.pages.artefacts import code_version, key_of
from symacts.references import Reference, citations, reference

__all__ = ["Library", "cite", "work"]

Model = dict[str, Any]


class Library:
    """The members of a site with their models, in reading order."""

    def __init__(
        self, acts: Sequence[Activation], models: Mapping[str, Model], cache: Cache
    ) -> None:
        """Keep the members and group them into the families that have any."""
        self.acts = {act.id: act for act in acts}
        self.models = models
        self.cache = cache
        self.families = [
            {
                "id": family.id,
                "title": family.title,
                "introduction": family.introduction,
                "members": [act.id for act in family.members if act.id in self.acts],
            }
            for family in families.values()
        ]
        self.families = [family for family in self.families if family["members"]]
        self._family_of = {
            act_id: family for family in self.families for act_id in family["members"]
        }

    def page(self, act_id: str) -> Model:
        """Return what the template of a function's page needs."""
        model, family = self.models[act_id], self._family_of[act_id]
        return {
            "m": model,
            "idea": ideas.link_of,
            "family": family,
            "siblings": self.cards(other for other in family["members"] if other != act_id),
            "relations": self._relations(act_id),
            "frameworks": self._frameworks(act_id),
            "references": [work(key) for key in self.cited_by(act_id)],
            "errors": accuracy.brief(measured.accuracy(), act_id),
        }

    def cards(self, ids: Iterable[str]) -> list[Model]:
        """Return what the gallery shows of members."""
        return [self._card(self.models[act_id]) for act_id in ids]

    def cited_by(self, act_id: str) -> list[str]:
        """Return the keys of all works that a member's page cites, the defining one first."""
        model = self.models[act_id]
        said = json.dumps([model["notes"], model["facts"], model["pros"], model["cons"]])
        return list(dict.fromkeys([*model["references"], *citations(said)]))

    def link(self, act_id: str) -> str:
        """Return a member's title, as a link if the site has its page."""
        if act_id not in self.models:
            return act_id
        return f'<a href="sa:functions/{act_id}.md">{self.models[act_id]["title"]}</a>'

    def comparisons(self, ids: Sequence[str]) -> list[Model]:
        """Return pictures of members side by side, their values and their slopes."""
        if len(ids) < 2:
            return []
        acts = [self.acts[act_id] for act_id in ids]
        parts = [part for act in acts for part in key_of(act)]
        pictures = []
        for order, caption in ((0, "The functions."), (1, "Their slopes.")):
            picture = self.cache.remember(
                "picture",
                ("comparison", str(order), *parts),
                partial(figures.comparison_svg, acts, order, prefix=f"compare{order}-"),
            )
            pictures.append({"svg": picture, "caption": caption})
        return pictures

    def introduction_figures(self) -> dict[str, str]:
        """Return the pictures of the introduction by name."""
        text = self.cache.remember(
            "picture",
            ("introduction", code_version()),
            lambda: json.dumps(figures.introduction_figures()),
        )
        found: dict[str, str] = json.loads(text)
        return found

    def _card(self, model: Model) -> Model:
        names = (model["id"], model["title"], model["long_title"], *model["aliases"])
        return {
            "id": model["id"],
            "title": model["title"],
            "words": " ".join(name for name in names if name).lower(),
            "family": model["family"],
            "family_title": self._family_of[model["id"]]["title"],
            "tags": [tag.replace(" ", "-") for tag in model["tags"]],
            "thumbnail": model["figures"]["thumbnail"],
            "summary": model["summary"],
        }

    def _relations(self, act_id: str) -> list[Model]:
        found = self.models[act_id]["relations"]
        return [{**one, "title": self.models[one["other"]]["title"]} for one in found]

    def _frameworks(self, act_id: str) -> list[Model]:
        known = frameworks()
        return [
            {"framework": known[key].title, "call": _breakable(name.call), "note": name.note}
            for key, name in self.acts[act_id].frameworks.items()
        ]


def work(key: str) -> Model:
    """Return what a list of references shows of one work."""
    found: Reference = reference(key)
    return {
        "key": key,
        "short": found.short,
        "text": found.plain,
        "link": found.link,
        "link_label": _link_label(found),
        "bibtex": found.bibtex,
    }


def cite(key: str) -> tuple[str, str]:
    """Return the label of a citation in a sentence, and where it leads."""
    found = reference(key)
    names = found.short.removesuffix(f" ({found.year})")
    return f"{names}, {found.year}", f"sa:bibliography.md#{key}"


def _breakable(call: str) -> str:
    """Return a dotted name as HTML that may be broken after its dots only."""
    return re.sub(r"(\.|::|\()", r"\1<wbr>", escape(call, quote=False))


def _link_label(found: Reference) -> str:
    if found.doi:
        return f"doi:{found.doi}"
    return f"arXiv:{found.arxiv}" if found.arxiv else "online"
