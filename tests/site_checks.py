"""Reads a built site and says what is wrong with it: links, ids, external loads, sizes."""

import gzip
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from symacts.resources import resource

# What makes a browser fetch something, apart from links that a reader follows.
LOADING = {"script", "img", "iframe", "source", "video", "audio", "embed", "object", "use", "image"}
LOADING_RELATIONS = {"stylesheet", "icon", "preload", "prefetch", "preconnect", "modulepreload"}
CSS_LOAD = re.compile(r"""url\(\s*["']?(?P<url>[^"')]+)|@import\s+["'](?P<sheet>[^"']+)""")
# Written in absolute form because the server shows it under any address.
NOT_FOUND = "404.html"


@dataclass
class Document:
    """What one page of HTML defines, links to and loads."""

    ids: set[str] = field(default_factory=set)
    repeated: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    slots: int = 0


class Reader(HTMLParser):
    """Fills a `Document` from HTML."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.document = Document()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        if identity := known.get("id"):
            (self.document.repeated if identity in self.document.ids else []).append(identity)
            self.document.ids.add(identity)
        if "data-sa" in known:
            self.document.slots += 1
        for name in ("href", "src", "xlink:href"):
            if name in known:
                self._follow(tag, known, known[name])
        if "style" in known:
            self.document.loads += loads_of_css(known["style"])

    def _follow(self, tag: str, known: dict[str, str], address: str) -> None:
        relations = set(known.get("rel", "").split())
        if tag in LOADING or (tag == "link" and relations & LOADING_RELATIONS):
            self.document.loads.append(address)
        elif tag != "link":
            self.document.links.append(address)


def loads_of_css(text: str) -> list[str]:
    """Return the addresses that a stylesheet loads."""
    return [match["url"] or match["sheet"] for match in CSS_LOAD.finditer(text)]


class BuiltSite:
    """The HTML pages of a folder, each read once."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.documents = {path: read(path) for path in sorted(self.root.rglob("*.html"))}

    def broken_links(self) -> list[str]:
        """Return every link and load within the site that leads nowhere."""
        return [
            f"{path.relative_to(self.root)}: {address}"
            for path, document in self.documents.items()
            if path.name != NOT_FOUND
            for address in document.links + document.loads
            if not self._resolves(path, address)
        ]

    def external_loads(self) -> list[str]:
        """Return everything that a browser would fetch from elsewhere."""
        found = [
            f"{path.relative_to(self.root)}: {address}"
            for path, document in self.documents.items()
            for address in document.loads
            if is_external(address)
        ]
        for sheet in sorted(self.root.rglob("*.css")):
            loads = loads_of_css(sheet.read_text("utf-8"))
            found += [
                f"{sheet.relative_to(self.root)}: {load}" for load in loads if is_external(load)
            ]
        return found

    def broken_styles(self) -> list[str]:
        """Return the files that a stylesheet names and the site lacks."""
        return [
            f"{sheet.relative_to(self.root)}: {address}"
            for sheet in sorted(self.root.rglob("*.css"))
            for address in loads_of_css(sheet.read_text("utf-8"))
            if not urlsplit(address).scheme and not (sheet.parent / unquote(address)).is_file()
        ]

    def repeated_ids(self) -> list[str]:
        """Return the ids that a page uses more than once."""
        return [
            f"{path.relative_to(self.root)}: {identity}"
            for path, document in self.documents.items()
            for identity in document.repeated
        ]

    def unfilled_slots(self) -> list[str]:
        """Return the pages in which a formula or a picture is missing."""
        return [
            str(path.relative_to(self.root))
            for path, document in self.documents.items()
            if document.slots
        ]

    def sizes(self, folder: str) -> dict[str, tuple[int, int]]:
        """Return the bytes of each page in a folder, as it is and compressed."""
        pages = {
            path.name: path.read_bytes() for path in sorted((self.root / folder).glob("*.html"))
        }
        return {name: (len(data), len(gzip.compress(data, 6))) for name, data in pages.items()}

    def _resolves(self, source: Path, address: str) -> bool:
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            return parts.scheme != "sa"
        target = (source.parent / unquote(parts.path)).resolve() if parts.path else source
        if target.is_dir():
            target /= "index.html"
        if not target.is_file():
            return False
        document = self.documents.get(target)
        return not parts.fragment or document is None or unquote(parts.fragment) in document.ids


def read(path: Path) -> Document:
    """Return what the page at *path* defines, links to and loads."""
    reader = Reader()
    reader.feed(path.read_text("utf-8"))
    return reader.document


def is_external(address: str) -> bool:
    """Tell whether a browser would ask another machine for this address."""
    parts = urlsplit(address)
    return bool(parts.netloc) or parts.scheme in {"http", "https", "ftp", "ws", "wss"}


def site_project(folder: Path) -> Path:
    """Write a `mkdocs.yml` for the real site with cache and output in *folder*."""
    config = folder / "mkdocs.yml"
    config.write_text(
        f"INHERIT: {resource('mkdocs.yml')}\n"
        f"docs_dir: {resource('templates', 'docs')}\n"
        f"theme: {{custom_dir: {resource('templates', 'theme')}}}\n",
        "utf-8",
    )
    return config
