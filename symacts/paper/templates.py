"""The Jinja environment of LaTeX templates: `<< value >>`, `<% statement %>`, `<# comment #>`."""

from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from symacts.paper.markup import inline, paragraphs, plain
from symacts.resources import resource

__all__ = ["render"]


def render(name: str, **values: Any) -> str:
    """Return the template of this name filled in."""
    return _environment().get_template(name).render(**values)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(resource("templates", "paper")),
        undefined=StrictUndefined,
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701  LaTeX is no HTML; the filters below escape text
        keep_trailing_newline=True,
    )
    environment.filters |= {"tex": plain, "prose": inline, "paragraphs": paragraphs}
    return environment
