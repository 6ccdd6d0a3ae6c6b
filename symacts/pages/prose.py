"""Prose with formulas and citations: `$x^2$`, `$$...$$` and `[@key]` become what a page shows.

Notes, facts and templates are written with these marks only.  `Prose` belongs to one page: it
typesets the formulas into the page's slots and turns citations into links that hold from there.
"""

import re
from collections.abc import Callable
from html import escape

from symacts.pages.lightmath import light
from symacts.pages.slots import Slots

__all__ = ["Prose"]

TOKENS = re.compile(
    r"""
    (?P<verbatim> ^(?P<indent>[ ]*)(?P<ticks>`{3,}).*?^[ ]*(?P=ticks)[ ]*$   # a fenced block
                | `[^`\n]+`                                              # code in a sentence
                | <pre\b.*?</pre> )
  | \$\$(?P<display>.+?)\$\$
  | \$(?P<inline>[^$\n]+(?:\n[^$\n]+)?)\$
  | \[(?P<cites>@[\w:-]+(?:\s*;\s*@[\w:-]+)*)\]
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
CODE = re.compile(r"`([^`]+)`")
EMPHASIS = re.compile(r"\*([^*]+)\*")
STRONG = re.compile(r"\*\*([^*]+)\*\*")


class Prose:
    """Turns marked-up text into Markdown or HTML for one page."""

    def __init__(
        self,
        slots: Slots,
        render: Callable[[str, bool], str],
        cite: Callable[[str], tuple[str, str]],
    ) -> None:
        """Use *render* for formulas; *cite* gives the label and the address of a reference."""
        self.slots = slots
        self.render = render
        self.cite = cite

    def markdown(self, text: str) -> str:
        """Return Markdown with formulas as slots and citations as links; code is left alone."""
        return TOKENS.sub(self._replace, text)

    def inline(self, text: str) -> str:
        """Return a sentence as HTML, for places that Markdown does not reach."""
        return self.markdown(_emphasis(text))

    def formula(self, tex: str, label: str) -> str:
        """Return a formula block that can be copied as LaTeX; *label* says what it shows."""
        tag = f'<div class="sa-formula" data-tex="{escape(tex)}" data-label="{escape(label)}">'
        return self.slots.div(f"{tag}{self.render(tex, True)}</div>")

    def figure(self, svg: str, caption: str, kind: str = "") -> str:
        """Return a picture with its caption."""
        names = f"sa-figure {kind}".rstrip()
        words = self.inline(caption)
        picture = self.slots.span(svg)
        return f'<figure class="{names}">{picture}<figcaption>{words}</figcaption></figure>'

    def thumbnail(self, svg: str) -> str:
        """Return the small picture of a gallery card."""
        return f'<span class="sa-spark">{self.slots.span(svg)}</span>'

    def math(self, tex: str) -> str:
        """Return a formula that stands in a sentence, as plain HTML if it is small."""
        return light(tex) or self.typeset(tex)

    def typeset(self, tex: str) -> str:
        """Return a formula that stands in a sentence, always typeset."""
        return self.slots.span(self.render(tex, False))

    def display(self, tex: str) -> str:
        """Return a formula that stands on a line of its own."""
        return self.slots.div(self.render(tex, True))

    def _replace(self, token: re.Match[str]) -> str:
        if token["verbatim"] is not None:
            return token[0]
        if token["display"] is not None:
            return self.display(token["display"].strip())
        if token["inline"] is not None:
            return self.math(token["inline"])
        keys = [key.strip().removeprefix("@") for key in token["cites"].split(";")]
        return f"[{'; '.join(self._link(key) for key in keys)}]"

    def _link(self, key: str) -> str:
        label, address = self.cite(key)
        return f'<a class="sa-cite" href="{address}">{escape(label, quote=False)}</a>'


def _emphasis(text: str) -> str:
    """Return the text with code, strong and emphasis as HTML, formulas untouched."""
    parts = re.split(r"(\$[^$]+\$)", text)
    for index in range(0, len(parts), 2):
        part = CODE.sub(lambda code: f"<code>{escape(code[1], quote=False)}</code>", parts[index])
        part = STRONG.sub(r"<strong>\1</strong>", part)
        parts[index] = EMPHASIS.sub(r"<em>\1</em>", part)
    return "".join(parts)
