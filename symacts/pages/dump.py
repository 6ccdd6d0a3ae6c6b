"""The pages as plain Markdown files, for any generator that is not MkDocs."""

import posixpath
import re
import shutil
from pathlib import Path

from symacts.pages.assembly import SitePages
from symacts.pages.slots import fill
from symacts.resources import resource

__all__ = ["write_markdown"]

# In HTML and in Markdown: href="sa:functions/gelu.md#code" and [GELU](sa:functions/gelu.md#code).
LINK = re.compile(r'(href="|\]\()sa:([^"#)]+)')


def write_markdown(site: SitePages, folder: Path) -> None:
    """Write the pages below *folder*, formulas and pictures in place, links relative.

    The hand-written pages and the assets are copied beside them, so that the folder is complete.
    """
    shutil.copytree(resource("templates", "docs"), folder, dirs_exist_ok=True)
    for uri, text in site.pages.items():
        path = folder / uri
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(relative_links(fill(text, site.slots), uri), encoding="utf-8", newline="\n")
    for uri, data in site.assets.items():
        path = folder / uri
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())


def relative_links(text: str, uri: str) -> str:
    """Return *text* with the addresses of other pages as seen from the page *uri*."""
    here = posixpath.dirname(uri)

    def relative(link: re.Match[str]) -> str:
        return link[1] + posixpath.relpath(link[2], here or ".")

    return LINK.sub(relative, text)
