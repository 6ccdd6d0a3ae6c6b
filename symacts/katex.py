"""TeX to HTML with KaTeX, when the site is built rather than when it is read.

KaTeX is JavaScript; a small engine inside of Python runs it.  The pages then need no script to show
a formula, and a mistake in a formula stops the build instead of reaching a reader.  Stylesheet
and fonts must come from the same release as the script, so all of them are vendored together.
"""

import json
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from symacts.cache import Cache
from symacts.errors import SymactsError
from symacts.resources import resource

__all__ = ["Formulas", "TexError", "render"]

# Everything that changes the output belongs in here, because it is part of the key of the cache.
OPTIONS = {
    "output": "htmlAndMathml",
    "throwOnError": True,
    "strict": "error",
    "trust": False,
    # Commands that load or link are printed in this colour instead of raising; see BRIDGE.
    "errorColor": "#e0e0e1",
}

# The engine cannot hand over a string that was put together from pieces, so all goes through JSON.
# The source of the formula is dropped from the MathML: the page has it in `data-tex`.
BRIDGE = r"""
(tex, options) => {
  try {
    const html = katex.renderToString(tex, JSON.parse(options));
    if (html.includes(JSON.parse(options).errorColor)) throw new Error("A command is not allowed");
    return JSON.stringify({
      html: html.replace(/<annotation encoding="application\/x-tex">[^<]*<\/annotation>/, "")
                .replace(/<\/?semantics>/g, ""),
    });
  } catch (error) {
    return JSON.stringify({error: String(error.rawMessage || error.message || error),
                           position: error.position === undefined ? null : error.position});
  }
}
"""


class TexError(SymactsError):
    """KaTeX does not accept a formula; the message quotes it and points at the place."""

    def __init__(self, tex: str, reason: str, position: int | None) -> None:
        """Keep the formula beside what is wrong with it."""
        super().__init__(_explanation(tex, reason, position))
        self.tex = tex
        self.reason = reason
        self.position = position


class Formulas:
    """Renders formulas, each distinct one once."""

    def __init__(self, cache: Cache | None = None, script: Path | None = None) -> None:
        """Keep results in *cache*; *script* is the KaTeX to run, by default the vendored one."""
        self._cache = cache or Cache(None)
        self._script = script or resource("templates", "docs", "assets", "katex", "katex.min.js")
        self._known: dict[tuple[str, bool], str] = {}
        self._run: Callable[[str, str], Any] | None = None
        self._release = ""

    def render(self, tex: str, display: bool = True) -> str:  # noqa: FBT001, FBT002  as in KaTeX
        """Return the HTML, with MathML for screen readers, that shows *tex*."""
        key = (tex, display)
        if key not in self._known:
            parts = (self._fingerprint(), BRIDGE, json.dumps(OPTIONS), str(display), tex)
            self._known[key] = self._cache.remember(
                "formulas", parts, lambda: self._made(tex, display=display)
            )
        return self._known[key]

    def _made(self, tex: str, *, display: bool) -> str:
        if self._run is None:
            self._run = _engine(self._script)
        answer = json.loads(self._run(tex, json.dumps({**OPTIONS, "displayMode": display})))
        if "error" in answer:
            raise TexError(tex, answer["error"], answer["position"])
        return str(answer["html"])

    def _fingerprint(self) -> str:
        """Return the hash of the script: HTML of one release looks wrong with another's styles."""
        if not self._release:
            self._release = sha256(self._script.read_bytes()).hexdigest()
        return self._release


def render(tex: str, display: bool = True) -> str:  # noqa: FBT001, FBT002  as in KaTeX
    """Return the HTML, with MathML for screen readers, that shows *tex*; nothing is kept on disk.

    >>> render("x^2", display=False).startswith('<span class="katex">')
    True
    """
    return _in_memory().render(tex, display)


@cache
def _in_memory() -> Formulas:
    return Formulas()


def _engine(script: Path) -> Callable[[str, str], Any]:
    """Start the JavaScript engine, load KaTeX into it and return the bridge."""
    import quickjs  # only here: most builds find every formula in the cache

    context = quickjs.Context()
    context.eval(script.read_text(encoding="utf-8"))
    bridge: Callable[[str, str], Any] = context.eval(BRIDGE)
    return bridge


def _explanation(tex: str, reason: str, position: int | None) -> str:
    """Return the reason, the formula, and a caret under the place where it goes wrong."""
    text = f"KaTeX cannot read this formula: {reason}\n  {tex}"
    if position is not None and "\n" not in tex:
        text += f"\n  {' ' * position}^"
    return text
