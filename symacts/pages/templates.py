"""The Jinja environment: templates arrange what Python has decided."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from symacts.pages.prose import Prose
from symacts.resources import resource

__all__ = ["render"]


def render(name: str, prose: Prose, **values: Any) -> str:
    """Return the Markdown of one page: the template filled in, formulas and citations resolved."""
    text = _environment().get_template(name).render(**_callables(prose), **values)
    return prose.markdown(text)


@cache
def _environment() -> Environment:
    # Markdown and TeX are not HTML, so nothing is escaped here; what needs it is escaped in Python.
    return Environment(
        loader=FileSystemLoader(resource("templates", "pages")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  see above
        keep_trailing_newline=True,
    )


def _callables(prose: Prose) -> Mapping[str, Any]:
    """Return what templates may call; each belongs to the page at hand."""
    return {
        "inline": prose.inline,
        "typeset": prose.typeset,
        "formula": prose.formula,
        "figure": prose.figure,
        "thumbnail": prose.thumbnail,
        "picture": prose.slots.span,
    }
