"""Slots keep heavy HTML out of Markdown: a page holds an empty element, the HTML comes in later.

Markdown and the search index would spend most of their time on formulas and pictures.  So a page
carries `<span data-sa="KEY"></span>`, and whoever publishes the page replaces it at the very end.
"""

import re
from hashlib import sha256

__all__ = ["Slots", "fill"]

SLOT = re.compile(r'<(span|div) data-sa="([0-9a-f]+)"></\1>')


class Slots:
    """Collects the HTML of a page; a key depends on nothing but the HTML itself."""

    def __init__(self) -> None:
        """Start with no slot filled."""
        self.html: dict[str, str] = {}

    def span(self, html: str) -> str:
        """Keep inline HTML and return the element that stands for it."""
        return f'<span data-sa="{self._keep(html)}"></span>'

    def div(self, html: str) -> str:
        """Keep a block of HTML and return the element that stands for it."""
        return f'<div data-sa="{self._keep(html)}"></div>'

    def _keep(self, html: str) -> str:
        key = sha256(html.encode()).hexdigest()[:16]
        self.html[key] = html
        return key


def fill(text: str, slots: dict[str, str]) -> str:
    """Return *text* with each slot replaced by what belongs there."""
    return SLOT.sub(lambda slot: slots[slot[2]], text)
